//! Many records together: how complete they are, and what only shows in numbers.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{Question, is_named, national, questions};
use crate::number::digits_of;
use crate::text::{compact, hash};
use crate::{BirthDate, Record, postcode};

/// So many records are named where something is asked.
const NAMED: usize = 5;
/// One contact on more records than this is not one person's.
const SHARED: u32 = 6;
/// Births on 1 January, or 1 July, may be so many times those of an ordinary day.
const TOO_OFTEN: u64 = 3;
/// With fewer dates than this, chance alone puts several on one day.
const FEW_DATES: u64 = 100;

/// Records as they are looked at, one after the other. It holds nothing of a record but its id, its
/// dates, and hashes of its numbers.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    year: u16,
    records: u64,
    filled: BTreeMap<&'static str, u64>,
    asked: BTreeMap<Question, Asked>,
    /// Complete dates of birth that no system fills in.
    dates: u64,
    /// Those on 1 January and on 1 July.
    common: [Asked; 2],
    /// By a hash of the number: a date of birth on it, and the record.
    numbers: HashMap<u64, (BirthDate, String)>,
    contacts: HashMap<u64, u32>,
}

/// What is asked, of how many records.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Asked {
    /// How many records.
    pub records: u64,
    /// The ids of the first of them, five at most.
    pub such_as: Vec<String>,
}

/// In how many records something is filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Filled {
    /// What.
    pub part: &'static str,
    /// In how many.
    pub records: u64,
}

/// What came of a survey.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Surveyed {
    /// How many records were looked at.
    pub records: u64,
    /// How complete they are.
    pub filled: Vec<Filled>,
    /// What to ask, the most frequent first.
    pub questions: Vec<(Question, Asked)>,
}

/// What a record may say, in the order in which it is told.
const PARTS: [&str; 7] = [
    "name",
    "date of birth",
    "sex",
    "national number",
    "address",
    "postcode",
    "contact",
];

impl Asked {
    fn add(&mut self, id: &str) {
        self.records += 1;
        if self.such_as.len() < NAMED {
            self.such_as.push(id.to_owned());
        }
    }
}

impl Survey {
    /// Nothing seen yet, in this year.
    #[must_use]
    pub fn of(year: u16) -> Self {
        Self {
            year,
            ..Self::default()
        }
    }

    /// Looks at a record.
    pub fn add(&mut self, record: &Record) {
        self.records += 1;
        self.count_filled(record);
        for question in questions(record, self.year) {
            self.asked.entry(question).or_default().add(&record.id);
        }
        self.count_births(record);
        self.compare_numbers(record);
        self.count_contacts(record);
    }

    fn count_filled(&mut self, record: &Record) {
        let mut addresses = record.addresses.iter();
        let lines = addresses
            .clone()
            .any(|it| it.lines.iter().any(|line| !line.is_empty()));
        let filled = [
            is_named(record),
            record.births.iter().any(|date| !date.is_filler()),
            record.sex.is_some(),
            national(record).next().is_some(),
            lines,
            addresses.any(|it| postcode::normalise(&it.postcode).is_some()),
            !record.contacts.is_empty(),
        ];
        for (part, _) in PARTS.iter().zip(filled).filter(|(_, filled)| *filled) {
            *self.filled.entry(part).or_default() += 1;
        }
    }

    fn count_births(&mut self, record: &Record) {
        let known = |date: &&BirthDate| date.is_complete() && !date.is_filler();
        let Some(date) = record.births.iter().find(known) else {
            return;
        };
        self.dates += 1;
        let [january, july] = &mut self.common;
        match (date.month, date.day) {
            (1, 1) => january.add(&record.id),
            (7, 1) => july.add(&record.id),
            _ => {}
        }
    }

    /// A number that an earlier record of another date of birth has, too.
    fn compare_numbers(&mut self, record: &Record) {
        let Some(born) = record.births.iter().copied().find(|date| !date.is_filler()) else {
            return;
        };
        for (national, number) in national(record) {
            let Some(digits) = digits_of(national, &number.value) else {
                continue;
            };
            let first = self.numbers.entry(hash(digits.as_bytes()));
            let (date, id) = first.or_insert_with(|| (born, record.id.clone()));
            if !may_be_one(*date, born) {
                let asked = self.asked.entry(Question::SharedNumber).or_default();
                if !asked.such_as.contains(id) {
                    asked.add(id);
                }
                asked.add(&record.id);
            }
        }
    }

    fn count_contacts(&mut self, record: &Record) {
        for contact in &record.contacts {
            let times = self.contacts.entry(hash(compact(contact).as_bytes()));
            let times = times.or_default();
            *times += 1;
            if *times > SHARED {
                let asked = self.asked.entry(Question::SharedContact).or_default();
                asked.add(&record.id);
            }
        }
    }

    /// How many records were looked at.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records
    }

    /// What came of it so far.
    #[must_use]
    pub fn surveyed(&self) -> Surveyed {
        let filled = PARTS.iter().map(|part| Filled {
            part,
            records: self.filled.get(part).copied().unwrap_or_default(),
        });
        let mut questions: Vec<(Question, Asked)> = self
            .asked
            .iter()
            .map(|(question, asked)| (*question, asked.clone()))
            .collect();
        let ordinary = self.dates.div_ceil(365);
        let common = self
            .common
            .iter()
            .filter(|asked| self.dates >= FEW_DATES && asked.records > TOO_OFTEN * ordinary.max(3));
        questions.extend(common.map(|asked| (Question::CommonBirthDay, asked.clone())));
        questions.sort_by_key(|(question, asked)| (std::cmp::Reverse(asked.records), *question));
        Surveyed {
            records: self.records,
            filled: filled.collect(),
            questions,
        }
    }
}

/// Whether two dates agree, as far as both are known.
fn may_be_one(one: BirthDate, other: BirthDate) -> bool {
    let same = |one: u8, other: u8| one == 0 || other == 0 || one == other;
    one.year == other.year && same(one.month, other.month) && same(one.day, other.day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CHI_SYSTEM, Identifier, Name};

    fn person(id: usize, born: &str) -> Record {
        Record {
            id: format!("p-{id}"),
            names: vec![Name {
                given: "Morag".to_owned(),
                family: "Testmuir".to_owned(),
                ..Name::default()
            }],
            births: BirthDate::parse(born).into_iter().collect(),
            ..Record::default()
        }
    }

    fn surveyed(records: impl IntoIterator<Item = Record>) -> Surveyed {
        let mut survey = Survey::of(2027);
        for record in records {
            survey.add(&record);
        }
        survey.surveyed()
    }

    #[test]
    fn what_is_filled_is_counted() {
        let mut second = person(2, "1900-01-01");
        second.contacts.push("0141 496 0000".to_owned());
        let told = surveyed([person(1, "1984-03-12"), second]);
        let filled: Vec<(&str, u64)> = told
            .filled
            .iter()
            .map(|filled| (filled.part, filled.records))
            .collect();
        assert_eq!(
            filled,
            [
                ("name", 2),
                ("date of birth", 1),
                ("sex", 0),
                ("national number", 0),
                ("address", 0),
                ("postcode", 0),
                ("contact", 1)
            ]
        );
    }

    #[test]
    fn a_number_on_two_people_is_asked_about_with_all_who_have_it() {
        let with_number = |id, born| {
            let mut record = person(id, born);
            record.identifiers.push(Identifier {
                system: CHI_SYSTEM.to_owned(),
                value: "120384 2147".to_owned(),
                ..Identifier::default()
            });
            record
        };
        // The second is the first once more, with the year alone.
        let told = surveyed([
            with_number(1, "1984-03-12"),
            with_number(2, "1984"),
            with_number(3, "2014-03-12"),
        ]);
        let shared = told
            .questions
            .iter()
            .find(|(question, _)| *question == Question::SharedNumber)
            .map(|(_, asked)| asked.clone())
            .unwrap();
        assert_eq!(shared.such_as, ["p-1", "p-3"]);
        assert_eq!(shared.records, 2);
    }

    #[test]
    fn births_on_the_first_of_january_are_asked_about_where_they_are_too_many() {
        let born = |first_of_january: usize| {
            surveyed((0..400).map(|number| match number < first_of_january {
                true => person(number, "1984-01-01"),
                false => person(
                    number,
                    &format!("1984-{:02}-{:02}", number % 12 + 1, number % 26 + 2),
                ),
            }))
        };
        assert_eq!(born(9).questions, []);
        let [(question, asked)] = &born(10).questions[..] else {
            panic!("one question");
        };
        assert_eq!(*question, Question::CommonBirthDay);
        assert_eq!(asked.records, 10);
        assert_eq!(asked.such_as, ["p-0", "p-1", "p-2", "p-3", "p-4"]);
    }

    #[test]
    fn a_contact_is_asked_about_once_it_is_on_more_records_than_a_household_has() {
        let at_the_office = |id| {
            let mut record = person(id, "1984-03-12");
            record.contacts.push(String::from("0141 496 0000"));
            record
        };
        assert_eq!(surveyed((0..6).map(at_the_office)).questions, []);
        let told = surveyed((0..8).map(at_the_office));
        assert_eq!(told.questions[0].0, Question::SharedContact);
        assert_eq!(told.questions[0].1.records, 2);
    }
}
