//! A record's first screen, or the refusal with its reason and what would change it.

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use domain::{Capacity, Purpose, RelationshipKind, ResourceId, Timestamp};
use fhir::patient::Patient;
use sharing::disclose::{Decides, Disclosure, Mark, PageAsk, Refusal};
use sharing::involved::involved;
use sharing::messages::protecting::open_concern;
use sharing::{Answer, Asking, Decision, Facts, Target, disclose};
use store::{Directory, EntryReceipt, StoredResource};

use sha2::{Digest, Sha256};

use super::front::failed;
use super::render::{DateView, Phone, age, html};
use super::session::{SignedIn, seal, unseal};
use super::summary::{self, in_a_line};
use super::views::{
    Alert, Alerts, Allergies, Banner, Chronology, Close, Contact, Event, Ground, Involved,
    NoRecordPage, Notice, Receipt, RecordPage, RefusalOutcome, RefusalPage, Standing, Withheld,
};
use super::{care, looks, words};
use crate::app::App;

const PAGE: u32 = 25;
const OLDER: &str = "candour_older";

/// `GET /care/people/{person}`
pub async fn show(
    State(app): State<App>,
    who: SignedIn,
    Path(person): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(patient) = app.cx.ids.ours(&person) else {
        return no_record(&app, &who);
    };
    let asking = care::asking_for(&app, &who, &headers, &person);
    let before = place(&app, query.as_deref().unwrap_or_default());
    let (operation, after) = match before {
        Some(before) => (Some(before.operation), Some(before.mark())),
        None => (looks::going_on(&app, &headers, &asking, &person), None),
    };
    let page = PageAsk {
        limit: PAGE,
        after,
        with_total: false,
    };
    match disclose(
        &app.cx,
        &asking,
        &Target::Record { patient, page },
        operation,
    )
    .await
    {
        Ok(Answer::Released(disclosure)) => {
            let page = shown(&app, &who, &headers, &person, &asking, &disclosure).await;
            looks::go_on(&app, page, &asking, &person, disclosure.operation)
        }
        Ok(Answer::Refused(refusal)) => match open_concern(&app.cx, &asking).await {
            Ok(concern) => refused(&app, &who, (&person, concern), &refusal),
            Err(error) => failed(&app, &who.visit, error),
        },
        Ok(Answer::Gone | Answer::Nothing) => no_record(&app, &who),
        Err(error) => failed(&app, &who.visit, error),
    }
}

/// The same page whether nobody is there or nobody may be known.
fn no_record(app: &App, who: &SignedIn) -> Response {
    html(
        StatusCode::NOT_FOUND,
        &NoRecordPage {
            page: who.page(app),
        },
    )
}

async fn shown(
    app: &App,
    who: &SignedIn,
    headers: &HeaderMap,
    person: &str,
    asking: &Asking,
    disclosure: &Disclosure,
) -> Response {
    let directory = match directory(app).await {
        Ok(directory) => directory,
        Err(error) => return failed(app, &who.visit, error),
    };
    let resources = disclosure.released.resources();
    let Some(patient) = the_patient(asking, resources) else {
        return no_record(app, who);
    };
    let view = RecordPage {
        page: who.page(app),
        person: banner(app, person, &patient),
        standing: standing(disclosure, asking, app.cx.now()),
        alerts: alerts(&directory, &disclosure.decision, resources),
        involved: involved_now(app, &directory, disclosure),
        close: close(&directory, resources),
        chronology: chronology(app, &directory, person, disclosure),
        withheld: withheld(app, &directory, disclosure),
        notice: notice(app, &disclosure.decision),
        receipt: receipt(disclosure.released.receipt()),
    };
    care::remember(app, headers, html(StatusCode::OK, &view), person, &patient)
}

/// The directory as it is now.
pub async fn directory(app: &App) -> Result<std::sync::Arc<Directory>, sharing::Error> {
    Ok(app.cx.store.snapshot().await?.directory().await?)
}

/// The Patient to show: the asking agency's own, else the first.
pub fn the_patient(asking: &Asking, resources: &[StoredResource]) -> Option<Patient> {
    let patients = || {
        resources
            .iter()
            .filter(|resource| resource.resource_type == "Patient")
    };
    let own = patients().find(|patient| asking.caller.organisation() == Some(&patient.custodian));
    own.or_else(|| patients().next())
        .and_then(|patient| summary::patient(&patient.bytes))
}

/// Who a page is about.
pub fn banner(app: &App, person: &str, patient: &Patient) -> Banner {
    let born = patient.birth_date.as_deref().unwrap_or_default();
    let today = words::local(app.cx.now()).date();
    Banner {
        person: person.to_owned(),
        name: summary::banner(patient),
        preferred: patient
            .names
            .iter()
            .find(|name| name.name_use.as_deref() == Some("nickname"))
            .and_then(|name| name.given.first().cloned()),
        born: DateView::parse(born),
        age: born.parse().ok().and_then(|born| age(born, today)),
        died: match &patient.deceased {
            Some(fhir::patient::Deceased::On(on)) => {
                Some(DateView::day(words::local(Timestamp(on.from_us)).date()))
            }
            Some(fhir::patient::Deceased::Yes) => Some(DateView::not_recorded()),
            _ => None,
        },
        gender: patient
            .gender
            .as_deref()
            .map_or_else(|| "Not known".to_owned(), words::capital),
        chi: summary::chi(patient),
    }
}

fn standing(disclosure: &Disclosure, asking: &Asking, now: Timestamp) -> Standing {
    let decision = &disclosure.decision;
    let because = decision.because.as_ref();
    Standing {
        sentence: because.map_or_else(String::new, |because| {
            let since = because
                .since
                .map_or_else(String::new, |since| since_words(since, now));
            let why = match is_on_own_ward(disclosure, asking, now) {
                true => "the person is a patient on your ward".to_owned(),
                false => sharing::because_to_practitioner(because.code),
            };
            words::capital(&format!("{why}{since}."))
        }),
        purpose: words::capital(asking.purpose.words()),
        basis: decision
            .basis
            .iter()
            .map(|basis| basis.authority.to_owned())
            .collect(),
        emergency: asking.purpose.is_a(domain::Purpose::Emergency),
    }
}

/// Whether what opens the record is an admission to the very team in which the caller works.
fn is_on_own_ward(disclosure: &Disclosure, asking: &Asking, now: Timestamp) -> bool {
    let Capacity::Worker {
        team: Some(own), ..
    } = &asking.caller.capacity
    else {
        return false;
    };
    let because = disclosure.decision.because.as_ref();
    let admitted = because.is_some_and(|it| it.code == RelationshipKind::Admission.code());
    let mut all = disclosure
        .facts
        .relationships
        .iter()
        .filter(|it| it.is_live(now));
    admitted
        && all.any(|it| it.kind == RelationshipKind::Admission && it.team.as_ref() == Some(own))
}

/// " since 09:00 today", or " since 11-May-2026": the hour matters only on the day.
fn since_words(since: Timestamp, now: Timestamp) -> String {
    let (at, today) = (words::moment(since), words::moment(now).date);
    if at.date == today {
        format!(" since {} today", at.time)
    } else {
        format!(" since {}", at.date.short)
    }
}

fn alerts(directory: &Directory, decision: &Decision, resources: &[StoredResource]) -> Alerts {
    let of_type = |wanted: &'static str| {
        resources
            .iter()
            .filter(move |resource| resource.resource_type == wanted)
    };
    let allergies: Vec<String> = of_type("AllergyIntolerance")
        .filter_map(in_a_line)
        .map(|line| line.text)
        .collect();
    let hidden = decision
        .withheld
        .iter()
        .any(|withheld| withheld.category == domain::Category::Allergies);
    let others = of_type("Flag")
        .filter_map(|flag| {
            let line = in_a_line(flag)?;
            let source = organisation_name(directory, flag);
            Some(Alert {
                text: line.text,
                source,
                since: Some(line.on).filter(|on| !on.machine.is_empty()),
            })
        })
        .collect();
    let allergies = match (allergies.is_empty(), hidden) {
        (false, _)
            if allergies
                .iter()
                .all(|text| text.to_lowercase().contains("no known")) =>
        {
            Allergies::NoneKnown
        }
        (false, _) => Allergies::Known(allergies),
        (true, true) => Allergies::Unavailable,
        (true, false) => Allergies::NotRecorded,
    };
    Alerts { allergies, others }
}

/// Family and others close, as each agency wrote them down: who they are, and how to talk with them.
fn close(directory: &Directory, resources: &[StoredResource]) -> Vec<Close> {
    let related = resources
        .iter()
        .filter(|resource| resource.resource_type == "RelatedPerson");
    let all = related.filter_map(|resource| {
        let said = summary::related(&resource.bytes)?;
        Some(Close {
            name: said.name,
            is: words::capital(&said.is),
            languages: said.languages,
            phone: said.phone.as_deref().map(Phone::new),
            source: organisation_name(directory, resource),
        })
    });
    let mut close: Vec<Close> = Vec::new();
    for one in all {
        // Two agencies that wrote the same down are one line with both.
        match close.iter_mut().find(|known| known.is_same(&one)) {
            Some(known) => known.source = format!("{}, {}", known.source, one.source),
            None => close.push(one),
        }
    }
    close
}

fn involved_now(app: &App, directory: &Directory, disclosure: &Disclosure) -> Vec<Involved> {
    let now = app.cx.now();
    involved(&disclosure.involved, directory, now)
        .into_iter()
        .map(|one| Involved {
            key: key(&one),
            role: words::capital(&one.role),
            since: DateView::day(words::local(one.since).date()),
            phone: Some(Phone::new(&one.phone)),
            name: one.name,
            organisation: one.organisation,
            cover: one.cover,
        })
        .collect()
}

/// Somebody involved, as a call note says whom was told.
fn named(one: &sharing::involved::Involved) -> String {
    match one.worker {
        Some(_) => format!("{}, {}, {}", one.name, one.role, one.organisation),
        None => format!("{}, {}", one.name, one.organisation),
    }
}

/// By what a form and an address name them, as the note of a call does: names stay out of a browser's
/// history.
fn key(one: &sharing::involved::Involved) -> String {
    sharing::event::hex(&Sha256::digest(named(one))[..6])
}

fn chronology(
    app: &App,
    directory: &Directory,
    person: &str,
    disclosure: &Disclosure,
) -> Chronology {
    let entries = disclosure
        .released
        .resources()
        .iter()
        .filter(|resource| {
            !matches!(
                resource.resource_type.as_str(),
                "Patient" | "AllergyIntolerance" | "Flag" | "RelatedPerson"
            )
        })
        .filter_map(|resource| {
            let line = in_a_line(resource)?;
            let unsorted = is_unsorted(&disclosure.facts, resource);
            Some(Event {
                on: line.on,
                kind: line.kind.to_owned(),
                text: line.text,
                source: organisation_name(directory, resource),
                unsorted,
            })
        })
        .collect();
    let older = disclosure.next.as_ref().and_then(|mark| {
        let place = Place::new(disclosure.operation, mark);
        let sealed = seal(app, OLDER, &place)?;
        Some(format!("/care/people/{person}?before={sealed}"))
    });
    Chronology {
        entries,
        older,
        newer: None,
    }
}

/// Whether no rule could sort it.
fn is_unsorted(facts: &Facts, resource: &StoredResource) -> bool {
    let label = facts.label(resource.class);
    label.is_some_and(|label| !label.is_sorted())
}

pub(super) fn organisation_name(directory: &Directory, resource: &StoredResource) -> String {
    let known = directory.organisations.get(&resource.custodian);
    known.map_or_else(
        || "The person".to_owned(),
        |organisation| organisation.name.clone(),
    )
}

/// A place in the chronology, as it is sealed into an address.
#[derive(serde::Serialize, serde::Deserialize)]
struct Place {
    operation: [u8; 16],
    resource_type: String,
    id: ResourceId,
    key: Option<i64>,
}

impl Place {
    fn new(operation: [u8; 16], mark: &Mark) -> Self {
        Self {
            operation,
            resource_type: mark.resource_type.clone(),
            id: mark.id,
            key: mark.key,
        }
    }

    fn mark(self) -> Mark {
        Mark {
            resource_type: self.resource_type,
            id: self.id,
            key: self.key,
            keys: Vec::new(),
        }
    }
}

fn place(app: &App, query: &str) -> Option<Place> {
    let pairs = fhir::search::pairs(query);
    let (_, text) = pairs.iter().find(|(name, _)| name == "before")?;
    unseal(app, OLDER, text)
}

fn withheld(app: &App, directory: &Directory, disclosure: &Disclosure) -> Vec<Withheld> {
    let decision = &disclosure.decision;
    let change = decision.counterfactuals.first().map_or_else(
        || "Ring the agency that would hold it".to_owned(),
        |change| change.words.clone(),
    );
    decision
        .withheld
        .iter()
        .map(|withheld| {
            let mut deciders = disclosure.deciders.iter();
            let waits_for = deciders.find(|one| one.decides(withheld));
            Withheld {
                what: words::capital(withheld.category.words()),
                ground: words::capital(withheld.ground.words()),
                change: waits_for.map_or_else(|| change.clone(), |one| one.missing.clone()),
                decider: match waits_for {
                    Some(one) => decides(one),
                    None => decider(app, directory, Some(&withheld.ask)),
                },
                answers_by: waits_for.map(|one| words::moment(one.due_at)),
            }
        })
        .collect()
}

/// Whoever decides, as they can be rung now.
fn decides(one: &Decides) -> Contact {
    Contact {
        name: one.name.clone(),
        phone: (!one.phone.is_empty()).then(|| Phone::new(&one.phone)),
    }
}

/// The standing notice follows from what this worker may see at all, never from what there is.
fn notice(app: &App, decision: &Decision) -> Option<Notice> {
    (!decision.withheld.is_empty()).then(|| Notice {
        ring: app.desk.contact(),
    })
}

fn decider(
    app: &App,
    directory: &Directory,
    organisation: Option<&domain::OrganisationId>,
) -> Contact {
    match organisation.and_then(|id| directory.organisations.get(id)) {
        Some(organisation) => Contact {
            name: organisation.name.clone(),
            phone: Some(Phone::new(&organisation.phone)),
        },
        None => app.desk.contact(),
    }
}

/// The receipt of a page.
pub fn receipt(receipt: &EntryReceipt) -> Receipt {
    let commitment = receipt.receipt.commitment.to_string();
    Receipt {
        code: commitment.get(..12).unwrap_or(&commitment).to_owned(),
        at: words::moment(receipt.time),
    }
}

fn refused(
    app: &App,
    who: &SignedIn,
    (person, concern): (&str, Option<Purpose>),
    refusal: &Refusal,
) -> Response {
    let decision = &refusal.decision;
    let may_give_reason = decision
        .counterfactuals
        .iter()
        .any(|change| matches!(change.code, "self-claim" | "emergency"));
    let referral = decision.referral.as_ref();
    let view = RefusalPage {
        page: who.page(app),
        person: person.to_owned(),
        name: None,
        outcome: match referral {
            Some(referral) => RefusalOutcome::Referred {
                due: words::moment(referral.due_at),
                missing: vec![referral.missing.clone()],
            },
            None => RefusalOutcome::Refused,
        },
        grounds: decision
            .grounds
            .iter()
            .map(|ground| Ground {
                sentence: words::capital(ground.words()),
                citation: Some(ground.code().to_owned()),
            })
            .collect(),
        changes: decision
            .counterfactuals
            .iter()
            .map(|change| words::capital(&change.words))
            .collect(),
        decider: match &refusal.decider {
            Some(one) => decides(one),
            None => app.desk.contact(),
        },
        may_give_reason,
        open_concern: concern
            .filter(|_| may_give_reason)
            .map(|purpose| purpose.words().to_owned()),
        receipt: receipt(&refusal.receipt),
    };
    html(StatusCode::FORBIDDEN, &view)
}
