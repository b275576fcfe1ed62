//! What somebody without an account sees by a link to one request: what they are asked, and the form
//! that answers it. Nothing here needs more than a browser on a telephone.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::Category;
use domain::message::{Delivery, Message, Response as Answer, State as Standing};
use sharing::Error;
use sharing::messages::by_link;
use sharing::messages::respond::{self as responding, Given, needs_whole_form};
use store::Directory;

use super::form::Form;
use super::front::{failed, fault};
use super::let_in::{LetIn, ring};
use super::messages::{
    ASKED, asked, choice, from, ground_choices, paragraphs, refusal, said_at, team_name, ticked,
};
use super::record::directory;
use super::render::html;
use super::views::{AnswerPage, AnsweredPage, Errors, Fault, RefuseFilled};
use super::words;
use crate::app::App;

/// What may be answered.
const ANSWERS: [(&str, &str); 6] = [
    ("shared", "I share what was asked"),
    ("part", "I share part of it"),
    ("ring", "Ring us"),
    ("more-needed", "I need to know more first"),
    ("not-held", "We do not hold it"),
    ("refused", "We refuse"),
];

/// The form as filled in so far.
#[derive(Default)]
struct Filled {
    response: String,
    told: Vec<String>,
    ring_name: String,
    ring_phone: String,
    typed: RefuseFilled,
}

impl Filled {
    fn of(form: &Form) -> Self {
        let field = |name| form.get(name).to_owned();
        Self {
            response: field("response"),
            told: form.all("told").map(str::to_owned).collect(),
            ring_name: field("ring_name"),
            ring_phone: field("ring_phone"),
            typed: RefuseFilled {
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

    fn given(&self) -> Option<Given> {
        let response = match self.response.as_str() {
            "shared" => Answer::Shared,
            "part" => Answer::Part {
                ground: refusal(&self.typed).ground,
            },
            "ring" => Answer::Ring {
                name: self.ring_name.clone(),
                phone: self.ring_phone.clone(),
            },
            "more-needed" => Answer::MoreNeeded,
            "not-held" => Answer::NotHeld { ask: None },
            "refused" => Answer::Refused(refusal(&self.typed)),
            _ => return None,
        };
        let told = self.told.iter();
        Some(Given {
            response,
            text: self.typed.text.clone(),
            told: told.filter_map(|it| Category::from_code(it)).collect(),
            on_behalf_of: None,
        })
    }
}

/// `GET /link/{link}`, where it is for answering.
pub(super) async fn show(app: &App, who: &LetIn) -> Response {
    page(app, who, Filled::default(), Errors::default()).await
}

/// `POST /link/{link}/answer`
pub async fn answer(State(app): State<App>, who: LetIn, form: Form) -> Response {
    if who.visitor.invitation.answers.is_none() {
        return fault(&app, &who.visit, Fault::NotFound);
    }
    let filled = Filled::of(&form);
    let Some(given) = filled.given() else {
        let mut errors = Errors::default();
        errors.add("response", "Say what you answer");
        return page(&app, &who, filled, errors).await;
    };
    let done = async {
        let message = by_link::read(&app.cx, &who.visitor).await?;
        responding::by_link(&app.cx, &who.visitor, &given).await?;
        Ok((message, directory(&app).await?))
    };
    match done.await {
        Ok((message, directory)) => {
            let view = AnsweredPage {
                page: who.page(&app),
                asked_more: given.response == Answer::MoreNeeded,
                from: from(&message, &directory),
                ring: ring(&app, &directory, &who.visitor.invitation),
            };
            html(StatusCode::OK, &view)
        }
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, field_of);
            page(&app, &who, filled, errors).await
        }
        Err(error) => failed(&app, &who.visit, error),
    }
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("told") => "told",
        Some("phone") => "ring_phone",
        Some("ground") => "ground",
        _ => "text",
    }
}

async fn page(app: &App, who: &LetIn, filled: Filled, errors: Errors) -> Response {
    let read = async {
        let message = by_link::read(&app.cx, &who.visitor).await?;
        Ok::<_, Error>((message, directory(app).await?))
    };
    let view = match read.await {
        Ok((message, directory)) => view(app, who, &message, &directory, filled),
        Err(error) => return failed(app, &who.visit, error),
    };
    match view {
        Some(view) => html(errors.status(), &AnswerPage { errors, ..view }),
        None => fault(app, &who.visit, Fault::NotFound),
    }
}

fn view(
    app: &App,
    who: &LetIn,
    message: &Message,
    directory: &Directory,
    filled: Filled,
) -> Option<AnswerPage> {
    let invitation = &who.visitor.invitation;
    let team = &invitation.answers.as_ref()?.team;
    let request = message.request.as_ref()?;
    let mut deliveries = message.deliveries.iter();
    let own: &Delivery = deliveries.find(|one| one.team == *team)?;
    let waits = own.state == Standing::MoreNeeded;
    let more = ASKED.iter().filter(|one| !request.what.contains(one));
    let told: Vec<Category> = request.what.iter().chain(more).copied().collect();
    Some(AnswerPage {
        page: who.page(app),
        address: who.address(),
        visitor: invitation.name.clone(),
        from: from(message, directory),
        team: team_name(directory, team),
        about: message.name.clone(),
        text: paragraphs(&message.text),
        asked: asked(request, directory),
        due: own.due.filter(|_| !waits).map(words::moment),
        waits: waits.then(|| words::moment(own.since)),
        until: words::moment(invitation.ends().0),
        answers: ANSWERS
            .iter()
            .map(|(value, label)| choice(value, label, &filled.response))
            .collect(),
        told: ticked(&told, &filled.told),
        ring_name: filled.ring_name,
        ring_phone: filled.ring_phone,
        grounds: ground_choices("None of these", &filled.typed.ground),
        whole: needs_whole_form(message.purpose),
        filled: filled.typed,
        ring: ring(app, directory, invitation),
        errors: Errors::default(),
    })
}
