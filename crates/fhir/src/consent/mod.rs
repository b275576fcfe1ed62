//! What a Consent says (<https://hl7.org/fhir/R4/consent.html>), as plain facts and without
//! judging what follows from them.
//!
//! Everything that a provision may hold is read, including what R4 allows and nobody here
//! evaluates yet: that is told by `not_understood`, so that a "no" is never taken for less than it
//! says. A Consent that cannot be read is refused when it is written, not when it is needed.

mod normal;

use std::borrow::Cow;

use domain::Timestamp;

use crate::document::{Document, Kind, Node};
use crate::outcome::{Issue, IssueCode};
use crate::search::DateRange;

pub use normal::{Known, normal};

/// How deep provisions may nest.
const DEPTH: usize = 8;

/// The scope code of consents about sharing.
const PRIVACY: &str = "patient-privacy";

/// The scope code of consents to research.
const RESEARCH: &str = "research";

/// One Consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Whether its status is `active`.
    pub is_active: bool,
    /// Its status as it was written.
    pub status: String,
    /// Whether it is about sharing information, rather than treatment or research.
    pub is_about_privacy: bool,
    /// Whether it is about taking part in research.
    pub is_about_research: bool,
    /// Who agreed.
    pub performers: Vec<Who>,
    /// When it was given, if said.
    pub given_at: Option<Timestamp>,
    /// The base rule with its exceptions; `None` if the Consent has no rules.
    pub provision: Option<Provision>,
}

/// Whether a provision allows or forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It allows.
    Permit,
    /// It forbids.
    Deny,
}

/// A rule and its exceptions. Of its elements all must hold, of the values of one element any; an
/// empty list does not constrain.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provision {
    /// What it does; a provision without a rule only frames its exceptions.
    pub rule: Option<Rule>,
    /// From when it holds.
    pub since: Option<Timestamp>,
    /// Until when it holds.
    pub until: Option<Timestamp>,
    /// Whom it is about.
    pub actors: Vec<Actor>,
    /// Purposes, as codes of `v3-ActReason` or local ones.
    pub purposes: Vec<String>,
    /// Security labels, as codes.
    pub labels: Vec<String>,
    /// Resource types or document kinds, as codes.
    pub classes: Vec<String>,
    /// Clinical codes, as (system, code).
    pub codes: Vec<(String, String)>,
    /// References to the data meant.
    pub data: Vec<String>,
    /// When the data meant was made.
    pub data_period: Option<DateRange>,
    /// Whether it names something that is not read here: an action, a role without a person, data
    /// by relation rather than by instance, codes, or a period of data.
    pub not_understood: bool,
    /// The data meant, each as (meaning, reference): `instance`, `related`, `dependents`,
    /// `authoredby`.
    pub meant: Vec<(String, String)>,
    /// The elements that no decision can take into account: an action, a modifier, an actor without
    /// a reference.
    pub unread: Vec<String>,
    /// Exceptions to it.
    pub exceptions: Vec<Provision>,
}

/// Someone a provision is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Actor {
    /// The role's code, such as `IRCP` for a recipient.
    pub role: Option<String>,
    /// Who.
    pub who: Who,
}

/// Somebody, by a reference or an identifier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// The reference, if linked.
    pub reference: Option<String>,
    /// The identifier as (system, value), if named by one.
    pub identifier: Option<(String, String)>,
}

impl Provision {
    /// Whether it forbids nothing by itself: it has exceptions and constrains nothing, as the base
    /// rule of "no, except ..." or "yes, except ..." does not.
    #[must_use]
    pub fn only_adds_exceptions(&self) -> bool {
        let frame = Provision {
            exceptions: self.exceptions.clone(),
            ..Provision::default()
        };
        self.rule.is_none() && !self.exceptions.is_empty() && *self == frame
    }
}

/// Reads a Consent.
///
/// # Errors
/// An [`Issue`] that names the element that cannot be read: no status or scope, a rule without
/// `permit` or `deny`, a period or reference that is none, provisions nested too deep.
pub fn read(document: &Document<'_>) -> Result<Consent, Issue> {
    let root = document.root();
    let Some(status) = root.text_at("status") else {
        return Err(Issue::required(
            "Consent.status",
            "a Consent says whether it is active",
        ));
    };
    let scopes = codings(root, "scope");
    if scopes.is_empty() {
        let details = "a Consent says what it is about, such as patient-privacy";
        return Err(Issue::required("Consent.scope", details));
    }
    let provision = root.member("provision");
    Ok(Consent {
        is_active: status == "active",
        status: status.into_owned(),
        is_about_privacy: scopes.iter().any(|(_, code)| code == PRIVACY),
        is_about_research: scopes.iter().any(|(_, code)| code == RESEARCH),
        performers: root.all("performer").into_iter().map(named).collect(),
        given_at: instant(root, "dateTime", "Consent")?,
        provision: provision
            .map(|node| self::provision(node, "Consent.provision", 1))
            .transpose()?,
    })
}

fn provision(node: Node<'_>, path: &str, depth: usize) -> Result<Provision, Issue> {
    expect(node, Kind::Object, path)?;
    if depth > DEPTH {
        let details = format!("provisions nested deeper than {DEPTH}");
        return Err(Issue::error(IssueCode::TooLong, details).at(path));
    }
    let (since, until) = period(node, "period", path)?;
    let mut found = Provision {
        rule: rule(node, path, depth)?,
        since,
        until,
        purposes: codes_of(node, "purpose", path)?,
        labels: codes_of(node, "securityLabel", path)?,
        classes: codes_of(node, "class", path)?,
        codes: codings(node, "code"),
        not_understood: node.member("action").is_some()
            || node.member("code").is_some()
            || node.member("dataPeriod").is_some()
            || node.member("modifierExtension").is_some(),
        unread: ["action", "modifierExtension"]
            .into_iter()
            .filter(|name| node.member(name).is_some())
            .map(str::to_owned)
            .collect(),
        ..Provision::default()
    };
    if node.member("dataPeriod").is_some() {
        period(node, "dataPeriod", path)?;
        found.data_period = node.get("dataPeriod").and_then(DateRange::read);
    }
    for actor in node.all("actor") {
        let actor = self::actor(actor, path)?;
        if actor.who == Who::default() {
            found.not_understood = true;
            found.unread.push("actor".to_owned());
        }
        found.actors.push(actor);
    }
    for data in node.all("data") {
        let meaning = data.text_at("meaning").unwrap_or_default().into_owned();
        found.not_understood |= meaning != "instance";
        match data.text_at("reference.reference") {
            Some(text) => {
                found.meant.push((meaning, text.to_string()));
                found.data.push(text.into_owned());
            }
            None => return Err(missing(path, "data.reference")),
        }
    }
    for (place, exception) in node.all("provision").into_iter().enumerate() {
        let path = format!("{path}.provision[{place}]");
        found
            .exceptions
            .push(provision(exception, &path, depth + 1)?);
    }
    Ok(found)
}

/// The base rule may be left out where only exceptions are stated; an exception needs its rule.
fn rule(node: Node<'_>, path: &str, depth: usize) -> Result<Option<Rule>, Issue> {
    match node.text_at("type").as_deref() {
        Some("permit") => Ok(Some(Rule::Permit)),
        Some("deny") => Ok(Some(Rule::Deny)),
        None if depth == 1 && node.member("type").is_none() => Ok(None),
        _ => {
            let details = "a provision is of type permit or deny";
            Err(Issue::error(IssueCode::Value, details).at(format!("{path}.type")))
        }
    }
}

fn actor(node: Node<'_>, path: &str) -> Result<Actor, Issue> {
    let Some(who) = node.member("reference") else {
        return Err(missing(path, "actor.reference"));
    };
    Ok(Actor {
        role: node.text_at("role.coding.code").map(Cow::into_owned),
        who: named(who),
    })
}

/// Whom a Reference names.
fn named(node: Node<'_>) -> Who {
    let identifier = node.get("identifier").and_then(|identifier| {
        let system = identifier
            .text_at("system")
            .unwrap_or_default()
            .into_owned();
        Some((system, identifier.text_at("value")?.into_owned()))
    });
    Who {
        reference: node.text_at("reference").map(Cow::into_owned),
        identifier,
    }
}

/// The codes of an element whose every value must carry one, as Coding or CodeableConcept.
fn codes_of(node: Node<'_>, name: &str, path: &str) -> Result<Vec<String>, Issue> {
    let mut codes = Vec::new();
    for value in node.all(name) {
        let code = value
            .text_at("code")
            .or_else(|| value.text_at("coding.code"));
        codes.push(
            code.ok_or_else(|| missing(path, &format!("{name}.code")))?
                .into_owned(),
        );
    }
    Ok(codes)
}

/// Every coding of a CodeableConcept element, as (system, code).
fn codings(node: Node<'_>, name: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    node.each(&format!("{name}.coding"), &mut |coding| {
        let text = |name| coding.text_at(name).unwrap_or_default().into_owned();
        found.push((text("system"), text("code")));
    });
    found
}

type Ends = (Option<Timestamp>, Option<Timestamp>);

fn period(node: Node<'_>, name: &str, path: &str) -> Result<Ends, Issue> {
    let Some(period) = node.member(name) else {
        return Ok((None, None));
    };
    let path = format!("{path}.{name}");
    expect(period, Kind::Object, &path)?;
    let since = date(period, "start", &path)?.map(|range| Timestamp(range.from_us));
    let until = date(period, "end", &path)?.map(|range| Timestamp(range.to_us));
    match (since, until) {
        (Some(since), Some(until)) if until <= since => {
            Err(Issue::error(IssueCode::Value, "this period ends before it begins").at(path))
        }
        ends => Ok(ends),
    }
}

fn instant(node: Node<'_>, name: &str, path: &str) -> Result<Option<Timestamp>, Issue> {
    Ok(date(node, name, path)?.map(|range| Timestamp(range.from_us)))
}

fn date(node: Node<'_>, name: &str, path: &str) -> Result<Option<DateRange>, Issue> {
    let Some(value) = node.member(name) else {
        return Ok(None);
    };
    let range = value.as_str().and_then(|text| DateRange::parse(&text));
    range.map(Some).ok_or_else(|| {
        Issue::error(
            IssueCode::Value,
            "expected a date such as 2027-01-11 or an instant",
        )
        .at(format!("{path}.{name}"))
        .found(value.raw())
    })
}

fn expect(node: Node<'_>, kind: Kind, path: &str) -> Result<(), Issue> {
    match node.kind() == kind {
        true => Ok(()),
        false => Err(Issue::error(IssueCode::Structure, "expected an object").at(path)),
    }
}

fn missing(path: &str, element: &str) -> Issue {
    Issue::required(
        format!("{path}.{element}"),
        "a provision that names this must say what is meant",
    )
}

#[cfg(test)]
mod tests;
