//! The pages: a team's inbox, one message, and the messages about one person.

use crate::browser::{Browser, link, words};
use crate::hall::Hall;

/// Fraser's message to the district nurses, as he sends it from Netta's record; gives its address.
async fn sent(hall: &Hall, fraser: &mut Browser<'_>) -> String {
    let person = hall.patient("netta-dunsmore");
    let path = format!("/care/people/{person}/messages");
    let form = fraser.gets(&path).await.is(200);
    assert!(words(&form).contains("To which teams?"), "{}", words(&form));
    let fields = [
        ("to", "community-nursing"),
        ("text", "She goes home on Thursday. Please visit."),
        ("told", "care-plans"),
        ("urgent", "yes"),
    ];
    let answer = fraser.posts(&path, &fields).await.is(303);
    answer.header("location").to_owned()
}

#[tokio::test]
async fn a_nurse_takes_a_message_in_three_clicks_and_types_nothing() {
    let hall = Hall::open().await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let address = sent(&hall, &mut fraser).await;

    let mut sheila = Browser::of(&hall, "sheila-mathieson").await;
    let inbox = sheila.gets("/care/inbox").await.is(200);
    let said = words(&inbox);
    assert!(
        said.contains("Community nursing, Northburn: inbox"),
        "{said}"
    );
    assert!(said.contains("Netta Dunsmore What Message Today"), "{said}");
    assert!(said.contains("11-Jan-2027 13:30"), "{said}");
    assert!(
        !said.contains("Thursday"),
        "the text is told when it is opened"
    );

    assert_eq!(link(&inbox, "Netta Dunsmore"), address);
    let message = sheila.gets(&address).await.is(200);
    assert!(words(&message).contains("She goes home on Thursday. Please visit."));
    let taken = sheila
        .does(&format!("{address}/answer"), &[("reply", "mine")])
        .await;
    assert!(
        words(&taken).contains("Community nursing, Northburn : taken"),
        "{}",
        words(&taken)
    );
    let done = sheila
        .does(&format!("{address}/answer"), &[("reply", "done")])
        .await;
    assert!(words(&done).contains("Nothing is waiting for your team."));

    let mut netta = Browser::of(&hall, "netta-dunsmore").await;
    let account = words(&netta.gets("/me/access").await.is(200));
    assert!(account.contains("Sheila Mathieson"), "{account}");
    assert!(account.contains("opened a message about you"), "{account}");
}

#[tokio::test]
async fn an_answer_in_words_goes_back_on_the_list_of_who_asked() {
    let hall = Hall::open().await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let address = sent(&hall, &mut fraser).await;
    let mut sheila = Browser::of(&hall, "sheila-mathieson").await;
    sheila.gets(&address).await.is(200);
    let fields = [("text", "Thursday at 2 will do.")];
    let shown = sheila.does(&format!("{address}/reply"), &fields).await;
    assert!(
        words(&shown).contains("Thursday at 2 will do."),
        "{}",
        words(&shown)
    );

    let inbox = fraser.gets("/care/inbox").await.is(200);
    let answer = link(&inbox, "Netta Dunsmore");
    assert_ne!(answer, address);
    let thread = words(&fraser.gets(&answer).await.is(200));
    let asked = thread.find("Please visit.").expect("what was asked");
    let answered = thread.find("Thursday at 2").expect("what was answered");
    assert!(asked < answered, "{thread}");
}

#[tokio::test]
async fn a_form_with_faults_comes_back_with_what_was_typed() {
    let hall = Hall::open().await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let person = hall.patient("netta-dunsmore");
    let path = format!("/care/people/{person}/messages");
    fraser.gets(&path).await.is(200);
    let page = fraser
        .posts(&path, &[("text", "Please visit.")])
        .await
        .is(422);
    let said = words(&page);
    assert!(
        said.contains("Choose at least one team to send it to"),
        "{said}"
    );
    assert!(said.contains("Please visit."), "{said}");

    let address = sent(&hall, &mut fraser).await;
    let page = fraser
        .posts(
            &format!("{address}/end"),
            &[("how", "retract"), ("reason", "")],
        )
        .await
        .is(422);
    assert!(words(&page).contains("Say why in a few words"));
    let page = fraser
        .does(
            &format!("{address}/end"),
            &[("how", "retract"), ("reason", "Another lady.")],
        )
        .await;
    let said = words(&page);
    assert!(
        said.contains("Taken back on 11 January 2027 because it was wrong: Another lady."),
        "{said}"
    );
}

#[tokio::test]
async fn somebody_elses_message_and_none_at_all_are_the_same_page() {
    let hall = Hall::open().await;
    let mut fraser = Browser::of(&hall, "fraser-abercrombie").await;
    let address = sent(&hall, &mut fraser).await;
    let mut derek = Browser::of(&hall, "derek-muirhead").await;
    let theirs = derek.gets(&address).await.is(404);
    let nobodys = derek
        .gets("/care/inbox/00000000000000000000000000")
        .await
        .is(404);
    assert_eq!(words(&theirs), words(&nobodys));
    let refused = derek
        .posts(&format!("{address}/answer"), &[("reply", "mine")])
        .await;
    assert_eq!(words(&refused.is(404)), words(&nobodys));
    assert!(words(&derek.gets("/care/inbox").await.is(200)).contains("Nothing is waiting"));
}
