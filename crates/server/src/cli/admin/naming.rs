//! `candour admin name` and `candour admin words`: what is withheld in an entry, for whoever answers for
//! asking. That they asked stands in the chain of the agency that wrote the entry before it is said.

use clap::Args;
use ledger::Hash;
use serde_json::json;
use sharing::event::Event;
use sharing::screened::opened::{Asker, Wanted, open};

use super::erasing::{commitment, with};
use crate::cli::{Exit, Failure, Style, Where, say};

/// Say whom of the staff an alias in somebody's account stands for
#[derive(Debug, Args)]
pub struct Name {
    #[command(flatten)]
    of: Line,
    /// The alias, as the account and the pack show it
    #[arg(value_name = "ALIAS")]
    alias: String,
}

/// Say what is not told in an entry of somebody's account because it speaks of somebody else
#[derive(Debug, Args)]
pub struct Words {
    #[command(flatten)]
    of: Line,
}

/// A line of an account, and who asks about it.
#[derive(Debug, Args)]
struct Line {
    #[command(flatten)]
    place: Where,
    /// In whose account: a person's id; in a demo also a key or name
    #[arg(long, value_name = "NAME")]
    person: String,
    /// The entry, by its commitment, as the account and the pack show it
    #[arg(long, value_name = "COMMITMENT", value_parser = commitment)]
    entry: Hash,
    /// Who asks, by name and office, as the agency's auditor will read
    #[arg(long, value_name = "WHO", value_parser = said)]
    by: String,
    /// For what they need it
    #[arg(long, value_name = "WHY", value_parser = said)]
    why: String,
}

fn said(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("say it in words: the agency's auditor reads it".to_owned()),
        said => Ok(said.to_owned()),
    }
}

pub(super) fn name(name: &Name, style: Style) -> Result<(), Failure> {
    let event = opened(&name.of, Wanted::Name(&name.alias))?.ok_or_else(|| {
        let words = format!("{} stands for nobody in that entry", name.alias);
        Failure::new(Exit::NotFound, words)
    })?;
    let (worker, role) = (&event.worker, &event.role);
    if style.json {
        let agency = &event.organisation;
        say(&json!({"worker": worker, "name": event.name, "role": role, "organisation": agency}));
    } else {
        let role = domain::Role::from_code(role).map_or_else(|| role.clone(), domain::Role::words);
        say(&format!(
            "{}, {role} ({})",
            event.name, event.organisation_name
        ));
    }
    Ok(())
}

pub(super) fn words(words: &Words, style: Style) -> Result<(), Failure> {
    let event = opened(&words.of, Wanted::Words)?.ok_or_else(|| {
        let words = format!("{} has no such entry, or it was erased", words.of.person);
        Failure::new(Exit::NotFound, words)
    })?;
    if style.json {
        say(&json!({"purpose": event.purpose, "because": event.because, "reason": event.reason}));
    } else {
        let reason = match event.reason.as_str() {
            "" => "no words were typed",
            words => words,
        };
        say(&format!("purpose {}: {reason}", event.purpose));
    }
    Ok(())
}

fn opened(line: &Line, wanted: Wanted<'_>) -> Result<Option<Event>, Failure> {
    let asker = Asker {
        by: &line.by,
        why: &line.why,
    };
    with(&line.place, &line.person, async |exchange, person| {
        open(&exchange.cx, person, &line.entry, wanted, asker).await
    })
}
