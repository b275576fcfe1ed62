//! A team's inbox, and one message with what may be done about it.

mod about;
mod attempts;
mod call;
mod challenge;
mod concern;
mod conclude;
mod decisions;
mod discussion;
mod extract;
mod family;
mod hear;
mod hearing_link;
mod letter;
mod link;
mod naming;
mod on_behalf;
mod protect;
mod request;
mod requirement;
mod respond;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::{
    Delivery, Kind, Message, Reply, Rung, Sender, Stage, State as Standing, Urgency,
};
use domain::{ResourceId, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use sharing::agreements;
use sharing::messages::{self, Letter, Line, Opened};
use sharing::{Asking, Error};
use store::{Directory, Place};

use super::form::Form;
use super::front::failed;
use super::record::directory;
use super::render::{Phone, html};
use super::session::{SignedIn, seal, unseal};
use super::views::{
    Choice, Contact, Errors, InboxPage, InboxRow, MessagePage, MessagePart, NoRecordPage, TeamState,
};
use super::words;
use crate::app::App;

pub use about::{about, write};
pub(super) use about::{choices, others, whose};
pub use attempts::resolve;
pub use call::{correct, correcting};
pub use challenge::{challenge, keep_sharing, rule};
pub use concern::{new_concern, offered, record, triage};
pub use conclude::{conclude, concluding};
pub use decisions::{decide, decisions};
pub use discussion::{contribute, discuss, dissent, new_discussion};
pub use extract::{pass_extract_on, reading};
pub use family::{answer_family, check_claim, pass_on};
pub use hear::{heard, hearing};
pub use hearing_link::{hearing_link, hearing_linking};
pub use letter::letter;
pub use link::{end_link, link, linking};
pub use naming::{name, naming};
pub(super) use on_behalf::choice;
pub use on_behalf::{put_in, putting_in};
pub use protect::{ask, raise};
pub(super) use request::{ASKED, ticked};
pub use request::{new_request, request, requests};
pub use requirement::{require, requiring};
pub(super) use respond::{asked, ground_choices, refusal};
pub use respond::{refuse, refusing, respond};

/// How many lines a page of a list has.
const PAGE: u32 = 50;
const AFTER: &str = "candour_inbox";

/// A place in a list, as it is sealed into the address of the next page.
#[derive(Serialize, Deserialize)]
struct After {
    harm: u8,
    due: i64,
    row: i64,
}

/// `GET /care/inbox`
pub async fn list(State(app): State<App>, who: SignedIn, RawQuery(query): RawQuery) -> Response {
    let after = after(&app, query.as_deref().unwrap_or_default());
    match listed(&app, &who, after.as_ref()).await {
        Ok(view) => html(StatusCode::OK, &view),
        Err(error) => failed(&app, &who.visit, error),
    }
}

async fn listed(app: &App, who: &SignedIn, after: Option<&Place>) -> Result<InboxPage, Error> {
    let inbox = messages::inbox(&app.cx, &who.asking, PAGE, after).await?;
    let directory = directory(app).await?;
    let now = app.cx.now();
    let (digest, today) = inbox
        .lines
        .iter()
        .partition::<Vec<_>, _>(|line| line.is_digest(now));
    let rows = |lines: Vec<&Line>| -> Vec<InboxRow> {
        let rows = lines.into_iter().map(|line| row(line, &directory, now));
        rows.collect()
    };
    Ok(InboxPage {
        page: who.page(app),
        team: own_team(&who.asking, &directory),
        today: rows(today),
        digest: rows(digest),
        agreements: agreements::waiting(&app.cx, &who.asking).await?,
        older: older(app, "/care/inbox", inbox.next.as_ref()),
    })
}

/// The address of the next page of a list.
fn older(app: &App, list: &str, next: Option<&Place>) -> Option<String> {
    let place = next?;
    let after = After {
        harm: place.harm,
        due: place.due,
        row: place.row,
    };
    let sealed = seal(app, AFTER, &after)?;
    Some(format!("{list}?after={sealed}"))
}

fn after(app: &App, query: &str) -> Option<Place> {
    let pairs = fhir::search::pairs(query);
    let (_, sealed) = pairs.into_iter().find(|(name, _)| name == "after")?;
    let after: After = unseal(app, AFTER, &sealed)?;
    Some(Place {
        harm: after.harm,
        due: after.due,
        row: after.row,
    })
}

fn own_team(asking: &Asking, directory: &Directory) -> String {
    let team = asking.caller.team();
    team.map_or_else(|| "Your team".to_owned(), |team| team_name(directory, team))
}

pub(super) fn team_name(directory: &Directory, team: &TeamId) -> String {
    let found = directory.teams.get(team);
    found.map_or_else(|| team.to_string(), |team| team.name.clone())
}

fn row(line: &Line, directory: &Directory, now: Timestamp) -> InboxRow {
    let message = &line.message;
    let state = match &line.delivery {
        Some(_) if line.climbed => "nobody on the team has answered".to_owned(),
        Some(delivery) => delivery.words().to_owned(),
        None if is_disputed(message) => "an agency does not agree".to_owned(),
        None if message.was_turned_away() => "a team says that it is not theirs".to_owned(),
        None if message.needs_more() => "a team needs to know more".to_owned(),
        None => "nobody has answered".to_owned(),
    };
    let since = line.delivery.as_ref().map_or(message.at, |one| one.sent);
    InboxRow {
        message: message.id.to_string(),
        name: message.name.clone(),
        kind: message.kind.words().to_owned(),
        from: from(message, directory),
        harm: message.harm.words().to_owned(),
        state,
        since: words::moment(since),
        due: line.due.map(words::moment),
        overdue: line.due.is_some_and(|due| due <= now),
        interrupts: line.interrupts,
    }
}

fn is_disputed(message: &Message) -> bool {
    let discussion = message.discussion.as_ref();
    discussion.is_some_and(|one| !one.dissents.is_empty())
}

pub(super) fn from(message: &Message, directory: &Directory) -> String {
    if let Some(writer) = message.writer() {
        return writer;
    }
    if message.sender == Sender::exchange() {
        return message.sender.name.clone();
    }
    let team = team_name(directory, &message.sender.team);
    format!("{}, {team}", message.sender.name)
}

/// `GET /care/inbox/{message}`
pub async fn show(State(app): State<App>, who: SignedIn, Path(message): Path<String>) -> Response {
    shown(&app, &who, &message, String::new(), Errors::default()).await
}

/// A message with its forms, as filled in so far.
async fn shown(
    app: &App,
    who: &SignedIn,
    message: &str,
    typed: String,
    errors: Errors,
) -> Response {
    let Some(id) = app.cx.ids.ours(message) else {
        return nothing(app, who);
    };
    let view = async {
        let opened = messages::open(&app.cx, &who.asking, id).await?;
        let directory = directory(app).await?;
        Ok(view(app, who, &opened, &directory))
    };
    match view.await {
        Ok(view) => {
            let status = errors.status();
            html(
                status,
                &MessagePage {
                    typed,
                    errors,
                    ..view
                },
            )
        }
        Err(error) => refused(app, who, error),
    }
}

fn view(app: &App, who: &SignedIn, opened: &Opened, directory: &Directory) -> MessagePage {
    let now = app.cx.now();
    let message = &opened.message;
    let mut thread: Vec<MessagePart> = opened
        .thread
        .iter()
        .map(|one| part(one, directory))
        .collect();
    thread.push(part(message, directory));
    MessagePage {
        page: who.page(app),
        message: message.id.to_string(),
        kind: message.kind.words().to_owned(),
        name: message.name.clone(),
        person: family::record(message),
        thread,
        purpose: message.purpose.words().to_owned(),
        ring: message
            .ring
            .iter()
            .map(|(name, number)| contact(name, number))
            .collect(),
        teams: message
            .deliveries
            .iter()
            .map(|one| TeamState {
                challenge: challenge::may_challenge(opened, &one.team)
                    .then(|| one.team.to_string()),
                ..team_state(one, directory, now)
            })
            .chain(call::recalls(opened, directory, now))
            .collect(),
        ended: ended(message),
        may_put_in: on_behalf::may_put_in(opened),
        may_link: link::may_give(opened),
        links: link::out(opened, directory),
        may_print: letter::may_print(opened),
        asked: message
            .request
            .as_ref()
            .map(|one| respond::asked(one, directory)),
        respond: respond::form(&who.asking, opened, directory),
        concern: message.concern.as_ref().map(concern::view),
        triage: concern::form(opened, directory),
        findings: attempts::findings(&who.asking, opened),
        ruling: challenge::form(opened),
        discussion: discussion::view(opened, &who.asking),
        may_discuss: may_discuss(&who.asking, message),
        of_decision: matches!(message.kind, Kind::LeftOut | Kind::Hearing),
        call: call::view(opened),
        family: family::view(opened, directory),
        may_require: requirement::may_require(&who.asking, opened),
        may_read: extract::may_read(&who.asking, opened),
        sources: message.sources.len(),
        answers: answers(opened.own.as_ref(), message),
        may_be_wrong: may_be_wrong(opened.own.as_ref(), message),
        decides_shut_out: message.kind == Kind::ShutOut
            && message.is_in_force()
            && opened.own.as_ref().is_some_and(|own| own.state.is_listed()),
        held: message
            .held
            .as_ref()
            .filter(|_| opened.is_senders)
            .map(|(until, _)| words::moment(*until)),
        may_reply: opened.own.is_some()
            && message.is_in_force()
            && !matches!(
                message.kind,
                Kind::Request
                    | Kind::Concern
                    | Kind::Discussion
                    | Kind::FamilyWord
                    | Kind::PrivacyAlert
                    | Kind::Hearing
                    | Kind::ShutOut
                    | Kind::Recall
                    | Kind::Challenge
                    | Kind::Ruling
                    | Kind::Reassign
            ),
        may_end: opened.is_senders
            && message.is_in_force()
            && !matches!(
                message.kind,
                Kind::Call | Kind::Recall | Kind::Challenge | Kind::Ruling
            ),
        typed: String::new(),
        errors: Errors::default(),
    }
}

/// Whether agencies may be asked to discuss what this message tells of.
fn may_discuss(asking: &Asking, message: &Message) -> bool {
    let role = asking.caller.role();
    message.kind == Kind::Concern
        && message.is_in_force()
        && message.purpose.is_protection()
        && role.is_some_and(messages::discussion::may_open)
}

pub(super) fn contact(name: &str, number: &str) -> Contact {
    Contact {
        name: name.to_owned(),
        phone: Some(Phone::new(number)),
    }
}

pub(super) fn part(message: &Message, directory: &Directory) -> MessagePart {
    MessagePart {
        from: from(message, directory),
        at: words::moment(message.at),
        text: paragraphs(&message.text),
        revised: (message.revision > 1).then(|| format!("said anew, version {}", message.revision)),
    }
}

pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

fn team_state(delivery: &Delivery, directory: &Directory, now: Timestamp) -> TeamState {
    let elsewhere = delivery.with != delivery.team;
    TeamState {
        team: team_name(directory, &delivery.team),
        state: stands(delivery),
        since: words::moment(delivery.since),
        due: delivery.due.map(words::moment),
        overdue: delivery.is_overdue(now),
        with: elsewhere.then(|| team_name(directory, &delivery.with)),
        contested: delivery.contested.map(words::moment),
        challenge: None,
        climbed: match delivery.rung {
            Rung::Team => None,
            Rung::Deputy => Some("The deputy has it as well".to_owned()),
            Rung::Manager => Some("The manager has it as well".to_owned()),
        },
        seen: delivery.seen_by.len(),
    }
}

/// Where a delivery stands, what became of a concern, or what was answered to a request.
fn stands(delivery: &Delivery) -> String {
    if let Some(outcome) = &delivery.outcome {
        return outcome.words().to_owned();
    }
    let Some(response) = &delivery.response else {
        return delivery.words().to_owned();
    };
    let ground = response.ground().and_then(respond::ground);
    match ground {
        Some(ground) => format!("{}: {}", response.words(), ground.words()),
        None => response.words().to_owned(),
    }
}

fn ended(message: &Message) -> Option<String> {
    match &message.stage {
        Stage::Closed(ending) => Some(format!(
            "Closed on {}: {}",
            words::moment(ending.at).date.full,
            ending.reason
        )),
        Stage::Retracted(ending) => Some(format!(
            "Taken back on {} because it was wrong: {}",
            words::moment(ending.at).date.full,
            ending.reason
        )),
        Stage::Draft | Stage::Authorised(_) | Stage::Sent => None,
    }
}

/// The one-tap answers that the state of a delivery allows. A request has a form of its own.
fn answers(own: Option<&Delivery>, message: &Message) -> Vec<Choice> {
    let kind = message.kind;
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        ..Choice::default()
    };
    match own.map(|one| one.state) {
        Some(Standing::Waiting | Standing::Delivered | Standing::Seen) => match kind {
            Kind::Request => Vec::new(),
            Kind::FamilyWord => vec![choice("mine", "Mine: I will answer")],
            Kind::PrivacyAlert => vec![choice("mine", "Mine: I look into it")],
            Kind::Challenge => vec![choice("mine", "Mine: I look at it again")],
            Kind::Hearing | Kind::ShutOut => vec![choice("mine", "Mine: I see to it")],
            Kind::Recall if message.recall.as_ref().is_some_and(|recall| recall.found) => {
                vec![choice("done", "It is destroyed or given back")]
            }
            Kind::Recall => vec![choice("done", "It is struck out")],
            Kind::Reassign => vec![choice("done", "Done: somebody else looks after them")],
            kind if kind.wants_answer() => {
                vec![choice("mine", "Mine"), choice("not-mine", "Not mine")]
            }
            _ => vec![choice("done", "Noted")],
        },
        // What became of it is said in a form of its own.
        Some(Standing::Mine) if matches!(kind, Kind::Concern | Kind::Discussion) => {
            vec![choice("not-mine", "Not mine")]
        }
        Some(Standing::Mine)
            if matches!(
                kind,
                Kind::FamilyWord
                    | Kind::PrivacyAlert
                    | Kind::Hearing
                    | Kind::ShutOut
                    | Kind::Challenge
            ) =>
        {
            Vec::new()
        }
        Some(Standing::Mine) => vec![choice("done", "Done"), choice("not-mine", "Not mine")],
        Some(Standing::NotMine) => vec![choice("mine", "Mine after all")],
        Some(Standing::Recalled) => vec![choice("known", "I know that it was wrong")],
        Some(Standing::MoreNeeded | Standing::Actioned | Standing::Ended) | None => Vec::new(),
    }
}

/// Whether the reader's team may answer that it is about somebody else than the person they know.
fn may_be_wrong(own: Option<&Delivery>, message: &Message) -> bool {
    let listed = own.is_some_and(|own| own.state.is_listed() && own.state != Standing::Recalled);
    listed && message.is_in_force() && messages::may_be_wrong(message.kind)
}

/// `POST /care/inbox/{message}/stays-shut-out`
pub async fn stays_shut_out(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let words = (form.get("why"), "why");
    let days: Option<i64> = form.get("days").parse().ok();
    let until = days.map(|days| app.cx.now().plus_seconds(days * 86_400));
    said_there(&app, &who, &message, words, async |id, text| {
        messages::concern::stays_shut_out(&app.cx, &who.asking, id, (text, until)).await
    })
    .await
}

/// `POST /care/inbox/{message}/wrong-person`
pub async fn wrong_person(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let words = (form.get("who"), "who");
    said_there(&app, &who, &message, words, async |id, text| {
        messages::wrong_person(&app.cx, &who.asking, id, text).await
    })
    .await
}

/// `POST /care/inbox/{message}/answer`
pub async fn answer(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let done = match form.get("reply") {
        "mine" | "known" => messages::answer(&app.cx, &who.asking, id, Reply::Mine).await,
        "not-mine" => messages::answer(&app.cx, &who.asking, id, Reply::NotMine).await,
        "done" => messages::finish(&app.cx, &who.asking, id).await,
        _ => Err(Error::NotFound),
    };
    let to = match form.get("reply") {
        "mine" => format!("/care/inbox/{message}"),
        _ => "/care/inbox".to_owned(),
    };
    after_acting(&app, &who, &message, done, &to, "reply", "").await
}

/// `POST /care/inbox/{message}/reply`: the answer in words goes to the team that sent it.
pub async fn reply(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let text = form.get("text");
    let done = replied(&app, &who, &headers, id, text).await;
    let to = format!("/care/inbox/{message}");
    after_acting(&app, &who, &message, done, &to, "text", text).await
}

async fn replied(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    id: ResourceId,
    text: &str,
) -> Result<(), Error> {
    let opened = messages::open(&app.cx, &who.asking, id).await?.message;
    let asking = Asking {
        purpose: opened.purpose,
        ..super::care::asking_for(app, who, headers, &opened.patient.to_string())
    };
    let letter = Letter {
        to: vec![opened.sender.team],
        text: text.to_owned(),
        what: Vec::new(),
        urgency: Urgency::Routine,
        answers: Some(id),
    };
    messages::send(&app.cx, &asking, opened.patient, &letter).await?;
    Ok(())
}

/// `POST /care/inbox/{message}/update`
pub async fn update(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let words = (form.get("anew"), "anew");
    said_there(&app, &who, &message, words, async |id, text| {
        messages::update(&app.cx, &who.asking, id, text).await
    })
    .await
}

/// `POST /care/inbox/{message}/told`: those whom it concerns know.
pub async fn told(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    _form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let done = messages::tell(&app.cx, &who.asking, id).await;
    let to = format!("/care/inbox/{message}");
    after_acting(&app, &who, &message, done, &to, "told", "").await
}

/// `POST /care/inbox/{message}/end`
pub async fn end(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let reason = form.get("reason");
    let done = match form.get("how") {
        "close" => messages::close(&app.cx, &who.asking, id, reason).await,
        "retract" => messages::retract(&app.cx, &who.asking, id, reason).await,
        _ => Err(Error::NotFound),
    };
    let to = format!("/care/inbox/{message}");
    after_acting(&app, &who, &message, done, &to, "reason", "").await
}

/// What is said in one field of a message's page; the page is shown again.
async fn said_there(
    app: &App,
    who: &SignedIn,
    message: &str,
    (text, field): (&str, &'static str),
    act: impl AsyncFnOnce(ResourceId, &str) -> Result<(), Error>,
) -> Response {
    let Some(id) = app.cx.ids.ours(message) else {
        return nothing(app, who);
    };
    let done = act(id, text).await;
    let to = format!("/care/inbox/{message}");
    after_acting(app, who, message, done, &to, field, text).await
}

/// On to the next page; or the same again, with what is wrong.
async fn after_acting(
    app: &App,
    who: &SignedIn,
    message: &str,
    done: Result<(), Error>,
    to: &str,
    field: &'static str,
    typed: &str,
) -> Response {
    match done {
        Ok(()) => Redirect::to(to).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said(&issues, field);
            shown(app, who, message, typed.to_owned(), errors).await
        }
        Err(error) => refused(app, who, error),
    }
}

/// What is wrong, at the field that it is about.
fn said(issues: &[fhir::Issue], field: &'static str) -> Errors {
    said_at(issues, |_| field)
}

/// What is wrong, each at the field that the form has for what it is about.
pub(super) fn said_at(
    issues: &[fhir::Issue],
    field_of: impl Fn(Option<&str>) -> &'static str,
) -> Errors {
    let mut errors = Errors::default();
    for issue in issues {
        let field = field_of(issue.expression.first().map(String::as_str));
        errors.add(field, words::capital(&issue.details));
    }
    errors
}

pub(super) fn refused(app: &App, who: &SignedIn, error: Error) -> Response {
    match error {
        Error::NotFound => nothing(app, who),
        error => failed(app, &who.visit, error),
    }
}

/// The same page whether there is no message or it is not this worker's.
pub(super) fn nothing(app: &App, who: &SignedIn) -> Response {
    let page = who.page(app);
    html(StatusCode::NOT_FOUND, &NoRecordPage { page })
}
