//! What left with a line of an account, and to whom: it is taken back if the line is found to be wrong.

use domain::message::challenge::Shared;
use domain::{TeamId, Timestamp, WorkerId};
use policy::{Answer, Facts, Internal};
use store::{Directory, Snapshot};

use crate::Error;
use crate::event::{Event, Operation};
use crate::messages::send::{OUTSIDE_CARE, content_of, is_outside_care, named};

/// By what something is read: whoever asked was told.
const READ: [Operation; 5] = [
    Operation::Read,
    Operation::Search,
    Operation::Everything,
    Operation::Original,
    Operation::Find,
];
/// By what somebody is told something by somebody else; opened, it is read.
const TOLD: [Operation; 8] = [
    Operation::Message,
    Operation::Request,
    Operation::Response,
    Operation::Concern,
    Operation::Discussion,
    Operation::Statement,
    Operation::Family,
    Operation::Call,
];

/// Who was told by this line; `None` if it tells of no sharing, or of what the person was told.
pub(super) async fn shared(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    event: &Event,
    directory: &Directory,
) -> Result<Option<Shared>, Error> {
    let shares = [Answer::Permit, Answer::PermitPart];
    let shares = shares.iter().any(|it| it.code() == event.answer);
    let (Some(at), true) = (Timestamp::parse(&event.at), shares) else {
        return Ok(None);
    };
    let is = |all: &[Operation]| all.iter().any(|it| it.code() == event.operation);
    let post = directory.workers.get(&WorkerId::new(&event.worker));
    let own = post.and_then(|post| post.team.clone());
    let told = event.told.trim_end_matches(',');
    if is(&READ) || (is(&TOLD) && told.is_empty()) {
        return Ok(Some(Shared {
            told: reader(event),
            team: own,
            teller: None,
            at,
        }));
    }
    // What the person was told about themself is theirs.
    if !is(&TOLD) || told == "you" {
        return Ok(None);
    }
    Ok(Some(Shared {
        told: told.to_owned(),
        team: team(snapshot, facts, (event, told), directory).await?,
        teller: own,
        at,
    }))
}

/// Whoever read it, as the account names them.
fn reader(event: &Event) -> String {
    match event.organisation_name.as_str() {
        "" => event.name.clone(),
        agency => format!("{} of {agency}", event.name),
    }
}

/// The team that was told: by its name, or, where the account does not name it, by what it was told.
async fn team(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    (event, told): (&Event, &str),
    directory: &Directory,
) -> Result<Option<TeamId>, Error> {
    if told != OUTSIDE_CARE {
        let mut teams = directory.teams.keys();
        let found = teams.find(|team| named(team, directory).as_deref() == Some(told));
        return Ok(found.cloned());
    }
    for parties in snapshot.parties_about(facts.person).await? {
        let read = Internal::Messages;
        let found = snapshot.internal_message(read, &parties.message).await?;
        let said = found.map(|(message, _)| message);
        let Some(said) = said.filter(|it| content_of(&it.text) == event.content) else {
            continue;
        };
        let mut teams = said.deliveries.into_iter().map(|one| one.team);
        let outside = teams.find(|team| is_outside_care(team, directory));
        if outside.is_some() {
            return Ok(outside);
        }
    }
    Ok(None)
}
