//! Section 10 with two keys, from the concern to the day after the inquiry: what the officer, the
//! reader, a second officer, a practice by letter, whoever told, and the adult each see of it.

use serde_json::json;
use sharing::directory::{Brought, fill};

use crate::browser::{Browser, link, words};
use crate::hall::Hall;
use crate::packs::proven;
use crate::saying::parameters;

/// What only his records say: the officer must never meet it.
const IN_RECORD: &str = "depress";

/// The police pass on what the bank told them, and the adults team says that it looks into it; gives
/// the concern's address.
pub async fn inquiry(hall: &Hall, margaret: &mut Browser<'_>) -> String {
    let stuart = hall.actor("stuart-leckie", &["ASP-INQUIRY"]);
    let fergus = hall.patient("fergus-auchincloss").to_string();
    let given = [
        ("patient", &*fergus),
        ("to", "northburn-adults"),
        ("name", "Fergus Auchincloss"),
        (
            "text",
            "A bank rang: odd withdrawals by a man who comes with him.",
        ),
        ("own-action", "Asked the bank to hold large payments."),
    ];
    let made = stuart.posts("Communication/$concern", parameters(&given));
    let id = made.await.is(201).at("/entry/0/resource/id");
    let address = format!("/care/inbox/{id}");
    margaret.gets(&address).await.is(200);
    let triage = format!("{address}/triage");
    margaret.does(&triage, &[("outcome", "inquiry")]).await;
    address
}

/// Margaret's one form for all holders.
pub const FORM: [(&str, &str); 10] = [
    ("number", "ASP-27-004"),
    (
        "authority",
        "Council officer of Northburn, authorised 3 March 2025",
    ),
    (
        "why",
        "A neighbour has his bank card; what has he said of it?",
    ),
    ("what", "documents"),
    ("what", "conditions"),
    ("reader", "aonghas-macphail"),
    ("adult", "objects"),
    ("from", "2026-12-01"),
    ("to", "community-mental-health"),
    ("to", "millburn-surgery"),
];

/// She requires it; gives the requirement's address.
pub async fn required(margaret: &mut Browser<'_>, concern: &str) -> String {
    let page = margaret.gets(concern).await.is(200);
    let path = link(&page, "Require records, under section 10");
    let form = words(&margaret.gets(&path).await.is(200));
    assert!(form.contains("One form for every holder."), "{form}");
    let made = margaret.posts(&path, &FORM).await.is(303);
    made.header("location").to_owned()
}

/// Aonghas reads what is required and passes two sentences on.
async fn passed_on(hall: &Hall, requirement: &str) {
    let mut aonghas = Browser::of(hall, "aonghas-macphail").await;
    let inbox = aonghas.gets("/care/inbox").await.is(200);
    assert_eq!(link(&inbox, "Fergus Auchincloss"), requirement);
    let page = aonghas.gets(requirement).await.is(200);
    let said = words(&page);
    for part in [
        "Requirement ASP-27-004",
        "Authority: Council officer of Northburn, authorised 3 March 2025",
        "Health records are read by Aonghas MacPhail, who passes on an extract",
        "The adult objects; the law goes past that",
        "s.49",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let path = link(&page, "Read what is required");
    let read = aonghas.gets(&path).await.is(200);
    let html = read.text();
    let source = html.split("value=\"DocumentReference/").nth(1);
    let source = source.and_then(|rest| rest.split('"').next());
    let source = format!("DocumentReference/{}", source.expect("a record to read"));
    let text = "In December he spoke of a neighbour who has his bank card and borrows money.";
    let mut fields = vec![("text", text), ("told", "documents")];
    let wrong = aonghas.posts(&path, &fields).await.is(422);
    let said = words(&wrong);
    assert!(said.contains("what has no source is hearsay"), "{said}");
    assert!(wrong.text().contains(text), "nothing typed is lost");
    fields.push(("source", &source));
    let left = aonghas.does(&path, &fields).await;
    assert!(words(&left).contains("Nothing is waiting for your team."));
}

/// What her team is asked to tell somebody in person: ids and texts.
async fn to_tell(hall: &Hall) -> Vec<(String, String)> {
    let officer = hall.actor("margaret-haining", &["ASP-S10"]);
    let inbox = officer.gets("Communication/$inbox").await.is(200).json();
    let entries = inbox["entry"].as_array().cloned().unwrap_or_default();
    let mut tasks = Vec::new();
    let all = entries.iter().map(|one| &one["resource"]);
    for one in all.filter(|one| one["category"][0]["coding"][0]["code"] == "in-person") {
        let id = one["id"].as_str().expect("an id").to_owned();
        let opened = officer
            .gets(&format!("Communication/{id}/$open"))
            .await
            .is(200);
        let text = opened.at("/entry/0/resource/payload/0/contentString");
        tasks.push((id, text));
    }
    tasks
}

#[tokio::test]
async fn the_officer_sees_the_extract_and_never_the_record() {
    let hall = Hall::open().await;
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let concern = inquiry(&hall, &mut margaret).await;
    let fergus = hall.patient("fergus-auchincloss");
    let everything = format!("Patient/{fergus}/$everything");
    let officer = hall.actor("margaret-haining", &["ASP-S10"]);
    let direct = officer.gets(&everything).await.is(200);
    assert!(!direct.text().to_lowercase().contains(IN_RECORD));
    let way_on = "only a health professional may inspect health records (Adult Support and Protection (Scotland) Act 2007 \
                  s.10(5)): name a health professional to read it and pass on what is relevant";
    let notices = direct.notices();
    assert!(
        notices.iter().any(|(_, said)| said == way_on),
        "{notices:?}"
    );

    let requirement = required(&mut margaret, &concern).await;
    let held = officer.gets(&everything).await.is(403);
    assert!(held.text().contains("R11"), "{}", held.text());
    let eilidh = hall.actor("eilidh-crombie", &["ASP-S10"]);
    let second = eilidh.gets(&everything).await.is(403);
    assert!(second.text().contains("R01"), "{}", second.text());

    passed_on(&hall, &requirement).await;
    let inbox = margaret.gets("/care/inbox").await.is(200);
    let extract = margaret.gets(&link(&inbox, "Fergus Auchincloss")).await;
    let said = words(&extract.is(200));
    for part in [
        "In December he spoke of a neighbour",
        "An extract by the health professional whom the requirement names, from 1 record.",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!said.to_lowercase().contains(IN_RECORD), "{said}");

    // The adult reads who took what, for what, and that the law required it.
    let mut his = Browser::of(&hall, "fergus-auchincloss").await;
    let account = words(&his.gets("/me/access").await.is(200));
    for part in [
        "Aonghas MacPhail, nurse at Clydevale Hospital, read your",
        "because the law required it",
        "section 10 of the Adult Support and Protection (Scotland) Act 2007",
    ] {
        assert!(account.contains(part), "{part} in {account}");
    }

    let over_his_no = "asked Community mental health team, Clydevale Hospital for your notes and letters and health \
                       conditions on 11 January 2027 at 9:30am, for a requirement under section 10 of the Adult Support \
                       and Protection (Scotland) Act 2007, because the law required it, although you had said no.";
    assert!(account.contains(over_his_no), "{over_his_no} in {account}");

    // That he is told in person is a task with a day.
    let tasks = to_tell(&hall).await;
    let [(task, text)] = &*tasks else {
        panic!("one task: {tasks:#?}")
    };
    for part in [
        "Something was given under requirement ASP-27-004. Tell the adult face to face, in the language that they use",
        "They objected: say that this was known, and which law went past it.",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }

    // She tells him so in person, in his language, and that stands there too.
    let told = format!("/care/people/{fergus}/calls");
    let himself = [
        ("is", "themself"),
        ("other", "BSL interpreter Iain Ross"),
        ("way", "meeting"),
        ("identity", "met"),
        ("told", "conditions"),
        (
            "why",
            "What was taken, by whom and for what; that the law went past your no",
        ),
    ];
    margaret.gets(&format!("{told}/new")).await.is(200);
    margaret.does(&told, &himself).await;
    let done = parameters(&[("reply", "done")]);
    officer
        .posts(&format!("Communication/{task}/$answer"), done)
        .await
        .is(200);
    assert_eq!(to_tell(&hall).await, []);
    let account = words(&his.gets("/me/access").await.is(200));
    let in_bsl = "told you yourself (with BSL interpreter Iain Ross) your health conditions at a meeting on 11 January 2027";
    assert!(account.contains(in_bsl), "{in_bsl} in {account}");
    let by_api = [
        ("patient", &*fergus.to_string()),
        ("way", "meeting"),
        ("identity", "met"),
        ("person", ""),
        ("told", "function"),
        ("text", "The same, in writing"),
    ];
    let asking = hall.actor("margaret-haining", &["SC-ASSESS"]);
    let noted = asking.posts("Communication/$call", parameters(&by_api));
    assert!(noted.await.is(201).text().contains("you yourself"));

    // What it cost her: one form, and three short answers typed.
    let typed = ["number", "authority", "why"];
    let typed = FORM.iter().filter(|(name, _)| typed.contains(name));
    let letters: usize = typed.map(|(_, value)| value.chars().count()).sum();
    assert!(letters < 150, "{letters} characters for three holders");
}

#[tokio::test]
async fn a_practice_by_letter_is_overdue_until_it_gives_a_ground() {
    let hall = Hall::open().await;
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let concern = inquiry(&hall, &mut margaret).await;
    let requirement = required(&mut margaret, &concern).await;
    hall.wait(2 * 86_400);
    sharing::messages::do_what_is_due(&hall.cx)
        .await
        .expect("what is due is done");
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let mine = words(&margaret.gets("/care/requests").await.is(200));
    assert!(mine.contains("Millburn surgery : delivered"), "{mine}");
    assert!(mine.contains("Overdue"), "{mine}");
    assert!(!mine.contains("refused"), "silence is no refusal: {mine}");

    let page = margaret.gets(&requirement).await.is(200);
    let path = link(
        &page,
        "Put in what somebody answered by letter or telephone",
    );
    margaret.gets(&path).await.is(200);
    let mut letter = vec![
        ("for", "millburn-surgery"),
        ("by", "Dr Hamish Colquhoun, partner"),
        ("on", "2027-01-12"),
        ("way", "letter"),
        ("response", "refused"),
        ("other", "GDPR"),
        ("harm_if_shared", "He may stop coming."),
        ("harm_if_not_shared", "Money goes on disappearing."),
        ("decider", "Dr Hamish Colquhoun, partner"),
        ("review_on", "2027-02-01"),
    ];
    for (typed, why) in [
        ("GDPR", "data protection law says how information is shared"),
        ("distress", "distress is not serious harm"),
    ] {
        letter[5] = ("other", typed);
        let wrong = margaret.posts(&path, &letter).await.is(422);
        let offered = "give part; ask the reader to come and read the records with you; or state a reasonable excuse: its \
                       ground, who decided and on which day. To refuse without one is an offence (Adult Support and \
                       Protection (Scotland) Act 2007 s.49)";
        assert!(words(&wrong).contains(offered), "{}", words(&wrong));
        assert!(
            words(&wrong).to_lowercase().contains(why),
            "{}",
            words(&wrong)
        );
        assert!(
            wrong.text().contains("He may stop coming."),
            "nothing typed is lost"
        );
    }
    letter[5] = ("ground", "R09");
    for (place, nothing, advice) in [
        (1, ("by", ""), "Say who answered, and in what role"),
        (2, ("on", "2027-03-01"), "This day is to come"),
        (2, ("on", "last week"), "Give the day like this"),
        (3, ("way", ""), "Say how they answered"),
    ] {
        let mut bare = letter.clone();
        bare[place] = nothing;
        let wrong = words(&margaret.posts(&path, &bare).await.is(422));
        assert!(wrong.contains(advice), "{advice} in {wrong}");
    }
    let said = words(&margaret.does(&path, &letter).await);
    let put_in = "By letter of 12 January 2027, Dr Hamish Colquhoun, partner for Millburn surgery, Millburn Medical \
                  Practice: Refused (R09)";
    assert!(said.contains(put_in), "{put_in} in {said}");
    assert!(said.contains("s.49"), "{said}");
    // The answer is theirs: his account names the practice, and not who put it in.
    let mut his = Browser::of(&hall, "fergus-auchincloss").await;
    let account = words(&his.gets("/me/access").await.is(200));
    let line = "Millburn surgery, Millburn Medical Practice, refused Northburn adults team";
    assert!(account.contains(line), "{line} in {account}");

    // By operation, for whoever has no page.
    let id = requirement.trim_start_matches("/care/inbox/");
    let officer = hall.actor("margaret-haining", &["ASP-S10"]);
    let respond = format!("Communication/{id}/$respond");
    let part = [
        ("for", "community-mental-health"),
        ("response", "ring"),
        ("name", "Aonghas"),
        ("phone", "01632 960 108"),
    ];
    let unsaid = officer.posts(&respond, parameters(&part)).await.is(422);
    assert!(unsaid.text().contains("said-on"), "{}", unsaid.text());
}

#[tokio::test]
async fn with_the_inquiry_both_keys_are_dead_and_whoever_told_hears_that_and_no_more() {
    let hall = Hall::open().await;
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let concern = inquiry(&hall, &mut margaret).await;
    let requirement = required(&mut margaret, &concern).await;
    passed_on(&hall, &requirement).await;
    let page = words(&margaret.gets(&concern).await.is(200));
    assert!(page.contains("We offer help"), "{page}");
    let triage = format!("{concern}/triage");
    let declined = [("answer", "declined")];
    margaret
        .does(&format!("{concern}/advocacy"), &declined)
        .await;
    margaret.does(&triage, &[("outcome", "support")]).await;

    let everything = format!("Patient/{}/$everything", hall.patient("fergus-auchincloss"));
    for who in ["margaret-haining", "aonghas-macphail"] {
        let actor = hall.actor(who, &["ASP-S10"]);
        let dead = actor.gets(&everything).await.is(403);
        assert!(dead.text().contains("R04"), "{who}: {}", dead.text());
    }
    let mut aonghas = Browser::of(&hall, "aonghas-macphail").await;
    aonghas
        .gets(&format!("{requirement}/extract"))
        .await
        .is(404);

    let stuart = hall.actor("stuart-leckie", &["ASP-INQUIRY"]);
    let list = stuart.gets("Communication/$inbox").await.is(200);
    assert_eq!(
        list.at("/entry/1/resource/category/0/coding/0/code"),
        "outcome"
    );
    let mut texts = String::new();
    for entry in list.matches() {
        let Some(focus) = entry["focus"]["reference"].as_str() else {
            continue;
        };
        let opened = stuart.gets(&format!("{focus}/$open")).await.is(200);
        texts.push_str(&opened.at("/entry/0/resource/payload/0/contentString"));
    }
    for part in ["It is being looked into.", "Help is being offered."] {
        assert!(texts.contains(part), "{part} in {texts}");
    }
    assert!(!texts.contains("neighbour"), "no detail: {texts}");
    assert!(proven(&hall, "fergus-auchincloss").await > 0);
}

/// A bank's fraud desk comes into the directory, as its operator brings it.
pub async fn bank(hall: &Hall) {
    let agency = json!({"resourceType": "Organization", "id": "bank", "name": "Clydeside Bank",
        "identifier": [{"system": "https://candour.example/fhir/id/organisation", "value": "clydeside-bank"}],
        "type": [{"coding": [{"system": "https://candour.example/fhir/CodeSystem/organisation-kind",
            "code": "outside-care"}]}],
        "telecom": [{"system": "phone", "value": "01632 960 301"}]});
    let desk = json!({"resourceType": "Organization", "id": "desk", "name": "Fraud desk",
        "identifier": [{"system": "https://candour.example/fhir/id/team", "value": "clydeside-fraud"}],
        "partOf": {"identifier": {"system": "https://candour.example/fhir/id/organisation", "value": "clydeside-bank"}}});
    let brought = [agency, desk].map(|resource| Brought {
        place: "the bank".to_owned(),
        bytes: resource.to_string().into_bytes(),
    });
    fill(&hall.cx, &brought).await.expect("it is taken in");
}

#[tokio::test]
async fn one_form_for_three_holders_and_he_reads_of_another_organisation_and_not_which() {
    let hall = Hall::open().await;
    bank(&hall).await;
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let concern = inquiry(&hall, &mut margaret).await;
    let page = margaret.gets(&concern).await.is(200);
    let path = link(&page, "Require records, under section 10");
    margaret.gets(&path).await.is(200);
    let mut form = FORM.to_vec();
    form.extend([("what", "finance"), ("to", "clydeside-fraud")]);
    let forms = margaret.clicks;
    let made = margaret.posts(&path, &form).await.is(303);
    assert_eq!(margaret.clicks - forms, 1, "one form for three holders");
    let requirement = made.header("location").to_owned();
    let asked = words(&margaret.gets(&requirement).await.is(200));
    for holder in [
        "Community mental health team",
        "Millburn surgery",
        "Fraud desk",
    ] {
        assert!(asked.contains(holder), "{holder} in {asked}");
    }

    let path = format!("{requirement}/on-behalf");
    margaret.gets(&path).await.is(200);
    let answer = [
        ("for", "clydeside-fraud"),
        ("by", "Kirsty Orr, fraud officer"),
        ("on", "2027-01-11"),
        ("way", "phone"),
        ("response", "shared"),
        ("told", "finance"),
        ("text", "Four withdrawals of £300 in a week."),
    ];
    let said = words(&margaret.does(&path, &answer).await);
    let put_in = "By telephone on 11 January 2027, Kirsty Orr, fraud officer for Fraud desk, Clydeside Bank: Four withdrawals";
    assert!(said.contains(put_in), "{put_in} in {said}");

    // One task to tell him, though a reader gives something too.
    passed_on(&hall, &requirement).await;
    let tasks = to_tell(&hall).await;
    assert_eq!(tasks.len(), 1, "{tasks:#?}");
    let which = "is outside care is another organisation to them";
    assert!(tasks[0].1.contains(which), "{tasks:#?}");

    // That a bank was asked would tell him who told: somebody else's information (R10).
    let mut his = Browser::of(&hall, "fergus-auchincloss").await;
    for page in ["/me", "/me/access"] {
        let page = his.gets(page).await.is(200).text();
        for bank in ["Clydeside", "clydeside", "Fraud desk", "Kirsty"] {
            assert!(!page.contains(bank), "{bank} in {page}");
        }
    }
    let account = words(&his.gets("/me/access").await.is(200));
    for line in ["asked another organisation", "Another organisation"] {
        assert!(account.contains(line), "{line} in {account}");
    }
    let lines = hall.person("fergus-auchincloss").gets("AuditEvent").await;
    let lines = lines.is(200).text();
    assert!(!lines.contains("lydeside"), "{lines}");
    assert!(proven(&hall, "fergus-auchincloss").await > 0);
}
