//! A line of somebody's account, challenged from the person's own side.

use domain::message::challenge::{Line, Standing, TookPart};
use domain::message::{Challenged, Kind, Message, Sender, Stage};
use domain::{Capacity, OrganisationId, PartyId, Purpose, ResourceId, TeamId, WorkerId};
use policy::{Facts, Internal};
use store::{Directory, Snapshot};

use super::answer::{of_delivery, withholds};
use super::shared::shared;
use super::{Raising, Subject, nobody};
use crate::account::{Noted, line_of, open};
use crate::attempt::{Attempt, until_done};
use crate::event::{Operation, hex};
use crate::messages::challenge::{Raise, challenger, looks_again, pause};
use crate::messages::send::{content_of, named, not_now};
use crate::messages::standing::{known_to, of_exchange};
use crate::{Asking, Context, Error};

/// Challenges a line of the caller's own account, or of that of whoever this Patient is, as far as it is
/// open to them.
///
/// # Errors
/// [`Error::NotFound`] if there is no such line for them; [`Error::Invalid`] as for [`of_answer`], and if it
/// is about what nobody else did.
pub async fn of_line(
    cx: &Context,
    asking: &Asking,
    (of, commitment): (Option<ResourceId>, &str),
    raise: &Raise,
) -> Result<ResourceId, Error> {
    let operation = cx.draw();
    until_done(|| line_once(cx, asking, (of, commitment), raise, operation)).await
}

/// A line as whoever would challenge it reads it.
///
/// # Errors
/// [`Error::NotFound`] if there is no such line for them.
pub async fn line(
    cx: &Context,
    asking: &Asking,
    (of, commitment): (Option<ResourceId>, &str),
) -> Result<String, Error> {
    challenger(asking).ok_or(Error::NotFound)?;
    let mut opened = open(cx, asking, of).await?.ok_or(Error::NotFound)?;
    let noted = line_of(cx, asking, &mut opened, commitment).await?;
    let noted = noted.ok_or(Error::NotFound)?;
    Ok(crate::event::sentence(&noted.event))
}

async fn line_once(
    cx: &Context,
    asking: &Asking,
    (of, commitment): (Option<ResourceId>, &str),
    raise: &Raise,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let by = challenger(asking).ok_or(Error::NotFound)?;
    let Some(mut opened) = open(cx, asking, of).await? else {
        return Err(Error::NotFound.into());
    };
    let noted = line_of(cx, asking, &mut opened, commitment).await?;
    let noted = noted.ok_or(Error::NotFound)?;
    let (mut snapshot, facts) = (opened.snapshot, opened.facts);
    let directory = snapshot.directory().await?;
    let standing = standing(asking, &facts);
    let subject = of_noted(snapshot.as_mut(), &facts, &noted, &directory).await?;
    let message = by_person(cx, snapshot.as_mut(), asking, &facts, &subject, &directory).await?;
    let raising = Raising {
        asking,
        facts: &facts,
        directory: &directory,
        by,
        standing,
        raise,
    };
    raising
        .file(cx, snapshot, message, subject, operation)
        .await
}

fn standing(asking: &Asking, facts: &Facts) -> Standing {
    match facts.caller(&asking.caller).capacity {
        Capacity::Person(person) if person == facts.person => Standing::Person,
        Capacity::Outsider { .. } => Standing::LetIn,
        Capacity::Person(_) | Capacity::Worker { .. } => Standing::ActsForPerson,
    }
}

/// What a line of an account is about: the answer to a request, if it tells of one, or the line itself.
async fn of_noted(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    noted: &Noted,
    directory: &Directory,
) -> Result<Subject, Error> {
    let event = &noted.event;
    let line = Line {
        operation: hex(&noted.operation),
        told: event.told.clone(),
    };
    if event.operation == Operation::Challenge.code() {
        return Err(not_now(
            "this line tells of a challenge: what came of it says where to go next",
        ));
    }
    if event.operation == Operation::Response.code()
        && let Some(request) = answered_in(snapshot, facts, &event.content).await?
    {
        let (message, version, team) = request;
        let mut places = message.deliveries.iter();
        let place = places.position(|one| one.team == team && withholds(one).is_some());
        if let Some(place) = place {
            let subject = of_delivery((message, version), place, directory);
            return Ok(Subject {
                line: Some(line),
                ..subject
            });
        }
    }
    let agency = OrganisationId::new(&event.organisation);
    if event.organisation.is_empty() || !directory.organisations.contains_key(&agency) {
        return Err(not_now(
            "no agency answers for this line: it is about what somebody did here themself",
        ));
    }
    let mut told = directory.teams.keys();
    let told = told.find(|team| named(team, directory).as_ref() == Some(&event.told));
    let worker = WorkerId::new(&event.worker);
    let post = directory.workers.get(&worker);
    let reads = told.and_then(|team| directory.teams.get(team));
    let reads = reads.map_or(&agency, |team| &team.organisation);
    let own = post.and_then(|post| post.team.clone());
    Ok(Subject {
        of: Challenged::Line,
        line: Some(line),
        said: crate::event::sentence(event),
        what: event.what.clone(),
        shared: shared(snapshot, facts, event, directory).await?,
        took_part: TookPart {
            teams: told.cloned().into_iter().chain(own).collect(),
            workers: vec![worker],
            decider: None,
        },
        pauses: pause::of_line(event, reads),
        agency,
        request: None,
    })
}

/// The request that a line of an account tells the answer to, and the team that gave it: found by what
/// the answer says.
async fn answered_in(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    content: &str,
) -> Result<Option<(Message, u32, TeamId)>, Error> {
    for parties in snapshot.parties_about(facts.person).await? {
        let read = Internal::Messages;
        let found = snapshot.internal_message(read, &parties.message).await?;
        let is_answer = |message: &Message| {
            message.kind == Kind::Response && content_of(&message.text) == content
        };
        let Some((answer, _)) = found.filter(|(message, _)| is_answer(message)) else {
            continue;
        };
        let request = snapshot.internal_message(read, &answer.thread).await?;
        if let Some((request, version)) = request.filter(|(one, _)| one.request.is_some()) {
            return Ok(Some((request, version, answer.sender.team)));
        }
    }
    Ok(None)
}

/// A challenge as somebody writes it from the person's own side.
async fn by_person(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    subject: &Subject,
    directory: &Directory,
) -> Result<Message, Error> {
    let team = looks_again(
        &subject.agency,
        &subject.took_part.teams,
        directory,
        cx.now(),
    );
    let team = team.ok_or_else(|| nobody(&subject.agency, directory))?;
    let known = known_to(snapshot, facts, &team, directory).await?;
    let known = known.ok_or(Error::NotFound)?;
    let matter = (Kind::Challenge, Purpose::PersonRequest);
    let id = ResourceId([0; 16]);
    let mut message = of_exchange(cx, id, matter, known, String::new());
    message.stage = Stage::Draft;
    message.sender = match &asking.caller.capacity {
        Capacity::Person(person) => Sender::as_person(*person, &asking.caller.name),
        Capacity::Outsider { party, .. } => let_in(party, &asking.caller.name),
        Capacity::Worker { .. } => return Err(Error::NotFound),
    };
    Ok(message)
}

/// Somebody let in by a link, with no team behind them.
fn let_in(party: &PartyId, name: &str) -> Sender {
    let own = TeamId::new(format!("~{party}"));
    Sender {
        worker: WorkerId::new(party.as_str()),
        name: name.to_owned(),
        desk: own.clone(),
        team: own,
        organisation: OrganisationId::new(""),
    }
}
