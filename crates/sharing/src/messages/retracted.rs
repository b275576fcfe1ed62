//! What the account says when a message about somebody is taken back: that it was an error, of whom it
//! was said, and who had been told. It is told when the message itself is, and not before.

use domain::message::{Kind, Message};
use domain::{Category, Timestamp};
use policy::Answer;
use store::{Directory, Snapshot};

use super::flag::day;
use super::outgoing::Outgoing;
use super::send::{codes, outside};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Channel, Error, spoken};

/// Between those who had been told.
const AND: &str = " and ";

/// Tells the person whom a message was about that it was an error.
pub(super) async fn tell(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    message: &mut Message,
    directory: &Directory,
    outgoing: &mut Outgoing<'_>,
) -> Result<(), Error> {
    let told = outside(message, directory);
    if told.is_empty() {
        // It never left the agency, and its sending stands in no account.
        return Ok(());
    }
    let Some(facts) = snapshot.facts(message.person).await? else {
        return Ok(());
    };
    let cx = outgoing.cx();
    let agency = organisation_name(snapshot, asking).await?;
    let mut event = Event::plain(asking, &agency, Operation::Retraction, cx.now());
    Answer::Permit.code().clone_into(&mut event.answer);
    Channel::Message.code().clone_into(&mut event.channel);
    event.purpose = message.purpose.code().to_owned();
    event.what = codes(about(message.kind));
    event.told = told.join(AND);
    event.because_since = message.at.to_string();
    outgoing.rest_on_facts(&facts);
    let whose = Whose::of(cx, snapshot, &facts).await?;
    outgoing.tell(&whose, message, &event)
}

/// What of the record it was about, as its sending said.
fn about(kind: Kind) -> &'static [Category] {
    match kind.protects() {
        true => &[Category::Alerts],
        false => &[],
    }
}

/// The line as a sentence to the person.
pub(crate) fn sentence(event: &Event) -> String {
    let when = Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment);
    let since = Timestamp::parse(&event.because_since);
    // When it was sent about them for somebody else's sake is not told, as why is not.
    let since = since.map_or_else(String::new, |at| format!(" on {}", day(at)));
    format!(
        "On {when}, {} of {} took back what {} had been sent about you{since}: it was an error. \
         Whoever had opened it is asked to say that they know.",
        event.name, event.organisation_name, event.told
    )
}
