//! Reading policies: everything that could go wrong later goes wrong here, with file and line.

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::{
    ActionConstraint, Effect, EntityUid, Policy, PolicyId, PolicySet, Schema, ValidationMode,
    Validator,
};
use domain::Purpose;
use miette::Diagnostic;
use sha2::{Digest, Sha256};

use super::{Cache, CareAreas, Policies, Rule, agreements, cedar};

const SCHEMA: (&str, &str) = (
    "candour.cedarschema",
    include_str!("../../../../policies/lanarkshire/candour.cedarschema"),
);

const CARE_AREAS: &str = "care-areas.toml";

/// The policies that come with the program.
pub(super) const SHIPPED: &[(&str, &str)] = &[
    SCHEMA,
    (
        CARE_AREAS,
        include_str!("../../../../policies/lanarkshire/care-areas.toml"),
    ),
    (
        "care.cedar",
        include_str!("../../../../policies/lanarkshire/care.cedar"),
    ),
    (
        "carers.cedar",
        include_str!("../../../../policies/lanarkshire/carers.cedar"),
    ),
    (
        "housing.cedar",
        include_str!("../../../../policies/lanarkshire/housing.cedar"),
    ),
    (
        "own.cedar",
        include_str!("../../../../policies/lanarkshire/own.cedar"),
    ),
    (
        "protection.cedar",
        include_str!("../../../../policies/lanarkshire/protection.cedar"),
    ),
];

/// Why a folder of policies or rules cannot be put in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {problem}", .line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct LoadError {
    /// The file at fault.
    pub file: String,
    /// The line at fault, counted from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub problem: String,
}

impl LoadError {
    pub(crate) fn new(file: &str, line: Option<usize>, problem: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            problem: problem.into(),
        }
    }

    /// The error of a TOML file.
    pub(crate) fn toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map(|span| line_at(text, span.start));
        Self::new(file, line, error.message())
    }
}

pub(super) fn load<N, T>(files: &[(N, T)]) -> Result<Policies, LoadError>
where
    N: AsRef<str>,
    T: AsRef<str>,
{
    let mut files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_ref(), text.as_ref()))
        .filter(|(name, _)| is_policy_file(name))
        .collect();
    files.sort_unstable();

    let validator = Validator::new(schema(&files)?);
    let (mut policies, mut rules) = (Vec::new(), Vec::new());
    let mut ids = BTreeSet::new();
    for (name, text) in &files {
        if name.ends_with(".cedar") {
            for (policy, rule) in read_file(name, text, &validator, &mut ids)? {
                policies.push(policy);
                rules.push(rule);
            }
        }
    }
    if policies.is_empty() {
        return Err(LoadError::new("*.cedar", None, "there is no policy"));
    }
    Ok(Policies {
        hash: hash(&files),
        buckets: buckets(&policies)?,
        care_areas: care_areas(&files)?,
        agreements: agreements::read(&files)?,
        rules,
        cache: Cache::new(),
    })
}

fn is_policy_file(name: &str) -> bool {
    name.ends_with(".cedar")
        || name.ends_with(".cedarschema")
        || [CARE_AREAS, agreements::AGREEMENTS].contains(&name)
}

/// Our own schema; a folder that carries another is meant for another version of the program.
fn schema(files: &[(&str, &str)]) -> Result<Schema, LoadError> {
    let (ours, text) = SCHEMA;
    for (name, theirs) in files {
        if name.ends_with(".cedarschema") && *theirs != text {
            let problem = format!("this is not the schema of this program ({ours})");
            return Err(LoadError::new(name, None, problem));
        }
    }
    Schema::from_cedarschema_str(text)
        .map(|(schema, _)| schema)
        .map_err(|error| located(ours, text, &error))
}

/// The policies of one file, each under its own `@id`, valid in the strict sense.
fn read_file(
    name: &str,
    text: &str,
    validator: &Validator,
    ids: &mut BTreeSet<String>,
) -> Result<Vec<(Policy, Rule)>, LoadError> {
    let parsed: PolicySet = text.parse().map_err(|error| located(name, text, &error))?;
    let result = validator.validate(&parsed, ValidationMode::Strict);
    if let Some(error) = result.validation_errors().next() {
        return Err(located(name, text, error));
    }
    // A warning is a policy that can never apply or a look-alike letter: neither is meant.
    if let Some(warning) = result.validation_warnings().next() {
        return Err(located(name, text, warning));
    }
    parsed
        .policies()
        .map(|policy| {
            let id = annotation(name, text, policy, "id")?;
            let says = annotation(name, text, policy, "says")?;
            let line = line_of(text, &format!("\"{id}\""));
            if !ids.insert(id.clone()) {
                let problem = format!("two policies have the id `{id}`");
                return Err(LoadError::new(name, line, problem));
            }
            let rule = Rule {
                id: id.clone(),
                file: name.to_owned(),
                line,
                forbids: policy.effect() == Effect::Forbid,
                says,
            };
            Ok((policy.new_id(PolicyId::new(id)), rule))
        })
        .collect()
}

fn annotation(name: &str, text: &str, policy: &Policy, key: &str) -> Result<String, LoadError> {
    match policy.annotation(key) {
        Some(value) if !value.is_empty() => Ok(value.to_owned()),
        _ => {
            let source = policy.to_cedar().unwrap_or_default();
            let line = line_of(text, source.trim());
            Err(LoadError::new(
                name,
                line,
                format!("a policy has no @{key}"),
            ))
        }
    }
}

/// For each purpose, the policies that can bear on it.
fn buckets(policies: &[Policy]) -> Result<BTreeMap<Purpose, PolicySet>, LoadError> {
    Purpose::ALL
        .iter()
        .map(|purpose| {
            let bearing = policies.iter().filter(|policy| bears_on(policy, *purpose));
            let bucket = PolicySet::from_policies(bearing.cloned())
                .map_err(|error| LoadError::new("*.cedar", None, error.to_string()))?;
            Ok((*purpose, bucket))
        })
        .collect()
}

fn bears_on(policy: &Policy, purpose: Purpose) -> bool {
    let own = cedar::action(purpose);
    let is_lineage = |named: &EntityUid| {
        std::iter::successors(Some(purpose), |purpose| purpose.parent())
            .any(|ancestor| cedar::action(ancestor).as_ref() == Some(named))
    };
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::Eq(named) => own == Some(named),
        ActionConstraint::In(named) => named.iter().any(is_lineage),
    }
}

fn care_areas(files: &[(&str, &str)]) -> Result<CareAreas, LoadError> {
    let text = files
        .iter()
        .find_map(|(name, text)| (*name == CARE_AREAS).then_some(*text))
        .ok_or_else(|| LoadError::new(CARE_AREAS, None, "the file is missing"))?;
    toml::from_str(text).map_err(|error| LoadError::toml(CARE_AREAS, text, &error))
}

/// Over names, lengths and texts, so that no two folders of different meaning are equal.
fn hash(files: &[(&str, &str)]) -> String {
    let mut hasher = Sha256::new();
    for part in files.iter().flat_map(|(name, text)| [name, text]) {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn located(file: &str, text: &str, error: &dyn Diagnostic) -> LoadError {
    let offset = error.labels().and_then(|mut labels| labels.next());
    let line = offset.map(|label| line_at(text, label.offset()));
    LoadError::new(file, line, error.to_string())
}

fn line_of(text: &str, needle: &str) -> Option<usize> {
    text.rfind(needle).map(|offset| line_at(text, offset))
}

pub(super) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    before.matches('\n').count() + 1
}
