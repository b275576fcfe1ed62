//! Answering another team's request: in one tap, in words, or by a refusal on a closed ground.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::calendar;
use domain::message::{InformationRequest, Message, Refusal, Response as Answer};
use domain::{Category, ResourceId, TeamId};
use sharing::messages::respond::{self as responding, Given, needs_whole_form};
use sharing::messages::{self, Opened};
use sharing::{Asking, Error, Ground};
use store::Directory;

use super::about::others;
use super::request::{ASKED, ticked};
use super::requirement;
use super::{from, nothing, refused, said, shown};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::record::directory;
use crate::portal::render::{Phone, html};
use crate::portal::session::SignedIn;
use crate::portal::views::{Asked, Choice, Contact, Errors, RefuseFilled, RefusePage, RespondForm};
use crate::portal::words;

/// The ground that is offered first: a narrower answer than was asked.
const USUAL: Ground = Ground::MoreThanNecessary;

/// What a request asks for, in words.
pub fn asked(request: &InformationRequest, directory: &Directory) -> Asked {
    let what = request.what.iter();
    Asked {
        what: what
            .map(|category| words::capital(category.words()))
            .collect(),
        basis: request.basis.clone(),
        terms: match &request.required {
            Some(required) => requirement::view(required, directory),
            None => Vec::new(),
        },
    }
}

/// The form that answers a request, if this worker's team is one of those asked and has not.
pub fn form(asking: &Asking, opened: &Opened, directory: &Directory) -> Option<RespondForm> {
    let request = opened.message.request.as_ref()?;
    let own = opened.own.as_ref().filter(|own| own.state.owes_answer());
    if own.is_none() || !opened.message.is_in_force() {
        return None;
    }
    let chosen: Vec<String> = request
        .what
        .iter()
        .map(|category| category.code().to_owned())
        .collect();
    let asked_elsewhere = request.what.iter().filter(|one| !ASKED.contains(one));
    let told: Vec<Category> = ASKED.iter().chain(asked_elsewhere).copied().collect();
    Some(RespondForm {
        told: ticked(&told, &chosen),
        grounds: grounds(USUAL.code()),
        teams: others(&[], directory, ""),
        ring: own_contact(asking, directory)?,
        text: String::new(),
    })
}

/// The closed grounds, with the one that was chosen.
pub(super) fn grounds(chosen: &str) -> Vec<Choice> {
    let one = |ground: &Ground| Choice {
        value: ground.code().to_owned(),
        label: words::capital(ground.words()),
        hint: None,
        chosen: ground.code() == chosen,
    };
    Ground::ALL.iter().map(one).collect()
}

/// The closed grounds after a first choice of none of them.
pub(in crate::portal) fn ground_choices(none: &str, chosen: &str) -> Vec<Choice> {
    let first = Choice {
        value: String::new(),
        label: none.to_owned(),
        hint: None,
        chosen: chosen.is_empty(),
    };
    std::iter::once(first).chain(grounds(chosen)).collect()
}

/// The ground of this code.
pub fn ground(code: &str) -> Option<Ground> {
    let mut all = Ground::ALL.iter().copied();
    all.find(|ground| ground.code() == code)
}

fn own_contact(asking: &Asking, directory: &Directory) -> Option<Contact> {
    let team = directory.teams.get(asking.caller.team()?)?;
    Some(Contact {
        name: team.name.clone(),
        phone: Some(Phone::new(&team.phone)),
    })
}

/// `POST /care/inbox/{message}/respond`
pub async fn respond(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let text = form.get("text");
    let done = match response(&app, &who, &form).await {
        Ok(response) => {
            let told = form.all("told");
            let given = Given {
                response,
                text: text.to_owned(),
                told: told.filter_map(Category::from_code).collect(),
                on_behalf_of: None,
            };
            responding::respond(&app.cx, &who.asking, id, &given).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Redirect::to("/care/inbox").into_response(),
        Err(Error::Invalid(issues)) => {
            let field = match issues.first().and_then(|issue| issue.expression.first()) {
                Some(field) if field == "told" => "told",
                _ => "text",
            };
            let errors = said(&issues, field);
            shown(&app, &who, &message, text.to_owned(), errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

async fn response(app: &App, who: &SignedIn, form: &Form) -> Result<Answer, Error> {
    Ok(match form.get("response") {
        "shared" => Answer::Shared,
        "part" => Answer::Part {
            ground: form.get("ground").to_owned(),
        },
        "ring" => {
            let directory = directory(app).await?;
            let contact = own_contact(&who.asking, &directory).ok_or(Error::NotFound)?;
            Answer::Ring {
                name: contact.name,
                phone: contact.phone.map_or_else(String::new, |phone| phone.shown),
            }
        }
        "more-needed" => Answer::MoreNeeded,
        "not-held" => Answer::NotHeld {
            ask: Some(TeamId::new(form.get("ask"))).filter(|team| !team.as_str().is_empty()),
        },
        _ => return Err(Error::NotFound),
    })
}

/// `GET /care/inbox/{message}/refuse`
pub async fn refusing(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    show(&app, &who, id, RefuseFilled::default(), Errors::default()).await
}

/// `POST /care/inbox/{message}/refuse`
pub async fn refuse(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let field = |name| form.get(name).to_owned();
    let filled = RefuseFilled {
        ground: field("ground"),
        other: field("other"),
        text: field("text"),
        harm_if_shared: field("harm_if_shared"),
        harm_if_not_shared: field("harm_if_not_shared"),
        decider: field("decider"),
        review_on: field("review_on"),
    };
    let given = Given {
        response: Answer::Refused(refusal(&filled)),
        text: filled.text.clone(),
        told: Vec::new(),
        on_behalf_of: None,
    };
    match responding::respond(&app.cx, &who.asking, id, &given).await {
        Ok(_) => Redirect::to("/care/inbox").into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said(&issues, "ground");
            show(&app, &who, id, filled, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

pub(in crate::portal) fn refusal(filled: &RefuseFilled) -> Refusal {
    let typed = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let ground = match filled.ground.as_str() {
        "" => &filled.other,
        ground => ground,
    };
    Refusal {
        ground: ground.to_owned(),
        harm_if_shared: typed(&filled.harm_if_shared),
        harm_if_not_shared: typed(&filled.harm_if_not_shared),
        decider: typed(&filled.decider),
        review: calendar::by(&filled.review_on),
    }
}

async fn show(
    app: &App,
    who: &SignedIn,
    id: ResourceId,
    filled: RefuseFilled,
    errors: Errors,
) -> Response {
    let view = async {
        let opened = messages::open(&app.cx, &who.asking, id).await?;
        let directory = directory(app).await?;
        form(&who.asking, &opened, &directory).ok_or(Error::NotFound)?;
        Ok(refuse_page(app, who, &opened.message, &directory, filled))
    };
    let status = errors.status();
    match view.await {
        Ok(view) => html(status, &RefusePage { errors, ..view }),
        Err(error) => refused(app, who, error),
    }
}

fn refuse_page(
    app: &App,
    who: &SignedIn,
    message: &Message,
    directory: &Directory,
    filled: RefuseFilled,
) -> RefusePage {
    let mut grounds = grounds(&filled.ground);
    grounds.push(Choice {
        value: String::new(),
        label: "Another reason".to_owned(),
        hint: None,
        chosen: !filled.other.is_empty() && filled.ground.is_empty(),
    });
    RefusePage {
        page: who.page(app),
        message: message.id.to_string(),
        name: message.name.clone(),
        from: from(message, directory),
        grounds,
        whole: needs_whole_form(message.purpose),
        filled,
        errors: Errors::default(),
    }
}
