//! References: a contributor's own ids, `urn:`s of a bundle and searches become ids of ours.

use std::ops::Range;

use domain::ResourceId;
use fhir::references::{Reference, ReferenceKind};
use fhir::{Document, Issue, IssueCode};
use policy::Internal;

use super::draft::Draft;
use crate::Error;

/// What a resource's references became.
pub(super) struct Resolved {
    /// The new text of each reference that changes, by its place in the document.
    pub edits: Vec<(Range<usize>, String)>,
    /// Every Patient that is named.
    patients: Vec<ResourceId>,
}

impl Resolved {
    /// The document with its references resolved.
    pub(super) fn applied(&self, document: &Document<'_>) -> Vec<u8> {
        let edits = self.edits.iter().map(|(at, with)| fhir::splice::Edit {
            at: at.clone(),
            with: with.clone().into_bytes(),
        });
        fhir::splice::Edits::new(edits.collect()).apply(document.bytes())
    }

    /// The Patients named who are not the subject.
    pub(super) fn others(&self, subject: Option<ResourceId>) -> Vec<ResourceId> {
        self.patients
            .iter()
            .copied()
            .filter(|patient| Some(*patient) != subject)
            .collect()
    }
}

/// Resolves every reference of a document. A literal reference need not be there yet; a search
/// must find exactly one.
pub(super) async fn references(
    draft: &mut Draft<'_>,
    document: &Document<'_>,
) -> Result<Resolved, Error> {
    let mut resolved = Resolved {
        edits: Vec::new(),
        patients: Vec::new(),
    };
    for reference in fhir::references::references(document) {
        let target = match &reference.kind {
            ReferenceKind::Literal { .. } => literal(draft, &reference),
            ReferenceKind::Conditional { rtype, query } => {
                Some(conditional(draft, rtype, query, &reference.path).await?)
            }
            ReferenceKind::Urn => draft.urns.get(reference.text.as_ref()).copied(),
            ReferenceKind::Malformed => return Err(Error::invalid(malformed(&reference))),
            ReferenceKind::Contained | ReferenceKind::Absolute { .. } => None,
        };
        let Some((resource_type, id)) = target else {
            continue;
        };
        if resource_type == "Patient" {
            resolved.patients.push(id);
        }
        let version = match &reference.kind {
            ReferenceKind::Literal {
                version: Some(version),
                ..
            } => format!("/_history/{version}"),
            _ => String::new(),
        };
        let text = format!("{resource_type}/{id}{version}");
        if text != reference.text {
            resolved.edits.push((reference.value.clone(), text));
        }
    }
    Ok(resolved)
}

/// What a literal reference points at, in our ids. Which ids are ours is told by their looks
/// alone, never by looking them up: what exists must not show.
pub(super) fn literal(
    draft: &Draft<'_>,
    reference: &Reference<'_>,
) -> Option<(&'static str, ResourceId)> {
    match &reference.kind {
        ReferenceKind::Literal { rtype, id, .. } => Some((rtype, draft.own_id(rtype, id))),
        _ => None,
    }
}

/// `Type?identifier=system|value`, among what this agency itself contributed.
async fn conditional(
    draft: &mut Draft<'_>,
    resource_type: &'static str,
    query: &str,
    path: &str,
) -> Result<(&'static str, ResourceId), Error> {
    let refuse = |details: &str| Error::invalid(Issue::error(IssueCode::Value, details).at(path));
    let pairs = fhir::search::pairs(query);
    let [(name, value)] = pairs.as_slice() else {
        return Err(refuse(
            "a conditional reference is resolved by one identifier: Type?identifier=system|value",
        ));
    };
    let (system, code) = value.split_once('|').unwrap_or(("", value));
    if name != "identifier" || code.is_empty() {
        return Err(refuse(
            "a conditional reference is resolved by one identifier: Type?identifier=system|value",
        ));
    }
    match by_identifier(draft, resource_type, system, code).await? {
        Some(id) => Ok((resource_type, id)),
        None => Err(refuse(
            "nothing that your agency contributed has this identifier",
        )),
    }
}

/// The one resource of this agency that carries an identifier.
pub(super) async fn by_identifier(
    draft: &mut Draft<'_>,
    resource_type: &'static str,
    system: &str,
    value: &str,
) -> Result<Option<ResourceId>, Error> {
    let key = (resource_type, system.to_owned(), value.to_owned());
    if let Some(id) = draft.identified.get(&key) {
        return Ok(Some(*id));
    }
    let mut found = draft
        .snapshot
        .by_identifier(
            Internal::Deriving,
            &draft.custodian,
            resource_type,
            system,
            value,
        )
        .await?;
    if !draft.for_agency {
        found = known(draft, resource_type, found).await?;
    }
    match found.as_slice() {
        [] => Ok(None),
        [id] => {
            draft.identified.insert(key, *id);
            Ok(Some(*id))
        }
        _ => {
            let details = "several resources that your agency contributed have this identifier";
            Err(Error::invalid(Issue::error(
                IssueCode::MultipleMatches,
                details,
            )))
        }
    }
}

/// Those of which the caller may know.
async fn known(
    draft: &mut Draft<'_>,
    resource_type: &'static str,
    found: Vec<ResourceId>,
) -> Result<Vec<ResourceId>, Error> {
    let mut known = Vec::with_capacity(found.len());
    for id in found {
        if let Some(located) = draft.snapshot.locate(resource_type, &id).await?
            && draft.knows(id, &located).await?
        {
            known.push(id);
        }
    }
    Ok(known)
}

fn malformed(reference: &Reference<'_>) -> Issue {
    let details = "a reference is `Type/id`, `Type?identifier=system|value`, `#contained`, a `urn:` of the same bundle or a whole address";
    Issue::error(IssueCode::Value, details)
        .at(reference.path.clone())
        .found(&reference.text)
}
