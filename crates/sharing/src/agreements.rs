//! The information sharing agreements of an agency, and which of them somebody must see to: an overdue
//! review, an end that comes or has come with nothing in its place, a draft that should be in force.
//!
//! None of it holds up care. A feed that lost its agreement is held, and whoever keeps the agreements
//! reads it here before that, and not from those who miss it.

use domain::arrangement::{Agreement, Flow};
use domain::{OrganisationId, Role, Timestamp};
use store::Directory;

use crate::{Asking, Context, Error};

/// How long before its end an agreement is on the list: eight weeks, in which two boards can sign another.
const AHEAD_SECONDS: i64 = 56 * 86_400;

/// Where an agreement stands, what is most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It ended, and what went under it has no other agreement.
    Ended,
    /// It should be in force, and not everybody signed it.
    Unsigned,
    /// Its review is overdue; it is in force.
    ReviewOverdue,
    /// It ends within eight weeks, and nothing takes its place.
    Ending,
    /// It is in force.
    InForce,
    /// It begins later.
    Begins,
    /// It ended, and others took its place.
    Replaced,
}

impl Standing {
    /// The name in lists.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Unsigned => "unsigned",
            Self::ReviewOverdue => "review-overdue",
            Self::Ending => "ending",
            Self::InForce => "in-force",
            Self::Begins => "begins",
            Self::Replaced => "replaced",
        }
    }

    /// Whether somebody must see to it.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        matches!(
            self,
            Self::Ended | Self::Unsigned | Self::ReviewOverdue | Self::Ending
        )
    }
}

/// One agreement of an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfAgency {
    /// What was agreed.
    pub agreement: Agreement,
    /// Where it stands.
    pub standing: Standing,
}

/// The agreements to which the caller's agency is party, what is most urgent first; and who those
/// agencies are. They say nothing of anybody, so everybody who works there reads them.
///
/// # Errors
/// [`Error::NotFound`] if the caller is nobody at work; [`Error::Revoked`] for a token that was withdrawn.
pub async fn own(
    cx: &Context,
    asking: &Asking,
) -> Result<(Vec<OfAgency>, std::sync::Arc<Directory>), Error> {
    let own = asking.caller.organisation().ok_or(Error::NotFound)?;
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked);
    }
    let policies = cx.policies.at(snapshot.as_mut()).await?;
    let directory = snapshot.directory().await?;
    Ok((of_agency(policies.agreements(), own, cx.now()), directory))
}

/// How many agreements of the caller's agency somebody must see to; none for whoever is not its privacy
/// officer, whose work it is.
///
/// # Errors
/// As [`own`].
pub async fn waiting(cx: &Context, asking: &Asking) -> Result<usize, Error> {
    if asking.caller.role() != Some(Role::PrivacyOfficer) {
        return Ok(0);
    }
    let (all, _) = own(cx, asking).await?;
    Ok(all.iter().filter(|one| one.standing.is_waiting()).count())
}

fn of_agency(all: &[Agreement], own: &OrganisationId, now: Timestamp) -> Vec<OfAgency> {
    let theirs = all.iter().filter(|one| one.parties.contains(own));
    let mut theirs: Vec<OfAgency> = theirs
        .map(|one| OfAgency {
            agreement: one.clone(),
            standing: standing(one, all, now),
        })
        .collect();
    theirs.sort_by(|one, other| {
        let key = |one: &OfAgency| {
            (
                one.standing,
                one.agreement.until,
                one.agreement.review_due,
                one.agreement.id.clone(),
            )
        };
        key(one).cmp(&key(other))
    });
    theirs
}

/// Where one agreement stands among all.
fn standing(one: &Agreement, all: &[Agreement], now: Timestamp) -> Standing {
    let is_over = |at: Timestamp| one.until.is_some_and(|until| until.0 <= at);
    let soon = now.plus_seconds(AHEAD_SECONDS);
    let is_late = |due: Option<domain::Moment>| due.is_some_and(|due| due.0 <= now);
    if is_over(now) {
        // A draft that ran out carried nothing.
        let is_missed = one.signed && !is_carried(one, all, now);
        return match is_missed {
            true => Standing::Ended,
            false => Standing::Replaced,
        };
    }
    let begins = one.from.is_some_and(|from| from.0 > now);
    match () {
        () if begins => Standing::Begins,
        () if !one.signed => Standing::Unsigned,
        () if is_late(one.review_due) => Standing::ReviewOverdue,
        () if is_over(soon) && !is_carried(one, all, soon) => Standing::Ending,
        () => Standing::InForce,
    }
}

/// Whether other agreements that are in force at that moment name all that this one names.
fn is_carried(one: &Agreement, all: &[Agreement], at: Timestamp) -> bool {
    let others = || {
        let others = all.iter().filter(|other| other.id != one.id);
        others.filter(|other| other.is_live(at))
    };
    let by_another = |flow: &Flow| {
        let mut flows = others().flat_map(|other| &other.flows);
        flows.any(|other| covers(other, flow))
    };
    one.flows.iter().all(by_another)
}

fn covers(wide: &Flow, flow: &Flow) -> bool {
    let is_named = |purpose: &domain::Purpose| wide.purposes.iter().any(|one| purpose.is_a(*one));
    wide.from == flow.from
        && wide.to == flow.to
        && flow.items.is_subset(&wide.items)
        && flow.purposes.iter().all(is_named)
}

#[cfg(test)]
mod tests {
    use domain::{Category, Moment, Purpose};

    use super::*;

    fn day(text: &str) -> Option<Moment> {
        Timestamp::parse(text).map(Moment)
    }

    /// What the practice sends community nursing, in force for the first half of 2027.
    fn nightly(id: &str) -> Agreement {
        Agreement {
            id: id.to_owned(),
            parties: ["practice".into(), "community-nursing".into()].into(),
            from: day("2027-01-01T00:00:00Z"),
            until: day("2027-07-01T00:00:00Z"),
            review_due: day("2027-04-01T00:00:00Z"),
            signed: true,
            flows: vec![Flow {
                number: "1".to_owned(),
                items: [Category::Medicines].into(),
                from: "practice".into(),
                to: "community-nursing".into(),
                purposes: [Purpose::Treatment].into(),
                basis: None,
                method: None,
                frequency: None,
                retention: None,
            }],
        }
    }

    fn at(all: &[Agreement], at: &str) -> Vec<(String, &'static str)> {
        let now = Timestamp::parse(at).expect("an instant");
        let all = of_agency(all, &"practice".into(), now);
        let told = all.into_iter();
        told.map(|one| (one.agreement.id, one.standing.code()))
            .collect()
    }

    #[test]
    fn an_agreement_comes_onto_the_list_to_the_second_and_its_worst_is_said() {
        let one = |moment| at(&[nightly("ISP-7")], moment)[0].1;
        assert_eq!(one("2026-12-31T23:59:59Z"), "begins");
        assert_eq!(one("2027-01-01T00:00:00Z"), "in-force");
        assert_eq!(one("2027-03-31T23:59:59Z"), "in-force");
        assert_eq!(one("2027-04-01T00:00:00Z"), "review-overdue");
        assert_eq!(one("2027-06-30T23:59:59Z"), "review-overdue");
        assert_eq!(one("2027-07-01T00:00:00Z"), "ended");

        let reviewed = Agreement {
            review_due: None,
            ..nightly("ISP-7")
        };
        let one = |moment| at(std::slice::from_ref(&reviewed), moment)[0].1;
        assert_eq!(one("2027-05-05T23:59:59Z"), "in-force");
        assert_eq!(one("2027-05-06T00:00:00Z"), "ending");
    }

    #[test]
    fn one_that_was_replaced_asks_nothing_of_anybody_unless_it_carried_more() {
        let after = Agreement {
            from: day("2027-06-30T00:00:00Z"),
            until: None,
            review_due: None,
            ..nightly("ISP-8")
        };
        let mut both = [nightly("ISP-7"), after];
        both[0].review_due = None;
        let said = |id: &str, standing| (id.to_owned(), standing);
        assert_eq!(
            at(&both, "2027-05-20T00:00:00Z"),
            [said("ISP-7", "in-force"), said("ISP-8", "begins")]
        );
        assert_eq!(
            at(&both, "2027-07-01T00:00:00Z"),
            [said("ISP-8", "in-force"), said("ISP-7", "replaced")]
        );
        both[0].flows[0].items.insert(Category::Conditions);
        assert_eq!(at(&both, "2027-07-01T00:00:00Z")[0], said("ISP-7", "ended"));
    }

    #[test]
    fn what_nobody_signed_waits_from_the_day_on_which_it_should_be_in_force() {
        let draft = Agreement {
            signed: false,
            ..nightly("ISP-9")
        };
        let one = |moment| at(std::slice::from_ref(&draft), moment)[0].1;
        assert_eq!(one("2026-12-31T23:59:59Z"), "begins");
        assert_eq!(one("2027-01-01T00:00:00Z"), "unsigned");
        assert_eq!(one("2027-07-01T00:00:00Z"), "replaced");
    }

    #[test]
    fn an_agreement_between_others_is_nobody_elses_list() {
        let others = [Agreement {
            parties: ["hospital".into(), "community-nursing".into()].into(),
            ..nightly("ISP-1")
        }];
        assert!(at(&others, "2027-02-01T00:00:00Z").is_empty());
    }
}
