//! What was told about somebody before it was known that the reader acts for them. A list of one's own
//! begins with what happened first since then; an attorney or a guardian is to know also what was told
//! and decided past them.
//!
//! The lines are the person's own, read under the reader's permit: of each it is decided whether it may
//! be told them now, and whether it would have been then. What says which records were opened is not
//! among them, since such a line does not say which single ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::{Category, Confidentiality, LabelClass, ResourceId, Timestamp};
use ledger::ViewId;
use policy::{Answer, DigestedFacts, Permit, Policies, Reader, ReadsAs, Visibility};
use sha2::{Digest, Sha256};
use store::{PageRequest, Snapshot, StoredEntry};

use super::lists::{Lists, views};
use super::looking::{acting_as, facts_about};
use super::{AccountAsk, Line};
use crate::attempt::{Attempt, until_done};
use crate::disclose::request;
use crate::event::{Event, Operation};
use crate::logged::{Logged, organisation_name};
use crate::screened::Screen;
use crate::whose::About;
use crate::{Asking, Context, Error, spoken};

/// How many entries are looked through at once.
const PORTION: usize = 500;

/// What tells somebody something about the person, or decides about them: what a line of before may be.
const TOLD: [Operation; 9] = [
    Operation::Call,
    Operation::Message,
    Operation::Request,
    Operation::Response,
    Operation::Concern,
    Operation::Discussion,
    Operation::Statement,
    Operation::Decision,
    Operation::Correction,
];

/// What was told before it was known that the reader acts for the person.
#[derive(Debug)]
pub struct Earlier {
    /// Its lines, newest first.
    pub lines: Vec<Line>,
    /// How many more there are of each kind of information that the reader's powers do not reach.
    pub beyond: Vec<(Category, usize)>,
}

/// Reads it; `None` where there is none. That it was read stands in the account before it leaves.
///
/// # Errors
/// [`Error::Unavailable`] if an entry does not open.
pub(super) async fn read(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
) -> Result<Option<Earlier>, Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, patient, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    operation: [u8; 16],
) -> Result<Option<Earlier>, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some(facts) = facts_about(snapshot.as_mut(), patient).await? else {
        return Ok(None);
    };
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let mut decision = policy::decide(&request(asking, &facts), &facts, &policies, cx.now());
    let Some(permit) = decision.permit.take() else {
        return Ok(None);
    };
    let readers = acting_as(asking, &facts, &policies, cx.now());
    if readers.is_empty() || decision.visibility == Visibility::Hidden {
        return Ok(None);
    }
    let of = Of {
        facts: Arc::clone(&facts),
        policies,
        permit,
        screen: Screen::of(cx, snapshot.as_mut(), asking, &facts).await?,
    };
    let earlier = of.gathered(cx, snapshot.as_mut(), readers).await?;
    if earlier.lines.is_empty() && earlier.beyond.is_empty() {
        return Ok(None);
    }
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::of(asking, &agency, Operation::Earlier, &decision, cx.now());
    Answer::Permit.code().clone_into(&mut event.answer);
    event.grounds.clear();
    event.released(&earlier.what(), earlier.lines.len(), earlier.digest());
    let about = (&event, About::Named);
    let snapshot = snapshot.as_mut();
    let logged = Logged::about(cx, snapshot, asking, &facts, &decision, about, operation).await?;
    logged.commit(cx).await?;
    Ok(Some(earlier))
}

impl Earlier {
    /// The categories that its lines name.
    fn what(&self) -> Vec<Category> {
        let mut what = vec![Category::Account];
        let named = self.lines.iter().flat_map(|line| &line.event.what);
        for category in named.filter_map(|code| Category::from_code(code)) {
            if !what.contains(&category) {
                what.push(category);
            }
        }
        what
    }

    /// Over the commitments of the lines that are told.
    fn digest(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        for line in &self.lines {
            digest.update(line.commitment.as_bytes());
        }
        digest.finalize().into()
    }
}

/// One as whom the caller reads: their lists, and when the first line of these was written.
struct Beginning {
    reader: Reader,
    lists: Vec<ViewId>,
    at: Timestamp,
}

/// Of whom it is read, and what decides of each line.
struct Of {
    facts: Arc<DigestedFacts>,
    policies: Arc<Policies>,
    permit: Permit,
    screen: Screen,
}

impl Of {
    async fn gathered(
        &self,
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        readers: Vec<Reader>,
    ) -> Result<Earlier, Error> {
        let mut beginnings = Vec::with_capacity(readers.len());
        for reader in readers {
            beginnings.push(self.beginning(cx, snapshot, reader).await?);
        }
        let own = [ReadsAs::Person];
        let lists = Lists::of(cx, snapshot, &self.permit, &self.facts, &own).await?;
        let mut page = AccountAsk::first(PORTION);
        let mut lines: Vec<Line> = Vec::new();
        let mut beyond = BTreeMap::new();
        loop {
            let (entries, next) = lists.page(snapshot, &self.permit, &page).await?;
            for entry in entries.into_iter().filter(|entry| !entry.is_erased()) {
                let found = self.judged(cx, snapshot, &beginnings, &entry).await?;
                match found {
                    Some(Judged::Told(event)) => add(&mut lines, &entry, event),
                    Some(Judged::Beyond(category)) => *beyond.entry(category).or_default() += 1,
                    None => {}
                }
            }
            page.after = next;
            if page.after.is_none() {
                let beyond = beyond.into_iter().collect();
                return Ok(Earlier { lines, beyond });
            }
        }
    }

    async fn beginning(
        &self,
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        reader: Reader,
    ) -> Result<Beginning, Error> {
        let lists: Vec<ViewId> = views(cx, &self.facts, reader.reads_as()).collect();
        let mut at = cx.now();
        for view in &lists {
            let mut page = PageRequest {
                limit: u32::try_from(PORTION).unwrap_or(u32::MAX),
                after: None,
                with_total: false,
            };
            loop {
                let (entries, next) = snapshot.entries(&self.permit, view, &page).await?;
                at = entries.last().map_or(at, |first| first.time.min(at));
                page.after = next;
                if page.after.is_none() {
                    break;
                }
            }
        }
        Ok(Beginning { reader, lists, at })
    }

    /// What becomes of one entry of the person's own list; `None` where it stays back, or stands in
    /// the reader's own.
    async fn judged(
        &self,
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        beginnings: &[Beginning],
        entry: &StoredEntry,
    ) -> Result<Option<Judged>, Error> {
        if beginnings.iter().all(|it| entry.time >= it.at) {
            return Ok(None);
        }
        let key = cx.keys.home(snapshot, entry.home).await?;
        let event = Event::open(entry, &key)?;
        let named: Vec<Category> = event
            .what
            .iter()
            .filter_map(|code| Category::from_code(code))
            .collect();
        let tells = TOLD.iter().any(|it| it.code() == event.operation);
        if !tells || named.is_empty() || self.is_in_own(snapshot, beginnings, entry).await? {
            return Ok(None);
        }
        let before: Vec<&Reader> = beginnings
            .iter()
            .filter(|it| entry.time < it.at)
            .map(|it| &it.reader)
            .collect();
        let of = |what: &[Category]| {
            let label = label(&event, what);
            let judge = |it: &&Reader| it.earlier(&self.policies, &label, entry.time);
            let found: Vec<policy::Earlier> = before.iter().map(judge).collect();
            let is = |it| found.contains(&it);
            (is(policy::Earlier::Told), is(policy::Earlier::BeyondPowers))
        };
        match of(&named) {
            (true, _) => {
                let told = self.screen.told(cx, entry, event.bare());
                Ok(Some(Judged::Told(Box::new(told))))
            }
            (false, true) => {
                let is_beyond = |one: &&Category| !of(&[**one]).0;
                let beyond = named.iter().find(is_beyond);
                Ok(beyond.copied().map(Judged::Beyond))
            }
            (false, false) => Ok(None),
        }
    }

    async fn is_in_own(
        &self,
        snapshot: &mut dyn Snapshot,
        beginnings: &[Beginning],
        entry: &StoredEntry,
    ) -> Result<bool, Error> {
        let copies = snapshot
            .internal_copies(policy::Internal::Merging, entry.home, &entry.operation)
            .await?;
        let own = |view: &ViewId| beginnings.iter().any(|it| it.lists.contains(view));
        Ok(copies.iter().any(|copy| own(&copy.view)))
    }
}

/// What becomes of an entry of before.
enum Judged {
    Told(Box<Event>),
    Beyond(Category),
}

/// The labels of a line about these categories.
fn label(event: &Event, what: &[Category]) -> LabelClass {
    LabelClass {
        custodian: event.organisation.as_str().into(),
        author_role: None,
        confidentiality: Confidentiality::Normal,
        categories: what.iter().copied().chain([Category::Account]).collect(),
        sensitivities: BTreeSet::new(),
    }
}

fn add(lines: &mut Vec<Line>, entry: &StoredEntry, event: Box<Event>) {
    let same = |line: &&mut Line| line.operation == entry.operation && line.is_like(&event);
    match lines.iter_mut().find(same) {
        Some(line) => line.take_in(*event),
        None => lines.push(Line::of(entry, *event)),
    }
}

/// That it was read, as a sentence to the person.
pub(crate) fn sentence(event: &Event) -> String {
    let when = Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment);
    let lines = match event.count {
        0 => "how many lines there are that their powers do not reach".to_owned(),
        1 => "1 line".to_owned(),
        several => format!("{several} lines"),
    };
    let name = &event.name;
    format!(
        "On {when}, {name} read who was told what about you before it was known here that they act for you: {lines}."
    )
}
