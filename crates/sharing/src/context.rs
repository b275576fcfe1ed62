//! What every use case works with.

use std::sync::Arc;

use domain::{Chance, Clock, Timestamp, time::draw};
use policy::labeller::Labeller;
use store::Store;

use crate::identity::LiveIndex;
use crate::ids::WireIds;
use crate::in_force::InForce;
use crate::kept::KeptFacts;
use crate::keys::Keys;

/// What every use case works with. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The local policies, of which the store says which are in force.
    pub policies: Arc<InForce>,
    /// The rules that label what is contributed.
    pub labeller: Arc<Labeller>,
    /// The keys of homes and entries.
    pub keys: Arc<Keys>,
    /// How ids on the wire are made and recognised.
    pub ids: Arc<WireIds>,
    /// Everybody, ready to be searched; kept as the store has them by [`store`](Self::store) itself.
    pub index: Arc<LiveIndex>,
    /// Facts known to be kept for replay.
    pub kept: Arc<KeptFacts>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
}

impl Context {
    /// The present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Fresh random bytes.
    #[must_use]
    pub fn draw<const N: usize>(&self) -> [u8; N] {
        draw(self.chance.as_ref())
    }
}
