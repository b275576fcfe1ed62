//! `candour doctor`: looks at everything an exchange stands on and says what is wrong.

use std::path::Path;

use clap::Args;
use serde_json::json;
use store::OpenError;

use super::{Exit, Failure, Style, Where, clock, runtime, say};
use crate::config::Config;
use crate::mail::{MailError, Mailer};
use crate::wiring::{self, Exchange};

/// Say what is wrong with an exchange's folder, if anything is
#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    place: Where,
    /// Also read everything: replay every chain of the log and rebuild every original (slow)
    #[arg(long)]
    thorough: bool,
    /// Also read the ledger: replay every chain, claim every leaf, make every epoch's map anew
    #[arg(long)]
    ledger: bool,
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
        findings.extend(inside(&config, doctor)?);
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
fn inside(config: &Config, doctor: &Doctor) -> Result<Vec<Finding>, Failure> {
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
        findings.extend(mail(config).await);
        if doctor.ledger {
            let bar = indicatif::ProgressBar::new(0);
            let progress = |done, total| {
                bar.set_length(total);
                bar.set_position(done);
            };
            let read = store.verify_ledger(&progress).await;
            bar.finish_and_clear();
            findings.push(Finding {
                what: "ledger",
                found: whole(read, |all| {
                    let lost = match all.lost {
                        0 => String::new(),
                        lost => format!("; {lost} of entries that were lost, as the log says"),
                    };
                    format!(
                        "{} entries in {} chains, {} leaves, each claimed once{lost}",
                        all.entries, all.chains, all.leaves
                    )
                }),
            });
            findings.push(Finding {
                what: "epochs",
                found: maps(&exchange).await,
            });
            findings.push(Finding {
                what: "log",
                found: continuity(&exchange).await,
            });
        }
        if doctor.thorough {
            findings.push(everything(store.verify_all().await));
        }
        Ok(findings)
    })
}

/// Whether the relay answers, where one is named.
async fn mail(config: &Config) -> Option<Finding> {
    let terms = config.mail.as_ref()?;
    let answered = async {
        let help = (&*config.portal.help, &*config.portal.help_phone);
        Mailer::new(terms, &config.public_url, help)?.check().await
    };
    let answered: Result<(), MailError> = answered.await;
    let found = answered.map(|()| format!("{} takes mail", terms.relay));
    Some(Finding {
        what: "mail",
        found: found.map_err(|error| format!("{:#}", anyhow::Error::from(error))),
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
    let loaded = exchange.cx.policies.last();
    let ours = loaded.hash();
    match in_force.await {
        Ok(Some(hash)) if hash == ours => Ok(format!("{hash}, in force")),
        Ok(_) => Ok(format!("{ours}, in force from the next start")),
        Err(error) => Err(format!("{:#}", anyhow::Error::from(error))),
    }
}

fn everything(verified: Result<store::Verified, store::Error>) -> Finding {
    let found = whole(verified, |all| {
        format!(
            "{} entries in {} chains, {} leaves, {} originals: all hold together",
            all.entries, all.chains, all.leaves, all.originals
        )
    });
    Finding {
        what: "contents",
        found,
    }
}

fn whole(
    verified: Result<store::Verified, store::Error>,
    sound: impl FnOnce(&store::Verified) -> String,
) -> Result<String, String> {
    match verified {
        Ok(all) if all.faults.is_empty() => Ok(sound(&all)),
        Ok(all) => Err(all.faults.join("; ")),
        Err(error) => Err(format!("{:#}", anyhow::Error::from(error))),
    }
}

/// Whether the log goes on from what was seen of it elsewhere.
async fn continuity(exchange: &Exchange) -> Result<String, String> {
    let elsewhere = &exchange.elsewhere;
    let store = exchange.cx.store.as_ref();
    let checked = elsewhere.check(store).await;
    checked.map_err(|error| format!("{:#}", anyhow::Error::from(error)))?;
    Ok(match (&elsewhere.anchor, elsewhere.witnesses.len()) {
        (None, 0) => "known nowhere else: configure an anchor or a witness".to_owned(),
        (None, witnesses) => format!("goes on from what {witnesses} witnesses saw"),
        (Some(anchor), witnesses) => format!(
            "goes on from its anchor {} and what {witnesses} witnesses saw",
            anchor.folder().display()
        ),
    })
}

/// Makes the map of every epoch anew, with its progress on a terminal, and holds it against the
/// root that was logged.
async fn maps(exchange: &Exchange) -> Result<String, String> {
    let words = |error: sharing::Error| format!("{:#}", anyhow::Error::from(error));
    let cx = &exchange.cx;
    let snapshot = cx.store.snapshot().await;
    let mut snapshot = snapshot.map_err(|error| words(error.into()))?;
    let epochs = snapshot.epochs().await;
    let epochs = epochs.map_err(|error| words(error.into()))?;
    let bar = indicatif::ProgressBar::new(epochs.len() as u64);
    let mut wrong = Vec::new();
    for stored in &epochs {
        let same = sharing::epoch::is_as_logged(cx, snapshot.as_mut(), &stored.epoch).await;
        if !same.map_err(words)? {
            wrong.push(stored.epoch.number.to_string());
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    if wrong.is_empty() {
        Ok(format!(
            "{} epochs, each with the map that was logged",
            epochs.len()
        ))
    } else {
        Err(format!(
            "the map is not the one that was logged in epochs {}",
            wrong.join(", ")
        ))
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
