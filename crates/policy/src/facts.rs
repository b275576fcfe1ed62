//! What is known about the person at the moment of deciding.

use domain::{Bar, ClassId, HomeId, LabelClass, Lock, Objection, PersonId, Relationship};
use serde::{Deserialize, Serialize};

/// Everything a decision may depend on, read in one snapshot. Lists are sorted, so that equal
/// facts have one encoding and one digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Whose facts these are.
    pub person: PersonId,
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
}
