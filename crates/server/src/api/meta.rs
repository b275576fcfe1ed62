//! `$meta` (<https://hl7.org/fhir/R4/resource-operation-meta.html>): versions and labels of one
//! resource, decided and logged like a read of it.

use axum::body::to_bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use fhir::Limits;

use super::caller::Calling;
use super::{Fault, read};
use crate::app::App;

/// What was stored is larger than what was sent: it carries our stamp.
const STORED: Limits = Limits {
    depth: 256,
    bytes: usize::MAX,
};

/// `GET /fhir/{type}/{id}/$meta`
pub async fn of_one(
    app: &App,
    calling: &Calling,
    resource_type: &str,
    id: &str,
) -> Result<Response, Fault> {
    let response = read::one(app, calling, (resource_type, id, None), "").await?;
    if !response.status().is_success() {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    // The body was read from the store just now.
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let resource = fhir::parse(&body, &STORED).map_err(sharing::Error::invalid)?;
    let meta = resource.root().member("meta");
    let meta = meta.map_or("{}", |meta| meta.raw());
    let answer = format!(
        r#"{{"resourceType":"Parameters","parameter":[{{"name":"return","valueMeta":{meta}}}]}}"#
    );
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok((parts, answer).into_response())
}
