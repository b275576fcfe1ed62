//! Telling how far the work is.

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Pairs worth comparing are sought.
    Candidates,
    /// The model is trained.
    Training,
    /// Pairs are judged.
    Scoring,
    /// Records are put together.
    Clustering,
}

/// Hears how far the work is, from any thread. `()` hears nothing.
pub trait Progress: Sync {
    /// A stage begins, with so many steps; 0 where that is not known.
    fn stage(&self, stage: Stage, total: u64) {
        let _ = (stage, total);
    }

    /// So many more steps of the stage are done.
    fn advance(&self, steps: u64) {
        let _ = steps;
    }
}

impl Progress for () {}
