//! How often agencies were asked for information in a quarter, and what they answered: requests,
//! answers, refusals with their grounds, what was refused at first and given later, and what nobody
//! answered in time.
//!
//! A request counts in the quarter in which it was sent, for the agency that was asked. Whoever reads
//! the figures learns how an agency answers and nothing of anybody: small numbers are not told apart, the
//! others are rounded, and of an agency that was asked seldom only that is said.

use std::collections::BTreeMap;
use std::fmt;

use domain::message::{Delivery, Message, Response, Rung, Stage, State};
use domain::quarter::Quarter;
use domain::{OrganisationId, Role, Timestamp};
use fhir::{Issue, IssueCode};
use policy::{Ground, Internal};
use store::Directory;

use crate::{Asking, Context, Error};

/// Numbers below this are not told apart, and the others are rounded to its multiples.
const STEP: u64 = 5;

/// Of an agency that was asked less often than this, nothing is said but that: if all that it was asked
/// was refused, whoever knows of one request would know its answer.
const FEWEST: u64 = 10;

/// What of a request is counted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// It was asked.
    Asked,
    /// All of it was shared.
    Shared,
    /// Part of it was shared.
    Part,
    /// Whom to ring was said.
    Ring,
    /// It was not held.
    NotHeld,
    /// It was refused.
    Refused,
    /// It waits for whoever asked, who is to say more.
    MoreNeeded,
    /// It waits for an answer.
    Waiting,
    /// Whoever asked ended it before it was answered.
    Ended,
    /// It was not answered in time, whether it has been since or not.
    Late,
    /// It was refused at first, and given later.
    Overturned,
    /// All or part of it was refused on this ground, by its code.
    On(String),
}

impl Counted {
    /// The name in lists.
    #[must_use]
    pub fn code(&self) -> String {
        let code = match self {
            Self::Asked => "asked",
            Self::Shared => "shared",
            Self::Part => "part",
            Self::Ring => "ring",
            Self::NotHeld => "not-held",
            Self::Refused => "refused",
            Self::MoreNeeded => "more-needed",
            Self::Waiting => "waiting",
            Self::Ended => "ended",
            Self::Late => "late",
            Self::Overturned => "overturned",
            Self::On(ground) => ground,
        };
        code.to_owned()
    }

    /// How a page says it.
    #[must_use]
    pub fn words(&self) -> String {
        let words = match self {
            Self::Asked => "Asked",
            Self::Shared => "Shared what was asked",
            Self::Part => "Shared part",
            Self::Ring => "Said whom to ring",
            Self::NotHeld => "Did not hold it",
            Self::Refused => "Refused",
            Self::MoreNeeded => "Needed to know more",
            Self::Waiting => "Not answered yet",
            Self::Ended => "Ended by whoever asked, before an answer",
            Self::Late => "Not answered in time",
            Self::Overturned => "Refused at first, and given later",
            Self::On(code) => {
                let mut grounds = Ground::ALL.iter();
                let ground = grounds.find(|ground| ground.code() == code);
                let words = ground.map_or("another ground", |ground| ground.words());
                return format!("All or part refused: {words} ({code})");
            }
        };
        words.to_owned()
    }
}

/// A number as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// As it is.
    Exactly(u64),
    /// Not none, and fewer than this.
    FewerThan(u64),
    /// Rounded to this.
    About(u64),
}

impl Figure {
    fn published(number: u64) -> Self {
        match number {
            0 => Self::Exactly(0),
            small if small < STEP => Self::FewerThan(STEP),
            number => Self::About((number + STEP / 2) / STEP * STEP),
        }
    }

    /// How a page says it.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Exactly(number) => number.to_string(),
            Self::FewerThan(number) => format!("fewer than {number}"),
            Self::About(number) => format!("about {number}"),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(number) => write!(f, "{number}"),
            Self::FewerThan(number) => write!(f, "<{number}"),
            Self::About(number) => write!(f, "~{number}"),
        }
    }
}

/// What one agency was asked in a quarter, and what it answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfAgency {
    /// Its id.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// What is counted, with its number.
    pub figures: Vec<(Counted, Figure)>,
}

/// What is published as lines: agency, what is counted, number.
#[must_use]
pub fn lines(all: &[OfAgency]) -> String {
    let mut lines = String::new();
    for one in all {
        for (counted, figure) in &one.figures {
            let (agency, what) = (&one.organisation, counted.code());
            lines.push_str(&format!("{agency} {what} {figure}\n"));
        }
    }
    lines
}

/// Numbers by what is counted.
type Numbers = BTreeMap<Counted, u64>;

/// The figures of every agency that was asked, for anybody, by their names. They are of quarters that are
/// over: nobody sees at which moment a number moved.
///
/// # Errors
/// [`Error::NotFound`] if the quarter is not over; [`Error::Unavailable`] if the store does not answer.
pub async fn published(cx: &Context, quarter: Quarter) -> Result<Vec<OfAgency>, Error> {
    if quarter.ends() > cx.now() {
        return Err(Error::NotFound);
    }
    let (directory, all) = counted(cx, quarter).await?;
    let of_agency = |(id, numbers): (OrganisationId, Numbers)| OfAgency {
        name: name(&id, &directory),
        figures: shown(&numbers),
        organisation: id,
    };
    let mut all: Vec<OfAgency> = all.into_iter().map(of_agency).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// The same as it is, of the caller's own agency, for its privacy officer, who may read of each request.
///
/// # Errors
/// [`Error::NotFound`] if the caller is nobody at work; [`Error::Invalid`] if they are no privacy officer.
pub async fn own(cx: &Context, asking: &Asking, quarter: Quarter) -> Result<OfAgency, Error> {
    let own = asking.caller.organisation().cloned();
    let own = own.ok_or(Error::NotFound)?;
    if asking.caller.role() != Some(Role::PrivacyOfficer) {
        let details = "the numbers of an agency are its privacy officer's to read; everybody reads what is published once a quarter is over";
        return Err(Error::invalid(Issue::error(IssueCode::Forbidden, details)));
    }
    if cx.store.snapshot().await?.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let (directory, mut all) = counted(cx, quarter).await?;
    let numbers = all.remove(&own).unwrap_or_default();
    let figures = numbers.into_iter();
    Ok(OfAgency {
        name: name(&own, &directory),
        figures: figures
            .map(|(counted, number)| (counted, Figure::Exactly(number)))
            .collect(),
        organisation: own,
    })
}

fn name(id: &OrganisationId, directory: &Directory) -> String {
    let known = directory.organisations.get(id);
    known.map_or_else(|| id.to_string(), |one| one.name.clone())
}

async fn counted(
    cx: &Context,
    quarter: Quarter,
) -> Result<(std::sync::Arc<Directory>, BTreeMap<OrganisationId, Numbers>), Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let (from, until) = (quarter.begins(), quarter.ends());
    let sent = snapshot
        .requests_sent(Internal::Counting, from, until)
        .await?;
    let mut all: BTreeMap<OrganisationId, Numbers> = BTreeMap::new();
    // What was taken back was never asked.
    let stands = |message: &&Message| !matches!(message.stage, Stage::Retracted(_));
    for delivery in sent.iter().filter(stands).flat_map(|one| &one.deliveries) {
        if let Some(team) = directory.teams.get(&delivery.team) {
            let numbers = all.entry(team.organisation.clone()).or_default();
            add(numbers, delivery, cx.now());
        }
    }
    Ok((directory, all))
}

/// Counts one delivery of a request.
fn add(numbers: &mut Numbers, delivery: &Delivery, now: Timestamp) {
    let mut one = |counted: Counted| *numbers.entry(counted).or_default() += 1;
    one(Counted::Asked);
    one(match &delivery.response {
        Some(Response::Shared) => Counted::Shared,
        Some(Response::Part { .. }) => Counted::Part,
        Some(Response::Ring { .. }) => Counted::Ring,
        Some(Response::NotHeld { .. }) => Counted::NotHeld,
        Some(Response::Refused(_)) => Counted::Refused,
        Some(Response::MoreNeeded) => Counted::MoreNeeded,
        None if delivery.state == State::Ended => Counted::Ended,
        None => Counted::Waiting,
    });
    if delivery.rung > Rung::Team || delivery.is_overdue(now) {
        one(Counted::Late);
    }
    if delivery.was_overturned {
        one(Counted::Overturned);
    }
    if let Some(Response::Part { ground }) = &delivery.response {
        one(Counted::On(ground.clone()));
    }
    if let Some(Response::Refused(refusal)) = &delivery.response {
        one(Counted::On(refusal.ground.clone()));
    }
}

/// Numbers as anybody may read them.
fn shown(numbers: &Numbers) -> Vec<(Counted, Figure)> {
    let asked = numbers.get(&Counted::Asked).copied().unwrap_or_default();
    if asked < FEWEST {
        return vec![(Counted::Asked, Figure::FewerThan(FEWEST))];
    }
    let shown = numbers.iter();
    shown
        .map(|(counted, number)| (counted.clone(), Figure::published(*number)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_not_told_apart_and_no_sum_tells_them() {
        let words = |number| Figure::published(number).to_string();
        let all: Vec<String> = [0, 1, 4, 5, 7, 8, 12, 13, 100].map(words).into();
        assert_eq!(
            all,
            ["0", "<5", "<5", "~5", "~5", "~10", "~10", "~15", "~100"]
        );

        let numbers = |asked, shared, refused| {
            Numbers::from([
                (Counted::Asked, asked),
                (Counted::Shared, shared),
                (Counted::Refused, refused),
            ])
        };
        // One refused or four: the same page, whatever is taken from whatever.
        assert_eq!(shown(&numbers(12, 11, 1)), shown(&numbers(12, 8, 4)));
        let seldom = [(Counted::Asked, Figure::FewerThan(10))];
        assert_eq!(shown(&numbers(9, 0, 9)), seldom);
        assert_eq!(shown(&numbers(1, 1, 0)), seldom);
    }
}
