//! Saying no to an agency, and taking it back: one form each way, in force at once.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Audience, Category, OrganisationId, OrganisationKind};
use sharing::messages::own_words;
use sharing::wishes::{StandingWish, Wish, object, scope_words, standing, withdraw};
use store::Directory;

use super::form::Form;
use super::front::failed;
use super::record::directory;
use super::render::{DateView, html};
use super::session::SignedIn;
use super::views::{Choice, Errors, Objection, SharingPage};
use super::words;
use crate::app::App;

/// What can be stopped.
const KINDS: [Category; 7] = [
    Category::Conditions,
    Category::Medicines,
    Category::Documents,
    Category::Assessments,
    Category::CarePlans,
    Category::Contact,
    Category::Network,
];
const EVERYTHING: &str = "everything";

/// `GET /me/sharing`
pub async fn show(State(app): State<App>, who: SignedIn, RawQuery(query): RawQuery) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let done = match query.as_deref() {
        Some("stopped") => Some("It is stopped, from now on."),
        Some("started") => Some("It may be shared again, from now on."),
        _ => None,
    };
    page(&app, &who, done, Errors::default()).await
}

async fn page(app: &App, who: &SignedIn, done: Option<&str>, errors: Errors) -> Response {
    let read = async {
        let wishes = standing(&app.cx, &who.asking).await?;
        let said = own_words::own(&app.cx, &who.asking).await?;
        Ok::<_, sharing::Error>((wishes, said, directory(app).await?))
    };
    let (wishes, own_words, directory) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(app, &who.visit, error),
    };
    let status = errors.status();
    let view = SharingPage {
        page: who.page(app),
        done: done.map(str::to_owned),
        stopped: wishes
            .iter()
            .map(|wish| objection(wish, &directory))
            .collect(),
        own_words,
        organisations: organisations(&directory),
        kinds: kinds(),
        errors,
    };
    html(status, &view)
}

fn objection(wish: &StandingWish, directory: &Directory) -> Objection {
    Objection {
        key: wish.own.map_or_else(String::new, |id| id.to_string()),
        what: words::capital(&scope_words(&wish.objection.scope)),
        organisation: audience(&wish.objection.audience, directory),
        since: DateView::day(words::local(wish.objection.since).date()),
    }
}

fn audience(audience: &Audience, directory: &Directory) -> String {
    match audience {
        Audience::Everyone => "Everyone".to_owned(),
        Audience::Organisation(id) => directory
            .organisations
            .get(id)
            .map_or_else(|| id.to_string(), |organisation| organisation.name.clone()),
        Audience::Kind(kind) => words::capital(&kind.code().replace('-', " ")),
        Audience::Worker(id) => directory
            .workers
            .get(id)
            .map_or_else(|| "One worker".to_owned(), |worker| worker.name.clone()),
        Audience::Team(id) => id.to_string(),
        Audience::Role(role) => words::capital(&role.words()),
        Audience::Party(_) => "Somebody you named".to_owned(),
    }
}

fn organisations(directory: &Directory) -> Vec<Choice> {
    let mut all: Vec<Choice> = directory
        .organisations
        .values()
        .filter(|organisation| organisation.kind != OrganisationKind::Exchange)
        .map(|organisation| Choice {
            value: organisation.id.to_string(),
            label: organisation.name.clone(),
            hint: None,
            chosen: false,
        })
        .collect();
    all.sort_by(|a, b| a.label.cmp(&b.label));
    all
}

fn kinds() -> Vec<Choice> {
    let everything = Choice {
        value: EVERYTHING.to_owned(),
        label: "Everything".to_owned(),
        hint: None,
        chosen: true,
    };
    let kinds = KINDS.iter().map(|category| Choice {
        value: category.code().to_owned(),
        label: words::capital(category.words()),
        hint: None,
        chosen: false,
    });
    std::iter::once(everything).chain(kinds).collect()
}

/// `POST /me/sharing/stop`
pub async fn stop(State(app): State<App>, who: SignedIn, form: Form) -> Response {
    let directory = match directory(&app).await {
        Ok(directory) => directory,
        Err(error) => return failed(&app, &who.visit, error),
    };
    let mut errors = Errors::default();
    let organisation = OrganisationId::new(form.get("organisation"));
    if !directory.organisations.contains_key(&organisation) {
        errors.add("organisation", "Choose who should not be told");
    }
    let what = form.get("what");
    let category = Category::from_code(what);
    if category.is_none() && what != EVERYTHING {
        errors.add("what", "Choose what they should not be told");
    }
    if !errors.is_empty() {
        return page(&app, &who, None, errors).await;
    }
    match object(
        &app.cx,
        &who.asking,
        &Wish {
            organisation,
            category,
        },
    )
    .await
    {
        Ok(()) => Redirect::to("/me/sharing?stopped").into_response(),
        Err(error) => failed(&app, &who.visit, error),
    }
}

/// `POST /me/sharing/start`
pub async fn start(State(app): State<App>, who: SignedIn, form: Form) -> Response {
    let Some(consent) = app.cx.ids.ours(form.get("objection")) else {
        let mut errors = Errors::default();
        errors.add("objection", "Choose what may be shared again");
        return page(&app, &who, None, errors).await;
    };
    match withdraw(&app.cx, &who.asking, consent).await {
        Ok(()) => Redirect::to("/me/sharing?started").into_response(),
        Err(error) => failed(&app, &who.visit, error),
    }
}
