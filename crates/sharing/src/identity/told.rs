//! Why somebody was found, as it may be told: of what the reader does not see, no more than whether
//! it speaks for or against.

use linkage::{Explanation, Rule, Step};

/// The comparisons of what the view of who somebody is shows anyway.
const SEEN: [&str; 10] = [
    "given",
    "family",
    "middle",
    "birth",
    "sex",
    "national-number",
    "postcode",
    "street",
    "house",
    "building",
];

/// An explanation for one reader.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// What was compared, in the order of the model.
    pub steps: Vec<ToldStep>,
    /// The rule that allowed no higher grade.
    pub rule: Option<Rule>,
}

/// One comparison for one reader.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldStep {
    /// What was compared: `birth`.
    pub comparison: String,
    /// How far it agrees and what that adds in bits; `None` for what the reader does not see.
    pub detail: Option<(String, f32)>,
    /// What it says, roughly.
    pub band: Band,
}

/// What a comparison says, roughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    /// Odds of a hundred to one for it, or more.
    StronglyFor,
    /// For it.
    For,
    /// Next to nothing.
    Neither,
    /// Against it.
    Against,
    /// Odds of a hundred to one against it, or more.
    StronglyAgainst,
}

impl Band {
    fn of(bits: f32) -> Self {
        match bits {
            bits if bits >= 6.6 => Self::StronglyFor,
            bits if bits >= 1.0 => Self::For,
            bits if bits > -1.0 => Self::Neither,
            bits if bits > -6.6 => Self::Against,
            _ => Self::StronglyAgainst,
        }
    }

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::StronglyFor => "strongly-for",
            Self::For => "for",
            Self::Neither => "neither",
            Self::Against => "against",
            Self::StronglyAgainst => "strongly-against",
        }
    }
}

impl From<Explanation> for Told {
    fn from(explanation: Explanation) -> Self {
        Self {
            steps: explanation.steps.into_iter().map(told).collect(),
            rule: explanation.rule,
        }
    }
}

fn told(step: Step) -> ToldStep {
    let is_seen = !step.hidden && SEEN.contains(&step.comparison.as_str());
    let bits = (step.bits * 10.0).round() / 10.0;
    ToldStep {
        comparison: step.comparison,
        band: Band::of(step.bits),
        detail: is_seen.then_some((step.level, bits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(comparison: &str, bits: f32, hidden: bool) -> Step {
        Step {
            comparison: comparison.to_owned(),
            level: "the same".to_owned(),
            m: 0.9,
            u: 0.01,
            rarity: 0.0,
            bits,
            hidden,
        }
    }

    #[test]
    fn a_telephone_number_and_a_name_given_up_are_not_confirmed_to_the_bit() {
        let birth = told(step("birth", 14.87, false));
        assert_eq!(birth.detail, Some(("the same".to_owned(), 14.9)));
        for unseen in [step("phone", 15.9, false), step("family", 12.0, true)] {
            let told = told(unseen);
            assert_eq!((told.detail, told.band), (None, Band::StronglyFor));
        }
    }

    #[test]
    fn bands_say_roughly_what_bits_say() {
        let codes = [7.0, 2.0, 0.3, -2.0, -9.0].map(|bits| Band::of(bits).code());
        assert_eq!(
            codes,
            [
                "strongly-for",
                "for",
                "neither",
                "against",
                "strongly-against"
            ]
        );
    }
}
