//! A team's rota: when somebody is there, who stands above them, and what became of a team that was
//! wound up. It stands in an extension of the team's Organization.

use domain::message::rota::Closed;
use domain::message::{Opening, Rota};
use domain::{TeamId, Timestamp, WorkerId};
use fhir::document::Node;

use super::names::{Named, Names};
use super::read::{Reference, reference};

/// The extension of a team's Organization that holds its rota.
pub const ROTA: &str = "https://candour.example/fhir/StructureDefinition/rota";

/// A rota as it was brought.
pub(super) struct Brought {
    opening: Opening,
    deputy: Option<Reference>,
    manager: Option<Reference>,
    closed: Option<Timestamp>,
    instead: Option<Reference>,
}

/// Reads the rota of a team; `None` if it says nothing of one.
pub(super) fn read(root: Node<'_>) -> Result<Option<Brought>, String> {
    let extensions = root.all("extension");
    let mut extensions = extensions.into_iter();
    let Some(given) = extensions.find(|it| it.text_at("url").as_deref() == Some(ROTA)) else {
        return Ok(None);
    };
    let parts = given.all("extension");
    let part = |name: &str| {
        let mut parts = parts.iter();
        parts.find(|it| it.text_at("url").as_deref() == Some(name))
    };
    let referred = |name| part(name).and_then(|it| reference(*it, "valueReference"));
    let closed = match part("closed").and_then(|it| it.text_at("valueDateTime")) {
        None => None,
        Some(text) => Some(instant(&text)?),
    };
    Ok(Some(Brought {
        opening: opening(part("from").copied(), part("to").copied())?,
        deputy: referred("deputy"),
        manager: referred("manager"),
        closed,
        instead: referred("instead"),
    }))
}

/// Hours of the working day, or day and night where none are given.
fn opening(from: Option<Node<'_>>, to: Option<Node<'_>>) -> Result<Opening, String> {
    let (from, to) = match (from, to) {
        (None, None) => return Ok(Opening::Always),
        (Some(from), Some(to)) => (minute(from)?, minute(to)?),
        _ => {
            return Err(format!(
                "{ROTA}: give both from and to, or neither for day and night"
            ));
        }
    };
    if from >= to {
        return Err(format!(
            "{ROTA}: from must be before to: what runs overnight is a duty"
        ));
    }
    Ok(Opening::Office {
        from_minute: from,
        to_minute: to,
    })
}

fn minute(part: Node<'_>) -> Result<u16, String> {
    let wrong = || format!("{ROTA}: expected a valueTime such as 08:45:00");
    let time: jiff::civil::Time = part
        .text_at("valueTime")
        .and_then(|text| text.parse().ok())
        .ok_or_else(wrong)?;
    u16::try_from(i16::from(time.hour()) * 60 + i16::from(time.minute())).map_err(|_| wrong())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    let range = fhir::search::DateRange::parse(text);
    let wrong = || format!("{ROTA}: closed: expected a date such as 2027-03-31");
    range
        .map(|range| Timestamp(range.from_us))
        .ok_or_else(wrong)
}

impl Brought {
    /// The rota in our own terms, with everyone whom it names looked up.
    pub(super) fn of(&self, team: &str, names: &Names<'_>) -> Result<Rota, String> {
        let closed = match self.closed {
            None => None,
            Some(at) => Some(Closed {
                at,
                instead: team_named(self.instead.as_ref(), names)?,
            }),
        };
        Ok(Rota {
            team: TeamId::new(team),
            opening: self.opening,
            deputy: worker_named(self.deputy.as_ref(), "deputy", names)?,
            manager: worker_named(self.manager.as_ref(), "manager", names)?,
            closed,
        })
    }
}

fn worker_named(
    reference: Option<&Reference>,
    part: &str,
    names: &Names<'_>,
) -> Result<Option<WorkerId>, String> {
    let Some(reference) = reference else {
        return Ok(None);
    };
    match names.find(reference) {
        Some(Named::Worker(id)) => Ok(Some(id)),
        _ => Err(format!(
            "{ROTA}: {part}: must be a Practitioner, brought or known here"
        )),
    }
}

fn team_named(reference: Option<&Reference>, names: &Names<'_>) -> Result<Option<TeamId>, String> {
    let Some(reference) = reference else {
        return Ok(None);
    };
    match names.find(reference) {
        Some(Named::Team(id)) => Ok(Some(id)),
        _ => Err(format!(
            "{ROTA}: instead: must be a team, brought or known here"
        )),
    }
}
