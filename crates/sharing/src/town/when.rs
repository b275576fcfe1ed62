//! The town's times, written as its people would say them: local time in London.

use domain::Timestamp;
use jiff::{civil::DateTime, tz::TimeZone};

/// The town's present.
pub(super) const NOW: &str = "2027-01-11 09:30";

/// When the agencies' directories were loaded.
pub(super) const DIRECTORY_LOADED: &str = "2026-11-30 06:00";

/// When the town's agencies joined the exchange and sent what they held until then.
pub(super) const JOINED: &str = "2026-12-01 06:00";

/// A local time such as `2027-01-11 09:00` as FHIR writes it, with the offset of that day.
pub(super) fn fhir_time(local: &str) -> String {
    let offset = if is_summer(local) { "+01:00" } else { "Z" };
    format!("{}:00{offset}", local.replace(' ', "T"))
}

/// The same as an instant.
pub(super) fn instant(local: &str) -> Timestamp {
    Timestamp::parse(&fhir_time(local)).expect("the town's times are literals that a test reads")
}

/// The day of a local time.
pub(super) fn day(local: &str) -> &str {
    local.split(' ').next().unwrap_or(local)
}

fn is_summer(local: &str) -> bool {
    let Ok(time) = local.replace(' ', "T").parse::<DateTime>() else {
        return false;
    };
    TimeZone::get("Europe/London")
        .and_then(|london| time.to_zoned(london))
        .is_ok_and(|zoned| zoned.offset().seconds() != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_june_morning_is_an_hour_earlier_in_universal_time() {
        assert_eq!(fhir_time("2026-06-03 10:00"), "2026-06-03T10:00:00+01:00");
        assert_eq!(fhir_time("2027-01-11 09:00"), "2027-01-11T09:00:00Z");
    }
}
