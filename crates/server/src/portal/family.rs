//! Somebody close to a person asks who knows what, and tells what the team should know.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::TeamId;
use domain::message::{Delivery, Rung, State as Stands};
use serde::{Deserialize, Serialize};
use sharing::messages::family::{
    Question, Standing, Tell, Written, tell as write, who_knows, word as read, words as all,
};
use sharing::{Error, Ground, Telling};
use store::Directory;

use super::care::{birth_date, find_form};
use super::form::Form;
use super::front::{failed, fault};
use super::messages::{contact, others, part, said_at, team_name};
use super::record::directory;
use super::render::html;
use super::session::{SignedIn, seal, unseal};
use super::views::{
    Contact, DeciderLine, Errors, FamilyAnswerPage, FamilyPage, FamilyWordPage, Fault, FindForm,
    StandingView, WithheldLine, WordRow,
};
use super::words;
use super::{hearings, me};
use crate::app::App;

const ASKED: &str = "candour_asked";

/// A question as it is sealed into an address: no name stands in a browser's history, and the
/// address tells nothing of whether anybody was found.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    name: String,
    born: String,
    number: String,
    says_to_be: String,
    operation: [u8; 16],
}

impl Asked {
    fn question(&self) -> Question {
        Question {
            name: self.name.clone(),
            born: self.born.clone(),
            number: self.number.clone(),
            says_to_be: self.says_to_be.clone(),
        }
    }
}

/// `GET /me/family`
pub async fn start(State(app): State<App>, who: SignedIn) -> Response {
    let (form, errors) = (FindForm::default(), Errors::default());
    show(&app, &who, form, String::new(), errors).await
}

async fn show(
    app: &App,
    who: &SignedIn,
    form: FindForm,
    says_to_be: String,
    errors: Errors,
) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let status = errors.status();
    let view = async {
        let directory = directory(app).await?;
        let words = all(&app.cx, &who.asking).await?;
        Ok(FamilyPage {
            page: who.page(app),
            form,
            says_to_be,
            asked: hearings::rows(app, who).await?,
            words: words.iter().map(|word| row(word, &directory)).collect(),
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => failed(app, &who.visit, error),
    }
}

/// The team that has it now: whoever it was passed on to last.
pub(super) fn with(word: &Written) -> Option<&Delivery> {
    word.message.deliveries.last()
}

fn row(word: &Written, directory: &Directory) -> WordRow {
    let team = with(word).map(|one| team_name(directory, &one.team));
    WordRow {
        message: word.message.id.to_string(),
        about: word.message.name.clone(),
        team: team.unwrap_or_default(),
        state: stands(word),
        at: words::moment(word.message.at),
    }
}

pub(super) fn stands(word: &Written) -> String {
    match with(word).map(|one| one.state) {
        Some(Stands::Waiting) => "they open it when they are next there",
        Some(Stands::Delivered) => "not yet read",
        Some(Stands::Seen) => "read",
        Some(Stands::Mine) => "somebody is dealing with it",
        _ => "answered",
    }
    .to_owned()
}

/// `POST /me/family`
pub async fn ask(State(app): State<App>, who: SignedIn, form: Form) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let filled = find_form(&form);
    let mut errors = Errors::default();
    let born = birth_date(&filled, &mut errors);
    let asked = Asked {
        name: filled.name.clone(),
        born: born.unwrap_or_default(),
        number: filled.chi.clone(),
        says_to_be: form.get("says_to_be").to_owned(),
        operation: app.cx.draw(),
    };
    if let Err(Error::Invalid(issues)) = asked.question().is_whole() {
        // A date that is none is said once.
        let wrong_date = errors.born().is_some();
        let more = said_at(&issues, field_of).0.into_iter();
        errors
            .0
            .extend(more.filter(|it| !(wrong_date && it.field == "born_day")));
    }
    if !errors.is_empty() {
        return show(&app, &who, filled, asked.says_to_be, errors).await;
    }
    match seal(&app, ASKED, &asked) {
        Some(sealed) => Redirect::to(&format!("/me/family/asked/{sealed}")).into_response(),
        None => fault(&app, &who.visit, Fault::Broken),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("name") => "name",
        Some("born") => "born_day",
        Some("says-to-be") => "says_to_be",
        Some("to") => "to",
        _ => "text",
    }
}

/// What was typed to be told.
#[derive(Default)]
struct Typed {
    text: String,
    to: String,
    unnamed: bool,
}

/// `GET /me/family/asked/{question}`
pub async fn answered(
    State(app): State<App>,
    who: SignedIn,
    Path(question): Path<String>,
) -> Response {
    answer(&app, &who, question, Typed::default(), Errors::default()).await
}

async fn answer(
    app: &App,
    who: &SignedIn,
    question: String,
    typed: Typed,
    errors: Errors,
) -> Response {
    let asked = unseal::<Asked>(app, ASKED, &question);
    let Some(asked) = asked.filter(|_| !who.at_work()) else {
        return Redirect::to("/me/family").into_response();
    };
    let status = errors.status();
    let view = async {
        let (asking, about) = (&who.asking, asked.question());
        let standing = who_knows(&app.cx, asking, &about, asked.operation).await?;
        let directory = directory(app).await?;
        let named = standing.as_ref().and_then(|it| it.team.clone());
        let chosen = match (&named, typed.to.is_empty()) {
            (Some(team), true) => team.to_string(),
            _ => typed.to,
        };
        Ok(FamilyAnswerPage {
            page: who.page(app),
            question,
            about: asked.name,
            standing: standing.map(|it| standing_view(&it, &directory)),
            teams: others(&[], &directory, &chosen),
            text: typed.text,
            unnamed: typed.unnamed,
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => failed(app, &who.visit, error),
    }
}

/// What the person's own no, or an earlier wish, keeps back.
fn wished(standing: &Standing) -> Vec<String> {
    let theirs = |ground: &Ground| matches!(ground, Ground::Objected | Ground::EarlierWish);
    let withheld = standing.withheld.iter();
    withheld
        .filter(|(_, ground)| theirs(ground))
        .map(|(what, _)| {
            what.map_or_else(|| "Anything".to_owned(), |it| words::capital(it.words()))
        })
        .collect()
}

fn standing_view(standing: &Standing, directory: &Directory) -> StandingView {
    let told = standing.told.iter().map(|told| match told {
        Telling::GeneralCondition => "How they are in general: ask whoever answers below.",
        Telling::WhomToRing => "Whom to ring, at any hour.",
        Telling::Received => "That what you told was received.",
    });
    let withheld = standing.withheld.iter().map(|(what, ground)| WithheldLine {
        what: what.map_or_else(String::new, |it| words::capital(it.words())),
        why: ground.words().to_owned(),
        who: ground.who_can_change_it().to_owned(),
    });
    let deciders = standing
        .deciders
        .iter()
        .map(|(name, by, missing)| DeciderLine {
            name: name.clone(),
            by: words::moment(*by),
            missing: missing.clone(),
        });
    let ring = standing.ring.iter().map(|one| {
        let name = format!("{}, {}", one.name, one.organisation);
        contact(&name, &one.phone)
    });
    StandingView {
        own_words: standing.own_words.clone(),
        wished: wished(standing),
        told: told.map(str::to_owned).collect(),
        opened: standing
            .opened
            .iter()
            .map(|it| words::capital(it.words()))
            .collect(),
        withheld: withheld.collect(),
        deciders: deciders.collect(),
        advice: standing
            .advice
            .iter()
            .map(|it| words::capital(it))
            .collect(),
        routes: standing
            .routes
            .iter()
            .map(|it| words::capital(it))
            .collect(),
        lines: standing
            .lines
            .as_ref()
            .map(|lines| lines.iter().map(me::line).collect()),
        ring: ring.collect::<Vec<Contact>>(),
        team: standing
            .team
            .as_ref()
            .map(|team| team_name(directory, team)),
    }
}

/// `POST /me/family/words`
pub async fn tell(State(app): State<App>, who: SignedIn, form: Form) -> Response {
    let question = form.get("question").to_owned();
    let asked = unseal::<Asked>(&app, ASKED, &question);
    let Some(asked) = asked.filter(|_| !who.at_work()) else {
        return Redirect::to("/me/family").into_response();
    };
    let typed = Typed {
        text: form.get("text").to_owned(),
        to: form.get("to").to_owned(),
        unnamed: form.get("unnamed") == "yes",
    };
    let what = Tell {
        about: asked.question(),
        text: typed.text.clone(),
        to: TeamId::new(&typed.to),
        unnamed: typed.unnamed,
        claim: None,
    };
    match write(&app.cx, &who.asking, &what).await {
        Ok(id) => Redirect::to(&format!("/me/family/words/{id}")).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            answer(&app, &who, question, typed, errors).await
        }
        Err(error) => failed(&app, &who.visit, error),
    }
}

/// `GET /me/family/words/{message}`
pub async fn word(State(app): State<App>, who: SignedIn, Path(message): Path<String>) -> Response {
    let view = async {
        let id = app.cx.ids.ours(&message).ok_or(Error::NotFound)?;
        let word = read(&app.cx, &who.asking, id).await?;
        let directory = directory(&app).await?;
        Ok(word_view(&app, &who, &word, &directory))
    };
    match view.await {
        Ok(view) => html(StatusCode::OK, &view),
        Err(error) => failed(&app, &who.visit, error),
    }
}

fn word_view(app: &App, who: &SignedIn, word: &Written, directory: &Directory) -> FamilyWordPage {
    let own = part(&word.message, directory);
    let delivery = with(word);
    let late = delivery.filter(|one| {
        let climbed = one.rung > Rung::Team && one.state.owes_answer();
        climbed || one.is_overdue(app.cx.now())
    });
    let replies = word.replies.iter().map(|one| part(one, directory));
    FamilyWordPage {
        page: who.page(app),
        about: word.message.name.clone(),
        text: own.text,
        at: own.at,
        team: delivery
            .map(|one| team_name(directory, &one.team))
            .unwrap_or_default(),
        state: stands(word),
        due: delivery.and_then(|one| one.due).map(words::moment),
        late: late.map(|one| overdue(one).to_owned()),
        ring: word
            .message
            .ring
            .iter()
            .map(|(name, number)| contact(name, number))
            .collect(),
        replies: replies.collect(),
        unnamed: word.message.family.as_ref().is_some_and(|it| it.unnamed),
    }
}

pub(super) fn overdue(delivery: &Delivery) -> &'static str {
    match delivery.rung {
        Rung::Team => "It should have been answered by now.",
        Rung::Deputy => "It should have been answered by now; the team's deputy has it as well.",
        Rung::Manager => "It should have been answered by now; the team's manager has it as well.",
    }
}
