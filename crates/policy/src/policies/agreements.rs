//! The information sharing agreements of a set of local policies: who may send what to whom as a
//! routine, read from a file that whoever keeps the agreements writes.

use std::collections::BTreeSet;

use domain::arrangement::Agreement;
use serde::Deserialize;

use super::LoadError;

/// The file of a folder of policies in which its agreements stand.
pub(super) const AGREEMENTS: &str = "agreements.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    agreements: Vec<Agreement>,
}

/// Reads the agreements; a folder without the file has none.
pub(super) fn read(files: &[(&str, &str)]) -> Result<Vec<Agreement>, LoadError> {
    let Some((_, text)) = files.iter().find(|(name, _)| *name == AGREEMENTS) else {
        return Ok(Vec::new());
    };
    let file: File = serde_json::from_str(text)
        .map_err(|error| LoadError::new(AGREEMENTS, Some(error.line()), error.to_string()))?;
    let mut known = BTreeSet::new();
    for agreement in &file.agreements {
        let fault = match known.insert(agreement.id.as_str()) {
            true => fault(agreement),
            false => Some("it stands here twice".to_owned()),
        };
        if let Some(fault) = fault {
            let line = text.find(&format!("\"{}\"", agreement.id));
            let line = line.map(|at| super::load::line_at(text, at));
            let problem = format!("agreement {}: {fault}", agreement.id);
            return Err(LoadError::new(AGREEMENTS, line, problem));
        }
    }
    Ok(file.agreements)
}

/// What keeps an agreement from ever meaning anything.
fn fault(agreement: &Agreement) -> Option<String> {
    if agreement.parties.len() < 2 {
        return Some("an agreement is between two agencies at least".to_owned());
    }
    if let (Some(from), Some(until)) = (agreement.from, agreement.until)
        && until.0 <= from.0
    {
        return Some("it ends before it begins".to_owned());
    }
    let mut numbers = BTreeSet::new();
    for flow in &agreement.flows {
        let number = &flow.number;
        if !numbers.insert(number) {
            return Some(format!("two flows have the number {number}"));
        }
        for agency in [&flow.from, &flow.to] {
            if !agreement.parties.contains(agency) {
                return Some(format!(
                    "flow {number} names {agency}, which is no party to it"
                ));
            }
        }
        if flow.items.is_empty() || flow.purposes.is_empty() {
            return Some(format!(
                "flow {number} does not say what goes, or for what purpose"
            ));
        }
    }
    None
}
