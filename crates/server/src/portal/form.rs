//! What a form sent, and proof that it came from one of our own pages.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};

use super::front::fault;
use super::session::Visit;
use super::views::Fault;
use crate::app::App;

/// The fields of a form, in order; a name may stand several times.
#[derive(Default)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The first value of a field, without spaces around it; empty if it is not there.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// Every value of a field.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads the form and checks its `csrf` against the visitor's cookie, so that no other site can
/// send a form in their name.
impl FromRequest<App> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let visit = Visit::of(app, request.headers());
        let body = Bytes::from_request(request, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let form = Self(fhir::search::pairs(&String::from_utf8_lossy(&body)));
        if visit.csrf().is_some_and(|csrf| csrf == form.get("csrf")) {
            Ok(form)
        } else {
            Err(fault(app, &visit, Fault::NotAllowed))
        }
    }
}
