//! The fields of a document. What is `required` is asked for by name where it is missing.

use std::collections::{BTreeMap, BTreeSet};

use domain::arrangement::{
    Agreement, Approval, Elsewhere, HolderDecision, LifeDecision, Requirement, Told,
};
use domain::authority::{Authority, Tie};
use domain::consent::Consent;
use domain::person::{CapacityAssertion, Identity};
use domain::restriction::{
    Allegation, AudienceBar, Delay, HarmOpinion, Order, Originator, Pause, RiskMarker, ThirdParty,
    Wish,
};
use domain::{
    Assurance, Audience, BirthDate, Category, Confidentiality, ItemId, Moment, OrganisationId,
    OrganisationKind, PartyId, Purpose, Reach, RelationshipKind, Role, Sensitivity, TeamId,
    WorkerId,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Expect;
use crate::refusal::RefusalForm;
use crate::request::{Manner, Urgency};

/// A case for decision: who asks for what about whom, and what is known.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
#[schemars(title = "A case for decision")]
pub struct Document {
    /// What the case is about, in a sentence.
    pub title: Option<String>,
    /// Whatever whoever wrote it wants to say of it.
    pub notes: Option<String>,
    /// The moment of deciding.
    #[schemars(required)]
    pub at: Option<Moment>,
    /// Who asks for what, and why.
    #[schemars(required)]
    pub request: Option<RequestField>,
    /// Whose record.
    #[schemars(required)]
    pub person: Option<PersonField>,
    /// What is held about the person; an empty list if nothing is.
    #[schemars(required)]
    pub record: Option<Vec<RecordItem>>,
    /// Who is involved, by events; ended ones included.
    pub relationships: Vec<RelationshipField>,
    /// What the person said no to.
    pub objections: Vec<ObjectionField>,
    /// Recorded consents, with their provisions.
    pub consents: Vec<Consent>,
    /// What the person wished earlier or wishes now, and what those who act for them say.
    pub wishes: Vec<Wish>,
    /// Who acts for the person, and on what.
    pub authorities: Vec<Authority>,
    /// Who is close to the person, without powers.
    pub ties: Vec<Tie>,
    /// What courts and statutes forbid.
    pub orders: Vec<Order>,
    /// What named audiences do not see; without `about`, that the person is known here at all.
    pub bars: Vec<AudienceBar>,
    /// What the person sees only later.
    pub delays: Vec<Delay>,
    /// What would do serious harm, in somebody's opinion.
    pub harm_opinions: Vec<HarmOpinion>,
    /// Who is suspected of harming the person.
    pub allegations: Vec<Allegation>,
    /// Known risks.
    pub risks: Vec<RiskMarker>,
    /// Information sharing agreements.
    pub agreements: Vec<Agreement>,
    /// What the law requires to be given: section 10, section 5, court orders, inspections, visits.
    pub requirements: Vec<Requirement>,
    /// Approvals of secondary uses.
    pub approvals: Vec<Approval>,
    /// What holders decided by name to share.
    pub holder_decisions: Vec<HolderDecision>,
    /// With which agencies sharing waits, while that they are told is challenged.
    pub pauses: Vec<Pause>,
    /// What is not held here but elsewhere.
    pub elsewhere: Vec<Elsewhere>,
    /// Who was told or heard, for the alarm about people left out.
    pub told: Vec<Told>,
    /// Decisions about the person's life, planned and made.
    pub life_decisions: Vec<LifeDecision>,
    /// Names and numbers of agencies, by id, for the explanation.
    pub agencies: BTreeMap<String, AgencyNames>,
    /// A holder's refusal, to be checked: whether what it gives as its ground is one.
    pub refusal: Option<RefusalForm>,
    /// What is expected, so that the file proves itself.
    pub expect: Option<Expect>,
}

/// What an agency is called.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AgencyNames {
    /// Its name as people know it.
    pub name: String,
    /// The number to ring.
    pub phone: Option<String>,
}

/// Who asks for what, and why.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct RequestField {
    /// Who asks.
    #[schemars(required)]
    pub requester: Option<Requester>,
    /// Why. There is no default: a request without it is not decided.
    #[schemars(required)]
    pub purpose: Option<Purpose>,
    /// Their own words: needed in an emergency, and where no event proves a relationship.
    pub reason: Option<String>,
    /// How urgently; sets the clock of whoever must decide.
    pub urgency: Urgency,
    /// Whether somebody looks, a routine feed runs, or somebody only wants to tell something.
    pub manner: Manner,
    /// Only these categories; left out, all.
    pub categories: BTreeSet<Category>,
    /// Only these items; left out, all.
    pub items: BTreeSet<ItemId>,
    /// Only what was written from this moment.
    pub written_from: Option<Moment>,
    /// Only what was written before this moment.
    pub written_before: Option<Moment>,
    /// The holder that shares of its own accord, where nobody asked it: the requester is then
    /// whoever it tells.
    pub given_by: Option<OrganisationId>,
    /// Whether the person is reached in a way that nobody else looks at.
    pub safe_channel: bool,
    /// The basis that the requester claims. It is repeated in the answer and decides nothing.
    pub claimed_basis: Option<String>,
}

/// In what capacity somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RequesterKind {
    /// Somebody of an agency: staff, an officer, a researcher, a record system.
    Worker,
    /// The person whose record it is.
    Person,
    /// Anybody else: a relative, somebody who acts for the person, a solicitor.
    Other,
}

/// Who asks.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Requester {
    /// In what capacity.
    #[schemars(required)]
    pub kind: Option<RequesterKind>,
    /// Their id, by which authorities, ties, bars and requirements name them. Needed unless the
    /// person asks.
    pub id: Option<String>,
    /// Their name, for the explanation.
    pub name: Option<String>,
    /// What they do. Needed for a worker.
    pub role: Option<Role>,
    /// For which agency. Needed for a worker.
    pub organisation: Option<OrganisationId>,
    /// What sort of agency that is. Needed for a worker.
    pub organisation_kind: Option<OrganisationKind>,
    /// In which team.
    pub team: Option<TeamId>,
    /// How surely they were identified. Needed for a worker.
    pub assurance: Option<Assurance>,
    /// Whether it is established who they are, where no token proves it.
    pub verified: Option<bool>,
    /// Whether an officer or inspector showed the authority to ask.
    pub authorised: Option<bool>,
    /// When the session or token by which they ask was revoked.
    pub revoked: Option<Moment>,
    /// Whether they know the person privately: a neighbour, a relative, a colleague.
    pub knows_privately: bool,
}

/// Whose record.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct PersonField {
    /// Their id in this document.
    #[schemars(required)]
    pub id: Option<String>,
    /// Their name, for the explanation.
    pub name: Option<String>,
    /// Birth date.
    pub born: Option<BirthDate>,
    /// When they died.
    pub died: Option<Moment>,
    /// How certain it is whose record this is; left out where it was named by its own identifier.
    pub identity: Option<Identity>,
    /// What is on record about their capacity, area by area.
    pub capacity: Vec<CapacityAssertion>,
    /// Whether their existence itself is protected.
    pub protected: bool,
}

/// One item of the record.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct RecordItem {
    /// Its id in this document.
    #[schemars(required)]
    pub id: Option<ItemId>,
    /// The agency that holds it.
    #[schemars(required)]
    pub holder: Option<OrganisationId>,
    /// What it is about; `unsorted` if no rule could say.
    #[schemars(required)]
    pub categories: BTreeSet<Category>,
    /// How closely it is held: `N` ordinary, `R` restricted, `V` very restricted.
    #[schemars(required)]
    pub confidentiality: Option<Confidentiality>,
    /// Why it is held closely.
    pub sensitivities: BTreeSet<Sensitivity>,
    /// What its author does.
    pub author_role: Option<Role>,
    /// When it was written.
    pub written: Option<Moment>,
    /// Clinical codes, as `system|code`.
    pub codes: BTreeSet<String>,
    /// Items that it belongs with.
    pub related: BTreeSet<ItemId>,
    /// Whether it opens to nobody but its holder, not even in an emergency; then its holder is
    /// named to ring.
    pub locked: bool,
    /// The holder's team that alone may open it, where it is locked.
    pub locked_to_team: Option<TeamId>,
    /// Whether it is sealed: others see that it is there, and an emergency opens it.
    pub sealed: bool,
    /// Other people whom it identifies.
    pub third_parties: Vec<ThirdParty>,
    /// Who was not to learn it, as the person expected when they gave it or was examined.
    pub in_confidence_from: Vec<Audience>,
    /// Whether it is legally privileged.
    pub privileged: bool,
    /// Whether the person's reading it would prejudice preventing or detecting crime.
    pub crime_prejudice: bool,
    /// The agency that alone may release it: police, MAPPA, MARAC, the Reporter.
    pub originator: Option<Originator>,
}

/// That an agency, team or worker is involved.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RelationshipField {
    /// What proves it.
    pub kind: RelationshipKind,
    /// The agency.
    pub organisation: OrganisationId,
    /// The team, where the event names one.
    pub team: Option<TeamId>,
    /// The worker, where the event names one.
    pub worker: Option<WorkerId>,
    /// When it began.
    pub since: Moment,
    /// When it ended or will end.
    pub until: Option<Moment>,
}

/// That the person said no.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ObjectionField {
    /// With whom it must not be shared.
    pub audience: Audience,
    /// What must not be shared; left out: everything.
    #[serde(default)]
    pub about: Reach,
    /// For which purpose, and every kind of it; left out: any.
    pub purpose: Option<Purpose>,
    /// Since when.
    pub since: Moment,
    /// When it was withdrawn, or ended.
    pub until: Option<Moment>,
    /// What the recorded objection says that is not understood.
    #[serde(default)]
    pub not_understood: bool,
}

impl RequesterKind {
    /// Whether an id is needed.
    pub(super) fn needs_id(self) -> bool {
        self != Self::Person
    }
}

/// How the facts name whoever asks.
pub(super) fn party(id: &str) -> PartyId {
    PartyId::new(id)
}
