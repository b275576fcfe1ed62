//! Calls and meetings, as operations on Communication: `$call` and `$correct`
//! (docs/reference/http.md).

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::arrangement::ToldAs;
use domain::message::call::Way;
use domain::message::{Fault as Wrong, Identity};
use domain::{Matter, PartyId, TeamId, WorkerId};
use fhir::{Issue, IssueCode};
use serde::de::DeserializeOwned;
use sharing::Error;
use sharing::messages::call::{self, Attended, Correction, Note};

use super::Fault;
use super::caller::Calling;
use super::extract::{Address, Whole};
use super::messages::{Parameters, about_somebody, acting, opened};
use crate::app::App;

/// `POST /fhir/Communication/$call` with Parameters `patient`, `way`, `identity`, `text` (why), `told`
/// (a category; repeated), and, each repeated, `worker`, `team`, `party`, and `relative`, `landlord`,
/// `solicitor` and `other`, which are names, and `person`, who interpreted when the person themself was
/// told, empty for nobody; where there are such `next`, `matter`.
pub async fn note(
    State(app): State<App>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (patient, sent) = about_somebody(&app, &calling, &body).await?;
    let text = |name| sent.first(name).unwrap_or_default().to_owned();
    let what = Note {
        way: coded(&sent, "way", "phone, meeting or letter", Way::from_code)?,
        attended: attended(&sent),
        what: sent.categories("told")?,
        why: text("text"),
        identity: coded(
            &sent,
            "identity",
            "rung-on-record, called-back, met or not-checked",
            Identity::from_code,
        )?,
        next: text("next"),
        matter: sent.first("matter").map(|_| matter(&sent)).transpose()?,
    };
    let noted = call::note(&app.cx, &calling.asking, patient, &what).await?;
    opened(&app, &calling, noted.id, StatusCode::CREATED).await
}

fn attended(sent: &Parameters) -> Vec<Attended> {
    let workers = sent
        .all("worker")
        .map(|id| Attended::Worker(WorkerId::new(id)));
    let teams = sent.all("team").map(|id| Attended::Team(TeamId::new(id)));
    let close = sent
        .all("party")
        .map(|id| Attended::Close(PartyId::new(id)));
    let named = [
        ("relative", Some(ToldAs::Relative)),
        ("landlord", Some(ToldAs::Landlord)),
        ("solicitor", Some(ToldAs::Solicitor)),
        ("other", None),
    ];
    let others = named.into_iter().flat_map(|(parameter, is)| {
        sent.all(parameter).map(move |name| Attended::Other {
            name: name.to_owned(),
            is,
        })
    });
    let themself = sent.all("person").map(Attended::themself);
    let known = workers.chain(teams).chain(close);
    known.chain(others).chain(themself).collect()
}

fn matter(sent: &Parameters) -> Result<Matter, Fault> {
    fn read<T: DeserializeOwned>(code: &str) -> Option<T> {
        serde_json::from_value(code.into()).ok()
    }
    let all = "accommodation, care, treatment, information, contact or finance";
    coded(sent, "matter", all, read)
}

/// A code that has to be there, and to be one of these.
pub(super) fn coded<T>(
    sent: &Parameters,
    name: &str,
    all: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<T, Fault> {
    let code = sent.needed(name)?;
    read(code).ok_or_else(|| {
        let issue = Issue::error(IssueCode::Value, format!("this is {all}")).at(name);
        Error::invalid(issue.found(code)).into()
    })
}

/// `POST /fhir/Communication/{id}/$correct` with Parameters `fault` (`not-so`, `of-another` with the
/// Patient `other`, `to-another`), `text`, and `who` (places on the note from 1; repeated).
pub async fn correct(
    State(app): State<App>,
    Address(id): Address<String>,
    calling: Calling,
    Whole(body): Whole,
) -> Result<Response, Fault> {
    let (id, sent) = acting(&app, &calling, &id, &body)?;
    let other = match sent.first("other") {
        None => None,
        Some(text) => Some(app.cx.ids.ours(text).ok_or_else(Fault::not_found)?),
    };
    let correction = Correction {
        fault: coded(
            &sent,
            "fault",
            "not-so, of-another or to-another",
            Wrong::from_code,
        )?,
        other,
        who: sent
            .all("who")
            .map(|place| place.parse().unwrap_or(0))
            .collect(),
        text: sent.first("text").unwrap_or_default().to_owned(),
    };
    call::correct(&app.cx, &calling.asking, id, &correction).await?;
    opened(&app, &calling, id, StatusCode::OK).await
}
