//! The reference model: the nine gates as the papers put them, plain and slow.
//!
//! It shares nothing with the engine but the words of `domain` and the types of the answer. Ages,
//! spans, reaches, powers and consents are worked out here once more, and local policy is a table.

mod asker;
mod classes;
mod consent;
mod held_back;
mod local;
mod powers;
mod required;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use domain::restriction::ItemFacts;
use domain::{
    Circumstances, ClassId, Confidentiality, ItemId, LabelClass, OrganisationId, ResourceId,
    Timestamp,
};
use policy::{Answer, Decision, Facts, Ground, Request, Telling, Visibility};

use crate::slip::Slip;

/// One request over one person's facts, and the rule that is written wrongly, if any.
pub struct Model<'a> {
    pub request: &'a Request,
    pub facts: &'a Facts,
    pub now: Timestamp,
    pub slip: Option<Slip>,
}

/// What of a decision is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub answer: Answer,
    pub visibility: Visibility,
    pub grounds: BTreeSet<Ground>,
    pub classes: BTreeSet<ClassId>,
    pub without: BTreeSet<ResourceId>,
    pub told: BTreeSet<Telling>,
    /// Who decides, and within how many seconds.
    pub deciders: BTreeMap<OrganisationId, i64>,
}

impl Outcome {
    /// The same of the engine's decision.
    pub fn of(decision: &Decision) -> Self {
        let mask = decision.permit.as_ref().map(|permit| permit.mask().clone());
        let mask = mask.unwrap_or_default();
        let referrals = decision.referral.iter().chain(&decision.other_referrals);
        Self {
            answer: decision.answer,
            visibility: decision.visibility,
            grounds: decision.grounds.iter().copied().collect(),
            classes: mask.classes,
            without: mask.without,
            told: decision.told.iter().copied().collect(),
            deciders: referrals
                .map(|referral| (referral.decider.clone(), referral.due_seconds))
                .collect(),
        }
    }

    fn refusing(ground: Ground, visibility: Visibility) -> Self {
        Self {
            answer: Answer::Deny,
            visibility,
            grounds: BTreeSet::from([ground]),
            classes: BTreeSet::new(),
            without: BTreeSet::new(),
            told: BTreeSet::new(),
            deciders: BTreeMap::new(),
        }
    }
}

/// What the gates make of a request as a whole.
pub enum Whole {
    Refused(Ground, Visibility),
    Referred(Ground, OrganisationId),
    On(Footing),
}

/// On what footing it is decided class by class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Footing {
    Own,
    Acts,
    Close,
    Tells,
    Required,
    Emergency,
    Protects,
    Cares,
    Agreed,
    Approved,
    Feeds,
    Holders,
}

impl Footing {
    fn for_the_person(self) -> bool {
        matches!(self, Self::Own | Self::Acts | Self::Close)
    }
}

/// One class, with what is known of its one item.
#[derive(Clone, Copy)]
pub struct Piece<'a> {
    pub label: &'a LabelClass,
    pub item: Option<(&'a ItemId, &'a ItemFacts)>,
}

/// What becomes of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Opens,
    /// Said to be withheld, unless it is very restricted.
    Withheld(Ground),
    /// Not there at all, or there without a word on what it is.
    Silent,
    /// Its holder, or another named, decides; `must_ask` where the law wants that it be asked.
    Referred {
        ground: Ground,
        decider: Option<OrganisationId>,
        must_ask: bool,
    },
}

impl Fate {
    pub fn referred(ground: Ground) -> Self {
        Self::Referred {
            ground,
            decider: None,
            must_ask: false,
        }
    }
}

impl<'a> Model<'a> {
    pub fn slips(&self, slip: Slip) -> bool {
        self.slip == Some(slip)
    }

    pub fn known(&self) -> &'a Circumstances {
        &self.facts.circumstances
    }

    /// Whether a span has begun and not ended.
    pub fn within(&self, from: Timestamp, until: Option<Timestamp>) -> bool {
        from <= self.now && until.is_none_or(|until| self.now < until)
    }

    pub fn decide(&self) -> Outcome {
        match self.whole() {
            Whole::Refused(ground, visibility) => Outcome::refusing(ground, visibility),
            Whole::Referred(ground, decider) => Outcome {
                answer: Answer::Refer,
                deciders: BTreeMap::from([(decider, self.clock())]),
                ..Outcome::refusing(ground, Visibility::Open)
            },
            Whole::On(footing) => self.by_class(footing),
        }
    }

    /// By when somebody must decide, in seconds (decisions.md 5.2).
    fn clock(&self) -> i64 {
        use domain::Purpose::{ChildrensHearing, Emergency, PoliceInquiry};
        use policy::Urgency;
        let (purpose, urgency) = (self.request.purpose, self.request.asks.urgency);
        let hour = 3_600;
        if urgency == Urgency::Emergency || self.is_kind_of(purpose, Emergency) {
            0
        } else if self.is_protection() && !self.slips(Slip::ProtectionWaitsItsTurn) {
            hour
        } else if matches!(urgency, Urgency::Urgent | Urgency::Discharge) {
            4 * hour
        } else if matches!(purpose, ChildrensHearing | PoliceInquiry) {
            24 * hour
        } else {
            5 * 24 * hour
        }
    }

    fn by_class(&self, footing: Footing) -> Outcome {
        let mut found = Outcome::refusing(Ground::NotHeld, Visibility::Open);
        found.grounds.clear();
        for (id, label) in &self.facts.classes {
            let piece = self.piece(*id, label);
            if self.is_absent(footing, *id) || !self.is_asked(piece) {
                continue;
            }
            match self.fate(footing, piece) {
                Fate::Opens => {
                    found.classes.insert(*id);
                }
                fate => self.say(&mut found, label, fate),
            }
        }
        self.hold_back_single(&mut found, footing);
        for elsewhere in &self.known().elsewhere {
            if self.request.asks.categories.contains(&elsewhere.category) {
                found.grounds.insert(Ground::NotHeld);
            }
        }
        found.told = self.told(footing);
        self.conclude(found)
    }

    /// What the caller is told of a class that does not open.
    fn say(&self, found: &mut Outcome, label: &LabelClass, fate: Fate) {
        let may_be_named = label.confidentiality != Confidentiality::VeryRestricted
            || self.slips(Slip::VeryRestrictedIsSaid);
        match fate {
            Fate::Withheld(ground) if may_be_named => {
                found.grounds.insert(ground);
            }
            Fate::Referred {
                ground,
                decider,
                must_ask,
            } if may_be_named || must_ask => {
                found.grounds.insert(ground);
                if !self.slips(Slip::UndeterminedIsRefused) {
                    let decider = decider.unwrap_or_else(|| label.custodian.clone());
                    found.deciders.insert(decider, self.clock());
                }
            }
            _ => {}
        }
    }

    fn conclude(&self, mut found: Outcome) -> Outcome {
        let shares = !found.classes.is_empty() || !found.told.is_empty();
        found.answer = match (found.grounds.is_empty(), shares) {
            (true, _) => Answer::Permit,
            (false, true) => Answer::PermitPart,
            (false, false) if found.deciders.is_empty() => Answer::Deny,
            (false, false) => Answer::Refer,
        };
        if !found.answer.shares() {
            found.without.clear();
        }
        found
    }

    /// Locks, and what the person said no to item by item.
    fn hold_back_single(&self, found: &mut Outcome, footing: Footing) {
        if matches!(footing, Footing::Own | Footing::Required) {
            return;
        }
        for lock in &self.facts.locks {
            let yields = footing == Footing::Emergency && self.slips(Slip::LockYieldsToEmergency);
            if self.is_closed(lock) && !yields {
                found.without.insert(lock.resource);
                if footing == Footing::Emergency {
                    found.grounds.insert(Ground::Locked);
                }
            }
        }
        for resource in self.refused_items(footing) {
            found.without.insert(resource);
            let locks = &self.facts.locks;
            let is_locked = locks
                .iter()
                .any(|lock| lock.resource == resource && self.is_closed(lock));
            if let Some((class, label)) = self.class_of(resource)
                && found.classes.contains(&class)
                && !is_locked
            {
                let fate = self.fate_of_a_no();
                self.say(found, label, fate);
            }
        }
    }

    pub fn piece(&self, class: ClassId, label: &'a LabelClass) -> Piece<'a> {
        let mut items = self.known().items.iter();
        let item = items.find(|(of, _, _)| *of == class);
        Piece {
            label,
            item: item.map(|(_, id, facts)| (id, facts)),
        }
    }

    pub fn class_of(&self, resource: ResourceId) -> Option<(ClassId, &'a LabelClass)> {
        let (_, class) = self.facts.named.iter().find(|(id, _)| *id == resource)?;
        let (id, label) = self.facts.classes.iter().find(|(id, _)| id == class)?;
        Some((*id, label))
    }
}
