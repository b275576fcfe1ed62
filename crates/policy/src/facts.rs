//! What is known about the person at the moment of deciding.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use domain::{
    Audience, Bar, Caller, Capacity, Circumstances, ClassId, HomeId, LabelClass, Lock, Objection,
    PersonId, Relationship, ResourceId, Timestamp, WorkerId,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Mask;

/// Everything a decision may depend on, read in one snapshot. Lists are sorted, so that equal
/// facts have one encoding and one digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Whose facts these are.
    pub person: PersonId,
    /// The persons that the person's other Patients are by themselves: whoever signs in as one of
    /// them is this person for as long as the Patients are joined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<PersonId>,
    /// Where the person's rows live, with the version of the facts of each home.
    pub homes: Vec<(HomeId, u64)>,
    /// The person's existence itself is protected: only those with an evidenced relationship, or
    /// an exact identifier in an emergency, may know that Candour knows them.
    pub protected: bool,
    /// Who is involved, ended relationships included.
    pub relationships: Vec<Relationship>,
    /// What the person does not agree to.
    pub objections: Vec<Objection>,
    /// Who may never see them.
    pub bars: Vec<Bar>,
    /// What opens to nobody but its holder.
    pub locks: Vec<Lock>,
    /// The label classes that the person's rows carry.
    pub classes: Vec<(ClassId, LabelClass)>,
    /// Classes whose every row is locked: absent for everyone but the holder of the lock, so that
    /// a record with locked rows and one without them are answered alike.
    pub only_locked: Vec<ClassId>,
    /// The class of each single resource that a lock, an objection or a relationship names.
    pub named: Vec<(ResourceId, ClassId)>,
    /// Classes of which the circumstances tell rows apart, cell by cell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Cell>,
    /// All else that the law turns on, as far as it is known.
    #[serde(default, skip_serializing_if = "Circumstances::is_empty")]
    pub circumstances: Circumstances,
}

/// Resources of one label class that no rule tells apart, though it tells them from others of that
/// class: by when they were written, by a code, or by name. A cell is decided as a class of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cell {
    /// The class that it is decided as, which no row carries.
    pub class: ClassId,
    /// The class that its rows carry.
    pub of: ClassId,
    /// Its resources.
    pub resources: Vec<ResourceId>,
}

impl Facts {
    /// The workers whom a bar in force names and keeps from the person as such, and since when.
    #[must_use]
    pub fn barred_workers(&self, now: Timestamp) -> BTreeMap<&WorkerId, Timestamp> {
        let by_name = self.bars.iter().filter(|bar| bar.is_live(now));
        let by_name = by_name.map(|bar| (&bar.worker, bar.since));
        let said = self.circumstances.bars.iter();
        let said = said.filter(|bar| bar.is_live(now) && bar.about.is_everything());
        let named = said.flat_map(|bar| bar.against.iter().map(|one| (one, bar.since.0)));
        let named = named.filter_map(|(one, since)| match one {
            Audience::Worker(worker) => Some((worker, since)),
            _ => None,
        });
        by_name.chain(named).collect()
    }

    /// The labels of rows that carry a class.
    #[must_use]
    pub fn label(&self, class: ClassId) -> Option<&LabelClass> {
        let cell = self.cells.iter().find(|cell| cell.of == class);
        let stand_in = cell.map_or(class, |cell| cell.class);
        let of = |wanted| move |(known, _): &&(ClassId, LabelClass)| *known == wanted;
        let classes = || self.classes.iter();
        let found = classes()
            .find(of(class))
            .or_else(|| classes().find(of(stand_in)));
        found.map(|(_, label)| label)
    }

    /// A mask over the classes that were decided, as one over the rows that carry them.
    pub(crate) fn over_rows(&self, mut mask: Mask) -> Mask {
        for cell in &self.cells {
            let opened = mask.classes.remove(&cell.class);
            match (opened, mask.classes.contains(&cell.of)) {
                (true, false) => mask.with.extend(&cell.resources),
                (false, true) => mask.without.extend(&cell.resources),
                (true, true) | (false, false) => {}
            }
        }
        mask
    }

    /// The one encoding of these facts, by which they are kept and a decision is replayed: JSON in
    /// field order, lists sorted, so that the order in which rows were read does not matter.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let sorted = (!self.is_sorted()).then(|| self.sorted());
        // Every map key is a string and every number an integer, so encoding cannot fail.
        serde_json::to_vec(sorted.as_ref().unwrap_or(self)).unwrap_or_default()
    }

    /// SHA-256 of [`Facts::encode`].
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.encode()).into()
    }

    /// The same facts with their digest, for whoever decides on them more than once.
    #[must_use]
    pub fn digested(self) -> DigestedFacts {
        DigestedFacts {
            digest: self.digest(),
            facts: self,
        }
    }

    /// Who that is for whom these facts are: a caller who signs in as somebody whom this person was
    /// joined with is this person.
    #[must_use]
    pub fn caller(&self, caller: &Caller) -> Caller {
        let mut caller = caller.clone();
        if let Capacity::Person(own) = &mut caller.capacity
            && self.joined.contains(own)
        {
            *own = self.person;
        }
        caller
    }

    /// The class and labels of a single resource that a lock, an objection or a relationship names,
    /// if the person has such a resource.
    #[must_use]
    pub fn class_of(&self, resource: ResourceId) -> Option<(ClassId, &LabelClass)> {
        let (_, class) = self.named.iter().find(|(named, _)| *named == resource)?;
        self.classes
            .iter()
            .find(|(known, _)| known == class)
            .map(|(known, label)| (*known, label))
    }

    fn is_sorted(&self) -> bool {
        self.joined.is_sorted()
            && self.homes.is_sorted()
            && self.relationships.is_sorted()
            && self.objections.is_sorted()
            && self.bars.is_sorted()
            && self.locks.is_sorted()
            && self.classes.is_sorted()
            && self.only_locked.is_sorted()
            && self.named.is_sorted()
            && self.cells.is_sorted()
            && self.circumstances.is_empty()
    }

    fn sorted(&self) -> Self {
        let mut facts = self.clone();
        facts.joined.sort();
        facts.homes.sort();
        facts.relationships.sort();
        facts.objections.sort();
        facts.bars.sort();
        facts.locks.sort();
        facts.classes.sort();
        facts.only_locked.sort();
        facts.named.sort();
        facts.cells.sort();
        facts.circumstances = facts.circumstances.sorted();
        facts
    }
}

/// Facts that change no more, with their digest: encoding them costs as much as deciding, and a
/// person is often asked about again before anything about them changed.
#[derive(Debug, PartialEq, Eq)]
pub struct DigestedFacts {
    facts: Facts,
    digest: [u8; 32],
}

impl Deref for DigestedFacts {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

/// What a decision rests on: facts, and their digest, computed now or before.
#[derive(Debug, Clone, Copy)]
pub struct Given<'f> {
    pub(crate) facts: &'f Facts,
    pub(crate) digest: [u8; 32],
}

impl<'f> From<&'f Facts> for Given<'f> {
    fn from(facts: &'f Facts) -> Self {
        Self {
            facts,
            digest: facts.digest(),
        }
    }
}

impl<'f> From<&'f DigestedFacts> for Given<'f> {
    fn from(digested: &'f DigestedFacts) -> Self {
        Self {
            facts: &digested.facts,
            digest: digested.digest,
        }
    }
}

/// As a store hands them out.
impl<'f> From<&'f Arc<DigestedFacts>> for Given<'f> {
    fn from(digested: &'f Arc<DigestedFacts>) -> Self {
        Self::from(digested.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows 1 and 2 carry class 1, parted into a cell each and a remainder; row 3 is all of class 2.
    fn parted() -> Facts {
        let cell = |class: i32, of: i32, row: u8| Cell {
            class: ClassId(class),
            of: ClassId(of),
            resources: vec![ResourceId([row; 16])],
        };
        Facts {
            person: PersonId([1; 16]),
            homes: Vec::new(),
            protected: false,
            relationships: Vec::new(),
            objections: Vec::new(),
            bars: Vec::new(),
            locks: Vec::new(),
            classes: Vec::new(),
            only_locked: Vec::new(),
            named: Vec::new(),
            joined: Vec::new(),
            cells: vec![cell(-1, 1, 1), cell(-2, 1, 2), cell(-3, 2, 3)],
            circumstances: Circumstances::default(),
        }
    }

    /// Which of the rows open (4 is the rest of class 1), if these classes do.
    fn opened(classes: &[i32]) -> Vec<u8> {
        let mask = Mask {
            classes: classes.iter().copied().map(ClassId).collect(),
            ..Mask::default()
        };
        let mask = parted().over_rows(mask);
        let rows = [(1, 1), (2, 1), (3, 2), (4, 1)];
        let open = |(row, class): &(u8, i32)| mask.opens(ClassId(*class), &ResourceId([*row; 16]));
        rows.into_iter().filter(open).map(|(row, _)| row).collect()
    }

    #[test]
    fn a_mask_over_rows_opens_what_was_decided_of_each_cell() {
        assert_eq!(opened(&[]), Vec::<u8>::new());
        assert_eq!(opened(&[-1]), [1]);
        assert_eq!(opened(&[1]), [4]);
        assert_eq!(opened(&[1, -2]), [2, 4]);
        assert_eq!(opened(&[1, -1, -2, -3]), [1, 2, 3, 4]);
        assert_eq!(opened(&[-3]), [3]);
    }
}
