//! A refusal, or a line of somebody's account, is challenged, and looked at again by somebody of the same
//! agency who took no part in it.
//!
//! What is challenged stays as it is; what comes of it is an entry of its own. Until then it is contested,
//! and says so wherever it is shown.

mod decide;
mod list;
mod pause;
mod raise;
mod sentence;
mod take_back;

use domain::message::challenge::{Because, Wanted};
use domain::message::{Challenge, Challenger, Message};
use domain::{Capacity, OrganisationId, PersonId, Role, Team, TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use policy::{Facts, Internal};
use store::{Directory, Snapshot};

use crate::{Asking, Error};

pub use decide::{Decided, decide};
pub use list::{Shown, about, all, one};
pub use pause::keep_sharing;
pub use raise::{line, of_answer, of_line, refused_by};
pub(crate) use sentence::sentence;

/// Why something is challenged, and what is wanted.
#[derive(Debug, Clone)]
pub struct Raise {
    /// Why.
    pub because: Because,
    /// What is wanted.
    pub wanted: Wanted,
    /// More, in their own words; may be empty.
    pub words: String,
}

impl Raise {
    /// What a team whose request was refused says in one tap.
    #[must_use]
    pub fn in_one_tap() -> Self {
        Self {
            because: Because::WronglyWithheld,
            wanted: Wanted::Share,
            words: String::new(),
        }
    }
}

/// As whom somebody challenges from the person's own side.
fn challenger(asking: &Asking) -> Option<Challenger> {
    match &asking.caller.capacity {
        Capacity::Person(person) => Some(Challenger::Person(*person)),
        Capacity::Outsider { party, .. } => Some(Challenger::LetIn(party.clone())),
        Capacity::Worker { .. } => None,
    }
}

/// Whether nobody decided about it yet.
fn open_in(message: &Message) -> Option<&Challenge> {
    let challenge = message.challenge.as_deref()?;
    (message.is_in_force() && challenge.ruling.is_none()).then_some(challenge)
}

/// Everything about somebody that is challenged and not decided.
pub(crate) async fn open_about(
    snapshot: &mut dyn Snapshot,
    person: PersonId,
) -> Result<Vec<Message>, Error> {
    let mut open = Vec::new();
    for parties in snapshot.parties_about(person).await? {
        if parties.challenger.is_none() {
            continue;
        }
        let found = snapshot
            .internal_message(Internal::Messages, &parties.message)
            .await?;
        open.extend(found.map(|(message, _)| message));
    }
    open.retain(|message| open_in(message).is_some());
    Ok(open)
}

/// The lines of an account that its reader is shown as contested: the person is shown every one, others
/// what they challenged themselves.
pub(crate) async fn contested(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
) -> Result<Vec<domain::message::challenge::Line>, Error> {
    let reader = challenger(asking);
    let is_own = facts.caller(&asking.caller).capacity == Capacity::Person(facts.person);
    let open = open_about(snapshot, facts.person).await?;
    let lines = open.iter().filter_map(open_in);
    Ok(lines
        .filter(|it| is_own || reader.as_ref() == Some(&it.by))
        .filter_map(|it| it.line.clone())
        .collect())
}

/// Refuses whoever took part in what is challenged.
pub(super) fn may_look(
    asking: &Asking,
    message: &Message,
    directory: &Directory,
) -> Result<(), Error> {
    let worker = asking.caller.worker().ok_or(Error::NotFound)?;
    let Some(challenge) = &message.challenge else {
        return Ok(());
    };
    let took_part = &challenge.took_part;
    let post = directory.workers.get(worker);
    let of_post = post.and_then(|post| post.team.as_ref());
    let own = asking.caller.team();
    let teams = [own, of_post];
    let mut why = teams
        .into_iter()
        .filter_map(|team| took_part.bars(worker, &asking.caller.name, team));
    match why.next() {
        None => Ok(()),
        Some(why) => {
            let details = format!("{why}: somebody who took no part in it decides");
            Err(Error::invalid(Issue::error(IssueCode::Forbidden, details)))
        }
    }
}

/// The team of an agency that looks again at what others of it did: one whose remit that is, or of its
/// privacy officer. Never one that took part.
fn looks_again(
    agency: &OrganisationId,
    took_part: &[TeamId],
    directory: &Directory,
    now: Timestamp,
) -> Option<TeamId> {
    let apart = |team: &&Team| team.organisation == *agency && !took_part.contains(&team.id);
    let has_remit = |team: &&Team| team.remits.contains(&domain::Remit::InformationRights);
    let mut teams = directory.teams.values().filter(apart);
    if let Some(team) = teams.find(has_remit) {
        return Some(team.id.clone());
    }
    let mut officers = directory.workers.values().filter(|worker| {
        worker.role == Role::PrivacyOfficer
            && worker.organisation == *agency
            && worker.until.is_none_or(|until| until > now)
    });
    officers.find_map(|officer| {
        let team = officer.team.clone()?;
        (!took_part.contains(&team)).then_some(team)
    })
}
