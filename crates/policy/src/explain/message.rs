//! Messages: which sentence, and what it speaks of, before any language.

use domain::{Assurance, Category, Purpose, Role};

use super::Line;
use crate::decision::{GateRuling, Obligation};
use crate::{Answer, Decision, Ground, Request, Telling, Visibility};

/// A sentence before it is put into words.
#[derive(Debug, Clone, Copy)]
pub enum Message<'a> {
    /// What was decided, to whoever asked.
    ToPractitioner(&'a Said),
    /// What was decided, to the person whose record it is.
    ToPerson(&'a Said),
    /// What was decided and how, to whoever checks.
    ToAuditor(&'a Said, &'a Report),
    /// One event in the person's account.
    InAccount(&'a Line),
}

impl Message<'_> {
    /// The message's id, the same in every language.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::ToPractitioner(_) => "decision.practitioner",
            Self::ToPerson(_) => "decision.person",
            Self::ToAuditor(..) => "decision.auditor",
            Self::InAccount(_) => "account.line",
        }
    }
}

/// What a decision says, with names looked up: what, with whom, when, why, for what purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of a decision, see there")]
pub struct Said {
    /// Whether the person asked for their own record.
    pub is_person: bool,
    pub name: String,
    pub role: Option<Role>,
    pub organisation: Option<String>,
    pub when: String,
    pub purpose: Purpose,
    pub answer: Answer,
    pub visibility: Visibility,
    pub opened: Vec<Category>,
    pub told: Vec<Telling>,
    pub because: Option<&'static str>,
    pub since: Option<String>,
    pub grounds: Vec<Ground>,
    /// What stays back, on what ground, and the agency that holds it.
    pub withheld: Vec<(Category, Ground, String)>,
    /// Who decides about what, by when, and what is missing.
    pub referrals: Vec<Sent>,
    pub counterfactuals: Vec<String>,
    pub obligations: Vec<Obligation>,
}

/// That somebody decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Their name.
    pub to: String,
    /// Within how many seconds; a working day counted as a calendar day.
    pub seconds: i64,
    /// What is missing for their decision.
    pub missing: String,
    /// About what; empty if about the request as such.
    pub about: Vec<Category>,
}

/// What an auditor needs beyond the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    assurance: Assurance,
    gates: Vec<(String, String)>,
    classes: usize,
    open: usize,
    decided: Vec<String>,
    basis: Option<String>,
    versions: [String; 3],
}

impl Report {
    /// Gathers it from the decision.
    #[must_use]
    pub fn of(decision: &Decision, request: &Request) -> Self {
        let gates = decision.findings.iter().filter_map(|finding| {
            let ruling = match &finding.ruling {
                GateRuling::Silent => return None,
                GateRuling::Admits(footing) => format!("admits ({footing})"),
                GateRuling::Refuses(grounds) => format!("refuses ({})", codes(grounds)),
                GateRuling::Refers(ground) => format!("refers ({})", ground.code()),
            };
            Some((format!("{:?}", finding.gate), ruling))
        });
        let decided = decision.outcomes.iter().map(|outcome| {
            let by = outcome.policy.as_deref().unwrap_or("law");
            match outcome.ground {
                None => format!("class {} open by {by}", outcome.class.0),
                Some(ground) => {
                    let class = outcome.class.0;
                    format!(
                        "class {class} not open, {} at {:?}",
                        ground.code(),
                        outcome.gate
                    )
                }
            }
        });
        let hex = |digest: &[u8]| digest.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            assurance: request.caller.assurance,
            gates: gates.collect(),
            classes: decision.outcomes.len(),
            open: decision
                .outcomes
                .iter()
                .filter(|outcome| outcome.open)
                .count(),
            decided: decided.collect(),
            basis: decision.basis.as_ref().map(|basis| {
                let article_9 = basis.article_9.unwrap_or("-");
                let (six, confidence) = (basis.article_6, basis.confidence);
                format!("{six}, {article_9}, {confidence} ({})", basis.authority)
            }),
            versions: [
                decision.rules_version.to_owned(),
                decision.policy_hash.clone(),
                hex(&decision.facts_digest),
            ],
        }
    }

    /// How surely the caller was identified.
    #[must_use]
    pub fn assurance(&self) -> Assurance {
        self.assurance
    }

    /// Which gates spoke, and what each would have done.
    #[must_use]
    pub fn gates(&self) -> &[(String, String)] {
        &self.gates
    }

    /// How many classes there were, and how many were opened.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.classes, self.open)
    }

    /// What became of each class.
    #[must_use]
    pub fn decided(&self) -> &[String] {
        &self.decided
    }

    /// The lawful basis, where something was shared.
    #[must_use]
    pub fn basis(&self) -> Option<&str> {
        self.basis.as_deref()
    }

    /// Rules version, policy hash and facts digest.
    #[must_use]
    pub fn versions(&self) -> &[String; 3] {
        &self.versions
    }
}

fn codes(grounds: &[Ground]) -> String {
    let codes: Vec<_> = grounds.iter().map(|ground| ground.code()).collect();
    codes.join(", ")
}
