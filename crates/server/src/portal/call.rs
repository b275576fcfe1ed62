//! A call note that takes twenty seconds: who, what, why, kept.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Category, ResourceId};
use serde::{Deserialize, Serialize};
use sharing::call::{Note, note};
use sharing::disclose::PageAsk;
use sharing::involved::involved;
use sharing::{Answer, Asking, Channel, Target, disclose};

use super::form::Form;
use super::front::{failed, fault};
use super::record::{banner, directory, key, named, the_patient};
use super::render::html;
use super::session::{SignedIn, seal, unseal};
use super::views::{Banner, CallPage, CallSavedPage, Choice, Errors, Fault, NoRecordPage, Receipt};
use super::{care, looks, words};
use crate::app::App;

const NOTE: &str = "candour_note";
/// What a call is usually about; the rest is a tick away.
pub const TOLD: [Category; 9] = [
    Category::CarePlans,
    Category::Function,
    Category::Encounters,
    Category::Contact,
    Category::Conditions,
    Category::Medicines,
    Category::Alerts,
    Category::Housing,
    Category::Wishes,
];
const LONGEST: usize = 200;

/// A kept note, as it is sealed into the address of its confirmation.
#[derive(Serialize, Deserialize)]
struct Kept {
    sentence: String,
    code: String,
    at: domain::Timestamp,
}

/// `GET /care/people/{person}/calls/new`
pub async fn new(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let looking = Looking::of(&app, &who, &headers, &person);
    let pairs = fhir::search::pairs(query.as_deref().unwrap_or_default());
    let with = pairs
        .into_iter()
        .find(|(name, _)| name == "with")
        .map(|(_, value)| value);
    let form = Filled {
        spoke: with.unwrap_or_default(),
        why: looking.asking.reason.clone().unwrap_or_default(),
        ..Filled::default()
    };
    ask(&app, &who, &looking, form, Errors::default()).await
}

/// A worker's look at one person.
struct Looking {
    person: String,
    asking: Asking,
    operation: Option<[u8; 16]>,
}

impl Looking {
    fn of(app: &App, who: &SignedIn, headers: &HeaderMap, person: &str) -> Self {
        let asking = care::asking_for(app, who, headers, person);
        let operation = looks::going_on(app, headers, &asking, person);
        Self {
            person: person.to_owned(),
            asking,
            operation,
        }
    }
}

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    spoke: String,
    other: String,
    told: Vec<String>,
    why: String,
}

async fn ask(
    app: &App,
    who: &SignedIn,
    looking: &Looking,
    form: Filled,
    errors: Errors,
) -> Response {
    let (banner, spoke) = match about(app, looking).await {
        Ok(Some(about)) => about,
        Ok(None) => {
            return html(
                StatusCode::NOT_FOUND,
                &NoRecordPage {
                    page: who.page(app),
                },
            );
        }
        Err(error) => return failed(app, &who.visit, error),
    };
    let status = errors.status();
    let view = CallPage {
        page: who.page(app),
        person: banner,
        spoke: spoke
            .into_iter()
            .map(|(key, name)| Choice {
                chosen: key == form.spoke,
                value: key,
                label: name,
                hint: None,
            })
            .collect(),
        other: form.other,
        told: TOLD
            .iter()
            .map(|category| Choice {
                value: category.code().to_owned(),
                label: words::capital(category.words()),
                hint: None,
                chosen: form.told.iter().any(|code| code == category.code()),
            })
            .collect(),
        why: form.why,
        errors,
    };
    html(status, &view)
}

/// Whose record it is and who is involved, if this worker may see it.
async fn about(
    app: &App,
    looking: &Looking,
) -> Result<Option<(Banner, Vec<(String, String)>)>, sharing::Error> {
    let Some(patient) = app.cx.ids.ours(&looking.person) else {
        return Ok(None);
    };
    let page = PageAsk {
        limit: 1,
        after: None,
        with_total: false,
    };
    let target = Target::Record { patient, page };
    let Answer::Released(disclosure) =
        disclose(&app.cx, &looking.asking, &target, looking.operation).await?
    else {
        return Ok(None);
    };
    let Some(read) = the_patient(&looking.asking, disclosure.released.resources()) else {
        return Ok(None);
    };
    let directory = directory(app).await?;
    let involved = involved(&disclosure.involved, &directory, app.cx.now());
    Ok(Some((
        banner(app, &looking.person, &read),
        involved.iter().map(|one| (key(one), named(one))).collect(),
    )))
}

/// `POST /care/people/{person}/calls`
pub async fn keep(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let looking = Looking::of(&app, &who, &headers, &person);
    let filled = Filled {
        spoke: form.get("spoke").to_owned(),
        other: form.get("other").to_owned(),
        told: form.all("told").map(str::to_owned).collect(),
        why: form.get("why").to_owned(),
    };
    let mut errors = faults(&filled);
    if !errors.is_empty() {
        return ask(&app, &who, &looking, filled, errors).await;
    }
    let told = match told(&app, &looking, &filled).await {
        Ok(Some(told)) => told,
        Ok(None) => {
            errors.add("spoke", "Choose who you spoke to");
            return ask(&app, &who, &looking, filled, errors).await;
        }
        Err(error) => return failed(&app, &who.visit, error),
    };
    let Some(patient) = app.cx.ids.ours(&person) else {
        return html(
            StatusCode::NOT_FOUND,
            &NoRecordPage {
                page: who.page(&app),
            },
        );
    };
    let asking = Asking {
        channel: Channel::Phone,
        ..looking.asking.clone()
    };
    match written(&app, &asking, patient, told, &filled).await {
        Ok(Some(kept)) => match seal(&app, NOTE, &kept) {
            Some(sealed) => {
                Redirect::to(&format!("/care/people/{person}/calls/{sealed}")).into_response()
            }
            None => fault(&app, &who.visit, Fault::Broken),
        },
        Ok(None) => html(
            StatusCode::NOT_FOUND,
            &NoRecordPage {
                page: who.page(&app),
            },
        ),
        Err(error) => failed(&app, &who.visit, error),
    }
}

fn faults(filled: &Filled) -> Errors {
    let mut errors = Errors::default();
    match filled.spoke.as_str() {
        "" => errors.add("spoke", "Choose who you spoke to"),
        "other" if filled.other.is_empty() => errors.add(
            "other",
            "Enter the name and organisation of who you spoke to",
        ),
        _ => {}
    }
    if filled.other.chars().count() > LONGEST {
        errors.add("other", "Keep the name under 200 characters");
    }
    if filled.why.is_empty() {
        errors.add("why", "Say in a few words why you called");
    } else if filled.why.chars().count() > LONGEST {
        errors.add("why", "Keep the reason under 200 characters");
    }
    errors
}

/// Who was told, as the account names them; `None` if the form names nobody involved.
async fn told(
    app: &App,
    looking: &Looking,
    filled: &Filled,
) -> Result<Option<String>, sharing::Error> {
    if filled.spoke == "other" {
        return Ok(Some(filled.other.clone()));
    }
    let Some((_, involved)) = about(app, looking).await? else {
        return Ok(None);
    };
    let chosen = involved.into_iter().find(|(key, _)| *key == filled.spoke);
    Ok(chosen.map(|(_, name)| name))
}

async fn written(
    app: &App,
    asking: &Asking,
    patient: ResourceId,
    told: String,
    filled: &Filled,
) -> Result<Option<Kept>, sharing::Error> {
    let what: Vec<Category> = filled
        .told
        .iter()
        .filter_map(|code| Category::from_code(code))
        .collect();
    let content = Note {
        told,
        what,
        why: filled.why.clone(),
    };
    let Some((event, receipt)) = note(&app.cx, asking, patient, &content).await? else {
        return Ok(None);
    };
    let commitment = receipt.receipt.commitment.to_string();
    Ok(Some(Kept {
        sentence: words::sentence(&event),
        code: commitment.get(..12).unwrap_or(&commitment).to_owned(),
        at: receipt.time,
    }))
}

/// `GET /care/people/{person}/calls/{note}`
pub async fn kept(
    State(app): State<App>,
    who: SignedIn,
    Path((person, sealed)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let looking = Looking::of(&app, &who, &headers, &person);
    let Some(kept) = unseal::<Kept>(&app, NOTE, &sealed) else {
        return Redirect::to(&format!("/care/people/{person}")).into_response();
    };
    match about(&app, &looking).await {
        Ok(Some((banner, _))) => {
            let view = CallSavedPage {
                page: who.page(&app),
                person: banner,
                sentence: kept.sentence,
                receipt: Receipt {
                    code: kept.code,
                    at: words::moment(kept.at),
                },
            };
            html(StatusCode::OK, &view)
        }
        Ok(None) => html(
            StatusCode::NOT_FOUND,
            &NoRecordPage {
                page: who.page(&app),
            },
        ),
        Err(error) => failed(&app, &who.visit, error),
    }
}
