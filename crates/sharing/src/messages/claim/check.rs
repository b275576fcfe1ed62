//! A council looks at the paper by which somebody says to act for a person, and accepts it power by power.

use domain::authority::Authority;
use domain::message::claim::{Checked, Claim, Found};
use domain::message::{FamilyWord, Kind, Message, Move};
use domain::{Fact, Matter, PartyId, ResourceId};
use fhir::{Issue, IssueCode};

use super::sentence::{ACCEPTED, REFUSED};
use crate::attempt::{Attempt, until_done};
use crate::event::{Event, Operation};
use crate::logged::organisation_name;
use crate::messages::board;
use crate::messages::outgoing::Outgoing;
use crate::messages::read::{in_hand, own_place};
use crate::messages::send::{answering, dispatch, not_now};
use crate::say::{What, may_say, said};
use crate::whose::Whose;
use crate::{Asking, Channel, Context, Error};

/// What somebody who looked at a paper found.
#[derive(Debug, Clone)]
pub struct Checking {
    /// Whether the public register has it.
    pub registered: bool,
    /// Whether they have seen the paper.
    pub seen: bool,
    /// What they found of each power that is claimed.
    pub powers: Vec<(Matter, Found)>,
    /// In their own words; needed where nothing is accepted.
    pub text: String,
}

/// Records what was found of a claim. What is accepted is in force for the next byte; whoever claimed it reads
/// what was found under the name of whoever looked, and so does the person in their account.
///
/// # Errors
/// [`Error::NotFound`] if it is not the caller's to answer; [`Error::Invalid`] if it was answered, if a power is
/// left out, or if one is accepted that nobody has seen or no register has.
pub async fn check(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    checking: &Checking,
) -> Result<ResourceId, Error> {
    let operation = cx.draw();
    until_done(|| once(cx, asking, id, checking, operation)).await
}

async fn once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    checking: &Checking,
    operation: [u8; 16],
) -> Result<ResourceId, Attempt> {
    let (mut snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &own).ok_or(Error::NotFound)?;
    let (word, claim) = open_claim(&found.message)?;
    is_whole(claim, word, checking)?;
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    let mut claim = claim.clone();
    claim.checked = Some(Checked {
        by: worker.clone(),
        name: asking.caller.name.clone(),
        at: cx.now(),
        registered: checking.registered,
        seen: checking.seen,
        powers: checking.powers.clone(),
    });
    let holder = word.by.map(|holder| PartyId::new(holder.to_string()));
    let accepted = holder.and_then(|holder| claim.accepted(holder));
    let text = outcome(accepted.as_ref(), checking);
    let fact = accepted.map(Fact::Authority);
    if let Some(fact) = &fact {
        may_say(asking, fact)?;
    }
    let asking = &asking.for_purpose(found.message.purpose);
    found.message.deliveries[place]
        .make(Move::Finish(worker), cx.now())
        .map_err(|refused| not_now(&refused.to_string()))?;
    let mut answer = answering(cx, asking, &found.message, &directory, Kind::FamilyReply)?;
    answer.text = text;
    dispatch(cx, &mut answer, &[], &directory)?;

    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    if word_found(&found.message) {
        let agency = organisation_name(snapshot.as_mut(), asking).await?;
        let event = event(cx, asking, &agency, &found.message, &claim);
        let whose = Whose::of(cx, snapshot.as_mut(), &found.facts).await?;
        outgoing.tell_now(&whose, &event)?;
    }
    if fact.is_some() {
        let what = What {
            patient: found.message.patient,
            id: found.message.id,
            facts: fact.as_ref(),
        };
        let name = found.message.name.clone();
        let said = said(cx, snapshot.as_mut(), asking, &found.facts, &what, &name).await?;
        outgoing.take_in(said);
    }
    if let Some(word) = &mut found.message.family {
        word.claim = Some(Box::new(claim));
    }
    answer.family.clone_from(&found.message.family);
    let answered = answer.id;
    outgoing.write(board::keep(answer, 0, &directory));
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(answered)
}

fn open_claim(message: &Message) -> Result<(&FamilyWord, &Claim), Error> {
    let is_open = message.kind == Kind::FamilyWord && message.is_in_force();
    let word = message.family.as_ref().filter(|_| is_open);
    let claim = word.and_then(|word| word.claim.as_deref().map(|claim| (word, claim)));
    let open = claim.filter(|(_, claim)| claim.checked.is_none());
    open.ok_or_else(|| not_now("only a paper that nobody looked at yet is checked so"))
}

fn word_found(message: &Message) -> bool {
    message.family.as_ref().is_some_and(|word| word.found)
}

/// Everything that stands against recording it so, all at once.
fn is_whole(claim: &Claim, word: &FamilyWord, checking: &Checking) -> Result<(), Error> {
    let mut issues = Vec::new();
    let mut wrong = |at: &str, details: &str| {
        issues.push(Issue::error(IssueCode::BusinessRule, details).at(at));
    };
    let is_found = |power: &Matter| checking.powers.iter().any(|(matter, _)| matter == power);
    let all = claim.powers.iter().all(is_found);
    if !all || checking.powers.len() != claim.powers.len() {
        wrong(
            "power",
            "say of each power that is claimed, once, whether you accept it",
        );
    }
    let mut findings = checking.powers.iter().map(|(_, found)| *found);
    if !findings.any(|found| found == Found::Accepted) {
        if checking.text.trim().is_empty() {
            wrong(
                "text",
                "say why nothing is accepted, and what would change it",
            );
        }
        return match issues.is_empty() {
            true => Ok(()),
            false => Err(Error::Invalid(issues)),
        };
    }
    if !word.found || word.by.is_none() {
        wrong(
            "power",
            "nobody was found by that name and date of birth: accept nothing, and ask for the particulars again",
        );
    }
    if claim.kind.needs_register() && !checking.registered {
        wrong(
            "registered",
            "no power of it holds before the public register has it: look at the register, or accept none",
        );
    }
    if !checking.seen {
        wrong(
            "seen",
            "the powers stand in the paper: accept none before you have seen it",
        );
    }
    match issues.is_empty() {
        true => Ok(()),
        false => Err(Error::Invalid(issues)),
    }
}

/// What whoever claimed it reads.
fn outcome(accepted: Option<&Authority>, checking: &Checking) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (power, found) in &checking.powers {
        lines.push(format!("{}: {}.", capital(power.words()), found.words()));
    }
    if accepted.is_some_and(Authority::waits_for_incapacity) {
        lines.push(
            "You can be told about this when the person cannot decide it. If nobody has assessed that, say on \
             this page what you reasonably believe."
                .to_owned(),
        );
    }
    let text = checking.text.trim();
    if !text.is_empty() {
        lines.push(text.to_owned());
    }
    lines.join("\n")
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The line of the account: who looked, at whose paper, and what was accepted of it.
fn event(cx: &Context, asking: &Asking, agency: &str, message: &Message, claim: &Claim) -> Event {
    let mut event = Event::plain(asking, agency, Operation::Family, cx.now());
    Channel::Message.code().clone_into(&mut event.channel);
    event.told.clone_from(&message.sender.name);
    let accepted = claim
        .checked
        .as_ref()
        .map(Checked::accepted)
        .unwrap_or_default();
    if accepted.is_empty() {
        policy::Answer::Deny.code().clone_into(&mut event.answer);
        event.grounds = vec![policy::Ground::NoPower.code().to_owned()];
        REFUSED.clone_into(&mut event.because);
        claim.kind.words().clone_into(&mut event.reason);
    } else {
        policy::Answer::Permit.code().clone_into(&mut event.answer);
        ACCEPTED.clone_into(&mut event.because);
        let powers: Vec<&str> = accepted.into_iter().map(Matter::words).collect();
        event.reason = format!("{}: {}", claim.kind.words(), powers.join(", "));
    }
    event
}
