//! What can be asked of the FHIR API, made from the tables of what it offers: a new type or search
//! parameter is asked for by itself.

use fhir::search::{ParamKind, SearchParam, params_of};
use fhir::types::TYPES;
use http::Method;
use serde_json::json;

use crate::ask::Ask;
use crate::known::{Knowledge, Known};

/// So many of a list, spread over it; who asks next takes others.
pub fn some(list: &[Known], count: usize, turn: usize) -> impl Iterator<Item = &Known> {
    let each = list.len().div_ceil(count).max(1);
    list.iter().skip(turn % each).step_by(each)
}

/// Every way of reading, by somebody who knows all ids and values of what is hidden.
pub fn reading(knowledge: &Knowledge, turn: usize) -> Vec<Ask> {
    let mut asks = Vec::new();
    let hidden = some(&knowledge.hidden, 20, turn);
    let later = some(&knowledge.later, 4, turn);
    let seen = some(&knowledge.seen, 6, turn);
    for known in hidden.chain(later).chain(seen) {
        one(&mut asks, known);
    }
    asks
}

fn one(asks: &mut Vec<Ask>, known: &Known) {
    let address = known.address();
    asks.push(Ask::get(format!("/fhir/{address}")));
    asks.push(Ask::get(format!("/fhir/{address}/_history/1")));
    asks.push(Ask::get(format!("/fhir/{address}/$original")));
    match asks.len() % 4 {
        0 => asks.push(Ask::get(format!("/fhir/{address}/_history/2"))),
        1 => asks.push(Ask::get(format!("/fhir/{address}")).with("if-none-match", "W/\"1\"")),
        2 => asks.push(Ask::new(Method::HEAD, format!("/fhir/{address}"), "")),
        _ => {
            let (resource_type, local_id) = (&known.resource_type, &known.local_id);
            asks.push(Ask::get(format!("/fhir/{resource_type}/{local_id}")));
        }
    }
}

/// Every type with every parameter, asked for by values of what is hidden and of what is seen.
pub fn searching(knowledge: &Knowledge, turn: usize) -> Vec<Ask> {
    let mut asks = Vec::new();
    let patients = knowledge.patients();
    for (place, facts) in TYPES.iter().enumerate() {
        let of_type: Vec<&Known> = knowledge
            .all()
            .filter(|known| known.resource_type == facts.name)
            .collect();
        if of_type.is_empty() && (place + turn).is_multiple_of(3) {
            // Nobody has written one; all parameters are asked for at once, by every third caller.
            let patient = patients[place % patients.len()];
            let missing = params_of(facts.name).map(|it| format!("&{}:missing=true", it.name));
            let query = format!("patient={patient}{}", missing.collect::<String>());
            asks.push(search(facts.name, &query));
        }
        if !of_type.is_empty() {
            for param in params_of(facts.name) {
                by_param(&mut asks, turn, facts.name, param, &of_type);
            }
        }
    }
    asks
}

/// By a value that something hidden has, where there is one; now and then also by a value of
/// something else, by having none, and in order of it.
fn by_param(asks: &mut Vec<Ask>, turn: usize, rtype: &str, param: &SearchParam, all: &[&Known]) {
    let name = param.name;
    let mut valued: Vec<(&Known, &str)> = Vec::new();
    for known in all {
        if let Some(value) = known.value(param)
            && !valued.iter().any(|(_, tried)| *tried == value)
        {
            valued.push((known, value));
        }
    }
    let turn = turn + asks.len();
    let mut by_value = |(known, value): (&Known, &str)| {
        let (suffix, value) = spelt(param.kind, turn, value);
        let query = format!("{}&{name}{suffix}={}", person(known), encoded(&value));
        asks.push(search(rtype, &query));
    };
    if let Some(first) = valued.first() {
        by_value(*first);
    }
    let known = all[turn % all.len()];
    match turn % 12 {
        0 if valued.len() > 1 => by_value(valued[turn % valued.len()]),
        3 => asks.push(search(
            rtype,
            &format!("{}&{name}:missing=false", person(known)),
        )),
        6 => asks.push(search(
            rtype,
            &format!("{}&_sort=-{name}&_count=3", person(known)),
        )),
        9 => asks.push(search(
            rtype,
            &format!("{}&_sort={name}&{name}:missing=true", person(known)),
        )),
        _ => {}
    }
}

/// Each way of saying whose record is meant.
fn person(known: &Known) -> String {
    let patient = known.patient;
    if known.resource_type == "Patient" {
        return format!("_id={patient}");
    }
    match known.id.0[0] % 3 {
        0 => format!("patient={patient}"),
        1 => format!("patient=Patient/{patient}"),
        _ => format!("subject=Patient/{patient}"),
    }
}

/// A value with one of the modifiers or prefixes of its kind, each in its turn.
fn spelt(kind: ParamKind, turn: usize, value: &str) -> (&'static str, String) {
    const PREFIXES: [&str; 10] = ["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];
    match kind {
        ParamKind::Token => match turn % 3 {
            0 => ("", value.to_owned()),
            1 => (":not", value.to_owned()),
            _ => ("", value.rsplit('|').next().unwrap_or(value).to_owned()),
        },
        ParamKind::Date | ParamKind::Number | ParamKind::Quantity => {
            ("", format!("{}{value}", PREFIXES[turn % PREFIXES.len()]))
        }
        ParamKind::String => (
            [("", value), (":exact", value), (":contains", value)][turn % 3].0,
            value.to_owned(),
        ),
        ParamKind::Reference => match value.split_once('/') {
            Some((_, id)) if turn % 3 == 2 => ("", id.to_owned()),
            _ => ("", value.to_owned()),
        },
        ParamKind::Uri => ([("", ""), (":below", "")][turn % 2].0, value.to_owned()),
        ParamKind::Composite | ParamKind::Special => ("", value.to_owned()),
    }
}

/// Page by page, in every order, whole and in part.
pub fn paging(knowledge: &Knowledge, turn: usize) -> Vec<Ask> {
    let mut asks = Vec::new();
    let patients = knowledge.patients();
    for (place, rtype) in knowledge.types().iter().enumerate() {
        let place = place + turn;
        let patient = patients[place % patients.len()];
        let count = 1 + place % 3;
        asks.push(match place % 3 {
            0 => search(rtype, &format!("patient={patient}&_count={count}")),
            1 => search(
                rtype,
                &format!("patient={patient}&_sort=-_lastUpdated&_count=2"),
            ),
            _ => everything(patient, &format!("_type={rtype}&_count={count}")),
        });
    }
    for patient in &patients {
        asks.push(everything(patient, ""));
        asks.push(everything(patient, "_count=20"));
        asks.push(everything(patient, "_since=2026-12-15T00:00:00Z&_count=9"));
        for (rtype, how) in [
            ("Observation", "_sort=-date&_count=5"),
            ("Encounter", "_sort=date&_count=1"),
            ("Condition", "_summary=count&_total=accurate"),
        ] {
            asks.push(search(rtype, &format!("patient={patient}&{how}")));
        }
    }
    asks
}

/// What other servers were found to leak by (and what this one offers of it).
pub fn leaks_of_others(knowledge: &Knowledge, turn: usize) -> Vec<Ask> {
    let mut asks = Vec::new();
    for known in some(&knowledge.hidden, 3, turn) {
        let Known {
            resource_type,
            id,
            patient,
            ..
        } = known;
        let name = resource_type.to_lowercase();
        for path in [
            format!("Patient?_has:{resource_type}:patient:_id={id}"),
            format!("Patient?_id={patient}&_revinclude={resource_type}:patient"),
            format!("Observation?patient={patient}&_include=*"),
            format!("Observation?patient={patient}&{name}._id={id}"),
            format!("{resource_type}?patient={patient}&_id={id}"),
            format!("{resource_type}?_id={id}"),
            format!("{resource_type}/_history"),
            format!("{resource_type}/_history?patient={patient}"),
            format!("{resource_type}/{id}/_history"),
            format!("{resource_type}/{id}/$meta"),
            format!("Patient/{patient}/{resource_type}?_total=accurate"),
            format!("Patient?_id={patient}&_has:{resource_type}:patient:_id={id}"),
            format!("Encounter?patient={patient}&_has:{resource_type}:encounter:_id={id}"),
            format!("Encounter?patient={patient}&_revinclude={resource_type}:encounter"),
            format!("Encounter?patient={patient}&_include=*&_include:iterate=Encounter:*"),
            format!("Observation?patient={patient}&encounter:Encounter._id={id}"),
            format!("Observation?patient={patient}&encounter.status:missing=false&_summary=count"),
            format!("{resource_type}?patient={patient}&_sort=_id&_elements=id&_count=2"),
            format!("Practitioner?_has:{resource_type}:performer:_id={id}"),
            format!("{resource_type}/{id}/$everything"),
            format!("{resource_type}/{id}/$validate"),
            format!("Patient/{patient}/$everything?_type={resource_type}"),
            format!("AuditEvent?entity={resource_type}/{id}"),
            format!("Provenance?patient={patient}&target={resource_type}/{id}"),
            format!("List?patient={patient}&item={resource_type}/{id}"),
        ] {
            asks.push(Ask::get(format!("/fhir/{path}")));
        }
    }
    for path in [
        "metadata",
        "AuditEvent",
        "AuditEvent?_cursor=5",
        "Nothing",
        "Patient/$match",
        "_history",
        "$export",
    ] {
        asks.push(Ask::get(format!("/fhir/{path}")));
    }
    for path in [
        "/log/checkpoint",
        "/log/vkey",
        "/log/tile/0/000",
        "/healthz",
        "/readyz",
        "/nowhere",
    ] {
        asks.push(Ask::get(path));
    }
    // Directories are everybody's, and so must their places be.
    for path in [
        "Practitioner?_count=2",
        "Organization?_count=3&_sort=-_lastUpdated",
        "PractitionerRole?_count=5",
        "Location?_count=1",
    ] {
        asks.push(Ask::get(format!("/fhir/{path}")));
    }
    asks.push(Ask::get("/fhir/metadata").with("authorization", "Bearer nonsense"));
    asks.push(
        Ask::get(format!("/fhir/Patient/{}", knowledge.patients()[0]))
            .with("authorization", "Bearer nonsense"),
    );
    asks
}

/// Looking for people, in every spelling of what they are known by.
pub fn finding(knowledge: &Knowledge, turn: usize) -> Vec<Ask> {
    let mut asks = Vec::new();
    let patients = |list: &[Known]| -> Vec<Known> {
        let is_patient = |known: &&Known| known.resource_type == "Patient";
        list.iter().filter(is_patient).cloned().collect()
    };
    let (hidden, seen) = (patients(&knowledge.hidden), patients(&knowledge.seen));
    for patient in some(&hidden, 1, turn).chain(some(&seen, 1, turn)) {
        let resource: serde_json::Value = serde_json::from_str(&patient.json).expect("JSON");
        let born = resource["birthDate"].as_str().unwrap_or_default();
        for name in resource["name"].as_array().into_iter().flatten() {
            let family = name["family"].as_str().unwrap_or_default();
            let given = name["given"][0].as_str().unwrap_or_default();
            for query in names(given, family, born) {
                asks.push(Ask::get(format!("/fhir/Patient?{query}")));
            }
            let form = format!("name={family}&birthdate={born}");
            let form = Ask::new(Method::POST, "/fhir/Patient/_search", form);
            asks.push(form.with("content-type", "application/x-www-form-urlencoded"));
        }
        asks.extend(matching(&resource));
        for identifier in resource["identifier"].as_array().into_iter().flatten() {
            let (system, value) = (&identifier["system"], identifier["value"].as_str());
            for spelt in numbers(value.unwrap_or_default()) {
                asks.push(Ask::get(format!(
                    "/fhir/Patient?identifier={}",
                    encoded(&spelt)
                )));
                let whole = format!("{}|{spelt}", system.as_str().unwrap_or_default());
                asks.push(Ask::get(format!(
                    "/fhir/Patient?identifier={}",
                    encoded(&whole)
                )));
            }
        }
    }
    asks
}

/// `$match` by all that a Patient says, by parts of it, and by what is nearly that.
fn matching(patient: &serde_json::Value) -> Vec<Ask> {
    let only = |names: &[&str]| {
        let mut part = json!({"resourceType": "Patient"});
        for name in names {
            if let Some(value) = patient.get(name) {
                part[name] = value.clone();
            }
        }
        part
    };
    let who = ["name", "birthDate", "gender", "address"];
    let all = [
        "name",
        "birthDate",
        "gender",
        "address",
        "telecom",
        "identifier",
    ];
    let mut slip = only(&all);
    if let Some(family) = slip.pointer_mut("/name/0/family") {
        *family = format!("{}s", family.as_str().unwrap_or_default()).into();
    }
    let mut asks = Vec::new();
    for (patient, how) in [
        (only(&all), json!([])),
        (
            only(&all),
            json!([{"name": "onlyCertainMatches", "valueBoolean": true}]),
        ),
        (only(&who), json!([{"name": "count", "valueInteger": 1}])),
        (only(&["identifier"]), json!([])),
        (only(&["name", "birthDate", "telecom"]), json!([])),
        (only(&["name"]), json!([])),
        (slip, json!([])),
    ] {
        let mut parameters = vec![json!({"name": "resource", "resource": patient})];
        parameters.extend(how.as_array().cloned().unwrap_or_default());
        let body = json!({"resourceType": "Parameters", "parameter": parameters});
        let ask = Ask::new(Method::POST, "/fhir/Patient/$match", body.to_string());
        asks.push(ask.with("content-type", "application/fhir+json"));
    }
    asks
}

fn names(given: &str, family: &str, born: &str) -> Vec<String> {
    let start = |text: &str| text.chars().take(3).collect::<String>();
    [
        format!("name={given}+{family}&birthdate={born}"),
        format!("name={family}+{given}&birthdate=eq{born}"),
        format!("name={}&birthdate={born}", family.to_uppercase()),
        format!("family={}&birthdate={born}", start(family)),
        format!("given={given}&birthdate={born}"),
        format!("family={family}&given={}&birthdate={born}", start(given)),
        format!("name={family}&birthdate={}", born.get(..4).unwrap_or(born)),
        format!("name={given}+{family}"),
        format!("birthdate={born}"),
        format!("name={family}&birthdate={born}&_count=1"),
        format!("name={family}&address-city=Northburn&birthdate={born}"),
    ]
    .into()
}

/// A number as it stands, spaced and hyphened as people write it, cut short, and one off.
fn numbers(value: &str) -> Vec<String> {
    let (first, rest) = value
        .split_at_checked(value.len().min(6))
        .unwrap_or((value, ""));
    [
        value.to_owned(),
        format!("{first} {rest}"),
        format!("{first}-{rest}"),
        format!(" {value} "),
        first.to_owned(),
        format!("{value}0"),
    ]
    .into()
}

pub fn search(resource_type: &str, query: &str) -> Ask {
    Ask::get(format!("/fhir/{resource_type}?{query}"))
}

pub fn everything(patient: impl std::fmt::Display, query: &str) -> Ask {
    Ask::get(format!("/fhir/Patient/{patient}/$everything?{query}"))
}

pub fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
