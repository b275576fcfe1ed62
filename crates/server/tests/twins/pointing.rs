//! What both worlds hold and what points at something that only one has: chains and includes lead from
//! there to what is hidden, if nothing stops them.

use fhir::types::Kind;
use serde_json::json;
use sharing::town::{Contribution, Town};

use crate::hidden::{about, is_record};
use crate::kept;

/// How the ids of these begin.
const OWN: &str = "points-";
/// So many about each person.
const EACH: usize = 6;

/// Whether a contribution is one of these.
pub fn points(it: &Contribution) -> bool {
    it.local_id.starts_with(OWN)
}

/// Adds, for each person about whom something is kept, findings that name some of it, and findings
/// that name those.
pub fn add_to(town: &mut Town) {
    let bare = kept::over(town.clone());
    let mut last = 0;
    let mut added = Vec::new();
    for key in kept::KEPT {
        let own = about(&bare.with, key);
        let hidden: Vec<&Contribution> = own
            .iter()
            .filter(|it| is_record(it) && bare.hidden.contains(it) && !bare.deleted.contains(it))
            .filter(|it| names_a_person(it))
            .collect();
        let step = hidden.len().div_ceil(EACH).max(1);
        for target in hidden.into_iter().step_by(step) {
            last += 1;
            let address = format!("{}/{}", target.resource_type, target.local_id);
            let first = finding(target, last, "focus", &address);
            let named = format!("Observation/{}", first.local_id);
            last += 1;
            added.push(finding(target, last, "hasMember", &named));
            added.push(first);
        }
    }
    town.contributions.extend(added);
    town.contributions.sort_by_key(|it| it.at);
}

fn names_a_person(it: &Contribution) -> bool {
    let facts = fhir::types::of(&it.resource_type);
    facts.is_some_and(|facts| matches!(facts.kind, Kind::Person { .. }))
}

/// An ordinary finding about the same person that names something by its agency's own id.
fn finding(like: &Contribution, number: u32, by: &str, address: &str) -> Contribution {
    let local_id = format!("{OWN}{number}");
    let subject = crate::hidden::subject(like).expect("a Patient");
    let mut resource = json!({
        "resourceType": "Observation",
        "id": local_id,
        "status": "final",
        "code": { "text": "Seen at the desk" },
        "subject": { "reference": subject },
        "effectiveDateTime": format!("2027-01-{:02}", 1 + number % 9),
    });
    resource[by] = json!([{ "reference": address }]);
    Contribution {
        resource_type: "Observation".to_owned(),
        local_id,
        json: resource.to_string(),
        ..like.clone()
    }
}
