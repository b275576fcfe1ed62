//! The search parameters we index, type by type. Facts only: [`super::query`] and
//! [`crate::index`] are the machinery.

mod directory;
mod people;

use super::{ParamKind, SearchParam};

/// The parameters of one resource type.
pub(super) struct TypeParams {
    name: &'static str,
    params: &'static [SearchParam],
}

/// Parameters that every resource has.
static COMMON: &[SearchParam] = &[date("_lastUpdated", &["meta.lastUpdated"])];

/// The search parameters of a resource type, `_lastUpdated` included and `_id` not: an id is
/// looked up, not searched.
pub fn params_of(rtype: &str) -> impl Iterator<Item = &'static SearchParam> + use<> {
    let own = [people::PEOPLE, directory::DIRECTORY]
        .into_iter()
        .find_map(|table| {
            let place = table.binary_search_by(|row| row.name.cmp(rtype)).ok()?;
            table.get(place)
        })
        .map_or(&[][..], |row| row.params);
    COMMON.iter().chain(own)
}

const fn of(name: &'static str, params: &'static [SearchParam]) -> TypeParams {
    TypeParams { name, params }
}

const fn param(name: &'static str, kind: ParamKind, paths: &'static [&'static str]) -> SearchParam {
    SearchParam {
        name,
        kind,
        paths,
        target: None,
    }
}

const fn token(name: &'static str, paths: &'static [&'static str]) -> SearchParam {
    param(name, ParamKind::Token, paths)
}

const fn date(name: &'static str, paths: &'static [&'static str]) -> SearchParam {
    param(name, ParamKind::Date, paths)
}

const fn string(name: &'static str, paths: &'static [&'static str]) -> SearchParam {
    param(name, ParamKind::String, paths)
}

const fn uri(name: &'static str, paths: &'static [&'static str]) -> SearchParam {
    param(name, ParamKind::Uri, paths)
}

const fn reference(name: &'static str, paths: &'static [&'static str]) -> SearchParam {
    param(name, ParamKind::Reference, paths)
}

/// A reference parameter that finds references to one type only, as `patient` does.
const fn reference_to(
    target: &'static str,
    name: &'static str,
    paths: &'static [&'static str],
) -> SearchParam {
    SearchParam {
        name,
        kind: ParamKind::Reference,
        paths,
        target: Some(target),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types;

    #[test]
    fn types_are_known_and_in_order_and_each_parameter_stands_once() {
        for table in [people::PEOPLE, directory::DIRECTORY] {
            assert!(table.is_sorted_by(|a, b| a.name < b.name));
            for row in table {
                assert!(types::of(row.name).is_some(), "{}", row.name);
                let in_order = row.params.is_sorted_by(|a, b| a.name < b.name);
                assert!(in_order, "{} out of order", row.name);
            }
        }
    }

    #[test]
    fn an_encounter_is_found_by_class_and_patient() {
        let class = params_of("Encounter")
            .find(|param| param.name == "class")
            .unwrap();
        assert_eq!(class.paths, ["class"]);
        let patient = params_of("Encounter")
            .find(|param| param.name == "patient")
            .unwrap();
        assert_eq!(
            (patient.paths, patient.target),
            (&["subject"][..], Some("Patient"))
        );
    }
}
