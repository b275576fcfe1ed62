//! A holder's own refusal, and whether it is one.
//!
//! There has to be a good reason not to share. The closed grounds are good reasons; "GDPR",
//! "confidential", "policy", "IT" and "no consent" are none. Against the person, somebody who acts
//! for them, or a statutory requirement, the whole form is needed; towards a colleague, a ground.

use domain::Moment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::decision::{Answer, Ground};

/// What the law says to whoever does not give what an officer requires.
const OFFENCE: &str = "to refuse without reasonable excuse is an offence (Adult Support and Protection (Scotland) Act \
     2007 s.49)";
/// What a holder may do in place of a refusal that is none.
const UNDER_REQUIREMENT: &str = "give part; ask the reader to come and read the records with you; or state a reasonable \
     excuse: its ground, who decided and on which day. To refuse without one is an offence (Adult Support and Protection \
     (Scotland) Act 2007 s.49)";

/// Against whom a refusal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RefusedParty {
    /// A colleague of another agency.
    Worker,
    /// The person.
    Person,
    /// Somebody who acts for the person.
    Representative,
    /// An officer, under a statutory requirement.
    Requirement,
}

/// A refusal as somebody filled it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RefusalForm {
    /// Against whom.
    pub against: RefusedParty,
    /// The ground as it was given: a code `R01` to `R20`, or whatever was typed.
    pub ground: String,
    /// What harm would come from sharing.
    pub harm_if_shared: Option<String>,
    /// What harm would come from not sharing.
    pub harm_if_not_shared: Option<String>,
    /// Who decided, and in what role.
    pub decider: Option<String>,
    /// When it is reviewed.
    pub review_on: Option<Moment>,
}

/// What becomes of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusalRuling {
    /// Whether it stands as a refusal.
    pub accepted: bool,
    /// The ground, if it is one.
    pub ground: Option<&'static str>,
    /// Why it does not stand, or what follows.
    pub words: Vec<String>,
}

/// Checks a refusal against the closed grounds, the form, and what was decided from the facts.
#[must_use]
pub fn check(form: &RefusalForm, answer: Answer, grounds: &[Ground]) -> RefusalRuling {
    let Some(ground) = Ground::ALL
        .iter()
        .find(|ground| ground.code() == form.ground.trim())
    else {
        let mut words = vec![why_not(&form.ground)];
        if form.against == RefusedParty::Requirement {
            words.push(UNDER_REQUIREMENT.to_owned());
        }
        return rejected(None, words);
    };
    let lacking = lacking(form);
    if !lacking.is_empty() {
        let fields = lacking.join(", ");
        return rejected(
            Some(*ground),
            vec![format!("the form is not complete: {fields}")],
        );
    }
    if answer == Answer::Permit {
        return rejected(
            Some(*ground),
            vec![format!(
                "the facts do not bear it out: {} was given, and all of it may be shared",
                ground.code()
            )],
        );
    }
    if answer == Answer::PermitPart && !grounds.contains(ground) {
        return rejected(
            Some(*ground),
            vec![format!(
                "the facts do not bear out {}: part may be shared, and that part is due",
                ground.code()
            )],
        );
    }
    let mut words = vec![ground.words().to_owned()];
    if form.against == RefusedParty::Requirement {
        words.push(OFFENCE.to_owned());
    }
    RefusalRuling {
        accepted: true,
        ground: Some(ground.code()),
        words,
    }
}

impl Ground {
    /// Whether it is about whoever asks, which the exchange has proven: a holder who gives it
    /// against what is proven is mistaken. The other grounds a holder may know of although no fact
    /// in the exchange speaks of them.
    #[must_use]
    pub fn is_about_asker(self) -> bool {
        matches!(
            self,
            Self::Unverified
                | Self::NoRelationship
                | Self::PurposeIncompatible
                | Self::NoLawfulBasis
                | Self::NoPower
                | Self::NoAgreement
        )
    }

    /// Whether it binds a holder who would share: the word of the person or of the law, over which
    /// nobody passes in one tap (decisions.md 5.3, gates 1 and 5).
    #[must_use]
    pub fn binds_holder(self) -> bool {
        matches!(
            self,
            Self::Objected
                | Self::EarlierWish
                | Self::Locked
                | Self::ForbiddenByLaw
                | Self::ChildRefuses
                | Self::Deceased
        )
    }
}

fn rejected(ground: Option<Ground>, words: Vec<String>) -> RefusalRuling {
    RefusalRuling {
        accepted: false,
        ground: ground.map(Ground::code),
        words,
    }
}

/// What the whole form needs; towards a colleague nothing but a ground.
fn lacking(form: &RefusalForm) -> Vec<&'static str> {
    if form.against == RefusedParty::Worker {
        return Vec::new();
    }
    let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let fields = [
        ("harm-if-shared", said(&form.harm_if_shared)),
        ("harm-if-not-shared", said(&form.harm_if_not_shared)),
        ("decider", said(&form.decider)),
        ("review-on", form.review_on.is_some()),
    ];
    fields
        .into_iter()
        .filter_map(|(field, there)| (!there).then_some(field))
        .collect()
}

/// Why what was typed is no ground, in the words of whoever must choose another.
fn why_not(typed: &str) -> String {
    let typed = typed.trim();
    let said = typed.to_lowercase();
    let why = if said.contains("gdpr") || said.contains("data protection") {
        "data protection law says how information is shared, not that it is not"
    } else if said.contains("confidential") {
        "a duty of confidence has ways through it; say which of them is missing"
    } else if said.contains("consent") {
        "consent is one basis of several, and seldom the one that care or protection rests on"
    } else if said.contains("agreement") {
        "care and emergencies need no agreement; a routine feed without one is R15"
    } else if said.contains("policy") {
        "a local policy is no reason of its own; say what it protects"
    } else if said
        .split_whitespace()
        .any(|word| word == "it" || word == "system" || word == "it.")
    {
        "what a system cannot do is told by telephone"
    } else if said.contains("distress") || said.contains("upset") || said.contains("embarrass") {
        "distress is not serious harm; R09 needs an opinion with author and date"
    } else {
        "it is none of the closed grounds R01 to R20"
    };
    format!(
        "`{typed}` is not a ground: {why}; choose one, give part, name whom to ring, or ask for more"
    )
}
