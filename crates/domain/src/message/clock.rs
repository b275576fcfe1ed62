//! By when somebody answers: a clock for each purpose, run only while somebody can answer.

use serde::{Deserialize, Serialize};

use crate::message::Opening;
use crate::{Timestamp, calendar};

/// How long somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// So many seconds from when somebody on duty has it, day or night.
    Seconds(i64),
    /// So many seconds of the hours in which the team is there.
    OpenSeconds(i64),
    /// The same time of day, so many working days later.
    WorkingDays(u32),
}

/// By when somebody answers what reached a team at this instant. A clock does not run while nobody
/// is there: what comes at night to a surgery is due from the morning.
#[must_use]
pub fn due(clock: Clock, reached: Timestamp, opening: Opening) -> Timestamp {
    let from = opening.next_open(reached);
    match clock {
        Clock::Seconds(seconds) => from.plus_seconds(seconds),
        Clock::OpenSeconds(seconds) => opening.after_open_seconds(from, seconds),
        Clock::WorkingDays(days) => calendar::working_days_after(from, days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_clock_runs_while_somebody_is_there() {
        let (always, office) = (Opening::Always, Opening::office());
        let hour = Clock::Seconds(3_600);
        let four = Clock::OpenSeconds(4 * 3_600);
        let five = Clock::WorkingDays(5);
        let table = [
            // Friday 23:50: a ward answers within the hour, a surgery by Monday 09:45.
            (hour, "2027-01-15T23:50:00Z", always, "2027-01-16T00:50:00Z"),
            (hour, "2027-01-15T23:50:00Z", office, "2027-01-18T09:45:00Z"),
            (hour, "2027-01-11T10:00:00Z", office, "2027-01-11T11:00:00Z"),
            (four, "2027-01-11T16:00:00Z", office, "2027-01-12T11:45:00Z"),
            (four, "2027-01-11T16:00:00Z", always, "2027-01-11T20:00:00Z"),
            (five, "2027-01-11T10:00:00Z", office, "2027-01-18T10:00:00Z"),
            (five, "2027-01-16T10:00:00Z", office, "2027-01-25T08:45:00Z"),
        ];
        for (clock, reached, opening, expected) in table {
            let reached = Timestamp::parse(reached).unwrap();
            let expected = Timestamp::parse(expected).unwrap();
            assert_eq!(
                due(clock, reached, opening),
                expected,
                "{clock:?} {opening:?}"
            );
        }
    }
}
