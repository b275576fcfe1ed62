//! Moments as people say them, where Candour is at home.

use domain::Timestamp;
use jiff::Zoned;
use jiff::tz::TimeZone;

/// A moment as a person reads it: "11 January 2027 at 9:30am".
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    let at = at.to_jiff().to_zoned(zone);
    format!("{} at {}", at.strftime("%-d %B %Y"), time(&at))
}

/// A time of day as the NHS content guide writes it: "9:30am", "5pm", "midday", "midnight".
#[must_use]
pub fn time(at: &Zoned) -> String {
    match (at.hour(), at.minute()) {
        (0, 0) => "midnight".to_owned(),
        (12, 0) => "midday".to_owned(),
        (_, 0) => at.strftime("%-I%P").to_string(),
        _ => at.strftime("%-I:%M%P").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(instant: &str) -> String {
        moment(Timestamp::parse(instant).expect("an instant"))
    }

    #[test]
    fn a_morning_in_january_is_said_as_its_clocks_show_it() {
        assert_eq!(said("2027-01-11T09:30:00Z"), "11 January 2027 at 9:30am");
    }

    #[test]
    fn an_afternoon_in_july_is_an_hour_on() {
        assert_eq!(said("2027-07-01T16:00:00Z"), "1 July 2027 at 5pm");
    }

    #[test]
    fn twelve_oclock_says_which_twelve_it_is() {
        assert_eq!(said("2027-01-11T00:00:00Z"), "11 January 2027 at midnight");
        assert_eq!(said("2027-01-11T00:05:00Z"), "11 January 2027 at 12:05am");
        assert_eq!(said("2027-01-11T12:00:00Z"), "11 January 2027 at midday");
        assert_eq!(said("2027-01-11T12:05:00Z"), "11 January 2027 at 12:05pm");
    }
}
