//! Decisions about somebody's life, as a worker plans, hears and makes them.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::own_words::{OwnWords, OwnWordsKind};
use domain::{Fact, Moment, ResourceId};
use serde_json::{Value, json};
use sharing::messages::THEMSELF;
use sharing::messages::planned::{self, Heard, Linked, Standing, Step};
use sharing::{Error, Ground};

use super::concern::known;
use super::{nothing, refused, said_at};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{
    Choice, DecisionView, DecisionsPage, Errors, HeardView, OwnWordsForm, PlanForm, StepForm,
};
use crate::portal::{care, words};

/// What a decision may be about.
const MATTERS: [(&str, &str); 6] = [
    ("accommodation", "Where they live"),
    ("care", "How they are looked after"),
    ("treatment", "Treatment"),
    ("information", "Who is told what"),
    ("contact", "Whom they meet"),
    ("finance", "Money and property"),
];
/// On what a decision may rest.
const POWERS: [(&str, &str); 4] = [
    ("person", "Their own decision"),
    ("attorney", "Their attorney's power"),
    ("guardian", "Their guardian's power"),
    (
        "s13za",
        "Section 13ZA of the Social Work (Scotland) Act 1968",
    ),
];
/// What may happen to a decision that is planned.
const STEPS: [(&str, &str); 6] = [
    ("told", "They were told of it, and how to be heard"),
    ("view", "They said what they think"),
    ("answer", "I answer them"),
    ("leave-out", "Somebody is left out, on a closed ground"),
    ("contest", "It is contested"),
    ("make", "It is made"),
];

/// `GET /care/people/{person}/decisions`
pub async fn decisions(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
) -> Response {
    let fine = (StatusCode::OK, Errors::default());
    show(&app, &who, &headers, &person, None, fine).await
}

/// `POST /care/people/{person}/decisions`: one step, or the plan of another.
pub async fn decide(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(patient) = app.cx.ids.ours(&person) else {
        return nothing(&app, &who);
    };
    if form.get("step") == "own-words" {
        return in_own_words(&app, &who, &headers, (&person, patient), &form).await;
    }
    let step = match step(&form) {
        Ok(step) => step,
        Err(errors) => {
            let wrong = (errors.status(), errors);
            return show(&app, &who, &headers, &person, Some(&form), wrong).await;
        }
    };
    let asking = care::asking_for(&app, &who, &headers, &person);
    let at = |expression: Option<&str>| field_of(form.get("step"), expression);
    let wrong = match planned::step(&app.cx, &asking, patient, &step).await {
        Ok(_) => {
            let address = format!("/care/people/{person}/decisions");
            return Redirect::to(&address).into_response();
        }
        Err(Error::Invalid(issues)) => (StatusCode::UNPROCESSABLE_ENTITY, said_at(&issues, at)),
        Err(Error::NotYet(issues)) => (StatusCode::CONFLICT, said_at(&issues, at)),
        Err(error) => return refused(&app, &who, error),
    };
    show(&app, &who, &headers, &person, Some(&form), wrong).await
}

/// Writes down what the person said about their life in their own words.
async fn in_own_words(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    (person, patient): (&str, ResourceId),
    form: &Form,
) -> Response {
    let mut errors = Errors::default();
    let kind = OwnWordsKind::from_code(form.get("kind"));
    let at = Moment::parse(form.get("said_at"));
    if kind.is_none() {
        errors.add("kind", "Say how they said it");
    }
    if at.is_none() {
        errors.add("said_at", "Give the day like this: 2027-01-20");
    }
    let (Some(kind), Some(at)) = (kind, at) else {
        let wrong = (errors.status(), errors);
        return show(app, who, headers, person, Some(form), wrong).await;
    };
    let fact = Fact::OwnWords(OwnWords {
        kind,
        words: form.get("own_words").to_owned(),
        at,
        withdrawn: None,
    });
    let asking = care::asking_for(app, who, headers, person);
    match sharing::say::say(&app.cx, &asking, patient, &fact).await {
        Ok(_) => Redirect::to(&format!("/care/people/{person}/decisions")).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, |at| match at {
                Some("at") => "said_at",
                _ => "own_words",
            });
            let wrong = (StatusCode::UNPROCESSABLE_ENTITY, errors);
            show(app, who, headers, person, Some(form), wrong).await
        }
        Err(error) => refused(app, who, error),
    }
}

/// At which field of the form a fault is said.
fn field_of(step: &str, expression: Option<&str>) -> &'static str {
    match (step, expression) {
        ("plan", Some("decision")) => "name",
        ("plan", _) => "power",
        (_, Some("party")) => "party",
        (_, Some("ground")) => "ground",
        ("view" | "answer", None) => "words",
        _ => "step",
    }
}

/// The step that a form says.
fn step(form: &Form) -> Result<Step, Errors> {
    let mut errors = Errors::default();
    let mut need = |name: &'static str, advice: &str| {
        let value = form.get(name);
        if value.is_empty() {
            errors.add(name, advice);
        }
        value.to_owned()
    };
    let day = "Give the day like this: 2027-01-20";
    let kind = need("step", "Say what happened");
    let said: Value = if kind == "plan" {
        json!({
            "decision": need("name", "Give the decision a name"),
            "matter": need("matter", "Say what it is about"),
            "power": need("power", "Say on what power it rests"),
            "at": need("at", day),
        })
    } else {
        let mut said = json!({ "decision": need("decision", "Choose a decision") });
        if matches!(kind.as_str(), "told" | "view" | "answer") {
            said["party"] = json!(need("party", "Choose who it is"));
        }
        match kind.as_str() {
            "told" if !form.get("way").is_empty() => said["by"] = json!(form.get("way")),
            "view" => {
                said["words"] = json!(need("words", "Write what they said"));
                said["asks"] = json!(!form.get("asks").is_empty());
            }
            "answer" => said["words"] = json!(need("words", "Write what you answer")),
            "leave-out" => said["ground"] = json!(need("ground", "Choose the ground")),
            "make" => {
                said["reasons"] = json!(need("words", "Say why, for the person to read"));
                said["review"] = json!(need("review", day));
            }
            _ => {}
        }
        said
    };
    if !errors.is_empty() {
        return Err(errors);
    }
    serde_json::from_value(json!({ kind.as_str(): said })).map_err(|_| {
        let field = if kind == "plan" { "at" } else { "review" };
        errors.add(field, day);
        errors
    })
}

async fn show(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    person: &str,
    typed: Option<&Form>,
    (status, errors): (StatusCode, Errors),
) -> Response {
    let asking = care::asking_for(app, who, headers, person);
    let Some(patient) = app.cx.ids.ours(person) else {
        return nothing(app, who);
    };
    match planned::read(&app.cx, &asking, patient).await {
        Ok(all) => {
            let typed = |name: &str| typed.map_or("", |form| form.get(name)).to_owned();
            let view = DecisionsPage {
                page: who.page(app),
                person: person.to_owned(),
                known: known(app, headers, person),
                decisions: all.iter().map(decision).collect(),
                step: step_form(&all, &typed),
                plan: PlanForm {
                    name: typed("name"),
                    matters: choices(MATTERS, &typed("matter")),
                    powers: choices(POWERS, &typed("power")),
                    at: typed("at"),
                },
                own_words: OwnWordsForm {
                    kinds: choices(
                        OwnWordsKind::ALL.iter().map(|it| (it.code(), it.words())),
                        &typed("kind"),
                    ),
                    words: typed("own_words"),
                    at: typed("said_at"),
                },
                errors,
            };
            html(status, &view)
        }
        Err(error) => refused(app, who, error),
    }
}

fn choices<'c>(all: impl IntoIterator<Item = (&'c str, &'c str)>, chosen: &str) -> Vec<Choice> {
    let all = all.into_iter().map(|(value, label)| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: value == chosen,
        hint: None,
    });
    all.collect()
}

fn is_open(standing: &Standing) -> bool {
    standing.state != "made"
}

fn decision(standing: &Standing) -> DecisionView {
    let about = MATTERS.iter().find(|(code, _)| *code == standing.matter);
    let about = about.map_or("", |(_, words)| *words);
    let (state, day) = (standing.state, words::moment(standing.at.0).date.full);
    let power = POWERS.iter().find(|(code, _)| *code == standing.power);
    DecisionView {
        name: standing.decision.clone(),
        state: match is_open(standing) {
            true => format!("{about}: {state}, for {day}"),
            false => format!("{about}: made on {day}"),
        },
        power: power.map_or_else(|| standing.power.clone(), |(_, words)| (*words).to_owned()),
        is_open: is_open(standing),
        own_words: standing.own_words.clone(),
        heard: standing.to_be_heard.iter().map(heard).collect(),
    }
}

fn heard(heard: &Heard) -> HeardView {
    HeardView {
        party: heard.party.to_string(),
        is: words::capital(heard.is),
        asked: asked(heard),
        told: heard.told.map(|at| words::moment(at.0).date.full),
        view: heard.view.clone(),
        unanswered: heard.unanswered,
        asks: heard.message.map(|id| id.to_string()),
        link: heard.link.as_ref().map(linked),
    }
}

/// "Beathag Nicolson has a one-time link until 18 January 2027, and has not opened it".
fn linked(link: &Linked) -> String {
    let until = words::moment(link.until.0).date.full;
    let opened = match link.opened {
        Some(at) => format!("opened it on {}", words::moment(at.0).date.full),
        None => "has not opened it".to_owned(),
    };
    format!(
        "{} has a one-time link until {until}, and {opened}",
        link.name
    )
}

/// Whether the exchange asked them what they think.
fn asked(heard: &Heard) -> String {
    match heard.written {
        Some(at) => format!("Candour asked them on {}", words::moment(at.0).date.full),
        None if heard.is == THEMSELF && heard.told.is_none() => {
            "Tell them in person, in the way in which they understand it best".to_owned()
        }
        None if heard.no_page && heard.told.is_none() => {
            "Candour could not ask them: ring or write".to_owned()
        }
        None => String::new(),
    }
}

/// The form for the next step of those that are not made.
fn step_form(all: &[Standing], typed: &impl Fn(&str) -> String) -> Option<StepForm> {
    let open: Vec<&Standing> = all.iter().filter(|one| is_open(one)).collect();
    let first = open.first()?;
    let chosen = Some(typed("decision")).filter(|it| !it.is_empty());
    let chosen = chosen.unwrap_or_else(|| first.decision.clone());
    let mut parties: Vec<(&str, &str)> = open
        .iter()
        .flat_map(|one| one.to_be_heard.iter().map(|it| (it.party.as_str(), it.is)))
        .collect();
    parties.sort_unstable();
    parties.dedup();
    let named: Vec<(&str, String)> = parties
        .into_iter()
        .map(|(party, is)| (party, words::capital(is)))
        .collect();
    let names = open
        .iter()
        .map(|one| (one.decision.as_str(), one.decision.as_str()));
    let grounds: Vec<(&str, String)> = Ground::ALL
        .iter()
        .map(|ground| {
            (
                ground.code(),
                format!("{}: {}", ground.code(), ground.words()),
            )
        })
        .collect();
    Some(StepForm {
        decisions: choices(names, &chosen),
        parties: choices(
            named.iter().map(|(id, is)| (*id, is.as_str())),
            &typed("party"),
        ),
        steps: choices(STEPS, &typed("step")),
        grounds: choices(
            grounds.iter().map(|(code, words)| (*code, words.as_str())),
            &typed("ground"),
        ),
        words: typed("words"),
        asks: !typed("asks").is_empty(),
        review: typed("review"),
    })
}
