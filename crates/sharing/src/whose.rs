//! Everyone in whose chain it stands when something about a person is told: the person, the person on
//! a safe channel where somebody may look over their shoulder, and whoever acts for them; each in a
//! chain of their own, as far as they may read it and not before they may.
//!
//! What somebody may not read is not in their chain and leaves no gap there: each chain counts what
//! stands in it. What they read later stands in the register of what is held back until then. The one
//! entry that covers everything that was told is always the first of what is written.

mod reading;

use std::sync::Arc;

use domain::authority::AuthorityKind;
use domain::restriction::{Delay, HoldingGround};
use domain::{Caller, ClassId, HomeId, LabelClass, PersonId, Purpose, Timestamp, WorkerId};
use ledger::pack::held::opens;
use ledger::{HomeKey, ViewId};
use policy::{
    Decision, Facts, Policies, Reader, ReadsAs, Visibility, When, is_watched, person_reading,
    representatives,
};
use serde::{Deserialize, Serialize};
use store::{HeldBack, NewEntry, Snapshot, StoredResource, ToldLater};

use crate::event::{ANOTHERS, Event, Operation};
use crate::logged::first_home;
use crate::{Asking, Context, Error};

/// Somebody whose account is written in, and who else reads it.
pub(crate) struct Whose {
    pub person: PersonId,
    pub home: HomeId,
    pub key: Arc<HomeKey>,
    /// The person as a reader; empty where they are told of everything at once, in one list.
    own: Vec<Reader>,
    acting: Vec<Reader>,
    is_watched: bool,
    /// Whom they keep from knowing that they are known here at all, by their ids.
    hidden_from: Vec<WorkerId>,
    age: Age,
    labels: Vec<(ClassId, LabelClass)>,
    delays: Vec<Delay>,
    policies: Arc<Policies>,
    now: Timestamp,
}

/// What an event is about, as far as that decides who may read of it.
#[derive(Clone, Copy)]
pub(crate) enum About<'a> {
    /// That these resources were released, or none.
    Released(&'a [StoredResource]),
    /// What the event itself names.
    Named,
    /// What is told on the safe channel only, and to nobody else.
    OnSafeChannel,
}

/// An event that is to be told.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub event: &'a Event,
    pub about: About<'a>,
    /// Who asked and what was decided, where what was withheld from them is part of it.
    pub decided: Option<(&'a Asking, &'a Decision)>,
    /// Who did it, where somebody did it on their own page rather than at work.
    pub by: Option<PersonId>,
}

impl<'a> Told<'a> {
    /// What the event itself names.
    pub fn named(event: &'a Event) -> Self {
        Self {
            event,
            about: About::Named,
            decided: None,
            by: None,
        }
    }

    /// The same, with who did it.
    pub fn done_by(self, by: Option<PersonId>) -> Self {
        Self { by, ..self }
    }

    /// Whether it is what this reader did themself, and knows whatever becomes of it. Asking for one
    /// resource that they were not given is not counted: it would tell them whether there is one.
    fn is_own_of(&self, reader: &Reader) -> bool {
        let one = [Operation::Read, Operation::Original].map(Operation::code);
        let is_silent = self.decided.is_some_and(|(_, made)| {
            made.visibility == Visibility::Hidden && !made.answer.shares()
        });
        let is_nothing = one.contains(&self.event.operation.as_str()) && self.rows().is_none();
        self.by.is_some() && self.by == reader.holder() && !is_silent && !is_nothing
    }

    /// What was released, if that is what it is about.
    fn rows(&self) -> Option<&'a [StoredResource]> {
        match self.about {
            About::Released(rows) if !rows.is_empty() => Some(rows),
            About::Released(_) | About::Named | About::OnSafeChannel => None,
        }
    }
}

/// What of somebody's age tells that a purpose cannot be their own matter; where it is unknown, nothing.
#[derive(Clone, Copy)]
struct Age {
    is_grown: bool,
    is_under_16: bool,
}

impl Age {
    fn of(facts: &Facts, now: Timestamp) -> Self {
        let person = &facts.circumstances.person;
        Self {
            is_grown: person.is_at_least(18, now) == Some(true),
            is_under_16: person.is_at_least(16, now) == Some(false),
        }
    }

    /// The event with whose matter it was: what is asked about an adult to protect a child, or about a
    /// child to protect an adult, is asked for that other's sake.
    fn marked(self, event: &Event) -> Event {
        let purpose = event.purpose.parse::<Purpose>();
        let is_anothers = purpose.is_ok_and(|purpose| {
            let of_child = self.is_grown && purpose.is_for_a_child();
            of_child || (self.is_under_16 && purpose.is_a(Purpose::AdultProtection))
        });
        let mut event = event.clone();
        if is_anothers {
            ANOTHERS.clone_into(&mut event.matter);
        }
        event
    }
}

/// What is told when something that was held back is opened.
#[derive(Serialize, Deserialize)]
pub(crate) struct Later {
    #[serde(flatten)]
    pub event: Event,
    /// In whose chain and by what they act, if not in the person's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reader: Option<(PersonId, AuthorityKind)>,
    /// Whether it is in the chain that the person reads on a safe channel.
    #[serde(default, skip_serializing_if = "is_false")]
    safe: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Since when something is told, and on which ground not before; `None` for at once.
type Since = Option<(Timestamp, HoldingGround)>;

impl Whose {
    pub(crate) async fn of(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        facts: &Facts,
    ) -> Result<Self, Error> {
        let home = first_home(facts)?;
        let now = cx.now();
        let policies = cx.policies.at(snapshot).await?;
        let own = person_reading(facts, now);
        let acting = representatives(facts, &policies, now);
        Ok(Self {
            person: facts.person,
            home,
            key: cx.keys.home(snapshot, home).await?,
            // Only what somebody reads in part is looked up in them.
            labels: match own.is_empty() && acting.is_empty() {
                true => Vec::new(),
                false => labels_of_rows(facts),
            },
            delays: facts.circumstances.delays.clone(),
            is_watched: is_watched(facts, now),
            hidden_from: match facts.protected {
                true => facts.barred_workers(now).into_keys().cloned().collect(),
                false => Vec::new(),
            },
            age: Age::of(facts, now),
            own,
            acting,
            policies,
            now,
        })
    }

    /// Whether what this caller tried is told on a safe channel only: somebody may look over the person's
    /// shoulder, or the person hides, and hides from this one by name.
    pub(crate) fn hides_attempts_of(&self, caller: &Caller) -> bool {
        let is_hidden_from = |worker| self.hidden_from.contains(worker);
        self.is_watched || caller.worker().is_some_and(is_hidden_from)
    }

    /// The entries of an event: one for each of those who may read of it, now or later.
    pub(crate) fn tell(
        &self,
        cx: &Context,
        told: &Told<'_>,
        operation: [u8; 16],
    ) -> Result<Vec<NewEntry>, Error> {
        let event = &self.age.marked(told.event);
        let told = &Told { event, ..*told };
        let Some((whole, others)) = self.own.split_last() else {
            let view = match told.about {
                About::OnSafeChannel => cx.keys.safe_view(self.person),
                About::Released(_) | About::Named => cx.keys.person_view(self.person),
            };
            let own = told.event.seal(cx, view, self.home, &self.key, operation)?;
            let acting = self.tell_acting(cx, told, operation)?;
            return Ok(std::iter::once(own).chain(acting).collect());
        };
        if matches!(told.about, About::OnSafeChannel) {
            let view = cx.keys.safe_view(self.person);
            let only = told.event.seal(cx, view, self.home, &self.key, operation)?;
            return Ok(vec![only]);
        }
        let mut entries = Vec::new();
        for (since, event) in self.as_read_by_the_person(cx, whole, told) {
            entries.push(self.seal(cx, &event, (whole, since), operation)?);
        }
        // What is told last covers everything.
        entries.reverse();
        for reader in others {
            for (since, event) in self.as_read_by_the_person(cx, reader, told) {
                entries.push(self.seal(cx, &event, (reader, since), operation)?);
            }
        }
        entries.extend(self.tell_acting(cx, told, operation)?);
        Ok(entries)
    }

    /// The entries for those who act for the person.
    fn tell_acting(
        &self,
        cx: &Context,
        told: &Told<'_>,
        operation: [u8; 16],
    ) -> Result<Vec<NewEntry>, Error> {
        if matches!(told.about, About::OnSafeChannel) {
            return Ok(Vec::new());
        }
        let mut entries = Vec::new();
        for reader in &self.acting {
            for (since, event) in self.as_read_by(reader, told) {
                entries.push(self.seal(cx, &event, (reader, since), operation)?);
            }
        }
        Ok(entries)
    }

    /// An entry in the chain of a reader, or held back from it until a date.
    fn seal(
        &self,
        cx: &Context,
        event: &Event,
        (reader, since): (&Reader, Since),
        operation: [u8; 16],
    ) -> Result<NewEntry, Error> {
        let view = view_of(cx, self.person, reader.reads_as());
        let Some((until, ground)) = since else {
            return event.seal(cx, view, self.home, &self.key, operation);
        };
        let told = ToldLater {
            into: view,
            person: self.person,
        };
        let held = HeldBack {
            organisation: event.organisation.as_str().into(),
            ground: ground.code().to_owned(),
            until,
            told: Some(told),
        };
        event.seal_held(cx, self.home, &self.key, operation, held)
    }

    /// The entries of an event that is held back from everybody for a time, each alone in its chain,
    /// and what is told of each on the day on which it is opened.
    pub(crate) fn tell_later(
        &self,
        cx: &Context,
        event: &Event,
        held: &HeldBack,
        operation: [u8; 16],
    ) -> Result<Vec<(NewEntry, Later)>, Error> {
        let event = &self.age.marked(event);
        let later = |event: Event, reads_as| Later {
            event,
            reader: match reads_as {
                ReadsAs::Representative(holder, kind) => Some((holder, kind)),
                ReadsAs::Person | ReadsAs::OnSafeChannel => None,
            },
            safe: reads_as == ReadsAs::OnSafeChannel,
        };
        let mut told = Vec::new();
        for reader in self.own.iter().rev() {
            if self.when_named(reader, event) != When::Never {
                told.push(later(self.in_words_for(reader, event), reader.reads_as()));
            }
        }
        if self.own.is_empty() {
            told.push(later(event.clone(), ReadsAs::Person));
        }
        for reader in &self.acting {
            if self.when_named(reader, event) != When::Never {
                told.push(later(event.bare(), reader.reads_as()));
            }
        }
        told.into_iter()
            .map(|mut later| {
                let held = held.clone();
                let event = &mut later.event;
                let entry = event.seal_held(cx, self.home, &self.key, operation, held)?;
                event.opens = opens(&entry.view);
                Ok((entry, later))
            })
            .collect()
    }

    /// The entry that tells what was held back; `None` if it is for somebody who no longer acts for
    /// the person, or may not read it now: then it stays held.
    pub(crate) fn tell_opened(
        &self,
        cx: &Context,
        later: &Later,
        operation: [u8; 16],
    ) -> Result<Option<NewEntry>, Error> {
        let event = &later.event;
        let mut reads_as = match later.reader {
            Some((holder, kind)) => ReadsAs::Representative(holder, kind),
            None if later.safe => ReadsAs::OnSafeChannel,
            None => ReadsAs::Person,
        };
        match (self.when_read(reads_as, event), reads_as) {
            (Some(When::Never) | None, ReadsAs::Representative(..)) => return Ok(None),
            // Since it was held, somebody began to look over the person's shoulder.
            (Some(When::Never), ReadsAs::Person) => reads_as = ReadsAs::OnSafeChannel,
            _ => {}
        }
        let view = view_of(cx, self.person, reads_as);
        let entry = event.seal(cx, view, self.home, &self.key, operation)?;
        Ok(Some(entry))
    }
}

/// The labels of the classes that rows carry, also of those that are decided in parts.
fn labels_of_rows(facts: &Facts) -> Vec<(ClassId, LabelClass)> {
    let mut labels = facts.classes.clone();
    let parted = facts.cells.iter().map(|cell| cell.of);
    labels.extend(parted.filter_map(|class| Some((class, facts.label(class)?.clone()))));
    labels
}

/// The chain that somebody reads.
pub(crate) fn view_of(cx: &Context, person: PersonId, reads_as: ReadsAs) -> ViewId {
    match reads_as {
        ReadsAs::Person => cx.keys.person_view(person),
        ReadsAs::OnSafeChannel => cx.keys.safe_view(person),
        ReadsAs::Representative(holder, kind) => cx.keys.representative_view(person, holder, kind),
    }
}
