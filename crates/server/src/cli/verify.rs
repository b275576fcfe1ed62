//! `candour verify`: checks an evidence pack offline, with the `ledger` crate and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use ledger::pack::{Content, Outcome, PackField, PackLink};
use ledger::{HeadCode, LogPublicKey, Pack, Report, Trust, Verdict, WitnessPublicKey};
use serde_json::{Value, json};

use super::{Exit, Failure, Style, say};

/// Check an evidence pack, offline
#[derive(Debug, Args)]
pub struct Verify {
    /// The pack
    #[arg(value_name = "PACK")]
    pack: PathBuf,
    #[command(flatten)]
    trusted: Trusted,
    /// The code on a letter: this list must begin with the one that had it
    #[arg(long, value_name = "CODE")]
    head: Option<String>,
    /// Also print every entry, field by field
    #[arg(long)]
    entries: bool,
    /// Fail also if a step is not shown
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(verify: &Verify, style: Style) -> Result<(), Failure> {
    let pack = read(&verify.pack)?;
    let pack = Pack::decode(&pack).map_err(|error| {
        let words = format!("{}: {error}", verify.pack.display());
        Failure::new(Exit::Invalid, words)
    })?;
    let log = verify.trusted.log_key()?;
    let witnesses = verify.trusted.witness_keys()?;
    let trust = Trust {
        log: log.as_ref(),
        quorum: verify.trusted.quorum(&witnesses),
        witnesses: &witnesses,
        code: verify.code()?,
    };
    let report = ledger::pack::verify(&pack, &trust);
    if style.json {
        say(&as_json(&report, verify.entries.then_some(&pack)));
    } else {
        report.findings.iter().for_each(|finding| {
            let state = words(&finding.outcome);
            say(&format!(
                "{state:<9}  {:<12}  {}",
                finding.step.code(),
                finding.outcome.words()
            ));
        });
        if verify.entries {
            pack.links.iter().enumerate().for_each(print);
        }
        say(&conclusion(&report));
    }
    judged(&report, verify.strict)
}

/// What whoever checks a file trusts: it comes from elsewhere, never from the file.
#[derive(Debug, Args)]
pub(super) struct Trusted {
    /// The log's key, in a file as its /log/vkey gives it
    #[arg(long, value_name = "FILE", conflicts_with = "origin_key")]
    key: Option<PathBuf>,
    /// The log's key itself, in the form name+id+key
    #[arg(long, value_name = "NOTE-KEY")]
    origin_key: Option<String>,
    /// The key of a witness, in the form name+id+key; repeat it for several
    #[arg(long = "witness", value_name = "NOTE-KEY")]
    witnesses: Vec<String>,
    /// How many of these witnesses must have seen the log; all of them unless said
    #[arg(long, value_name = "N", requires = "witnesses")]
    quorum: Option<usize>,
}

impl Trusted {
    pub(super) fn log_key(&self) -> Result<Option<LogPublicKey>, Failure> {
        let text = match (&self.key, &self.origin_key) {
            (Some(file), _) => String::from_utf8_lossy(&read(file)?).into_owned(),
            (None, Some(text)) => text.clone(),
            (None, None) => return Ok(None),
        };
        let key = LogPublicKey::from_vkey(text.trim());
        key.map(Some)
            .map_err(|error| Failure::new(Exit::Invalid, format!("the log's key: {error}")))
    }

    pub(super) fn witness_keys(&self) -> Result<Vec<WitnessPublicKey>, Failure> {
        let mut keys: Vec<WitnessPublicKey> = Vec::new();
        for text in &self.witnesses {
            let key = WitnessPublicKey::from_vkey(text.trim()).map_err(|error| {
                Failure::new(Exit::Invalid, format!("the witness's key {text}: {error}"))
            })?;
            // One witness named twice is still one.
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        Ok(keys)
    }

    /// How many of the witnesses must have seen the log.
    pub(super) fn quorum(&self, witnesses: &[WitnessPublicKey]) -> usize {
        self.quorum.unwrap_or(witnesses.len())
    }
}

impl Verify {
    fn code(&self) -> Result<Option<HeadCode>, Failure> {
        let code = self.head.as_deref().map(str::parse).transpose();
        code.map_err(|error: ledger::NotAHeadCode| Failure::new(Exit::Invalid, error.to_string()))
    }
}

pub(super) fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).map_err(|error| {
        let exit = match error.kind() {
            std::io::ErrorKind::NotFound => Exit::NotFound,
            _ => Exit::Failure,
        };
        Failure::new(exit, format!("{} cannot be read: {error}", file.display()))
    })
}

pub(super) fn words(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Holds(_) => "holds",
        Outcome::NotShown(_) => "not shown",
        Outcome::Fails(_) => "FALSE",
    }
}

fn steps(report: &Report, wanted: fn(&Outcome) -> bool) -> Vec<&'static str> {
    let found = report.findings.iter();
    let found = found.filter(|finding| wanted(&finding.outcome));
    found.map(|finding| finding.step.code()).collect()
}

fn not_shown(report: &Report) -> Vec<&'static str> {
    steps(report, |outcome| matches!(outcome, Outcome::NotShown(_)))
}

fn conclusion(report: &Report) -> String {
    let (entries, log) = (report.entries, &report.origin);
    let found = match report.verdict() {
        Verdict::Proven => "proven: the list is unaltered and complete".to_owned(),
        Verdict::ProvenInPart => format!(
            "proven in part: nothing is false; not shown: {}",
            not_shown(report).join(", ")
        ),
        Verdict::False => "FALSE: this list is not what the log holds".to_owned(),
    };
    format!(
        "\n{found}\nentries: {entries}, log: {log}, code of the list: {}",
        report.code
    )
}

fn judged(report: &Report, strict: bool) -> Result<(), Failure> {
    match report.verdict() {
        Verdict::False => {
            let steps = steps(report, |outcome| matches!(outcome, Outcome::Fails(_)));
            let words = format!("the pack does not hold: {}", steps.join(", "));
            Err(Failure::new(Exit::Invalid, words))
        }
        Verdict::ProvenInPart if strict => {
            let words = format!("the pack does not show: {}", not_shown(report).join(", "));
            Err(Failure::new(Exit::NotShown, words))
        }
        Verdict::Proven | Verdict::ProvenInPart => Ok(()),
    }
}

fn print((place, link): (usize, &PackLink)) {
    match &link.content {
        Content::Erased => say(&format!("\nentry {place}: erased")),
        Content::Open { fields, .. } => {
            say(&format!("\nentry {place}"));
            for field in fields {
                match field {
                    PackField::Shown { field, .. } if field.value.is_empty() => {}
                    PackField::Shown { field, .. } => {
                        let value = String::from_utf8_lossy(&field.value);
                        say(&format!("  {}: {}", field.name, value.escape_debug()));
                    }
                    PackField::Withheld { reason, .. } => {
                        say(&format!("  (a field is withheld: {})", reason.words()));
                    }
                }
            }
        }
    }
}

fn as_json(report: &Report, entries: Option<&Pack>) -> Value {
    let steps: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "step": finding.step.code(),
                "outcome": finding.outcome.code(),
                "found": finding.outcome.words(),
            })
        })
        .collect();
    let mut result = json!({
        "verdict": report.verdict().code(),
        "origin": report.origin,
        "log_size": report.log_size,
        "view": ledger::Hash(report.view.0).to_string(),
        "entries": report.entries,
        "code": report.code.to_string(),
        "steps": steps,
    });
    if let (Some(pack), Some(result)) = (entries, result.as_object_mut()) {
        let list = pack.links.iter().map(entry).collect();
        result.insert("list".to_owned(), Value::Array(list));
    }
    result
}

fn entry(link: &PackLink) -> Value {
    let mut withheld = Vec::new();
    let mut shown = serde_json::Map::new();
    let mut time = Value::Null;
    if let Content::Open {
        time_us, fields, ..
    } = &link.content
    {
        time = json!(time_us);
        for field in fields {
            match field {
                PackField::Shown { field, .. } => {
                    let value = String::from_utf8_lossy(&field.value).into_owned();
                    shown.insert(field.name.clone(), Value::String(value));
                }
                PackField::Withheld { reason, .. } => withheld.push(reason.words()),
            }
        }
    }
    json!({
        "commitment": link.commitment.to_string(),
        "log_index": link.place.as_ref().map(|place| place.index),
        "erased": link.content == Content::Erased,
        "time_us": time,
        "fields": shown,
        "withheld": withheld,
    })
}
