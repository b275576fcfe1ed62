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
        other: String::new(),
        told,
        why: "Planning her going home".into(),
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
        why: String::new(),
        ..call()
    }
}

fn call_saved() -> CallSavedPage {
    CallSavedPage {
        page: at_work(),
        person: banner(),
        sentence: "Rukhsana Malik, social worker at Northburn Council social work, told Moira Laing of \
                   Tayside Hands about dates and arrangements on 11 January 2027 at 10:02am, by phone, \
                   to plan your going home, for direct care."
            .into(),
        receipt: receipt(),
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
    ]
}
