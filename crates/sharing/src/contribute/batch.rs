//! Several resources at once: a batch entry by entry, a transaction whole or not at all, and an
//! import in large changes.

use std::collections::HashMap;

use fhir::bundle::{Bundle, BundleEntry, BundleKind};
use fhir::{Issue, IssueCode};
use sha2::{Digest, Sha256};

use super::draft::{Draft, Incoming, Method, Stored};
use super::matching::{Met, met};
use super::{Condition, contribute, contribute_matching, limits, not_yours};
use crate::attempt::{Attempt, until_done};
use crate::{Asking, Context, Error};

/// What became of a bundle, entry by entry.
#[derive(Debug)]
pub struct BundleAnswer {
    /// Batch or transaction.
    pub kind: BundleKind,
    /// In the order of the bundle.
    pub entries: Vec<EntryAnswer>,
}

/// What became of one entry.
#[derive(Debug)]
pub enum EntryAnswer {
    /// It was written.
    Stored(Box<Stored>),
    /// It is a read or search, which the caller of this use case answers by [`crate::disclose()`].
    Ask {
        /// The address after the base.
        url: String,
    },
    /// It was not.
    Failed(Error),
}

/// Writes the entries of a batch, each by itself.
///
/// # Errors
/// [`Error::Invalid`] if the bundle itself cannot be read.
pub async fn batch(
    cx: &Context,
    asking: &Asking,
    bundle: &Bundle<'_>,
) -> Result<BundleAnswer, Error> {
    let mut entries = Vec::with_capacity(bundle.entries.len());
    for (place, entry) in bundle.entries.iter().enumerate() {
        entries.push(batch_entry(cx, asking, entry, place).await);
    }
    Ok(BundleAnswer {
        kind: BundleKind::Batch,
        entries,
    })
}

/// Writes the entry that stands at a place of a batch, or says that it asks for something.
pub async fn batch_entry(
    cx: &Context,
    asking: &Asking,
    entry: &BundleEntry<'_>,
    place: usize,
) -> EntryAnswer {
    let asking = for_entry(asking, place);
    match Step::of(entry) {
        Ok(Step::Ask(url)) => EntryAnswer::Ask { url },
        Ok(Step::Write(step)) => {
            let incoming = step.incoming();
            let stored = match &step.condition {
                None => contribute(cx, &asking, &incoming).await,
                Some(condition) => contribute_matching(cx, &asking, &incoming, condition).await,
            };
            match stored {
                Ok(stored) => EntryAnswer::Stored(Box::new(stored)),
                Err(error) => EntryAnswer::Failed(error),
            }
        }
        Err(issue) => EntryAnswer::Failed(Error::invalid(issue)),
    }
}

/// The same caller with a key of its own for each entry: each is an operation by itself.
fn for_entry(asking: &Asking, place: usize) -> Asking {
    let key = asking.idempotency.map(|key| {
        let mut digest = Sha256::new_with_prefix(key);
        digest.update((place as u64).to_be_bytes());
        digest.finalize().into()
    });
    Asking {
        idempotency: key,
        ..asking.clone()
    }
}

/// Writes the entries of a transaction whole or not at all. It may concern one person and any
/// number of directory rows.
///
/// # Errors
/// [`Error::Invalid`] names every entry that cannot be written; then none is.
pub async fn transaction(
    cx: &Context,
    asking: &Asking,
    bundle: &Bundle<'_>,
) -> Result<BundleAnswer, Error> {
    let mut steps = Vec::with_capacity(bundle.entries.len());
    for (place, entry) in bundle.entries.iter().enumerate() {
        match Step::of(entry).map_err(|issue| Error::invalid(in_entry(issue, place)))? {
            Step::Write(step) => steps.push((place, step)),
            Step::Ask(_) => {
                let issue = Issue::error(
                    IssueCode::NotSupported,
                    "a transaction only writes: put reads into a batch",
                );
                return Err(Error::invalid(in_entry(issue, place)));
            }
        }
    }
    let order = order(&steps);
    let stored = until_done(|| whole(cx, asking, &steps, &order)).await?;
    let entries = stored
        .into_iter()
        .map(|stored| EntryAnswer::Stored(Box::new(stored)))
        .collect();
    Ok(BundleAnswer {
        kind: BundleKind::Transaction,
        entries,
    })
}

/// One attempt at a whole transaction; the answers are in the order of the bundle.
async fn whole(
    cx: &Context,
    asking: &Asking,
    steps: &[(usize, WriteStep<'_>)],
    order: &[usize],
) -> Result<Vec<Stored>, Attempt> {
    let mut draft = Draft::begin(cx, asking).await?;
    let reserved = reserve(&mut draft, steps).await?;
    let mut stored: Vec<(usize, Stored)> = Vec::with_capacity(steps.len());
    for at in order {
        let (place, step) = &steps[*at];
        let added = add(&mut draft, step, reserved.get(at)).await;
        stored.push((*at, added.map_err(|error| named(error, *place))?));
    }
    if draft.touched.len() > 1 {
        let details = "a transaction may concern one person: send a batch for several";
        return Err(Error::invalid(Issue::error(IssueCode::BusinessRule, details)).into());
    }
    draft.commit().await?;
    stored.sort_by_key(|(at, _)| *at);
    Ok(stored.into_iter().map(|(_, stored)| stored).collect())
}

/// Writes one entry under the id that was found or reserved for it.
async fn add(
    draft: &mut Draft<'_>,
    step: &WriteStep<'_>,
    met: Option<&Met>,
) -> Result<Stored, Error> {
    let resource_type = fhir::types::of(&step.resource_type).map(|facts| facts.name);
    draft.reserved = None;
    match (met, resource_type) {
        (Some(Met::There(id)), Some(resource_type)) => draft.existing(resource_type, *id).await,
        (Some(Met::Deleted(id)), _) => {
            let id = id.to_string();
            let incoming = Incoming {
                id: Some(&id),
                ..step.incoming()
            };
            draft.add(&incoming).await
        }
        (Some(Met::Written(id)), _) => {
            draft.reserved = *id;
            let incoming = Incoming {
                method: Method::Create,
                ..step.incoming()
            };
            draft.add(&incoming).await
        }
        _ => draft.add(&step.incoming()).await,
    }
}

/// Names the entry that an error is about.
fn named(error: Error, place: usize) -> Error {
    match error {
        Error::Invalid(issues) => Error::Invalid(
            issues
                .into_iter()
                .map(|issue| in_entry(issue, place))
                .collect(),
        ),
        Error::NotFound => Error::invalid(in_entry(not_yours(), place)),
        other => other,
    }
}

/// Writes many resources, each under its contributor's own id, in one durable change; what cannot
/// be written is told by its place and the rest is written all the same.
///
/// # Errors
/// [`Error::Unavailable`] or [`Error::Unknown`] if the change itself fails.
pub async fn import(
    cx: &Context,
    asking: &Asking,
    resources: &[Vec<u8>],
) -> Result<Vec<Result<Stored, Error>>, Error> {
    until_done(|| import_once(cx, asking, resources)).await
}

async fn import_once(
    cx: &Context,
    asking: &Asking,
    resources: &[Vec<u8>],
) -> Result<Vec<Result<Stored, Error>>, Attempt> {
    let mut draft = Draft::begin(cx, asking).await?;
    // Whoever imports has the agency's files in hand, in whosever name each entry was written.
    draft.for_agency = true;
    let mut outcomes = Vec::with_capacity(resources.len());
    for bytes in resources {
        outcomes.push(add_one(&mut draft, bytes).await);
    }
    draft.commit().await?;
    Ok(outcomes)
}

async fn add_one(draft: &mut Draft<'_>, bytes: &[u8]) -> Result<Stored, Error> {
    let (resource_type, id) = {
        let document = fhir::parse(bytes, &limits()).map_err(Error::invalid)?;
        let id = document.id().map(str::to_owned).ok_or_else(|| {
            Error::invalid(Issue::required(
                "id",
                "an imported resource needs its own id, by which a second import finds it",
            ))
        })?;
        (document.resource_type(), id)
    };
    let incoming = Incoming {
        method: Method::Update,
        resource_type,
        id: Some(&id),
        if_match: None,
        bytes,
    };
    draft.add(&incoming).await
}

/// One entry's request, read.
enum Step<'b> {
    Write(WriteStep<'b>),
    Ask(String),
}

struct WriteStep<'b> {
    method: Method,
    resource_type: String,
    id: Option<String>,
    if_match: Option<u32>,
    full_url: Option<String>,
    /// What names the resource where no id does.
    condition: Option<Condition>,
    bytes: &'b [u8],
}

impl<'b> Step<'b> {
    fn of(entry: &BundleEntry<'b>) -> Result<Self, Issue> {
        let request = entry.request.as_ref().ok_or_else(|| {
            Issue::required(
                "Bundle.entry.request",
                "each entry needs a request that says what to do",
            )
        })?;
        if matches!(request.method.as_str(), "GET" | "HEAD") {
            return Ok(Self::Ask(request.url.clone()));
        }
        let (address, query) = match request.url.split_once('?') {
            Some((address, query)) => (address, Some(query)),
            None => (request.url.as_str(), request.if_none_exist.as_deref()),
        };
        let condition = query.map(Condition::read).transpose()?;
        let (resource_type, id) = match address.split_once('/') {
            Some((resource_type, id)) => (resource_type, Some(id.to_owned())),
            None => (address, None),
        };
        let is_named = id.is_some() != condition.is_some();
        let method = match request.method.as_str() {
            "POST" if id.is_none() => Method::Create,
            "PUT" if is_named => Method::Update,
            "DELETE" if is_named => Method::Delete,
            _ => {
                let details = "an entry is POST Type, PUT Type/id, DELETE Type/id, one of the last two with ?identifier=system|value for an id, or GET";
                return Err(Issue::error(IssueCode::NotSupported, details));
            }
        };
        Ok(Self::Write(WriteStep {
            method,
            resource_type: resource_type.to_owned(),
            id,
            if_match: request.if_match,
            full_url: entry.full_url.clone(),
            condition,
            bytes: entry.resource.unwrap_or_default(),
        }))
    }
}

impl WriteStep<'_> {
    fn incoming(&self) -> Incoming<'_> {
        Incoming {
            method: self.method,
            resource_type: &self.resource_type,
            id: self.id.as_deref(),
            if_match: self.if_match,
            bytes: self.bytes,
        }
    }

    /// Directory rows first, then Patients, then what is about them: each may rely on the former.
    fn rank(&self) -> u8 {
        match (self.method, self.resource_type.as_str()) {
            (Method::Delete, _) => 0,
            (_, "Organization" | "Location") => 1,
            (_, "Practitioner") => 2,
            (_, "PractitionerRole" | "HealthcareService" | "Medication") => 3,
            (_, "Patient") => 4,
            (_, "Encounter" | "EpisodeOfCare") => 5,
            _ => 6,
        }
    }
}

fn order(steps: &[(usize, WriteStep<'_>)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by_key(|at| steps[*at].1.rank());
    order
}

/// Says for every entry without an id of its own which it gets, so that others may refer to it by
/// `urn:`, before any is written.
async fn reserve(
    draft: &mut Draft<'_>,
    steps: &[(usize, WriteStep<'_>)],
) -> Result<HashMap<usize, Met>, Error> {
    let mut reserved = HashMap::new();
    for (at, (place, step)) in steps.iter().enumerate() {
        let Some(facts) = fhir::types::of(&step.resource_type) else {
            continue;
        };
        let found = match (&step.condition, &step.id) {
            (Some(condition), _) => {
                let met = met(draft, step.method, facts.name, condition).await;
                Some(met.map_err(|error| named(error, *place))?)
            }
            (None, None) => Some(Met::Written(Some(draft.new_id(step.bytes, at)))),
            (None, Some(_)) => None,
        };
        let id = match (&found, &step.id) {
            (Some(Met::There(id) | Met::Deleted(id) | Met::Written(Some(id))), _) => Some(*id),
            (_, Some(text)) => Some(draft.own_id(facts.name, text)),
            _ => None,
        };
        if let (Some(urn), Some(id)) = (&step.full_url, id) {
            draft.urns.insert(urn.clone(), (facts.name, id));
        }
        reserved.extend(found.map(|found| (at, found)));
    }
    Ok(reserved)
}

fn in_entry(mut issue: Issue, place: usize) -> Issue {
    let at = format!("Bundle.entry[{place}]");
    if issue.expression.is_empty() {
        issue.expression.push(at);
    } else {
        for expression in &mut issue.expression {
            *expression = format!("{at}.resource.{expression}");
        }
    }
    issue
}
