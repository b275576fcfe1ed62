//! Samples of the way to a record.

use askama::Template;

use super::*;

fn find() -> FindPage {
    let person = |key: &str, name: &str, born: &str| RecentPerson {
        person: key.into(),
        name: name.into(),
        born: on(born),
        opened_at: at(10, 16, 40),
    };
    FindPage {
        page: at_work(),
        form: FindForm::default(),
        errors: Errors::default(),
        recent: vec![
            person("p-8f3a61", "Elspeth Carmichael", "1940-11-12"),
            person("p-20c4d7", "Wei Ling Achebe-Strachan", "2023-02-28"),
            person("p-77b1e0", "Suharto", "1961"),
        ],
    }
}

fn find_with_errors() -> FindPage {
    let mut errors = Errors::default();
    errors.add("born_month", "The month of birth must be from 1 to 12");
    errors.add("chi", "Check the CHI number: one of its digits is wrong");
    let form = FindForm {
        name: "Carmichael".into(),
        born_day: "12".into(),
        born_month: "13".into(),
        born_year: "1940".into(),
        chi: "999 999 9999".into(),
    };
    FindPage {
        form,
        errors,
        recent: Vec::new(),
        ..find()
    }
}

fn results(found: Vec<FoundPerson>, too_many: bool) -> ResultsPage {
    let sought = vec!["name carmichael".into(), "born 1940".into()];
    ResultsPage {
        page: at_work(),
        sought,
        found,
        too_many,
    }
}

fn two_people() -> Vec<FoundPerson> {
    vec![
        FoundPerson {
            person: "p-8f3a61".into(),
            name: "Elspeth Carmichael".into(),
            also_known_as: vec!["Elsie Carmichael".into(), "Elspeth Dunlop".into()],
            born: on("1940-11-12"),
            gender: Some("Female".into()),
            chi: Some("9999999999".into()),
            address: Some("4 Tannery Wynd, Northburn, ML99 4ZZ".into()),
            matched: "same family name, same year of birth".into(),
        },
        FoundPerson {
            person: "p-90aa3c".into(),
            name: "Ailsa Carmichael-Featherstonehaugh".into(),
            also_known_as: Vec::new(),
            born: on("1940"),
            gender: None,
            chi: None,
            address: None,
            matched: "one of two family names, same year of birth".into(),
        },
    ]
}

fn why(errors: Errors, words: &str) -> WhyPage {
    WhyPage {
        page: at_work(),
        person: "p-8f3a61".into(),
        name: Some("Elspeth Carmichael".into()),
        reasons: WhyPage::usual_reasons(),
        words: words.into(),
        errors,
    }
}

fn why_with_errors() -> WhyPage {
    let mut errors = Errors::default();
    errors.add("reason", "Choose your reason");
    errors.add("words", "Say in a few words what you need to do");
    why(errors, "")
}

fn emergency() -> EmergencyPage {
    EmergencyPage {
        page: at_work(),
        person: "p-8f3a61".into(),
        name: Some("Elspeth Carmichael".into()),
        words: "Found collapsed at home, carer does not know her medicines".into(),
        reviewer: "the privacy officer of the health board".into(),
    }
}

fn call() -> CallPage {
    let mut spoke = vec![
        choice("i1", "Isla Brodie, charge nurse, Clydevale Hospital"),
        choice("i2", "Moira Laing, home care co-ordinator, Tayside Hands"),
        choice("i3", "Dr Kwame Boateng, GP, Millburn Practice"),
    ];
    spoke[1].chosen = true;
    let told = [
        "Dates and arrangements",
        "Needs and abilities",
        "Health",
        "Medicines",
        "Worries",
    ];
    let mut told: Vec<_> = told
        .iter()
        .map(|label| choice(&label.to_lowercase(), label))
        .collect();
    told[0].chosen = true;
    CallPage {
        page: at_work(),
        person: banner(),
        spoke,
        is: vec![choice("works", "They work with the person")],
        way: vec![
            choice("phone", "By telephone"),
            choice("meeting", "At a meeting"),
        ],
        identity: vec![
            choice("rung-on-record", "I rang a number that we had"),
            choice("not-checked", "Nobody checked who they are"),
        ],
        told,
        filled: CallFilled {
            why: "Planning her going home".into(),
            ..CallFilled::default()
        },
        errors: Errors::default(),
    }
}

fn call_with_errors() -> CallPage {
    let mut errors = Errors::default();
    errors.add("other", "Say whom you spoke to");
    errors.add("told", "Tick what you told them");
    errors.add("why", "Say why in a few words");
    CallPage {
        errors,
        filled: CallFilled::default(),
        ..call()
    }
}

fn call_saved() -> CallSavedPage {
    let sentence = |told: &str| {
        format!(
            "Rukhsana Malik, social worker at Northburn Council social work, told {told} your care plans by \
             telephone on 11 January 2027 at 10:02am, for assessing care needs."
        )
    };
    CallSavedPage {
        page: at_work(),
        person: banner(),
        message: "m-7".into(),
        sentences: vec![
            sentence("Moira Laing, home care co-ordinator, Tayside Hands"),
            sentence("your primary carer"),
        ],
        receipt: Some(receipt()),
    }
}

fn call_saved_own() -> CallSavedPage {
    CallSavedPage {
        sentences: Vec::new(),
        receipt: None,
        ..call_saved()
    }
}

pub(super) fn pages() -> Vec<Sample> {
    let empty = FindPage {
        recent: Vec::new(),
        ..find()
    };
    vec![
        ("care-find", find().render()),
        ("care-find-empty", empty.render()),
        ("care-find-errors", find_with_errors().render()),
        ("care-results", results(two_people(), false).render()),
        ("care-results-none", results(Vec::new(), false).render()),
        ("care-results-many", results(Vec::new(), true).render()),
        ("care-why", why(Errors::default(), "").render()),
        ("care-why-errors", why_with_errors().render()),
        ("care-emergency", emergency().render()),
        ("care-call", call().render()),
        ("care-call-errors", call_with_errors().render()),
        ("care-call-saved", call_saved().render()),
        ("care-call-saved-own", call_saved_own().render()),
    ]
}
