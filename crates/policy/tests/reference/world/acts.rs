//! Who acts for the person, and what lets or makes agencies share.

use domain::arrangement::{
    Agreement, Approval, Elsewhere, Flow, HolderDecision, Requirement, RequirementKind,
};
use domain::authority::{
    Authority, AuthorityKind, Belief, ParentalSource, Suspension, Tie, TieKind, Trigger,
};
use domain::restriction::Pause;
use domain::{BirthDate, Circumstances, Matter, PartyId, Purpose};

use super::{CATEGORIES, Draw};

const KINDS: &[AuthorityKind] = &[
    AuthorityKind::WelfareAttorney,
    AuthorityKind::WelfareAttorney,
    AuthorityKind::WelfareAttorney,
    AuthorityKind::ContinuingAttorney,
    AuthorityKind::Guardian,
    AuthorityKind::Guardian,
    AuthorityKind::Guardian,
    AuthorityKind::Executor,
    AuthorityKind::InterventionOrder,
    AuthorityKind::ParentalRights,
    AuthorityKind::ParentalRights,
    AuthorityKind::MentalHealthNamedPerson,
    AuthorityKind::ListedInitiator,
    AuthorityKind::EssentialCareSupporter,
    AuthorityKind::Advocate,
    AuthorityKind::Solicitor,
    AuthorityKind::Executor,
    AuthorityKind::DeceasedClaimant,
    AuthorityKind::EnglishWelfareLpa,
    AuthorityKind::EnglishPropertyLpa,
    AuthorityKind::Appointee,
];

impl Draw {
    pub fn authority(&mut self) -> Authority {
        let kind = self.pick(KINDS);
        let matters = [
            Matter::Welfare,
            Matter::Welfare,
            Matter::Information,
            Matter::Care,
            Matter::Treatment,
            Matter::Finance,
            Matter::All,
        ];
        let mut known = vec![Some(true); 8];
        known.extend([Some(false), None]);
        Authority {
            holder: PartyId::new(self.pick(&["euan", "euan", "euan", "lorna"])),
            kind,
            powers: self.some(&matters, 3),
            scope: self.maybe(4, Self::reach).unwrap_or_default(),
            from: self.maybe(3, Self::past),
            until: self.maybe(3, Self::moment),
            registered: self.pick(&known),
            verified: self.pick(&known),
            trigger: self.pick(&[
                None,
                None,
                Some(Trigger::Incapacity),
                Some(Trigger::ReasonableBelief),
            ]),
            beliefs: self.few(1, |draw| Belief {
                matter: draw.pick(&matters),
                at: draw.past(),
            }),
            suspended: self.few(6, |draw| Suspension {
                from: draw.past(),
                until: draw.maybe(2, Self::moment),
            }),
            ended: self.maybe(12, Self::moment),
            renewal_lodged: self.maybe(3, Self::past),
            renewal_decided: self.maybe(6, Self::moment),
            conflict: self.one_in(15),
            jointly: self.one_in(5),
            source: self.pick(&[
                None,
                Some(ParentalSource::Mother),
                Some(ParentalSource::JointRegistration),
            ]),
            birth_registered: self.maybe(4, |draw| {
                let days = ["2006-05-03", "2006-05-04", "2015-03-01"];
                BirthDate(draw.pick(&days).parse().expect("a date"))
            }),
        }
    }

    /// Mostly one, with somebody beside who holds the same, or a guardian.
    pub fn authorities(&mut self) -> Vec<Authority> {
        let mut all: Vec<_> = (0..self.below(3)).map(|_| self.authority()).collect();
        let Some(first) = all.first().cloned() else {
            return all;
        };
        let lorna = PartyId::new("lorna");
        if self.one_in(3) {
            all.push(Authority {
                holder: lorna.clone(),
                ..first.clone()
            });
        }
        if self.one_in(6) {
            let kind = AuthorityKind::Guardian;
            all.push(Authority {
                holder: lorna,
                kind,
                until: self.maybe(2, Self::moment),
                ..first
            });
        }
        all
    }

    pub fn tie(&mut self) -> Tie {
        let kinds = [
            TieKind::NearestRelative,
            TieKind::PrimaryCarer,
            TieKind::Relative,
            TieKind::FormerPartner,
        ];
        Tie {
            party: self.party(),
            kind: self.pick(&kinds),
        }
    }

    pub fn add_what_lets(&mut self, it: &mut Circumstances) {
        it.agreements = self.few(2, Self::agreement);
        it.requirements = self.few(3, Self::requirement);
        it.approvals = self.few(6, |draw| Approval {
            reference: "1".to_owned(),
            by: "panel".to_owned(),
            organisation: draw.agency(),
            purpose: Purpose::Research,
            about: draw.maybe(2, Self::reach).unwrap_or_default(),
            from: draw.past(),
            until: draw.maybe(3, Self::moment),
        });
        it.holder_decisions = self.few(6, |draw| HolderDecision {
            holder: draw.agency(),
            by: PartyId::new("dr-eze"),
            signed: !draw.one_in(3),
            with: vec![draw.audience()],
            about: draw.maybe(2, Self::reach).unwrap_or_default(),
            purposes: draw.some(&[Purpose::Treatment, Purpose::Legal], 1),
            public_interest: draw.one_in(2),
            at: draw.past(),
            until: draw.maybe(3, Self::moment),
        });
        it.pauses = self.few(4, |draw| Pause {
            with: draw.agency(),
            decides: draw.agency(),
            since: draw.past(),
            until: draw.maybe(3, Self::moment),
            safety: draw.one_in(3).then(|| "safety".to_owned()),
        });
        it.elsewhere = self.few(15, |draw| Elsewhere {
            category: draw.category(),
            ask: draw.agency(),
        });
    }

    fn agreement(&mut self) -> Agreement {
        let parties = [self.agency(), self.agency(), self.agency()];
        let most = CATEGORIES.len();
        Agreement {
            id: "isp-1".to_owned(),
            flows: vec![Flow {
                number: "1".to_owned(),
                items: self.some(CATEGORIES, 3 * most),
                from: self.pick(&parties),
                to: self.pick(&parties),
                purposes: std::iter::once(Purpose::Treatment).collect(),
                basis: None,
                method: None,
                frequency: None,
                retention: None,
            }],
            parties: parties.into_iter().collect(),
            from: self.maybe(3, Self::past),
            until: self.maybe(2, Self::moment),
            review_due: None,
            signed: !self.one_in(4),
        }
    }

    fn requirement(&mut self) -> Requirement {
        let kinds = [
            RequirementKind::AspSection10,
            RequirementKind::AspSection10,
            RequirementKind::AspSection10,
            RequirementKind::AspSection5,
            RequirementKind::CourtOrder,
            RequirementKind::Inspection,
            RequirementKind::CommissionVisit,
        ];
        let asker = |draw: &mut Self| PartyId::new(draw.pick(&["ada", "ben", "euan"]));
        Requirement {
            number: "1".to_owned(),
            kind: self.pick(&kinds),
            by: self.maybe(2, asker),
            organisation: self.maybe(2, Self::agency),
            authorised: self.pick(&[Some(true), Some(true), Some(false), None]),
            reader: self.maybe(3, asker),
            holders: self
                .maybe(3, |draw| std::iter::once(draw.agency()).collect())
                .unwrap_or_default(),
            about: self.maybe(2, Self::reach).unwrap_or_default(),
            from: self.past(),
            until: self.maybe(3, Self::moment),
        }
    }
}
