//! Who a new Patient is: certain links itself, what is probable goes to the stewards, and a number
//! that stands on somebody wholly different raises an alarm.

use domain::{HomeId, OrganisationId, PersonId, ResourceId};
use linkage::{Grade, Record, Rule, is_national_number};
use policy::Internal;
use store::{
    FindKeys, LinkAct, NewLink, Protection, ReviewKind, StoredPatient, SubjectKeys, Write,
};

use super::draft::Draft;
use crate::Error;
use crate::identity::links::is_sealed;
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

/// What is known of a new Patient before it is placed.
#[derive(Debug, Default)]
pub(super) struct Arrival {
    /// The one person whom it certainly is.
    pub(super) certain: Option<Fit>,
    /// It came in under an identity that is held apart.
    pub(super) is_sealed: bool,
    /// What stewards are to look at: why, whom else, and how probable it is.
    doubts: Vec<(ReviewKind, ResourceId, f32)>,
}

/// Looks for whom a new Patient may be, among all who are known and those of the same change.
pub(super) async fn arrive(
    draft: &mut Draft<'_>,
    record: &Record,
    certain: Vec<Fit>,
    keys: &SubjectKeys,
) -> Result<Arrival, Error> {
    let mut arrival = Arrival::default();
    let mut fits = certain;
    for likely in draft.cx.index.find(record, LIKELY).await? {
        let Some(person) = draft.snapshot.person_of(&likely.subject).await? else {
            continue;
        };
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
    overlaid(draft, record, keys, &mut arrival).await?;
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

/// Whoever has the same national number and is somebody wholly different.
async fn overlaid(
    draft: &mut Draft<'_>,
    record: &Record,
    keys: &SubjectKeys,
    arrival: &mut Arrival,
) -> Result<(), Error> {
    let numbers = keys.identifiers.iter();
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
            let explained = draft.cx.index.explain(record, subject.id);
            if explained.is_some_and(|why| why.rule == Some(Rule::Overlay)) {
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
            draft.write_row(Write::Link(NewLink {
                act: LinkAct::Linked(fit.subject, id),
                at: draft.now,
                by: "exchange".to_owned(),
                reason: "certain".to_owned(),
            }));
        }
        if self.is_sealed {
            draft.write_row(Write::Protect {
                home,
                protection: Protection::Protected,
            });
        }
        let new = StoredPatient {
            place: 0,
            subject: id,
            person,
            custodian: custodian.clone(),
            protected: false,
            held_close: false,
            bytes: Vec::new(),
        };
        for (kind, other, probability) in self.doubts {
            let other = patient(draft.snapshot.as_mut(), other).await?;
            let review = review_of(draft.cx, kind, &[new.clone(), other], probability);
            draft.write_row(Write::Review {
                review: Box::new(review),
                replaces: 0,
            });
        }
        Ok(())
    }
}
