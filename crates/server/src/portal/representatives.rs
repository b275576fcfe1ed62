//! Who acts for whom, on what paper: whoever acts gives it here and declares what they believe; the person
//! reads who acts for them.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::authority::AuthorityState;
use domain::message::Claim;
use domain::message::claim::{PAPERS, Shown};
use domain::{Matter, Moment, TeamId};
use fhir::Issue;
use sharing::Error;
use sharing::messages::claim::{
    ActsForYou, Claimed, acts_for_me, claims, declare_belief, one, who_checks,
};
use sharing::messages::family::{Question, Tell, tell};
use store::Directory;

use super::care::{birth_date, find_form};
use super::family::{overdue, stands, with};
use super::form::Form;
use super::front::failed;
use super::messages::{choices, contact, part, said_at, team_name};
use super::record::directory;
use super::render::{DateView, html};
use super::session::SignedIn;
use super::views::{
    ActsForYouView, Choice, ClaimForm, ClaimPage, ClaimRow, Errors, PowerView, RepresentativesPage,
};
use super::words;
use crate::app::App;

/// `GET /me/representatives`
pub async fn start(State(app): State<App>, who: SignedIn) -> Response {
    show(&app, &who, &Form::default(), Errors::default()).await
}

async fn show(app: &App, who: &SignedIn, form: &Form, errors: Errors) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let status = errors.status();
    let view = async {
        let directory = directory(app).await?;
        let theirs = acts_for_me(&app.cx, &who.asking).await?;
        let own = claims(&app.cx, &who.asking).await?;
        Ok(RepresentativesPage {
            page: who.page(app),
            acts_for_you: theirs.iter().map(acts_for_you).collect(),
            claims: own.iter().map(|one| row(one, &directory)).collect(),
            about: find_form(form),
            says_to_be: form.get("says_to_be").to_owned(),
            form: claim_form(form, &directory),
            errors,
        })
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => failed(app, &who.visit, error),
    }
}

fn acts_for_you(one: &ActsForYou) -> ActsForYouView {
    let on_belief = |(matter, state): &(Matter, AuthorityState)| {
        (*state == AuthorityState::OnBelief).then(|| matter.words())
    };
    let believed: Vec<&str> = one.states.iter().filter_map(on_belief).collect();
    ActsForYouView {
        name: one.name.clone(),
        by: one.authority.kind.words().to_owned(),
        powers: powers(&one.states),
        checked: one.checked.as_ref().map(|(name, at)| {
            let day = DateView::day(words::local(*at).date()).full;
            format!("{name} checked it on {day}")
        }),
        believed: believed.join(", "),
    }
}

fn powers(states: &[(Matter, AuthorityState)]) -> Vec<PowerView> {
    let view = |(matter, state): &(Matter, AuthorityState)| PowerView {
        what: words::capital(matter.words()),
        state: words::capital(state.words()),
        holds: state.is_in_force(),
    };
    states.iter().map(view).collect()
}

fn row(claimed: &Claimed, directory: &Directory) -> ClaimRow {
    let message = &claimed.written.message;
    let team = with(&claimed.written).map(|one| team_name(directory, &one.team));
    ClaimRow {
        message: message.id.to_string(),
        about: message.name.clone(),
        by: kind_words(claimed).to_owned(),
        team: team.unwrap_or_default(),
        state: match (checked(claimed), &claimed.authority) {
            (None, _) => stands(&claimed.written),
            (Some(_), Some(_)) => "accepted".to_owned(),
            (Some(it), None) if it.accepted().is_empty() => "not accepted".to_owned(),
            (Some(_), None) => "taken back".to_owned(),
        },
        at: words::moment(message.at),
    }
}

fn claim(claimed: &Claimed) -> Option<&Claim> {
    let word = claimed.written.message.family.as_ref()?;
    word.claim.as_deref()
}

fn checked(claimed: &Claimed) -> Option<&domain::message::Checked> {
    claim(claimed)?.checked.as_ref()
}

fn kind_words(claimed: &Claimed) -> &'static str {
    claim(claimed).map_or("", |claim| claim.kind.words())
}

fn claim_form(form: &Form, directory: &Directory) -> ClaimForm {
    let kinds = PAPERS.iter().map(|kind| Choice {
        value: kind.code().to_owned(),
        label: words::capital(kind.words()),
        hint: None,
        chosen: form.get("kind") == kind.code(),
    });
    let ticked: Vec<&str> = form.all("power").collect();
    let powers = Matter::SINGLE.iter().map(|matter| Choice {
        value: matter.code().to_owned(),
        label: words::capital(matter.words()),
        hint: None,
        chosen: ticked.contains(&matter.code()),
    });
    let shown = [
        (Shown::Post, "I send it by post"),
        (Shown::Bring, "I bring it"),
        (Shown::Seen, "They have seen it already"),
    ];
    let shown = shown.into_iter().map(|(how, label)| Choice {
        value: how.code().to_owned(),
        label: label.to_owned(),
        hint: None,
        chosen: form.get("shown") == how.code(),
    });
    let teams: Vec<TeamId> = who_checks(directory).into_iter().collect();
    ClaimForm {
        kinds: kinds.collect(),
        number: form.get("number").to_owned(),
        from_day: form.get("from_day").to_owned(),
        from_month: form.get("from_month").to_owned(),
        from_year: form.get("from_year").to_owned(),
        powers: powers.collect(),
        jointly: form.get("jointly") == "yes",
        on_belief: form.get("on_belief") == "yes",
        shown: shown.collect(),
        teams: choices(&teams, directory, &[form.get("to").to_owned()]),
        text: form.get("text").to_owned(),
    }
}

/// `POST /me/representatives`: somebody gives the paper by which they act.
pub async fn give(State(app): State<App>, who: SignedIn, form: Form) -> Response {
    if who.at_work() {
        return Redirect::to("/care").into_response();
    }
    let mut errors = Errors::default();
    let Some(what) = told(&form, &mut errors) else {
        return show(&app, &who, &form, errors).await;
    };
    match tell(&app.cx, &who.asking, &what).await {
        Ok(id) => Redirect::to(&format!("/me/representatives/{id}")).into_response(),
        Err(Error::Invalid(issues)) => show(&app, &who, &form, said_at(&issues, field_of)).await,
        Err(error) => failed(&app, &who.visit, error),
    }
}

/// What the form says, or everything that is wrong with it at once.
fn told(form: &Form, errors: &mut Errors) -> Option<Tell> {
    let about = find_form(form);
    let born = birth_date(&about, errors);
    let question = Question {
        name: about.name.clone(),
        born: born.unwrap_or_default(),
        number: about.chi.clone(),
        says_to_be: form.get("says_to_be").to_owned(),
    };
    if let Err(Error::Invalid(issues)) = question.is_whole() {
        let wrong_date = errors.born().is_some();
        let more = said_at(&issues, field_of).0.into_iter();
        let more = more.filter(|it| !(wrong_date && it.field == "born_day"));
        errors.0.extend(more);
    }
    let kind = PAPERS
        .iter()
        .copied()
        .find(|kind| kind.code() == form.get("kind"));
    if kind.is_none() {
        errors.add("kind", "Choose what your paper makes you");
    }
    let shown = Shown::from_code(form.get("shown"));
    if shown.is_none() {
        errors.add("shown", "Say how they get to see it");
    }
    let from = since(form, errors);
    let (kind, shown) = (kind?, shown?);
    if !errors.is_empty() {
        return None;
    }
    Some(Tell {
        about: question,
        text: form.get("text").to_owned(),
        to: TeamId::new(form.get("to")),
        unnamed: false,
        claim: Some(Claim {
            kind,
            number: form.get("number").to_owned(),
            from,
            powers: form.all("power").filter_map(Matter::from_code).collect(),
            jointly: form.get("jointly") == "yes",
            on_belief: form.get("on_belief") == "yes",
            shown,
            checked: None,
        }),
    })
}

fn since(form: &Form, errors: &mut Errors) -> Option<Moment> {
    let parts = ["from_day", "from_month", "from_year"].map(|part| form.get(part));
    if parts.iter().all(|part| part.is_empty()) {
        return None;
    }
    let [day, month, year] = parts;
    let date = match (day.parse(), month.parse(), year.parse()) {
        (Ok(day), Ok(month), Ok(year)) => jiff::civil::Date::new(year, month, day).ok(),
        _ => None,
    };
    let since = date.and_then(|date| Moment::parse(&date.to_string()));
    if since.is_none() {
        errors.add(
            "from_day",
            "Give a real day, for example 2 3 2019, or leave it out",
        );
    }
    since
}

fn field_of(expression: Option<&str>) -> &'static str {
    match expression {
        Some("name") => "name",
        Some("born") => "born_day",
        Some("says-to-be") => "says_to_be",
        Some("kind") => "kind",
        Some("power") => "power",
        Some("from") => "from_day",
        Some("to") => "to",
        Some("text") => "text",
        _ => "number",
    }
}

/// `GET /me/representatives/{message}`
pub async fn opened(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
) -> Response {
    opened_again(&app, &who, &message, Errors::default()).await
}

async fn opened_again(app: &App, who: &SignedIn, message: &str, errors: Errors) -> Response {
    let status = errors.status();
    let view = async {
        let id = app.cx.ids.ours(message).ok_or(Error::NotFound)?;
        let claimed = one(&app.cx, &who.asking, id).await?;
        let directory = directory(app).await?;
        Ok(view(app, who, &claimed, &directory, errors))
    };
    match view.await {
        Ok(view) => html(status, &view),
        Err(error) => failed(app, &who.visit, error),
    }
}

fn view(
    app: &App,
    who: &SignedIn,
    claimed: &Claimed,
    directory: &Directory,
    errors: Errors,
) -> ClaimPage {
    let written = &claimed.written;
    let row = row(claimed, directory);
    let delivery = with(written);
    let open = checked(claimed).is_none();
    let late = delivery.filter(|one| open && one.is_overdue(app.cx.now()));
    let ring = written.message.ring.iter();
    ClaimPage {
        page: who.page(app),
        row,
        text: part(&written.message, directory).text,
        open,
        due: delivery.and_then(|one| one.due).map(words::moment),
        late: late.map(|one| overdue(one).to_owned()),
        ring: ring.map(|(name, number)| contact(name, number)).collect(),
        replies: written
            .replies
            .iter()
            .map(|one| part(one, directory))
            .collect(),
        powers: powers(&claimed.states),
        beliefs: beliefs(claimed),
        errors,
    }
}

/// Of what the holder can declare what they believe: each power that waits for it or rests on it.
fn beliefs(claimed: &Claimed) -> Vec<Choice> {
    let open = claimed.states.iter().filter(|(_, state)| {
        matches!(
            state,
            AuthorityState::BeliefMissing | AuthorityState::OnBelief
        )
    });
    let choice = |(matter, state): &(Matter, AuthorityState)| Choice {
        value: matter.code().to_owned(),
        label: words::capital(matter.words()),
        hint: None,
        chosen: *state == AuthorityState::OnBelief,
    };
    open.map(choice).collect()
}

/// `POST /me/representatives/{message}/belief`: what the holder believes that the person cannot decide.
pub async fn believe(
    State(app): State<App>,
    who: SignedIn,
    Path(message): Path<String>,
    form: Form,
) -> Response {
    let done = async {
        let id = app.cx.ids.ours(&message).ok_or(Error::NotFound)?;
        let about = form.all("about").map(Matter::from_code);
        let about: Option<_> = about.collect();
        let unknown = || Error::invalid(Issue::required("about", "choose from the list"));
        declare_belief(&app.cx, &who.asking, id, &about.ok_or_else(unknown)?).await
    };
    match done.await {
        Ok(()) => Redirect::to(&format!("/me/representatives/{message}")).into_response(),
        Err(Error::Invalid(issues)) => {
            let errors = said_at(&issues, |_| "about");
            opened_again(&app, &who, &message, errors).await
        }
        Err(error) => failed(&app, &who.visit, error),
    }
}
