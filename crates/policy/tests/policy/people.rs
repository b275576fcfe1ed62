//! Who is who: one person, Ishbel, and the people who ask for her record.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use domain::{
    Assurance, Bar, Caller, Capacity, Category, ClassId, Confidentiality, HomeId, LabelClass, Lock,
    Objection, OrganisationKind, PersonId, Purpose, Relationship, RelationshipKind, ResourceId,
    Role, Scope, Sensitivity, Timestamp,
};
use policy::{Decision, Facts, Policies, Request};

pub const ISHBEL: PersonId = PersonId([7; 16]);

static POLICIES: LazyLock<Policies> =
    LazyLock::new(|| Policies::shipped().expect("the shipped policies are valid"));

pub fn policies() -> &'static Policies {
    &POLICIES
}

/// Monday 11 January 2027, 10:00 in Lanarkshire.
pub fn now() -> Timestamp {
    Timestamp::parse("2027-01-11T10:00:00Z").expect("an instant")
}

pub fn days(count: i64) -> i64 {
    count * 24 * 3_600
}

/// Somebody who asks, on two factors.
pub struct Asks {
    name: &'static str,
    role: Role,
    organisation: &'static str,
    kind: OrganisationKind,
    team: Option<String>,
    assurance: Assurance,
    reason: Option<String>,
}

pub fn worker(
    name: &'static str,
    role: Role,
    organisation: &'static str,
    kind: OrganisationKind,
) -> Asks {
    Asks {
        name,
        role,
        organisation,
        kind,
        team: None,
        assurance: Assurance::Substantial,
        reason: None,
    }
}

pub fn sadia_ward_nurse() -> Asks {
    worker(
        "Sadia Mirza",
        Role::Nurse,
        "hospital",
        OrganisationKind::Hospital,
    )
    .of("ward-6")
}

pub fn dr_rao() -> Asks {
    worker(
        "Dr Priyanka Rao",
        Role::Doctor,
        "hospital",
        OrganisationKind::Hospital,
    )
    .of("emergency-department")
}

pub fn dr_lockhart_gp() -> Asks {
    worker(
        "Dr Ewan Lockhart",
        Role::Doctor,
        "practice",
        OrganisationKind::GpPractice,
    )
}

pub fn joan_receptionist() -> Asks {
    worker(
        "Joan Reid",
        Role::Receptionist,
        "practice",
        OrganisationKind::GpPractice,
    )
}

pub fn pauline_social_worker() -> Asks {
    worker(
        "Pauline Heggie",
        Role::SocialWorker,
        "northburn-social-work",
        OrganisationKind::SocialWork,
    )
    .of("northburn-adults")
}

pub fn bilal_out_of_hours() -> Asks {
    worker(
        "Bilal Hussain",
        Role::DutySocialWorker,
        "northburn-social-work",
        OrganisationKind::SocialWork,
    )
    .of("out-of-hours")
}

pub fn gregor_housing_officer() -> Asks {
    worker(
        "Gregor Tulloch",
        Role::HousingOfficer,
        "northburn-housing",
        OrganisationKind::Housing,
    )
}

pub fn tendai_care_home_manager() -> Asks {
    worker(
        "Tendai Moyo",
        Role::CareHomeManager,
        "braeside-house",
        OrganisationKind::CareHome,
    )
}

pub fn ross_police_officer() -> Asks {
    worker(
        "Ross Imrie",
        Role::PoliceOfficer,
        "police",
        OrganisationKind::Police,
    )
}

pub fn femi_addiction_nurse() -> Asks {
    worker(
        "Femi Bello",
        Role::AddictionWorker,
        "recovery-trust",
        OrganisationKind::CommunityHealth,
    )
}

impl Asks {
    pub fn of(self, team: impl Into<String>) -> Self {
        Self {
            team: Some(team.into()),
            ..self
        }
    }

    pub fn saying(self, reason: impl Into<String>) -> Self {
        Self {
            reason: Some(reason.into()),
            ..self
        }
    }

    pub fn identified(self, assurance: Assurance) -> Self {
        Self { assurance, ..self }
    }

    /// The worker's id in the directory.
    pub fn id(&self) -> domain::WorkerId {
        self.name.to_lowercase().replace(' ', "-").as_str().into()
    }

    pub fn request(&self, purpose: Purpose) -> Request {
        Request {
            caller: Caller {
                name: self.name.to_owned(),
                capacity: Capacity::Worker {
                    worker: self.id(),
                    role: self.role,
                    organisation: self.organisation.into(),
                    organisation_kind: self.kind,
                    team: self.team.as_deref().map(Into::into),
                },
                assurance: self.assurance,
            },
            person: ISHBEL,
            purpose,
            reason: self.reason.clone(),
            asks: policy::Asks::default(),
        }
    }

    pub fn asks(&self, purpose: Purpose, record: &Record) -> Decision {
        policy::decide(&self.request(purpose), &record.facts, policies(), now())
    }
}

/// A request by a person rather than a worker.
pub fn person(who: PersonId, purpose: Purpose) -> Request {
    Request {
        caller: Caller {
            name: "Ishbel Drummond".to_owned(),
            capacity: Capacity::Person(who),
            assurance: Assurance::Substantial,
        },
        person: ISHBEL,
        purpose,
        reason: None,
        asks: policy::Asks::default(),
    }
}

/// Ishbel's record and what is known about her.
#[derive(Clone)]
pub struct Record {
    pub facts: Facts,
}

/// An ordinary record: one class of each ordinary category, held by the practice.
pub fn ordinary_record() -> Record {
    let mut record = empty_record();
    for category in Category::ALL {
        if *category != Category::Unsorted {
            record = record.holding("practice", *category, Confidentiality::Normal, &[]);
        }
    }
    record
}

pub fn empty_record() -> Record {
    Record {
        facts: Facts {
            person: ISHBEL,
            joined: Vec::new(),
            homes: vec![(HomeId([1; 16]), 1)],
            protected: false,
            relationships: Vec::new(),
            objections: Vec::new(),
            bars: Vec::new(),
            locks: Vec::new(),
            classes: Vec::new(),
            only_locked: Vec::new(),
            named: Vec::new(),
            cells: Vec::new(),
            circumstances: domain::Circumstances::default(),
        },
    }
}

pub fn resource(number: u8) -> ResourceId {
    ResourceId([number; 16])
}

impl Record {
    /// One more class; classes are numbered from 1 as they are added.
    pub fn holding(
        mut self,
        custodian: &str,
        category: Category,
        confidentiality: Confidentiality,
        sensitivities: &[Sensitivity],
    ) -> Self {
        let number = i32::try_from(self.facts.classes.len()).expect("a few classes") + 1;
        self.facts.classes.push((
            ClassId(number),
            LabelClass {
                custodian: custodian.into(),
                author_role: None,
                confidentiality,
                categories: BTreeSet::from([category]),
                sensitivities: sensitivities.iter().copied().collect(),
            },
        ));
        self
    }

    pub fn related(self, kind: RelationshipKind, organisation: &str) -> Self {
        self.related_to(kind, organisation, None, None)
    }

    pub fn related_to(
        mut self,
        kind: RelationshipKind,
        organisation: &str,
        team: Option<&str>,
        worker: Option<domain::WorkerId>,
    ) -> Self {
        self.facts.relationships.push(Relationship {
            kind,
            organisation: organisation.into(),
            team: team.map(Into::into),
            worker,
            since: now().plus_seconds(-3_600),
            until: None,
            evidence: None,
        });
        self
    }

    pub fn objecting(self, audience: domain::Audience, scope: Scope) -> Self {
        self.objecting_for(audience, scope, None)
    }

    pub fn objecting_for(
        mut self,
        audience: domain::Audience,
        scope: Scope,
        purpose: Option<Purpose>,
    ) -> Self {
        self.facts.objections.push(Objection {
            audience,
            scope,
            purpose,
            since: now().plus_seconds(-days(1)),
            until: None,
            evidence: resource(200),
        });
        self
    }

    pub fn barring(mut self, asks: &Asks) -> Self {
        self.facts.bars.push(Bar {
            worker: asks.id(),
            since: now().plus_seconds(-days(30)),
            lifted: None,
        });
        self
    }

    pub fn locking(mut self, resource: ResourceId, holder: &str, class: ClassId) -> Self {
        self.facts.locks.push(Lock {
            resource,
            holder: holder.into(),
            team: None,
            since: now().plus_seconds(-days(30)),
        });
        self.facts.named.push((resource, class));
        self
    }

    pub fn protected(mut self) -> Self {
        self.facts.protected = true;
        self
    }
}

/// What a decision opened, as category codes.
pub fn opened(decision: &Decision) -> Vec<&'static str> {
    decision
        .opened
        .iter()
        .map(|category| category.code())
        .collect()
}

/// What a decision said it withheld, as category and ground.
pub fn withheld(decision: &Decision) -> Vec<(&'static str, &'static str)> {
    decision
        .withheld
        .iter()
        .map(|withheld| (withheld.category.code(), withheld.ground.code()))
        .collect()
}

pub fn grounds(decision: &Decision) -> Vec<&'static str> {
    decision
        .grounds
        .iter()
        .map(|ground| ground.code())
        .collect()
}

pub fn advice(decision: &Decision) -> Vec<&'static str> {
    decision
        .counterfactuals
        .iter()
        .map(|counterfactual| counterfactual.code)
        .collect()
}
