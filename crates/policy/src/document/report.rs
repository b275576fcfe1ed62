//! A decision as data: everything that anybody may need of it, and apart from that exactly what the
//! requester gets.

use std::collections::BTreeMap;

use domain::restriction::{AudienceBar, Delay, HoldingGround};
use domain::{ClassId, Confidentiality, ItemId, LabelClass, ResourceId};
use serde::Serialize;

use super::build::Written;
use crate::alarm::{Alarm, LifeRuling, alarms, life_decisions};
use crate::challenge::{Challenge, challenge};
use crate::decision::{ClassOutcome, GateRuling, Withheld};
use crate::explain::{because_to_practitioner, explain};
use crate::refusal::{self, RefusalRuling};
use crate::{Decision, Ground, Mask, Obligation, Policies, Visibility};

/// The decision about a document. Only [`Shown`] is the requester's; the rest is for whoever checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The document's title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The moment of deciding.
    pub decided_at: String,
    /// `PERMIT`, `PERMIT_PART`, `REFER` or `DENY`.
    pub decision: &'static str,
    /// The lawful basis; nothing unless something is shared.
    pub basis: Option<BasisReport>,
    /// The basis that was claimed, repeated; it decided nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_basis: Option<String>,
    /// Why the requester may see it.
    pub because: Option<BecauseReport>,
    /// Why not, or why not all.
    pub grounds: Vec<Coded>,
    /// The items that open.
    pub released: Vec<ItemId>,
    /// What is told in words.
    pub told: Vec<&'static str>,
    /// What stays back and may be spoken of.
    pub withheld: Vec<WithheldReport>,
    /// Who must decide, by when, and what is missing.
    pub referrals: Vec<ReferralReport>,
    /// What somebody owes.
    pub obligations: Vec<Coded>,
    /// What would change the answer.
    pub counterfactuals: Vec<Coded>,
    /// What the requester may know: `open`, `marked` or `hidden`.
    pub visibility: &'static str,
    /// What became of each item.
    pub items: Vec<ItemReport>,
    /// What each gate found about the request as a whole.
    pub gates: Vec<GateReport>,
    /// The decision in three voices.
    pub explanation: Voices,
    /// Exactly what the requester gets.
    pub shown_to_requester: Shown,
    /// Where it can be challenged.
    pub challenge: Challenge,
    /// Who was left out.
    pub alarms: Vec<Alarm>,
    /// What stands in the way of decisions about the person's life.
    pub life_decisions: Vec<LifeRuling>,
    /// How each bar and delay stands.
    pub restrictions: Vec<RestrictionReport>,
    /// What becomes of a holder's own refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<RefusalRuling>,
    /// What it was decided by.
    pub versions: Versions,
}

/// The legs of the lawful basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BasisReport {
    /// UK GDPR article 6.
    pub a: &'static str,
    /// UK GDPR article 9, for special category data.
    pub b: Option<&'static str>,
    /// The way through the duty of confidence.
    pub c: &'static str,
    /// The law relied on.
    pub authority: &'static str,
}

/// Why the requester may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BecauseReport {
    /// Its code.
    pub code: &'static str,
    /// In words.
    pub words: String,
    /// Since when.
    pub since: Option<String>,
}

/// A code with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Coded {
    /// The code.
    pub code: &'static str,
    /// The words.
    pub words: String,
}

/// Something that stays back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct WithheldReport {
    /// What it is about.
    pub category: &'static str,
    /// On what ground.
    pub ground: &'static str,
    /// Whom to ask.
    pub ask: String,
    /// Who can bring about that it opens.
    pub who_can_change_it: &'static str,
}

/// That somebody decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReferralReport {
    /// Who decides.
    pub decider: String,
    /// Their id.
    pub decider_id: String,
    /// By when; if that passes it escalates, and is never a no.
    pub due_at: String,
    /// What is missing.
    pub missing: String,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct ItemReport {
    /// The item.
    pub item: ItemId,
    /// `open`, `withheld` (said to be), `marked` (said without what), `hidden` or `referred`; `not-asked`.
    pub outcome: &'static str,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ground: Option<&'static str>,
    /// The gate that decided, by number and name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The local policy that opened it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

/// What a gate found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct GateReport {
    /// The gate, by number and name.
    pub gate: String,
    /// What it found.
    pub finding: String,
}

/// The decision in three voices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Voices {
    /// To whoever asked.
    pub practitioner: String,
    /// To the person.
    pub person: String,
    /// To whoever checks.
    pub auditor: String,
}

/// Exactly what the requester gets. Of a hidden refusal that is what they would get about nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Shown {
    /// Whether they learn that there is such a person.
    pub found: bool,
    /// The answer, where they may know it.
    pub decision: Option<&'static str>,
    /// What they get.
    pub released: Vec<ItemId>,
    /// What they are told in words.
    pub told: Vec<&'static str>,
    /// What they are told stays back.
    pub withheld: Vec<WithheldReport>,
    /// Who decides, and by when.
    pub referrals: Vec<ReferralReport>,
    /// That something is not shown, without what.
    pub something_is_not_shown: bool,
    /// That a medicine is not shown: ring before giving any.
    pub a_medicine_is_not_shown: bool,
    /// What would change it.
    pub counterfactuals: Vec<Coded>,
    /// The sentence that they read.
    pub words: String,
    /// What everyone is told, always.
    pub notice: &'static str,
}

/// How an act of holding back stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct RestrictionReport {
    /// `bar` or `delay`.
    pub kind: &'static str,
    /// `stands`, `overdue`, `unreviewed`, `opened`, `lifted`, `void` or `not-yet`.
    pub state: &'static str,
    /// What that means.
    pub words: String,
}

/// By what a decision was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Versions {
    /// The rules of this program.
    pub rules: &'static str,
    /// The local policies, by hash.
    pub policies: String,
    /// The facts, by digest.
    pub facts: String,
}

/// The standing notice: the same for everyone, whatever is held back.
const NOTICE: &str = "Some things may be shown later, or not to you, where the law requires it. You \
                      may ask the independent reviewer to check, without being told whether any \
                      exist.";

pub(super) fn of(written: &Written, decision: &Decision, policies: &Policies) -> Report {
    let (request, facts) = (&written.request, &written.facts);
    let voices = explain(decision, request, written);
    let items = items(written, decision);
    let released = released(&items);
    let form = written.refusal.as_ref();
    Report {
        title: written.title.clone(),
        decided_at: decision.decided_at.to_string(),
        decision: decision.answer.code(),
        basis: decision.basis.as_ref().map(|basis| BasisReport {
            a: basis.article_6,
            b: basis.article_9,
            c: basis.confidence,
            authority: basis.authority,
        }),
        claimed_basis: written.claimed_basis.clone(),
        because: decision.because.as_ref().map(|because| BecauseReport {
            code: because.code,
            words: because_to_practitioner(because.code),
            since: because.since.map(|since| since.to_string()),
        }),
        grounds: decision.grounds.iter().map(ground).collect(),
        told: decision.told.iter().map(|told| told.code()).collect(),
        withheld: withheld(written, &decision.withheld),
        referrals: referrals(written, decision),
        obligations: decision.obligations.iter().map(obligation).collect(),
        counterfactuals: counterfactuals(decision),
        visibility: visibility(decision.visibility),
        gates: gates(decision),
        shown_to_requester: shown(written, decision, &released, &voices.practitioner),
        explanation: Voices {
            practitioner: voices.practitioner,
            person: voices.person,
            auditor: voices.auditor,
        },
        challenge: challenge(request, facts, &decision.grounds, decision.decided_at),
        alarms: alarms(facts, written.at),
        life_decisions: life_decisions(facts, written.at),
        restrictions: restrictions(written),
        refusal: form.map(|form| refusal::check(form, decision.answer, &decision.grounds)),
        versions: Versions {
            rules: decision.rules_version,
            policies: policies.hash().to_owned(),
            facts: decision
                .facts_digest
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        },
        items,
        released,
    }
}

fn ground(ground: &Ground) -> Coded {
    Coded {
        code: ground.code(),
        words: ground.words().to_owned(),
    }
}

fn obligation(obligation: &Obligation) -> Coded {
    Coded {
        code: obligation.code(),
        words: obligation.words().to_owned(),
    }
}

fn counterfactuals(decision: &Decision) -> Vec<Coded> {
    let all = decision.counterfactuals.iter();
    all.map(|it| Coded {
        code: it.code,
        words: it.words.clone(),
    })
    .collect()
}

fn withheld(written: &Written, withheld: &[Withheld]) -> Vec<WithheldReport> {
    withheld
        .iter()
        .map(|it| WithheldReport {
            category: it.category.code(),
            ground: it.ground.code(),
            ask: ask(written, it.ask.as_str()),
            who_can_change_it: it.ground.who_can_change_it(),
        })
        .collect()
}

/// Whom to ask, with the number where the document gives it.
fn ask(written: &Written, id: &str) -> String {
    match written.agencies.get(id) {
        Some(agency) => match &agency.phone {
            Some(phone) => format!("{}, {phone}", agency.name),
            None => agency.name.clone(),
        },
        None => id.to_owned(),
    }
}

fn referrals(written: &Written, decision: &Decision) -> Vec<ReferralReport> {
    let all = decision.referral.iter().chain(&decision.other_referrals);
    all.map(|referral| ReferralReport {
        decider: ask(written, referral.decider.as_str()),
        decider_id: referral.decider.to_string(),
        due_at: referral.due_at.to_string(),
        missing: referral.missing.clone(),
    })
    .collect()
}

fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Open => "open",
        Visibility::Marked => "marked",
        Visibility::Hidden => "hidden",
    }
}

fn gates(decision: &Decision) -> Vec<GateReport> {
    decision
        .findings
        .iter()
        .map(|finding| GateReport {
            gate: gate_name(finding.gate),
            finding: match &finding.ruling {
                GateRuling::Silent => "does not bear on this".to_owned(),
                GateRuling::Admits(footing) => format!("admits: {footing}"),
                GateRuling::Refuses(grounds) => {
                    let codes: Vec<_> = grounds.iter().map(|ground| ground.code()).collect();
                    format!("refuses: {}", codes.join(", "))
                }
                GateRuling::Refers(ground) => format!("refers: {}", ground.code()),
            },
        })
        .collect()
}

fn gate_name(gate: crate::Gate) -> String {
    format!("{} {}", gate as u8, format!("{gate:?}").to_lowercase())
}

/// What became of each item, in the document's order.
fn items(written: &Written, decision: &Decision) -> Vec<ItemReport> {
    let outcomes: BTreeMap<ClassId, &ClassOutcome> = decision
        .outcomes
        .iter()
        .map(|outcome| (outcome.class, outcome))
        .collect();
    let mask = decision.permit.as_ref().map(crate::Permit::mask);
    let items = written.facts.circumstances.items.iter();
    items
        .map(|(class, id, _)| {
            let label = written.facts.classes.iter().find(|(of, _)| of == class);
            let resource = written.facts.named.iter().find(|(_, of)| of == class);
            item(
                id,
                outcomes.get(class).copied(),
                label.map(|(_, label)| label),
                resource.map(|(resource, _)| resource),
                mask,
                written,
            )
        })
        .collect()
}

fn item(
    id: &ItemId,
    outcome: Option<&ClassOutcome>,
    label: Option<&LabelClass>,
    resource: Option<&ResourceId>,
    mask: Option<&Mask>,
    written: &Written,
) -> ItemReport {
    let locked = resource.is_some_and(|resource| {
        let mut locks = written.facts.locks.iter();
        locks.any(|lock| lock.resource == *resource)
    });
    let Some(outcome) = outcome else {
        return ItemReport {
            item: id.clone(),
            outcome: if locked { "hidden" } else { "not-asked" },
            ground: locked.then_some(Ground::Locked.code()),
            gate: None,
            policy: None,
        };
    };
    let taken_out =
        resource.is_some_and(|resource| mask.is_some_and(|mask| mask.without.contains(resource)));
    let very = label.is_some_and(|label| label.confidentiality == Confidentiality::VeryRestricted);
    let how = match outcome.shown {
        crate::decision::ShownAs::Withheld | crate::decision::ShownAs::Referred if very => "hidden",
        shown => shown.code(),
    };
    let (how, ground) = match outcome.ground {
        None if taken_out => ("hidden", Some(Ground::Locked.code())),
        other => (how, other.map(Ground::code)),
    };
    ItemReport {
        item: id.clone(),
        outcome: how,
        ground,
        gate: Some(gate_name(outcome.gate)),
        policy: outcome.policy.as_deref().map(str::to_owned),
    }
}

fn released(items: &[ItemReport]) -> Vec<ItemId> {
    let open = items.iter().filter(|item| item.outcome == "open");
    open.map(|item| item.item.clone()).collect()
}

fn shown(written: &Written, decision: &Decision, released: &[ItemId], words: &str) -> Shown {
    let hidden = decision.visibility == Visibility::Hidden;
    let marked = decision.visibility == Visibility::Marked;
    let has = |obligation| decision.obligations.contains(&obligation);
    let plain = hidden || marked;
    Shown {
        found: !hidden,
        decision: (!plain).then_some(decision.answer.code()),
        released: released.to_vec(),
        told: decision.told.iter().map(|told| told.code()).collect(),
        withheld: withheld(written, &decision.withheld),
        referrals: referrals(written, decision),
        something_is_not_shown: marked || has(Obligation::SignalSomethingMissing),
        a_medicine_is_not_shown: has(Obligation::SignalMissingMedicine),
        counterfactuals: counterfactuals(decision),
        words: words.to_owned(),
        notice: NOTICE,
    }
}

fn restrictions(written: &Written) -> Vec<RestrictionReport> {
    let known = &written.facts.circumstances;
    let bars = known.bars.iter().map(|bar| bar_stands(bar, written));
    let delays = known
        .delays
        .iter()
        .map(|delay| delay_stands(delay, written));
    bars.chain(delays).collect()
}

fn bar_stands(bar: &AudienceBar, written: &Written) -> RestrictionReport {
    let now = written.at;
    let report = |state, words: &str| RestrictionReport {
        kind: "bar",
        state,
        words: words.to_owned(),
    };
    if !bar.is_valid() {
        return report("void", void(bar.ground));
    }
    if bar.lifted.is_some_and(|lifted| lifted.0 <= now) {
        return report(
            "lifted",
            "the audience is told within one working day that and why something was held back",
        );
    }
    if now < bar.since.0 {
        return report("not-yet", "it has not begun");
    }
    if bar.is_overdue(now) {
        return report(
            "overdue",
            "a review was missed: the deputy reviewer, both heads of service and the public count \
             are told; it never opens by itself",
        );
    }
    if bar.reviewed.is_none() && bar.ground.is_some() {
        return report(
            "unreviewed",
            "it stands; the reviewer's first yes is due within one working day",
        );
    }
    report("stands", "it ends only by the reviewer's decision")
}

fn delay_stands(delay: &Delay, written: &Written) -> RestrictionReport {
    let now = written.at;
    let (state, words) = if !delay.is_valid() {
        ("void", void(Some(delay.ground)).to_owned())
    } else if now < delay.since.0 {
        ("not-yet", "it has not begun".to_owned())
    } else if delay.holds(now) {
        ("stands", format!("it opens at {}", delay.opens_at()))
    } else {
        (
            "opened",
            "it has opened and the person is told, unless an opinion of serious harm stands"
                .to_owned(),
        )
    };
    RestrictionReport {
        kind: "delay",
        state,
        words,
    }
}

fn void(ground: Option<HoldingGround>) -> &'static str {
    if ground == Some(HoldingGround::NotAGround) {
        "what it gives as its ground is none of the closed list, so it holds nothing back"
    } else {
        "an agency cannot hold back what it is itself complained about without a reviewer from \
         outside"
    }
}
