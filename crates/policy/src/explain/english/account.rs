//! The line of an account.

use super::words::{because_to_person, category_of, ground_of, list, purpose_of, role_of, who};
use crate::explain::{Line, WAITS};

/// "Pauline Heggie, social worker at Northburn Council, read your care plans and address on
/// 11 January 2027 at 10am, for assessing care needs, because you are on the caseload."
pub(super) fn line(line: &Line) -> String {
    let is_person = line.because == "own-record";
    let who = if is_person {
        "You".to_owned()
    } else {
        // The comma that opens who they are is closed before the verb.
        let who = who(&line.name, &role_of(&line.role), &line.organisation);
        if who == line.name {
            who
        } else {
            format!("{who},")
        }
    };
    let what = what(line);
    let when = &line.when;
    let purpose = purpose_of(&line.purpose);
    let grounds = grounds(line);
    if line.channel == "response" {
        return format!(
            "{who} {} on {when}, for {purpose}{}.",
            responded(line, &what),
            rest(line, &grounds)
        );
    }
    match line.answer.as_str() {
        "DENY" if !line.told.is_empty() => {
            let listener = &line.told;
            format!(
                "{who} tried to send {listener} your {what} on {when}, for {purpose}, and was refused{}.",
                rest(line, &grounds)
            )
        }
        "DENY" => {
            format!(
                "{who} asked for your record on {when}, for {purpose}, and was refused: {grounds}."
            )
        }
        "REFER" if line.because == WAITS => format!(
            "{who} asked for your record on {when}, for {purpose}, and got nothing yet: sharing with them waits until \
             somebody has looked again at what was challenged."
        ),
        "REFER" => format!(
            "{who} asked for your record on {when}, for {purpose}, and got nothing yet: {grounds}."
        ),
        "NOTHING" => {
            format!("{who} asked for your record on {when}, for {purpose}, and was shown nothing.")
        }
        _ => {
            let told = told(line, &what);
            let because = because(line, is_person);
            let rest = rest(line, &grounds);
            format!("{who} {told} on {when}, for {purpose}{because}{rest}.")
        }
    }
}

/// What was done with a request of another agency.
fn responded(line: &Line, what: &str) -> String {
    let asker = &line.told;
    match line.answer.as_str() {
        "PERMIT" | "PERMIT_PART" => format!("told {asker} your {what}, which they had asked for,"),
        "DENY" if line.grounds.iter().any(|ground| ground == "R20") => {
            format!("told {asker} that they do not hold what was asked about you")
        }
        "DENY" => format!("refused {asker} your {what}"),
        _ => format!("answered {asker}, who had asked about you, and has shared nothing yet,"),
    }
}

/// Why something stayed back.
fn rest(line: &Line, grounds: &str) -> String {
    match line.answer.as_str() {
        "PERMIT_PART" if !grounds.is_empty() => format!("; the rest was not shared: {grounds}"),
        "DENY" if !grounds.is_empty() => format!(": {grounds}"),
        _ => String::new(),
    }
}

fn what(line: &Line) -> String {
    let categories: Vec<_> = line.what.iter().map(|code| category_of(code)).collect();
    if categories.is_empty() {
        "record".to_owned()
    } else {
        list(&categories)
    }
}

fn told(line: &Line, what: &str) -> String {
    let listener = &line.told;
    match (line.channel.as_str(), listener.is_empty()) {
        ("phone", true) => format!("was told your {what} by telephone"),
        // A message left, or something heard: nothing of the record went out.
        ("phone", false) if line.what.is_empty() => format!("rang {listener} about you"),
        ("meeting", false) if line.what.is_empty() => format!("met {listener} about you"),
        ("letter", false) if line.what.is_empty() => format!("wrote to {listener} about you"),
        ("letter", false) => format!("told {listener} your {what} in writing"),
        ("phone", false) => format!("told {listener} your {what} by telephone"),
        ("meeting", true) => format!("was told your {what} at a meeting"),
        ("meeting", false) => format!("told {listener} your {what} at a meeting"),
        ("message", true) => format!("opened a message about {}", about_you(line)),
        ("message", false) => format!("sent {listener} a message about {}", about_you(line)),
        ("concern", _) => format!("told {listener} of a concern about you"),
        ("discussion", _) => format!("asked {listener} into a discussion about you"),
        ("statement", _) => {
            format!("spoke of you with {listener} in a discussion between agencies")
        }
        ("request", _) => format!("asked {listener} for your {what}"),
        ("feed", _) => format!("took over your {what} as a routine"),
        ("print" | "export", _) => format!("printed your {what}"),
        ("account", _) => "looked at your account of who was told what".to_owned(),
        ("search" | "find", _) => format!("looked for you and saw your {what}"),
        _ => format!("read your {what}"),
    }
}

/// What a message was about: it may ask or arrange something and tell nothing of the record.
fn about_you(line: &Line) -> String {
    if line.what.is_empty() {
        "you".to_owned()
    } else {
        format!("your {}", what(line))
    }
}

fn because(line: &Line, is_person: bool) -> String {
    if line.because.is_empty() || is_person {
        String::new()
    } else {
        format!(", because {}", because_to_person(&line.because))
    }
}

fn grounds(line: &Line) -> String {
    let grounds: Vec<_> = line.grounds.iter().map(|code| ground_of(code)).collect();
    list(&grounds)
}
