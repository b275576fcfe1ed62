//! Opening a discussion between agencies, and speaking in one for one's own.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::{Conclusion, Other, Statement};
use domain::{OrganisationKind, Purpose, Role, TeamId};
use sharing::messages::discussion::{self as discussions, Open};
use sharing::messages::{self, Opened};
use sharing::{Asking, Error};
use store::Directory;

use super::about::{choices, others};
use super::concern::known;
use super::protect::{hold, telling};
use super::{nothing, paragraphs, refused, said_at, said_there};
use crate::app::App;
use crate::portal::care;
use crate::portal::form::Form;
use crate::portal::record::directory;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{
    BlockView, Choice, ConclusionView, DiscussionForms, DiscussionPage, DiscussionView, Errors,
};
use crate::portal::words;

/// Whom it protects: the purposes for which agencies discuss so.
const ABOUT: [(Purpose, &str); 2] = [
    (Purpose::ChildConcern, "A child may come to harm"),
    (Purpose::AdultProtection, "An adult may come to harm"),
];

/// The form as filled in so far.
#[derive(Default)]
struct Chosen {
    to: Vec<String>,
    about: String,
    name: String,
    text: String,
    from: String,
    telling: String,
}

impl Chosen {
    fn of(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        let to = form.all("to").chain(form.all("other"));
        Self {
            to: to.map(str::to_owned).collect(),
            about: field("about"),
            name: field("name"),
            text: field("text"),
            from: field("from"),
            telling: field("telling"),
        }
    }

    /// A child, unless it is said to be an adult.
    fn purpose(&self) -> Purpose {
        let chosen = ABOUT.iter().find(|(one, _)| one.code() == self.about);
        chosen.map_or(Purpose::ChildConcern, |(purpose, _)| *purpose)
    }

    fn open(&self, app: &App, known: Option<String>) -> Open {
        Open {
            to: self.to.iter().map(TeamId::new).collect(),
            name: known.unwrap_or_else(|| self.name.clone()),
            text: self.text.clone(),
            from: app.cx.ids.ours(&self.from),
            hold: hold(app, &self.telling),
        }
    }
}

/// `GET /care/people/{person}/discussions/new`, with `from`, the message that it is opened from.
pub async fn new_discussion(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let pairs = fhir::search::pairs(query.as_deref().unwrap_or_default());
    let from = pairs.into_iter().find(|(name, _)| name == "from");
    let fresh = Chosen {
        telling: "hold".to_owned(),
        from: from.map(|(_, from)| from).unwrap_or_default(),
        ..Chosen::default()
    };
    show(&app, &who, &headers, &person, fresh, Errors::default()).await
}

/// `POST /care/people/{person}/discussions/new`
pub async fn discuss(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(patient) = app.cx.ids.ours(&person) else {
        return nothing(&app, &who);
    };
    let chosen = Chosen::of(&form);
    let asking = Asking {
        purpose: chosen.purpose(),
        ..care::asking_for(&app, &who, &headers, &person)
    };
    let what = chosen.open(&app, known(&app, &headers, &person));
    match discussions::open(&app.cx, &asking, patient, &what).await {
        Ok(sent) => Redirect::to(&format!("/care/inbox/{}", sent.id)).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            show(&app, &who, &headers, &person, chosen, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("to") => "to",
        Some("name") => "name",
        Some("hold-until") => "telling",
        _ => "text",
    }
}

async fn show(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    person: &str,
    chosen: Chosen,
    errors: Errors,
) -> Response {
    let asking = Asking {
        purpose: chosen.purpose(),
        ..care::asking_for(app, who, headers, person)
    };
    let patient = app.cx.ids.ours(person);
    let Some(patient) = patient.filter(|_| asking.caller.role().is_some_and(discussions::may_open))
    else {
        return nothing(app, who);
    };
    let status = errors.status();
    let view = async {
        // Whoever may not read the record is told of nobody who is involved.
        let involved = match messages::about(&app.cx, &asking, patient).await {
            Ok(about) => about.teams,
            Err(Error::NotFound) => Vec::new(),
            Err(error) => return Err(error),
        };
        let directory = directory(app).await?;
        let offered = offered(involved, &directory);
        let mut rest = others(&offered, &directory, "");
        for choice in &mut rest {
            choice.chosen = chosen.to.contains(&choice.value);
        }
        Ok(DiscussionPage {
            page: who.page(app),
            person: person.to_owned(),
            known: known(app, headers, person),
            about: about(chosen.purpose()),
            to: choices(&offered, &directory, &chosen.to),
            others: rest,
            telling: telling(&chosen.telling),
            name: chosen.name,
            text: chosen.text,
            from: chosen.from,
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => refused(app, who, error),
    }
}

/// Those involved, and the police, who must be in it.
fn offered(involved: Vec<TeamId>, directory: &Directory) -> Vec<TeamId> {
    let mut offered = involved;
    let police = directory.teams.values().filter(|team| {
        let agency = directory.organisations.get(&team.organisation);
        agency.is_some_and(|agency| agency.kind == OrganisationKind::Police)
    });
    for team in police {
        if !offered.contains(&team.id) {
            offered.push(team.id.clone());
        }
    }
    offered
}

fn about(purpose: Purpose) -> Vec<Choice> {
    let choice = |(one, label): &(Purpose, &str)| Choice {
        value: one.code().to_owned(),
        label: (*label).to_owned(),
        chosen: *one == purpose,
        hint: None,
    };
    ABOUT.iter().map(choice).collect()
}

/// What a discussion says, and the forms by which this worker speaks in it.
pub fn view(opened: &Opened, asking: &Asking) -> Option<DiscussionView> {
    let message = &opened.message;
    let discussion = message.discussion.as_ref()?;
    let blocks = discussion.blocks.iter().map(|one| BlockView {
        superseded: discussion.is_superseded(one),
        ..block(one)
    });
    let last = discussion.conclusion();
    let conclusions = discussion.conclusions.iter();
    Some(DiscussionView {
        blocks: blocks.collect(),
        dissents: discussion.dissents.iter().map(block).collect(),
        others: discussion.others.iter().map(Other::words).collect(),
        conclusions: conclusions
            .map(|one| concluded(one, last == Some(one)))
            .collect(),
        raised: discussion.raised.map(|id| id.to_string()),
        forms: forms(opened, asking),
    })
}

fn block(statement: &Statement) -> BlockView {
    BlockView {
        agency: statement.agency_name.clone(),
        name: statement.name.clone(),
        at: words::moment(statement.at),
        text: paragraphs(&statement.text),
        superseded: false,
    }
}

fn concluded(one: &Conclusion, is_last: bool) -> ConclusionView {
    let answers = one.prompts.iter();
    ConclusionView {
        course: one.course.words().to_owned(),
        reasons: paragraphs(&one.reasons),
        plan: paragraphs(&one.plan),
        prompts: answers
            .map(|(prompt, answer)| (prompt.words().to_owned(), answer.words().to_owned()))
            .collect(),
        without: one.without.join(", "),
        name: one.name.clone(),
        at: words::moment(one.at),
        superseded: !is_last,
    }
}

fn forms(opened: &Opened, asking: &Asking) -> Option<DiscussionForms> {
    let message = &opened.message;
    let social_work = asking.caller.role().is_some_and(Role::is_social_work);
    let may_protect = social_work && message.purpose.is_a(Purpose::ChildConcern);
    message.is_in_force().then_some(DiscussionForms {
        may_conclude: opened.is_senders,
        may_protect,
    })
}

/// `POST /care/inbox/{message}/block`: what the worker's own agency knows.
pub async fn contribute(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let words = (form.get("block"), "block");
    said_there(&app, &who, &message, words, async |id, text| {
        discussions::contribute(&app.cx, &who.asking, id, text).await
    })
    .await
}

/// `POST /care/inbox/{message}/dissent`: why the worker's own agency does not agree.
pub async fn dissent(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let words = (form.get("dissent"), "dissent");
    said_there(&app, &who, &message, words, async |id, text| {
        discussions::dissent(&app.cx, &who.asking, id, text).await
    })
    .await
}
