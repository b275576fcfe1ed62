//! The demo's own issuer: a key in the data directory that signs tokens for the invented town.
//!
//! Nothing in `candour serve` trusts it unless the configuration names its key set.

use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::time::draw;
use domain::{Chance, Purpose, Timestamp};
use serde_json::{Value, json};

use super::roster::{SignIn, SignInKind};
use super::{IssuerTerms, KeySource, PATIENT_ROLE};
use crate::keys::{self, KeysError};

/// The `iss` and `aud` of the demo's own tokens.
pub const LOCAL_ISSUER: &str = "urn:candour:local";
/// The longest life of such a token: a week.
const LONGEST_SECONDS: i64 = 7 * 24 * 3600;

/// Signs tokens for the people and workers of a demo.
pub struct LocalIssuer {
    pair: Ed25519KeyPair,
    kid: String,
}

/// What a token is to say.
#[derive(Debug)]
pub struct TokenFor<'a> {
    /// Who is to bear it.
    pub bearer: &'a SignIn,
    /// For which purposes.
    pub purposes: &'a [Purpose],
    /// From when.
    pub issued: Timestamp,
    /// For how long, in seconds; at most a week.
    pub seconds: i64,
}

impl LocalIssuer {
    /// The issuer of this data directory; its key is made when first asked for.
    ///
    /// # Errors
    /// See [`KeysError`].
    pub fn open(data: &Path, chance: &dyn Chance) -> Result<Self, KeysError> {
        let path = data.join(keys::FOLDER).join("local-issuer.key");
        if !path.exists() {
            keys::write_secret(&path, &draw(chance))?;
        }
        Ok(Self::from_seed(&*keys::read_secret(&path)?))
    }

    /// The issuer with this Ed25519 seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let pair =
            Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are a seed of Ed25519");
        let kid = thumbprint(pair.public_key().as_ref());
        Self { pair, kid }
    }

    /// Its public key as a JWK set, for `/.well-known/jwks.json`.
    #[must_use]
    pub fn jwks(&self) -> String {
        json!({"keys": [{
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": self.kid,
            "x": URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref()),
        }]})
        .to_string()
    }

    /// How the demo trusts it: for every agency and everyone.
    #[must_use]
    pub fn terms(&self) -> IssuerTerms {
        IssuerTerms {
            name: LOCAL_ISSUER.to_owned(),
            keys: KeySource::Given(self.jwks()),
            audience: LOCAL_ISSUER.to_owned(),
            longest_seconds: LONGEST_SECONDS,
            organisations: None,
            people: true,
            assurance: std::collections::BTreeMap::new(),
        }
    }

    /// Issues a token.
    #[must_use]
    pub fn issue(&self, wanted: &TokenFor<'_>, chance: &dyn Chance) -> String {
        let issued = wanted.issued.0.div_euclid(1_000_000);
        let jti = URL_SAFE_NO_PAD.encode(draw::<16>(chance));
        let mut iua = json!({
            "subject_name": wanted.bearer.name,
            "purpose_of_use": wanted.purposes.iter().map(|p| coding(*p)).collect::<Vec<_>>(),
        });
        let scope = match &wanted.bearer.kind {
            SignInKind::Worker { role, organisation } => {
                iua["subject_role"] = json!([{"code": role.code()}]);
                iua["subject_organization_id"] = json!(organisation);
                "user/*.cruds"
            }
            SignInKind::Person { .. } => {
                iua["subject_role"] = json!([{"code": PATIENT_ROLE}]);
                // Who asks about somebody else needs a scope that reaches past their own record.
                match wanted
                    .purposes
                    .iter()
                    .any(|purpose| is_about_another(*purpose))
                {
                    true => "user/*.rs",
                    false => "patient/*.rs",
                }
            }
        };
        self.sign(&json!({
            "iss": LOCAL_ISSUER,
            "aud": LOCAL_ISSUER,
            "sub": wanted.bearer.subject(),
            "jti": jti,
            "iat": issued,
            "nbf": issued,
            "exp": issued + wanted.seconds.clamp(1, LONGEST_SECONDS),
            "acr": "substantial",
            "scope": scope,
            "extensions": {"ihe_iua": iua},
        }))
    }

    /// Signs any claims; tests use it to make tokens that must be refused.
    #[must_use]
    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": self.kid});
        let message = format!("{}.{}", part(&header), part(claims));
        let signature = self.pair.sign(message.as_bytes());
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Whether somebody asks for this as one who acts for another, or is close to them.
fn is_about_another(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::FamilyRequest
            | Purpose::DeceasedRecords
            | Purpose::IncapacityFunction
            | Purpose::MentalHealthAct
            | Purpose::Complaint
            | Purpose::Legal
    )
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn coding(purpose: Purpose) -> Value {
    json!({"system": purpose.system(), "code": purpose.code()})
}

/// The JWK thumbprint (RFC 7638) of an Ed25519 key (RFC 8037).
fn thumbprint(public: &[u8]) -> String {
    let x = URL_SAFE_NO_PAD.encode(public);
    let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(digest(&SHA256, jwk.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thumbprint_is_that_of_rfc_8037() {
        // RFC 8037 appendix A.3.
        let public = URL_SAFE_NO_PAD
            .decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
            .unwrap();
        assert_eq!(
            thumbprint(&public),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn the_issuer_of_a_directory_keeps_its_key() {
        let data = tempfile::tempdir().unwrap();
        let chance = crate::chance::SystemChance;
        let first = LocalIssuer::open(data.path(), &chance).unwrap();
        let again = LocalIssuer::open(data.path(), &chance).unwrap();
        assert_eq!(first.jwks(), again.jwks());
    }
}
