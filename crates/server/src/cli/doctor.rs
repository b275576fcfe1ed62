//! `candour doctor`: looks at everything an exchange stands on and says what is wrong.

use std::path::Path;

use clap::Args;
use serde_json::json;
use store::OpenError;

use super::{Exit, Failure, Style, Where, clock, runtime, say};
use crate::config::Config;
use crate::wiring::{self, Exchange};

/// Say what is wrong with an exchange's folder, if anything is
#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    place: Where,
    /// Also read everything: replay every chain of the log and rebuild every original (slow)
    #[arg(long)]
    thorough: bool,
}

/// What was looked at, and what was found.
struct Finding {
    what: &'static str,
    found: Result<String, String>,
}

pub(super) fn run(doctor: &Doctor, style: Style) -> Result<(), Failure> {
    let config = doctor.place.config()?;
    let mut findings = vec![folder(&config.data)];
    if findings[0].found.is_ok() {
        findings.extend(inside(&config, doctor.thorough)?);
    }
    for finding in &findings {
        say(&line(finding, style.json));
    }
    let wrong = findings.iter().filter(|one| one.found.is_err()).count();
    match wrong {
        0 => Ok(()),
        1 => Err(Failure::new(Exit::Failure, "something is wrong")),
        more => Err(Failure::new(
            Exit::Failure,
            format!("{more} things are wrong"),
        )),
    }
}

/// An empty folder is not opened, since that would begin an exchange there.
fn folder(data: &Path) -> Finding {
    let path = data.display();
    let found = match std::fs::read_dir(data).map(|mut entries| entries.next().is_some()) {
        Ok(true) => Ok(path.to_string()),
        Ok(false) => Err(format!("{path} is empty: no exchange was ever begun here")),
        Err(error) => Err(format!("{path} cannot be read: {error}")),
    };
    Finding {
        what: "folder",
        found,
    }
}

/// Opens the exchange as `serve` would. While a server has it open, that is all there is to say:
/// its `/readyz` says the rest.
fn inside(config: &Config, thorough: bool) -> Result<Vec<Finding>, Failure> {
    let clock = clock(&config.data)?;
    runtime()?.block_on(async {
        let opened = wiring::open(config, std::sync::Arc::new(clock));
        let exchange = match opened {
            Ok(exchange) => exchange,
            Err(error) => {
                let in_use = matches!(error.downcast_ref(), Some(OpenError::InUse { .. }));
                let found = if in_use {
                    Ok("in use by another process; ask its /readyz".to_owned())
                } else {
                    Err(format!("{error:#}"))
                };
                return Ok(vec![Finding {
                    what: "store",
                    found,
                }]);
            }
        };
        let store = &exchange.cx.store;
        let mut findings = vec![
            Finding {
                what: "store",
                found: answers(store.check().await),
            },
            Finding {
                what: "policies",
                found: policies(&exchange).await,
            },
            Finding {
                what: "labels",
                found: Ok(exchange.cx.labeller.version().to_owned()),
            },
        ];
        if thorough {
            findings.push(everything(store.verify_all().await));
        }
        Ok(findings)
    })
}

fn answers(check: Result<(), store::Error>) -> Result<String, String> {
    match check {
        Ok(()) => Ok("answers, and its clock is sound".to_owned()),
        Err(error) => Err(format!("{:#}", anyhow::Error::from(error))),
    }
}

/// Another program or folder of policies would decide otherwise than what is in force.
async fn policies(exchange: &Exchange) -> Result<String, String> {
    let in_force = async { exchange.cx.store.snapshot().await?.policy_in_force().await };
    let ours = exchange.cx.policies.hash();
    match in_force.await {
        Ok(Some(hash)) if hash == ours => Ok(format!("{hash}, in force")),
        Ok(_) => Ok(format!("{ours}, in force from the next start")),
        Err(error) => Err(format!("{:#}", anyhow::Error::from(error))),
    }
}

fn everything(verified: Result<store::Verified, store::Error>) -> Finding {
    let found = match verified {
        Ok(all) if all.faults.is_empty() => Ok(format!(
            "{} entries in {} chains, {} leaves, {} originals: all hold together",
            all.entries, all.chains, all.leaves, all.originals
        )),
        Ok(all) => Err(all.faults.join("; ")),
        Err(error) => Err(format!("{:#}", anyhow::Error::from(error))),
    };
    Finding {
        what: "contents",
        found,
    }
}

fn line(finding: &Finding, as_json: bool) -> String {
    let (state, words) = match &finding.found {
        Ok(words) => ("ok", words),
        Err(words) => ("wrong", words),
    };
    if as_json {
        json!({"what": finding.what, "state": state, "found": words}).to_string()
    } else {
        format!("{state:<6} {:<9} {words}", finding.what)
    }
}
