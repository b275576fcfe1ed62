//! Whose record a resource belongs to.

use std::borrow::Cow;

use super::Kind;
use crate::document::{Document, Node};
use crate::outcome::{Issue, IssueCode};
use crate::references::{self, Reference, ReferenceKind};

/// Whose record a resource belongs to.
#[derive(Debug, Clone)]
pub enum SubjectRef<'d> {
    /// It is a Patient: the subject itself.
    Itself,
    /// This reference names the person, or may once a `urn:` is resolved.
    Person(Reference<'d>),
    /// This identifier names the person.
    Identified {
        /// The element that carries it.
        path: &'static str,
        /// The identifier's system.
        system: String,
        /// The identifier's value.
        value: String,
    },
    /// The same person as the resource that this reference points at.
    Through(Reference<'d>),
    /// Nobody's: organisations, workers, places, products.
    Directory,
    /// Nobody's: definitions and vocabulary.
    Definition,
}

/// Finds whose record a resource belongs to. Resolve `urn:` references first: what kind of
/// resource one points at cannot be told from its text.
///
/// # Errors
/// An [`Issue`] that names the element which should name one person: nobody is named, several
/// people are, or the resource is about something that has no record here.
pub fn subject<'d>(document: &'d Document<'_>) -> Result<SubjectRef<'d>, Issue> {
    subject_of(document.resource_type(), document.root())
}

fn subject_of<'d>(name: &'static str, resource: Node<'d>) -> Result<SubjectRef<'d>, Issue> {
    match super::of(name).map_or(Kind::Other, |facts| facts.kind) {
        Kind::Definition => Ok(SubjectRef::Definition),
        Kind::Directory => Ok(SubjectRef::Directory),
        Kind::Person {
            subject_paths,
            through_paths,
        } => {
            let named = Named::read(name, resource, subject_paths);
            named
                .one_person()?
                .map_or_else(|| through(name, resource, &named, through_paths), Ok)
        }
        Kind::Either { subject_paths } => {
            let named = Named::read(name, resource, subject_paths);
            named.one_person()?.map_or_else(|| either(name, &named), Ok)
        }
        Kind::Other => by_rule(name, resource),
    }
}

/// The types with a rule of their own.
fn by_rule<'d>(name: &'static str, resource: Node<'d>) -> Result<SubjectRef<'d>, Issue> {
    let refuse = |details: &str| Err(Issue::error(IssueCode::BusinessRule, details).at(name));
    match name {
        "Patient" => Ok(SubjectRef::Itself),
        "Group" if lists_people(resource) => {
            refuse("a Group that lists people is no one person's record")
        }
        "Group" => Ok(SubjectRef::Directory),
        "Bundle" => bundle(resource),
        "Parameters" => refuse("Parameters are the input of an operation and are not kept"),
        _ => refuse("an OperationOutcome is an answer and is not kept"),
    }
}

fn lists_people(group: Node<'_>) -> bool {
    let kind = group.text_at("type");
    matches!(kind.as_deref(), Some("person" | "practitioner")) && group.member("member").is_some()
}

/// A bundle that is kept (a document, a collection) belongs to the one person that its entries
/// are about; entries that are nobody's go along.
fn bundle<'d>(bundle: Node<'d>) -> Result<SubjectRef<'d>, Issue> {
    let kind = bundle.text_at("type").unwrap_or_default();
    if !matches!(&*kind, "document" | "collection" | "message") {
        let details = "only a document, a message or a collection is kept as a Bundle; \
                       send others to the base URL or entry by entry";
        return Err(Issue::error(IssueCode::BusinessRule, details).at("Bundle.type"));
    }
    let mut found: Option<SubjectRef<'d>> = None;
    let mut nobodys = SubjectRef::Definition;
    let (mut patients, mut is_personal) = (0, false);
    for resource in bundle.all("entry.resource") {
        match subject_of(entry_type(resource)?, resource)? {
            SubjectRef::Definition => {}
            SubjectRef::Directory => nobodys = SubjectRef::Directory,
            // The bundle's own copies: its other entries say who the person is.
            SubjectRef::Itself => patients += 1,
            SubjectRef::Through(_) => is_personal = true,
            person => match &found {
                Some(before) if !before.same_as(&person) => return Err(several("Bundle.entry")),
                _ => found = Some(person),
            },
        }
    }
    match found {
        _ if patients > 1 => Err(several("Bundle.entry")),
        None if is_personal || patients == 1 => Err(nobody("Bundle.entry", None)),
        found => Ok(found.unwrap_or(nobodys)),
    }
}

fn entry_type(resource: Node<'_>) -> Result<&'static str, Issue> {
    let name = resource.text_at("resourceType").unwrap_or_default();
    let facts = super::of(&name).filter(|facts| facts.name != "Bundle");
    facts.map(|facts| facts.name).ok_or_else(|| {
        let details = "an entry's resourceType is missing or not one that a Bundle may hold";
        Issue::error(IssueCode::Structure, details).at("Bundle.entry.resource")
    })
}

impl SubjectRef<'_> {
    /// Whether two references name one person as far as their text can tell.
    fn same_as(&self, other: &SubjectRef<'_>) -> bool {
        match (self, other) {
            (Self::Person(one), SubjectRef::Person(two)) => one.text == two.text,
            (
                Self::Identified { system, value, .. },
                SubjectRef::Identified {
                    system: system2,
                    value: value2,
                    ..
                },
            ) => system == system2 && value == value2,
            _ => false,
        }
    }
}

/// What the subject elements of a resource name.
struct Named<'d> {
    links: Vec<Reference<'d>>,
    identified: Vec<(&'static str, String, String)>,
    /// Whether somebody or something is named in words only.
    in_words: bool,
}

impl<'d> Named<'d> {
    fn read(name: &str, resource: Node<'d>, paths: &'static [&'static str]) -> Self {
        let mut named = Self {
            links: Vec::new(),
            identified: Vec::new(),
            in_words: false,
        };
        for path in paths {
            resource.each(path, &mut |node| {
                named.take(format!("{name}.{path}"), path, node);
            });
            if named.links.iter().any(may_be_person) {
                break;
            }
        }
        named
    }

    fn take(&mut self, full_path: String, path: &'static str, node: Node<'d>) {
        if let Some(target) = node.member("reference") {
            self.links.push(references::read(full_path, node, target));
            return;
        }
        let declared = node.text_at("type");
        let is_nobody = declared
            .as_deref()
            .and_then(super::of)
            .is_some_and(is_nobodys);
        let value = node.text_at("identifier.value");
        match (declared.as_deref(), value) {
            (None | Some("Patient"), Some(value)) => {
                let system = node.text_at("identifier.system").unwrap_or_default();
                self.identified
                    .push((path, system.into_owned(), value.into_owned()));
            }
            _ => self.in_words |= !is_nobody,
        }
    }

    /// The one person named; `None` if nobody is.
    fn one_person(&self) -> Result<Option<SubjectRef<'d>>, Issue> {
        let mut people = self.links.iter().filter(|link| may_be_person(link));
        let Some(first) = people.next() else {
            return Ok(self.identified.first().map(|(path, system, value)| {
                SubjectRef::Identified {
                    path,
                    system: system.clone(),
                    value: value.clone(),
                }
            }));
        };
        match people.find(|other| other.text != first.text) {
            Some(other) => Err(several(&other.path)),
            None => Ok(Some(SubjectRef::Person(first.clone()))),
        }
    }
}

/// Whether a reference names a Patient, or may: a `urn:` does not say.
fn may_be_person(reference: &Reference<'_>) -> bool {
    reference.rtype() == Some("Patient") || reference.kind == ReferenceKind::Urn
}

fn is_nobodys(facts: &super::TypeFacts) -> bool {
    matches!(facts.kind, Kind::Directory | Kind::Definition)
}

/// A type that may be directory is so only if all that it names is: a device worn by someone who
/// is named in words alone must not become readable to everyone.
fn either<'d>(name: &'static str, named: &Named<'d>) -> Result<SubjectRef<'d>, Issue> {
    let is_nobodys =
        |link: &Reference<'_>| link.rtype().and_then(super::of).is_some_and(is_nobodys);
    match named.links.iter().find(|link| !is_nobodys(link)) {
        None if !named.in_words => Ok(SubjectRef::Directory),
        Some(link) if belongs_to_someone(link) => Ok(SubjectRef::Through(link.clone())),
        link => Err(nobody(&super::subject_element(name), link)),
    }
}

fn belongs_to_someone(link: &Reference<'_>) -> bool {
    let facts = link.rtype().and_then(super::of);
    facts.is_some_and(|facts| matches!(facts.kind, Kind::Person { .. } | Kind::Either { .. }))
}

/// Follows a reference to another record of the same person.
fn through<'d>(
    name: &'static str,
    resource: Node<'d>,
    named: &Named<'d>,
    through_paths: &'static [&'static str],
) -> Result<SubjectRef<'d>, Issue> {
    let by_way = Named::read(name, resource, through_paths);
    let mut links = named.links.iter().chain(&by_way.links);
    if let Some(link) = links.find(|link| belongs_to_someone(link)) {
        return Ok(SubjectRef::Through(link.clone()));
    }
    Err(nobody(&super::subject_element(name), named.links.first()))
}

fn nobody(element: &str, link: Option<&Reference<'_>>) -> Issue {
    let details: Cow<'static, str> = match link.map(|link| (&link.kind, link.rtype())) {
        None => "this element must say which Patient the resource is about".into(),
        Some((ReferenceKind::Contained, _)) => {
            "this points inside the resource: refer to a Patient by id or identifier".into()
        }
        Some((_, Some(rtype))) => {
            format!("this names a {rtype}: a record must be about one Patient").into()
        }
        Some(_) => "this must be a reference to a Patient".into(),
    };
    Issue::error(IssueCode::Required, details).at(element)
}

fn several(element: &str) -> Issue {
    let details = "this names several people: a record must be about one Patient";
    Issue::error(IssueCode::BusinessRule, details).at(element)
}

#[cfg(test)]
mod tests;
