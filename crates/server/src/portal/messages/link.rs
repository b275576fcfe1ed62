//! Giving somebody without an account a one-time link with which to answer a request.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::TeamId;
use domain::message::Message;
use sharing::Error;
use sharing::invitation::{Standing, end};
use sharing::messages::{self, Opened, by_link};
use store::Directory;

use super::about::choices;
use super::{nothing, refused, said_at, team_name};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::links::{days, shown_once, until};
use crate::portal::record::directory;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{AnswerLinkPage, Errors, GivenLink, OutLink};
use crate::portal::words;

/// Whether a link to it can be given: by the team that asked.
pub fn may_give(opened: &Opened) -> bool {
    let message = &opened.message;
    let asked = message.request.is_some() && message.is_in_force();
    opened.is_senders && asked && message.held.is_none()
}

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    team: String,
    name: String,
    days: String,
}

/// `GET /care/inbox/{message}/link`
pub async fn linking(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
) -> Response {
    let (filled, errors) = (Filled::default(), Errors::default());
    show(&app, &who, &message, (filled, errors), None).await
}

/// `POST /care/inbox/{message}/link`
pub async fn link(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let filled = Filled {
        team: form.get("for").to_owned(),
        name: form.get("name").to_owned(),
        days: form.get("days").to_owned(),
    };
    let given = async {
        let what = by_link::Give {
            name: filled.name.clone(),
            team: TeamId::new(&filled.team),
            until: until(&app, &filled.days)?,
        };
        let given = by_link::give(&app.cx, &who.asking, id, &what).await?;
        Ok(shown_once(&app, (&what.name, what.until), &given))
    };
    match given.await {
        Ok(given) => {
            let none = (Filled::default(), Errors::default());
            show(&app, &who, &message, none, Some(given)).await
        }
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            show(&app, &who, &message, (filled, errors), None).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

/// `POST /care/inbox/{message}/links/{link}/end`
pub async fn end_link(
    State(app): State<App>,
    who: SignedIn,
    Path((message, link)): Path<(String, String)>,
    _form: Form,
) -> Response {
    let ended = async {
        let link = app.cx.ids.ours(&link).ok_or(Error::NotFound)?;
        end(&app.cx, &who.asking, link).await
    };
    match ended.await {
        Ok(()) => Redirect::to(&format!("/care/inbox/{message}")).into_response(),
        Err(error) => refused(&app, &who, error),
    }
}

/// The links that are out, as whoever sent the message sees them.
pub fn out(opened: &Opened, directory: &Directory) -> Vec<OutLink> {
    let row = |link: &Standing| {
        let answers = link.invitation.answers.as_ref();
        OutLink {
            link: link.id.to_string(),
            name: link.invitation.name.clone(),
            team: answers.map_or_else(String::new, |it| team_name(directory, &it.team)),
            opened: link.opened.map(words::moment),
            until: words::moment(link.invitation.ends().0),
        }
    };
    opened.links.iter().map(row).collect()
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("for") => "for",
        Some("until") => "days",
        _ => "name",
    }
}

async fn show(
    app: &App,
    who: &SignedIn,
    message: &str,
    (filled, errors): (Filled, Errors),
    given: Option<GivenLink>,
) -> Response {
    let Some(id) = app.cx.ids.ours(message) else {
        return nothing(app, who);
    };
    let status = errors.status();
    let view = async {
        let opened = messages::open(&app.cx, &who.asking, id).await?;
        if !may_give(&opened) {
            return Err(Error::NotFound);
        }
        let directory = directory(app).await?;
        let page = page(app, who, &opened.message, &directory, filled);
        Ok(AnswerLinkPage {
            given,
            errors,
            ..page
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => refused(app, who, error),
    }
}

fn page(
    app: &App,
    who: &SignedIn,
    request: &Message,
    directory: &Directory,
    filled: Filled,
) -> AnswerLinkPage {
    let teams = request.deliveries.iter().map(|one| one.team.clone());
    let teams: Vec<TeamId> = teams.collect();
    AnswerLinkPage {
        page: who.page(app),
        message: request.id.to_string(),
        name: request.name.clone(),
        given: None,
        teams: choices(&teams, directory, &[filled.team]),
        typed: filled.name,
        days: days(&filled.days),
        errors: Errors::default(),
    }
}
