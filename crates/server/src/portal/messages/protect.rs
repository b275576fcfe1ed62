//! Raising a child protection message: everything is a tick, nothing is typed.

use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::calendar;
use domain::message::{Kind, Other, Touched};
use domain::{Purpose, ResourceId, TeamId, Timestamp};
use sharing::messages::protection::{Linked, Raise};
use sharing::messages::{self, protection};
use sharing::{Asking, Error};
use store::Directory;

use super::about::{choices, whose};
use super::{nothing, refused, said};
use crate::app::App;
use crate::portal::form::Form;
use crate::portal::record::directory;
use crate::portal::render::html;
use crate::portal::session::SignedIn;
use crate::portal::views::{Choice, Errors, LinkChoice, ProtectionPage};
use crate::portal::{care, looks};

/// For how many working days an account is held before somebody must look again.
const HELD_WORKING_DAYS: u32 = 20;
const HELD_BECAUSE: &str = "telling now would put somebody at risk";

/// `GET /care/people/{person}/protection`
pub async fn ask(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let role = who.asking.caller.role();
    if !role.is_some_and(domain::Role::is_social_work) {
        return nothing(&app, &who);
    }
    let pairs = fhir::search::pairs(query.as_deref().unwrap_or_default());
    let out_of = pairs.into_iter().find(|(name, _)| name == "discussion");
    let out_of = out_of.map(|(_, id)| id).unwrap_or_default();
    let errors = Errors::default();
    show(&app, &who, &headers, &person, (&out_of, errors)).await
}

/// `POST /care/people/{person}/protection`
pub async fn raise(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Response {
    let Some(patient) = app.cx.ids.ours(&person) else {
        return nothing(&app, &who);
    };
    let what = filled(&app, &form);
    let asking = protecting(&app, &who, &headers, &person);
    match protection::raise(&app.cx, &asking, patient, &what).await {
        Ok(sent) => Redirect::to(&format!("/care/inbox/{}", sent.id)).into_response(),
        Err(Error::Invalid(issues)) => {
            let kept = (form.get("discussion"), said(&issues, "to"));
            show(&app, &who, &headers, &person, kept).await
        }
        Err(error) => refused(&app, &who, error),
    }
}

/// Whoever opens this page says by that what it is for.
fn protecting(app: &App, who: &SignedIn, headers: &HeaderMap, person: &str) -> Asking {
    Asking {
        purpose: Purpose::ChildConcern,
        ..care::asking_for(app, who, headers, person)
    }
}

fn filled(app: &App, form: &Form) -> Raise {
    let linked = form.all("linked").filter_map(|chosen| {
        let (kind, person) = chosen.split_once(':')?;
        Some(Linked {
            patient: app.cx.ids.ours(person)?,
            kind: Kind::from_code(kind)?,
            care: None,
        })
    });
    Raise {
        to: form.all("to").map(TeamId::new).collect(),
        answers_for: Some(TeamId::new(form.get("answers_for")))
            .filter(|it| !it.as_str().is_empty()),
        linked: linked.collect(),
        hold: hold(app, form.get("telling")),
        out_of: app.cx.ids.ours(form.get("discussion")),
    }
}

/// Until when accounts do not show it, unless those whom it concerns know.
pub(super) fn hold(app: &App, telling: &str) -> Option<(Timestamp, String)> {
    let until = calendar::working_days_after(app.cx.now(), HELD_WORKING_DAYS);
    (telling != "told").then(|| (until, HELD_BECAUSE.to_owned()))
}

async fn show(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    person: &str,
    (out_of, errors): (&str, Errors),
) -> Response {
    let Some(patient) = app.cx.ids.ours(person) else {
        return nothing(app, who);
    };
    let status = errors.status();
    match view(app, who, headers, (person, patient), errors).await {
        Ok(mut view) => {
            let named = named(app, who, out_of).await;
            let of_late = |one: &LinkChoice| named.iter().all(|it| it.person != one.person);
            view.people.retain(of_late);
            view.people.splice(..0, named);
            let out_of = out_of.to_owned();
            html(status, &ProtectionPage { out_of, ..view })
        }
        Err(error) => refused(app, who, error),
    }
}

/// Whom the discussion that it is raised out of named, and whom the agency that did so knows; nobody where it
/// is not the reader's to open.
async fn named(app: &App, who: &SignedIn, out_of: &str) -> Vec<LinkChoice> {
    let Some(id) = app.cx.ids.ours(out_of) else {
        return Vec::new();
    };
    let opened = messages::open(&app.cx, &who.asking, id).await;
    let discussion = opened.ok().and_then(|opened| opened.message.discussion);
    let others = discussion.map(|it| it.others).unwrap_or_default();
    let choice = |one: Other| {
        Some(LinkChoice {
            person: one.patient?.to_string(),
            name: format!("{}, {}", one.name, one.relationship),
            named: match one.is {
                Touched::Child => Kind::LinkedChild.code(),
                Touched::Adult => Kind::LinkedAdult.code(),
            },
        })
    };
    let mut named: Vec<LinkChoice> = others.into_iter().filter_map(choice).collect();
    named.sort_by(|a, b| a.person.cmp(&b.person));
    named.dedup_by(|a, b| a.person == b.person);
    named
}

async fn view(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    (person, patient): (&str, ResourceId),
    errors: Errors,
) -> Result<ProtectionPage, Error> {
    let asking = protecting(app, who, headers, person);
    let operation = looks::going_on(app, headers, &asking, person);
    let banner = whose(app, &asking, person, patient, operation).await?;
    let about = messages::about(&app.cx, &asking, patient).await?;
    let directory = directory(app).await?;
    let all: Vec<String> = about.teams.iter().map(ToString::to_string).collect();
    let people = care::recent(app, headers).into_iter();
    Ok(ProtectionPage {
        page: who.page(app),
        person: banner.ok_or(Error::NotFound)?,
        to: choices(&about.teams, &directory, &all),
        answers_for: answering(&asking, &directory),
        people: people
            .filter(|one| one.person != person)
            .map(|one| LinkChoice {
                person: one.person,
                name: one.name,
                named: "",
            })
            .collect(),
        telling: telling("hold"),
        out_of: String::new(),
        errors,
    })
}

/// The caller's own team, then those of the agencies that it may stand in for.
fn answering(asking: &Asking, directory: &Directory) -> Vec<Choice> {
    let domain::Capacity::Worker {
        team: Some(team),
        organisation,
        ..
    } = &asking.caller.capacity
    else {
        return Vec::new();
    };
    let serves: Vec<_> = directory
        .duties
        .iter()
        .filter(|duty| duty.team == *team)
        .map(|duty| &duty.serves)
        .collect();
    let mut teams = vec![team.clone()];
    teams.extend(
        directory
            .teams
            .values()
            .filter(|one| one.organisation == *organisation || serves.contains(&&one.organisation))
            .filter(|one| one.id != *team)
            .map(|one| one.id.clone()),
    );
    choices(&teams, directory, &[team.to_string()])
}

/// Whether people know, with what was chosen.
pub(super) fn telling(chosen: &str) -> Vec<Choice> {
    let choice = |value: &str, label: &str, hint: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: Some(hint.to_owned()),
        chosen: value == chosen,
    };
    vec![
        choice(
            "hold",
            "Not yet: telling now would put somebody at risk",
            "Their accounts show it after 20 working days, or when you say that they were told",
        ),
        choice(
            "told",
            "They know, or are told now",
            "Their accounts show it at once",
        ),
    ]
}
