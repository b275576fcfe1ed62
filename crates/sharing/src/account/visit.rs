//! The whole account, for a visitor of the Mental Welfare Commission: every line of the person's lists,
//! what is held back from them with its date and ground, and what is kept from whom.
//!
//! It is the one reading by somebody who neither is the person nor acts for them, so it is decided
//! and answered as every other request about the record is: refused openly with what would change
//! it, and hidden where the caller may not know of the person.

use std::collections::BTreeSet;

use domain::message::attempts::Way;
use domain::{Category, ResourceId, Timestamp};
use policy::{Answer, Decision, DigestedFacts, Ground, Permit, ReadsAs, Visibility};
use store::{KeptBack, Snapshot};

use super::{Account, AccountAsk, Line, Opened, lists, looking, read, restrictions};
use crate::alias::Unnamed;
use crate::attempt::{Attempt, until_done};
use crate::disclose::{Refusal, deciders, request};
use crate::event::{Event, Operation};
use crate::knowing::knows_patient;
use crate::logged::{Logged, met_nobody, organisation_name};
use crate::messages::attempts;
use crate::whose::About;
use crate::{Asking, Context, Error, alias};

/// What comes of asking for an account under a visit.
#[derive(Debug)]
pub enum Visited {
    /// It is open.
    Open(Box<Visit>),
    /// It is refused, and so it stands in the account.
    Refused(Box<Refusal>),
    /// There is nobody of that id, or the caller may not know of them.
    Nobody,
}

/// An account as a visitor reads it.
#[derive(Debug)]
pub struct Visit {
    /// The answer as the entry has it: the whole account, or nothing of it.
    pub answer: Answer,
    /// One page of what the person and those who act for them may read.
    pub account: Account,
    /// What is held back from them, newest first; with the first page only.
    pub kept: Vec<KeptLine>,
    /// What is delayed, barred and locked now, a sentence for each; with the first page only.
    pub restrictions: Vec<String>,
}

/// A line that its reader is not told yet.
#[derive(Debug)]
pub struct KeptLine {
    /// What happened.
    pub line: Line,
    /// Until when it is held back.
    pub until: Timestamp,
    /// The code of the ground: [`domain::restriction::HoldingGround::code`].
    pub ground: String,
}

/// Reads the account of whoever this Patient is, under a visit. That it was read, or refused, stands
/// there before a line of it leaves.
///
/// # Errors
/// [`Error::Invalid`] if the place is of another account; [`Error::Unavailable`] if an entry does
/// not open.
pub async fn visit(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    page: &AccountAsk,
) -> Result<Visited, Error> {
    let operation = cx.draw();
    let mut opened = match until_done(|| once(cx, asking, patient, operation)).await? {
        Door::Open(opened) => *opened,
        Door::Refused(refusal) => return Ok(Visited::Refused(refusal)),
        Door::Nobody => return Ok(Visited::Nobody),
    };
    let account = read(cx, asking, &mut opened, page).await?;
    let (mut kept, mut said) = (Vec::new(), Vec::new());
    if page.after.is_none() {
        kept = kept_back(cx, &mut opened).await?;
        let directory = opened.snapshot.directory().await?;
        said = restrictions::in_words(&opened.facts, &directory, cx.now());
    }
    Ok(Visited::Open(Box::new(Visit {
        answer: Answer::Permit,
        account,
        kept,
        restrictions: said,
    })))
}

/// Whether the account was opened.
enum Door {
    Open(Box<Opened>),
    Refused(Box<Refusal>),
    Nobody,
}

async fn once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    operation: [u8; 16],
) -> Result<Door, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some(facts) = looking::facts_about(snapshot.as_mut(), patient).await? else {
        let nobody = (Operation::Account, Vec::new());
        met_nobody(cx, snapshot.as_mut(), asking, nobody, operation).await?;
        return Ok(Door::Nobody);
    };
    let (mut decision, permit) = decided(cx, snapshot.as_mut(), asking, &facts).await?;
    let cause = attempts::cause(&decision);
    if !knows_patient(snapshot.as_mut(), asking, &facts, &decision, patient).await? {
        decision.hide();
    }
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::of(asking, &agency, Operation::Account, &decision, cx.now());
    if permit.is_some() {
        Answer::Permit.code().clone_into(&mut event.answer);
        event.grounds.clear();
        event.what = vec![Category::Account.code().to_owned()];
    } else if decision.answer.shares() {
        // What opens to them of the record is not what they asked for.
        event.refused(Ground::MoreThanNecessary);
    }
    let whose = (&event, About::Named);
    let mut logged = Logged::about(
        cx,
        snapshot.as_mut(),
        asking,
        &facts,
        &decision,
        whose,
        operation,
    )
    .await?;
    let tried = (facts.person, Way::Record, cause);
    let tried = attempts::refused(asking, &decision, tried, cx.now());
    logged.carry(tried.into_iter().collect(), Vec::new());
    let deciders = deciders(snapshot.as_mut(), &decision, cx.now()).await?;
    let receipt = logged.commit(cx).await?;
    let Some(permit) = permit else {
        if decision.answer.shares() {
            decision.reaches_no_further();
        }
        return Ok(match decision.visibility {
            Visibility::Hidden => Door::Nobody,
            _ => Door::Refused(Box::new(Refusal {
                decision,
                receipt,
                decider: deciders.into_iter().next(),
            })),
        });
    };
    Ok(Door::Open(Box::new(Opened {
        // What was noted is part of what is read.
        snapshot: cx.store.snapshot().await?,
        facts,
        permit,
        readers: vec![ReadsAs::Person, ReadsAs::OnSafeChannel],
    })))
}

/// What is decided, with the permit if it reaches the account.
async fn decided(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &DigestedFacts,
) -> Result<(Decision, Option<Permit>), Error> {
    let policies = cx.policies.at(snapshot).await?;
    let request = request(asking, facts);
    let mut decision = policy::decide(&request, facts, &policies, cx.now());
    let permit = decision.permit.take();
    let visits = policy::visits(&request, facts, &policies, cx.now());
    Ok((decision, permit.filter(|_| visits)))
}

/// What is held back from the person's lists, newest first. What is held for somebody who acts for
/// them is a part of the same, and is not said twice.
async fn kept_back(cx: &Context, opened: &mut Opened) -> Result<Vec<KeptLine>, Error> {
    let snapshot = opened.snapshot.as_mut();
    let own: BTreeSet<_> = opened
        .readers
        .iter()
        .flat_map(|reads_as| lists::views(cx, &opened.facts, *reads_as))
        .map(|view| view.0)
        .collect();
    let unnamed = Unnamed::of(&opened.facts, cx.now());
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for back in snapshot.held_of(&opened.permit).await? {
        let KeptBack {
            entry,
            ground,
            until,
            into,
        } = back;
        let is_own = into.is_none_or(|view| own.contains(&view.0));
        // Of several that were written for one event the first is the whole.
        if !is_own || entry.is_erased() || !seen.insert(entry.operation) {
            continue;
        }
        let key = cx.keys.home(snapshot, entry.home).await?;
        let event = alias::told(cx, &entry, &unnamed, Event::open(&entry, &key)?);
        kept.push(KeptLine {
            line: Line::of(&entry, event),
            until,
            ground,
        });
    }
    kept.reverse();
    Ok(kept)
}
