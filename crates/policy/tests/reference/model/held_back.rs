//! What is held back from whom: bars and orders, exemptions, what the person said no to.

use domain::restriction::{Delay, HarmKind, HarmOpinion, HoldingGround, OriginKind, RiskKind};
use domain::{
    Audience, Category, LabelClass, Matter, MentalCapacity, Objection, Purpose, ResourceId, Scope,
    Sensitivity,
};
use policy::Ground;

use super::asker::Hit;
use super::consent::Word;
use super::{Fate, Footing, Model, Piece};
use crate::slip::Slip;

impl Model<'_> {
    /// Orders, adoption, bars, originators and privilege, which survive everything.
    pub fn absolutely(&self, footing: Footing, piece: Piece<'_>) -> Option<Fate> {
        self.ordered(piece)
            .or_else(|| self.adopted(piece))
            .or_else(|| self.barred(piece))
            .or_else(|| self.originated(footing, piece))
            .or_else(|| self.privileged(piece))
    }

    fn ordered(&self, piece: Piece<'_>) -> Option<Fate> {
        let orders = self.known().orders.iter().filter(|order| {
            self.within(order.from.0, order.until.map(|until| until.0))
                && !order.about.is_everything()
                && self.falls(&order.about, piece) != Hit::No
                && self.is_among(&order.against)
        });
        let mut open = orders.map(|order| order.open).collect::<Vec<_>>();
        open.sort_unstable();
        open.first().map(|open| match open {
            true => Fate::Withheld(Ground::ForbiddenByLaw),
            false => Fate::Silent,
        })
    }

    fn adopted(&self, piece: Piece<'_>) -> Option<Fate> {
        let adopted = piece.label.sensitivities.contains(&Sensitivity::Adoption);
        let keeps = self.is_own(&piece.label.custodian) || self.slips(Slip::AdoptionIsOrdinary);
        (adopted && !keeps).then_some(Fate::Silent)
    }

    fn barred(&self, piece: Piece<'_>) -> Option<Fate> {
        let emergency = self.is_kind_of(self.request.purpose, Purpose::Emergency);
        let yields = emergency && self.slips(Slip::BarYieldsToEmergency);
        let barred = self.known().bars.iter().any(|bar| {
            !bar.about.is_everything() && self.bars(bar) && self.falls(&bar.about, piece) != Hit::No
        });
        (barred && !yields).then_some(Fate::Silent)
    }

    /// What came from somebody who alone may release it.
    fn originated(&self, footing: Footing, piece: Piece<'_>) -> Option<Fate> {
        let origin = piece.item?.1.originator.as_ref()?;
        if self.is_own(&origin.organisation) || self.slips(Slip::OriginatorIsNotAsked) {
            return None;
        }
        let ask = || Fate::Referred {
            ground: Ground::OriginatorControl,
            decider: Some(origin.organisation.clone()),
            must_ask: false,
        };
        Some(match (footing, origin.kind) {
            (footing, OriginKind::Reporter) if footing.for_the_person() => ask(),
            (footing, _) if footing.for_the_person() => Fate::Silent,
            (Footing::Protects, _) => ask(),
            _ => Fate::Withheld(Ground::OriginatorControl),
        })
    }

    fn privileged(&self, piece: Piece<'_>) -> Option<Fate> {
        let privileged = piece.item.is_some_and(|(_, facts)| facts.privileged);
        let own = self.is_own(&piece.label.custodian);
        (privileged && !own).then_some(Fate::Withheld(Ground::Privilege))
    }

    /// What the person, and whoever acts for them or is close to them, may not see.
    pub fn exempt(&self, footing: Footing, piece: Piece<'_>) -> Option<Fate> {
        if !footing.for_the_person() {
            return None;
        }
        let silent = self.is_kept_from_suspect(piece)
            || self.was_in_confidence(piece)
            || self.is_watched(footing, piece);
        if silent {
            return Some(Fate::Silent);
        }
        let delayed = self.known().delays.iter();
        let mut delayed =
            delayed.filter(|it| self.holds(it) && self.falls(&it.about, piece) != Hit::No);
        if delayed.next().is_some() || piece.item.is_some_and(|(_, facts)| facts.crime_prejudice) {
            return Some(Fate::Silent);
        }
        let held = self.harms(piece).or_else(|| self.is_anothers(piece));
        match footing {
            Footing::Own if held.is_none() && self.is_too_young_to_ask() => {
                Some(Fate::referred(Ground::Unverified))
            }
            Footing::Own => Some(held.unwrap_or(Fate::Opens)),
            _ => held,
        }
    }

    /// Under twelve, with nobody's finding that they understand what their request means.
    fn is_too_young_to_ask(&self) -> bool {
        self.request.purpose == Purpose::SubjectAccess
            && self.has_turned(12) == Some(false)
            && !self.understands()
            && !self.slips(Slip::ChildAsksForItself)
    }

    /// All written since, and whatever tells of whereabouts, visits and the inquiry.
    fn is_kept_from_suspect(&self, piece: Piece<'_>) -> bool {
        if !self.asks_for_another() {
            return false;
        }
        let me = self.party();
        let alleged = self.known().allegations.iter().filter(|it| {
            it.against == me && self.within(it.since.0, it.ended.map(|ended| ended.0))
        });
        let feared = self.known().risks.iter().filter(|it| {
            it.from_party.as_ref() == Some(&me)
                && self.within(it.since.0, it.until.map(|until| until.0))
        });
        let since = alleged
            .map(|it| it.since)
            .chain(feared.map(|it| it.since))
            .min();
        let Some(since) = since else {
            return false;
        };
        use Category as About;
        use Sensitivity as Why;
        let written = piece.item.and_then(|(_, facts)| facts.written);
        let tells = piece.label.categories.iter().any(|category| {
            matches!(
                category,
                About::Contact
                    | About::Network
                    | About::CarePlans
                    | About::Encounters
                    | About::Protection
                    | About::Alerts
                    | About::Housing
            )
        }) && !self.slips(Slip::SuspectSeesWhereabouts);
        let closely = piece.label.sensitivities.iter().any(|why| {
            matches!(
                why,
                Why::Whereabouts
                    | Why::ChildProtection
                    | Why::AdultProtection
                    | Why::DomesticViolence
                    | Why::Violence
            )
        });
        let later = match written {
            None => !self.slips(Slip::UndatedIsOld),
            Some(at) => at >= since,
        };
        tells || closely || later
    }

    fn was_in_confidence(&self, piece: Piece<'_>) -> bool {
        let from = piece.item.map(|(_, facts)| &facts.in_confidence_from);
        self.asks_for_another() && from.is_some_and(|from| !from.is_empty() && self.is_among(from))
    }

    fn is_watched(&self, footing: Footing, piece: Piece<'_>) -> bool {
        let risk = self.known().risks.iter().any(|risk| {
            matches!(risk.kind, RiskKind::DomesticAbuse | RiskKind::Coercion)
                && self.within(risk.since.0, risk.until.map(|until| until.0))
        });
        let tells = [Sensitivity::DomesticViolence, Sensitivity::Violence];
        footing == Footing::Own
            && risk
            && !self.request.asks.safe_channel
            && !self.slips(Slip::CoercedSeesAll)
            && tells
                .iter()
                .any(|why| piece.label.sensitivities.contains(why))
    }

    /// A delay opens at its date, or at the end of the reviewer's renewal.
    fn holds(&self, delay: &Delay) -> bool {
        let sound = delay.ground != HoldingGround::NotAGround || self.slips(Slip::AnyGroundDelays);
        let covered_up = delay.own_conduct && !delay.reviewer_is_external;
        let renewed = delay
            .renewed_until
            .filter(|_| !self.slips(Slip::RenewedDelayOpens));
        let opens = renewed.unwrap_or(delay.until).max(delay.until);
        let open = opens.0 <= self.now && !self.slips(Slip::DelayNeverOpens);
        sound
            && (!covered_up || self.slips(Slip::OwnCoverStands))
            && delay.since.0 <= self.now
            && !open
    }

    /// Serious harm, in the opinion of whoever may give it, lately; else such an opinion is asked.
    fn harms(&self, piece: Piece<'_>) -> Option<Fate> {
        let meant = |opinion: &&HarmOpinion| {
            (opinion.serious || self.slips(Slip::DistressIsHarm))
                && opinion.at.0 <= self.now
                && (opinion.against.is_empty()
                    || opinion.against.iter().any(|audience| self.is_of(audience)))
                && self.falls(&opinion.about, piece) != Hit::No
        };
        let opinions: Vec<_> = self.known().harm_opinions.iter().filter(meant).collect();
        let six_months = 183 * 86_400;
        let sound = opinions.iter().any(|opinion| match opinion.kind {
            HarmKind::SocialWork => true,
            HarmKind::Health => {
                let fresh = self.now < opinion.at.0.plus_seconds(six_months);
                opinion.by_health_professional && (fresh || self.slips(Slip::StaleOpinionStands))
            }
        });
        if sound {
            return Some(Fate::Withheld(Ground::SeriousHarm));
        }
        (!opinions.is_empty()).then(|| Fate::referred(Ground::SeriousHarm))
    }

    /// About somebody else, unless they agree or wrote it or took part by profession.
    fn is_anothers(&self, piece: Piece<'_>) -> Option<Fate> {
        let named = piece.item.map(|(_, facts)| facts.third_parties.as_slice());
        let named = named.unwrap_or_default();
        let labelled = piece.label.sensitivities.contains(&Sensitivity::ThirdParty);
        let private = if named.is_empty() {
            labelled
        } else {
            named.iter().any(|it| {
                !it.agrees && (!it.professional || self.slips(Slip::ProfessionalIsHidden))
            })
        };
        private.then_some(Fate::Withheld(Ground::ThirdParty))
    }

    /// Whether the person's no holds on this footing at all.
    fn hears_the_no(&self, footing: Footing) -> bool {
        use Purpose::{ChildWellbeing, ChildrensHearing, PoliceInquiry};
        let overridden = matches!(
            footing,
            Footing::Emergency | Footing::Protects | Footing::Required
        ) && !self.slips(Slip::ObjectionBindsAll);
        let for_the_holder =
            [ChildWellbeing, ChildrensHearing, PoliceInquiry].contains(&self.request.purpose);
        !overridden && !for_the_holder
    }

    /// What the person does not agree to.
    pub fn refused(&self, footing: Footing, piece: Piece<'_>) -> Option<Fate> {
        if !self.hears_the_no(footing) || self.public_interest(piece) {
            return None;
        }
        if self.is_sealed(footing, piece) {
            return Some(Fate::Withheld(Ground::Locked));
        }
        let binding = || {
            self.facts
                .objections
                .iter()
                .filter(|it| self.binds_class(it, piece.label))
        };
        let objected = binding().any(|it| self.covers(it, piece));
        let consents = self.consents_say(piece);
        let wished = self.staff().is_some() && self.wished_no_of_worker(piece);
        if objected || consents == Word::No || wished {
            return Some(self.fate_of_a_no());
        }
        if consents == Word::NoForThem {
            return Some(match self.is_child() {
                true => Fate::Withheld(Ground::Objected),
                false => self.fate_of_a_no(),
            });
        }
        let unread = binding().any(|it| it.scope == Scope::NotUnderstood)
            && !self.slips(Slip::UnreadDenyIsDropped);
        (unread || matches!(consents, Word::Unread | Word::Undated))
            .then(|| Fate::referred(Ground::Objected))
    }

    /// A known wish holds against an agency as against a relative; but one to everyone does not
    /// take from an agency what it wrote itself.
    fn wished_no_of_worker(&self, piece: Piece<'_>) -> bool {
        let own = self.is_own(&piece.label.custodian);
        self.known().wishes.iter().any(|wish| {
            let to_all = wish.audience.iter().all(|it| *it == Audience::Everyone);
            self.is_own_no(wish)
                && !(own && to_all)
                && self.falls(&wish.about, piece) != Hit::No
                && (!self.has_died() || wish.after_death)
        })
    }

    pub fn is_sealed(&self, footing: Footing, piece: Piece<'_>) -> bool {
        piece.item.is_some_and(|(_, facts)| facts.sealed)
            && footing != Footing::Own
            && !self.is_own(&piece.label.custodian)
    }

    fn binds_class(&self, objection: &Objection, label: &LabelClass) -> bool {
        let spared = objection.audience == Audience::Everyone && self.is_own(&label.custodian);
        self.binds_asker(objection) && !spared
    }

    fn covers(&self, objection: &Objection, piece: Piece<'_>) -> bool {
        let label = piece.label;
        match &objection.scope {
            Scope::Everything => true,
            Scope::Category(category) => label.categories.contains(category),
            Scope::Sensitivity(why) => label.sensitivities.contains(why),
            Scope::AtLeast(least) if self.slips(Slip::LabelIsExact) => {
                label.confidentiality == *least
            }
            Scope::AtLeast(least) => label.confidentiality >= *least,
            Scope::Resource(resource) => {
                let class = self.facts.named.iter().find(|(id, _)| id == resource);
                let of_class = |item| {
                    let mut items = self.known().items.iter();
                    items.any(|(of, id, _)| {
                        id == item && class.is_some_and(|(_, class)| class == of)
                    })
                };
                piece.item.is_some_and(|(id, _)| of_class(id))
            }
            Scope::NotUnderstood => false,
        }
    }

    /// Single resources to which the person said no.
    pub fn refused_items(&self, footing: Footing) -> Vec<ResourceId> {
        if !self.hears_the_no(footing) {
            return Vec::new();
        }
        let named = self.facts.objections.iter().filter_map(|objection| {
            let Scope::Resource(resource) = objection.scope else {
                return None;
            };
            let label = self.class_of(resource).map(|(_, label)| label);
            let binds = match label {
                Some(label) => self.binds_class(objection, label),
                None => self.binds_asker(objection),
            };
            binds.then_some(resource)
        });
        named.collect()
    }

    /// Whose no it is: a capable adult's, a child's who understands, or what is known of somebody
    /// who can no longer decide.
    pub fn fate_of_a_no(&self) -> Fate {
        if self.is_child() {
            return if self.understands() {
                Fate::Withheld(Ground::ChildRefuses)
            } else {
                Fate::referred(Ground::ChildRefuses)
            };
        }
        match self.capacity(Matter::Information, self.now) {
            MentalCapacity::Incapable => Fate::Withheld(Ground::EarlierWish),
            _ => Fate::Withheld(Ground::Objected),
        }
    }
}
