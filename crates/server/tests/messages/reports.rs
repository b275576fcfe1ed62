//! Concern reports of the police, left as files in a folder.

use std::path::Path;
use std::time::Duration;

use server::reports::{ReportTerms, take_all};

use crate::browser::{Browser, link, words};
use crate::hall::Hall;

const HEAD: &str = "reference,purpose,to,seen,own_action,family,given,born,chi\n";

pub fn terms(folder: &Path) -> ReportTerms {
    ReportTerms {
        folder: folder.to_owned(),
        system: "police-public-protection-records".into(),
        team: "public-protection-hub".into(),
    }
}

/// Leaves a file that has lain still for a minute.
pub fn leave(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("the file is left");
    let file = std::fs::File::options().append(true).open(path);
    let file = file.expect("the file is there");
    let written = file.metadata().and_then(|about| about.modified());
    let then = written.expect("its time is known") - Duration::from_secs(60);
    file.set_modified(then).expect("its time is set");
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    names.sort_unstable();
    names
}

fn kept(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("it was kept")
}

/// Shannon as the police have her: by her CHI number.
fn shannon(hall: &Hall, reference: &str, own_action: &str) -> String {
    let chi = hall.town.person("shannon-greig").expect("Shannon");
    let chi = chi.chi.as_deref().expect("her number");
    format!(
        "{reference},CP-CONCERN,southbrae-children,\"Awake at 23:40, and hungry.\",{own_action},Greig,Shannon,2017-05-30,{chi}\n"
    )
}

#[tokio::test]
async fn a_report_of_the_night_is_on_the_right_list_about_the_right_child() {
    let hall = Hall::open().await;
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let night = format!("{HEAD}{}", shannon(&hall, "PS-0417", "Stayed."));
    leave(folder, "night.csv", &night);
    take_all(&hall.cx, &terms(folder)).await.expect("taken");
    assert_eq!(names(folder), ["taken"]);
    assert_eq!(kept(folder, "taken/night.csv"), night);

    let mut gurpreet = Browser::of(&hall, "gurpreet-bains").await;
    let inbox = gurpreet.gets("/care/inbox").await.is(200);
    let concern = gurpreet.gets(&link(&inbox, "Shannon Greig")).await.is(200);
    let said = words(&concern);
    for part in [
        "Awake at 23:40, and hungry.",
        "Stayed.",
        "Their number for it: PS-0417",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    // It is found as hers, by the Patient of another agency.
    let shannon_s = hall.patient("shannon-greig");
    let messages = gurpreet
        .gets(&format!("/care/people/{shannon_s}/messages"))
        .await
        .is(200);
    assert!(words(&messages).contains("Concern from Police Public Protection Unit records"));

    // Left again, by mistake or after a crash, it tells nobody twice.
    leave(folder, "night.csv", &night);
    take_all(&hall.cx, &terms(folder)).await.expect("taken");
    let messages = gurpreet
        .gets(&format!("/care/people/{shannon_s}/messages"))
        .await
        .is(200);
    assert_eq!(words(&messages).matches("Concern from").count(), 1);
}

#[tokio::test]
async fn what_is_refused_comes_back_in_its_own_form_and_the_rest_is_told() {
    let hall = Hall::open().await;
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let whole = shannon(&hall, "PS-1", "Stayed.");
    let silent = shannon(&hall, "PS-2", "");
    let lost = shannon(&hall, "PS-3", "Stayed.").replace("southbrae-children", "the-gossips");
    let cut = "PS-4,CP-CONCERN,southbrae-children,\"Cold, and";
    leave(
        folder,
        "night.csv",
        &format!("{HEAD}{whole}{silent}{lost}{cut}"),
    );
    take_all(&hall.cx, &terms(folder)).await.expect("taken");

    let mut gurpreet = Browser::of(&hall, "gurpreet-bains").await;
    let inbox = gurpreet.gets("/care/inbox").await.is(200);
    assert_eq!(words(&inbox).matches("Shannon Greig").count(), 1);
    assert_eq!(
        kept(folder, "refused/night.csv.txt"),
        "line 3: own_action: say what you did, or will do, yourself: passing a concern on is not acting on it\n\
         line 4: to: no team of this name is in the directory: choose one of those listed\n\
         line 5: the file ends in the middle of this line: leave the whole file again, what was taken is not told twice\n"
    );
    let again = kept(folder, "refused/night.csv");
    assert!(again.starts_with(&format!("{HEAD}PS-2,")), "{again}");

    // Put right and left again, it is taken.
    let right = again.replace("the-gossips", "southbrae-children");
    let right: String = right
        .lines()
        .filter(|line| !line.starts_with("PS-4"))
        .map(|line| format!("{line}\n"))
        .collect();
    leave(
        folder,
        "right.csv",
        &right.replace(",,Greig", ",Stayed.,Greig"),
    );
    take_all(&hall.cx, &terms(folder)).await.expect("taken");
    assert_eq!(names(&folder.join("taken")), ["night.csv", "right.csv"]);
    assert_eq!(
        names(&folder.join("refused")),
        ["night.csv", "night.csv.txt"]
    );
}

/// Fergus, who is an adult, as the police have him, with the three points of one line.
fn fergus(hall: &Hall, reference: &str, points: [&str; 4]) -> String {
    let chi = hall.town.person("fergus-auchincloss").expect("Fergus");
    let chi = chi.chi.as_deref().expect("his number");
    let [safeguard, shows, at_risk, vulnerable] = points;
    format!(
        "{reference},ASP-INQUIRY,northburn-adults,A neighbour has his card.,Spoke to the bank.,\
         {safeguard},\"{shows}\",{at_risk},,{vulnerable},,Auchincloss,Fergus,1958-06-25,{chi}\n"
    )
}

#[tokio::test]
async fn the_three_points_of_an_adult_are_taken_and_a_wrong_one_is_named_by_line_and_column() {
    let hall = Hall::open().await;
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let head = "reference,purpose,to,seen,own_action,safeguard,safeguard_words,at_risk,at_risk_words,\
                vulnerable,vulnerable_words,family,given,born,chi\n";
    let signs = "He signs, he says, what is put before him.";
    let whole = fergus(&hall, "PS-1", ["yes", signs, "yes", "not-known"]);
    let wrong = fergus(&hall, "PS-2", ["yes", "", "perhaps", "yes"]);
    let missing = fergus(&hall, "PS-3", ["yes", "", "", ""]);
    let child = shannon(&hall, "PS-4", "Stayed.");
    let child = child.replace("Stayed.,", "Stayed.,yes,,yes,,yes,,");
    let none = fergus(&hall, "PS-5", ["", "", "", ""]);
    let lines = [head, &whole, &wrong, &missing, &child, &none].concat();
    leave(folder, "adults.csv", &lines);
    take_all(&hall.cx, &terms(folder)).await.expect("taken");

    assert_eq!(
        kept(folder, "refused/adults.csv.txt"),
        "line 3: at_risk: say of each of the three points yes, no or not known\n\
         line 4: at_risk: say of each of the three points yes, no or not known; \
         vulnerable: say of each of the three points yes, no or not known\n\
         line 5: safeguard: the three points are of an adult at risk: leave them out, or say that the concern is about an adult\n"
    );
    assert_eq!(
        kept(folder, "refused/adults.csv"),
        [head, &wrong, &missing, &child]
            .concat()
            .replace("\"\"", "")
    );
    let mut margaret = Browser::of(&hall, "margaret-haining").await;
    let fergus_s = hall.patient("fergus-auchincloss");
    let messages = margaret
        .gets(&format!("/care/people/{fergus_s}/messages"))
        .await
        .is(200);
    assert_eq!(words(&messages).matches("Concern from").count(), 2);
    let inbox = margaret.gets("/care/inbox").await.is(200);
    let concern = margaret.gets(&link(&inbox, "Fergus Auchincloss")).await;
    let said = words(&concern.is(200));
    for part in [
        "other interests: yes. He signs, he says, what is put before him.",
        "At risk of harm: yes.",
        "infirmity: not known.",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_kept_with_the_reason_and_one_still_written_waits() {
    let hall = Hall::open().await;
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    leave(folder, "cut.json", r#"[{"reference": "PS-1", "se"#);
    std::fs::write(folder.join("fresh.csv"), HEAD).expect("written this moment");
    take_all(&hall.cx, &terms(folder)).await.expect("looked at");
    assert_eq!(names(folder), ["fresh.csv", "refused"]);
    assert_eq!(
        kept(folder, "refused/cut.json.txt"),
        "The JSON ends too soon, at line 1, column 26. Nothing of this file was taken: put it right and leave it again\n"
    );
    assert_eq!(
        kept(folder, "refused/cut.json"),
        r#"[{"reference": "PS-1", "se"#
    );
}
