//! Recording that independent advocacy was offered to an adult whose case is looked into. Before somebody
//! intervenes they have to have thought of it (Adult Support and Protection (Scotland) Act 2007 s.6).

use domain::calendar::local;
use domain::message::advocacy::AdvocacyAnswer;
use domain::message::{Advocacy, Message, Outcome};
use domain::{Purpose, ResourceId, Timestamp};
use fhir::{Issue, IssueCode};

use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::messages::board;
use crate::messages::outgoing::Outgoing;
use crate::messages::read::{in_hand, own_place};
use crate::messages::send::not_now;
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// The longest words, in letters.
const LONGEST: usize = 500;

/// What came of offering it.
#[derive(Debug, Clone)]
pub struct Offered {
    /// What the adult answered.
    pub answer: AdvocacyAnswer,
    /// On what day, by any moment of it.
    pub on: Timestamp,
    /// Who the advocate is; needed where none was offered: why.
    pub words: String,
}

/// Records it with the concern that the caller's team looks into, and in the person's account. Recorded
/// again, the last stands.
///
/// # Errors
/// [`Error::NotFound`] if the concern is not the caller's; [`Error::Invalid`] if nobody looks into it as of an
/// adult at risk, if the day is to come, or if it was not offered and nobody says why.
pub async fn offer(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    offered: &Offered,
) -> Result<(), Error> {
    is_whole(offered, cx.now())?;
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, offered, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    offered: &Offered,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &own).ok_or(Error::NotFound)?;
    if !needs(&found.message, place) || !found.message.is_in_force() {
        let details =
            "advocacy is recorded while the case of an adult is looked into: say first that it is";
        return Err(not_now(details).into());
    }
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    let Some(concern) = &mut found.message.concern else {
        return Err(Error::NotFound.into());
    };
    concern.advocacy = Some(Advocacy {
        answer: offered.answer,
        on: offered.on,
        by: worker,
        name: asking.caller.name.clone(),
        words: offered.words.trim().to_owned(),
    });
    let asking = &asking.for_purpose(found.message.purpose);
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Fact, cx.now());
    Channel::Message.code().clone_into(&mut event.channel);
    event.because = format!("{PREFIX}{}", offered.answer.code());
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    outgoing.tell(&whose, &mut found.message, &event)?;
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

/// With what the codes of it begin in the account.
const PREFIX: &str = "advocacy-";

/// What the account says was recorded; `None` for anything else.
pub(crate) fn recorded(because: &str) -> Option<String> {
    let answer = AdvocacyAnswer::from_code(because.strip_prefix(PREFIX)?)?;
    Some(format!("that an independent advocate {}", answer.words()))
}

/// Whether the team at this place looks into the case of an adult.
fn needs(message: &Message, place: usize) -> bool {
    let looks = message
        .deliveries
        .get(place)
        .and_then(|one| one.outcome.as_ref());
    message.purpose.is_a(Purpose::AdultProtection) && looks == Some(&Outcome::Inquiry)
}

/// Whether a team may say that it helps: not before it has thought of an advocate.
pub(super) fn was_thought_of(message: &Message, place: usize, next: &Outcome) -> Result<(), Error> {
    let recorded = message
        .concern
        .as_ref()
        .is_some_and(|one| one.advocacy.is_some());
    if *next != Outcome::Support || !needs(message, place) || recorded {
        return Ok(());
    }
    let details = "say first whether an independent advocate was offered, or why not (Adult Support and Protection \
                   (Scotland) Act 2007 s.6)";
    Err(not_now(details))
}

fn is_whole(offered: &Offered, now: Timestamp) -> Result<(), Error> {
    let words = offered.words.trim();
    let wrong = |at: &str, details: &str| {
        Err(Error::invalid(
            Issue::error(IssueCode::BusinessRule, details).at(at),
        ))
    };
    if offered.answer == AdvocacyAnswer::NotOffered && words.is_empty() {
        return wrong("advocate", "say why no advocate was offered");
    }
    if words.chars().count() > LONGEST {
        return wrong("advocate", "keep it under 500 letters");
    }
    if local(offered.on).date() > local(now).date() {
        return wrong(
            "on",
            "this day is to come: give the day on which it was offered",
        );
    }
    Ok(())
}
