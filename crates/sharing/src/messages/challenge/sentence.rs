//! What the account says of a challenge: that it was made, and what came of it.

use domain::Timestamp;
use domain::message::challenge::{Standing, Verdict};

use crate::event::Event;
use crate::messages::recall;
use crate::spoken;

/// That sharing goes on although it is challenged.
pub(super) const GOES_ON: &str = "goes-on";

/// The event as one sentence.
pub(crate) fn sentence(event: &Event) -> String {
    if let Some(said) = recall::sentence(event) {
        return said;
    }
    let when = Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment);
    if let Some(verdict) = Verdict::from_code(&event.because) {
        return decided(event, &when, verdict);
    }
    if event.because == GOES_ON {
        return format!(
            "{} of {} recorded on {when} that sharing goes on while it is looked at again, because somebody’s \
             safety needs it.",
            event.name, event.organisation_name
        );
    }
    let (name, why, told) = (&event.name, &event.reason, &event.told);
    let who = match Standing::from_code(&event.because) {
        Some(Standing::Person) => "You".to_owned(),
        Some(Standing::ActsForPerson) => format!("{name}, who acts for you,"),
        Some(Standing::Asked) => format!("{name} of {}", event.organisation_name),
        Some(Standing::LetIn) | None => format!("{name}, who speaks for you,"),
    };
    format!(
        "{who} challenged something in this list on {when}: {why}. {told} looks at it again, and the one \
         who decides took no part in it."
    )
}

fn decided(event: &Event, when: &str, verdict: Verdict) -> String {
    let what = match verdict {
        Verdict::Upheld => "found that it stands",
        Verdict::Overturned => "found that it was wrong",
        Verdict::Partly => "found that part of it was wrong",
    };
    format!(
        "{} of {}, who took no part in it, looked again on {when} at what was challenged, and {what}: “{}”",
        event.name, event.organisation_name, event.reason
    )
}
