//! Who calls: bearer tokens under the token contract (`docs/reference/token-contract.md`).
//!
//! A signature is checked once for each token and remembered by the token's hash, since checking
//! costs a hundred times more than everything else here. What can change is checked each time:
//! the hour, the issuer's keys and the directory. Revocation is the store's to check, within the
//! same commit that logs what is released.

mod claims;
mod error;
mod issuers;
mod jwks;
mod local;
mod roster;
mod scopes;

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Caller, Capacity, OrganisationId, Purpose, ResourceId, Role, Timestamp, TokenId};
use jsonwebtoken::Header;
use moka::sync::Cache;
use store::Directory;
use tracing::warn;

pub use claims::PATIENT_ROLE;
use claims::{Claims, Granted, Subject};
pub use error::{PurposeError, TokenError};
pub use issuers::{Issuer, IssuerTerms, KeySource};
pub use local::{LOCAL_ISSUER, LocalIssuer, TokenFor};
pub use roster::{Roster, SignIn, SignInKind, UnknownName};
pub use scopes::{Reach, Right, Scopes};

/// Two clocks may differ by this much; it is allowed only to a token that starts early.
const CLOCKS_DIFFER_SECONDS: i64 = 60;
/// No token of the contract is longer.
const LONGEST_TOKEN: usize = 8 * 1024;
/// Remembered tokens; at about 1 KiB each.
const REMEMBERED: u64 = 20_000;

/// A caller whom a token proved, and what the token lets its client do.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Who calls.
    pub caller: Caller,
    /// The token's id, by which it can be revoked.
    pub token: TokenId,
    /// When the token ends.
    pub expires: Timestamp,
    /// The purposes that the token grants.
    pub purposes: Vec<Purpose>,
    /// Codes that the token grants and this exchange does not know.
    pub unknown_purposes: Vec<String>,
    /// What its client may do.
    pub scopes: Scopes,
    /// The patient in context.
    pub patient: Option<ResourceId>,
    /// Whether its issuer vouches that nobody else looks at what the person reads.
    pub safe_channel: bool,
}

/// Chooses the purpose of a request: the token's only one, or the one among several that the
/// header `Purpose-Of-Use` names.
///
/// # Errors
/// See [`PurposeError`]. There is no default.
pub fn purpose_for(verified: &Verified, header: Option<&str>) -> Result<Purpose, PurposeError> {
    let Some(code) = header.map(str::trim) else {
        return match (&verified.purposes[..], &verified.unknown_purposes[..]) {
            ([only], []) => Ok(*only),
            ([], []) => Err(PurposeError::None),
            ([], [_]) => Err(PurposeError::Unknown),
            _ => Err(PurposeError::Several),
        };
    };
    let purpose: Purpose = code.parse().map_err(|_| PurposeError::Unknown)?;
    if verified.purposes.contains(&purpose) {
        Ok(purpose)
    } else {
        Err(PurposeError::NotGranted)
    }
}

/// The token in an `Authorization` header.
///
/// # Errors
/// [`TokenError::Missing`] and [`TokenError::NotBearer`].
pub fn bearer(headers: &http::HeaderMap) -> Result<&str, TokenError> {
    let mut values = headers.get_all(http::header::AUTHORIZATION).iter();
    let value = values.next().ok_or(TokenError::Missing)?;
    if values.next().is_some() {
        return Err(TokenError::NotBearer);
    }
    let (scheme, token) = value
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or(TokenError::NotBearer)?;
    if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() {
        Ok(token.trim())
    } else {
        Err(TokenError::NotBearer)
    }
}

/// A token whose signature, issuer, audience and length of life are right.
struct Sound {
    claims: Claims,
    issuer: usize,
    /// The generation of the issuer's keys under which it was checked.
    generation: u64,
}

/// Checks tokens against the trusted issuers.
pub struct Tokens {
    issuers: Vec<Issuer>,
    sound: Cache<[u8; 32], Arc<Sound>>,
}

impl Tokens {
    /// Trusts these issuers; their keys are fetched when first needed, or by [`Tokens::refresh`].
    #[must_use]
    pub fn new(issuers: Vec<IssuerTerms>) -> Self {
        Self {
            issuers: issuers.into_iter().map(Issuer::new).collect(),
            sound: Cache::new(REMEMBERED),
        }
    }

    /// Fetches all issuers' keys, so that a key that an issuer withdrew stops working here.
    pub async fn refresh(&self) {
        for issuer in &self.issuers {
            if let Err(reason) = issuer.refresh().await {
                let issuer = &issuer.terms.name;
                warn!(issuer, reason, "the issuer's keys were not refreshed");
            }
        }
    }

    /// Says who bears this token, as things stand now.
    ///
    /// # Errors
    /// See [`TokenError`].
    pub async fn verify(
        &self,
        token: &str,
        directory: &Directory,
        now: Timestamp,
    ) -> Result<Verified, TokenError> {
        if token.len() > LONGEST_TOKEN {
            return Err(TokenError::Malformed("it is longer than 8 KiB"));
        }
        let hash = hash(token);
        let sound = match self.remembered(&hash) {
            Some(sound) => sound,
            None => self.check(token, hash).await?,
        };
        check_time(&sound.claims, now)?;
        admit(
            &sound.claims,
            &self.issuers[sound.issuer].terms,
            directory,
            now,
        )
    }

    fn remembered(&self, hash: &[u8; 32]) -> Option<Arc<Sound>> {
        let sound = self.sound.get(hash)?;
        let current = self.issuers[sound.issuer].generation() == sound.generation;
        current.then_some(sound)
    }

    async fn check(&self, token: &str, hash: [u8; 32]) -> Result<Arc<Sound>, TokenError> {
        let (header, claims) = parts(token)?;
        let (issuer_index, issuer) = self
            .issuers
            .iter()
            .enumerate()
            .find(|(_, issuer)| issuer.terms.name == claims.issuer)
            .ok_or(TokenError::UnknownIssuer)?;
        let kid = header
            .kid
            .as_deref()
            .ok_or(TokenError::Malformed("its header names no key (`kid`)"))?;
        // Read before the key: if the keys move meanwhile, the token is merely checked again.
        let generation = issuer.generation();
        let key = issuer.key(kid).await?;
        if key.algorithm != header.alg {
            return Err(TokenError::Algorithm);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(NOT_THREE_PARTS)?;
        let is_theirs = jsonwebtoken::crypto::verify(
            signature,
            message.as_bytes(),
            &key.decoding,
            key.algorithm,
        );
        if !is_theirs.unwrap_or(false) {
            return Err(TokenError::BadSignature);
        }
        check_terms(&claims, &issuer.terms)?;
        let sound = Arc::new(Sound {
            claims,
            issuer: issuer_index,
            generation,
        });
        self.sound.insert(hash, Arc::clone(&sound));
        Ok(sound)
    }
}

fn hash(token: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    hash
}

const NOT_THREE_PARTS: TokenError =
    TokenError::Malformed("it is not three base64url parts with dots between");

/// Header and claims, not yet to be believed.
fn parts(token: &str) -> Result<(Header, Claims), TokenError> {
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(NOT_THREE_PARTS);
    };
    let header = decode(header)?;
    check_algorithm(&header)?;
    let header: Header = serde_json::from_slice(&header)
        .map_err(|_| TokenError::Malformed("its header is not what the contract says"))?;
    if header.crit.is_some() {
        return Err(TokenError::Malformed("its header has critical extensions"));
    }
    Ok((header, Claims::read(&decode(payload)?)?))
}

/// Refuses `none`, shared-secret and other algorithms in so many words, before anything else.
fn check_algorithm(header: &[u8]) -> Result<(), TokenError> {
    #[derive(serde::Deserialize)]
    struct Named<'a> {
        #[serde(borrow)]
        alg: std::borrow::Cow<'a, str>,
    }
    let named: Named<'_> = serde_json::from_slice(header)
        .map_err(|_| TokenError::Malformed("its header is not what the contract says"))?;
    match named.alg.as_ref() {
        "EdDSA" | "ES256" | "RS256" => Ok(()),
        _ => Err(TokenError::Algorithm),
    }
}

fn decode(part: &str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| NOT_THREE_PARTS)
}

/// What cannot change during the token's life.
fn check_terms(claims: &Claims, terms: &IssuerTerms) -> Result<(), TokenError> {
    if !claims.audiences.contains(&terms.audience) {
        return Err(TokenError::WrongAudience);
    }
    if claims.expires > claims.issued.plus_seconds(terms.longest_seconds) {
        return Err(TokenError::TooLong);
    }
    Ok(())
}

fn check_time(claims: &Claims, now: Timestamp) -> Result<(), TokenError> {
    if now >= claims.expires {
        return Err(TokenError::Expired);
    }
    let starts = claims.not_before.max(claims.issued);
    if now.plus_seconds(CLOCKS_DIFFER_SECONDS) < starts {
        return Err(TokenError::NotYetValid);
    }
    Ok(())
}

/// Holds what the token claims against the directory as it is now.
fn admit(
    claims: &Claims,
    terms: &IssuerTerms,
    directory: &Directory,
    now: Timestamp,
) -> Result<Verified, TokenError> {
    let assurance = terms
        .assurance(&claims.assurance)
        .ok_or(TokenError::UnknownAssurance)?;
    let (name, capacity) = match &claims.subject {
        Subject::Person { id, name } => {
            if !terms.people {
                return Err(TokenError::IssuerNotEntitled);
            }
            (name.clone(), Capacity::Person(*id))
        }
        Subject::Worker {
            id,
            organisation,
            role,
        } => {
            if claims.scopes.concern_a_patient() && claims.patient.is_none() {
                return Err(TokenError::NoPatient);
            }
            worker(id, organisation, role, terms, directory, now)?
        }
    };
    let (purposes, unknown_purposes) = split(&claims.purposes);
    Ok(Verified {
        caller: Caller {
            name,
            capacity,
            assurance,
        },
        token: claims.id.clone(),
        expires: claims.expires,
        purposes,
        unknown_purposes,
        scopes: claims.scopes.clone(),
        patient: claims.patient,
        safe_channel: claims.safe_channel,
    })
}

fn worker(
    id: &str,
    organisation: &str,
    role: &str,
    terms: &IssuerTerms,
    directory: &Directory,
    now: Timestamp,
) -> Result<(String, Capacity), TokenError> {
    let role = Role::from_code(role).ok_or(TokenError::UnknownRole)?;
    let named = organisation_id(organisation, directory);
    let organisation = directory
        .organisations
        .get(&named)
        .ok_or(TokenError::UnknownOrganisation)?;
    if !terms.may_speak_for(organisation.id.as_str()) {
        return Err(TokenError::IssuerNotEntitled);
    }
    let worker = directory
        .workers
        .get(&id.into())
        .ok_or(TokenError::UnknownWorker)?;
    if worker.organisation != organisation.id {
        return Err(TokenError::OtherOrganisation);
    }
    if worker.role != role {
        return Err(TokenError::OtherRole);
    }
    if worker.until.is_some_and(|until| until <= now) {
        return Err(TokenError::Left);
    }
    let capacity = Capacity::Worker {
        worker: worker.id.clone(),
        role,
        organisation: organisation.id.clone(),
        organisation_kind: organisation.kind,
        team: worker.team.clone(),
    };
    Ok((worker.name.clone(), capacity))
}

/// An agency by its short name, or by the URL of its Organization here, as UDAP has it.
fn organisation_id(text: &str, directory: &Directory) -> OrganisationId {
    text.rsplit_once("Organization/")
        .and_then(|(_, id)| id.parse().ok())
        .and_then(|id| directory.organization_resources.get(&id).cloned())
        .unwrap_or_else(|| text.into())
}

fn split(granted: &[Granted]) -> (Vec<Purpose>, Vec<String>) {
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for purpose in granted {
        match purpose {
            Granted::Known(purpose) => known.push(*purpose),
            Granted::Unknown(code) => unknown.push(code.clone()),
        }
    }
    (known, unknown)
}
