//! Parts of a request, whose refusals are in FHIR's words.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use fhir::{Issue, IssueCode};
use serde::de::DeserializeOwned;

use super::Fault;
use crate::app::App;

/// What an address names: a type, an id, a version, an operation.
pub struct Address<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Address<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        match Path::from_request_parts(parts, app).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => {
                let details = "the address is not UTF-8 once decoded";
                Err(Fault::bad_request(IssueCode::Value, details))
            }
        }
    }
}

/// The whole body.
pub struct Whole(pub Bytes);

impl FromRequest<App> for Whole {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &App) -> Result<Self, Fault> {
        match Bytes::from_request(request, app).await {
            Ok(body) => Ok(Self(body)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                let details = format!(
                    "the body is larger than {} MiB: send less at once",
                    super::LARGEST_BODY >> 20
                );
                Err(Fault::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    Issue::error(IssueCode::TooLong, details),
                ))
            }
            Err(_) => {
                let details = "the body broke off before its end";
                Err(Fault::bad_request(IssueCode::Invalid, details))
            }
        }
    }
}
