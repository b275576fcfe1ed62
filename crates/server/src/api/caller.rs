//! Who calls, for what purpose: from the headers to an [`Asking`].

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use domain::{Capacity, PersonId, ResourceId, Role};
use fhir::{Issue, IssueCode};
use sha2::{Digest, Sha256};
use sharing::{Asking, Channel};

use super::Fault;
use crate::app::App;
use crate::tokens::{self, Reach, Right, TokenError, Verified};

/// The header that chooses one purpose among those a token grants.
pub const PURPOSE: &str = "purpose-of-use";
/// The header that carries the caller's own words.
pub const REASON: &str = "reason";
/// How an answer is used: `feed` where a record system takes it over as a routine.
pub const MANNER: &str = "manner";
/// The header under which a retry finds its own entry.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// The longest reason: two or three sentences.
const LONGEST_REASON: usize = 1000;

/// A caller whose token and purpose are in order.
pub struct Calling {
    /// Who asks and why.
    pub asking: Asking,
    /// What the token lets its client do.
    pub verified: Verified,
}

impl FromRequestParts<App> for Calling {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let token = tokens::bearer(&parts.headers)?;
        let mut snapshot = app
            .cx
            .store
            .snapshot()
            .await
            .map_err(sharing::Error::from)?;
        let directory = snapshot.directory().await.map_err(sharing::Error::from)?;
        let verified = app.tokens.verify(token, &directory, app.cx.now()).await?;
        if snapshot
            .is_revoked(&verified.token)
            .await
            .map_err(sharing::Error::from)?
        {
            return Err(TokenError::Revoked.into());
        }
        let purpose = tokens::purpose_for(&verified, text(&parts.headers, PURPOSE)?.as_deref())?;
        let asking = Asking {
            caller: verified.caller.clone(),
            token: verified.token.clone(),
            purpose,
            reason: reason(&parts.headers)?,
            channel: channel(&parts.headers, &verified)?,
            idempotency: text(&parts.headers, IDEMPOTENCY_KEY)?.map(|key| bound(&verified, &key)),
        };
        Ok(Self { asking, verified })
    }
}

impl OptionalFromRequestParts<App> for Calling {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Fault> {
        <Self as FromRequestParts<App>>::from_request_parts(parts, app)
            .await
            .map(Some)
    }
}

impl Calling {
    /// Whether the token's scopes let its client do this to this type at all. A scope is an upper
    /// bound: what is released is still decided (<https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html>).
    ///
    /// # Errors
    /// A 403 that names the scope which is missing.
    pub fn may(&self, resource_type: &str, right: Right) -> Result<(), Fault> {
        match self.verified.scopes.reach(resource_type, right) {
            Some(_) => Ok(()),
            None => Err(forbidden(
                "the token has no scope for this type and interaction",
            )),
        }
    }

    /// Whether the token opens one record only: that of the patient it names, or of the person
    /// whose token it is.
    #[must_use]
    pub fn is_for_one_record(&self, resource_type: &str, right: Right) -> bool {
        let reach = self.verified.scopes.reach(resource_type, right);
        self.verified.patient.is_some() || reach == Some(Reach::Patient)
    }

    /// Whether a token for one record is used for that record.
    ///
    /// # Errors
    /// A 404, as for anyone who may not be known.
    pub async fn within_context(
        &self,
        app: &App,
        resource_type: &str,
        right: Right,
        patient: ResourceId,
    ) -> Result<(), Fault> {
        if !self.is_for_one_record(resource_type, right) {
            return Ok(());
        }
        let own = match (&self.verified.patient, &self.asking.caller.capacity) {
            (Some(context), _) => person_of(app, context).await?,
            (None, Capacity::Person(person)) => person_now(app, *person).await?,
            (None, Capacity::Worker { .. } | Capacity::Outsider { .. }) => None,
        };
        if own.is_some() && own == person_of(app, &patient).await? {
            Ok(())
        } else {
            Err(Fault::not_found())
        }
    }
}

async fn person_of(app: &App, patient: &ResourceId) -> Result<Option<PersonId>, Fault> {
    let snapshot = app.cx.store.snapshot().await;
    let mut snapshot = snapshot.map_err(sharing::Error::from)?;
    let person = snapshot.person_of(patient).await;
    Ok(person.map_err(sharing::Error::from)?)
}

/// Whom somebody who signs in as this person is, whatever their Patient is joined with.
async fn person_now(app: &App, person: PersonId) -> Result<Option<PersonId>, Fault> {
    let snapshot = app.cx.store.snapshot().await;
    let mut snapshot = snapshot.map_err(sharing::Error::from)?;
    let own = snapshot.by_itself(person).await;
    Ok(own.map_err(sharing::Error::from)?.map(|own| own.person))
}

fn forbidden(details: &str) -> Fault {
    Fault::new(
        StatusCode::FORBIDDEN,
        Issue::error(IssueCode::Forbidden, details),
    )
}

/// A routine feed says that it is one. Only a record system runs one: of whoever works there a person
/// looks.
fn channel(headers: &HeaderMap, verified: &Verified) -> Result<Channel, Fault> {
    match text(headers, MANNER)?.as_deref() {
        None | Some("view") if verified.safe_channel => Ok(Channel::Safe),
        None | Some("view") => Ok(Channel::Api),
        Some("feed") if verified.caller.role() == Some(Role::System) => Ok(Channel::Feed),
        Some("feed") => Err(Fault::bad_request(
            IssueCode::BusinessRule,
            "a routine feed is run by an agency's record system: ask without the header Manner",
        )),
        Some(_) => Err(Fault::bad_request(
            IssueCode::Value,
            "the header Manner is view or feed",
        )),
    }
}

fn reason(headers: &HeaderMap) -> Result<Option<String>, Fault> {
    let reason = text(headers, REASON)?
        .map(|reason| reason.trim().to_owned())
        .filter(|reason| !reason.is_empty());
    match reason {
        Some(reason) if reason.len() > LONGEST_REASON => Err(Fault::bad_request(
            IssueCode::TooLong,
            "the header Reason is longer than 1,000 bytes",
        )),
        reason => Ok(reason),
    }
}

/// A header's value as UTF-8 text; given twice, it is as ambiguous as a missing one.
fn text(headers: &HeaderMap, name: &'static str) -> Result<Option<String>, Fault> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = std::str::from_utf8(value.as_bytes())
        .ok()
        .filter(|_| values.next().is_none());
    match text {
        Some(text) => Ok(Some(text.to_owned())),
        None => Err(Fault::bad_request(
            IssueCode::Value,
            &format!("the header {name} must stand once, in UTF-8"),
        )),
    }
}

/// A key belongs to its caller: another's same key is another key.
fn bound(verified: &Verified, key: &str) -> [u8; 32] {
    let mut digest = Sha256::new();
    match verified.caller.worker() {
        Some(worker) => digest.update(worker.as_str()),
        None => digest.update(verified.token.as_str()),
    }
    digest.update([0]);
    digest.update(key);
    digest.finalize().into()
}
