//! Why a token, or the purpose it is used for, is not accepted. Each is a sentence for whoever
//! wrote the client, and quotes nothing from the token.

use fhir::{Issue, IssueCode};
use http::StatusCode;

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// No `Authorization` header.
    #[error("a bearer token is needed")]
    Missing,
    /// An `Authorization` header of another kind, or not text.
    #[error("the Authorization header must be `Bearer` and one token")]
    NotBearer,
    /// Not a signed JWT, or a claim of the wrong shape.
    #[error("the token is not a well-formed signed JWT of the token contract: {0}")]
    Malformed(&'static str),
    /// `none`, an HMAC, or another algorithm outside the contract.
    #[error("the token must be signed with EdDSA, ES256 or RS256")]
    Algorithm,
    /// No configured issuer of that name.
    #[error("the token's issuer is not one that this exchange trusts")]
    UnknownIssuer,
    /// The issuer publishes no such key.
    #[error("the token names a key that its issuer does not publish")]
    UnknownKey,
    /// The issuer's keys were never fetched.
    #[error("the keys of the token's issuer cannot be fetched at the moment")]
    KeysUnavailable,
    /// The signature is not the issuer's.
    #[error("the token's signature is not its issuer's")]
    BadSignature,
    /// Past `exp`.
    #[error("the token has expired")]
    Expired,
    /// Ended before its time.
    #[error("the token has been revoked")]
    Revoked,
    /// Before `nbf` or `iat`, by more than clocks may differ.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `exp` is too long after `iat`.
    #[error("the token is valid for longer than this exchange allows")]
    TooLong,
    /// Meant for someone else.
    #[error("the token was issued for another audience")]
    WrongAudience,
    /// A claim that the contract requires is not there.
    #[error("the token lacks `{0}`")]
    Incomplete(&'static str),
    /// `acr` is none of the levels, nor mapped to one.
    #[error("the token's assurance level (`acr`) is not one that this exchange knows")]
    UnknownAssurance,
    /// The role's code is none of ours.
    #[error("the token's role is not one that this exchange knows")]
    UnknownRole,
    /// This issuer may not speak for that agency, or for people.
    #[error("the token's issuer may not speak for this organisation or person")]
    IssuerNotEntitled,
    /// The agency is not in the directory.
    #[error("the token's organisation is not in the directory")]
    UnknownOrganisation,
    /// The worker is not in the directory.
    #[error("the token's subject is not in the directory")]
    UnknownWorker,
    /// The worker works elsewhere.
    #[error("the directory does not have the token's subject at that organisation")]
    OtherOrganisation,
    /// The worker does other work.
    #[error("the directory does not have the token's subject in that role")]
    OtherRole,
    /// The worker is no longer in post.
    #[error("the token's subject has left the organisation")]
    Left,
    /// Scopes for one patient, and no patient.
    #[error("the token has patient scopes but names no patient")]
    NoPatient,
}

impl TokenError {
    /// 401, or 503 where the fault is not the caller's.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::KeysUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNAUTHORIZED,
        }
    }

    /// What `WWW-Authenticate` says (<https://www.rfc-editor.org/rfc/rfc6750#section-3>); no
    /// error code where no token was given.
    #[must_use]
    pub fn challenge(self) -> &'static str {
        match self {
            Self::Missing => "Bearer realm=\"candour\"",
            _ => "Bearer realm=\"candour\", error=\"invalid_token\"",
        }
    }

    /// The same for an OperationOutcome.
    #[must_use]
    pub fn issue(self) -> Issue {
        let code = match self {
            Self::Expired | Self::Revoked => IssueCode::Expired,
            Self::KeysUnavailable => IssueCode::Transient,
            Self::UnknownIssuer
            | Self::UnknownKey
            | Self::UnknownWorker
            | Self::UnknownOrganisation => IssueCode::Unknown,
            _ => IssueCode::Login,
        };
        Issue::error(code, self.to_string())
    }
}

/// Why a request has no purpose. There is never a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PurposeError {
    /// Neither token nor header gives one.
    #[error(
        "a purpose of use is needed: the token grants none (claim `purpose_of_use`), \
         and nothing is answered without one"
    )]
    None,
    /// The token grants several and the header chooses none.
    #[error("the token grants several purposes: choose one with the header `Purpose-Of-Use`")]
    Several,
    /// No such code.
    #[error("that is not a purpose of use that this exchange knows")]
    Unknown,
    /// A known purpose that the token does not grant.
    #[error("the token does not grant the purpose that `Purpose-Of-Use` names")]
    NotGranted,
}

impl PurposeError {
    /// 403 for a purpose beyond the token, 400 for everything else.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::NotGranted => StatusCode::FORBIDDEN,
            Self::None | Self::Several | Self::Unknown => StatusCode::BAD_REQUEST,
        }
    }

    /// The same for an OperationOutcome.
    #[must_use]
    pub fn issue(self) -> Issue {
        let code = match self {
            Self::None | Self::Several => IssueCode::Required,
            Self::Unknown => IssueCode::Value,
            Self::NotGranted => IssueCode::Forbidden,
        };
        Issue::error(code, self.to_string())
    }
}
