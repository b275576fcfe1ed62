//! On what somebody acts for the person, area by area, and what a power reaches.

use domain::authority::{Authority, AuthorityKind, ParentalSource, Trigger};
use domain::restriction::Said;
use domain::{BirthDate, Category, Matter, MentalCapacity, Moment, PartyId, Purpose, Timestamp};

use super::asker::Hit;
use super::{Model, Piece};
use crate::slip::Slip;

/// What an authority comes to, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Power {
    Acts,
    /// On a declared belief: ordinary information only.
    Believes,
    /// Something on which it turns is not known, or not settled.
    Open,
    /// It is in force, and a claim from a death does not reach this.
    Beyond,
    None,
}

impl<'a> Model<'a> {
    pub fn mine(&self) -> impl Iterator<Item = &'a Authority> {
        let me = self.party();
        let all = self.known().authorities.iter();
        all.filter(move |authority| authority.holder == me)
    }

    /// What holds of a person's age now: `None` if nobody recorded when they were born.
    pub fn has_turned(&self, age_years: i16) -> Option<bool> {
        self.had_turned(age_years, self.now)
    }

    fn had_turned(&self, age_years: i16, at: Timestamp) -> Option<bool> {
        let late = (age_years == 12 && self.slips(Slip::TwelveADayLate))
            || (age_years == 16 && self.slips(Slip::SixteenADayLate));
        let at = if late { at.plus_seconds(-86_400) } else { at };
        let BirthDate(born) = self.known().person.born?;
        let today = at.to_jiff().in_tz("Europe/London").ok()?.date();
        let then = (born.year() + age_years, born.month(), born.day());
        Some((today.year(), today.month(), today.day()) >= then)
    }

    pub fn is_child(&self) -> bool {
        self.has_turned(16) == Some(false)
    }

    pub fn has_died(&self) -> bool {
        let died = self.known().person.died;
        died.is_some_and(|Moment(died)| died <= self.now)
    }

    /// The latest finding in force about an area; two that contradict each other say nothing.
    pub fn capacity(&self, matter: Matter, at: Timestamp) -> MentalCapacity {
        let findings = self.known().person.capacity.iter();
        let in_force: Vec<_> = findings
            .filter(|it| extends_to(it.matter, matter))
            .filter(|it| it.at.0 <= at && it.until.is_none_or(|until| at < until.0))
            .collect();
        let Some(latest) = in_force.iter().map(|it| it.at).max() else {
            return self.when_nobody_said();
        };
        let states: Vec<_> = in_force.iter().filter(|it| it.at == latest).collect();
        match states.iter().find(|it| it.state != states[0].state) {
            None if states[0].state != MentalCapacity::Unknown => states[0].state,
            _ => self.when_nobody_said(),
        }
    }

    fn when_nobody_said(&self) -> MentalCapacity {
        if self.slips(Slip::UnknownIsCapable) {
            MentalCapacity::Capable
        } else if self.slips(Slip::UnknownIsIncapable) {
            MentalCapacity::Incapable
        } else {
            MentalCapacity::Unknown
        }
    }

    /// Whether a child understands enough to decide: presumed at twelve, found before.
    pub fn understands(&self) -> bool {
        self.understood(self.now)
    }

    pub fn understood(&self, at: Timestamp) -> bool {
        match self.capacity(Matter::Information, at) {
            MentalCapacity::Capable => true,
            MentalCapacity::Incapable => false,
            MentalCapacity::Unknown => self.had_turned(12, at) == Some(true),
        }
    }

    /// What an authority comes to in an area. What is known to be wanting decides before what is
    /// not known.
    pub fn power(&self, authority: &Authority, matter: Matter) -> Power {
        if self.is_over(authority)
            || !self.gives(authority, matter)
            || self.is_ended_by_guardian(authority, matter)
            || self.is_false(authority)
        {
            return Power::None;
        }
        let by_capacity = self.by_capacity(authority, matter);
        if by_capacity == Power::None {
            return Power::None;
        }
        if self.is_unsettled(authority) {
            return Power::Open;
        }
        by_capacity
    }

    /// By life, by its own dates, or by order.
    fn is_over(&self, authority: &Authority) -> bool {
        use AuthorityKind::{DeceasedClaimant, Executor, ParentalRights};
        let after_death = matches!(authority.kind, Executor | DeceasedClaimant);
        let grown = authority.kind == ParentalRights && self.has_turned(16) == Some(true);
        self.has_died() != after_death || grown || self.has_run_out(authority)
    }

    pub fn has_run_out(&self, authority: &Authority) -> bool {
        let passed = |moment: Option<Moment>| moment.is_some_and(|at| at.0 <= self.now);
        let suspended = authority.suspended.iter();
        let is_suspended = suspended
            .filter(|_| !self.slips(Slip::SuspendedPowerActs))
            .any(|span| self.within(span.from.0, span.until.map(|until| until.0)));
        let expired = passed(authority.until) && !self.awaits_renewal(authority);
        passed(authority.ended)
            || is_suspended
            || authority.from.is_some_and(|from| self.now < from.0)
            || (expired && !self.slips(Slip::ExpiredPowerActs))
    }

    /// A guardianship goes on while a renewal lodged in time is undecided.
    fn awaits_renewal(&self, authority: &Authority) -> bool {
        let (Some(lodged), Some(until)) = (authority.renewal_lodged, authority.until) else {
            return false;
        };
        let decided = authority.renewal_decided.map(|decided| decided.0);
        authority.kind == AuthorityKind::Guardian
            && lodged < until
            && self.within(lodged.0, decided)
            && !self.slips(Slip::RenewalIsIgnored)
    }

    fn gives(&self, authority: &Authority, matter: Matter) -> bool {
        use AuthorityKind as Kind;
        let money = matter == Matter::Finance;
        let by_kind = match authority.kind {
            Kind::WelfareAttorney | Kind::EnglishWelfareLpa => !money,
            Kind::ContinuingAttorney | Kind::EnglishPropertyLpa | Kind::Appointee => {
                money || self.slips(Slip::MoneyAttorneyReadsHealth)
            }
            Kind::MentalHealthNamedPerson => matter == Matter::Treatment,
            Kind::ListedInitiator | Kind::EssentialCareSupporter => false,
            _ => true,
        };
        let must_list = matches!(
            authority.kind,
            Kind::WelfareAttorney
                | Kind::EnglishWelfareLpa
                | Kind::Guardian
                | Kind::InterventionOrder
        );
        let listed = authority.powers.iter().any(|it| extends_to(*it, matter))
            || (authority.powers.is_empty() && !must_list)
            || (self.slips(Slip::MoneyAttorneyReadsHealth) && by_kind && !must_list);
        let too_early = authority.source == Some(ParentalSource::JointRegistration)
            && authority.kind == Kind::ParentalRights
            && authority
                .birth_registered
                .is_some_and(|BirthDate(day)| (day.year(), day.month(), day.day()) < (2006, 5, 4));
        by_kind && listed && !too_early && !self.is_mandate_of_the_incapable(authority, matter)
    }

    /// A mandate is the client's own act: it needs a client who could give it.
    fn is_mandate_of_the_incapable(&self, authority: &Authority, matter: Matter) -> bool {
        let given = authority.from.map_or(self.now, |from| from.0);
        authority.kind == AuthorityKind::Solicitor
            && self.capacity(matter, self.now) == MentalCapacity::Incapable
            && self.capacity(matter, given) != MentalCapacity::Capable
    }

    /// A solicitor's mandate that was looked at, or cannot be the client's.
    pub fn is_false_mandate(&self, authority: &Authority) -> bool {
        let in_its_time = !self.has_died() && !self.has_run_out(authority);
        let of_some_matter = |matter: &&Matter| {
            let listed = authority.powers.iter().any(|it| extends_to(*it, **matter));
            let covers = listed || authority.powers.is_empty();
            let false_one = authority.verified == Some(false)
                || self.is_mandate_of_the_incapable(authority, **matter);
            covers && false_one
        };
        authority.kind == AuthorityKind::Solicitor
            && in_its_time
            && Matter::SINGLE.iter().any(|matter| of_some_matter(&matter))
    }

    fn is_ended_by_guardian(&self, authority: &Authority, matter: Matter) -> bool {
        use AuthorityKind::{ContinuingAttorney, Guardian, WelfareAttorney};
        let is_attorney = matches!(authority.kind, WelfareAttorney | ContinuingAttorney);
        is_attorney
            && !self.slips(Slip::GuardianEndsNothing)
            && self.known().authorities.iter().any(|other| {
                other.kind == Guardian
                    && other.registered != Some(false)
                    && other.verified != Some(false)
                    && other.from.is_none_or(|Moment(from)| from <= self.now)
                    && other.powers.iter().any(|it| extends_to(*it, matter))
                    && !(self.has_run_out(other) && self.slips(Slip::AttorneyComesBack))
            })
    }

    fn is_false(&self, authority: &Authority) -> bool {
        let unregistered = needs_register(authority.kind) && authority.registered == Some(false);
        authority.verified == Some(false)
            || (unregistered && !self.slips(Slip::UnregisteredPowerActs))
    }

    /// Something is not known, or those who must agree have not.
    fn is_unsettled(&self, authority: &Authority) -> bool {
        let nobody_looked = if needs_register(authority.kind) {
            authority.registered.is_none() && !self.slips(Slip::UnregisteredPowerActs)
        } else {
            authority.verified.is_none() && authority.source.is_none()
        };
        let age_unknown =
            authority.kind == AuthorityKind::ParentalRights && self.has_turned(16).is_none();
        let together = authority.jointly
            && !self.fellows(authority).is_empty()
            && !self.slips(Slip::JointActsAlone);
        let no_claim = authority.kind == AuthorityKind::DeceasedClaimant
            && authority.scope.is_everything()
            && !self.slips(Slip::ClaimIsAboutEverything);
        nobody_looked || age_unknown || authority.conflict || together || no_claim
    }

    /// The others who hold the same kind of power now.
    fn fellows(&self, authority: &Authority) -> Vec<&'a Authority> {
        let all = self.known().authorities.iter();
        all.filter(|other| {
            other.kind == authority.kind
                && other.holder != authority.holder
                && !self.has_run_out(other)
        })
        .collect()
    }

    /// Whether everybody with whom a joint holder must act says yes to this.
    fn fellows_say_yes(&self, authority: &Authority, piece: Piece<'_>) -> bool {
        let says_yes = |holder: &PartyId| {
            self.known().wishes.iter().any(|wish| {
                wish.by.as_ref() == Some(holder)
                    && wish.says == Said::Yes
                    && self.concerns_asker(wish)
                    && self.falls(&wish.about, piece) == Hit::Yes
            })
        };
        let fellows = self.fellows(authority);
        fellows.iter().all(|fellow| says_yes(&fellow.holder))
    }

    /// An attorney for welfare acts where the granter cannot decide; one for money at once, unless
    /// the deed says otherwise.
    fn by_capacity(&self, authority: &Authority, matter: Matter) -> Power {
        use AuthorityKind as Kind;
        let trigger = match authority.kind {
            Kind::WelfareAttorney | Kind::EnglishWelfareLpa => Trigger::Incapacity,
            Kind::ContinuingAttorney | Kind::EnglishPropertyLpa => {
                authority.trigger.unwrap_or(Trigger::Immediate)
            }
            _ => Trigger::Immediate,
        };
        if trigger == Trigger::Immediate {
            return Power::Acts;
        }
        let believed = authority
            .beliefs
            .iter()
            .any(|it| extends_to(it.matter, matter) && it.at.0 <= self.now);
        match self.capacity(matter, self.now) {
            MentalCapacity::Incapable => Power::Acts,
            MentalCapacity::Unknown if believed => Power::Believes,
            _ => Power::None,
        }
    }

    /// What one holder's authorities come to over all that a piece is about: every part must lie in
    /// a power.
    pub fn reach_of(&self, holder: &PartyId, piece: Piece<'_>) -> Power {
        let held = || {
            let all = self.known().authorities.iter();
            all.filter(|authority| authority.holder == *holder)
        };
        let of_category = |category: &Category| {
            held()
                .flat_map(|authority| {
                    let areas = areas_of(*category).into_iter();
                    areas.map(move |matter| self.reaches(authority, matter, piece))
                })
                .min()
                .unwrap_or(Power::None)
        };
        let categories = piece.label.categories.iter();
        categories.map(of_category).max().unwrap_or(Power::None)
    }

    fn reaches(&self, authority: &Authority, matter: Matter, piece: Piece<'_>) -> Power {
        let mut alone = authority.clone();
        let say_yes =
            self.fellows_say_yes(authority, piece) && !self.slips(Slip::FellowsAreNotHeard);
        alone.jointly = authority.jointly && !say_yes;
        let power = self.power(&alone, matter);
        let for_proceedings = matches!(
            self.request.purpose,
            Purpose::MentalHealthAct | Purpose::Legal
        );
        let named_person = authority.kind == AuthorityKind::MentalHealthNamedPerson;
        if named_person && !for_proceedings && !self.slips(Slip::NamedPersonActsForAll) {
            return Power::None;
        }
        match self.falls(&authority.scope, piece) {
            _ if power == Power::None => Power::None,
            Hit::Yes => power,
            Hit::Unknown => Power::Open,
            Hit::No if authority.kind == AuthorityKind::DeceasedClaimant => Power::Beyond,
            Hit::No => Power::None,
        }
    }
}

/// Whether what is said of one area holds for another: welfare is all but money.
pub fn extends_to(named: Matter, matter: Matter) -> bool {
    named == Matter::All
        || named == matter
        || (named == Matter::Welfare && matter != Matter::Finance)
}

fn needs_register(kind: AuthorityKind) -> bool {
    use AuthorityKind as Kind;
    matches!(
        kind,
        Kind::WelfareAttorney
            | Kind::ContinuingAttorney
            | Kind::Guardian
            | Kind::InterventionOrder
            | Kind::EnglishWelfareLpa
            | Kind::EnglishPropertyLpa
    )
}

/// A power over information reaches everything but money; the others, what they need to know.
fn areas_of(category: Category) -> Vec<Matter> {
    use Category as About;
    let for_all = matches!(category, About::Demographics | About::Account);
    let needed = |matter: &&Matter| match matter {
        Matter::Finance => for_all || category == About::Finance,
        _ if for_all => true,
        _ if category == About::Finance => false,
        Matter::Information => true,
        Matter::Treatment => matches!(
            category,
            About::Encounters
                | About::Conditions
                | About::Medicines
                | About::Allergies
                | About::Immunisations
                | About::Procedures
                | About::Results
                | About::Documents
                | About::Network
                | About::Wishes
        ),
        Matter::Care => !matches!(
            category,
            About::Conditions
                | About::Medicines
                | About::Allergies
                | About::Immunisations
                | About::Procedures
                | About::Results
                | About::Documents
        ),
        Matter::Accommodation => matches!(
            category,
            About::Contact | About::Housing | About::Network | About::Wishes
        ),
        Matter::Contact => matches!(category, About::Contact | About::Network),
        _ => false,
    };
    Matter::SINGLE.iter().filter(needed).copied().collect()
}
