//! What a file's data are like: how complete, how valid, and what should be asked of whoever keeps
//! them. Questions only: nothing is refused for its looks, and no value of a person is repeated, so
//! that the report can be passed on.

use std::collections::{BTreeMap, HashMap};

use linkage::{National, Validity, digits_of, validity};
use serde::Serialize;

use super::guess::Guess;
use super::roles::Role;
use super::table::{Column, Table};
use super::values::{DateOrder, digits, is_blank_word, is_email, is_phone, is_postcode, is_sex};

/// So many lines are named where something is asked.
const LINES_NAMED: usize = 5;
/// A value of names, dates or numbers on more rows than this share may be a default.
const COMMON: f64 = 0.02;
/// One e-mail address or number on so many rows is not one person's.
const SHARED: usize = 6;
/// So many rows of one address may be one household's, seen several times.
const CROWDED: usize = 25;
/// 1 January may be so many times more frequent than one day in the year.
const TOO_OFTEN: usize = 3;

/// What is told of one column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnQuality {
    /// Its name.
    pub column: String,
    /// What it was taken for.
    pub role: Role,
    /// Rows in which it is not blank.
    pub filled: usize,
    /// Values that differ from each other.
    pub distinct: usize,
    /// Filled rows whose value is of the form that such a column has; absent where any is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid: Option<usize>,
}

/// Something to ask whoever keeps the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The column.
    pub column: String,
    /// What was seen and what it may mean.
    pub text: String,
    /// How many rows it is about.
    pub rows: usize,
    /// The first lines of them.
    pub lines: Vec<u64>,
}

/// What is told of one file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quality {
    /// Rows that were taken.
    pub rows: usize,
    /// A line for each column.
    pub columns: Vec<ColumnQuality>,
    /// What to ask.
    pub questions: Vec<Question>,
}

/// Looks at a file's data. `year` is this year, by which a birth can be in the future.
#[must_use]
pub fn quality(table: &Table, guesses: &[Guess], year: u16) -> Quality {
    let mut look = Look {
        table,
        year,
        questions: Vec::new(),
    };
    let columns = table.columns.iter().zip(guesses);
    let columns = columns
        .map(|(column, guess)| look.column(column, guess))
        .collect();
    look.across(guesses);
    Quality {
        rows: table.len(),
        columns,
        questions: look.questions,
    }
}

struct Look<'a> {
    table: &'a Table,
    year: u16,
    questions: Vec<Question>,
}

impl Look<'_> {
    fn column(&mut self, column: &Column, guess: &Guess) -> ColumnQuality {
        let mut times: HashMap<&str, usize> = HashMap::new();
        for value in column.values().filter(|value| !value.is_empty()) {
            *times.entry(value).or_default() += 1;
        }
        let filled = times.values().sum();
        let told = ColumnQuality {
            column: column.name.clone(),
            role: guess.role,
            filled,
            distinct: times.len(),
            valid: validity_of(guess).map(|fits| {
                let fitting = times.iter().filter(|(value, _)| fits(value));
                fitting.map(|(_, times)| times).sum()
            }),
        };
        if matches!(guess.role, Role::LeaveOut | Role::Id) {
            return told;
        }
        self.invalid(column, guess);
        self.blank_words(column);
        self.defaults(column, guess, &times, filled);
        if guess.role == Role::BirthDate {
            self.births(column, guess, filled);
        }
        told
    }

    /// Asks about the rows of which it is true.
    fn ask(&mut self, column: &str, text: impl Into<String>, is_so: impl Fn(usize) -> bool) {
        let rows: Vec<usize> = (0..self.table.len()).filter(|row| is_so(*row)).collect();
        if rows.is_empty() {
            return;
        }
        let lines = rows.iter().take(LINES_NAMED);
        self.questions.push(Question {
            column: column.to_owned(),
            text: text.into(),
            rows: rows.len(),
            lines: lines
                .filter_map(|&row| self.table.lines.get(row).copied())
                .collect(),
        });
    }

    fn invalid(&mut self, column: &Column, guess: &Guess) {
        let Some(fits) = validity_of(guess) else {
            return;
        };
        let what = match guess.role {
            Role::BirthDate => "there was no such day: are parts swapped or mistyped?",
            Role::Chi | Role::NhsNumber | Role::HcNumber => {
                "the number does not check: is a digit mistyped, or is it a local number?"
            }
            Role::Postcode => "not of the form of a postcode",
            Role::Sex => "no code of sex that is known",
            _ => "neither an e-mail address nor a telephone number",
        };
        self.ask(&column.name, what, |row| {
            let value = column.value(row);
            !value.is_empty() && !is_blank_word(value) && !fits(value)
        });
    }

    fn blank_words(&mut self, column: &Column) {
        let words = "a word that programs write for nothing: it is taken as blank";
        self.ask(&column.name, words, |row| is_blank_word(column.value(row)));
    }

    /// A value that is too frequent among values that mostly differ.
    fn defaults(
        &mut self,
        column: &Column,
        guess: &Guess,
        times: &HashMap<&str, usize>,
        filled: usize,
    ) {
        let personal = matches!(
            guess.role,
            Role::FamilyName
                | Role::FullName
                | Role::BirthDate
                | Role::Chi
                | Role::NhsNumber
                | Role::HcNumber
                | Role::Identifier
                | Role::Contact
                | Role::Postcode
                | Role::AddressLine
        );
        if !personal || filled < 100 || times.len() * 20 < filled {
            return;
        }
        let common = |value: &str| {
            let count = times.get(value).copied().unwrap_or_default();
            count as f64 > COMMON * filled as f64 && !is_blank_word(value)
        };
        let words = "one value is on very many rows: is it what is written when nothing is known?";
        self.ask(&column.name, words, |row| common(column.value(row)));
    }

    fn births(&mut self, column: &Column, guess: &Guess, filled: usize) {
        let order = guess.order.unwrap_or(DateOrder::YearMonthDay);
        let dates: Vec<Option<[u16; 3]>> = column
            .values()
            .map(|value| order.read(value).first().copied())
            .collect();
        let is = |row: usize, fits: &dyn Fn([u16; 3]) -> bool| {
            dates.get(row).copied().flatten().is_some_and(fits)
        };
        for (day, month, name) in [(1, 1, "1 January"), (1, 7, "1 July")] {
            let on_it = |[_, m, d]: [u16; 3]| m == month && d == day;
            let count = (0..self.table.len()).filter(|row| is(*row, &on_it)).count();
            let expected = filled.div_ceil(365);
            if count > TOO_OFTEN * expected.max(3) {
                let words = format!(
                    "{name}, where one day in the year would be {expected}: is it what is written when only the year is known?"
                );
                self.ask(&column.name, words, |row| is(row, &on_it));
            }
        }
        let words = "born in 1900 or 1901 on the first of January, as systems fill in";
        self.ask(&column.name, words, |row| {
            is(row, &|[y, m, d]| {
                (1900..=1901).contains(&y) && m == 1 && d == 1
            })
        });
        let year = self.year;
        self.ask(&column.name, "born in the future", |row| {
            is(row, &|[y, ..]| y > year && y < 2200)
        });
        if order.read("01/02/03").len() > 1 {
            let two = |row| order.read(column.value(row)).len() > 1;
            let words = "the year has two digits: both centuries are compared";
            self.ask(&column.name, words, two);
        }
    }

    /// What only shows when columns are seen together.
    fn across(&mut self, guesses: &[Guess]) {
        let table = self.table;
        let of = |role: Role| {
            let mut columns = table.columns.iter().zip(guesses);
            columns.find(|(_, guess)| guess.role == role)
        };
        let born = of(Role::BirthDate);
        if let (Some((chi, _)), Some((birth, guess))) = (of(Role::Chi), born) {
            let order = guess.order.unwrap_or(DateOrder::YearMonthDay);
            let words = "the date in the CHI number is not the date of birth (true of one number in a hundred and twenty; a mistake in others)";
            self.ask(&chi.name, words, |row| {
                chi_differs(chi.value(row), birth.value(row), order)
            });
        }
        for (column, guess) in table.columns.iter().zip(guesses) {
            match guess.role {
                Role::Chi | Role::NhsNumber | Role::HcNumber | Role::Identifier => {
                    if let Some((birth, _)) = born {
                        self.shared_number(column, birth);
                    }
                }
                Role::Contact => {
                    self.shared(column, SHARED, "one contact is on many rows: whose is it?");
                }
                Role::AddressLine | Role::Uprn => {
                    let words =
                        "one address is on very many rows: is it a home, a hostel, or an office?";
                    self.shared(column, CROWDED, words);
                }
                _ => {}
            }
        }
    }

    /// A number on rows of different dates of birth.
    fn shared_number(&mut self, column: &Column, birth: &Column) {
        let mut births: HashMap<&str, BTreeMap<&str, usize>> = HashMap::new();
        for row in 0..self.table.len() {
            let (number, born) = (column.value(row), birth.value(row));
            if !number.is_empty() && !born.is_empty() {
                *births.entry(number).or_default().entry(born).or_default() += 1;
            }
        }
        let shared = |row: usize| {
            births
                .get(column.value(row))
                .is_some_and(|births| births.len() > 1)
        };
        let words =
            "one number with different dates of birth: is it two people's, or is a date mistyped?";
        self.ask(&column.name, words, shared);
    }

    fn shared(&mut self, column: &Column, most: usize, words: &str) {
        let mut times: HashMap<&str, usize> = HashMap::new();
        for value in column.values().filter(|value| !value.is_empty()) {
            *times.entry(value).or_default() += 1;
        }
        self.ask(&column.name, words, |row| {
            times
                .get(column.value(row))
                .is_some_and(|times| *times > most)
        });
    }
}

/// Whether a value is of the form that its column has.
type Fits = Box<dyn Fn(&str) -> bool>;

/// What makes a value of this role valid, where anything does.
fn validity_of(guess: &Guess) -> Option<Fits> {
    let order = guess.order;
    let national = |national: National| -> Fits {
        Box::new(move |value| {
            digits_of(national, value).is_some_and(|number| validity(&number) != Validity::Invalid)
        })
    };
    Some(match guess.role {
        Role::BirthDate => Box::new(move |value| match order {
            Some(order) => order.is_date(value) || is_year(value),
            None => is_year(value),
        }),
        Role::Chi => national(National::Chi),
        Role::NhsNumber => national(National::Nhs),
        Role::HcNumber => national(National::Hc),
        // Other countries have codes of digits.
        Role::Postcode => Box::new(|value| is_postcode(value) || digits(value).is_some()),
        Role::Sex => Box::new(is_sex),
        Role::Contact => Box::new(|value| is_email(value) || is_phone(value)),
        _ => return None,
    })
}

fn is_year(value: &str) -> bool {
    value.len() == 4 && digits(value).is_some()
}

fn chi_differs(chi: &str, birth: &str, order: DateOrder) -> bool {
    let Some(number) = digits_of(National::Chi, chi) else {
        return false;
    };
    let part =
        |range: std::ops::Range<usize>| number.get(range).and_then(|part| part.parse::<u16>().ok());
    let (Some(day), Some(month), Some(year)) = (part(0..2), part(2..4), part(4..6)) else {
        return false;
    };
    let births = order.read(birth);
    let same = |[y, m, d]: &[u16; 3]| *d == day && *m == month && y % 100 == year;
    validity(&number) != Validity::Invalid && !births.is_empty() && !births.iter().any(same)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::delimited;
    use crate::matching::guess::{Told, guess};

    fn asked(text: &str) -> Vec<String> {
        let mut table = Table::default();
        delimited::read(text.as_bytes(), b',', &mut table).unwrap();
        let guesses = guess(&table, &Told::default());
        let quality = quality(&table, &guesses, 2027);
        let questions = quality.questions.iter();
        questions
            .map(|question| {
                let begin: String = question.text.chars().take(24).collect();
                format!(
                    "{} {} {:?} {begin}",
                    question.column, question.rows, question.lines
                )
            })
            .collect()
    }

    #[test]
    fn a_file_in_order_raises_no_question() {
        let text = "given_name,surname,dob,sex,postcode\nAnn,Baird,1984-03-12,F,ZY1 2AB\nIan,Null,1990-01-01,M,ZY1 2AC\n";
        assert_eq!(asked(text), Vec::<String>::new());
    }

    #[test]
    fn what_looks_odd_is_asked_with_its_lines() {
        let text = "surname,dob,sex,postcode,chi,email\n\
            Baird,1984-02-30,F,ZY1 2AB,1203842147,ann@example.org\n\
            Mowat,1984-03-12,F,ZY1 2AB,1203842147,x\n\
            Reid,2031-05-05,M,Northburn,1203842148,ian@example.org\n\
            NULL,1985-03-12,M,ZY1 2AB,,kim@example.org\n\
            Sim,1900-01-01,M,ZY1 2AB,,kit@example.org\n\
            Low,1985-03-13,M,ZY1 2AB,,kat@example.org\n";
        assert_eq!(
            asked(text),
            [
                "surname 1 [5] a word that programs wri",
                "dob 1 [2] there was no such day: a",
                "dob 1 [6] born in 1900 or 1901 on ",
                "dob 1 [4] born in the future",
                "postcode 1 [4] not of the form of a pos",
                "chi 1 [4] the number does not chec",
                "email 1 [3] neither an e-mail addres",
                "chi 1 [2] the date in the CHI numb",
                "chi 2 [2, 3] one number with differen",
            ]
        );
    }

    #[test]
    fn too_many_births_on_one_day_and_too_many_rows_of_one_value_are_asked_about() {
        let mut text = String::from("surname,dob,email\n");
        for row in 0..200 {
            let (day, month) = if row % 4 == 0 {
                (1, 1)
            } else {
                (row % 28 + 1, row % 12 + 1)
            };
            let surname = if row % 10 == 0 {
                "Unknown".to_owned()
            } else {
                format!("Baird{row}")
            };
            let email = if row < 8 {
                "office".to_owned()
            } else {
                format!("p{row}")
            };
            text.push_str(&format!(
                "{surname},{}-{month:02}-{day:02},{email}@example.org\n",
                1930 + row % 70
            ));
        }
        let asked = asked(&text);
        assert!(
            asked
                .iter()
                .any(|a| a.starts_with("surname 20 [2, 12, 22, 32, 42] one value is on very")),
            "{asked:?}"
        );
        assert!(
            asked
                .iter()
                .any(|a| a.starts_with("dob 5") && a.ends_with("1 January, where one day")),
            "{asked:?}"
        );
        assert!(
            asked
                .iter()
                .any(|a| a.starts_with("email 8 [2, 3, 4, 5, 6] one contact")),
            "{asked:?}"
        );
    }
}
