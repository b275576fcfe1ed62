//! The permit: evidence, made only here, that a decision opened part of someone's record.

use std::collections::BTreeSet;

use domain::{ClassId, HomeId, PersonId, ResourceId};

/// Which rows a permit opens, in a form the store pushes into its queries: the classes opened and
/// single resources besides, less single resources held back. Nothing else is visible.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mask {
    /// Label classes opened.
    pub classes: BTreeSet<ClassId>,
    /// Resources opened although their class is not (a consent to one item, or to a time).
    pub with: BTreeSet<ResourceId>,
    /// Resources held back although their class is open (locks, objections to one item).
    pub without: BTreeSet<ResourceId>,
}

impl Mask {
    /// Whether a row of this class and id is open.
    #[must_use]
    pub fn opens(&self, class: ClassId, id: &ResourceId) -> bool {
        (self.classes.contains(&class) || self.with.contains(id)) && !self.without.contains(id)
    }

    /// Whether nothing is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty() && self.with.is_empty()
    }
}

/// That one person's record may be read through this mask. It cannot be copied, built elsewhere
/// or kept: each decision makes its own.
#[derive(Debug)]
pub struct Permit {
    person: PersonId,
    homes: Vec<(HomeId, u64)>,
    mask: Mask,
}

impl Permit {
    /// Only [`decide`](crate::decide) calls this.
    pub(crate) fn new(person: PersonId, homes: Vec<(HomeId, u64)>, mask: Mask) -> Self {
        Self {
            person,
            homes,
            mask,
        }
    }

    /// Whose record.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// Where its rows live, and the version of the facts on which the decision rests.
    #[must_use]
    pub fn homes(&self) -> &[(HomeId, u64)] {
        &self.homes
    }

    /// Which rows are open.
    #[must_use]
    pub fn mask(&self) -> &Mask {
        &self.mask
    }
}

/// The closed list of internal uses that read rows without a decision, none of which shows
/// anything to anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Internal {
    /// Finding whom a contributed Patient is, and finding a person by demographics.
    MatchIndex,
    /// Joining and parting Patients, what stewards are to decide of them, and counting what was
    /// shown while two people were one by mistake.
    Linking,
    /// Counting what looks odd about the Patients of an agency, for its own record system.
    Surveying,
    /// Applying a new version of the labeller.
    Relabelling,
    /// Deriving relationships and wishes from contributed events.
    Deriving,
    /// Giving an auditor the claims to the log's leaves, closed but for what concerns them.
    Auditing,
    /// Erasing an entry of an account.
    Erasing,
    /// Finding the entries of an account of which the asker's words are not told.
    Screening,
    /// Telling what was held back, on the day on which it is told.
    Opening,
    /// Telling what stands in two lists of one reader once.
    Merging,
    /// Counting what agencies asked of each other and what they answered.
    Counting,
    /// Moving messages when work falls due, or together with the one that they stand and fall with.
    Messages,
    /// Telling a privacy officer of attempts on a record, and a council of a record that nobody outside
    /// can see, by the name under which their own agency knows the person.
    Alerting,
}
