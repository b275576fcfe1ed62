//! What an account says of somebody close: to the person, and to whoever asked or wrote.

use domain::Timestamp;

use crate::event::Event;
use crate::messages::claim;
use crate::spoken;

/// That somebody close asked who knows what: stands in the person's account.
pub(super) const ASKED: &str = "asked";
/// That the reader asked about somebody: stands in their own account.
pub(super) const YOU_ASKED: &str = "you-asked";
/// That somebody close told a team something: stands in the person's account.
pub(super) const TOLD: &str = "told";
/// That a worker put in what somebody told them: stands in the person's account.
pub(super) const HEARD: &str = "heard";
/// The same of what the person told them.
pub(super) const HEARD_YOU: &str = "heard-you";
/// That the reader wrote to a team: stands in their own account.
pub(super) const YOU_TOLD: &str = "you-told";
/// That a worker opened what somebody close wrote.
pub(crate) const OPENED: &str = "opened";
/// That a worker opened what the reader wrote.
pub(crate) const YOURS_OPENED: &str = "yours-opened";

/// The event as one sentence.
pub(crate) fn sentence(event: &Event) -> String {
    let when = Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment);
    let who = match event.reason.as_str() {
        "" => event.name.clone(),
        says => format!("{}, who says to be {says},", event.name),
    };
    let worker = format!("{} of {}", event.name, event.organisation_name);
    match event.because.as_str() {
        ASKED => format!(
            "{who} asked on {when} who knows what about you{}.",
            learnt(event)
        ),
        YOU_ASKED => format!("You asked on {when} what you may know about somebody else."),
        TOLD => format!(
            "{who} told {} something on {when} that concerns you. It is kept as their word, apart \
             from your record.",
            event.told
        ),
        YOU_TOLD => format!("You wrote to {} on {when} about somebody else.", event.told),
        HEARD => format!(
            "{worker} put in on {when} what {} told them about you{}, for {}. It is kept as their \
             word, apart from your record.",
            event.reason,
            how(event),
            event.told
        ),
        HEARD_YOU => format!(
            "{worker} put in on {when} what you told them{}, for {}. It is kept as your word.",
            how(event),
            event.told
        ),
        OPENED => format!("{worker} read on {when} what somebody close wrote about you."),
        YOURS_OPENED => format!("{worker} read on {when} what you wrote about somebody else."),
        other => claim::sentence::sentence(event, &when)
            .unwrap_or_else(|| format!("{who} {other} on {when}.")),
    }
}

/// How a worker was told.
fn how(event: &Event) -> &'static str {
    match event.channel.as_str() {
        "phone" => " on the telephone",
        "letter" => " by letter",
        _ => " face to face",
    }
}

/// What they learnt by asking.
fn learnt(event: &Event) -> String {
    match event.answer.as_str() {
        "PERMIT" | "PERMIT_PART" if event.what.iter().any(|code| code == "account") => {
            ", and read who was told what".to_owned()
        }
        "PERMIT" | "PERMIT_PART" => ", and was told how far they may know it".to_owned(),
        "REFER" => ", and was told who decides that".to_owned(),
        _ => ", and was told nothing".to_owned(),
    }
}
