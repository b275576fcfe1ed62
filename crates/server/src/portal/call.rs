//! A note of a call round or meeting that takes twenty seconds: who, what, why, kept.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::arrangement::ToldAs;
use domain::message::Identity;
use domain::message::call::Way;
use domain::{Category, ResourceId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sharing::messages::call::{self, Attended, Contact, Note, Noted};
use sharing::{Asking, Error, event::hex};

use super::form::Form;
use super::messages::{nothing, refused, said_at, ticked, whose};
use super::render::html;
use super::session::{SignedIn, seal, unseal};
use super::views::{CallFilled, CallPage, CallSavedPage, Choice, Errors, Fault, Receipt};
use super::{care, front, looks, words};
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
/// That the person themself was told.
const THEMSELF: &str = "themself";
/// What somebody who is not listed is to the person.
const IS: [(&str, &str, Option<ToldAs>); 5] = [
    (
        THEMSELF,
        "The person themself: above, say who interpreted or signed, if anybody did",
        None,
    ),
    ("works", "They work with the person", None),
    ("relative", "A relative or friend", Some(ToldAs::Relative)),
    ("landlord", "A landlord", Some(ToldAs::Landlord)),
    ("solicitor", "A solicitor", Some(ToldAs::Solicitor)),
];

/// A kept note, as it is sealed into the address of its confirmation.
#[derive(Serialize, Deserialize)]
struct Kept {
    message: String,
    sentences: Vec<String>,
    code: Option<String>,
    at: domain::Timestamp,
}

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    spoke: Vec<String>,
    is: String,
    way: String,
    identity: String,
    told: Vec<String>,
    typed: CallFilled,
}

impl Filled {
    fn of(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        Self {
            spoke: form.all("spoke").map(str::to_owned).collect(),
            is: field("is"),
            way: field("way"),
            identity: field("identity"),
            told: form.all("told").map(str::to_owned).collect(),
            typed: CallFilled {
                other: field("other"),
                why: field("why"),
                next: field("next"),
            },
        }
    }

    /// What is noted. The form comes with a telephone call to a number on record chosen.
    fn note(&self, contacts: &[Contact]) -> Note {
        let ticked = contacts.iter().filter(|one| self.spoke.contains(&key(one)));
        let mut attended: Vec<Attended> = ticked.map(|one| one.attended.clone()).collect();
        let is_other = self.spoke.iter().any(|one| one == "other");
        if self.is == THEMSELF {
            attended.push(Attended::themself(&self.typed.other));
        } else if is_other || !self.typed.other.is_empty() {
            let is = IS.iter().find(|(code, _, _)| *code == self.is);
            attended.push(Attended::Other {
                name: self.typed.other.clone(),
                is: is.and_then(|(_, _, is)| *is),
            });
        }
        let told = self.told.iter();
        Note {
            way: Way::from_code(&self.way).unwrap_or(Way::Phone),
            attended,
            what: told.filter_map(|code| Category::from_code(code)).collect(),
            why: self.typed.why.clone(),
            identity: Identity::from_code(&self.identity).unwrap_or(Identity::RungOnRecord),
            next: self.typed.next.clone(),
            matter: None,
        }
    }
}

/// By what a form and an address name somebody: names stay out of a browser's history.
fn key(contact: &Contact) -> String {
    hex(&Sha256::digest(&contact.name)[..6])
}

/// `GET /care/people/{person}/calls/new`
pub async fn new(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asking = care::asking_for(&app, &who, &headers, &person);
    let pairs = fhir::search::pairs(query.as_deref().unwrap_or_default());
    let with = pairs.into_iter().filter(|(name, _)| name == "with");
    let form = Filled {
        spoke: with.map(|(_, value)| value).collect(),
        typed: CallFilled {
            why: asking.reason.clone().unwrap_or_default(),
            ..CallFilled::default()
        },
        ..Filled::default()
    };
    ask(&app, &who, &headers, &person, form, Errors::default()).await
}

async fn ask(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    person: &str,
    form: Filled,
    errors: Errors,
) -> Response {
    let Some(patient) = app.cx.ids.ours(person) else {
        return nothing(app, who);
    };
    let asking = care::asking_for(app, who, headers, person);
    let operation = looks::going_on(app, headers, &asking, person);
    let status = errors.status();
    let view = async {
        let contacts = call::contacts(&app.cx, &asking, patient).await?;
        let banner = whose(app, &asking, person, patient, operation).await?;
        Ok(CallPage {
            page: who.page(app),
            person: banner.ok_or(Error::NotFound)?,
            spoke: contacts.iter().map(|one| ticked_one(one, &form)).collect(),
            is: chosen(IS.iter().map(|(code, words, _)| (*code, *words)), &form.is),
            way: chosen(
                Way::ALL.iter().map(|one| (one.code(), one.words())),
                &form.way,
            ),
            identity: chosen(
                Identity::ALL.iter().map(|one| (one.code(), one.words())),
                &form.identity,
            ),
            told: ticked(&TOLD, &form.told),
            filled: form.typed,
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => refused(app, who, error),
    }
}

fn ticked_one(contact: &Contact, form: &Filled) -> Choice {
    let key = key(contact);
    Choice {
        chosen: form.spoke.contains(&key),
        value: key,
        label: words::capital(&contact.name),
        hint: None,
    }
}

/// Choices of which one is always chosen: the first, if nothing was.
fn chosen<'c>(all: impl Iterator<Item = (&'c str, &'c str)>, chosen: &str) -> Vec<Choice> {
    let choices = all.enumerate().map(|(place, (value, label))| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: None,
        chosen: value == chosen || (chosen.is_empty() && place == 0),
    });
    choices.collect()
}

/// `POST /care/people/{person}/calls`
pub async fn keep(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(patient) = app.cx.ids.ours(&person) else {
        return nothing(&app, &who);
    };
    let filled = Filled::of(&form);
    let asking = care::asking_for(&app, &who, &headers, &person);
    match noted(&app, &asking, patient, &filled).await {
        Ok(noted) => match seal(&app, NOTE, &kept_of(&app, &noted)) {
            Some(sealed) => {
                Redirect::to(&format!("/care/people/{person}/calls/{sealed}")).into_response()
            }
            None => front::fault(&app, &who.visit, Fault::Broken),
        },
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, |at| match at {
                Some("with") => "spoke",
                Some("other") => "other",
                _ => "why",
            });
            ask(&app, &who, &headers, &person, filled, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

async fn noted(
    app: &App,
    asking: &Asking,
    patient: ResourceId,
    filled: &Filled,
) -> Result<Noted, Error> {
    let contacts = call::contacts(&app.cx, asking, patient).await?;
    call::note(&app.cx, asking, patient, &filled.note(&contacts)).await
}

fn kept_of(app: &App, noted: &Noted) -> Kept {
    let code = noted.receipts.first().map(|one| {
        let commitment = one.receipt.commitment.to_string();
        commitment.get(..12).unwrap_or(&commitment).to_owned()
    });
    let at = noted.receipts.first().map(|one| one.time);
    Kept {
        message: noted.id.to_string(),
        sentences: noted.lines.iter().map(words::sentence).collect(),
        code,
        at: at.unwrap_or_else(|| app.cx.now()),
    }
}

/// `GET /care/people/{person}/calls/{note}`
pub async fn kept(
    State(app): State<App>,
    who: SignedIn,
    Path((person, sealed)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let unsealed = unseal::<Kept>(&app, NOTE, &sealed);
    let (Some(kept), Some(patient)) = (unsealed, app.cx.ids.ours(&person)) else {
        return Redirect::to(&format!("/care/people/{person}")).into_response();
    };
    let asking = care::asking_for(&app, &who, &headers, &person);
    let operation = looks::going_on(&app, &headers, &asking, &person);
    match whose(&app, &asking, &person, patient, operation).await {
        Ok(Some(banner)) => {
            let at = words::moment(kept.at);
            let view = CallSavedPage {
                page: who.page(&app),
                person: banner,
                message: kept.message,
                sentences: kept.sentences,
                receipt: kept.code.map(|code| Receipt { code, at }),
            };
            html(StatusCode::OK, &view)
        }
        Ok(None) => nothing(&app, &who),
        Err(error) => refused(&app, &who, error),
    }
}
