//! What agreement is worth: the weights of one model, as data that can be read, kept and exchanged.

use serde::{Deserialize, Serialize};

use crate::compare::{Pattern, SWAPPED, at, of_columns, spec};
use crate::household::{self, Worth};
use crate::{Grade, People};

/// The version of the model's JSON that this program writes.
pub const MODEL_VERSION: u32 = 1;

/// A Fellegi-Sunter model: for each level of each comparison, how probable it is for two records of
/// one person (`m`) and of two people (`u`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The form of this data: [`MODEL_VERSION`].
    pub version: u32,
    /// What the model was made from, for people.
    pub name: String,
    /// Whether the pairs come from a whole population or from one file.
    pub scope: Scope,
    /// Logarithm to base 2 of the odds that two records taken at random are of one person.
    pub prior: f32,
    /// Logarithm to base 2 of how many pairs of one person there are for each pair of two people of
    /// one home, among the pairs that are compared. A model from elsewhere does not say: it is
    /// calibrated on the records that it judges, or nothing is certain by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homes: Option<f32>,
    /// How many people of the whole population stand behind each frequency of a name, a date or a
    /// postcode, before the records at hand are counted.
    pub known_people: f32,
    /// How many records the model was made from.
    #[serde(default)]
    pub records: u32,
    /// How many records there are of one person, on average over records: so many uses of a value
    /// are one person's, and do not make it common.
    #[serde(default)]
    pub records_each: f32,
    /// The least weight of a pair that is certain, in bits: 10 is odds of a thousand to one.
    pub certain: f32,
    /// The least weight of a probable pair.
    pub probable: f32,
    /// The least weight of a possible pair.
    pub possible: f32,
    /// What is compared.
    pub comparisons: Vec<Comparison>,
}

/// Whose records are compared, which decides what a coincidence of name and birth date proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// A nation: somebody outside the records at hand may have the same name and birth date, so
    /// that certainty needs an address or a number besides. All rules of care hold.
    Population,
    /// One file or two: the model was trained on those who are in them.
    File,
}

/// The levels of one comparison, fullest agreement first. What is missing on one side has no level
/// and no weight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// `given`, `birth`; a further column is called `other:` and its name.
    pub name: String,
    /// The comparison whose agreement makes this one's likely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depends_on: Option<String>,
    /// Its levels.
    pub levels: Vec<Level>,
}

/// What one level of a comparison is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// In words.
    pub name: String,
    /// How probable it is for two records of one person.
    pub m: f32,
    /// How probable it is for two people.
    pub u: f32,
    /// The same where what the comparison depends on agrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dependent: Option<Dependent>,
    /// What part of the rarity of the agreed value counts, from 0 to 1.
    #[serde(default)]
    pub rarity: f32,
}

/// The probabilities of a level where what the comparison depends on agrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Dependent {
    /// For two records of one person.
    pub m: f32,
    /// For two people.
    pub u: f32,
}

impl Model {
    /// The built-in model of a national population of five and a half million, for judging records
    /// of which there is no file to train on. Its figures are estimates from the published error
    /// rates of British registers and are corrected by training.
    #[must_use]
    pub fn population() -> Self {
        Self {
            version: MODEL_VERSION,
            name: "population of Scotland".to_owned(),
            scope: Scope::Population,
            prior: -22.4,
            homes: Some(household::IN_A_NATION),
            known_people: 100_000.0,
            records: 5_500_000,
            records_each: 0.0,
            certain: 10.0,
            probable: 0.0,
            possible: -11.0,
            comparisons: (0..of_columns(0))
                .map(|at| Comparison::assumed(at, None))
                .collect(),
        }
    }

    /// The model for these records: its further columns in the order in which the records have them.
    /// A column that the model does not know counts for nothing.
    #[must_use]
    pub(crate) fn fitted(&self, people: &People) -> Self {
        let mut model = self.clone();
        let own = model
            .comparisons
            .split_off(at::OTHER.min(model.comparisons.len()));
        let columns = people.columns().iter();
        model.comparisons.extend(columns.map(|column| {
            let assumed = Comparison::of_column(column);
            let known = own.iter().find(|known| known.name == assumed.name);
            known.cloned().unwrap_or_else(|| assumed.silenced())
        }));
        if model.records == 0 {
            model.records = u32::try_from(people.len()).unwrap_or(u32::MAX);
        }
        model
    }

    /// The grade of a weight, before any rule.
    #[must_use]
    pub fn grade(&self, weight: f32) -> Grade {
        if weight >= self.certain {
            Grade::Certain
        } else if weight >= self.probable {
            Grade::Probable
        } else if weight >= self.possible {
            Grade::Possible
        } else {
            Grade::CertainlyNot
        }
    }

    /// The probability that a weight stands for.
    #[must_use]
    pub fn probability(weight: f32) -> f32 {
        let odds = weight.clamp(-100.0, 100.0).exp2();
        odds / (1.0 + odds)
    }

    /// The share of a value that nobody else has: no more than one record's, and as much less as
    /// the level is rare among strangers. Ten people in a file may have ten different numbers,
    /// but that does not make a number as common as one in ten.
    fn rarest(&self, u: f32, product: bool) -> f32 {
        let one = 1.0 / (self.records.max(1) as f32);
        if product {
            one * one
        } else {
            u.clamp(0.05 * one, one)
        }
    }

    pub(crate) fn weights(&self) -> Weights {
        let mut bits = vec![[[0.0; 16]; 2]; at::ALL];
        let mut rarity = vec![[0.0; 16]; at::ALL];
        let mut average = vec![[0.0; 16]; at::ALL];
        let mut rarest = vec![[0.0; 16]; at::ALL];
        let mut homes = Vec::with_capacity(self.comparisons.len());
        for (place, comparison) in self.comparisons.iter().enumerate() {
            homes.push(Worth::of(place, comparison));
            for (number, level) in comparison.levels.iter().enumerate() {
                let both = [
                    (level.m / level.u).log2(),
                    level
                        .dependent
                        .map_or((level.m / level.u).log2(), |with| (with.m / with.u).log2()),
                ];
                set(&mut rarity, place, number + 1, level.rarity);
                // A slip in a name is as telling as the name is rare: both are measured against
                // how often two people have one name.
                let whole = comparison.levels.iter().find(|first| first.rarity >= 1.0);
                let own = place == at::GIVEN && number + 1 == usize::from(SWAPPED);
                let against = if own {
                    level.u
                } else {
                    whole.map_or(level.u, |whole| whole.u)
                };
                set(&mut average, place, number + 1, against.log2());
                set(&mut rarest, place, number + 1, self.rarest(level.u, own));
                if let Some([alone, dependent]) = bits.get_mut(place) {
                    put(alone, number + 1, both[0]);
                    put(dependent, number + 1, both[1]);
                }
            }
        }
        Weights {
            bits,
            rarity,
            average,
            rarest,
            homes,
        }
    }
}

fn set(table: &mut [[f32; 16]], place: usize, level: usize, value: f32) {
    if let Some(row) = table.get_mut(place) {
        put(row, level, value);
    }
}

fn put(row: &mut [f32; 16], level: usize, value: f32) {
    if let Some(cell) = row.get_mut(level) {
        *cell = value;
    }
}

impl Comparison {
    /// The comparison of a further column, as it is assumed to be before training.
    #[must_use]
    pub fn of_column(column: &str) -> Self {
        Self::assumed(at::OTHER, Some(column))
    }

    /// The same, so that nothing it finds counts.
    #[must_use]
    pub fn silenced(&self) -> Self {
        let mut silent = self.clone();
        for level in &mut silent.levels {
            level.u = level.m;
            level.dependent = None;
            level.rarity = 0.0;
        }
        silent
    }

    /// A comparison as it is assumed to be before training.
    pub(crate) fn assumed(place: usize, column: Option<&str>) -> Self {
        let spec = spec(place);
        let name = column.map_or_else(|| spec.name.to_owned(), |column| format!("other:{column}"));
        Self {
            name,
            depends_on: spec
                .depends_on
                .map(|on| crate::compare::spec(on).name.to_owned()),
            levels: spec
                .levels
                .iter()
                .map(|level| Level {
                    name: level.name.to_owned(),
                    m: level.m,
                    u: level.u,
                    dependent: spec.depends_on.map(|_| Dependent {
                        m: level.with.0,
                        u: level.with.1,
                    }),
                    rarity: level.rarity,
                })
                .collect(),
        }
    }
}

/// A model in the form in which pairs are scored.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    /// By comparison, by whether what it depends on agrees, by level.
    bits: Vec<[[f32; 16]; 2]>,
    rarity: Vec<[f32; 16]>,
    /// The logarithm of the average share, which rarity is measured against.
    average: Vec<[f32; 16]>,
    /// No share is taken to be smaller than this.
    rarest: Vec<[f32; 16]>,
    /// What each comparison is worth against two people of one home.
    homes: Vec<Worth>,
}

impl Weights {
    /// The bits of one comparison: of its level, and of how rare the agreed value is.
    pub(crate) fn of(&self, place: usize, pattern: Pattern, share: f32) -> (f32, f32) {
        let level = usize::from(pattern.level(place));
        if level == 0 {
            return (0.0, 0.0);
        }
        let settled = is_settled(place, pattern);
        let cell = |table: &[[f32; 16]]| {
            table
                .get(place)
                .and_then(|row| row.get(level))
                .copied()
                .unwrap_or(0.0)
        };
        let bits = self
            .bits
            .get(place)
            .and_then(|both| both.get(usize::from(settled)))
            .and_then(|row| row.get(level))
            .copied()
            .unwrap_or(0.0);
        let part = cell(&self.rarity);
        if share <= 0.0 || part == 0.0 || settled {
            return (bits, 0.0);
        }
        let share = share.max(cell(&self.rarest));
        (bits, (cell(&self.average) - share.log2()) * part)
    }

    /// The bits of one comparison against two people of one home. `strangers` is what it is worth
    /// against strangers.
    pub(crate) fn at_home(
        &self,
        place: usize,
        pattern: Pattern,
        share: f32,
        strangers: f32,
    ) -> f32 {
        let level = pattern.level(place);
        if level == 0 {
            return 0.0;
        }
        if household::is_as_for_strangers(place, is_settled(place, pattern)) {
            return strangers;
        }
        let bits = self
            .homes
            .get(place)
            .map_or(0.0, |worth| worth.bits(level, share));
        if household::is_settled_by_name(place, pattern) {
            bits.min(0.0)
        } else {
            bits
        }
    }
}

/// Whether what a comparison depends on agrees.
pub(crate) fn is_settled(place: usize, pattern: Pattern) -> bool {
    spec(place).depends_on.is_some_and(|on| {
        let level = usize::from(pattern.level(on));
        let levels = spec(on).levels;
        level
            .checked_sub(1)
            .and_then(|at| levels.get(at))
            .is_some_and(|level| level.agrees)
    })
}
