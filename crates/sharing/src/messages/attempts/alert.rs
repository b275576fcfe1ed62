//! The alert: made of attempts, and growing with them.

use domain::message::attempts::{Attempt as Tried, Attempts, Cause};
use domain::message::{Harm, Kind, Message};
use domain::{OrganisationId, PersonId, Purpose, ResourceId, Role, TeamId, Timestamp, WorkerId};
use policy::Internal;
use sha2::{Digest, Sha256};
use store::{Change, Directory, Expect, Snapshot, Subject, Untold, Write};

use super::words::words;
use crate::attempt::{Attempt, until_done};
use crate::messages::standing::{of_exchange, standing};
use crate::messages::{board, reassign, send};
use crate::{Context, Error};

/// How many attempts are looked at in one turn.
const PORTION: u32 = 1_000;
/// For how long attempts that nobody can be told of are spoken of in the log of the program.
const WARN_SECONDS: i64 = 60;

/// Makes alerts of the attempts that nobody was told of yet, or lets those that stand grow. Gives how
/// many were written.
pub(in crate::messages) async fn tell(cx: &Context) -> Result<usize, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let untold = snapshot.attempts(Internal::Alerting, PORTION).await?;
    drop(snapshot);
    let mut written = 0;
    for same in by_pattern(untold) {
        // First, so that a crash between the two does not lose it: the attempts stay untold.
        if let Some(first) = same.barred() {
            reassign::look(cx, first.person, Some(&first.worker)).await?;
        }
        written += usize::from(until_done(|| tell_once(cx, &same)).await?);
    }
    Ok(written)
}

/// The rows of one worker and person; or of one worker and many people, about each of whom alone
/// nobody would be told.
struct Same {
    is_of_one: bool,
    rows: Vec<i64>,
    tried: Vec<Tried>,
}

fn by_pattern(untold: Vec<Untold>) -> Vec<Same> {
    let mut groups: Vec<Same> = Vec::new();
    for one in untold {
        let tried = one.attempt;
        let is_same = |group: &&mut Same| {
            let mut all = group.tried.iter();
            group.is_of_one == one.is_of_one
                && all.next().is_some_and(|first| {
                    first.worker == tried.worker && (!one.is_of_one || first.person == tried.person)
                })
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => {
                group.rows.push(one.row);
                group.tried.push(tried);
            }
            None => groups.push(Same {
                is_of_one: one.is_of_one,
                rows: vec![one.row],
                tried: vec![tried],
            }),
        }
    }
    groups
}

impl Same {
    /// One of the attempts, where somebody barred by name made them.
    fn barred(&self) -> Option<&Tried> {
        let mut tried = self.tried.iter();
        tried.find(|one| self.is_of_one && one.cause == Some(Cause::Barred))
    }

    fn pattern(&self) -> Option<Attempts> {
        match self.is_of_one {
            true => Attempts::of(&self.tried),
            false => Attempts::of_many(&self.tried),
        }
    }

    /// What an alert is about: this worker and this person, or this worker.
    fn matter(&self) -> Sha256 {
        let mut matter = Sha256::new_with_prefix(match self.is_of_one {
            true => &b"privacy-alert/v1"[..],
            false => &b"privacy-alert/many/v1"[..],
        });
        if let Some(one) = self.tried.first() {
            if self.is_of_one {
                matter.update(one.person.0);
            }
            matter.update(one.worker.as_str());
        }
        matter
    }
}

async fn tell_once(cx: &Context, same: &Same) -> Result<bool, Attempt> {
    let Some(pattern) = same.pattern() else {
        return Ok(false);
    };
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let Some(whom) = whom(snapshot.as_mut(), &same.tried).await? else {
        return Ok(false);
    };
    let (id, found) = standing(cx, snapshot.as_mut(), same.matter()).await?;
    let (message, version) = match found {
        Some((message, version)) => (grown(message, &same.tried, &directory), version),
        None => {
            let told = told_to(&pattern, &whom.subjects, &directory, cx.now());
            let Some(team) = told else {
                if cx.now() < pattern.first.plus_seconds(WARN_SECONDS) {
                    tracing::warn!(agency = %pattern.organisation,
                    "attempts on a record wait: no agency concerned names a privacy officer with a team");
                }
                return Ok(false);
            };
            let (patient, name) = whom.known_to(snapshot.as_mut(), &team, &directory).await?;
            // What is said of many stands on the record of one: it names nobody.
            let name = match same.is_of_one {
                true => name,
                false => "many people".to_owned(),
            };
            let known = (patient, name);
            let about = (id, whom.person, known);
            (alert(cx, about, pattern, &team, &directory)?, 0)
        }
    };
    drop(snapshot);
    let change = Change {
        writes: vec![
            board::keep(message, version, &directory),
            Write::AttemptsTold(same.rows.clone()),
        ],
        ..Change::default()
    };
    match cx.store.commit(change, Expect::default()).await {
        Ok(_) => Ok(true),
        // Another took these rows, or moved the alert: what is left is told next time.
        Err(store::Error::Conflict) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whom they tried to see: somebody may have been joined with another meanwhile.
struct Whom {
    person: PersonId,
    patient: ResourceId,
    subjects: Vec<Subject>,
}

async fn whom(snapshot: &mut dyn Snapshot, tried: &[Tried]) -> Result<Option<Whom>, Error> {
    let Some(first) = tried.first() else {
        return Ok(None);
    };
    let Some(itself) = snapshot.by_itself(first.person).await? else {
        return Ok(None);
    };
    Ok(Some(Whom {
        person: itself.person,
        patient: itself.patient,
        subjects: snapshot.subjects(itself.person).await?,
    }))
}

impl Whom {
    /// By which Patient and name the agency that is told knows the person. It learns the name of
    /// nobody whom it does not look after.
    async fn known_to(
        &self,
        snapshot: &mut dyn Snapshot,
        team: &TeamId,
        directory: &Directory,
    ) -> Result<(ResourceId, String), Error> {
        let agency = directory.teams.get(team).map(|team| &team.organisation);
        let own = self
            .subjects
            .iter()
            .find(|one| agency == Some(&one.custodian));
        let unknown = || "somebody whom this agency does not look after".to_owned();
        let Some(own) = own else {
            return Ok((self.patient, unknown()));
        };
        let read = snapshot
            .internal_read(Internal::Alerting, "Patient", &own.id)
            .await?;
        let name = read.and_then(|patient| send::name_in(&patient.bytes));
        Ok((own.id, name.unwrap_or_else(unknown)))
    }
}

/// The team that is told: of a privacy officer of the worker's agency; if it names none, or only this
/// worker, of one of the agencies whose records they tried to see.
fn told_to(
    pattern: &Attempts,
    subjects: &[Subject],
    directory: &Directory,
    now: Timestamp,
) -> Option<TeamId> {
    let own = std::iter::once(&pattern.organisation);
    let mut agencies = own.chain(subjects.iter().map(|one| &one.custodian));
    agencies.find_map(|agency| officers_team(agency, &pattern.worker, directory, now))
}

fn officers_team(
    agency: &OrganisationId,
    but: &WorkerId,
    directory: &Directory,
    now: Timestamp,
) -> Option<TeamId> {
    let mut workers = directory.workers.values();
    let officer = workers.find(|worker| {
        worker.role == Role::PrivacyOfficer
            && worker.organisation == *agency
            && worker.id != *but
            && worker.team.is_some()
            && worker.until.is_none_or(|until| until > now)
    })?;
    officer.team.clone()
}

fn alert(
    cx: &Context,
    (id, person, (patient, name)): (ResourceId, PersonId, (ResourceId, String)),
    pattern: Attempts,
    team: &TeamId,
    directory: &Directory,
) -> Result<Message, Error> {
    let text = words(&pattern, directory);
    let matter = (Kind::PrivacyAlert, Purpose::Operations);
    let mut message = Message {
        harm: harm(&pattern),
        attempts: Some(pattern),
        ..of_exchange(cx, id, matter, (person, patient, name), text)
    };
    send::deliver(cx, &mut message, team, directory)?;
    Ok(message)
}

/// A barred person who tries again and again may do harm when they succeed.
fn harm(pattern: &Attempts) -> Harm {
    match pattern.cause {
        Cause::Barred => Harm::Protection,
        Cause::Unconnected | Cause::Many | Cause::Repeated => Harm::Routine,
    }
}

/// The same alert with what was tried since. Who has it keeps it, and its clock runs on.
fn grown(mut message: Message, tried: &[Tried], directory: &Directory) -> Message {
    if let Some(pattern) = &mut message.attempts {
        pattern.grow(tried);
        let harm = harm(pattern);
        message.text = words(pattern, directory);
        message.harm = message.harm.min(harm);
    }
    message
}
