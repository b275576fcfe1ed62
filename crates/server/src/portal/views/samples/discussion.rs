//! Samples of a discussion between agencies.

use super::super::*;
use super::message;

pub fn new_discussion() -> DiscussionPage {
    let mut errors = Errors::default();
    errors.add(
        "to",
        "Ask at least one other agency in: police, health and social work discuss together",
    );
    DiscussionPage {
        page: at_work(),
        person: "p-8f3a61".into(),
        known: None,
        about: vec![
            choice("CP-CONCERN", "A child may come to harm"),
            choice("ASP-INQUIRY", "An adult may come to harm"),
        ],
        to: vec![choice("public-protection-hub", "Concern hub, Police")],
        others: vec![choice("ward-3", "Ward 3, Clydevale Hospital")],
        telling: vec![choice("told", "They know, or are told now")],
        name: "Shannon, of number 15".into(),
        text: "She was alone at midnight.".into(),
        from: "m-1".into(),
        errors,
    }
}

fn block(agency: &str, superseded: bool) -> BlockView {
    BlockView {
        agency: agency.into(),
        name: "Maggie Torrance".into(),
        at: at(16, 0, 5),
        text: vec!["Seen in December with a cut on her hand.".into()],
        superseded,
    }
}

pub fn discussion() -> MessagePage {
    let mut errors = Errors::default();
    errors.add("dissent", "Write what they should know or do");
    MessagePage {
        kind: "Inter-agency referral discussion".into(),
        discussion: Some(DiscussionView {
            blocks: vec![
                block("Clydevale Hospital", true),
                block("Police Public Protection Unit", false),
                block("Clydevale Hospital", false),
            ],
            dissents: vec![block("Clydevale Hospital", false)],
            others: vec![
                "Barry Greig: an adult, her father, parental responsibilities not known. Named by Police.".into(),
            ],
            conclusions: vec![ConclusionView {
                course: "Police and social work investigate together".into(),
                reasons: vec!["Two nights in a row.".into()],
                plan: vec!["She stays with her grandmother until Monday.".into()],
                prompts: vec![("Must somebody act at once?".into(), "Yes".into())],
                without: "Braehead Medical Practice".into(),
                name: "Tariq Nawaz".into(),
                at: at(16, 0, 20),
                superseded: false,
            }],
            raised: None,
            forms: Some(DiscussionForms {
                may_conclude: true,
                may_protect: true,
            }),
        }),
        answers: vec![choice("not-mine", "Not mine")],
        may_reply: false,
        errors,
        ..message()
    }
}

pub fn conclude() -> ConcludePage {
    let mut errors = Errors::default();
    errors.add("emergency", "Answer this first: Must somebody act at once?");
    ConcludePage {
        page: at_work(),
        message: "m-5".into(),
        name: "Shannon Greig".into(),
        courses: vec![
            choice("joint", "Police and social work investigate together"),
            choice("more-enquiry", "More is found out first"),
        ],
        prompts: vec![PromptChoices {
            field: "emergency".into(),
            question: "Must somebody act at once?".into(),
            answers: vec![choice("yes", "Yes"), choice("not-known", "Not known")],
        }],
        reasons: "Two nights in a row.".into(),
        plan: String::new(),
        errors,
    }
}

pub fn naming() -> NamingPage {
    let mut errors = Errors::default();
    errors.add(
        "relationship",
        "Say what they are to the person, such as half-sister or mother's partner",
    );
    NamingPage {
        page: at_work(),
        message: "m-5".into(),
        name: "Shannon Greig".into(),
        is: vec![
            choice("child", "Another child"),
            choice("adult", "An adult"),
        ],
        other: "Barry Greig".into(),
        relationship: String::new(),
        rights: vec![
            choice("yes", "Yes"),
            choice("no", "No"),
            choice("not-known", "Not known"),
        ],
        records: vec![choice("p-8f3a61", "Barry Greig")],
        errors,
    }
}
