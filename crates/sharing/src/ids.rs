//! Ids on the wire: random, or derived from a contributor's own id under a secret.
//!
//! Twelve bytes of every id are unpredictable and four are a tag over them under the exchange's
//! secret. So an id can be told from a contributor's own by looking at it alone. Looking it up
//! instead would let a contributor find out, by what happens to a reference, whether an id that
//! it may not know exists.

use domain::{Chance, OrganisationId, ResourceId, time::draw};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const RANDOM: usize = 12;

/// Makes ids and recognises them.
pub struct WireIds {
    secret: [u8; 32],
}

impl WireIds {
    /// Takes the exchange's secret for ids.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// A new id that says nothing.
    #[must_use]
    pub fn fresh(&self, chance: &dyn Chance) -> ResourceId {
        self.tagged(draw(chance))
    }

    /// The id that a contributor's own id stands for. It is the same each time, so a reference can
    /// be resolved before its target arrives, and it is different for every contributor, so that
    /// none can reach what another holds by guessing its ids.
    #[must_use]
    pub fn of_alias(
        &self,
        custodian: &OrganisationId,
        resource_type: &str,
        local_id: &str,
    ) -> ResourceId {
        self.of_parts(&[
            b"alias/v1",
            custodian.as_str().as_bytes(),
            resource_type.as_bytes(),
            local_id.as_bytes(),
        ])
    }

    /// The id of what a request creates under its caller's own key: the same for the same bytes at
    /// the same place of the request, so that sending it twice creates one resource.
    #[must_use]
    pub fn of_request(&self, key: &[u8; 32], place: usize, bytes: &[u8]) -> ResourceId {
        let place = (place as u64).to_be_bytes();
        self.of_parts(&[b"request/v1", key, &place, bytes])
    }

    /// Reads an id if this exchange could have issued it.
    #[must_use]
    pub fn ours(&self, text: &str) -> Option<ResourceId> {
        let id: ResourceId = text.parse().ok()?;
        let mut random = [0; RANDOM];
        random.copy_from_slice(&id.0[..RANDOM]);
        (self.tagged(random) == id).then_some(id)
    }

    fn of_parts(&self, parts: &[&[u8]]) -> ResourceId {
        let mut random = [0; RANDOM];
        random.copy_from_slice(&self.mac(parts)[..RANDOM]);
        self.tagged(random)
    }

    fn tagged(&self, random: [u8; RANDOM]) -> ResourceId {
        let mut bytes = [0; 16];
        bytes[..RANDOM].copy_from_slice(&random);
        bytes[RANDOM..].copy_from_slice(&self.mac(&[b"tag/v1", &random])[..16 - RANDOM]);
        ResourceId(bytes)
    }

    /// HMAC over length-prefixed parts, so that no two lists of parts look alike.
    fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.secret).expect("hmac takes a key of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> WireIds {
        WireIds::new([7; 32])
    }

    #[test]
    fn an_agencys_own_id_always_stands_for_the_same_id_and_only_for_that_agency() {
        let hospital = OrganisationId::from("hospital");
        let practice = OrganisationId::from("braehead-practice");
        let id = ids().of_alias(&hospital, "Patient", "P-1");
        assert_eq!(id, ids().of_alias(&hospital, "Patient", "P-1"));
        assert_ne!(id, ids().of_alias(&practice, "Patient", "P-1"));
        assert_ne!(id, ids().of_alias(&hospital, "Observation", "P-1"));
    }

    #[test]
    fn only_ids_issued_here_are_recognised() {
        let id = ids().of_alias(&OrganisationId::from("hospital"), "Patient", "P-1");
        assert_eq!(ids().ours(&id.to_string()), Some(id));
        let mut forged = id;
        forged.0[0] ^= 1;
        assert_eq!(ids().ours(&forged.to_string()), None);
        assert_eq!(ids().ours("79a66c97-6131-3213-f3c9-4606946ab056"), None);
        assert_eq!(WireIds::new([8; 32]).ours(&id.to_string()), None);
    }
}
