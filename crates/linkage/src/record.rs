//! How one source describes a person: sets of everything, nothing required, everything as it came.
//!
//! A person has many names, has lived at many addresses and is known under many numbers. A record
//! keeps them all as they were given; what is compared is made from it by [`crate::People`], and
//! the original is never changed.

use serde::{Deserialize, Serialize};

/// One source's description of one person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// What the record is called where it came from; only reports show it.
    pub id: String,
    /// Which source described the person: a file, an organisation.
    pub source: String,
    /// Every name that is or was used, in any order. Agreement on an old name is agreement.
    pub names: Vec<Name>,
    /// Dates of birth; more than one where a source corrected itself.
    pub births: Vec<BirthDate>,
    /// Sex or gender as recorded. A difference weighs little: people change it, clerks mistype it.
    pub sex: Option<Sex>,
    /// Numbers, each in its system.
    pub identifiers: Vec<Identifier>,
    /// Where the person lives or has lived.
    pub addresses: Vec<Address>,
    /// Telephone numbers and e-mail addresses.
    pub contacts: Vec<String>,
    /// Any other column that says something about a person: place of birth, occupation.
    pub others: Vec<Other>,
    /// What restricts how the record may be matched.
    pub flags: Flags,
}

/// One name, in parts, in one text, or both. The W3C's advice on personal names is followed: no
/// part is required, one letter is a name, nothing is put into another order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    /// First or given names; the first is the one called by unless another name says otherwise.
    pub given: String,
    /// Middle names, where a source keeps them apart.
    pub middle: String,
    /// Surname, patronymic or clan name.
    pub family: String,
    /// Jr, Snr, III: parts father and son.
    pub suffix: String,
    /// The whole name as one text. Its words that are in no other part are compared too.
    pub text: String,
    /// What the name is used for.
    #[serde(rename = "use")]
    pub used: NameUse,
    /// While the name was in use.
    pub period: Period,
    /// Whether those who may see the record may see this name. Matching uses it either way;
    /// [`crate::Explanation`] says of such a name only that it agreed.
    pub hidden: bool,
}

/// The uses of a name, as FHIR's `HumanName.use` has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameUse {
    /// The name in use.
    #[default]
    Usual,
    /// The formal name.
    Official,
    /// Given for the time being, as to a newborn: never compared.
    Temp,
    /// What friends and staff say; often all that another agency knows.
    Nickname,
    /// Meant to hide: never compared.
    Anonymous,
    /// No longer used.
    Old,
    /// Before marriage.
    Maiden,
}

/// From when until when, each `YYYY-MM-DD` or less, or empty where not known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Period {
    /// The first day.
    pub start: String,
    /// The last day.
    pub end: String,
}

/// A date of birth as precise as it is known, and as typed: an impossible month is kept, because
/// one wrong digit still says much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BirthDate {
    /// Four digits.
    pub year: u16,
    /// 1 to 12 if possible, 0 if not known.
    pub month: u8,
    /// 1 to 31 if possible, 0 if not known.
    pub day: u8,
}

/// Sex or gender, as administrative systems have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// Recorded as female.
    Female,
    /// Recorded as male.
    Male,
    /// Recorded as something else, which agrees with itself only.
    Other,
}

/// A number in its system.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Identifier {
    /// [`crate::CHI_SYSTEM`], [`crate::NHS_SYSTEM`], [`crate::HC_SYSTEM`], or any name for
    /// another numbering: a URL, or the column it came from.
    pub system: String,
    /// The number as written.
    pub value: String,
    /// Temporary and old numbers may agree but never conflict.
    #[serde(rename = "use")]
    pub used: IdentifierUse,
    /// While the number was in use.
    pub period: Period,
}

/// The uses of a number, as FHIR's `Identifier.use` has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifierUse {
    /// The number by which the person is known.
    #[default]
    Usual,
    /// Given for the time being.
    Temp,
    /// Superseded.
    Old,
}

/// Where somebody lives, in as many parts as the source has.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// House number or name, where a source keeps it apart.
    pub number: String,
    /// Street and building lines, in order.
    pub lines: Vec<String>,
    /// Village, suburb or town.
    pub locality: String,
    /// County, council area or state.
    pub region: String,
    /// The postcode, of any country, as written.
    pub postcode: String,
    /// Unique Property Reference Number: up to twelve digits.
    pub uprn: String,
    /// What sort of place it is.
    pub kind: AddressKind,
}

/// What sort of place an address is, which decides what agreeing on it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressKind {
    /// A home.
    #[default]
    Home,
    /// A home that was left.
    Old,
    /// A hostel, prison, care home or ward: agreeing on it says nothing.
    Communal,
    /// Care of a practice or an office: says nothing of where the person lives.
    CareOf,
}

/// A column that has no part of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Other {
    /// The column: `birth_place`. Only columns of one name are compared.
    pub name: String,
    /// What it says.
    pub value: String,
}

/// What restricts how a record may be matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Flags {
    /// Born as one of several. A sibling of the same birth date is somebody else.
    pub multiple_birth: bool,
    /// The place in the birth order, where known: two places are two people.
    pub birth_order: Option<u8>,
    /// The identity is sealed from an earlier one (adoption, protection): matched by a shared
    /// national number or not at all.
    pub sealed: bool,
    /// The earlier history is closed to all but the person (a changed gender, a changed name).
    pub restricted_history: bool,
    /// Looked after away from home: a different address says nothing.
    pub looked_after: bool,
    /// Protected: found by exact number only; where they live is never told.
    pub protected: bool,
}

impl Flags {
    /// Reads the words that sources write into a column of flags, divided by blanks, bars or commas;
    /// words that mean nothing here are passed over.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut flags = Self::default();
        for word in text.split([' ', '|', ',', ';']) {
            match word.trim().to_lowercase().as_str() {
                "multiple-birth" | "multiplebirth" | "twin" => flags.multiple_birth = true,
                "sealed" | "sealed-identity" | "adopted" => flags.sealed = true,
                "restricted" | "restricted-history" => flags.restricted_history = true,
                "looked-after" | "fostered" | "lac" => flags.looked_after = true,
                "protected" | "s-flag" | "witness" => flags.protected = true,
                _ => {}
            }
        }
        flags
    }
}
