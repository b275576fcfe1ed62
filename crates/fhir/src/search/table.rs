//! The search parameters of every type, read from HL7's definitions.
//!
//! Values are indexed by where they stand, not by the parameters that look there: `code` and
//! `combo-code` share what `Observation.code` says, `subject` and `patient` one reference.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use super::ParamKind;
use crate::document::Node;

const TABLE: &str = include_str!("../../definitions/search.txt");

/// One search parameter of one resource type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchParam {
    /// The name in a query.
    pub name: &'static str,
    /// What it compares.
    pub kind: ParamKind,
    /// Where its values are in a resource.
    pub paths: Vec<Path>,
    /// The only resource type that it finds references to, as `patient` does.
    pub only: Option<&'static str>,
    /// The resource types that its references may point at; empty for any.
    pub targets: Vec<&'static str>,
    /// What a composite parameter is made of, for each place where it may stand.
    pub composites: Vec<Composite>,
}

/// Where values are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// What its values are indexed under: its steps, after `base>` where they are kept by item.
    pub key: String,
    /// Element names with dots between; `[system=phone]` keeps items, `[0]` the first.
    pub steps: &'static str,
    /// The type of the values there.
    pub of: &'static str,
    /// The value set that codes there are from, which implies their system.
    pub binding: Option<&'static str>,
    /// Whether the steps begin at the resource although the values are kept by item.
    pub from_root: bool,
}

/// Values that belong together because they stand in the same item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composite {
    /// The element whose items they stand in; `.` for the resource itself.
    pub base: &'static str,
    /// The values, in the order in which a query gives them.
    pub parts: Vec<Part>,
}

/// One of several values that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it compares.
    pub kind: ParamKind,
    /// Where it is.
    pub paths: Vec<Path>,
}

/// What is known of one type.
#[derive(Default)]
struct TypeParams {
    params: Vec<SearchParam>,
    /// Each place whose values are indexed, once for each kind.
    paths: Vec<(ParamKind, Path)>,
    /// The same for values that are kept by item, with the element whose items they are.
    items: Vec<(&'static str, ParamKind, Path)>,
}

static TYPES: LazyLock<HashMap<&'static str, TypeParams>> = LazyLock::new(|| read(TABLE));

/// The search parameters of a resource type, those of all types first; of `Resource`, only those.
pub fn params_of(rtype: &str) -> impl Iterator<Item = &'static SearchParam> + use<> {
    let own = TYPES.get(rtype).filter(|_| rtype != "Resource");
    let both = [TYPES.get("Resource"), own];
    both.into_iter().flatten().flat_map(|one| &one.params)
}

/// A search parameter by name.
#[must_use]
pub fn param_of(rtype: &str, name: &str) -> Option<&'static SearchParam> {
    params_of(rtype).find(|param| param.name == name)
}

/// Every place in a resource type whose values are indexed, with how they are compared.
pub fn paths_of(rtype: &str) -> impl Iterator<Item = (ParamKind, &'static Path)> + use<> {
    let both = [TYPES.get("Resource"), TYPES.get(rtype)];
    let paths = both.into_iter().flatten().flat_map(|one| &one.paths);
    paths.map(|(kind, path)| (*kind, path))
}

/// Every place within items whose values are indexed by item, as (element, kind, place).
pub fn items_of(
    rtype: &str,
) -> impl Iterator<Item = (&'static str, ParamKind, &'static Path)> + use<> {
    let items = TYPES.get(rtype).into_iter().flat_map(|one| &one.items);
    items.map(|(base, kind, path)| (*base, *kind, path))
}

impl Composite {
    /// The values, in the order in which a query gives them.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }
}

impl Path {
    /// Visits every value at the path.
    pub fn each<'d>(&self, root: Node<'d>, visit: &mut dyn FnMut(Node<'d>)) {
        each(root, self.steps, visit);
    }
}

fn each<'d>(node: Node<'d>, steps: &str, visit: &mut dyn FnMut(Node<'d>)) {
    let (step, rest) = steps.split_once('.').unwrap_or((steps, ""));
    let (name, only) = step.split_once('[').unwrap_or((step, ""));
    let Some(member) = node.member(name) else {
        return;
    };
    let only = only.trim_end_matches(']');
    for (place, item) in member.items().enumerate() {
        let is_meant = match only.split_once('=') {
            Some((element, value)) => item.text_at(element).as_deref() == Some(value),
            None => only.is_empty() || only.parse() == Ok(place),
        };
        match rest {
            _ if !is_meant => {}
            "" => visit(item),
            rest => each(item, rest, visit),
        }
    }
}

/// Reads the table: a line without a tab names a type, the others are its parameters.
fn read(table: &'static str) -> HashMap<&'static str, TypeParams> {
    let mut types: HashMap<&'static str, TypeParams> = HashMap::with_capacity(160);
    let mut rtype = "";
    for line in table.lines().filter(|line| !line.starts_with(';')) {
        match line.strip_prefix('\t') {
            Some(line) => {
                let own = types.entry(rtype).or_default();
                own.params.extend(param(line));
            }
            None => rtype = line,
        }
    }
    for own in types.values_mut() {
        own.gather();
    }
    types
}

impl TypeParams {
    /// Collects the places of all parameters, each once.
    fn gather(&mut self) {
        let mut seen = BTreeSet::new();
        for param in &self.params {
            // These two are columns of every row.
            if matches!(param.name, "_id" | "_lastUpdated") {
                continue;
            }
            let plain = param.paths.iter().map(|path| (".", param.kind, path));
            let parts = param.composites.iter().flat_map(|composite| {
                let parts = composite.parts.iter();
                parts.flat_map(|part| {
                    part.paths
                        .iter()
                        .map(|path| (composite.base, part.kind, path))
                })
            });
            for (base, kind, path) in plain.chain(parts) {
                if !seen.insert((kind, path.key.clone())) {
                    continue;
                }
                match base {
                    "." => self.paths.push((kind, path.clone())),
                    base => self.items.push((base, kind, path.clone())),
                }
            }
        }
    }
}

/// Reads `name kind path:Type ... [>Only | ~Target,Target]`.
fn param(line: &'static str) -> Option<SearchParam> {
    let mut words = line.split(' ');
    let mut param = SearchParam {
        name: words.next()?,
        kind: ParamKind::of(words.next()?)?,
        paths: Vec::new(),
        only: None,
        targets: Vec::new(),
        composites: Vec::new(),
    };
    for word in words {
        if param.kind == ParamKind::Composite {
            param.composites.extend(composite(word));
        } else if let Some(only) = word.strip_prefix('>') {
            param.only = Some(only);
            param.targets = vec![only];
        } else if let Some(targets) = word.strip_prefix('~') {
            param.targets = targets.split(',').collect();
        } else {
            param.paths.extend(path(word, "."));
        }
    }
    Some(param)
}

/// Reads `base;kind=path:Type,path:Type;kind=path:Type`.
fn composite(word: &'static str) -> Option<Composite> {
    let mut words = word.split(';');
    let base = words.next()?;
    let parts = words.filter_map(|part| {
        let (kind, paths) = part.split_once('=')?;
        Some(Part {
            kind: ParamKind::of(kind)?,
            paths: paths.split(',').filter_map(|one| path(one, base)).collect(),
        })
    });
    Some(Composite {
        base,
        parts: parts.collect(),
    })
}

/// Reads `steps:Type` or `steps:code!value-set`; a leading `/` says that the steps begin at the
/// resource.
fn path(word: &'static str, base: &str) -> Option<Path> {
    // The name of a value set may be a URL, with colons of its own.
    let (word, binding) = match word.split_once('!') {
        Some((word, binding)) => (word, Some(binding)),
        None => (word, None),
    };
    let (steps, of) = word.rsplit_once(':')?;
    let (steps, from_root) = match steps.strip_prefix('/') {
        Some(steps) => (steps, true),
        None => (steps, false),
    };
    let key = match base {
        "." => steps.to_owned(),
        base => format!("{base}>{steps}"),
    };
    Some(Path {
        key,
        steps,
        of,
        binding,
        from_root,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Limits, parse};
    use crate::types;

    #[test]
    fn every_line_is_read_and_every_type_is_known() {
        let lines = TABLE.lines().filter(|line| line.starts_with('\t')).count();
        let read: usize = TYPES.values().map(|one| one.params.len()).sum();
        assert_eq!(read, lines);
        for (rtype, own) in TYPES.iter() {
            let is_known = types::of(rtype).is_some() || *rtype == "Resource";
            assert!(is_known, "{rtype}");
            for param in &own.params {
                for target in &param.targets {
                    assert!(types::of(target).is_some(), "{rtype}.{}", param.name);
                }
            }
        }
    }

    #[test]
    fn every_parameter_looks_somewhere() {
        for (rtype, own) in TYPES.iter() {
            for param in &own.params {
                let places = param.paths.len() + param.composites.len();
                assert!(places > 0, "{rtype}.{}", param.name);
                for part in param.composites.iter().flat_map(|one| &one.parts) {
                    assert!(!part.paths.is_empty(), "{rtype}.{}", param.name);
                }
            }
        }
    }

    #[test]
    fn codes_of_a_set_that_is_named_by_a_url_are_read_from_their_element() {
        let param = param_of("Composition", "confidentiality").unwrap();
        let [path] = param.paths.as_slice() else {
            panic!("{:?}", param.paths);
        };
        assert_eq!((path.steps, path.of), ("confidentiality", "code"));
        let set = path.binding.and_then(crate::definitions::value_set);
        assert!(set.is_some_and(|set| set.has(None, "N")));
    }

    #[test]
    fn a_patient_of_an_encounter_is_its_subject_where_that_is_a_patient() {
        let patient = param_of("Encounter", "patient").unwrap();
        assert_eq!(patient.only, Some("Patient"));
        let keys: Vec<&str> = patient.paths.iter().map(|path| &*path.key).collect();
        assert_eq!(keys, ["subject"]);
        assert_eq!(param_of("Encounter", "shoe-size"), None);
    }

    #[test]
    fn parameters_share_the_places_they_look_at() {
        let keys: Vec<&str> = paths_of("Observation")
            .filter(|(kind, _)| *kind == ParamKind::Token)
            .map(|(_, path)| &*path.key)
            .filter(|key| key.contains("code"))
            .collect();
        assert_eq!(keys, ["code", "component.code"]);
        let items: Vec<&str> = items_of("Observation")
            .map(|(_, _, path)| &*path.key)
            .collect();
        assert_eq!(
            items,
            [
                "component>code",
                "component>valueCodeableConcept",
                "component>valueQuantity"
            ]
        );
    }

    #[test]
    fn a_path_keeps_the_items_it_is_told_to() {
        let text = br#"{"resourceType":"Patient","telecom":[
            {"system":"phone","value":"0131 496 0000"},{"system":"email","value":"a@b.example"}]}"#;
        let patient = parse(text, &Limits::default()).unwrap();
        let mut found = Vec::new();
        let path = path("telecom[system=email]:ContactPoint", ".").unwrap();
        path.each(patient.root(), &mut |node| {
            found.extend(node.text_at("value"));
        });
        assert_eq!(found, ["a@b.example"]);
    }
}
