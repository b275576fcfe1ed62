//! `candour admin policy`: whether local policies are sound, and what others in their place would
//! change, both by the cases that stand beside them.

use std::path::{Path, PathBuf};

use serde_json::json;
use sharing::Policies;

use super::{Outcome, conclude, folder, one, policies, pretty};
use crate::cli::{Failure, Style, say};

/// Reads the policies of a folder and decides the cases in `cases` below it by them.
pub(in crate::cli) fn check(place: &Path, style: Style) -> Result<(), Failure> {
    let policies = policies(Some(place))?;
    say(&if style.json {
        json!({"policies": place.display().to_string(), "hash": policies.hash()}).to_string()
    } else {
        format!(
            "The policies in {} can be used. Their hash is {}.",
            place.display(),
            policies.hash()
        )
    });
    conclude(&decided(place, &policies)?, style.json)
}

/// Decides the cases beside one folder of policies by another's, and says each answer that changes.
pub(in crate::cli) fn what_if(place: &Path, other: &Path, style: Style) -> Result<(), Failure> {
    let (now, then) = (policies(Some(place))?, policies(Some(other))?);
    let (now, then) = (decided(place, &now)?, decided(place, &then)?);
    let mut changed = 0;
    for (before, after) in now.iter().zip(&then) {
        let (was, would_be) = (answer(before), answer(after));
        if was == would_be {
            continue;
        }
        changed += 1;
        let file = before.file.display().to_string();
        say(&if style.json {
            pretty(&json!({"file": file, "now": was, "then": would_be}))
        } else {
            format!("{file}\n  now:  {was}\n  then: {would_be}")
        });
    }
    let all = now.len();
    say(&if style.json {
        json!({"cases": all, "changed": changed}).to_string()
    } else {
        format!("{changed} of {all} answers would change")
    });
    Ok(())
}

fn decided(place: &Path, policies: &Policies) -> Result<Vec<Outcome>, Failure> {
    let cases: [PathBuf; 1] = [place.join("cases")];
    let files = folder::files(&cases)?;
    files.into_iter().map(|file| one(file, policies)).collect()
}

/// The answer with its grounds and what it releases, in a line.
fn answer(outcome: &Outcome) -> String {
    let report = match &outcome.result {
        Ok(decided) => &decided.report,
        Err(error) => return format!("rejected: {error}"),
    };
    let list = |parts: Vec<String>| parts.join(", ");
    let grounds = report.grounds.iter().map(|it| it.code.to_string());
    let released = report.released.iter().map(ToString::to_string);
    let mut line = report.decision.to_owned();
    for (name, parts) in [
        ("on", list(grounds.collect())),
        ("releasing", list(released.collect())),
    ] {
        if !parts.is_empty() {
            line = format!("{line} {name} {parts}");
        }
    }
    line
}
