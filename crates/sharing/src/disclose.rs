//! Answering a request for someone's record: decide, gather, log, and only then let go.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use domain::message::Way;
use domain::{
    Category, Confidentiality, OrganisationId, Purpose, Relationship, ResourceId, Timestamp,
    calendar,
};
use fhir::search::{OfType, Query, Shape};
use policy::{Decision, DigestedFacts, Facts, Ground, Permit, Request, Visibility, Withheld};
use store::{
    Cursor, Directory, EntryReceipt, HistoryAsk, Page, PageRequest, Snapshot, SortValue,
    StoredResource, Within,
};

use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::held::{Held, Released};
use crate::knowing::knows_patient;
use crate::logged::{Logged, met_nobody, organisation_name};
use crate::messages::{attempts, flag, kept_out, look_up, reassign};
use crate::whose::{About, Whose};
use crate::{Asking, Channel, Context, Error, third_parties};

/// What is asked for.
#[derive(Debug, Clone)]
pub enum Target {
    /// One resource.
    Read {
        /// Its type.
        resource_type: String,
        /// Its id.
        id: ResourceId,
        /// An earlier version, or the current one.
        version: Option<u32>,
        /// How much of it.
        shape: Shape,
    },
    /// The original bytes of one resource, as its contributor sent them.
    Original {
        /// Its type.
        resource_type: String,
        /// Its id.
        id: ResourceId,
    },
    /// One person's resources of some types that match.
    Search {
        /// Any Patient that is the person.
        patient: ResourceId,
        /// Of which types, and what must match.
        query: Query,
        /// Which page.
        page: PageAsk,
    },
    /// The versions of one resource, or of one person's resources of a type, newest first.
    History {
        /// Any Patient that is the person, where a type is meant.
        patient: Option<ResourceId>,
        /// The type.
        resource_type: String,
        /// The resource, where one is meant.
        id: Option<ResourceId>,
        /// Only what was accepted since.
        since: Option<Timestamp>,
        /// Which page.
        page: PageAsk,
    },
    /// One person's whole record.
    Everything {
        /// Any Patient that is the person.
        patient: ResourceId,
        /// These types only; empty means all.
        types: Vec<String>,
        /// Only what is of this time.
        within: Within,
        /// Which page.
        page: PageAsk,
    },
    /// One person's first screen: who they are, what keeps them safe, and what happened, newest
    /// first. Only the last goes on over pages.
    Record {
        /// Any Patient that is the person.
        patient: ResourceId,
        /// Which page of what happened.
        page: PageAsk,
    },
}

impl Target {
    fn operation(&self) -> Operation {
        match self {
            Self::Read { .. } | Self::History { id: Some(_), .. } => Operation::Read,
            Self::Original { .. } => Operation::Original,
            Self::Search { .. } | Self::History { .. } => Operation::Search,
            Self::Everything { .. } | Self::Record { .. } => Operation::Everything,
        }
    }

    /// The Patient by which the caller named the person.
    fn patient(&self) -> Option<ResourceId> {
        match self {
            Self::Read {
                resource_type, id, ..
            }
            | Self::Original { resource_type, id } => (resource_type == "Patient").then_some(*id),
            Self::History {
                resource_type,
                id: Some(id),
                ..
            } => (resource_type == "Patient").then_some(*id),
            Self::History { patient, .. } => *patient,
            Self::Search { patient, .. }
            | Self::Everything { patient, .. }
            | Self::Record { patient, .. } => Some(*patient),
        }
    }

    /// Whether the answer begins with what stands at the head of a record.
    fn shows_flags(&self) -> bool {
        let names_flag = |types: &[String]| types.is_empty() || types.iter().any(|it| it == "Flag");
        match self {
            Self::Record { page, .. } => page.after.is_none(),
            Self::Everything {
                types,
                within,
                page,
                ..
            } => names_flag(types) && *within == Within::default() && page.after.is_none(),
            Self::Search { query, page, .. } => {
                let is_every_flag = |of: &OfType| of.rtype == "Flag" && of.filters.is_empty();
                query.of.iter().any(is_every_flag) && page.after.is_none()
            }
            Self::Read { .. } | Self::Original { .. } | Self::History { .. } => false,
        }
    }

    /// Whether nothing but the number of matches is wanted.
    fn only_counts(&self) -> bool {
        matches!(self, Self::Search { page, .. } if page.limit == 0)
    }

    /// How somebody tried who was refused it.
    fn way(&self, asking: &Asking) -> Way {
        if asking.purpose.is_a(Purpose::Emergency) {
            Way::Emergency
        } else if asking.reason.is_some() {
            Way::Claim
        } else if self.is_one() && !self.names_person() {
            Way::Document
        } else {
            Way::Record
        }
    }

    /// Whether the caller named the person, rather than a resource that may be anybody's.
    fn names_person(&self) -> bool {
        self.patient().is_some()
    }
}

/// Which page of an answer is wanted.
#[derive(Debug, Clone)]
pub struct PageAsk {
    /// At most this many.
    pub limit: u32,
    /// Go on after this place.
    pub after: Option<Mark>,
    /// Whether the total is wanted.
    pub with_total: bool,
}

/// A place in an answer, by the last resource that the caller was given there: it says nothing of
/// what lies hidden between.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The type of that resource.
    pub resource_type: String,
    /// Its id.
    pub id: ResourceId,
    /// What the answer is ordered by, at that place; `None` for the order of arrival.
    pub key: Option<i64>,
    /// What a search was asked to sort by, at that place.
    pub keys: Vec<SortValue>,
}

impl Mark {
    /// Where a page ends, if there is another after it.
    #[must_use]
    pub fn at_end_of(page: &Page) -> Option<Self> {
        let (cursor, last) = page.next.as_ref().zip(page.resources.last())?;
        Some(Self {
            resource_type: last.resource_type.clone(),
            id: last.id,
            key: (cursor.key != cursor.row).then_some(cursor.key),
            keys: cursor.keys.clone(),
        })
    }

    /// The place in the store; `None` if the resource is gone.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the store does not answer.
    pub async fn cursor(&self, snapshot: &mut dyn Snapshot) -> Result<Option<Cursor>, Error> {
        let located = snapshot.locate(&self.resource_type, &self.id).await?;
        Ok(located.map(|located| Cursor {
            key: self.key.unwrap_or(located.row.0),
            row: located.row.0,
            keys: self.keys.clone(),
        }))
    }
}

/// What a caller gets.
#[derive(Debug)]
pub enum Answer {
    /// Something was released; the decision says whether it is all.
    Released(Box<Disclosure>),
    /// Refused or referred, where the caller may know that the person exists.
    Refused(Box<Refusal>),
    /// What was asked for was deleted by its contributor.
    Gone,
    /// Nothing: there is no such thing, or the caller may not know that there is.
    Nothing,
}

/// A disclosure, durable in the person's account before it exists as a value.
#[derive(Debug)]
pub struct Disclosure {
    /// What was released, with the receipt.
    pub released: Released,
    /// Where the next page goes on.
    pub next: Option<Mark>,
    /// How many match in all, within what is open.
    pub total: Option<u64>,
    /// How many of what was released matched; the others go with them because a search asked so.
    pub matched: usize,
    /// The decision.
    pub decision: Decision,
    /// The facts it rested on.
    pub facts: Arc<DigestedFacts>,
    /// Who is involved, as far as this caller may know it; only for a person's first screen.
    pub involved: Vec<Relationship>,
    /// Who decides about what waits for a decision, each once.
    pub deciders: Vec<Decides>,
    /// What it was asked for.
    pub operation: [u8; 16],
}

/// Somebody who decides about what is not shown until then, as they can be rung now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decides {
    /// The agency whose decision it is.
    pub agency: OrganisationId,
    /// Whoever answers for it at this hour.
    pub name: String,
    /// Their number; empty if the directory has none.
    pub phone: String,
    /// By when they answer.
    pub due_at: Timestamp,
    /// What is missing for a decision.
    pub missing: String,
    /// What it is about, each with the ground on which it is not shown meanwhile; empty if it is the
    /// request as such.
    pub about: Vec<(Category, Ground)>,
}

/// A refusal or referral, as accountable as a disclosure.
#[derive(Debug)]
pub struct Refusal {
    /// The decision.
    pub decision: Decision,
    /// The receipt of its entry.
    pub receipt: EntryReceipt,
    /// Who decides what is referred, as they can be rung now.
    pub decider: Option<Decides>,
}

/// Answers a request for someone's record. The answer is in the person's account, durably, before
/// any byte of it leaves; a refusal likewise.
///
/// `operation` is the id that pages of one search share; `None` begins a new operation.
///
/// # Errors
/// [`Error::Unknown`] if it is not known whether the entry was written: nothing is released.
pub async fn disclose(
    cx: &Context,
    asking: &Asking,
    target: &Target,
    operation: Option<[u8; 16]>,
) -> Result<Answer, Error> {
    let operation = operation.unwrap_or_else(|| cx.draw());
    until_done(|| once(cx, asking, target, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    target: &Target,
    operation: [u8; 16],
) -> Result<Answer, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let Some(facts) = facts_of(snapshot.as_mut(), target).await? else {
        let nobody = (target.operation(), Vec::new());
        met_nobody(cx, snapshot.as_mut(), asking, nobody, operation).await?;
        return Ok(Answer::Nothing);
    };

    let now = cx.now();
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let mut decision = policy::decide(&request(asking, &facts), &facts, &policies, now);
    // What is hidden below forgets why.
    let cause = attempts::cause(&decision);
    if let Some(patient) = target.patient()
        && !knows_patient(snapshot.as_mut(), asking, &facts, &decision, patient).await?
    {
        decision.hide();
    }
    let permit = decision.permit.take();
    let mut gathered = match &permit {
        Some(permit) => gather(snapshot.as_mut(), asking, &facts, permit, target).await?,
        None => Gathered::default(),
    };
    let raised = match &permit {
        Some(permit) if target.shows_flags() => {
            flag::flags(cx, snapshot.as_mut(), asking, &facts, permit).await?
        }
        _ => Vec::new(),
    };
    let mut flags: Vec<StoredResource> = raised.iter().map(|(flag, _)| flag.clone()).collect();
    if permit.is_some() && target.shows_flags() {
        flags.extend(kept_out::flags(cx, snapshot.as_mut(), asking, &facts).await?);
    }
    let has_flags = !flags.is_empty();
    gathered.add(flags, target.only_counts());

    let missed = target.is_one() && gathered.resources.is_empty();
    if missed && !gathered.gone && asking.caller.worker().is_none() {
        // In their own account it would show that there is something which they may not see.
        return Ok(Answer::Nothing);
    }
    let held = Held::new(gathered.resources);
    let mut event = Event::of(
        asking,
        &organisation_name(snapshot.as_mut(), asking).await?,
        target.operation(),
        &decision,
        now,
    );
    let mut what = categories(&facts, held.resources());
    if has_flags && !what.contains(&Category::Alerts) {
        what.push(Category::Alerts);
    }
    event.released(&what, held.resources().len(), held.content());
    if missed && decision.answer.shares() {
        event.refused(Ground::MoreThanNecessary);
    }

    let mut logged = Logged::about(
        cx,
        snapshot.as_mut(),
        asking,
        &facts,
        &decision,
        (&event, About::Released(held.resources())),
        operation,
    )
    .await?;
    if !raised.is_empty() {
        let whose = Whose::of(cx, snapshot.as_mut(), &facts).await?;
        for (_, message) in &raised {
            let seen = (&decision, message, &whose);
            let notice = look_up::notice(cx, snapshot.as_mut(), asking, seen, operation).await?;
            if let Some((writes, entries)) = notice {
                logged.carry(writes, entries);
            }
        }
    }
    let tried = attempts::refused(
        asking,
        &decision,
        (facts.person, target.way(asking), cause),
        now,
    );
    logged.carry(tried.into_iter().collect(), Vec::new());
    if permit.is_some() {
        let look = reassign::after_a_look(asking, &facts, now);
        logged.carry(look.into_iter().collect(), Vec::new());
    }
    let deciders = deciders(snapshot.as_mut(), &decision, now).await?;
    let sealed = held.under(logged.entry());
    drop(snapshot);
    let receipt = logged.commit(cx).await?;

    if gathered.gone {
        return Ok(Answer::Gone);
    }
    if missed || !decision.answer.shares() {
        return Ok(refusal(target, decision, receipt, deciders));
    }
    let released = sealed
        .release(receipt)
        .map_err(|error| Error::Unavailable(Box::new(error)))?;
    Ok(Answer::Released(Box::new(Disclosure {
        released,
        next: gathered.next,
        total: gathered.total,
        matched: gathered.matched,
        decision,
        facts,
        involved: gathered.involved,
        deciders,
        operation,
    })))
}

/// What the caller may know of a refusal. One who named a resource learns no more than that there
/// is nothing to see: whose it is, and whether it is there, are not said.
fn refusal(
    target: &Target,
    decision: Decision,
    receipt: EntryReceipt,
    deciders: Vec<Decides>,
) -> Answer {
    let may_know = decision.visibility != Visibility::Hidden && target.names_person();
    if may_know && !decision.answer.shares() {
        Answer::Refused(Box::new(Refusal {
            decision,
            receipt,
            decider: deciders.into_iter().next(),
        }))
    } else {
        Answer::Nothing
    }
}

/// Who answers for the agency that a decision refers to, as it can be rung now.
pub(crate) async fn decider(
    snapshot: &mut dyn Snapshot,
    decision: &Decision,
    now: Timestamp,
) -> Result<Option<(String, String)>, Error> {
    let deciders = deciders(snapshot, decision, now).await?;
    Ok(deciders.first().map(Decides::ring))
}

/// Everybody to whom a decision refers a part of what was asked: whoever has the duty, where the agency
/// is shut, else the agency itself.
pub(crate) async fn deciders(
    snapshot: &mut dyn Snapshot,
    decision: &Decision,
    now: Timestamp,
) -> Result<Vec<Decides>, Error> {
    if decision.referral.is_none() {
        return Ok(Vec::new());
    }
    let directory = snapshot.directory().await?;
    let referrals = decision.referral.iter().chain(&decision.other_referrals);
    let named = referrals.map(|referral| {
        let (name, phone) = on_duty(&directory, &referral.decider, now);
        Decides {
            agency: referral.decider.clone(),
            name,
            phone,
            due_at: referral.due_at,
            missing: referral.missing.clone(),
            about: referral.about.clone(),
        }
    });
    Ok(named.collect())
}

/// Whoever answers for an agency at this moment, by name and number.
fn on_duty(directory: &Directory, agency: &OrganisationId, now: Timestamp) -> (String, String) {
    let minute = calendar::minute(now);
    let works = calendar::is_working_day(calendar::local(now).date());
    let mut duties = directory.duties.iter();
    let duty = duties.find(|duty| duty.serves == *agency && (duty.is_on(minute) || !works));
    let known = directory.organisations.get(agency);
    duty.map(|duty| (duty.name.clone(), duty.phone.clone()))
        .or_else(|| known.map(|agency| (agency.name.clone(), agency.phone.clone())))
        .unwrap_or_else(|| (agency.to_string(), String::new()))
}

impl Decides {
    pub(crate) fn ring(&self) -> (String, String) {
        (self.name.clone(), self.phone.clone())
    }

    /// Whether what stays back of this waits for them.
    #[must_use]
    pub fn decides(&self, withheld: &Withheld) -> bool {
        self.agency == withheld.ask && self.about.contains(&(withheld.category, withheld.ground))
    }
}

/// The decision's request for this caller and person.
pub(crate) fn request(asking: &Asking, facts: &Facts) -> Request {
    Request {
        caller: facts.caller(&asking.caller),
        person: facts.person,
        purpose: asking.purpose,
        reason: asking.reason.clone(),
        asks: policy::Asks {
            manner: match asking.channel {
                Channel::Feed => policy::Manner::Feed,
                _ => policy::Manner::View,
            },
            safe_channel: asking.channel == Channel::Safe,
            ..policy::Asks::default()
        },
    }
}

async fn facts_of(
    snapshot: &mut dyn Snapshot,
    target: &Target,
) -> Result<Option<Arc<DigestedFacts>>, Error> {
    let patient = match target {
        Target::Search { patient, .. }
        | Target::Everything { patient, .. }
        | Target::Record { patient, .. } => Some(*patient),
        Target::History {
            patient, id: None, ..
        } => *patient,
        Target::Read {
            resource_type, id, ..
        }
        | Target::History {
            resource_type,
            id: Some(id),
            ..
        }
        | Target::Original { resource_type, id } => snapshot
            .locate(resource_type, id)
            .await?
            .and_then(|located| located.subject),
    };
    let Some(patient) = patient else {
        return Ok(None);
    };
    let Some(person) = snapshot.person_of(&patient).await? else {
        return Ok(None);
    };
    Ok(snapshot.facts(person).await?)
}

/// What was gathered under a permit.
#[derive(Default)]
struct Gathered {
    resources: Vec<StoredResource>,
    next: Option<Mark>,
    total: Option<u64>,
    /// How many of the resources matched; the others go with them.
    matched: usize,
    /// The resource asked for was deleted.
    gone: bool,
    involved: Vec<Relationship>,
}

impl Gathered {
    /// Adds flags that messages in force put on the record; where only their number is wanted, no
    /// more than that.
    /// Flags that the exchange makes are matches, and stand before what goes along with those.
    fn add(&mut self, flags: Vec<StoredResource>, only_counted: bool) {
        let count = flags.len();
        if !only_counted {
            let place = self.matched.min(self.resources.len());
            self.resources.splice(place..place, flags);
            self.matched += count;
        }
        self.total = self.total.map(|total| total + count as u64);
    }
}

impl From<Page> for Gathered {
    fn from(page: Page) -> Self {
        let next = Mark::at_end_of(&page);
        let matched = page.resources.len();
        let mut resources = page.resources;
        resources.extend(page.included);
        Self {
            resources,
            next,
            total: page.total,
            matched,
            gone: false,
            involved: Vec::new(),
        }
    }
}

/// Leaves of each resource the part that was asked for.
///
/// # Errors
/// [`Error::Invalid`] if something stored is not a resource.
pub fn leave_asked<'r>(
    resources: impl IntoIterator<Item = &'r mut StoredResource>,
    shape: &Shape,
) -> Result<(), Error> {
    for resource in resources {
        let part = fhir::redact::shaped(&resource.bytes, shape).map_err(Error::invalid)?;
        if let Cow::Owned(part) = part {
            resource.bytes = part;
        }
    }
    Ok(())
}

async fn gather(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    permit: &Permit,
    target: &Target,
) -> Result<Gathered, Error> {
    let mut gathered = match target {
        Target::Read {
            resource_type,
            id,
            version,
            ..
        } => {
            let found = match version {
                None => snapshot.read(permit, resource_type, id).await?,
                Some(version) => {
                    snapshot
                        .read_version(permit, resource_type, id, *version)
                        .await?
                }
            };
            let gone = found.as_ref().is_some_and(StoredResource::is_deletion);
            Gathered {
                resources: found
                    .into_iter()
                    .filter(|found| !found.is_deletion())
                    .collect(),
                gone,
                ..Gathered::default()
            }
        }
        Target::Original { resource_type, id } => {
            return original(snapshot, asking, permit, resource_type, id).await;
        }
        Target::Search { query, page, .. } => {
            let page = place(snapshot, page).await?;
            snapshot.search(permit, query, &page).await?.into()
        }
        Target::History {
            resource_type,
            id,
            since,
            page,
            ..
        } => {
            let page = place(snapshot, page).await?;
            let ask = HistoryAsk {
                resource_type,
                id: id.as_ref(),
                since: *since,
            };
            snapshot.history(permit, &ask, &page).await?.into()
        }
        Target::Everything {
            types,
            within,
            page,
            ..
        } => {
            let page = place(snapshot, page).await?;
            snapshot
                .everything(permit, &names(types), *within, &page)
                .await?
                .into()
        }
        Target::Record { page, .. } => record(snapshot, facts, permit, page).await?,
    };
    without_others(snapshot, asking, facts, &mut gathered.resources).await?;
    let shape = match target {
        Target::Read { shape, .. } => Some(shape),
        Target::Search { query, .. } => Some(&query.shape),
        _ => None,
    };
    if let Some(shape) = shape {
        leave_asked(&mut gathered.resources, shape)?;
    }
    Ok(gathered)
}

/// Takes the names of other people out of what names them; most resources name nobody.
async fn without_others(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    resources: &mut [StoredResource],
) -> Result<(), Error> {
    if !resources.iter().any(|resource| resource.mentions_others) {
        return Ok(());
    }
    let subjects = snapshot.subjects(facts.person).await?;
    let subjects: BTreeSet<ResourceId> = subjects.into_iter().map(|subject| subject.id).collect();
    for resource in resources {
        third_parties::redact(asking, &subjects, resource)?;
    }
    Ok(())
}

/// What stands at the head of a record.
const HEAD: [&str; 4] = ["Patient", "AllergyIntolerance", "Flag", "RelatedPerson"];
/// More than anybody's head of a record holds.
const LONGEST_HEAD: u32 = 500;
/// What happens to people.
const HAPPENS: [&str; 13] = [
    "Encounter",
    "Condition",
    "Procedure",
    "MedicationRequest",
    "MedicationStatement",
    "Immunization",
    "Observation",
    "DiagnosticReport",
    "DocumentReference",
    "ServiceRequest",
    "DeviceRequest",
    "CarePlan",
    "Communication",
];

async fn record(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    permit: &Permit,
    page: &PageAsk,
) -> Result<Gathered, Error> {
    let whole = PageRequest {
        limit: LONGEST_HEAD,
        after: None,
        with_total: false,
    };
    let head = snapshot
        .everything(permit, &HEAD, Within::default(), &whole)
        .await?;
    let place = place(snapshot, page).await?;
    let mut gathered: Gathered = snapshot.chronology(permit, &HAPPENS, &place).await?.into();
    gathered.resources.splice(0..0, head.resources);
    gathered.matched = gathered.resources.len();
    gathered.involved = involved(snapshot, facts, permit).await?;
    Ok(gathered)
}

/// What can prove that somebody is involved.
const EVENTS: [&str; 6] = [
    "Encounter",
    "EpisodeOfCare",
    "ServiceRequest",
    "CareTeam",
    "Appointment",
    "Patient",
];

/// Relationships are for everyone who may open the record, but for those that tell of care which
/// is closely held: an appointment at a known clinic says what it is about.
pub(crate) async fn involved(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    permit: &Permit,
) -> Result<Vec<Relationship>, Error> {
    let mut shown = Vec::new();
    for relationship in &facts.relationships {
        let Some(evidence) = relationship.evidence else {
            shown.push(relationship.clone());
            continue;
        };
        let mut event = None;
        for resource_type in EVENTS {
            event = snapshot.locate(resource_type, &evidence).await?;
            if event.is_some() {
                break;
            }
        }
        let Some(event) = event else { continue };
        let label = facts.label(event.class);
        let ordinary =
            label.is_some_and(|label| label.confidentiality < Confidentiality::Restricted);
        let locked = permit.mask().without.contains(&evidence);
        if permit.mask().opens(event.class, &evidence) || (ordinary && !locked) {
            shown.push(relationship.clone());
        }
    }
    Ok(shown)
}

/// Turns a mark into the store's place. A mark whose resource is gone starts anew rather than
/// guessing, as a bookmark in a book that was replaced.
async fn place(snapshot: &mut dyn Snapshot, page: &PageAsk) -> Result<PageRequest, Error> {
    let after = match &page.after {
        None => None,
        Some(mark) => mark.cursor(snapshot).await?,
    };
    Ok(PageRequest {
        limit: page.limit,
        after,
        with_total: page.with_total,
    })
}

/// The original goes back to the agency that sent it and to no other: it holds ids and names of
/// others that were resolved or redacted since.
async fn original(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    permit: &Permit,
    resource_type: &str,
    id: &ResourceId,
) -> Result<Gathered, Error> {
    let Some(mut resource) = snapshot.read(permit, resource_type, id).await? else {
        return Ok(Gathered::default());
    };
    if asking.caller.organisation() != Some(&resource.custodian) {
        return Ok(Gathered::default());
    }
    let Some(bytes) = snapshot.original(permit, resource_type, id).await? else {
        return Ok(Gathered::default());
    };
    resource.bytes = bytes;
    Ok(Gathered {
        resources: vec![resource],
        ..Gathered::default()
    })
}

fn names(types: &[String]) -> Vec<&str> {
    types.iter().map(String::as_str).collect()
}

/// The categories of what is released, for the account.
fn categories(facts: &Facts, resources: &[StoredResource]) -> Vec<Category> {
    let classes: BTreeSet<_> = resources.iter().map(|resource| resource.class).collect();
    let labels = classes.into_iter().filter_map(|class| facts.label(class));
    let categories: BTreeSet<Category> = labels
        .flat_map(|label| label.categories.iter().copied())
        .collect();
    categories.into_iter().collect()
}

impl Target {
    fn is_one(&self) -> bool {
        matches!(
            self,
            Self::Read { .. } | Self::Original { .. } | Self::History { id: Some(_), .. }
        )
    }
}

/// The original of a directory or definition resource, which is nobody's record, for the agency
/// that sent it. `None` for anything else.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn directory_original(
    cx: &Context,
    asking: &Asking,
    resource_type: &str,
    id: &ResourceId,
) -> Result<Option<Vec<u8>>, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let located = snapshot.locate(resource_type, id).await?;
    let own = located.is_some_and(|located| {
        located.subject.is_none()
            && !located.deleted
            && asking.caller.organisation() == Some(&located.custodian)
    });
    if !own {
        return Ok(None);
    }
    Ok(snapshot.directory_original(resource_type, id).await?)
}
