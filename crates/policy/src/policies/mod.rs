//! Local policy: which role, in which relationship, for which purpose, sees which category.
//!
//! It is written in Cedar (`policies/`), because an information-governance lead can read it, tools
//! can check it and `forbid` always wins. It is validated strictly against our schema when it is
//! loaded, so that none can fail when it is asked; it is split by purpose, since Cedar tries every
//! policy it is given; and each answer is kept, because it depends on nothing about the person.

mod agreements;
mod cache;
mod care_areas;
mod cedar;
pub(crate) mod coded;
mod load;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use cedar_policy::PolicySet;
use domain::arrangement::Agreement;
use domain::{Assurance, LabelClass, OrganisationKind, Purpose, RelationshipKind, Role};

pub use care_areas::CareAreas;
pub use load::LoadError;

use cache::Cache;

/// The local policies in force, checked and ready to be asked by any number of threads.
pub struct Policies {
    hash: String,
    buckets: BTreeMap<Purpose, PolicySet>,
    care_areas: CareAreas,
    rules: Vec<Rule>,
    agreements: Vec<Agreement>,
    cache: Cache,
}

/// One local policy, as its authors say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its `@id`, by which decisions name it.
    pub id: String,
    /// The file in which it stands.
    pub file: String,
    /// The line of its id there, counted from 1.
    pub line: Option<usize>,
    /// Whether it forbids; else it permits.
    pub forbids: bool,
    /// What it says in words: its `@says`.
    pub says: String,
}

/// One question to local policy. It names no person and no agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Ask {
    pub role: Role,
    pub organisation: OrganisationKind,
    pub relationship: Option<RelationshipKind>,
    pub assurance: Assurance,
    pub purpose: Purpose,
    /// Whether the caller's own agency holds what is asked for.
    pub own: bool,
}

/// What local policy answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LocalAnswer {
    /// Opened by this policy.
    Opens(Arc<str>),
    /// No policy opens it, or one forbids it.
    Closed,
    /// A policy failed when it was asked; strict validation at load rules this out.
    Erred,
}

impl Policies {
    /// The policies that come with the program.
    ///
    /// # Errors
    /// If the files that were built in are not valid, which a test rules out.
    pub fn shipped() -> Result<Self, LoadError> {
        Self::load_dir(load::SHIPPED)
    }

    /// Reads the policies of one folder, given as (file name, text): any number of `.cedar` files
    /// one `care-areas.toml` and, where agencies share as a routine, `agreements.json`. Other files, such as scenarios, are left alone; a `.cedarschema`
    /// must be the program's own, because its code builds what the schema describes.
    ///
    /// # Errors
    /// With the file and line of the first thing that is wrong.
    pub fn load_dir<N, T>(files: &[(N, T)]) -> Result<Self, LoadError>
    where
        N: AsRef<str>,
        T: AsRef<str>,
    {
        load::load(files)
    }

    /// The hash of every file these came from, lower-case hex: equal policies, equal hash.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Every policy in words, file by file.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The information sharing agreements, of whatever state: signed or not, in force or not.
    #[must_use]
    pub fn agreements(&self) -> &[Agreement] {
        &self.agreements
    }

    /// Who works in which care area.
    pub(crate) fn care_areas(&self) -> &CareAreas {
        &self.care_areas
    }

    /// Whether these labels are open for this question. A purpose opens no more than the one it is
    /// a kind of, so every ancestor is asked too.
    pub(crate) fn answer(&self, ask: Ask, class: &LabelClass) -> LocalAnswer {
        self.cache
            .get_or_insert(ask, class, || self.evaluate_lineage(ask, class))
    }

    fn evaluate_lineage(&self, ask: Ask, class: &LabelClass) -> LocalAnswer {
        let answer = self.evaluate(ask, class);
        match (ask.purpose.parent(), &answer) {
            (Some(parent), LocalAnswer::Opens(_)) => {
                let asked_of_parent = Ask {
                    purpose: parent,
                    ..ask
                };
                match self.evaluate_lineage(asked_of_parent, class) {
                    LocalAnswer::Opens(_) => answer,
                    narrower => narrower,
                }
            }
            _ => answer,
        }
    }

    fn evaluate(&self, ask: Ask, class: &LabelClass) -> LocalAnswer {
        match self.buckets.get(&ask.purpose) {
            Some(bucket) => cedar::evaluate(bucket, ask, class),
            None => LocalAnswer::Closed,
        }
    }
}

impl fmt::Debug for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policies")
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}
