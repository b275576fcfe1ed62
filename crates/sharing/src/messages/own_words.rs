//! What somebody said about their life in their own words, for whoever acts for them or decides about them: it
//! stands before everything else (Adults with Incapacity (Scotland) Act 2000 s.1(4)(a)).

use domain::own_words::{OwnWords, OwnWordsKind};
use domain::{Capacity, Timestamp};
use policy::Facts;

use super::flag::day;
use crate::account::facts_of;
use crate::{Asking, Context, Error};

/// What is written down of the caller's own words, each as a sentence, what was said last first.
///
/// # Errors
/// [`Error::NotFound`] if the caller is no person known here; [`Error::Revoked`].
pub async fn own(cx: &Context, asking: &Asking) -> Result<Vec<String>, Error> {
    let Capacity::Person(person) = asking.caller.capacity else {
        return Err(Error::NotFound);
    };
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let facts = facts_of(snapshot.as_mut(), person).await?;
    let facts = facts.ok_or(Error::NotFound)?;
    Ok(said(&facts, cx.now(), "you"))
}

/// Each as a sentence to somebody else, what was said last first.
pub(super) fn sentences(facts: &Facts, now: Timestamp) -> Vec<String> {
    said(facts, now, "they")
}

fn said(facts: &Facts, now: Timestamp, who: &str) -> Vec<String> {
    let all = facts.circumstances.own_words.iter();
    let mut live: Vec<&OwnWords> = all.filter(|it| it.is_live(now)).collect();
    live.sort_by_key(|it| std::cmp::Reverse(it.at));
    live.into_iter().map(|own| sentence(own, who)).collect()
}

fn sentence(own: &OwnWords, who: &str) -> String {
    let (on, words) = (day(own.at.0), own.words.trim());
    match own.kind {
        OwnWordsKind::AdvanceStatement => format!("In an advance statement of {on}: “{words}”"),
        OwnWordsKind::Past => format!("On {on}: “{words}”"),
        OwnWordsKind::Present => format!("On {on}, of how {who} feel now: “{words}”"),
    }
}
