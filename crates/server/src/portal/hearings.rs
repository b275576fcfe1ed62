//! Somebody who is to be heard about a planned decision reads what is planned, and says what they think.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sharing::Error;
use sharing::messages::hearing::{Asked, asked, open, say};

use super::form::Form;
use super::front::failed;
use super::messages::{contact, said_at};
use super::render::html;
use super::session::SignedIn;
use super::views::{AskedRow, Errors, HearingPage};
use super::words;
use crate::app::App;

/// What the reader is asked, for a list.
pub async fn rows(app: &App, who: &SignedIn) -> Result<Vec<AskedRow>, Error> {
    let all = asked(&app.cx, &who.asking).await?;
    Ok(all.iter().map(row).collect())
}

fn row(asked: &Asked) -> AskedRow {
    let state = match (&asked.hearing.view, asked.is_open()) {
        (_, false) => "It has been decided",
        (Some(_), true) if asked.hearing.is_unanswered() => {
            "You said what you think; somebody answers you by name"
        }
        (Some(_), true) => "You said what you think, and were answered",
        (None, true) => "Say what you think before it is decided",
    };
    AskedRow {
        message: asked.message.to_string(),
        about: asked.about.clone(),
        state: state.to_owned(),
        waits: asked.is_open() && asked.hearing.view.is_none(),
    }
}

/// `GET /me/hearings/{message}`
pub async fn hearing(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
) -> Response {
    let fine = (StatusCode::OK, Errors::default());
    show(&app, &who, &message, String::new(), fine).await
}

/// `POST /me/hearings/{message}`
pub async fn think(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let text = form.get("text").to_owned();
    let said = async {
        let id = app.cx.ids.ours(&message).ok_or(Error::NotFound)?;
        say(&app.cx, &who.asking, id, &text).await
    };
    match said.await {
        Ok(_) => Redirect::to(&format!("/me/hearings/{message}")).into_response(),
        Err(Error::Invalid(issues)) => {
            let wrong = (
                StatusCode::UNPROCESSABLE_ENTITY,
                said_at(&issues, |_| "text"),
            );
            show(&app, &who, &message, text, wrong).await
        }
        Err(error) => failed(&app, &who.visit, error),
    }
}

async fn show(
    app: &App,
    who: &SignedIn,
    message: &str,
    text: String,
    (status, errors): (StatusCode, Errors),
) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let read = async {
        let id = app.cx.ids.ours(message).ok_or(Error::NotFound)?;
        open(&app.cx, &who.asking, id).await
    };
    match read.await {
        Ok(asked) => html(status, &page(app, who, &asked, text, errors)),
        Err(error) => failed(app, &who.visit, error),
    }
}

fn page(app: &App, who: &SignedIn, asked: &Asked, text: String, errors: Errors) -> HearingPage {
    let ring = asked.ring.iter();
    HearingPage {
        page: who.page(app),
        message: asked.message.to_string(),
        about: asked.about.clone(),
        decision: asked.decision.name.clone(),
        plan: asked.plan(),
        so_far: asked.so_far(),
        waits: asked.hearing.is_unanswered() && asked.is_open(),
        by: words::moment(asked.decision.at.0),
        is_open: asked.is_open(),
        ring: ring.map(|(name, number)| contact(name, number)).collect(),
        text,
        errors,
    }
}
