//! Mail that says that there is something to read, through a real relay: Torquil chose it and is to be heard
//! about the move of his mother, Oighrig MacQuarrie.

use std::io;
use std::net::{IpAddr, TcpListener};
use std::sync::{Arc, Mutex};

use fhir::profile::Profiles;
use mailin_embedded::response::{NO_MAILBOX, OK};
use mailin_embedded::{Handler, Response, Server};
use serde_json::json;
use server::mail::{Guard, MailTerms, Mailer, turn};

use crate::browser::{Browser, words};
use crate::hall::Hall;
use crate::suspected::party;
use crate::to_be_heard::{SON, account, acts, planned, says, set, takes};

const HIS: &str = "torquil@post.example";

/// What the relay took, each mail whole, and whether it knows no mailbox any more, or has no time.
#[derive(Clone, Default)]
struct Relay {
    taken: Arc<Mutex<Vec<String>>>,
    refuses: Arc<Mutex<bool>>,
    busy: Arc<Mutex<bool>>,
    now: Vec<u8>,
}

impl Handler for Relay {
    fn rcpt(&mut self, to: &str) -> Response {
        assert!(to.contains(HIS), "{to}");
        if *self.busy.lock().expect("the relay") {
            return Response::custom(451, "not now".to_owned());
        }
        match *self.refuses.lock().expect("the relay") {
            true => NO_MAILBOX,
            false => OK,
        }
    }

    fn data_start(&mut self, _: &str, _: &str, _: bool, _: &[String]) -> Response {
        self.now.clear();
        OK
    }

    fn data(&mut self, part: &[u8]) -> io::Result<()> {
        self.now.extend_from_slice(part);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mail = String::from_utf8(self.now.clone()).expect("plain text");
        self.taken.lock().expect("the relay").push(mail);
        OK
    }

    fn helo(&mut self, _: IpAddr, _: &str) -> Response {
        OK
    }
}

/// The town hall with a relay.
struct Post {
    hall: Hall,
    relay: Relay,
    mailer: Mailer,
}

impl Post {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let relay = Relay::default();
        let mut server = Server::new(relay.clone());
        server.with_tcp_listener(listener);
        std::thread::spawn(move || server.serve().is_ok());
        let terms = MailTerms {
            relay: "127.0.0.1".to_owned(),
            port,
            login: None,
            from: "notices@exchange.example".to_owned(),
            guard: Guard::Nothing,
        };
        let help = ("the help desk", "01632 960 000");
        let mailer = Mailer::new(&terms, "https://exchange.example", help);
        let hall = Hall::with(Profiles::default(), |config| config.mail = Some(terms)).await;
        let mailer = mailer.expect("a mailer");
        Self {
            hall,
            relay,
            mailer,
        }
    }

    /// What the relay takes in this turn.
    async fn turn(&self) -> Vec<String> {
        let sent = turn(&self.hall.cx, Some(&self.mailer)).await;
        let sent = sent.expect("mail is sent");
        let taken = std::mem::take(&mut *self.relay.taken.lock().expect("the relay"));
        assert_eq!(taken.len(), sent);
        taken
    }

    /// He gives his address; gives the code that was mailed there.
    async fn code(&self, torquil: &mut Browser<'_>) -> String {
        let page = torquil.does("/me/settings/mail", &[("address", HIS)]).await;
        assert!(
            words(&page).contains("We sent a code to"),
            "{}",
            words(&page)
        );
        let [mail] = self.turn().await.try_into().expect("one mail");
        let code = mail.split("Your code is ").nth(1).expect("a code");
        code[..6].to_owned()
    }

    /// He acts for his mother and chooses mail, ten minutes before the move is planned.
    async fn chosen(&self) {
        acts(&self.hall).await;
        set(&self.hall, "2027-01-12T09:50:00Z");
        let mut torquil = Browser::of(&self.hall, SON).await;
        let code = self.code(&mut torquil).await;
        let page = torquil.does("/me/settings/code", &[("code", &code)]).await;
        let said = words(&page);
        assert!(said.contains(&format!("Mail goes to {HIS}")), "{said}");
    }
}

#[tokio::test]
async fn torquil_is_mailed_at_once_that_there_is_something_to_read_and_no_word_of_his_mother() {
    let post = Post::open().await;
    post.chosen().await;
    assert_eq!(post.turn().await.len(), 0);
    planned(&post.hall).await;
    let [mail] = post.turn().await.try_into().expect("one mail");
    for said in [
        "Subject: There is something for you to read\r\n",
        "Sign in to read it: https://exchange.example\r\n",
        "If you need help, ring the help desk on 01632 960 000.\r\n",
    ] {
        assert!(mail.contains(said), "{said} in {mail}");
    }
    for unsaid in [
        "Oighrig",
        "MacQuarrie",
        "Torquil",
        "Braeside",
        "Fraser",
        "/me/",
    ] {
        assert!(!mail.contains(unsaid), "{unsaid} in {mail}");
    }
    // Once, and in his own list only that he chose it; in hers nothing of his address.
    assert_eq!(post.turn().await.len(), 0);
    let hers = account(&post.hall).await.join("\n");
    assert!(!hers.contains("mail"), "{hers}");
    let his = post.hall.person(SON).gets("AuditEvent").await.is(200);
    let chose = "On 12 January 2027 at 9:50am, you chose to be mailed when there is something to read here.";
    assert!(his.text().contains(chose), "{}", his.text());
    assert!(!his.text().contains(HIS), "{}", his.text());
}

#[tokio::test]
async fn after_five_wrong_codes_the_right_one_does_not_count_and_five_codes_a_day_are_mailed() {
    let post = Post::open().await;
    set(&post.hall, "2027-01-12T09:50:00Z");
    let mut torquil = Browser::of(&post.hall, SON).await;
    let none = [("address", "torquil at home")];
    let none = words(&torquil.posts("/me/settings/mail", &none).await.is(422));
    assert!(none.contains("Enter an email address"), "{none}");
    let code = post.code(&mut torquil).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for typed in [wrong, wrong, wrong, wrong, wrong, &code] {
        let page = torquil.posts("/me/settings/code", &[("code", typed)]).await;
        let said = words(&page.is(422));
        assert!(said.contains("This code does not work"), "{said}");
    }
    for _ in 0..3 {
        post.code(&mut torquil).await;
    }
    // Another code works, and too late it does not.
    let last = post.code(&mut torquil).await;
    let sixth = [("address", HIS)];
    let sixth = words(&torquil.posts("/me/settings/mail", &sixth).await.is(422));
    assert!(sixth.contains("We sent five codes today"), "{sixth}");
    post.hall.wait(30 * 60);
    let mut torquil = Browser::of(&post.hall, SON).await;
    torquil
        .posts("/me/settings/code", &[("code", &last)])
        .await
        .is(422);
    assert_eq!(post.turn().await.len(), 0);
}

#[tokio::test]
async fn who_stopped_or_has_looked_is_mailed_nothing_and_nobody_is_at_night() {
    let post = Post::open().await;
    post.chosen().await;
    planned(&post.hall).await;
    set(&post.hall, "2027-01-12T21:00:00Z");
    assert_eq!(post.turn().await.len(), 0, "nine in the evening");
    set(&post.hall, "2027-01-13T07:59:00Z");
    assert_eq!(post.turn().await.len(), 0, "a minute before eight");
    set(&post.hall, "2027-01-13T08:04:00Z");
    assert_eq!(post.turn().await.len(), 1);

    // Of a second plan he reads before the mail is sent; of a third he is to hear after he stopped.
    let plan = |name: &str| json!({"plan": {"decision": name, "matter": "accommodation", "power": "guardian", "at": "2027-01-27T10:00:00Z"}});
    takes(&post.hall, plan("A second look")).await.is(200);
    crate::to_be_heard::turn(&post.hall).await;
    let his = post.hall.actor(SON, &["PATRQT"]);
    for one in his.gets("Communication/$hearings").await.is(200).matches() {
        let id = one["id"].as_str().expect("an id");
        his.gets(&format!("Communication/{id}/$hearing"))
            .await
            .is(200);
    }
    assert_eq!(post.turn().await.len(), 0, "he has looked");
    takes(&post.hall, plan("A third look")).await.is(200);
    crate::to_be_heard::turn(&post.hall).await;
    let mut torquil = Browser::of(&post.hall, SON).await;
    let page = words(&torquil.does("/me/settings/stop", &[]).await);
    assert!(page.contains("We will not mail you any more"), "{page}");
    assert!(!page.contains(HIS), "{page}");
    assert_eq!(post.turn().await.len(), 0, "he stopped");
}

#[tokio::test]
async fn whom_the_exchange_may_not_write_to_is_not_mailed() {
    let post = Post::open().await;
    post.chosen().await;
    let son = party(&post.hall, SON).await;
    let no = json!({"wish": {"says": "no", "audience": [{"party": son}], "at": "2024-03-01"}});
    says(&post.hall, no).await;
    planned(&post.hall).await;
    let list = post
        .hall
        .actor(SON, &["PATRQT"])
        .gets("Communication/$hearings")
        .await;
    assert_eq!(list.is(200).matches().len(), 0);
    assert_eq!(post.turn().await.len(), 0);
}

#[tokio::test]
async fn mail_that_comes_back_is_said_on_his_page_and_no_more_is_sent() {
    let post = Post::open().await;
    post.chosen().await;
    *post.relay.refuses.lock().expect("the relay") = true;
    planned(&post.hall).await;
    assert_eq!(post.turn().await.len(), 0);
    let mut torquil = Browser::of(&post.hall, SON).await;
    let page = words(&torquil.gets("/me/settings").await.is(200));
    assert!(
        page.contains(&format!("Mail to {HIS} comes back.")),
        "{page}"
    );
    *post.relay.refuses.lock().expect("the relay") = false;
    post.hall.wait(3600);
    assert_eq!(post.turn().await.len(), 0);
}

#[tokio::test]
async fn a_relay_that_has_no_time_is_tried_again_and_again_for_a_day_and_nothing_is_lost() {
    let post = Post::open().await;
    post.chosen().await;
    *post.relay.busy.lock().expect("the relay") = true;
    planned(&post.hall).await;
    assert_eq!(post.turn().await.len(), 0);
    post.hall.wait(59);
    assert_eq!(
        post.turn().await.len(),
        0,
        "it is tried again after a minute"
    );
    post.hall.wait(1);
    assert_eq!(post.turn().await.len(), 0);
    *post.relay.busy.lock().expect("the relay") = false;
    post.hall.wait(119);
    assert_eq!(post.turn().await.len(), 0, "and then after two");
    post.hall.wait(1);
    assert_eq!(post.turn().await.len(), 1);
    assert_eq!(post.turn().await.len(), 0, "once");

    // A day later it is not worth a mail: the team has it as a task since long.
    let plan = json!({"plan": {"decision": "A second look", "matter": "accommodation",
        "power": "guardian", "at": "2027-01-27T10:00:00Z"}});
    takes(&post.hall, plan).await.is(200);
    crate::to_be_heard::turn(&post.hall).await;
    *post.relay.busy.lock().expect("the relay") = true;
    assert_eq!(post.turn().await.len(), 0);
    *post.relay.busy.lock().expect("the relay") = false;
    post.hall.wait(24 * 3600);
    assert_eq!(post.turn().await.len(), 0);
}
