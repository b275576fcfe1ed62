//! What waits to be sent: whether it is still true when its turn comes, and what became of it.
//!
//! A mail is taken off what waits in a commit after the relay took it. So none is lost; whoever stops the
//! program between the two has it sent again after the start.

use domain::calendar::local;
use domain::{PersonId, Timestamp};
use store::{Change, Expect, Notice, Snapshot, Write};

use super::choice::CODE_SECONDS;
use super::{code, opened, takes_mail};
use crate::messages::hearing;
use crate::{Context, Error};

/// How many are taken at a time.
const PORTION: u32 = 50;
/// After so long it is sent no more.
const GIVEN_UP_SECONDS: i64 = 24 * 3600;
/// Nobody is woken: from this hour in the evening to that in the morning nothing is sent.
const QUIET_FROM: i8 = 21;
const QUIET_UNTIL: i8 = 8;
/// How soon after the quiet hours a mail of the night is sent.
const LOOK_AGAIN_SECONDS: i64 = 300;
/// The first wait after a relay that did not answer; each is twice the one before.
const BACK_OFF_SECONDS: i64 = 60;
const MOST_DOUBLINGS: u32 = 6;

/// A mail that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Where to.
    pub to: String,
    /// The code that it brings; `None` if it says that there is something to read.
    pub code: Option<String>,
    notice: Notice,
}

impl Mail {
    /// What stands for this mail wherever it is sent again; it names nobody.
    #[must_use]
    pub fn id(&self) -> String {
        u128::from_be_bytes(self.notice.id).to_string()
    }
}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The relay took it.
    Sent,
    /// The relay did not answer, or not now.
    Later,
    /// The relay takes no mail for this address.
    Refused,
}

/// The mail that is to be sent now. What is true no more, or too old, is taken off.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn due(cx: &Context) -> Result<Vec<Mail>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let (mut mails, mut writes) = (Vec::new(), Vec::new());
    for notice in snapshot.due_notices(cx.now(), PORTION).await? {
        match mail(cx, snapshot.as_mut(), &notice).await? {
            None => writes.push(Write::NoticeServed(notice.id)),
            Some(mail) if mail.code.is_none() && is_quiet(cx.now()) => {
                let due = cx.now().plus_seconds(LOOK_AGAIN_SECONDS);
                writes.push(Write::Notice(Notice { due, ..notice }));
            }
            Some(mail) => mails.push(mail),
        }
    }
    drop(snapshot);
    commit(cx, writes).await?;
    Ok(mails)
}

async fn mail(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    notice: &Notice,
) -> Result<Option<Mail>, Error> {
    let now = cx.now();
    let address = snapshot.notice_address(notice.person).await?;
    let Some(address) = address.filter(|_| now < notice.made_at.plus_seconds(GIVEN_UP_SECONDS))
    else {
        return Ok(None);
    };
    let code = match notice.about {
        None => {
            // A second code that was asked for ends the first.
            let is_young = now < notice.made_at.plus_seconds(CODE_SECONDS);
            let is_awaited = address.confirmed_at.is_none() && address.asked_at == notice.made_at;
            if !is_young || !is_awaited {
                return Ok(None);
            }
            Some(code(cx, &address))
        }
        Some(message) => {
            let waits = takes_mail(&address)
                && hearing::waits(cx, snapshot, notice.person, message).await?;
            if !waits {
                return Ok(None);
            }
            None
        }
    };
    let to = opened(cx, snapshot, &address).await?;
    let notice = notice.clone();
    Ok(to.map(|to| Mail { to, code, notice }))
}

/// Whether it is night where Candour is at home.
fn is_quiet(now: Timestamp) -> bool {
    let hour = local(now).hour();
    !(QUIET_UNTIL..QUIET_FROM).contains(&hour)
}

/// Writes down what became of a mail.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer; the mail is then sent again.
pub async fn served(cx: &Context, mail: &Mail, outcome: Outcome) -> Result<(), Error> {
    let notice = &mail.notice;
    let writes = match outcome {
        Outcome::Sent => vec![Write::NoticeServed(notice.id)],
        Outcome::Later => {
            let wait = BACK_OFF_SECONDS << notice.tries.min(MOST_DOUBLINGS);
            vec![Write::Notice(Notice {
                due: cx.now().plus_seconds(wait),
                tries: notice.tries.saturating_add(1),
                ..notice.clone()
            })]
        }
        Outcome::Refused => {
            let refused = refused(cx, notice.person, &mail.to).await?;
            let served = Write::NoticeServed(notice.id);
            refused.into_iter().chain([served]).collect()
        }
    };
    commit(cx, writes).await
}

/// That this address takes no mail, unless they gave another meanwhile.
async fn refused(cx: &Context, person: PersonId, to: &str) -> Result<Option<Write>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some(mut address) = snapshot.notice_address(person).await? else {
        return Ok(None);
    };
    let now = opened(cx, snapshot.as_mut(), &address).await?;
    address.refused_at = Some(cx.now());
    Ok((now.as_deref() == Some(to)).then_some(Write::NoticeAddress(address)))
}

async fn commit(cx: &Context, writes: Vec<Write>) -> Result<(), Error> {
    if writes.is_empty() {
        return Ok(());
    }
    let change = Change {
        writes,
        ..Change::default()
    };
    cx.store.commit(change, Expect::default()).await?;
    Ok(())
}
