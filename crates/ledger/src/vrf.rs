//! Where a view stands in the epoch map: a position that only the operator can find, and that
//! anyone can check (ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381).
//!
//! A view id alone does not tell its position, so nobody can look up whether somebody has a view.
//! Given the proof, the position follows from the key and the view id, and there is only one: the
//! operator cannot keep two leaves for one view.
//!
//! The curve is `curve25519-dalek`'s; what stands here is the composition that section 5 of the RFC
//! prescribes, held against its test vectors (appendix B.3).

use std::fmt;

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::{Scalar, clamp_integer};
use sha2::{Digest, Sha512};
use zeroize::Zeroizing;

/// The suite's number (RFC 9381, 5.5).
const SUITE: u8 = 0x03;
const TO_CURVE: u8 = 0x01;
const CHALLENGE: u8 = 0x02;
const TO_HASH: u8 = 0x03;
const END: u8 = 0x00;

/// The length of a proof: a point, half a scalar, a scalar.
pub const PROOF: usize = 80;

/// The key that finds positions.
pub struct VrfKey {
    scalar: Zeroizing<Scalar>,
    nonce_key: Zeroizing<[u8; 32]>,
    public: VrfPublicKey,
}

/// The key that checks positions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VrfPublicKey {
    point: EdwardsPoint,
    bytes: [u8; 32],
}

/// The evidence that a hash belongs to a key and an input.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VrfProof(pub [u8; PROOF]);

/// Why a proof or a key is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VrfError {
    /// Not a point of the curve in its one form, or one of the few that make every proof true.
    #[error("this is not a public key of the epoch map")]
    PublicKey,
    /// Not a proof, or one for another key or input.
    #[error("the proof of the position is false")]
    Proof,
}

impl VrfKey {
    /// The key from 32 random bytes, which are an Ed25519 private key (RFC 8032, 5.1.5).
    pub fn from_seed(seed: &[u8; 32]) -> VrfKey {
        let hashed = Zeroizing::new(<[u8; 64]>::from(Sha512::digest(seed)));
        let (first, second) = halves(&hashed);
        let scalar = Zeroizing::new(Scalar::from_bytes_mod_order(clamp_integer(first)));
        let point = EdwardsPoint::mul_base(&scalar);
        VrfKey {
            scalar,
            nonce_key: Zeroizing::new(second),
            public: VrfPublicKey {
                point,
                bytes: point.compress().0,
            },
        }
    }

    /// The half that may be published.
    pub fn public(&self) -> &VrfPublicKey {
        &self.public
    }

    /// The hash of `input`, without its proof.
    pub fn hash(&self, input: &[u8]) -> [u8; 64] {
        match self.public.point_of(input) {
            Some(point) => hash_of(&(point * *self.scalar)),
            None => [0; 64],
        }
    }

    /// Proves the hash of `input` (RFC 9381, 5.1).
    pub fn prove(&self, input: &[u8]) -> VrfProof {
        // One try in two finds a point; that 256 in a row fail has the probability 2^-256.
        let point = self.public.point_of(input).unwrap_or_default();
        let encoded = point.compress().0;
        let gamma = point * *self.scalar;
        let nonce = Zeroizing::new(wide(&[self.nonce_key.as_slice(), &encoded]));
        let challenge = self.public.challenge(
            &encoded,
            &gamma,
            &EdwardsPoint::mul_base(&nonce),
            &(point * *nonce),
        );
        let s = *nonce + scalar_of(&challenge) * *self.scalar;
        let mut proof = [0; PROOF];
        proof[..32].copy_from_slice(&gamma.compress().0);
        proof[32..48].copy_from_slice(&challenge);
        proof[48..].copy_from_slice(s.as_bytes());
        VrfProof(proof)
    }
}

impl VrfPublicKey {
    /// Reads a public key, refusing those of small order (RFC 9381, 5.4.5).
    pub fn new(bytes: [u8; 32]) -> Result<VrfPublicKey, VrfError> {
        let point = point_from(&bytes).ok_or(VrfError::PublicKey)?;
        if point.is_small_order() {
            return Err(VrfError::PublicKey);
        }
        Ok(VrfPublicKey { point, bytes })
    }

    /// The key as RFC 8032 encodes it.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The hash of `input`, if the proof is for this key and input (RFC 9381, 5.3).
    pub fn verify(&self, input: &[u8], proof: &VrfProof) -> Result<[u8; 64], VrfError> {
        let (gamma, challenge, s) = proof.parts().ok_or(VrfError::Proof)?;
        let point = self.point_of(input).ok_or(VrfError::Proof)?;
        let c = scalar_of(&challenge);
        let u = EdwardsPoint::vartime_double_scalar_mul_basepoint(&-c, &self.point, &s);
        let v = point * s - gamma * c;
        if self.challenge(&point.compress().0, &gamma, &u, &v) == challenge {
            Ok(hash_of(&gamma))
        } else {
            Err(VrfError::Proof)
        }
    }

    /// Tries and increments until a hash is a point (RFC 9381, 5.4.1.1).
    fn point_of(&self, input: &[u8]) -> Option<EdwardsPoint> {
        let begun = Sha512::new()
            .chain_update([SUITE, TO_CURVE])
            .chain_update(self.bytes)
            .chain_update(input);
        (0..=u8::MAX).find_map(|tries| {
            let hash: [u8; 64] = begun.clone().chain_update([tries, END]).finalize().into();
            let point = point_from(&halves(&hash).0)?.mul_by_cofactor();
            (!point.is_small_order()).then_some(point)
        })
    }

    fn challenge(
        &self,
        input: &[u8; 32],
        gamma: &EdwardsPoint,
        u: &EdwardsPoint,
        v: &EdwardsPoint,
    ) -> [u8; 16] {
        let hash: [u8; 64] = Sha512::new()
            .chain_update([SUITE, CHALLENGE])
            .chain_update(self.bytes)
            .chain_update(input)
            .chain_update(gamma.compress().0)
            .chain_update(u.compress().0)
            .chain_update(v.compress().0)
            .chain_update([END])
            .finalize()
            .into();
        let mut challenge = [0; 16];
        challenge.copy_from_slice(&hash[..16]);
        challenge
    }
}

impl VrfProof {
    fn parts(&self) -> Option<(EdwardsPoint, [u8; 16], Scalar)> {
        let (gamma, rest) = self.0.split_first_chunk::<32>()?;
        let (challenge, s) = rest.split_first_chunk::<16>()?;
        let s = Scalar::from_canonical_bytes(s.try_into().ok()?).into_option()?;
        Some((point_from(gamma)?, *challenge, s))
    }
}

/// Whether bytes are the one encoding of a point of the curve.
pub(crate) fn is_point(bytes: &[u8; 32]) -> bool {
    point_from(bytes).is_some()
}

/// Decodes a point from its one encoding: dalek also takes others, which RFC 8032 refuses.
fn point_from(bytes: &[u8; 32]) -> Option<EdwardsPoint> {
    let point = CompressedEdwardsY(*bytes).decompress()?;
    (point.compress().0 == *bytes).then_some(point)
}

/// The output for a proof's point (RFC 9381, 5.2).
fn hash_of(gamma: &EdwardsPoint) -> [u8; 64] {
    Sha512::new()
        .chain_update([SUITE, TO_HASH])
        .chain_update(gamma.mul_by_cofactor().compress().0)
        .chain_update([END])
        .finalize()
        .into()
}

fn scalar_of(challenge: &[u8; 16]) -> Scalar {
    Scalar::from(u128::from_le_bytes(*challenge))
}

fn wide(parts: &[&[u8]]) -> Scalar {
    let mut hasher = Sha512::new();
    for part in parts {
        hasher.update(part);
    }
    Scalar::from_bytes_mod_order_wide(&hasher.finalize().into())
}

fn halves(bytes: &[u8; 64]) -> ([u8; 32], [u8; 32]) {
    let (mut first, mut second) = ([0; 32], [0; 32]);
    first.copy_from_slice(&bytes[..32]);
    second.copy_from_slice(&bytes[32..]);
    (first, second)
}

impl fmt::Debug for VrfKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VrfKey(..)")
    }
}

impl fmt::Debug for VrfPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&crate::Hash(self.bytes), f)
    }
}

impl fmt::Debug for VrfProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VrfProof(..)")
    }
}
