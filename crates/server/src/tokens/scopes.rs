//! What a token's scopes allow its client to do (<https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html>).
//!
//! A scope narrows what the decision about a person may open; it never widens it.

/// What is done to a resource, as SMART's letters name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the variants say it")]
pub enum Right {
    Create,
    Read,
    Update,
    Delete,
    Search,
}

impl Right {
    const IN_ORDER: [(Right, u8); 5] = [
        (Right::Create, b'c'),
        (Right::Read, b'r'),
        (Right::Update, b'u'),
        (Right::Delete, b'd'),
        (Right::Search, b's'),
    ];

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// Whose records a right reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Only those of the patient whom the token names, or of the person whose token it is.
    Patient,
    /// Those of anyone about whom the decision allows it.
    Anyone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Scope {
    reach: Reach,
    /// `None` is any type.
    resource_type: Option<String>,
    rights: u8,
}

/// The resource scopes of a token; without any, nothing is allowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Reads a `scope` claim. Scopes of other kinds (`openid`, `launch/patient`) say nothing about
    /// resources. A scope with a query (`patient/Observation.rs?category=...`) is dropped, since to
    /// take it without its query would widen it.
    #[must_use]
    pub fn parse(claim: &str) -> Self {
        Self(
            claim
                .split_ascii_whitespace()
                .filter_map(parse_scope)
                .collect(),
        )
    }

    /// How far the token allows this; `None` if not at all.
    #[must_use]
    pub fn reach(&self, resource_type: &str, right: Right) -> Option<Reach> {
        self.0
            .iter()
            .filter(|scope| scope.rights & right.bit() != 0)
            .filter(|scope| {
                scope
                    .resource_type
                    .as_deref()
                    .is_none_or(|only| only == resource_type)
            })
            .map(|scope| scope.reach)
            .max()
    }

    /// Whether any scope is for one patient only.
    #[must_use]
    pub fn concern_a_patient(&self) -> bool {
        self.0.iter().any(|scope| scope.reach == Reach::Patient)
    }
}

fn parse_scope(scope: &str) -> Option<Scope> {
    let (level, rest) = scope.split_once('/')?;
    let reach = match level {
        "patient" => Reach::Patient,
        "user" | "system" => Reach::Anyone,
        _ => return None,
    };
    let (resource_type, rights) = rest.split_once('.')?;
    let resource_type = match resource_type {
        "*" => None,
        name if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Some(name.to_owned())
        }
        _ => return None,
    };
    Some(Scope {
        reach,
        resource_type,
        rights: parse_rights(rights)?,
    })
}

/// The letters `cruds` in that order, or the words of SMART version 1.
fn parse_rights(text: &str) -> Option<u8> {
    let letters = match text {
        "read" => "rs",
        "write" => "cud",
        "*" => "cruds",
        letters => letters,
    };
    let mut known = Right::IN_ORDER.iter();
    let mut rights = 0;
    for letter in letters.bytes() {
        let (right, _) = known.find(|(_, its)| *its == letter)?;
        rights |= right.bit();
    }
    (rights != 0).then_some(rights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_scope_reaches_further_than_a_patient_scope() {
        let scopes = Scopes::parse("openid patient/*.rs user/Encounter.cu launch/patient");
        assert_eq!(scopes.reach("Condition", Right::Read), Some(Reach::Patient));
        assert_eq!(
            scopes.reach("Encounter", Right::Create),
            Some(Reach::Anyone)
        );
        assert_eq!(scopes.reach("Condition", Right::Create), None);
        assert!(scopes.concern_a_patient());
    }

    #[test]
    fn version_1_words_are_understood() {
        let scopes = Scopes::parse("user/Patient.read system/*.write");
        assert_eq!(scopes.reach("Patient", Right::Search), Some(Reach::Anyone));
        assert_eq!(scopes.reach("Goal", Right::Delete), Some(Reach::Anyone));
        assert_eq!(scopes.reach("Goal", Right::Read), None);
    }

    #[test]
    fn what_is_not_understood_allows_nothing() {
        for scope in [
            "",
            "user/*.sr",
            "user/*.rr",
            "user/*.x",
            "user/*.",
            "user/*",
            "users/*.r",
            "user/.r",
            "patient/Observation.rs?category=laboratory",
        ] {
            assert_eq!(Scopes::parse(scope), Scopes::default(), "{scope}");
        }
    }
}
