//! The nine gates, highest first (decisions.md 5.3). Each looks at the request as a whole, at each
//! label class, or both; the first that speaks decides, and all are asked, so that an auditor sees
//! what would have happened without it.

pub(crate) mod bars;
pub(crate) mod clock;
pub(crate) mod consents;
pub(crate) mod defaults;
pub(crate) mod duty;
pub(crate) mod emergency;
pub(crate) mod exemptions;
pub(crate) mod feeds;
pub(crate) mod holders;
pub(crate) mod integrity;
pub(crate) mod invited;
pub(crate) mod local;
pub(crate) mod objections;
pub mod pauses;
pub(crate) mod powers;
pub(crate) mod relatives;
pub(crate) mod representation;
pub(crate) mod requirements;

use std::sync::Arc;

use domain::{OrganisationId, Sensitivity};

use crate::case::{Case, Piece};
use crate::decision::{Counterfactual, Gate, GateRuling, Ground, Visibility};
use crate::relationship::Standing;
pub(crate) use clock::Clock;

/// What a gate makes of a request as a whole.
pub(crate) enum Finding {
    Silent,
    Refuses(Refusal),
    Refers(Refer),
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

    /// The refusal that says only that something is not shown, and whom to ring.
    pub fn marked(ground: Ground) -> Self {
        Self {
            visibility: Visibility::Marked,
            ..Self::hidden(ground)
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
    /// Somebody acts for the person, or for somebody who died.
    Acting,
    /// Somebody close to the person, without powers.
    Close,
    /// Somebody without an account reads by a one-time link.
    Invited,
    /// Somebody only tells something.
    Telling,
    /// A statute or court requires it.
    Required,
    /// Someone clinical acts to save life or limb.
    Emergency(Vec<Standing>),
    /// Someone protects a child or an adult at risk.
    Protection(Vec<Standing>),
    /// Someone involved gives care or a service.
    Care(Vec<Standing>),
    /// The person agreed that these may be told, or its holder decided so by name.
    Agreed,
    /// A panel approved a secondary use, or the person agreed to it.
    Approved,
    /// A routine feed from system to system.
    Feed,
    /// Nothing above determines it: each holder decides about its own part.
    Holders(Vec<Standing>),
}

impl Footing {
    /// Its name in an auditor's list.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OwnRecord => "own-record",
            Self::Acting => "acting",
            Self::Close => "close",
            Self::Invited => "invited",
            Self::Telling => "telling",
            Self::Required => "required",
            Self::Emergency(_) => "emergency",
            Self::Protection(_) => "protection",
            Self::Care(_) => "care",
            Self::Agreed => "agreed",
            Self::Approved => "approved",
            Self::Feed => "feed",
            Self::Holders(_) => "holders",
        }
    }

    /// How the caller is involved.
    pub fn standings(&self) -> &[Standing] {
        match self {
            Self::Emergency(standings)
            | Self::Protection(standings)
            | Self::Care(standings)
            | Self::Holders(standings) => standings,
            _ => &[],
        }
    }

    /// Whether an event proves that the caller is involved.
    pub fn is_evidenced(&self) -> bool {
        self.standings()
            .iter()
            .any(|standing| standing.is_evidenced())
    }

    /// Whether the record is read for the person: by them, or by somebody who acts for them, is close
    /// to them or was let in.
    pub fn is_for_the_person(&self) -> bool {
        matches!(
            self,
            Self::OwnRecord | Self::Acting | Self::Close | Self::Invited
        )
    }

    /// Whether the person's no, and their locks, give way: to life and limb (not the locks), to
    /// protecting somebody (not the locks), and to what the law requires.
    pub fn overrides_objections(&self) -> bool {
        matches!(
            self,
            Self::Emergency(_) | Self::Protection(_) | Self::Required
        )
    }
}

/// What becomes of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Open; by this local policy, if one decided.
    Open(Option<Arc<str>>),
    /// Not shared, and said so unless it is very restricted; because of this sensitivity, if one
    /// decided.
    Withheld(Ground, Option<Sensitivity>),
    /// Not shared, and not said.
    Hidden(Ground),
    /// Not shared, and said without what it is about.
    Marked(Ground),
    /// Not shared by its holder: another agency alone may.
    Reserved(Ground, OrganisationId),
    /// Somebody decides.
    Referred(Refer),
}

impl Verdict {
    /// A verdict that a person must make.
    pub fn refer(ground: Ground, clock: Clock, missing: Missing) -> Self {
        Self::Referred(Refer {
            ground,
            clock,
            missing,
            decider: None,
        })
    }
}

/// That somebody must decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refer {
    pub ground: Ground,
    pub clock: Clock,
    pub missing: Missing,
    /// Who, if not the holder.
    pub decider: Option<OrganisationId>,
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
    /// What whoever asks does in their agency.
    WhatTheyDo,
    /// A local policy that can be evaluated.
    SoundPolicy,
    /// That somebody establishes whose record it is.
    WhoseRecord,
    /// The officer's authority.
    OfficersAuthority,
    /// When it was written, on which a restriction or requirement turns.
    WhenWritten,
    /// The opinion of a health professional, not older than six months.
    HealthOpinion,
    /// The Principal Reporter's opinion.
    ReportersOpinion,
    /// What its originator says.
    OriginatorsWord,
    /// The holder's decision about a request under this statute.
    ReporterRequest,
    /// The holder's decision whether it is necessary and proportionate.
    PoliceRequest,
    /// The holder's basis, and how the family is told.
    WellbeingBasis,
    /// An assessment of whether the child understands, and whether telling would do harm.
    ChildUnderstanding,
    /// The young person's own view.
    YoungPersonsView,
    /// Whether telling would do harm.
    HarmTest,
    /// The birth date.
    BirthDate,
    /// A look at the public register.
    Registration,
    /// A look at the instrument.
    Instrument,
    /// What a claim from a death is about.
    Claim,
    /// An answer to whose interest comes first.
    ConflictResolved,
    /// That those who act for the person agree, or a court says which of them decides.
    AttorneysAgree,
    /// An assessment of capacity, or the person's own word.
    CapacityOrWord,
    /// The views of those who must be heard, and the holder's decision.
    ViewsHeard,
    /// The word of whoever acts for the person.
    ProxysWord,
    /// The holder's judgement of what goes beyond ordinary care information.
    BeyondOrdinary,
    /// A decision until which sharing with this agency waits.
    PauseEnded,
}

/// Asks every gate about the request as a whole, in order.
pub(crate) fn about_request(case: &Case<'_>) -> [(Gate, Finding); 9] {
    [
        (Gate::Integrity, integrity::find(case)),
        (Gate::Bars, bars::find(case)),
        (Gate::Duty, duty::find(case)),
        (Gate::Emergency, emergency::find(case)),
        (Gate::Exemptions, exemptions::find(case)),
        (Gate::Objections, objections::find(case)),
        (Gate::Representation, representation::find(case)),
        (Gate::Local, pauses::hold(case, local::find(case))),
        (
            Gate::Defaults,
            pauses::hold_last(case, defaults::find(case)),
        ),
    ]
}

type ClassGate = fn(&Case<'_>, &Footing, &Piece<'_>) -> Option<Verdict>;

/// The gates that may speak about one class, in order. The last always speaks.
pub(crate) const ABOUT_CLASS: [(Gate, ClassGate); 8] = [
    (Gate::Bars, bars::class),
    (Gate::Duty, duty::class),
    (Gate::Emergency, emergency::class),
    (Gate::Exemptions, exemptions::class),
    (Gate::Objections, objections::class),
    (Gate::Representation, representation::class),
    (Gate::Local, holders::class),
    (Gate::Defaults, defaults::agreed),
];

/// Asks the gates about one class, in order; the first that speaks decides.
pub(crate) fn about_class(
    case: &Case<'_>,
    footing: &Footing,
    piece: &Piece<'_>,
) -> (Gate, Verdict) {
    ABOUT_CLASS
        .into_iter()
        .find_map(|(gate, ask)| Some((gate, ask(case, footing, piece)?)))
        .unwrap_or_else(|| policy_and_defaults(case, footing, piece))
}

/// The last two gates: what local policy opens, the defaults may still hold back.
pub(crate) fn policy_and_defaults(
    case: &Case<'_>,
    footing: &Footing,
    piece: &Piece<'_>,
) -> (Gate, Verdict) {
    match local::class(case, footing, piece.label) {
        Ok(policy) => (
            Gate::Defaults,
            defaults::class(case, footing, piece.label, policy),
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
            Self::Refers(refer) => GateRuling::Refers(refer.ground),
        }
    }
}
