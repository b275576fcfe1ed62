//! `candour admin erase` and `candour admin legal-hold`.

use std::sync::Arc;

use anyhow::Context as _;
use clap::builder::PossibleValuesParser;
use clap::{ArgGroup, Args};
use domain::PersonId;
use ledger::Hash;
use serde_json::json;
use sharing::erase::{Erasure, ErasureRule, HoldRule};

use crate::cli::{Exit, Failure, Style, Where, clock, pack, runtime, say};
use crate::wiring::{self, Exchange};

/// Erase an entry of somebody's account
#[derive(Debug, Args)]
pub struct Erase {
    #[command(flatten)]
    place: Where,
    /// Whose account: a person's id; in a demo also a key or name
    #[arg(long, value_name = "NAME")]
    person: String,
    /// The entry, by its commitment, as the account and the pack show it
    #[arg(long, value_name = "COMMITMENT", value_parser = commitment)]
    entry: Hash,
    /// The rule by which it may be erased
    #[arg(long, value_name = "RULE", value_parser = codes(ErasureRule::ALL, |rule| rule.code()))]
    rule: String,
    /// Who authorised it, by name and office, as the account will say
    #[arg(long, value_name = "WHO")]
    by: String,
}

/// Put somebody's record under a legal hold, or end it
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["rule", "lift"]))]
pub struct LegalHold {
    #[command(flatten)]
    place: Where,
    /// Whose record: a person's id; in a demo also a key or name
    #[arg(long, value_name = "NAME")]
    person: String,
    /// The rule that forbids erasing
    #[arg(long, value_name = "RULE", value_parser = codes(HoldRule::ALL, |rule| rule.code()))]
    rule: Option<String>,
    /// End the hold
    #[arg(long)]
    lift: bool,
    /// Who ordered it, by name and office, as the account will say
    #[arg(long, value_name = "WHO")]
    by: String,
}

fn codes<T>(all: &'static [T], code: fn(&T) -> &'static str) -> PossibleValuesParser {
    PossibleValuesParser::new(all.iter().map(code))
}

pub(super) fn commitment(text: &str) -> Result<Hash, String> {
    Hash::from_hex(text).map_err(|_| "a commitment is 64 hexadecimal digits".to_owned())
}

pub(super) fn erase(erase: &Erase, style: Style) -> Result<(), Failure> {
    let rules = ErasureRule::ALL.iter().copied();
    let rule = known(rules, &erase.rule, ErasureRule::code)?;
    let erasure = with(&erase.place, &erase.person, async |exchange, person| {
        sharing::erase::erase(&exchange.cx, person, &erase.entry, rule, &erase.by).await
    })?;
    match erasure {
        Erasure::Done if style.json => say(&json!({"erased": erase.entry.to_string()})),
        Erasure::Done => say(&format!("{}: erased, and the account says so", erase.entry)),
        Erasure::Forbidden(rule) => {
            let words = format!("a legal hold forbids it ({rule}): nothing was erased");
            return Err(Failure::new(Exit::Conflict, words));
        }
        Erasure::NotThere => {
            let words = format!(
                "{} has no such entry, or it was erased before",
                erase.person
            );
            return Err(Failure::new(Exit::NotFound, words));
        }
    }
    Ok(())
}

pub(super) fn hold(hold: &LegalHold, style: Style) -> Result<(), Failure> {
    let rules = HoldRule::ALL.iter().copied();
    let rule = match &hold.rule {
        Some(code) => Some(known(rules, code, HoldRule::code)?),
        None => None,
    };
    with(&hold.place, &hold.person, async |exchange, person| {
        sharing::erase::hold(&exchange.cx, person, rule, &hold.by).await
    })?;
    if style.json {
        say(&json!({"held": rule.map(HoldRule::code)}));
    } else {
        let words = match rule {
            Some(_) => "nothing of this record may be erased until the hold is lifted",
            None => "the hold is lifted",
        };
        say(&words);
    }
    Ok(())
}

/// The rule of this code; the command line takes no other.
fn known<T: Copy>(
    mut rules: impl Iterator<Item = T>,
    code: &str,
    of: fn(T) -> &'static str,
) -> Result<T, Failure> {
    let found = rules.find(|rule| of(*rule) == code);
    found.ok_or_else(|| Failure::new(Exit::Usage, format!("{code} is no such rule")))
}

/// Does something about a person in an exchange that this process has to itself.
pub(super) fn with<T>(
    place: &Where,
    name: &str,
    act: impl AsyncFnOnce(&Exchange, PersonId) -> Result<T, sharing::Error>,
) -> Result<T, Failure> {
    let config = place.config()?;
    let (person, _) = pack::whose(&config, name)?;
    let clock = Arc::new(clock(&config.data)?);
    runtime()?.block_on(async {
        let exchange = wiring::open(&config, clock)?;
        exchange.begin().await?;
        match act(&exchange, person).await {
            Err(sharing::Error::NotFound) => {
                let words = format!("{name} is not known here");
                Err(Failure::new(Exit::NotFound, words))
            }
            done => Ok(done.context("it could not be written")?),
        }
    })
}
