//! That somebody says to act for a person, on what paper and with which powers, and what was found when an
//! agency looked at it. Until then it is their word and changes nothing.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::authority::{Authority, AuthorityKind, Belief, Trigger};
use crate::coded::coded;
use crate::{Matter, Moment, PartyId, Timestamp, WorkerId};

/// The papers by which somebody is given powers over what concerns somebody else. Parents and advocates
/// have none that a register holds: who looks after the person says it of them.
pub const PAPERS: &[AuthorityKind] = &[
    AuthorityKind::WelfareAttorney,
    AuthorityKind::ContinuingAttorney,
    AuthorityKind::Guardian,
    AuthorityKind::InterventionOrder,
    AuthorityKind::EnglishWelfareLpa,
    AuthorityKind::EnglishPropertyLpa,
];

coded! {
    /// How the paper itself is shown.
    Shown {
        /// They send it.
        Post = "post", "they send it by post";
        /// They bring it.
        Bring = "bring", "they bring it";
        /// The agency has seen it already.
        Seen = "seen", "it was shown before";
    }
}

coded! {
    /// What was found of one power.
    Found {
        /// It is in the paper and holds.
        Accepted = "accepted", "accepted";
        /// The paper does not give it.
        NotInPaper = "not-in-paper", "not in the paper";
        /// A paper of this kind cannot give it, or it came to an end.
        NotInForce = "not-in-force", "not in force";
        /// The paper has to be seen first.
        NotSeen = "not-seen", "the paper has to be seen first";
    }
}

/// On what somebody says to act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Claim {
    /// By what.
    pub kind: AuthorityKind,
    /// The number under which the Office of the Public Guardian or a court has it, as it was given.
    pub number: String,
    /// Since when it is, if they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Moment>,
    /// The powers that they say it gives.
    pub powers: BTreeSet<Matter>,
    /// Whether they can act only together with others.
    #[serde(default)]
    pub jointly: bool,
    /// Whether it lets them begin when they themselves believe that the person cannot decide (Adults with
    /// Incapacity (Scotland) Act 2000 s.16(5)(b)).
    #[serde(default)]
    pub on_belief: bool,
    /// How the paper is shown.
    pub shown: Shown,
    /// What an agency found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
}

/// What an agency found when it looked at the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Checked {
    /// Who looked.
    pub by: WorkerId,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Whether the public register has it.
    pub registered: bool,
    /// Whether they have seen the paper.
    pub seen: bool,
    /// What they found of each power.
    pub powers: Vec<(Matter, Found)>,
}

impl Checked {
    /// The powers that hold.
    #[must_use]
    pub fn accepted(&self) -> BTreeSet<Matter> {
        let powers = self.powers.iter();
        powers
            .filter(|(_, found)| *found == Found::Accepted)
            .map(|(matter, _)| *matter)
            .collect()
    }
}

impl Claim {
    /// What is claimed, as facts have it once somebody accepted these powers; `None` where nothing is
    /// accepted.
    #[must_use]
    pub fn accepted(&self, holder: PartyId) -> Option<Authority> {
        let checked = self.checked.as_ref()?;
        let powers = checked.accepted();
        (!powers.is_empty()).then(|| Authority {
            holder,
            kind: self.kind,
            powers,
            scope: crate::Reach::default(),
            from: self.from,
            until: None,
            registered: Some(checked.registered),
            verified: Some(checked.seen),
            trigger: self.on_belief.then_some(Trigger::ReasonableBelief),
            beliefs: Vec::<Belief>::new(),
            suspended: Vec::new(),
            ended: None,
            renewal_lodged: None,
            renewal_decided: None,
            conflict: false,
            jointly: self.jointly,
            source: None,
            birth_registered: None,
        })
    }

    /// Whether both are about the same paper.
    #[must_use]
    pub fn is_same_paper(&self, other: &Claim) -> bool {
        let plain = |number: &str| -> String {
            let letters = number.chars().filter(|one| one.is_alphanumeric());
            letters.flat_map(char::to_uppercase).collect()
        };
        self.kind == other.kind && plain(&self.number) == plain(&other.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deed() -> Claim {
        Claim {
            kind: AuthorityKind::WelfareAttorney,
            number: "1234-5678".to_owned(),
            from: None,
            powers: BTreeSet::from([Matter::Care, Matter::Finance]),
            jointly: false,
            on_belief: true,
            shown: Shown::Bring,
            checked: None,
        }
    }

    fn found(powers: &[(Matter, Found)]) -> Claim {
        Claim {
            checked: Some(Checked {
                by: WorkerId::new("fraser-abercrombie"),
                name: "Fraser Abercrombie".to_owned(),
                at: Timestamp::parse("2027-01-11T10:30:00Z").expect("an instant"),
                registered: true,
                seen: true,
                powers: powers.to_vec(),
            }),
            ..deed()
        }
    }

    #[test]
    fn what_nobody_looked_at_or_accepted_gives_nothing() {
        assert_eq!(deed().accepted(PartyId::new("torquil")), None);
        let none = found(&[(Matter::Care, Found::NotSeen)]);
        assert_eq!(none.accepted(PartyId::new("torquil")), None);
    }

    #[test]
    fn what_was_accepted_is_given_and_nothing_else() {
        let some = found(&[
            (Matter::Care, Found::Accepted),
            (Matter::Finance, Found::NotInPaper),
        ]);
        let given = some.accepted(PartyId::new("torquil")).expect("a power");
        assert_eq!(given.powers, BTreeSet::from([Matter::Care]));
        assert_eq!(given.trigger, Some(Trigger::ReasonableBelief));
        assert_eq!((given.registered, given.verified), (Some(true), Some(true)));
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        let spaced = Claim {
            number: "1234 5678".to_owned(),
            ..deed()
        };
        assert!(deed().is_same_paper(&spaced));
        let other = Claim {
            number: "1234-5679".to_owned(),
            ..deed()
        };
        assert!(!deed().is_same_paper(&other));
    }
}
