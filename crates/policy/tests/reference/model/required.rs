//! What a statute or a court requires to be given, and to whom.

use domain::arrangement::{Requirement, RequirementKind};
use domain::{Category, OrganisationId, Purpose, Role};
use policy::Ground;

use super::asker::{Hit, is_clinical};
use super::whole::open;
use super::{Fate, Footing, Model, Piece, Whole};
use crate::slip::Slip;

impl<'a> Model<'a> {
    pub fn required(&self) -> Option<Whole> {
        let Some(kind) = self.kind_of_requirement() else {
            let ordered = self
                .binding()
                .any(|it| it.kind == RequirementKind::CourtOrder);
            return ordered.then_some(Whole::On(Footing::Required));
        };
        let all = || {
            self.known()
                .requirements
                .iter()
                .filter(move |it| it.kind == kind)
        };
        if self.binding().any(|it| it.kind == kind) {
            return Some(Whole::On(Footing::Required));
        }
        let mine = || all().filter(|it| self.names_asker(it));
        let mut live = mine().filter(|it| self.stands(it));
        if live.any(|it| self.shown_authority(it).is_none()) {
            let own = self.staff().map(|staff| staff.organisation.clone());
            let decider = own.unwrap_or_else(|| OrganisationId::from("nobody"));
            return Some(Whole::Referred(Ground::Unverified, decider));
        }
        if mine().any(|it| !self.stands(it)) {
            return open(Ground::NoLawfulBasis);
        }
        let unproven = all().next().is_some() || self.request.asks.authorised == Some(false);
        unproven
            .then_some(())
            .and_then(|()| open(Ground::Unverified))
    }

    fn kind_of_requirement(&self) -> Option<RequirementKind> {
        self.staff()?;
        match self.request.purpose {
            Purpose::AdultProtectionRequirement => Some(RequirementKind::AspSection10),
            Purpose::Regulator => {
                let visits = self.known().requirements.iter();
                let mut visits = visits.filter(|it| it.kind == RequirementKind::CommissionVisit);
                Some(if visits.any(|it| self.names_asker(it)) {
                    RequirementKind::CommissionVisit
                } else {
                    RequirementKind::Inspection
                })
            }
            _ => None,
        }
    }

    fn stands(&self, requirement: &Requirement) -> bool {
        let until = requirement
            .until
            .filter(|_| !self.slips(Slip::ClosedInquiryOpens));
        self.within(requirement.from.0, until.map(|until| until.0))
    }

    fn names_asker(&self, requirement: &Requirement) -> bool {
        let me = self.party();
        let of_my_agency = |organisation: &Option<OrganisationId>| {
            organisation.as_ref().is_some_and(|id| self.is_own(id))
        };
        let by_me = match &requirement.by {
            Some(by) => *by == me,
            None => of_my_agency(&requirement.organisation),
        };
        let report = requirement.kind == RequirementKind::AspSection5;
        by_me
            || requirement.reader.as_ref() == Some(&me)
            || (report && of_my_agency(&requirement.organisation))
    }

    fn shown_authority(&self, requirement: &Requirement) -> Option<bool> {
        use RequirementKind::{AspSection5, CourtOrder};
        if matches!(requirement.kind, CourtOrder | AspSection5) {
            return Some(true);
        }
        match (self.request.asks.authorised, requirement.authorised) {
            (Some(false), _) => Some(false),
            (asked, on_record) => on_record.or(asked),
        }
    }

    /// Requirements that stand, name whoever asks and were shown to be authorised.
    fn binding(&self) -> impl Iterator<Item = &'a Requirement> {
        let all = self.known().requirements.iter();
        all.filter(|it| {
            self.stands(it) && self.names_asker(it) && self.shown_authority(it) == Some(true)
        })
    }

    /// The best that any requirement gives: open, then asked about, then forbidden, then too much.
    pub fn fate_if_required(&self, piece: Piece<'_>) -> Fate {
        let rank = |fate: &Fate| match fate {
            Fate::Opens => 0,
            Fate::Referred { .. } => 1,
            Fate::Withheld(Ground::ForbiddenByLaw) => 2,
            _ => 3,
        };
        let fates = self.binding().map(|it| self.under(it, piece));
        fates
            .min_by_key(rank)
            .unwrap_or(Fate::Withheld(Ground::MoreThanNecessary))
    }

    fn under(&self, requirement: &Requirement, piece: Piece<'_>) -> Fate {
        let too_much = Fate::Withheld(Ground::MoreThanNecessary);
        let holders = &requirement.holders;
        if !holders.is_empty() && !holders.contains(&piece.label.custodian) {
            return too_much;
        }
        match self.falls(&requirement.about, piece) {
            Hit::No => too_much,
            Hit::Unknown => Fate::referred(Ground::MoreThanNecessary),
            Hit::Yes => {
                let reader = requirement.reader.as_ref() == Some(&self.party())
                    && self.staff().is_some_and(|staff| is_clinical(staff.role));
                let for_reader = requirement.kind == RequirementKind::AspSection10
                    && is_health_record(piece)
                    && !self.slips(Slip::OfficerReadsHealthRecords);
                if for_reader && !reader {
                    Fate::Withheld(Ground::ForbiddenByLaw)
                } else {
                    Fate::Opens
                }
            }
        }
    }

    /// A public body reported it to the council that asks.
    pub fn is_reported(&self, piece: Piece<'_>) -> bool {
        self.binding().any(|it| {
            it.kind == RequirementKind::AspSection5
                && (it.holders.is_empty() || it.holders.contains(&piece.label.custodian))
                && self.falls(&it.about, piece) == Hit::Yes
        })
    }
}

/// By its author where known, else by what it is about.
pub fn is_health_record(piece: Piece<'_>) -> bool {
    use Category as About;
    let clinical = |role: Role| is_clinical(role);
    piece.label.author_role.map_or_else(
        || {
            piece.label.categories.iter().any(|category| {
                matches!(
                    category,
                    About::Conditions
                        | About::Medicines
                        | About::Allergies
                        | About::Immunisations
                        | About::Procedures
                        | About::Results
                        | About::Documents
                )
            })
        },
        clinical,
    )
}
