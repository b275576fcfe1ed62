//! The same errors counted apart for each value of a column: who is missed, and who is mistaken for
//! somebody else. A matcher that is right on average may be wrong about the same people every time.
//!
//! A row's group is what its own column says. A pair counts for the group of either row, so that
//! nobody disappears where a pair crosses groups.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use linkage::Mode;
use serde::Serialize;

use super::job::{Loaded, Matched};
use super::roles::Role;

/// A group with fewer true pairs has no rate that could be compared with another's.
const ENOUGH_PAIRS: usize = 500;
/// Ages in whole years, the last in each band; nobody is older than the last.
const AGE_BANDS: [u16; 5] = [17, 39, 64, 79, 130];
const NOT_KNOWN: &str = "not known";

/// Errors by the values of one column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Apart {
    /// The column.
    pub column: String,
    /// Each value, or each age band of a date of birth.
    pub groups: Vec<Group>,
    /// The highest share of missed pairs divided by the lowest, among groups with enough pairs to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highest_to_lowest_missed: Option<f64>,
}

/// The rows of one value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// The value.
    pub value: String,
    /// How many rows have it.
    pub rows: usize,
    /// Pairs of rows of one person, each counted once for either row.
    pub pairs: usize,
    /// The share of these that were not joined.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missed: Option<f64>,
    /// The share of joined pairs that are of two people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mistaken: Option<f64>,
}

/// What was counted of one group: rows, true pairs, those missed, pairs made, those mistaken.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    rows: usize,
    truly: usize,
    missed: usize,
    made: usize,
    mistaken: usize,
}

/// Counts errors by each of the columns. Nothing without a truth. `year` is this one.
#[must_use]
pub fn apart(matched: &Matched, columns: &[String], year: u16) -> Vec<Apart> {
    let Some(truth) = matched.ready.truth.as_ref() else {
        return Vec::new();
    };
    let person = |record: u32| {
        let told = truth.get(record as usize).map(String::as_str);
        told.filter(|told| !told.is_empty())
    };
    let cluster = |record: u32| matched.outcome.clusters.get(record as usize).copied();
    let truly = pairs_within(matched, person);
    let made = pairs_within(matched, cluster);
    let column = |column: &String| {
        let values = values(&matched.ready.files, column, year);
        let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
        for value in &values {
            tallies.entry(value).or_default().rows += 1;
        }
        let mut count = |pair: (u32, u32), add: &dyn Fn(&mut Tally)| {
            for record in [pair.0, pair.1] {
                let value = values
                    .get(record as usize)
                    .map_or(NOT_KNOWN, String::as_str);
                add(tallies.entry(value).or_default());
            }
        };
        for (left, right) in &truly {
            let missed = usize::from(cluster(*left) != cluster(*right));
            count((*left, *right), &|tally| {
                tally.truly += 1;
                tally.missed += missed;
            });
        }
        for (left, right) in &made {
            let mistaken = usize::from(person(*left).is_none() || person(*left) != person(*right));
            count((*left, *right), &|tally| {
                tally.made += 1;
                tally.mistaken += mistaken;
            });
        }
        told(column, &tallies)
    };
    columns.iter().map(column).collect()
}

fn told(column: &str, tallies: &BTreeMap<&str, Tally>) -> Apart {
    let share = |part: usize, whole: usize| (whole > 0).then(|| part as f64 / whole as f64);
    let groups: Vec<Group> = tallies
        .iter()
        .map(|(value, tally)| Group {
            value: (*value).to_owned(),
            rows: tally.rows,
            pairs: tally.truly,
            missed: share(tally.missed, tally.truly),
            mistaken: share(tally.mistaken, tally.made),
        })
        .collect();
    let enough = groups.iter().filter(|group| group.pairs >= ENOUGH_PAIRS);
    let rates: Vec<f64> = enough.filter_map(|group| group.missed).collect();
    let lowest = rates.iter().copied().reduce(f64::min);
    let highest = rates.iter().copied().reduce(f64::max);
    let ratio = lowest.zip(highest).filter(|(lowest, _)| *lowest > 0.0);
    Apart {
        column: column.to_owned(),
        groups,
        highest_to_lowest_missed: ratio.map(|(lowest, highest)| highest / lowest),
    }
}

/// Every pair of records of one key; in a link only those across the two files.
fn pairs_within<K: Hash + Eq>(
    matched: &Matched,
    key: impl Fn(u32) -> Option<K>,
) -> Vec<(u32, u32)> {
    let records = 0..u32::try_from(matched.ready.people.len()).unwrap_or(u32::MAX);
    let mut groups: HashMap<K, Vec<u32>> = HashMap::new();
    for record in records {
        if let Some(key) = key(record) {
            groups.entry(key).or_default().push(record);
        }
    }
    let file = |record: u32| matched.ready.place(record).0;
    let mut pairs = Vec::new();
    for group in groups.into_values() {
        for (place, left) in group.iter().enumerate() {
            let others = group.iter().skip(place + 1);
            let across =
                others.filter(|right| matched.mode != Mode::Link || file(*left) != file(**right));
            pairs.extend(across.map(|right| (*left, *right)));
        }
    }
    pairs
}

/// The value of each row: of a date of birth the age band.
fn values(files: &[Loaded], column: &str, year: u16) -> Vec<String> {
    let mut values = Vec::new();
    for file in files {
        let place = file.table.column(column);
        let held = place.and_then(|place| file.table.columns.get(place));
        let mut guesses = file.guesses.iter();
        let is_birth = guesses.any(|guess| {
            guess.role == Role::BirthDate && guess.column.eq_ignore_ascii_case(column)
        });
        for row in 0..file.table.len() {
            let value = held.map_or("", |held| held.value(row)).trim();
            values.push(match (is_birth, value) {
                (_, "") => NOT_KNOWN.to_owned(),
                (true, date) => age_band(date, year),
                (false, value) => value.to_owned(),
            });
        }
    }
    values
}

fn age_band(date: &str, year: u16) -> String {
    let numbers = date.split(|letter: char| !letter.is_ascii_digit());
    let born = numbers
        .filter_map(|number| {
            number
                .get(..4)
                .filter(|_| number.len() == 4 || number.len() == 8)
        })
        .find_map(|number| number.parse::<u16>().ok().filter(|born| *born <= year));
    let Some(age) = born.map(|born| year - born) else {
        return NOT_KNOWN.to_owned();
    };
    let Some(place) = AGE_BANDS.iter().position(|last| age <= *last) else {
        return NOT_KNOWN.to_owned();
    };
    let first = place
        .checked_sub(1)
        .and_then(|before| AGE_BANDS.get(before));
    let last = AGE_BANDS.get(place).copied().unwrap_or_default();
    match first {
        Some(_) if last == 130 => "80 and over".to_owned(),
        first => format!("{} to {last}", first.map_or(0, |before| before + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_fall_into_bands_however_the_date_is_written() {
        for (date, band) in [
            ("1984-03-12", "40 to 64"),
            ("12/03/1984", "40 to 64"),
            ("19840312", "40 to 64"),
            ("2027", "0 to 17"),
            ("1947", "80 and over"),
            ("2031-01-01", NOT_KNOWN),
            ("12/03/84", NOT_KNOWN),
            ("1880", NOT_KNOWN),
        ] {
            assert_eq!(age_band(date, 2027), band, "{date}");
        }
    }

    #[test]
    fn a_group_with_few_pairs_is_told_and_not_compared() {
        let tally = |truly, missed| Tally {
            rows: truly,
            truly,
            missed,
            made: truly - missed,
            mistaken: 1,
        };
        let tallies = [
            ("a", tally(1_000, 20)),
            ("b", tally(2_000, 60)),
            ("c", tally(40, 40)),
        ];
        let told = told("origin", &tallies.into_iter().collect());
        assert_eq!(told.highest_to_lowest_missed, Some(1.5));
        let few = &told.groups[2];
        assert_eq!((few.pairs, few.missed, few.mistaken), (40, Some(1.0), None));
    }
}
