//! What accounts say of a correction.

use domain::Timestamp;
use domain::message::Fault;

use crate::event::Event;
use crate::messages::flag::day;
use crate::spoken;

/// The line of the person of whom something wrong was told, as a sentence to them.
pub(crate) fn sentence(event: &Event) -> String {
    let Event {
        name,
        organisation_name,
        told,
        ..
    } = event;
    let when = Timestamp::parse(&event.at).map_or_else(|| event.at.clone(), spoken::moment);
    let by = format!("On {when}, {name} of {organisation_name}");
    let Some(fault) = Fault::from_code(&event.because) else {
        return format!(
            "{by} confirmed that what {told} had been told wrongly about you is struck out."
        );
    };
    let since = date(&event.because_since);
    format!(
        "{by} asked {told} to strike out what they were told about you on {since}, because {}.",
        fault.words()
    )
}

/// The line of whoever was harmed by what was told, as a sentence to them; `None` if it is about
/// something else. It names nobody.
pub(crate) fn breach(event: &Event) -> Option<String> {
    let fault = Fault::from_code(&event.because)?;
    let (since, agency) = (date(&event.because_since), &event.organisation_name);
    let to = match event.count {
        1 => "somebody".to_owned(),
        several => format!("{several} others"),
    };
    let what = match fault {
        Fault::OfAnother => {
            format!("told {to} something about you as if it were about somebody else")
        }
        Fault::TooMuch => format!("told {to} more about you than they need"),
        Fault::NoBasis => format!("told {to} something about you, and nothing allowed it"),
        Fault::NotSo | Fault::ToAnother => {
            format!("told something about you to {to} for whom it was not meant")
        }
    };
    Some(format!(
        "By mistake {agency} {what}, on {since}. Whoever was told is asked to strike it out. This is followed up as a breach of privacy."
    ))
}

fn date(at: &str) -> String {
    Timestamp::parse(at).map_or_else(|| at.to_owned(), day)
}
