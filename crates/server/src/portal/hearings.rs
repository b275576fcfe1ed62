//! Somebody who is to be heard about a planned decision reads what is planned, and says what they think.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sharing::Error;
use sharing::messages::hearing::{Asked, asked, open, open_by_link, say, say_by_link};

use super::form::Form;
use super::front::{failed, fault};
use super::let_in::{LetIn, ring};
use super::messages::{contact, said_at};
use super::record::directory;
use super::render::html;
use super::session::SignedIn;
use super::views::{AskedRow, Errors, Fault, HeardByLink, HearingPage, Page};
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

/// `GET /link/{link}`, where it is for being heard.
pub(super) async fn by_link(app: &App, who: &LetIn) -> Response {
    let fine = (StatusCode::OK, Errors::default());
    show_by_link(app, who, String::new(), fine).await
}

/// `POST /link/{link}/view`
pub async fn think_by_link(State(app): State<App>, who: LetIn, form: Form) -> Response {
    if who.visitor.invitation.hears.is_none() {
        return fault(&app, &who.visit, Fault::NotFound);
    }
    let text = form.get("text").to_owned();
    match say_by_link(&app.cx, &who.visitor, &text).await {
        Ok(_) => Redirect::to(&who.address()).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, |_| "text");
            show_by_link(&app, &who, text, (errors.status(), errors)).await
        }
        Err(error) => failed(&app, &who.visit, error),
    }
}

async fn show_by_link(
    app: &App,
    who: &LetIn,
    text: String,
    (status, errors): (StatusCode, Errors),
) -> Response {
    let read = async {
        let asked = open_by_link(&app.cx, &who.visitor).await?;
        Ok::<_, Error>((asked, directory(app).await?))
    };
    match read.await {
        Ok((asked, directory)) => {
            let invitation = &who.visitor.invitation;
            let by_link = HeardByLink {
                name: invitation.name.clone(),
                until: words::moment(invitation.ends().0),
                ring: ring(app, &directory, invitation),
            };
            let own = (who.page(app), format!("{}/view", who.address()));
            let view = HearingPage {
                by_link: Some(by_link),
                ..page(own, &asked, text, errors)
            };
            html(status, &view)
        }
        Err(error) => failed(app, &who.visit, error),
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
        Ok(asked) => {
            let own = (who.page(app), format!("/me/hearings/{}", asked.message));
            html(status, &page(own, &asked, text, errors))
        }
        Err(error) => failed(app, &who.visit, error),
    }
}

fn page(
    (page, address): (Page, String),
    asked: &Asked,
    text: String,
    errors: Errors,
) -> HearingPage {
    let ring = asked.ring.iter();
    HearingPage {
        page,
        address,
        by_link: None,
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
