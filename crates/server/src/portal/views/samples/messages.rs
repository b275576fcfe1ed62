//! Samples of a team's messages.

use askama::Template;

use super::*;

#[path = "calls.rs"]
mod calls;
#[path = "decisions.rs"]
mod decisions;
#[path = "discussion.rs"]
mod discussion;
#[path = "heard.rs"]
mod heard;
#[path = "on_behalf.rs"]
mod on_behalf;
#[path = "requirement.rs"]
mod requirement;

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
        agreements: 0,
        older: Some("/care/inbox?after=sealed".into()),
    }
}

pub(super) fn message() -> MessagePage {
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
            contested: None,
            challenge: None,
        }],
        ended: None,
        may_put_in: false,
        may_print: false,
        may_link: false,
        links: Vec::new(),
        asked: None,
        respond: None,
        concern: None,
        family: None,
        call: None,
        triage: None,
        findings: Vec::new(),
        ruling: None,
        discussion: None,
        may_discuss: false,
        of_decision: false,
        may_require: false,
        may_read: false,
        sources: 0,
        answers: vec![choice("mine", "Mine"), choice("not-mine", "Not mine")],
        may_be_wrong: true,
        decides_shut_out: true,
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

fn from_family() -> MessagePage {
    let mut errors = Errors::default();
    errors.add(
        "to",
        "That team has it already: choose another, or answer it",
    );
    MessagePage {
        family: Some(FamilyView {
            says_to_be: "her neighbour".into(),
            born: "1941-03-02".into(),
            found: true,
            unnamed: true,
            came: None,
            told: vec![choice("care-plans", "Care plans and requests")],
            teams: vec![choice("ward-6", "Ward 6, Clydevale Hospital")],
            may_answer: true,
            check: None,
        }),
        answers: vec![choice("mine", "Mine: I will answer")],
        may_reply: false,
        errors,
        ..message()
    }
}

fn paper() -> MessagePage {
    let mut errors = Errors::default();
    errors.add(
        "seen",
        "The powers stand in the paper: accept none before you have seen it",
    );
    let word = from_family();
    let pair = |code: &str, words: &str| (code.to_owned(), words.to_owned());
    MessagePage {
        family: word.family.map(|family| FamilyView {
            check: Some(CheckForm {
                powers: vec![
                    pair("care", "Day-to-day care"),
                    pair("finance", "Money and property"),
                ],
                found: vec![
                    pair("accepted", "Accepted"),
                    pair("not-in-paper", "Not in the paper"),
                ],
            }),
            ..family
        }),
        errors,
        ..message()
    }
}

fn put_in() -> MessagePage {
    let word = from_family();
    let came = CameView {
        how: "By letter of 8 January 2027".into(),
        put_in_by: "Rukhsana Malik".into(),
        answer_to: "14 Kirk Wynd, Northburn".into(),
    };
    MessagePage {
        family: word.family.map(|family| FamilyView {
            says_to_be: String::new(),
            born: String::new(),
            came: Some(came),
            ..family
        }),
        errors: Errors::default(),
        may_print: true,
        may_link: true,
        links: vec![OutLink {
            link: "l-3".into(),
            name: "Kirsty Orr".into(),
            team: "Fraud desk, Clydeside Bank".into(),
            opened: None,
            until: at(18, 9, 30),
        }],
        ..message()
    }
}

fn attempts() -> MessagePage {
    let mut errors = Errors::default();
    errors.add("text", "Keep the message under 5000 letters");
    MessagePage {
        kind: "Attempts on a record".into(),
        person: String::new(),
        findings: vec![
            choice("explained", "There was a good reason, or a mistake"),
            choice("spoken-to", "The worker was spoken to"),
        ],
        answers: vec![choice("mine", "Mine: I look into it")],
        may_reply: false,
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
        may_discuss: true,
        may_decide: true,
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
        people: vec![LinkChoice {
            person: "p-77b1e0".into(),
            name: "Suharto, half-brother".into(),
            named: "linked-child",
        }],
        telling: vec![hold, choice("told", "They know, or are told now")],
        out_of: "m-5".into(),
        errors: Errors::default(),
    }
}

pub(super) fn request() -> MessagePage {
    let mut errors = Errors::default();
    errors.add("told", "Choose what of the record it tells");
    MessagePage {
        kind: "Request for information".into(),
        asked: Some(Asked {
            what: vec!["Everyday needs".into(), "Care plans".into()],
            basis: "A-e, B-h, C-imp: UK GDPR articles 6(1)(e) and 9(2)(h)".into(),
            terms: Vec::new(),
        }),
        respond: Some(RespondForm {
            told: vec![choice("function", "Everyday needs")],
            grounds: vec![choice("R12", "It is more than this purpose needs")],
            teams: vec![choice("ward-3", "Ward 3, Clydevale Hospital")],
            ring: contact("Community nursing, Northburn", "01632 960 047"),
            text: String::new(),
        }),
        answers: Vec::new(),
        may_reply: false,
        typed: "With a rail, yes.".into(),
        errors,
        ..message()
    }
}

fn concern() -> MessagePage {
    let mut errors = Errors::default();
    errors.add(
        "text",
        "Say why nothing more is done: whoever raised it reads this",
    );
    MessagePage {
        kind: "Concern".into(),
        concern: Some(ConcernView {
            own_action: "Stayed until her grandmother came, and call again tomorrow.".into(),
            reference: Some("PS-20270111-0417".into()),
            points: vec![
                "Unable to safeguard their own wellbeing, property, rights or other interests: yes. He signs what is put before him."
                    .into(),
                "At risk of harm: yes.".into(),
                "More vulnerable to harm, because affected by disability, mental disorder, illness or infirmity: not known."
                    .into(),
            ],
            is_at_risk: Some("Nobody knows yet whether all three points hold"),
            harmer_is_shut_out: true,
        }),
        triage: Some(TriageForm {
            teams: vec![choice(
                "southbrae-children",
                "Southbrae children and families team",
            )],
            advocacy: Some(AdvocacyForm {
                recorded: None,
                answers: vec![
                    choice("accepted", "Was offered and wanted"),
                    choice("not-offered", "Was not offered"),
                ],
            }),
        }),
        may_discuss: true,
        may_reply: false,
        errors,
        ..message()
    }
}

fn new_concern() -> ConcernPage {
    let mut errors = Errors::default();
    errors.add(
        "own_action",
        "Say what you did, or will do, yourself: passing a concern on is not acting on it",
    );
    ConcernPage {
        page: at_work(),
        person: "p-8f3a61".into(),
        known: None,
        about: vec![
            choice("CP-CONCERN", "A child may come to harm"),
            choice("", "Something else, for assessing care needs"),
        ],
        to: vec![choice("ward-6", "Ward 6, Clydevale Hospital")],
        others: vec![choice("ward-3", "Ward 3, Clydevale Hospital")],
        telling: vec![choice("told", "They know, or are told now")],
        points: vec![PointField {
            name: "at_risk",
            says: "At risk of harm",
            answers: [
                choice("yes", "Yes"),
                choice("no", "No"),
                choice("not-known", "Not known"),
            ],
            words: "Money goes every Friday.".into(),
        }],
        harmers: vec![
            choice("", "None of them"),
            choice("p-41c", "Their welfare attorney"),
        ],
        filled: ConcernFilled {
            text: "Called at 23:40. The child was awake, and hungry.".into(),
            ..ConcernFilled::default()
        },
        errors,
    }
}

fn ask() -> AskPage {
    let mut errors = Errors::default();
    errors.add(
        "anyway",
        "This was asked on 11 January 2027 by Fraser Abercrombie",
    );
    errors.add("what", "Choose what you ask for");
    AskPage {
        page: at_work(),
        person: banner(),
        to: vec![choice("ward-6", "Ward 6, Clydevale Hospital")],
        others: vec![choice("ward-3", "Ward 3, Clydevale Hospital")],
        what: vec![choice("function", "Everyday needs")],
        by: vec![
            choice("", "In the usual time for this purpose"),
            choice("today", "Today: care waits for it"),
        ],
        purpose: "assessing care needs".into(),
        text: "Can she manage the stairs?".into(),
        alike: Some("/care/inbox/m-2".into()),
        errors,
    }
}

fn requests() -> RequestsPage {
    RequestsPage {
        page: at_work(),
        team: "Northburn adults team".into(),
        requests: vec![RequestRow {
            message: "m-4".into(),
            name: "Elspeth Carmichael".into(),
            what: "Everyday needs; care plans".into(),
            at: at(11, 9, 30),
            teams: message().teams,
        }],
        older: Some("/care/requests?after=sealed".into()),
    }
}

fn refuse() -> RefusePage {
    let mut errors = Errors::default();
    errors.add("ground", "`GDPR` is not a ground");
    RefusePage {
        page: at_work(),
        message: "m-4".into(),
        name: "Elspeth Carmichael".into(),
        from: "Fraser Abercrombie, Northburn adults team".into(),
        grounds: vec![
            choice("R10", "It is about somebody else"),
            choice("", "Another reason"),
        ],
        whole: true,
        filled: RefuseFilled {
            other: "GDPR".into(),
            ..RefuseFilled::default()
        },
        errors,
    }
}

/// A challenge, as whoever decides about it reads it.
fn challenge() -> MessagePage {
    let form = ChallengeForm {
        verdicts: vec![
            choice("upheld", "It stands"),
            choice("part", "It was wrong in part"),
            choice("overturned", "It was wrong"),
        ],
        grounds: vec![
            choice("", "Nothing stays back"),
            choice("R10", "it is about somebody else (R10)"),
        ],
        until: at(10, 9, 30),
        paused: true,
    };
    MessagePage {
        kind: "Challenge".into(),
        ruling: Some(form),
        answers: vec![choice("mine", "Mine: I look at it again")],
        may_reply: false,
        ..message()
    }
}

/// A refused request, as the team that asked reads it.
fn refused() -> MessagePage {
    let mut asked = message();
    for team in &mut asked.teams {
        team.challenge = Some("community-nursing".into());
    }
    asked
}

pub fn pages() -> Vec<Sample> {
    let none_asked = RequestsPage {
        requests: Vec::new(),
        older: None,
        ..requests()
    };
    let empty = InboxPage {
        today: Vec::new(),
        digest: Vec::new(),
        agreements: 1,
        older: None,
        ..inbox()
    };
    vec![
        ("care-inbox", inbox().render()),
        ("care-inbox-empty", empty.render()),
        ("care-message", message().render()),
        ("care-message-own", own_message().render()),
        ("care-message-ended", ended().render()),
        ("care-message-family", from_family().render()),
        ("care-message-paper", paper().render()),
        ("care-message-attempts", attempts().render()),
        ("care-message-challenge", challenge().render()),
        ("care-message-refused", refused().render()),
        ("care-messages", about().render()),
        ("care-protection", protection().render()),
        ("care-message-request", request().render()),
        ("care-ask", ask().render()),
        ("care-concern", new_concern().render()),
        ("care-message-concern", concern().render()),
        ("care-message-call", calls::note().render()),
        ("care-correct", calls::correct().render()),
        ("care-on-behalf", on_behalf::on_behalf().render()),
        ("care-message-put-in", put_in().render()),
        ("care-heard", heard::heard(Errors::default()).render()),
        ("care-heard-errors", heard::with_errors().render()),
        ("care-letter", heard::letter().render()),
        ("care-letters", heard::letters().render()),
        ("care-decisions", decisions::decisions().render()),
        ("care-decisions-none", decisions::nothing_planned().render()),
        ("care-discussion", discussion::new_discussion().render()),
        ("care-message-discussion", discussion::discussion().render()),
        ("care-conclude", discussion::conclude().render()),
        ("care-naming", discussion::naming().render()),
        ("care-require", requirement::require().render()),
        (
            "care-message-requirement",
            requirement::requirement().render(),
        ),
        ("care-extract", requirement::extract().render()),
        ("care-requests", requests().render()),
        ("care-requests-empty", none_asked.render()),
        ("care-refuse", refuse().render()),
    ]
}
