//! Samples of a team's messages.

use askama::Template;

use super::*;

fn row(message: &str, name: &str, kind: &str, harm: &str) -> InboxRow {
    InboxRow {
        message: message.into(),
        name: name.into(),
        kind: kind.into(),
        from: "Rukhsana Malik, Northburn adults team".into(),
        harm: harm.into(),
        state: "delivered".into(),
        since: at(15, 23, 40),
        due: Some(at(18, 9, 45)),
        overdue: false,
        interrupts: false,
    }
}

fn inbox() -> InboxPage {
    InboxPage {
        page: at_work(),
        team: "Community nursing, Northburn".into(),
        today: vec![
            InboxRow {
                interrupts: true,
                ..row(
                    "m-1",
                    "Wei Ling Achebe-Strachan",
                    "Child protection message",
                    "Protection",
                )
            },
            InboxRow {
                overdue: true,
                ..row("m-2", "Elspeth Carmichael", "Message", "Today")
            },
        ],
        digest: vec![InboxRow {
            due: None,
            ..row("m-3", "Suharto", "Message", "Routine")
        }],
        older: Some("/care/inbox?after=sealed".into()),
    }
}

fn message() -> MessagePage {
    let part = |from: &str, text: &str| MessagePart {
        from: from.into(),
        at: at(11, 9, 30),
        text: vec![text.into()],
        revised: None,
    };
    MessagePage {
        page: at_work(),
        message: "m-2".into(),
        kind: "Message".into(),
        name: "Elspeth Carmichael".into(),
        person: "p-8f3a61".into(),
        thread: vec![
            part(
                "Sheila Mathieson, Community nursing",
                "Which day does she go home?",
            ),
            MessagePart {
                revised: Some("said anew, version 2".into()),
                ..part(
                    "Rukhsana Malik, Northburn adults team",
                    "She goes home on Thursday.",
                )
            },
        ],
        purpose: "assessing care needs".into(),
        ring: vec![contact("Northburn adults team", "01632 960114")],
        teams: vec![TeamState {
            team: "Community nursing, Northburn".into(),
            state: "seen".into(),
            since: at(11, 9, 40),
            due: Some(at(11, 13, 30)),
            overdue: true,
            with: Some("Out-of-hours social work".into()),
            climbed: Some("The deputy has it as well".into()),
            seen: 2,
        }],
        ended: None,
        answers: vec![choice("mine", "Mine"), choice("not-mine", "Not mine")],
        held: None,
        may_reply: true,
        may_end: false,
        typed: String::new(),
        errors: Errors::default(),
    }
}

fn own_message() -> MessagePage {
    let mut errors = Errors::default();
    errors.add(
        "reason",
        "Say why in a few words: those who had the message will read it",
    );
    MessagePage {
        answers: Vec::new(),
        held: Some(at(29, 9, 0)),
        may_reply: false,
        may_end: true,
        errors,
        ..message()
    }
}

fn ended() -> MessagePage {
    MessagePage {
        ended: Some("Taken back on 12 January 2027 because it was wrong: another person".into()),
        answers: vec![choice("known", "I know that it was wrong")],
        may_reply: false,
        ..message()
    }
}

fn about() -> MessagesPage {
    let mut errors = Errors::default();
    errors.add("to", "Choose at least one team to send it to");
    MessagesPage {
        page: at_work(),
        person: banner(),
        messages: vec![row("m-2", "Elspeth Carmichael", "Message", "Today")],
        to: vec![
            choice("community-nursing", "Community nursing, Clydevale Hospital"),
            choice(
                "braehead-surgery",
                "Braehead surgery, Braehead Medical Practice",
            ),
        ],
        others: vec![choice("ward-3", "Ward 3, Clydevale Hospital")],
        told: vec![choice("care-plans", "Care plans and requests")],
        may_protect: true,
        text: "She goes home on Thursday.".into(),
        urgent: true,
        errors,
    }
}

fn protection() -> ProtectionPage {
    let mut hold = choice("hold", "Not yet: telling now would put somebody at risk");
    hold.chosen = true;
    ProtectionPage {
        page: at_work(),
        person: banner(),
        to: vec![choice(
            "braehead-surgery",
            "Braehead surgery, Braehead Medical Practice",
        )],
        answers_for: vec![choice(
            "northburn-children",
            "Northburn children and families team",
        )],
        people: vec![choice("p-77b1e0", "Suharto")],
        telling: vec![hold, choice("told", "They know, or are told now")],
        errors: Errors::default(),
    }
}

pub fn pages() -> Vec<Sample> {
    let empty = InboxPage {
        today: Vec::new(),
        digest: Vec::new(),
        older: None,
        ..inbox()
    };
    vec![
        ("care-inbox", inbox().render()),
        ("care-inbox-empty", empty.render()),
        ("care-message", message().render()),
        ("care-message-own", own_message().render()),
        ("care-message-ended", ended().render()),
        ("care-messages", about().render()),
        ("care-protection", protection().render()),
    ]
}
