//! `candour audit requests`: how often agencies were asked for information in a quarter, and what they
//! answered, as it is published.

use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use domain::Clock;
use domain::quarter::Quarter;
use serde_json::json;
use sharing::Error;
use sharing::messages::counts::{self, OfAgency};

use super::super::{Exit, Failure, Style, Where, clock, runtime, say};
use crate::wiring;

/// Count what agencies asked of each other
#[derive(Debug, Args)]
pub struct Requests {
    #[command(flatten)]
    place: Where,
    /// The quarter, such as 2027-Q1; otherwise the last that is over
    #[arg(long, value_name = "QUARTER")]
    quarter: Option<Quarter>,
}

pub(super) fn run(requests: &Requests, style: Style) -> Result<(), Failure> {
    let config = requests.place.config()?;
    let clock = Arc::new(clock(&config.data)?);
    let last = Quarter::of(clock.now()).before();
    let quarter = requests.quarter.unwrap_or(last);
    let all = runtime()?.block_on(async {
        let exchange = wiring::open(&config, clock)?;
        match counts::published(&exchange.cx, quarter).await {
            Err(Error::NotFound) => {
                let words =
                    format!("{quarter} is not over: what is published of it comes after it");
                Err(Failure::new(Exit::NotFound, words))
            }
            all => Ok(all.context("the requests could not be counted")?),
        }
    })?;
    for agency in &all {
        match style.json {
            true => say(&as_json(quarter, agency)),
            false => say(&in_words(agency)),
        }
    }
    Ok(())
}

fn in_words(agency: &OfAgency) -> String {
    let mut lines = agency.name.clone();
    for (counted, figure) in &agency.figures {
        lines.push_str(&format!("\n  {}: {}", counted.words(), figure.words()));
    }
    lines
}

fn as_json(quarter: Quarter, agency: &OfAgency) -> serde_json::Value {
    let figures = agency.figures.iter();
    let figures = figures.map(|(counted, figure)| (counted.code(), json!(figure.to_string())));
    json!({
        "quarter": quarter.to_string(),
        "organisation": agency.organisation.as_str(),
        "counted": figures.collect::<serde_json::Map<_, _>>(),
    })
}
