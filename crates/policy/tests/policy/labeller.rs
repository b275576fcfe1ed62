//! Labels: what a resource is about and how closely it is held.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use domain::{Category, Confidentiality, Evidence, LabelClass, Role, Sensitivity};
use policy::labeller::{LabelReport, Labeller, Yardstick};

static LABELLER: LazyLock<Labeller> =
    LazyLock::new(|| Labeller::shipped().expect("the shipped rules are valid"));

const SNOMED: &str = "http://snomed.info/sct";
const ICD_10: &str = "http://hl7.org/fhir/sid/icd-10";

fn evidence(resource_type: &str) -> Evidence {
    Evidence {
        resource_type: resource_type.to_owned(),
        ..Evidence::default()
    }
}

fn coded(resource_type: &str, system: &str, code: &str) -> Evidence {
    Evidence {
        codes: vec![(system.to_owned(), code.to_owned())],
        ..evidence(resource_type)
    }
}

fn note(text: &str) -> Evidence {
    Evidence {
        texts: vec![text.to_owned()],
        ..evidence("DocumentReference")
    }
}

fn declared(resource_type: &str, system: &str, code: &str) -> Evidence {
    Evidence {
        declared: vec![(system.to_owned(), code.to_owned())],
        ..evidence(resource_type)
    }
}

fn label(evidence: &Evidence) -> LabelClass {
    LABELLER.label(evidence, &"hospital".into(), None, None)
}

/// As "categories confidentiality sensitivities".
fn read(label: &LabelClass) -> String {
    let categories: Vec<_> = label
        .categories
        .iter()
        .map(|category| category.code())
        .collect();
    let sensitivities: Vec<_> = label
        .sensitivities
        .iter()
        .map(|reason| reason.code())
        .collect();
    let parts = [
        &categories.join(","),
        label.confidentiality.code(),
        &sensitivities.join(","),
    ];
    parts.join(" ").trim_end().to_owned()
}

fn reads(text: &str) -> String {
    read(&label(&note(text)))
}

#[test]
fn a_type_says_what_a_resource_is_about() {
    for (resource_type, expected) in [
        ("Patient", "demographics,contact N"),
        ("Condition", "conditions N"),
        ("MedicationRequest", "medicines N"),
        ("DeviceRequest", "function N"),
        ("Flag", "alerts N"),
        ("RelatedPerson", "network N"),
        ("QuestionnaireResponse", "assessments N"),
        ("Basic", "unsorted N"),
        ("Binary", "unsorted N"),
        ("Invented", "unsorted N"),
    ] {
        assert_eq!(
            read(&label(&evidence(resource_type))),
            expected,
            "{resource_type}"
        );
    }
}

#[test]
fn codes_are_known_one_by_one_and_by_family() {
    for (system, code, expected) in [
        (SNOMED, "706893006", "conditions R SDV"),
        (SNOMED, "80583007", "conditions R MH"),
        (SNOMED, "75544000", "conditions R SUD"),
        (SNOMED, "19169002", "conditions R SEX"),
        (SNOMED, "44054006", "conditions N"),
        (ICD_10, "F32.1", "conditions R MH"),
        (ICD_10, "F10.2", "conditions R SUD"),
        // Tobacco and dementia are not held closely.
        (ICD_10, "F17.2", "conditions N"),
        (ICD_10, "F03", "conditions N"),
        (ICD_10, "B20", "conditions R HIV"),
        (ICD_10, "Y04.0", "conditions R VIO"),
        ("http://example.org/local", "F32.1", "conditions N"),
    ] {
        assert_eq!(
            read(&label(&coded("Condition", system, code))),
            expected,
            "{code}"
        );
    }
}

#[test]
fn words_are_known_by_their_beginnings() {
    assert_eq!(
        reads("Presented with severe anxiety and low mood."),
        "documents R MH"
    );
    assert_eq!(
        reads("He has been drinking heavily since spring."),
        "documents R SUD"
    );
    assert_eq!(
        reads("Partner assaulted her; she is afraid of her partner."),
        "documents R SDV,VIO"
    );
    assert_eq!(reads("Chlamydia found on the swab."), "documents R STD");
    assert_eq!(reads("METHADONE 60 mg, supervised"), "documents R SUD");
    assert_eq!(
        reads("Sprained ankle on the stairs. Strapped."),
        "documents N"
    );
}

#[test]
fn a_word_inside_another_is_not_that_word() {
    assert_eq!(reads("Taught to use the drape."), "documents N");
    assert_eq!(reads("Fine crackles at both bases."), "documents N");
    assert_eq!(reads("Therapist visited."), "documents N");
}

#[test]
fn the_same_words_can_mean_something_else() {
    assert_eq!(reads("ECG shows ST depression in V4."), "documents N");
    assert_eq!(reads("Cleaned with an alcohol wipe."), "documents N");
    assert_eq!(reads("Non-alcoholic fatty liver."), "documents N");
    assert_eq!(
        reads("ST depression, and depressed since his wife died."),
        "documents R MH"
    );
}

#[test]
fn a_plain_no_is_understood_and_no_more_than_that() {
    assert_eq!(
        reads("No history of depression or self-harm."),
        "documents N"
    );
    assert_eq!(reads("Denies alcohol or drug use."), "documents N");
    assert_eq!(
        reads("Denies pain. Drinks heavily at night."),
        "documents R SUD"
    );
    assert_eq!(reads("Denies pain but drinks heavily."), "documents R SUD");
    // A denial does not reach to the end of a long sentence.
    assert_eq!(
        reads(
            "No evidence of a fracture on the films that were taken today after a fall on heroin"
        ),
        "documents R SUD"
    );
    assert_eq!(reads("No change in his depression."), "documents R MH");
    assert_eq!(
        reads("Depression: no history of it in the family."),
        "documents R MH"
    );
}

#[test]
fn any_one_text_is_enough() {
    let both = Evidence {
        texts: vec![
            "Knee clinic.".to_owned(),
            "On sertraline for depression.".to_owned(),
        ],
        ..evidence("DocumentReference")
    };
    assert_eq!(read(&label(&both)), "documents R MH");
}

#[test]
fn antidepressants_reach_whoever_prescribes_next_and_an_objection_still_covers_them() {
    let tablets = Evidence {
        texts: vec!["Sertraline 100 mg tablets".to_owned()],
        ..evidence("MedicationRequest")
    };
    assert_eq!(read(&label(&tablets)), "medicines N MH");
}

#[test]
fn an_allergy_or_an_alert_is_not_lost_for_its_words() {
    for resource_type in ["AllergyIntolerance", "Flag", "Immunization"] {
        let spoken = Evidence {
            texts: vec!["Violent when drunk; allergic to methadone".to_owned()],
            ..evidence(resource_type)
        };
        assert_eq!(
            label(&spoken).confidentiality,
            Confidentiality::Normal,
            "{resource_type}"
        );
    }
}

#[test]
fn who_wrote_it_matters() {
    let by = |role, resource_type: &str| {
        let label = LABELLER.label(
            &evidence(resource_type),
            &"hospital".into(),
            Some(role),
            None,
        );
        assert_eq!(label.author_role, Some(role));
        read(&label)
    };
    assert_eq!(
        by(Role::AddictionWorker, "DocumentReference"),
        "documents R SUD"
    );
    assert_eq!(
        by(Role::AddictionWorker, "AllergyIntolerance"),
        "allergies N"
    );
    assert_eq!(by(Role::PoliceOfficer, "Communication"), "documents R POL");
    assert_eq!(by(Role::Nurse, "DocumentReference"), "documents N");
}

#[test]
fn a_note_is_held_as_closely_as_the_visit_it_belongs_to() {
    let visit = label(&coded("Encounter", SNOMED, "75544000"));
    let note = LABELLER.label(
        &note("Steady. Working two days."),
        &"hospital".into(),
        None,
        Some(&visit),
    );
    assert_eq!(read(&note), "documents R SUD");
}

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const SENSITIVITY: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

#[test]
fn contributors_raise_a_label_and_never_lower_it() {
    let raised = declared("Condition", CONFIDENTIALITY, "V");
    assert_eq!(read(&label(&raised)), "conditions V");
    let mut lowered = coded("Condition", SNOMED, "75544000");
    lowered.declared = vec![(CONFIDENTIALITY.to_owned(), "U".to_owned())];
    assert_eq!(read(&label(&lowered)), "conditions R SUD");
    assert_eq!(
        read(&label(&declared("Condition", SENSITIVITY, "ETHUD"))),
        "conditions R SUD"
    );
    assert_eq!(
        read(&label(&declared("Condition", SENSITIVITY, "TP"))),
        "conditions N TP"
    );
}

#[test]
fn a_declaration_that_is_not_understood_restricts() {
    assert_eq!(
        read(&label(&declared("Condition", SENSITIVITY, "XYZ"))),
        "conditions R"
    );
    assert_eq!(
        read(&label(&declared("Condition", CONFIDENTIALITY, "Q"))),
        "conditions R"
    );
    assert_eq!(
        read(&label(&declared("Condition", "urn:local", "keep"))),
        "conditions R"
    );
    // How to handle something, and that it is test data, say nothing about what it is.
    assert_eq!(
        read(&label(&declared("Condition", SENSITIVITY, "NORELINK"))),
        "conditions N"
    );
    let test_data = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    assert_eq!(
        read(&label(&declared("Condition", test_data, "HTEST"))),
        "conditions N"
    );
}

#[test]
fn what_cannot_be_read_is_not_yet_sorted() {
    let scan = Evidence {
        texts_unread: 1,
        ..evidence("DocumentReference")
    };
    let label = label(&scan);
    assert_eq!(read(&label), "documents,unsorted N");
    assert!(!label.is_sorted());
}

#[test]
fn a_form_is_sorted_by_its_title_and_a_note_that_mentions_it_is_still_a_note() {
    let form = Evidence {
        texts: vec!["Functional needs at home".to_owned(), "Bath".to_owned()],
        ..evidence("QuestionnaireResponse")
    };
    assert_eq!(read(&label(&form)), "function N");
    assert_eq!(
        reads("Functional needs at home were discussed."),
        "documents N"
    );
    let shower = coded("ServiceRequest", SNOMED, "84478008");
    assert_eq!(read(&label(&shower)), "function N");
}

#[test]
fn names_and_places_prove_nothing() {
    let patient = Evidence {
        texts: vec!["Mr Stan Heroin, 4 Asylum Road".to_owned()],
        ..evidence("Patient")
    };
    assert_eq!(read(&label(&patient)), "demographics,contact N");
}

#[test]
fn text_in_any_alphabet_is_read_without_stumbling() {
    assert_eq!(reads("Ciśnienie dobre. Ünïcödé … 健康"), "documents N");
    assert_eq!(reads("“Depression”—treated"), "documents R MH");
    assert_eq!(reads(""), "documents N");
}

#[test]
fn the_report_counts_what_was_caught_by_a_yardstick_of_its_own() {
    let yardstick = Yardstick::shipped().unwrap();
    let mut report = LabelReport::default();
    for text in ["Beaten by her husband.", "Violence at home.", "A sprain."] {
        let note = note(text);
        report.record(&yardstick, &note, &[], &label(&note));
    }
    let missed = LabelClass {
        sensitivities: BTreeSet::new(),
        ..label(&note("Threatened with a knife."))
    };
    report.record(&yardstick, &note("Threatened with a knife."), &[], &missed);
    let by_visit = [(SNOMED.to_owned(), "35489007".to_owned())];
    report.record(
        &yardstick,
        &note("Seen again."),
        &by_visit,
        &label(&note("Seen again.")),
    );
    let unread = Evidence {
        texts_unread: 1,
        ..evidence("Binary")
    };
    report.record(&yardstick, &unread, &[], &label(&unread));

    let counts: Vec<_> = report
        .topics
        .iter()
        .map(|topic| (topic.topic.as_str(), topic.notes, topic.caught))
        .collect();
    assert_eq!(
        counts,
        [
            ("violence and abuse", 3, 2),
            ("mental health", 1, 0),
            ("substance use", 0, 0),
            ("sexual health", 0, 0)
        ]
    );
    assert_eq!(report.topics[0].share(), Some(2.0 / 3.0));
    assert_eq!(report.topics[2].share(), None);
    assert_eq!(report.types["DocumentReference"].labelled, 5);
    assert!((report.unlabelled_rate() - 1.0 / 6.0).abs() < 1e-9);
    let printed = report.to_string();
    assert!(printed.contains("not yet sorted: 16.7 %"), "{printed}");
    assert!(
        printed.contains("violence and abuse               3         2    66.7 %"),
        "{printed}"
    );
}

#[test]
fn a_class_of_its_own_for_every_reason() {
    assert!(
        Category::ALL.len() <= 32,
        "the cache keys categories as bits"
    );
    assert!(
        Sensitivity::ALL.len() <= 32,
        "the cache keys sensitivities as bits"
    );
}

/// Half a megabyte in which every word is denied takes as long as any other text of that length.
#[test]
fn a_text_made_to_be_slow_is_not() {
    let denials = "denies depression, ".repeat(30_000);
    assert_eq!(reads(&denials), "documents N");
    let exceptions = "st depression ".repeat(40_000);
    assert_eq!(reads(&exceptions), "documents N");
}
