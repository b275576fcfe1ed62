//! What a contributor may know of, so that nothing which they send finds out what is hidden.
//!
//! A record system speaks for its agency: it knows what the agency itself sent, under the agency's
//! own ids, and it alone registers people. Anybody else knows what a decision about the person lets
//! them know of; all else is answered as if it were not there.

use std::sync::Arc;

use domain::{PersonId, ResourceId};
use fhir::{Issue, IssueCode};
use policy::{Decision, DigestedFacts};
use store::Located;

use super::draft::{Draft, Incoming, Place, unknown_subject};
use crate::disclose::request;
use crate::{Error, knowing};

/// What was decided about a person whom a change meets.
pub(super) struct Decided {
    pub(super) facts: Arc<DigestedFacts>,
    pub(super) decision: Decision,
}

impl Draft<'_> {
    /// Whether this caller writes such a resource under such an id at all. Under an agency's own
    /// ids a worker would find out which of them are taken, and by the number of a Patient whom
    /// the exchange knows.
    pub(super) fn may_write(
        &self,
        resource_type: &str,
        incoming: &Incoming<'_>,
    ) -> Result<(), Error> {
        if self.for_agency {
            return Ok(());
        }
        let refused =
            |details: &str| Err(Error::invalid(Issue::error(IssueCode::Forbidden, details)));
        if resource_type == "Patient" {
            return refused("a Patient is registered by an agency's record system");
        }
        match incoming.id {
            Some(text) if self.cx.ids.ours(text).is_none() => refused(
                "only a record system writes under its agency's own ids: create with POST, and change what is there by the id it has here",
            ),
            _ => Ok(()),
        }
    }

    /// Whether the caller may contribute to this person's record. One of whom they may not know is
    /// answered as one who does not exist.
    pub(super) async fn may_contribute_to(
        &mut self,
        place: &Place,
        resource_type: &str,
    ) -> Result<(), Error> {
        let (Some(person), Some(subject)) = (place.person, place.subject) else {
            return Ok(());
        };
        self.touched.insert(person);
        let known = match self.known.get(&subject) {
            Some(known) => *known,
            None => {
                let known = match self.snapshot.locate("Patient", &subject).await? {
                    // New in this change: the caller's own.
                    None => true,
                    Some(located) => self.knows(subject, &located).await?,
                };
                self.known.insert(subject, known);
                known
            }
        };
        if known {
            Ok(())
        } else {
            Err(Error::invalid(unknown_subject(resource_type)))
        }
    }

    /// Whether the caller may know of something that is there.
    pub(super) async fn knows(&mut self, id: ResourceId, at: &Located) -> Result<bool, Error> {
        if self.for_agency && at.custodian == self.custodian {
            return Ok(true);
        }
        let Some(subject) = at.subject else {
            return Ok(true);
        };
        let Some(person) = self.snapshot.person_of(&subject).await? else {
            return Ok(false);
        };
        let Some(decided) = self.decided(person).await? else {
            return Ok(false);
        };
        let Decided { facts, decision } = decided.as_ref();
        let snapshot = self.snapshot.as_mut();
        knowing::knows(snapshot, self.asking, facts, decision, id, at.class).await
    }

    async fn decided(&mut self, person: PersonId) -> Result<Option<Arc<Decided>>, Error> {
        if let Some(decided) = self.decided.get(&person) {
            return Ok(decided.clone());
        }
        let policies = self.cx.policies.at(self.snapshot.as_mut()).await?;
        let decided = self.snapshot.facts(person).await?.map(|facts| {
            let request = request(self.asking, &facts);
            let decision = policy::decide(&request, &facts, &policies, self.now);
            Arc::new(Decided { facts, decision })
        });
        self.decided.insert(person, decided.clone());
        Ok(decided)
    }
}
