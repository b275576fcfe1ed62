//! The gates about a request as a whole; the first that speaks decides (decisions.md 5.3).

use domain::authority::{AuthorityKind, TieKind};
use domain::person::Identity;
use domain::restriction::{AudienceBar, HoldingGround, Said, Wish};
use domain::{
    Assurance, Audience, Matter, MentalCapacity, Objection, OrganisationId, OrganisationKind,
    Purpose, Role, Scope,
};
use policy::{Ground, Manner, Visibility};

use super::asker::{SOCIAL_WORK, is_clinical};
use super::powers::Power;
use super::{Footing, Model, Whole};
use crate::slip::Slip;

impl Model<'_> {
    pub fn whole(&self) -> Whole {
        self.integrity()
            .or_else(|| self.barred_as_such())
            .or_else(|| self.required())
            .or_else(|| self.protects())
            .or_else(|| self.emergency())
            .or_else(|| self.own_record())
            .or_else(|| self.opted_out())
            .or_else(|| self.for_another())
            .unwrap_or_else(|| self.paused(self.local().unwrap_or_else(|| self.default())))
    }

    /// What would be opened waits while sharing with the agency is challenged, for what can wait.
    fn paused(&self, whole: Whole) -> Whole {
        let Some(staff) = self.staff() else {
            return whole;
        };
        let purpose = self.request.purpose;
        let beyond_care = ["CARER-SUPPORT", "HOUSING-ADAPT", "CHILD-WELLBEING"];
        let no_care = ["HRESCH", "HOPERAT", "HPAYMT", "HMARKT"];
        let can_wait = beyond_care
            .iter()
            .chain(&no_care)
            .any(|it| *it == purpose.code());
        let may_wait = can_wait || self.slips(Slip::CareIsPaused);
        let mut pauses: Vec<_> = self.known().pauses.iter().collect();
        pauses.retain(|it| {
            let safe = it.safety.is_none() || self.slips(Slip::SafetyIsPaused);
            it.with == *staff.organisation
                && safe
                && self.within(it.since.0, it.until.map(|until| until.0))
        });
        pauses
            .sort_by(|a, b| (a.since.0, a.decides.as_str()).cmp(&(b.since.0, b.decides.as_str())));
        match (pauses.first(), whole) {
            (Some(pause), Whole::On(_)) if may_wait => {
                Whole::Referred(Ground::Locked, pause.decides.clone())
            }
            (_, whole) => whole,
        }
    }

    fn integrity(&self) -> Option<Whole> {
        if self.request.person != self.facts.person {
            return Some(Whole::Refused(Ground::IdentityDoubt, Visibility::Hidden));
        }
        let asks = &self.request.asks;
        let revoked = asks.revoked.is_some_and(|at| at.0 <= self.now);
        if asks.verified == Some(false) || (revoked && !self.slips(Slip::RevokedSessionWorks)) {
            return open(Ground::Unverified);
        }
        let doubt = self.known().person.identity == Some(Identity::Possible);
        doubt.then(|| Whole::Referred(Ground::IdentityDoubt, OrganisationId::from("match-review")))
    }

    /// The strictest of all that keeps the person as such from whoever asks.
    fn barred_as_such(&self) -> Option<Whole> {
        if self.asks_for_self() {
            return None;
        }
        let worker = self.request.caller.worker();
        let by_name = self
            .facts
            .bars
            .iter()
            .any(|bar| Some(&bar.worker) == worker && self.within(bar.since, bar.lifted));
        let mut held = Vec::new();
        if by_name {
            held.push((Visibility::Hidden, Ground::ForbiddenByLaw));
        }
        for bar in self
            .known()
            .bars
            .iter()
            .filter(|bar| bar.about.is_everything())
        {
            if self.bars(bar) {
                held.push((visible(bar.signalled), bar_ground(bar)));
            }
        }
        for order in self
            .known()
            .orders
            .iter()
            .filter(|it| it.about.is_everything())
        {
            let live = self.within(order.from.0, order.until.map(|until| until.0));
            if live && self.is_among(&order.against) {
                let shown = if order.open {
                    Visibility::Open
                } else {
                    Visibility::Hidden
                };
                held.push((shown, Ground::ForbiddenByLaw));
            }
        }
        let emergency = self.emergency_holds() && self.slips(Slip::BarYieldsToEmergency);
        let strictest = held
            .into_iter()
            .filter(|_| !emergency)
            .max_by_key(|(shown, ground)| (*shown, std::cmp::Reverse(*ground)));
        if let Some((shown, ground)) = strictest {
            return Some(Whole::Refused(ground, shown));
        }
        let knows = self.is_evidenced() || self.emergency_holds();
        let protected = self.facts.protected && self.staff().is_some() && !knows;
        protected.then_some(Whole::Refused(Ground::NoRelationship, Visibility::Hidden))
    }

    /// A bar on a closed ground, no agency's own cover, that names whoever asks. It never lapses.
    pub fn bars(&self, bar: &AudienceBar) -> bool {
        let sound = bar.ground != Some(HoldingGround::NotAGround)
            && (!bar.own_conduct || bar.reviewer_is_external || self.slips(Slip::OwnCoverStands));
        let lapsed = bar.review_due.is_some_and(|due| due.0 <= self.now);
        sound
            && self.within(bar.since.0, bar.lifted.map(|lifted| lifted.0))
            && !(lapsed && self.slips(Slip::BarLapses))
            && bar.against.iter().any(|audience| self.is_of(audience))
    }

    fn protects(&self) -> Option<Whole> {
        let staff = self.staff()?;
        let by_office = SOCIAL_WORK.contains(&staff.role)
            || matches!(staff.role, Role::PoliceOfficer | Role::ChildrensReporter)
            || staff.kind == OrganisationKind::Police;
        let brought =
            by_office || !self.involvements().is_empty() || self.request.asks.given_by.is_some();
        (self.is_protection() && brought).then_some(Whole::On(Footing::Protects))
    }

    fn emergency(&self) -> Option<Whole> {
        let staff = self.staff()?;
        if !self.is_kind_of(self.request.purpose, Purpose::Emergency) {
            return None;
        }
        if !is_clinical(staff.role) && !self.slips(Slip::AnyoneMayBreakGlass) {
            return open(Ground::PurposeIncompatible);
        }
        if self.is_sure_and_says_why() {
            Some(Whole::On(Footing::Emergency))
        } else {
            open(Ground::Unverified)
        }
    }

    fn is_sure_and_says_why(&self) -> bool {
        let sure = self.request.caller.assurance != Assurance::Low;
        sure && (self.gives_a_reason() || self.slips(Slip::EmergencyNeedsNoReason))
    }

    fn emergency_holds(&self) -> bool {
        self.is_kind_of(self.request.purpose, Purpose::Emergency)
            && self.staff().is_some_and(|staff| is_clinical(staff.role))
            && self.is_sure_and_says_why()
    }

    fn own_record(&self) -> Option<Whole> {
        let purpose = self.request.purpose;
        let persons_own = self.is_kind_of(purpose, Purpose::PersonRequest);
        if self.asks_for_self() {
            return if persons_own && purpose != Purpose::FamilyRequest {
                Some(Whole::On(Footing::Own))
            } else {
                open(Ground::PurposeIncompatible)
            };
        }
        (self.staff().is_some() && persons_own).then_some(Whole::Refused(
            Ground::PurposeIncompatible,
            Visibility::Open,
        ))
    }

    /// A no to a secondary use as such.
    fn opted_out(&self) -> Option<Whole> {
        if !self.is_secondary() || self.staff().is_none() {
            return None;
        }
        let objected =
            self.facts.objections.iter().any(|objection| {
                self.binds_asker(objection) && objection.scope == Scope::Everything
            });
        let wished = self
            .known()
            .wishes
            .iter()
            .any(|wish| self.is_own_no(wish) && wish.about.is_everything());
        if objected || wished || self.consents_refuse() {
            return open(Ground::Objected);
        }
        None
    }

    /// Whether an objection stands against whoever asks, for this purpose.
    pub fn binds_asker(&self, objection: &Objection) -> bool {
        self.within(objection.since, objection.until)
            && self.is_of(&objection.audience)
            && self.covers_purpose(&objection.purpose)
    }

    /// Whether it is the person's own no, to whoever asks, for this purpose.
    pub fn is_own_no(&self, wish: &Wish) -> bool {
        wish.by.is_none() && wish.says == Said::No && self.concerns_asker(wish)
    }

    pub fn concerns_asker(&self, wish: &Wish) -> bool {
        self.within(wish.at.0, wish.withdrawn.map(|at| at.0))
            && self.is_among(&wish.audience)
            && self.covers_purpose(&wish.purposes)
    }

    fn for_another(&self) -> Option<Whole> {
        use Purpose::{Complaint, DeceasedRecords, IncapacityFunction, Legal, MentalHealthAct};
        if !self.asks_for_another() {
            return None;
        }
        if self.request.asks.manner == Manner::Tell {
            return Some(Whole::On(Footing::Tells));
        }
        let purpose = self.request.purpose;
        let fits = self.is_kind_of(purpose, Purpose::PersonRequest)
            || [
                DeceasedRecords,
                IncapacityFunction,
                MentalHealthAct,
                Complaint,
                Legal,
            ]
            .contains(&purpose);
        if !fits {
            return open(Ground::PurposeIncompatible);
        }
        let some_power = self.mine().any(|authority| {
            Matter::SINGLE
                .iter()
                .any(|matter| self.power(authority, *matter) < Power::Beyond)
        });
        let said_yes = self.known().wishes.iter().any(|wish| {
            wish.by.is_none()
                && wish.says == Said::Yes
                && wish.audience.contains(&Audience::Party(self.party()))
                && (wish.after_death || !self.has_died())
                && self.concerns_asker(wish)
        });
        let by_name = said_yes && (!self.is_child() || self.understands());
        if some_power || by_name || self.consents_name_asker() {
            return Some(Whole::On(Footing::Acts));
        }
        self.close().or_else(|| self.without_power())
    }

    /// Nothing on record connects them: they learn what they would learn about nobody.
    fn without_power(&self) -> Option<Whole> {
        let mut mine = self.mine().peekable();
        if mine.peek().is_none() {
            return Some(Whole::Refused(Ground::NoPower, Visibility::Hidden));
        }
        // A mandate that is not one says that whoever asks is not who they say.
        if self.mine().any(|it| self.is_false_mandate(it)) {
            return open(Ground::Unverified);
        }
        open(Ground::NoPower)
    }

    /// Somebody close, without powers.
    fn close(&self) -> Option<Whole> {
        let ties = self.ties();
        if ties.is_empty() && !self.supports_in_home() {
            return None;
        }
        if self.has_died() || self.is_child() {
            return open(Ground::NoPower);
        }
        if self.capacity(Matter::Information, self.now) == MentalCapacity::Capable {
            let no = if self.said_no_to_asker() {
                Ground::Objected
            } else {
                Ground::NoPower
            };
            return open(no);
        }
        let near = |tie: &TieKind| !matches!(tie, TieKind::FormerPartner | TieKind::Neighbour);
        if ties.iter().any(near) || self.supports_in_home() {
            return Some(Whole::On(Footing::Close));
        }
        open(Ground::NoPower)
    }

    pub fn ties(&self) -> Vec<TieKind> {
        let me = self.party();
        let all = self.known().ties.iter();
        all.filter(|tie| tie.party == me)
            .map(|tie| tie.kind)
            .collect()
    }

    pub fn supports_in_home(&self) -> bool {
        self.mine().any(|authority| {
            authority.kind == AuthorityKind::EssentialCareSupporter
                && !self.has_run_out(authority)
                && !self.has_died()
        })
    }

    /// Whether the person said no to whoever asks, about everything.
    pub fn said_no_to_asker(&self) -> bool {
        let objected = self
            .facts
            .objections
            .iter()
            .any(|it| self.binds_asker(it) && it.scope == Scope::Everything);
        let wishes = self.known().wishes.iter();
        objected
            || wishes
                .filter(|it| self.is_own_no(it))
                .any(|it| it.about.is_everything())
    }

    fn local(&self) -> Option<Whole> {
        self.staff()?;
        if self.request.asks.manner == Manner::Feed {
            return Some(Whole::On(Footing::Feeds));
        }
        let purpose = self.request.purpose;
        let needs_involvement = self.is_direct_care()
            || self.is_protection()
            || matches!(purpose, Purpose::CarerSupport | Purpose::HousingAdaptation);
        if !needs_involvement {
            return None;
        }
        if !self.involvements().is_empty() {
            return Some(Whole::On(Footing::Cares));
        }
        if self.consents_name_asker() || self.a_holder_decided() {
            return Some(Whole::On(Footing::Agreed));
        }
        let says_why = self.gives_a_reason() || self.slips(Slip::ClaimNeedsNoReason);
        if self.may_claim() && says_why {
            return Some(Whole::On(Footing::Cares));
        }
        open(if self.consents_refuse() {
            Ground::Objected
        } else {
            Ground::NoRelationship
        })
    }

    fn default(&self) -> Whole {
        if !self.is_secondary() {
            let named = self.consents_name_asker() || self.a_holder_decided();
            return if self.request.purpose == Purpose::Regulator && !named {
                Whole::Refused(Ground::NoLawfulBasis, Visibility::Open)
            } else {
                Whole::On(Footing::Holders)
            };
        }
        let agreed = self.approval().is_some()
            || self.consents_name_use()
            || self.slips(Slip::ResearchNeedsNoApproval);
        if self.staff().is_some() && agreed {
            Whole::On(Footing::Approved)
        } else {
            Whole::Refused(Ground::NoLawfulBasis, Visibility::Open)
        }
    }
}

pub fn open(ground: Ground) -> Option<Whole> {
    Some(Whole::Refused(ground, Visibility::Open))
}

fn visible(signalled: bool) -> Visibility {
    if signalled {
        Visibility::Marked
    } else {
        Visibility::Hidden
    }
}

pub fn bar_ground(bar: &AudienceBar) -> Ground {
    use HoldingGround as Why;
    match bar.ground {
        Some(Why::SeriousHarmHealth | Why::SeriousHarmSocialWork) => Ground::SeriousHarm,
        Some(Why::ExpressedWish) => Ground::EarlierWish,
        Some(Why::ThirdParty) => Ground::ThirdParty,
        Some(Why::CrimePrejudice) => Ground::CrimePrejudice,
        None | Some(Why::CourtOrStatute | Why::NotAGround) => Ground::ForbiddenByLaw,
    }
}
