//! What each resource of a directory says, before anything that it refers to is looked up.

use std::collections::BTreeSet;

use domain::{OrganisationKind, Remit, Role, Timestamp};
use fhir::Document;
use fhir::document::Node;

use super::{Brought, Fault, rota};
use crate::contribute::{ORGANISATION_SYSTEM, TEAM_SYSTEM, WORKER_SYSTEM, limits};

/// The code system of an agency's kind, in `Organization.type`.
pub const KIND_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/organisation-kind";
/// The code system of what somebody does, in `PractitionerRole.code`.
pub const ROLE_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/role";
/// The code system of what a team is for, in `Organization.type`.
pub const REMIT_SYSTEM: &str = "https://candour.example/fhir/CodeSystem/team-remit";
/// The extension of a HealthcareService that names the agency for which it answers.
pub const SERVES: &str = "https://candour.example/fhir/StructureDefinition/serves";

/// A resource as it was brought.
pub(super) struct Resource {
    /// Where it stands, with its type and id.
    pub place: String,
    /// By what others may refer to it: its type and id, and its address in a Bundle.
    pub names: Vec<String>,
    pub content: Content,
}

pub(super) enum Content {
    Agency(Agency),
    Team(Team),
    Practitioner(Practitioner),
    Role(PractitionerRole),
    Duty(HealthcareService),
}

/// An Organization with an agency's short name.
pub(super) struct Agency {
    pub id: String,
    pub name: Option<String>,
    pub kind: Option<OrganisationKind>,
    pub phone: Option<String>,
}

/// An Organization with a team's short name.
pub(super) struct Team {
    pub id: String,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub part_of: Option<Reference>,
    pub remits: BTreeSet<Remit>,
    pub rota: Option<rota::Brought>,
}

pub(super) struct Practitioner {
    pub id: String,
    pub name: Option<String>,
    pub phone: Option<String>,
}

pub(super) struct PractitionerRole {
    pub practitioner: Option<Reference>,
    pub organization: Option<Reference>,
    pub role: Option<Role>,
    pub phone: Option<String>,
    pub is_active: bool,
    pub until: Option<Timestamp>,
}

pub(super) struct HealthcareService {
    pub provided_by: Option<Reference>,
    pub serves: Option<Reference>,
    pub name: Option<String>,
    pub phone: Option<String>,
    /// When it is on, in minutes of the local day: each span that is given, once.
    pub hours: Vec<(u16, u16)>,
}

/// A reference, by address or by short name.
pub(super) enum Reference {
    Address(String),
    Identifier(String, String),
}

/// Reads everything that was brought; a Bundle is so many resources.
pub(super) fn resources(brought: &[Brought]) -> Result<Vec<Resource>, Vec<Fault>> {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for one in brought {
        let read = bundle_or_one(one, &mut found, &mut faults);
        if let Err(what) = read {
            faults.push(Fault {
                place: one.place.clone(),
                what,
            });
        }
    }
    if faults.is_empty() {
        Ok(found)
    } else {
        Err(faults)
    }
}

fn bundle_or_one(
    brought: &Brought,
    found: &mut Vec<Resource>,
    faults: &mut Vec<Fault>,
) -> Result<(), String> {
    let document = parse(&brought.bytes)?;
    if document.resource_type() != "Bundle" {
        found.push(resource(&brought.place, None, &document)?);
        return Ok(());
    }
    for (number, entry) in document.all("entry").into_iter().enumerate() {
        let place = format!("{}, entry {number}", brought.place);
        let read = entry
            .member("resource")
            .ok_or_else(|| "an entry without a resource has nothing to bring".to_owned())
            .and_then(|node| {
                let document = parse(node.raw().as_bytes())?;
                resource(&place, text(entry, "fullUrl"), &document)
            });
        match read {
            Ok(one) => found.push(one),
            Err(what) => faults.push(Fault { place, what }),
        }
    }
    Ok(())
}

fn parse(bytes: &[u8]) -> Result<Document<'_>, String> {
    fhir::parse(bytes, &limits()).map_err(|issue| issue.to_string())
}

fn resource(
    place: &str,
    full_url: Option<String>,
    document: &Document<'_>,
) -> Result<Resource, String> {
    let issues = fhir::validate::validate(document);
    if let Some(issue) = issues.first() {
        return Err(issue.to_string());
    }
    let resource_type = document.resource_type();
    let root = document.root();
    let content = match resource_type {
        "Organization" => organization(root)?,
        "Practitioner" => Content::Practitioner(practitioner(root)?),
        "PractitionerRole" => Content::Role(practitioner_role(root)),
        "HealthcareService" => Content::Duty(healthcare_service(root)?),
        other => {
            return Err(format!(
                "{other} has no place in a directory: bring Organization, Practitioner, \
                 PractitionerRole and HealthcareService"
            ));
        }
    };
    let name = document.id().map(|id| format!("{resource_type}/{id}"));
    Ok(Resource {
        place: format!("{place}, {}", name.as_deref().unwrap_or(resource_type)),
        names: name.into_iter().chain(full_url).collect(),
        content,
    })
}

fn organization(root: Node<'_>) -> Result<Content, String> {
    let (name, phone) = (text(root, "name"), phone(root));
    match (
        short_name(root, ORGANISATION_SYSTEM)?,
        short_name(root, TEAM_SYSTEM)?,
    ) {
        (Some(id), None) => Ok(Content::Agency(Agency {
            id,
            name,
            kind: coded(
                root,
                "type.coding",
                KIND_SYSTEM,
                OrganisationKind::from_code,
            ),
            phone,
        })),
        (None, Some(id)) => Ok(Content::Team(Team {
            id,
            name,
            phone,
            part_of: reference(root, "partOf"),
            remits: remits(root)?,
            rota: rota::read(root)?,
        })),
        _ => Err(format!(
            "Organization.identifier: give an agency its short name under {ORGANISATION_SYSTEM}, \
             or a team its own under {TEAM_SYSTEM}, and not both"
        )),
    }
}

/// What a team is for; one that nobody knows here would be a team that nobody asks.
fn remits(root: Node<'_>) -> Result<BTreeSet<Remit>, String> {
    let codings = root.all("type.coding");
    let given = codings
        .into_iter()
        .filter(|it| it.text_at("system").as_deref() == Some(REMIT_SYSTEM));
    let known = |coding: Node<'_>| {
        let code = coding.text_at("code")?;
        Remit::from_code(&code)
    };
    let wrong = || {
        let codes: Vec<&str> = Remit::ALL.iter().map(|it| it.code()).collect();
        format!(
            "Organization.type: give what the team is for as one of these, under {REMIT_SYSTEM}: {}",
            codes.join(", ")
        )
    };
    given.map(|it| known(it).ok_or_else(wrong)).collect()
}

fn practitioner(root: Node<'_>) -> Result<Practitioner, String> {
    let id = short_name(root, WORKER_SYSTEM)?.ok_or_else(|| {
        format!(
            "Practitioner.identifier: give the id that tokens name them by, under {WORKER_SYSTEM}"
        )
    })?;
    let parts = || {
        let given = root.all("name.given").into_iter();
        let parts = given.chain(root.get("name.family"));
        let parts: Vec<String> = parts
            .filter_map(|part| Some(part.as_str()?.into()))
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    Ok(Practitioner {
        id,
        name: text(root, "name.text").or_else(parts),
        phone: phone(root),
    })
}

fn practitioner_role(root: Node<'_>) -> PractitionerRole {
    PractitionerRole {
        practitioner: reference(root, "practitioner"),
        organization: reference(root, "organization"),
        role: coded(root, "code.coding", ROLE_SYSTEM, Role::from_code),
        phone: phone(root),
        is_active: root.get("active").and_then(|it| it.as_bool()) != Some(false),
        until: root
            .text_at("period.end")
            .and_then(|end| fhir::search::DateRange::parse(&end))
            .map(|end| Timestamp(end.to_us)),
    }
}

fn healthcare_service(root: Node<'_>) -> Result<HealthcareService, String> {
    let mut hours = Vec::new();
    for time in root.all("availableTime") {
        let span = match time.get("allDay").and_then(|it| it.as_bool()) {
            Some(true) => (0, 24 * 60),
            _ => (
                minute(time, "availableStartTime")?,
                minute(time, "availableEndTime")?,
            ),
        };
        if !hours.contains(&span) {
            hours.push(span);
        }
    }
    let extensions = root.all("extension");
    let serves = extensions
        .into_iter()
        .find(|it| it.text_at("url").as_deref() == Some(SERVES));
    Ok(HealthcareService {
        provided_by: reference(root, "providedBy"),
        serves: serves.and_then(|it| reference(it, "valueReference")),
        name: text(root, "name"),
        phone: phone(root),
        hours,
    })
}

/// A time such as `17:00:00`, to the minute.
fn minute(time: Node<'_>, name: &str) -> Result<u16, String> {
    let wrong =
        || format!("HealthcareService.availableTime.{name}: expected a time such as 17:00:00");
    let given = text(time, name).ok_or_else(wrong)?;
    let time: jiff::civil::Time = given.parse().map_err(|_| wrong())?;
    u16::try_from(i16::from(time.hour()) * 60 + i16::from(time.minute())).map_err(|_| wrong())
}

/// The short name under a system: small letters, digits and hyphens, so that it can stand in a
/// token, on a command line and in a policy.
fn short_name(root: Node<'_>, system: &str) -> Result<Option<String>, String> {
    let identifiers = root.all("identifier");
    let under = identifiers
        .into_iter()
        .filter(|it| it.text_at("system").as_deref() == Some(system));
    let mut values = under.filter_map(|it| text(it, "value"));
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_short = (1..=64).contains(&value.len()) && value.bytes().all(allowed);
    match (values.next(), is_short) {
        (Some(_), _) => Err(format!(
            "identifier: two stand under {system}, one is needed"
        )),
        (None, false) => Err(format!(
            "identifier: {value:?} is no short name: up to 64 small letters, digits and hyphens"
        )),
        (None, true) => Ok(Some(value)),
    }
}

fn coded<T>(root: Node<'_>, path: &str, system: &str, known: fn(&str) -> Option<T>) -> Option<T> {
    let codings = root.all(path);
    let mut codes = codings
        .into_iter()
        .filter(|it| it.text_at("system").as_deref() == Some(system));
    codes.find_map(|it| known(&it.text_at("code")?))
}

fn phone(root: Node<'_>) -> Option<String> {
    let points = root.all("telecom");
    let mut phones = points
        .into_iter()
        .filter(|it| it.text_at("system").as_deref() == Some("phone"));
    phones.find_map(|it| text(it, "value"))
}

pub(super) fn reference(root: Node<'_>, name: &str) -> Option<Reference> {
    let node = root.member(name)?;
    if let Some(address) = text(node, "reference") {
        return Some(Reference::Address(address));
    }
    let identifier = node.member("identifier")?;
    Some(Reference::Identifier(
        text(identifier, "system")?,
        text(identifier, "value")?,
    ))
}

fn text(node: Node<'_>, path: &str) -> Option<String> {
    let text = node.text_at(path)?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
