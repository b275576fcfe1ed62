//! JWK sets (RFC 7517): public keys, each bound to the one algorithm that it may verify.

use std::collections::BTreeMap;
use std::sync::Arc;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;

/// A public key with the only algorithm that tokens under it may use, so that no header can talk
/// us into another.
#[derive(Debug)]
pub struct Key {
    /// The algorithm.
    pub algorithm: Algorithm,
    /// The key.
    pub decoding: DecodingKey,
    jwk: Jwk,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.jwk == other.jwk
    }
}

/// The keys of one issuer by their id.
#[derive(Debug, Default, PartialEq)]
pub struct KeySet(BTreeMap<String, Arc<Key>>);

impl KeySet {
    /// Reads a set, leaving out keys that we cannot or must not use: shared secrets, encryption
    /// keys, other curves, RSA below 2048 bits, keys without an id.
    ///
    /// # Errors
    /// A sentence, if it is no JWK set or holds no key that we can use.
    pub fn parse(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<serde_json::Value>,
        }
        let set: Set =
            serde_json::from_str(text).map_err(|_| "that is not a JWK set".to_owned())?;
        let keys: BTreeMap<_, _> = set.keys.into_iter().filter_map(usable).collect();
        if keys.is_empty() {
            return Err(
                "the JWK set has no key with an id that verifies EdDSA, ES256 or RS256".to_owned(),
            );
        }
        Ok(Self(keys))
    }

    /// The key of this id.
    #[must_use]
    pub fn get(&self, kid: &str) -> Option<Arc<Key>> {
        self.0.get(kid).cloned()
    }

    /// Whether there is no key at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn usable(value: serde_json::Value) -> Option<(String, Arc<Key>)> {
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    let id = jwk.common.key_id.clone()?;
    let for_signatures = matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    );
    let algorithm = algorithm_of(&jwk)?;
    let declared = jwk.common.key_algorithm.map(|alg| alg.to_string());
    let agrees = declared.is_none_or(|declared| declared == format!("{algorithm:?}"));
    if !for_signatures || !agrees {
        return None;
    }
    let decoding = DecodingKey::from_jwk(&jwk).ok()?;
    let key = Key {
        algorithm,
        decoding,
        jwk,
    };
    Some((id, Arc::new(key)))
}

fn algorithm_of(jwk: &Jwk) -> Option<Algorithm> {
    match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => {
            Some(Algorithm::EdDSA)
        }
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => {
            Some(Algorithm::ES256)
        }
        // 2048 bits are 256 bytes, 342 characters of unpadded base64.
        AlgorithmParameters::RSA(rsa) if rsa.n.len() >= 342 => Some(Algorithm::RS256),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","kid":"a","use":"sig","alg":"EdDSA","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    #[test]
    fn a_shared_secret_is_never_a_key_for_verifying() {
        let set = format!(r#"{{"keys":[{ED25519},{{"kty":"oct","kid":"s","k":"c2VjcmV0"}}]}}"#);
        let keys = KeySet::parse(&set).unwrap();
        assert_eq!(keys.get("a").unwrap().algorithm, Algorithm::EdDSA);
        assert!(keys.get("s").is_none());
    }

    #[test]
    fn a_key_that_declares_another_algorithm_or_use_is_left_out() {
        for wrong in [
            ED25519.replace("\"alg\":\"EdDSA\"", "\"alg\":\"RS256\""),
            ED25519.replace("\"use\":\"sig\"", "\"use\":\"enc\""),
            ED25519.replace("\"kid\":\"a\",", ""),
        ] {
            let refusal = KeySet::parse(&format!(r#"{{"keys":[{wrong}]}}"#));
            assert_eq!(
                refusal.unwrap_err(),
                "the JWK set has no key with an id that verifies EdDSA, ES256 or RS256"
            );
        }
    }

    #[test]
    fn one_odd_key_does_not_spoil_the_set() {
        let set = format!(r#"{{"keys":[{{"kty":"AKP","kid":"pq"}},{ED25519}]}}"#);
        assert!(KeySet::parse(&set).unwrap().get("a").is_some());
    }
}
