//! Who is said to harm somebody. From the commit of the concern on, whoever acts for the person or is
//! close to them and is named so sees nothing written since, and nothing that tells where, when and with
//! whom to find them (`policy`'s gate 4); that they can tell something stays. It lasts until no team that
//! was asked does anything more, or whoever told of it closes it or takes it back.

use domain::message::{Concern, Message, Outcome};
use domain::restriction::Allegation;
use domain::{Fact, Moment, TeamId};
use fhir::{Issue, IssueCode};
use policy::Facts;
use store::{Snapshot, Write};

use super::super::alarm::{self, After};
use super::super::planned::facts;
use super::super::requirement::said;
use crate::{Asking, Context, Error};

/// What is wrong with naming somebody: only to protect an adult or child, and only where a team decides
/// about it.
pub(super) fn fault(asking: &Asking, concern: &Concern, to: &[TeamId]) -> Option<Issue> {
    concern.alleged_harmer.as_ref()?;
    let details = if !asking.purpose.is_protection() {
        "somebody is said to harm another only where that other is protected: say that they may come to harm"
    } else if to.is_empty() {
        "choose the team that looks into it: nobody is shut out without somebody who decides about it"
    } else {
        return None;
    };
    Some(Issue::error(IssueCode::BusinessRule, details).at("alleged-harmer"))
}

/// What is known once the concern is told.
pub(super) fn after(message: &Message, known: &Facts) -> Facts {
    facts::after(known, allegation(message).map(Fact::Allegation))
}

/// Shuts out whom the concern names, with the concern itself.
pub(super) async fn shut_out(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    message: &Message,
    after: &Facts,
) -> Result<Vec<Write>, Error> {
    let Some(allegation) = allegation(message) else {
        return Ok(Vec::new());
    };
    let fact = vec![Fact::Allegation(allegation)];
    with_tasks(cx, snapshot, asking, message, (fact, after)).await
}

/// How a concern ends for whom it named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::messages) enum End {
    /// It was right and is over.
    Over,
    /// It was wrong, and was never so.
    Wrong,
}

/// Lets in again whom a concern had shut out, if it named somebody.
pub(in crate::messages) async fn let_in(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    (message, end): (&Message, End),
    known: &Facts,
) -> Result<Vec<Write>, Error> {
    let named = allegation(message).filter(|one| {
        let mut all = known.circumstances.allegations.iter();
        all.any(|it| it == one && it.is_live(cx.now()))
    });
    let Some(named) = named else {
        return Ok(Vec::new());
    };
    let over = Allegation {
        ended: Some(Moment(cx.now())),
        ..named.clone()
    };
    let mut after = known.clone();
    after.circumstances.allegations.retain(|it| *it != named);
    let facts = match end {
        End::Over => vec![Fact::Allegation(over)],
        End::Wrong => Vec::new(),
    };
    with_tasks(cx, snapshot, asking, message, (facts, &after)).await
}

/// Whether no team that was asked does anything more.
pub(super) fn nobody_goes_on(message: &Message) -> bool {
    let mut deliveries = message.deliveries.iter();
    deliveries.all(|one| one.outcome == Some(Outcome::NoAction))
}

fn allegation(message: &Message) -> Option<Allegation> {
    let against = message.concern.as_ref()?.alleged_harmer.clone()?;
    Some(Allegation {
        against,
        since: Moment(message.at),
        ended: None,
    })
}

/// Says it, and moves the tasks about who was left out: who is said to harm somebody is not told by
/// default.
async fn with_tasks(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    message: &Message,
    (said_now, facts): (Vec<Fact>, &Facts),
) -> Result<Vec<Write>, Error> {
    let mut writes = vec![said(cx, asking, message, said_now)];
    let after = After {
        patient: message.patient,
        name: &message.name,
        facts,
    };
    writes.extend(alarm::tasks(cx, snapshot, asking, &after).await?);
    Ok(writes)
}
