//! What a column can be of a person, and the words by which its name says so.

use serde::{Deserialize, Serialize};

use super::abroad;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The name of the row. It is never compared.
    Id,
    /// The system or agency that the row came from.
    Source,
    /// First name or names.
    GivenName,
    /// Middle names or initials.
    MiddleName,
    /// Surname.
    FamilyName,
    /// A surname borne before: a maiden name.
    PreviousFamilyName,
    /// The first name that the person goes by.
    KnownAs,
    /// The whole name in one column.
    FullName,
    /// Junior, senior, the third.
    Suffix,
    /// Date of birth, whole or in part.
    BirthDate,
    /// Sex or gender.
    Sex,
    /// Scotland's Community Health Index number.
    Chi,
    /// England's and Wales's NHS number.
    NhsNumber,
    /// Northern Ireland's Health and Care number.
    HcNumber,
    /// Another number that is meant to be one person's.
    Identifier,
    /// House number.
    HouseNumber,
    /// A line of the address, or all of it.
    AddressLine,
    /// Town, suburb or village.
    Locality,
    /// State, county or region.
    Region,
    /// Postcode.
    Postcode,
    /// Unique Property Reference Number.
    Uprn,
    /// E-mail address or telephone number.
    Contact,
    /// Words such as `multiple-birth` that change what may be matched.
    Flags,
    /// Anything else about the person that is the same or not: occupation, place of birth.
    Other,
    /// Not compared.
    LeaveOut,
}

impl Role {
    /// Every role with the word for it in a mapping file and in a report.
    pub const ALL: [(Self, &'static str, &'static str); 25] = [
        (Self::Id, "id", "the name of the row"),
        (Self::Source, "source", "the system that the row is from"),
        (Self::GivenName, "given-name", "given name"),
        (Self::MiddleName, "middle-name", "middle name"),
        (Self::FamilyName, "family-name", "family name"),
        (
            Self::PreviousFamilyName,
            "previous-family-name",
            "previous family name",
        ),
        (
            Self::KnownAs,
            "known-as",
            "the name that the person goes by",
        ),
        (Self::FullName, "full-name", "whole name"),
        (Self::Suffix, "suffix", "junior or senior"),
        (Self::BirthDate, "birth-date", "date of birth"),
        (Self::Sex, "sex", "sex"),
        (Self::Chi, "chi", "CHI number"),
        (Self::NhsNumber, "nhs-number", "NHS number"),
        (Self::HcNumber, "hc-number", "H&C number"),
        (Self::Identifier, "identifier", "a number of the person"),
        (Self::HouseNumber, "house-number", "house number"),
        (Self::AddressLine, "address-line", "address"),
        (Self::Locality, "locality", "town or suburb"),
        (Self::Region, "region", "state, county or region"),
        (Self::Postcode, "postcode", "postcode"),
        (Self::Uprn, "uprn", "property reference (UPRN)"),
        (Self::Contact, "contact", "e-mail or telephone"),
        (Self::Flags, "flags", "flags"),
        (Self::Other, "other", "something that is the same or not"),
        (Self::LeaveOut, "leave-out", "left out"),
    ];

    /// The word for it in a mapping file.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(role, ..)| *role == self)
            .map_or("other", |(_, code, _)| code)
    }

    /// What it is, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(role, ..)| *role == self)
            .map_or("", |(.., words)| words)
    }

    /// The role of a word in a mapping file.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known, _)| *known == code)
            .map(|(role, ..)| *role)
    }

    /// Whether it is of the name.
    #[must_use]
    pub fn is_name(self) -> bool {
        matches!(
            self,
            Self::GivenName
                | Self::MiddleName
                | Self::FamilyName
                | Self::PreviousFamilyName
                | Self::KnownAs
                | Self::FullName
        )
    }
}

/// Whom else a column may be about: what it says of them is no name of the person.
const OTHERS: [&str; 14] = [
    "mother",
    "father",
    "parent",
    "spouse",
    "partner",
    "kin",
    "carer",
    "guardian",
    "gp",
    "doctor",
    "practice",
    "practitioner",
    "consultant",
    "contact",
];

/// Names of columns that say which rows belong together. To match by them would be to copy the
/// answer, so they are left out unless a mapping says what they are.
const ANSWERS: [&str; 24] = [
    "cluster",
    "cluster id",
    "truth",
    "ground truth",
    "true id",
    "true cluster",
    "label",
    "labels",
    "is match",
    "match",
    "match id",
    "matched",
    "duplicate",
    "duplicates",
    "duplicate of",
    "is duplicate",
    "gold",
    "gold id",
    "answer",
    "entity",
    "entity id",
    "person",
    "person id",
    "group id",
];

/// Words about the row, not about the person.
const ABOUT_THE_ROW: [&str; 14] = [
    "created",
    "updated",
    "modified",
    "timestamp",
    "loaded",
    "extracted",
    "inserted",
    "batch",
    "version",
    "row",
    "record",
    "line",
    "index",
    "title",
];

/// Words in a column's name, longer ones first where one holds another.
const WORDS: [(&str, Role); 112] = [
    ("first and surname", Role::FullName),
    ("first and last name", Role::FullName),
    ("previous family name", Role::PreviousFamilyName),
    ("previous surname", Role::PreviousFamilyName),
    ("previous last name", Role::PreviousFamilyName),
    ("previous name", Role::PreviousFamilyName),
    ("prev surnames", Role::PreviousFamilyName),
    ("prev surname", Role::PreviousFamilyName),
    ("former surname", Role::PreviousFamilyName),
    ("former name", Role::PreviousFamilyName),
    ("birth surname", Role::PreviousFamilyName),
    ("birth name", Role::PreviousFamilyName),
    ("maiden name", Role::PreviousFamilyName),
    ("maiden", Role::PreviousFamilyName),
    ("known as", Role::KnownAs),
    ("preferred name", Role::KnownAs),
    ("nickname", Role::KnownAs),
    ("alias", Role::KnownAs),
    ("given names", Role::GivenName),
    ("given name", Role::GivenName),
    ("first name", Role::GivenName),
    ("first names", Role::GivenName),
    ("forename", Role::GivenName),
    ("forenames", Role::GivenName),
    ("firstname", Role::GivenName),
    ("fname", Role::GivenName),
    ("christian name", Role::GivenName),
    ("middle names", Role::MiddleName),
    ("middle name", Role::MiddleName),
    ("middle initial", Role::MiddleName),
    ("middlename", Role::MiddleName),
    ("middle", Role::MiddleName),
    ("second name", Role::MiddleName),
    ("mname", Role::MiddleName),
    ("family name", Role::FamilyName),
    ("last name", Role::FamilyName),
    ("lastname", Role::FamilyName),
    ("lname", Role::FamilyName),
    ("surname", Role::FamilyName),
    ("sname", Role::FamilyName),
    ("family", Role::FamilyName),
    ("full name", Role::FullName),
    ("fullname", Role::FullName),
    ("whole name", Role::FullName),
    ("patient name", Role::FullName),
    ("client name", Role::FullName),
    ("person name", Role::FullName),
    ("display name", Role::FullName),
    ("name suffix", Role::Suffix),
    ("suffix", Role::Suffix),
    ("date of birth", Role::BirthDate),
    ("birth date", Role::BirthDate),
    ("birthdate", Role::BirthDate),
    ("birthday", Role::BirthDate),
    ("birth year", Role::BirthDate),
    ("year of birth", Role::BirthDate),
    ("born", Role::BirthDate),
    ("dob", Role::BirthDate),
    ("yob", Role::BirthDate),
    ("sex", Role::Sex),
    ("gender", Role::Sex),
    ("chi number", Role::Chi),
    ("chi no", Role::Chi),
    ("chi", Role::Chi),
    ("nhs number", Role::NhsNumber),
    ("nhs no", Role::NhsNumber),
    ("nhs", Role::NhsNumber),
    ("hc number", Role::HcNumber),
    ("h c number", Role::HcNumber),
    ("health and care number", Role::HcNumber),
    ("social security", Role::Identifier),
    ("soc sec", Role::Identifier),
    ("ssn", Role::Identifier),
    ("ssid", Role::Identifier),
    ("national insurance", Role::Identifier),
    ("nino", Role::Identifier),
    ("passport", Role::Identifier),
    ("ucrn", Role::Identifier),
    ("mrn", Role::Identifier),
    ("hospital number", Role::Identifier),
    ("case number", Role::Identifier),
    ("identifier", Role::Identifier),
    ("street number", Role::HouseNumber),
    ("house number", Role::HouseNumber),
    ("house no", Role::HouseNumber),
    ("property number", Role::HouseNumber),
    ("uprn", Role::Uprn),
    ("postcode", Role::Postcode),
    ("post code", Role::Postcode),
    ("postal code", Role::Postcode),
    ("zip code", Role::Postcode),
    ("zip", Role::Postcode),
    ("suburb", Role::Locality),
    ("town", Role::Locality),
    ("city", Role::Locality),
    ("village", Role::Locality),
    ("locality", Role::Locality),
    ("state", Role::Region),
    ("county", Role::Region),
    ("region", Role::Region),
    ("street", Role::AddressLine),
    ("address", Role::AddressLine),
    ("addr", Role::AddressLine),
    ("e mail", Role::Contact),
    ("email", Role::Contact),
    ("telephone", Role::Contact),
    ("phone", Role::Contact),
    ("mobile", Role::Contact),
    ("flags", Role::Flags),
    ("source dataset", Role::Source),
    ("source", Role::Source),
    ("name", Role::FullName),
];

/// Words that say something only where they are the whole name.
const WHOLE: [(&str, Role); 4] = [
    ("first", Role::GivenName),
    ("given", Role::GivenName),
    ("last", Role::FamilyName),
    ("birth", Role::BirthDate),
];

/// A column's name as lower-case words: `dateOfBirth`, `DATE_OF_BIRTH` and `date of birth` alike.
#[must_use]
pub fn words_of(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        let begins = letter.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        let numbered = letter.is_ascii_digit() && before.is_alphabetic();
        if begins || numbered {
            words.push(' ');
        }
        words.push(if letter.is_alphanumeric() {
            letter
        } else {
            ' '
        });
        before = letter;
    }
    let lower = words.to_lowercase();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn holds(words: &str, phrase: &str) -> bool {
    format!(" {words} ").contains(&format!(" {phrase} "))
}

/// What a column's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// What it is, and by which words.
    Role(Role, &'static str),
    /// That it has the answer: which rows belong together.
    Answer,
    /// That it is about the row, not the person.
    AboutTheRow(&'static str),
    /// That it is about somebody else.
    AboutAnother(&'static str),
    /// Nothing.
    Nothing,
}

/// What the name of a column says about what it holds.
#[must_use]
pub fn says(name: &str) -> Says {
    let words = words_of(name);
    if ANSWERS.contains(&words.as_str()) {
        return Says::Answer;
    }
    let whole = WHOLE.iter().find(|(whole, _)| words == *whole);
    let mut known = WORDS.iter().chain(&abroad::WORDS);
    let found = whole.or_else(|| known.find(|(phrase, _)| holds(&words, phrase)));
    // "mothers name" is the mother's.
    let other = OTHERS
        .iter()
        .find(|word| holds(&words, word) || holds(&words, &format!("{word}s")));
    match (found, other) {
        (Some((_, Role::Contact)), Some(&"contact")) => {}
        (_, Some(other)) => return Says::AboutAnother(other),
        _ => {}
    }
    if let Some((phrase, role)) = found {
        return Says::Role(*role, phrase);
    }
    match ABOUT_THE_ROW.iter().find(|word| holds(&words, word)) {
        Some(word) => Says::AboutTheRow(word),
        None => Says::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_column_is_read_whatever_its_style() {
        assert_eq!(words_of("dateOfBirth"), "date of birth");
        assert_eq!(words_of("DATE_OF_BIRTH"), "date of birth");
        assert_eq!(words_of("address_1"), "address 1");
        assert_eq!(words_of("ADDRESS1"), "address 1");
        assert_eq!(words_of("NHSNumber"), "nhsnumber");
    }

    #[test]
    fn columns_are_known_by_their_words() {
        let role = |name: &str| match says(name) {
            Says::Role(role, _) => role,
            other => panic!("{name} says {other:?}"),
        };
        assert_eq!(role("Forename"), Role::GivenName);
        assert_eq!(role("first_and_surname"), Role::FullName);
        assert_eq!(role("patient.name.family"), Role::FamilyName);
        assert_eq!(role("dob"), Role::BirthDate);
        assert_eq!(role("postcode_fake"), Role::Postcode);
        assert_eq!(role("soc_sec_id"), Role::Identifier);
        assert_eq!(role("street_number"), Role::HouseNumber);
        assert_eq!(role("address_2"), Role::AddressLine);
        assert_eq!(role("chi"), Role::Chi);
        assert_eq!(role("prev_surnames"), Role::PreviousFamilyName);
        assert_eq!(role("contact_email"), Role::Contact);
        assert_eq!(role("Last"), Role::FamilyName);
        assert_eq!(says("last seen"), Says::Nothing);
        assert_eq!(role("Geburtsdatum"), Role::BirthDate);
        assert_eq!(role("nom de naissance"), Role::PreviousFamilyName);
        assert_eq!(role("apellidos"), Role::FamilyName);
        assert_eq!(role("imię"), Role::GivenName);
    }

    #[test]
    fn the_answer_the_row_and_other_people_are_not_the_person() {
        assert_eq!(says("cluster"), Says::Answer);
        assert_eq!(says("Cluster_ID"), Says::Answer);
        assert_eq!(says("updated_at"), Says::AboutTheRow("updated"));
        assert_eq!(says("mothers_name"), Says::AboutAnother("mother"));
        assert_eq!(says("Mother's forename"), Says::AboutAnother("mother"));
        assert_eq!(says("mother_name"), Says::AboutAnother("mother"));
        assert_eq!(says("occupation"), Says::Nothing);
    }

    #[test]
    fn every_role_has_a_word_of_its_own() {
        for (role, code, _) in Role::ALL {
            assert_eq!(Role::of_code(code), Some(role));
            assert_eq!(role.code(), code);
            assert_eq!(serde_json::to_value(role).unwrap(), code);
        }
    }
}
