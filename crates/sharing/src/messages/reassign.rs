//! Somebody else is to look after them: a person barred a worker by name and is now in the care of that
//! worker's own team, or of a team whose record the worker tried to open. The team is told to give
//! the work to somebody else, and not why.
//!
//! The bar keeps the worker from this message as from everything about the person. One stands for each
//! worker, team and stay, so that it comes once and comes again with the next stay.

use domain::message::Kind;
use domain::{PersonId, Purpose, Relationship, TeamId, Timestamp, Worker, WorkerId};
use policy::Facts;
use sha2::{Digest, Sha256};
use store::{Directory, Write};

use super::outgoing::Outgoing;
use super::send::{deliver, teams_involved};
use super::standing::{known_to, of_exchange, standing, told};
use super::{alarm, board};
use crate::account::facts_of;
use crate::attempt::{Attempt, until_done};
use crate::whose::Whose;
use crate::{Asking, Context, Error};

/// What is written with a disclosure, so that whoever does what is due looks whether somebody else is
/// to look after this person; nothing for nearly everybody.
pub(crate) fn after_a_look(asking: &Asking, facts: &Facts, now: Timestamp) -> Option<Write> {
    asking.caller.worker()?;
    let looks = !facts.barred_workers(now).is_empty();
    looks.then(|| alarm::look_again(facts.person, Some(now)))
}

/// Tells each team that has the person and a worker whom they barred; with `tried`, also the teams of
/// that worker's agency that have the person, whichever team the worker is of.
pub(super) async fn look(
    cx: &Context,
    person: PersonId,
    tried: Option<&WorkerId>,
) -> Result<(), Error> {
    until_done(|| once(cx, person, tried)).await
}

async fn once(cx: &Context, person: PersonId, tried: Option<&WorkerId>) -> Result<(), Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some(facts) = facts_of(snapshot.as_mut(), person).await? else {
        return Ok(());
    };
    let directory = snapshot.directory().await?;
    let mut outgoing = Outgoing::unasked(cx);
    outgoing.rest_on_facts(&facts);
    let mut is_new = false;
    for stay in stays(&facts, tried, &directory, cx.now()) {
        let (id, found) = standing(cx, snapshot.as_mut(), stay.matter(&facts)).await?;
        let known = known_to(snapshot.as_mut(), &facts, &stay.team, &directory).await?;
        let (None, Some(known)) = (found, known) else {
            continue;
        };
        let matter = (Kind::Reassign, Purpose::Treatment);
        let mut message = of_exchange(cx, id, matter, known, words(stay.worker));
        deliver(cx, &mut message, &stay.team, &directory)?;
        let whose = Whose::of(cx, snapshot.as_mut(), &facts).await?;
        outgoing.tell_now(&whose, &told(cx, &message, &stay.team, &directory))?;
        outgoing.write(board::keep(message, 0, &directory));
        is_new = true;
    }
    drop(snapshot);
    if is_new {
        outgoing.commit().await?;
    }
    Ok(())
}

/// A worker who is barred, and a team that has the person.
struct Stay<'d> {
    worker: &'d Worker,
    team: TeamId,
    since: Timestamp,
}

impl Stay<'_> {
    fn matter(&self, facts: &Facts) -> Sha256 {
        let mut matter = Sha256::new_with_prefix(b"reassign/v1");
        matter.update(facts.person.0);
        for part in [self.worker.id.as_str(), self.team.as_str()] {
            matter.update((part.len() as u64).to_be_bytes());
            matter.update(part);
        }
        matter.update(self.since.to_string());
        matter
    }
}

fn stays<'d>(
    facts: &Facts,
    tried: Option<&WorkerId>,
    directory: &'d Directory,
    now: Timestamp,
) -> Vec<Stay<'d>> {
    let mut stays: Vec<Stay<'d>> = Vec::new();
    for id in facts.barred_workers(now).into_keys() {
        let is_at_work = |worker: &&Worker| worker.until.is_none_or(|until| until > now);
        let Some(worker) = directory.workers.get(id).filter(is_at_work) else {
            continue;
        };
        // Bank staff without a team of their own may be sent to any.
        let may_be_sent =
            |team: &TeamId| tried == Some(id) || worker.team.as_ref().is_none_or(|own| own == team);
        let own = |one: &&Relationship| one.is_live(now) && one.organisation == worker.organisation;
        for relationship in facts.relationships.iter().filter(own) {
            let one = std::slice::from_ref(relationship);
            for team in teams_involved(one, directory, now) {
                let known = stays
                    .iter()
                    .any(|stay| stay.worker.id == *id && stay.team == team);
                if may_be_sent(&team) && !known {
                    stays.push(Stay {
                        worker,
                        team,
                        since: relationship.since,
                    });
                }
            }
        }
    }
    stays
}

fn words(worker: &Worker) -> String {
    format!(
        "{} is not to look after this person, nor to be told that they are here. Give the work to somebody else now, \
         and keep them off the handover and the lists that {} carries. No reason is given here: please ask neither \
         of them for one.",
        worker.name, worker.name
    )
}
