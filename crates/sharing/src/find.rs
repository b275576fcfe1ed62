//! Finding a person: a fixed view of who they are, at most twenty, each one told about it.

use std::sync::Arc;

use domain::{Category, PersonId, ResourceId};
use fhir::{Issue, IssueCode};
use policy::{DigestedFacts, Internal, Visibility};
use sha2::{Digest, Sha256};
use store::{
    Change, EntryReceipt, Expect, FindKeys, Found, Snapshot, StoredResource, Subject, SubjectKeys,
    Write,
};

use crate::attempt::{Attempt, until_done};
use crate::contribute::{compact, name_parts};
use crate::disclose::request;
use crate::event::{Event, Operation};
use crate::knowing::knows_patient;
use crate::logged::{met_nobody, organisation_name};
use crate::messages::attempts;
use crate::whose::{Told, Whose};
use crate::{Asking, Context, Error};

/// At most this many people are shown; more means that the question was too wide.
pub const SHOWN: usize = 20;
/// How many may match before the question counts as too wide altogether.
pub(crate) const CANDIDATES: u32 = 200;

/// Whom someone looks for.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// Names in any order; may be empty if an identifier is given.
    pub name: String,
    /// Birth date, `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// An identifier as (system, value); an empty system means any.
    pub identifier: Option<(String, String)>,
}

/// Someone who may be meant: who they are and nothing of their record.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The Patient by which they are shown.
    pub patient: ResourceId,
    /// The fixed demographic view, a FHIR Patient tagged `SUBSETTED`.
    pub view: Vec<u8>,
}

/// What was found.
#[derive(Debug)]
pub struct FoundPeople {
    /// At most [`SHOWN`] people.
    pub people: Vec<Shown>,
    /// There are more: the question should be narrower.
    pub more: bool,
    /// The receipt of the first entry: one for the answer, since a batch tells its size.
    pub receipt: Option<EntryReceipt>,
}

/// Finds people by name and birth date, or by an identifier. Whoever the caller may not know of is
/// as if absent. Each person shown is told in their account; a search that shows nobody is noted
/// in the agency's own chain.
///
/// # Errors
/// [`Error::Invalid`] if too little is given to look for anybody.
pub async fn find(cx: &Context, asking: &Asking, sought: &Sought) -> Result<FoundPeople, Error> {
    let keys = keys(sought)?;
    let operation = cx.draw();
    until_done(|| once(cx, asking, &keys, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    keys: &FindKeys,
    operation: [u8; 16],
) -> Result<FoundPeople, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let (mut met, mut tried) = (Vec::new(), Vec::new());
    for found in snapshot
        .find(Internal::MatchIndex, keys, CANDIDATES)
        .await?
    {
        if let Some(met_one) =
            may_know(cx, snapshot.as_mut(), asking, (keys, found), &mut tried).await?
        {
            met.push(met_one);
        }
    }
    let more = met.len() > SHOWN;
    met.truncate(SHOWN);
    if met.is_empty() {
        let nobody = (Operation::Find, tried);
        met_nobody(cx, snapshot.as_mut(), asking, nobody, operation).await?;
        return Ok(FoundPeople {
            people: Vec::new(),
            more: false,
            receipt: None,
        });
    }
    let shown: Vec<&Met> = met.iter().collect();
    let (mut change, expect) = tell_each(cx, snapshot.as_mut(), asking, &shown, operation).await?;
    change.writes.extend(tried);
    drop(snapshot);
    let committed = cx.store.commit(change, expect).await?;
    let people = met.into_iter().map(|met| met.shown).collect();
    Ok(FoundPeople {
        people,
        more,
        receipt: committed.receipts.into_iter().next(),
    })
}

/// Somebody whom the caller may know of.
pub(crate) struct Met {
    pub(crate) facts: Arc<DigestedFacts>,
    pub(crate) shown: Shown,
    /// The first of the Patients sought that the caller may know of.
    pub(crate) by: ResourceId,
}

impl Met {
    /// Somebody whom a steward is asked about.
    pub(crate) fn of(facts: Arc<DigestedFacts>, shown: Shown) -> Self {
        let by = shown.patient;
        Self { facts, shown, by }
    }
}

/// Whoever was found by these keys, if the caller may know of them.
pub(crate) async fn may_know(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    (keys, found): (&FindKeys, Found),
    tried: &mut Vec<Write>,
) -> Result<Option<Met>, Error> {
    let (person, matched) = (found.person, found.matched);
    let mut by_number = false;
    let mut patients = Vec::with_capacity(matched);
    for (subject, theirs) in found.subjects.into_iter().take(matched) {
        by_number |= has_number(&theirs, keys);
        patients.push(subject.id);
    }
    let met = meet(cx, snapshot, asking, (person, &patients), tried).await?;
    // Names and dates would find out that somebody protected is known here.
    Ok(met.filter(|met| by_number || !met.facts.protected))
}

fn has_number(theirs: &SubjectKeys, keys: &FindKeys) -> bool {
    let mut sought = keys.identifiers.iter();
    sought.any(|(system, value)| {
        let mut known = theirs.identifiers.iter();
        known.any(|(of, number)| number == value && (system.is_empty() || of == system))
    })
}

/// The person whom these Patients are of, if the caller may know of them by one of these. A Patient
/// that is hidden from the caller neither finds the person nor shows them. What is to be told to a
/// privacy officer of the attempt is added to what was tried.
pub(crate) async fn meet(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    (person, patients): (PersonId, &[ResourceId]),
    tried: &mut Vec<Write>,
) -> Result<Option<Met>, Error> {
    let Some(facts) = snapshot.facts(person).await? else {
        return Ok(None);
    };
    let policies = cx.policies.at(snapshot).await?;
    let decision = policy::decide(&request(asking, &facts), &facts, &policies, cx.now());
    if decision.visibility == Visibility::Hidden {
        tried.extend(attempts::looked_for(asking, &decision, person, cx.now()));
        return Ok(None);
    }
    let mut known = Vec::new();
    for subject in snapshot.subjects(person).await? {
        if knows_patient(snapshot, asking, &facts, &decision, subject.id).await? {
            known.push(subject);
        }
    }
    let is_known = |id: &&ResourceId| known.iter().any(|subject| subject.id == **id);
    let Some(by) = patients.iter().find(is_known).copied() else {
        return Ok(None);
    };
    let Some(patient) = shown_by(snapshot, asking, &known).await? else {
        return Ok(None);
    };
    let document =
        fhir::parse(&patient.bytes, &crate::contribute::limits()).map_err(Error::invalid)?;
    let view = match facts.protected {
        true => fhir::redact::summary_without_address(&document),
        false => fhir::redact::summary_of_patient(&document),
    };
    Ok(Some(Met {
        facts,
        shown: Shown {
            patient: patient.id,
            view,
        },
        by,
    }))
}

/// The Patient by which someone is shown: the asking agency's own, else the oldest, of those that
/// the caller may know of.
async fn shown_by(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    known: &[Subject],
) -> Result<Option<StoredResource>, Error> {
    let own = known
        .iter()
        .find(|subject| asking.caller.organisation() == Some(&subject.custodian));
    let Some(subject) = own.or(known.first()) else {
        return Ok(None);
    };
    Ok(snapshot
        .internal_read(Internal::MatchIndex, "Patient", &subject.id)
        .await?)
}

/// One entry in the account of each person shown.
pub(crate) async fn tell_each(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    met: &[&Met],
    operation: [u8; 16],
) -> Result<(Change, Expect), Error> {
    let name = organisation_name(snapshot, asking).await?;
    let mut change = Change::default();
    let mut expect = Expect {
        policy: Some(cx.policies.at(snapshot).await?.hash().to_owned()),
        token: Some(asking.token.clone()),
        worker: asking.caller.worker().cloned(),
        ..Expect::default()
    };
    for one in met {
        let whose = Whose::of(cx, snapshot, &one.facts).await?;
        let mut event = Event::plain(asking, &name, Operation::Find, cx.now());
        policy::Answer::Permit.code().clone_into(&mut event.answer);
        event.released(
            &[Category::Demographics, Category::Contact],
            1,
            Sha256::digest(&one.shown.view).into(),
        );
        let told = whose.tell(cx, &Told::named(&event), operation)?;
        change.entries.extend(told);
        expect.homes.extend(&one.facts.homes);
    }
    Ok((change, expect))
}

/// What to look by. A name alone would be a fishing net.
pub(crate) fn keys(sought: &Sought) -> Result<FindKeys, Error> {
    let identifiers: Vec<(String, String)> = sought
        .identifier
        .iter()
        .map(|(system, value)| (system.clone(), compact(value)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let names: Vec<String> = sought
        .name
        .split_whitespace()
        .flat_map(|part| name_parts(part).pop())
        .collect();
    let enough = !identifiers.is_empty() || (!names.is_empty() && sought.birth_date.is_some());
    if !enough {
        let details = "give an identifier such as the CHI number, or a name and a date of birth";
        return Err(Error::invalid(Issue::error(IssueCode::Required, details)));
    }
    Ok(FindKeys {
        identifiers,
        names,
        birth_date: sought.birth_date.clone(),
    })
}
