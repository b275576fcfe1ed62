//! JSON Patch (<https://www.rfc-editor.org/rfc/rfc6902>) on a resource, in place: what a patch does
//! not name keeps its bytes, so `107.50` stays `107.50`.

mod pointer;

use std::collections::BTreeSet;

use crate::document::{Document, Kind, Limits, Node, parse};
use crate::outcome::{Issue, IssueCode};
use crate::splice::{Edit, Edits, remove};
use pointer::{Pointer, Step};

/// The most operations of one patch.
const MOST: usize = 1_000;

/// Why a patch was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatchError {
    /// It cannot be understood, or does not fit the resource.
    Wrong(Issue),
    /// A `test` found something else.
    TestFailed(Issue),
}

/// Makes every operation of a patch in turn, or none.
///
/// # Errors
/// [`PatchError`] names the operation by its place.
pub fn patch(resource: &[u8], patch: &[u8]) -> Result<Vec<u8>, PatchError> {
    let wrapped = [br#"{"resourceType":"Basic","patch":"#, patch, b"}"].concat();
    let document = parse(&wrapped, &Limits::default()).map_err(|issue| {
        let details = format!("the patch cannot be read: {}", issue.details);
        PatchError::Wrong(Issue::error(IssueCode::Structure, details))
    })?;
    let list = document.get_list("patch");
    let operations = list.ok_or_else(|| wrong(0, "a patch is a list of operations"))?;
    let mut bytes = resource.to_vec();
    for (place, operation) in operations.children().enumerate() {
        if place == MOST {
            return Err(wrong(place, "a patch has at most 1,000 operations"));
        }
        bytes = apply(&bytes, operation, place)?;
    }
    Ok(bytes)
}

impl Document<'_> {
    fn get_list(&self, name: &str) -> Option<Node<'_>> {
        let member = self.root().member(name)?;
        (member.kind() == Kind::Array).then_some(member)
    }
}

fn apply(bytes: &[u8], operation: Node<'_>, place: usize) -> Result<Vec<u8>, PatchError> {
    let text = |name: &str| operation.member(name).and_then(|node| node.as_str());
    let pointer = |name: &str| {
        let path = text(name).and_then(|path| Pointer::parse(&path));
        path.ok_or_else(|| {
            wrong(
                place,
                "path and from are JSON pointers such as /name/0/family",
            )
        })
    };
    let value = || {
        let value = operation.member("value");
        let value = value.map(|node| node.raw().as_bytes().to_vec());
        value.ok_or_else(|| wrong(place, "this operation needs a value"))
    };
    let document = read(bytes, place)?;
    let root = document.root();
    let path = pointer("path")?;
    match text("op").as_deref() {
        Some("add") => add(&document, &path, &value()?, place),
        Some("replace") => {
            let target = path.find(root).ok_or_else(|| missing(place))?;
            Ok(put(bytes, target.span(), &value()?))
        }
        Some("remove") => take_out(&document, &path, place),
        Some("test") => {
            let target = path.find(root).ok_or_else(|| missing(place))?;
            let value = operation.member("value");
            match value.is_some_and(|value| same(target, value)) {
                true => Ok(bytes.to_vec()),
                false => Err(PatchError::TestFailed(at_place(
                    Issue::error(IssueCode::Conflict, "what was tested is not so"),
                    place,
                ))),
            }
        }
        Some(op @ ("move" | "copy")) => {
            let from = pointer("from")?;
            let source = from.find(root).ok_or_else(|| missing(place))?;
            let value = source.raw().as_bytes().to_vec();
            if op == "copy" {
                return add(&document, &path, &value, place);
            }
            if path.is_below(&from) {
                return Err(wrong(place, "nothing can be moved into itself"));
            }
            let without = take_out(&document, &from, place)?;
            let document = read(&without, place)?;
            add(&document, &path, &value, place)
        }
        _ => Err(wrong(
            place,
            "op is add, remove, replace, move, copy or test",
        )),
    }
}

fn read(bytes: &[u8], place: usize) -> Result<Document<'_>, PatchError> {
    parse(bytes, &Limits::default()).map_err(|issue| PatchError::Wrong(at_place(issue, place)))
}

/// Adds a member, replaces one, or puts an item before another or at the end of a list.
fn add(
    document: &Document<'_>,
    path: &Pointer,
    value: &[u8],
    place: usize,
) -> Result<Vec<u8>, PatchError> {
    let bytes = document.bytes();
    let Some((parent, last)) = path.parent() else {
        return Err(wrong(
            place,
            "a resource cannot be replaced by a patch: use PUT",
        ));
    };
    let parent = parent.find(document.root()).ok_or_else(|| missing(place))?;
    if let Step::Name(name) = last
        && parent.is_object()
    {
        if let Some(member) = parent.member(name) {
            return Ok(put(bytes, member.span(), value));
        }
        let name = serde_json::to_string(name).map_err(|_| missing(place))?;
        let member = [name.as_bytes(), b":", value].concat();
        return Ok(push(bytes, parent, &member));
    }
    if parent.kind() != Kind::Array {
        return Err(missing(place));
    }
    let at = match last {
        Step::End => None,
        Step::Name(_) => return Err(missing(place)),
        Step::Item(item) if *item == parent.children().count() => None,
        Step::Item(item) => Some(parent.children().nth(*item).ok_or_else(|| missing(place))?),
    };
    Ok(match at {
        None => push(bytes, parent, value),
        Some(before) => {
            let start = before.span().start;
            put(bytes, start..start, &[value, b","].concat())
        }
    })
}

/// Puts something behind the last member or item.
fn push(bytes: &[u8], parent: Node<'_>, text: &[u8]) -> Vec<u8> {
    match parent.children().last() {
        Some(last) => {
            let end = last.span().end;
            put(bytes, end..end, &[b",", text].concat())
        }
        None => put(bytes, parent.inner_span(), text),
    }
}

/// A list or object that is left empty goes too, since FHIR has none.
fn take_out(document: &Document<'_>, path: &Pointer, place: usize) -> Result<Vec<u8>, PatchError> {
    let target = path.find(document.root()).ok_or_else(|| missing(place))?;
    if path.parent().is_none() {
        return Err(wrong(
            place,
            "a resource cannot be removed by a patch: use DELETE",
        ));
    }
    let gone = BTreeSet::from([target.number()]);
    Ok(Edits::new(remove(document, gone)).apply(document.bytes()))
}

fn put(bytes: &[u8], at: std::ops::Range<usize>, with: &[u8]) -> Vec<u8> {
    let edit = Edit {
        at,
        with: with.to_vec(),
    };
    Edits::new(vec![edit]).apply(bytes)
}

/// Whether two values say the same, whatever the order of members.
fn same(one: Node<'_>, other: Node<'_>) -> bool {
    if one.kind() != other.kind() || one.children().count() != other.children().count() {
        return false;
    }
    match one.kind() {
        Kind::Object => one.children().all(|member| {
            let twin = other.member(member.key());
            twin.is_some_and(|twin| same(member, twin))
        }),
        Kind::Array => one
            .children()
            .zip(other.children())
            .all(|(one, other)| same(one, other)),
        Kind::String => one.as_str() == other.as_str(),
        Kind::Number => {
            let number = |node: Node<'_>| node.raw().parse::<f64>().ok();
            number(one) == number(other)
        }
        _ => true,
    }
}

fn wrong(place: usize, details: &str) -> PatchError {
    PatchError::Wrong(at_place(Issue::error(IssueCode::Value, details), place))
}

fn missing(place: usize) -> PatchError {
    wrong(place, "the resource has nothing there")
}

fn at_place(issue: Issue, place: usize) -> Issue {
    issue.at(format!("patch[{place}]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARTA: &str = r#"{"resourceType":"Patient", "name":[{"given":["Marta","Ewa"]}],"multipleBirthInteger":2}"#;

    fn patched(operations: &str) -> String {
        let bytes = patch(MARTA.as_bytes(), operations.as_bytes());
        String::from_utf8(bytes.unwrap()).unwrap()
    }

    #[test]
    fn each_operation_changes_what_it_names_and_nothing_else() {
        for (operations, expected) in [
            (
                r#"[{"op":"add","path":"/gender","value":"female"}]"#,
                r#"{"resourceType":"Patient", "name":[{"given":["Marta","Ewa"]}],"multipleBirthInteger":2,"gender":"female"}"#,
            ),
            (
                r#"[{"op":"add","path":"/name/0/given/1","value":"Ó"}]"#,
                r#"{"resourceType":"Patient", "name":[{"given":["Marta","Ó","Ewa"]}],"multipleBirthInteger":2}"#,
            ),
            (
                r#"[{"op":"add","path":"/name/0/given/-","value":"Zoë"}]"#,
                r#"{"resourceType":"Patient", "name":[{"given":["Marta","Ewa","Zoë"]}],"multipleBirthInteger":2}"#,
            ),
            (
                r#"[{"op":"replace","path":"/name/0/given/0","value":"Márta"}]"#,
                r#"{"resourceType":"Patient", "name":[{"given":["Márta","Ewa"]}],"multipleBirthInteger":2}"#,
            ),
            (
                r#"[{"op":"remove","path":"/multipleBirthInteger"}]"#,
                r#"{"resourceType":"Patient", "name":[{"given":["Marta","Ewa"]}]}"#,
            ),
            (
                r#"[{"op":"copy","from":"/name/0/given/1","path":"/name/0/text"}]"#,
                r#"{"resourceType":"Patient", "name":[{"given":["Marta","Ewa"],"text":"Ewa"}],"multipleBirthInteger":2}"#,
            ),
            (
                r#"[{"op":"move","from":"/name/0/given/1","path":"/name/0/given/0"}]"#,
                r#"{"resourceType":"Patient", "name":[{"given":["Ewa","Marta"]}],"multipleBirthInteger":2}"#,
            ),
            (
                r#"[{"op":"test","path":"/multipleBirthInteger","value":2.0},{"op":"replace","path":"/multipleBirthInteger","value":3}]"#,
                r#"{"resourceType":"Patient", "name":[{"given":["Marta","Ewa"]}],"multipleBirthInteger":3}"#,
            ),
        ] {
            assert_eq!(patched(operations), expected, "{operations}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_by_its_place() {
        for operations in [
            r#"{"op":"add"}"#,
            r#"[{"op":"add","path":"/name/7","value":"x"}]"#,
            r#"[{"op":"add","path":"name","value":"x"}]"#,
            r#"[{"op":"add","path":"/name"}]"#,
            r#"[{"op":"remove","path":"/birthDate"}]"#,
            r#"[{"op":"remove","path":""}]"#,
            r#"[{"op":"upset","path":"/name"}]"#,
            r#"[{"op":"move","from":"/name","path":"/name/0/x"}]"#,
            r#"[{"op":"replace","path":"/name/x","value":1}]"#,
            "[",
        ] {
            let error = patch(MARTA.as_bytes(), operations.as_bytes()).unwrap_err();
            assert!(matches!(error, PatchError::Wrong(_)), "{operations}");
        }
        let test = r#"[{"op":"test","path":"/multipleBirthInteger","value":3}]"#;
        let Err(PatchError::TestFailed(issue)) = patch(MARTA.as_bytes(), test.as_bytes()) else {
            panic!("the test fails");
        };
        assert_eq!(issue.expression, ["patch[0]"]);
    }
}
