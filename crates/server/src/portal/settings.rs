//! Whether somebody is mailed when there is something to read: where to, the code, and stopping it.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use sharing::Error;
use sharing::notices::{Checked, Given, Standing, confirm, give, standing, stop};

use super::form::Form;
use super::front::failed;
use super::render::html;
use super::session::SignedIn;
use super::views::{Errors, MailState, SettingsPage};
use crate::app::App;

/// `GET /me/settings`
pub async fn show(State(app): State<App>, who: SignedIn, RawQuery(query): RawQuery) -> Response {
    let done = match query.as_deref() {
        Some("mailed") => Some("We sent a code to that address."),
        Some("on") => Some("We will mail you when there is something to read."),
        Some("stopped") => Some("We will not mail you any more."),
        _ => None,
    };
    page(&app, &who, done, String::new(), Errors::default()).await
}

async fn page(
    app: &App,
    who: &SignedIn,
    done: Option<&str>,
    address: String,
    errors: Errors,
) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let state = match standing(&app.cx, &who.asking).await {
        Ok(Standing::Off) => MailState::Off,
        Ok(Standing::Waits(to)) => MailState::Waits(to),
        Ok(Standing::On(to)) => MailState::On(to),
        Ok(Standing::Refused(to)) => MailState::Refused(to),
        Err(error) => return failed(app, &who.visit, error),
    };
    let status = errors.status();
    let view = SettingsPage {
        page: who.page(app),
        done: done.map(str::to_owned),
        sends: app.desk.sends_mail,
        state,
        address,
        errors,
    };
    html(status, &view)
}

/// `POST /me/settings/mail`
pub async fn choose(State(app): State<App>, who: SignedIn, form: Form) -> Response {
    if who.at_work() || !app.desk.sends_mail {
        return Redirect::to("/me/settings").into_response();
    }
    let address = form.get("address").to_owned();
    let wrong = match give(&app.cx, &who.asking, &address).await {
        Ok(Given::Mailed) => return Redirect::to("/me/settings?mailed").into_response(),
        Ok(Given::TooMany) => "We sent five codes today. Try again tomorrow",
        Err(Error::Invalid(_)) => "Enter an email address, like name@example.com",
        Err(error) => return failed(&app, &who.visit, error),
    };
    let mut errors = Errors::default();
    errors.add("address", wrong);
    page(&app, &who, None, address, errors).await
}

/// `POST /me/settings/code`
pub async fn check(State(app): State<App>, who: SignedIn, form: Form) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    match confirm(&app.cx, &who.asking, form.get("code")).await {
        Ok(Checked::Right) => Redirect::to("/me/settings?on").into_response(),
        Ok(Checked::Wrong) => {
            let mut errors = Errors::default();
            let wrong = "This code does not work. Look again, or ask for a new one";
            errors.add("code", wrong);
            page(&app, &who, None, String::new(), errors).await
        }
        Err(error) => failed(&app, &who.visit, error),
    }
}

/// `POST /me/settings/stop`
pub async fn end(State(app): State<App>, who: SignedIn, _form: Form) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    match stop(&app.cx, &who.asking).await {
        Ok(()) => Redirect::to("/me/settings?stopped").into_response(),
        Err(error) => failed(&app, &who.visit, error),
    }
}
