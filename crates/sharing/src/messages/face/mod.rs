//! How a message looks in FHIR: a Communication for what it says
//! (<https://hl7.org/fhir/R4/communication.html>), and a Task for each team that answers it
//! (<https://hl7.org/fhir/R4/task.html>).

mod call;
mod discussion;

use domain::message::{
    Delivery, Harm, Kind, Message, Outcome, Point, Response, Stage, State, ThreePoints,
};
use serde_json::{Value, json};

use crate::contribute::{ORGANISATION_SYSTEM, TEAM_SYSTEM, WORKER_SYSTEM};

/// The code system of kinds of messages.
pub const KIND_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/message-kind";

/// The code system of categories of a record.
const CATEGORY_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/category";
/// The code system of what is done with a request for information.
const RESPONSE_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/response";
/// The code system of what became of a concern.
const OUTCOME_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/outcome";
/// The code system of what came of looking into attempts on a record.
const FINDING_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/finding";
/// The code system of why something is challenged.
pub const BECAUSE_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/challenge-because";
/// The code system of what came of a challenge.
pub const VERDICT_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/challenge-verdict";
/// The code system of the closed grounds for not sharing.
const GROUND_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/ground";

/// The three points of a concern about an adult, a sentence each.
fn points(points: &ThreePoints) -> Vec<Value> {
    let sentence = |(says, point): (&str, &Point)| {
        let sentence = format!("{says}: {}. {}", point.holds.words(), point.words);
        json!({ "contentString": sentence.trim() })
    };
    points.each().map(sentence).into()
}

/// The message as a Communication.
#[must_use]
pub fn communication(message: &Message) -> Value {
    let recipients: Vec<Value> = message
        .deliveries
        .iter()
        .map(|one| identified(TEAM_SYSTEM, one.team.as_str()))
        .collect();
    let mut face = json!({
        "resourceType": "Communication",
        "id": message.id.to_string(),
        "meta": { "versionId": message.revision.to_string() },
        "status": status(&message.stage),
        "category": [{ "coding": [{
            "system": KIND_SYSTEM, "code": message.kind.code(), "display": message.kind.words()
        }] }],
        "priority": priority(message.harm),
        "subject": { "reference": format!("Patient/{}", message.patient), "display": message.name },
        "sent": message.at.to_string(),
        "recipient": recipients,
        "sender": {
            "identifier": { "system": WORKER_SYSTEM, "value": message.sender.worker.as_str() },
            "display": message.sender.name
        },
        "reasonCode": [{ "coding": [{
            "system": message.purpose.system(), "code": message.purpose.code()
        }] }],
        "payload": [{ "contentString": message.text }],
        "note": message.ring.iter().map(|(name, number)| json!({
            "text": format!("Ring {name}, {number}")
        })).collect::<Vec<_>>()
    });
    if let Some(concern) = &message.concern {
        let own = format!("What we do ourselves: {}", concern.own_action);
        let mut payload = vec![
            json!({ "contentString": message.text }),
            json!({ "contentString": own }),
        ];
        payload.extend(concern.points.iter().flat_map(points));
        face["payload"] = payload.into();
        face["identifier"] = concern
            .reference
            .iter()
            .map(|reference| json!({ "value": reference }))
            .collect();
    }
    if let Some(held) = &message.discussion {
        let mut payload = vec![json!({ "contentString": message.text })];
        payload.extend(discussion::payload(held));
        face["payload"] = payload.into();
    }
    if let Some(held) = message.call.as_ref().filter(|_| message.kind == Kind::Call) {
        call::add_to(&mut face, held);
    }
    if let Some(word) = &message.family {
        if let Some(writer) = message.writer() {
            face["sender"] = json!({ "display": writer });
        }
        if let Some(came) = &word.came {
            face["medium"] = call::medium(came.way);
            face["sent"] = json!(came.on.to_string());
        }
        if !word.found {
            face["subject"] = json!({ "display": message.name });
        }
    }
    if message.attempts.is_some() {
        // Whoever is told need not look after the person.
        face["subject"] = json!({ "display": message.name });
        face["sender"] = json!({ "display": message.sender.name });
    }
    if let Some(challenge) = &message.challenge {
        // Whoever looks again need not look after the person.
        face["subject"] = json!({ "display": message.name });
        let because = challenge.because;
        let purpose = face["reasonCode"][0].take();
        face["reasonCode"] = json!([purpose, {
            "coding": [{ "system": BECAUSE_SYSTEM, "code": because.code() }], "text": because.words()
        }]);
        if let Some(ruling) = &challenge.ruling {
            let verdict = ruling.verdict;
            face["statusReason"] = json!({
                "coding": [{ "system": VERDICT_SYSTEM, "code": verdict.code() }], "text": verdict.words()
            });
        }
    }
    face["about"] = message
        .sources
        .iter()
        .map(|source| json!({ "reference": source }))
        .collect();
    if message.thread != message.id {
        let answered = format!("Communication/{}", message.thread);
        face["inResponseTo"] = json!([{ "reference": answered }]);
    }
    if message.root != message.id {
        let root = format!("Communication/{}", message.root);
        face["partOf"] = json!([{ "reference": root }]);
    }
    if let Stage::Closed(ending) | Stage::Retracted(ending) = &message.stage {
        face["statusReason"] = json!({ "text": ending.reason });
        if let Some(finding) = message.attempts.as_ref().and_then(|tried| tried.finding) {
            face["statusReason"]["coding"] =
                json!([{ "system": FINDING_SYSTEM, "code": finding.code() }]);
        }
    }
    without_empty(face)
}

/// A word from somebody close, or an answer to one, with its Tasks as whoever wrote it may see them:
/// they are the same whether or not anybody of that name is known.
#[must_use]
pub fn to_writer(message: &Message) -> Vec<Value> {
    let about = json!({ "display": message.name });
    let mut face = communication(message);
    face["subject"] = about.clone();
    let tasks = message.deliveries.iter().map(|one| {
        let mut task = task(message, one);
        task["for"] = about.clone();
        task
    });
    std::iter::once(face).chain(tasks).collect()
}

/// The answer that one team owes, as a Task.
#[must_use]
pub fn task(message: &Message, delivery: &Delivery) -> Value {
    let mut face = json!({
        "resourceType": "Task",
        "id": format!("{}-{}", message.id, delivery.team),
        "status": task_status(delivery.state),
        "businessStatus": { "text": delivery.words() },
        "intent": "order",
        "priority": priority(message.harm),
        "focus": { "reference": format!("Communication/{}", message.id) },
        "for": { "reference": format!("Patient/{}", message.patient) },
        "authoredOn": delivery.sent.to_string(),
        "lastModified": delivery.since.to_string(),
        "requester": identified(ORGANISATION_SYSTEM, message.sender.organisation.as_str()),
        "owner": identified(TEAM_SYSTEM, delivery.with.as_str())
    });
    if message.attempts.is_some() {
        face["for"] = json!({ "display": message.name });
        face["requester"] = json!({ "display": message.sender.name });
    }
    if let Some(word) = &message.family {
        if message.kind == Kind::FamilyWord {
            face["requester"] = json!({ "display": message.sender.name });
        }
        if !word.found {
            face["for"] = json!({ "display": message.name });
        }
    }
    if let Some(request) = &message.request {
        face["input"] = request.what.iter().map(|category| json!({
            "type": { "text": "asked for" },
            "valueCoding": { "system": CATEGORY_SYSTEM, "code": category.code(), "display": category.words() }
        })).collect();
        face["reasonCode"] = json!({ "text": request.basis });
    }
    if let Some(response) = &delivery.response {
        face["status"] = json!(responded(response));
        face["businessStatus"] = json!({
            "coding": [{ "system": RESPONSE_SYSTEM, "code": response.code() }],
            "text": response.words()
        });
        if let Some(ground) = response.ground() {
            face["statusReason"] =
                json!({ "coding": [{ "system": GROUND_SYSTEM, "code": ground }] });
        }
    }
    if let Some(outcome) = &delivery.outcome {
        face["businessStatus"] = json!({
            "coding": [{ "system": OUTCOME_SYSTEM, "code": outcome.code() }],
            "text": outcome.words()
        });
        if let Outcome::PassedOn { to } = outcome {
            face["output"] = json!([{
                "type": { "text": "passed on to" }, "valueReference": identified(TEAM_SYSTEM, to.as_str())
            }]);
        }
    }
    if message.challenge.is_some() {
        face["for"] = json!({ "display": message.name });
        if message.sender.organisation.as_str().is_empty() {
            face["requester"] = json!({ "display": message.sender.name });
        }
    }
    if let Some(since) = delivery.contested {
        let said =
            format!("Contested since {since}: somebody who took no part in it looks at it again.");
        face["note"] = json!([{ "text": said }]);
    }
    if let Some(due) = delivery.due {
        face["restriction"] = json!({ "period": { "end": due.to_string() } });
    }
    face
}

fn identified(system: &str, value: &str) -> Value {
    json!({ "identifier": { "system": system, "value": value } })
}

fn status(stage: &Stage) -> &'static str {
    match stage {
        Stage::Draft | Stage::Authorised(_) => "preparation",
        Stage::Sent => "in-progress",
        Stage::Closed(_) => "completed",
        Stage::Retracted(_) => "entered-in-error",
    }
}

fn task_status(state: State) -> &'static str {
    match state {
        State::Waiting | State::Delivered | State::Recalled => "requested",
        State::Seen => "received",
        State::Mine => "accepted",
        State::NotMine => "rejected",
        State::MoreNeeded => "on-hold",
        State::Actioned | State::Ended => "completed",
    }
}

/// How an answered request stands (<https://hl7.org/fhir/R4/task.html#statemachine>).
fn responded(response: &Response) -> &'static str {
    match response {
        Response::Shared | Response::Part { .. } | Response::Ring { .. } => "completed",
        Response::MoreNeeded => "on-hold",
        Response::NotHeld { .. } | Response::Refused(_) => "rejected",
    }
}

fn priority(harm: Harm) -> &'static str {
    match harm {
        Harm::Protection => "stat",
        Harm::Today => "urgent",
        Harm::Routine => "routine",
    }
}

/// FHIR has no empty lists.
fn without_empty(mut face: Value) -> Value {
    if let Some(fields) = face.as_object_mut() {
        fields.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
    }
    face
}
