//! What somebody challenged, and where it stands: their own list.

use domain::message::challenge::Challenge;
use domain::message::{Message, State};
use domain::{Capacity, PartyId, ResourceId, Timestamp, WorkerId};
use policy::alarm::is_suspected;
use policy::{Facts, Parties, challenged_by};
use store::{Directory, ListLine, Snapshot};

use super::challenger;
use super::raise::{ground_words, with_whom};
use crate::messages::flag::day;
use crate::messages::{GivenUp, recall};
use crate::{Asking, Context, Error};

/// The most challenges of one party that are shown.
const SHOWN: u32 = 100;

/// A challenge as whoever made it reads it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its id.
    pub message: ResourceId,
    /// What is challenged, why, and what came of it.
    pub challenge: Challenge,
    /// When it was made.
    pub at: Timestamp,
    /// The team that looks again, with its agency.
    pub with: String,
    /// Whom to ring: name and number.
    pub ring: Vec<(String, String)>,
    /// Since when somebody has taken it on.
    pub acknowledged: Option<Timestamp>,
    /// By when somebody says that they have it, or decides.
    pub due: Option<Timestamp>,
    /// How it stands with whoever is asked to give up what they were told.
    pub given_up: Vec<GivenUp>,
}

impl Shown {
    fn of(message: &Message, directory: &Directory, may_know: bool) -> Option<Self> {
        let mut challenge = message.challenge.as_deref()?.clone();
        let delivery = message.deliveries.first();
        let taken = |one: &&domain::message::Delivery| {
            may_know && matches!(one.state, State::Mine | State::Actioned)
        };
        let acknowledged = delivery.filter(taken).and_then(|one| one.answered.as_ref());
        if !may_know {
            challenge.ruling = None;
        }
        Some(Self {
            message: message.id,
            at: message.at,
            with: with_whom(message, directory),
            ring: message.ring.clone(),
            acknowledged: acknowledged.map(|(_, at)| *at),
            due: delivery.filter(|_| may_know).and_then(|one| one.due),
            challenge,
            given_up: Vec::new(),
        })
    }

    /// Where it stands, in a few words.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match (&self.challenge.ruling, self.acknowledged) {
            (Some(ruling), _) => ruling.verdict.words(),
            (None, Some(_)) => "somebody is looking at it",
            (None, None) => "sent",
        }
    }

    /// What whoever challenged reads: a receipt, where it stands, and what came of it.
    #[must_use]
    pub fn so_far(&self) -> Vec<String> {
        let challenge = &self.challenge;
        let mut said = vec![
            format!(
                "You challenged this on {}: {}.",
                day(self.at),
                challenge.because.words()
            ),
            format!("You want them to: {}.", challenge.wanted.words()),
        ];
        if !challenge.words.is_empty() {
            said.push(format!("You said: “{}”", challenge.words));
        }
        let Some(ruling) = &challenge.ruling else {
            said.push(match (self.acknowledged, self.due) {
                (Some(at), _) => format!("Somebody at {} took it on {}.", self.with, day(at)),
                (None, Some(due)) => format!(
                    "{} will tell you by {} that they have it.",
                    self.with,
                    day(due)
                ),
                (None, None) => format!("{} has it.", self.with),
            });
            let law = day(challenge.law_allows_until);
            said.push(format!("You get an answer by {law} at the latest. The one who answers took no part in this."));
            return said;
        };
        said.push(format!(
            "{} answered on {}: {}.",
            ruling.by,
            day(ruling.at),
            ruling.verdict.words()
        ));
        said.push(format!("“{}”", ruling.reason));
        if let Some(code) = &ruling.ground {
            said.push(format!(
                "What stays back, stays back because {} ({code}).",
                ground_words(code)
            ));
        }
        said.extend(self.given_up.iter().map(GivenUp::words));
        said
    }
}

/// What the caller challenged, newest first.
///
/// # Errors
/// [`Error::NotFound`] if the caller does not ask as a person; [`Error::Revoked`].
pub async fn all(cx: &Context, asking: &Asking) -> Result<Vec<Shown>, Error> {
    let Capacity::Person(person) = asking.caller.capacity else {
        return Err(Error::NotFound);
    };
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    // Bars name workers: nobody is kept from what they challenged.
    let nobody = WorkerId::new(person.to_string());
    let lists = [ListLine::of_writer(person)];
    let listed = snapshot.listed(&lists, &nobody, SHOWN, None).await?;
    let parties: Vec<Parties> = listed.into_iter().map(|one| one.parties).collect();
    shown(cx, snapshot.as_mut(), asking, &parties).await
}

/// What the caller challenged about whoever this Patient is, newest first: the list of somebody who was let
/// in by a link.
///
/// # Errors
/// [`Error::NotFound`] if there is no such Patient.
pub async fn about(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
) -> Result<Vec<Shown>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let person = snapshot.person_of(&patient).await?.ok_or(Error::NotFound)?;
    let parties = snapshot.parties_about(person).await?;
    shown(cx, snapshot.as_mut(), asking, &parties).await
}

async fn shown(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    parties: &[Parties],
) -> Result<Vec<Shown>, Error> {
    let mut all = Vec::new();
    for parties in parties {
        all.extend(read(cx, snapshot, asking, parties).await?);
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.at));
    Ok(all)
}

/// One challenge of the caller's.
///
/// # Errors
/// [`Error::NotFound`] if it is not the caller's; [`Error::Revoked`].
pub async fn one(cx: &Context, asking: &Asking, id: ResourceId) -> Result<Shown, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let parties = snapshot.parties(&id).await?.ok_or(Error::NotFound)?;
    let found = read(cx, snapshot.as_mut(), asking, &parties).await?;
    let mut shown = found.ok_or(Error::NotFound)?;
    if shown.challenge.ruling.is_some() {
        shown.given_up = recall::standing(snapshot.as_mut(), (parties.person, id)).await?;
    }
    Ok(shown)
}

async fn read(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    parties: &Parties,
) -> Result<Option<Shown>, Error> {
    let Some(by) = challenger(asking) else {
        return Ok(None);
    };
    let Some(addressed) = challenged_by(&by, parties) else {
        return Ok(None);
    };
    let Some((message, _)) = snapshot.message(&addressed).await? else {
        return Ok(None);
    };
    let Some(facts) = snapshot.facts(message.person).await? else {
        return Ok(None);
    };
    let directory = snapshot.directory().await?;
    let may_know = may_know(cx, asking, &facts);
    Ok(Shown::of(&message, &directory, may_know))
}

/// Whether the caller reads what others did about it: whoever is suspected of harming the person reads
/// nothing of what was done since.
fn may_know(cx: &Context, asking: &Asking, facts: &Facts) -> bool {
    let party = match facts.caller(&asking.caller).capacity {
        Capacity::Person(person) => PartyId::new(person.to_string()),
        Capacity::Outsider { party, .. } => party,
        Capacity::Worker { .. } => return true,
    };
    !is_suspected(facts, &party, cx.now())
}
