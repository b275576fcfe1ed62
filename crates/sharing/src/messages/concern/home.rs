//! The council that looks after an adult is told where another council looks into a concern: the one where
//! the adult is now leads, and both work together (Adult Support and Protection (Scotland) Act 2007 s.5).
//!
//! The exchange tells it, in a message of its own: whoever raised the concern does not learn by it who
//! looks after the adult. It says who leads and whom to ring, and nothing of what was seen.

use domain::message::{Kind, Message};
use domain::{OrganisationId, OrganisationKind, Purpose, Remit, Team, TeamId};
use policy::Facts;
use sha2::{Digest, Sha256};
use store::{Directory, Snapshot};

use crate::messages::outgoing::Outgoing;
use crate::messages::send::{deliver, named, reachable, teams_involved};
use crate::messages::standing::{known_to, of_exchange, told};
use crate::messages::{board, routing};
use crate::whose::Whose;
use crate::{Context, Error};

/// What the council reads when the concern is raised.
pub(super) const RAISED: &str = "is asked to look into it";

/// Tells every council that looks after the adult and was not asked itself what became of the concern.
pub(super) async fn tell(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    outgoing: &mut Outgoing<'_>,
    (concern, known): (&Message, &Facts),
    became: &str,
    directory: &Directory,
) -> Result<(), Error> {
    let whose = Whose::of(cx, snapshot, known).await?;
    for team in teams(cx, concern, known, directory) {
        let Some(known) = known_to(snapshot, known, &team, directory).await? else {
            continue;
        };
        let matter: [u8; 32] = matter(concern, &team, became).finalize().into();
        let id = cx.ids.of_request(&matter, 0, b"");
        if snapshot
            .internal_message(policy::Internal::Messages, &id)
            .await?
            .is_some()
        {
            continue;
        }
        let about = (Kind::Note, Purpose::AdultProtection);
        let mut message = of_exchange(cx, id, about, known, words(concern, became, directory));
        message.held.clone_from(&concern.held);
        message.ring = leads(concern)
            .flat_map(|team| routing::ring(directory, team))
            .collect();
        deliver(cx, &mut message, &team, directory)?;
        let event = told(cx, &message, &team, directory);
        outgoing.tell(&whose, &mut message, &event)?;
        outgoing.write(board::keep(message, 0, directory));
    }
    Ok(())
}

/// The teams that are asked to look into it.
fn leads(concern: &Message) -> impl Iterator<Item = &TeamId> {
    concern.deliveries.iter().map(|one| &one.team)
}

/// Of each council that looks after the adult, and has the concern from nobody, the team for work with
/// adults, else the one that is involved. A council of whom nobody can be reached is left to whoever leads.
fn teams(cx: &Context, concern: &Message, known: &Facts, directory: &Directory) -> Vec<TeamId> {
    let of = |team: &TeamId| directory.teams.get(team).map(|team| &team.organisation);
    let mut have_it: Vec<&OrganisationId> = leads(concern).filter_map(of).collect();
    let is_led = have_it.iter().any(|agency| is_council(agency, directory));
    if !concern.purpose.is_a(Purpose::AdultProtection) || !is_led {
        return Vec::new();
    }
    have_it.push(&concern.sender.organisation);
    let mut told = Vec::new();
    for involved in teams_involved(&known.relationships, directory, cx.now()) {
        let Some(found) = directory.teams.get(&involved) else {
            continue;
        };
        let agency = &found.organisation;
        if !is_council(agency, directory) || have_it.contains(&agency) {
            continue;
        }
        have_it.push(agency);
        let team = of_adults(agency, directory).unwrap_or(&involved);
        if reachable(std::slice::from_ref(team), directory, cx).is_ok() {
            told.push(team.clone());
        }
    }
    told
}

fn is_council(agency: &OrganisationId, directory: &Directory) -> bool {
    let found = directory.organisations.get(agency);
    found.is_some_and(|found| found.kind == OrganisationKind::SocialWork)
}

fn of_adults<'d>(agency: &OrganisationId, directory: &'d Directory) -> Option<&'d TeamId> {
    let is = |team: &&Team| team.organisation == *agency && team.remits.contains(&Remit::Adults);
    directory.teams.values().find(is).map(|team| &team.id)
}

fn matter(concern: &Message, team: &TeamId, became: &str) -> Sha256 {
    let mut matter = Sha256::new_with_prefix(b"home-council/v1");
    matter.update(concern.id.to_string());
    for part in [team.as_str(), became] {
        matter.update((part.len() as u64).to_be_bytes());
        matter.update(part);
    }
    matter
}

fn words(concern: &Message, became: &str, directory: &Directory) -> String {
    let leads: Vec<String> = leads(concern)
        .filter_map(|team| named(team, directory))
        .collect();
    format!(
        "There is a concern that this person may be an adult at risk of harm. {} {became}. You look after this \
         person, so you are told. Ring before you decide anything about them, and say what you know. Do not \
         speak of it to anybody close to them before you have rung.",
        leads.join(" and ")
    )
}
