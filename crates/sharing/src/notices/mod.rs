//! Mail that says that there is something to read, to whoever chose it and nobody else. It names nobody and
//! nothing: what there is to read stands behind the sign-in.

mod choice;
mod send;

use domain::{HomeId, PersonId, Timestamp};
use ledger::HomeKey;
use std::sync::Arc;
use store::{Notice, NoticeAddress, Snapshot, Write};

use crate::event::{Event, Operation};
use crate::logged::first_home;
use crate::{Context, Error, spoken};

pub use choice::{Checked, Given, Standing, confirm, give, standing, stop};
pub use send::{Mail, Outcome, due, served};

/// What says of a line of the account that it is about the choice of mail.
const CHOSE: &str = "chose-notices";
/// As [`CHOSE`], when they stopped.
const STOPPED: &str = "stopped-notices";

/// A mail that waits to be sent, if the person has an address that takes mail.
pub(crate) async fn of(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    person: PersonId,
    message: domain::ResourceId,
) -> Result<Option<Write>, Error> {
    let address = snapshot.notice_address(person).await?;
    let is_chosen = address.is_some_and(|it| takes_mail(&it));
    let now = cx.now();
    Ok(is_chosen.then(|| {
        Write::Notice(Notice {
            id: cx.draw(),
            person,
            about: Some(message),
            made_at: now,
            due: now,
            tries: 0,
        })
    }))
}

/// Whether mail goes there.
fn takes_mail(address: &NoticeAddress) -> bool {
    address.sealed.is_some() && address.confirmed_at.is_some() && address.refused_at.is_none()
}

/// The key under which somebody's address is sealed: that of their home.
async fn key(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    person: PersonId,
) -> Result<Arc<HomeKey>, Error> {
    let facts = snapshot.facts(person).await?.ok_or(Error::NotFound)?;
    let home: HomeId = first_home(&facts)?;
    cx.keys.home(snapshot, home).await
}

/// What the seal is bound to: nobody's address opens as another's.
fn bound_to(person: PersonId) -> Vec<u8> {
    [b"notice-address/v1".as_slice(), &person.0].concat()
}

/// The address in plain text; `None` if there is none.
async fn opened(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    address: &NoticeAddress,
) -> Result<Option<String>, Error> {
    let Some(sealed) = &address.sealed else {
        return Ok(None);
    };
    let key = key(cx, snapshot, address.person).await?;
    let plain = key.open(&bound_to(address.person), sealed);
    let plain = plain.map_err(|error| Error::Unavailable(Box::new(error)))?;
    Ok(Some(String::from_utf8_lossy(&plain).into_owned()))
}

/// The code that confirms an address. It is kept nowhere: it follows from what was drawn for it.
fn code(cx: &Context, address: &NoticeAddress) -> String {
    let made = cx.keys.mailed_code(address.person, &address.draw);
    format!("{:06}", made % 1_000_000)
}

/// A line about the choice of mail, as the person reads it; `None` for any other.
pub(crate) fn sentence(event: &Event) -> Option<String> {
    let is_fact = event.operation == Operation::Fact.code();
    let did = match event.because.as_str() {
        CHOSE => "chose to be mailed when there is something to read here",
        STOPPED => "stopped the mail that says that there is something to read here",
        _ => return None,
    };
    let when = Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment);
    is_fact.then(|| format!("On {when}, you {did}."))
}
