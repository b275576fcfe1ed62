//! The resource types of R4 and what each is to Candour: about a person, directory or definition.

mod subject;
mod table;

pub use subject::{SubjectRef, subject};
pub use table::TYPES;

/// What a resource of a type is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Describes data, rules or vocabulary: nobody's record.
    Definition,
    /// Describes organisations, workers, places and products: nobody's record.
    Directory,
    /// Someone's record, found by following these element paths.
    Person {
        /// Where the person may be named, in order of preference.
        subject_paths: &'static [&'static str],
        /// Where another resource of the same person may be named, if the person is not.
        through_paths: &'static [&'static str],
    },
    /// Someone's record if one of these paths names a person, else directory.
    Either {
        /// Where the person may be named.
        subject_paths: &'static [&'static str],
    },
    /// Has a rule of its own, stated where [`subject`] applies it.
    Other,
}

/// One resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypeFacts {
    /// The name, as in `resourceType`.
    pub name: &'static str,
    /// What resources of the type are about.
    pub kind: Kind,
}

/// Looks a resource type up by name.
#[must_use]
pub fn of(name: &str) -> Option<&'static TypeFacts> {
    let place = TYPES.binary_search_by(|facts| facts.name.cmp(name)).ok()?;
    TYPES.get(place)
}

/// The element in which a resource of a type says whom it is about, as `Claim.patient`; the type's
/// name if it has a rule of its own, is nobody's, or is not of R4.
#[must_use]
pub fn subject_element(name: &str) -> String {
    let path = match of(name).map(|facts| facts.kind) {
        Some(Kind::Person {
            subject_paths,
            through_paths,
        }) => subject_paths.first().or(through_paths.first()),
        Some(Kind::Either { subject_paths }) => subject_paths.first(),
        _ => None,
    };
    path.map_or_else(|| name.to_owned(), |path| format!("{name}.{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r4_has_146_concrete_types_in_order() {
        assert_eq!(TYPES.len(), 146);
        assert!(TYPES.is_sorted_by(|a, b| a.name < b.name));
        assert_eq!(
            of("Observation").map(|facts| facts.name),
            Some("Observation")
        );
        assert_eq!(of("SubscriptionTopic"), None);
    }
}
