//! What went wrong, as a status and an OperationOutcome
//! (<https://hl7.org/fhir/R4/operationoutcome.html>). The only place that turns errors of the use
//! cases into statuses.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fhir::outcome::operation_outcome;
use fhir::{Issue, IssueCode};
use sharing::Error;

use crate::http::rate::TooOften;
use crate::tokens::{PurposeError, TokenError};

/// The media type of every FHIR answer.
pub const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";

/// A request that could not be answered.
#[derive(Debug)]
pub struct Fault {
    status: StatusCode,
    issues: Vec<Issue>,
    challenge: Option<&'static str>,
    retry_after_seconds: Option<u64>,
}

impl Fault {
    /// A fault with one issue.
    #[must_use]
    pub fn new(status: StatusCode, issue: Issue) -> Self {
        Self {
            status,
            issues: vec![issue],
            challenge: None,
            retry_after_seconds: None,
        }
    }

    /// 400: what was sent cannot be understood.
    #[must_use]
    pub fn bad_request(code: IssueCode, details: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Issue::error(code, details))
    }

    /// 404, in the same words whether a thing is not there or may not be known.
    #[must_use]
    pub fn not_found() -> Self {
        let details = "there is nothing here of that id that you may see";
        Self::new(
            StatusCode::NOT_FOUND,
            Issue::error(IssueCode::NotFound, details),
        )
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The OperationOutcome's bytes.
    #[must_use]
    pub fn outcome(&self) -> Vec<u8> {
        operation_outcome(&self.issues)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let words = error.to_string();
        let one = |status, code| Self::new(status, Issue::error(code, words.clone()));
        match error {
            Error::Invalid(issues) => Self {
                status: status_of(&issues),
                issues,
                challenge: None,
                retry_after_seconds: None,
            },
            Error::Referred(issues) => Self {
                status: StatusCode::FORBIDDEN,
                issues,
                challenge: None,
                retry_after_seconds: None,
            },
            Error::NotYet(issues) => Self {
                status: StatusCode::CONFLICT,
                issues,
                challenge: None,
                retry_after_seconds: None,
            },
            Error::NotFound => Self::not_found(),
            Error::Conflict => one(StatusCode::CONFLICT, IssueCode::Conflict),
            Error::PreconditionFailed => one(StatusCode::PRECONDITION_FAILED, IssueCode::Conflict),
            Error::Revoked => Self {
                challenge: Some(TokenError::Revoked.challenge()),
                ..one(StatusCode::UNAUTHORIZED, IssueCode::Expired)
            },
            Error::Unknown(source) => {
                tracing::error!(
                    error = chain(&source),
                    "the outcome of a commit is not known"
                );
                one(StatusCode::SERVICE_UNAVAILABLE, IssueCode::Transient)
            }
            Error::Unavailable(source) => {
                tracing::error!(
                    error = chain(source.as_ref()),
                    "a use case could not be carried out"
                );
                one(StatusCode::SERVICE_UNAVAILABLE, IssueCode::NoStore)
            }
        }
    }
}

/// Malformed input is 400, as is what is nested too deep to be read; input that is well formed but
/// cannot be accepted is 422, unless this caller must not send it at all.
fn status_of(issues: &[Issue]) -> StatusCode {
    let malformed = |issue: &Issue| {
        matches!(
            issue.code,
            IssueCode::Structure
                | IssueCode::Invalid
                | IssueCode::Value
                | IssueCode::TooLong
                | IssueCode::NotSupported
        )
    };
    match issues.first() {
        Some(issue) if issue.code == IssueCode::Forbidden => StatusCode::FORBIDDEN,
        Some(issue) if malformed(issue) => StatusCode::BAD_REQUEST,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl From<TokenError> for Fault {
    fn from(error: TokenError) -> Self {
        Self {
            status: error.status(),
            challenge: Some(error.challenge()),
            issues: vec![error.issue()],
            retry_after_seconds: None,
        }
    }
}

impl From<TooOften> for Fault {
    fn from(error: TooOften) -> Self {
        let details = "you have looked for people too often in the last minute: wait a little";
        let issue = Issue::error(IssueCode::Throttled, details);
        Self {
            retry_after_seconds: Some(error.retry_after_seconds),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, issue)
        }
    }
}

impl From<PurposeError> for Fault {
    fn from(error: PurposeError) -> Self {
        Self::new(error.status(), error.issue())
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = (
            self.status,
            [(header::CONTENT_TYPE, FHIR_JSON)],
            self.outcome(),
        )
            .into_response();
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(challenge),
            );
        }
        if let Some(seconds) = self.retry_after_seconds {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// 405 in FHIR's words.
pub async fn method_not_allowed() -> Fault {
    let details = "this address does not take that method";
    Fault::new(
        StatusCode::METHOD_NOT_ALLOWED,
        Issue::error(IssueCode::NotSupported, details),
    )
}

/// An error and its causes on one line, for the log. None of them carries personal details.
fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(one) = cause {
        line.push_str(": ");
        line.push_str(&one.to_string());
        cause = one.source();
    }
    line
}
