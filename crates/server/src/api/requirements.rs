//! Requirements under section 10 of the Adult Support and Protection (Scotland) Act 2007, as operations
//! on Communication: `$require` and `$extract` (docs/reference/http.md).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::message::{AdultsWord, Required};
use domain::{Moment, ResourceId, TeamId, WorkerId};
use fhir::{Issue, IssueCode};
use sharing::Error;
use sharing::messages::extract::{self as extracting, Extract};
use sharing::messages::requirement::{self, Require};

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::messages::{Parameters, about_somebody, acting, opened};
use super::requests::moment;
use crate::app::App;

/// `POST /fhir/Communication/$require` with Parameters `patient`, `inquiry` (the concern), `to` and
/// `what` (repeated), `text` (why), `number`, `authority`, `adult` (`agrees`, `objects`, `not-asked`
/// with `adult-because`), and where there are such `reader` (a worker), `from`, `before`, `by`.
pub async fn require(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (patient, sent) = about_somebody(&app, &calling, &body).await?;
    let text = |name| sent.first(name).unwrap_or_default().to_owned();
    let inquiry = app.cx.ids.ours(sent.needed("inquiry")?);
    let what = Require {
        to: sent.all("to").map(TeamId::new).collect(),
        what: sent.categories("what")?,
        written_from: written(&sent, "from")?,
        written_before: written(&sent, "before")?,
        why: text("text"),
        by: moment(&sent, "by")?,
        inquiry: inquiry.ok_or_else(Fault::not_found)?,
        terms: Required {
            number: text("number"),
            authority: text("authority"),
            reader: sent.first("reader").map(WorkerId::new),
            adult: adults_word(&sent)?,
        },
    };
    let made = requirement::require(&app.cx, &calling.asking, patient, &what).await?;
    opened(&app, &calling, made.id, StatusCode::CREATED).await
}

fn written(sent: &Parameters, name: &str) -> Result<Option<Moment>, Fault> {
    let Some(text) = sent.first(name) else {
        return Ok(None);
    };
    let read = Moment::parse(text).ok_or_else(|| {
        let details = "give a day such as 2026-12-01, or an instant";
        let issue = Issue::error(IssueCode::Value, details).at(name);
        Fault::from(Error::invalid(issue.found(text)))
    })?;
    Ok(Some(read))
}

/// What the adult says to it. What is left out is the use case's to ask for.
fn adults_word(sent: &Parameters) -> Result<AdultsWord, Fault> {
    let because = sent.first("adult-because").unwrap_or_default();
    let code = sent.first("adult").unwrap_or("not-asked");
    AdultsWord::from_code(code, because).ok_or_else(|| {
        let details =
            "the adult agrees, objects, or is not-asked for a reason that adult-because gives";
        let issue = Issue::error(IssueCode::Value, details).at("adult");
        Error::invalid(issue.found(code)).into()
    })
}

/// `POST /fhir/Communication/{id}/$extract` with Parameters `text`, `told` (a category; repeated) and
/// `source` (type and id of a record; repeated): what the nominated reader passes on.
pub async fn extract(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let sources = sent.all("source").map(|source| named(&app, source));
    let extract = Extract {
        text: sent.first("text").unwrap_or_default().to_owned(),
        told: sent.categories("told")?,
        sources: sources.collect::<Result<_, _>>()?,
    };
    extracting::extract(&app.cx, &calling.asking, id, &extract).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

fn named(app: &App, source: &str) -> Result<(String, ResourceId), Fault> {
    let named = source.split_once('/').and_then(|(kind, id)| {
        let id = app.cx.ids.ours(id)?;
        Some((kind.to_owned(), id))
    });
    named.ok_or_else(|| {
        let details = "a source is a type and an id, such as DocumentReference/4a6b";
        let issue = Issue::error(IssueCode::Value, details).at("source");
        Error::invalid(issue.found(source)).into()
    })
}
