//! Naming another child, or an adult, whom a discussion between agencies touches.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::{PromptAnswer, Touched};
use sharing::Error;
use sharing::messages::{
    self,
    discussion::{self as discussions, Name},
};

use super::{nothing, refused, said_at};
use crate::app::App;
use crate::portal::care;
use crate::portal::form::Form;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{Choice, Errors, NamingPage};
use crate::portal::words::capital;

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    is: String,
    name: String,
    relationship: String,
    rights: String,
    patient: String,
}

impl Filled {
    fn of(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        Self {
            is: field("is"),
            name: field("other"),
            relationship: field("relationship"),
            rights: field("rights"),
            patient: field("patient"),
        }
    }

    fn name(&self, app: &App) -> Option<Name> {
        Some(Name {
            is: Touched::from_code(&self.is)?,
            name: self.name.clone(),
            relationship: self.relationship.clone(),
            has_rights: PromptAnswer::from_code(&self.rights),
            patient: app.cx.ids.ours(&self.patient),
        })
    }
}

/// `GET /care/inbox/{message}/others`
pub async fn naming(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (filled, errors) = (Filled::default(), Errors::default());
    show(&app, &who, &headers, &message, filled, errors).await
}

/// `POST /care/inbox/{message}/others`
pub async fn name(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let filled = Filled::of(&form);
    let Some(name) = filled.name(&app) else {
        let mut errors = Errors::default();
        errors.add("is", "Say whether it is a child or an adult".to_owned());
        return show(&app, &who, &headers, &message, filled, errors).await;
    };
    match discussions::name(&app.cx, &who.asking, id, &name).await {
        Ok(()) => Redirect::to(&format!("/care/inbox/{message}")).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, |at| match at {
                Some("relationship") => "relationship",
                _ => "other",
            });
            show(&app, &who, &headers, &message, filled, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

async fn show(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    message: &str,
    filled: Filled,
    errors: Errors,
) -> Response {
    let Some(id) = app.cx.ids.ours(message) else {
        return nothing(app, who);
    };
    let opened = match messages::open(&app.cx, &who.asking, id).await {
        Ok(opened) => opened.message,
        Err(error) => return refused(app, who, error),
    };
    if opened.discussion.is_none() || !opened.is_in_force() {
        return nothing(app, who);
    }
    let about = opened.patient.to_string();
    let page = NamingPage {
        page: who.page(app),
        message: message.to_owned(),
        name: opened.name,
        is: choices(Touched::ALL, &filled.is, |one| (one.code(), one.words())),
        other: filled.name,
        relationship: filled.relationship,
        rights: choices(PromptAnswer::ALL, &filled.rights, |one| {
            (one.code(), one.words())
        }),
        records: records(app, headers, &about, &filled.patient),
        errors,
    };
    html(page.errors.status(), &page)
}

fn choices<T: Copy>(
    all: &[T],
    chosen: &str,
    shown: impl Fn(T) -> (&'static str, &'static str),
) -> Vec<Choice> {
    let choice = |one: &T| {
        let (code, words) = shown(*one);
        Choice {
            value: code.to_owned(),
            label: capital(words),
            chosen: code == chosen,
            hint: None,
        }
    };
    all.iter().map(choice).collect()
}

/// Those whose record this worker opened lately, but for the person whom it is about.
fn records(app: &App, headers: &HeaderMap, about: &str, chosen: &str) -> Vec<Choice> {
    let lately = care::recent(app, headers).into_iter();
    let others = lately.filter(|one| one.person != about);
    others
        .map(|one| Choice {
            chosen: one.person == chosen,
            value: one.person,
            label: one.name,
            hint: None,
        })
        .collect()
}
