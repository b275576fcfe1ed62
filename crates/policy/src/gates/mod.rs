//! The gates, highest first (decisions.md 5.3). Each looks at the request as a whole, at each
//! label class, or both; the first that speaks decides, and all are asked, so that an auditor sees
//! what would have happened without it.

pub(crate) mod bars;
pub(crate) mod defaults;
pub(crate) mod duty;
pub(crate) mod emergency;
pub(crate) mod integrity;
pub(crate) mod local;
pub(crate) mod objections;
pub(crate) mod own_record;

use std::sync::Arc;

use domain::{LabelClass, Sensitivity};

use crate::case::Case;
use crate::decision::{Counterfactual, Gate, GateRuling, Ground, Visibility};
use crate::relationship::Standing;

/// What a gate makes of a request as a whole.
pub(crate) enum Finding {
    Silent,
    Refuses(Refusal),
    Admits(Footing),
}

/// A refusal of the whole request.
pub(crate) struct Refusal {
    pub ground: Ground,
    pub visibility: Visibility,
    pub counterfactuals: Vec<Counterfactual>,
}

impl Refusal {
    /// The refusal that looks like the answer for a person who does not exist.
    pub fn hidden(ground: Ground) -> Self {
        Self {
            ground,
            visibility: Visibility::Hidden,
            counterfactuals: Vec::new(),
        }
    }

    /// A refusal that says why, and what would change it.
    pub fn open(ground: Ground, counterfactuals: Vec<Counterfactual>) -> Self {
        Self {
            ground,
            visibility: Visibility::Open,
            counterfactuals,
        }
    }
}

/// On what footing a request is decided class by class.
#[derive(Debug, Clone)]
pub(crate) enum Footing {
    /// The person reads their own record.
    OwnRecord,
    /// Someone clinical acts to save life or limb.
    Emergency(Vec<Standing>),
    /// Someone protects a child or an adult at risk.
    Protection(Vec<Standing>),
    /// Someone involved gives care or a service.
    Care(Vec<Standing>),
    /// Nothing above determines it: each holder decides about its own part.
    Holders(Vec<Standing>),
}

impl Footing {
    /// Its name in an auditor's list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OwnRecord => "own-record",
            Self::Emergency(_) => "emergency",
            Self::Protection(_) => "protection",
            Self::Care(_) => "care",
            Self::Holders(_) => "holders",
        }
    }

    /// How the caller is involved.
    pub fn standings(&self) -> &[Standing] {
        match self {
            Self::OwnRecord => &[],
            Self::Emergency(standings)
            | Self::Protection(standings)
            | Self::Care(standings)
            | Self::Holders(standings) => standings,
        }
    }

    /// Whether an event proves that the caller is involved.
    pub fn is_evidenced(&self) -> bool {
        self.standings()
            .iter()
            .any(|standing| standing.is_evidenced())
    }
}

/// What becomes of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Open; by this local policy, if one decided.
    Open(Option<Arc<str>>),
    /// Not shared; because of this sensitivity, if one decided.
    Withheld(Ground, Option<Sensitivity>),
    /// Its holder decides.
    Referred(Refer),
}

/// That a holder must decide about a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refer {
    pub ground: Ground,
    pub due_seconds: i64,
    pub missing: Missing,
}

/// What is missing for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// The holder's own judgement that protecting someone needs it.
    ProtectionJudgement,
    /// Somebody's reading of a permission that the exchange does not understand.
    UnreadPermission,
    /// The holder's own judgement that it may lawfully be shared for this purpose.
    HolderJudgement,
    /// A local policy that can be evaluated.
    SoundPolicy,
}

/// Asks every gate about the request as a whole, in order.
pub(crate) fn about_request(case: &Case<'_>) -> [(Gate, Finding); 8] {
    [
        (Gate::Integrity, integrity::find(case)),
        (Gate::Bars, bars::find(case)),
        (Gate::Duty, duty::find(case)),
        (Gate::Emergency, emergency::find(case)),
        (Gate::OwnRecord, own_record::find(case)),
        (Gate::Objections, objections::find(case)),
        (Gate::Local, local::find(case)),
        (Gate::Defaults, defaults::find(case)),
    ]
}

/// Asks the gates about one class, in order; the first that speaks decides.
pub(crate) fn about_class(
    case: &Case<'_>,
    footing: &Footing,
    class: &LabelClass,
) -> (Gate, Verdict) {
    let asked: [(Gate, ClassGate); 4] = [
        (Gate::Duty, duty::class),
        (Gate::Emergency, emergency::class),
        (Gate::OwnRecord, own_record::class),
        (Gate::Objections, objections::class),
    ];
    asked
        .into_iter()
        .find_map(|(gate, ask)| Some((gate, ask(case, footing, class)?)))
        .unwrap_or_else(|| policy_and_defaults(case, footing, class))
}

type ClassGate = fn(&Case<'_>, &Footing, &LabelClass) -> Option<Verdict>;

/// The last two gates: what local policy opens, the defaults may still hold back.
pub(crate) fn policy_and_defaults(
    case: &Case<'_>,
    footing: &Footing,
    class: &LabelClass,
) -> (Gate, Verdict) {
    match local::class(case, footing, class) {
        Ok(policy) => (
            Gate::Defaults,
            defaults::class(case, footing, class, policy),
        ),
        Err(verdict) => (Gate::Local, verdict),
    }
}

impl Finding {
    /// What an auditor reads of it.
    pub fn ruling(&self) -> GateRuling {
        match self {
            Self::Silent => GateRuling::Silent,
            Self::Admits(footing) => GateRuling::Admits(footing.code()),
            Self::Refuses(refusal) => GateRuling::Refuses(vec![refusal.ground]),
        }
    }
}
