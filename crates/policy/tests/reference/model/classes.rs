//! The gates about one class, in order, and what those who act for the person see.

use domain::authority::{AuthorityKind, TieKind};
use domain::restriction::Said;
use domain::{Category, Confidentiality, Matter, MentalCapacity, Moment, Purpose, Sensitivity};
use policy::{Ground, Telling};

use super::asker::{Hit, is_clinical};
use super::consent::Word;
use super::powers::Power;
use super::required::is_health_record;
use super::{Fate, Footing, Model, Piece};
use crate::slip::Slip;

impl Model<'_> {
    pub fn fate(&self, footing: Footing, piece: Piece<'_>) -> Fate {
        let no_first = || match self.slips(Slip::ObjectionBindsAll) {
            true => self.refused(footing, piece),
            false => None,
        };
        self.absolutely(footing, piece)
            .or_else(no_first)
            .or_else(|| self.by_duty(footing, piece))
            .or_else(|| self.in_emergency(footing, piece))
            .or_else(|| self.exempt(footing, piece))
            .or_else(|| self.refused(footing, piece))
            .or_else(|| self.represented(footing, piece))
            .or_else(|| self.decided_by_holder(footing, piece))
            .or_else(|| self.agreed_to(footing, piece))
            .unwrap_or_else(|| self.by_local_policy(footing, piece))
    }

    fn in_emergency(&self, footing: Footing, piece: Piece<'_>) -> Option<Fate> {
        if footing != Footing::Emergency {
            return None;
        }
        let sealed = self.is_sealed(footing, piece) && self.slips(Slip::SealSurvivesEmergency);
        Some(if sealed {
            Fate::Withheld(Ground::Locked)
        } else {
            Fate::Opens
        })
    }

    fn by_duty(&self, footing: Footing, piece: Piece<'_>) -> Option<Fate> {
        if footing == Footing::Required {
            return Some(self.fate_if_required(piece));
        }
        if footing != Footing::Protects {
            return None;
        }
        let first_look =
            !self.is_sealed(footing, piece) && self.by_local_policy(footing, piece) == Fate::Opens;
        let given = self.request.asks.given_by.as_ref() == Some(&piece.label.custodian);
        if first_look || given || self.is_decided(piece, false) || self.is_reported(piece) {
            return Some(Fate::Opens);
        }
        let inspects = self.request.purpose == Purpose::AdultProtectionRequirement
            && self.staff().is_some_and(|staff| !is_clinical(staff.role))
            && !self.slips(Slip::OfficerReadsHealthRecords);
        if inspects && is_health_record(piece) {
            return Some(Fate::Withheld(Ground::ForbiddenByLaw));
        }
        Some(Fate::Referred {
            ground: Ground::OriginatorControl,
            decider: None,
            must_ask: true,
        })
    }

    fn represented(&self, footing: Footing, piece: Piece<'_>) -> Option<Fate> {
        match footing {
            Footing::Tells => Some(Fate::Silent),
            Footing::Close => Some(self.to_somebody_close(piece)),
            Footing::Acts => Some(
                self.wished_otherwise(piece)
                    .or_else(|| self.agreed_by_person(piece).then_some(Fate::Opens))
                    .or_else(|| self.of_a_young_person(piece))
                    .unwrap_or_else(|| self.by_power(piece)),
            ),
            _ => None,
        }
    }

    /// The person's own known no to whoever asks.
    fn wished_otherwise(&self, piece: Piece<'_>) -> Option<Fate> {
        let dead = self.has_died();
        let wishes = self.known().wishes.iter();
        let no = wishes
            .filter(|_| !(dead && self.slips(Slip::DeadManHasNoWish)))
            .any(|wish| {
                self.is_own_no(wish)
                    && (!dead || wish.after_death)
                    && self.falls(&wish.about, piece) != Hit::No
            });
        if !no {
            return None;
        }
        Some(if dead {
            Fate::Withheld(Ground::Deceased)
        } else {
            self.fate_of_a_no()
        })
    }

    fn agreed_by_person(&self, piece: Piece<'_>) -> bool {
        let could = !self.is_child() || self.understands();
        let wished = could
            && self.known().wishes.iter().any(|wish| {
                wish.by.is_none()
                    && wish.says == Said::Yes
                    && !wish.audience.is_empty()
                    && self.concerns_asker(wish)
                    && self.falls(&wish.about, piece) == Hit::Yes
            });
        wished || self.consents_say(piece) == Word::YesByName
    }

    /// Someone under sixteen who understands decides about what is held closely.
    fn of_a_young_person(&self, piece: Piece<'_>) -> Option<Fate> {
        let parent = self
            .mine()
            .any(|it| it.kind == AuthorityKind::ParentalRights);
        let reached = self.reach_of(&self.party(), piece) <= Power::Open;
        if !self.is_child() || !parent || !reached || self.slips(Slip::ParentReadsAll) {
            return None;
        }
        let label = piece.label;
        let closely =
            label.confidentiality >= Confidentiality::Restricted || !label.sensitivities.is_empty();
        let harm = [
            Sensitivity::ChildProtection,
            Sensitivity::DomesticViolence,
            Sensitivity::Violence,
            Sensitivity::Whereabouts,
        ];
        match self.understands() {
            true if closely => Some(Fate::Withheld(Ground::ChildRefuses)),
            true => Some(Fate::referred(Ground::ChildRefuses)),
            false => harm
                .iter()
                .any(|why| label.sensitivities.contains(why))
                .then(|| Fate::referred(Ground::SeriousHarm)),
        }
    }

    fn by_power(&self, piece: Piece<'_>) -> Fate {
        let closely = piece.label.confidentiality > Confidentiality::Normal
            && !self.slips(Slip::BeliefOpensAll);
        let before_the_act = !self.slips(Slip::ActReachesBack)
            && self.request.purpose == Purpose::DeceasedRecords
            && piece.item.is_some_and(|(_, facts)| {
                let written = facts.written.map(|Moment(written)| written);
                written.is_some_and(|at| at.to_jiff().as_second() < 688_953_600)
            });
        let reach = self.reach_of(&self.party(), piece);
        if before_the_act && reach <= Power::Open {
            return Fate::Withheld(Ground::NoLawfulBasis);
        }
        match reach {
            Power::None => Fate::Withheld(Ground::NoPower),
            Power::Beyond => Fate::Withheld(Ground::MoreThanNecessary),
            _ if self.another_says_no(piece) => Fate::referred(Ground::NoPower),
            Power::Open => Fate::referred(Ground::NoPower),
            Power::Believes if closely => Fate::referred(Ground::NoPower),
            Power::Acts if self.is_no_matter_of_a_named_person(piece) => {
                Fate::referred(Ground::NoPower)
            }
            Power::Acts | Power::Believes => Fate::Opens,
        }
    }

    /// Held closely, for another reason than mental health, and asked by a named person.
    fn is_no_matter_of_a_named_person(&self, piece: Piece<'_>) -> bool {
        let label = piece.label;
        let of_theirs = |why: &Sensitivity| {
            matches!(
                why,
                Sensitivity::MentalHealth | Sensitivity::Psychotherapy | Sensitivity::SubstanceUse
            )
        };
        label.confidentiality > Confidentiality::Normal
            && label.sensitivities.iter().any(|why| !of_theirs(why))
            && self
                .mine()
                .all(|it| it.kind == AuthorityKind::MentalHealthNamedPerson)
    }

    /// Two who act for the person and disagree. Parents act alone.
    fn another_says_no(&self, piece: Piece<'_>) -> bool {
        let parent = self
            .mine()
            .any(|it| it.kind == AuthorityKind::ParentalRights);
        let me = self.party();
        !parent
            && !self.slips(Slip::DisagreementIsIgnored)
            && self.known().wishes.iter().any(|wish| {
                wish.says == Said::No
                    && self.concerns_asker(wish)
                    && self.falls(&wish.about, piece) != Hit::No
                    && wish
                        .by
                        .as_ref()
                        .is_some_and(|by| *by != me && self.acts_in_some(by, piece))
            })
    }

    fn acts_in_some(&self, holder: &domain::PartyId, piece: Piece<'_>) -> bool {
        piece.label.categories.iter().any(|category| {
            let mut one = piece.label.clone();
            one.categories = std::collections::BTreeSet::from([*category]);
            let part = Piece {
                label: &one,
                item: piece.item,
            };
            self.reach_of(holder, part) <= Power::Believes
        })
    }

    fn to_somebody_close(&self, piece: Piece<'_>) -> Fate {
        if let Some(fate) = self.wished_otherwise(piece) {
            return fate;
        }
        let only_whom_to_ring = piece
            .label
            .categories
            .iter()
            .all(|it| *it == Category::Network)
            && piece.label.confidentiality <= Confidentiality::Normal;
        if self.agreed_by_person(piece) || (self.is_told_in_general() && only_whom_to_ring) {
            Fate::Opens
        } else {
            Fate::referred(Ground::NoPower)
        }
    }

    fn is_told_in_general(&self) -> bool {
        let heard = |tie: &TieKind| matches!(tie, TieKind::NearestRelative | TieKind::PrimaryCarer);
        let cannot = self.capacity(Matter::Information, self.now) == MentalCapacity::Incapable;
        (self.supports_in_home() || (cannot && self.ties().iter().any(heard)))
            && !self.said_no_to_asker()
    }

    pub fn told(&self, footing: Footing) -> std::collections::BTreeSet<Telling> {
        let told: &[Telling] = match footing {
            Footing::Tells => &[Telling::Received],
            Footing::Close if self.is_told_in_general() && !self.slips(Slip::RelativeIsLeftOut) => {
                &[Telling::GeneralCondition, Telling::WhomToRing]
            }
            _ => &[],
        };
        told.iter().copied().collect()
    }
}
