//! Requiring records about an adult at risk, under section 10: one form for every holder.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::{AdultsWord, Kind, Outcome, Required};
use domain::{Category, Moment, Purpose, ResourceId, Role, TeamId, WorkerId};
use sharing::messages::requirement::{self, Require};
use sharing::messages::{self, Opened};
use sharing::{Asking, Error};
use store::Directory;

use super::about::choices;
use super::request::{ASKED, ticked};
use super::{nothing, refused, said_at};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::record::directory;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{Choice, Errors, RequireFilled, RequirePage};

/// Whether this worker may require records in the inquiry that this message is.
pub fn may_require(asking: &Asking, opened: &Opened) -> bool {
    let message = &opened.message;
    let own = opened.own.as_ref();
    message.kind == Kind::Concern
        && message.is_in_force()
        && message.purpose.is_a(Purpose::AdultProtection)
        && asking.caller.role().is_some_and(Role::is_social_work)
        && own.is_some_and(|own| own.outcome == Some(Outcome::Inquiry))
}

/// The form as filled in so far.
#[derive(Default)]
struct Chosen {
    to: Vec<String>,
    what: Vec<String>,
    reader: String,
    adult: String,
    filled: RequireFilled,
}

impl Chosen {
    fn of(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        Self {
            to: form.all("to").map(str::to_owned).collect(),
            what: form.all("what").map(str::to_owned).collect(),
            reader: field("reader"),
            adult: field("adult"),
            filled: RequireFilled {
                why: field("why"),
                from: field("from"),
                before: field("before"),
                number: field("number"),
                authority: field("authority"),
                because: field("because"),
            },
        }
    }

    fn require(&self, inquiry: ResourceId) -> Require {
        let filled = &self.filled;
        let what = self.what.iter();
        Require {
            to: self.to.iter().map(TeamId::new).collect(),
            what: what.filter_map(|code| Category::from_code(code)).collect(),
            written_from: Moment::parse(&filled.from),
            written_before: Moment::parse(&filled.before),
            why: filled.why.clone(),
            by: None,
            inquiry,
            terms: Required {
                number: filled.number.trim().to_owned(),
                authority: filled.authority.trim().to_owned(),
                reader: Some(WorkerId::new(&self.reader)).filter(|_| !self.reader.is_empty()),
                adult: AdultsWord::from_code(&self.adult, &filled.because).unwrap_or_else(|| {
                    AdultsWord::NotAsked {
                        because: String::new(),
                    }
                }),
            },
        }
    }
}

/// `GET /care/inbox/{message}/require`
pub async fn requiring(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
) -> Response {
    let fresh = Chosen {
        adult: "agrees".to_owned(),
        ..Chosen::default()
    };
    show(&app, &who, &message, fresh, Errors::default()).await
}

/// `POST /care/inbox/{message}/require`
pub async fn require(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let chosen = Chosen::of(&form);
    let done = async {
        let opened = messages::open(&app.cx, &who.asking, id).await?;
        let patient = opened.message.patient;
        requirement::require(&app.cx, &who.asking, patient, &chosen.require(id)).await
    };
    match done.await {
        Ok(sent) => Redirect::to(&format!("/care/inbox/{}", sent.id)).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            show(&app, &who, &message, chosen, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    let fields = ["to", "what", "number", "authority", "reader", "adult"];
    let found = fields.into_iter().find(|one| Some(*one) == expression);
    found.unwrap_or("why")
}

async fn show(
    app: &App,
    who: &SignedIn,
    message: &str,
    chosen: Chosen,
    errors: Errors,
) -> Response {
    let Some(id) = app.cx.ids.ours(message) else {
        return nothing(app, who);
    };
    let status = errors.status();
    let view = async {
        let opened = messages::open(&app.cx, &who.asking, id).await?;
        if !may_require(&who.asking, &opened) {
            return Err(Error::NotFound);
        }
        let directory = directory(app).await?;
        let all: Vec<TeamId> = directory.teams.keys().cloned().collect();
        let mut teams = choices(&all, &directory, &chosen.to);
        teams.sort_by(|a, b| a.label.cmp(&b.label));
        Ok(RequirePage {
            page: who.page(app),
            message: message.to_owned(),
            name: opened.message.name,
            to: teams,
            what: ticked(&ASKED, &chosen.what),
            readers: readers(&directory, &chosen.reader),
            adult: adult(&chosen.adult),
            filled: chosen.filled,
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => refused(app, who, error),
    }
}

/// The health professionals of the directory, by agency and name.
fn readers(directory: &Directory, chosen: &str) -> Vec<Choice> {
    let clinical = directory
        .workers
        .values()
        .filter(|one| one.role.is_clinical());
    let mut readers: Vec<Choice> = clinical
        .filter_map(|one| {
            let team = directory.teams.get(one.team.as_ref()?)?;
            Some(Choice {
                value: one.id.to_string(),
                label: format!("{}, {}, {}", team.name, one.name, one.role.words()),
                chosen: one.id.as_str() == chosen,
                hint: None,
            })
        })
        .collect();
    readers.sort_by(|a, b| a.label.cmp(&b.label));
    readers
}

fn adult(chosen: &str) -> Vec<Choice> {
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: value == chosen,
        hint: None,
    };
    vec![
        choice("agrees", "They agree"),
        choice(
            "objects",
            "They object; the law goes past that, and they are told",
        ),
        choice("not-asked", "They were not asked"),
    ]
}

/// What a requirement says beside its text.
pub fn view(required: &Required, directory: &Directory) -> Vec<String> {
    let reader = required.reader.as_ref();
    let named = reader.map(|reader| {
        let worker = directory.workers.get(reader);
        worker.map_or_else(|| reader.to_string(), |worker| worker.name.clone())
    });
    let reads =
        named.map(|name| format!("Health records are read by {name}, who passes on an extract"));
    let lines = [
        Some(format!("Requirement {}", required.number)),
        Some(format!("Authority: {}", required.authority)),
        reads,
        Some(required.adult.words()),
        Some("To refuse without reasonable excuse is an offence (Adult Support and Protection (Scotland) Act 2007 s.49)".to_owned()),
    ];
    lines.into_iter().flatten().collect()
}
