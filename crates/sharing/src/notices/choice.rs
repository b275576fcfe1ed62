//! Choosing mail: give an address, confirm it with the code that was mailed there, stop.

use domain::PersonId;
use fhir::{Issue, IssueCode};
use store::{Change, Expect, Notice, NoticeAddress, Snapshot, Write};

use super::{CHOSE, STOPPED, bound_to, code, key, opened};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::whose::{Told, Whose};
use crate::{Asking, Context, Error};

/// How long a code may be used.
pub(super) const CODE_SECONDS: i64 = 30 * 60;
/// How many codes may be tried.
const MOST_TRIES: u32 = 5;
/// How many codes somebody may have mailed in a day, so that nobody is bothered through this page.
const MOST_ASKS: u32 = 5;
const DAY_SECONDS: i64 = 24 * 3600;
/// RFC 5321, 4.5.3.1.3.
const LONGEST: usize = 254;

/// How somebody's mail stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// They chose none.
    Off,
    /// A code was mailed to this address, and is awaited.
    Waits(String),
    /// Mail goes to this address.
    On(String),
    /// The relay takes no mail for this address.
    Refused(String),
}

/// What became of an address that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// A code is mailed there.
    Mailed,
    /// As many codes were mailed today as may be.
    TooMany,
}

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// It is right: mail goes there from now on.
    Right,
    /// It is not, or too old, or too many were tried. Nobody learns which.
    Wrong,
}

/// How the caller's mail stands.
///
/// # Errors
/// [`Error::NotFound`] if the caller does not ask as a person; [`Error::Revoked`].
pub async fn standing(cx: &Context, asking: &Asking) -> Result<Standing, Error> {
    let (mut snapshot, _, address) = own(cx, asking).await?;
    let Some(address) = address else {
        return Ok(Standing::Off);
    };
    let plain = opened(cx, snapshot.as_mut(), &address).await?;
    Ok(match plain {
        None => Standing::Off,
        Some(plain) if address.refused_at.is_some() => Standing::Refused(plain),
        Some(plain) if address.confirmed_at.is_some() => Standing::On(plain),
        Some(plain) => Standing::Waits(plain),
    })
}

/// Takes an address, in place of any other, and has a code mailed there. Until the code is brought
/// nothing else is.
///
/// # Errors
/// As for [`standing`], and [`Error::Invalid`] if it is no address.
pub async fn give(cx: &Context, asking: &Asking, address: &str) -> Result<Given, Error> {
    let address = read(address)?;
    until_done(|| give_once(cx, asking, &address)).await
}

async fn give_once(cx: &Context, asking: &Asking, address: &str) -> Result<Given, Attempt> {
    let (mut snapshot, person, before) = own(cx, asking).await?;
    let now = cx.now();
    let today = before
        .as_ref()
        .filter(|it| now < it.day.plus_seconds(DAY_SECONDS));
    let (day, asks) = today.map_or((now, 0), |it| (it.day, it.asks));
    if asks >= MOST_ASKS {
        return Ok(Given::TooMany);
    }
    let key = key(cx, snapshot.as_mut(), person).await?;
    let sealed = key.seal(cx.draw(), &bound_to(person), address.as_bytes());
    let given = NoticeAddress {
        person,
        sealed: Some(sealed.map_err(|error| Error::Unavailable(Box::new(error)))?),
        draw: cx.draw(),
        asked_at: now,
        day,
        asks: asks + 1,
        tries: 0,
        confirmed_at: None,
        refused_at: None,
        version: before.map_or(0, |it| it.version),
    };
    let mailed = Notice {
        id: cx.draw(),
        person,
        about: None,
        made_at: now,
        due: now,
        tries: 0,
    };
    drop(snapshot);
    let writes = vec![Write::NoticeAddress(given), Write::Notice(mailed)];
    commit(cx, asking, writes, Vec::new()).await?;
    Ok(Given::Mailed)
}

/// Brings the code that was mailed. Each is counted in the commit that looks at it, so that trying several
/// at once gains nothing.
///
/// # Errors
/// As for [`standing`].
pub async fn confirm(cx: &Context, asking: &Asking, typed: &str) -> Result<Checked, Error> {
    until_done(|| confirm_once(cx, asking, typed)).await
}

async fn confirm_once(cx: &Context, asking: &Asking, typed: &str) -> Result<Checked, Attempt> {
    let (mut snapshot, _, address) = own(cx, asking).await?;
    let now = cx.now();
    let waits = address.filter(|it| {
        let is_young = now < it.asked_at.plus_seconds(CODE_SECONDS);
        is_young && it.tries < MOST_TRIES && it.sealed.is_some() && it.confirmed_at.is_none()
    });
    let Some(mut address) = waits else {
        return Ok(Checked::Wrong);
    };
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    address.tries += 1;
    if digits != code(cx, &address) {
        drop(snapshot);
        commit(cx, asking, vec![Write::NoticeAddress(address)], Vec::new()).await?;
        return Ok(Checked::Wrong);
    }
    address.confirmed_at = Some(now);
    let entries = line(cx, snapshot.as_mut(), asking, address.person, CHOSE).await?;
    drop(snapshot);
    commit(cx, asking, vec![Write::NoticeAddress(address)], entries).await?;
    Ok(Checked::Right)
}

/// Stops the mail and forgets the address, from now on.
///
/// # Errors
/// As for [`standing`].
pub async fn stop(cx: &Context, asking: &Asking) -> Result<(), Error> {
    until_done(|| stop_once(cx, asking)).await
}

async fn stop_once(cx: &Context, asking: &Asking) -> Result<(), Attempt> {
    let (mut snapshot, person, address) = own(cx, asking).await?;
    let Some(mut address) = address.filter(|it| it.sealed.is_some()) else {
        return Ok(());
    };
    let entries = match address.confirmed_at {
        Some(_) => line(cx, snapshot.as_mut(), asking, person, STOPPED).await?,
        None => Vec::new(),
    };
    // How many codes were mailed today stays, so that stopping does not allow five more.
    address.sealed = None;
    address.confirmed_at = None;
    address.refused_at = None;
    drop(snapshot);
    commit(cx, asking, vec![Write::NoticeAddress(address)], entries).await
}

/// The caller's own row.
async fn own(
    cx: &Context,
    asking: &Asking,
) -> Result<(Box<dyn Snapshot>, PersonId, Option<NoticeAddress>), Error> {
    let person = asking.caller.person().ok_or(Error::NotFound)?;
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let address = snapshot.notice_address(person).await?;
    Ok((snapshot, person, address))
}

/// What stands in the person's own account.
async fn line(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    person: PersonId,
    did: &str,
) -> Result<Vec<store::NewEntry>, Error> {
    let facts = snapshot.facts(person).await?.ok_or(Error::NotFound)?;
    let whose = Whose::of(cx, snapshot, &facts).await?;
    let mut event = Event::plain(asking, "", Operation::Fact, cx.now());
    did.clone_into(&mut event.because);
    policy::Answer::Permit.code().clone_into(&mut event.answer);
    whose.tell(cx, &Told::named(&event).done_by(Some(person)), cx.draw())
}

async fn commit(
    cx: &Context,
    asking: &Asking,
    writes: Vec<Write>,
    entries: Vec<store::NewEntry>,
) -> Result<(), Attempt> {
    let change = Change {
        writes,
        entries,
        idempotency: None,
    };
    let expect = Expect {
        token: Some(asking.token.clone()),
        ..Expect::default()
    };
    match cx.store.commit(change, expect).await {
        Ok(_) => Ok(()),
        // Another page of theirs was faster: look again.
        Err(store::Error::Conflict) => Err(Attempt::Again),
        Err(error) => Err(error.into()),
    }
}

/// An address as a relay can take it; whether it is somebody's, the code says.
fn read(text: &str) -> Result<String, Error> {
    let text = text.trim();
    let is_sound = text.len() <= LONGEST
        && text
            .chars()
            .all(|c| c.is_ascii_graphic() && !"<>,;\"".contains(c))
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@')
        });
    if is_sound {
        return Ok(text.to_owned());
    }
    let details = "Enter an email address, like name@example.com";
    Err(Error::invalid(
        Issue::error(IssueCode::BusinessRule, details).at("address"),
    ))
}
