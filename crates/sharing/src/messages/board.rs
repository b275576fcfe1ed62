//! What follows from where a message stands: on whose lists it is, and what falls due about it.
//! Both are worked out anew with every write, so that neither can drift from the message.

use domain::message::{Challenger, Delivery, Harm, Kind, Message, Rung, State};
use domain::{TeamId, Timestamp};
use store::{Directory, ListLine, NewMessage, Write};

use super::routing::{opening, rota};

/// Keeps a message over the version that was read.
pub(super) fn keep(message: Message, replaces: u32, directory: &Directory) -> Write {
    let lines = lines(&message, directory);
    let due = due(&message, directory);
    Write::Message(Box::new(NewMessage {
        message,
        replaces,
        lines,
        due,
    }))
}

/// Whose lists it is on.
fn lines(message: &Message, directory: &Directory) -> Vec<ListLine> {
    let mut lines = Vec::new();
    for delivery in message
        .deliveries
        .iter()
        .filter(|one| one.state.is_listed() && !is_to_come(message, one))
    {
        let line = |list| ListLine {
            list,
            harm: message.harm,
            due: delivery.due,
        };
        lines.push(line(ListLine::of_team(&delivery.with)));
        let rota = rota(directory, &delivery.team);
        let (deputy, manager) = rota.map_or((None, None), |rota| (rota.deputy, rota.manager));
        if delivery.rung >= Rung::Deputy {
            lines.extend(deputy.map(|worker| line(ListLine::of_worker(&worker))));
        }
        if delivery.rung == Rung::Manager {
            lines.extend(manager.map(|worker| line(ListLine::of_worker(&worker))));
        }
    }
    if message.is_in_force() {
        lines.extend(lines_of_sender(message, directory));
        lines.extend(lines_of_dissent(message, directory));
    }
    lines.sort();
    lines.dedup();
    lines
}

/// Whether it waits for its own hour rather than for somebody on duty: a task about somebody left out or
/// not reached comes when a call round had time to reach them, one to tell a family after the first morning.
fn is_to_come(message: &Message, delivery: &Delivery) -> bool {
    matches!(
        message.kind,
        Kind::LeftOut | Kind::Hearing | Kind::InPerson | Kind::ShutOut
    ) && delivery.state == State::Waiting
}

/// Where it stands on the sender's side: what came back, and what they asked for. A request that
/// nobody answers is told to the asker's manager too, as to the manager of whoever should answer; so is what
/// nobody says that they gave up.
fn lines_of_sender(message: &Message, directory: &Directory) -> Vec<ListLine> {
    // An answer that is owed to them; of other messages nothing is.
    let due = match message.terms().goes_to_both_managers() {
        true => message.deliveries.iter().filter_map(|one| one.due).min(),
        false => None,
    };
    let line = |list| ListLine {
        list,
        harm: message.harm,
        due,
    };
    let sender = &message.sender.team;
    let stuck = is_stuck(message);
    let mut lines = Vec::new();
    if message.was_turned_away() || message.needs_more() || stuck {
        lines.push(line(ListLine::of_team(sender)));
    }
    if let Some(word) = &message.family
        && message.kind == Kind::FamilyWord
        && let Some(writer) = word.by
    {
        let due = message.deliveries.iter().filter_map(|one| one.due).min();
        lines.push(ListLine {
            due,
            ..line(ListLine::of_writer(writer))
        });
    }
    if let Some(reader) = message.to_be_heard.as_ref().and_then(|it| it.reads) {
        lines.push(line(ListLine::of_writer(reader)));
    }
    if let Some(challenge) = &message.challenge {
        let due = message.deliveries.iter().filter_map(|one| one.due).min();
        let list = match &challenge.by {
            Challenger::Person(person) => Some(ListLine::of_writer(*person)),
            Challenger::Team(team) => Some(ListLine::of_requests(team)),
            // A link has no list: what was challenged by it is found about the person.
            Challenger::LetIn(_) => None,
        };
        lines.extend(list.map(|list| ListLine { due, ..line(list) }));
    }
    if message.kind == Kind::Request {
        lines.push(line(ListLine::of_requests(sender)));
    }
    if message.terms().goes_to_both_managers() {
        let manager = rota(directory, sender).and_then(|rota| rota.manager);
        let manager = manager.filter(|_| stuck);
        lines.extend(manager.map(|manager| line(ListLine::of_worker(&manager))));
    }
    lines
}

/// Where agencies do not agree, it is for those who answer for both teams to see to.
fn lines_of_dissent(message: &Message, directory: &Directory) -> Vec<ListLine> {
    let dissents = message.discussion.iter().flat_map(|one| &one.dissents);
    let teams: Vec<&TeamId> = dissents.map(|one| &one.team).collect();
    if teams.is_empty() {
        return Vec::new();
    }
    let all = std::iter::once(&message.sender.team).chain(teams);
    let managers = all.filter_map(|team| rota(directory, team)?.manager);
    let line = |manager| ListLine {
        list: ListLine::of_worker(&manager),
        harm: message.harm,
        due: None,
    };
    managers.map(line).collect()
}

/// Nobody answered although it climbed to the top: the sender must know.
fn is_stuck(message: &Message) -> bool {
    let mut deliveries = message.deliveries.iter();
    deliveries.any(|one| one.state.owes_answer() && one.rung == Rung::Manager)
}

/// What falls due: coming to a team in the morning, climbing, telling.
fn due(message: &Message, directory: &Directory) -> Vec<(Timestamp, String)> {
    let mut due: Vec<(Timestamp, String)> = Vec::new();
    for delivery in &message.deliveries {
        if let Some(at) = comes_at(delivery, directory) {
            due.push((at, format!("deliver {}", delivery.team)));
        }
        if let Some(at) = climbs_at(delivery) {
            due.push((at, format!("climb {}", delivery.team)));
        }
    }
    due.extend(tells_at(message).map(|at| (at, "tell".to_owned())));
    due
}

/// When it comes to the team addressed, while it is with nobody or with a desk.
pub(super) fn comes_at(delivery: &Delivery, directory: &Directory) -> Option<Timestamp> {
    let elsewhere = delivery.with != delivery.team || delivery.state == State::Waiting;
    let open = delivery.state.owes_answer() && delivery.state != State::Recalled;
    (open && elsewhere).then(|| opening(directory, &delivery.team).next_open(delivery.since))
}

/// When it climbs.
pub(super) fn climbs_at(delivery: &Delivery) -> Option<Timestamp> {
    // What was taken on is due only where it has to be done by a day.
    let owed = delivery.state.owes_answer() || delivery.state == State::Mine;
    let climbs = owed && delivery.rung < Rung::Manager;
    delivery.due.filter(|_| climbs)
}

/// When the person's account shows what was held.
pub(super) fn tells_at(message: &Message) -> Option<Timestamp> {
    message.held.as_ref().map(|(until, _)| *until)
}

/// Whether this line should interrupt whoever is on duty: somebody may come to harm, nobody has
/// looked yet, and it stands on the list of somebody who is there.
pub(super) fn interrupts(message: &Message, list: &TeamId) -> bool {
    message.harm == Harm::Protection
        && message
            .deliveries
            .iter()
            .any(|one| one.with == *list && matches!(one.state, State::Delivered | State::Recalled))
}
