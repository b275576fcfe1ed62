//! Who is involved in someone's care, why, since when, and which number answers now.

use domain::calendar;
use domain::{Duty, Organisation, Relationship, RelationshipKind, Timestamp, WorkerId};
use store::Directory;

/// A worker or team with a live relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Involved {
    /// The worker, where the event names one.
    pub worker: Option<WorkerId>,
    /// The worker's or team's name.
    pub name: String,
    /// What they do, or the kind of involvement of a team.
    pub role: String,
    /// Their agency.
    pub organisation: String,
    /// What proves it.
    pub kind: RelationshipKind,
    /// Since when.
    pub since: Timestamp,
    /// The number that answers now.
    pub phone: String,
    /// The duty that answers in their stead now, by name, if the office is shut.
    pub cover: Option<String>,
}

/// Office hours, in minutes after local midnight, for agencies that a duty stands in for.
const OFFICE_HOURS: std::ops::Range<u16> = 8 * 60 + 45..17 * 60;

/// Everyone with a live relationship, longest involved first, with the number that is answered now.
#[must_use]
pub fn involved(
    relationships: &[Relationship],
    directory: &Directory,
    now: Timestamp,
) -> Vec<Involved> {
    let minute = calendar::minute(now);
    let working_day = calendar::is_working_day(calendar::local(now).date());
    let mut all: Vec<Involved> = relationships
        .iter()
        .filter(|relationship| {
            relationship.is_live(now) && relationship.kind != RelationshipKind::SelfClaimed
        })
        .filter_map(|relationship| one(relationship, directory, minute, working_day))
        .collect();
    all.sort_by(|a, b| {
        (a.since, &a.organisation, &a.name).cmp(&(b.since, &b.organisation, &b.name))
    });
    all.dedup_by(|a, b| a.name == b.name && a.organisation == b.organisation);
    all
}

fn one(
    relationship: &Relationship,
    directory: &Directory,
    minute: u16,
    working_day: bool,
) -> Option<Involved> {
    let organisation = directory.organisations.get(&relationship.organisation)?;
    let worker = relationship
        .worker
        .as_ref()
        .and_then(|id| directory.workers.get(id));
    let team = relationship
        .team
        .as_ref()
        .or_else(|| worker.and_then(|worker| worker.team.as_ref()))
        .and_then(|id| directory.teams.get(id));
    let (name, role) = match (worker, team) {
        (Some(worker), _) => (worker.name.clone(), worker.role.words()),
        (None, Some(team)) => (team.name.clone(), relationship.kind.words().to_owned()),
        (None, None) => (
            organisation.name.clone(),
            relationship.kind.words().to_owned(),
        ),
    };
    let duty = covering(directory, organisation, minute, working_day);
    let phone = duty
        .map(|duty| &duty.phone)
        .or_else(|| worker.map(|worker| &worker.phone))
        .or_else(|| team.map(|team| &team.phone));
    Some(Involved {
        worker: relationship.worker.clone(),
        name,
        role,
        organisation: organisation.name.clone(),
        kind: relationship.kind,
        since: relationship.since,
        phone: phone.unwrap_or(&organisation.phone).clone(),
        cover: duty.map(|duty| duty.name.clone()),
    })
}

/// The duty that answers for an agency now; none while its own office is open.
fn covering<'a>(
    directory: &'a Directory,
    organisation: &Organisation,
    minute: u16,
    working_day: bool,
) -> Option<&'a Duty> {
    if working_day && OFFICE_HOURS.contains(&minute) {
        return None;
    }
    directory
        .duties
        .iter()
        .find(|duty| duty.serves == organisation.id && (duty.is_on(minute) || !working_day))
}

#[cfg(test)]
mod tests {
    use domain::OrganisationKind;

    use super::*;

    #[test]
    fn on_a_bank_holiday_the_duty_desk_answers() {
        let council = Organisation {
            id: "northburn-social-work".into(),
            name: "Northburn Council Social Work".to_owned(),
            kind: OrganisationKind::SocialWork,
            phone: "01632 960 101".to_owned(),
        };
        let desk = Duty {
            serves: council.id.clone(),
            team: "out-of-hours-social-work".into(),
            name: "out-of-hours social work".to_owned(),
            phone: "01632 960 190".to_owned(),
            from_minute: 17 * 60,
            to_minute: 8 * 60 + 45,
        };
        let caseload = Relationship {
            kind: RelationshipKind::Caseload,
            organisation: council.id.clone(),
            team: None,
            worker: None,
            since: Timestamp(0),
            until: None,
            evidence: None,
        };
        let directory = Directory {
            organisations: [(council.id.clone(), council)].into(),
            duties: vec![desk],
            ..Directory::default()
        };
        let rings = |at: &str| {
            let at = Timestamp::parse(at).expect("an instant");
            let all = involved(std::slice::from_ref(&caseload), &directory, at);
            all[0].phone.clone()
        };
        // Monday 3 May 2027 is a bank holiday; Tuesday is not, in or out of hours.
        assert_eq!(rings("2027-05-03T10:00:00+01:00"), "01632 960 190");
        assert_eq!(rings("2027-05-04T10:00:00+01:00"), "01632 960 101");
        assert_eq!(rings("2027-05-04T17:00:00+01:00"), "01632 960 190");
    }
}
