//! What a reference points at, told by its text.

use std::borrow::Cow;

use crate::document::is_id;
use crate::types;

/// What a reference points at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferenceKind<'d> {
    /// `Type/id` or `Type/id/_history/version`.
    Literal {
        /// The resource type.
        rtype: &'static str,
        /// The id.
        id: Cow<'d, str>,
        /// The version, if the reference names one.
        version: Option<Cow<'d, str>>,
    },
    /// `Type?query`, to be resolved by search when the resource is written.
    Conditional {
        /// The resource type.
        rtype: &'static str,
        /// The query, still percent-encoded.
        query: Cow<'d, str>,
    },
    /// `urn:uuid:...` or `urn:oid:...`: another entry of the same bundle.
    Urn,
    /// `#id`: a contained resource; `#` is the container itself.
    Contained,
    /// A whole URL: a resource elsewhere, or here if the base is ours.
    Absolute {
        /// What stands before `Type/id`, without the slash; the whole URL if nothing does.
        base: Cow<'d, str>,
        /// The resource type and id, where the URL ends in them.
        target: Option<(&'static str, Cow<'d, str>)>,
    },
    /// None of these.
    Malformed,
}

/// Sorts the text of a reference into its kind.
#[must_use]
pub fn classify(text: Cow<'_, str>) -> ReferenceKind<'_> {
    match text {
        Cow::Borrowed(text) => classify_str(text),
        Cow::Owned(text) => owned(classify_str(&text)),
    }
}

fn classify_str(text: &str) -> ReferenceKind<'_> {
    if text.starts_with('#') {
        return ReferenceKind::Contained;
    }
    if text.starts_with("urn:uuid:") || text.starts_with("urn:oid:") {
        return ReferenceKind::Urn;
    }
    // Before looking for a URL: the query may hold one, as the system of an identifier.
    if let Some((name, query)) = text.split_once('?')
        && let Some(facts) = types::of(name)
    {
        return match query {
            "" => ReferenceKind::Malformed,
            query => ReferenceKind::Conditional {
                rtype: facts.name,
                query: Cow::Borrowed(query),
            },
        };
    }
    if let Some(place) = text.find("://") {
        return absolute(text, place + 3);
    }
    let (target, version) = match text.split_once("/_history/") {
        Some((target, version)) => (target, Some(version)),
        None => (text, None),
    };
    let Some((name, id)) = target.split_once('/') else {
        return ReferenceKind::Malformed;
    };
    match types::of(name) {
        Some(facts) if is_id(id) && version.is_none_or(is_id) => ReferenceKind::Literal {
            rtype: facts.name,
            id: Cow::Borrowed(id),
            version: version.map(Cow::Borrowed),
        },
        _ => ReferenceKind::Malformed,
    }
}

fn absolute(text: &str, host: usize) -> ReferenceKind<'_> {
    let target = text
        .split_once("/_history/")
        .map_or(text, |(target, _)| target);
    let parts = target.rsplit_once('/').and_then(|(rest, id)| {
        let (base, name) = rest.rsplit_once('/')?;
        let facts = types::of(name).filter(|_| base.len() > host && is_id(id))?;
        Some((base, facts.name, id))
    });
    match parts {
        Some((base, rtype, id)) => ReferenceKind::Absolute {
            base: Cow::Borrowed(base),
            target: Some((rtype, Cow::Borrowed(id))),
        },
        None => ReferenceKind::Absolute {
            base: Cow::Borrowed(text),
            target: None,
        },
    }
}

fn owned(kind: ReferenceKind<'_>) -> ReferenceKind<'static> {
    let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    match kind {
        ReferenceKind::Literal { rtype, id, version } => ReferenceKind::Literal {
            rtype,
            id: own(id),
            version: version.map(own),
        },
        ReferenceKind::Conditional { rtype, query } => ReferenceKind::Conditional {
            rtype,
            query: own(query),
        },
        ReferenceKind::Absolute { base, target } => ReferenceKind::Absolute {
            base: own(base),
            target: target.map(|(rtype, id)| (rtype, own(id))),
        },
        ReferenceKind::Urn => ReferenceKind::Urn,
        ReferenceKind::Contained => ReferenceKind::Contained,
        ReferenceKind::Malformed => ReferenceKind::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> ReferenceKind<'_> {
        classify(Cow::Borrowed(text))
    }

    #[test]
    fn each_kind_is_told_by_its_text() {
        assert_eq!(
            kind("Patient/p1/_history/2"),
            ReferenceKind::Literal {
                rtype: "Patient",
                id: "p1".into(),
                version: Some("2".into())
            }
        );
        assert_eq!(
            kind("Location?identifier=https://github.com/x|1"),
            ReferenceKind::Conditional {
                rtype: "Location",
                query: "identifier=https://github.com/x|1".into()
            }
        );
        assert_eq!(
            kind("https://x.example/fhir/Patient/p1"),
            ReferenceKind::Absolute {
                base: "https://x.example/fhir".into(),
                target: Some(("Patient", "p1".into()))
            }
        );
        assert_eq!(
            kind("https://x.example/page?Patient/p1"),
            ReferenceKind::Absolute {
                base: "https://x.example/page?Patient/p1".into(),
                target: None
            }
        );
        assert_eq!(kind("urn:uuid:1"), ReferenceKind::Urn);
        assert_eq!(kind("#doctor"), ReferenceKind::Contained);
        for text in [
            "Patient",
            "Patient/",
            "Patient/a b",
            "Patientt/1",
            "Patient?",
            "Dr Reid",
            "/Patient/1",
        ] {
            assert_eq!(kind(text), ReferenceKind::Malformed, "{text}");
        }
    }
}
