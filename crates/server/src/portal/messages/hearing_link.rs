//! Giving somebody without a page here a one-time link with which they are heard about a planned decision.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use sharing::Error;
use sharing::messages::hearing;

use super::concern::known;
use super::{nothing, refused, said_at};
use crate::app::App;
use crate::portal::care;
use crate::portal::form::Form;
use crate::portal::links::{days, shown_once, until};
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{Errors, GivenLink, HearingLinkPage};

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    name: String,
    days: String,
}

/// `GET /care/people/{person}/hearings/{message}/link`
pub async fn hearing_linking(
    State(app): State<App>,
    who: SignedIn,
    Path((person, message)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let asking = care::asking_for(&app, &who, &headers, &person);
    let may = async {
        let id = app.cx.ids.ours(&message).ok_or(Error::NotFound)?;
        hearing::may_give(&app.cx, &asking, id).await
    };
    let errors = match may.await {
        Ok(()) => Errors::default(),
        Err(Error::Invalid(issues)) => said_at(&issues, field_of),
        Err(error) => return refused(&app, &who, error),
    };
    let place = Place { person, message };
    place.show(&app, &who, &headers, (Filled::default(), errors), None)
}

/// `POST /care/people/{person}/hearings/{message}/link`
pub async fn hearing_link(
    State(app): State<App>,
    who: SignedIn,
    Path((person, message)): Path<(String, String)>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let filled = Filled {
        name: form.get("name").to_owned(),
        days: form.get("days").to_owned(),
    };
    let asking = care::asking_for(&app, &who, &headers, &person);
    let given = async {
        let what = hearing::Give {
            name: filled.name.clone(),
            until: until(&app, &filled.days)?,
        };
        let given = hearing::give(&app.cx, &asking, id, &what).await?;
        Ok(shown_once(&app, (&what.name, what.until), &given))
    };
    let (fresh, fine) = (Filled::default(), Errors::default());
    let place = Place { person, message };
    match given.await {
        Ok(given) => place.show(&app, &who, &headers, (fresh, fine), Some(given)),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            place.show(&app, &who, &headers, (filled, errors), None)
        }
        Err(error) => refused(&app, &who, error),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("until") => "days",
        _ => "name",
    }
}

/// Of whom, and which message asks.
struct Place {
    person: String,
    message: String,
}

impl Place {
    fn show(
        self,
        app: &App,
        who: &SignedIn,
        headers: &HeaderMap,
        (filled, errors): (Filled, Errors),
        given: Option<GivenLink>,
    ) -> Response {
        let view = HearingLinkPage {
            page: who.page(app),
            known: known(app, headers, &self.person),
            person: self.person,
            message: self.message,
            given,
            typed: filled.name,
            days: days(&filled.days),
            errors,
        };
        html(view.errors.status(), &view)
    }
}
