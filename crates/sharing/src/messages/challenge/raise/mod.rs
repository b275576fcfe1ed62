//! Challenging: what a team answered to a request, or a line of the person's account. Either comes onto the
//! list of whoever looks again, into the account, and is marked as contested, in one commit.

mod answer;
mod line;
mod shared;

use domain::message::challenge::{LAW_ALLOWS_DAYS, Line, Shared, Standing, TookPart};
use domain::message::{Challenge, Challenged, Challenger, Message};
use domain::{OrganisationId, ResourceId, TeamId, Timestamp};
use fhir::{Issue, IssueCode};
use policy::{Facts, Internal};
use sha2::{Digest, Sha256};
use store::{Directory, Snapshot};

use super::{Raise, looks_again, open_in, pause};
use crate::attempt::Attempt;
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::messages::flag::day;
use crate::messages::outgoing::Outgoing;
use crate::messages::send::{dispatch, named, not_now, reachable};
use crate::messages::{LONGEST, board, routing};
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

pub(super) use answer::ground_words;
pub use answer::{of_answer, refused_by};
pub use line::{line, of_line};

/// How often one party can challenge the same thing: a bound for reading, not a limit.
const MOST: usize = 1_000;

/// What is challenged, as far as it is known.
struct Subject {
    of: Challenged,
    line: Option<Line>,
    said: String,
    what: Vec<String>,
    shared: Option<Shared>,
    took_part: TookPart,
    agency: OrganisationId,
    pauses: Option<OrganisationId>,
    request: Option<(Message, u32)>,
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
            shared: subject.shared.clone(),
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

fn nobody(agency: &OrganisationId, directory: &Directory) -> Error {
    let found = directory.organisations.get(agency);
    let name = found.map_or(agency.as_str(), |agency| &agency.name);
    let phone = found.map_or("", |agency| &agency.phone);
    not_now(&format!(
        "nobody at {name} who took no part in it can be reached here: ring {phone} and ask for its complaints \
         procedure; after that the Scottish Public Services Ombudsman and the Information Commissioner can look at it"
    ))
}
