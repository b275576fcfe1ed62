//! Decisions about somebody's life (where they live, their care, whom they meet, their money): planned,
//! heard and made as records, so that nobody who has a right to be heard learns of one afterwards.
//!
//! Whoever plans one names the power relied on. One that another's power excludes is refused
//! (Social Work (Scotland) Act 1968 s.13ZA(4)). Who must be heard follows from what is known: whoever
//! acts for the person in that matter, their nearest relative and primary carer (Adults with
//! Incapacity (Scotland) Act 2000 s.1(4); Carers (Scotland) Act 2016 s.28). It cannot be made while
//! somebody who acts for them was not told, or what somebody asked is unanswered, unless one closed
//! ground is recorded. Every step stands in the person's account. The exchange asks those who must be
//! heard ([`hearing`](super::hearing)).

pub(super) mod account;
pub(crate) mod facts;

use domain::message::call::Way;
use domain::{Category, Confidentiality, LabelClass, Matter, Moment, PartyId, ResourceId, Role};
use fhir::{Issue, IssueCode};
use policy::alarm::{LifeRuling, life_decisions};
use policy::{Facts, would_open};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{NewFacts, Snapshot, StoredFacts, Write};

use super::alarm::{self, After};
use super::close::{themself, who};
use super::hearing;
use super::outgoing::Outgoing;
use super::own_words;
use super::send::{Known, text_of};
use crate::attempt::{Attempt, until_done};
use crate::contribute::custodian;
use crate::disclose::request;
use crate::logged::organisation_name;
use crate::whose::Whose;
use crate::{Asking, Context, Error};

pub use account::sentence;

/// One step of a decision, as whoever takes it writes it down: `{"plan": {...}}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// It is planned.
    Plan {
        /// Its name, by which the other steps mean it.
        decision: String,
        /// About which matter.
        matter: Matter,
        /// The power relied on: `s13za`, `attorney`, `guardian`, `person` or another in words.
        power: String,
        /// For when.
        at: Moment,
    },
    /// Somebody who is to be heard was told of it, and how to be heard.
    Told {
        /// The decision.
        decision: String,
        /// Who.
        party: PartyId,
        /// How, if it was by word of mouth or in writing.
        #[serde(default)]
        by: Option<Way>,
    },
    /// Somebody said what they think of it.
    View {
        /// The decision.
        decision: String,
        /// Who.
        party: PartyId,
        /// What, in their words.
        words: String,
        /// Whether they asked something that has to be answered.
        #[serde(default)]
        asks: bool,
    },
    /// They were answered, by the caller.
    Answer {
        /// The decision.
        decision: String,
        /// Who was answered.
        party: PartyId,
        /// What, in the caller's words.
        words: String,
    },
    /// Somebody is left out, on one closed ground.
    LeaveOut {
        /// The decision.
        decision: String,
        /// The ground, `R01` to `R20`.
        ground: String,
    },
    /// Somebody contests it.
    Contest {
        /// The decision.
        decision: String,
    },
    /// It is made.
    Make {
        /// The decision.
        decision: String,
        /// Why, for the person to read.
        reasons: String,
        /// When it is looked at again.
        review: Moment,
    },
}

impl Step {
    fn decision(&self) -> &str {
        match self {
            Self::Plan { decision, .. }
            | Self::Told { decision, .. }
            | Self::View { decision, .. }
            | Self::Answer { decision, .. }
            | Self::LeaveOut { decision, .. }
            | Self::Contest { decision }
            | Self::Make { decision, .. } => decision,
        }
    }
}

/// Where a decision stands, for those who may plan or read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Standing {
    /// Its name.
    pub decision: String,
    /// About which matter.
    pub matter: &'static str,
    /// `planned`, `heard`, `contested` or `made`.
    pub state: &'static str,
    /// The power relied on.
    pub power: String,
    /// When it is planned for, or was made.
    pub at: Moment,
    /// What the person said about their life in their own words: it comes first.
    pub own_words: Vec<String>,
    /// Who must be heard, and how far that is.
    pub to_be_heard: Vec<Heard>,
}

/// Somebody who must be heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Heard {
    /// Their id.
    pub party: PartyId,
    /// What they are to the person.
    pub is: &'static str,
    /// When the exchange wrote to them; `None` where it could not, or has not yet.
    pub written: Option<Moment>,
    /// Whether the exchange could not write to them, so that somebody tells them otherwise.
    pub no_page: bool,
    /// When they were told.
    pub told: Option<Moment>,
    /// What they think of it.
    pub view: Option<String>,
    /// Whether they asked something that nobody has answered.
    pub unanswered: bool,
    /// The message that asks them; `None` where none does.
    pub message: Option<ResourceId>,
    /// The one-time link by which they are asked, if one is out.
    pub link: Option<Linked>,
}

/// A one-time link that is out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Linked {
    /// Its id.
    pub id: ResourceId,
    /// To whom it was given.
    pub name: String,
    /// Until when it stands.
    pub until: Moment,
    /// When it was opened.
    pub opened: Option<Moment>,
}

/// Takes a step of a decision about whoever this Patient is, and says where it stands then.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not see plans about the person. [`Error::Invalid`] if it is not
/// theirs to take, or another's power excludes it; [`Error::NotYet`] if somebody has to be told, heard
/// or answered first.
pub async fn step(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    step: &Step,
) -> Result<Standing, Error> {
    let operation = cx.draw();
    until_done(|| step_once(cx, asking, patient, step, operation)).await
}

async fn step_once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    step: &Step,
    operation: [u8; 16],
) -> Result<Standing, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let mut known = reader(cx, snapshot.as_mut(), asking, patient).await?;
    may_decide(asking)?;
    let now = cx.now();
    let mut rows = facts::said(step, &known.facts, &asking.caller.name, now)?;
    if matches!(step, Step::Plan { .. }) {
        let directory = snapshot.directory().await?;
        let by = alarm::team(Some(asking), &known.facts, &directory, now);
        facts::planned_by(&mut rows, asking.caller.worker().zip(by));
    }
    let after = facts::after(&known.facts, rows.iter().flat_map(|row| row.facts.clone()));
    let ruling = ruling(&after, step.decision(), now)?;
    facts::may_stand(step, &after, &ruling, now)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing
        .rest_on(snapshot.as_mut(), &known.facts, &known.decision)
        .await?;
    for row in rows {
        let new = keep(cx, snapshot.as_mut(), asking, patient, (&after, row)).await?;
        outgoing.write(Write::Facts(new));
    }
    let whose = Whose::of(cx, snapshot.as_mut(), &known.facts).await?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let event = account::event(
        asking,
        &agency,
        &known.decision,
        (&after, step, &ruling),
        now,
    );
    outgoing.tell_now(&whose, &event)?;
    let name = known.name.take();
    let told = After {
        patient,
        name: &name,
        facts: &after,
    };
    for write in alarm::tasks(cx, snapshot.as_mut(), asking, &told).await? {
        outgoing.write(write);
    }
    drop(snapshot);
    outgoing.commit().await?;
    Ok(standing(&after, &ruling, now).ok_or(Error::NotFound)?)
}

/// Reads where every decision about somebody stands. That it was read is in their account.
///
/// # Errors
/// [`Error::NotFound`] if the caller may not see plans about the person.
pub async fn read(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
) -> Result<Vec<Standing>, Error> {
    let operation = cx.draw();
    until_done(|| read_once(cx, asking, patient, operation)).await
}

async fn read_once(
    cx: &Context,
    asking: &Asking,
    patient: ResourceId,
    operation: [u8; 16],
) -> Result<Vec<Standing>, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let known = reader(cx, snapshot.as_mut(), asking, patient).await?;
    let now = cx.now();
    let rulings = life_decisions(&known.facts, now);
    let mut all: Vec<Standing> = rulings
        .iter()
        .filter_map(|ruling| standing(&known.facts, ruling, now))
        .collect();
    for one in &mut all {
        for heard in &mut one.to_be_heard {
            let asks = hearing::standing(cx, snapshot.as_mut(), &known.facts, &one.decision, heard);
            (heard.message, heard.link) = asks.await?;
        }
    }
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing
        .rest_on(snapshot.as_mut(), &known.facts, &known.decision)
        .await?;
    let whose = Whose::of(cx, snapshot.as_mut(), &known.facts).await?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    outgoing.tell_now(
        &whose,
        &account::was_read(asking, &agency, &known.decision, &all, now),
    )?;
    drop(snapshot);
    outgoing.commit().await?;
    Ok(all)
}

/// Somebody at work to whom plans about the person are open.
pub(super) async fn reader(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    patient: ResourceId,
) -> Result<Known, Error> {
    if asking.caller.worker().is_none() {
        return Err(Error::NotFound);
    }
    let known = Known::of(cx, snapshot, asking, patient).await?;
    let policies = cx.policies.at(snapshot).await?;
    let plan = LabelClass {
        custodian: custodian(asking),
        author_role: None,
        confidentiality: Confidentiality::Normal,
        categories: [Category::CarePlans].into(),
        sensitivities: [].into(),
    };
    let request = request(asking, &known.facts);
    match would_open(&request, &known.facts, &policies, cx.now(), &plan) {
        true => Ok(known),
        false => Err(Error::NotFound),
    }
}

/// Whether somebody of this role plans and makes decisions about people's lives.
#[must_use]
pub fn decides(role: Role) -> bool {
    role.is_clinical() || role.is_social_work()
}

/// Clinicians and social workers decide, and write down what was said to them.
pub(super) fn may_decide(asking: &Asking) -> Result<(), Error> {
    if asking.caller.role().is_some_and(decides) {
        return Ok(());
    }
    let details =
        "a decision about somebody's life is planned and made by a clinician or a social worker";
    Err(Error::invalid(Issue::error(IssueCode::Forbidden, details)))
}

/// What stands in the way of this decision.
fn ruling(facts: &Facts, decision: &str, now: domain::Timestamp) -> Result<LifeRuling, Error> {
    let mut all = life_decisions(facts, now).into_iter();
    all.find(|ruling| ruling.name == decision).ok_or_else(|| {
        let details =
            "no decision of this name is planned: plan it first, or write it as it was planned";
        Error::invalid(Issue::error(IssueCode::BusinessRule, details).at("decision"))
    })
}

/// The row in which a fact is kept. It stays with the Patient of whom it was first said, and with the
/// agency that said so.
async fn keep(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    patient: ResourceId,
    (facts, row): (&Facts, facts::Row),
) -> Result<NewFacts, Error> {
    let evidence = row_of(cx, facts, &row.decision, &row.party);
    let organisation = custodian(asking);
    let subject = match snapshot.said(&evidence).await? {
        None => patient,
        Some(StoredFacts {
            subject,
            organisation: by,
            ..
        }) if by == organisation => subject,
        Some(_) => {
            let details = "another agency has planned this: ask them, or plan what is yours to decide under another name";
            return Err(Error::invalid(Issue::error(
                IssueCode::BusinessRule,
                details,
            )));
        }
    };
    let worker = asking.caller.worker();
    Ok(NewFacts {
        subject,
        evidence,
        organisation,
        said_by: worker.map_or_else(String::new, ToString::to_string),
        said_at: cx.now(),
        facts: row.facts,
    })
}

/// The id of the row that keeps a decision, or with a party what came of hearing them.
pub(super) fn row_of(cx: &Context, facts: &Facts, decision: &str, party: &str) -> ResourceId {
    let mut key = Sha256::new_with_prefix(b"decision/v1");
    key.update(facts.person.0);
    key.update((decision.len() as u64).to_be_bytes());
    key.update(decision);
    let key: [u8; 32] = key.finalize().into();
    cx.ids.of_request(&key, 0, party.as_bytes())
}

fn standing(facts: &Facts, ruling: &LifeRuling, now: domain::Timestamp) -> Option<Standing> {
    let known = &facts.circumstances;
    let mut all = known.life_decisions.iter();
    let decision = all.find(|it| it.name == ruling.name)?;
    let own = themself(facts);
    // Their own wishes and feelings come first (Adults with Incapacity (Scotland) Act 2000 s.1(4)(a)).
    let all = std::iter::once(&own).chain(&ruling.must_be_heard);
    let to_be_heard = all.map(|party| {
        let mut hearings = known.hearings.iter();
        let hearing = hearings.find(|it| it.decision == decision.name && it.party == *party);
        let written = hearing.and_then(|it| it.written);
        Heard {
            party: party.clone(),
            is: who(facts, party),
            written: written.filter(|it| it.reached).map(|it| it.at),
            no_page: written.is_some_and(|it| !it.reached) && *party != own,
            told: hearing.and_then(|it| it.told),
            view: hearing.and_then(|it| it.view.as_ref().map(|view| view.words.clone())),
            unanswered: hearing.is_some_and(domain::arrangement::Hearing::is_unanswered),
            message: None,
            link: None,
        }
    });
    Some(Standing {
        decision: decision.name.clone(),
        matter: decision.matter.code(),
        state: decision.state.code(),
        power: decision.power.clone(),
        at: decision.at,
        own_words: own_words::sentences(facts, now),
        to_be_heard: to_be_heard.collect(),
    })
}

/// A name, or words, that say something.
fn said(text: &str) -> Result<String, Error> {
    text_of(text)
}
