//! Writing down what a discussion between agencies decides: one of seven, with what was asked first.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::{Course, Prompt, PromptAnswer};
use sharing::Error;
use sharing::messages::{
    self,
    discussion::{self as discussions, Conclude},
};

use super::{nothing, refused, said_at};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{Choice, ConcludePage, Errors, PromptChoices};

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    course: String,
    reasons: String,
    plan: String,
    prompts: BTreeMap<Prompt, PromptAnswer>,
}

impl Filled {
    fn of(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        let answers = Prompt::ALL.iter().filter_map(|prompt| {
            let answer = PromptAnswer::from_code(form.get(prompt.code()))?;
            Some((*prompt, answer))
        });
        Self {
            course: field("decision"),
            reasons: field("reasons"),
            plan: field("plan"),
            prompts: answers.collect(),
        }
    }

    fn conclude(&self) -> Option<Conclude> {
        Some(Conclude {
            course: Course::from_code(&self.course)?,
            reasons: self.reasons.clone(),
            plan: self.plan.clone(),
            prompts: self.prompts.clone(),
        })
    }
}

/// `GET /care/inbox/{message}/conclude`
pub async fn concluding(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
) -> Response {
    let (filled, errors) = (Filled::default(), Errors::default());
    show(&app, &who, &message, filled, errors).await
}

/// `POST /care/inbox/{message}/conclude`
pub async fn conclude(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let filled = Filled::of(&form);
    let Some(what) = filled.conclude() else {
        let mut errors = Errors::default();
        errors.add("decision", "Choose what was decided".to_owned());
        return show(&app, &who, &message, filled, errors).await;
    };
    match discussions::conclude(&app.cx, &who.asking, id, &what).await {
        Ok(()) => Redirect::to(&format!("/care/inbox/{message}")).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            show(&app, &who, &message, filled, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    let prompt = Prompt::ALL
        .iter()
        .find(|one| Some(one.code()) == expression);
    match (prompt, expression) {
        (Some(prompt), _) => prompt.code(),
        (None, Some("reasons")) => "reasons",
        (None, Some("plan")) => "plan",
        _ => "decision",
    }
}

async fn show(
    app: &App,
    who: &SignedIn,
    message: &str,
    filled: Filled,
    errors: Errors,
) -> Response {
    let Some(id) = app.cx.ids.ours(message) else {
        return nothing(app, who);
    };
    let opened = match messages::open(&app.cx, &who.asking, id).await {
        Ok(opened) => opened,
        Err(error) => return refused(app, who, error),
    };
    let is_open = opened.is_senders && opened.message.is_in_force();
    if opened.message.discussion.is_none() || !is_open {
        return nothing(app, who);
    }
    let status: StatusCode = errors.status();
    let page = ConcludePage {
        page: who.page(app),
        message: message.to_owned(),
        name: opened.message.name,
        courses: courses(&filled.course),
        prompts: prompts(&filled.prompts),
        reasons: filled.reasons,
        plan: filled.plan,
        errors,
    };
    html(status, &page)
}

fn courses(chosen: &str) -> Vec<Choice> {
    let choice = |course: &Course| Choice {
        value: course.code().to_owned(),
        label: course.words().to_owned(),
        chosen: course.code() == chosen,
        hint: None,
    };
    Course::ALL.iter().map(choice).collect()
}

/// Each question with its three answers; none is chosen until somebody does.
fn prompts(given: &BTreeMap<Prompt, PromptAnswer>) -> Vec<PromptChoices> {
    let answers = |prompt: &Prompt| {
        let choice = |answer: &PromptAnswer| Choice {
            value: answer.code().to_owned(),
            label: answer.words().to_owned(),
            chosen: given.get(prompt) == Some(answer),
            hint: None,
        };
        PromptAnswer::ALL.iter().map(choice).collect()
    };
    let one = |prompt: &Prompt| PromptChoices {
        field: prompt.code().to_owned(),
        question: prompt.words().to_owned(),
        answers: answers(prompt),
    };
    Prompt::ALL.iter().map(one).collect()
}
