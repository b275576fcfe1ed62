//! The words of the portals: purposes by role, local time, and the sentence of an event.

use domain::{Purpose, Role, Timestamp};
use jiff::Zoned;
use jiff::tz::TimeZone;

use super::render::MomentView;

pub use sharing::event::sentence;

/// The purpose for which someone of this role usually asks. A page is always asked for by
/// somebody in a role, so this is what their work is for, not a guess about one request; another
/// purpose is chosen on the page that asks why.
#[must_use]
pub fn usual_purpose(role: Role) -> Purpose {
    match role {
        Role::Doctor
        | Role::Nurse
        | Role::Pharmacist
        | Role::Therapist
        | Role::AddictionWorker
        | Role::Receptionist
        | Role::Midwife
        | Role::HealthVisitor
        | Role::Paramedic
        | Role::System
        | Role::Unknown => Purpose::Treatment,
        Role::SocialWorker
        | Role::DutySocialWorker
        | Role::MentalHealthOfficer
        | Role::OccupationalTherapist => Purpose::Assessment,
        Role::CareHomeManager | Role::CareWorker | Role::SupportWorker => Purpose::Provision,
        Role::HousingOfficer => Purpose::HousingAdaptation,
        Role::PoliceOfficer => Purpose::AdultProtection,
        Role::Advocate => Purpose::FamilyRequest,
        Role::Teacher => Purpose::ChildConcern,
        Role::ChildrensReporter => Purpose::ChildrensHearing,
        Role::Inspector => Purpose::Regulator,
        Role::Researcher => Purpose::Research,
        Role::Solicitor => Purpose::Legal,
        Role::PrivacyOfficer => Purpose::Operations,
    }
}

/// A moment where Candour is at home.
#[must_use]
pub fn local(at: Timestamp) -> Zoned {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    at.to_jiff().to_zoned(zone)
}

/// A moment as a page shows it.
#[must_use]
pub fn moment(at: Timestamp) -> MomentView {
    MomentView::at(&local(at))
}

/// The first letter as a capital.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
