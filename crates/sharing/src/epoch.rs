//! Epochs: fixing where every view stands, in a map that tells nobody anything and lets each person
//! see that nothing was left out of theirs.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use hmac::{Hmac, KeyInit, Mac};
use ledger::{
    Epoch, Hash, Head, Map, Opening, Position, TwoLeaves, ViewId, VrfKey, VrfProof, map_leaf,
    map_opening,
};
use sha2::Sha256;
use store::Snapshot;

use crate::{Context, Error};

/// How many positions are kept at hand; finding one again takes some 50 microseconds.
const KNOWN_POSITIONS: usize = 2_000_000;

/// What makes maps: the key that finds positions, the secret that hides leaves, and the newest map.
pub struct Maps {
    vrf: VrfKey,
    seeds: [u8; 32],
    positions: RwLock<HashMap<ViewId, Position>>,
    newest: RwLock<Option<(u64, Arc<Map>)>>,
}

/// Where a view stood in the map of one epoch.
#[derive(Debug)]
pub(crate) struct Stood {
    /// The proof of its position.
    pub(crate) position: VrfProof,
    /// The opening of its leaf.
    pub(crate) opening: Opening,
    /// The path of its leaf.
    pub(crate) path: Vec<Hash>,
}

impl Maps {
    pub(crate) fn new(vrf_seed: &[u8; 32], seeds: [u8; 32]) -> Self {
        Self {
            vrf: VrfKey::from_seed(vrf_seed),
            seeds,
            positions: RwLock::default(),
            newest: RwLock::default(),
        }
    }

    /// The map of an epoch, from where the views stood; the newest is kept at hand.
    fn of(&self, number: u64, stands: &[(ViewId, Head)]) -> Result<Arc<Map>, TwoLeaves> {
        if let Some(map) = self.at_hand(number) {
            return Ok(map);
        }
        let seed = self.seed(number);
        let leaves = stands.iter().map(|(view, head)| {
            let position = self.position(view);
            let opening = map_opening(&seed, &position);
            (position, map_leaf(number, &position, head, &opening))
        });
        let map = Arc::new(Map::new(leaves.collect())?);
        let mut newest = self.newest.write().unwrap_or_else(PoisonError::into_inner);
        if newest.as_ref().is_none_or(|(known, _)| *known < number) {
            *newest = Some((number, Arc::clone(&map)));
        }
        Ok(map)
    }

    fn at_hand(&self, number: u64) -> Option<Arc<Map>> {
        let newest = self.newest.read().unwrap_or_else(PoisonError::into_inner);
        newest
            .as_ref()
            .filter(|(known, _)| *known == number)
            .map(|(_, map)| Arc::clone(map))
    }

    fn position(&self, view: &ViewId) -> Position {
        let known = self.positions.read();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        if let Some(position) = known.get(view) {
            return *position;
        }
        drop(known);
        let position = Position::of(&self.vrf.hash(&view.0));
        let known = self.positions.write();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_POSITIONS {
            known.clear();
        }
        known.insert(*view, position);
        position
    }

    /// An epoch's own secret, from which the openings of its leaves come.
    fn seed(&self, number: u64) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.seeds).expect("hmac takes a key of any length");
        mac.update(b"epoch-seed/v1");
        mac.update(&number.to_be_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// Puts an epoch into the log, unless nothing was written since the last one. Returns it.
///
/// # Errors
/// [`Error::Conflict`] if another process made one at the same time; [`Error::Unavailable`].
pub async fn make(cx: &Context) -> Result<Option<Epoch>, Error> {
    let size = cx.store.sequence().await?;
    // After the log was ordered: whatever is not among its leaves now was written about now or
    // later, which is what an epoch's time means to whoever checks a pack.
    let now = cx.now();
    let mut snapshot = cx.store.snapshot().await?;
    let last = snapshot.epochs().await?.pop();
    if last.as_ref().is_some_and(|last| size <= last.log_index + 1) {
        return Ok(None);
    }
    let number = last.as_ref().map_or(0, |last| last.epoch.number + 1);
    let stands = snapshot.stands(size).await?;
    drop(snapshot);
    let map = map(cx, number, stands).await?;
    let epoch = Epoch {
        number,
        time_us: now.0,
        size,
        vrf_key: *cx.keys.maps().vrf.public(),
        root: map.root(),
    };
    cx.store.add_epoch(epoch.clone()).await?;
    Ok(Some(epoch))
}

/// Where a view stood at an epoch. Maps of former epochs are made anew, from the entries that the
/// log held then.
pub(crate) async fn stood(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    epoch: &Epoch,
    view: &ViewId,
) -> Result<Stood, Error> {
    let maps = cx.keys.maps();
    let map = match maps.at_hand(epoch.number) {
        Some(map) => map,
        None => map(cx, epoch.number, snapshot.stands(epoch.size).await?).await?,
    };
    if map.root() != epoch.root {
        return Err(failed(OtherMap(epoch.number)));
    }
    let position = maps.position(view);
    Ok(Stood {
        position: maps.vrf.prove(&view.0),
        opening: map_opening(&maps.seed(epoch.number), &position),
        path: map.path(&position).ok_or_else(|| failed(NotThere))?,
    })
}

/// Whether the map of an epoch, made anew, is the one that was logged.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn is_as_logged(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    epoch: &Epoch,
) -> Result<bool, Error> {
    let made = map(cx, epoch.number, snapshot.stands(epoch.size).await?).await?;
    Ok(made.root() == epoch.root && epoch.vrf_key == *cx.keys.maps().vrf.public())
}

/// A map of many views takes a second or two, and must not hold up others' requests.
async fn map(cx: &Context, number: u64, stands: Vec<(ViewId, Head)>) -> Result<Arc<Map>, Error> {
    let keys = Arc::clone(&cx.keys);
    let made = tokio::task::spawn_blocking(move || keys.maps().of(number, &stands));
    made.await.map_err(failed)?.map_err(failed)
}

#[derive(Debug, thiserror::Error)]
#[error("the map of epoch {0} is not the one that was logged")]
struct OtherMap(u64);

#[derive(Debug, thiserror::Error)]
#[error("the view is not in the map of the epoch")]
struct NotThere;

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Unavailable(Box::new(error))
}
