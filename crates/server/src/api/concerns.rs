//! Concerns, as operations on Communication: `$concern`, `$triage`, `$advocacy` and `$stays-shut-out`
//! (docs/reference/http.md).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::message::advocacy::AdvocacyAnswer;
use domain::message::{Concern, Outcome};
use domain::{PartyId, TeamId};
use fhir::{Issue, IssueCode};
use sharing::Error;
use sharing::messages::concern::advocacy::{Offered, offer};
use sharing::messages::concern::{self, Raise, Triage};

use super::Fault;
use super::caller::Calling;
use super::calls::coded;
use super::extract::{Address, Whole};
use super::messages::{Parameters, about_somebody, acting, opened};
use super::protection::hold;
use super::requests::moment;
use crate::app::App;

/// `POST /fhir/Communication/$concern` with Parameters `patient`, `text`, `own-action`, and where
/// there are such `to` (repeated), `name`, `reference`, `urgent`, `hold-until` with `hold-reason`, the three
/// points of an adult at risk, and `alleged-harmer`.
pub async fn raise(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (patient, sent) = about_somebody(&app, &calling, &body).await?;
    let text = |name: &str| sent.first(name).unwrap_or_default().to_owned();
    let what = Raise {
        to: sent.all("to").map(TeamId::new).collect(),
        name: text("name"),
        text: text("text"),
        concern: Concern {
            own_action: text("own-action"),
            reference: sent.first("reference").map(str::to_owned),
            points: concern::three_points(text)?,
            alleged_harmer: sent.first("alleged-harmer").map(PartyId::new),
            advocacy: None,
        },
        urgency: sent.urgency(),
        hold: hold(&sent)?,
    };
    let raised = concern::raise(&app.cx, &calling.asking, patient, &what).await?;
    opened(&app, &calling, raised.id, StatusCode::CREATED).await
}

/// `POST /fhir/Communication/{id}/$triage` with Parameters `outcome` (`inquiry`, `support`,
/// `passed-on` with `to`, or `no-action`) and `text`, which whoever raised it reads.
pub async fn triage(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let triage = Triage {
        outcome: outcome(&sent)?,
        text: sent.first("text").unwrap_or_default().to_owned(),
    };
    concern::triage(&app.cx, &calling.asking, id, &triage).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

fn outcome(sent: &Parameters) -> Result<Outcome, Fault> {
    Ok(match sent.needed("outcome")? {
        "inquiry" => Outcome::Inquiry,
        "support" => Outcome::Support,
        "passed-on" => Outcome::PassedOn {
            to: TeamId::new(sent.needed("to")?),
        },
        "no-action" => Outcome::NoAction,
        other => {
            let details = "an outcome is inquiry, support, passed-on or no-action";
            let issue = Issue::error(IssueCode::Value, details).at("outcome");
            return Err(Error::invalid(issue.found(other)).into());
        }
    })
}

/// `POST /fhir/Communication/{id}/$advocacy` with Parameters `answer` (`accepted`, `declined`, `has` or
/// `not-offered`), `on` (a day) and `text`: whether an independent advocate was offered to an adult at risk.
pub async fn advocacy(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let answers = "accepted, declined, has or not-offered";
    sent.needed("on")?;
    let offered = Offered {
        answer: coded(&sent, "answer", answers, AdvocacyAnswer::from_code)?,
        on: moment(&sent, "on")?.ok_or_else(Fault::not_found)?,
        words: sent.first("text").unwrap_or_default().to_owned(),
    };
    offer(&app.cx, &calling.asking, id, &offered).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$stays-shut-out` with Parameters `text`, and `until` (a day): why somebody whom a
/// concern names stays shut out, and by when it is looked at again.
pub async fn stays_shut_out(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let until = moment(&sent, "until")?;
    let reason = sent.first("text").unwrap_or_default();
    concern::stays_shut_out(&app.cx, &calling.asking, id, (reason, until)).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}
