//! Everyone in whose chain it stands when something about a person is told: the person, and whoever
//! acts for them, each in a chain of their own and as far as they may read it now.
//!
//! What somebody may not read is not in their chain and leaves no gap there: each chain counts what
//! stands in it. The person's own entry is always the first of what is written.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::authority::AuthorityKind;
use domain::{Category, ClassId, Confidentiality, HomeId, LabelClass, PersonId, Timestamp};
use ledger::pack::held::opens;
use ledger::{HomeKey, ViewId};
use policy::{Facts, Policies, Representative, representatives};
use serde::{Deserialize, Serialize};
use store::{HeldBack, NewEntry, Snapshot, StoredResource};

use crate::event::{Event, Operation};
use crate::held;
use crate::logged::first_home;
use crate::messages::flag;
use crate::{Context, Error};

/// Somebody whose account is written in, and who else reads it.
pub(crate) struct Whose {
    pub person: PersonId,
    pub home: HomeId,
    pub key: Arc<HomeKey>,
    readers: Vec<Representative>,
    labels: Vec<(ClassId, LabelClass)>,
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
}

/// What is told when something that was held back is opened.
#[derive(Serialize, Deserialize)]
pub(crate) struct Later {
    #[serde(flatten)]
    pub event: Event,
    /// In whose chain and by what they act, if not in the person's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reader: Option<(PersonId, AuthorityKind)>,
}

impl Whose {
    pub(crate) async fn of(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        facts: &Facts,
    ) -> Result<Self, Error> {
        let home = first_home(facts)?;
        let now = cx.now();
        let policies = cx.policies.at(snapshot).await?;
        let readers = representatives(facts, &policies, now);
        Ok(Self {
            person: facts.person,
            home,
            key: cx.keys.home(snapshot, home).await?,
            // Only what somebody else may read is looked up in them.
            labels: match readers.is_empty() {
                true => Vec::new(),
                false => facts.classes.clone(),
            },
            readers,
            policies,
            now,
        })
    }

    /// The entries of an event: the person's own, and one for each of those who may read of it now.
    pub(crate) fn tell(
        &self,
        cx: &Context,
        event: &Event,
        about: About<'_>,
        operation: [u8; 16],
    ) -> Result<Vec<NewEntry>, Error> {
        let seal =
            |event: &Event, view: ViewId| event.seal(cx, view, self.home, &self.key, operation);
        let mut entries = vec![seal(event, cx.keys.person_view(self.person))?];
        for reader in &self.readers {
            if let Some(event) = self.as_read_by(reader, event, about) {
                let view = cx
                    .keys
                    .representative_view(self.person, reader.holder(), reader.kind());
                entries.push(seal(&event, view)?);
            }
        }
        Ok(entries)
    }

    /// The entries of an event that is held back for a time, each alone in its chain, and what is told
    /// of each on the day on which it is opened.
    pub(crate) fn tell_later(
        &self,
        cx: &Context,
        event: &Event,
        held: &HeldBack,
        operation: [u8; 16],
    ) -> Result<Vec<(NewEntry, Later)>, Error> {
        let own = std::iter::once((event.clone(), None));
        let others = self.readers.iter().filter_map(|reader| {
            let event = self.as_read_by(reader, event, About::Named)?;
            Some((event, Some((reader.holder(), reader.kind()))))
        });
        own.chain(others)
            .map(|(mut event, reader)| {
                let held = held.clone();
                let entry = event.seal_held(cx, self.home, &self.key, operation, held)?;
                event.opens = opens(&entry.view);
                Ok((entry, Later { event, reader }))
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
        let Later { event, reader } = later;
        let view = match *reader {
            None => cx.keys.person_view(self.person),
            Some((holder, kind)) => {
                let is_theirs = |it: &&Representative| it.holder() == holder && it.kind() == kind;
                let reader = self.readers.iter().find(is_theirs);
                let reads = |it| self.as_read_by(it, event, About::Named).is_some();
                if !reader.is_some_and(reads) {
                    return Ok(None);
                }
                cx.keys.representative_view(self.person, holder, kind)
            }
        };
        let entry = event.seal(cx, view, self.home, &self.key, operation)?;
        Ok(Some(entry))
    }

    /// The event as it stands in the chain of somebody who acts for the person; `None` if it does not.
    fn as_read_by(
        &self,
        reader: &Representative,
        event: &Event,
        about: About<'_>,
    ) -> Option<Event> {
        let resources = match about {
            About::Released(resources) if !resources.is_empty() => resources,
            About::Released(_) | About::Named => {
                let named = event
                    .what
                    .iter()
                    .filter_map(|code| Category::from_code(code));
                let label = label(event, named);
                return reader
                    .may_read(&self.policies, self.now, &label)
                    .then(|| event.bare());
            }
        };
        let is_open = |resource: &&StoredResource| match flag::is_flag(resource) {
            true => reader.may_read(&self.policies, self.now, &flag::label(&resource.custodian)),
            false => reader.mask().opens(resource.class, &resource.id),
        };
        let open: Vec<&StoredResource> = resources.iter().filter(is_open).collect();
        let what = self.categories(&open);
        let label = label(event, what.iter().copied());
        let may_read = !open.is_empty() && reader.may_read(&self.policies, self.now, &label);
        may_read.then(|| {
            let mut event = event.bare();
            let what: Vec<Category> = what.into_iter().collect();
            event.released(&what, open.len(), held::digest(open));
            event
        })
    }

    fn categories(&self, resources: &[&StoredResource]) -> BTreeSet<Category> {
        let mut what = BTreeSet::new();
        for resource in resources {
            if flag::is_flag(resource) {
                what.insert(Category::Alerts);
            }
            let of_class = |(class, _): &&(ClassId, LabelClass)| *class == resource.class;
            if let Some((_, label)) = self.labels.iter().find(of_class) {
                what.extend(&label.categories);
            }
        }
        what
    }
}

/// The labels of a line about these categories.
fn label(event: &Event, what: impl Iterator<Item = Category>) -> LabelClass {
    LabelClass {
        custodian: event.organisation.as_str().into(),
        author_role: None,
        confidentiality: Confidentiality::Normal,
        categories: what.chain([Category::Account]).collect(),
        sensitivities: BTreeSet::new(),
    }
}

impl Event {
    /// The event without what may speak of something that its reader may not see: words of the
    /// asker's own, what was withheld from the asker and on which ground, what followed from that, and
    /// the facts that it rested on.
    pub(crate) fn bare(&self) -> Self {
        let answers = [Operation::Response, Operation::Call]
            .iter()
            .any(|one| self.operation == one.code());
        let answer = match self.answer.as_str() {
            "PERMIT" | "PERMIT_PART" => "PERMIT",
            // That somebody answered no, or was not sent it, is what happened; why is not said.
            other if answers => other,
            _ => "NOTHING",
        };
        Self {
            answer: answer.to_owned(),
            grounds: Vec::new(),
            reason: String::new(),
            obligations: Vec::new(),
            rules: String::new(),
            ..self.clone()
        }
    }
}
