//! Where a decision can be challenged, and by when the answer is due.

use domain::authority::AuthorityKind;
use domain::calendar::working_days_after;
use domain::{Purpose, Timestamp};
use serde::Serialize;

use crate::decision::Ground;
use crate::{Facts, Request};

/// A way to have a decision looked at again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Challenge {
    /// When the challenge, made now, is acknowledged: three working days.
    pub acknowledged_by: String,
    /// The latest that the law allows for that: thirty days (Data (Use and Access) Act 2025).
    pub law_allows_until: String,
    /// Where it goes, in order.
    pub routes: Vec<&'static str>,
}

/// The routes that are open for this decision.
#[must_use]
pub fn challenge(
    request: &Request,
    facts: &Facts,
    grounds: &[Ground],
    now: Timestamp,
) -> Challenge {
    let known = &facts.circumstances;
    let mut routes = vec![
        "a decider who took no part in it, at the agency that holds it",
        "the agency's complaints procedure, then the Scottish Public Services Ombudsman",
        "the Information Commissioner",
    ];
    let welfare = known.authorities.iter().any(|authority| {
        matches!(
            authority.kind,
            AuthorityKind::WelfareAttorney
                | AuthorityKind::Guardian
                | AuthorityKind::EnglishWelfareLpa
        )
    });
    let money = known.authorities.iter().any(|authority| {
        matches!(
            authority.kind,
            AuthorityKind::ContinuingAttorney | AuthorityKind::EnglishPropertyLpa
        )
    });
    if welfare {
        routes.push("the council (Adults with Incapacity (Scotland) Act 2000 s.10)");
    }
    if money {
        routes.push("the Office of the Public Guardian (2000 Act s.6)");
    }
    let powers = [Ground::NoPower, Ground::EarlierWish];
    if welfare || powers.iter().any(|ground| grounds.contains(ground)) {
        routes.push("the Mental Welfare Commission (2000 Act s.9)");
        routes.push("the sheriff, for directions (2000 Act s.3(3))");
    }
    if request.purpose == Purpose::Regulator {
        routes.push("the Care Inspectorate");
    }
    Challenge {
        acknowledged_by: working_days_after(now, 3).to_string(),
        law_allows_until: now.plus_seconds(30 * 86_400).to_string(),
        routes,
    }
}
