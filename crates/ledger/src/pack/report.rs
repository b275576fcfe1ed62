//! What a verification found: each step by name, and the verdict.

use crate::chain::ViewId;
use crate::head_code::HeadCode;

/// What was checked, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The steps in their order.
    pub findings: Vec<Finding>,
    /// The log's name.
    pub origin: String,
    /// The size of the log at the pack's checkpoint; `None` if that is not to be believed.
    pub log_size: Option<u64>,
    /// Which view.
    pub view: ViewId,
    /// How many entries the list has.
    pub entries: usize,
    /// The code of the whole list, to write down.
    pub code: HeadCode,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub step: Step,
    /// What came of it.
    pub outcome: Outcome,
}

/// A step of a verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The key is the one that the log publishes.
    Key,
    /// The log's key signed the checkpoint.
    Checkpoint,
    /// Others saw the same checkpoint.
    Witnesses,
    /// The log only grew since earlier checkpoints.
    History,
    /// Every entry opens its commitment, at its place in the chain.
    Entries,
    /// Every erased entry has a later one that says so.
    Erasures,
    /// Every entry that was held back for a time was in the log since it happened.
    Held,
    /// Every commitment is in the log.
    Log,
    /// The log took the entries in the order of the chain.
    Order,
    /// The times claimed fit the moments fixed by epochs and witnesses.
    Times,
    /// At each epoch the log held the same list, and none that is longer.
    Completeness,
    /// What the exchange says of itself is in the log.
    Statements,
    /// The list begins with the one whose code is on a letter.
    Code,
}

/// What came of a step. Each says in words what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds(String),
    /// The pack, or whoever checks it, does not bring what this step needs.
    NotShown(String),
    /// It is false.
    Fails(String),
}

/// What the steps come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every step holds.
    Proven,
    /// Nothing is false, and some steps are not shown.
    ProvenInPart,
    /// Something is false.
    False,
}

impl Report {
    /// What the steps come to.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.findings.iter().map(|finding| &finding.outcome))
    }

    /// What came of a step; `None` if it was not asked for.
    pub fn outcome(&self, step: Step) -> Option<&Outcome> {
        let found = self.findings.iter().find(|finding| finding.step == step);
        found.map(|finding| &finding.outcome)
    }
}

impl Step {
    /// The step's name, a word.
    pub fn code(self) -> &'static str {
        match self {
            Step::Key => "key",
            Step::Checkpoint => "checkpoint",
            Step::Witnesses => "witnesses",
            Step::History => "history",
            Step::Entries => "entries",
            Step::Erasures => "erasures",
            Step::Held => "held",
            Step::Log => "log",
            Step::Order => "order",
            Step::Times => "times",
            Step::Completeness => "completeness",
            Step::Statements => "statements",
            Step::Code => "code",
        }
    }
}

impl Outcome {
    /// The outcome's name: `holds`, `not-shown` or `false`.
    pub fn code(&self) -> &'static str {
        match self {
            Outcome::Holds(_) => "holds",
            Outcome::NotShown(_) => "not-shown",
            Outcome::Fails(_) => "false",
        }
    }

    /// What was found, in words.
    pub fn words(&self) -> &str {
        match self {
            Outcome::Holds(words) | Outcome::NotShown(words) | Outcome::Fails(words) => words,
        }
    }
}

impl Verdict {
    /// What these outcomes come to.
    pub(crate) fn of<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> Verdict {
        outcomes.fold(Verdict::Proven, |so_far, outcome| match (so_far, outcome) {
            (Verdict::False, _) | (_, Outcome::Fails(_)) => Verdict::False,
            (_, Outcome::NotShown(_)) => Verdict::ProvenInPart,
            (so_far, Outcome::Holds(_)) => so_far,
        })
    }

    /// The verdict's name: `proven`, `proven-in-part` or `false`.
    pub fn code(self) -> &'static str {
        match self {
            Verdict::Proven => "proven",
            Verdict::ProvenInPart => "proven-in-part",
            Verdict::False => "false",
        }
    }
}
