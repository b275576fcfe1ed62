//! Rotas: when a team is there, and who answers after its worker.

use serde::{Deserialize, Serialize};

use crate::{OrganisationKind, TeamId, Timestamp, WorkerId, calendar};

/// The office day, in minutes after local midnight, where a team has said nothing else.
const OFFICE: (u16, u16) = (8 * 60 + 45, 17 * 60);

/// How many days ahead a next opening is looked for: more than any office is shut in a row.
const AHEAD_DAYS: usize = 14;

/// When a team is there and who stands above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rota {
    /// Whose.
    pub team: TeamId,
    /// When somebody is on duty.
    pub opening: Opening,
    /// Who is told when the team does not answer in time.
    pub deputy: Option<WorkerId>,
    /// Who is told when the deputy does not either.
    pub manager: Option<WorkerId>,
    /// The team was wound up; nothing can be sent to it.
    pub closed: Option<Closed>,
}

/// When somebody is on duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    /// Day and night.
    Always,
    /// On working days, between two minutes of the local day.
    Office {
        /// The first minute.
        from_minute: u16,
        /// The minute after the last.
        to_minute: u16,
    },
}

/// That a team was wound up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// When.
    pub at: Timestamp,
    /// Who does its work now.
    pub instead: Option<TeamId>,
}

impl Rota {
    /// What holds for a team that has said nothing: wards, police and care homes are always there,
    /// everyone else in office hours.
    #[must_use]
    pub fn usual(team: TeamId, kind: OrganisationKind) -> Self {
        let opening = match kind {
            OrganisationKind::Hospital | OrganisationKind::Police | OrganisationKind::CareHome => {
                Opening::Always
            }
            _ => Opening::office(),
        };
        Self {
            team,
            opening,
            deputy: None,
            manager: None,
            closed: None,
        }
    }

    /// Whether the team was wound up by this instant.
    #[must_use]
    pub fn is_closed(&self, now: Timestamp) -> Option<&Closed> {
        self.closed.as_ref().filter(|closed| closed.at <= now)
    }
}

impl Opening {
    /// The usual office day.
    #[must_use]
    pub fn office() -> Self {
        Self::Office {
            from_minute: OFFICE.0,
            to_minute: OFFICE.1,
        }
    }

    /// Whether somebody is there.
    #[must_use]
    pub fn is_open(self, at: Timestamp) -> bool {
        match self {
            Self::Always => true,
            Self::Office {
                from_minute,
                to_minute,
            } => {
                calendar::is_working_day(calendar::local(at).date())
                    && (from_minute..to_minute).contains(&calendar::minute(at))
            }
        }
    }

    /// When somebody is there next: now, if somebody is.
    #[must_use]
    pub fn next_open(self, at: Timestamp) -> Timestamp {
        let Self::Office {
            from_minute,
            to_minute,
        } = self
        else {
            return at;
        };
        if self.is_open(at) {
            return at;
        }
        let today = calendar::local(at).date();
        let past = calendar::minute(at) >= to_minute.min(from_minute.max(1));
        let starts = today
            .series(jiff::Span::new().days(1))
            .skip(usize::from(past))
            .take(AHEAD_DAYS);
        starts
            .into_iter()
            .find(|date| calendar::is_working_day(*date))
            .map_or(at, |date| calendar::instant(date, from_minute).max(at))
    }

    /// The instant by which somebody was there for so many seconds.
    #[must_use]
    pub fn after_open_seconds(self, from: Timestamp, seconds: i64) -> Timestamp {
        let Self::Office {
            from_minute,
            to_minute,
        } = self
        else {
            return from.plus_seconds(seconds);
        };
        // A team that is never there would never get to the end.
        if from_minute >= to_minute {
            return from.plus_seconds(seconds);
        }
        let mut at = self.next_open(from);
        let mut left = seconds;
        loop {
            let shuts = calendar::instant(calendar::local(at).date(), to_minute);
            let today = (shuts.0 - at.0).max(0) / 1_000_000;
            if left <= today {
                return at.plus_seconds(left);
            }
            left -= today;
            let next = self.next_open(shuts);
            if next <= at {
                return at.plus_seconds(left);
            }
            at = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn an_office_is_open_on_working_days_between_its_hours() {
        let table = [
            ("2027-01-11T08:44:59Z", false),
            ("2027-01-11T08:45:00Z", true),
            ("2027-01-11T16:59:59Z", true),
            ("2027-01-11T17:00:00Z", false),
            // A Saturday, a bank holiday, and a summer morning by the clock on the wall.
            ("2027-01-16T11:00:00Z", false),
            ("2027-05-03T11:00:00Z", false),
            ("2027-07-01T07:50:00Z", true),
        ];
        for (time, open) in table {
            assert_eq!(Opening::office().is_open(at(time)), open, "{time}");
        }
        assert!(Opening::Always.is_open(at("2027-01-16T03:00:00Z")));
    }

    #[test]
    fn a_shut_office_opens_on_the_next_working_morning() {
        let table = [
            ("2027-01-15T23:40:00Z", "2027-01-18T08:45:00Z"),
            ("2027-01-11T06:00:00Z", "2027-01-11T08:45:00Z"),
            ("2027-01-11T17:00:00Z", "2027-01-12T08:45:00Z"),
            ("2027-01-11T10:00:00Z", "2027-01-11T10:00:00Z"),
            // From Christmas Eve evening over four shut days.
            ("2026-12-24T18:00:00Z", "2026-12-29T08:45:00Z"),
        ];
        for (time, opens) in table {
            let next = Opening::office().next_open(at(time));
            assert_eq!(next, at(opens), "{time}");
        }
    }

    #[test]
    fn open_hours_run_only_while_somebody_is_there() {
        let four = 4 * 3_600;
        let table = [
            ("2027-01-11T09:00:00Z", "2027-01-11T13:00:00Z"),
            ("2027-01-11T15:00:00Z", "2027-01-12T10:45:00Z"),
            ("2027-01-15T16:30:00Z", "2027-01-18T12:15:00Z"),
            ("2027-01-16T12:00:00Z", "2027-01-18T12:45:00Z"),
        ];
        for (from, due) in table {
            let after = Opening::office().after_open_seconds(at(from), four);
            assert_eq!(after, at(due), "{from}");
        }
        let never = Opening::Office {
            from_minute: 600,
            to_minute: 600,
        };
        assert_eq!(
            never.after_open_seconds(at("2027-01-11T09:00:00Z"), 60),
            at("2027-01-11T09:01:00Z")
        );
    }
}
