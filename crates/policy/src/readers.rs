//! Who reads what is told of a person, and when: the person, the person where nobody looks over their
//! shoulder, and whoever acts for them, once for each authority.

use std::collections::BTreeSet;

use domain::authority::{Authority, AuthorityKind};
use domain::reach::Falls;
use domain::restriction::{Delay, HoldingGround, RiskKind};
use domain::{
    Assurance, Caller, Capacity, Category, ClassId, LabelClass, Matter, PersonId, Purpose,
    ResourceId, Sensitivity, Timestamp,
};

use crate::case::Piece;
use crate::decide::ACTS_FOR_PERSON;
use crate::permit::Mask;
use crate::{Asks, Facts, Policies, Request, decide, would_open};

/// When something is told to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At once.
    Now,
    /// From this instant: until then it is held back from them on this ground.
    From(Timestamp, HoldingGround),
    /// Not.
    Never,
}

/// As whom somebody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadsAs {
    /// As the person.
    Person,
    /// As the person, reached in a way that nobody else looks at.
    OnSafeChannel,
    /// As one who acts for the person, by this.
    Representative(PersonId, AuthorityKind),
}

/// What becomes of something that was told before it was known that its reader acts for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earlier {
    /// It is told: it would have been then, and may be now.
    Told,
    /// It stays back for this alone, that their powers do not reach so far.
    BeyondPowers,
    /// It stays back.
    Never,
}

/// Somebody who reads what is told of a person.
#[derive(Debug)]
pub struct Reader {
    reads_as: ReadsAs,
    facts: Facts,
    now: Timestamp,
    acting: Option<Acting>,
}

/// What of the record opens to whoever acts for the person: now, and once nothing is delayed.
#[derive(Debug)]
struct Acting {
    request: Request,
    mask: Mask,
    undelayed: Option<(Facts, Mask)>,
}

impl Reader {
    /// As whom they read.
    #[must_use]
    pub fn reads_as(&self) -> ReadsAs {
        self.reads_as
    }

    /// Who acts for the person, if it is not the person.
    #[must_use]
    pub fn holder(&self) -> Option<PersonId> {
        match self.reads_as {
            ReadsAs::Representative(holder, _) => Some(holder),
            ReadsAs::Person | ReadsAs::OnSafeChannel => None,
        }
    }

    /// When they are told of this row.
    #[must_use]
    pub fn when(&self, class: ClassId, id: &ResourceId) -> When {
        let mut cells = self.facts.cells.iter();
        let cell = cells.find(|cell| cell.of == class && cell.resources.contains(id));
        let decided_as = cell.map_or(class, |cell| cell.class);
        let opens = |mask: &Mask| mask.opens(class, id);
        match (&self.acting, self.piece(decided_as)) {
            (None, None) => When::Now,
            (None, Some(piece)) => self.own(&piece),
            (Some(acting), _) if opens(&acting.mask) => When::Now,
            (Some(acting), Some(piece)) => {
                let later = acting.undelayed.as_ref();
                self.later(&piece, later.is_some_and(|(_, mask)| opens(mask)))
            }
            (Some(_), None) => When::Never,
        }
    }

    /// When they would be told of something with this label.
    #[must_use]
    pub fn when_labelled(&self, policies: &Policies, label: &LabelClass) -> When {
        let piece = Piece { label, item: None };
        let Some(acting) = &self.acting else {
            return self.own(&piece);
        };
        let opens = |facts| would_open(&acting.request, facts, policies, self.now, label);
        if opens(&self.facts) {
            return When::Now;
        }
        let later = acting.undelayed.as_ref();
        self.later(&piece, later.is_some_and(|(facts, _)| opens(facts)))
    }

    /// What becomes of something with this label that was told at this instant, before it was known
    /// that they act for the person. Only an attorney or a guardian of an adult reads of it: their
    /// power covers what was decided without them, from the day on which it was in force.
    #[must_use]
    pub fn earlier(&self, policies: &Policies, label: &LabelClass, at: Timestamp) -> Earlier {
        let (Some(acting), ReadsAs::Representative(_, kind)) = (&self.acting, self.reads_as) else {
            return Earlier::Never;
        };
        let person = &self.facts.circumstances.person;
        if !is_for_an_adult(kind) || person.is_at_least(16, at) != Some(true) {
            return Earlier::Never;
        }
        let opens = |facts: &Facts, label: &LabelClass| {
            let opens = |now| would_open(&acting.request, facts, policies, now, label);
            opens(self.now) && opens(at)
        };
        if opens(&self.facts, label) {
            return Earlier::Told;
        }
        let account = LabelClass {
            categories: [Category::Account].into(),
            ..label.clone()
        };
        let acted = opens(&self.facts, &account);
        match acted && opens(&self.with_every_power(kind), label) {
            true => Earlier::BeyondPowers,
            false => Earlier::Never,
        }
    }

    /// The facts if what they act on reached everything: the powers of a guardian may.
    fn with_every_power(&self, kind: AuthorityKind) -> Facts {
        let mut facts = self.facts.clone();
        let own = self.holder().map(|holder| holder.to_string());
        let all = &mut facts.circumstances.authorities;
        let is_own =
            |it: &&mut Authority| it.kind == kind && Some(it.holder.as_str()) == own.as_deref();
        for authority in all.iter_mut().filter(is_own) {
            authority.kind = AuthorityKind::Guardian;
            authority.powers = Matter::SINGLE.iter().copied().collect();
        }
        facts
    }

    /// The facts without the classes of which this reader is not told now: what they were if there
    /// were no such rows.
    #[must_use]
    pub fn as_shown(&self) -> Facts {
        let is_told = |class: &ClassId| {
            let piece = self.piece(*class);
            piece.is_none_or(|piece| self.own(&piece) == When::Now)
        };
        let mut facts = self.facts.clone();
        facts.classes.retain(|(class, _)| is_told(class));
        facts
    }

    /// The person is told of everything, less what is delayed, and where somebody may look over their
    /// shoulder less what tells of abuse.
    fn own(&self, piece: &Piece<'_>) -> When {
        let abuse = [Sensitivity::DomesticViolence, Sensitivity::Violence];
        let tells = abuse
            .iter()
            .any(|it| piece.label.sensitivities.contains(it));
        if tells && self.reads_as == ReadsAs::Person && is_watched(&self.facts, self.now) {
            return When::Never;
        }
        self.delay(piece).unwrap_or(When::Now)
    }

    fn later(&self, piece: &Piece<'_>, opens: bool) -> When {
        let delay = self.delay(piece).filter(|_| opens);
        delay.unwrap_or(When::Never)
    }

    fn delay(&self, piece: &Piece<'_>) -> Option<When> {
        let delays = self.facts.circumstances.delays.iter();
        let holding = delays
            .filter(|it| it.holds(self.now) && piece.falls(&it.about) != Falls::Outside)
            .max_by_key(|it| it.opens_at())?;
        Some(When::From(holding.opens_at().0, holding.ground))
    }

    fn piece(&self, class: ClassId) -> Option<Piece<'_>> {
        let mut classes = self.facts.classes.iter();
        let (_, label) = classes.find(|(known, _)| *known == class)?;
        let mut items = self.facts.circumstances.items.iter();
        let item = items.find(|(of, _, _)| *of == class);
        let item = item.map(|(_, id, facts)| (id, facts));
        Some(Piece { label, item })
    }
}

/// By what somebody acts for an adult who cannot, and is to be told what is decided.
fn is_for_an_adult(kind: AuthorityKind) -> bool {
    matches!(
        kind,
        AuthorityKind::WelfareAttorney
            | AuthorityKind::ContinuingAttorney
            | AuthorityKind::Guardian
            | AuthorityKind::EnglishWelfareLpa
            | AuthorityKind::EnglishPropertyLpa
    )
}

/// Whether somebody may look over the person's shoulder, or make them show what they read.
#[must_use]
pub fn is_watched(facts: &Facts, now: Timestamp) -> bool {
    let mut risks = facts.circumstances.risks.iter();
    risks.any(|risk| {
        risk.is_live(now) && matches!(risk.kind, RiskKind::DomesticAbuse | RiskKind::Coercion)
    })
}

/// The person as a reader of their ordinary account, and of what they read on a safe channel where
/// they are watched. Empty for nearly everybody: they are told of everything at once.
#[must_use]
pub fn person_reading(facts: &Facts, now: Timestamp) -> Vec<Reader> {
    let is_watched = is_watched(facts, now);
    let mut delays = facts.circumstances.delays.iter();
    let reads_as: &[ReadsAs] = match (is_watched, delays.any(|delay| delay.holds(now))) {
        (true, _) => &[ReadsAs::Person, ReadsAs::OnSafeChannel],
        (false, true) => &[ReadsAs::Person],
        (false, false) => &[],
    };
    let reader = |reads_as: &ReadsAs| Reader {
        reads_as: *reads_as,
        facts: facts.clone(),
        now,
        acting: None,
    };
    reads_as.iter().map(reader).collect()
}

/// Everyone to whom something of the record opens because they act for the person now, once for each
/// authority. Whoever is barred from the person as such is not among them. What they could read on
/// another authority of theirs is not counted.
#[must_use]
pub fn representatives(facts: &Facts, policies: &Policies, now: Timestamp) -> Vec<Reader> {
    let known = &facts.circumstances;
    let is_in_force = |authority: &&Authority| {
        let mut areas = Matter::SINGLE.iter();
        areas.any(|matter| {
            let state = authority.state(*matter, &known.person, &known.authorities, now);
            state.is_in_force()
        })
    };
    let held: BTreeSet<(PersonId, AuthorityKind)> = known
        .authorities
        .iter()
        .filter(is_in_force)
        .filter_map(|authority| Some((authority.holder.as_str().parse().ok()?, authority.kind)))
        .filter(|(holder, _)| *holder != facts.person && !facts.joined.contains(holder))
        .collect();
    held.into_iter()
        .filter_map(|(holder, kind)| representative(facts, policies, now, holder, kind))
        .collect()
}

fn representative(
    facts: &Facts,
    policies: &Policies,
    now: Timestamp,
    holder: PersonId,
    kind: AuthorityKind,
) -> Option<Reader> {
    let request = Request {
        caller: Caller {
            name: String::new(),
            capacity: Capacity::Person(holder),
            assurance: Assurance::Substantial,
        },
        person: facts.person,
        // A wish about any request by the family or for the person is about this one too.
        purpose: Purpose::FamilyRequest,
        reason: None,
        asks: Asks::default(),
    };
    let mut facts = facts.clone();
    let own = holder.to_string();
    let others = |it: &Authority| it.holder.as_str() != own || it.kind == kind;
    facts.circumstances.authorities.retain(others);
    let mask = acting_mask(&request, &facts, policies, now);
    let mut undelayed = None;
    if facts.circumstances.delays.iter().any(|it| it.holds(now)) {
        let mut later = facts.clone();
        let ends = |delay: &Delay| !delay.holds(now);
        later.circumstances.delays.retain(ends);
        undelayed = acting_mask(&request, &later, policies, now).map(|mask| (later, mask));
    }
    if mask.is_none() && undelayed.is_none() {
        return None;
    }
    Some(Reader {
        reads_as: ReadsAs::Representative(holder, kind),
        facts,
        now,
        acting: Some(Acting {
            request,
            mask: mask.unwrap_or_default(),
            undelayed,
        }),
    })
}

/// What opens because somebody acts for the person; `None` if nothing does.
fn acting_mask(
    request: &Request,
    facts: &Facts,
    policies: &Policies,
    now: Timestamp,
) -> Option<Mask> {
    let decision = decide(request, facts, policies, now);
    let acts = decision.because.as_ref()?.code == ACTS_FOR_PERSON;
    Some(decision.permit.filter(|_| acts)?.mask().clone())
}
