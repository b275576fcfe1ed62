//! Challenging: what a team answered to a request, or a line of the person's account.

use domain::message::challenge::{LAW_ALLOWS_DAYS, Line, Standing, TookPart};
use domain::message::{
    Challenge, Challenged, Challenger, Delivery, Kind, Message, Response, Sender, Stage,
};
use domain::{Capacity, OrganisationId, PartyId, Purpose, ResourceId, TeamId, Timestamp, WorkerId};
use fhir::{Issue, IssueCode};
use policy::{Facts, Ground, Internal};
use sha2::{Digest, Sha256};
use store::{Directory, Snapshot};

use super::{Raise, challenger, looks_again, open_in, pause};
use crate::account::{Noted, line_of, open};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation, hex};
use crate::logged::organisation_name;
use crate::messages::flag::day;
use crate::messages::outgoing::Outgoing;
use crate::messages::read::{Found, speaks_for_sender, teams};
use crate::messages::send::{blank, codes, content_of, dispatch, named, not_now, reachable};
use crate::messages::standing::{known_to, of_exchange};
use crate::messages::{LONGEST, board, routing};
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// How often one party can challenge the same thing: a bound for reading, not a limit.
const MOST: usize = 1_000;

/// What is challenged, as far as it is known.
struct Subject {
    of: Challenged,
    line: Option<Line>,
    said: String,
    what: Vec<String>,
    took_part: TookPart,
    agency: OrganisationId,
    pauses: Option<OrganisationId>,
    request: Option<(Message, u32)>,
}

/// Challenges what a team answered to a request of the caller's team: that it refused, or gave part. One
/// tap, if one team did.
///
/// # Errors
/// [`Error::NotFound`] if it is no request of theirs; [`Error::Invalid`] if nothing was refused, if that is
/// challenged already ([`IssueCode::Duplicate`] names the open one), or if nobody there could look again.
pub async fn of_answer(
    cx: &Context,
    asking: &Asking,
    (request, team): (ResourceId, Option<&TeamId>),
    raise: &Raise,
) -> Result<ResourceId, Error> {
    let operation = cx.draw();
    until_done(|| answer_once(cx, asking, (request, team), raise, operation)).await
}

async fn answer_once(
    cx: &Context,
    asking: &Asking,
    (request, team): (ResourceId, Option<&TeamId>),
    raise: &Raise,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let mut snapshot = cx.store.snapshot().await?;
    let directory = snapshot.directory().await?;
    let own = teams(asking, &directory)?;
    let found = Found::of(cx, snapshot.as_mut(), asking, request, &own).await?;
    if found.message.request.is_none() || !speaks_for_sender(&found.message, &own) {
        return Err(Error::NotFound.into());
    }
    let (patient, name) = (found.message.patient, found.message.name.clone());
    let person = found.facts.person;
    let by = Challenger::Team(found.message.sender.team.clone());
    let place = refused_by(&found.message, team)?;
    let asking = &Asking {
        purpose: found.message.purpose,
        ..asking.clone()
    };
    let mut message = blank(cx, asking, &directory, patient, person, Kind::Challenge)?;
    message.sender.team.clone_from(&found.message.sender.team);
    message.name = name;
    let subject = of_delivery((found.message, found.version), place, &directory);
    let facts = found.facts;
    let raising = Raising {
        asking,
        facts: &facts,
        directory: &directory,
        by,
        standing: Standing::Asked,
        raise,
    };
    raising
        .file(cx, snapshot, message, subject, operation)
        .await
}

/// Challenges a line of the caller's own account, or of that of whoever this Patient is, as far as it is
/// open to them.
///
/// # Errors
/// [`Error::NotFound`] if there is no such line for them; [`Error::Invalid`] as for [`of_answer`], and if it
/// is about what nobody else did.
pub async fn of_line(
    cx: &Context,
    asking: &Asking,
    (of, commitment): (Option<ResourceId>, &str),
    raise: &Raise,
) -> Result<ResourceId, Error> {
    let operation = cx.draw();
    until_done(|| line_once(cx, asking, (of, commitment), raise, operation)).await
}

/// A line as whoever would challenge it reads it.
///
/// # Errors
/// [`Error::NotFound`] if there is no such line for them.
pub async fn line(
    cx: &Context,
    asking: &Asking,
    (of, commitment): (Option<ResourceId>, &str),
) -> Result<String, Error> {
    challenger(asking).ok_or(Error::NotFound)?;
    let mut opened = open(cx, asking, of).await?.ok_or(Error::NotFound)?;
    let noted = line_of(cx, asking, &mut opened, commitment).await?;
    let noted = noted.ok_or(Error::NotFound)?;
    Ok(crate::event::sentence(&noted.event))
}

async fn line_once(
    cx: &Context,
    asking: &Asking,
    (of, commitment): (Option<ResourceId>, &str),
    raise: &Raise,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let by = challenger(asking).ok_or(Error::NotFound)?;
    let Some(mut opened) = open(cx, asking, of).await? else {
        return Err(Error::NotFound.into());
    };
    let noted = line_of(cx, asking, &mut opened, commitment).await?;
    let noted = noted.ok_or(Error::NotFound)?;
    let (mut snapshot, facts) = (opened.snapshot, opened.facts);
    let directory = snapshot.directory().await?;
    let standing = standing(asking, &facts);
    let subject = of_noted(snapshot.as_mut(), &facts, &noted, &directory).await?;
    let message = by_person(cx, snapshot.as_mut(), asking, &facts, &subject, &directory).await?;
    let raising = Raising {
        asking,
        facts: &facts,
        directory: &directory,
        by,
        standing,
        raise,
    };
    raising
        .file(cx, snapshot, message, subject, operation)
        .await
}

fn standing(asking: &Asking, facts: &Facts) -> Standing {
    match facts.caller(&asking.caller).capacity {
        Capacity::Person(person) if person == facts.person => Standing::Person,
        Capacity::Outsider { .. } => Standing::LetIn,
        Capacity::Person(_) | Capacity::Worker { .. } => Standing::ActsForPerson,
    }
}

/// The place of the delivery whose answer is challenged: the one that refused or gave part, or that of the
/// team named.
///
/// # Errors
/// [`Error::Invalid`] if nothing was refused, or several teams did and none is named.
pub fn refused_by(message: &Message, team: Option<&TeamId>) -> Result<usize, Error> {
    let places = message.deliveries.iter().enumerate();
    let refused = places.filter(|(_, one)| withholds(one).is_some());
    let chosen: Vec<usize> = refused
        .filter(|(_, one)| team.is_none_or(|team| one.team == *team))
        .map(|(place, _)| place)
        .collect();
    match *chosen {
        [one] => Ok(one),
        [] => Err(not_now(
            "nothing was refused here: a request that nobody answered is overdue, and its managers know",
        )),
        _ => Err(Error::invalid(Issue::required(
            "team",
            "several teams refused: say whose answer you challenge",
        ))),
    }
}

/// The ground on which a delivery was refused or answered in part, while that stands.
fn withholds(delivery: &Delivery) -> Option<&str> {
    let given = delivery.response.as_ref()?;
    let ground = match given {
        Response::Part { .. } | Response::Refused(_) => given.ground()?,
        _ => return None,
    };
    let overturned = delivery.no_longer.iter().any(|it| it == ground);
    (!overturned).then_some(ground)
}

fn of_delivery(request: (Message, u32), place: usize, directory: &Directory) -> Subject {
    let (message, version) = request;
    let mut subject = Subject {
        of: Challenged::Line,
        line: None,
        said: String::new(),
        what: Vec::new(),
        took_part: TookPart::default(),
        agency: OrganisationId::new(""),
        pauses: None,
        request: None,
    };
    if let Some(one) = message.deliveries.get(place) {
        let ground = withholds(one).unwrap_or_default().to_owned();
        let team = directory.teams.get(&one.team);
        subject.said = said_of(&message, one, &ground, directory);
        subject.of = Challenged::Answer {
            request: message.id,
            team: one.team.clone(),
            ground,
        };
        subject.took_part = took_part_in(one);
        subject.agency = team.map_or(subject.agency, |team| team.organisation.clone());
    }
    let what = message.request.as_ref().map(|request| &*request.what);
    subject.what = codes(what.unwrap_or_default());
    subject.request = Some((message, version));
    subject
}

fn took_part_in(one: &Delivery) -> TookPart {
    let mut teams = vec![one.team.clone(), one.with.clone()];
    teams.dedup();
    let decider = match &one.response {
        Some(Response::Refused(refusal)) => refusal.decider.clone(),
        _ => None,
    };
    TookPart {
        teams,
        workers: one
            .answered
            .iter()
            .map(|(worker, _)| worker.clone())
            .collect(),
        decider,
    }
}

fn said_of(message: &Message, one: &Delivery, ground: &str, directory: &Directory) -> String {
    let team = named(&one.team, directory).unwrap_or_else(|| one.team.to_string());
    let on = one.answered.as_ref().map_or(one.since, |(_, at)| *at);
    let answered = one.response.as_ref().map_or("", |given| given.words());
    let words = ground_words(ground);
    let what = message.request.iter().flat_map(|request| &request.what);
    let what: Vec<&str> = what.map(|category| category.words()).collect();
    format!(
        "{team} {answered} on {}, because {words} ({ground}). {} had asked for: {}.",
        day(on),
        message.sender.name,
        what.join("; ")
    )
}

pub(super) fn ground_words(code: &str) -> &'static str {
    let mut all = Ground::ALL.iter();
    let ground = all.find(|ground| ground.code() == code);
    ground.map_or("of another ground", |ground| ground.words())
}

/// What a line of an account is about: the answer to a request, if it tells of one, or the line itself.
async fn of_noted(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    noted: &Noted,
    directory: &Directory,
) -> Result<Subject, Error> {
    let event = &noted.event;
    let line = Line {
        operation: hex(&noted.operation),
        told: event.told.clone(),
    };
    if event.operation == Operation::Challenge.code() {
        return Err(not_now(
            "this line tells of a challenge: what came of it says where to go next",
        ));
    }
    if event.operation == Operation::Response.code()
        && let Some(request) = answered_in(snapshot, facts, &event.content).await?
    {
        let (message, version, team) = request;
        let mut places = message.deliveries.iter();
        let place = places.position(|one| one.team == team && withholds(one).is_some());
        if let Some(place) = place {
            let subject = of_delivery((message, version), place, directory);
            return Ok(Subject {
                line: Some(line),
                ..subject
            });
        }
    }
    let agency = OrganisationId::new(&event.organisation);
    if event.organisation.is_empty() || !directory.organisations.contains_key(&agency) {
        return Err(not_now(
            "no agency answers for this line: it is about what somebody did here themself",
        ));
    }
    let mut told = directory.teams.keys();
    let told = told.find(|team| named(team, directory).as_ref() == Some(&event.told));
    let worker = WorkerId::new(&event.worker);
    let post = directory.workers.get(&worker);
    let reads = told.and_then(|team| directory.teams.get(team));
    let reads = reads.map_or(&agency, |team| &team.organisation);
    let own = post.and_then(|post| post.team.clone());
    Ok(Subject {
        of: Challenged::Line,
        line: Some(line),
        said: crate::event::sentence(event),
        what: event.what.clone(),
        took_part: TookPart {
            teams: told.cloned().into_iter().chain(own).collect(),
            workers: vec![worker],
            decider: None,
        },
        pauses: pause::of_line(event, reads),
        agency,
        request: None,
    })
}

/// The request that a line of an account tells the answer to, and the team that gave it: found by what
/// the answer says.
async fn answered_in(
    snapshot: &mut dyn Snapshot,
    facts: &Facts,
    content: &str,
) -> Result<Option<(Message, u32, TeamId)>, Error> {
    for parties in snapshot.parties_about(facts.person).await? {
        let read = Internal::Messages;
        let found = snapshot.internal_message(read, &parties.message).await?;
        let is_answer = |message: &Message| {
            message.kind == Kind::Response && content_of(&message.text) == content
        };
        let Some((answer, _)) = found.filter(|(message, _)| is_answer(message)) else {
            continue;
        };
        let request = snapshot.internal_message(read, &answer.thread).await?;
        if let Some((request, version)) = request.filter(|(one, _)| one.request.is_some()) {
            return Ok(Some((request, version, answer.sender.team)));
        }
    }
    Ok(None)
}

/// A challenge as somebody writes it from the person's own side.
async fn by_person(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    facts: &Facts,
    subject: &Subject,
    directory: &Directory,
) -> Result<Message, Error> {
    let team = looks_again(
        &subject.agency,
        &subject.took_part.teams,
        directory,
        cx.now(),
    );
    let team = team.ok_or_else(|| nobody(&subject.agency, directory))?;
    let known = known_to(snapshot, facts, &team, directory).await?;
    let known = known.ok_or(Error::NotFound)?;
    let matter = (Kind::Challenge, Purpose::PersonRequest);
    let id = ResourceId([0; 16]);
    let mut message = of_exchange(cx, id, matter, known, String::new());
    message.stage = Stage::Draft;
    message.sender = match &asking.caller.capacity {
        Capacity::Person(person) => Sender::as_person(*person, &asking.caller.name),
        Capacity::Outsider { party, .. } => let_in(party, &asking.caller.name),
        Capacity::Worker { .. } => return Err(Error::NotFound),
    };
    Ok(message)
}

/// Somebody let in by a link, with no team behind them.
fn let_in(party: &PartyId, name: &str) -> Sender {
    let own = TeamId::new(format!("~{party}"));
    Sender {
        worker: WorkerId::new(party.as_str()),
        name: name.to_owned(),
        desk: own.clone(),
        team: own,
        organisation: OrganisationId::new(""),
    }
}

fn nobody(agency: &OrganisationId, directory: &Directory) -> Error {
    let found = directory.organisations.get(agency);
    let name = found.map_or(agency.as_str(), |agency| &agency.name);
    let phone = found.map_or("", |agency| &agency.phone);
    not_now(&format!(
        "nobody at {name} who took no part in it can be reached here: ring {phone} and ask for its complaints \
         procedure; after that the Scottish Public Services Ombudsman and the Information Commissioner can look at it"
    ))
}

/// Whoever challenges, why, and on what that rests.
struct Raising<'r> {
    asking: &'r Asking,
    facts: &'r Facts,
    directory: &'r Directory,
    by: Challenger,
    standing: Standing,
    raise: &'r Raise,
}

impl Raising<'_> {
    /// Puts it onto the list of whoever looks again, into the account, and the mark onto what is contested.
    async fn file(
        self,
        cx: &Context,
        mut snapshot: Box<dyn Snapshot>,
        mut message: Message,
        mut subject: Subject,
        operation: [u8; 16],
    ) -> Result<ResourceId, Attempt> {
        let now = cx.now();
        let words = self.raise.words.trim();
        if words.chars().count() > LONGEST {
            let details = format!("keep it under {LONGEST} letters");
            let issue = Issue::error(IssueCode::BusinessRule, details).at("text");
            return Err(Error::invalid(issue).into());
        }
        message.id = self.free(cx, snapshot.as_mut(), &subject).await?;
        message.thread = message.id;
        message.root = message.id;
        let team = looks_again(
            &subject.agency,
            &subject.took_part.teams,
            self.directory,
            now,
        );
        let team = team.ok_or_else(|| nobody(&subject.agency, self.directory))?;
        reachable(std::slice::from_ref(&team), self.directory, cx)?;
        if let Some((request, _)) = &subject.request {
            message.thread = request.thread;
            message.held.clone_from(&request.held);
        }
        message.text = self.text(&message, &subject.said, words);
        message.ring = routing::ring(self.directory, &team);
        message.challenge = Some(Box::new(self.challenge(&subject, words, now)));
        dispatch(
            cx,
            &mut message,
            std::slice::from_ref(&team),
            self.directory,
        )?;

        let mut outgoing = Outgoing::new(cx, self.asking, operation);
        outgoing.rest_on_facts(self.facts);
        let event = self.event(cx, snapshot.as_mut(), &subject, &team).await?;
        let whose = Whose::of(cx, snapshot.as_mut(), self.facts).await?;
        outgoing.tell(&whose, &mut message, &event)?;
        if let Some((mut request, version)) = subject.request.take() {
            mark(&mut request, &subject.of, now);
            outgoing.write(board::keep(request, version, self.directory));
        }
        let id = message.id;
        let paused = pause::begins(&message, self.directory, now);
        paused.into_iter().for_each(|fact| outgoing.write(fact));
        outgoing.write(board::keep(message, 0, self.directory));
        drop(snapshot);
        outgoing.commit().await?;
        Ok(id)
    }

    /// The id of a new challenge of this by this party. Of two at once one finds what the other made.
    async fn free(
        &self,
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        subject: &Subject,
    ) -> Result<ResourceId, Error> {
        let key: [u8; 32] = self.matter(subject).finalize().into();
        for place in 0..MOST {
            let id = cx.ids.of_request(&key, place, b"");
            let found = snapshot.internal_message(Internal::Messages, &id).await?;
            let Some((message, _)) = found else {
                return Ok(id);
            };
            if open_in(&message).is_some() {
                let details = format!(
                    "this was challenged on {} and is being looked at: {} answers",
                    day(message.at),
                    with_whom(&message, self.directory)
                );
                let mut issue = Issue::error(IssueCode::Duplicate, details);
                issue.diagnostics = Some(format!("Communication/{id}"));
                return Err(Error::invalid(issue));
            }
        }
        Ok(cx.ids.fresh(cx.chance.as_ref()))
    }

    fn matter(&self, subject: &Subject) -> Sha256 {
        let mut matter = Sha256::new_with_prefix(b"challenge/v1");
        let parts = match (&subject.of, &subject.line) {
            (Challenged::Answer { request, team, .. }, _) => {
                [request.to_string(), team.to_string()]
            }
            (Challenged::Line, Some(line)) => [line.operation.clone(), line.told.clone()],
            (Challenged::Line, None) => Default::default(),
        };
        let by = match &self.by {
            Challenger::Person(person) => format!("person {person}"),
            Challenger::LetIn(party) => format!("let-in {party}"),
            Challenger::Team(team) => format!("team {team}"),
        };
        for part in [self.facts.person.to_string(), by].iter().chain(&parts) {
            matter.update((part.len() as u64).to_be_bytes());
            matter.update(part);
        }
        matter
    }

    fn challenge(&self, subject: &Subject, words: &str, now: Timestamp) -> Challenge {
        Challenge {
            of: subject.of.clone(),
            line: subject.line.clone(),
            said: subject.said.clone(),
            by: self.by.clone(),
            standing: self.standing,
            because: self.raise.because,
            wanted: self.raise.wanted,
            words: words.to_owned(),
            what: subject.what.clone(),
            took_part: subject.took_part.clone(),
            law_allows_until: now.plus_seconds(LAW_ALLOWS_DAYS * 86_400),
            pauses: subject.pauses.clone(),
            safety: None,
            ruling: None,
        }
    }

    /// What whoever looks again reads.
    fn text(&self, message: &Message, said: &str, words: &str) -> String {
        let who = self.standing.words();
        let why = self.raise.because.words();
        let wants = self.raise.wanted.words();
        let text = format!(
            "{}, {who}, challenges this: {said}\nWhy: {why}. What they want: {wants}.\n{words}",
            message.sender.name
        );
        text.trim_end().to_owned()
    }

    /// The line in the account: that it is challenged, by whom, why, and who looks again.
    async fn event(
        &self,
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        subject: &Subject,
        team: &TeamId,
    ) -> Result<Event, Error> {
        let agency = organisation_name(snapshot, self.asking).await?;
        let mut event = Event::plain(self.asking, &agency, Operation::Challenge, cx.now());
        policy::Answer::Refer.code().clone_into(&mut event.answer);
        event.because = self.standing.code().to_owned();
        event.reason = self.raise.because.words().to_owned();
        event.what.clone_from(&subject.what);
        event.told = named(team, self.directory).unwrap_or_default();
        if self.standing != Standing::Asked {
            Channel::Page.code().clone_into(&mut event.channel);
            event.organisation_name.clear();
        }
        Ok(event)
    }
}

/// Which team has a challenge.
pub(super) fn with_whom(message: &Message, directory: &Directory) -> String {
    let teams = message.deliveries.iter().map(|one| &one.team);
    let names: Vec<String> = teams.filter_map(|team| named(team, directory)).collect();
    names.join(", ")
}

/// Says of a request that what was answered to it is contested.
fn mark(request: &mut Message, of: &Challenged, now: Timestamp) {
    if let Challenged::Answer { team, .. } = of {
        let mut deliveries = request.deliveries.iter_mut();
        if let Some(one) = deliveries.find(|one| one.team == *team) {
            one.contested.get_or_insert(now);
        }
    }
}
