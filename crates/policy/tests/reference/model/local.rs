//! Local policy as it is shipped for Lanarkshire, as a table, with what holders, agreements and
//! panels decided.

use std::collections::BTreeSet;

use domain::arrangement::{Approval, HolderDecision};
use domain::{
    Category, Confidentiality, LabelClass, OrganisationKind, Purpose, RelationshipKind, Role,
    Sensitivity,
};
use policy::Ground;

use super::asker::{Hit, SOCIAL_WORK, Staff, is_clinical};
use super::consent::Word;
use super::{Fate, Footing, Model, Piece};
use crate::slip::Slip;

impl Model<'_> {
    fn decisions(&self) -> impl Iterator<Item = &HolderDecision> {
        self.known().holder_decisions.iter().filter(|decision| {
            (decision.signed || self.slips(Slip::UnsignedDecisionCounts))
                && self.within(decision.at.0, decision.until.map(|until| until.0))
                && !decision.with.is_empty()
                && self.is_among(&decision.with)
                && self.covers_purpose(&decision.purposes)
        })
    }

    pub fn a_holder_decided(&self) -> bool {
        self.decisions().next().is_some()
    }

    pub fn is_decided(&self, piece: Piece<'_>, in_public_interest: bool) -> bool {
        self.decisions().any(|decision| {
            decision.holder == piece.label.custodian
                && (decision.public_interest || !in_public_interest)
                && self.falls(&decision.about, piece) == Hit::Yes
        })
    }

    pub fn public_interest(&self, piece: Piece<'_>) -> bool {
        self.is_decided(piece, true)
    }

    pub fn decided_by_holder(&self, footing: Footing, piece: Piece<'_>) -> Option<Fate> {
        (footing != Footing::Tells && self.is_decided(piece, false)).then_some(Fate::Opens)
    }

    pub fn approval(&self) -> Option<&Approval> {
        let staff = self.staff()?;
        self.known().approvals.iter().find(|approval| {
            approval.organisation == *staff.organisation
                && self.within(approval.from.0, approval.until.map(|until| until.0))
                && self.is_kind_of(self.request.purpose, approval.purpose)
        })
    }

    /// What a panel approved, or the person agreed to.
    pub fn agreed_to(&self, footing: Footing, piece: Piece<'_>) -> Option<Fate> {
        let says = self.consents_say(piece);
        let approved = || {
            self.known().approvals.iter().any(|approval| {
                self.staff()
                    .is_some_and(|staff| approval.organisation == *staff.organisation)
                    && self.within(approval.from.0, approval.until.map(|until| until.0))
                    && self.is_kind_of(self.request.purpose, approval.purpose)
                    && self.falls(&approval.about, piece) == Hit::Yes
            })
        };
        let opens = match footing {
            Footing::Approved => approved() || matches!(says, Word::Yes | Word::YesByName),
            Footing::Agreed | Footing::Cares | Footing::Holders => says == Word::YesByName,
            _ => false,
        };
        opens.then_some(Fate::Opens)
    }

    pub fn by_local_policy(&self, footing: Footing, piece: Piece<'_>) -> Fate {
        let too_much = Fate::Withheld(Ground::MoreThanNecessary);
        match footing {
            Footing::Feeds => return self.by_agreement(piece.label),
            Footing::Agreed => return Fate::Withheld(Ground::NoRelationship),
            Footing::Approved => return too_much,
            _ => {}
        }
        // Which policy speaks of them turns on what they do.
        if self
            .staff()
            .is_some_and(|staff| staff.role == Role::Unknown)
        {
            return Fate::referred(Ground::MoreThanNecessary);
        }
        let ways = self.involvements();
        let involved = self.is_evidenced() && footing != Footing::Agreed;
        let own = self.is_own(&piece.label.custodian) && involved;
        let opens = self
            .staff()
            .is_some_and(|staff| self.table_opens(staff, &ways, own, &piece.label.categories));
        if !opens {
            return match footing {
                Footing::Holders => Fate::referred(Ground::OriginatorControl),
                _ => too_much,
            };
        }
        let unsorted = piece.label.categories.contains(&Category::Unsorted);
        let in_direct_care = involved && self.is_direct_care();
        let closely = piece.label.confidentiality > Confidentiality::Normal;
        let not_sorted = unsorted && !in_direct_care && !self.slips(Slip::UnsortedOpensToAll);
        let elsewhere = closely && !(involved && self.works_in_area(piece.label));
        if !own && (not_sorted || elsewhere) {
            too_much
        } else {
            Fate::Opens
        }
    }

    fn by_agreement(&self, label: &LabelClass) -> Fate {
        let Some(staff) = self.staff() else {
            return Fate::Withheld(Ground::NoAgreement);
        };
        let named = self.known().agreements.iter().any(|agreement| {
            let live = agreement.signed
                && agreement.from.is_none_or(|from| from.0 <= self.now)
                && (agreement.until.is_none_or(|until| self.now < until.0)
                    || self.slips(Slip::LapsedAgreementFeeds));
            live && agreement.flows.iter().any(|flow| {
                flow.from == label.custodian
                    && flow.to == *staff.organisation
                    && agreement.parties.contains(&flow.from)
                    && agreement.parties.contains(&flow.to)
                    && label.categories.iter().all(|it| flow.items.contains(it))
                    && flow
                        .purposes
                        .iter()
                        .any(|it| self.is_kind_of(self.request.purpose, *it))
            })
        });
        let keeps_safe = label.categories.iter().all(|category| {
            matches!(
                category,
                Category::Alerts | Category::Allergies | Category::Protection
            )
        }) && !self.slips(Slip::SafetyFeedIsHeld);
        if named || keeps_safe {
            Fate::Opens
        } else {
            Fate::Withheld(Ground::NoAgreement)
        }
    }

    /// `care.cedar`, `carers.cedar`, `housing.cedar`, `own.cedar` and `protection.cedar`.
    fn table_opens(
        &self,
        staff: Staff<'_>,
        ways: &[RelationshipKind],
        own: bool,
        about: &BTreeSet<Category>,
    ) -> bool {
        use Category as C;
        let within = |list: &[Category]| about.iter().all(|category| list.contains(category));
        let role = staff.role;
        let care_home = [
            OrganisationKind::CareHome,
            OrganisationKind::Homecare,
            OrganisationKind::Voluntary,
        ];
        let own_purpose = self.is_direct_care()
            || self.is_protection()
            || matches!(
                self.request.purpose,
                Purpose::CarerSupport | Purpose::HousingAdaptation | Purpose::Complaint
            );
        if own && own_purpose && !matches!(role, Role::Receptionist | Role::System) {
            return true;
        }
        if self.is_direct_care() {
            let all_but = [C::Finance, C::Account];
            return (is_clinical(role) && !about.iter().any(|it| all_but.contains(it)))
                || (role == Role::Receptionist
                    && within(&[C::Demographics, C::Contact, C::Encounters]))
                || (SOCIAL_WORK.contains(&role)
                    && within(&[
                        C::Demographics,
                        C::Contact,
                        C::Encounters,
                        C::Conditions,
                        C::Medicines,
                        C::Allergies,
                        C::Assessments,
                        C::CarePlans,
                        C::Network,
                        C::Function,
                        C::Housing,
                        C::Alerts,
                        C::Protection,
                        C::Wishes,
                    ]))
                || (matches!(
                    role,
                    Role::CareHomeManager | Role::CareWorker | Role::SupportWorker
                ) && care_home.contains(&staff.kind)
                    && within(&[
                        C::Demographics,
                        C::Contact,
                        C::Conditions,
                        C::Medicines,
                        C::Allergies,
                        C::Assessments,
                        C::CarePlans,
                        C::Network,
                        C::Function,
                        C::Alerts,
                        C::Wishes,
                    ]))
                || (role == Role::Advocate
                    && within(&[
                        C::Demographics,
                        C::Contact,
                        C::CarePlans,
                        C::Network,
                        C::Wishes,
                    ]));
        }
        if self.is_protection() {
            let first_look = is_clinical(role)
                || SOCIAL_WORK.contains(&role)
                || matches!(role, Role::PoliceOfficer | Role::ChildrensReporter);
            return first_look && within(&[C::Demographics, C::Contact, C::Network, C::Alerts]);
        }
        match self.request.purpose {
            Purpose::HousingAdaptation => {
                let by_event = [RelationshipKind::Tenancy, RelationshipKind::Referral];
                (role == Role::HousingOfficer
                    && ways.iter().any(|way| by_event.contains(way))
                    && within(&[C::Demographics, C::Contact, C::Function, C::Housing]))
                    || (matches!(
                        role,
                        Role::OccupationalTherapist | Role::Therapist | Role::SocialWorker
                    ) && within(&[
                        C::Demographics,
                        C::Contact,
                        C::Conditions,
                        C::Assessments,
                        C::CarePlans,
                        C::Network,
                        C::Function,
                        C::Housing,
                        C::Alerts,
                    ]))
            }
            Purpose::CarerSupport => {
                matches!(
                    role,
                    Role::SocialWorker
                        | Role::DutySocialWorker
                        | Role::Advocate
                        | Role::OccupationalTherapist
                ) && within(&[
                    C::Demographics,
                    C::Contact,
                    C::Network,
                    C::Assessments,
                    C::CarePlans,
                    C::Function,
                    C::Alerts,
                    C::Wishes,
                ])
            }
            _ => false,
        }
    }

    /// `care-areas.toml`: every reason for holding closely lies in an area where they work.
    fn works_in_area(&self, label: &LabelClass) -> bool {
        use Sensitivity as S;
        let Some(staff) = self.staff() else {
            return false;
        };
        if self.slips(Slip::AnyAreaWillDo) {
            return true;
        }
        let team = staff
            .team
            .map(|team| format!("-{}-", team.as_str()))
            .unwrap_or_default();
        let of_team = |words: &[&str]| words.iter().any(|it| team.contains(&format!("-{it}-")));
        let mental = of_team(&[
            "mental-health",
            "cmht",
            "camhs",
            "psychiatry",
            "psychology",
            "crisis",
        ]);
        let addiction = staff.role == Role::AddictionWorker
            || of_team(&["addiction", "addictions", "recovery"]);
        let sexual = of_team(&["sexual-health", "maternity"]);
        let protects = SOCIAL_WORK.contains(&staff.role)
            || of_team(&["child-protection", "adult-protection", "public-protection"]);
        let restricted = label.confidentiality <= Confidentiality::Restricted;
        !label.sensitivities.is_empty()
            && label.sensitivities.iter().all(|why| match why {
                S::MentalHealth | S::Psychotherapy => mental && restricted,
                S::SubstanceUse => (mental || addiction) && restricted,
                S::SexualHealth | S::SexuallyTransmitted | S::Hiv | S::Gender => {
                    sexual && restricted
                }
                S::ChildProtection | S::AdultProtection | S::DomesticViolence | S::Violence => {
                    protects
                }
                _ => false,
            })
    }
}
