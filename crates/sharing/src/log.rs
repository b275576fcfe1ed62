//! Proofs from the global log, read through its tiles as anyone could.

use std::collections::HashMap;

use ledger::pack::LogPlace;
use ledger::tiles::node_in_tiles;
use ledger::{Hash, NodeId, SourceError, Tile, consistency_proof, inclusion_proof};
use store::Store;

use crate::Error;

/// The global log as it was at one size.
pub struct Log<'a> {
    store: &'a dyn Store,
    size: u64,
    tiles: HashMap<Tile, Vec<u8>>,
}

impl<'a> Log<'a> {
    /// The log as it was when it had this many leaves.
    #[must_use]
    pub fn new(store: &'a dyn Store, size: u64) -> Self {
        Self {
            store,
            size,
            tiles: HashMap::new(),
        }
    }

    /// A leaf's place, with the path to the root; `None` for what was not in the log then.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the log is not whole.
    pub async fn place(&mut self, index: Option<u64>) -> Result<Option<LogPlace>, Error> {
        let Some(index) = index.filter(|index| *index < self.size) else {
            return Ok(None);
        };
        let size = self.size;
        let path = self
            .proof(|node| inclusion_proof(index, size, node))
            .await?;
        Ok(Some(LogPlace { index, path }))
    }

    /// The proof that the log only grew since it had `old_size` leaves.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the log is not whole, or never had so many.
    pub async fn consistency(&mut self, old_size: u64) -> Result<Vec<Hash>, Error> {
        let size = self.size;
        self.proof(|node| consistency_proof(old_size, size, node))
            .await
    }

    /// Makes a proof, reading each tile that it turns out to need.
    async fn proof(
        &mut self,
        prove: impl Fn(&mut NodeReader<'_>) -> Result<Vec<Hash>, SourceError<Tile>>,
    ) -> Result<Vec<Hash>, Error> {
        loop {
            let missing = {
                let (tiles, size) = (&self.tiles, self.size);
                let read = |tile: &Tile| tiles.get(tile).cloned().ok_or(*tile);
                match prove(&mut |node| node_in_tiles(node, size, read)) {
                    Ok(proof) => return Ok(proof),
                    Err(SourceError::Source(tile)) => tile,
                    Err(_) => return Err(not_whole()),
                }
            };
            let bytes = self.store.tile(&missing.path()).await?;
            self.tiles.insert(missing, bytes.ok_or_else(not_whole)?);
        }
    }
}

/// How a proof asks for a node; what is missing is named by its tile.
type NodeReader<'a> = dyn FnMut(NodeId) -> Result<Hash, SourceError<Tile>> + 'a;

/// The log lacks what its checkpoint covers.
#[derive(Debug, thiserror::Error)]
#[error("the log is not whole: run `candour doctor --thorough`")]
struct NotWhole;

/// The error of a log that lacks what its checkpoint covers.
#[must_use]
pub fn not_whole() -> Error {
    Error::Unavailable(Box::new(NotWhole))
}
