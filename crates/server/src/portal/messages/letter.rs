//! A message as a letter, for whoever is reached by post: a sheet for each recipient, in large print. It
//! says what the message says and no more.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::TeamId;
use domain::message::{Kind, Message};
use sharing::messages::{self, Opened};
use sharing::{Asking, Error};
use store::Directory;

use super::{contact, nothing, paragraphs, refused, respond, team_name};
use crate::app::App;
use crate::portal::record::directory;
use crate::portal::render::{DateView, html};
use crate::portal::session::SignedIn;
use crate::portal::views::{Contact, LetterPage};
use crate::portal::words;

/// How many letters of a message's id name it on paper.
const REFERENCE: usize = 12;

/// Whether this worker may print it: their own team sent it to somebody.
pub fn may_print(opened: &Opened) -> bool {
    let message = &opened.message;
    let written = match message.kind {
        Kind::FamilyReply | Kind::Ruling => true,
        Kind::Request | Kind::Note | Kind::Response => !message.deliveries.is_empty(),
        _ => false,
    };
    opened.is_senders && written && message.is_in_force()
}

/// `GET /care/inbox/{message}/letter`
pub async fn letter(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let view = async {
        let opened = messages::open(&app.cx, &who.asking, id).await?;
        if !may_print(&opened) {
            return Err(Error::NotFound);
        }
        let directory = directory(&app).await?;
        Ok(page(&app, &who, &opened, &directory))
    };
    match view.await {
        Ok(view) => html(StatusCode::OK, &view),
        Err(error) => refused(&app, &who, error),
    }
}

fn page(app: &App, who: &SignedIn, opened: &Opened, directory: &Directory) -> LetterPage {
    let message = &opened.message;
    let request = message.request.as_ref();
    let due = message.deliveries.iter().filter_map(|one| one.due).min();
    let id = message.id.to_string();
    LetterPage {
        page: who.page(app),
        message: id.clone(),
        sheets: sheets(opened, directory),
        from: from(&who.asking, message, directory),
        on: DateView::day(words::local(message.at).date()),
        subject: message.kind.words().to_owned(),
        about: match message.is_own_word() {
            true => String::new(),
            false => message.name.clone(),
        },
        text: paragraphs(&message.text),
        asked: request.map(|one| respond::asked(one, directory)),
        due: due.filter(|_| request.is_some()).map(words::moment),
        ring: ring(message),
        reference: id.get(..REFERENCE).unwrap_or(&id).to_owned(),
    }
}

/// To whom: whoever a word was answered to, at the address that they gave; else each team.
fn sheets(opened: &Opened, directory: &Directory) -> Vec<Vec<String>> {
    let mut thread = opened.thread.iter();
    let answered = thread.find(|one| one.kind == Kind::FamilyWord);
    if opened.message.kind == Kind::Ruling && opened.message.deliveries.is_empty() {
        let challenged = opened.thread.iter().find(|one| one.kind == Kind::Challenge);
        let name = challenged.map(|one| one.sender.name.clone());
        return vec![name.into_iter().collect()];
    }
    let Some(word) = answered.filter(|_| opened.message.family.is_some()) else {
        let teams = opened.message.deliveries.iter().map(|one| &one.team);
        return teams.map(|team| team_lines(team, directory)).collect();
    };
    let mut lines = vec![word.sender.name.clone()];
    let came = word.family.as_ref().and_then(|word| word.came.as_ref());
    lines.extend(came.iter().flat_map(|came| paragraphs(&came.answer_to)));
    vec![lines]
}

fn from(asking: &Asking, message: &Message, directory: &Directory) -> Vec<String> {
    let role = asking.caller.role().map(domain::Role::words);
    let mut lines = vec![message.sender.name.clone()];
    let is_writer = message.sender.name == asking.caller.name;
    lines.extend(role.filter(|_| is_writer).map(|role| words::capital(&role)));
    lines.extend(team_lines(&message.sender.team, directory));
    lines
}

/// Whom to ring about it: the team that wrote.
fn ring(message: &Message) -> Vec<Contact> {
    let numbers = message.ring.iter();
    numbers
        .map(|(name, number)| contact(name, number))
        .collect()
}

fn team_lines(team: &TeamId, directory: &Directory) -> Vec<String> {
    let mut lines = vec![team_name(directory, team)];
    let found = directory.teams.get(team);
    let agency = found.and_then(|team| directory.organisations.get(&team.organisation));
    lines.extend(agency.map(|agency| agency.name.clone()));
    lines
}
