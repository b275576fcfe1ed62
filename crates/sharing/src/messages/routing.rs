//! Where a message goes: to the team if somebody is there, to the desk that stands in for it if it
//! cannot wait, and otherwise to the morning. Never to a shut office.

use domain::message::{Delivery, Harm, Kind, Move, Opening, Rota, Terms, clock::due};
use domain::{TeamId, Timestamp};
use store::Directory;

use domain::calendar;

/// A team's rota, as it said or as is usual for its kind of agency.
pub(super) fn rota(directory: &Directory, team: &TeamId) -> Option<Rota> {
    if let Some(rota) = directory.rotas.get(team) {
        return Some(rota.clone());
    }
    let team = directory.teams.get(team)?;
    let agency = directory.organisations.get(&team.organisation)?;
    Some(Rota::usual(team.id.clone(), agency.kind))
}

/// When somebody of the team is there; a team that the directory forgot is taken for an office.
pub(super) fn opening(directory: &Directory, team: &TeamId) -> Opening {
    rota(directory, team).map_or_else(Opening::office, |rota| rota.opening)
}

/// The move that brings a delivery to whoever has it now; `None` if nobody is there to have it.
pub(super) fn place(
    delivery: &Delivery,
    terms: Terms,
    directory: &Directory,
    now: Timestamp,
) -> Option<Move> {
    let by = |opening| terms.due(now, opening);
    let opening = opening(directory, &delivery.team);
    if opening.is_open(now) {
        return Some(Move::Deliver {
            with: delivery.team.clone(),
            due: by(opening),
        });
    }
    let desk = desk(directory, &delivery.team, now)?;
    let to_desk = terms.harm == Harm::Protection && goes_to_desks(terms.kind);
    to_desk.then(|| Move::Deliver {
        with: desk,
        due: by(Opening::Always),
    })
}

/// What is said of a linked person is for those who look after them: a desk would learn who that is.
/// What a colleague tried is for whoever looks into such things; who is not to look after somebody, for
/// the team that has them.
fn goes_to_desks(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::LinkedChild | Kind::LinkedAdult | Kind::PrivacyAlert | Kind::Unseen | Kind::Reassign
    )
}

/// By when whoever stands next above answers. What goes to both managers stays due when it was: that it is
/// overdue is what they have to see.
pub(super) fn next_due(
    delivery: &Delivery,
    terms: Terms,
    directory: &Directory,
    now: Timestamp,
) -> Timestamp {
    if let Some(due) = delivery.due.filter(|_| terms.goes_to_both_managers()) {
        return due;
    }
    let opening = match terms.harm {
        Harm::Protection => Opening::Always,
        _ => opening(directory, &delivery.team),
    };
    due(terms.clock(), now, opening)
}

/// The desk that stands in for a team's agency at this moment.
pub(super) fn desk(directory: &Directory, team: &TeamId, now: Timestamp) -> Option<TeamId> {
    let agency = &directory.teams.get(team)?.organisation;
    let minute = calendar::minute(now);
    let works = calendar::is_working_day(calendar::local(now).date());
    let desk = directory
        .duties
        .iter()
        .find(|duty| duty.serves == *agency && (duty.is_on(minute) || !works))?;
    (desk.team != *team).then(|| desk.team.clone())
}

/// Whom to ring about what a team answers for: its own number, and the desk's for the night.
pub(super) fn ring(directory: &Directory, team: &TeamId) -> Vec<(String, String)> {
    let Some(found) = directory.teams.get(team) else {
        return Vec::new();
    };
    let mut ring = vec![(found.name.clone(), found.phone.clone())];
    let night = directory
        .duties
        .iter()
        .find(|duty| duty.serves == found.organisation && duty.team != *team);
    if let Some(duty) = night {
        ring.push((format!("at night, {}", duty.name), duty.phone.clone()));
    }
    ring
}
