//! Profiles: what agencies have agreed to say beyond FHIR itself
//! (<https://hl7.org/fhir/R4/profiling.html>).
//!
//! A profile is read once from its StructureDefinition's snapshot into a tree of rules; a resource
//! is then held against the tree. What of a profile is not looked at is said with every answer.

mod check;
mod read;
mod rule;
mod sets;
mod slices;
#[cfg(test)]
mod tests;
mod value;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::document::{Document, Limits, Node, parse};
use crate::outcome::{Issue, IssueCode, Severity};
use rule::Profile;
use sets::Sets;

/// Snapshots of profiles are deeper and longer than what people are sent.
const LIMITS: Limits = Limits {
    depth: 128,
    bytes: usize::MAX,
};

/// The profiles that an exchange knows, with their value sets.
#[derive(Debug, Default)]
pub struct Profiles {
    by_url: BTreeMap<String, Profile>,
    sets: Sets,
}

/// What is wrong with a file of profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// The file.
    pub file: String,
    /// Where in it, and what.
    pub issue: Issue,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.issue)
    }
}

impl std::error::Error for LoadError {}

impl Profiles {
    /// Reads files as (name, bytes): StructureDefinitions that constrain a type, and ValueSets. What
    /// else a published package holds is passed over.
    ///
    /// # Errors
    /// Everything that is wrong, with file and place.
    pub fn load(files: &[(String, Vec<u8>)]) -> Result<Self, Vec<LoadError>> {
        let mut profiles = Self::default();
        let mut wrong = Vec::new();
        for (file, bytes) in files {
            if let Err(issue) = profiles.add(bytes) {
                wrong.push(LoadError {
                    file: file.clone(),
                    issue,
                });
            }
        }
        match wrong.is_empty() {
            true => Ok(profiles),
            false => Err(wrong),
        }
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), Issue> {
        if !is_resource(bytes) {
            return Ok(());
        }
        let document = parse(bytes, &LIMITS)?;
        match document.resource_type() {
            "StructureDefinition" => {
                let Some(profile) = read::profile(&document)? else {
                    return Ok(());
                };
                let url = profile.url.clone();
                if self.by_url.insert(url.clone(), profile).is_some() {
                    let issue = Issue::error(IssueCode::Duplicate, "another file has this profile");
                    return Err(issue.at("StructureDefinition.url").found(&url));
                }
            }
            "ValueSet" => self.sets.add(&document),
            _ => {}
        }
        Ok(())
    }

    /// The profiles of a resource type, by URL.
    pub fn of_type(&self, rtype: &str) -> impl Iterator<Item = &str> {
        let own = self.by_url.values().filter(move |one| one.of == rtype);
        own.map(|profile| profile.url.as_str())
    }

    /// Whether a profile is known, with or without a version in its URL.
    #[must_use]
    pub fn knows(&self, url: &str) -> bool {
        self.get(url).is_some()
    }

    /// The profiles that a resource says it is as, in `meta.profile`, so far as they are known.
    #[must_use]
    pub fn claimed(&self, document: &Document<'_>) -> Vec<String> {
        let claims = document.all("meta.profile");
        let claims = claims.iter().filter_map(Node::as_str);
        let known = claims.filter(|url| self.knows(url));
        known.map(Cow::into_owned).collect()
    }

    fn get(&self, url: &str) -> Option<&Profile> {
        let (bare, version) = url.split_once('|').unwrap_or((url, ""));
        let found = self.by_url.get(bare)?;
        (version.is_empty() || version == found.version).then_some(found)
    }

    /// What is wrong with a resource by a profile, and what of the profile was not looked at.
    #[must_use]
    pub fn check(&self, document: &Document<'_>, url: &str) -> Vec<Issue> {
        let Some(profile) = self.get(url) else {
            let details = "this profile is not loaded here: CapabilityStatement.rest.resource.supportedProfile names those that are";
            let issue = Issue::error(IssueCode::NotSupported, details).found(url);
            return vec![issue.with_severity(Severity::Warning)];
        };
        if profile.of != document.resource_type() {
            let details = format!("the profile {} is for {}", profile.name, profile.of);
            let issue = Issue::error(IssueCode::Invalid, details);
            return vec![issue.at(document.resource_type())];
        }
        let mut issues = check::check(self, profile, document);
        issues.extend(self.not_looked_at(profile));
        issues
    }

    /// What a profile asks for that is not looked at.
    fn not_looked_at(&self, profile: &Profile) -> Option<Issue> {
        let mut unseen = profile.unseen.clone();
        for set in &profile.bindings {
            if !self.sets.knows(set) {
                unseen.push(format!("the codes of {set}"));
            }
        }
        if unseen.is_empty() {
            return None;
        }
        unseen.sort();
        unseen.dedup();
        let details = format!(
            "not looked at of the profile {}: {}",
            profile.name,
            unseen.join("; ")
        );
        let issue = Issue::error(IssueCode::Informational, details);
        Some(issue.with_severity(Severity::Information))
    }
}

/// Whether bytes are meant for a resource: packages hold lists and settings too.
fn is_resource(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\"resourceType\"").is_some()
}
