//! Who a Patient is once its details changed. It is looked for again by the rules for a new one; but
//! what was linked is never parted by this, nobody is joined through a third record, and a Patient
//! whose details became those of somebody else is not moved with its record: stewards look.

use domain::ResourceId;
use linkage::{Grade, Rule};
use policy::Internal;
use store::{Linked, ReviewKind};

use super::arriving::{Arrival, Described, Fit, Known, arrive};
use super::draft::Draft;
use crate::Error;
use crate::identity::accounts::{self, Pair};
use crate::identity::links::{Replayed, joining, linked_by_itself};

/// Looks again for whom a known Patient may be.
pub(super) async fn look_again(
    draft: &mut Draft<'_>,
    described: &Described,
    known: Known,
) -> Result<Arrival, Error> {
    // Whose it is must not change while its details do.
    draft.rest_on(known.person).await?;
    let mut arrival = arrive(draft, described, Some(known)).await?;
    if let Some(fit) = arrival.certain {
        if may_join(draft, described, known).await? {
            join(draft, known.id, fit, &mut arrival).await?;
        } else {
            arrival.certain = None;
            arrival.doubts.push((ReviewKind::Bridge, fit.subject, 0.5));
        }
    }
    let own = [known.id];
    let linked = draft.snapshot.linked(Internal::Linking, &own).await?;
    arrival
        .doubts
        .extend(loosened(draft, described, known.id, &linked));
    Ok(arrival)
}

/// Whether a Patient may join somebody by itself: nobody else comes along with it, and it is still
/// of whom it was.
async fn may_join(
    draft: &mut Draft<'_>,
    described: &Described,
    known: Known,
) -> Result<bool, Error> {
    if draft.snapshot.subjects(known.person).await?.len() > 1 {
        return Ok(false);
    }
    let before = draft.cx.index.explain(&described.record, known.id);
    Ok(before.is_none_or(|why| {
        let says_little = why.rule.is_some_and(Rule::is_for_lack);
        why.grade >= Grade::Probable || says_little
    }))
}

/// The Patients that change hands when one is joined with whom it fits, whose they become, and what
/// both people read of it.
async fn join(
    draft: &mut Draft<'_>,
    id: ResourceId,
    fit: Fit,
    arrival: &mut Arrival,
) -> Result<(), Error> {
    let pair = [id, fit.subject];
    let linked = draft.snapshot.linked(Internal::Linking, &pair).await?;
    for subject in &linked.subjects {
        draft.rest_on(subject.person).await?;
    }
    let Some(after) = joining(&linked, id, fit.subject) else {
        return Ok(());
    };
    arrival.moves = after.moves().collect();
    let pair = Pair {
        linked: &linked,
        persons: &Replayed::of(&linked),
        left: id,
        right: fit.subject,
    };
    let snapshot = draft.snapshot.as_mut();
    arrival.told = accounts::found_one(draft.cx, snapshot, draft.asking, pair).await?;
    Ok(())
}

/// Those with whom the exchange linked a Patient that, as it is now, it would not even ask about.
fn loosened(
    draft: &Draft<'_>,
    described: &Described,
    id: ResourceId,
    linked: &Linked,
) -> Vec<(ReviewKind, ResourceId, f32)> {
    let others = linked_by_itself(linked, id).into_iter();
    others
        .filter_map(|other| {
            let why = draft.cx.index.explain(&described.record, other)?;
            let holds = why.grade >= Grade::Probable;
            (!holds).then_some((ReviewKind::Loosened, other, why.probability))
        })
        .collect()
}
