//! Attempts on a record, as an operation on Communication: `$resolve` (docs/reference/http.md).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::message::Finding;
use fhir::{Issue, IssueCode};
use sharing::Error;
use sharing::messages;

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::messages::{acting, opened};
use crate::app::App;

/// `POST /fhir/Communication/{id}/$resolve` with Parameters `finding` (`explained`, `spoken-to`,
/// `procedure` or `breach`) and, where there is more to say, `text`.
pub async fn resolve(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let given = sent.needed("finding")?;
    let finding = Finding::from_code(given).ok_or_else(|| {
        let details = "a finding is explained, spoken-to, procedure or breach";
        let issue = Issue::error(IssueCode::Value, details).at("finding");
        Fault::from(Error::invalid(issue.found(given)))
    })?;
    let text = sent.first("text").unwrap_or_default();
    messages::resolve(&app.cx, &calling.asking, id, (finding, text)).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}
