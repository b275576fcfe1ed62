//! By when somebody must decide: the clock is set by what the request is for.

use domain::calendar::working_days_after;
use domain::{Purpose, Timestamp};

use crate::case::Case;
use crate::request::Urgency;

/// How long whoever must decide has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Clock {
    /// An emergency.
    AtOnce,
    /// Protecting somebody.
    Hour,
    /// Urgent, or for a discharge.
    FourHours,
    /// The Reporter or the police, outside protection.
    WorkingDay,
    /// Anything else.
    FiveWorkingDays,
}

impl Clock {
    /// The clock of this request.
    pub fn of(case: &Case<'_>) -> Self {
        let (purpose, urgency) = (case.request.purpose, case.request.asks.urgency);
        if urgency == Urgency::Emergency || purpose.is_a(Purpose::Emergency) {
            Self::AtOnce
        } else if purpose.is_protection() {
            Self::Hour
        } else if matches!(urgency, Urgency::Urgent | Urgency::Discharge) {
            Self::FourHours
        } else if matches!(purpose, Purpose::ChildrensHearing | Purpose::PoliceInquiry) {
            Self::WorkingDay
        } else {
            Self::FiveWorkingDays
        }
    }

    /// In seconds, a working day counted as a calendar day.
    pub fn seconds(self) -> i64 {
        const HOUR: i64 = 3_600;
        match self {
            Self::AtOnce => 0,
            Self::Hour => HOUR,
            Self::FourHours => 4 * HOUR,
            Self::WorkingDay => 24 * HOUR,
            Self::FiveWorkingDays => 5 * 24 * HOUR,
        }
    }

    /// When it runs out.
    pub fn due_at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::WorkingDay => working_days_after(now, 1),
            Self::FiveWorkingDays => working_days_after(now, 5),
            other => now.plus_seconds(other.seconds()),
        }
    }
}
