//! One run: files are read, their rows become records, the engine says who is who.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use linkage::{
    Constraints, Explanation, Grade, Mode, Model, Options, Outcome, Pair, People, Progress, Stage,
};
use serde::Serialize;

use super::guess::{Guess, Told, guess, remarks};
use super::mapping::Mapping;
use super::people::Reader;
use super::quality::{Quality, quality};
use super::source::{SourceError, identify, places, read};
use super::table::Table;

/// What is to be done.
#[derive(Debug, Clone, Default)]
pub struct Job {
    /// One file to find the same people in, or two to link.
    pub files: Vec<PathBuf>,
    /// What was said of columns.
    pub told: Told,
    /// A model to judge by; otherwise one is trained on the files.
    pub model: Option<Model>,
    /// Where chance is needed, it comes from here.
    pub seed: u64,
    /// The least weight that joins records into one cluster, if not the model's own for certainty.
    pub joins_at: Option<f32>,
    /// Columns by whose values errors are counted apart.
    pub by: Vec<String>,
    /// This year, by which a birth can be in the future.
    pub year: u16,
}

/// A file as it was read.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Its rows, with ids.
    pub table: Table,
    /// What its columns were taken for.
    pub guesses: Vec<Guess>,
    /// What its data are like.
    pub quality: Quality,
}

/// How long each part took, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Seconds {
    /// Reading files and guessing columns.
    pub read: f64,
    /// Making records comparable.
    pub prepare: f64,
    /// Finding pairs worth comparing.
    pub find: f64,
    /// Training the model.
    pub train: f64,
    /// Judging pairs.
    pub score: f64,
    /// Putting records together.
    pub cluster: f64,
}

impl Seconds {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.read + self.prepare + self.find + self.train + self.score + self.cluster
    }
}

/// Hears when stages begin, and passes everything on.
struct Timed<'a> {
    inner: &'a dyn Progress,
    stages: Mutex<Vec<(Stage, Instant)>>,
}

impl Progress for Timed<'_> {
    fn stage(&self, stage: Stage, total: u64) {
        let mut stages = self.stages.lock().unwrap_or_else(PoisonError::into_inner);
        stages.push((stage, Instant::now()));
        self.inner.stage(stage, total);
    }

    fn advance(&self, steps: u64) {
        self.inner.advance(steps);
    }
}

impl Timed<'_> {
    /// Adds to each stage the time from its beginning to that of the next.
    fn add_to(self, seconds: &mut Seconds) {
        let stages = self
            .stages
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let ends = stages.iter().skip(1).map(|(_, began)| *began);
        for ((stage, began), end) in stages.iter().zip(ends.chain([Instant::now()])) {
            let part = match stage {
                Stage::Candidates => &mut seconds.find,
                Stage::Training => &mut seconds.train,
                Stage::Scoring => &mut seconds.score,
                Stage::Clustering => &mut seconds.cluster,
            };
            *part += end.duration_since(*began).as_secs_f64();
        }
    }
}

/// Files ready to be matched.
pub struct Ready {
    /// What was read, in the order of the files.
    pub files: Vec<Loaded>,
    /// All rows of all files, one file after the other.
    pub people: People,
    /// The truth of each row, if there is a column of it.
    pub truth: Option<Vec<String>>,
    /// How long it took.
    pub seconds: Seconds,
}

/// What came of it.
pub struct Matched {
    /// The files.
    pub ready: Ready,
    /// What the engine found.
    pub outcome: Outcome,
    /// One file, or two to link.
    pub mode: Mode,
}

impl Job {
    /// One file is searched for people who are in it twice, two are linked.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self.files.len() {
            2 => Mode::Link,
            _ => Mode::Dedupe,
        }
    }

    /// Reads the files.
    ///
    /// # Errors
    /// If one cannot be used, or a column that was named is in none.
    pub fn read(&self) -> Result<Ready, SourceError> {
        let began = Instant::now();
        let tables: Vec<Table> = self
            .files
            .iter()
            .map(|path| read(path))
            .collect::<Result<_, _>>()?;
        self.find_named(&tables)?;
        let files: Vec<Loaded> = tables
            .into_iter()
            .map(|table| self.load(table))
            .collect::<Result<_, _>>()?;
        let truth = self.told.truth.as_ref().map(|column| truth(&files, column));
        let read = began.elapsed().as_secs_f64();
        let mut people = People::new();
        for file in &files {
            let source = name_of(&file.table.path, &files);
            let reader = Reader::of(&file.table, &file.guesses, &source);
            for row in 0..file.table.len() {
                people.add(&reader.record(row));
            }
        }
        let seconds = Seconds {
            read,
            prepare: began.elapsed().as_secs_f64() - read,
            ..Seconds::default()
        };
        Ok(Ready {
            files,
            people,
            truth,
            seconds,
        })
    }

    /// A column that is named must be in a file: a slip in `--ignore` would match by the answer.
    fn find_named(&self, tables: &[Table]) -> Result<(), SourceError> {
        for name in &self.told.ids {
            for table in tables {
                places(table, std::slice::from_ref(name))?;
            }
        }
        let named = self.told.ignored.iter().chain(&self.told.truth);
        let named = named.chain(&self.by).cloned();
        let mapped = self.told.mapping.columns().map(str::to_owned);
        for name in named.chain(mapped) {
            let somewhere = tables.iter().any(|table| table.column(&name).is_some());
            if let Some(table) = tables.first().filter(|_| !somewhere) {
                places(table, &[name])?;
            }
        }
        Ok(())
    }

    fn load(&self, table: Table) -> Result<Loaded, SourceError> {
        let mut told = self.told.clone();
        if told.ids.is_empty() {
            told.ids = ids_of(&told.mapping, &table);
        }
        let guesses = guess(&table, &told);
        let mut table = identify(table, &guesses)?;
        table.notes.remarks.extend(remarks(&guesses));
        let quality = quality(&table, &guesses, self.year);
        Ok(Loaded {
            table,
            guesses,
            quality,
        })
    }

    /// Says who is who.
    #[must_use]
    pub fn resolve(&self, mut ready: Ready, progress: &dyn Progress) -> Matched {
        let timed = Timed {
            inner: progress,
            stages: Mutex::default(),
        };
        let mode = self.mode();
        let options = Options {
            mode,
            seed: self.seed,
            model: self.model.clone(),
            ..Options::default()
        };
        let mut outcome = linkage::resolve(&ready.people, &options, &timed);
        if let Some(at) = self.joins_at {
            outcome.clusters = linkage::cluster(
                &ready.people,
                &outcome.model,
                &outcome.pairs,
                mode,
                &Constraints::default(),
                at,
            );
        }
        timed.add_to(&mut ready.seconds);
        Matched {
            ready,
            outcome,
            mode,
        }
    }
}

fn ids_of(mapping: &Mapping, table: &Table) -> Vec<String> {
    let ids = mapping.ids().filter(|name| table.column(name).is_some());
    ids.map(str::to_owned).collect()
}

/// What a file is called among the files: two of one name in two folders are told apart.
fn name_of(path: &Path, files: &[Loaded]) -> String {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    let alike = files
        .iter()
        .filter(|file| file.table.path.file_name() == path.file_name());
    match name {
        Some(name) if alike.count() == 1 => name,
        _ => path.display().to_string(),
    }
}

fn truth(files: &[Loaded], column: &str) -> Vec<String> {
    let mut truth = Vec::new();
    for file in files {
        let place = file
            .table
            .column(column)
            .and_then(|at| file.table.columns.get(at));
        for row in 0..file.table.len() {
            truth.push(place.map_or("", |column| column.value(row)).to_owned());
        }
    }
    truth
}

impl Ready {
    /// In which file a record is, and which row of it.
    #[must_use]
    pub fn place(&self, record: u32) -> (usize, usize) {
        let mut row = record as usize;
        for (number, file) in self.files.iter().enumerate() {
            if row < file.table.len() {
                return (number, row);
            }
            row -= file.table.len();
        }
        (0, 0)
    }

    /// The id of a record.
    #[must_use]
    pub fn id(&self, record: u32) -> &str {
        let (file, row) = self.place(record);
        let file = self.files.get(file);
        file.and_then(|file| file.table.ids.get(row))
            .map_or("", String::as_str)
    }

    /// The record of an id, in one of the files or in any.
    #[must_use]
    pub fn find(&self, id: &str, file: Option<usize>) -> Option<u32> {
        let mut before = 0usize;
        for (number, loaded) in self.files.iter().enumerate() {
            if file.is_none_or(|file| file == number)
                && let Some(row) = loaded.table.ids.iter().position(|known| known == id)
            {
                return u32::try_from(before + row).ok();
            }
            before += loaded.table.len();
        }
        None
    }

    /// What speaks for and against two records being of one person; nothing if nobody may learn
    /// that they were compared.
    #[must_use]
    pub fn explain(&self, model: &Model, left: u32, right: u32) -> Option<Explanation> {
        linkage::explain(&self.people, model, left, right)
    }

    /// What stands in the compared columns of two records, side by side.
    #[must_use]
    pub fn beside(&self, left: u32, right: u32) -> Vec<Beside> {
        let mut rows: Vec<Beside> = Vec::new();
        for (second, record) in [(false, left), (true, right)] {
            let (file, row) = self.place(record);
            let Some(file) = self.files.get(file) else {
                continue;
            };
            let reader = Reader::of(&file.table, &file.guesses, "");
            for (column, _, value) in reader.values(row) {
                let known = rows.iter_mut().find(|beside| beside.column == column);
                match known {
                    Some(beside) if second => value.clone_into(&mut beside.right),
                    _ => {
                        let mut beside = Beside::of(column);
                        let side = if second {
                            &mut beside.right
                        } else {
                            &mut beside.left
                        };
                        value.clone_into(side);
                        rows.push(beside);
                    }
                }
            }
        }
        rows.retain(|beside| !(beside.left.is_empty() && beside.right.is_empty()));
        rows
    }
}

/// One column of two records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Beside {
    /// The column.
    pub column: String,
    /// What it says in the one.
    pub left: String,
    /// What it says in the other.
    pub right: String,
}

impl Beside {
    fn of(column: &str) -> Self {
        Self {
            column: column.to_owned(),
            left: String::new(),
            right: String::new(),
        }
    }

    /// Whether both say something, and the same.
    #[must_use]
    pub fn agrees(&self) -> bool {
        !self.left.is_empty() && self.left.to_lowercase() == self.right.to_lowercase()
    }
}

/// How many records are of how many people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Clusters {
    /// Clusters, those of one record included: people, as far as is certain.
    pub people: usize,
    /// Clusters of two records or more.
    pub several: usize,
    /// Records in the largest.
    pub largest: usize,
}

impl Matched {
    /// Pairs of a grade.
    #[must_use]
    pub fn count(&self, grade: Grade) -> usize {
        self.outcome
            .pairs
            .iter()
            .filter(|pair| pair.grade == grade)
            .count()
    }

    /// What came of the clusters.
    #[must_use]
    pub fn clusters(&self) -> Clusters {
        let mut sizes = vec![0usize; self.outcome.clusters.len()];
        for cluster in &self.outcome.clusters {
            if let Some(size) = sizes.get_mut(*cluster as usize) {
                *size += 1;
            }
        }
        Clusters {
            people: sizes.iter().filter(|size| **size > 0).count(),
            several: sizes.iter().filter(|size| **size > 1).count(),
            largest: sizes.iter().copied().max().unwrap_or_default(),
        }
    }

    /// The pairs that are told: of at least this grade, or of at least this probability.
    pub fn told(&self, told: Threshold) -> impl Iterator<Item = &Pair> {
        self.outcome
            .pairs
            .iter()
            .filter(move |pair| told.takes(pair))
    }
}

/// Which pairs are told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Threshold {
    /// Those of at least this grade.
    Grade(Grade),
    /// Those of at least this probability; with 0 also those that a rule forbids.
    Probability(f32),
}

impl Threshold {
    fn takes(self, pair: &Pair) -> bool {
        match self {
            Self::Grade(grade) => pair.grade >= grade,
            Self::Probability(least) => pair.probability >= least,
        }
    }
}
