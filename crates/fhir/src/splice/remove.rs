//! Taking elements out, commas and all, so that what is left is still FHIR.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Edit;
use crate::document::{Document, Kind, Node};

/// The edits that take these values out (by [`Node::number`]). A container that would be left
/// empty goes too, since FHIR forbids empty objects and lists; `resourceType` always stays.
pub(crate) fn remove(document: &Document<'_>, mut gone: BTreeSet<u32>) -> Vec<Edit> {
    let root = document.root();
    gone.remove(&root.number());
    if let Some(resource_type) = root.member("resourceType") {
        gone.remove(&resource_type.number());
    }
    let mut edits = Vec::new();
    sweep(root, &gone, &mut edits);
    edits
}

/// Removes below a node; tells whether nothing of it is left. Edits already made inside a
/// container that turns out to be empty are dropped again.
fn sweep(node: Node<'_>, gone: &BTreeSet<u32>, edits: &mut Vec<Edit>) -> bool {
    if gone.contains(&node.number()) {
        return true;
    }
    if !matches!(node.kind(), Kind::Object | Kind::Array) {
        return false;
    }
    let before = edits.len();
    let mut kept_end = None;
    let mut run: Option<Range<usize>> = None;
    for child in node.children() {
        let span = child.member_span();
        if sweep(child, gone, edits) {
            let start = run.map_or(span.start, |run| run.start);
            run = Some(start..span.end);
            continue;
        }
        // A run of removed children takes the comma behind it along.
        if let Some(run) = run.take() {
            edits.push(Edit {
                at: run.start..span.start,
                with: Vec::new(),
            });
        }
        kept_end = Some(span.end);
    }
    match (kept_end, run) {
        (None, _) => {
            edits.truncate(before);
            true
        }
        // The last run takes the comma before it.
        (Some(kept_end), Some(run)) => {
            edits.push(Edit {
                at: kept_end..run.end,
                with: Vec::new(),
            });
            false
        }
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};
    use crate::splice::Edits;

    fn without(text: &str, paths: &[&str]) -> String {
        let document = parse(text.as_bytes(), &Limits::default()).unwrap();
        let gone = paths
            .iter()
            .flat_map(|path| document.all(path))
            .map(|node| node.number())
            .collect();
        let edits = Edits::new(remove(&document, gone));
        String::from_utf8(edits.apply(text.as_bytes())).unwrap()
    }

    const TEAM: &str = r#"{"resourceType":"CareTeam", "name":"a", "note":[{"text":"b"} , {"text":"c"}], "status":"d"}"#;

    #[test]
    fn first_middle_and_last_go_with_their_commas() {
        let codes = r#"{"resourceType":"Basic","code":{"id":"1", "text":"2" , "x":"3"}}"#;
        assert_eq!(
            without(codes, &["code.id"]),
            r#"{"resourceType":"Basic","code":{"text":"2" , "x":"3"}}"#
        );
        assert_eq!(
            without(codes, &["code.text"]),
            r#"{"resourceType":"Basic","code":{"id":"1", "x":"3"}}"#
        );
        assert_eq!(
            without(codes, &["code.x"]),
            r#"{"resourceType":"Basic","code":{"id":"1", "text":"2"}}"#
        );
        assert_eq!(
            without(codes, &["code.id", "code.x"]),
            r#"{"resourceType":"Basic","code":{"text":"2"}}"#
        );
        assert_eq!(without(codes, &["resourceType"]), codes);
    }

    #[test]
    fn a_list_left_empty_goes_too() {
        assert_eq!(
            without(TEAM, &["note.text"]),
            r#"{"resourceType":"CareTeam", "name":"a", "status":"d"}"#
        );
        assert_eq!(
            without(TEAM, &["note.text", "status", "name"]),
            r#"{"resourceType":"CareTeam"}"#
        );
    }
}
