//! Answering a request for someone's record: decide, gather, log, and only then let go.

mod decides;
mod gather;
mod target;

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::message::Message;
use domain::{Category, Relationship};
use policy::{Decision, DigestedFacts, Facts, Ground, Permit, Request, Visibility};
use store::{EntryReceipt, Snapshot, StoredResource};

use self::gather::{Gathered, facts_of, gather};
use crate::attempt::{Attempt, until_done};
use crate::event::Event;
use crate::held::{Held, Released};
use crate::knowing::knows_patient;
use crate::logged::{Logged, met_nobody, organisation_name};
use crate::messages::{attempts, flag, kept_out, look_up, reassign};
use crate::whose::{About, Whose};
use crate::{Asking, Channel, Context, Error};

pub use decides::Decides;
pub(crate) use decides::{decider, deciders};
pub(crate) use gather::involved;
pub use gather::{directory_original, leave_asked};
pub use target::{Mark, PageAsk, Target};

/// What a caller gets.
#[derive(Debug)]
pub enum Answer {
    /// Something was released; the decision says whether it is all.
    Released(Box<Disclosure>),
    /// Refused or referred, where the caller may know that the person exists.
    Refused(Box<Refusal>),
    /// What was asked for was deleted by its contributor.
    Gone,
    /// Nothing: there is no such thing, or the caller may not know that there is.
    Nothing,
}

/// A disclosure, durable in the person's account before it exists as a value.
#[derive(Debug)]
pub struct Disclosure {
    /// What was released, with the receipt.
    pub released: Released,
    /// Where the next page goes on.
    pub next: Option<Mark>,
    /// How many match in all, within what is open.
    pub total: Option<u64>,
    /// How many of what was released matched; the others go with them because a search asked so.
    pub matched: usize,
    /// The decision.
    pub decision: Decision,
    /// The facts it rested on.
    pub facts: Arc<DigestedFacts>,
    /// Who is involved, as far as this caller may know it; only for a person's first screen.
    pub involved: Vec<Relationship>,
    /// Who decides about what waits for a decision, each once.
    pub deciders: Vec<Decides>,
    /// What it was asked for.
    pub operation: [u8; 16],
}

/// A refusal or referral, as accountable as a disclosure.
#[derive(Debug)]
pub struct Refusal {
    /// The decision.
    pub decision: Decision,
    /// The receipt of its entry.
    pub receipt: EntryReceipt,
    /// Who decides what is referred, as they can be rung now.
    pub decider: Option<Decides>,
}

/// Answers a request for someone's record. The answer is in the person's account, durably, before
/// any byte of it leaves; a refusal likewise.
///
/// `operation` is the id that pages of one search share; `None` begins a new operation.
///
/// # Errors
/// [`Error::Unknown`] if it is not known whether the entry was written: nothing is released.
pub async fn disclose(
    cx: &Context,
    asking: &Asking,
    target: &Target,
    operation: Option<[u8; 16]>,
) -> Result<Answer, Error> {
    let operation = operation.unwrap_or_else(|| cx.draw());
    until_done(|| once(cx, asking, target, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    target: &Target,
    operation: [u8; 16],
) -> Result<Answer, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some(facts) = facts_of(snapshot.as_mut(), target).await? else {
        let nobody = (target.operation(), Vec::new());
        met_nobody(cx, snapshot.as_mut(), asking, nobody, operation).await?;
        return Ok(Answer::Nothing);
    };

    let now = cx.now();
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let mut decision = policy::decide(&request(asking, &facts), &facts, &policies, now);
    // What is hidden below forgets why.
    let cause = attempts::cause(&decision);
    if let Some(patient) = target.patient()
        && !knows_patient(snapshot.as_mut(), asking, &facts, &decision, patient).await?
    {
        decision.hide();
    }
    let permit = decision.permit.take();
    let mut gathered = Gathered::default();
    let mut flags = Flags::default();
    if let Some(permit) = &permit {
        gathered = gather(snapshot.as_mut(), asking, &facts, permit, target).await?;
        if target.shows_flags() {
            flags = Flags::of(cx, snapshot.as_mut(), asking, &facts, permit).await?;
        }
    }
    let has_flags = !flags.all.is_empty();
    gathered.add(std::mem::take(&mut flags.all), target.only_counts());

    let missed = target.is_one() && gathered.resources.is_empty();
    if missed && !gathered.gone && asking.caller.worker().is_none() {
        // In their own account it would show that there is something which they may not see.
        return Ok(Answer::Nothing);
    }
    let held = Held::new(gathered.resources);
    let mut event = Event::of(
        asking,
        &organisation_name(snapshot.as_mut(), asking).await?,
        target.operation(),
        &decision,
        now,
    );
    let mut what = categories(&facts, held.resources());
    if has_flags && !what.contains(&Category::Alerts) {
        what.push(Category::Alerts);
    }
    event.released(&what, held.resources().len(), held.content());
    if missed && decision.answer.shares() {
        event.refused(Ground::MoreThanNecessary);
    }

    let mut logged = Logged::about(
        cx,
        snapshot.as_mut(),
        asking,
        &facts,
        &decision,
        (&event, About::Released(held.resources())),
        operation,
    )
    .await?;
    if !flags.raised_by.is_empty() {
        let whose = Whose::of(cx, snapshot.as_mut(), &facts).await?;
        for message in &flags.raised_by {
            let seen = (&decision, message, &whose);
            let notice = look_up::notice(cx, snapshot.as_mut(), asking, seen, operation).await?;
            if let Some((writes, entries)) = notice {
                logged.carry(writes, entries);
            }
        }
    }
    let tried = attempts::refused(
        asking,
        &decision,
        (facts.person, target.way(asking), cause),
        now,
    );
    logged.carry(tried.into_iter().collect(), Vec::new());
    if permit.is_some() {
        let look = reassign::after_a_look(asking, &facts, now);
        logged.carry(look.into_iter().collect(), Vec::new());
    }
    let deciders = deciders(snapshot.as_mut(), &decision, now).await?;
    let sealed = held.under(logged.entry());
    drop(snapshot);
    let receipt = logged.commit(cx).await?;

    if gathered.gone {
        return Ok(Answer::Gone);
    }
    if missed || !decision.answer.shares() {
        return Ok(refusal(target, decision, receipt, deciders));
    }
    let released = sealed
        .release(receipt)
        .map_err(|error| Error::Unavailable(Box::new(error)))?;
    Ok(Answer::Released(Box::new(Disclosure {
        released,
        next: gathered.next,
        total: gathered.total,
        matched: gathered.matched,
        decision,
        facts,
        involved: gathered.involved,
        deciders,
        operation,
    })))
}

/// The flags that stand at the head of a record.
#[derive(Default)]
struct Flags {
    all: Vec<StoredResource>,
    /// The messages in force that put some of them there: whoever sent one hears of a look.
    raised_by: Vec<Message>,
}

impl Flags {
    async fn of(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        asking: &Asking,
        facts: &DigestedFacts,
        permit: &Permit,
    ) -> Result<Self, Error> {
        let raised = flag::flags(cx, snapshot, asking, facts, permit).await?;
        let (mut all, raised_by): (Vec<_>, Vec<_>) = raised.into_iter().unzip();
        all.extend(kept_out::flags(cx, snapshot, asking, facts).await?);
        Ok(Self { all, raised_by })
    }
}

/// What the caller may know of a refusal. One who named a resource learns no more than that there
/// is nothing to see: whose it is, and whether it is there, are not said.
fn refusal(
    target: &Target,
    decision: Decision,
    receipt: EntryReceipt,
    deciders: Vec<Decides>,
) -> Answer {
    let may_know = decision.visibility != Visibility::Hidden && target.names_person();
    if may_know && !decision.answer.shares() {
        Answer::Refused(Box::new(Refusal {
            decision,
            receipt,
            decider: deciders.into_iter().next(),
        }))
    } else {
        Answer::Nothing
    }
}

/// The decision's request for this caller and person.
pub(crate) fn request(asking: &Asking, facts: &Facts) -> Request {
    Request {
        caller: facts.caller(&asking.caller),
        person: facts.person,
        purpose: asking.purpose,
        reason: asking.reason.clone(),
        asks: policy::Asks {
            manner: match asking.channel {
                Channel::Feed => policy::Manner::Feed,
                _ => policy::Manner::View,
            },
            safe_channel: asking.channel == Channel::Safe,
            ..policy::Asks::default()
        },
    }
}

/// The categories of what is released, for the account.
fn categories(facts: &Facts, resources: &[StoredResource]) -> Vec<Category> {
    let classes: BTreeSet<_> = resources.iter().map(|resource| resource.class).collect();
    let labels = classes.into_iter().filter_map(|class| facts.label(class));
    let categories: BTreeSet<Category> = labels
        .flat_map(|label| label.categories.iter().copied())
        .collect();
    categories.into_iter().collect()
}
