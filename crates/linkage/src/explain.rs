//! Why two records were taken for one person, or not: a waterfall of evidence.

use serde::Serialize;

use crate::compare::{Comparer, is_name};
use crate::model::is_settled;
use crate::rules::Rule;
use crate::score::{Judged, Scorer};
use crate::{Grade, Model, People};

/// What spoke for and against two records being of one person. It holds no detail of anybody:
/// whoever shows it puts it beside what the reader may see.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// Bits before anything was compared: two people taken at random.
    pub prior: f32,
    /// The comparisons for which both records know something, in the model's order.
    pub steps: Vec<Step>,
    /// The sum of the prior and all steps.
    pub weight: f32,
    /// The same as a probability.
    pub probability: f32,
    /// How sure that is after all rules.
    pub grade: Grade,
    /// The rule that decided, or that allowed no more than this grade.
    pub rule: Option<Rule>,
}

/// One comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The comparison: `birth`.
    pub comparison: String,
    /// On which level the two agree, in words.
    pub level: String,
    /// How probable the level is for two records of one person.
    pub m: f32,
    /// How probable it is for two people.
    pub u: f32,
    /// Bits added because the agreed value is rare, or taken away because it is common.
    pub rarity: f32,
    /// What the step adds to the weight: the logarithm of m to u, and the rarity.
    pub bits: f32,
    /// What agreed is a name that the reader of the record may not see: show the bits in bands.
    pub hidden: bool,
}

/// Explains any two rows. `None` if nobody may learn that they were compared.
#[must_use]
pub fn explain(people: &People, model: &Model, left: u32, right: u32) -> Option<Explanation> {
    let model = &model.fitted(people);
    let scorer = Scorer::new(model);
    let mut comparer = Comparer::new(people, model);
    let (one, other) = (people.row(left.min(right)), people.row(left.max(right)));
    let judged = scorer.judge(&mut comparer, &one, &other)?;
    Some(explanation(&scorer, &judged))
}

pub(crate) fn explanation(scorer: &Scorer<'_>, judged: &Judged) -> Explanation {
    let mut steps: Vec<Step> = scorer
        .parts(&judged.compared)
        .filter_map(|(place, bits, rarity)| step(&scorer.model, judged, place, (bits, rarity)))
        .collect();
    let so_far = scorer.model.prior + steps.iter().map(|step| step.bits).sum::<f32>();
    steps.extend(household(judged.weight - so_far));
    Explanation {
        prior: scorer.model.prior,
        steps,
        weight: judged.weight,
        probability: judged.probability(),
        grade: judged.grade,
        rule: judged.rule,
    }
}

/// What is taken off because two people of one home would agree on as much.
fn household(bits: f32) -> Option<Step> {
    (bits < -0.005).then(|| Step {
        comparison: "household".to_owned(),
        level: "two people of one home would agree on much of this".to_owned(),
        m: 1.0,
        u: (-bits).exp2(),
        rarity: 0.0,
        bits,
        hidden: false,
    })
}

fn step(model: &Model, judged: &Judged, place: usize, (bits, rarity): (f32, f32)) -> Option<Step> {
    let pattern = judged.compared.pattern;
    let comparison = model.comparisons.get(place)?;
    let number = usize::from(pattern.level(place)).checked_sub(1)?;
    let level = comparison.levels.get(number)?;
    let (m, u) = match level.dependent {
        Some(with) if is_settled(place, pattern) => (with.m, with.u),
        _ => (level.m, level.u),
    };
    Some(Step {
        comparison: comparison.name.clone(),
        level: level.name.clone(),
        m,
        u,
        rarity,
        bits: bits + rarity,
        hidden: judged.compared.hidden_name && is_name(place),
    })
}
