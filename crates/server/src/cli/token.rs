//! `candour token`: a bearer token for one of a demo's people, and nothing else on standard output.

use std::path::PathBuf;

use clap::Args;
use domain::{Clock, Purpose};
use serde_json::json;

use super::{Exit, Failure, Style, clock, say};
use crate::chance::SystemChance;
use crate::tokens::{LocalIssuer, Roster, TokenFor};

/// Print a bearer token for one of a demo's people
#[derive(Debug, Args)]
pub struct Token {
    /// The demo's folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// For whom: a worker's id or name, a person's key or name, an agency's short name
    #[arg(long = "as", value_name = "NAME")]
    bearer: String,
    /// For what: a purpose's code, such as TREAT; repeat it for several
    #[arg(long = "purpose", value_name = "CODE", required = true, value_parser = purpose)]
    purposes: Vec<Purpose>,
    /// For how many hours, up to a week
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=168))]
    hours: u8,
}

pub(super) fn run(token: &Token, style: Style) -> Result<(), Failure> {
    let data = &token.data;
    let roster = Roster::read(data).map_err(|error| {
        let words = format!("the sign-ins in {} cannot be read: {error}", data.display());
        Failure::new(Exit::Failure, words)
    })?;
    if roster.sign_ins.is_empty() {
        let words = format!(
            "{} holds no town: start one with `candour demo --data {0}`",
            data.display()
        );
        return Err(Failure::new(Exit::NotFound, words));
    }
    let bearer = roster.find(&token.bearer)?;
    let issuer = LocalIssuer::open(data, &SystemChance)
        .map_err(|error| Failure::from(anyhow::Error::from(error)))?;
    let wanted = TokenFor {
        bearer,
        purposes: &token.purposes,
        issued: clock(data)?.now(),
        seconds: i64::from(token.hours) * 3600,
    };
    let text = issuer.issue(&wanted, &SystemChance);
    if style.json {
        say(&json!({"token": text, "as": bearer.key}));
    } else {
        say(&text);
    }
    Ok(())
}

fn purpose(code: &str) -> Result<Purpose, String> {
    code.parse().map_err(|_| {
        let known: Vec<&str> = Purpose::ALL.iter().map(|purpose| purpose.code()).collect();
        format!("the purposes are {}", known.join(", "))
    })
}
