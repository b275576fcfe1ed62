//! Invented cases: one person of a small place, and somebody who asks.
//!
//! Few names stand for much, so that what is on record is mostly about whoever asks.

mod acts;
mod draw;
mod holds;

use domain::person::{CapacityAssertion, Identity};
use domain::{
    Assurance, Audience, BirthDate, Caller, Capacity, Category, Circumstances, ClassId,
    Confidentiality, HomeId, ItemId, LabelClass, Lock, Matter, MentalCapacity, OrganisationId,
    OrganisationKind, PartyId, PersonFacts, PersonId, Purpose, Relationship, RelationshipKind,
    ResourceId, Role, Sensitivity, TeamId, WorkerId,
};
use policy::{Asks, Facts, Manner, Request, Urgency};

pub use draw::{Draw, now};

pub const ISHBEL: PersonId = PersonId([7; 16]);
const EUAN: PersonId = PersonId([8; 16]);

const AGENCIES: &[(&str, OrganisationKind)] = &[
    ("hospital", OrganisationKind::Hospital),
    ("practice", OrganisationKind::GpPractice),
    ("council", OrganisationKind::SocialWork),
    ("landlord", OrganisationKind::Housing),
    ("braeside", OrganisationKind::CareHome),
    ("police", OrganisationKind::Police),
];
const ROLES: &[Role] = &[
    Role::Doctor,
    Role::Nurse,
    Role::AddictionWorker,
    Role::Receptionist,
    Role::SocialWorker,
    Role::HousingOfficer,
    Role::CareHomeManager,
    Role::PoliceOfficer,
    Role::Researcher,
    Role::System,
    Role::Unknown,
];
const TEAMS: &[&str] = &["ward-6", "northburn-mental-health", "sexual-health"];
const CATEGORIES: &[Category] = &[
    Category::Contact,
    Category::Conditions,
    Category::Medicines,
    Category::Results,
    Category::Documents,
    Category::CarePlans,
    Category::Network,
    Category::Function,
    Category::Alerts,
    Category::Protection,
    Category::Finance,
    Category::Unsorted,
];
const REASONS: &[Sensitivity] = &[
    Sensitivity::MentalHealth,
    Sensitivity::SexualHealth,
    Sensitivity::DomesticViolence,
    Sensitivity::ThirdParty,
    Sensitivity::Whereabouts,
    Sensitivity::Adoption,
    Sensitivity::ChildProtection,
];
const CODES: &[&str] = &[
    "http://snomed.info/sct|35489007",
    "http://snomed.info/sct|86406008",
];

/// One case.
pub fn case(seed: u64) -> (Request, Facts) {
    let draw = &mut Draw::of(seed);
    let request = draw.request();
    let facts = draw.facts(&request);
    (request, facts)
}

impl Draw {
    fn agency(&mut self) -> OrganisationId {
        OrganisationId::from(self.pick(AGENCIES).0)
    }

    fn worker(&mut self) -> WorkerId {
        WorkerId::from(self.pick(&["ada", "ben"]))
    }

    fn team(&mut self) -> TeamId {
        TeamId::from(self.pick(TEAMS))
    }

    fn party(&mut self) -> PartyId {
        PartyId::new(self.pick(&["euan", "euan", "lorna", "ada"]))
    }

    fn category(&mut self) -> Category {
        self.pick(CATEGORIES)
    }

    fn held_as(&mut self) -> Confidentiality {
        use Confidentiality::{Normal, Restricted, VeryRestricted};
        self.pick(&[
            Normal,
            Normal,
            Normal,
            Restricted,
            VeryRestricted,
            Confidentiality::Low,
        ])
    }

    fn audience(&mut self) -> Audience {
        match self.below(8) {
            0 => Audience::Everyone,
            1 => Audience::Organisation(self.agency()),
            2 => Audience::Kind(self.pick(AGENCIES).1),
            3 => Audience::Worker(self.worker()),
            4 => Audience::Team(self.team()),
            5 => Audience::Role(self.pick(ROLES)),
            _ => Audience::Party(self.party()),
        }
    }

    fn resource(&mut self) -> ResourceId {
        ResourceId([1 + u8::try_from(self.below(3)).expect("a small number"); 16])
    }

    fn item_id(&mut self) -> ItemId {
        ItemId::new(self.pick(&["item-1", "item-2", "item-3"]))
    }

    fn request(&mut self) -> Request {
        let capacity = match self.below(10) {
            0 => Capacity::Person(ISHBEL),
            1..=4 => Capacity::Person(EUAN),
            _ => self.staff(),
        };
        let purpose = self.purpose(&capacity);
        let reason = self.pick(&[
            None,
            Some(" "),
            Some("she is in front of me"),
            Some("she is here"),
        ]);
        let assurance = [Assurance::Low, Assurance::Substantial, Assurance::High];
        let mut asks = self.asks();
        if capacity == Capacity::Person(EUAN) {
            asks.party = Some(PartyId::new("euan"));
        }
        Request {
            caller: Caller {
                name: "Ada".to_owned(),
                capacity,
                assurance: self.pick(&assurance),
            },
            person: ISHBEL,
            purpose,
            reason: reason.map(str::to_owned),
            asks,
        }
    }

    fn staff(&mut self) -> Capacity {
        let (organisation, organisation_kind) = self.pick(AGENCIES);
        Capacity::Worker {
            worker: self.worker(),
            role: self.pick(ROLES),
            organisation: OrganisationId::from(organisation),
            organisation_kind,
            team: self.maybe(2, Self::team),
        }
    }

    fn purpose(&mut self, capacity: &Capacity) -> Purpose {
        use Purpose as For;
        if self.one_in(12) {
            return self.pick(Purpose::ALL);
        }
        match capacity {
            Capacity::Person(person) if *person == ISHBEL => {
                self.pick(&[For::PersonRequest, For::SubjectAccess])
            }
            Capacity::Person(_) => {
                self.pick(&[For::PersonRequest, For::FamilyRequest, For::DeceasedRecords])
            }
            // Whoever comes by a one-time link asks for the purpose of the link: told in stories.
            Capacity::Outsider { kind, .. } => kind.purpose(),
            Capacity::Worker { .. } => self.pick(&[
                For::Treatment,
                For::Treatment,
                For::Provision,
                For::Assessment,
                For::Emergency,
                For::BreakGlass,
                For::HousingAdaptation,
                For::AdultProtection,
                For::AdultProtectionRequirement,
                For::AdultProtectionRequirement,
                For::ChildConcern,
                For::ChildPlan,
                For::ChildWellbeing,
                For::ChildrensHearing,
                For::PoliceInquiry,
                For::Regulator,
                For::Research,
                For::Legal,
                For::CarerSupport,
                For::Complaint,
            ]),
        }
    }

    fn asks(&mut self) -> Asks {
        Asks {
            party: None,
            categories: self
                .maybe(6, |draw| draw.some(CATEGORIES, 3))
                .unwrap_or_default(),
            items: self
                .maybe(12, |draw| std::iter::once(draw.item_id()).collect())
                .unwrap_or_default(),
            written_from: self.maybe(12, Self::past),
            written_before: self.maybe(12, Self::past),
            manner: self.pick(&[
                Manner::View,
                Manner::View,
                Manner::View,
                Manner::Feed,
                Manner::Tell,
            ]),
            urgency: self.pick(&[
                Urgency::Routine,
                Urgency::Routine,
                Urgency::Urgent,
                Urgency::Emergency,
            ]),
            given_by: self.maybe(8, Self::agency),
            safe_channel: self.one_in(3),
            verified: self.maybe(6, |draw| draw.pick(&[true, false])),
            authorised: self.pick(&[None, Some(true), Some(false)]),
            revoked: self.maybe(20, Self::moment),
            knows_privately: false,
        }
    }

    fn facts(&mut self, request: &Request) -> Facts {
        let labels: Vec<LabelClass> = (0..=self.below(4)).map(|_| self.label()).collect();
        let classes: Vec<(ClassId, LabelClass)> = (1..).map(ClassId).zip(labels).collect();
        let named: Vec<_> = (0..self.below(3))
            .map(|_| {
                (
                    self.resource(),
                    ClassId(1 + i32::try_from(self.below(4)).expect("small")),
                )
            })
            .collect();
        let locks: Vec<_> = self.few(4, Self::lock);
        Facts {
            person: ISHBEL,
            joined: Vec::new(),
            homes: vec![(HomeId([1; 16]), 1)],
            protected: self.one_in(12),
            relationships: (0..self.below(3))
                .map(|_| self.relationship(request))
                .collect(),
            objections: self.few(4, Self::objection),
            bars: self.few(15, |draw| domain::Bar {
                worker: draw.worker(),
                since: draw.instant(),
                lifted: draw.maybe(3, Self::instant),
            }),
            only_locked: self.few(6, |draw| {
                ClassId(1 + i32::try_from(draw.below(4)).expect("small"))
            }),
            locks,
            named,
            cells: Vec::new(),
            circumstances: self.circumstances(request, &classes),
            classes,
        }
    }

    fn label(&mut self) -> LabelClass {
        LabelClass {
            custodian: self.agency(),
            author_role: self.maybe(6, |draw| draw.pick(ROLES)),
            confidentiality: self.held_as(),
            categories: {
                let first = self.category();
                let second = self.maybe(4, Self::category);
                std::iter::once(first).chain(second).collect()
            },
            sensitivities: self
                .maybe(3, |draw| draw.some(REASONS, 2))
                .unwrap_or_default(),
        }
    }

    fn lock(&mut self) -> Lock {
        Lock {
            resource: self.resource(),
            holder: self.agency(),
            team: self.maybe(3, Self::team),
            since: self.instant(),
        }
    }

    /// Mostly of the agency that asks.
    fn relationship(&mut self, request: &Request) -> Relationship {
        let asking = request.caller.organisation().cloned();
        let organisation = match asking {
            Some(asking) if !self.one_in(4) => asking,
            _ => self.agency(),
        };
        Relationship {
            kind: self.pick(RelationshipKind::ALL),
            organisation,
            team: self.maybe(4, Self::team),
            worker: self.maybe(4, Self::worker),
            since: self.past().0,
            until: self.maybe(3, Self::instant),
            evidence: self.maybe(3, Self::resource),
        }
    }

    fn circumstances(
        &mut self,
        request: &Request,
        classes: &[(ClassId, LabelClass)],
    ) -> Circumstances {
        let for_another = request.caller.capacity == Capacity::Person(EUAN);
        let mut it = Circumstances {
            person: self.person(),
            authorities: if for_another {
                self.authorities()
            } else {
                self.few(3, Self::authority)
            },
            ties: self.few(if for_another { 1 } else { 4 }, Self::tie),
            ..Circumstances::default()
        };
        if request.purpose == Purpose::DeceasedRecords && !self.one_in(3) {
            it.person.died = Some(self.past());
        }
        self.add_what_holds(&mut it);
        self.add_fellows_word(&mut it);
        self.add_what_lets(&mut it);
        for (class, _) in classes {
            if !self.one_in(3) {
                let item = ItemId::new(format!("item-{}", class.0));
                it.items.push((*class, item, self.item_facts()));
            }
        }
        it
    }

    fn person(&mut self) -> PersonFacts {
        let born = [
            None,
            Some("1940-01-01"),
            Some("1940-01-01"),
            Some("1940-01-01"),
            Some("2015-02-03"),
            Some("2015-02-04"),
            Some("2011-02-03"),
            Some("2011-02-04"),
            Some("2018-06-01"),
        ];
        let born = self.pick(&born);
        PersonFacts {
            born: born.map(|date| BirthDate(date.parse().expect("a date"))),
            died: self.maybe(10, Self::moment),
            identity: self.maybe(25, |draw| {
                draw.pick(&[Identity::Possible, Identity::Certain])
            }),
            capacity: self.few(1, |draw| CapacityAssertion {
                matter: draw.pick(&[
                    Matter::All,
                    Matter::Information,
                    Matter::Welfare,
                    Matter::Care,
                ]),
                state: draw.pick(&[
                    MentalCapacity::Capable,
                    MentalCapacity::Incapable,
                    MentalCapacity::Incapable,
                    MentalCapacity::Unknown,
                ]),
                at: draw.past(),
                until: draw.maybe(4, Self::moment),
                by: None,
            }),
        }
    }
}
