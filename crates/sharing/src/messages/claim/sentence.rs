//! What the account says of papers by which somebody acts for the person.

use crate::event::Event;

/// That somebody says to act for the person by a paper, which a team looks at.
pub(in crate::messages) const CLAIMED: &str = "claimed";
/// The same, as whoever says so reads it in their own account.
pub(in crate::messages) const YOU_CLAIMED: &str = "you-claimed";
/// That a paper was looked at and powers of it accepted.
pub(super) const ACCEPTED: &str = "claim-accepted";
/// That a paper was looked at and nothing of it accepted.
pub(super) const REFUSED: &str = "claim-refused";
/// That the holder declares to believe that the person cannot decide.
pub(super) const BELIEVES: &str = "believes";
/// The same, as the holder reads it in their own account.
pub(super) const YOU_BELIEVE: &str = "you-believe";

/// The event as one sentence; `None` if it is about something else.
pub(in crate::messages) fn sentence(event: &Event, when: &str) -> Option<String> {
    let worker = format!("{} of {}", event.name, event.organisation_name);
    let told = &event.told;
    let what = match event.reason.as_str() {
        "" => "nothing any more".to_owned(),
        matters => matters.to_owned(),
    };
    Some(match event.because.as_str() {
        CLAIMED => format!(
            "{}, who says to be {}, told {told} on {when} that a paper lets them act for you. It looks at the paper; \
             until it has, that changes nothing.",
            event.name, event.reason
        ),
        YOU_CLAIMED => {
            format!("You told {told} on {when} that a paper lets you act for somebody else.")
        }
        ACCEPTED => format!(
            "{worker} looked on {when} at the paper by which {told} acts for you, and accepted it for this: {}.",
            event.reason
        ),
        REFUSED => format!(
            "{worker} looked on {when} at the paper by which {told} says to act for you ({}), and accepted nothing of it.",
            event.reason
        ),
        BELIEVES => format!(
            "{}, who acts for you, declared on {when} to believe that you cannot decide about: {what}.",
            event.name
        ),
        YOU_BELIEVE => format!(
            "You declared on {when} to believe that somebody you act for cannot decide about: {what}."
        ),
        _ => return None,
    })
}
