//! What a tap cannot say: a message that asks for more than "mine" or "done" is answered otherwise, and
//! whoever taps reads how.

use domain::message::{Kind, Message, Move, Reply};

use super::in_person;

/// What is said of this message instead of what was tapped; `None` if a tap says it.
pub(super) fn instead(message: &Message, step: &Move) -> Option<&'static str> {
    let done = matches!(step, Move::Finish(_));
    let mine = matches!(step, Move::Answer(_, Reply::Mine));
    match message.kind {
        Kind::Request if message.is_in_force() => Some(
            "a request is answered by sharing, naming whom to ring, asking for more, saying that it is not held here, or refusing on a ground",
        ),
        Kind::Discussion if done => Some(
            "fill in your agency's block, or say that it is not yours: the others wait for you",
        ),
        Kind::Concern if done => {
            Some("say what became of the concern: whoever raised it waits to hear")
        }
        Kind::FamilyWord if !mine => Some(
            "whoever wrote waits for somebody to answer by name: answer it, or pass it on to the team whose it is",
        ),
        Kind::PrivacyAlert if !mine => Some(
            "say what came of looking into it: explained, spoken to, taken further or reported as a breach",
        ),
        Kind::Challenge if !mine => Some(
            "whoever challenged waits for a decision: say that it is yours, and then what you decide",
        ),
        Kind::LeftOut if done => {
            Some("it goes by itself: record that they were told or heard, or one closed ground")
        }
        Kind::ShutOut if done => Some(
            "say why it goes on and by when you look again, or say on the concern that nothing more is done",
        ),
        Kind::Hearing if !mine => Some(
            "it goes by itself: say on the page of decisions that they were told, or answer what they said",
        ),
        Kind::Recall if !done => Some(match &message.recall {
            Some(recall) if recall.found => {
                "say that it is destroyed or given back: the person waits to hear"
            }
            _ => "say that it is struck out: those who told it wait to hear",
        }),
        _ if done && in_person::goes_by_itself(message) => {
            Some("it goes by itself: say on the child protection message that they were told")
        }
        _ => None,
    }
}
