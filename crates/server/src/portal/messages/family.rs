//! What a worker sees of a word from somebody close, and answering it or passing it on.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::message::call::Way;
use domain::message::claim::Found;
use domain::message::{Came, Claim, Kind, Message};
use domain::{Category, Matter, TeamId};
use sharing::Error;
use sharing::messages::Opened;
use sharing::messages::claim::{Checking, check};
use sharing::messages::family::{Reply, pass_on as hand, reply};
use store::Directory;

use super::about::others;
use super::on_behalf::how;
use super::request::ticked;
use super::{after_acting, nothing, said_at, shown};
use crate::app::App;
use crate::portal::call::TOLD;
use crate::portal::form::Form;
use crate::portal::render::DateView;
use crate::portal::session::SignedIn;
use crate::portal::views::{CameView, CheckForm, FamilyView};
use crate::portal::words;

/// By what id the record is opened of whom a message is about; empty where nobody is known, and where
/// whoever is told need not look after the person.
pub fn record(message: &Message) -> String {
    match &message.family {
        Some(word) if !word.found => String::new(),
        None if matches!(
            message.kind,
            Kind::PrivacyAlert | Kind::Unseen | Kind::Challenge
        ) =>
        {
            String::new()
        }
        _ => message.patient.to_string(),
    }
}

/// What is known of whoever wrote, with the forms that this worker may use.
pub fn view(opened: &Opened, directory: &Directory) -> Option<FamilyView> {
    let message = &opened.message;
    let word = message.family.as_ref()?;
    if message.kind != Kind::FamilyWord {
        return None;
    }
    let asked: Vec<TeamId> = message
        .deliveries
        .iter()
        .map(|one| one.team.clone())
        .collect();
    let listed = opened.own.as_ref().is_some_and(|own| own.state.is_listed());
    Some(FamilyView {
        says_to_be: word.says_to_be.clone(),
        born: word.born.clone(),
        found: word.found,
        unnamed: word.unnamed,
        came: word.came.as_ref().map(came),
        told: ticked(&TOLD, &[]),
        teams: others(&asked, directory, ""),
        may_answer: listed && message.is_in_force(),
        check: word
            .claim
            .as_deref()
            .filter(|it| it.checked.is_none())
            .map(check_form),
    })
}

fn check_form(claim: &Claim) -> CheckForm {
    let powers = claim.powers.iter();
    let found = Found::ALL.iter();
    CheckForm {
        powers: powers
            .map(|one| (one.code().to_owned(), words::capital(one.words())))
            .collect(),
        found: found
            .map(|one| (one.code().to_owned(), words::capital(one.words())))
            .collect(),
    }
}

/// `POST /care/inbox/{message}/check`: what was found of the paper that somebody gave, power by power.
pub async fn check_claim(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let of = |matter: &Matter| {
        let found = Found::from_code(form.get(&format!("found-{}", matter.code())));
        found.map(|found| (*matter, found))
    };
    let checking = Checking {
        registered: form.get("registered") == "yes",
        seen: form.get("seen") == "yes",
        powers: Matter::SINGLE.iter().filter_map(of).collect(),
        text: form.get("text").to_owned(),
    };
    let done = check(&app.cx, &who.asking, id, &checking).await.map(|_| ());
    let to = format!("/care/inbox/{message}");
    match done {
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, |at| match at {
                Some("registered") => "registered",
                Some("seen") => "seen",
                Some("text") => "text",
                _ => "power",
            });
            shown(&app, &who, &message, checking.text, errors).await
        }
        done => after_acting(&app, &who, &message, done, &to, "power", "").await,
    }
}

/// How a word came that a worker put in.
fn came(came: &Came) -> CameView {
    let day = DateView::day(words::local(came.on).date()).full;
    CameView {
        how: match came.way {
            Way::Letter => format!("By letter of {day}"),
            way => format!("{} on {day}", how(way)),
        },
        put_in_by: came.name.clone(),
        answer_to: came.answer_to.clone(),
    }
}

/// `POST /care/inbox/{message}/family`: a named person answers.
pub async fn answer_family(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let text = form.get("text");
    let answer = Reply {
        text: text.to_owned(),
        told: form.all("told").filter_map(Category::from_code).collect(),
    };
    let (done, to) = match reply(&app.cx, &who.asking, id, &answer).await {
        Ok(answered) if form.get("print") == "yes" => {
            (Ok(()), format!("/care/inbox/{answered}/letter"))
        }
        done => (done.map(|_| ()), "/care/inbox".to_owned()),
    };
    after_acting(&app, &who, &message, done, &to, "text", text).await
}

/// `POST /care/inbox/{message}/pass-on`
pub async fn pass_on(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let to = TeamId::new(form.get("to"));
    let done = hand(&app.cx, &who.asking, id, &to).await;
    after_acting(&app, &who, &message, done, "/care/inbox", "to", "").await
}
