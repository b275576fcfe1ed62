//! Somebody close to a person asks who knows what, and tells what the team should know.
//!
//! What is answered at once comes from the rules alone. Whoever nothing may be told is answered as
//! if they had named nobody, with the same words and the same writes, and is heard all the same:
//! what they write reaches a team that answers by a day, and climbs if it does not.

mod hear;
mod knows;
mod reply;
pub(super) mod sentence;
mod write;

use std::sync::Arc;

use domain::{Capacity, PersonId, Purpose, ResourceId};
use fhir::Issue;
use policy::{DigestedFacts, Internal};
use store::Snapshot;

use crate::find::{CANDIDATES, Met, Sought, keys, may_know};
use crate::{Asking, Context, Error};

pub use hear::{Heard, Speaker, hear};
pub use knows::{Standing, who_knows};
pub use reply::{Reply, pass_on, reply};
pub(crate) use sentence::sentence;
pub use write::{Tell, Written, tell, word, words};

/// The longest name or description of oneself, in letters.
const LONGEST_NAME: usize = 200;

/// Whom somebody asks or writes about, in their own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The person's name.
    pub name: String,
    /// When they were born, `YYYY-MM-DD`; may be empty if a number is given.
    pub born: String,
    /// Their CHI or NHS number; may be empty.
    pub number: String,
    /// What the asker is to them: "her son".
    pub says_to_be: String,
}

impl Question {
    /// Whether enough is said for anybody to be meant by it.
    ///
    /// # Errors
    /// [`Error::Invalid`] says what is missing, all at once.
    pub fn is_whole(&self) -> Result<(), Error> {
        let mut issues = Vec::new();
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            issues.push(Issue::required(
                "name",
                "give the name of whom you ask about",
            ));
        }
        if self.born.is_empty() && self.number.trim().is_empty() {
            let details = "give their date of birth, or their CHI number if you know it";
            issues.push(Issue::required("born", details));
        }
        let says = self.says_to_be.trim();
        if says.is_empty() || says.chars().count() > LONGEST_NAME {
            let details = "say what you are to them, such as her son or a neighbour";
            issues.push(Issue::required("says-to-be", details));
        }
        if issues.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(issues))
        }
    }

    fn sought(&self) -> Sought {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Sought {
            name: self.name.clone(),
            birth_date: given(&self.born),
            identifier: given(&self.number).map(|number| (String::new(), number)),
        }
    }
}

/// Whom a question means.
struct Meant {
    /// Somebody of whom the asker may know.
    known: Option<Met>,
    /// The one person of that name, known to the asker or not, and a Patient that is them.
    only: Option<(Arc<DigestedFacts>, ResourceId)>,
}

impl Meant {
    async fn by(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
        question: &Question,
    ) -> Result<Self, Error> {
        let keys = keys(&question.sought())?;
        let mut known = Vec::new();
        let mut all = Vec::new();
        let found = snapshot
            .find(Internal::MatchIndex, &keys, CANDIDATES)
            .await?;
        for one in found {
            if let Some(facts) = snapshot.facts(one.person).await?
                && let Some((subject, _)) = one.subjects.first()
            {
                all.push((facts, subject.id));
            }
            // Whoever writes as a person is nobody's worker.
            let mut tried = Vec::new();
            known.extend(may_know(cx, snapshot, asking, (&keys, one), &mut tried).await?);
        }
        let only = |few: usize| few == 1;
        Ok(Self {
            known: known.pop().filter(|_| known.is_empty()),
            only: all.pop().filter(|_| only(all.len() + 1)),
        })
    }
}

/// The caller as one who asks about somebody else, and who they are themself.
pub(super) fn as_family(asking: &Asking) -> Result<(Asking, PersonId), Error> {
    let Capacity::Person(person) = asking.caller.capacity else {
        return Err(Error::NotFound);
    };
    let asking = Asking {
        purpose: Purpose::FamilyRequest,
        reason: None,
        ..asking.clone()
    };
    Ok((asking, person))
}
