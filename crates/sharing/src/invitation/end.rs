//! Ending a one-time link before its day.

use domain::{Capacity, Fact, Invitation, Moment, Opens, ResourceId, Timestamp};
use store::{Change, Expect, NewFacts, Write};

use super::enter::found;
use super::{What, about, event_of, may_end, said_by};
use crate::attempt::{Attempt, until_done};
use crate::messages::by_link;
use crate::whose::{Told, Whose};
use crate::{Asking, Context, Error};

/// Ends a link from the next byte on: by the person, by the agency that gave it, or by whoever was let
/// in. One that ended already stays as it is.
///
/// # Errors
/// [`Error::NotFound`] if it is not the caller's to end.
pub async fn end(cx: &Context, asking: &Asking, id: ResourceId) -> Result<(), Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let found = found(snapshot.as_mut(), id).await?;
    let (stored, facts, invitation) = found.ok_or(Error::NotFound)?;
    let let_in = matches!(&asking.caller.capacity, Capacity::Outsider { party, .. } if *party == invitation.outsider);
    if !let_in {
        let may = match invitation.opens() {
            Opens::Request(answers) => by_link::may_end(cx, asking, answers).await?,
            Opens::Record | Opens::Hearing(_) => {
                about(cx, snapshot.as_mut(), asking, stored.subject).await?;
                may_end(asking, &facts, &invitation)
            }
        };
        if !may {
            return Err(Error::NotFound.into());
        }
    }
    let now = cx.now();
    if !invitation.is_live(now) {
        return Ok(());
    }
    let event = event_of(snapshot.as_mut(), asking, &invitation, What::Ended, now).await?;
    let whose = Whose::of(cx, snapshot.as_mut(), &facts).await?;
    let worker = asking.caller.worker();
    let by = worker.map_or_else(String::new, ToString::to_string);
    let change = Change {
        writes: vec![ended(stored.subject, id, &invitation, &by, now)],
        entries: whose.tell(cx, &Told::named(&event), operation)?,
        idempotency: None,
    };
    let expect = Expect {
        homes: facts.homes.clone(),
        policy: None,
        token: Some(asking.token.clone()),
        worker: worker.cloned(),
    };
    drop(snapshot);
    cx.store.commit(change, expect).await?;
    Ok(())
}

/// That a link ended now.
pub(crate) fn ended(
    subject: ResourceId,
    id: ResourceId,
    invitation: &Invitation,
    by: &str,
    now: Timestamp,
) -> Write {
    let mut invitation = invitation.clone();
    invitation.ended = Some(Moment(now));
    Write::Facts(NewFacts {
        subject,
        evidence: id,
        organisation: said_by(&invitation),
        said_by: by.to_owned(),
        said_at: now,
        facts: vec![Fact::Invitation(invitation)],
    })
}
