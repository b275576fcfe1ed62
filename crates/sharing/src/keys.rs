//! Keys of homes and entries, opened as they are needed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::authority::AuthorityKind;
use domain::{HomeId, OrganisationId, PersonId};
use hmac::{Hmac, KeyInit, Mac};
use ledger::{HomeKey, RootKey, ViewId};
use sha2::Sha256;
use store::Snapshot;

use crate::Error;
use crate::epoch::Maps;

/// How many opened home keys are kept at hand.
const CACHED_HOMES: usize = 50_000;

/// The letters of an alias: none is taken for another.
const ALIAS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The root key, the secret from which view ids come, and home keys already opened.
pub struct Keys {
    root: RootKey,
    views: [u8; 32],
    maps: Maps,
    opened: RwLock<HashMap<HomeId, Arc<HomeKey>>>,
}

impl Keys {
    /// Takes the root key and the secret for view ids.
    #[must_use]
    pub fn new(root: RootKey, views: [u8; 32]) -> Self {
        Self {
            root,
            views,
            maps: Maps::new(views),
            opened: RwLock::default(),
        }
    }

    /// A new home's key, wrapped under the root key for keeping.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the key cannot be used.
    pub fn new_home(&self, key: [u8; 32], nonce: [u8; 12]) -> Result<Vec<u8>, Error> {
        let key = HomeKey::new(key).map_err(unusable)?;
        self.root.wrap(&key, nonce).map_err(unusable)
    }

    /// A home's key.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the home is unknown or its key does not open.
    pub async fn home(
        &self,
        snapshot: &mut dyn Snapshot,
        home: HomeId,
    ) -> Result<Arc<HomeKey>, Error> {
        if let Some(key) = self
            .opened
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&home)
        {
            return Ok(Arc::clone(key));
        }
        let wrapped = snapshot
            .home_key(home)
            .await?
            .ok_or(NoKey)
            .map_err(unusable)?;
        let key = Arc::new(self.root.unwrap(&wrapped).map_err(unusable)?);
        let mut opened = self.opened.write().unwrap_or_else(PoisonError::into_inner);
        if opened.len() >= CACHED_HOMES {
            opened.clear();
        }
        opened.insert(home, Arc::clone(&key));
        Ok(key)
    }

    /// The chain that a person reads.
    #[must_use]
    pub fn person_view(&self, person: PersonId) -> ViewId {
        self.view(b"person", &person.0)
    }

    /// The chain that a person reads where nobody looks over their shoulder.
    #[must_use]
    pub fn safe_view(&self, person: PersonId) -> ViewId {
        self.view(b"safe-channel", &person.0)
    }

    /// The chain that somebody reads who acts for a person, by what they act.
    #[must_use]
    pub fn representative_view(
        &self,
        person: PersonId,
        holder: PersonId,
        kind: AuthorityKind,
    ) -> ViewId {
        let whose = [person.0.as_slice(), &holder.0, kind.code().as_bytes()].concat();
        self.view(b"representative", &whose)
    }

    /// What stands for a member of staff in the entries of one home: the same for all that they did
    /// there, another elsewhere, and nobody's without the key. Empty for whoever is none.
    pub(crate) fn alias_of(&self, home: HomeId, worker: &str) -> String {
        if worker.is_empty() {
            return String::new();
        }
        let drawn = mac(&self.views, &[b"alias/v1", &home.0, worker.as_bytes()]);
        let bits = drawn
            .iter()
            .take(5)
            .fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
        let letter = |place: u32| ALIAS[(bits >> (5 * place)) as usize & 31];
        (0..8).map(|place| char::from(letter(place))).collect()
    }

    /// The chain of an agency's searches that found nobody.
    #[must_use]
    pub fn organisation_view(&self, organisation: &OrganisationId) -> ViewId {
        self.view(b"organisation", organisation.as_str().as_bytes())
    }

    /// What is kept of the code of a one-time link. Six digits are found by trying where a plain digest
    /// of them is known, so it is made with a key that is in no database.
    pub(crate) fn spoken_code(&self, link: &[u8; 32], code: &str) -> [u8; 32] {
        mac(&self.views, &[b"invitation/v1", link, code.as_bytes()])
    }

    /// A number from which the code follows that is mailed to an address, to be sure that it is theirs.
    pub(crate) fn mailed_code(&self, person: PersonId, draw: &[u8; 16]) -> u64 {
        let made = mac(&self.views, &[b"mailed-code/v1", &person.0, draw]);
        made[..8]
            .iter()
            .fold(0, |all, byte| (all << 8) | u64::from(*byte))
    }

    /// What makes the maps of epochs.
    pub(crate) fn maps(&self) -> &Maps {
        &self.maps
    }

    fn view(&self, audience: &[u8], whose: &[u8]) -> ViewId {
        let length = [audience.len() as u8];
        ViewId(mac(&self.views, &[b"view/v1", &length, audience, whose]))
    }
}

/// HMAC-SHA-256 over the parts; the first is a label that no other use has.
pub(crate) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("hmac takes a key of any length");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// A home without a key cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("a home has no key")]
struct NoKey;

fn unusable(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Unavailable(Box::new(error))
}
