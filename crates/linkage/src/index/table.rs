//! Which rows stand under which key.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::People;

/// The first half of a key's hash, and a row. Two keys of one half meet in vain now and then; what
/// they bring together is compared like anybody.
pub(super) type Entry = (u32, u32);

pub(super) fn entry(key: u64, row: u32) -> Entry {
    (u32::try_from(key >> 32).unwrap_or(0), row)
}

/// Sorted entries, and those that came since.
#[derive(Debug, Default)]
pub(super) struct Table {
    sorted: Vec<Entry>,
    /// Where the entries of each first sixteen bits begin.
    starts: Vec<u32>,
    since: HashMap<u32, Vec<u32>>,
    /// Rows that are sorted in.
    settled: usize,
    unsettled: usize,
}

impl Table {
    pub(super) fn add(&mut self, entries: &[Entry]) {
        self.unsettled += 1;
        for (key, row) in entries {
            self.since.entry(*key).or_default().push(*row);
        }
    }

    pub(super) fn unsettled(&self) -> usize {
        self.unsettled
    }

    /// The rows under a key.
    pub(super) fn under(&self, key: u32) -> impl Iterator<Item = u32> {
        let bucket = (key >> 16) as usize;
        let start = self.starts.get(bucket).copied().unwrap_or(0) as usize;
        let end = self.starts.get(bucket + 1).copied().unwrap_or(0) as usize;
        let bucket = self.sorted.get(start..end).unwrap_or_default();
        let from = bucket.partition_point(|(known, _)| *known < key);
        let since = self.since.get(&key).map_or(&[][..], Vec::as_slice);
        bucket
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(move |(known, _)| *known == key)
            .map(|(_, row)| *row)
            .chain(since.iter().copied())
    }

    /// Sorts in all rows that are not yet, and drops those that are gone.
    pub(super) fn settle(&mut self, people: &People, gone: &[bool]) {
        let stays = |row: u32| !gone.get(row as usize).copied().unwrap_or(true);
        let (first, last) = (
            u32::try_from(self.settled).unwrap_or(u32::MAX),
            u32::try_from(people.len()).unwrap_or(u32::MAX),
        );
        let mut all = std::mem::take(&mut self.sorted);
        all.retain(|(_, row)| stays(*row));
        let new: Vec<Vec<Entry>> = (first..last)
            .into_par_iter()
            .filter(|row| stays(*row))
            .fold(Vec::new, |mut entries, row| {
                super::entries_of(people, row, &mut entries);
                entries
            })
            .collect();
        all.reserve_exact(new.iter().map(Vec::len).sum());
        for mut part in new {
            all.append(&mut part);
        }
        all.par_sort_unstable();
        all.dedup();
        all.shrink_to_fit();
        self.sorted = all;
        self.since = HashMap::new();
        self.settled = people.len();
        self.unsettled = 0;
        if self.sorted.is_empty() {
            self.starts = Vec::new();
            return;
        }
        self.starts = (0..=1 << 16)
            .map(|bucket: u64| {
                let at = self
                    .sorted
                    .partition_point(|(key, _)| u64::from(*key) >> 16 < bucket);
                u32::try_from(at).unwrap_or(u32::MAX)
            })
            .collect();
    }

    pub(super) fn bytes(&self) -> usize {
        self.sorted.capacity() * size_of::<Entry>() + self.starts.capacity() * 4
    }
}
