//! Home, sign-in, the pages that explain, and the pages for what cannot be answered.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::form::Form;
use super::render::html;
use super::session::{SignedIn, Visit, Who, page, without_visit};
use super::views::{
    AccessibilityPage, ErrorPage, Fault, HelpPage, HomePage, Page, PrivacyPage, SignIn, SignInPage,
    Viewer, Workplace,
};
use super::words;
use crate::app::App;
use crate::tokens::{self, SignInKind};

/// `GET /`
pub async fn home(
    State(app): State<App>,
    who: Result<SignedIn, Response>,
    headers: HeaderMap,
) -> Response {
    html(
        StatusCode::OK,
        &HomePage {
            page: any_page(&app, who, &headers),
        },
    )
}

/// `GET /help`
pub async fn help(
    State(app): State<App>,
    who: Result<SignedIn, Response>,
    headers: HeaderMap,
) -> Response {
    html(
        StatusCode::OK,
        &HelpPage {
            page: any_page(&app, who, &headers),
        },
    )
}

/// `GET /accessibility`
pub async fn accessibility(
    State(app): State<App>,
    who: Result<SignedIn, Response>,
    headers: HeaderMap,
) -> Response {
    html(
        StatusCode::OK,
        &AccessibilityPage {
            page: any_page(&app, who, &headers),
        },
    )
}

/// `GET /privacy`
pub async fn privacy(
    State(app): State<App>,
    who: Result<SignedIn, Response>,
    headers: HeaderMap,
) -> Response {
    html(
        StatusCode::OK,
        &PrivacyPage {
            page: any_page(&app, who, &headers),
        },
    )
}

/// `GET /sign-in`: in a demonstration one chooses who to be; otherwise there is nobody to choose.
pub async fn sign_in(State(app): State<App>) -> Response {
    let visit = Visit::begin(&app, None);
    let mut organisations: Vec<Workplace> = Vec::new();
    let mut people = Vec::new();
    for one in &app.desk.roster.sign_ins {
        match &one.kind {
            SignInKind::Worker {
                role: domain::Role::System,
                ..
            } => {}
            SignInKind::Worker { role, organisation } => {
                let name = app
                    .desk
                    .organisations
                    .get(organisation.as_str())
                    .cloned()
                    .unwrap_or_default();
                let worker = entry(one, words::capital(&role.words()));
                match organisations
                    .iter_mut()
                    .find(|workplace| workplace.name == name)
                {
                    Some(workplace) => workplace.workers.push(worker),
                    None => organisations.push(Workplace {
                        name,
                        workers: vec![worker],
                    }),
                }
            }
            SignInKind::Person { .. } => {
                let line = app
                    .desk
                    .situations
                    .get(&one.key)
                    .cloned()
                    .unwrap_or_default();
                people.push(entry(one, line));
            }
        }
    }
    let view = SignInPage {
        page: page(&app, &visit, Viewer::Nobody),
        organisations,
        people,
    };
    let response = html(StatusCode::OK, &view);
    visit.carried_by(&app, response)
}

fn entry(one: &tokens::SignIn, line: String) -> SignIn {
    SignIn {
        key: one.key.clone(),
        name: one.name.clone(),
        line,
    }
}

/// `POST /sign-in`
pub async fn enter(State(app): State<App>, form: Form) -> Response {
    let chosen = app
        .desk
        .roster
        .sign_ins
        .iter()
        .find(|one| one.key == form.get("as"));
    let Some(chosen) = chosen.filter(|_| app.desk.demonstration) else {
        return Redirect::to("/sign-in").into_response();
    };
    let (who, way) = match &chosen.kind {
        SignInKind::Worker { .. } => (Who::Worker(domain::WorkerId::new(&chosen.key)), "/care"),
        SignInKind::Person { person } => (
            Who::Person {
                person: *person,
                name: chosen.name.clone(),
            },
            "/me",
        ),
    };
    // A new cookie for each sign-in: one known before it is worth nothing after.
    let response = super::care::forget(&app, Redirect::to(way).into_response());
    Visit::begin(&app, Some(who)).carried_by(&app, response)
}

/// `POST /sign-out`
pub async fn leave(State(app): State<App>, headers: HeaderMap, _form: Form) -> Response {
    let visit = Visit::of(&app, &headers);
    if let Err(error) = visit.end(&app).await {
        tracing::error!(error = error.to_string(), "a session could not be ended");
        return fault(&app, &visit, Fault::Unavailable);
    }
    super::care::forget(&app, without_visit(&app, Redirect::to("/").into_response()))
}

/// Anything else.
pub async fn nowhere(State(app): State<App>, headers: HeaderMap, uri: axum::http::Uri) -> Response {
    if uri.path().starts_with("/fhir") {
        return crate::api::Fault::not_found().into_response();
    }
    fault(&app, &Visit::of(&app, &headers), Fault::NotFound)
}

/// The page for what cannot be answered.
pub fn fault(app: &App, visit: &Visit, fault: Fault) -> Response {
    let view = ErrorPage {
        page: page(app, visit, Viewer::Nobody),
        fault,
        reference: None,
    };
    html(fault.status(), &view)
}

/// The page for an error of a use case.
pub fn failed(app: &App, visit: &Visit, error: sharing::Error) -> Response {
    use sharing::Error;
    let kind = match &error {
        Error::Invalid(_) | Error::NotYet(_) | Error::Conflict | Error::PreconditionFailed => {
            Fault::Unreadable
        }
        Error::NotFound | Error::Referred(_) => Fault::NotFound,
        Error::Revoked => return Redirect::to("/sign-in").into_response(),
        Error::Unknown(_) | Error::Unavailable(_) => {
            // The API's own mapping logs the cause, so that it is logged in one place.
            drop(crate::api::Fault::from(error));
            Fault::Unavailable
        }
    };
    fault(app, visit, kind)
}

pub(super) fn any_page(app: &App, who: Result<SignedIn, Response>, headers: &HeaderMap) -> Page {
    match who {
        Ok(signed_in) => signed_in.page(app),
        Err(_) => page(app, &Visit::of(app, headers), Viewer::Nobody),
    }
}
