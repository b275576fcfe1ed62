//! What an alert says of attempts.

use domain::Timestamp;
use domain::message::Attempts;
use store::Directory;

use crate::spoken::moment;

/// What the privacy officer reads.
pub(super) fn words(pattern: &Attempts, directory: &Directory) -> String {
    let role = pattern.role.words();
    let agency = directory.organisations.get(&pattern.organisation);
    let agency = agency.map_or(pattern.organisation.as_str(), |agency| &agency.name);
    let ways = pattern.ways.iter();
    let ways: Vec<String> = ways
        .map(|(way, count)| format!("{} {}", way.words(), times(*count)))
        .collect();
    let what = match pattern.people.len() {
        0 => "a record that is not open to them".to_owned(),
        people => format!("records of {people} people that are not open to them"),
    };
    format!(
        "{}, {role}, {agency}, tried to see {what}: {}, {}.\n{}.\n{}",
        pattern.name,
        times(pattern.count()),
        between(pattern.first, pattern.last),
        capital(&ways.join("; ")),
        pattern.cause.words()
    )
}

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

fn between(first: Timestamp, last: Timestamp) -> String {
    if moment(first) == moment(last) {
        format!("on {}", moment(first))
    } else {
        format!("from {} to {}", moment(first), moment(last))
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().collect::<String>());
    first.unwrap_or_default() + letters.as_str()
}
