//! What is to be asked of whoever keeps records of people: questions, and never rejections. A record
//! that looks odd may be right, and is matched by whatever it says.
//!
//! [`questions`] looks at one record; a [`Survey`] at many, where it shows what is filled in when
//! nothing is known, and which number is on two people.

mod survey;

use serde::{Deserialize, Serialize};

use crate::number::{National, Validity, digits_of, validity};
use crate::{BirthDate, Identifier, IdentifierUse, Record, names, postcode};

pub use survey::{Asked, Filled, Survey, Surveyed};

/// Nobody is known to have lived for longer, in years.
const LONGEST_LIFE: u16 = 122;

/// Something to ask about a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// No name that could be compared.
    NoName,
    /// A name, of which all is a word for "not known".
    FillerName,
    /// No date of birth.
    NoBirthDate,
    /// A whole date that systems fill in.
    FillerBirthDate,
    /// There was no such day.
    ImpossibleBirthDate,
    /// Born after this year, or longer ago than anybody lived.
    ImplausibleBirthDate,
    /// Many more are born on the first of January or of July than on other days.
    CommonBirthDay,
    /// A national number whose check does not hold, or that is one digit repeated.
    NumberDoesNotCheck,
    /// The date in a CHI number is another than the date of birth.
    NumberOfAnotherDay,
    /// One national number on records of different dates of birth.
    SharedNumber,
    /// A British postcode in a form that there is none of.
    PostcodeForm,
    /// One telephone number or e-mail address on many records.
    SharedContact,
}

impl Question {
    /// The code by which programs know it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoName => "no-name",
            Self::FillerName => "filler-name",
            Self::NoBirthDate => "no-birth-date",
            Self::FillerBirthDate => "filler-birth-date",
            Self::ImpossibleBirthDate => "impossible-birth-date",
            Self::ImplausibleBirthDate => "implausible-birth-date",
            Self::CommonBirthDay => "common-birth-day",
            Self::NumberDoesNotCheck => "number-does-not-check",
            Self::NumberOfAnotherDay => "number-of-another-day",
            Self::SharedNumber => "shared-number",
            Self::PostcodeForm => "postcode-form",
            Self::SharedContact => "shared-contact",
        }
    }

    /// The question, as whoever keeps the record is asked it. It repeats nothing of the record.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoName => "there is no name: can one be asked for?",
            Self::FillerName => "the name is a word for \"not known\": is a name known by now?",
            Self::NoBirthDate => "there is no date of birth: is at least the year known?",
            Self::FillerBirthDate => {
                "the date of birth is one that systems fill in: is it known? It is compared as unknown"
            }
            Self::ImpossibleBirthDate => {
                "there was no such day of birth: are day and month swapped, or a digit mistyped?"
            }
            Self::ImplausibleBirthDate => {
                "born in the future, or longer ago than anybody has lived: is the century right?"
            }
            Self::CommonBirthDay => {
                "far more are born on 1 January or 1 July than on other days: is it what is written when only the year is known? \
                 Then send the year alone"
            }
            Self::NumberDoesNotCheck => {
                "the check digit of a national number does not hold: is a digit mistyped, or is it a local or temporary number?"
            }
            Self::NumberOfAnotherDay => {
                "the date in the CHI number is not the date of birth: that is right in one record of a hundred and twenty; is it here?"
            }
            Self::SharedNumber => {
                "one national number is on records with different dates of birth: is it two people's, or is a date mistyped?"
            }
            Self::PostcodeForm => {
                "there is no postcode of this form: is O written for 0, or I for 1, or a letter lost?"
            }
            Self::SharedContact => {
                "one telephone number or e-mail address is on many records: is it an office's? It says little of who somebody is"
            }
        }
    }
}

/// What one record by itself gives reason to ask. `year` is this year.
#[must_use]
pub fn questions(record: &Record, year: u16) -> Vec<Question> {
    let mut asked = Vec::new();
    let mut ask = |question: Question, is_so: bool| {
        if is_so {
            asked.push(question);
        }
    };
    let named = is_named(record);
    let written = record.names.iter().any(|name| {
        let parts = [&name.given, &name.middle, &name.family, &name.text];
        parts.iter().any(|part| !part.trim().is_empty())
    });
    ask(Question::NoName, !named && !written);
    ask(Question::FillerName, !named && written);
    ask(Question::NoBirthDate, record.births.is_empty());
    let mut births = record.births.iter().copied();
    let born = |is_so: fn(BirthDate, u16) -> bool| births.clone().any(|date| is_so(date, year));
    ask(Question::FillerBirthDate, born(|date, _| date.is_filler()));
    ask(
        Question::ImpossibleBirthDate,
        born(|date, _| is_impossible(date)),
    );
    ask(Question::ImplausibleBirthDate, born(is_implausible));
    let invalid = |(national, number): (National, &Identifier)| !is_valid(national, &number.value);
    ask(Question::NumberDoesNotCheck, national(record).any(invalid));
    let of_another_day = chi_days(record).any(|day| !births.all(|date| day.fits(date)));
    ask(
        Question::NumberOfAnotherDay,
        !record.births.is_empty() && of_another_day,
    );
    let malformed = |code: &str| is_malformed(code);
    let mut addresses = record.addresses.iter();
    ask(
        Question::PostcodeForm,
        addresses.any(|address| malformed(&address.postcode)),
    );
    asked
}

/// Whether any name has a word that can be compared.
fn is_named(record: &Record) -> bool {
    record.names.iter().any(|name| {
        let parts = names::parts(name);
        !(parts.given.is_empty() && parts.family.is_empty() && parts.rest.is_empty())
    })
}

/// The numbers in use that stand in a national system. What is temporary or old may be of any form.
fn national(record: &Record) -> impl Iterator<Item = (National, &Identifier)> {
    let numbers = record.identifiers.iter();
    let in_use = numbers.filter(|number| number.used == IdentifierUse::Usual);
    in_use.filter_map(|number| Some((National::of(&number.system)?, number)))
}

fn is_valid(national: National, value: &str) -> bool {
    digits_of(national, value).is_some_and(|digits| validity(&digits) != Validity::Invalid)
}

/// Written with all three parts, of a month or a day that there is not.
fn is_impossible(date: BirthDate) -> bool {
    let by = |years| date.year.is_multiple_of(years);
    let leap = by(4) && (!by(100) || by(400));
    let days = match date.month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        0..=12 => 31,
        _ => 0,
    };
    date.day > days
}

fn is_implausible(date: BirthDate, year: u16) -> bool {
    !date.is_filler() && (date.year > year || date.year + LONGEST_LIFE < year)
}

/// The day with which a CHI number begins.
#[derive(Clone, Copy)]
struct ChiDay {
    day: u8,
    month: u8,
    year: u16,
}

impl ChiDay {
    /// Whether a date of birth is on this day, as far as it is known.
    fn fits(self, date: BirthDate) -> bool {
        let same = |known: u8, own: u8| known == 0 || known == own;
        date.year % 100 == self.year && same(date.month, self.month) && same(date.day, self.day)
    }
}

fn chi_days(record: &Record) -> impl Iterator<Item = ChiDay> {
    let numbers = national(record).filter(|(national, _)| *national == National::Chi);
    numbers.filter_map(|(national, number)| {
        let digits = digits_of(national, &number.value)?;
        let part = |range| digits.get(range).and_then(|part: &str| part.parse().ok());
        (validity(&digits) != Validity::Invalid).then_some(ChiDay {
            day: part(0..2)?,
            month: part(2..4)?,
            year: u16::from(part(4..6)?),
        })
    })
}

/// Whether a postcode looks British and is none: those of other countries are mostly digits.
fn is_malformed(code: &str) -> bool {
    let Some(code) = postcode::normalise(code) else {
        return false;
    };
    let mixed = |is: fn(&u8) -> bool| code.as_bytes().iter().any(is);
    mixed(u8::is_ascii_alphabetic) && mixed(u8::is_ascii_digit) && !postcode::is_british(&code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Address, CHI_SYSTEM, Name};

    fn morag() -> Record {
        Record {
            names: vec![Name {
                given: "Morag".to_owned(),
                family: "Testmuir".to_owned(),
                ..Name::default()
            }],
            births: BirthDate::parse("1984-03-12").into_iter().collect(),
            identifiers: vec![chi("1203842147")],
            addresses: vec![Address {
                postcode: "KY1 2AB".to_owned(),
                ..Address::default()
            }],
            ..Record::default()
        }
    }

    fn chi(value: &str) -> Identifier {
        Identifier {
            system: CHI_SYSTEM.to_owned(),
            value: value.to_owned(),
            ..Identifier::default()
        }
    }

    fn asked(change: impl FnOnce(&mut Record)) -> Vec<Question> {
        let mut record = morag();
        change(&mut record);
        questions(&record, 2027)
    }

    #[test]
    fn a_record_in_order_raises_no_question_and_neither_does_a_name_that_looks_odd() {
        assert_eq!(asked(|_| {}), []);
        for (given, family) in [("Ann", "Null"), ("X", "Æ"), ("", "Sukarno"), ("李", "")] {
            let odd = |record: &mut Record| {
                record.names[0].given = given.to_owned();
                record.names[0].family = family.to_owned();
            };
            let told = asked(odd);
            // A surname that is written like a word for nothing is beside a first name.
            assert_eq!(told, [], "{given} {family}");
        }
    }

    #[test]
    fn what_is_missing_and_what_was_filled_in_are_told_apart() {
        assert_eq!(asked(|it| it.names.clear()), [Question::NoName]);
        let filler = |it: &mut Record| {
            it.names[0].given = "UNKNOWN".to_owned();
            it.names[0].family = "unknown".to_owned();
        };
        assert_eq!(asked(filler), [Question::FillerName]);
        assert_eq!(asked(|it| it.births.clear()), [Question::NoBirthDate]);
    }

    #[test]
    fn a_date_of_birth_is_asked_about_if_nobody_can_have_it() {
        let born = |text: &str| {
            asked(|it| {
                it.identifiers.clear();
                it.births = BirthDate::parse(text).into_iter().collect();
            })
        };
        assert_eq!(born("1900-01-01"), [Question::FillerBirthDate]);
        assert_eq!(born("1985-02-29"), [Question::ImpossibleBirthDate]);
        assert_eq!(born("1984-02-29"), []);
        assert_eq!(born("1984-13-02"), [Question::ImpossibleBirthDate]);
        assert_eq!(born("2028-01-02"), [Question::ImplausibleBirthDate]);
        assert_eq!(born("1904-05-02"), [Question::ImplausibleBirthDate]);
        assert_eq!(born("1905-05-02"), []);
        assert_eq!(born("1984"), []);
        // The first of January alone is a birthday like any other.
        assert_eq!(born("1984-01-01"), []);
    }

    #[test]
    fn a_number_is_asked_about_if_it_is_none_or_is_of_another_day() {
        let number = |value: &str| asked(|it| it.identifiers = vec![chi(value)]);
        assert_eq!(number("1203842148"), [Question::NumberDoesNotCheck]);
        assert_eq!(number("9999999999"), [Question::NumberDoesNotCheck]);
        assert_eq!(number("0503619841"), [Question::NumberOfAnotherDay]);
        let temporary = |it: &mut Record| {
            it.identifiers = vec![chi("1203842148")];
            it.identifiers[0].used = IdentifierUse::Temp;
        };
        assert_eq!(asked(temporary), []);
        // With the year alone, the day in the number can only add to it.
        let year_alone =
            |it: &mut Record| it.births = BirthDate::parse("1984").into_iter().collect();
        assert_eq!(asked(year_alone), []);
    }

    #[test]
    fn a_postcode_is_asked_about_if_it_looks_british_and_is_none() {
        let code = |code: &str| asked(|it| code.clone_into(&mut it.addresses[0].postcode));
        assert_eq!(code("KY12 34"), [Question::PostcodeForm]);
        assert_eq!(code("KYl 2AB"), []);
        assert_eq!(code("80331"), []);
        assert_eq!(code("ZZ99 3VZ"), []);
        assert_eq!(code(""), []);
    }
}
