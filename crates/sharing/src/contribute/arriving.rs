//! Who a new Patient is, or one whose details changed: certain links itself, what is probable goes to
//! the stewards, and a number that stands on somebody wholly different raises an alarm.

use domain::{HomeId, OrganisationId, PersonId, ResourceId};
use linkage::{Grade, Record, Rule, is_national_number};
use policy::Internal;
use store::{
    FindKeys, LinkAct, NewEntry, NewLink, Protection, ReviewKind, StoredPatient, SubjectKeys, Write,
};

use super::draft::Draft;
use crate::Error;
use crate::identity::links::{THE_EXCHANGE, is_sealed, joining};
use crate::identity::stewards::{patient, review_of};

/// More people than this sharing one national number is a broken number, not a person.
const SHARING: u32 = 10;
/// Whom the matcher is asked for at most.
const LIKELY: usize = 20;

/// Somebody whom a new Patient fits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    pub(super) person: PersonId,
    pub(super) home: HomeId,
    pub(super) subject: ResourceId,
}

/// What a Patient says of a person.
pub(super) struct Described {
    /// As the matcher reads it.
    pub(super) record: Record,
    /// As the store finds by it.
    pub(super) keys: SubjectKeys,
    /// Those whom it certainly fits by a national number.
    pub(super) certain: Vec<Fit>,
}

/// A Patient that is known already, and whose subject it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) id: ResourceId,
    pub(super) person: PersonId,
}

/// What is known of a Patient before it is placed.
#[derive(Debug, Default)]
pub(super) struct Arrival {
    /// The one person whom it certainly is.
    pub(super) certain: Option<Fit>,
    /// It came in under an identity that is held apart.
    pub(super) is_sealed: bool,
    /// Patients that are somebody else's from now on, and whose.
    pub(super) moves: Vec<(ResourceId, PersonId)>,
    /// What those who are one from now on read of it, each in their own account.
    pub(super) told: Vec<NewEntry>,
    /// What stewards are to look at: why, whom else, and how probable it is.
    pub(super) doubts: Vec<(ReviewKind, ResourceId, f32)>,
}

/// Looks for whom a Patient may be, among all who are known and those of the same change. Of one that
/// is `known` already: whom else.
pub(super) async fn arrive(
    draft: &mut Draft<'_>,
    described: &Described,
    known: Option<Known>,
) -> Result<Arrival, Error> {
    let mut arrival = Arrival::default();
    let mut fits = Vec::new();
    for fit in &described.certain {
        if is_open(draft, known, (fit.subject, fit.person)).await? {
            fits.push(*fit);
        }
    }
    for likely in draft.cx.index.find(&described.record, LIKELY).await? {
        let Some(person) = draft.snapshot.person_of(&likely.subject).await? else {
            continue;
        };
        if !is_open(draft, known, (likely.subject, person)).await? {
            continue;
        }
        if likely.grade == Grade::Probable {
            let doubt = (ReviewKind::Probable, likely.subject, likely.probability);
            arrival.doubts.push(doubt);
        }
        let located = draft.snapshot.locate("Patient", &likely.subject).await?;
        if let (Grade::Certain, Some(located)) = (likely.grade, located) {
            fits.push(Fit {
                person,
                home: located.home,
                subject: likely.subject,
            });
        }
    }
    fits.sort_by_key(|fit| fit.person);
    fits.dedup_by_key(|fit| fit.person);
    overlaid(draft, described, known, &mut arrival).await?;
    if let Some(sealed) = sealed_among(draft, &fits).await? {
        arrival.is_sealed = true;
        arrival.doubts = vec![(ReviewKind::Sealed, sealed, 1.0)];
        return Ok(arrival);
    }
    match fits.as_slice() {
        [one] => {
            let one = *one;
            let mut theirs = Vec::new();
            for (_, subject, _) in &arrival.doubts {
                theirs.push(draft.snapshot.person_of(subject).await? == Some(one.person));
            }
            let mut theirs = theirs.into_iter();
            // Another Patient of the same person is no doubt.
            arrival.doubts.retain(|_| theirs.next() != Some(true));
            arrival.certain = Some(one);
        }
        several => {
            let bridges = several
                .iter()
                .map(|fit| (ReviewKind::Bridge, fit.subject, 0.5));
            arrival.doubts.extend(bridges);
        }
    }
    Ok(arrival)
}

/// Whether it is still to be decided that a known Patient is of somebody's: neither is it so now, nor
/// did a steward say no.
async fn is_open(
    draft: &mut Draft<'_>,
    known: Option<Known>,
    (subject, person): (ResourceId, PersonId),
) -> Result<bool, Error> {
    let Some(known) = known else {
        return Ok(true);
    };
    if known.person == person {
        return Ok(false);
    }
    let pair = [known.id, subject];
    let linked = draft.snapshot.linked(Internal::Linking, &pair).await?;
    Ok(joining(&linked, known.id, subject).is_some())
}

/// Whoever has the same national number and is somebody wholly different.
async fn overlaid(
    draft: &mut Draft<'_>,
    described: &Described,
    known: Option<Known>,
    arrival: &mut Arrival,
) -> Result<(), Error> {
    let numbers = described.keys.identifiers.iter();
    let sought = FindKeys {
        identifiers: numbers
            .filter(|(system, value)| is_national_number(system, value))
            .cloned()
            .collect(),
        ..FindKeys::default()
    };
    if sought.identifiers.is_empty() {
        return Ok(());
    }
    let found = draft
        .snapshot
        .find(Internal::MatchIndex, &sought, SHARING)
        .await?;
    for found in found {
        let matched = found.subjects.iter().take(found.matched);
        for (subject, _) in matched {
            let explained = draft.cx.index.explain(&described.record, subject.id);
            let is_overlay = explained.is_some_and(|why| why.rule == Some(Rule::Overlay));
            if is_overlay && is_open(draft, known, (subject.id, found.person)).await? {
                arrival.doubts.push((ReviewKind::Overlay, subject.id, 0.5));
            }
        }
    }
    Ok(())
}

async fn sealed_among(draft: &mut Draft<'_>, fits: &[Fit]) -> Result<Option<ResourceId>, Error> {
    for fit in fits {
        let linked = draft
            .snapshot
            .linked(Internal::Linking, &[fit.subject])
            .await?;
        if is_sealed(&linked, fit.subject) {
            return Ok(Some(fit.subject));
        }
    }
    Ok(None)
}

impl Arrival {
    /// Writes what follows, once the Patient itself is placed.
    pub(super) async fn write(
        self,
        draft: &mut Draft<'_>,
        (id, person, home): (ResourceId, PersonId, HomeId),
        custodian: &OrganisationId,
    ) -> Result<(), Error> {
        if let Some(fit) = self.certain {
            draft.rest_on(fit.person).await?;
            draft.write_row(Write::Link(NewLink {
                act: LinkAct::Linked(fit.subject, id),
                at: draft.now,
                by: THE_EXCHANGE.to_owned(),
                reason: "certain".to_owned(),
            }));
        }
        draft.tell(self.told);
        for (subject, person) in self.moves {
            draft.write_row(Write::Person { subject, person });
        }
        if self.is_sealed {
            draft.write_row(Write::Protect {
                home,
                protection: Protection::Protected,
            });
        }
        let own = match patient(draft.snapshot.as_mut(), id).await {
            Err(Error::NotFound) => StoredPatient {
                place: 0,
                subject: id,
                person,
                custodian: custodian.clone(),
                protected: false,
                held_close: false,
                bytes: Vec::new(),
            },
            known => known?,
        };
        for (kind, other, probability) in self.doubts {
            let other = patient(draft.snapshot.as_mut(), other).await?;
            let review = review_of(draft.cx, kind, &[own.clone(), other], probability);
            draft.write_row(Write::Review {
                review: Box::new(review),
                replaces: 0,
            });
        }
        Ok(())
    }
}
