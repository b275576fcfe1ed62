//! Stewards decide what the matcher leaves open: whether two Patients are of one person. What may
//! do harm takes two of them, and everything can be taken back.

use domain::{OrganisationId, Purpose, ResourceId, Role};
use fhir::{Issue, IssueCode};
use policy::Internal;
use store::{Change, Expect, Patients, Review, ReviewKind, Snapshot, StoredPatient, Write};

pub use super::deciding::decide;
use super::{Told, describe};
use crate::attempt::{Attempt, until_done};
use crate::contribute::limits;
use crate::find::{Met, Shown, tell_each};
use crate::{Asking, Context, Error};

/// At most so many are listed: whoever has more has another trouble.
const LISTED: u32 = 500;

/// What a steward says of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// One person.
    Same,
    /// Two people, and never to be joined by a detour. If they are one now, they are parted.
    Different,
    /// The last decision of this pair does not hold.
    Undo,
    /// The second is an earlier identity of the first that nobody may learn of.
    Seal,
    /// Not to be decided yet.
    Unsure,
}

impl Outcome {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Same, "same"),
        (Self::Different, "different"),
        (Self::Undo, "undo"),
        (Self::Seal, "seal"),
        (Self::Unsure, "unsure"),
    ];

    /// The outcome of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(_, known)| *known == code).map(|(it, _)| it)
    }

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find(|(it, _)| *it == self).map_or("", |(_, code)| code)
    }
}

/// What became of what a steward said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It is done.
    Done,
    /// Another steward must agree.
    Proposed,
}

/// What the caller's agency has to decide, the most pressing first. It names nobody.
///
/// # Errors
/// [`Error::NotFound`] for whoever is no steward.
pub async fn queue(cx: &Context, asking: &Asking) -> Result<Vec<Review>, Error> {
    let agency = steward(asking)?;
    let mut snapshot = cx.store.snapshot().await?;
    let mut reviews = snapshot.reviews(Internal::Linking, LISTED).await?;
    reviews.retain(|review| review.holders.contains(agency));
    Ok(reviews)
}

/// The two of a pair, side by side.
#[derive(Debug)]
pub struct Compared {
    /// What is to be decided.
    pub review: Review,
    /// Who the two are, as finding a person shows it.
    pub shown: Vec<Shown>,
    /// What speaks for and against their being one.
    pub told: Option<Told>,
}

/// Shows a pair to a steward. Both people read that they were looked at.
///
/// # Errors
/// [`Error::NotFound`] for whoever is not asked about this pair.
pub async fn compare(cx: &Context, asking: &Asking, id: ResourceId) -> Result<Compared, Error> {
    let operation = cx.draw();
    until_done(|| compare_once(cx, asking, id, operation)).await
}

async fn compare_once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    operation: [u8; 16],
) -> Result<Compared, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let (review, _) = asked_about(snapshot.as_mut(), asking, id).await?;
    let mut met: Vec<Met> = Vec::new();
    let mut left = None;
    for subject in [review.left, review.right] {
        let patient = patient(snapshot.as_mut(), subject).await?;
        let facts = snapshot.facts(patient.person).await?;
        let facts = facts.ok_or(Error::NotFound)?;
        let document = fhir::parse(&patient.bytes, &limits()).map_err(Error::invalid)?;
        let view = match facts.protected {
            true => fhir::redact::summary_without_address(&document),
            false => fhir::redact::summary_of_patient(&document),
        };
        left.get_or_insert_with(|| describe(&document));
        let shown = Shown {
            patient: subject,
            view,
        };
        met.push(Met::of(facts, shown));
    }
    let told = left.and_then(|left| cx.index.explain(&left, review.right));
    let all: Vec<&Met> = met.iter().collect();
    let (change, expect) = tell_each(cx, snapshot.as_mut(), asking, &all, operation).await?;
    drop(snapshot);
    cx.store.commit(change, expect).await?;
    Ok(Compared {
        review,
        shown: met.into_iter().map(|met| met.shown).collect(),
        told: told.map(Told::from),
    })
}

/// Puts a pair to the stewards, because somebody says that it is not as it should be.
///
/// # Errors
/// [`Error::NotFound`] unless the caller is a steward of an agency that holds one of the two, and may
/// know of the other.
pub async fn raise(
    cx: &Context,
    asking: &Asking,
    (left, right): (ResourceId, ResourceId),
    reason: &str,
) -> Result<Review, Error> {
    let agency = steward(asking)?;
    if reason.trim().is_empty() || left == right {
        let details = "name two Patients and say why";
        return Err(Error::invalid(Issue::error(IssueCode::Required, details)));
    }
    let mut snapshot = cx.store.snapshot().await?;
    let pair = [
        patient(snapshot.as_mut(), left).await?,
        patient(snapshot.as_mut(), right).await?,
    ];
    let mut review = review_of(cx, ReviewKind::Raised, &pair, 0.5);
    if !review.holders.contains(agency) {
        return Err(Error::NotFound);
    }
    reason.trim().clone_into(&mut review.note);
    drop(snapshot);
    let change = Change {
        writes: vec![Write::Review {
            review: Box::new(review.clone()),
            replaces: 0,
        }],
        ..Change::default()
    };
    cx.store.commit(change, expect(asking)).await?;
    Ok(review)
}

/// A review of a pair. Where one of the two is protected, only the agency that holds that one is
/// asked; otherwise both are.
pub(crate) fn review_of(
    cx: &Context,
    kind: ReviewKind,
    pair: &[StoredPatient; 2],
    probability: f32,
) -> Review {
    let is_any_protected = pair.iter().any(|patient| patient.protected);
    let mut holders: Vec<OrganisationId> = pair
        .iter()
        .filter(|patient| patient.protected || !is_any_protected)
        .map(|patient| patient.custodian.clone())
        .collect();
    holders.sort();
    holders.dedup();
    let [left, right] = pair;
    Review {
        id: cx.ids.fresh(cx.chance.as_ref()),
        kind,
        left: left.subject,
        right: right.subject,
        holders,
        probability,
        priority: harm(kind) * uncertainty(kind, probability),
        opened: cx.now(),
        note: String::new(),
        proposed: None,
        decided: None,
    }
}

/// What a mistake may cost, relative to two records of one person standing apart.
fn harm(kind: ReviewKind) -> f64 {
    match kind {
        ReviewKind::Breach => 5.0,
        ReviewKind::Overlay | ReviewKind::Sealed => 4.0,
        ReviewKind::Loosened => 3.0,
        ReviewKind::Bridge | ReviewKind::Raised => 2.0,
        ReviewKind::Probable => 1.0,
    }
}

/// 1 where either is as likely, near 0 where it is all but known; what is no question of probability
/// counts whole.
fn uncertainty(kind: ReviewKind, probability: f32) -> f64 {
    match kind {
        ReviewKind::Probable | ReviewKind::Bridge => {
            let probability = f64::from(probability);
            (4.0 * probability * (1.0 - probability)).max(0.05)
        }
        _ => 1.0,
    }
}

/// The agency that a steward acts for.
fn steward(asking: &Asking) -> Result<&OrganisationId, Error> {
    let is_steward =
        asking.caller.role() == Some(Role::PrivacyOfficer) && asking.purpose == Purpose::Operations;
    match asking.caller.organisation() {
        Some(agency) if is_steward => Ok(agency),
        _ => Err(Error::NotFound),
    }
}

/// An open review about which the caller's agency is asked.
pub(super) async fn asked_about(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    id: ResourceId,
) -> Result<(Review, u32), Error> {
    let agency = steward(asking)?;
    let found = snapshot.review(Internal::Linking, &id).await?;
    found
        .filter(|(review, _)| review.decided.is_none() && review.holders.contains(agency))
        .ok_or(Error::NotFound)
}

pub(crate) async fn patient(
    snapshot: &mut dyn Snapshot,
    subject: ResourceId,
) -> Result<StoredPatient, Error> {
    let which = [subject];
    let which = Patients::Of(&which, &[]);
    let found = snapshot.patients(Internal::MatchIndex, &which).await?;
    let mut found = found.into_iter();
    found
        .find(|patient| patient.subject == subject)
        .ok_or(Error::NotFound)
}

pub(super) fn expect(asking: &Asking) -> Expect {
    Expect {
        token: Some(asking.token.clone()),
        worker: asking.caller.worker().cloned(),
        ..Expect::default()
    }
}
