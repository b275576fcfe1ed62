//! Pairs judged: compared, weighed, held against the rules.

use std::borrow::Cow;

use rayon::prelude::*;

use crate::compare::{Compared, Comparer, at};
use crate::model::Weights;
use crate::people::Row;
use crate::rules::{self, Rule, Trust};
use crate::{Grade, Model, People, Progress, Stage, household};

/// What was found of two records.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The row that was added first.
    pub left: u32,
    /// The row that was added later.
    pub right: u32,
    /// The logarithm to base 2 of the odds that they are of one person.
    pub weight: f32,
    /// The same as a probability.
    pub probability: f32,
    /// How sure that is after all rules.
    pub grade: Grade,
    /// The rule that decided, or that allowed no more than this grade.
    pub rule: Option<Rule>,
}

/// How many pairs one thread takes at a time.
const BATCH: usize = 4096;

/// Judges pairs, on every core. Sealed pairs are left out altogether.
#[must_use]
pub fn score(
    people: &People,
    model: &Model,
    pairs: &[(u32, u32)],
    progress: &dyn Progress,
) -> Vec<Pair> {
    progress.stage(Stage::Scoring, pairs.len() as u64);
    let scorer = Scorer::new(model);
    pairs
        .par_chunks(BATCH)
        .map_init(
            || Comparer::new(people, model),
            |comparer, batch| {
                let scored: Vec<Pair> = batch
                    .iter()
                    .filter_map(|(left, right)| scorer.pair(comparer, *left, *right))
                    .collect();
                progress.advance(batch.len() as u64);
                scored
            },
        )
        .flatten_iter()
        .collect()
}

/// A model made ready.
#[derive(Debug, Clone)]
pub(crate) struct Scorer<'a> {
    pub model: Cow<'a, Model>,
    weights: Weights,
    comparisons: usize,
    trust: Trust,
}

/// What a scorer says of two rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged {
    pub compared: Compared,
    pub weight: f32,
    pub grade: Grade,
    pub rule: Option<Rule>,
}

impl Judged {
    /// What a rule forbids has no chance, whatever its weight.
    pub(crate) fn probability(&self) -> f32 {
        match (self.grade, self.rule) {
            (Grade::CertainlyNot, Some(_)) => 0.0,
            _ => Model::probability(self.weight),
        }
    }
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(model: &'a Model) -> Self {
        Self::of(Cow::Borrowed(model))
    }

    /// A scorer that is kept for as long as its model is needed.
    pub(crate) fn with(model: Model) -> Scorer<'static> {
        Scorer::of(Cow::Owned(model))
    }

    fn of(model: Cow<'a, Model>) -> Self {
        Self {
            weights: model.weights(),
            trust: Trust::in_model(&model),
            comparisons: model.comparisons.len().min(at::ALL),
            model,
        }
    }

    /// Whether birth dates and numbers, which are quickly compared, show two people whatever the
    /// rest says: so it is with nearly everybody who shares a key with somebody sought.
    pub(crate) fn are_two_at_once(
        &self,
        comparer: &Comparer<'_>,
        one: &Row<'_>,
        other: &Row<'_>,
    ) -> bool {
        rules::part_at_once(
            self.trust,
            one,
            other,
            comparer.born_and_numbered(one, other),
        )
    }

    fn pair(&self, comparer: &mut Comparer<'_>, left: u32, right: u32) -> Option<Pair> {
        let people = comparer.lexicon.people;
        let (left, right) = (left.min(right), left.max(right));
        let judged = self.judge(comparer, &people.row(left), &people.row(right))?;
        Some(Pair {
            left,
            right,
            weight: judged.weight,
            probability: judged.probability(),
            grade: judged.grade,
            rule: judged.rule,
        })
    }

    /// `None` for a sealed pair: nobody may learn that it was looked at.
    pub(crate) fn judge(
        &self,
        comparer: &mut Comparer<'_>,
        one: &Row<'_>,
        other: &Row<'_>,
    ) -> Option<Judged> {
        let compared = comparer.compare_rows(one, other);
        let weight = self.weight(&compared);
        let mut grade = self.model.grade(weight);
        if rules::is_worth_a_look(self.model.scope, compared.pattern) {
            grade = grade.max(Grade::Possible);
        }
        let verdict = rules::verdict(self.trust, comparer.lexicon, one, other, compared.pattern);
        if verdict == Some((Rule::Sealed, Grade::CertainlyNot)) {
            return None;
        }
        let (grade, rule) = match verdict {
            Some((rule, most)) if most < grade => (most, Some(rule)),
            // An alarm, however little else agrees.
            Some((Rule::Overlay, most)) => (most, Some(Rule::Overlay)),
            _ => (grade, None),
        };
        Some(Judged {
            compared,
            weight,
            grade,
            rule,
        })
    }

    /// The logarithm of the odds against strangers and against two people of one home together.
    pub(crate) fn weight(&self, compared: &Compared) -> f32 {
        let (strangers, home) = self.bits(compared);
        let strangers = strangers + self.model.prior;
        match self.model.homes {
            Some(homes) => household::against_both(strangers, home + homes),
            None => strangers,
        }
    }

    /// What all comparisons together are worth against strangers, and against two of one home.
    pub(crate) fn bits(&self, compared: &Compared) -> (f32, f32) {
        let mut both = (0.0, 0.0);
        for (place, bits, rarity) in self.parts(compared) {
            let share = compared.shares.get(place).copied().unwrap_or(0.0);
            let worth = bits + rarity;
            both.0 += worth;
            both.1 += self.weights.at_home(place, compared.pattern, share, worth);
        }
        both
    }

    /// (comparison, bits of the level, bits of rarity)
    pub(crate) fn parts(&self, compared: &Compared) -> impl Iterator<Item = (usize, f32, f32)> {
        compared
            .shares
            .iter()
            .enumerate()
            .take(self.comparisons)
            .map(|(place, share)| {
                let (bits, rarity) = self.weights.of(place, compared.pattern, *share);
                (place, bits, rarity)
            })
    }
}
