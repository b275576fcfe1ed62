//! Opening a one-time link, once, in one browser, and coming back to it there.

use domain::{Invitation, Moment, Opens, ResourceId, Timestamp};
use policy::DigestedFacts;
use store::{Change, Expect, Snapshot, StoredInvitation, Write};

use super::{MOST_TRIES, What, asking_by, digest, event_of, invitation_of};
use crate::attempt::{Attempt, until_done};
use crate::disclose::request;
use crate::event::{Event, Operation};
use crate::invitation::end::ended;
use crate::logged::Logged;
use crate::messages::{by_link, hearing};
use crate::whose::{About, Told, Whose};
use crate::{Asking, Context, Error};

/// What became of somebody who brought a link and a code.
#[derive(Debug)]
pub enum Entered {
    /// They are in, until then.
    In(ResourceId, Timestamp),
    /// The code is right, and the link ended.
    Ended(Box<Invitation>),
    /// The code is right, and the link was opened in another browser.
    Taken(Box<Invitation>),
    /// No such link, another code, or too many codes tried: nobody learns which.
    No,
}

/// Somebody who came in by a link.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The link.
    pub id: ResourceId,
    /// Who asks, and for what.
    pub asking: Asking,
    /// The Patient by whom the record is named.
    pub patient: ResourceId,
    /// What the link is for.
    pub invitation: Invitation,
}

/// Opens a link with its code, for the browser that holds this secret. Each code is counted before it
/// is looked at, so that trying several at once gains nothing.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Unknown`] if the store does not answer.
pub async fn enter(cx: &Context, link: &str, code: &str, browser: &str) -> Result<Entered, Error> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let link = digest(link);
    let spoken = cx.keys.spoken_code(&link, &digits);
    let mut snapshot = cx.store.snapshot().await?;
    let Some(stored) = snapshot.invitation_at(&link).await? else {
        return Ok(Entered::No);
    };
    drop(snapshot);
    let most = MOST_TRIES;
    let counted = Change {
        writes: vec![Write::TryInvitation {
            id: stored.id,
            most,
        }],
        ..Change::default()
    };
    match cx.store.commit(counted, Expect::default()).await {
        Ok(_) => {}
        Err(store::Error::Conflict) => return Ok(Entered::No),
        Err(error) => return Err(error.into()),
    }
    if spoken != stored.code {
        until_done(|| close_if_tried_out(cx, stored.id)).await?;
        return Ok(Entered::No);
    }
    let operation = cx.draw();
    until_done(|| open(cx, stored.id, digest(browser), operation)).await
}

async fn open(
    cx: &Context,
    id: ResourceId,
    session: [u8; 32],
    operation: [u8; 16],
) -> Result<Entered, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some((stored, facts, invitation)) = found(snapshot.as_mut(), id).await? else {
        return Ok(Entered::No);
    };
    let now = cx.now();
    let asking = asking_by(id, &invitation);
    let revoked = snapshot.is_revoked(&asking.token).await?;
    if !invitation.is_live(now) || revoked {
        return Ok(Entered::Ended(Box::new(invitation)));
    }
    if let Some((opened, _)) = stored.opened {
        return Ok(match opened == session {
            true => Entered::In(id, invitation.until.0),
            false => Entered::Taken(Box::new(invitation)),
        });
    }
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let decision = policy::decide(&request(&asking, &facts), &facts, &policies, now);
    let seen = match invitation.opens() {
        Opens::Record if !decision.answer.shares() => return Ok(Entered::No),
        Opens::Record | Opens::Hearing(_) => Vec::new(),
        Opens::Request(_) => by_link::seen(cx, snapshot.as_mut(), id, &invitation).await?,
    };
    let opened = event_of(snapshot.as_mut(), &asking, &invitation, What::Opened, now).await?;
    let event = match invitation.opens() {
        Opens::Request(_) | Opens::Hearing(_) => opened,
        Opens::Record => Event {
            told: opened.told,
            reason: opened.reason,
            because: opened.because,
            ..Event::of(
                &asking,
                &invitation.organisation,
                Operation::Invitation,
                &decision,
                now,
            )
        },
    };
    let about = (&event, About::Named);
    let snapshot = snapshot.as_mut();
    let mut logged =
        Logged::about(cx, snapshot, &asking, &facts, &decision, about, operation).await?;
    let at = now;
    logged.carry(vec![Write::OpenInvitation { id, session, at }], Vec::new());
    logged.carry(seen, Vec::new());
    logged.commit(cx).await?;
    Ok(Entered::In(id, invitation.until.0))
}

/// Ends a link on which as many codes were tried as may be, and says so in the account.
async fn close_if_tried_out(cx: &Context, id: ResourceId) -> Result<(), Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some((stored, facts, invitation)) = found(snapshot.as_mut(), id).await? else {
        return Ok(());
    };
    if stored.tries < MOST_TRIES || !invitation.is_live(cx.now()) {
        return Ok(());
    }
    let asking = asking_by(id, &invitation);
    let now = cx.now();
    let event = event_of(snapshot.as_mut(), &asking, &invitation, What::Tried, now).await?;
    let whose = Whose::of(cx, snapshot.as_mut(), &facts).await?;
    let change = Change {
        writes: vec![ended(stored.subject, id, &invitation, "", cx.now())],
        entries: whose.tell(cx, &Told::named(&event), cx.draw())?,
        idempotency: None,
    };
    let expect = Expect {
        homes: facts.homes.clone(),
        ..Expect::default()
    };
    drop(snapshot);
    cx.store.commit(change, expect).await?;
    Ok(())
}

/// The link, if it was opened in the browser that holds this secret.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn opened_in(
    cx: &Context,
    link: &str,
    browser: &str,
) -> Result<Option<ResourceId>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let stored = snapshot.invitation_at(&digest(link)).await?;
    let here = stored.filter(|it| it.opened.is_some_and(|(by, _)| by == digest(browser)));
    Ok(here.map(|it| it.id))
}

/// Whoever holds what the browser holds in which this link was opened; `None` for anybody else.
/// Whether the link still stands is for each decision to say.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn visitor(
    cx: &Context,
    id: ResourceId,
    browser: &str,
) -> Result<Option<Visitor>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some((stored, _, invitation)) = found(snapshot.as_mut(), id).await? else {
        return Ok(None);
    };
    let is_theirs = stored.opened.is_some_and(|(it, _)| it == digest(browser));
    Ok(is_theirs.then(|| Visitor {
        id,
        asking: asking_by(id, &invitation),
        patient: stored.subject,
        invitation,
    }))
}

/// What a link is for as it stands: ended, if the message is over that it answers.
pub(crate) async fn current(
    snapshot: &mut dyn Snapshot,
    id: ResourceId,
) -> Result<Option<Invitation>, Error> {
    let found = found(snapshot, id).await?;
    Ok(found.map(|(_, _, invitation)| invitation))
}

/// A link with what is known of the person and what it is for.
pub(super) async fn found(
    snapshot: &mut dyn Snapshot,
    id: ResourceId,
) -> Result<Option<(StoredInvitation, std::sync::Arc<DigestedFacts>, Invitation)>, Error> {
    let Some(stored) = snapshot.invitation(&id).await? else {
        return Ok(None);
    };
    let Some(person) = snapshot.person_of(&stored.subject).await? else {
        return Ok(None);
    };
    let Some(facts) = snapshot.facts(person).await? else {
        return Ok(None);
    };
    let Some(mut invitation) = invitation_of(&facts, id).cloned() else {
        return Ok(None);
    };
    // What opens a message stands no longer than the message, and that nobody has answered it.
    let over = match invitation.opens() {
        Opens::Record => None,
        Opens::Request(_) => by_link::over(snapshot, &invitation).await?,
        Opens::Hearing(message) => hearing::over(snapshot, message).await?,
    };
    if let Some(at) = over {
        invitation.ended = Some(Moment(at).min(invitation.ends()));
    }
    Ok(Some((stored, facts, invitation)))
}
