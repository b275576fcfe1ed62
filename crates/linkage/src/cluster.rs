//! Records put together into people.
//!
//! Links are taken heaviest first. Before two groups become one, every record of the one is held
//! against every record of the other: nobody is joined through a third record that fits both, and
//! no rule is got round by a detour.

use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use crate::compare::Comparer;
use crate::score::Scorer;
use crate::{Grade, Mode, Model, Pair, People};

/// What people decided about pairs, held apart from the records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Constraints {
    /// Two people, whatever speaks for one: said by a steward, or sealed.
    pub cannot: Vec<(u32, u32)>,
    /// One person: said by a steward, or a register's supersession.
    pub must: Vec<(u32, u32)>,
}

/// One comparison among many may speak for or against two groups with no more than so many bits.
const MOST_BITS: f32 = 12.0;

/// On average over all pairs of two groups no more bits than this may speak against their being one
/// person: a record with many mistakes fits some of a person's records and not others.
const WORST_FIT: f32 = -4.0;

/// Puts records together; gives for each row the smallest row of its cluster. `at` is the least
/// weight that joins; pairs that a rule keeps from being certain join nothing unless `at` is below
/// what such a rule allows.
#[must_use]
pub fn cluster(
    people: &People,
    model: &Model,
    pairs: &[Pair],
    mode: Mode,
    constraints: &Constraints,
    at: f32,
) -> Vec<u32> {
    let mut groups = Groups::new(people, model, mode, constraints);
    for (left, right) in &constraints.must {
        groups.join_if_allowed(*left, *right);
    }
    let mut links: Vec<&Pair> = pairs.iter().filter(|pair| pair.weight >= at).collect();
    let prints = Prints::of_all(people);
    links.sort_by(|one, other| {
        let heavier = other.weight.total_cmp(&one.weight);
        heavier.then_with(|| prints.of(one).cmp(&prints.of(other)))
    });
    for pair in links {
        let allowed = match pair.rule {
            Some(_) => pair.grade >= Grade::Probable && at < model.certain,
            None => pair.grade != Grade::CertainlyNot || at < model.possible,
        };
        if allowed {
            groups.join_if_they_fit(pair.left, pair.right);
        }
    }
    groups.smallest_rows()
}

/// What a record says, in one number: decides between links of equal weight, whatever the order in
/// which the records came.
struct Prints(Vec<u64>);

impl Prints {
    fn of_all(people: &People) -> Self {
        let rows = u32::try_from(people.len()).unwrap_or(u32::MAX);
        Self(
            (0..rows)
                .into_par_iter()
                .map(|row| people.print(row))
                .collect(),
        )
    }

    fn of(&self, pair: &Pair) -> (u64, u64) {
        let print = |row: u32| self.0.get(row as usize).copied().unwrap_or(0);
        let (left, right) = (print(pair.left), print(pair.right));
        (left.min(right), left.max(right))
    }
}

/// Who is with whom so far.
struct Groups<'a> {
    people: &'a People,
    scorer: Scorer<'a>,
    comparer: Comparer<'a>,
    mode: Mode,
    cannot: HashSet<(u32, u32)>,
    /// For each row, the row that stands for its group.
    head: Vec<u32>,
    members: HashMap<u32, Vec<u32>>,
    /// Groups, with their sizes, that were found not to fit.
    parted: HashSet<(u32, usize, u32, usize)>,
}

impl<'a> Groups<'a> {
    fn new(people: &'a People, model: &'a Model, mode: Mode, constraints: &Constraints) -> Self {
        let rows = u32::try_from(people.len()).unwrap_or(u32::MAX);
        Self {
            people,
            scorer: Scorer::new(model),
            comparer: Comparer::new(people, model),
            mode,
            cannot: constraints
                .cannot
                .iter()
                .map(|(left, right)| (*left.min(right), *left.max(right)))
                .collect(),
            head: (0..rows).collect(),
            members: HashMap::new(),
            parted: HashSet::new(),
        }
    }

    fn head(&self, row: u32) -> u32 {
        self.head.get(row as usize).copied().unwrap_or(row)
    }

    fn members(&self, head: u32) -> Vec<u32> {
        self.members
            .get(&head)
            .cloned()
            .unwrap_or_else(|| vec![head])
    }

    fn join_if_allowed(&mut self, left: u32, right: u32) {
        let (one, other) = (self.head(left), self.head(right));
        let (mine, theirs) = (self.members(one), self.members(other));
        let forbidden = mine
            .iter()
            .any(|left| theirs.iter().any(|right| self.is_forbidden(*left, *right)));
        if one != other && !forbidden {
            self.join(one, other);
        }
    }

    fn join_if_they_fit(&mut self, left: u32, right: u32) {
        let (one, other) = (self.head(left), self.head(right));
        if one == other {
            return;
        }
        let (one, other) = (one.min(other), one.max(other));
        let (mine, theirs) = (self.members(one), self.members(other));
        let question = (one, mine.len(), other, theirs.len());
        if self.parted.contains(&question) {
            return;
        }
        if self.fit(&mine, &theirs) {
            self.join(one, other);
        } else {
            self.parted.insert(question);
        }
    }

    /// Whether two groups are one person: nothing forbids any of their pairs, and on the whole the
    /// pairs speak for it.
    fn fit(&mut self, mine: &[u32], theirs: &[u32]) -> bool {
        let mut sum = 0_i64;
        for left in mine {
            for right in theirs {
                if self.is_forbidden(*left, *right) {
                    return false;
                }
                let (one, other) = (self.people.row(*left), self.people.row(*right));
                let Some(judged) = self.scorer.judge(&mut self.comparer, &one, &other) else {
                    return false;
                };
                if judged.rule.is_some() && judged.grade <= Grade::Possible {
                    return false;
                }
                // Whole thousandths of a bit, so that the order of adding does not matter.
                sum += (judged.weight.clamp(-MOST_BITS, MOST_BITS) * 1000.0).round() as i64;
            }
        }
        sum as f32 / 1000.0 / (mine.len() * theirs.len()) as f32 >= WORST_FIT
    }

    fn is_forbidden(&self, left: u32, right: u32) -> bool {
        let taken =
            self.mode == Mode::Link && self.people.source(left) == self.people.source(right);
        taken || self.cannot.contains(&(left.min(right), left.max(right)))
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (one.min(other), one.max(other));
        let mut all = self.members(one);
        let joining = self.members.remove(&other).unwrap_or_else(|| vec![other]);
        for row in &joining {
            if let Some(head) = self.head.get_mut(*row as usize) {
                *head = one;
            }
        }
        all.extend(joining);
        self.members.insert(one, all);
    }

    fn smallest_rows(self) -> Vec<u32> {
        self.head
    }
}
