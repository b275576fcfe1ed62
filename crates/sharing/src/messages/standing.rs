//! Messages of which one stands at a time about the same matter. Their ids follow from the matter, so
//! that of two who write at once one finds what the other made. The exchange writes some by itself.

use domain::message::kind::harm;
use domain::message::{Kind, Message, Sender, Stage, Urgency};
use domain::{PersonId, Purpose, ResourceId, TeamId};
use policy::{Facts, Internal};
use sha2::{Digest, Sha256};
use store::{Directory, Snapshot};

use super::send::{content, name_in, outside_name};
use crate::event::{Event, Operation};
use crate::{Channel, Context, Error};

/// How often there can be another about one matter: a bound for reading, not a limit.
const MOST: usize = 1_000;

/// The message that stands about a matter with its version, if one does; and its id or that of the
/// next one.
pub(super) async fn standing(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    matter: Sha256,
) -> Result<(ResourceId, Option<(Message, u32)>), Error> {
    let key: [u8; 32] = matter.finalize().into();
    for place in 0..MOST {
        let id = cx.ids.of_request(&key, place, b"");
        match snapshot.internal_message(Internal::Messages, &id).await? {
            None => return Ok((id, None)),
            Some((message, version)) if message.is_in_force() => {
                return Ok((id, Some((message, version))));
            }
            Some(_) => {}
        }
    }
    Ok((cx.ids.fresh(cx.chance.as_ref()), None))
}

/// A message that the exchange writes by itself, with no delivery yet.
pub(super) fn of_exchange(
    cx: &Context,
    id: ResourceId,
    (kind, purpose): (Kind, Purpose),
    (person, patient, name): (PersonId, ResourceId, String),
    text: String,
) -> Message {
    Message {
        id,
        thread: id,
        root: id,
        kind,
        purpose,
        harm: harm(kind, purpose, Urgency::Routine),
        person,
        patient,
        name,
        sender: Sender::exchange(),
        text,
        ring: Vec::new(),
        at: cx.now(),
        revision: 1,
        stage: Stage::Sent,
        held: None,
        later: Vec::new(),
        request: None,
        concern: None,
        discussion: None,
        family: None,
        to_be_heard: None,
        attempts: None,
        call: None,
        recall: None,
        challenge: None,
        sources: Vec::new(),
        by: None,
        deliveries: Vec::new(),
    }
}

/// By which Patient and name a team's agency knows the person; where it does not, by the oldest that
/// there is: whoever is asked to do something must know for whom.
pub(super) async fn known_to(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    team: &TeamId,
    directory: &Directory,
) -> Result<Option<(PersonId, ResourceId, String)>, Error> {
    let agency = directory.teams.get(team).map(|team| &team.organisation);
    let subjects = snapshot.subjects(facts.person).await?;
    let own = subjects.iter().find(|one| agency == Some(&one.custodian));
    let Some(one) = own.or_else(|| subjects.first()) else {
        return Ok(None);
    };
    let read = snapshot
        .internal_read(Internal::Alerting, "Patient", &one.id)
        .await?;
    let name = read.and_then(|patient| name_in(&patient.bytes));
    Ok(name.map(|name| (facts.person, one.id, name)))
}

/// The line of the account: that the exchange told a team something about this person.
pub(super) fn told(cx: &Context, message: &Message, team: &TeamId, directory: &Directory) -> Event {
    Event {
        operation: Operation::Message.code().to_owned(),
        name: message.sender.name.clone(),
        told: outside_name(team, None, directory).unwrap_or_default(),
        at: cx.now().to_string(),
        purpose: message.purpose.code().to_owned(),
        channel: Channel::Message.code().to_owned(),
        answer: policy::Answer::Permit.code().to_owned(),
        count: 1,
        content: content(message),
        ..Event::default()
    }
}
