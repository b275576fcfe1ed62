//! A team answers that a message is about somebody else than the person it knows. Its own Patient may then
//! be joined with the wrong one: stewards look at the two, and whoever sent it hears at once that nobody
//! there acts on it. Nobody is parted by an answer alone.

use domain::message::{Kind, Message, Move, Reply, Urgency};
use domain::{ResourceId, TeamId};
use fhir::Issue;
use policy::{Facts, Internal};
use store::{Directory, ReviewKind, Snapshot, Write};

use super::outgoing::Outgoing;
use super::read::{in_hand, own_place};
use super::send::{answering, dispatch, named, not_now, tell_of_sending, text_of};
use super::standing::known_to;
use super::{board, routing};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::identity::stewards::{patient, review_of};
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// Says for the caller's team that the person it knows is not the one whom a message is about. The sender is
/// told at once, with what shows it; where the team's agency holds a Patient of its own that is joined with
/// the message's, stewards of both agencies are asked to look at the two.
///
/// # Errors
/// [`Error::NotFound`] if it is not the caller's to answer; [`Error::Invalid`] if nobody says what shows it, if
/// it is over, or if it is answered in another way.
pub async fn wrong_person(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    words: &str,
) -> Result<(), Error> {
    if words.trim().is_empty() {
        let details =
            "say what shows that it is somebody else: another date of birth, address or school";
        return Err(Error::invalid(Issue::required("who", details)));
    }
    let words = text_of(words)?;
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, &words, operation)).await
}

/// Whether a message of this kind is answered so: what tells something of a person by itself. What asks for
/// something says that it is not held, and what somebody close wrote names whom they mean.
#[must_use]
pub fn may_be_wrong(kind: Kind) -> bool {
    use Kind::{ChildProtection, Concern, LinkedAdult, LinkedChild, Note, Outcome};
    matches!(
        kind,
        ChildProtection | LinkedChild | LinkedAdult | Note | Concern | Outcome
    )
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    words: &str,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &own).ok_or(Error::NotFound)?;
    if !may_be_wrong(found.message.kind) || !found.message.is_in_force() {
        let details = "this is answered in another way: say that it is not yours, or not held here";
        return Err(not_now(details).into());
    }
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    found.message.deliveries[place]
        .make(Move::Answer(worker, Reply::WrongPerson), cx.now())
        .map_err(|refused| not_now(&refused.to_string()))?;
    let team = found.message.deliveries[place].team.clone();
    let asking = &asking.for_purpose(found.message.purpose);
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let about = (&found.message, &**found.facts, &team);
    if let Some(review) = to_stewards(cx, snapshot.as_mut(), about, words, &directory).await? {
        outgoing.write(review);
    }
    let sender = found.message.sender.team.clone();
    if directory.teams.contains_key(&sender) {
        let mut answer = answering(cx, asking, &found.message, &directory, Kind::Note)?;
        answer.text = text(&team, words, &directory);
        answer.harm = domain::message::kind::harm(Kind::Note, asking.purpose, Urgency::Urgent);
        answer.ring = routing::ring(&directory, &team);
        dispatch(cx, &mut answer, &[sender], &directory)?;
        let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
        let agency = organisation_name(snapshot.as_mut(), asking).await?;
        let mut event = Event::plain(asking, &agency, Operation::Message, cx.now());
        policy::Answer::Permit.code().clone_into(&mut event.answer);
        Channel::Message.code().clone_into(&mut event.channel);
        tell_of_sending(&mut outgoing, &whose, &mut answer, &event, &directory)?;
        outgoing.write(board::keep(answer, 0, &directory));
    }
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

/// The two Patients that may not be one person, for the stewards of those who hold them; `None` where the
/// answering agency holds none of its own, so that there is nothing to part.
async fn to_stewards(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    (message, facts, team): (&Message, &Facts, &TeamId),
    words: &str,
    directory: &Directory,
) -> Result<Option<Write>, Error> {
    let Some((_, own, _)) = known_to(snapshot, facts, team, directory).await? else {
        return Ok(None);
    };
    let agency = directory.teams.get(team).map(|team| &team.organisation);
    let own = patient(snapshot, own).await?;
    if agency != Some(&own.custodian) || own.subject == message.patient {
        return Ok(None);
    }
    let open = snapshot
        .reviews(Internal::Linking, MOST)
        .await?
        .into_iter()
        .any(|one| one.kind == ReviewKind::Raised && is_of(&one, own.subject, message.patient));
    if open {
        return Ok(None);
    }
    let pair = [patient(snapshot, message.patient).await?, own];
    let mut review = review_of(cx, ReviewKind::Raised, &pair, 0.5);
    words.clone_into(&mut review.note);
    Ok(Some(Write::Review {
        review: Box::new(review),
        replaces: 0,
    }))
}

/// How many open reviews are looked through for the same pair.
const MOST: u32 = 500;

fn is_of(review: &store::Review, one: ResourceId, other: ResourceId) -> bool {
    [review.left, review.right] == [one, other] || [review.left, review.right] == [other, one]
}

/// What the sender reads.
fn text(team: &TeamId, words: &str, directory: &Directory) -> String {
    format!(
        "{} says that this is about somebody else than the person they know: {words}\nNobody there acts on it. See \
         that whoever it is about has somebody who does: ring them, and send it to the right team.",
        named(team, directory).unwrap_or_else(|| "The team".to_owned())
    )
}
