//! In what order an import is carried out: what others refer to comes first, whatever file it is
//! in. A first look at every file counts what is there, so that the time left can be told and each
//! file is read again only for the ranks that it has.

use std::io;

use super::files::Source;
use super::items::{Content, Item, read};

/// How many ranks there are.
pub const RANKS: usize = 8;

/// Organisations before their places and people, people before what is about them.
#[must_use]
pub fn rank(item: &Item) -> usize {
    if item.is_directory {
        return 3;
    }
    match item.resource_type.as_str() {
        "Organization" => 0,
        "Location" | "Practitioner" => 1,
        "PractitionerRole" | "HealthcareService" | "Medication" | "Substance" => 2,
        "Patient" => 4,
        "Encounter" | "EpisodeOfCare" => 5,
        "Provenance" | "List" | "Composition" | "AuditEvent" => 7,
        _ if matches!(item.content, Content::TooLong) => 0,
        _ => 6,
    }
}

/// The files of an import, and what each holds.
#[derive(Debug)]
pub struct Plan {
    /// The files.
    pub sources: Vec<Source>,
    /// For each file, how many items of each rank.
    pub counts: Vec<[u64; RANKS]>,
}

impl Plan {
    /// Looks through the files.
    ///
    /// # Errors
    /// If one cannot be read, with its path in the message.
    pub fn of(sources: Vec<Source>) -> io::Result<Self> {
        let mut counts = Vec::with_capacity(sources.len());
        for source in &sources {
            let mut count = [0; RANKS];
            read(source, |item| {
                count[rank(&item)] += 1;
                Ok::<(), io::Error>(())
            })
            .map_err(|error| {
                let words = format!("{} cannot be read: {error}", source.path.display());
                io::Error::new(error.kind(), words)
            })?;
            counts.push(count);
        }
        Ok(Self { sources, counts })
    }

    /// How many items there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().flatten().sum()
    }

    /// Each rank in order, with each file that has something of it.
    pub fn passes(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..RANKS).flat_map(move |rank| {
            (0..self.sources.len())
                .filter(move |file| self.counts[*file][rank] > 0)
                .map(move |file| (rank, file))
        })
    }
}
