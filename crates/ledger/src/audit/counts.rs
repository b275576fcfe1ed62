//! How much is held back: what an exchange publishes, and what an auditor counts for themself.

use std::collections::BTreeMap;

const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;

/// Numbers below this are published as "fewer than" it: in a small town a one would be somebody.
pub const SMALLEST_SHOWN: u64 = 5;

/// One entry that is held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The agency that holds it back, by its id.
    pub organisation: String,
    /// The ground, by its code.
    pub ground: String,
    /// Since when: microseconds since 1970-01-01T00:00:00Z.
    pub since_us: i64,
    /// When it is to be opened or looked at again.
    pub until_us: i64,
}

/// How long something has been held back, by the steps at which it must be looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Up to 28 days.
    Days28,
    /// Up to 90 days after these.
    Days118,
    /// Longer.
    Longer,
}

/// Of what there is a count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// The agency's id.
    pub organisation: String,
    /// The ground's code.
    pub ground: String,
    /// For how long.
    pub age: Age,
}

/// How many entries are held back, and how many of them should have been opened or looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldCounts(BTreeMap<Counted, (u64, u64)>);

/// A number as it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotShownBelow(pub u64);

impl std::fmt::Display for NotShownBelow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            0 => f.write_str("0"),
            small if small < SMALLEST_SHOWN => write!(f, "<{SMALLEST_SHOWN}"),
            enough => write!(f, "{enough}"),
        }
    }
}

impl Age {
    /// How old something is.
    pub fn of(since_us: i64, now_us: i64) -> Age {
        match now_us.saturating_sub(since_us) {
            age if age <= 28 * DAY_US => Age::Days28,
            age if age <= 118 * DAY_US => Age::Days118,
            _ => Age::Longer,
        }
    }

    /// The word in lists.
    pub fn code(self) -> &'static str {
        match self {
            Age::Days28 => "28-days",
            Age::Days118 => "118-days",
            Age::Longer => "longer",
        }
    }
}

impl HeldCounts {
    /// Counts what is held back at a moment.
    pub fn of(held: impl IntoIterator<Item = Held>, now_us: i64) -> HeldCounts {
        let mut counts = HeldCounts::default();
        for one in held {
            let counted = Counted {
                age: Age::of(one.since_us, now_us),
                organisation: one.organisation,
                ground: one.ground,
            };
            let (all, overdue) = counts.0.entry(counted).or_default();
            *all += 1;
            *overdue += u64::from(one.until_us < now_us);
        }
        counts
    }

    /// Each count with how many of it are overdue, by agency, ground and age.
    pub fn rows(&self) -> impl Iterator<Item = (&Counted, u64, u64)> {
        let rows = self.0.iter();
        rows.map(|(counted, (all, overdue))| (counted, *all, *overdue))
    }

    /// The lines that are published: agency, ground, age, number and how many are overdue, with a
    /// space between.
    pub fn published(&self) -> String {
        self.rows()
            .map(|(counted, all, overdue)| {
                format!(
                    "{} {} {} {} {}\n",
                    counted.organisation,
                    counted.ground,
                    counted.age.code(),
                    NotShownBelow(all),
                    NotShownBelow(overdue)
                )
            })
            .collect()
    }
}
