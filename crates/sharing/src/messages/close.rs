//! Those who act for a person or are close to them, as whoever writes something about the person may
//! choose from.
//!
//! Who they are is part of the record: they are named only to those to whom a list of who is involved
//! would open.

use domain::authority::TieKind;
use domain::{Category, Confidentiality, LabelClass, PartyId, ResourceId};
use policy::{Facts, would_open};
use store::Snapshot;

use super::send::Known;
use crate::contribute::custodian;
use crate::disclose::request;
use crate::{Asking, Context, Error};

/// Somebody who acts for a person or is close to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    /// Their id, as facts name them.
    pub party: PartyId,
    /// What they are to the person: "welfare attorney".
    pub is: &'static str,
}

/// Those who act for whoever this Patient is or are close to them, as far as the caller may know.
///
/// # Errors
/// [`Error::NotFound`] if the record does not open to the caller.
pub async fn close_to(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
) -> Result<Vec<Close>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let known = Known::of(cx, snapshot.as_mut(), asking, patient).await?;
    those_close(cx, snapshot.as_mut(), asking, &known.facts).await
}

/// The same where it is known already that the record opens.
pub(super) async fn those_close(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
) -> Result<Vec<Close>, Error> {
    let policies = cx.policies.at(snapshot).await?;
    let label = LabelClass {
        custodian: custodian(asking),
        author_role: None,
        confidentiality: Confidentiality::Normal,
        categories: [Category::Network].into(),
        sensitivities: [].into(),
    };
    let request = request(asking, facts);
    if !would_open(&request, facts, &policies, cx.now(), &label) {
        return Ok(Vec::new());
    }
    let close = parties(facts).into_iter().map(|party| Close {
        is: who(facts, &party),
        party,
    });
    Ok(close.collect())
}

/// Everybody who acts for the person or is close to them, each once: those who act come first.
pub(super) fn parties(facts: &Facts) -> Vec<PartyId> {
    let known = &facts.circumstances;
    let acts = known.authorities.iter().map(|one| &one.holder);
    let close = known.ties.iter().map(|one| &one.party);
    let mut parties: Vec<PartyId> = Vec::new();
    for party in acts.chain(close) {
        if !parties.contains(party) {
            parties.push(party.clone());
        }
    }
    parties
}

/// What the person is in a list of those who are to be heard about them.
pub const THEMSELF: &str = "person themself";

/// The person as facts name somebody.
pub(super) fn themself(facts: &Facts) -> PartyId {
    PartyId::new(facts.person.to_string())
}

/// What somebody is to the person.
pub(super) fn who(facts: &Facts, party: &PartyId) -> &'static str {
    if *party == themself(facts) {
        return THEMSELF;
    }
    let known = &facts.circumstances;
    let acts = known.authorities.iter().find(|it| it.holder == *party);
    if let Some(authority) = acts {
        return authority.kind.words();
    }
    let is = |kind| {
        let mut ties = known.ties.iter();
        ties.any(|it| it.party == *party && it.kind == kind)
    };
    if is(TieKind::NearestRelative) {
        "nearest relative"
    } else if is(TieKind::PrimaryCarer) {
        "primary carer"
    } else {
        "person close to them"
    }
}
