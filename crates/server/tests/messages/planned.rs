//! A decision about where somebody lives: planned, heard and made over the API, and what happens when
//! the one who acts for her is left out.

use serde_json::{Value, json};

use crate::actor::Actor;
use crate::answer::Answer;
use crate::browser::{Browser, words};
use crate::hall::Hall;

const HOUR: i64 = 3_600;

/// Netta Dunsmore, of whom Fraser Abercrombie says that Euan is her welfare attorney and Lorna, who
/// visits daily, her primary carer.
struct Netta<'h> {
    hall: &'h Hall,
    patient: String,
}

impl<'h> Netta<'h> {
    async fn of(hall: &'h Hall) -> Self {
        let netta = Self {
            hall,
            patient: hall.patient("netta-dunsmore").to_string(),
        };
        for fact in [
            json!({"capacity": {"matter": "welfare", "state": "incapable", "at": "2026-11-02"}}),
            json!({"authority": {"holder": "euan", "kind": "welfare-attorney",
                "powers": ["accommodation", "care"], "registered": true}}),
            json!({"tie": {"party": "lorna", "kind": "primary-carer"}}),
        ] {
            netta.says(&fact).await;
        }
        netta
    }

    /// Fraser, with a token of this hour.
    fn fraser(&self) -> Actor<'h> {
        self.hall.fraser()
    }

    async fn says(&self, fact: &Value) {
        let path = format!("Patient/{}/$say", self.patient);
        self.fraser().posts(&path, fact.to_string()).await.is(201);
    }

    async fn takes(&self, step: &Value) -> Answer {
        let path = format!("Patient/{}/$decision", self.patient);
        self.fraser().posts(&path, step.to_string()).await
    }

    async fn plans(&self, power: &str) -> Answer {
        let plan = json!({"plan": {"decision": "Move to Braeside House", "matter": "accommodation",
            "power": power, "at": "2027-01-20T10:00:00Z"}});
        self.takes(&plan).await
    }

    async fn makes(&self) -> Answer {
        let make = json!({"make": {"decision": "Move to Braeside House",
            "reasons": "she needs somebody there at night", "review": "2027-04-20"}});
        self.takes(&make).await
    }

    async fn about_euan(&self, step: &str, mut with: Value) -> Answer {
        with["decision"] = json!("Move to Braeside House");
        with["party"] = json!("euan");
        self.takes(&json!({ step: with })).await
    }

    /// What stands on the list of Fraser's team about somebody left out.
    async fn tasks(&self) -> Vec<String> {
        let done = sharing::messages::do_what_is_due(&self.hall.cx).await;
        done.expect("what is due is done");
        let inbox = self
            .fraser()
            .gets("Communication/$inbox")
            .await
            .is(200)
            .json();
        let entries = inbox["entry"].as_array().cloned().unwrap_or_default();
        let left_out =
            |it: &&Value| it["resource"]["category"][0]["coding"][0]["code"] == "left-out";
        let ids = entries.iter().filter(left_out);
        ids.filter_map(|it| it["resource"]["id"].as_str().map(str::to_owned))
            .collect()
    }

    /// The sentences about decisions that Netta reads, oldest first.
    async fn account(&self) -> Vec<String> {
        let netta = self.hall.person("netta-dunsmore");
        let account = netta.gets("AuditEvent").await.is(200).json();
        let lines = account["entry"].as_array().cloned().unwrap_or_default();
        let said = |line: &Value| line["resource"]["outcomeDesc"].as_str().map(str::to_owned);
        let mut lines: Vec<String> = lines.iter().filter_map(said).collect();
        lines.retain(|line| line.contains("decision") || line.contains("decided"));
        lines.reverse();
        lines
    }
}

#[tokio::test]
async fn nobody_decides_where_she_lives_before_her_attorney_is_told_heard_and_answered() {
    let hall = Hall::open().await;
    let netta = Netta::of(&hall).await;

    let refused = netta.plans("s13za").await.is(422);
    let issues = refused.issues();
    let words = "s.13ZA of the Social Work (Scotland) Act 1968 cannot be used: somebody with power over \
                 accommodation is known (s.13ZA(4))";
    assert_eq!(issues[0].1, words);
    let planned = netta.plans("attorney").await.is(200).json();
    let heard = planned["to-be-heard"].as_array().expect("a list").iter();
    // She herself stands first.
    let heard = heard.skip(1);
    let heard: Vec<_> = heard.map(|it| (&it["party"], &it["is"])).collect();
    let euan = (&json!("euan"), &json!("welfare attorney"));
    assert_eq!(heard, [euan, (&json!("lorna"), &json!("primary carer"))]);
    netta.plans("attorney").await.is(422);

    let early = netta.makes().await.is(409).issues();
    assert_eq!(early.len(), 1, "{early:?}");
    assert!(
        early[0]
            .1
            .starts_with("the welfare attorney was neither told nor heard")
    );
    netta.about_euan("told", json!({})).await.is(200);
    let question = json!({"words": "Home with care first. Who visits at night?", "asks": true});
    netta.about_euan("view", question).await.is(200);
    let unheard = netta.makes().await.is(409).issues();
    assert!(
        unheard[0]
            .1
            .contains("a question is not answered by a named person"),
        "{unheard:?}"
    );
    let answer = json!({"words": "Nobody can before March."});
    netta.about_euan("answer", answer).await.is(200);
    let made = netta.makes().await.is(200).json();
    assert_eq!(made["state"], "made");

    assert!(netta.tasks().await.is_empty());
    hall.wait(30 * HOUR);
    assert_eq!(
        netta.tasks().await,
        Vec::<String>::new(),
        "he was told within the afternoon"
    );

    let account = netta.account().await;
    let by = "Fraser Abercrombie of Northburn Council Social Work";
    let said = [
        format!(
            "{by} planned a decision about you, “Move to Braeside House”, for 20 January 2027, by the \
                 power of your attorney. To be heard first: you, welfare attorney, primary carer."
        ),
        format!(
            "{by} told your welfare attorney of the planned decision “Move to Braeside House” and how to be heard."
        ),
        format!(
            "{by} heard what your welfare attorney thinks of the planned decision “Move to Braeside House”."
        ),
        format!(
            "{by} answered your welfare attorney about the planned decision “Move to Braeside House”."
        ),
        format!(
            "{by} made the decision “Move to Braeside House”, by the power of your attorney, because: she needs \
                 somebody there at night. It is looked at again on 20 April 2027."
        ),
    ];
    assert_eq!(account.len(), said.len(), "{account:#?}");
    for (line, said) in account.iter().zip(said) {
        assert!(line.contains(&said), "{said}\nin {line}");
    }
}

#[tokio::test]
async fn an_attorney_who_was_left_out_is_exactly_one_task_of_the_team_until_he_is_told() {
    let hall = Hall::open().await;
    let netta = Netta::of(&hall).await;
    netta.plans("attorney").await.is(200);
    // A call round goes on: the landlord is told, and nobody reaches Euan.
    let told = json!({"told": {"party": "landlord", "as-what": "landlord",
        "matter": "accommodation", "at": "2027-01-11"}});
    netta.says(&told).await;
    assert!(netta.tasks().await.is_empty(), "the round may not be over");
    hall.wait(28 * HOUR);
    let tasks = netta.tasks().await;
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    assert_eq!(netta.tasks().await, tasks);

    let task = format!("Communication/{}", tasks[0]);
    let opened = netta.fraser().gets(&format!("{task}/$open")).await.is(200);
    let text = opened.text();
    for said in [
        "The welfare attorney was neither told nor heard",
        "a landlord was told about accommodation",
        "the decision `Move to Braeside House`",
        "by 18 January 2027",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    assert!(!text.contains("euan"), "it names nobody: {text}");
    let done = json!({"resourceType": "Parameters", "parameter": [{"name": "reply", "valueString": "done"}]});
    let done = netta
        .fraser()
        .posts(&format!("{task}/$answer"), done.to_string())
        .await;
    assert!(done.is(422).text().contains("it goes by itself"));

    netta.about_euan("told", json!({})).await.is(200);
    assert_eq!(netta.tasks().await, Vec::<String>::new());
    netta.makes().await.is(200);
}

#[tokio::test]
async fn one_closed_ground_stands_for_leaving_somebody_out_and_no_other_reason_does() {
    let hall = Hall::open().await;
    let netta = Netta::of(&hall).await;
    netta.plans("person").await.is(200);
    let leave = |ground: &str| json!({"leave-out": {"decision": "Move to Braeside House", "ground": ground}});
    let refused = netta.takes(&leave("relationship")).await.is(422);
    assert!(refused.text().contains("one of the closed grounds"));
    netta.takes(&leave("R09")).await.is(200);
    netta.makes().await.is(200);
    hall.wait(30 * HOUR);
    assert!(netta.tasks().await.is_empty());
}

#[tokio::test]
async fn plans_are_for_those_who_plan_care_and_for_nobody_else() {
    let hall = Hall::open().await;
    let netta = Netta::of(&hall).await;
    netta.plans("attorney").await.is(200);
    let path = format!("Patient/{}/$decision", netta.patient);
    let read = netta.fraser().gets(&path).await.is(200).json();
    assert_eq!(read[0]["decision"], "Move to Braeside House");
    hall.derek().gets(&path).await.is(404);
    hall.person("netta-dunsmore").gets(&path).await.is(404);
    let nobody = format!("Patient/{}/$decision", "none");
    hall.derek().gets(&nobody).await.is(404);
    let account = netta.account().await;
    assert!(
        account
            .last()
            .expect("lines")
            .contains("looked at what is planned and decided about you")
    );
}

#[tokio::test]
async fn a_social_worker_plans_and_makes_it_on_one_page() {
    let hall = Hall::open().await;
    let netta = Netta::of(&hall).await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let path = format!("/care/people/{}/decisions", netta.patient);
    let page = words(&fraser.gets(&path).await.is(200));
    assert!(page.contains("None is planned."), "{page}");

    let mut plan = vec![
        ("step", "plan"),
        ("name", "Move to Braeside House"),
        ("matter", "accommodation"),
        ("power", "s13za"),
        ("at", "on Tuesday"),
    ];
    let wrong = fraser.posts(&path, &plan).await.is(422);
    let said = words(&wrong);
    assert!(
        said.contains("Give the day like this: 2027-01-20"),
        "{said}"
    );
    assert!(wrong.text().contains("on Tuesday"), "nothing typed is lost");
    plan[4] = ("at", "2027-01-20");
    let wrong = words(&fraser.posts(&path, &plan).await.is(422));
    assert!(
        wrong.contains("cannot be used: somebody with power over accommodation is known"),
        "{wrong}"
    );
    plan[3] = ("power", "attorney");
    let planned = words(&fraser.does(&path, &plan).await);
    for said in [
        "Where they live: planned, for 20 January 2027. It rests on: Their attorney",
        "Welfare attorney : not told yet",
        "Primary carer : not told yet",
        "I told the welfare attorney",
    ] {
        assert!(planned.contains(said), "{said} in {planned}");
    }
    let make = [
        ("step", "make"),
        ("decision", "Move to Braeside House"),
        ("words", "She needs somebody there at night."),
        ("review", "2027-04-20"),
    ];
    let early = words(&fraser.posts(&path, &make).await.is(409));
    assert!(
        early.contains("The welfare attorney was neither told nor heard"),
        "{early}"
    );
    let told = [
        ("step", "told"),
        ("decision", "Move to Braeside House"),
        ("party", "euan"),
    ];
    let told = words(&fraser.does(&path, &told).await);
    assert!(
        told.contains("Welfare attorney : told on 11 January 2027"),
        "{told}"
    );
    let made = words(&fraser.does(&path, &make).await);
    assert!(
        made.contains("Where they live: made on 11 January 2027"),
        "{made}"
    );
}
