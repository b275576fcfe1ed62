//! How often agencies were asked for information, and what they answered: `$counts` for an agency's
//! privacy officer, and `/log/requests` for anybody (docs/reference/http.md).

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::quarter::Quarter;
use fhir::{Issue, IssueCode};
use serde_json::json;
use sharing::Error;
use sharing::messages::counts::{self, Figure};

use super::Fault;
use super::caller::Calling;
use super::fault::FHIR_JSON;
use crate::app::App;
use crate::tokens::Right;

/// `GET /fhir/Communication/$counts`: the numbers of the caller's agency, of this quarter or of
/// `quarter`.
pub async fn own(
    State(app): State<App>,
    calling: Calling,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    calling.may("Communication", Right::Search)?;
    let quarter = named(query.as_deref(), Quarter::of(app.cx.now()))?;
    let own = counts::own(&app.cx, &calling.asking, quarter).await?;
    let mut parameter = vec![
        json!({ "name": "quarter", "valueString": quarter.to_string() }),
        json!({ "name": "organisation", "valueId": own.organisation.as_str() }),
    ];
    let exact = own
        .figures
        .iter()
        .filter_map(|(counted, figure)| match figure {
            Figure::Exactly(number) => Some((counted, number)),
            Figure::FewerThan(_) | Figure::About(_) => None,
        });
    parameter.extend(exact.map(|(counted, number)| {
        json!({ "name": "counted", "part": [
            { "name": "what", "valueCode": counted.code() },
            { "name": "number", "valueUnsignedInt": number },
        ]})
    }));
    let headers = [
        (header::CONTENT_TYPE, FHIR_JSON),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let body = json!({ "resourceType": "Parameters", "parameter": parameter }).to_string();
    Ok((StatusCode::OK, headers, body).into_response())
}

/// `GET /log/requests`: what is published of the last quarter that is over, or of `quarter`, a line each:
/// agency, what is counted, number. `<5` is 1 to 4; after `~` a number is rounded to the nearest five.
pub async fn published(
    State(app): State<App>,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let last = Quarter::of(app.cx.now()).before();
    let quarter = named(query.as_deref(), last)?;
    let all = counts::published(&app.cx, quarter).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((StatusCode::OK, headers, counts::lines(&all)).into_response())
}

fn named(query: Option<&str>, usual: Quarter) -> Result<Quarter, Fault> {
    let pairs = fhir::search::pairs(query.unwrap_or_default());
    let Some((_, text)) = pairs.into_iter().find(|(name, _)| name == "quarter") else {
        return Ok(usual);
    };
    text.parse().map_err(|error: domain::quarter::NoQuarter| {
        let issue = Issue::error(IssueCode::Value, error.to_string()).at("quarter");
        Fault::from(Error::invalid(issue.found(&text)))
    })
}
