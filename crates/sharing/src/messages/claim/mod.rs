//! Somebody says to act for a person: on what paper, with which powers. It is told like anything else
//! that somebody close tells ([`super::family::tell`]), to the council that checks it; what the council
//! accepts, power by power, is in force for the next byte ([`check`]); that the person cannot decide, the
//! holder declares themself ([`declare_belief`]).

mod believe;
mod check;
pub(super) mod sentence;

use std::collections::BTreeSet;

use domain::authority::{Authority, AuthorityState};
use domain::calendar::local;
use domain::message::claim::PAPERS;
use domain::message::{Claim, Kind};
use domain::{Capacity, Fact, Matter, Moment, PersonId, Remit, ResourceId, Timestamp};
use fhir::{Issue, IssueCode};
use store::{Directory, Snapshot};

use super::family::{Written, word, words};
use super::flag::day;
use crate::{Asking, Context, Error, account};

pub use believe::declare_belief;
pub use check::{Checking, check};

/// The longest number, in letters.
const LONGEST_NUMBER: usize = 60;

/// What somebody claimed, and what it comes to now.
#[derive(Debug)]
pub struct Claimed {
    /// What they wrote, who has it, and the answers.
    pub written: Written,
    /// What was accepted, as it stands now; `None` while nothing is, and once the council took it back.
    pub authority: Option<Authority>,
    /// What it comes to in each area that was accepted.
    pub states: Vec<(Matter, AuthorityState)>,
}

/// What the caller claimed, newest first.
///
/// # Errors
/// [`Error::NotFound`] if the caller does not ask as a person; [`Error::Revoked`].
pub async fn claims(cx: &Context, asking: &Asking) -> Result<Vec<Claimed>, Error> {
    let words = words(cx, asking).await?;
    let mut snapshot = cx.store.snapshot().await?;
    let mut all = Vec::new();
    for written in words.into_iter().filter(|word| claim(word).is_some()) {
        all.push(claimed(cx, snapshot.as_mut(), written).await?);
    }
    Ok(all)
}

/// One thing that the caller claimed.
///
/// # Errors
/// As for [`claims`], and [`Error::NotFound`] if it is not the caller's, or no claim.
pub async fn one(cx: &Context, asking: &Asking, id: ResourceId) -> Result<Claimed, Error> {
    let written = word(cx, asking, id).await?;
    claim(&written).ok_or(Error::NotFound)?;
    let mut snapshot = cx.store.snapshot().await?;
    claimed(cx, snapshot.as_mut(), written).await
}

fn claim(written: &Written) -> Option<&Claim> {
    let word = written.message.family.as_ref()?;
    word.claim.as_deref()
}

async fn claimed(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    written: Written,
) -> Result<Claimed, Error> {
    let authority = said(snapshot, &written.message.id).await?;
    let facts = snapshot.facts(written.message.person).await?;
    let mut states = Vec::new();
    if let (Some(authority), Some(facts)) = (&authority, facts) {
        let known = &facts.circumstances;
        let powers = authority.powers.iter();
        states.extend(powers.map(|matter| {
            let state = authority.state(*matter, &known.person, &known.authorities, cx.now());
            (*matter, state)
        }));
    }
    Ok(Claimed {
        written,
        authority,
        states,
    })
}

/// What was accepted of a claim, which is kept under the id of the claim itself.
async fn said(snapshot: &mut dyn Snapshot, id: &ResourceId) -> Result<Option<Authority>, Error> {
    let said = snapshot.said(id).await?;
    let facts = said.map(|said| said.facts).unwrap_or_default();
    Ok(facts.into_iter().find_map(|fact| match fact {
        Fact::Authority(authority) => Some(authority),
        _ => None,
    }))
}

/// Somebody who acts for the reader, on paper.
#[derive(Debug)]
pub struct ActsForYou {
    /// Their name, where they claimed it here themselves.
    pub name: Option<String>,
    /// On what.
    pub authority: Authority,
    /// What it comes to in each area.
    pub states: Vec<(Matter, AuthorityState)>,
    /// Who checked it, and when.
    pub checked: Option<(String, Timestamp)>,
}

/// Who acts for the caller on a paper, as it is known now.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn acts_for_me(cx: &Context, asking: &Asking) -> Result<Vec<ActsForYou>, Error> {
    let Capacity::Person(person) = asking.caller.capacity else {
        return Ok(Vec::new());
    };
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let Some(facts) = account::facts_of(snapshot.as_mut(), person).await? else {
        return Ok(Vec::new());
    };
    let checked = checked_about(snapshot.as_mut(), facts.person).await?;
    let known = &facts.circumstances;
    let on_paper = known
        .authorities
        .iter()
        .filter(|one| PAPERS.contains(&one.kind));
    let all = on_paper.map(|authority| {
        let of = |matter: Matter| {
            let state = authority.state(matter, &known.person, &known.authorities, cx.now());
            (matter, state)
        };
        let by = checked
            .iter()
            .find(|(holder, ..)| authority.holder.as_str() == holder.to_string().as_str());
        ActsForYou {
            name: by.map(|(_, name, ..)| name.clone()),
            states: authority.powers.iter().copied().map(of).collect(),
            checked: by.map(|(_, _, checker, at)| (checker.clone(), *at)),
            authority: authority.clone(),
        }
    });
    Ok(all.collect())
}

/// Whose claims about somebody were accepted: the holder, their name, who checked it and when.
async fn checked_about(
    snapshot: &mut dyn Snapshot,
    person: PersonId,
) -> Result<Vec<(PersonId, String, String, Timestamp)>, Error> {
    let mut all = Vec::new();
    for parties in snapshot.parties_about(person).await? {
        let read = policy::Internal::Messages;
        let found = snapshot.internal_message(read, &parties.message).await?;
        let Some((message, _)) = found.filter(|(message, _)| message.kind == Kind::FamilyWord)
        else {
            continue;
        };
        let Some(word) = &message.family else {
            continue;
        };
        let checked = word.claim.as_ref().and_then(|claim| claim.checked.as_ref());
        if let (Some(holder), Some(checked)) = (word.by, checked)
            && !checked.accepted().is_empty()
        {
            let name = message.sender.name.clone();
            all.push((holder, name, checked.name.clone(), checked.at));
        }
    }
    Ok(all)
}

/// The teams that look at papers: the ones of each council that work with adults, and if it names none, all of it.
#[must_use]
pub fn who_checks(directory: &Directory) -> BTreeSet<domain::TeamId> {
    let teams = directory.teams.values();
    teams
        .filter(|team| team.remits.contains(&Remit::Adults))
        .map(|team| team.id.clone())
        .collect()
}

/// Whether enough is said for somebody to look at it.
///
/// # Errors
/// [`Error::Invalid`] says everything that is missing or cannot be.
pub(super) fn is_whole(claim: &Claim, now: Timestamp) -> Result<(), Error> {
    let mut issues = Vec::new();
    let mut wrong = |at: &str, details: String| {
        issues.push(Issue::error(IssueCode::Value, details).at(at));
    };
    if !PAPERS.contains(&claim.kind) {
        let kinds: Vec<&str> = PAPERS.iter().map(|kind| kind.code()).collect();
        wrong("kind", format!("say by what you act: {}", kinds.join(", ")));
    }
    let letters = claim.number.trim().chars().count();
    if letters == 0 || letters > LONGEST_NUMBER {
        wrong(
            "number",
            "give the number under which the Office of the Public Guardian or the court has it; it \
             stands on the certificate"
                .to_owned(),
        );
    }
    if claim.powers.is_empty() {
        wrong("power", "say which powers the paper gives you".to_owned());
    }
    for power in claim
        .powers
        .iter()
        .filter(|power| !claim.kind.can_give(**power))
    {
        let (kind, power) = (claim.kind.words(), power.words());
        wrong(
            "power",
            format!("the paper of a {kind} gives no power over {power}: take it out"),
        );
    }
    if claim
        .from
        .is_some_and(|Moment(from)| local(from).date() > local(now).date())
    {
        wrong(
            "from",
            "this day is to come: give the day on the certificate".to_owned(),
        );
    }
    match issues.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(issues)),
    }
}

/// That somebody may not claim the same twice while the first waits.
pub(super) fn is_new(claim: &Claim, before: &[Written], name: &str) -> Result<(), Error> {
    let waits = before.iter().find(|written| {
        let same = self::claim(written).is_some_and(|one| one.is_same_paper(claim));
        let about = written
            .message
            .name
            .trim()
            .eq_ignore_ascii_case(name.trim());
        same && about
            && written
                .message
                .deliveries
                .iter()
                .any(|one| one.state.owes_answer())
    });
    let Some(waits) = waits else { return Ok(()) };
    let details = format!(
        "you gave this paper on {} and it is being looked at",
        day(waits.message.at)
    );
    let mut issue = Issue::error(IssueCode::Duplicate, details).at("number");
    issue.diagnostics = Some(format!("Communication/{}", waits.message.id));
    Err(Error::invalid(issue))
}

/// The claim in words, as whoever checks it and whoever wrote it read it.
pub(super) fn in_words(claim: &Claim, more: &str) -> String {
    let powers: Vec<&str> = claim.powers.iter().map(|power| power.words()).collect();
    let mut lines = vec![format!(
        "I act as {}, number {}{}.",
        claim.kind.words(),
        claim.number.trim(),
        claim
            .from
            .map_or_else(String::new, |Moment(from)| format!(", since {}", day(from)))
    )];
    lines.push(format!("Powers: {}.", powers.join(", ")));
    if claim.jointly {
        lines.push("I can act only together with the others it names.".to_owned());
    }
    if claim.on_belief {
        lines.push(
            "It lets me begin when I reasonably believe that the person cannot decide.".to_owned(),
        );
    }
    let paper = match claim.shown {
        domain::message::claim::Shown::Post => "I send the paper by post.",
        domain::message::claim::Shown::Bring => "I bring the paper.",
        domain::message::claim::Shown::Seen => "The paper was shown to you before.",
    };
    lines.push(paper.to_owned());
    let more = more.trim();
    if !more.is_empty() {
        lines.push(more.to_owned());
    }
    lines.join("\n")
}
