//! `$match`: who a person is, by all that somebody says of them
//! (<https://hl7.org/fhir/R4/patient-operation-match.html>).

use std::collections::BTreeMap;

use domain::{PersonId, ResourceId};
use fhir::{Document, Issue, IssueCode};
use linkage::{Grade, Record};
use store::{EntryReceipt, Snapshot};

use super::{Likely, Told, describe};
use crate::attempt::{Attempt, until_done};
use crate::event::Operation;
use crate::find::{Met, SHOWN, Shown, meet, tell_each};
use crate::logged::met_nobody;
use crate::{Asking, Context, Error};

/// More than this many are not looked at: the question was too wide.
const CANDIDATES: usize = 100;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// What is said of the person, as a Patient.
    pub patient: &'a Document<'a>,
    /// Only somebody of whom it is certain is wanted.
    pub only_certain: bool,
    /// At most this many; never more than [`SHOWN`].
    pub count: usize,
}

/// Somebody who may be the person.
#[derive(Debug, Clone)]
pub struct MatchedPerson {
    /// Who they are and nothing of their record.
    pub shown: Shown,
    /// How sure it is.
    pub grade: Grade,
    /// The probability, from 0 to 1.
    pub score: f32,
    /// Why, as it may be told.
    pub told: Told,
}

/// Who was found.
#[derive(Debug, Default)]
pub struct Matched {
    /// Surest first.
    pub people: Vec<MatchedPerson>,
    /// There are more than are shown.
    pub more: bool,
    /// Several people are certainly the one, which cannot be: none is shown as certain.
    pub several: bool,
    /// The receipt of the first entry.
    pub receipt: Option<EntryReceipt>,
}

/// Finds whom a Patient describes, among everybody of whom the caller may know. Each person shown is
/// told in their account; a search that shows nobody is noted in the agency's own chain.
///
/// # Errors
/// [`Error::Invalid`] if too little is said to look for anybody, with what is missing.
pub async fn find_match(cx: &Context, asking: &Asking, ask: &Ask<'_>) -> Result<Matched, Error> {
    let record = describe(ask.patient);
    enough(&record)?;
    let operation = cx.draw();
    until_done(|| once(cx, asking, (ask, &record), operation)).await
}

/// Too little to look for anybody is not "nobody found".
fn enough(record: &Record) -> Result<(), Error> {
    let missing = linkage::missing(record);
    if missing.is_empty() {
        return Ok(());
    }
    let issue = |missing: &linkage::Missing| {
        let details = format!("to look for somebody, add {}", missing.reason());
        Issue::error(IssueCode::Required, details)
    };
    Err(Error::Invalid(missing.iter().map(issue).collect()))
}

async fn once(
    cx: &Context,
    asking: &Asking,
    (ask, record): (&Ask<'_>, &Record),
    operation: [u8; 16],
) -> Result<Matched, Attempt> {
    let likely = cx.index.find(record, CANDIDATES).await?;
    // Taken after the search, so that whoever was found is in it.
    let mut snapshot = cx.store.snapshot().await?;
    let (mut met, mut tried) = (Vec::new(), Vec::new());
    for (person, patients) in by_person(snapshot.as_mut(), &likely).await? {
        if met.len() > SHOWN {
            break;
        }
        let ids: Vec<ResourceId> = patients.iter().map(|likely| likely.subject).collect();
        // A weak likeness is nobody's attempt on this person.
        let meant = patients.iter().any(|one| one.grade >= Grade::Probable);
        let mut weak = Vec::new();
        let tried = if meant { &mut tried } else { &mut weak };
        if let Some(known) = meet(cx, snapshot.as_mut(), asking, (person, &ids), tried).await?
            && let Some(likely) = patients.iter().find(|likely| likely.subject == known.by)
        {
            met.push((known, *likely));
        }
    }
    // A Patient of theirs that is hidden may have brought somebody further up.
    met.sort_by(|(_, one), (_, other)| {
        let surer = other.grade.cmp(&one.grade);
        let heavier = other.weight.total_cmp(&one.weight);
        surer.then(heavier).then(one.subject.cmp(&other.subject))
    });
    let mut matched = Matched::default();
    let met = wanted(ask, met, &mut matched);
    if met.is_empty() {
        let nobody = (Operation::Find, tried);
        met_nobody(cx, snapshot.as_mut(), asking, nobody, operation).await?;
        return Ok(matched);
    }
    let people: Vec<&Met> = met.iter().map(|(met, _)| met).collect();
    let (mut change, expect) = tell_each(cx, snapshot.as_mut(), asking, &people, operation).await?;
    change.writes.extend(tried);
    drop(snapshot);
    let told = met.iter().map(|(_, likely)| {
        let explanation = cx.index.explain(record, likely.subject);
        explanation.map(Told::from).ok_or(Attempt::Again)
    });
    let told: Vec<Told> = told.collect::<Result<_, _>>()?;
    let committed = cx.store.commit(change, expect).await?;
    matched.receipt = committed.receipts.into_iter().next();
    let people = met.into_iter().zip(told);
    matched.people = people
        .map(|((met, likely), told)| MatchedPerson {
            shown: met.shown,
            grade: likely.grade,
            score: likely.probability,
            told,
        })
        .collect();
    Ok(matched)
}

/// Whose Patients were found, in the order of the first of each.
async fn by_person(
    snapshot: &mut dyn Snapshot,
    likely: &[Likely],
) -> Result<Vec<(PersonId, Vec<Likely>)>, Error> {
    let mut people: Vec<(PersonId, Vec<Likely>)> = Vec::new();
    let mut places: BTreeMap<PersonId, usize> = BTreeMap::new();
    for one in likely {
        let Some(person) = snapshot.person_of(&one.subject).await? else {
            continue;
        };
        let place = *places.entry(person).or_insert(people.len());
        match people.get_mut(place) {
            Some((_, patients)) => patients.push(*one),
            None => people.push((person, vec![*one])),
        }
    }
    Ok(people)
}

/// What of those met the question asks for.
fn wanted(ask: &Ask<'_>, mut met: Vec<(Met, Likely)>, matched: &mut Matched) -> Vec<(Met, Likely)> {
    if ask.only_certain {
        met.retain(|(_, likely)| likely.grade == Grade::Certain);
        if met.len() > 1 {
            matched.several = true;
            return Vec::new();
        }
    }
    let most = ask.count.min(SHOWN);
    matched.more = met.len() > most;
    met.truncate(most);
    met
}
