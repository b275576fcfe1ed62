//! The answer and its reasons.

use std::sync::Arc;

use domain::{Category, ClassId, OrganisationId, Sensitivity, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Permit;
use crate::explain::english;

/// What was decided about one request, with everything needed to explain it in one sentence.
#[derive(Debug)]
pub struct Decision {
    /// The answer.
    pub answer: Answer,
    /// The opening made by the answer; `None` unless it is a permit, whole or in part.
    pub permit: Option<Permit>,
    /// The lawful basis of what is shared: data protection, special category, confidentiality.
    /// `None` unless something is shared.
    pub basis: Option<Basis>,
    /// Why not, or why not all; never empty unless everything asked is shared.
    pub grounds: Vec<Ground>,
    /// What is opened, by what it is about.
    pub opened: Vec<Category>,
    /// What somebody may be told in words although nothing of the record is opened for it.
    pub told: Vec<Telling>,
    /// What stays back, by what it is about, as far as the caller may know it.
    pub withheld: Vec<Withheld>,
    /// To whom a refused or referred request goes: the first of the holders, in their order.
    pub referral: Option<Referral>,
    /// The other holders who must decide about their part, if there are several.
    pub other_referrals: Vec<Referral>,
    /// What the sharing obliges the caller and the exchange to do.
    pub obligations: Vec<Obligation>,
    /// The fact that would change the answer.
    pub counterfactuals: Vec<Counterfactual>,
    /// What the caller may know of a refusal.
    pub visibility: Visibility,
    /// The reason the caller may see the record, as a page says it: "patient on your ward since ...".
    pub because: Option<Because>,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// What each gate found about the request as a whole, in order: for the auditor.
    pub findings: Vec<GateFinding>,
    /// What became of each label class: for the auditor, never shown to the caller.
    pub outcomes: Vec<ClassOutcome>,
    /// The version of the rules in this program.
    pub rules_version: &'static str,
    /// The hash of the local policies in force, lower-case hex.
    pub policy_hash: String,
    /// SHA-256 of the facts' one encoding, by which they are kept.
    pub facts_digest: [u8; 32],
}

impl Decision {
    /// Takes back all that was decided, as if there were nobody: the caller named the person by
    /// something that they may not know of.
    pub fn hide(&mut self) {
        self.answer = Answer::Deny;
        self.permit = None;
        self.basis = None;
        self.grounds = vec![Ground::MoreThanNecessary];
        self.opened.clear();
        self.told.clear();
        self.withheld.clear();
        self.referral = None;
        self.other_referrals.clear();
        self.obligations = vec![Obligation::AccountOfDisclosure];
        self.counterfactuals.clear();
        self.visibility = Visibility::Hidden;
        self.because = None;
    }

    /// Refuses what no label class stands for, such as an account, to somebody to whom part of the
    /// record opens: it is more than what admits them reaches.
    pub fn reaches_no_further(&mut self) {
        let visibility = self.visibility;
        self.hide();
        self.visibility = visibility;
        self.counterfactuals = vec![english::counterfactual("new-requirement")];
    }
}

/// The four answers.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Answer {
    /// All that was asked.
    Permit,
    /// Part of what was asked.
    PermitPart,
    /// Somebody named must decide, by a deadline.
    Refer,
    /// Not shared, on a closed ground.
    Deny,
}

impl Answer {
    /// The code in logs and outcomes: `PERMIT`, `PERMIT_PART`, `REFER`, `DENY`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Permit => "PERMIT",
            Self::PermitPart => "PERMIT_PART",
            Self::Refer => "REFER",
            Self::Deny => "DENY",
        }
    }

    /// Whether anything is shared.
    #[must_use]
    pub fn shares(self) -> bool {
        matches!(self, Self::Permit | Self::PermitPart)
    }
}

macro_rules! grounds {
    ($( $(#[$doc:meta])* $variant:ident = $code:literal, $words:literal; )*) => {
        /// The closed list of good reasons not to share. Nothing else is one.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        pub enum Ground { $( $(#[$doc])* #[serde(rename = $code)] $variant, )* }

        impl Ground {
            /// Every ground.
            pub const ALL: &'static [Ground] = &[ $( Ground::$variant, )* ];
            /// Its code, `R01` to `R20`.
            #[must_use]
            pub fn code(self) -> &'static str { match self { $( Ground::$variant => $code, )* } }
            /// The ground in the words that whoever asked reads.
            #[must_use]
            pub fn words(self) -> &'static str { match self { $( Ground::$variant => $words, )* } }
        }
    };
}

grounds! {
    /// The requester's identity is not proven well enough.
    Unverified = "R01", "your identity or authority is not proven well enough";
    /// No relationship is evidenced.
    NoRelationship = "R02", "nothing shows that you are involved in this person's care";
    /// The purpose does not fit.
    PurposeIncompatible = "R03", "the purpose does not fit what is asked";
    /// A leg of the lawful basis is missing.
    NoLawfulBasis = "R04", "there is no lawful basis for this use";
    /// A capable person objected.
    Objected = "R05", "the person has said no to this";
    /// An incapable person is known to have objected earlier.
    EarlierWish = "R06", "the person is known to have wished otherwise";
    /// A representative's power does not reach this, or is not in force.
    NoPower = "R07", "the representative's powers do not cover this or are not in force";
    /// Sealed or locked.
    Locked = "R08", "it is locked and only the team that holds it can open it";
    /// Serious harm.
    SeriousHarm = "R09", "sharing it is likely to cause serious harm";
    /// About somebody else.
    ThirdParty = "R10", "it is about somebody else";
    /// Law or an order forbids it.
    ForbiddenByLaw = "R11", "the law or an order forbids it";
    /// More than necessary; a narrower answer is offered.
    MoreThanNecessary = "R12", "it is more than this purpose needs";
    /// It would prejudice the prevention or detection of crime.
    CrimePrejudice = "R13", "sharing it would prejudice the prevention or detection of crime";
    /// It is not certain who this is.
    IdentityDoubt = "R14", "it is not certain that this is the same person";
    /// A bulk feed has no agreement.
    NoAgreement = "R15", "a routine feed needs an information sharing agreement";
    /// A child who understands has refused.
    ChildRefuses = "R16", "a young person who understands has said no";
    /// The person asked for non-disclosure after death.
    Deceased = "R17", "the person asked that it not be disclosed after death";
    /// Legal privilege.
    Privilege = "R18", "it is legally privileged";
    /// The originator controls it.
    OriginatorControl = "R19", "only the agency that it came from may release it";
    /// Not held here.
    NotHeld = "R20", "it is not held here";
}

impl Ground {
    /// Who can bring about that it no longer stands in the way.
    #[must_use]
    pub fn who_can_change_it(self) -> &'static str {
        match self {
            Self::Unverified => "whoever asks, by proving who they are or their authority",
            Self::NoRelationship => "an event that shows that they are involved",
            Self::PurposeIncompatible => "whoever asks, with a purpose that fits",
            Self::NoLawfulBasis => "whoever can give a basis: a panel, a court, the person",
            Self::Objected => "the person",
            Self::EarlierWish => "nobody; a later wish of the person's would count",
            Self::NoPower => "the granter, the register or the sheriff",
            Self::Locked => "the team that holds it",
            Self::SeriousHarm => "whoever gave the opinion, or the reviewer",
            Self::ThirdParty => "the other person",
            Self::ForbiddenByLaw => "the court or authority that ordered it",
            Self::MoreThanNecessary => "the agency that holds it, if asked for less or told more",
            Self::CrimePrejudice => "the agency that investigates",
            Self::IdentityDoubt => "whoever settles whose record it is",
            Self::NoAgreement => "the two agencies, by an agreement",
            Self::ChildRefuses => "the young person",
            Self::Deceased => "nobody",
            Self::Privilege => "whose privilege it is",
            Self::OriginatorControl => "the agency that it came from",
            Self::NotHeld => "the agency that holds it",
        }
    }
}

/// The lawful basis of a disclosure: all legs, by code (decisions.md 2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// UK GDPR article 6, such as `A-e`.
    pub article_6: &'static str,
    /// UK GDPR article 9, such as `B-h`; `None` for data that is not special category.
    pub article_9: Option<&'static str>,
    /// The way through the duty of confidence, such as `C-imp`.
    pub confidence: &'static str,
    /// The law, standard or guidance relied on, as a reader would look it up.
    pub authority: &'static str,
}

/// Why the caller may see the record: a message id with its arguments, rendered last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// The kind of relationship or rule, e.g. `admission`, `emergency`, `own-record`, `self-claimed`.
    pub code: &'static str,
    /// Since when, where a relationship proves it.
    pub since: Option<Timestamp>,
}

/// Something that stays back, as the caller may know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Withheld {
    /// What it is about: only for open withholding.
    pub category: Category,
    /// On what ground.
    pub ground: Ground,
    /// Whom to ask: the agency that holds it.
    pub ask: OrganisationId,
}

/// What somebody may be told in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Telling {
    /// How the person is, in general.
    GeneralCondition,
    /// Whom to ring.
    WhomToRing,
    /// That what they came to tell was received.
    Received,
}

impl Telling {
    /// Its code in records and outcomes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::GeneralCondition => "general-condition",
            Self::WhomToRing => "whom-to-ring",
            Self::Received => "received",
        }
    }
}

/// To whom a request is referred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// The agency whose on-call decider answers.
    pub decider: OrganisationId,
    /// Within how many seconds of the request: emergency 0, protection 1 hour, routine 5 working
    /// days (given as calendar seconds at the least).
    pub due_seconds: i64,
    /// When it is due, by Scotland's working days. If it passes, that escalates; it is never a no.
    pub due_at: Timestamp,
    /// What is missing for a decision.
    pub missing: String,
    /// What it is about, each with the ground on which it is not shown meanwhile; empty if it is the
    /// request as such.
    pub about: Vec<(Category, Ground)>,
}

/// What a sharing obliges someone to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Obligation {
    /// The person's account shows it (always).
    AccountOfDisclosure,
    /// Only what the purpose needs (`MINEC`).
    MinimumNecessary,
    /// No passing on without the holder's word (`NORDSCLCDS`).
    NoOnwardSharing,
    /// A person reviews this use within 72 hours.
    ReviewWithin72Hours,
    /// The person is told by someone.
    TellThePerson,
    /// A self-claimed relationship is checked.
    CheckRelationship,
    /// Something must be said to be missing to those who prescribe, dispense or give medicines.
    SignalMissingMedicine,
    /// That something is not shown is said, without what.
    SignalSomethingMissing,
    /// The privacy officer is told.
    AlertPrivacyOfficer,
    /// An agreement between the two agencies has lapsed; care goes on, and somebody renews it.
    GovernanceWarning,
    /// A safety feed goes on without an agreement, as a recorded breach.
    GovernanceBreach,
    /// The person is told in person that somebody acts for them.
    TellThatSomeoneActs,
    /// A plan is recorded for telling the family.
    PlanToTellFamily,
    /// Whoever reads passes on only a relevant extract.
    ExtractOnly,
    /// The person is told what was taken, by whom and why, unless that is delayed.
    TellWhatWasTaken,
    /// What a child or parent refused is recorded with what follows.
    RecordRefusal,
    /// The consequence of the objection is explained to the person.
    ExplainConsequences,
    /// What was told is kept marked as a third party's.
    MarkThirdParty,
    /// The views of the person and of those who must be heard are sought.
    HearViews,
    /// What is not yet sorted is marked so.
    MarkUnsorted,
}

impl Obligation {
    /// What it means, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AccountOfDisclosure => "it stands in the person's account",
            Self::MinimumNecessary => "only what the purpose needs is used",
            Self::NoOnwardSharing => "nothing is passed on without the holder's word",
            Self::ReviewWithin72Hours => "it is reviewed within 72 hours",
            Self::TellThePerson => "the person is told",
            Self::CheckRelationship => "the claim to be involved is checked",
            Self::SignalMissingMedicine => {
                "a medicine is not shown: ring before prescribing, dispensing or giving any"
            }
            Self::SignalSomethingMissing => "something is not shown: ring whoever holds it",
            Self::AlertPrivacyOfficer => "the privacy officer is told",
            Self::GovernanceWarning => "an agreement between the agencies has lapsed: renew it",
            Self::GovernanceBreach => {
                "a safety feed goes on without an agreement, recorded as a breach"
            }
            Self::TellThatSomeoneActs => "the person is told in person that somebody acts for them",
            Self::PlanToTellFamily => "a plan for telling the child and family is recorded",
            Self::ExtractOnly => "whoever reads passes on a relevant extract only",
            Self::TellWhatWasTaken => {
                "the person is told what was taken, by whom, why and under which law, unless that \
                 is delayed"
            }
            Self::RecordRefusal => "the refusal of the child or parent is recorded",
            Self::ExplainConsequences => "the person is told what follows from their no",
            Self::MarkThirdParty => "what was told is kept, marked as a third party's",
            Self::HearViews => "the views of those who must be heard are sought",
            Self::MarkUnsorted => "what no rule could sort is marked `not yet sorted`",
        }
    }

    /// Its code in records and outcomes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AccountOfDisclosure => "AOD",
            Self::MinimumNecessary => "MINEC",
            Self::NoOnwardSharing => "NORDSCLCDS",
            Self::ReviewWithin72Hours => "REVIEW-72H",
            Self::TellThePerson => "TELL-PERSON",
            Self::CheckRelationship => "CHECK-RELATIONSHIP",
            Self::SignalMissingMedicine => "SIGNAL-MEDICINE",
            Self::SignalSomethingMissing => "SIGNAL-SOMETHING",
            Self::AlertPrivacyOfficer => "ALERT-PRIVACY-OFFICER",
            Self::GovernanceWarning => "GOVERNANCE-WARNING",
            Self::GovernanceBreach => "GOVERNANCE-BREACH",
            Self::TellThatSomeoneActs => "TELL-SOMEONE-ACTS",
            Self::PlanToTellFamily => "PLAN-TO-TELL-FAMILY",
            Self::ExtractOnly => "EXTRACT-ONLY",
            Self::TellWhatWasTaken => "TELL-WHAT-WAS-TAKEN",
            Self::RecordRefusal => "RECORD-REFUSAL",
            Self::ExplainConsequences => "EXPLAIN-CONSEQUENCES",
            Self::MarkThirdParty => "MARK-THIRD-PARTY",
            Self::HearViews => "HEAR-VIEWS",
            Self::MarkUnsorted => "MARK-UNSORTED",
        }
    }
}

/// A fact which, changed, changes the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterfactual {
    /// A stable code, e.g. `referral`, `self-claim`, `emergency`, `objection-withdrawn`, `ask-holder`.
    pub code: &'static str,
    /// The sentence that the requester reads.
    pub words: String,
}

/// What a refused caller may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Visibility {
    /// That the person exists, the ground, and what would change it.
    Open,
    /// Only that something is not shown, and whom to ring.
    Marked,
    /// Nothing: the answer is the one for a person who does not exist.
    Hidden,
}

/// The gates in their order of precedence: law, wishes, local policy, defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// The request concerns the person whose facts were read.
    Integrity,
    /// Bars that survive everything, an emergency included.
    Bars,
    /// Duties to protect and to disclose.
    Duty,
    /// Life and limb.
    Emergency,
    /// What the person, or somebody who acts for them, may not see: harm, other people, delays.
    Exemptions,
    /// What the person does not agree to.
    Objections,
    /// Who acts for somebody who cannot decide or is a child, and who is close to them.
    Representation,
    /// Relationship, role, purpose and category, by local policy.
    Local,
    /// What holds where nothing else speaks.
    Defaults,
}

/// What one gate found about a request as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateFinding {
    /// The gate.
    pub gate: Gate,
    /// What it found.
    pub ruling: GateRuling,
}

/// The possible findings of a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GateRuling {
    /// It does not bear on this request.
    Silent,
    /// It would have the request decided class by class, on this footing.
    Admits(&'static str),
    /// It would refuse the request as a whole.
    Refuses(Vec<Ground>),
    /// It would have somebody decide about the request as a whole.
    Refers(Ground),
}

/// What became of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassOutcome {
    /// The class.
    pub class: ClassId,
    /// Whether it is open.
    pub open: bool,
    /// How that shows; what is very restricted is hidden besides.
    pub shown: ShownAs,
    /// Why not.
    pub ground: Option<Ground>,
    /// The sensitivity that decided, if one did.
    pub sensitivity: Option<Sensitivity>,
    /// The gate that decided.
    pub gate: Gate,
    /// The local policy that opened it, by its `@id`.
    pub policy: Option<Arc<str>>,
}

/// How it shows what became of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShownAs {
    /// It is there.
    Open,
    /// It is said to be withheld.
    Withheld,
    /// It is said that something is withheld.
    Marked,
    /// Nothing shows it.
    Hidden,
    /// It is said to be with somebody who decides.
    Referred,
}

impl ShownAs {
    /// Its name in reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Withheld => "withheld",
            Self::Marked => "marked",
            Self::Hidden => "hidden",
            Self::Referred => "referred",
        }
    }
}
