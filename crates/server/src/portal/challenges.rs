//! Somebody does not agree with a line of an account: from their own list, from that of somebody for whom
//! they act, or by a one-time link.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::ResourceId;
use domain::message::challenge::{Because, Wanted};
use serde::Deserialize;
use sharing::messages::challenge::{Raise, Shown, about, all, line, of_line, one};
use sharing::{Asking, Error};

use super::form::Form;
use super::front::failed;
use super::let_in::LetIn;
use super::me::of_patient;
use super::messages::{contact, said_at};
use super::render::html;
use super::session::{SignedIn, Visit};
use super::views::{
    ChallengePage, ChallengeRow, ChallengesPage, Choice, DisagreePage, Errors, Page,
};
use super::words;
use crate::app::App;

/// From which side somebody looks at an account.
struct Side<'s> {
    app: &'s App,
    visit: &'s Visit,
    asking: &'s Asking,
    page: Page,
    /// Where its pages begin: `/me`, or the address of a link.
    base: String,
    /// Where the list of who was told is.
    lines: String,
    /// Whose account it is, if not the reader's own.
    of: Option<ResourceId>,
    /// Whether its addresses have to say so.
    acts: bool,
}

/// Of whom, where somebody acts for them.
#[derive(Debug, Deserialize)]
pub struct Of {
    patient: Option<String>,
}

impl Of {
    fn patient(&self) -> Option<ResourceId> {
        self.patient.as_deref().map(of_patient)
    }
}

fn own<'s>(app: &'s App, who: &'s SignedIn, of: Option<ResourceId>) -> Side<'s> {
    let query = of.map_or_else(String::new, |of| format!("?patient={of}"));
    Side {
        app,
        visit: &who.visit,
        asking: &who.asking,
        page: who.page(app),
        base: "/me".to_owned(),
        lines: format!("/me/access{query}"),
        of,
        acts: of.is_some(),
    }
}

fn by_link<'s>(app: &'s App, who: &'s LetIn) -> Side<'s> {
    Side {
        app,
        visit: &who.visit,
        asking: &who.visitor.asking,
        page: who.page(app),
        lines: format!("{}/account", who.address()),
        base: who.address(),
        of: Some(who.visitor.patient),
        acts: false,
    }
}

/// `GET /me/lines/{line}/challenge`
pub async fn ask(
    State(app): State<App>,
    who: SignedIn,
    Path(line): Path<String>,
    Query(of): Query<Of>,
) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    own(&app, &who, of.patient())
        .form(&line, Form::default(), Errors::default())
        .await
}

/// `POST /me/lines/{line}/challenge`
pub async fn raise(
    State(app): State<App>,
    who: SignedIn,
    Path(line): Path<String>,
    form: Form,
) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let of = Some(form.get("patient")).filter(|text| !text.is_empty());
    own(&app, &who, of.map(of_patient)).raise(&line, form).await
}

/// `GET /link/{link}/lines/{line}/challenge`
pub async fn ask_by_link(
    State(app): State<App>,
    Path((_, line)): Path<(String, String)>,
    who: LetIn,
) -> Response {
    by_link(&app, &who)
        .form(&line, Form::default(), Errors::default())
        .await
}

/// `POST /link/{link}/lines/{line}/challenge`
pub async fn raise_by_link(
    State(app): State<App>,
    Path((_, line)): Path<(String, String)>,
    who: LetIn,
    form: Form,
) -> Response {
    by_link(&app, &who).raise(&line, form).await
}

/// `GET /me/challenges`
pub async fn list(State(app): State<App>, who: SignedIn) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let side = own(&app, &who, None);
    let all = all(&app.cx, &who.asking).await;
    side.listed(all)
}

/// `GET /link/{link}/challenges`
pub async fn list_by_link(State(app): State<App>, who: LetIn) -> Response {
    let side = by_link(&app, &who);
    let all = about(&app.cx, side.asking, who.visitor.patient).await;
    side.listed(all)
}

/// `GET /me/challenges/{message}`
pub async fn show(State(app): State<App>, who: SignedIn, Path(message): Path<String>) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    own(&app, &who, None).show(&message).await
}

/// `GET /link/{link}/challenges/{message}`
pub async fn show_by_link(
    State(app): State<App>,
    Path((_, message)): Path<(String, String)>,
    who: LetIn,
) -> Response {
    by_link(&app, &who).show(&message).await
}

impl Side<'_> {
    fn target<'t>(&self, line: &'t str) -> (Option<ResourceId>, &'t str) {
        (self.of, line)
    }

    /// The form about one line, as filled in so far.
    async fn form(self, line_id: &str, form: Form, errors: Errors) -> Response {
        let said = line(&self.app.cx, self.asking, self.target(line_id)).await;
        let said = match said {
            Ok(said) => said,
            Err(error) => return failed(self.app, self.visit, error),
        };
        let view = DisagreePage {
            action: format!("{}/lines/{line_id}/challenge", self.base),
            patient: match (self.acts, self.of) {
                (true, Some(of)) => Some(of.to_string()),
                _ => None,
            },
            lines: self.lines,
            page: self.page,
            said,
            grounds: grounds(form.get("because")),
            wanted: wanted(form.get("wanted")),
            text: form.get("text").to_owned(),
            errors,
        };
        html(view.errors.status(), &view)
    }

    async fn raise(self, line: &str, form: Form) -> Response {
        let mut errors = Errors::default();
        let because = Because::from_code(form.get("because"));
        let wanted = Wanted::from_code(form.get("wanted"));
        if because.is_none() {
            errors.add("because", "Choose what is wrong");
        }
        if wanted.is_none() {
            errors.add("wanted", "Choose what you want");
        }
        let (Some(because), Some(wanted)) = (because, wanted) else {
            return self.form(line, form, errors).await;
        };
        let what = Raise {
            because,
            wanted,
            words: form.get("text").to_owned(),
        };
        match of_line(&self.app.cx, self.asking, self.target(line), &what).await {
            Ok(id) => Redirect::to(&format!("{}/challenges/{id}", self.base)).into_response(),
            Err(Error::Invalid(issues)) => {
                let errors = said_at(&issues, |_| "text");
                self.form(line, form, errors).await
            }
            Err(error) => failed(self.app, self.visit, error),
        }
    }

    fn listed(self, all: Result<Vec<Shown>, Error>) -> Response {
        let all = match all {
            Ok(all) => all,
            Err(error) => return failed(self.app, self.visit, error),
        };
        let row = |one: &Shown| ChallengeRow {
            address: format!("{}/challenges/{}", self.base, one.message),
            said: one.challenge.said.clone(),
            state: words::capital(one.state()),
            on: words::moment(one.at),
        };
        let view = ChallengesPage {
            rows: all.iter().map(row).collect(),
            page: self.page,
            lines: self.lines,
        };
        html(StatusCode::OK, &view)
    }

    async fn show(self, message: &str) -> Response {
        let read = async {
            let id = self.app.cx.ids.ours(message).ok_or(Error::NotFound)?;
            one(&self.app.cx, self.asking, id).await
        };
        let shown = match read.await {
            Ok(shown) => shown,
            Err(error) => return failed(self.app, self.visit, error),
        };
        let ring = shown.ring.iter();
        let ruling = shown.challenge.ruling.as_ref();
        let view = ChallengePage {
            page: self.page,
            list: format!("{}/challenges", self.base),
            state: words::capital(shown.state()),
            said: shown.challenge.said.clone(),
            so_far: shown.so_far(),
            routes: ruling.map_or_else(Vec::new, |ruling| ruling.routes.clone()),
            ring: ring.map(|(name, number)| contact(name, number)).collect(),
        };
        html(StatusCode::OK, &view)
    }
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: words::capital(label),
        hint: None,
        chosen: value == chosen,
    }
}

fn grounds(chosen: &str) -> Vec<Choice> {
    let all = Because::ALL.iter();
    all.map(|one| choice(one.code(), one.words(), chosen))
        .collect()
}

fn wanted(chosen: &str) -> Vec<Choice> {
    let all = Wanted::ALL.iter();
    all.map(|one| choice(one.code(), one.words(), chosen))
        .collect()
}
