//! Whoever is asked reads it, is told by that, and says what they think.

use std::sync::Arc;

use domain::arrangement::{DecisionState, Hearing, LifeDecision};
use domain::message::{Message, ToBeHeard};
use domain::{PersonId, ResourceId, WorkerId};
use policy::alarm::{is_suspected, to_be_heard};
use policy::{Addressed, DigestedFacts, Facts, Parties, heard_by_link, written_by};
use store::{Directory, ListLine, Snapshot, StoredFacts};

use super::{bound_by, decision_of, hearing_of, kept, planned_row};
use crate::attempt::{Attempt, until_done};
use crate::invitation::{Visitor, current};
use crate::messages::alarm::{self, After};
use crate::messages::board;
use crate::messages::close::who;
use crate::messages::family::as_family;
use crate::messages::outgoing::Outgoing;
use crate::messages::planned::{Step, account, facts};
use crate::messages::send::{deliver, named, not_now, text_of};
use crate::whose::Whose;
use crate::{Asking, Context, Error};

/// What whoever comes too late with their view is answered.
pub(super) const DECIDED: &str =
    "it has been decided: you can still tell the team something, or challenge the decision";
/// The most that one person is asked which are shown.
const SHOWN: u32 = 100;

/// A planned decision about somebody on which the reader is to be heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The message that asks.
    pub message: ResourceId,
    /// The name of the person.
    pub about: String,
    /// What the reader is to them.
    pub is: &'static str,
    /// The decision, as it stands.
    pub decision: LifeDecision,
    /// Who plans it, by name, with the team and its agency.
    pub planned_by: String,
    /// Whom to ring about it: name and number.
    pub ring: Vec<(String, String)>,
    /// What came of hearing the reader so far.
    pub hearing: Hearing,
}

impl Asked {
    /// Whether it is still to be made, so that what the reader thinks counts.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.decision.state != DecisionState::Made
    }
}

/// What the caller is asked, newest first.
///
/// # Errors
/// [`Error::NotFound`] if the caller does not ask as a person; [`Error::Revoked`].
pub async fn asked(cx: &Context, asking: &Asking) -> Result<Vec<Asked>, Error> {
    let (asking, reader) = as_family(asking)?;
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let directory = snapshot.directory().await?;
    // Bars name workers: nobody is kept from what they are asked.
    let nobody = WorkerId::new(reader.to_string());
    let lists = [ListLine::of_writer(reader)];
    let listed = snapshot.listed(&lists, &nobody, SHOWN, None).await?;
    let reader = Reader::Person(reader);
    let mut all = Vec::new();
    for one in listed {
        let found = Found::of(cx, snapshot.as_mut(), &reader, &one.parties).await?;
        all.extend(found.map(|found| (found.message.at, found.asked(&directory))));
    }
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(all.into_iter().map(|(_, asked)| asked).collect())
}

/// Whether this message still asks somebody something that they have not looked at, as their own page
/// would show it.
pub(crate) async fn waits(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    person: PersonId,
    id: ResourceId,
) -> Result<bool, Error> {
    let Some(parties) = snapshot.parties(&id).await? else {
        return Ok(false);
    };
    let found = Found::of(cx, snapshot, &Reader::Person(person), &parties).await?;
    Ok(found
        .is_some_and(|it| it.decision.state != DecisionState::Made && it.hearing.told.is_none()))
}

/// Opens what the caller is asked. By that they are told: the first time it stands in the account of
/// the person.
///
/// # Errors
/// As for [`asked`], and [`Error::NotFound`] if it is not the caller's.
pub async fn open(cx: &Context, asking: &Asking, id: ResourceId) -> Result<Asked, Error> {
    let operation = cx.draw();
    let (asking, reader) = as_family(asking)?;
    let reader = Reader::Person(reader);
    until_done(|| once(cx, &asking, (&reader, id), None, operation)).await
}

/// Says what the caller thinks. It comes to the team that plans, which answers by name before the
/// decision can be made.
///
/// # Errors
/// As for [`open`], and [`Error::Invalid`] if nothing is said or it has been decided.
pub async fn say(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    words: &str,
) -> Result<Asked, Error> {
    let operation = cx.draw();
    let (asking, reader) = as_family(asking)?;
    let reader = Reader::Person(reader);
    until_done(|| once(cx, &asking, (&reader, id), Some(words), operation)).await
}

/// Opens what somebody without an account is asked, by their link: as [`open`].
///
/// # Errors
/// [`Error::NotFound`] if the link asks nothing any more; [`Error::Revoked`].
pub async fn open_by_link(cx: &Context, visitor: &Visitor) -> Result<Asked, Error> {
    by_link(cx, visitor, None).await
}

/// Says what they think, by their link: as [`say`].
///
/// # Errors
/// As for [`open_by_link`], and [`Error::Invalid`] if nothing is said or it has been decided.
pub async fn say_by_link(cx: &Context, visitor: &Visitor, words: &str) -> Result<Asked, Error> {
    by_link(cx, visitor, Some(words)).await
}

async fn by_link(cx: &Context, visitor: &Visitor, words: Option<&str>) -> Result<Asked, Error> {
    let message = visitor.invitation.hears.as_ref();
    let id = message.and_then(|it| it.as_str().parse().ok());
    let id: ResourceId = id.ok_or(Error::NotFound)?;
    let reader = Reader::Link(visitor.id);
    let operation = cx.draw();
    until_done(|| once(cx, &visitor.asking, (&reader, id), words, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    (reader, id): (&Reader, ResourceId),
    words: Option<&str>,
    operation: [u8; 16],
) -> Result<Asked, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked.into());
    }
    let directory = snapshot.directory().await?;
    let parties = snapshot.parties(&id).await?.ok_or(Error::NotFound)?;
    let found = Found::of(cx, snapshot.as_mut(), reader, &parties).await?;
    let mut found = found.ok_or(Error::NotFound)?;
    let Some((step, because)) = found.step(words)? else {
        return Ok(found.asked(&directory));
    };
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let rows = facts::said(&step, &found.facts, &asking.caller.name, cx.now())?;
    let said = rows.iter().flat_map(|row| row.facts.clone());
    let after = facts::after(&found.facts, said);
    for row in rows {
        let key = (row.decision.as_str(), row.party.as_str());
        outgoing.write(kept(cx, &found.facts, &found.row, key, row.facts));
    }
    let is = who(&found.facts, &found.of.party);
    let event = account::by_party(asking, &found.decision, (because, is), cx.now());
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    outgoing.tell_now(&whose, &event)?;
    let told = After {
        patient: found.message.patient,
        name: &found.message.name,
        facts: &after,
    };
    for write in alarm::moved(cx, snapshot.as_mut(), None, &told).await? {
        outgoing.write(write);
    }
    let mut now = found.clone();
    now.know(&after);
    if let Step::View { words, .. } = &step {
        found.comes_to_the_team(cx, is, words, &directory)?;
        outgoing.write(board::keep(found.message, found.version, &directory));
    }
    drop(snapshot);
    outgoing.commit().await?;
    Ok(now.asked(&directory))
}

/// Who reads what they are asked.
enum Reader {
    /// Somebody who signs in.
    Person(PersonId),
    /// Whoever was let in by this link.
    Link(ResourceId),
}

impl Reader {
    /// That they may open this message, if it asks them.
    async fn addressed(
        &self,
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        parties: &Parties,
    ) -> Result<Option<Addressed>, Error> {
        match self {
            Self::Person(person) => Ok(written_by(*person, parties)),
            Self::Link(link) => {
                // Whether the link stands is read anew.
                let link = current(snapshot, *link).await?;
                Ok(link.and_then(|link| heard_by_link(&link, parties, cx.now())))
            }
        }
    }
}

/// What somebody is asked, with what that rests on.
#[derive(Clone)]
struct Found {
    message: Message,
    version: u32,
    of: ToBeHeard,
    facts: Arc<DigestedFacts>,
    row: StoredFacts,
    decision: LifeDecision,
    hearing: Hearing,
}

impl Found {
    /// What this message asks the reader; `None` if it asks them nothing, or they are to be heard no
    /// more: that is answered as if they had never been asked.
    async fn of(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        reader: &Reader,
        parties: &Parties,
    ) -> Result<Option<Self>, Error> {
        let Some(addressed) = reader.addressed(cx, snapshot, parties).await? else {
            return Ok(None);
        };
        let Some((message, version)) = snapshot.message(&addressed).await? else {
            return Ok(None);
        };
        let of = message.to_be_heard.clone();
        let Some(of) = of.filter(|_| message.is_in_force()) else {
            return Ok(None);
        };
        let Some(facts) = snapshot.facts(message.person).await? else {
            return Ok(None);
        };
        let row = planned_row(cx, snapshot, &facts, &of.decision).await?;
        let (Some(row), Some(decision)) = (row, decision_of(&facts, &of.decision).cloned()) else {
            return Ok(None);
        };
        let heard = match decision.state {
            DecisionState::Made => !is_suspected(&facts, &of.party, cx.now()),
            _ => to_be_heard(&facts, &decision, cx.now()).contains(&of.party),
        };
        let bound = bound_by(cx, snapshot, &facts, (&of.party, &row.organisation)).await?;
        let hearing = hearing_of(&facts, &of.decision, &of.party).cloned();
        let Some(hearing) = hearing.filter(|_| heard && bound.is_none()) else {
            return Ok(None);
        };
        Ok(Some(Self {
            message,
            version,
            of,
            facts,
            row,
            decision,
            hearing,
        }))
    }

    /// What the reader does by opening it or saying something, with what the account calls that;
    /// `None` if they only look again.
    fn step(&self, words: Option<&str>) -> Result<Option<(Step, &'static str)>, Error> {
        let (decision, party) = (self.of.decision.clone(), self.of.party.clone());
        let is_made = self.decision.state == DecisionState::Made;
        match words {
            Some(_) if is_made => Err(not_now(DECIDED)),
            Some(words) => {
                let words = text_of(words)?;
                let asks = true;
                let view = Step::View {
                    decision,
                    party,
                    words,
                    asks,
                };
                Ok(Some((view, account::SAID)))
            }
            None if self.hearing.told.is_some() || is_made => Ok(None),
            None => {
                let by = None;
                let told = Step::Told {
                    decision,
                    party,
                    by,
                };
                Ok(Some((told, account::READ)))
            }
        }
    }

    fn know(&mut self, facts: &Facts) {
        let (decision, party) = (&self.of.decision, &self.of.party);
        if let Some(now) = hearing_of(facts, decision, party) {
            self.hearing = now.clone();
        }
        if let Some(now) = decision_of(facts, decision) {
            self.decision = now.clone();
        }
    }

    /// Onto the list of the team that plans, for a named person to answer.
    fn comes_to_the_team(
        &mut self,
        cx: &Context,
        is: &str,
        words: &str,
        directory: &Directory,
    ) -> Result<(), Error> {
        let Some(planned_by) = &self.decision.planned_by else {
            return Ok(());
        };
        self.message.text = format!(
            "The {is} says of “{}”:\n{words}\nAnswer them by name on the page of decisions, before it is made.",
            self.of.decision
        );
        // What they say now is new, whatever was done about the last.
        self.message.deliveries.clear();
        deliver(cx, &mut self.message, &planned_by.team, directory)
    }

    fn asked(&self, directory: &Directory) -> Asked {
        let by = self.decision.planned_by.as_ref();
        let worker = by.and_then(|by| directory.workers.get(&by.worker));
        let team = by.and_then(|by| named(&by.team, directory));
        let worker = worker.map(|worker| worker.name.clone());
        let names: Vec<String> = worker.into_iter().chain(team).collect();
        Asked {
            message: self.message.id,
            about: self.message.name.clone(),
            is: who(&self.facts, &self.of.party),
            decision: self.decision.clone(),
            planned_by: names.join(", "),
            ring: self.message.ring.clone(),
            hearing: self.hearing.clone(),
        }
    }
}
