//! The person's own no, and taking it back: each a FHIR Consent of theirs, in force for the next
//! byte on.

use domain::{Capacity, Category, Objection, OrganisationId, PersonId, ResourceId, Scope};
use serde_json::json;

use crate::account::{facts_of, own_patient};
use crate::contribute::{Incoming, Method, ORGANISATION_SYSTEM, THE_PERSON, contribute};
use crate::{Asking, Context, Error};

/// What someone no longer agrees to.
#[derive(Debug, Clone)]
pub struct Wish {
    /// With which agency it must not be shared.
    pub organisation: OrganisationId,
    /// What must not be shared; `None` means anything.
    pub category: Option<Category>,
}

/// A no that stands.
#[derive(Debug, Clone)]
pub struct StandingWish {
    /// The Consent in which it is kept, by which it is taken back; `None` if an agency recorded it,
    /// which must be asked to change it.
    pub own: Option<ResourceId>,
    /// The objection.
    pub objection: Objection,
}

/// The wishes of the person who asks, that stand now.
///
/// # Errors
/// [`Error::NotFound`] if the caller is no person known here.
pub async fn standing(cx: &Context, asking: &Asking) -> Result<Vec<StandingWish>, Error> {
    let person = the_person(asking)?;
    let mut snapshot = cx.store.snapshot().await?;
    let facts = facts_of(snapshot.as_mut(), person).await?;
    let facts = facts.ok_or(Error::NotFound)?;
    let now = cx.now();
    let mut wishes = Vec::new();
    for objection in facts
        .objections
        .iter()
        .filter(|objection| objection.is_live(now))
    {
        let located = snapshot.locate("Consent", &objection.evidence).await?;
        let own = located.is_some_and(|located| located.custodian.as_str() == THE_PERSON);
        wishes.push(StandingWish {
            own: own.then_some(objection.evidence),
            objection: objection.clone(),
        });
    }
    Ok(wishes)
}

/// Says no to something.
///
/// # Errors
/// [`Error::NotFound`] if the caller is no person known here.
pub async fn object(cx: &Context, asking: &Asking, wish: &Wish) -> Result<(), Error> {
    let patient = own_patient(cx, asking).await?.ok_or(Error::NotFound)?;
    let consent = consent(patient, wish, &cx.now().to_string());
    let bytes = consent.to_string().into_bytes();
    let incoming = Incoming {
        method: Method::Create,
        resource_type: "Consent",
        id: None,
        if_match: None,
        bytes: &bytes,
    };
    contribute(cx, asking, &incoming).await.map(drop)
}

/// Takes a no back. Only one's own: what an agency recorded is the agency's to correct.
///
/// # Errors
/// [`Error::NotFound`] if it is no wish of the caller's.
pub async fn withdraw(cx: &Context, asking: &Asking, consent: ResourceId) -> Result<(), Error> {
    let standing = standing(cx, asking).await?;
    if !standing.iter().any(|wish| wish.own == Some(consent)) {
        return Err(Error::NotFound);
    }
    let id = consent.to_string();
    let incoming = Incoming {
        method: Method::Delete,
        resource_type: "Consent",
        id: Some(&id),
        if_match: None,
        bytes: &[],
    };
    contribute(cx, asking, &incoming).await.map(drop)
}

fn the_person(asking: &Asking) -> Result<PersonId, Error> {
    match asking.caller.capacity {
        Capacity::Person(person) => Ok(person),
        Capacity::Worker { .. } | Capacity::Outsider { .. } => Err(Error::NotFound),
    }
}

fn consent(patient: ResourceId, wish: &Wish, at: &str) -> serde_json::Value {
    let mut provision = json!({
        "type": "deny",
        "actor": [{
            "role": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP" }] },
            "reference": { "identifier": { "system": ORGANISATION_SYSTEM, "value": wish.organisation.as_str() } }
        }]
    });
    if let Some(category) = wish.category {
        provision["class"] = json!([{
            "system": "https://candour.example/fhir/CodeSystem/category",
            "code": category.code()
        }]);
    }
    json!({
        "resourceType": "Consent",
        "status": "active",
        "scope": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy" }] },
        "category": [{ "coding": [{ "system": "http://loinc.org", "code": "59284-0" }] }],
        "patient": { "reference": format!("Patient/{patient}") },
        "dateTime": at,
        "provision": provision
    })
}

/// What a scope is about, in the reader's words.
#[must_use]
pub fn scope_words(scope: &Scope) -> String {
    match scope {
        Scope::Everything => "anything in your record".to_owned(),
        Scope::Category(category) => category.words().to_owned(),
        Scope::Sensitivity(sensitivity) => sensitivity.words().to_owned(),
        Scope::AtLeast(level) => format!("anything {} or more closely held", level.words()),
        Scope::Resource(_) => "one item of your record".to_owned(),
        Scope::NotUnderstood => "something that a person must look at".to_owned(),
    }
}
