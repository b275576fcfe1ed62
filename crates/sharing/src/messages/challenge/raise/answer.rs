//! What a team answered to a request, challenged by the team that asked.

use domain::message::challenge::{Standing, TookPart};
use domain::message::{Challenged, Challenger, Delivery, Kind, Message, Response};
use domain::{OrganisationId, ResourceId, TeamId};
use fhir::Issue;
use policy::Ground;
use store::Directory;

use super::{Raising, Subject};
use crate::attempt::{Attempt, until_done};
use crate::messages::challenge::Raise;
use crate::messages::flag::day;
use crate::messages::read::{in_hand, speaks_for_sender};
use crate::messages::send::{blank, codes, named, not_now};
use crate::{Asking, Context, Error};

/// Challenges what a team answered to a request of the caller's team: that it refused, or gave part. One
/// tap, if one team did.
///
/// # Errors
/// [`Error::NotFound`] if it is no request of theirs; [`Error::Invalid`] if nothing was refused, if that is
/// challenged already ([`IssueCode::Duplicate`] names the open one), or if nobody there could look again.
pub async fn of_answer(
    cx: &Context,
    asking: &Asking,
    (request, team): (ResourceId, Option<&TeamId>),
    raise: &Raise,
) -> Result<ResourceId, Error> {
    let operation = cx.draw();
    until_done(|| answer_once(cx, asking, (request, team), raise, operation)).await
}

async fn answer_once(
    cx: &Context,
    asking: &Asking,
    (request, team): (ResourceId, Option<&TeamId>),
    raise: &Raise,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let (snapshot, directory, own, found) = in_hand(cx, asking, request).await?;
    if found.message.request.is_none() || !speaks_for_sender(&found.message, &own) {
        return Err(Error::NotFound.into());
    }
    let (patient, name) = (found.message.patient, found.message.name.clone());
    let person = found.facts.person;
    let by = Challenger::Team(found.message.sender.team.clone());
    let place = refused_by(&found.message, team)?;
    let asking = &asking.for_purpose(found.message.purpose);
    let mut message = blank(cx, asking, &directory, patient, person, Kind::Challenge)?;
    message.sender.team.clone_from(&found.message.sender.team);
    message.name = name;
    let subject = of_delivery((found.message, found.version), place, &directory);
    let facts = found.facts;
    let raising = Raising {
        asking,
        facts: &facts,
        directory: &directory,
        by,
        standing: Standing::Asked,
        raise,
    };
    raising
        .file(cx, snapshot, message, subject, operation)
        .await
}

/// The place of the delivery whose answer is challenged: the one that refused or gave part, or that of the
/// team named.
///
/// # Errors
/// [`Error::Invalid`] if nothing was refused, or several teams did and none is named.
pub fn refused_by(message: &Message, team: Option<&TeamId>) -> Result<usize, Error> {
    let places = message.deliveries.iter().enumerate();
    let refused = places.filter(|(_, one)| withholds(one).is_some());
    let chosen: Vec<usize> = refused
        .filter(|(_, one)| team.is_none_or(|team| one.team == *team))
        .map(|(place, _)| place)
        .collect();
    match *chosen {
        [one] => Ok(one),
        [] => Err(not_now(
            "nothing was refused here: a request that nobody answered is overdue, and its managers know",
        )),
        _ => Err(Error::invalid(Issue::required(
            "team",
            "several teams refused: say whose answer you challenge",
        ))),
    }
}

/// The ground on which a delivery was refused or answered in part, while that stands.
pub(super) fn withholds(delivery: &Delivery) -> Option<&str> {
    let given = delivery.response.as_ref()?;
    let ground = match given {
        Response::Part { .. } | Response::Refused(_) => given.ground()?,
        _ => return None,
    };
    let overturned = delivery.no_longer.iter().any(|it| it == ground);
    (!overturned).then_some(ground)
}

pub(super) fn of_delivery(request: (Message, u32), place: usize, directory: &Directory) -> Subject {
    let (message, version) = request;
    let mut subject = Subject {
        of: Challenged::Line,
        line: None,
        said: String::new(),
        what: Vec::new(),
        shared: None,
        took_part: TookPart::default(),
        agency: OrganisationId::new(""),
        pauses: None,
        request: None,
    };
    if let Some(one) = message.deliveries.get(place) {
        let ground = withholds(one).unwrap_or_default().to_owned();
        let team = directory.teams.get(&one.team);
        subject.said = said_of(&message, one, &ground, directory);
        subject.of = Challenged::Answer {
            request: message.id,
            team: one.team.clone(),
            ground,
        };
        subject.took_part = took_part_in(one);
        subject.agency = team.map_or(subject.agency, |team| team.organisation.clone());
    }
    let what = message.request.as_ref().map(|request| &*request.what);
    subject.what = codes(what.unwrap_or_default());
    subject.request = Some((message, version));
    subject
}

fn took_part_in(one: &Delivery) -> TookPart {
    let mut teams = vec![one.team.clone(), one.with.clone()];
    teams.dedup();
    let decider = match &one.response {
        Some(Response::Refused(refusal)) => refusal.decider.clone(),
        _ => None,
    };
    TookPart {
        teams,
        workers: one
            .answered
            .iter()
            .map(|(worker, _)| worker.clone())
            .collect(),
        decider,
    }
}

fn said_of(message: &Message, one: &Delivery, ground: &str, directory: &Directory) -> String {
    let team = named(&one.team, directory).unwrap_or_else(|| one.team.to_string());
    let on = one.answered.as_ref().map_or(one.since, |(_, at)| *at);
    let answered = one.response.as_ref().map_or("", |given| given.words());
    let words = ground_words(ground);
    let what = message.request.iter().flat_map(|request| &request.what);
    let what: Vec<&str> = what.map(|category| category.words()).collect();
    format!(
        "{team} {answered} on {}, because {words} ({ground}). {} had asked for: {}.",
        day(on),
        message.sender.name,
        what.join("; ")
    )
}

pub fn ground_words(code: &str) -> &'static str {
    let mut all = Ground::ALL.iter();
    let ground = all.find(|ground| ground.code() == code);
    ground.map_or("of another ground", |ground| ground.words())
}
