//! What is delayed, barred and locked about somebody, in words for whoever checks that it may be.

use std::collections::BTreeMap;

use domain::restriction::HoldingGround;
use domain::{Audience, OrganisationId, Timestamp};
use policy::Facts;
use policy::explain::english_list;
use store::Directory;

use crate::spoken;

/// A sentence for each restriction that stands, and one for each agency that locked something.
pub(super) fn in_words(facts: &Facts, directory: &Directory, now: Timestamp) -> Vec<String> {
    let known = &facts.circumstances;
    let delays = known.delays.iter().filter(|it| it.holds(now)).map(|it| {
        let until = spoken::moment(it.opens_at().0);
        let (what, why) = (reach(&it.about), ground(it.ground));
        let told = match it.signalled {
            true => "they know that something is shown later",
            false => "they are not told that it is",
        };
        format!("Delay of {what}: held back from the person until {until}, because {why}; {told}.")
    });
    let bars = known.bars.iter().filter(|it| it.is_live(now)).map(|it| {
        let since = spoken::moment(it.since.0);
        let whom = audiences(&it.against, facts, directory);
        let why = it.ground.map_or("the person asked for it", ground);
        let overdue = match it.is_overdue(now) {
            true => " Its review is overdue.",
            false => "",
        };
        let what = reach(&it.about);
        format!("Bar on {what}: kept from {whom} since {since}, because {why}.{overdue}")
    });
    let named = facts.bars.iter().filter(|it| it.is_live(now)).map(|bar| {
        let since = spoken::moment(bar.since);
        let whom = audience(&Audience::Worker(bar.worker.clone()), facts, directory);
        format!("Bar on everything: kept from {whom} since {since}.")
    });
    delays
        .chain(bars)
        .chain(named)
        .chain(locks(facts, directory))
        .collect()
}

fn locks<'a>(facts: &'a Facts, directory: &'a Directory) -> impl Iterator<Item = String> + 'a {
    let mut of: BTreeMap<&OrganisationId, usize> = BTreeMap::new();
    for lock in &facts.locks {
        *of.entry(&lock.holder).or_default() += 1;
    }
    of.into_iter().map(|(holder, items)| {
        let items = match items {
            1 => "1 item is".to_owned(),
            several => format!("{several} items are"),
        };
        let holder = organisation(holder, directory);
        format!("Lock: {items} open to {holder} alone.")
    })
}

fn reach(about: &domain::reach::Reach) -> String {
    if about.is_everything() {
        return "everything".to_owned();
    }
    let codes = about.categories.iter().map(|it| it.code().to_owned());
    let codes: Vec<String> = codes.collect();
    let what = match codes.is_empty() {
        true => "part of the record".to_owned(),
        false => english_list(&codes),
    };
    match about.items.len() {
        0 => what,
        1 => "a single item".to_owned(),
        several => format!("each of {several} items"),
    }
}

fn audiences(against: &[Audience], facts: &Facts, directory: &Directory) -> String {
    let names: Vec<String> = against
        .iter()
        .map(|one| audience(one, facts, directory))
        .collect();
    names.join(", ")
}

fn audience(one: &Audience, facts: &Facts, directory: &Directory) -> String {
    match one {
        Audience::Everyone => "everybody".to_owned(),
        Audience::Organisation(id) => organisation(id, directory),
        Audience::Kind(kind) => format!("every {}", kind.code()),
        Audience::Worker(id) => directory
            .workers
            .get(id)
            .map_or_else(|| "a member of staff".to_owned(), |it| it.name.clone()),
        Audience::Team(id) => directory
            .teams
            .get(id)
            .map_or_else(|| "a team".to_owned(), |it| it.name.clone()),
        Audience::Role(role) => format!("every {}", role.words()),
        Audience::Party(party) => {
            let mut acting = facts.circumstances.authorities.iter();
            let acts = acting.find(|it| it.holder == *party);
            acts.map_or_else(
                || "somebody close to the person".to_owned(),
                |it| format!("whoever acts as their {}", it.kind.words()),
            )
        }
    }
}

fn organisation(id: &OrganisationId, directory: &Directory) -> String {
    let known = directory.organisations.get(id);
    known.map_or_else(|| id.to_string(), |it| it.name.clone())
}

fn ground(ground: HoldingGround) -> &'static str {
    match ground {
        HoldingGround::SeriousHarmHealth => "it would do serious harm to somebody's health",
        HoldingGround::SeriousHarmSocialWork => "it would do serious harm and hinder social work",
        HoldingGround::ExpressedWish => "the person wished it",
        HoldingGround::ThirdParty => "it is somebody else's information",
        HoldingGround::CrimePrejudice => "it would prejudice preventing or detecting crime",
        HoldingGround::CourtOrStatute => "a court or an enactment orders it",
        HoldingGround::NotAGround => "no ground that the law knows was given",
    }
}
