//! What the command line of `candour match` may ask for.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use linkage::Grade;

use crate::matching::job::Threshold;

/// How files are matched and what is written.
#[derive(Debug, Args)]
pub(super) struct How {
    /// The column that names the rows; several are joined by a hyphen
    #[arg(long, value_name = "COLUMN")]
    pub(super) id: Vec<String>,
    /// A column that is not to be compared
    #[arg(long, value_name = "COLUMN")]
    pub(super) ignore: Vec<String>,
    /// A column that says who is who: never compared, only used to measure the result
    #[arg(long, value_name = "COLUMN")]
    pub(super) truth: Option<String>,
    /// A column by whose values errors are counted apart, such as sex; of a date of birth by age
    #[arg(long, value_name = "COLUMN", requires = "truth")]
    pub(super) by: Vec<String>,
    /// Which column is what, as TOML or JSON
    #[arg(long, value_name = "FILE")]
    pub(super) mapping: Option<PathBuf>,
    /// Where to write what was guessed of columns, to change it and give it back
    #[arg(long, value_name = "FILE")]
    pub(super) write_mapping: Option<PathBuf>,
    /// Where to write the pairs, as CSV
    #[arg(long, value_name = "FILE")]
    pub(super) pairs: Option<PathBuf>,
    /// Where to write the cluster of each row, as CSV
    #[arg(long, value_name = "FILE")]
    pub(super) clusters: Option<PathBuf>,
    /// Where to write the model, as JSON
    #[arg(long, value_name = "FILE")]
    pub(super) model: Option<PathBuf>,
    /// Where to write the report, as one HTML page
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    /// Where to list rows that cannot be read, with line and reason
    #[arg(long, value_name = "FILE", default_value = "rejects.ndjson")]
    pub(super) rejects: PathBuf,
    /// Write pairs of at least this probability; with 0 all that were judged
    #[arg(long, value_name = "P", value_parser = probability, conflicts_with = "grade")]
    pub(super) threshold: Option<f32>,
    /// Write pairs of at least this grade
    #[arg(long, value_enum, default_value_t = AskedGrade::Possible)]
    grade: AskedGrade,
    /// Join rows into one cluster from this probability on, instead of when it is certain
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(super) join_at: Option<f32>,
    /// Judge by this model, which an earlier --model wrote or Splink saved, instead of training one
    #[arg(long, value_name = "FILE")]
    pub(super) use_model: Option<PathBuf>,
    /// Where chance is needed, begin with this number
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(super) seed: u64,
    /// Say why two rows are, or are not, of one person
    #[arg(long, value_names = ["ID", "ID"], num_args = 2)]
    pub(super) explain: Option<Vec<String>>,
}

impl How {
    /// Whether no file of results is asked for.
    pub(super) fn writes_nothing(&self) -> bool {
        [&self.pairs, &self.clusters, &self.model, &self.report]
            .iter()
            .all(|path| path.is_none())
    }
}

/// A grade as it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AskedGrade {
    Certain,
    Probable,
    Possible,
}

/// Which pairs are to be written.
pub(super) fn threshold(how: &How) -> Threshold {
    match (how.threshold, how.grade) {
        (Some(least), _) => Threshold::Probability(least),
        (None, AskedGrade::Certain) => Threshold::Grade(Grade::Certain),
        (None, AskedGrade::Probable) => Threshold::Grade(Grade::Probable),
        (None, AskedGrade::Possible) => Threshold::Grade(Grade::Possible),
    }
}

fn probability(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => Err("a probability is a number from 0 to 1".to_owned()),
    }
}

/// The weight of a probability.
pub(super) fn bits(probability: f32) -> f32 {
    (probability / (1.0 - probability))
        .log2()
        .clamp(-100.0, 100.0)
}
