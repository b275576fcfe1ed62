//! One-sidedness made visible: who was told although somebody with a right to be told, or to be
//! heard, was left out; and what stands in the way of a decision about somebody's life.
//!
//! Care teams that talk to each other raise nothing. Telling a relative without powers needs no
//! signature beforehand; leaving out the one with powers needs an explanation.

use std::collections::BTreeSet;

use domain::arrangement::{DecisionState, LifeDecision, ToldAs};
use domain::authority::{AuthorityKind, TieKind};
use domain::calendar::{working_day_before, working_days_after};
use domain::{Matter, MentalCapacity, Moment, PartyId, Timestamp};
use serde::Serialize;

use crate::Facts;
use crate::decision::Ground;

/// That somebody was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Alarm {
    /// Who was neither told nor heard.
    pub left_out: PartyId,
    /// About which matters.
    pub about: Vec<&'static str>,
    /// What raised it.
    pub because: Vec<String>,
    /// By when the team tells, hears, or records one closed ground; then it goes to the reviewer.
    pub due_at: String,
}

/// What stands in the way of a decision about somebody's life, and who must be heard before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct LifeRuling {
    /// The decision.
    pub name: String,
    /// Whether it may stand as it is, or as it is about to.
    pub allowed: bool,
    /// Why not.
    pub because: Vec<String>,
    /// Who must be invited to be heard.
    pub must_be_heard: Vec<PartyId>,
}

/// Everyone who was left out, one alarm each.
#[must_use]
pub fn alarms(facts: &Facts, now: Timestamp) -> Vec<Alarm> {
    let mut raised: Vec<Raised> = Vec::new();
    for occasion in occasions(facts, now) {
        for party in entitled(facts, occasion.matter, now) {
            if was_told(facts, &party, occasion.matter, now) || party == occasion.told {
                continue;
            }
            match raised.iter_mut().find(|it| it.party == party) {
                Some(alarm) => alarm.add(&occasion),
                None => raised.push(Raised::new(party, &occasion)),
            }
        }
    }
    raised.sort_by(|a, b| a.party.cmp(&b.party));
    raised.into_iter().map(Raised::said).collect()
}

/// The next moment at which somebody may be left out, or no longer be, although nothing new is said:
/// somebody is told or decides then, a power or a finding begins or ends, a child turns sixteen.
/// `None` if time alone changes nothing.
#[must_use]
pub fn next_change(facts: &Facts, now: Timestamp) -> Option<Timestamp> {
    let known = &facts.circumstances;
    if known.told.is_empty() && known.life_decisions.is_empty() {
        return None;
    }
    let told = known.told.iter().map(|it| Some(it.at));
    let decided = known.life_decisions.iter().map(|it| Some(it.at));
    let powers = known.authorities.iter().flat_map(|it| {
        let beliefs = it.beliefs.iter().map(|belief| Some(belief.at));
        let suspended = it
            .suspended
            .iter()
            .flat_map(|one| [Some(one.from), one.until]);
        [
            it.from,
            it.until,
            it.ended,
            it.renewal_lodged,
            it.renewal_decided,
        ]
        .into_iter()
        .chain(beliefs)
        .chain(suspended)
    });
    let found = known.person.capacity.iter();
    let found = found.flat_map(|it| [Some(it.at), it.until]);
    let suspected = known.allegations.iter();
    let suspected = suspected.flat_map(|it| [Some(it.since), it.ended]);
    let written = known.hearings.iter().map(|it| it.rests_until().map(Moment));
    let moments = told
        .chain(decided)
        .chain(written)
        .chain(powers)
        .chain(found)
        .chain(suspected);
    let sixteen = known.person.born.map(|born| born.attains(16));
    moments
        .flatten()
        .map(|moment| moment.0)
        .chain(sixteen)
        .filter(|at| *at > now)
        .min()
}

struct Raised {
    party: PartyId,
    about: BTreeSet<&'static str>,
    because: BTreeSet<String>,
    due: Timestamp,
}

impl Raised {
    fn new(party: PartyId, occasion: &Occasion) -> Self {
        let mut raised = Self {
            party,
            about: BTreeSet::new(),
            because: BTreeSet::new(),
            due: occasion.due,
        };
        raised.add(occasion);
        raised
    }

    fn add(&mut self, occasion: &Occasion) {
        self.about.insert(occasion.matter.code());
        self.because.insert(occasion.because.clone());
        self.due = self.due.min(occasion.due);
    }

    fn said(self) -> Alarm {
        Alarm {
            left_out: self.party,
            about: self.about.into_iter().collect(),
            because: self.because.into_iter().collect(),
            due_at: self.due.to_string(),
        }
    }
}

/// Something that somebody should have been told of.
struct Occasion {
    matter: Matter,
    told: PartyId,
    because: String,
    due: Timestamp,
}

fn occasions(facts: &Facts, now: Timestamp) -> Vec<Occasion> {
    let known = &facts.circumstances;
    let cannot_decide = |matter: Matter| {
        known.person.is_at_least(16, now) == Some(false)
            || known.person.capacity_for(matter, now) != MentalCapacity::Capable
    };
    let told = known.told.iter().filter_map(|told| {
        let who = match told.as_what {
            ToldAs::Relative => "a relative without powers",
            ToldAs::Landlord => "a landlord",
            ToldAs::Solicitor => "a solicitor",
            ToldAs::CareTeam | ToldAs::Informed | ToldAs::Heard => return None,
        };
        let counts = told.at.0 <= now && cannot_decide(told.matter);
        counts.then(|| Occasion {
            matter: told.matter,
            told: told.party.clone(),
            because: format!("{who} was told about {}", told.matter.code()),
            due: working_days_after(told.at.0, 5),
        })
    });
    let decided = known.life_decisions.iter().filter_map(|decision| {
        let counts = cannot_decide(decision.matter) && closed_ground(decision).is_none();
        counts.then(|| Occasion {
            matter: decision.matter,
            told: PartyId::new(""),
            because: format!("the decision `{}`", decision.name),
            due: if now < decision.at.0 {
                working_day_before(decision.at.0)
            } else {
                working_days_after(decision.at.0, 5)
            },
        })
    });
    told.chain(decided).collect()
}

fn closed_ground(decision: &LifeDecision) -> Option<Ground> {
    let given = decision.left_out_on.as_deref()?;
    Ground::ALL
        .iter()
        .copied()
        .find(|ground| ground.code() == given)
}

/// Whoever acts for the person in this matter; where nobody does, the nearest relative and the
/// primary carer, who must be heard.
fn entitled(facts: &Facts, matter: Matter, now: Timestamp) -> BTreeSet<PartyId> {
    let proxies = proxies(facts, matter, now);
    let close = || {
        let ties = facts.circumstances.ties.iter();
        ties.filter(|tie| matches!(tie.kind, TieKind::NearestRelative | TieKind::PrimaryCarer))
            .map(|tie| tie.party.clone())
    };
    let entitled: BTreeSet<_> = if proxies.is_empty() {
        close().collect()
    } else {
        proxies
    };
    // Whoever is suspected of harming the person is not told by default; their view is heard apart.
    entitled
        .into_iter()
        .filter(|party| !is_suspected(facts, party, now))
        .collect()
}

/// Whether somebody is said to harm the person, and that is looked into.
#[must_use]
pub fn is_suspected(facts: &Facts, party: &PartyId, now: Timestamp) -> bool {
    let mut all = facts.circumstances.allegations.iter();
    all.any(|it| it.against == *party && it.is_live(now))
}

fn proxies(facts: &Facts, matter: Matter, now: Timestamp) -> BTreeSet<PartyId> {
    let known = &facts.circumstances;
    let acts = |state: domain::authority::AuthorityState| {
        use domain::authority::AuthorityState::BeliefMissing;
        // A registered power that waits only for the attorney's own word is one to be asked about.
        state.is_in_force() || state == BeliefMissing
    };
    let speaks_only = |kind| matches!(kind, AuthorityKind::Advocate | AuthorityKind::Solicitor);
    known
        .authorities
        .iter()
        .filter(|authority| !speaks_only(authority.kind))
        .filter(|authority| acts(authority.state(matter, &known.person, &known.authorities, now)))
        .map(|authority| authority.holder.clone())
        .collect()
}

/// Whether they were told or heard, or the exchange wrote to them within a working day.
fn was_told(facts: &Facts, party: &PartyId, matter: Matter, now: Timestamp) -> bool {
    if is_written_to(facts, party, matter, now) {
        return true;
    }
    let mut told = facts.circumstances.told.iter();
    told.any(|it| {
        it.party == *party
            && matches!(it.as_what, ToldAs::Informed | ToldAs::Heard)
            && it.matter.covers(matter)
            && it.at.0 <= now
    })
}

fn is_written_to(facts: &Facts, party: &PartyId, matter: Matter, now: Timestamp) -> bool {
    let known = &facts.circumstances;
    let about = |name: &str| {
        let mut all = known.life_decisions.iter();
        all.any(|it| it.name == name && it.matter.covers(matter))
    };
    let mut hearings = known.hearings.iter();
    hearings.any(|it| {
        let waits = it.rests_until().is_some_and(|until| now < until);
        it.party == *party && waits && about(&it.decision)
    })
}

/// Who must be heard about a decision that is still to be made and may be asked without the person's
/// word: not whoever is suspected of harming them, whose view is heard apart. Nobody where the person
/// decides for themself, nor once a closed ground is recorded.
#[must_use]
pub fn to_be_heard(facts: &Facts, decision: &LifeDecision, now: Timestamp) -> Vec<PartyId> {
    let is_open = decision.state != DecisionState::Made && closed_ground(decision).is_none();
    if !is_open || !is_decided_for(facts, decision.matter, now) {
        return Vec::new();
    }
    let mut all = ruling(facts, decision, now).must_be_heard;
    all.retain(|party| !is_suspected(facts, party, now));
    all
}

/// Whether others decide this for the person: a child, somebody found unable to, or somebody for whom
/// another acts in it. Any other adult is presumed to decide for themself, and says who is told.
fn is_decided_for(facts: &Facts, matter: Matter, now: Timestamp) -> bool {
    let person = &facts.circumstances.person;
    let acted_for = || !proxies(facts, matter, now).is_empty();
    match person.capacity_for(matter, now) {
        _ if person.is_at_least(16, now) == Some(false) => true,
        MentalCapacity::Incapable => true,
        MentalCapacity::Unknown => acted_for(),
        MentalCapacity::Capable => false,
    }
}

/// Who is to be heard of whom the exchange has not yet asked, and nobody told, with the decision.
#[must_use]
pub fn to_be_asked(facts: &Facts, now: Timestamp) -> Vec<(&LifeDecision, PartyId)> {
    let known = &facts.circumstances;
    let planned = known
        .life_decisions
        .iter()
        .filter(|it| it.planned_by.is_some());
    let waits = |decision: &LifeDecision, party: &PartyId| {
        let mut hearings = known.hearings.iter();
        !hearings.any(|it| it.decision == decision.name && it.party == *party)
    };
    planned
        .flat_map(|decision| {
            let parties = to_be_heard(facts, decision, now).into_iter();
            parties
                .filter(move |party| waits(decision, party))
                .map(move |party| (decision, party))
        })
        .collect()
}

/// What stands in the way of each decision about the person's life.
#[must_use]
pub fn life_decisions(facts: &Facts, now: Timestamp) -> Vec<LifeRuling> {
    let all = facts.circumstances.life_decisions.iter();
    all.map(|decision| ruling(facts, decision, now)).collect()
}

fn ruling(facts: &Facts, decision: &LifeDecision, now: Timestamp) -> LifeRuling {
    let matter = decision.matter;
    let proxies = proxies(facts, matter, now);
    let mut because = Vec::new();
    if decision.power == "s13za" && !proxies.is_empty() {
        because.push(format!(
            "s.13ZA of the Social Work (Scotland) Act 1968 cannot be used: somebody with power \
             over {} is known (s.13ZA(4))",
            matter.code()
        ));
    }
    let person = &facts.circumstances.person;
    if decision.power == "s13za" && person.capacity_for(matter, now) == MentalCapacity::Capable {
        because.push(format!(
            "s.13ZA of the Social Work (Scotland) Act 1968 cannot be used: the person can decide about \
             {} (s.13ZA(1))",
            matter.code()
        ));
    }
    let acts_for = matches!(decision.power.as_str(), "attorney" | "guardian");
    if acts_for && proxies.is_empty() {
        because.push(format!(
            "nobody is known who has power over {} now",
            matter.code()
        ));
    }
    let is_made = decision.state == DecisionState::Made;
    let unanswered = !decision.unanswered.is_empty();
    if is_made && unanswered && closed_ground(decision).is_none() {
        because.push(
            "it cannot be marked made: a question is not answered by a named person, and no closed \
             ground is recorded"
                .to_owned(),
        );
    }
    let ties = facts.circumstances.ties.iter();
    let close = ties
        .filter(|tie| matches!(tie.kind, TieKind::NearestRelative | TieKind::PrimaryCarer))
        .map(|tie| tie.party.clone());
    let must_be_heard: BTreeSet<_> = proxies.into_iter().chain(close).collect();
    LifeRuling {
        name: decision.name.clone(),
        allowed: because.is_empty(),
        because,
        must_be_heard: must_be_heard.into_iter().collect(),
    }
}
