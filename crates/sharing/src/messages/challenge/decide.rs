//! Looking again: somebody who took no part says whether what is challenged stands, and why.

use domain::message::challenge::{Ruling, Verdict};
use domain::message::{Challenge, Challenged, Challenger, Kind, Message, Move};
use domain::{ResourceId, Timestamp};
use fhir::{Issue, IssueCode};
use policy::{Facts, Ground, Internal};
use store::{Directory, Snapshot};

use super::raise::ground_words;
use super::take_back::take_back;
use super::{may_look, open_about, open_in, pause};
use crate::attempt::{Attempt, until_done};
use crate::disclose::request;
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::messages::flag::day;
use crate::messages::outgoing::Outgoing;
use crate::messages::read::{in_hand, own_place};
use crate::messages::send::{answering, content, dispatch, not_now, text_of};
use crate::messages::{board, routing};
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// What somebody decides about a challenge.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Whether it stands.
    pub verdict: Verdict,
    /// The closed ground on which something still stays back; the one that was given, if none is named.
    pub ground: Option<String>,
    /// Why, in words.
    pub reason: String,
}

/// Decides about a challenge. Whoever challenged hears it with where they can go next; it stands in the
/// person's account as an entry of its own; what was refused wrongly comes back to whoever refused it, and
/// what was shared wrongly is taken back from whoever has it.
///
/// # Errors
/// [`Error::NotFound`] if it is not the caller's to answer; [`Error::Invalid`] if they took part in what is
/// challenged, if it was decided, or if no reason or closed ground is given.
pub async fn decide(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    decided: &Decided,
) -> Result<(), Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, decided, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    decided: &Decided,
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &own).ok_or(Error::NotFound)?;
    is_open(&found.message)?;
    may_look(asking, &found.message, &directory)?;
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    let challenge = found.message.challenge.as_deref().cloned();
    let mut challenge = challenge.ok_or(Error::NotFound)?;
    let ruling = ruling(cx, asking, &found.facts, &challenge, decided)?;
    challenge.ruling = Some(ruling.clone());
    found.message.challenge = Some(Box::new(challenge.clone()));
    for step in [Move::See(worker.clone()), Move::Finish(worker)] {
        let made = found.message.deliveries[place].make(step, cx.now());
        made.map_err(|refused| not_now(&refused.to_string()))?;
    }

    let asking = &asking.for_purpose(found.message.purpose);
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    let mut answer = answering(cx, asking, &found.message, &directory, Kind::Ruling)?;
    answer.text = text(&challenge, &ruling);
    let to = match &challenge.by {
        Challenger::Team(team) => vec![team.clone()],
        // Whoever challenged from the person's own side reads it where they challenged.
        Challenger::Person(_) | Challenger::LetIn(_) => Vec::new(),
    };
    dispatch(cx, &mut answer, &to, &directory)?;
    let agency = organisation_name(snapshot.as_mut(), asking).await?;
    let event = event(cx, asking, &agency, (&challenge, &ruling), &answer);
    let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
    outgoing.tell(&whose, &mut answer, &event)?;
    let others = (found.message.id, found.facts.person);
    if let Some(write) =
        back_to_holder(cx, snapshot.as_mut(), others, &challenge, &directory).await?
    {
        outgoing.write(write);
    }
    outgoing.write(board::keep(answer, 0, &directory));
    let reviewer = (&found.message.deliveries[place].team, agency.as_str());
    let of = (&found.message, &challenge);
    take_back(
        snapshot.as_mut(),
        asking,
        of,
        reviewer,
        &directory,
        &mut outgoing,
    )
    .await?;
    let over = pause::ends(&found.message, &directory, cx.now());
    over.into_iter().for_each(|fact| outgoing.write(fact));
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

fn is_open(message: &Message) -> Result<(), Error> {
    let Some(challenge) = &message.challenge else {
        return Err(not_now("only a challenge is decided so"));
    };
    match &challenge.ruling {
        Some(ruling) => Err(not_now(&format!(
            "{} decided on {}: {}",
            ruling.by,
            day(ruling.at),
            ruling.verdict.words()
        ))),
        None if open_in(message).is_none() => Err(not_now("the challenge is over")),
        None => Ok(()),
    }
}

fn ruling(
    cx: &Context,
    asking: &Asking,
    facts: &Facts,
    challenge: &Challenge,
    decided: &Decided,
) -> Result<Ruling, Error> {
    if decided.reason.trim().is_empty() {
        let details = "say why in a few words: whoever challenged reads it, and so does the person";
        return Err(Error::invalid(Issue::required("text", details)));
    }
    let ground = ground(challenge, decided)?;
    let grounds: Vec<Ground> = ground.into_iter().collect();
    let asked = request(asking, facts);
    let next = policy::challenge::challenge(&asked, facts, &grounds, cx.now());
    // The first of them is what was just done.
    let routes = next.routes.into_iter().skip(1).map(str::to_owned);
    Ok(Ruling {
        verdict: decided.verdict,
        ground: ground.map(|ground| ground.code().to_owned()),
        reason: text_of(&decided.reason)?,
        by: asking.caller.name.clone(),
        at: cx.now(),
        routes: match decided.verdict {
            Verdict::Overturned => Vec::new(),
            Verdict::Upheld | Verdict::Partly => routes.collect(),
        },
    })
}

/// What still stays back is so on a closed ground.
fn ground(challenge: &Challenge, decided: &Decided) -> Result<Option<Ground>, Error> {
    let given = match &challenge.of {
        Challenged::Answer { ground, .. } => Some(ground),
        Challenged::Line => None,
    };
    if decided.verdict == Verdict::Overturned {
        return Ok(None);
    }
    let named = decided.ground.as_ref().filter(|code| !code.is_empty());
    let Some(code) = named.or(given) else {
        return Ok(None);
    };
    let mut all = Ground::ALL.iter().copied();
    let ground = all.find(|ground| ground.code() == code.trim());
    let details = "choose the ground on which it still stays back";
    let issue = || Issue::error(IssueCode::BusinessRule, details).at("ground");
    ground.map_or_else(
        || Err(Error::invalid(issue().found(code))),
        |it| Ok(Some(it)),
    )
}

/// What whoever challenged reads.
fn text(challenge: &Challenge, ruling: &Ruling) -> String {
    let mut lines = vec![
        format!("Challenged: {}", challenge.said),
        format!(
            "Decided by {}, who took no part in it: {}.",
            ruling.by,
            ruling.verdict.words()
        ),
        ruling.reason.clone(),
    ];
    if let Some(code) = &ruling.ground {
        lines.push(format!(
            "What stays back, stays back because {} ({code}).",
            ground_words(code)
        ));
    }
    if !ruling.routes.is_empty() {
        lines.push(format!(
            "If you do not agree, you can go to: {}.",
            ruling.routes.join("; ")
        ));
    }
    lines.join("\n")
}

/// The line in the account: who looked again, what they found and why.
fn event(
    cx: &Context,
    asking: &Asking,
    agency: &str,
    (challenge, ruling): (&Challenge, &Ruling),
    answer: &Message,
) -> Event {
    let mut event = Event::plain(asking, agency, Operation::Challenge, cx.now());
    Channel::Message.code().clone_into(&mut event.channel);
    let came = match ruling.verdict {
        Verdict::Upheld => policy::Answer::Deny,
        Verdict::Overturned => policy::Answer::Permit,
        Verdict::Partly => policy::Answer::PermitPart,
    };
    came.code().clone_into(&mut event.answer);
    event.because = ruling.verdict.code().to_owned();
    event.reason.clone_from(&ruling.reason);
    event.grounds = ruling.ground.iter().cloned().collect();
    event.what.clone_from(&challenge.what);
    event.content = content(answer);
    event
}

/// The request whose refusal was challenged: contested no longer, and where the refusal falls, back on the
/// list of whoever refused, to be answered anew.
async fn back_to_holder(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    (id, person): (ResourceId, domain::PersonId),
    challenge: &Challenge,
    directory: &Directory,
) -> Result<Option<store::Write>, Error> {
    let Challenged::Answer {
        request,
        team,
        ground,
    } = &challenge.of
    else {
        return Ok(None);
    };
    let found = snapshot
        .internal_message(Internal::Messages, request)
        .await?;
    let Some((mut message, version)) = found else {
        return Ok(None);
    };
    let since = contested_by_others(snapshot, (id, person), &challenge.of).await?;
    let terms = message.terms();
    let in_force = message.is_in_force();
    let falls = challenge.ruling.as_ref();
    let falls = falls.is_some_and(|ruling| ruling.verdict != Verdict::Upheld);
    let whole = challenge.ruling.as_ref();
    let whole = whole.is_some_and(|ruling| ruling.verdict == Verdict::Overturned);
    let mut deliveries = message.deliveries.iter_mut();
    if let Some(one) = deliveries.find(|one| one.team == *team) {
        one.contested = since;
        let stands = one.response.as_ref().and_then(|given| given.ground()) == Some(ground);
        if falls && in_force && stands {
            let due = domain::message::clock::due(
                terms.clock(),
                cx.now(),
                routing::opening(directory, team),
            );
            // What was partly right may stay back in part on its ground.
            let ground = whole.then(|| ground.clone());
            // Whoever answered otherwise meanwhile has nothing to answer anew.
            let _ = one.make(Move::Reopen { ground, due }, cx.now());
        }
    }
    Ok(Some(board::keep(message, version, directory)))
}

/// Since when somebody else contests the same answer, if they do.
async fn contested_by_others(
    snapshot: &mut dyn Snapshot,
    (id, person): (ResourceId, domain::PersonId),
    of: &Challenged,
) -> Result<Option<Timestamp>, Error> {
    let open = open_about(snapshot, person).await?;
    let same = |one: &&Message| {
        let what = one.challenge.as_ref().map(|it| &it.of);
        one.id != id && what == Some(of)
    };
    Ok(open.iter().filter(same).map(|one| one.at).min())
}
