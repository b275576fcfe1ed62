//! The nominated reader's page: what is required, read under the requirement, and the extract that is
//! passed on.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::Message;
use domain::{Category, ResourceId};
use sharing::disclose::PageAsk;
use sharing::messages::extract::{self as extracting, Extract};
use sharing::messages::{self, Opened};
use sharing::{Answer, Asking, Error, Target, disclose};
use store::StoredResource;

use super::request::ticked;
use super::{nothing, refused, said_at};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::summary::in_a_line;
use crate::portal::views::{Choice, Errors, ExtractPage};

/// How many records a reader chooses from.
const READ: u32 = 200;

/// Whether this worker is the reader whom a requirement in force names.
pub fn may_read(asking: &Asking, opened: &Opened) -> bool {
    let request = opened.message.request.as_ref();
    let reader = request.and_then(|one| one.required.as_ref()?.reader.as_ref());
    reader.is_some() && reader == asking.caller.worker() && opened.message.is_in_force()
}

/// The form as filled in so far.
#[derive(Default)]
struct Typed {
    sources: Vec<String>,
    told: Vec<String>,
    text: String,
}

impl Typed {
    fn of(form: &Form) -> Self {
        Self {
            sources: form.all("source").map(str::to_owned).collect(),
            told: form.all("told").map(str::to_owned).collect(),
            text: form.get("text").to_owned(),
        }
    }
}

/// `GET /care/inbox/{message}/extract`
pub async fn reading(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
) -> Response {
    let (fresh, errors) = (Typed::default(), Errors::default());
    show(&app, &who, &message, fresh, errors).await
}

/// `POST /care/inbox/{message}/extract`
pub async fn pass_extract_on(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let typed = Typed::of(&form);
    let sources = typed.sources.iter().filter_map(|one| source(&app, one));
    let told = typed.told.iter();
    let extract = Extract {
        text: typed.text.clone(),
        told: told.filter_map(|code| Category::from_code(code)).collect(),
        sources: sources.collect(),
    };
    match extracting::extract(&app.cx, &who.asking, id, &extract).await {
        Ok(_) => Redirect::to("/care/inbox").into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, |at| match at {
                Some("told") => "told",
                Some("source") => "source",
                _ => "text",
            });
            show(&app, &who, &message, typed, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

fn source(app: &App, text: &str) -> Option<(String, ResourceId)> {
    let (kind, id) = text.split_once('/')?;
    Some((kind.to_owned(), app.cx.ids.ours(id)?))
}

async fn show(app: &App, who: &SignedIn, message: &str, typed: Typed, errors: Errors) -> Response {
    let Some(id) = app.cx.ids.ours(message) else {
        return nothing(app, who);
    };
    let status = errors.status();
    let view = async {
        let opened = messages::open(&app.cx, &who.asking, id).await?;
        let request = opened.message.request.as_ref();
        let request = request.filter(|_| may_read(&who.asking, &opened));
        let what = request.ok_or(Error::NotFound)?.what.clone();
        let read = required(app, &who.asking, &opened.message).await?;
        Ok(ExtractPage {
            page: who.page(app),
            message: message.to_owned(),
            name: opened.message.name.clone(),
            why: opened.message.text.clone(),
            sources: read
                .iter()
                .filter_map(|one| line(one, &typed.sources))
                .collect(),
            told: ticked(&what, &typed.told),
            text: typed.text,
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => refused(app, who, error),
    }
}

/// What is required, as the reader may read it: decided and told in the account like any reading.
async fn required(
    app: &App,
    asking: &Asking,
    message: &Message,
) -> Result<Vec<StoredResource>, Error> {
    let asking = Asking {
        purpose: message.purpose,
        ..asking.clone()
    };
    let target = Target::Everything {
        patient: message.patient,
        types: Vec::new(),
        within: store::Within::default(),
        page: PageAsk {
            limit: READ,
            after: None,
            with_total: false,
        },
    };
    match disclose(&app.cx, &asking, &target, None).await? {
        Answer::Released(disclosure) => Ok(disclosure.released.resources().to_vec()),
        _ => Ok(Vec::new()),
    }
}

fn line(resource: &StoredResource, chosen: &[String]) -> Option<Choice> {
    if resource.resource_type == "Patient" {
        return None;
    }
    let said = in_a_line(resource)?;
    let value = format!("{}/{}", resource.resource_type, resource.id);
    Some(Choice {
        chosen: chosen.contains(&value),
        label: format!("{}, {}: {}", said.kind, said.on.short, said.text),
        value,
        hint: None,
    })
}
