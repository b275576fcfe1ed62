//! The claims of the token contract (`docs/reference/token-contract.md`), read from JSON.
//!
//! The same facts may come as IHE IUA writes them (`extensions.ihe_iua`) or as HL7's UDAP guide
//! does (`extensions.hl7-b2b`); a token that carries both must say the same in both.

use domain::purpose::{CARE_SYSTEM, HL7_SYSTEM};
use domain::{PersonId, Purpose, ResourceId, Timestamp, TokenId};
use serde::Deserialize;

use super::TokenError;
use super::scopes::Scopes;

/// HL7's ActReason code system by its other name.
const HL7_OID: &str = "urn:oid:2.16.840.1.113883.5.8";
/// The role that a person's own token bears.
pub const PATIENT_ROLE: &str = "patient";

/// Who the token says its bearer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A member of staff; what they claim is held against the directory.
    Worker {
        /// Their id in the directory.
        id: String,
        /// Their agency: its short name, or the URL of its Organization here.
        organisation: String,
        /// The code of their role.
        role: String,
    },
    /// A person, asking for themself.
    Person {
        /// Who.
        id: PersonId,
        /// The name their sign-in gave, for the page's greeting.
        name: String,
    },
}

/// A purpose as the token writes it; an unknown one is an error only if it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Granted {
    /// One of ours.
    Known(Purpose),
    /// A code that we do not know.
    Unknown(String),
}

/// Everything that a token says, its shape checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who issued it.
    pub issuer: String,
    /// For whom it was issued.
    pub audiences: Vec<String>,
    /// Its id.
    pub id: TokenId,
    /// When it was issued.
    pub issued: Timestamp,
    /// From when it is valid.
    pub not_before: Timestamp,
    /// Until when it is valid.
    pub expires: Timestamp,
    /// Who bears it.
    pub subject: Subject,
    /// How surely they were identified, in the issuer's word.
    pub assurance: String,
    /// What for.
    pub purposes: Vec<Granted>,
    /// What its client may do.
    pub scopes: Scopes,
    /// The patient in context.
    pub patient: Option<ResourceId>,
    /// Whether the issuer vouches that nobody else looks at what the person reads.
    pub safe_channel: bool,
}

impl Claims {
    /// Reads the payload of a token.
    ///
    /// # Errors
    /// [`TokenError::Malformed`] and [`TokenError::Incomplete`].
    pub fn read(payload: &[u8]) -> Result<Self, TokenError> {
        let raw: Raw = serde_json::from_slice(payload)
            .map_err(|_| TokenError::Malformed("its claims are not what the contract says"))?;
        let about = About::agreed(&raw.extensions)?;
        let subject = about.subject(required(raw.sub, "sub")?)?;
        let issued = instant(raw.iat.as_ref(), "iat")?;
        let id = required(raw.jti, "jti")?;
        if id.len() > 128 || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Malformed(
                "`jti` is at most 128 visible ASCII characters",
            ));
        }
        Ok(Self {
            issuer: required(raw.iss, "iss")?,
            audiences: raw.aud.ok_or(TokenError::Incomplete("aud"))?.into_vec(),
            id: TokenId::new(id),
            issued,
            not_before: match &raw.nbf {
                Some(_) => instant(raw.nbf.as_ref(), "nbf")?,
                None => issued,
            },
            expires: instant(raw.exp.as_ref(), "exp")?,
            safe_channel: safe_channel(&raw.extensions, &subject)?,
            subject,
            assurance: required(raw.acr, "acr")?,
            purposes: about.purposes,
            scopes: Scopes::parse(raw.scope.as_deref().unwrap_or_default()),
            patient: match raw.patient.as_deref() {
                Some(id) => Some(id.parse().map_err(|_| {
                    TokenError::Malformed("`patient` is not the id of a Patient here")
                })?),
                None => None,
            },
        })
    }
}

#[derive(Deserialize)]
struct Raw {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<OneOrMany>,
    exp: Option<serde_json::Number>,
    nbf: Option<serde_json::Number>,
    iat: Option<serde_json::Number>,
    jti: Option<String>,
    acr: Option<String>,
    scope: Option<String>,
    patient: Option<String>,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

#[derive(Deserialize, Default)]
struct Extensions {
    ihe_iua: Option<Iua>,
    #[serde(rename = "hl7-b2b")]
    hl7_b2b: Option<B2b>,
    candour: Option<OfOurs>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfOurs {
    safe_channel: bool,
}

/// Only the person is reached on a safe channel.
fn safe_channel(extensions: &Extensions, subject: &Subject) -> Result<bool, TokenError> {
    let is_safe = extensions
        .candour
        .as_ref()
        .is_some_and(|it| it.safe_channel);
    match subject {
        Subject::Worker { .. } if is_safe => Err(TokenError::Malformed(
            "`safe_channel` is of a person's own token",
        )),
        _ => Ok(is_safe),
    }
}

#[derive(Deserialize)]
struct Iua {
    subject_name: Option<String>,
    subject_organization_id: Option<String>,
    #[serde(default)]
    subject_role: Vec<Coding>,
    #[serde(default)]
    purpose_of_use: Vec<Coding>,
}

#[derive(Deserialize)]
struct Coding {
    system: Option<String>,
    code: String,
}

#[derive(Deserialize)]
struct B2b {
    subject_name: Option<String>,
    subject_role: Option<String>,
    organization_id: Option<String>,
    #[serde(default)]
    purpose_of_use: Vec<String>,
}

/// What the two extensions say, in one form.
#[derive(Default)]
struct About {
    name: Option<String>,
    organisation: Option<String>,
    role: Option<String>,
    purposes: Vec<Granted>,
}

impl About {
    fn agreed(extensions: &Extensions) -> Result<Self, TokenError> {
        let iua = match &extensions.ihe_iua {
            Some(iua) => Self::of_iua(iua)?,
            None => Self::default(),
        };
        let b2b = extensions
            .hl7_b2b
            .as_ref()
            .map_or_else(Self::default, Self::of_b2b);
        let purposes = match (iua.purposes.is_empty(), b2b.purposes.is_empty()) {
            (true, _) => b2b.purposes,
            (false, true) => iua.purposes,
            (false, false) if same_purposes(&iua.purposes, &b2b.purposes) => iua.purposes,
            (false, false) => return Err(DISAGREE),
        };
        Ok(Self {
            name: iua.name.or(b2b.name),
            organisation: either(iua.organisation, b2b.organisation)?,
            role: either(iua.role, b2b.role)?,
            purposes,
        })
    }

    fn of_iua(iua: &Iua) -> Result<Self, TokenError> {
        if iua.subject_role.len() > 1 {
            return Err(TokenError::Malformed("it names more than one role"));
        }
        Ok(Self {
            name: iua.subject_name.clone(),
            organisation: iua.subject_organization_id.clone(),
            role: iua.subject_role.first().map(|role| role.code.clone()),
            purposes: iua
                .purpose_of_use
                .iter()
                .map(|coding| granted(coding.system.as_deref(), &coding.code))
                .collect(),
        })
    }

    fn of_b2b(b2b: &B2b) -> Self {
        Self {
            name: b2b.subject_name.clone(),
            organisation: b2b.organization_id.clone(),
            role: b2b
                .subject_role
                .as_deref()
                .map(|role| code_of(role).1.to_owned()),
            purposes: b2b
                .purpose_of_use
                .iter()
                .map(|text| {
                    let (system, code) = code_of(text);
                    granted(system, code)
                })
                .collect(),
        }
    }

    fn subject(&self, id: String) -> Result<Subject, TokenError> {
        let role = self
            .role
            .clone()
            .ok_or(TokenError::Incomplete("subject_role"))?;
        if role == PATIENT_ROLE {
            return Ok(Subject::Person {
                id: id.parse().map_err(|_| {
                    TokenError::Malformed("`sub` of a person's token is not a person's id here")
                })?,
                name: self.name.clone().unwrap_or_default(),
            });
        }
        Ok(Subject::Worker {
            id,
            organisation: self
                .organisation
                .clone()
                .ok_or(TokenError::Incomplete("subject_organization_id"))?,
            role,
        })
    }
}

const DISAGREE: TokenError = TokenError::Malformed("`ihe_iua` and `hl7-b2b` do not say the same");

fn either(one: Option<String>, other: Option<String>) -> Result<Option<String>, TokenError> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Err(DISAGREE),
        (one, other) => Ok(one.or(other)),
    }
}

fn same_purposes(one: &[Granted], other: &[Granted]) -> bool {
    one.iter().all(|purpose| other.contains(purpose))
        && other.iter().all(|purpose| one.contains(purpose))
}

/// `system#code` as UDAP writes it, or a bare code.
fn code_of(text: &str) -> (Option<&str>, &str) {
    match text.rsplit_once('#') {
        Some((system, code)) => (Some(system), code),
        None => (None, text),
    }
}

/// A purpose in its own code system, or without one; a foreign system's `TREAT` is not ours.
fn granted(system: Option<&str>, code: &str) -> Granted {
    match code.parse::<Purpose>() {
        Ok(purpose) if is_system_of(system, purpose) => Granted::Known(purpose),
        _ => Granted::Unknown(code.to_owned()),
    }
}

fn is_system_of(system: Option<&str>, purpose: Purpose) -> bool {
    match system {
        None => true,
        Some(HL7_OID | HL7_SYSTEM) => purpose.system() == HL7_SYSTEM,
        Some(CARE_SYSTEM) => purpose.system() == CARE_SYSTEM,
        Some(_) => false,
    }
}

fn required(value: Option<String>, claim: &'static str) -> Result<String, TokenError> {
    value
        .filter(|text| !text.is_empty())
        .ok_or(TokenError::Incomplete(claim))
}

/// A NumericDate: seconds since 1970, perhaps with a fraction.
fn instant(
    number: Option<&serde_json::Number>,
    claim: &'static str,
) -> Result<Timestamp, TokenError> {
    let number = number.ok_or(TokenError::Incomplete(claim))?;
    let seconds = number
        .as_i64()
        .or_else(|| number.as_f64().map(|seconds| seconds.floor() as i64))
        .ok_or(TokenError::Malformed("a time is not a number of seconds"))?;
    Ok(Timestamp::default().plus_seconds(seconds))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(claims: &serde_json::Value) -> Result<Claims, TokenError> {
        Claims::read(claims.to_string().as_bytes())
    }

    fn pauline() -> serde_json::Value {
        json!({
            "iss": "https://login.example", "sub": "pauline.heggie", "aud": "https://x.example/fhir",
            "iat": 1_800_000_000, "exp": 1_800_003_600, "jti": "t-1", "acr": "substantial",
            "scope": "user/*.rs",
            "extensions": {"ihe_iua": {
                "subject_organization_id": "northburn-social-work",
                "subject_role": [{"code": "social-worker"}],
                "purpose_of_use": [{"system": CARE_SYSTEM, "code": "SC-ASSESS"}]
            }}
        })
    }

    #[test]
    fn the_same_facts_read_the_same_from_either_extension() {
        let mut as_b2b = pauline();
        as_b2b["extensions"] = json!({"hl7-b2b": {
            "version": "1",
            "organization_id": "northburn-social-work",
            "subject_role": "social-worker",
            "purpose_of_use": [format!("{CARE_SYSTEM}#SC-ASSESS")]
        }});
        assert_eq!(read(&pauline()), read(&as_b2b));
        assert!(read(&pauline()).is_ok());
    }

    #[test]
    fn two_extensions_that_disagree_are_refused() {
        for b2b in [
            json!({"organization_id": "northburn-housing"}),
            json!({"subject_role": "housing-officer"}),
            json!({"purpose_of_use": ["TREAT"]}),
        ] {
            let mut both = pauline();
            both["extensions"]["hl7-b2b"] = b2b;
            assert_eq!(read(&both), Err(DISAGREE));
        }
    }

    #[test]
    fn each_missing_claim_is_named() {
        for claim in ["iss", "sub", "aud", "iat", "exp", "jti", "acr"] {
            let mut without = pauline();
            without.as_object_mut().unwrap().remove(claim);
            assert_eq!(read(&without), Err(TokenError::Incomplete(claim)));
        }
    }

    #[test]
    fn treat_of_another_code_system_is_not_our_treat() {
        assert_eq!(
            granted(Some(HL7_OID), "TREAT"),
            Granted::Known(Purpose::Treatment)
        );
        assert_eq!(granted(None, "TREAT"), Granted::Known(Purpose::Treatment));
        assert_eq!(
            granted(Some("urn:example:purposes"), "TREAT"),
            Granted::Unknown("TREAT".to_owned())
        );
        assert_eq!(
            granted(Some(HL7_SYSTEM), "SC-ASSESS"),
            Granted::Unknown("SC-ASSESS".to_owned())
        );
    }

    #[test]
    fn a_claim_given_twice_is_refused() {
        let twice = br#"{"iss":"a","iss":"b"}"#;
        assert!(matches!(Claims::read(twice), Err(TokenError::Malformed(_))));
    }
}
