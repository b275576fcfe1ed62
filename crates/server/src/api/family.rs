//! What somebody close to a person asks and tells, as operations: `$who-knows` on Patient, `$tell`,
//! `$heard`, `$words`, `$reply` and `$pass-on` on Communication (docs/reference/http.md).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::message::call::Way;
use domain::{PartyId, TeamId};
use serde_json::{Value, json};
use sharing::messages::face::to_writer;
use sharing::messages::family::{
    Heard, Question, Reply, Speaker, Standing, Tell, Written, hear, pass_on as hand,
    reply as answer, tell as write, who_knows as ask, word, words as all,
};

use super::Fault;
use super::caller::Calling;
use super::calls::coded;
use super::extract::{Address, Whole};
use super::messages::{Parameters, about_somebody, acting, answer_with, entry, opened, searchset};
use super::requests::moment;
use crate::app::App;
use crate::tokens::Right;

/// `POST /fhir/Patient/$who-knows` with Parameters `name`, `born` or `number`, and `says-to-be`:
/// what the caller may know of somebody close, why not the rest, who decides, who answers.
pub async fn who_knows(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    calling.may("Patient", Right::Read)?;
    let question = question(&Parameters::read(&body)?);
    let standing = ask(&app.cx, &calling.asking, &question, app.cx.draw()).await?;
    let said = match &standing {
        Some(standing) => parameters(standing),
        None => vec![text("said", "We cannot say anything about any patient.")],
    };
    let body = json!({ "resourceType": "Parameters", "parameter": said });
    Ok(answer_with(StatusCode::OK, &body))
}

pub(super) fn question(sent: &Parameters) -> Question {
    let text = |name| sent.first(name).unwrap_or_default().to_owned();
    Question {
        name: text("name"),
        born: text("born"),
        number: text("number"),
        says_to_be: text("says-to-be"),
    }
}

fn text(name: &str, value: &str) -> Value {
    json!({ "name": name, "valueString": value })
}

fn parts(name: &str, parts: &[Value]) -> Value {
    json!({ "name": name, "part": parts })
}

fn parameters(standing: &Standing) -> Vec<Value> {
    let mut all = vec![json!({ "name": "answer", "valueCode": standing.answer.code() })];
    let own_words = standing.own_words.iter();
    all.extend(own_words.map(|it| text("own-words", it)));
    let told = standing.told.iter();
    all.extend(told.map(|it| json!({ "name": "told", "valueCode": it.code() })));
    let opened = standing.opened.iter();
    all.extend(opened.map(|it| json!({ "name": "opened", "valueCode": it.code() })));
    for (what, ground) in &standing.withheld {
        let mut of = vec![
            json!({ "name": "ground", "valueCode": ground.code() }),
            text("why", ground.words()),
            text("who-can-change-it", ground.who_can_change_it()),
        ];
        of.extend(what.map(|what| json!({ "name": "what", "valueCode": what.code() })));
        all.push(parts("withheld", &of));
    }
    for (name, by, missing) in &standing.deciders {
        let by = json!({ "name": "by", "valueInstant": by.to_string() });
        all.push(parts(
            "decider",
            &[text("name", name), by, text("missing", missing)],
        ));
    }
    all.extend(standing.advice.iter().map(|it| text("would-change-it", it)));
    all.extend(standing.routes.iter().map(|it| text("route", it)));
    for line in standing.lines.iter().flatten() {
        let when = json!({ "name": "when", "valueInstant": line.at.to_string() });
        let said = text("said", &sharing::event::sentence(&line.event));
        all.push(parts("line", &[when, said]));
    }
    for one in &standing.ring {
        let name = format!("{}, {}", one.name, one.organisation);
        all.push(parts(
            "ring",
            &[text("name", &name), text("phone", &one.phone)],
        ));
    }
    let team = standing.team.iter();
    all.extend(team.map(|team| text("team", team.as_str())));
    all
}

/// `POST /fhir/Communication/$tell` with the Parameters of `$who-knows`, `text`, `to`, and where the
/// writer is not to be named `unnamed`: taken from everyone, and put onto that team's list.
pub async fn tell(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    // Telling writes in nobody's record, so whoever may read their own may tell.
    calling.may("Communication", Right::Read)?;
    let sent = Parameters::read(&body)?;
    let what = Tell {
        about: question(&sent),
        text: sent.first("text").unwrap_or_default().to_owned(),
        to: TeamId::new(sent.first("to").unwrap_or_default()),
        unnamed: sent.first("unnamed") == Some("true"),
        claim: None,
    };
    let id = write(&app.cx, &calling.asking, &what).await?;
    let written = word(&app.cx, &calling.asking, id).await?;
    Ok(answer_with(StatusCode::CREATED, &bundle(&[written])))
}

/// `POST /fhir/Communication/$heard` with Parameters `patient`, `text`, `way`, `on` (a day), `to` (a team),
/// `answer-to`, `unnamed`, and of whoever told it, unless it was the person, `name` and `says-to-be`, or
/// `name` and `party`: puts in what somebody told the caller outside the exchange.
pub async fn heard(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (patient, sent) = about_somebody(&app, &calling, &body).await?;
    let text = |name| sent.first(name).unwrap_or_default().to_owned();
    let name = text("name");
    let from = match (sent.first("party"), sent.first("says-to-be")) {
        (Some(party), _) => Speaker::Close {
            party: PartyId::new(party),
            name,
        },
        (None, None) if name.is_empty() => Speaker::Person,
        (None, says) => Speaker::Other {
            name,
            says_to_be: says.unwrap_or_default().to_owned(),
        },
    };
    sent.needed("on")?;
    let what = Heard {
        from,
        way: coded(&sent, "way", "letter, phone or meeting", Way::from_code)?,
        on: moment(&sent, "on")?.ok_or_else(Fault::not_found)?,
        text: text("text"),
        to: TeamId::new(text("to")),
        answer_to: text("answer-to"),
        unnamed: sent.first("unnamed") == Some("true"),
    };
    let id = hear(&app.cx, &calling.asking, patient, &what).await?;
    opened(&app, &calling, id, StatusCode::CREATED).await
}

/// `GET /fhir/Communication/$words`: what the caller told, who has it and by when they answer, and
/// the answers.
pub async fn words(State(app): State<App>, calling: Calling) -> Result<Response, Fault> {
    calling.may("Communication", Right::Search)?;
    let words = all(&app.cx, &calling.asking).await?;
    Ok(answer_with(StatusCode::OK, &bundle(&words)))
}

fn bundle(words: &[Written]) -> Value {
    let mut entries = Vec::new();
    for word in words {
        let [face, tasks @ ..] = &*to_writer(&word.message) else {
            continue;
        };
        entries.push(entry(face, "match"));
        entries.extend(tasks.iter().map(|task| entry(task, "include")));
        let replies = word.replies.iter().flat_map(to_writer);
        entries.extend(replies.map(|reply| entry(&reply, "include")));
    }
    searchset(entries)
}

/// `POST /fhir/Communication/{id}/$reply` with Parameters `text` and `told` (repeated): a named person
/// answers somebody close.
pub async fn reply(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let given = Reply {
        text: sent.first("text").unwrap_or_default().to_owned(),
        told: sent.categories("told")?,
    };
    answer(&app.cx, &calling.asking, id, &given).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}

/// `POST /fhir/Communication/{id}/$pass-on` with Parameters `to`: the team whose it is answers.
pub async fn pass_on(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let to = TeamId::new(sent.needed("to")?);
    hand(&app.cx, &calling.asking, id, &to).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}
