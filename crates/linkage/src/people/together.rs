//! Which first names stand beside which surnames: names of one community come together.

use std::collections::HashMap;

use super::People;

/// How many records have a first name, and how many of them a surname.
#[derive(Debug, Clone, Default)]
pub(crate) struct Together {
    both: HashMap<(u32, u32), u32>,
    bearers: HashMap<u32, u32>,
}

impl Together {
    pub(super) fn of(people: &People) -> Self {
        let mut counted = Self::default();
        for row in 0..u32::try_from(people.len()).unwrap_or(u32::MAX) {
            let Some(name) = people.row(row).names().next() else {
                continue;
            };
            let Some(given) = name.given.first() else {
                continue;
            };
            if !name.family.is_empty() {
                *counted.bearers.entry(*given).or_default() += 1;
            }
            for word in name.family {
                *counted.both.entry((*given, *word)).or_default() += 1;
            }
        }
        counted
    }

    /// Of the other people who bear a first name, how many bear the surname too, and how many there
    /// are: (both, bearers). `own` records are one person's, on average. A person may have many more,
    /// so of both only as many are counted as are surely others: two deviations fewer than seem to be.
    pub(crate) fn others(&self, given: u32, family: u32, own: f32) -> (f32, f32) {
        let people = |count: Option<&u32>| count.copied().unwrap_or(0) as f32 / own.max(1.0);
        let both = people(self.both.get(&(given, family)));
        let bearers = people(self.bearers.get(&given));
        let surely = (both - 1.0 - 2.0 * both.sqrt()).max(0.0);
        (surely, (bearers - 1.0).max(surely))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Name, People, Record};

    fn named(given: &str, family: &str) -> Record {
        Record {
            names: vec![Name {
                given: given.to_owned(),
                family: family.to_owned(),
                ..Name::default()
            }],
            ..Record::default()
        }
    }

    #[test]
    fn the_records_of_one_person_do_not_make_a_name_common() {
        let mut people = People::new();
        for (given, family, records) in [
            ("Mandeep", "Kaur", 36),
            ("Mandeep", "Singh", 12),
            ("Dirom", "Crawford", 5),
        ] {
            for _ in 0..records {
                people.add(&named(given, family));
            }
        }
        let word = |row: u32| {
            let name = people.row(row).names().next().unwrap();
            (name.given[0], name.family[0])
        };
        let others = |row: u32| people.together().others(word(row).0, word(row).1, 1.0);
        assert_eq!(others(0), (23.0, 47.0));
        assert_eq!(others(50), (0.0, 4.0));
    }
}
