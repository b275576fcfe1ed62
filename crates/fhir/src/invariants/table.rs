//! The table of R4's own invariants, by where they stand.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use super::Invariant;
use crate::definitions::definition_of;
use crate::fhirpath::Expression;
use crate::outcome::Severity;

pub(crate) const TABLE: &str = include_str!("../../definitions/invariants.txt");

/// Invariants by where they stand.
#[derive(Default)]
struct Table {
    /// Those of a type, or of an element with elements of its own.
    of_type: HashMap<&'static str, Vec<Invariant>>,
    /// Those of an element whatever its type, by the name of what has the element.
    of_element: HashMap<&'static str, Vec<(&'static str, Vec<Invariant>)>>,
}

static INVARIANTS: LazyLock<Table> = LazyLock::new(|| read(TABLE));

/// The invariants of a type, without those of what it is a kind of.
pub(super) fn of_type(of: &str) -> &'static [Invariant] {
    INVARIANTS.of_type.get(of).map_or(&[], Vec::as_slice)
}

/// The invariants of an element of a type, whatever is its own type.
pub(super) fn of_element(parent: &str, name: &str) -> &'static [Invariant] {
    let own = INVARIANTS.of_element.get(parent);
    let found = own.and_then(|own| own.iter().find(|(element, _)| *element == name));
    found.map_or(&[], |(_, invariants)| invariants.as_slice())
}

/// Every invariant of the table with the element that it stands at.
pub fn all() -> impl Iterator<Item = (String, &'static Invariant)> {
    let of_types = INVARIANTS.of_type.iter().flat_map(|(of, invariants)| {
        let placed = invariants.iter().map(|one| ((*of).to_owned(), one));
        placed.collect::<Vec<_>>()
    });
    let of_elements = INVARIANTS.of_element.iter().flat_map(|(parent, elements)| {
        elements.iter().flat_map(move |(name, invariants)| {
            let placed = invariants.iter();
            placed.map(move |one| (format!("{parent}.{name}"), one))
        })
    });
    of_types.chain(of_elements)
}

/// Reads the table: a line without a tab says where, the others are the invariants there. What
/// cannot be read is left out, and a test counts that nothing is.
fn read(table: &'static str) -> Table {
    let mut found = Table::default();
    let mut place = "";
    for line in table.lines().filter(|line| !line.starts_with(';')) {
        match line.strip_prefix('\t') {
            None => place = line,
            Some(line) => {
                if let Some(invariant) = invariant(line) {
                    found.add(place, invariant);
                }
            }
        }
    }
    found
}

impl Table {
    fn add(&mut self, place: &'static str, invariant: Invariant) {
        let is_type = definition_of(place).is_some() || !place.contains('.');
        let Some((parent, name)) = place.rsplit_once('.').filter(|_| !is_type) else {
            self.of_type.entry(place).or_default().push(invariant);
            return;
        };
        let elements = self.of_element.entry(parent).or_default();
        match elements.iter_mut().find(|(element, _)| *element == name) {
            Some((_, known)) => known.push(invariant),
            None => elements.push((name, vec![invariant])),
        }
    }
}

/// Reads `key severity`, the expression and its words, with tabs between.
fn invariant(line: &'static str) -> Option<Invariant> {
    let mut parts = line.split('\t');
    let (key, severity) = parts.next()?.split_once(' ')?;
    let expression = Expression::parse(parts.next()?).ok()?;
    let severity = match severity {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        _ => Severity::Information,
    };
    Some(Invariant {
        key: Cow::Borrowed(key),
        severity,
        expression,
        words: Cow::Borrowed(parts.next()?),
    })
}
