//! What stewards decide becomes an event, and whose each Patient is follows from it.

use domain::ResourceId;
use fhir::{Issue, IssueCode};
use policy::Internal;
use store::{
    Change, LinkAct, Linked, NewLink, Proposal, Protection, Review, ReviewKind, Snapshot, Write,
};

use super::accounts::{self, Pair};
use super::breach::{self, Shown};
use super::links::{Replayed, find, last_between};
use super::stewards::{Decided, Outcome, asked_about, expect, patient, review_of};
use crate::attempt::{Attempt, until_done};
use crate::{Asking, Context, Error};

/// Decides a pair. Overlays, seals and whatever parts people who are one now take two stewards.
///
/// # Errors
/// [`Error::NotFound`] for whoever is not asked about this pair; [`Error::Invalid`] if it cannot be
/// so, or if the same steward agrees with themself.
pub async fn decide(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    outcome: Outcome,
    reason: &str,
) -> Result<Decided, Error> {
    until_done(|| decide_once(cx, asking, id, (outcome, reason))).await
}

async fn decide_once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    (outcome, reason): (Outcome, &str),
) -> Result<Decided, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let (mut review, version) = asked_about(snapshot.as_mut(), asking, id).await?;
    let proposal = Proposal {
        by: asking.caller.worker().cloned().ok_or(Error::NotFound)?,
        at: cx.now(),
        outcome: outcome.code().to_owned(),
        reason: reason.trim().to_owned(),
    };
    let mut change = Change::default();
    let mut expect = expect(asking);
    let mut decided = Decided::Done;
    let pair = (review.left, review.right);
    let linked = snapshot
        .linked(Internal::Linking, &[review.left, review.right])
        .await?;
    if outcome == Outcome::Unsure || review.kind == ReviewKind::Breach {
        unsettled(&mut review, outcome, proposal);
    } else if takes_two(&review, &linked, outcome) && !agreed(&review, &proposal)? {
        review.proposed = Some(proposal);
        decided = Decided::Proposed;
    } else {
        let act = act(&linked, pair, outcome)?;
        enact(
            cx,
            snapshot.as_mut(),
            asking,
            (&linked, pair),
            act,
            &mut change,
        )
        .await?;
        for subject in &linked.subjects {
            if let Some(facts) = snapshot.facts(subject.person).await? {
                expect.homes.extend(&facts.homes);
            }
        }
        change.writes.push(Write::Link(NewLink {
            act: named(&linked, act),
            at: cx.now(),
            by: proposal.by.to_string(),
            reason: proposal.reason.clone(),
        }));
        if outcome == Outcome::Seal {
            // Nothing that is kept may name both.
            review.left = review.right;
            review.note.clear();
        }
        review.decided = Some(proposal);
    }
    change.writes.push(Write::Review {
        review: Box::new(review),
        replaces: version,
    });
    drop(snapshot);
    match cx.store.commit(change, expect).await {
        Err(store::Error::Conflict) => Err(Attempt::Again),
        committed => {
            committed?;
            Ok(decided)
        }
    }
}

/// What leaves a pair open, or closes what has no pair to decide.
fn unsettled(review: &mut Review, outcome: Outcome, proposal: Proposal) {
    if review.kind == ReviewKind::Breach && outcome != Outcome::Unsure {
        review.decided = Some(proposal);
        return;
    }
    review.note = proposal.reason;
    review.priority /= 2.0;
}

fn takes_two(review: &Review, linked: &Linked, outcome: Outcome) -> bool {
    let are_one = Replayed::of(linked).are_one(review.left, review.right);
    match outcome {
        Outcome::Seal => true,
        Outcome::Different | Outcome::Undo if are_one => true,
        _ => review.kind == ReviewKind::Overlay,
    }
}

/// Whether another steward proposed the same.
fn agreed(review: &Review, proposal: &Proposal) -> Result<bool, Error> {
    match &review.proposed {
        Some(first) if first.outcome != proposal.outcome => Ok(false),
        Some(first) if first.by == proposal.by => {
            let details = "you proposed this yourself: another steward must agree";
            Err(Error::invalid(Issue::error(
                IssueCode::BusinessRule,
                details,
            )))
        }
        Some(_) => Ok(true),
        None => Ok(false),
    }
}

/// What is to be kept of an outcome.
fn act(
    linked: &Linked,
    (left, right): (ResourceId, ResourceId),
    outcome: Outcome,
) -> Result<LinkAct<u64>, Error> {
    let place = |id| find(linked, id).map(|subject| subject.place);
    let (Some(one), Some(other)) = (place(left), place(right)) else {
        return Err(Error::NotFound);
    };
    let act = match outcome {
        Outcome::Same => LinkAct::Linked(one, other),
        Outcome::Seal => LinkAct::Sealed(one, other),
        Outcome::Undo => match last_between(linked, left, right) {
            Some(event) => LinkAct::Undone(event),
            None => {
                return Err(cannot(
                    "nothing was decided of these two that could be undone",
                ));
            }
        },
        Outcome::Different | Outcome::Unsure => LinkAct::Parted(one, other),
    };
    if outcome == Outcome::Same && !Replayed::after(linked, act).are_one(left, right) {
        let details = "they, or others of the same people, were parted before: undo that first";
        return Err(cannot(details));
    }
    Ok(act)
}

fn cannot(details: &str) -> Error {
    Error::invalid(Issue::error(IssueCode::BusinessRule, details))
}

/// Whose each Patient is from now on, and what both people read of it; if they were one until now,
/// also what was shown of them.
async fn enact(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    (linked, pair): (&Linked, (ResourceId, ResourceId)),
    act: LinkAct<u64>,
    change: &mut Change,
) -> Result<(), Error> {
    let (before, after) = (Replayed::of(linked), Replayed::after(linked, act));
    for (subject, person) in after.moves() {
        change.writes.push(Write::Person { subject, person });
    }
    if let (LinkAct::Sealed(..), Some(earlier)) = (act, find(linked, pair.1)) {
        change.writes.push(Write::Protect {
            home: earlier.home,
            protection: Protection::Protected,
        });
    }
    let (were_one, are_one) = (
        before.are_one(pair.0, pair.1),
        after.are_one(pair.0, pair.1),
    );
    let told = |persons| Pair {
        linked,
        persons,
        left: pair.0,
        right: pair.1,
    };
    if !were_one && are_one {
        change.entries = accounts::joined(cx, snapshot, asking, told(&before)).await?;
    }
    if were_one && !are_one {
        let Some(shown) = breach::shown(cx, snapshot, linked, pair).await? else {
            return Ok(());
        };
        // Of an identity that is sealed nothing is written that does not have to be.
        if shown.times > 0 || !matches!(act, LinkAct::Sealed(..)) {
            change.entries = accounts::parted(cx, snapshot, asking, told(&after), &shown).await?;
        }
        if shown.times > 0 {
            follow_up(cx, snapshot, pair, &shown, change).await?;
        }
    }
    Ok(())
}

/// Has the stewards of both follow up what was shown by mistake.
async fn follow_up(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    pair: (ResourceId, ResourceId),
    shown: &Shown,
    change: &mut Change,
) -> Result<(), Error> {
    let patients = [
        patient(snapshot, pair.0).await?,
        patient(snapshot, pair.1).await?,
    ];
    let mut review = review_of(cx, ReviewKind::Breach, &patients, 0.0);
    review.note = format!(
        "records that stood together were opened {} times since {}",
        shown.times, shown.since
    );
    change.writes.push(Write::Review {
        review: Box::new(review),
        replaces: 0,
    });
    Ok(())
}

/// The same act, with Patients named by their ids.
fn named(linked: &Linked, act: LinkAct<u64>) -> LinkAct<ResourceId> {
    let id = |place: u64| {
        let mut subjects = linked.subjects.iter();
        let found = subjects.find(|subject| subject.place == place);
        found.map_or(ResourceId([0; 16]), |subject| subject.id)
    };
    match act {
        LinkAct::Linked(left, right) => LinkAct::Linked(id(left), id(right)),
        LinkAct::Parted(left, right) => LinkAct::Parted(id(left), id(right)),
        LinkAct::Sealed(left, right) => LinkAct::Sealed(id(left), id(right)),
        LinkAct::Undone(event) => LinkAct::Undone(event),
    }
}
