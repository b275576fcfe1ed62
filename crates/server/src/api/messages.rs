//! Messages between teams, as operations on Communication: `$send`, `$inbox`, `$open`, `$answer`,
//! `$update`, `$close` and `$retract` (docs/reference/http.md).

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::message::{Delivery, Message, Reply, Urgency};
use domain::{Category, ResourceId, TeamId};
use fhir::{Issue, IssueCode};
use serde_json::{Value, json};
use sharing::Error;
use sharing::messages::face::{communication, task};
use sharing::messages::{self, Inbox, Letter, Line};

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::fault::FHIR_JSON;
use crate::app::App;
use crate::tokens::Right;

/// How many lines of a list are given at most: a team with more has another trouble.
const PAGE: u32 = 500;

/// `POST /fhir/Communication/$send` with Parameters `patient`, `to` (repeated), `text`, `told`
/// (repeated), `urgent`, `answers`.
pub async fn send(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (patient, sent) = about_somebody(&app, &calling, &body).await?;
    let letter = letter(&app, &sent)?;
    let sent = messages::send(&app.cx, &calling.asking, patient, &letter).await?;
    opened(&app, &calling, sent.id, StatusCode::CREATED).await
}

/// What is sent about one person, and by which Patient, if the token lets its bearer send it.
pub(super) async fn about_somebody(
    app: &App,
    calling: &Calling,
    body: &[u8],
) -> Result<(ResourceId, Parameters), Fault> {
    calling.may("Communication", Right::Create)?;
    let sent = Parameters::read(body)?;
    let patient = app.cx.ids.ours(sent.needed("patient")?);
    let patient = patient.ok_or_else(Fault::not_found)?;
    calling
        .within_context(app, "Communication", Right::Create, patient)
        .await?;
    Ok((patient, sent))
}

fn letter(app: &App, sent: &Parameters) -> Result<Letter, Fault> {
    let answers = match sent.first("answers") {
        None => None,
        Some(text) => Some(app.cx.ids.ours(text).ok_or_else(Fault::not_found)?),
    };
    Ok(Letter {
        to: sent.all("to").map(TeamId::new).collect(),
        text: sent.first("text").unwrap_or_default().to_owned(),
        what: sent.categories("told")?,
        urgency: sent.urgency(),
        answers,
    })
}

/// `GET /fhir/Communication/$inbox`: the list of the caller's team, worst harm and first due first.
pub async fn inbox(State(app): State<App>, calling: Calling) -> Result<Response, Fault> {
    whole_records(&calling, Right::Search)?;
    let inbox = messages::inbox(&app.cx, &calling.asking, PAGE, None).await?;
    Ok(list(&inbox, |line| line.delivery.iter().collect()))
}

/// A list as a Bundle: the Tasks of these deliveries of each line, with its Communication.
pub(super) fn list(inbox: &Inbox, deliveries: impl Fn(&Line) -> Vec<&Delivery>) -> Response {
    let mut entries = Vec::new();
    for line in &inbox.lines {
        let tasks = deliveries(line).into_iter();
        entries.extend(tasks.map(|one| entry(&task(&line.message, one), "match")));
        // What a line says was told with the message; its text is told when somebody opens it.
        let mut face = communication(&line.message);
        if let Some(fields) = face.as_object_mut() {
            fields.remove("payload");
            fields.remove("note");
        }
        entries.push(entry(&face, "include"));
    }
    answer_with(StatusCode::OK, &searchset(entries))
}

/// `GET /fhir/Communication/{id}/$open`: the message with its text and its Tasks. The person's
/// account says who opened it.
pub async fn open(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
) -> Result<Response, Fault> {
    whole_records(&calling, Right::Read)?;
    let id = app.cx.ids.ours(&id).ok_or_else(Fault::not_found)?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$answer` with Parameters `reply`: `mine`, `not-mine`, `done`, or
/// `wrong-person` with `text`, what shows that it is about somebody else.
pub async fn answer(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    match sent.needed("reply")? {
        "mine" => messages::answer(&app.cx, &calling.asking, id, Reply::Mine).await?,
        "not-mine" => messages::answer(&app.cx, &calling.asking, id, Reply::NotMine).await?,
        "wrong-person" => {
            let words = sent.first("text").unwrap_or_default();
            messages::wrong_person(&app.cx, &calling.asking, id, words).await?;
        }
        "done" => messages::finish(&app.cx, &calling.asking, id).await?,
        other => {
            let details = "a reply is mine, not-mine, wrong-person or done";
            let issue = Issue::error(IssueCode::Value, details).at("reply");
            return Err(Error::invalid(issue.found(other)).into());
        }
    }
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$update` with Parameters `text`.
pub async fn update(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let text = sent.first("text").unwrap_or_default();
    messages::update(&app.cx, &calling.asking, id, text).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$close` with Parameters `reason`.
pub async fn close(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let reason = sent.first("reason").unwrap_or_default();
    messages::close(&app.cx, &calling.asking, id, reason).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$retract` with Parameters `reason`.
pub async fn retract(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let reason = sent.first("reason").unwrap_or_default();
    messages::retract(&app.cx, &calling.asking, id, reason).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

pub(super) fn acting(
    app: &App,
    calling: &Calling,
    id: &str,
    body: &[u8],
) -> Result<(ResourceId, Parameters), Fault> {
    whole_records(calling, Right::Update)?;
    let id = app.cx.ids.ours(id).ok_or_else(Fault::not_found)?;
    Ok((id, Parameters::read(body)?))
}

/// A list or message of a team is about whomever it is about, so a token for one record only has
/// no part in it.
pub(super) fn whole_records(calling: &Calling, right: Right) -> Result<(), Fault> {
    calling.may("Communication", right)?;
    if calling.is_for_one_record("Communication", right) {
        return Err(Fault::not_found());
    }
    Ok(())
}

pub(super) async fn opened(
    app: &App,
    calling: &Calling,
    id: ResourceId,
    status: StatusCode,
) -> Result<Response, Fault> {
    let opened = messages::open(&app.cx, &calling.asking, id).await?;
    let thread = opened.thread.iter();
    let mut entries: Vec<Value> = whole(&opened.message, "match");
    entries.extend(thread.flat_map(|one| whole(one, "include")));
    Ok(answer_with(status, &searchset(entries)))
}

fn whole(message: &Message, mode: &str) -> Vec<Value> {
    let mut entries = vec![entry(&communication(message), mode)];
    let tasks = message.deliveries.iter().map(|one| task(message, one));
    entries.extend(tasks.map(|task| entry(&task, "include")));
    entries
}

pub(super) fn entry(resource: &Value, mode: &str) -> Value {
    json!({ "resource": resource, "search": { "mode": mode } })
}

/// What was found, or nothing: a list in a resource is never empty
/// (<https://hl7.org/fhir/R4/json.html#primitive>).
pub(super) fn searchset(entries: Vec<Value>) -> Value {
    let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset" });
    if !entries.is_empty() {
        bundle["entry"] = Value::Array(entries);
    }
    bundle
}

pub(super) fn answer_with(status: StatusCode, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, FHIR_JSON),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, body.to_string()).into_response()
}

/// What an operation was sent, by name (<https://hl7.org/fhir/R4/parameters.html>).
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn read(body: &[u8]) -> Result<Self, Fault> {
        let malformed = |details: &str| Fault::bad_request(IssueCode::Structure, details);
        let sent: Value =
            serde_json::from_slice(body).map_err(|_| malformed("the body is not JSON"))?;
        if sent["resourceType"] != "Parameters" {
            return Err(malformed("the body must be a Parameters resource"));
        }
        let given = sent["parameter"].as_array().cloned().unwrap_or_default();
        let mut parameters = Vec::new();
        for one in &given {
            let (Some(name), Some(value)) = (one["name"].as_str(), text(one)) else {
                return Err(malformed(
                    "each parameter needs a name and a valueString, valueCode, valueBoolean or valueReference",
                ));
            };
            parameters.push((name.to_owned(), value));
        }
        Ok(Self(parameters))
    }

    pub(super) fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    pub(super) fn first<'p>(&'p self, name: &'p str) -> Option<&'p str> {
        self.all(name).next()
    }

    pub(super) fn urgency(&self) -> Urgency {
        match self.first("urgent") {
            Some("true") => Urgency::Urgent,
            _ => Urgency::Routine,
        }
    }

    pub(super) fn categories(&self, name: &str) -> Result<Vec<Category>, Fault> {
        let read = |code: &str| {
            Category::from_code(code).ok_or_else(|| {
                let details = "this is no category of a record";
                let issue = Issue::error(IssueCode::Value, details).at(name);
                Fault::from(Error::invalid(issue.found(code)))
            })
        };
        self.all(name).map(read).collect()
    }

    pub(super) fn needed<'p>(&'p self, name: &'p str) -> Result<&'p str, Fault> {
        self.first(name).ok_or_else(|| {
            let details = format!("the parameter {name} is missing");
            Error::invalid(Issue::required(name, details)).into()
        })
    }
}

/// A parameter's value as text; of a reference, the id.
fn text(parameter: &Value) -> Option<String> {
    if let Some(flag) = parameter["valueBoolean"].as_bool() {
        return Some(flag.to_string());
    }
    if let Some(reference) = parameter["valueReference"]["reference"].as_str() {
        let (_, id) = reference.split_once('/')?;
        return Some(id.to_owned());
    }
    let plain = [
        "valueString",
        "valueCode",
        "valueId",
        "valueDate",
        "valueDateTime",
        "valueInstant",
    ];
    plain
        .into_iter()
        .find_map(|kind| parameter[kind].as_str())
        .map(str::to_owned)
}
