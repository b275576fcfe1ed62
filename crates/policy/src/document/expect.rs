//! What a document expects of its decision, so that it proves itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::{Category, ItemId};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Document, Report};
use crate::{Answer, Ground, Policies};

/// What is expected. Only what is said is compared.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Expect {
    /// The answer.
    pub decision: Option<Answer>,
    /// The grounds, all of them.
    pub grounds: Option<BTreeSet<Ground>>,
    /// The legs of the basis: `A-e`, `B-h`, `C-imp`.
    pub basis: Option<Vec<String>>,
    /// The items released, all of them.
    pub released: Option<BTreeSet<ItemId>>,
    /// What is told in words, all of it.
    pub told: Option<BTreeSet<String>>,
    /// The categories openly withheld, all of them.
    pub withheld: Option<BTreeSet<Category>>,
    /// What becomes of single items: `open`, `withheld`, `marked`, `hidden`, `referred`, `not-asked`.
    pub items: BTreeMap<ItemId, String>,
    /// Obligation codes that must be among those owed.
    pub obligations: BTreeSet<String>,
    /// Obligation codes that must not be among them.
    pub no_obligations: BTreeSet<String>,
    /// Codes that must be among what would change the answer.
    pub counterfactuals: BTreeSet<String>,
    /// Who decides, by the name or id in the answer; all of them.
    pub deciders: Option<BTreeSet<String>>,
    /// When the first referral is due.
    pub due_at: Option<domain::Moment>,
    /// Words that must be in what is said to be missing.
    pub missing: Option<String>,
    /// What the requester may know: `open`, `marked`, `hidden`.
    pub visibility: Option<String>,
    /// Items without which the requester must get exactly the same: twin worlds.
    pub same_without: BTreeSet<ItemId>,
    /// Who was left out, all of them.
    pub alarms: Option<BTreeSet<String>>,
    /// Whether each decision about the person's life may stand.
    pub life_decisions: BTreeMap<String, bool>,
    /// How each restriction stands, in the order of bars, then delays.
    pub restrictions: Option<Vec<String>>,
    /// Whether the refusal is accepted.
    pub refusal_accepted: Option<bool>,
    /// What the document lacks, by path, where it is meant to be rejected.
    pub incomplete: Option<Vec<String>>,
    /// What the requester reads.
    pub requester_reads: Option<String>,
    /// What the person reads.
    pub person_reads: Option<String>,
}

/// One thing that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Difference {
    /// What.
    pub what: String,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            expected,
            found,
        } = self;
        write!(f, "{what}: expected {expected}, found {found}")
    }
}

#[derive(Default)]
struct Differences(Vec<Difference>);

impl Differences {
    fn same(&mut self, what: impl Into<String>, expected: &str, found: &str) {
        if expected != found {
            self.0.push(Difference {
                what: what.into(),
                expected: expected.to_owned(),
                found: found.to_owned(),
            });
        }
    }

    fn same_list<E, F>(&mut self, what: &str, expected: Option<E>, found: F)
    where
        E: IntoIterator<Item = String>,
        F: IntoIterator<Item = String>,
    {
        if let Some(expected) = expected {
            let expected: BTreeSet<String> = expected.into_iter().collect();
            let found: BTreeSet<String> = found.into_iter().collect();
            self.same(what, &list(&expected), &list(&found));
        }
    }
}

fn list(items: &BTreeSet<String>) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    items.iter().cloned().collect::<Vec<_>>().join(", ")
}

pub(super) fn differences(
    expect: &Expect,
    document: &Document,
    report: &Report,
    policies: &Policies,
) -> Vec<Difference> {
    let mut found = Differences::default();
    answer(expect, report, &mut found);
    contents(expect, report, &mut found);
    duties(expect, report, &mut found);
    around(expect, report, &mut found);
    if !expect.same_without.is_empty() {
        twin(expect, document, report, policies, &mut found);
    }
    if let Some(incomplete) = &expect.incomplete {
        found.same("incomplete", &incomplete.join(", "), "a decision");
    }
    found.0
}

fn answer(expect: &Expect, report: &Report, found: &mut Differences) {
    if let Some(decision) = expect.decision {
        found.same("decision", decision.code(), report.decision);
    }
    let codes = |grounds: &BTreeSet<Ground>| -> Vec<String> {
        grounds.iter().map(|it| it.code().to_owned()).collect()
    };
    let grounds = report.grounds.iter().map(|it| it.code.to_owned());
    found.same_list("grounds", expect.grounds.as_ref().map(codes), grounds);
    if let Some(basis) = &expect.basis {
        let legs = report.basis.as_ref().map_or_else(Vec::new, |basis| {
            [Some(basis.a), basis.b, Some(basis.c)]
                .into_iter()
                .flatten()
                .collect()
        });
        found.same("basis", &basis.join(", "), &legs.join(", "));
    }
    if let Some(visibility) = &expect.visibility {
        found.same("visibility", visibility, report.visibility);
    }
    if let Some(words) = &expect.requester_reads {
        found.same("requester reads", words, &report.explanation.practitioner);
    }
    if let Some(words) = &expect.person_reads {
        found.same("person reads", words, &report.explanation.person);
    }
}

fn contents(expect: &Expect, report: &Report, found: &mut Differences) {
    let released = expect.released.as_ref();
    let ids = |ids: &BTreeSet<ItemId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let open = report.released.iter().map(ToString::to_string);
    found.same_list("released", released.map(ids), open);
    let told = report.told.iter().map(|it| (*it).to_owned());
    found.same_list("told", expect.told.clone(), told);
    let codes = |categories: &BTreeSet<Category>| -> Vec<String> {
        categories.iter().map(|it| it.code().to_owned()).collect()
    };
    let withheld = report.withheld.iter().map(|it| it.category.to_owned());
    found.same_list("withheld", expect.withheld.as_ref().map(codes), withheld);
    for (id, expected) in &expect.items {
        let item = report.items.iter().find(|item| item.item == *id);
        let outcome = item.map_or("no such item", |item| item.outcome);
        found.same(format!("item {id}"), expected, outcome);
    }
}

fn duties(expect: &Expect, report: &Report, found: &mut Differences) {
    let has = |code: &String| report.obligations.iter().any(|it| it.code == code);
    for code in expect.obligations.iter().filter(|code| !has(code)) {
        found.same("obligation", code, "not owed");
    }
    for code in expect.no_obligations.iter().filter(|code| has(code)) {
        found.same("obligation", "not owed", code);
    }
    let helps = |code: &&String| !report.counterfactuals.iter().any(|it| it.code == *code);
    for code in expect.counterfactuals.iter().filter(helps) {
        found.same("counterfactual", code, "not among them");
    }
    // Whoever writes a case may name the decider by id or in words.
    let by_id = |id: &String| {
        let expected = expect.deciders.as_ref();
        expected.is_some_and(|deciders| deciders.contains(id))
    };
    let deciders = report.referrals.iter().map(|it| {
        let id = Some(&it.decider_id).filter(|id| by_id(id));
        id.unwrap_or(&it.decider).clone()
    });
    found.same_list("deciders", expect.deciders.clone(), deciders);
    let first = report.referrals.first();
    if let Some(due) = expect.due_at {
        let at = first.map_or("no referral", |referral| referral.due_at.as_str());
        found.same("due at", &due.0.to_string(), at);
    }
    if let Some(words) = &expect.missing {
        let mut all = report.referrals.iter();
        if !all.any(|referral| referral.missing.contains(words)) {
            let missing = first.map_or("nothing", |referral| referral.missing.as_str());
            found.same("missing", words, missing);
        }
    }
}

fn around(expect: &Expect, report: &Report, found: &mut Differences) {
    let left_out = report.alarms.iter().map(|it| it.left_out.to_string());
    found.same_list("alarms", expect.alarms.clone(), left_out);
    for (name, expected) in &expect.life_decisions {
        let ruling = report.life_decisions.iter().find(|it| it.name == *name);
        let allowed = ruling.map_or("no such decision".to_owned(), |it| it.allowed.to_string());
        found.same(
            format!("decision `{name}` allowed"),
            &expected.to_string(),
            &allowed,
        );
    }
    if let Some(expected) = &expect.restrictions {
        let states: Vec<_> = report.restrictions.iter().map(|it| it.state).collect();
        found.same("restrictions", &expected.join(", "), &states.join(", "));
    }
    if let Some(expected) = expect.refusal_accepted {
        let refusal = report.refusal.as_ref();
        let accepted = refusal.map_or("no refusal".to_owned(), |it| it.accepted.to_string());
        found.same("refusal accepted", &expected.to_string(), &accepted);
    }
}

/// Decides the same case without what should be hidden, and compares what the requester gets.
fn twin(
    expect: &Expect,
    document: &Document,
    report: &Report,
    policies: &Policies,
    found: &mut Differences,
) {
    let mut without = document.clone();
    without.expect = None;
    if let Some(record) = &mut without.record {
        record.retain(|item| {
            item.id
                .as_ref()
                .is_none_or(|id| !expect.same_without.contains(id))
        });
    }
    let written = |shown| serde_json::to_string(shown).unwrap_or_default();
    let ours = written(&report.shown_to_requester);
    let theirs = match super::decide(&without, policies) {
        Ok(twin) => written(&twin.report.shown_to_requester),
        Err(error) => error.to_string(),
    };
    found.same(
        "what the requester gets without the hidden items",
        &theirs,
        &ours,
    );
}
