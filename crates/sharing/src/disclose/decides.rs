//! Who decides about what is not shown until then, as they can be rung now.

use domain::{Category, OrganisationId, Timestamp, calendar};
use policy::{Decision, Ground, Withheld};
use store::{Directory, Snapshot};

use crate::Error;
/// Somebody who decides about what is not shown until then, as they can be rung now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decides {
    /// The agency whose decision it is.
    pub agency: OrganisationId,
    /// Whoever answers for it at this hour.
    pub name: String,
    /// Their number; empty if the directory has none.
    pub phone: String,
    /// By when they answer.
    pub due_at: Timestamp,
    /// What is missing for a decision.
    pub missing: String,
    /// What it is about, each with the ground on which it is not shown meanwhile; empty if it is the
    /// request as such.
    pub about: Vec<(Category, Ground)>,
}

/// Who answers for the agency that a decision refers to, as it can be rung now.
pub(crate) async fn decider(
    snapshot: &mut dyn Snapshot,
    decision: &Decision,
    now: Timestamp,
) -> Result<Option<(String, String)>, Error> {
    let deciders = deciders(snapshot, decision, now).await?;
    Ok(deciders.first().map(Decides::ring))
}

/// Everybody to whom a decision refers a part of what was asked: whoever has the duty, where the agency
/// is shut, else the agency itself.
pub(crate) async fn deciders(
    snapshot: &mut dyn Snapshot,
    decision: &Decision,
    now: Timestamp,
) -> Result<Vec<Decides>, Error> {
    if decision.referral.is_none() {
        return Ok(Vec::new());
    }
    let directory = snapshot.directory().await?;
    let referrals = decision.referral.iter().chain(&decision.other_referrals);
    let named = referrals.map(|referral| {
        let (name, phone) = on_duty(&directory, &referral.decider, now);
        Decides {
            agency: referral.decider.clone(),
            name,
            phone,
            due_at: referral.due_at,
            missing: referral.missing.clone(),
            about: referral.about.clone(),
        }
    });
    Ok(named.collect())
}

/// Whoever answers for an agency at this moment, by name and number.
fn on_duty(directory: &Directory, agency: &OrganisationId, now: Timestamp) -> (String, String) {
    let minute = calendar::minute(now);
    let works = calendar::is_working_day(calendar::local(now).date());
    let mut duties = directory.duties.iter();
    let duty = duties.find(|duty| duty.serves == *agency && (duty.is_on(minute) || !works));
    let known = directory.organisations.get(agency);
    duty.map(|duty| (duty.name.clone(), duty.phone.clone()))
        .or_else(|| known.map(|agency| (agency.name.clone(), agency.phone.clone())))
        .unwrap_or_else(|| (agency.to_string(), String::new()))
}

impl Decides {
    pub(crate) fn ring(&self) -> (String, String) {
        (self.name.clone(), self.phone.clone())
    }

    /// Whether what stays back of this waits for them.
    #[must_use]
    pub fn decides(&self, withheld: &Withheld) -> bool {
        self.agency == withheld.ask && self.about.contains(&(withheld.category, withheld.ground))
    }
}
