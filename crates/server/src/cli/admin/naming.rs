//! `candour admin name`.

use clap::Args;
use serde_json::json;

use super::erasing::with;
use crate::cli::{Exit, Failure, Style, Where, say};

/// Say whom of the staff an alias in somebody's account stands for
#[derive(Debug, Args)]
pub struct Name {
    #[command(flatten)]
    place: Where,
    /// In whose account: a person's id; in a demo also a key or name
    #[arg(long, value_name = "NAME")]
    person: String,
    /// The alias, as the account and the pack show it
    #[arg(value_name = "ALIAS")]
    alias: String,
}

pub(super) fn name(name: &Name, style: Style) -> Result<(), Failure> {
    let found = with(&name.place, &name.person, async |exchange, person| {
        sharing::alias::name(&exchange.cx, person, &name.alias).await
    })?;
    let worker = found.ok_or_else(|| {
        let words = format!("{} stands for nobody in that account", name.alias);
        Failure::new(Exit::NotFound, words)
    })?;
    if style.json {
        say(
            &json!({"worker": worker.id, "name": worker.name, "organisation": worker.organisation}),
        );
    } else {
        say(&format!(
            "{}, {} ({})",
            worker.name,
            worker.role.words(),
            worker.organisation
        ));
    }
    Ok(())
}
