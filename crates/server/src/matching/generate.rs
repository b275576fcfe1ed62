//! A file of invented people to try matching with: who is who is known, so it can be measured.
//!
//! The same number and seed give the same file on every machine. Names have the frequencies of
//! Scotland and of ten origins; people live in households, marry and move; offices write them down
//! with their own slips. The postcodes are of areas that were never allocated and the e-mail
//! addresses of domains that are nobody's. The CHI numbers check, and as Scotland has no block that
//! is never issued, one may by accident be somebody's: keep the file out of real systems.

pub mod entry;
pub mod household;
pub mod names;

use std::io::{self, Write};

use rand::Rng as _;
use rand::seq::SliceRandom as _;
use rand::{SeedableRng as _, seq::index};
use rand_chacha::ChaCha8Rng;

use entry::{COLUMNS, Entry, OFFICES, entry};
use household::{Person, Settler};
use names::Register;

/// Writes so many people as CSV, each with one or more rows, and returns the number of rows. The
/// column `person` is the truth.
///
/// # Errors
/// If it cannot be written.
pub fn generate(people: u32, seed: u64, out: impl Write) -> io::Result<u64> {
    let register = Register::default();
    let chance = ChaCha8Rng::seed_from_u64(seed);
    let mut settler = Settler::new(&register, chance);
    let mut entries = Vec::new();
    let mut settled = 0;
    while settled < people {
        for person in settler.household() {
            if settled == people {
                break;
            }
            settled += 1;
            write_down(&person, settler.chance(), &mut entries);
        }
    }
    // In a real file the rows of one person do not stand together.
    entries.shuffle(settler.chance());
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(COLUMNS.iter().chain([&"person"]))?;
    for (number, entry) in (1u64..).zip(&entries) {
        let ends = [number.to_string(), entry.person.to_string()];
        let fields = entry.fields.iter();
        rows.write_record(ends.iter().take(1).chain(fields).chain(ends.iter().skip(1)))?;
    }
    rows.flush()?;
    Ok(entries.len() as u64)
}

/// One row for most people; for some two or three, each from another office.
fn write_down(person: &Person, chance: &mut ChaCha8Rng, entries: &mut Vec<Entry>) {
    let rows = match chance.random_range(0..100) {
        0..78 => 1,
        78..96 => 2,
        _ => 3,
    };
    let offices = index::sample(chance, OFFICES.len(), rows);
    for office in offices.iter().filter_map(|place| OFFICES.get(place)) {
        entries.push(entry(person, *office, chance));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::values::{is_postcode, national};
    use std::collections::HashMap;

    fn rows(people: u32, seed: u64) -> Vec<HashMap<String, String>> {
        let mut bytes = Vec::new();
        generate(people, seed, &mut bytes).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        reader.deserialize().map(Result::unwrap).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_people() {
        let file = |seed| {
            let mut bytes = Vec::new();
            generate(500, seed, &mut bytes).unwrap();
            bytes
        };
        assert_eq!(file(7), file(7));
        assert_ne!(file(7), file(8));
    }

    #[test]
    fn everybody_is_there_and_many_more_than_once() {
        let rows = rows(2_000, 1);
        let mut times: HashMap<&str, u32> = HashMap::new();
        for row in &rows {
            *times.entry(row["person"].as_str()).or_default() += 1;
        }
        assert_eq!(times.len(), 2_000);
        let several = times.values().filter(|times| **times > 1).count();
        assert!((350..550).contains(&several), "{several}");
    }

    #[test]
    fn numbers_check_and_postcodes_have_their_look() {
        let rows = rows(1_000, 1);
        let share = |fits: &dyn Fn(&HashMap<String, String>) -> bool,
                     of: &dyn Fn(&HashMap<String, String>) -> bool| {
            let of: Vec<_> = rows.iter().filter(|row| of(row)).collect();
            of.iter().filter(|row| fits(row)).count() as f64 / of.len() as f64
        };
        let chi = share(&|row| national(&row["chi"]).is_some(), &|row| {
            !row["chi"].is_empty()
        });
        assert!(chi > 0.98, "{chi}");
        let postcode = share(&|row| is_postcode(&row["postcode"]), &|row| {
            !row["postcode"].is_empty()
        });
        assert!(postcode > 0.95, "{postcode}");
    }

    #[test]
    fn the_most_frequent_surname_has_about_one_bearer_in_a_hundred() {
        let rows = rows(20_000, 1);
        let mut times: HashMap<&str, u32> = HashMap::new();
        for row in &rows {
            *times.entry(row["family_name"].as_str()).or_default() += 1;
        }
        let most = times.values().max().unwrap();
        let share = f64::from(*most) / rows.len() as f64;
        assert!((0.005..0.03).contains(&share), "{share}");
        assert!(times.len() > 3_000, "{}", times.len());
    }
}
