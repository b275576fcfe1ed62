//! `candour audit`: who claims each leaf of the log. The exchange writes the audit for an auditor's
//! key; the auditor checks it alone.

mod requests;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::Clock;
use domain::time::draw;
use ledger::audit::{Audit as Claims, AuditReport, HeldCounts, verify as check_claims};
use ledger::pack::Outcome;
use ledger::{EntryKey, Trust, Verdict};
use serde_json::{Value, json};
use sharing::screened::opened::{self, AgencyLine};

use super::verify::{Trusted, read, words};
use super::{Exit, Failure, Style, Where, clock, pack, runtime, say};
use crate::chance::SystemChance;
use crate::clock::SystemClock;
use crate::keys::{read_secret, write_secret};
use crate::wiring;

/// See who claims each leaf of the log, and how much is held back
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Make an auditor's key, in a new file that only its owner may read
    Key {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Write the claims to every leaf of an exchange's log, sealed for an auditor
    Write(Write),
    /// Check what an exchange wrote for the auditor, offline
    Check(Check),
    /// Say what stands in an agency's own chain: searches that met nobody, and who opened what is
    /// withheld in entries that the agency wrote
    Agency(Agency),
    /// Say how often agencies were asked for information in a quarter, and what they answered
    Requests(requests::Requests),
}

/// Read an agency's own chain
#[derive(Debug, Args)]
pub struct Agency {
    #[command(flatten)]
    place: Where,
    /// The agency's id in the directory
    #[arg(value_name = "AGENCY")]
    agency: String,
}

/// Write the claims
#[derive(Debug, Args)]
pub struct Write {
    #[command(flatten)]
    place: Where,
    /// The auditor's key
    #[arg(long, value_name = "FILE")]
    auditor: PathBuf,
    /// The file to write; it must not be there
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Check the claims
#[derive(Debug, Args)]
pub struct Check {
    /// What the exchange wrote
    #[arg(value_name = "AUDIT")]
    audit: PathBuf,
    /// The auditor's key
    #[arg(long, value_name = "FILE")]
    auditor: PathBuf,
    #[command(flatten)]
    trusted: Trusted,
    /// Fail also if a step is not shown
    #[arg(long)]
    strict: bool,
}

pub(super) fn run(audit: &Audit, style: Style) -> Result<(), Failure> {
    match audit {
        Audit::Key { file } => {
            let key = draw::<32>(&SystemChance);
            write_secret(file, &key).map_err(|error| {
                let exit = if file.exists() {
                    Exit::Conflict
                } else {
                    Exit::Failure
                };
                Failure::new(exit, format!("{:#}", anyhow::Error::from(error)))
            })?;
            say(&file.display());
            Ok(())
        }
        Audit::Write(write) => written(write, style),
        Audit::Check(check) => checked(check, style),
        Audit::Agency(agency) => of_agency(agency, style),
        Audit::Requests(requests) => requests::run(requests, style),
    }
}

fn auditor(file: &std::path::Path) -> Result<EntryKey, Failure> {
    let key = read_secret(file).context("the auditor's key")?;
    Ok(EntryKey::new(*key))
}

fn written(write: &Write, style: Style) -> Result<(), Failure> {
    let key = auditor(&write.auditor)?;
    let config = write.place.config()?;
    let clock = Arc::new(clock(&config.data)?);
    let claims = runtime()?.block_on(async {
        let exchange = wiring::open(&config, clock)?;
        let claims = sharing::audit::audit(&exchange.cx, &exchange.log_key).await;
        Ok::<_, Failure>(claims.context("the audit could not be made")?)
    })?;
    let file = claims.seal(&key, draw(&SystemChance));
    let file = file.map_err(anyhow::Error::from)?;
    pack::write(&write.out, &file)?;
    let (path, leaves) = (write.out.display().to_string(), claims.leaves.len());
    if style.json {
        say(&json!({"audit": path, "leaves": leaves, "chains": claims.chains.len()}));
    } else {
        say(&format!(
            "{path}: {leaves} leaves, {} chains; whoever has the key checks it with `candour audit \
             check {path}`",
            claims.chains.len()
        ));
    }
    Ok(())
}

fn checked(check: &Check, style: Style) -> Result<(), Failure> {
    let key = auditor(&check.auditor)?;
    let claims = Claims::open(&key, &read(&check.audit)?).map_err(|error| {
        let words = format!("{}: {error}", check.audit.display());
        Failure::new(Exit::Invalid, words)
    })?;
    let log = check.trusted.log_key()?;
    let witnesses = check.trusted.witness_keys()?;
    let trust = Trust {
        log: log.as_ref(),
        quorum: check.trusted.quorum(&witnesses),
        witnesses: &witnesses,
        code: None,
    };
    let report = check_claims(&claims, &trust, SystemClock.now().0);
    if style.json {
        say(&as_json(&report));
    } else {
        for finding in &report.findings {
            let (state, step) = (words(&finding.outcome), finding.step.code());
            say(&format!(
                "{state:<9}  {step:<12}  {}",
                finding.outcome.words()
            ));
        }
        say(&conclusion(&report));
    }
    judged(&report, check.strict)
}

fn of_agency(agency: &Agency, style: Style) -> Result<(), Failure> {
    let config = agency.place.config()?;
    let clock = Arc::new(clock(&config.data)?);
    let id = agency.agency.as_str().into();
    let lines = runtime()?.block_on(async {
        let exchange = wiring::open(&config, clock)?;
        let mut snapshot = exchange.cx.store.snapshot().await.context("the store")?;
        let directory = snapshot.directory().await.context("the directory")?;
        if !directory.organisations.contains_key(&id) {
            let words = format!("{id} is no agency of the directory");
            return Err(Failure::new(Exit::NotFound, words));
        }
        let lines = opened::agency(&exchange.cx, &id).await;
        Ok(lines.context("the chain could not be read")?)
    })?;
    for line in &lines {
        match style.json {
            true => say(&line_as_json(line)),
            false => say(&opened::sentence(line)),
        }
    }
    Ok(())
}

fn line_as_json(line: &AgencyLine) -> Value {
    let event = &line.event;
    json!({
        "at": line.at.to_string(),
        "by": event.name,
        "operation": event.operation,
        "step": event.because,
        "entry": event.told,
        "why": event.reason,
        "commitment": line.commitment.to_string(),
    })
}

fn conclusion(report: &AuditReport) -> String {
    let verdict = match report.verdict() {
        Verdict::Proven => "proven: every leaf is claimed once",
        Verdict::ProvenInPart => "proven in part: nothing is false",
        Verdict::False => "FALSE: this is not what the log holds",
    };
    let mut lines = format!("\n{verdict}\n");
    for (counted, all, overdue) in report.held.rows() {
        let (agency, ground, age) = (&counted.organisation, &counted.ground, counted.age.code());
        lines.push_str(&format!(
            "held back: {all} by {agency}, on {ground}, for {age}; {overdue} overdue\n"
        ));
    }
    lines.trim_end().to_owned()
}

fn as_json(report: &AuditReport) -> Value {
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
    json!({
        "verdict": report.verdict().code(),
        "steps": steps,
        "held": held(&report.held),
    })
}

fn held(counts: &HeldCounts) -> Vec<Value> {
    let row = |(counted, all, overdue): (&ledger::audit::Counted, u64, u64)| {
        json!({
            "organisation": counted.organisation,
            "ground": counted.ground,
            "age": counted.age.code(),
            "number": all,
            "overdue": overdue,
        })
    };
    counts.rows().map(row).collect()
}

fn judged(report: &AuditReport, strict: bool) -> Result<(), Failure> {
    let steps = |wanted: fn(&Outcome) -> bool| {
        let found = report.findings.iter();
        let found = found.filter(|finding| wanted(&finding.outcome));
        let found: Vec<&str> = found.map(|finding| finding.step.code()).collect();
        found.join(", ")
    };
    match report.verdict() {
        Verdict::False => {
            let steps = steps(|outcome| matches!(outcome, Outcome::Fails(_)));
            Err(Failure::new(
                Exit::Invalid,
                format!("the audit does not hold: {steps}"),
            ))
        }
        Verdict::ProvenInPart if strict => {
            let steps = steps(|outcome| matches!(outcome, Outcome::NotShown(_)));
            Err(Failure::new(
                Exit::NotShown,
                format!("the audit does not show: {steps}"),
            ))
        }
        Verdict::Proven | Verdict::ProvenInPart => Ok(()),
    }
}
