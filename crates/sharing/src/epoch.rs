//! Epochs: fixing where every view stands, in a map that tells nobody anything and lets each person
//! see that nothing was left out of theirs.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use ledger::epoch::next_number;
use ledger::{
    Epoch, Hash, Head, Map, Opening, Position, Says, TwoLeaves, ViewId, VrfKey, VrfProof,
    VrfPublicKey, map_leaf, map_opening,
};
use store::{Snapshot, StoredStatement};

use crate::keys::mac;
use crate::{Context, Error};

/// How many positions are kept at hand; finding one again takes some 50 microseconds.
const KNOWN_POSITIONS: usize = 2_000_000;

/// What makes maps: the keys that find positions, the secret that hides leaves, and the newest map.
pub struct Maps {
    secret: [u8; 32],
    seeds: [u8; 32],
    finders: RwLock<Vec<Arc<Finder>>>,
    newest: RwLock<Option<(u64, Arc<Map>)>>,
}

/// A key that finds positions, and those that it found.
pub(crate) struct Finder {
    vrf: VrfKey,
    known: RwLock<HashMap<ViewId, Position>>,
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

impl Finder {
    /// The key after positions changed hands so often. None tells of another.
    fn new(secret: &[u8; 32], changed: usize) -> Self {
        let number = (changed as u64).to_be_bytes();
        let seed = match changed {
            0 => mac(secret, &[b"vrf/v1"]),
            _ => mac(secret, &[b"vrf/v1/", &number]),
        };
        Self {
            vrf: VrfKey::from_seed(&seed),
            known: RwLock::default(),
        }
    }

    pub(crate) fn public(&self) -> &VrfPublicKey {
        self.vrf.public()
    }

    fn position(&self, view: &ViewId) -> Position {
        let known = self.known.read();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        if let Some(position) = known.get(view) {
            return *position;
        }
        drop(known);
        let position = Position::of(&self.vrf.hash(&view.0));
        let known = self.known.write();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_POSITIONS {
            known.clear();
        }
        known.insert(*view, position);
        position
    }
}

impl Maps {
    pub(crate) fn new(secret: [u8; 32]) -> Self {
        Self {
            secret,
            seeds: mac(&secret, &[b"epochs/v1"]),
            finders: RwLock::default(),
            newest: RwLock::default(),
        }
    }

    /// What finds positions after the key was changed so often.
    pub(crate) fn finder(&self, changed: usize) -> Arc<Finder> {
        let finders = self.finders.write();
        let mut finders = finders.unwrap_or_else(PoisonError::into_inner);
        while finders.len() <= changed {
            let next = Finder::new(&self.secret, finders.len());
            finders.push(Arc::new(next));
        }
        Arc::clone(&finders[changed])
    }

    /// The map of an epoch, from where the views stood; the newest is kept at hand.
    fn of(
        &self,
        number: u64,
        finder: &Finder,
        stands: &[(ViewId, Head)],
    ) -> Result<Arc<Map>, TwoLeaves> {
        if let Some(map) = self.at_hand(number) {
            return Ok(map);
        }
        let seed = self.seed(number);
        let leaves = stands.iter().map(|(view, head)| {
            let position = finder.position(view);
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

    /// An epoch's own secret, from which the openings of its leaves come.
    fn seed(&self, number: u64) -> [u8; 32] {
        mac(&self.seeds, &[b"epoch-seed/v1", &number.to_be_bytes()])
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
    let statements = snapshot.statements().await?;
    let since = statements.iter().filter(|stated| {
        let before = last.as_ref().map(|last| last.log_index);
        before.is_none_or(|before| stated.log_index > before)
    });
    let number = last.as_ref().map(|last| last.epoch.number);
    let number = next_number(number, since.map(|stated| &stated.statement));
    let finder = cx.keys.maps().finder(changed(&statements));
    let stands = snapshot.stands(size).await?;
    drop(snapshot);
    let map = map(cx, number, &finder, stands).await?;
    let epoch = Epoch {
        number,
        time_us: now.0,
        size,
        vrf_key: *finder.public(),
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
    let finder = finder_of(cx, snapshot, epoch).await?;
    let map = match maps.at_hand(epoch.number) {
        Some(map) => map,
        None => {
            let stands = snapshot.stands(epoch.size).await?;
            map(cx, epoch.number, &finder, stands).await?
        }
    };
    if map.root() != epoch.root {
        return Err(failed(OtherMap(epoch.number)));
    }
    let position = finder.position(view);
    Ok(Stood {
        position: finder.vrf.prove(&view.0),
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
    let finder = finder_of(cx, snapshot, epoch).await?;
    let stands = snapshot.stands(epoch.size).await?;
    let made = map(cx, epoch.number, &finder, stands).await?;
    Ok(made.root() == epoch.root)
}

/// What found the positions of an epoch: by the key that it names.
async fn finder_of(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    epoch: &Epoch,
) -> Result<Arc<Finder>, Error> {
    let changed = changed(&snapshot.statements().await?);
    let mut finders = (0..=changed)
        .rev()
        .map(|times| cx.keys.maps().finder(times));
    let finder = finders.find(|finder| *finder.public() == epoch.vrf_key);
    finder.ok_or_else(|| failed(OtherMap(epoch.number)))
}

/// How often the key of positions was changed.
pub(crate) fn changed(statements: &[StoredStatement]) -> usize {
    let is_change =
        |stated: &&StoredStatement| matches!(stated.statement.says, Says::PositionsKey { .. });
    statements.iter().filter(is_change).count()
}

/// A map of many views takes a second or two, and must not hold up others' requests.
async fn map(
    cx: &Context,
    number: u64,
    finder: &Arc<Finder>,
    stands: Vec<(ViewId, Head)>,
) -> Result<Arc<Map>, Error> {
    let (keys, finder) = (Arc::clone(&cx.keys), Arc::clone(finder));
    let made = tokio::task::spawn_blocking(move || keys.maps().of(number, &finder, &stands));
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
