//! What holds something back, and what was agreed to and refused.

use std::collections::BTreeSet;

use domain::authority::Authority;
use domain::consent::{Consent, ConsentScope, ConsentStatus, Provision, ProvisionType};
use domain::restriction::{
    Allegation, AudienceBar, Delay, HarmKind, HarmOpinion, HoldingGround, ItemFacts, Order,
    OrderKind, OriginKind, Originator, RiskKind, RiskMarker, Said, ThirdParty, Wish,
};
use domain::{
    Circumstances, Confidentiality, ItemId, Moment, Objection, PartyId, Purpose, Reach, ResourceId,
    Scope, Timestamp,
};

use super::{CATEGORIES, CODES, Draw, REASONS};

const GROUNDS: &[HoldingGround] = &[
    HoldingGround::SeriousHarmHealth,
    HoldingGround::ExpressedWish,
    HoldingGround::CrimePrejudice,
    HoldingGround::CourtOrStatute,
    HoldingGround::NotAGround,
];
const PURPOSES: &[Purpose] = &[
    Purpose::Treatment,
    Purpose::Coordination,
    Purpose::Research,
    Purpose::PersonRequest,
    Purpose::HousingAdaptation,
];

impl Draw {
    pub fn reach(&mut self) -> Reach {
        Reach {
            categories: self
                .maybe(2, |draw| draw.some(CATEGORIES, 4))
                .unwrap_or_default(),
            sensitivities: self
                .maybe(6, |draw| draw.some(REASONS, 2))
                .unwrap_or_default(),
            at_least: self.maybe(6, Self::held_as),
            items: self
                .maybe(5, |draw| std::iter::once(draw.item_id()).collect())
                .unwrap_or_default(),
            written_from: self.maybe(6, Self::past),
            written_before: self.maybe(6, Self::past),
        }
    }

    pub fn objection(&mut self) -> Objection {
        let scope = match self.below(7) {
            0 => Scope::NotUnderstood,
            1 => Scope::Category(self.category()),
            2 => Scope::Sensitivity(self.pick(REASONS)),
            3 => Scope::AtLeast(Confidentiality::Restricted),
            4 => Scope::Resource(self.resource()),
            _ => Scope::Everything,
        };
        Objection {
            audience: self.audience(),
            scope,
            purpose: self.maybe(3, |draw| draw.pick(PURPOSES)),
            since: self.past().0,
            until: self.maybe(4, Self::instant),
            evidence: ResourceId([200; 16]),
        }
    }

    pub fn add_what_holds(&mut self, it: &mut Circumstances) {
        it.consents = self.few(1, Self::consent);
        for (place, consent) in it.consents.iter_mut().enumerate() {
            consent.id = ItemId::new(format!("consent-{place}"));
        }
        it.wishes = self.few(1, Self::wish);
        it.orders = self.few(10, Self::order);
        it.bars = self.few(6, Self::audience_bar);
        it.delays = self.few(4, Self::delay);
        it.harm_opinions = self.few(5, Self::harm_opinion);
        it.allegations = self.few(8, |draw| Allegation {
            against: draw.party(),
            since: draw.past(),
            ended: draw.maybe(3, Self::moment),
        });
        it.risks = self.few(6, |draw| RiskMarker {
            kind: draw.pick(&[
                RiskKind::DomesticAbuse,
                RiskKind::Coercion,
                RiskKind::Violence,
            ]),
            from_party: draw.maybe(3, Self::party),
            since: draw.past(),
            until: draw.maybe(3, Self::moment),
        });
    }

    pub fn order(&mut self) -> Order {
        Order {
            kind: OrderKind::Court,
            against: self
                .maybe(2, |draw| vec![draw.audience()])
                .unwrap_or_default(),
            about: self.maybe(2, Self::reach).unwrap_or_default(),
            from: self.past(),
            until: self.maybe(3, Self::moment),
            open: self.one_in(2),
        }
    }

    pub fn harm_opinion(&mut self) -> HarmOpinion {
        HarmOpinion {
            about: self.reach(),
            against: self
                .maybe(3, |draw| vec![draw.audience()])
                .unwrap_or_default(),
            kind: self.pick(&[HarmKind::Health, HarmKind::Health, HarmKind::SocialWork]),
            serious: !self.one_in(3),
            by: PartyId::new("dr-eze"),
            by_health_professional: !self.one_in(3),
            at: self.past(),
        }
    }

    pub fn audience_bar(&mut self) -> AudienceBar {
        AudienceBar {
            against: vec![self.audience(), self.audience()],
            about: self.maybe(2, Self::reach).unwrap_or_default(),
            ground: self.maybe(2, |draw| draw.pick(GROUNDS)),
            since: self.past(),
            lifted: self.maybe(4, Self::moment),
            reviewer: None,
            reviewed: None,
            review_due: self.maybe(2, Self::moment),
            own_conduct: self.one_in(3),
            reviewer_is_external: self.one_in(2),
            signalled: self.one_in(2),
        }
    }

    pub fn delay(&mut self) -> Delay {
        Delay {
            about: self.reach(),
            ground: self.pick(GROUNDS),
            since: self.past(),
            until: self.moment(),
            renewed_until: self.maybe(3, Self::moment),
            reviewer: None,
            own_conduct: self.one_in(3),
            reviewer_is_external: self.one_in(2),
            signalled: self.one_in(2),
        }
    }

    /// Whoever holds a power together with another was often asked, and said yes.
    pub fn add_fellows_word(&mut self, it: &mut Circumstances) {
        let lorna = PartyId::new("lorna");
        let together = |one: &Authority| one.jointly && one.holder == lorna;
        if it.authorities.iter().any(together) && self.one_in(2) {
            it.wishes.push(Wish {
                by: Some(lorna),
                says: Said::Yes,
                audience: Vec::new(),
                about: self.maybe(4, Self::reach).unwrap_or_default(),
                purposes: BTreeSet::new(),
                at: self.past(),
                withdrawn: None,
                after_death: false,
            });
        }
    }

    pub fn wish(&mut self) -> Wish {
        Wish {
            by: self.maybe(2, |draw| PartyId::new(draw.pick(&["lorna", "euan"]))),
            says: self.pick(&[Said::No, Said::No, Said::Yes]),
            audience: self
                .maybe(2, |draw| vec![draw.audience()])
                .unwrap_or_default(),
            about: self.maybe(2, Self::reach).unwrap_or_default(),
            purposes: self
                .maybe(4, |draw| draw.some(PURPOSES, 2))
                .unwrap_or_default(),
            at: self.past(),
            withdrawn: self.maybe(4, Self::moment),
            after_death: self.one_in(2),
        }
    }

    pub fn consent(&mut self) -> Consent {
        Consent {
            id: ItemId::new("consent"),
            status: if self.one_in(8) {
                ConsentStatus::Inactive
            } else {
                ConsentStatus::Active
            },
            scope: self.pick(&[
                ConsentScope::PatientPrivacy,
                ConsentScope::PatientPrivacy,
                ConsentScope::Research,
                ConsentScope::Other,
            ]),
            given: self.past(),
            withdrawn: self.maybe(5, Self::moment),
            supersedes: self.maybe(4, |draw| {
                ItemId::new(draw.pick(&["consent-0", "consent-1"]))
            }),
            by: self.maybe(5, Self::party),
            provision: self.provision(0),
        }
    }

    fn provision(&mut self, depth: usize) -> Provision {
        let nested = self.below(3usize.saturating_sub(depth) + 1);
        Provision {
            kind: self.pick(&[ProvisionType::Permit, ProvisionType::Deny]),
            from: self.maybe(8, Self::past),
            until: self.maybe(6, Self::moment),
            actors: self
                .maybe(3, |draw| vec![draw.audience()])
                .unwrap_or_default(),
            purposes: self
                .maybe(4, |draw| draw.some(PURPOSES, 2))
                .unwrap_or_default(),
            confidentiality: self.maybe(4, Self::held_as),
            sensitivities: self
                .maybe(8, |draw| draw.some(REASONS, 2))
                .unwrap_or_default(),
            categories: self
                .maybe(4, |draw| draw.some(CATEGORIES, 5))
                .unwrap_or_default(),
            codes: self.maybe(10, Self::codes).unwrap_or_default(),
            items: self
                .maybe(10, |draw| std::iter::once(draw.item_id()).collect())
                .unwrap_or_default(),
            authors: self
                .maybe(10, |draw| std::iter::once(draw.agency()).collect())
                .unwrap_or_default(),
            written_from: self.maybe(5, Self::past),
            written_before: self.maybe(5, Self::past),
            not_understood: self
                .maybe(10, |_| vec!["action".to_owned()])
                .unwrap_or_default(),
            provisions: (0..nested).map(|_| self.provision(depth + 1)).collect(),
        }
    }

    fn codes(&mut self) -> std::collections::BTreeSet<String> {
        std::iter::once(self.pick(CODES).to_owned()).collect()
    }

    /// Lately, or about the day on which the Access to Health Records Act 1990 began.
    fn written(&mut self) -> Moment {
        let began = ["1991-10-31T23:59:59Z", "1991-11-01T00:00:00Z"];
        let began = self.maybe(5, |draw| draw.pick(&began));
        began.map_or_else(
            || self.past(),
            |at| Moment(Timestamp::parse(at).expect("an instant")),
        )
    }

    pub fn item_facts(&mut self) -> ItemFacts {
        let origins = [OriginKind::Police, OriginKind::Mappa, OriginKind::Reporter];
        ItemFacts {
            written: self.maybe(2, Self::written),
            codes: self.maybe(3, Self::codes).unwrap_or_default(),
            related: self
                .maybe(10, |draw| std::iter::once(draw.item_id()).collect())
                .unwrap_or_default(),
            third_parties: self.few(8, |draw| ThirdParty {
                professional: draw.one_in(2),
                agrees: draw.one_in(3),
            }),
            in_confidence_from: self
                .maybe(12, |draw| vec![draw.audience()])
                .unwrap_or_default(),
            privileged: self.one_in(25),
            crime_prejudice: self.one_in(25),
            originator: self.maybe(15, |draw| Originator {
                kind: draw.pick(&origins),
                organisation: draw.agency(),
            }),
            sealed: self.one_in(8),
        }
    }
}
