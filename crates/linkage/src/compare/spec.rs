//! What is compared, on which levels, and what is assumed of each level before any training.

use super::at;

/// One comparison.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spec {
    pub name: &'static str,
    pub levels: &'static [LevelSpec],
    /// The comparison whose agreement makes this one's likely: within one postcode the town is the
    /// same for everybody, so to agree on it there says nothing.
    pub depends_on: Option<usize>,
}

/// One level of a comparison. The figures are what the built-in model of a population uses, and
/// what training starts from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LevelSpec {
    pub name: &'static str,
    /// How probable the level is for two records of one person.
    pub m: f32,
    /// How probable it is for two people.
    pub u: f32,
    /// The same two where what the comparison depends on agrees.
    pub with: (f32, f32),
    /// What part of the rarity of the agreed value counts: 1 all, 0 none.
    pub rarity: f32,
    /// Whether comparisons that depend on this one are settled by it.
    pub agrees: bool,
}

const fn level(name: &'static str, m: f32, u: f32) -> LevelSpec {
    LevelSpec {
        name,
        m,
        u,
        with: (m, u),
        rarity: 0.0,
        agrees: false,
    }
}

impl LevelSpec {
    const fn with(mut self, m: f32, u: f32) -> Self {
        self.with = (m, u);
        self
    }

    const fn rare(mut self, part: f32) -> Self {
        self.rarity = part;
        self
    }

    const fn agrees(mut self) -> Self {
        self.agrees = true;
        self
    }
}

const GIVEN: &[LevelSpec] = &[
    level("the same", 0.83, 0.004).rare(1.0).agrees(),
    level("one is called by the other", 0.04, 0.002)
        .rare(0.5)
        .agrees(),
    level("sounds the same", 0.02, 0.0012).rare(0.5).agrees(),
    level("initial", 0.015, 0.02),
    level("first name is the other's middle name", 0.015, 0.002)
        .rare(0.5)
        .agrees(),
    level("written nearly the same", 0.03, 0.004)
        .rare(0.5)
        .agrees(),
    level("somewhat alike", 0.01, 0.03),
    level("first name and surname changed places", 0.005, 0.000_01)
        .rare(1.0)
        .agrees(),
    level("different", 0.035, 0.936),
];

const FAMILY: &[LevelSpec] = &[
    level("the same", 0.86, 0.001_5).rare(1.0).agrees(),
    level("Mac and Mc", 0.01, 0.000_1).rare(0.8).agrees(),
    level("ending of man and woman", 0.002, 0.000_1)
        .rare(0.8)
        .agrees(),
    level("one part of it", 0.02, 0.001).rare(1.0).agrees(),
    level("sounds the same", 0.015, 0.001).rare(0.5).agrees(),
    level("written nearly the same", 0.03, 0.001_5)
        .rare(0.5)
        .agrees(),
    level("somewhat alike", 0.008, 0.02),
    level("different", 0.055, 0.975),
];

const MIDDLE: &[LevelSpec] = &[
    level("the same", 0.7, 0.02).rare(1.0),
    level("some in common", 0.1, 0.02).rare(1.0),
    level("initials agree", 0.12, 0.06),
    level("different", 0.08, 0.9),
];

const BIRTH: &[LevelSpec] = &[
    level("the same", 0.95, 0.000_035)
        .rare(1.0)
        .with(0.985, 0.9)
        .agrees(),
    level("day and month changed places", 0.006, 0.000_03).with(0.003, 0.005),
    level("one slip", 0.018, 0.000_7).with(0.006, 0.005),
    level("two of year, month and day", 0.008, 0.003_5).with(0.002, 0.005),
    level("as far as known", 0.008, 0.000_1).with(0.002, 0.005),
    level("the year only", 0.003, 0.011).with(0.001, 0.01),
    level("different", 0.01, 0.984_5).with(0.001, 0.07),
];

const SEX: &[LevelSpec] = &[
    level("the same", 0.99, 0.5).with(0.99, 0.97),
    level("different", 0.01, 0.5).with(0.01, 0.03),
];

const NATIONAL: &[LevelSpec] = &[
    level("the same number", 0.97, 0.000_000_05).agrees(),
    level("the same number, weaker check", 0.01, 0.000_000_5).agrees(),
    level("one slip in a number that fails its check", 0.01, 0.000_01),
    level("different", 0.01, 0.999_99),
];

const NUMBER: &[LevelSpec] = &[
    level("the same", 0.9, 0.000_1).rare(1.0).agrees(),
    level("one slip", 0.04, 0.000_1),
    level("two slips", 0.02, 0.001),
    level("different", 0.04, 0.999),
];

const POSTCODE: &[LevelSpec] = &[
    level("the same property", 0.3, 0.000_000_5).agrees(),
    level("the same", 0.45, 0.000_01).rare(1.0).agrees(),
    level("one slip", 0.02, 0.000_1),
    level("the same sector", 0.03, 0.000_5),
    level("the same district", 0.05, 0.004),
    level("different", 0.2, 0.995),
];

const STREET: &[LevelSpec] = &[
    level("the same", 0.6, 0.000_5)
        .rare(1.0)
        .with(0.9, 0.5)
        .agrees(),
    level("nearly the same", 0.1, 0.001)
        .rare(0.5)
        .with(0.06, 0.05)
        .agrees(),
    level("some words in common", 0.08, 0.03).with(0.02, 0.1),
    level("different", 0.22, 0.97).with(0.02, 0.35),
];

const HOUSE: &[LevelSpec] = &[
    level("the same", 0.7, 0.03).rare(1.0).with(0.95, 0.06),
    level("one slip", 0.08, 0.1).with(0.03, 0.12),
    level("different", 0.22, 0.87).with(0.02, 0.82),
];

const BUILDING: &[LevelSpec] = &[
    level("the same", 0.6, 0.001).rare(1.0).with(0.8, 0.3),
    level("nearly the same", 0.1, 0.002)
        .rare(0.5)
        .with(0.08, 0.05),
    level("some words in common", 0.08, 0.03).with(0.05, 0.1),
    level("different", 0.22, 0.967).with(0.07, 0.55),
];

const LOCALITY: &[LevelSpec] = &[
    level("the same", 0.75, 0.02)
        .rare(1.0)
        .with(0.95, 0.9)
        .agrees(),
    level("nearly the same", 0.06, 0.003)
        .rare(0.5)
        .with(0.03, 0.03)
        .agrees(),
    level("somewhat alike", 0.02, 0.03).with(0.01, 0.02),
    level("different", 0.17, 0.947).with(0.01, 0.05),
];

const REGION: &[LevelSpec] = &[
    level("the same", 0.9, 0.15).rare(1.0).with(0.99, 0.98),
    level("different", 0.1, 0.85).with(0.01, 0.02),
];

const EMAIL: &[LevelSpec] = &[
    level("the same", 0.7, 0.000_01)
        .rare(1.0)
        .with(0.7, 0.000_01)
        .agrees(),
    level("the same but for the provider", 0.06, 0.000_05).with(0.06, 0.005),
    level("nearly the same", 0.06, 0.000_2).with(0.06, 0.1),
    level("somewhat alike", 0.03, 0.01).with(0.03, 0.2),
    level("different", 0.15, 0.99).with(0.15, 0.695),
];

const PHONE: &[LevelSpec] = &[
    level("the same", 0.6, 0.000_01).rare(1.0).agrees(),
    level("one slip", 0.05, 0.000_02),
    level("different", 0.35, 0.999_9),
];

const OTHER: &[LevelSpec] = &[
    level("the same", 0.75, 0.05).rare(1.0),
    level("nearly the same", 0.06, 0.01).rare(0.5),
    level("some words in common", 0.06, 0.04),
    level("different", 0.13, 0.9),
];

const NAMED: [Spec; at::OTHER] = [
    named("given", GIVEN, None),
    named("family", FAMILY, None),
    named("middle", MIDDLE, None),
    named("birth", BIRTH, Some(at::NATIONAL)),
    named("sex", SEX, Some(at::GIVEN)),
    named("national-number", NATIONAL, None),
    named("number", NUMBER, None),
    named("postcode", POSTCODE, None),
    named("street", STREET, Some(at::POSTCODE)),
    named("house", HOUSE, Some(at::STREET)),
    named("building", BUILDING, Some(at::STREET)),
    named("locality", LOCALITY, Some(at::POSTCODE)),
    named("region", REGION, Some(at::LOCALITY)),
    // Most addresses are made of the name: two of one name have much alike in theirs.
    named("email", EMAIL, Some(at::GIVEN)),
    named("phone", PHONE, None),
];

const fn named(name: &'static str, levels: &'static [LevelSpec], on: Option<usize>) -> Spec {
    Spec {
        name,
        levels,
        depends_on: on,
    }
}

/// The comparison at a place: one of those named in [`at`], or that of a further column.
pub(crate) fn spec(comparison: usize) -> Spec {
    NAMED
        .get(comparison)
        .copied()
        .unwrap_or(named("other", OTHER, None))
}

/// How many comparisons there are with so many further columns.
pub(crate) fn of_columns(columns: usize) -> usize {
    (at::OTHER + columns).min(at::ALL)
}
