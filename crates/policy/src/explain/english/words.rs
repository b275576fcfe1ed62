//! Nouns, reasons and lists.

use domain::{Category, OutsiderKind, Purpose, Role};

use crate::Ground;

/// "a", "a and b", "a, b and c".
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// A category as something that can be read: "your name and birth date".
pub(super) fn category(category: Category) -> &'static str {
    match category {
        Category::Demographics => "name and birth date",
        Category::Contact => "address",
        Category::Network => "list of who is involved",
        Category::Function => "everyday needs",
        Category::CarePlans => "care plans",
        Category::Documents => "notes and letters",
        Category::Conditions => "health conditions",
        Category::Protection => "protection record",
        Category::Wishes => "wishes",
        Category::Finance => "money matters",
        Category::Housing => "housing record",
        Category::Unsorted => "papers not yet sorted",
        other => other.words(),
    }
}

/// The same from a record, in which a later version may have used other codes.
pub(super) fn category_of(code: &str) -> String {
    Category::from_code(code).map_or_else(|| code.to_owned(), |known| category(known).to_owned())
}

/// Several of them, by their codes: "care plans and address".
#[must_use]
pub fn categories(codes: &[String]) -> String {
    let names: Vec<String> = codes.iter().map(|code| category_of(code)).collect();
    list(&names)
}

/// What finishes "for ...".
pub(super) fn purpose_of(code: &str) -> String {
    code.parse::<Purpose>()
        .map_or_else(|_| code.to_owned(), |known| known.words().to_owned())
}

/// "social worker".
pub(super) fn role_of(code: &str) -> String {
    match code {
        // Whoever is no worker has no role.
        "the-person" | "representative" | "another-person" | "holder" => String::new(),
        code => match OutsiderKind::from_code(code) {
            Some(kind) => kind.words().to_owned(),
            None => Role::from_code(code).map_or_else(|| code.to_owned(), Role::words),
        },
    }
}

/// Who asks: "Pauline Heggie, social worker at Northburn Council".
pub(super) fn who(name: &str, role: &str, organisation: &str) -> String {
    let capacity = [role, organisation]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" at ");
    if capacity.is_empty() {
        name.to_owned()
    } else {
        format!("{name}, {capacity}")
    }
}

/// Why someone may see the record, to the person: finishes "because ...".
pub fn because_to_person(code: &str) -> String {
    match code {
        // What happened with a link by which a request is answered.
        code if code.ends_with("-to-answer") => "something was asked about you",
        "registration" => "you are registered with the practice",
        "admission" => "you are a patient there",
        "attendance" => "you were seen there",
        "referral" => "you were referred there",
        "caseload" => "you are on the caseload",
        "care-team" => "you are looked after by the care team",
        "residence" => "you live there",
        "tenancy" => "you hold a tenancy there",
        "duty" => "a concern about you is open with the duty team",
        "self-claimed" => "involvement in your care was claimed, which is being checked",
        "emergency" => "it was an emergency",
        "protection" => "somebody may need protecting",
        "own-record" => "it is your own record",
        "acts-for-person" => "they act for you",
        "close-to-person" => "they are close to you",
        "invited" => "they were given a one-time link to it",
        "tells" => "they had something to tell",
        "requirement" => "the law required it",
        "requirement-goes-past-no" => "the law required it, although you had said no",
        "agreed" => "you, or whoever answers for it, agreed",
        "approved" => "the use was approved",
        "agreement" => "the agencies have an agreement",
        other => other,
    }
    .to_owned()
}

/// The same, to whoever asked.
pub fn because_to_practitioner(code: &str) -> String {
    match code {
        "registration" => "the person is registered with the practice",
        "admission" => "the person is a patient there",
        "attendance" => "the person was seen there",
        "referral" => "the person was referred there",
        "caseload" => "the person is on the caseload",
        "care-team" => "the care team includes you",
        "residence" => "the person lives there",
        "tenancy" => "the person holds a tenancy there",
        "duty" => "a concern is open with the duty team",
        "self-claimed" => "you say that you are involved",
        "emergency" => "it is an emergency",
        "protection" => "somebody may need protecting",
        "own-record" => "it is your own record",
        "acts-for-person" => "you act for the person",
        "close-to-person" => "you are close to the person",
        "invited" => "you were given a one-time link to it",
        "tells" => "you have something to tell",
        "requirement" => "the law requires it",
        "requirement-goes-past-no" => "the law requires it, although the person said no",
        "agreed" => "the person, or whoever answers for it, agreed",
        "approved" => "the use is approved",
        "agreement" => "the agencies have an agreement",
        other => other,
    }
    .to_owned()
}

/// Why not, to the person: finishes "was refused: ...".
pub(super) fn ground_to_person(ground: Ground) -> &'static str {
    match ground {
        Ground::Unverified => "who asked, or why, was not proven well enough",
        Ground::NoRelationship => "nothing shows any involvement in your care",
        Ground::PurposeIncompatible => "the purpose does not fit what was asked for",
        Ground::NoLawfulBasis => "there is no lawful basis for this use",
        Ground::Objected => "you have said no to this",
        Ground::EarlierWish => "you are known to have wished otherwise",
        Ground::MoreThanNecessary => "it is more than this purpose needs",
        Ground::ThirdParty => "it is about somebody else",
        Ground::OriginatorControl => "the agency that it came from must decide",
        Ground::IdentityDoubt => "it is not certain that this is you",
        Ground::ChildRefuses => "you have said no",
        Ground::Deceased => "it was not to be told after death",
        other => other.words(),
    }
}

/// The same from a record.
pub(super) fn ground_of(code: &str) -> String {
    Ground::ALL
        .iter()
        .find(|ground| ground.code() == code)
        .map_or_else(
            || code.to_owned(),
            |ground| ground_to_person(*ground).to_owned(),
        )
}

/// "within 1 hour", "within 5 working days".
pub(super) fn within(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..=0 => return "at once".to_owned(),
        1..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "working day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("within {count} {unit}{plural}")
}

/// The first letter as a sentence begins.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
