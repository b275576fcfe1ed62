//! The one rule that may link by itself.

use crate::is_national_number;

/// One source's description of a person, folded for comparison (lower case, marks stripped).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// Every part of every name: given, family, former.
    pub names: Vec<String>,
    /// `YYYY-MM-DD` or less precise.
    pub birth_date: Option<String>,
    /// (system, value), separators removed.
    pub identifiers: Vec<(String, String)>,
}

/// Whether two descriptions are certainly of one person: a national number in common, none in
/// conflict, birth dates that agree as far as both go, and a name in common. The number alone is
/// not enough: numbers are mistyped, and one is sometimes given to two people.
#[must_use]
pub fn certainly_same(one: &Identity, other: &Identity) -> bool {
    share_number(one, other)
        && !numbers_conflict(one, other)
        && birth_dates_agree(one, other)
        && one.names.iter().any(|name| other.names.contains(name))
}

fn share_number(one: &Identity, other: &Identity) -> bool {
    national(one).any(|number| other.identifiers.contains(number))
}

/// Two different valid numbers of one kind cannot be one person's.
fn numbers_conflict(one: &Identity, other: &Identity) -> bool {
    national(one).any(|(system, value)| {
        let mut same_system = national(other)
            .filter(|(known, _)| known == system)
            .peekable();
        same_system.peek().is_some() && same_system.all(|(_, known)| known != value)
    })
}

fn national(identity: &Identity) -> impl Iterator<Item = &(String, String)> {
    identity
        .identifiers
        .iter()
        .filter(|(system, value)| is_national_number(system, value))
}

/// Partial dates are data: 1941 agrees with 1941-03-02. A date that is not known does not agree
/// with anything, because then the number alone would decide.
fn birth_dates_agree(one: &Identity, other: &Identity) -> bool {
    match (&one.birth_date, &other.birth_date) {
        (Some(one), Some(other)) => {
            one.starts_with(other.as_str()) || other.starts_with(one.as_str())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CHI_SYSTEM;

    const NUMBER: &str = "9434765919";

    fn someone(names: &[&str], birth_date: &str, number: &str) -> Identity {
        Identity {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            birth_date: (!birth_date.is_empty()).then(|| birth_date.to_owned()),
            identifiers: vec![(CHI_SYSTEM.to_owned(), number.to_owned())],
        }
    }

    #[test]
    fn a_married_name_does_not_make_two_people() {
        let practice = someone(&["agnes", "mcneil"], "1941-03-02", NUMBER);
        let council = someone(&["agnes", "mcneil", "reid"], "1941", NUMBER);
        assert!(certainly_same(&practice, &council));
    }

    #[test]
    fn a_number_typed_for_somebody_else_does_not_join_them() {
        let agnes = someone(&["agnes", "mcneil"], "1941-03-02", NUMBER);
        let brian = someone(&["brian", "tait"], "1941-03-02", NUMBER);
        let younger = someone(&["agnes", "mcneil"], "1987-03-02", NUMBER);
        assert!(!certainly_same(&agnes, &brian));
        assert!(!certainly_same(&agnes, &younger));
    }

    #[test]
    fn twins_who_share_everything_but_the_number_stay_two() {
        let one = someone(&["iona", "baird"], "2019-05-05", NUMBER);
        let other = someone(&["iona", "baird"], "2019-05-05", "4010232137");
        assert!(!certainly_same(&one, &other));
    }

    #[test]
    fn a_number_alone_is_not_enough() {
        let agnes = someone(&["agnes", "mcneil"], "", NUMBER);
        assert!(!certainly_same(&agnes, &agnes.clone()));
    }
}
