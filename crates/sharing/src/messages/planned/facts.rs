//! What each step changes in what is known, and whether the decision may then stand.

use domain::arrangement::{
    Answered, DecisionState, Hearing, LifeDecision, PlannedBy, Told, ToldAs, View,
};
use domain::{Fact, Moment, PartyId, TeamId, Timestamp, WorkerId};
use fhir::{Issue, IssueCode};
use policy::alarm::{LifeRuling, alarms};
use policy::{Facts, Ground};

use super::{Step, said as words_of};
use crate::Error;
use crate::messages::close::{themself, who};

/// Facts that are kept together: a decision, or what came of hearing one person about it.
pub(in crate::messages) struct Row {
    pub decision: String,
    /// Who was heard; empty for the decision itself.
    pub party: String,
    pub facts: Vec<Fact>,
}

/// The rows that a step writes.
pub(in crate::messages) fn said(
    step: &Step,
    known: &Facts,
    caller: &str,
    now: Timestamp,
) -> Result<Vec<Row>, Error> {
    let now = Moment(now);
    match step {
        Step::Plan {
            decision,
            matter,
            power,
            at,
        } => {
            if planned(known, decision).is_ok() {
                let details = "a decision of this name is on record: choose another name";
                return Err(refused(details, "decision"));
            }
            Ok(vec![of_decision(LifeDecision {
                name: words_of(decision)?,
                matter: *matter,
                state: DecisionState::Planned,
                power: words_of(power)?,
                at: *at,
                unanswered: [].into(),
                left_out_on: None,
                planned_by: None,
            })])
        }
        Step::Told {
            decision, party, ..
        } => {
            let mut hearing = hearing(known, decision, party)?;
            hearing.told = Some(hearing.told.unwrap_or(now));
            rows_of(known, &hearing, None)
        }
        Step::View {
            decision,
            party,
            words,
            asks,
        } => {
            let mut hearing = hearing(known, decision, party)?;
            hearing.view = Some(View {
                at: now,
                words: words_of(words)?,
                asks: *asks,
            });
            // What they say now is new, whatever was answered before.
            hearing.answered = None;
            rows_of(known, &hearing, Some(DecisionState::Heard))
        }
        Step::Answer {
            decision,
            party,
            words,
        } => {
            let mut hearing = hearing(known, decision, party)?;
            if hearing.view.is_none() {
                return Err(refused(
                    "they have said nothing that could be answered",
                    "party",
                ));
            }
            hearing.answered = Some(Answered {
                at: now,
                by: caller.to_owned(),
                words: words_of(words)?,
            });
            rows_of(known, &hearing, None)
        }
        Step::LeaveOut { decision, ground } => {
            if !Ground::ALL.iter().any(|it| it.code() == ground) {
                let details = "somebody is left out on one of the closed grounds, R01 to R20, and on no other";
                return Err(refused(details, "ground"));
            }
            let mut decision = planned(known, decision)?.clone();
            decision.left_out_on = Some(ground.clone());
            Ok(vec![of_decision(decision)])
        }
        Step::Contest { decision } => moved(known, decision, DecisionState::Contested, None),
        Step::Make {
            decision, reasons, ..
        } => {
            words_of(reasons)?;
            moved(known, decision, DecisionState::Made, Some(now))
        }
    }
}

/// Notes with a plan who answers for it.
pub(super) fn planned_by(rows: &mut [Row], by: Option<(&WorkerId, TeamId)>) {
    let by = by.map(|(worker, team)| PlannedBy {
        worker: worker.clone(),
        team,
    });
    for fact in rows.iter_mut().flat_map(|row| &mut row.facts) {
        if let Fact::LifeDecision(decision) = fact {
            decision.planned_by.clone_from(&by);
        }
    }
}

fn refused(details: &str, at: &str) -> Error {
    Error::invalid(Issue::error(IssueCode::BusinessRule, details).at(at))
}

fn planned<'f>(known: &'f Facts, name: &str) -> Result<&'f LifeDecision, Error> {
    let mut all = known.circumstances.life_decisions.iter();
    all.find(|it| it.name == name).ok_or_else(|| {
        let details =
            "no decision of this name is planned: plan it first, or write it as it was planned";
        refused(details, "decision")
    })
}

fn of_decision(decision: LifeDecision) -> Row {
    Row {
        decision: decision.name.clone(),
        party: String::new(),
        facts: vec![Fact::LifeDecision(decision)],
    }
}

fn moved(
    known: &Facts,
    name: &str,
    state: DecisionState,
    at: Option<Moment>,
) -> Result<Vec<Row>, Error> {
    let mut decision = planned(known, name)?.clone();
    decision.state = state;
    decision.at = at.unwrap_or(decision.at);
    Ok(vec![of_decision(decision)])
}

/// What is known of hearing somebody: nothing yet, if they act for the person or are close to them.
fn hearing(known: &Facts, decision: &str, party: &PartyId) -> Result<Hearing, Error> {
    planned(known, decision)?;
    let facts = &known.circumstances;
    let mut hearings = facts.hearings.iter();
    let found = hearings.find(|it| it.decision == decision && it.party == *party);
    if let Some(found) = found {
        return Ok(found.clone());
    }
    let acts = facts.authorities.iter().any(|it| it.holder == *party);
    let acts = acts || *party == themself(known);
    if !acts && !facts.ties.iter().any(|it| it.party == *party) {
        let details = "nobody of this id acts for the person or is close to them: say first what they are to the person";
        return Err(refused(details, "party"));
    }
    Ok(Hearing::of(decision, party))
}

/// A hearing with what the alarm goes by, and the decision with who waits for an answer.
fn rows_of(
    known: &Facts,
    hearing: &Hearing,
    state: Option<DecisionState>,
) -> Result<Vec<Row>, Error> {
    let mut decision = planned(known, &hearing.decision)?.clone();
    if decision.state == DecisionState::Planned {
        decision.state = state.unwrap_or(decision.state);
    }
    if hearing.is_unanswered() {
        decision.unanswered.insert(hearing.party.clone());
    } else {
        decision.unanswered.remove(&hearing.party);
    }
    let told = |as_what, at: Moment| {
        Fact::Told(Told {
            party: hearing.party.clone(),
            as_what,
            matter: decision.matter,
            at,
        })
    };
    let informed = hearing.told.map(|at| told(ToldAs::Informed, at));
    let heard = hearing
        .view
        .as_ref()
        .map(|view| told(ToldAs::Heard, view.at));
    let facts = informed.into_iter().chain(heard);
    let row = Row {
        decision: hearing.decision.clone(),
        party: hearing.party.to_string(),
        facts: facts.chain([Fact::Hearing(hearing.clone())]).collect(),
    };
    Ok(vec![of_decision(decision), row])
}

/// What is known without what was said before about who acts for somebody or is close to them: it is said
/// otherwise, or taken back.
pub(crate) fn without(known: &Facts, before: &[Fact]) -> Facts {
    let mut without = known.clone();
    let facts = &mut without.circumstances;
    for fact in before {
        match fact {
            Fact::Authority(old) => facts.authorities.retain(|it| it != old),
            Fact::Tie(old) => facts.ties.retain(|it| it != old),
            Fact::Capacity(old) => facts.person.capacity.retain(|it| it != old),
            _ => {}
        }
    }
    without
}

/// What is known once these are said; what was said of the same before is replaced.
pub(crate) fn after(known: &Facts, said: impl IntoIterator<Item = Fact>) -> Facts {
    let mut after = known.clone();
    for fact in said {
        let facts = &mut after.circumstances;
        match &fact {
            Fact::LifeDecision(new) => facts.life_decisions.retain(|it| it.name != new.name),
            Fact::Hearing(new) => facts
                .hearings
                .retain(|it| it.decision != new.decision || it.party != new.party),
            _ => {}
        }
        fact.add_to(facts);
    }
    after
}

/// Whether the decision may stand as the step leaves it.
///
/// # Errors
/// [`Error::Invalid`] where the power relied on is excluded; [`Error::NotYet`] where somebody has to be
/// told, heard or answered before it is made.
pub(super) fn may_stand(
    step: &Step,
    after: &Facts,
    ruling: &LifeRuling,
    now: Timestamp,
) -> Result<(), Error> {
    let decision = planned(after, &ruling.name)?;
    let because = |because: &String| Issue::error(IssueCode::BusinessRule, because);
    let before = LifeDecision {
        state: DecisionState::Planned,
        ..decision.clone()
    };
    let as_planned = self::after(after, [Fact::LifeDecision(before)]);
    let excluded = super::ruling(&as_planned, &ruling.name, now)?;
    if matches!(step, Step::Plan { .. } | Step::Make { .. }) && !excluded.allowed {
        return Err(Error::Invalid(
            excluded.because.iter().map(because).collect(),
        ));
    }
    if !matches!(step, Step::Make { .. }) {
        return Ok(());
    }
    let mut first: Vec<Issue> = ruling.because.iter().map(because).collect();
    for party in not_told(after, decision, now) {
        let details = format!(
            "the {} was neither told nor heard: tell them and hear them, or record one closed ground",
            who(after, &party)
        );
        first.push(Issue::error(IssueCode::BusinessRule, &details).at("decision"));
    }
    match first.is_empty() {
        true => Ok(()),
        false => Err(Error::NotYet(first)),
    }
}

/// Who would be left out of this decision, whatever else they are left out of.
fn not_told(facts: &Facts, decision: &LifeDecision, now: Timestamp) -> Vec<PartyId> {
    let mut alone = facts.clone();
    let known = &mut alone.circumstances;
    known.life_decisions.retain(|it| it.name == decision.name);
    known
        .told
        .retain(|it| matches!(it.as_what, ToldAs::Informed | ToldAs::Heard));
    let alarms = alarms(&alone, now).into_iter();
    alarms.map(|alarm| alarm.left_out).collect()
}
