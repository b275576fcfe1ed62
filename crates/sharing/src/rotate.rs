//! Changing the keys of the log. Each change is a statement in the log itself, so that whoever knew
//! the key of before can follow it to the one of now.

use ledger::{LogPublicKey, Says, Statement};
use store::{NewStatement, Snapshot, Store};

use crate::epoch::changed;
use crate::{Context, Error};

/// Hands the log on to its next signing key. Returns the key, and the leaf that says so.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn log_key(cx: &Context) -> Result<(LogPublicKey, u64), Error> {
    let leaf = cx.store.hand_on().await?;
    Ok((cx.store.log_key(), leaf))
}

/// Finds positions in the maps of later epochs by the next key. Returns the leaf that says so.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn positions_key(cx: &Context) -> Result<u64, Error> {
    let times = changed(&cx.store.snapshot().await?.statements().await?);
    let key = |times| *cx.keys.maps().finder(times).public().as_bytes();
    let statement = Statement {
        time_us: cx.now().0,
        says: Says::PositionsKey {
            from: key(times),
            to: key(times + 1),
        },
    };
    let leaves = Vec::new();
    Ok(cx.store.state(NewStatement { statement, leaves }).await?)
}

/// The keys with which the log signs and signed, the one of now first.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn log_keys(store: &dyn Store) -> Result<Vec<LogPublicKey>, Error> {
    let now = store.log_key();
    let mut snapshot: Box<dyn Snapshot> = store.snapshot().await?;
    let statements = snapshot.statements().await?;
    let before = statements.iter().rev().filter_map(|stated| {
        let Says::LogKey { from, .. } = &stated.statement.says else {
            return None;
        };
        LogPublicKey::new(now.name(), *from).ok()
    });
    Ok([now.clone()].into_iter().chain(before).collect())
}
