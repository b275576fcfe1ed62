//! Discussions between agencies, as operations on Communication: `$discuss`, `$contribute`,
//! `$dissent`, `$name-other` and `$conclude` (docs/reference/http.md).

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::TeamId;
use domain::message::{Course, Prompt, PromptAnswer, Touched};
use fhir::{Issue, IssueCode};
use sharing::Error;
use sharing::messages::discussion::{self, Conclude, Name, Open};

use super::Fault;
use super::caller::Calling;
use super::calls::coded;
use super::extract::{Address, Whole};
use super::messages::{Parameters, about_somebody, acting, opened};
use super::protection::hold;
use crate::app::App;

/// `POST /fhir/Communication/$discuss` with Parameters `patient`, `to` (repeated), `text`, and where
/// there are such `name`, `from` (a message), `hold-until` with `hold-reason`.
pub async fn open(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (patient, sent) = about_somebody(&app, &calling, &body).await?;
    let from = match sent.first("from") {
        None => None,
        Some(id) => Some(app.cx.ids.ours(id).ok_or_else(Fault::not_found)?),
    };
    let what = Open {
        to: sent.all("to").map(TeamId::new).collect(),
        name: sent.first("name").unwrap_or_default().to_owned(),
        text: sent.first("text").unwrap_or_default().to_owned(),
        from,
        hold: hold(&sent)?,
    };
    let made = discussion::open(&app.cx, &calling.asking, patient, &what).await?;
    opened(&app, &calling, made.id, StatusCode::CREATED).await
}

/// `POST /fhir/Communication/{id}/$contribute` with Parameters `text`: the block of the caller's own
/// agency.
pub async fn contribute(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let text = sent.first("text").unwrap_or_default();
    discussion::contribute(&app.cx, &calling.asking, id, text).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$dissent` with Parameters `text`: why the caller's own agency does
/// not agree.
pub async fn dissent(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let text = sent.first("text").unwrap_or_default();
    discussion::dissent(&app.cx, &calling.asking, id, text).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$conclude` with Parameters `decision` (one of seven), `reasons`,
/// `plan`, and an answer (`yes`, `no`, `not-known`) to each of `emergency`, `other-children`,
/// `adults-who-care`, `adult-at-risk` and `medical`.
pub async fn conclude(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let text = |name| sent.first(name).unwrap_or_default().to_owned();
    let conclude = Conclude {
        course: course(&sent)?,
        reasons: text("reasons"),
        plan: text("plan"),
        prompts: prompts(&sent)?,
    };
    discussion::conclude(&app.cx, &calling.asking, id, &conclude).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

fn course(sent: &Parameters) -> Result<Course, Fault> {
    let code = sent.needed("decision")?;
    Course::from_code(code).ok_or_else(|| {
        let codes: Vec<&str> = Course::ALL.iter().map(|one| one.code()).collect();
        let details = format!("a decision is one of {}", codes.join(", "));
        let issue = Issue::error(IssueCode::Value, details).at("decision");
        Error::invalid(issue.found(code)).into()
    })
}

/// What was answered; a prompt without an answer is the use case's to refuse.
fn prompts(sent: &Parameters) -> Result<BTreeMap<Prompt, PromptAnswer>, Fault> {
    let mut answers = BTreeMap::new();
    for prompt in Prompt::ALL {
        let Some(code) = sent.first(prompt.code()) else {
            continue;
        };
        let Some(answer) = PromptAnswer::from_code(code) else {
            let details = "an answer is yes, no or not-known";
            let issue = Issue::error(IssueCode::Value, details).at(prompt.code());
            return Err(Error::invalid(issue.found(code)).into());
        };
        answers.insert(*prompt, answer);
    }
    Ok(answers)
}

/// `POST /fhir/Communication/{id}/$name-other` with Parameters `is` (`child` or `adult`), `name`, `relationship`,
/// `has-rights` (`yes`, `no`, `not-known`; of an adult) and `patient`: somebody else whom a discussion touches.
pub async fn name_other(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let text = |name| sent.first(name).unwrap_or_default().to_owned();
    let has_rights = match sent.first("has-rights") {
        None => None,
        Some(_) => {
            let answers = "yes, no or not-known";
            Some(coded(
                &sent,
                "has-rights",
                answers,
                PromptAnswer::from_code,
            )?)
        }
    };
    let patient = match sent.first("patient") {
        None => None,
        Some(id) => Some(app.cx.ids.ours(id).ok_or_else(Fault::not_found)?),
    };
    let name = Name {
        is: coded(&sent, "is", "child or adult", Touched::from_code)?,
        name: text("name"),
        relationship: text("relationship"),
        has_rights,
        patient,
    };
    discussion::name(&app.cx, &calling.asking, id, &name).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}
