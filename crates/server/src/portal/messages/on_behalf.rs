//! Putting in what a team answered to a request by letter, on the telephone or face to face: who said
//! it, when and how. The answer is theirs, and is held to the same rules as if they had given it here.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::call::Way;
use domain::message::{Message, Refusal, Response as Answer};
use domain::{Category, TeamId, calendar};
use sharing::Error;
use sharing::messages::respond::{self as responding, Given, OnBehalf, needs_whole_form};
use sharing::messages::{self, Opened};
use store::Directory;

use super::about::choices;
use super::request::{ASKED, ticked};
use super::respond::{ground_choices, refusal};
use super::{nothing, refused, said_at};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::record::directory;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{Choice, Errors, OnBehalfFilled, OnBehalfPage, RefuseFilled};

/// What they may have answered.
const ANSWERS: [(&str, &str); 6] = [
    ("shared", "They share what was asked"),
    ("part", "They share part of it"),
    ("ring", "They say whom to ring"),
    ("more-needed", "They need to know more"),
    ("not-held", "They do not hold it"),
    ("refused", "They refuse"),
];

/// Whether what somebody answered may be put in for them: by the team that asked.
pub fn may_put_in(opened: &Opened) -> bool {
    let message = &opened.message;
    opened.is_senders && message.request.is_some() && message.is_in_force()
}

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    team: String,
    way: String,
    response: String,
    told: Vec<String>,
    typed: OnBehalfFilled,
    refusal: RefuseFilled,
}

impl Filled {
    fn of(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        Self {
            team: field("for"),
            way: field("way"),
            response: field("response"),
            told: form.all("told").map(str::to_owned).collect(),
            typed: OnBehalfFilled {
                by: field("by"),
                on: field("on"),
                ring_name: field("ring_name"),
                ring_phone: field("ring_phone"),
            },
            refusal: RefuseFilled {
                ground: field("ground"),
                other: field("other"),
                text: field("text"),
                harm_if_shared: field("harm_if_shared"),
                harm_if_not_shared: field("harm_if_not_shared"),
                decider: field("decider"),
                review_on: field("review_on"),
            },
        }
    }

    /// The answer, or what the form lacks.
    fn given(&self) -> Result<Given, Errors> {
        let mut errors = Errors::default();
        let on = calendar::by(&self.typed.on);
        if on.is_none() {
            errors.add("on", "Give the day like this: 2027-01-15");
        }
        let way = Way::from_code(&self.way);
        if way.is_none() {
            errors.add("way", "Say how they answered");
        }
        let response = self.response();
        if response.is_none() {
            errors.add("response", "Say what they answered");
        }
        match (on, way, response) {
            (Some(on), Some(way), Some(response)) => Ok(Given {
                response,
                text: self.refusal.text.clone(),
                told: self.told().collect(),
                on_behalf_of: Some(OnBehalf {
                    team: TeamId::new(&self.team),
                    by: self.typed.by.clone(),
                    on,
                    way,
                }),
            }),
            _ => Err(errors),
        }
    }

    fn told(&self) -> impl Iterator<Item = Category> {
        self.told
            .iter()
            .filter_map(|code| Category::from_code(code))
    }

    fn response(&self) -> Option<Answer> {
        let Refusal { ground, .. } = refusal(&self.refusal);
        Some(match self.response.as_str() {
            "shared" => Answer::Shared,
            "part" => Answer::Part { ground },
            "ring" => Answer::Ring {
                name: self.typed.ring_name.clone(),
                phone: self.typed.ring_phone.clone(),
            },
            "more-needed" => Answer::MoreNeeded,
            "not-held" => Answer::NotHeld { ask: None },
            "refused" => Answer::Refused(refusal(&self.refusal)),
            _ => return None,
        })
    }
}

/// `GET /care/inbox/{message}/on-behalf`
pub async fn putting_in(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
) -> Response {
    show(&app, &who, &message, Filled::default(), Errors::default()).await
}

/// `POST /care/inbox/{message}/on-behalf`
pub async fn put_in(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let Some(id) = app.cx.ids.ours(&message) else {
        return nothing(&app, &who);
    };
    let filled = Filled::of(&form);
    let given = match filled.given() {
        Ok(given) => given,
        Err(errors) => return show(&app, &who, &message, filled, errors).await,
    };
    match responding::respond(&app.cx, &who.asking, id, &given).await {
        Ok(_) => Redirect::to(&format!("/care/inbox/{message}")).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            show(&app, &who, &message, filled, errors).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("for") => "for",
        Some("said-by") => "by",
        Some("said-on") => "on",
        Some("told") => "told",
        Some("phone") => "ring_phone",
        Some("ground") => "ground",
        _ => "text",
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
    let status = errors.status();
    let view = async {
        let opened = messages::open(&app.cx, &who.asking, id).await?;
        if !may_put_in(&opened) {
            return Err(Error::NotFound);
        }
        let directory = directory(app).await?;
        let page = page(app, who, &opened.message, &directory, filled);
        Ok(OnBehalfPage { errors, ..page })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => refused(app, who, error),
    }
}

fn page(
    app: &App,
    who: &SignedIn,
    request: &Message,
    directory: &Directory,
    filled: Filled,
) -> OnBehalfPage {
    let teams: Vec<TeamId> = request
        .deliveries
        .iter()
        .map(|one| one.team.clone())
        .collect();
    let asked = request.request.iter().flat_map(|one| &one.what);
    let asked: Vec<Category> = asked.copied().collect();
    let more = ASKED.iter().filter(|one| !asked.contains(one)).copied();
    let told: Vec<Category> = asked.iter().copied().chain(more).collect();
    let grounds = ground_choices("None of these, or they gave none", &filled.refusal.ground);
    OnBehalfPage {
        page: who.page(app),
        message: request.id.to_string(),
        name: request.name.clone(),
        teams: choices(&teams, directory, &[filled.team]),
        ways: ways(&filled.way),
        answers: ANSWERS
            .iter()
            .map(|(value, label)| choice(value, label, &filled.response))
            .collect(),
        told: ticked(&told, &filled.told),
        grounds,
        whole: needs_whole_form(request.purpose),
        typed: filled.typed,
        refusal: filled.refusal,
        errors: Errors::default(),
    }
}

/// How somebody may have written or spoken outside the exchange.
pub(super) fn ways(chosen: &str) -> Vec<Choice> {
    let ways = Way::ALL.iter().rev();
    ways.map(|way| choice(way.code(), how(*way), chosen))
        .collect()
}

/// How a page says in what way somebody wrote or spoke outside the exchange.
pub(super) fn how(way: Way) -> &'static str {
    match way {
        Way::Letter => "By letter",
        Way::Phone => "On the telephone",
        Way::Meeting => "Face to face",
    }
}

pub(in crate::portal) fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: None,
        chosen: value == chosen,
    }
}
