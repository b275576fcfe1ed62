//! "Who knows what, and why not me": answered at once from the rules.

use domain::{
    Capacity, Category, Confidentiality, LabelClass, OrganisationId, OrganisationKind, ResourceId,
    TeamId, Timestamp,
};
use policy::{Answer, DigestedFacts, Ground, Policies, Telling, would_open};
use store::{Directory, Snapshot};

use super::sentence::{ASKED, YOU_ASKED};
use super::{Meant, Question, as_family};
use crate::account::{AccountAsk, Line};
use crate::attempt::{Attempt, until_done};
use crate::contribute::THE_PERSON;
use crate::disclose::request;
use crate::event::{Event, Operation};
use crate::involved::{Involved, involved};
use crate::messages::outgoing::Outgoing;
use crate::messages::own_words;
use crate::messages::send::teams_involved;
use crate::whose::Whose;
use crate::{Asking, Context, Error, account, disclose};

/// How many lines of an account are shown at once.
const LINES: usize = 50;

/// What somebody close may know, why not the rest, and who answers for that.
#[derive(Debug)]
pub struct Standing {
    /// The decision on their asking.
    pub answer: Answer,
    /// What the person said about their life in their own words, for whoever acts for them.
    pub own_words: Vec<String>,
    /// What they are told in words.
    pub told: Vec<Telling>,
    /// What of the record is open to them.
    pub opened: Vec<Category>,
    /// What stays back, and on which ground; a refusal as a whole is about nothing in particular.
    pub withheld: Vec<(Option<Category>, Ground)>,
    /// Who decides about the rest, by when, and what they need for it.
    pub deciders: Vec<(String, Timestamp, String)>,
    /// What would change the answer.
    pub advice: Vec<String>,
    /// Where to go with it, in order.
    pub routes: Vec<&'static str>,
    /// Who was told what, newest first, where that is open to them.
    pub lines: Option<Vec<Line>>,
    /// Whom to ring, where they are told that.
    pub ring: Vec<Involved>,
    /// The team that answers them.
    pub team: Option<TeamId>,
}

/// Answers whoever asks about somebody close to them. `None` if nothing can be said about any
/// patient: nobody is meant, or the asker may not know of them. Both are answered alike, and written
/// down alike in the asker's own account.
///
/// # Errors
/// [`Error::Invalid`] says what is missing of the question; [`Error::NotFound`] if the caller does not
/// ask as a person.
pub async fn who_knows(
    cx: &Context,
    asking: &Asking,
    question: &Question,
    operation: [u8; 16],
) -> Result<Option<Standing>, Error> {
    question.is_whole()?;
    let answered = until_done(|| once(cx, asking, question, operation)).await?;
    let Some((mut standing, acts_for)) = answered else {
        return Ok(None);
    };
    if let Some(patient) = acts_for {
        let (asking, _) = as_family(asking)?;
        let page = AccountAsk {
            of: Some(patient),
            ..AccountAsk::first(LINES)
        };
        let read = account::account(cx, &asking, &page).await?;
        standing.lines = read.map(|account| account.lines);
    }
    Ok(Some(standing))
}

async fn once(
    cx: &Context,
    asking: &Asking,
    question: &Question,
    operation: [u8; 16],
) -> Result<Option<(Standing, Option<ResourceId>)>, Attempt> {
    let (asking, writer) = as_family(asking)?;
    let mut snapshot = cx.store.snapshot().await?;
    if snapshot.is_revoked(&asking.token).await? {
        return Err(Error::Revoked.into());
    }
    let own = account::facts_of(snapshot.as_mut(), writer).await?;
    let own = own.ok_or(Error::NotFound)?;
    let meant = Meant::by(cx, snapshot.as_mut(), &asking, question).await?;
    let mut outgoing = Outgoing::new(cx, &asking, operation);
    let mut event = Event::plain(&asking, "", Operation::Family, cx.now());
    YOU_ASKED.clone_into(&mut event.because);
    outgoing.rest_on_facts(&own);
    let whose = Whose::of(cx, snapshot.as_mut(), &own).await?;
    outgoing.tell_now(&whose, &event)?;

    let mut standing = None;
    let about = meant.known.as_ref().map(|met| met.facts.clone());
    if let Some(facts) = about.or(meant.only.map(|(facts, _)| facts)) {
        let policies = cx.policies.at(snapshot.as_mut()).await?;
        let asked = request(&asking, &facts);
        let mut decided = policy::decide(&asked, &facts, &policies, cx.now());
        if meant.known.is_none() {
            decided.hide();
        }
        let directory = snapshot.directory().await?;
        let ring = whom_to_ring(cx, snapshot.as_mut(), &facts, &decided, &directory).await?;
        let said = Said {
            asking: &asking,
            facts: &facts,
            directory: &directory,
            policies: &policies,
        };
        let found = said.standing(cx, &decided, ring);
        let acts = said.acts(cx);
        ASKED.clone_into(&mut event.because);
        question.says_to_be.trim().clone_into(&mut event.reason);
        decided.answer.code().clone_into(&mut event.answer);
        event.grounds = decided
            .grounds
            .iter()
            .map(|it| it.code().to_owned())
            .collect();
        if acts {
            event.what = vec![Category::Account.code().to_owned()];
        }
        outgoing
            .rest_on(snapshot.as_mut(), &facts, &decided)
            .await?;
        let whose = Whose::of(cx, snapshot.as_mut(), &facts).await?;
        outgoing.tell_now(&whose, &event)?;
        standing = meant.known.map(|met| (found, acts.then_some(met.by)));
    }
    drop(snapshot);
    outgoing.commit().await?;
    Ok(standing)
}

/// What an answer is put together from.
struct Said<'s> {
    asking: &'s Asking,
    facts: &'s DigestedFacts,
    directory: &'s Directory,
    policies: &'s Policies,
}

impl Said<'_> {
    /// Whether the caller acts for the person now, and so has a list of their own.
    fn acts(&self, cx: &Context) -> bool {
        let asker = self.facts.caller(&self.asking.caller).capacity;
        let acting = policy::representatives(self.facts, self.policies, cx.now());
        let mut holders = acting
            .iter()
            .filter_map(|it| it.holder().map(Capacity::Person));
        holders.any(|holder| holder == asker)
    }

    fn standing(&self, cx: &Context, decided: &policy::Decision, ring: Vec<Involved>) -> Standing {
        let request = request(self.asking, self.facts);
        let challenge =
            policy::challenge::challenge(&request, self.facts, &decided.grounds, cx.now());
        Standing {
            answer: decided.answer,
            own_words: self.own_words(cx),
            told: decided.told.clone(),
            opened: decided.opened.clone(),
            withheld: withheld(decided),
            deciders: self.deciders(decided),
            advice: decided
                .counterfactuals
                .iter()
                .map(|it| it.words.clone())
                .collect(),
            routes: challenge.routes,
            lines: None,
            ring,
            team: self.answering(cx, decided),
        }
    }

    /// To whoever acts for the person, as far as their wishes are open to them.
    fn own_words(&self, cx: &Context) -> Vec<String> {
        let wishes = LabelClass {
            custodian: OrganisationId::from(THE_PERSON),
            author_role: None,
            confidentiality: Confidentiality::Normal,
            categories: [Category::Wishes].into(),
            sensitivities: [].into(),
        };
        let request = request(self.asking, self.facts);
        let open = would_open(&request, self.facts, self.policies, cx.now(), &wishes);
        match open && self.acts(cx) {
            true => own_words::sentences(self.facts, cx.now()),
            false => Vec::new(),
        }
    }

    fn deciders(&self, decided: &policy::Decision) -> Vec<(String, Timestamp, String)> {
        let referrals = decided.referral.iter().chain(&decided.other_referrals);
        let named = referrals.map(|referral| {
            let agency = self.directory.organisations.get(&referral.decider);
            let name = agency.map_or_else(|| referral.decider.to_string(), |it| it.name.clone());
            (name, referral.due_at, referral.missing.clone())
        });
        named.collect()
    }

    /// Whoever decides about the rest answers; else social work, else whoever is involved longest.
    fn answering(&self, cx: &Context, decided: &policy::Decision) -> Option<TeamId> {
        let teams = teams_involved(&self.facts.relationships, self.directory, cx.now());
        let agency = |team: &TeamId| Some(&self.directory.teams.get(team)?.organisation);
        let decider = decided.referral.as_ref().map(|referral| &referral.decider);
        let of_decider = teams
            .iter()
            .find(|team| decider.is_some() && agency(team) == decider);
        let of_council = teams.iter().find(|team| {
            let agency = agency(team).and_then(|id| self.directory.organisations.get(id));
            agency.is_some_and(|agency| agency.kind == OrganisationKind::SocialWork)
        });
        of_decider.or(of_council).or(teams.first()).cloned()
    }
}

/// Whom to ring, for those who are told so or to whom it is open who is involved. Care that is closely
/// held is not told by who gives it, and where somebody is not by who looks after them.
async fn whom_to_ring(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    facts: &DigestedFacts,
    decided: &policy::Decision,
    directory: &Directory,
) -> Result<Vec<Involved>, Error> {
    let told = decided.told.contains(&Telling::WhomToRing);
    let rings = told || decided.opened.contains(&Category::Network);
    let Some(permit) = decided.permit.as_ref().filter(|_| rings) else {
        return Ok(Vec::new());
    };
    let shown = disclose::involved(snapshot, facts, permit).await?;
    Ok(involved(&shown, directory, cx.now()))
}

/// What stays back and why; a refusal as a whole is about nothing in particular.
fn withheld(decided: &policy::Decision) -> Vec<(Option<Category>, Ground)> {
    let mut named: Vec<_> = decided
        .withheld
        .iter()
        .map(|it| (Some(it.category), it.ground))
        .collect();
    let grounds = decided.grounds.iter();
    let bare = grounds.filter(|ground| !decided.withheld.iter().any(|it| it.ground == **ground));
    named.extend(bare.map(|ground| (None, *ground)));
    named.dedup();
    named
}
