//! One person sought among everybody.
//!
//! The keys of all records stand in one sorted array; what was added since stands beside it until
//! [`Index::settle`] sorts it in. A search reads and leaves nothing behind, so any number of threads
//! may search at once.

mod apart;
mod enough;
mod table;

use std::collections::HashMap;
use std::hash::Hash;

use crate::candidates::{LIVE, keys};
use crate::compare::Comparer;
use crate::explain::explanation;
use crate::people::{Guest, Lexicon, Row};
use crate::rules::Rule;
use crate::score::{Judged, Scorer};
use crate::{Explanation, Grade, Model, People, Record};

pub use apart::judge_alone;
pub use enough::{Missing, missing};
use table::{Entry, Table, entry};

/// More records than this under one key are not looked at, unless no other key finds anybody.
const CROWD: usize = 48;
/// No search looks at more records than this.
const MOST: usize = 160;

/// Everybody, ready to be searched. Each record stands under a key of its owner's choice.
#[derive(Debug)]
pub struct Index<K = u64> {
    scorer: Scorer<'static>,
    people: People,
    /// For each row, the key under which it was added.
    keys: Vec<K>,
    /// For each key, its row.
    rows: HashMap<K, u32>,
    /// Rows that were removed or replaced.
    gone: Vec<bool>,
    table: Table,
}

/// Somebody who may be the one sought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit<K = u64> {
    /// The key under which the record was added.
    pub key: K,
    /// The logarithm to base 2 of the odds that this is the one.
    pub weight: f32,
    /// The same as a probability: FHIR's `search.score`.
    pub probability: f32,
    /// How sure that is after all rules.
    pub grade: Grade,
    /// The rule that allowed no more than this grade.
    pub rule: Option<Rule>,
}

impl<K: Copy + Ord + Hash> Index<K> {
    /// Nobody yet. The model is usually [`Model::population`].
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self::of(model, std::iter::empty())
    }

    /// Everybody at once, settled.
    #[must_use]
    pub fn of(model: Model, records: impl IntoIterator<Item = (K, Record)>) -> Self {
        let mut index = Self {
            scorer: Scorer::with(model),
            people: People::new(),
            keys: Vec::new(),
            rows: HashMap::new(),
            gone: Vec::new(),
            table: Table::default(),
        };
        for (key, record) in records {
            index.put(key, &record);
        }
        index.settle();
        index
    }

    /// How many records can be found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a record, or puts it in the place of the one that has its key. It is found at once.
    pub fn add(&mut self, key: K, record: &Record) {
        let row = self.put(key, record);
        let mut found = Vec::new();
        entries_of(&self.people, row, &mut found);
        self.table.add(&found);
    }

    /// Adds a record that is found from the next [`Index::settle`] on: for adding many at once.
    pub fn stage(&mut self, key: K, record: &Record) {
        self.put(key, record);
    }

    /// By what it is judged who is who.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.scorer.model
    }

    fn put(&mut self, key: K, record: &Record) -> u32 {
        self.remove(key);
        let row = self.people.add(record);
        self.keys.push(key);
        self.gone.push(false);
        self.rows.insert(key, row);
        row
    }

    /// Takes a record out; says whether there was one.
    pub fn remove(&mut self, key: K) -> bool {
        let Some(row) = self.rows.remove(&key) else {
            return false;
        };
        if let Some(gone) = self.gone.get_mut(row as usize) {
            *gone = true;
        }
        self.people.discount(row);
        true
    }

    /// How many records were added since the last [`Index::settle`].
    #[must_use]
    pub fn unsettled(&self) -> usize {
        self.table.unsettled()
    }

    /// Sorts in what was added and drops what was removed. Searches before and after find the same.
    pub fn settle(&mut self) {
        let gone = self.gone.iter().filter(|gone| **gone).count();
        if gone > self.keys.len() / 4 {
            self.compact();
        }
        self.table.settle(&self.people, &self.gone);
        self.keys.shrink_to_fit();
        self.gone.shrink_to_fit();
        self.rows.shrink_to_fit();
        self.people.shrink();
    }

    /// Numbers the rows anew without those that are gone.
    fn compact(&mut self) {
        let gone = std::mem::take(&mut self.gone);
        let stays = |row: usize| !gone.get(row).copied().unwrap_or(true);
        self.people.keep(stays);
        let keys = std::mem::take(&mut self.keys);
        self.keys = keys
            .into_iter()
            .enumerate()
            .filter(|(row, _)| stays(*row))
            .map(|(_, key)| key)
            .collect();
        self.gone = vec![false; self.keys.len()];
        self.rows = (0..)
            .zip(&self.keys)
            .map(|(row, key)| (*key, row))
            .collect();
        self.table = Table::default();
    }

    /// Finds whom a record may be of, surest first, at most `limit`. Who is sealed or protected is
    /// found by the same national number only, and is otherwise as if not there.
    #[must_use]
    pub fn find(&self, record: &Record, limit: usize) -> Vec<Hit<K>> {
        let (units, guest) = self.people.visit(record);
        let sought = Row::read(&units);
        let mut comparer = Comparer::with_guest(&self.people, &guest, self.model());
        let mut hits: Vec<Hit<K>> = self
            .candidates(&sought, &guest)
            .into_iter()
            .filter_map(|row| {
                let theirs = self.people.row(row);
                if self.scorer.are_two_at_once(&comparer, &sought, &theirs) {
                    return None;
                }
                let judged = self.scorer.judge(&mut comparer, &sought, &theirs)?;
                self.hit(row, &judged)
            })
            .collect();
        hits.sort_unstable_by(|one, other| {
            let surer = other.grade.cmp(&one.grade);
            let heavier = other.weight.total_cmp(&one.weight);
            surer.then(heavier).then(one.key.cmp(&other.key))
        });
        hits.truncate(limit);
        hits
    }

    fn hit(&self, row: u32, judged: &Judged) -> Option<Hit<K>> {
        let key = *self.keys.get(row as usize)?;
        (judged.grade > Grade::CertainlyNot).then_some(Hit {
            key,
            weight: judged.weight,
            probability: judged.probability(),
            grade: judged.grade,
            rule: judged.rule,
        })
    }

    /// Why a record is, or is not, of whoever has this key. `None` if nobody has, or if nobody may
    /// learn that they were compared.
    #[must_use]
    pub fn explain(&self, record: &Record, key: K) -> Option<Explanation> {
        let row = self.people.row(*self.rows.get(&key)?);
        let (units, guest) = self.people.visit(record);
        let mut comparer = Comparer::with_guest(&self.people, &guest, self.model());
        let judged = self.scorer.judge(&mut comparer, &Row::read(&units), &row)?;
        Some(explanation(&self.scorer, &judged))
    }

    /// Everybody here with whom a record is worth comparing, however many they are. Nothing is
    /// compared, so whoever is here changes nothing about another.
    #[must_use]
    pub fn near(&self, record: &Record) -> Vec<K> {
        let (units, guest) = self.people.visit(record);
        let lexicon = Lexicon {
            people: &self.people,
            guest: Some(&guest),
        };
        let sought = Row::read(&units);
        let mut rows: Vec<u32> = Vec::new();
        for sort in LIVE {
            keys(lexicon, &sought, sort, &mut |key| {
                rows.extend(self.table.under(entry(key, 0).0));
            });
        }
        let mut near: Vec<K> = rows
            .into_iter()
            .filter(|row| !self.gone.get(*row as usize).copied().unwrap_or(true))
            .filter_map(|row| self.keys.get(row as usize).copied())
            .collect();
        near.sort_unstable();
        near.dedup();
        near
    }

    /// Rows that share a key with the one sought.
    fn candidates(&self, sought: &Row<'_>, guest: &Guest) -> Vec<u32> {
        let lexicon = Lexicon {
            people: &self.people,
            guest: Some(guest),
        };
        let mut found: Vec<u32> = Vec::new();
        let mut smallest_crowd: Option<Vec<u32>> = None;
        for sort in LIVE {
            keys(lexicon, sought, sort, &mut |key| {
                let before = found.len();
                found.extend(self.table.under(entry(key, 0).0).take(MOST + 1));
                let many = found.len() - before;
                if many > CROWD {
                    let known = smallest_crowd.as_ref().map_or(usize::MAX, Vec::len);
                    let block = found.drain(before..);
                    if many < known {
                        smallest_crowd = Some(block.collect());
                    }
                }
            });
        }
        if found.is_empty() {
            found = smallest_crowd.unwrap_or_default();
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|row| !self.gone.get(*row as usize).copied().unwrap_or(true));
        found.truncate(MOST);
        found
    }

    /// About how many bytes everything takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let rows = self.rows.capacity() * (size_of::<(K, u32)>() + 1);
        self.people.bytes()
            + self.table.bytes()
            + self.keys.capacity() * size_of::<K>()
            + self.gone.capacity()
            + rows
    }
}

/// The entries of one row.
fn entries_of(people: &People, row: u32, entries: &mut Vec<Entry>) {
    let packed = people.row(row);
    for sort in LIVE {
        keys(Lexicon::of(people), &packed, sort, &mut |key| {
            entries.push(entry(key, row));
        });
    }
}
