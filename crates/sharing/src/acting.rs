//! For whom somebody acts: the way of whoever acts to the account of each. Whom they may not read of now,
//! because the authority ended, is suspended or was never proven, or because a bar stands, is not named.

use domain::authority::AuthorityKind;
use domain::{Capacity, PersonId, ResourceId};
use policy::ReadsAs;
use store::Snapshot;

use crate::account::readers;
use crate::disclose::{Answer, Target, disclose, request};
use crate::messages::send::name_in;
use crate::{Asking, Context, Error};

/// Somebody for whom the caller acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActedFor {
    /// A Patient that is the person.
    pub patient: ResourceId,
    /// Their name; `None` where what the caller acts on does not open it.
    pub name: Option<String>,
    /// By what the caller acts.
    pub kinds: Vec<AuthorityKind>,
}

/// Everybody for whom the caller acts and may read of now. A name is told like anything else of a
/// record: that it was stands in the account of the person.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn acted_for(cx: &Context, asking: &Asking) -> Result<Vec<ActedFor>, Error> {
    let Capacity::Person(holder) = asking.caller.capacity else {
        return Ok(Vec::new());
    };
    let mut snapshot = cx.store.snapshot().await?;
    let mut found = Vec::new();
    for person in snapshot.acted_for(holder).await? {
        found.extend(open_to(cx, snapshot.as_mut(), asking, person).await?);
    }
    drop(snapshot);
    let mut told = Vec::with_capacity(found.len());
    for (mut one, is_named) in found {
        if is_named {
            one.name = name_of(cx, asking, one.patient).await?;
        }
        told.push(one);
    }
    told.sort_by(|one, other| (&one.name, one.patient).cmp(&(&other.name, other.patient)));
    Ok(told)
}

/// The person, if the caller may read of them because they act for them, and whether their name opens.
async fn open_to(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    person: PersonId,
) -> Result<Option<(ActedFor, bool)>, Error> {
    let Some(facts) = snapshot.facts(person).await? else {
        return Ok(None);
    };
    let Some(own) = snapshot.by_itself(facts.person).await? else {
        return Ok(None);
    };
    let policies = cx.policies.at(snapshot).await?;
    let decision = policy::decide(&request(asking, &facts), &facts, &policies, cx.now());
    let Some(permit) = decision.permit else {
        return Ok(None);
    };
    let acts = readers(asking, &facts, &policies, cx.now()).into_iter();
    let kinds: Vec<AuthorityKind> = acts
        .filter_map(|reads_as| match reads_as {
            ReadsAs::Representative(_, kind) => Some(kind),
            ReadsAs::Person | ReadsAs::OnSafeChannel => None,
        })
        .collect();
    if kinds.is_empty() {
        return Ok(None);
    }
    let patient = own.patient;
    let is_named = snapshot.read(&permit, "Patient", &patient).await?.is_some();
    let one = ActedFor {
        patient,
        name: None,
        kinds,
    };
    Ok(Some((one, is_named)))
}

async fn name_of(cx: &Context, asking: &Asking, id: ResourceId) -> Result<Option<String>, Error> {
    let target = Target::Read {
        resource_type: "Patient".to_owned(),
        id,
        version: None,
        shape: fhir::search::Shape::default(),
    };
    let Answer::Released(told) = disclose(cx, asking, &target, None).await? else {
        return Ok(None);
    };
    let patient = told.released.resources().first();
    Ok(patient.and_then(|patient| name_in(&patient.bytes)))
}
