//! Guessing what each column holds, from its name and from what stands in it, and saying why.
//!
//! The name proposes and the values decide: a column called `dob` without dates is no date of
//! birth. Nothing is guessed from a person's data that is not told in the report beside it.

use std::collections::{HashMap, HashSet};

use linkage::National;
use serde::Serialize;

use super::halves;
use super::mapping::Mapping;
use super::roles::{Role, Says, says, words_of};
use super::table::{Column, Table};
use super::values::{
    DateOrder, digits, is_blank_word, is_email, is_phone, is_postcode, is_sex, national,
};

/// So many values of a column are looked at.
const LOOKED_AT: usize = 2_000;
/// What most values show is believed from this share on: real files have errors.
const MOST: f64 = 0.8;
/// Longer texts on average are remarks, not marks of a person.
const LONGEST_MARK: usize = 60;

/// What one column is taken for, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guess {
    /// The column's name.
    pub column: String,
    /// What it is taken for.
    pub role: Role,
    /// In which order its dates are, if it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<DateOrder>,
    /// The reason in words.
    pub because: String,
    /// Whether somebody said so, and it was not guessed.
    pub told: bool,
}

impl Guess {
    fn guessed(column: &Column, role: Role, because: impl Into<String>) -> Self {
        Self {
            column: column.name.clone(),
            role,
            order: None,
            because: because.into(),
            told: false,
        }
    }

    fn told(column: &Column, role: Role, because: &str) -> Self {
        Self {
            told: true,
            ..Self::guessed(column, role, because)
        }
    }
}

/// What the command line says of columns.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Columns that name the rows.
    pub ids: Vec<String>,
    /// Columns that are not to be compared.
    pub ignored: Vec<String>,
    /// The column that says who is who.
    pub truth: Option<String>,
    /// A mapping file.
    pub mapping: Mapping,
}

/// What every column of a file is taken for.
#[must_use]
pub fn guess(table: &Table, told: &Told) -> Vec<Guess> {
    let mut guesses: Vec<Guess> = table
        .columns
        .iter()
        .map(|column| one(column, told))
        .collect();
    if !guesses.iter().any(|guess| guess.role == Role::Id) {
        find_id(table, &mut guesses);
    }
    drop_copies(table, &mut guesses);
    halves::name_the_other(table, &mut guesses);
    guesses
}

fn one(column: &Column, told: &Told) -> Guess {
    let named = |names: &[String]| {
        let mut names = names.iter();
        names.any(|name| name.eq_ignore_ascii_case(&column.name))
    };
    if named(&told.ids) {
        return Guess::told(column, Role::Id, "named by --id");
    }
    if named(told.truth.as_slice()) {
        return Guess::told(column, Role::LeaveOut, "named by --truth: only measured by");
    }
    if named(&told.ignored) {
        return Guess::told(column, Role::LeaveOut, "named by --ignore");
    }
    let seen = Seen::of(column);
    if let Some((role, order)) = told.mapping.of(&column.name) {
        let mut guess = Guess::told(column, role, "the mapping says so");
        guess.order = order.or_else(|| (role == Role::BirthDate).then(|| seen.order().0));
        return guess;
    }
    if told.mapping.leaves_out_the_rest {
        return Guess::told(column, Role::LeaveOut, "the mapping does not name it");
    }
    if seen.count == 0 {
        return Guess::guessed(column, Role::LeaveOut, "it is blank");
    }
    by_name(column, &seen).unwrap_or_else(|| by_values(column, &seen))
}

/// What the name says, unless the values say otherwise.
fn by_name(column: &Column, seen: &Seen) -> Option<Guess> {
    let guessed = |role, because: String| Some(Guess::guessed(column, role, because));
    let (role, word) = match says(&column.name) {
        Says::Role(role, word) => (role, word),
        Says::Answer => {
            return guessed(
                Role::LeaveOut,
                "its name says that it has the answer, which rows belong together; if it has not, say in a mapping what it is".to_owned(),
            );
        }
        Says::AboutTheRow(word) => {
            return guessed(
                Role::LeaveOut,
                format!("{word:?} is about the row, not the person"),
            );
        }
        Says::AboutAnother(word) => {
            return (seen.is_mark()).then(|| {
                Guess::guessed(
                    column,
                    Role::Other,
                    format!("about somebody else ({word:?})"),
                )
            });
        }
        Says::Nothing => return None,
    };
    let called = format!("called {word:?}");
    let with =
        |share: f64, what: &str| format!("{called}; {} of its values {what}", percent(share));
    match role {
        Role::BirthDate => {
            let (order, share) = seen.order();
            if share >= 0.5 {
                let words = with(share, &format!("are dates ({})", order.words()));
                let mut guess = Guess::guessed(column, role, words);
                guess.order = Some(order);
                return Some(guess);
            }
            let years = seen.share(|value| value.len() == 4 && digits(value).is_some());
            (years >= 0.5).then(|| Guess::guessed(column, role, with(years, "are years")))
        }
        Role::Sex => {
            let share = seen.share(is_sex);
            (share >= MOST).then(|| Guess::guessed(column, role, with(share, "are codes of sex")))
        }
        Role::Chi | Role::NhsNumber | Role::HcNumber => {
            let share = seen.share(|value| digits(value).is_some());
            let words = with(share, "are numbers");
            let role = if share >= 0.5 { role } else { Role::Other };
            guessed(role, words)
        }
        Role::FullName if seen.distinct <= 1 => None,
        // "First" and "last" are said of much else.
        _ if matches!(word, "first" | "last" | "given") && seen.is_numbered() => None,
        role => guessed(role, called),
    }
}

/// What the values alone show.
fn by_values(column: &Column, seen: &Seen) -> Guess {
    let guessed = |role, share: f64, what: &str| {
        let words = format!("{} of its values {what}", percent(share));
        Guess::guessed(column, role, words)
    };
    let any = seen.share(|value| national(value).is_some());
    let chi = seen.share(|value| national(value) == Some(National::Chi));
    let email = seen.share(is_email);
    let phone = seen.share(is_phone);
    let postcode = seen.share(is_postcode);
    let sex = seen.share(is_sex);
    let (order, dates) = seen.order();
    let unlike = seen.distinct * 4 > seen.count;
    if chi >= MOST {
        return guessed(
            Role::Chi,
            chi,
            "are ten digits that check and begin with a date",
        );
    }
    if any >= MOST {
        return guessed(
            Role::NhsNumber,
            any,
            "are ten digits that check, in a range that is issued",
        );
    }
    if email >= MOST {
        return guessed(Role::Contact, email, "are e-mail addresses");
    }
    if postcode >= MOST {
        return guessed(Role::Postcode, postcode, "have the look of postcodes");
    }
    if dates >= MOST && order != DateOrder::SpreadsheetDay && seen.distinct > 20.min(seen.count / 2)
    {
        let mut guess = guessed(Role::BirthDate, dates, "are dates");
        guess.order = Some(order);
        return guess;
    }
    if phone >= MOST && unlike {
        return guessed(Role::Contact, phone, "have the look of telephone numbers");
    }
    if sex >= 0.99 && seen.distinct <= 5 && seen.distinct > 1 && !seen.is_of_digits() {
        return guessed(Role::Sex, sex, "are codes of sex");
    }
    by_shape(column, seen)
}

/// What has no look of its own: a mark of the person, or something to leave out.
fn by_shape(column: &Column, seen: &Seen) -> Guess {
    let guessed = |role, because: &str| Guess::guessed(column, role, because);
    if seen.distinct == 1 {
        return guessed(Role::LeaveOut, "every row has the same");
    }
    if !seen.is_mark() {
        return guessed(Role::LeaveOut, "long texts, which are remarks");
    }
    let whole = column.values().collect::<HashSet<_>>().len();
    if seen.count > 50 && whole == column.values().count() {
        return guessed(Role::LeaveOut, NAMES_ROWS);
    }
    guessed(
        Role::Other,
        "neither name nor values say what it is: compared as something that is the same or not",
    )
}

/// Takes a column that names each row once for the id, if one is called so.
fn find_id(table: &Table, guesses: &mut [Guess]) {
    const CALLED: [&str; 12] = [
        "unique id",
        "id",
        "record id",
        "rec id",
        "row id",
        "uid",
        "uuid",
        "key",
        "patient id",
        "client id",
        "subject id",
        "recid",
    ];
    for called in CALLED {
        for (column, guess) in table.columns.iter().zip(guesses.iter_mut()) {
            let free = !guess.told
                && matches!(guess.role, Role::LeaveOut | Role::Other | Role::Identifier);
            if free && words_of(&column.name) == called && names_rows(column) {
                guess.role = Role::Id;
                guess.because = format!("called {called:?}, and no two rows have the same");
                return;
            }
        }
    }
    // Whatever it is called, one column that names each row once is the name of the row.
    let mut unlike = table
        .columns
        .iter()
        .zip(guesses.iter_mut())
        .filter(|(column, guess)| guess.because == NAMES_ROWS && names_rows(column));
    if let (Some((_, guess)), None) = (unlike.next(), unlike.next()) {
        guess.role = Role::Id;
    }
}

const NAMES_ROWS: &str = "no two rows have the same: it names rows";

fn names_rows(column: &Column) -> bool {
    let mut seen = HashSet::new();
    column
        .values()
        .all(|value| !value.is_empty() && seen.insert(value))
}

/// A whole name that only repeats the parts beside it tells nothing more.
fn drop_copies(table: &Table, guesses: &mut [Guess]) {
    let place = |role: Role, guesses: &[Guess]| guesses.iter().position(|guess| guess.role == role);
    let (Some(given), Some(family)) = (
        place(Role::GivenName, guesses),
        place(Role::FamilyName, guesses),
    ) else {
        return;
    };
    for (at, guess) in guesses.iter_mut().enumerate() {
        if guess.role != Role::FullName || guess.told {
            continue;
        }
        let columns = (
            table.columns.get(at),
            table.columns.get(given),
            table.columns.get(family),
        );
        let (Some(whole), Some(given), Some(family)) = columns else {
            continue;
        };
        let step = table.len().div_ceil(LOOKED_AT).max(1);
        let (mut count, mut copies) = (0u32, 0u32);
        for row in (0..table.len()).step_by(step) {
            let parts = format!("{} {}", given.value(row), family.value(row));
            if !whole.value(row).is_empty() {
                count += 1;
                copies += u32::from(whole.value(row).eq_ignore_ascii_case(parts.trim()));
            }
        }
        if f64::from(copies) >= MOST * f64::from(count) {
            guess.role = Role::LeaveOut;
            guess.because = format!("it repeats {} and {}", given.name, family.name);
        }
    }
}

/// What was seen of a column's values.
struct Seen<'a> {
    values: Vec<&'a str>,
    count: usize,
    distinct: usize,
    letters: usize,
}

impl<'a> Seen<'a> {
    fn of(column: &'a Column) -> Self {
        let values: Vec<&str> = column
            .sample(LOOKED_AT)
            .filter(|value| !is_blank_word(value))
            .collect();
        let distinct = values.iter().collect::<HashSet<_>>().len();
        Self {
            count: values.len(),
            distinct,
            letters: values.iter().map(|value| value.chars().count()).sum(),
            values,
        }
    }

    fn share(&self, fits: impl Fn(&str) -> bool) -> f64 {
        let fitting = self.values.iter().filter(|value| fits(value)).count();
        fitting as f64 / self.count.max(1) as f64
    }

    /// The order in which most values are dates; of two that fit as well, the earlier in
    /// [`DateOrder::ALL`], so that days come before months unless some value shows otherwise.
    fn order(&self) -> (DateOrder, f64) {
        let mut best = (DateOrder::YearMonthDay, 0.0);
        for order in DateOrder::ALL {
            let share = self.share(|value| order.is_date(value));
            if share > best.1 {
                best = (order, share);
            }
        }
        best
    }

    /// Whether its values are short enough to be compared as they are.
    fn is_mark(&self) -> bool {
        self.letters <= LONGEST_MARK * self.count
    }

    /// Whether most values have a digit, as no names have.
    fn is_numbered(&self) -> bool {
        self.share(|value| value.bytes().any(|byte| byte.is_ascii_digit())) > 0.5
    }

    fn is_of_digits(&self) -> bool {
        self.share(|value| digits(value).is_some()) > 0.5
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// What several columns of one file are taken for although a person has only one of it, and what
/// a guess could not find that matching lives from: said, not refused.
#[must_use]
pub fn remarks(guesses: &[Guess]) -> Vec<String> {
    let mut told = Vec::new();
    let mut by_role: HashMap<Role, Vec<&str>> = HashMap::new();
    for guess in guesses {
        by_role.entry(guess.role).or_default().push(&guess.column);
    }
    for role in [
        Role::GivenName,
        Role::FamilyName,
        Role::BirthDate,
        Role::Sex,
        Role::Postcode,
    ] {
        if let Some(columns @ [_, _, ..]) = by_role.get(&role).map(Vec::as_slice) {
            told.push(format!(
                "{} are all taken for {}: the first that is not blank is used",
                columns.join(", "),
                role.words()
            ));
        }
    }
    if !guesses.iter().any(|guess| guess.role.is_name()) {
        told.push("no column was taken for a name".to_owned());
    }
    if !by_role.contains_key(&Role::BirthDate) {
        told.push("no column was taken for a date of birth".to_owned());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::delimited;

    fn guesses(text: &str, told: &Told) -> Vec<(String, Role)> {
        let mut table = Table::default();
        delimited::read(text.as_bytes(), b',', &mut table).unwrap();
        let guesses = guess(&table, told);
        guesses
            .into_iter()
            .map(|guess| (guess.column, guess.role))
            .collect()
    }

    fn expect(text: &str, wanted: &[(&str, Role)]) {
        let wanted: Vec<(String, Role)> = wanted
            .iter()
            .map(|(column, role)| ((*column).to_owned(), *role))
            .collect();
        assert_eq!(guesses(text, &Told::default()), wanted);
    }

    #[test]
    fn columns_are_known_by_their_names() {
        expect(
            "unique_id,first_name,surname,dob,city,email,cluster\n0,Ann,Baird,1971-06-24,Northburn,ann@example.org,0\n1,Ian,Mowat,1971-05-24,,,0\n",
            &[
                ("unique_id", Role::Id),
                ("first_name", Role::GivenName),
                ("surname", Role::FamilyName),
                ("dob", Role::BirthDate),
                ("city", Role::Locality),
                ("email", Role::Contact),
                ("cluster", Role::LeaveOut),
            ],
        );
    }

    #[test]
    fn columns_of_neighbours_are_known_by_their_names() {
        expect(
            "Kennung,Name,Vorname,Geburtsdatum,Ort\nK1,Baird,Ann,24.06.1971,Northburn\nK1,Mowat,Ian,24.05.1971,Southbrae\n",
            &[
                ("Kennung", Role::LeaveOut),
                ("Name", Role::FamilyName),
                ("Vorname", Role::GivenName),
                ("Geburtsdatum", Role::BirthDate),
                ("Ort", Role::Locality),
            ],
        );
        expect(
            "apellidos,nombre,cp\nBaird,Ann,ZY1 2AB\nMowat,Ian,ZY1 3CD\n",
            &[
                ("apellidos", Role::FamilyName),
                ("nombre", Role::GivenName),
                ("cp", Role::Postcode),
            ],
        );
        // A whole name beside a first name stays whole.
        expect(
            "name,forename,dob\nAnn Baird,Ann,1971-06-24\nIan Mowat,Ian,1971-05-24\n",
            &[
                ("name", Role::FullName),
                ("forename", Role::GivenName),
                ("dob", Role::BirthDate),
            ],
        );
    }

    #[test]
    fn a_lone_column_that_names_each_row_is_its_id_whatever_it_is_called() {
        let rows: String = (0..60)
            .map(|row| format!("HB-{row},Baird,Ann,1971-06-{:02}\n", row % 28 + 1))
            .collect();
        let role = |text: String| guesses(&text, &Told::default()).remove(0).1;
        assert_eq!(
            role(format!("Pat Ref,surname,forename,dob\n{rows}")),
            Role::Id
        );
        let twice = rows.replace("HB-59", "HB-58");
        assert_eq!(
            role(format!("Pat Ref,surname,forename,dob\n{twice}")),
            Role::Other
        );
    }

    #[test]
    fn what_has_digits_is_no_name_whatever_it_is_called() {
        expect(
            "last,surname,dob\nward 4,Baird,1971-06-24\nward 7,Mowat,1971-05-24\n",
            &[
                ("last", Role::Other),
                ("surname", Role::FamilyName),
                ("dob", Role::BirthDate),
            ],
        );
    }

    #[test]
    fn columns_without_telling_names_are_known_by_their_values() {
        expect(
            "a,b,c,d,e,f\n9990000018,31/12/1984,ZY1 2AB,f,ann@example.org,weaver\n9990000026,01/02/1990,ZY1 3CD,m,ian@example.org,joiner\n9990000034,15/06/1950,ZY2 2AB,f,kim@example.org,weaver\n",
            &[
                ("a", Role::NhsNumber),
                ("b", Role::BirthDate),
                ("c", Role::Postcode),
                ("d", Role::Sex),
                ("e", Role::Contact),
                ("f", Role::Other),
            ],
        );
    }

    #[test]
    fn a_name_that_the_values_belie_is_not_believed() {
        expect(
            "dob,sex\nNorthburn,weaver\nSouthbrae,joiner\nNorthburn,weaver\n",
            &[("dob", Role::Other), ("sex", Role::Other)],
        );
    }

    #[test]
    fn the_order_of_dates_is_shown_by_those_that_fit_only_one() {
        let order = |text: &str| {
            let mut table = Table::default();
            delimited::read(text.as_bytes(), b',', &mut table).unwrap();
            guess(&table, &Told::default())[0].order
        };
        assert_eq!(
            order("dob\n03/04/1984\n05/31/1990\n"),
            Some(DateOrder::MonthDayYear)
        );
        assert_eq!(
            order("dob\n03/04/1984\n31/05/1990\n"),
            Some(DateOrder::DayMonthYear)
        );
        // Nothing shows it: days come first here.
        assert_eq!(
            order("dob\n03/04/1984\n05/06/1990\n"),
            Some(DateOrder::DayMonthYear)
        );
    }

    #[test]
    fn what_somebody_says_is_not_guessed() {
        let told = Told {
            ids: vec!["no".to_owned()],
            ignored: vec!["surname".to_owned()],
            truth: None,
            mapping: Mapping::parse("[columns]\nwho = \"given-name\"\n", "m.toml").unwrap(),
        };
        assert_eq!(
            guesses("no,who,surname\n1,Ann,Baird\n2,Ian,Mowat\n", &told),
            [
                ("no".to_owned(), Role::Id),
                ("who".to_owned(), Role::GivenName),
                ("surname".to_owned(), Role::LeaveOut),
            ]
        );
    }

    #[test]
    fn a_whole_name_that_repeats_its_parts_is_left_out() {
        expect(
            "first_name,surname,name,label_name\nAnn,Baird,ann baird,Lady Ann of Southbrae\nIan,Mowat,Ian Mowat,Ian the Elder\n",
            &[
                ("first_name", Role::GivenName),
                ("surname", Role::FamilyName),
                ("name", Role::LeaveOut),
                ("label_name", Role::FullName),
            ],
        );
    }
}
