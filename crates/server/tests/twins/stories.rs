//! Who cannot tell what, and that a broken store would tell them.

use server::tokens::Roster;
use sharing::town::Town;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::broken::{Fault, broken};
use crate::caller::Caller;
use crate::generated::{EVERY_FEATURE, Feature, generated};
use crate::hidden::{self, Scenario};
use crate::known::Knowledge;
use crate::twins::{Settled, Twins};
use crate::world::{Wrap, ids, roster, settle_in};
use crate::{asks, kept, pages, writes};

/// The fewest requests that a kind of caller makes.
const FEWEST: u64 = 600;
/// The fewest of them that are answered with something, since refusals alone show little.
const GIVEN: u64 = 150;

/// Where Iona Dalgleish never lived, settled once: every scenario's other world.
static WITHOUT: OnceCell<Without> = OnceCell::const_new();
static IONA: OnceCell<Pair> = OnceCell::const_new();
static KEPT: OnceCell<Pair> = OnceCell::const_new();
static TOLD_BY_OTHERS: OnceCell<Pair> = OnceCell::const_new();

struct Without {
    folder: TempDir,
    roster: Roster,
}

async fn without() -> &'static Without {
    WITHOUT
        .get_or_init(|| async {
            let folder = tempfile::tempdir().expect("a folder for the store");
            let town = hidden::without_iona();
            settle_in(folder.path(), &town, &[]).await;
            let roster = roster(folder.path(), &town).await;
            Without { folder, roster }
        })
        .await
}

/// A scenario whose two towns are settled.
struct Pair {
    scenario: Scenario,
    with: TempDir,
    without: &'static Without,
    knowledge: Knowledge,
}

/// The ways in which somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Reading,
    Searching,
    Paging,
    LeaksOfOthers,
    Finding,
    Pages,
    Writing,
    /// By chance, feature by feature.
    Generated,
}

const EVERY_WAY: [Way; 8] = [
    Way::Reading,
    Way::Searching,
    Way::Paging,
    Way::LeaksOfOthers,
    Way::Finding,
    Way::Pages,
    Way::Writing,
    Way::Generated,
];

/// How many questions each caller draws by chance, so that every kind of caller asks two thousand
/// times, or in the long run twenty.
fn drawn() -> usize {
    if is_long() { 20_000 } else { 200 }
}

/// How often a feature must notice that its mask is off.
fn noticed() -> usize {
    if is_long() { 100 } else { 10 }
}

fn is_long() -> bool {
    std::env::var("CANDOUR_LONG").as_deref() == Ok("1")
}

impl Pair {
    async fn settle(scenario: Scenario) -> Self {
        let with = tempfile::tempdir().expect("a folder for the store");
        settle_in(with.path(), &scenario.with, &scenario.deleted).await;
        Self {
            with,
            without: without().await,
            knowledge: Knowledge::of(&scenario, &ids()),
            scenario,
        }
    }

    async fn iona() -> &'static Self {
        IONA.get_or_init(|| Self::settle(hidden::iona())).await
    }

    async fn kept() -> &'static Self {
        KEPT.get_or_init(|| Self::settle(kept::kept())).await
    }

    async fn told_by_others() -> &'static Self {
        TOLD_BY_OTHERS
            .get_or_init(|| Self::settle(hidden::told_by_others()))
            .await
    }

    fn town(&self) -> &Town {
        &self.scenario.without
    }

    fn open(&self, wrap: Wrap<'_>, enough: usize) -> Twins {
        let settled = Settled {
            with: self.with.path(),
            without: self.without.folder.path(),
            town: self.town(),
            roster: &self.without.roster,
            later: &self.scenario.later,
        };
        Twins::open(&settled, wrap, enough)
    }

    /// Has somebody ask both worlds all that can be asked in one way. Who asks in another turn
    /// asks the same in other words.
    async fn ask(&self, twins: &mut Twins, caller: &Caller, turn: usize, way: Way) {
        let known = &self.knowledge;
        let token = caller.token(&self.without.roster, self.town().now);
        let asks = match way {
            Way::Reading => asks::reading(known, turn),
            Way::Searching => asks::searching(known, turn),
            Way::Paging => asks::paging(known, turn),
            Way::LeaksOfOthers => asks::leaks_of_others(known, turn),
            Way::Finding => asks::finding(known, turn),
            Way::Pages => return pages::walk(twins, caller, known, turn).await,
            Way::Writing => return writes::write(twins, caller, &token, known, turn).await,
            Way::Generated => generated(known, &EVERY_FEATURE, turn as u64)
                .take(drawn())
                .collect(),
        };
        for (turn, ask) in asks.into_iter().enumerate() {
            if twins.is_enough() {
                return;
            }
            twins.follow(&caller.asks(&token, turn, ask)).await;
        }
    }

    async fn cannot_be_told_apart_by(&self, callers: &[Caller]) {
        for (turn, caller) in callers.iter().enumerate() {
            let mut twins = self.open(&|store| store, 12);
            for way in EVERY_WAY {
                self.ask(&mut twins, caller, turn, way).await;
            }
            let (name, asked, given) = (caller.name, twins.asked(), twins.given());
            let differences = twins.differences();
            assert!(
                differences.is_empty(),
                "{name} can tell the worlds apart:\n\n{differences}"
            );
            assert!(asked >= FEWEST, "{name} asked only {asked} times");
            assert!(
                given >= GIVEN,
                "{name} was given something only {given} times"
            );
        }
    }

    /// Whether somebody who asks in one way notices that the store is broken.
    async fn is_told_apart(&self, caller: &Caller, way: Way, fault: Fault) -> bool {
        let mut twins = self.open(&|store| broken(store, fault), 1);
        self.ask(&mut twins, caller, 0, way).await;
        twins.is_enough()
    }
}

impl Pair {
    /// How many questions of a feature it takes until so many answers tell that the store is broken;
    /// `None` if they never do.
    async fn until_noticed(
        &self,
        caller: &Caller,
        feature: Feature,
        fault: Fault,
        times: usize,
    ) -> Option<u64> {
        const PATIENCE: usize = 60;
        let mut twins = self.open(&|store| broken(store, fault), times);
        let token = caller.token(&self.without.roster, self.town().now);
        let asks = generated(&self.knowledge, std::slice::from_ref(&feature), 7);
        for ask in asks.take(times * PATIENCE) {
            // Always for the usual purpose: no other opens what is beside the hidden.
            twins.ask(&caller.asks(&token, 0, ask)).await;
            if twins.is_enough() {
                return Some(twins.asked());
            }
        }
        None
    }
}

const CARE: &[&str] = &["TREAT", "COC", "COMPLAINT", "HRESCH", "HOPERAT"];
const SERVICES: &[&str] = &[
    "SC-ASSESS",
    "TREAT",
    "CARER-SUPPORT",
    "COMPLAINT",
    "REGULATOR",
];
const PROTECTION: &[&str] = &[
    "SC-ASSESS",
    "ASP-INQUIRY",
    "CP-CONCERN",
    "ETREAT",
    "COMPLAINT",
];
const HOUSING: &[&str] = &["HOUSING-ADAPT", "TREAT", "COMPLAINT", "HPAYMT"];

#[tokio::test]
async fn nobody_uninvolved_can_tell_whether_iona_lives_here() {
    let barred = &["TREAT", "ETREAT", "BTG", "COC", "ASP-INQUIRY"];
    Pair::iona()
        .await
        .cannot_be_told_apart_by(&[
            Caller::worker("kenneth-purdie", barred).even_in_emergencies(),
            Caller::worker("ruksana-chaudhry", CARE),
            Caller::worker("ifeoma-nwosu", CARE),
            Caller::worker("fraser-abercrombie", PROTECTION).even_in_emergencies(),
            Caller::worker("derek-muirhead", HOUSING).even_in_emergencies(),
            Caller::worker("una-begbie", CARE).even_in_emergencies(),
            Caller::person("netta-dunsmore"),
        ])
        .await;
}

#[tokio::test]
async fn nobody_else_can_tell_what_is_locked_or_very_restricted() {
    Pair::kept()
        .await
        .cannot_be_told_apart_by(&[
            Caller::worker("ruksana-chaudhry", CARE),
            Caller::worker("ifeoma-nwosu", CARE),
            Caller::worker("fraser-abercrombie", SERVICES),
            Caller::worker("derek-muirhead", HOUSING),
            Caller::worker("una-begbie", CARE),
        ])
        .await;
}

#[tokio::test]
async fn a_person_cannot_tell_what_others_said_in_confidence() {
    Pair::told_by_others()
        .await
        .cannot_be_told_apart_by(&[
            Caller::person("netta-dunsmore"),
            Caller::person("jessie-pettigrew"),
        ])
        .await;
}

#[tokio::test]
async fn a_store_that_reads_past_its_mask_is_caught() {
    let pair = Pair::kept().await;
    let ruksana = Caller::worker("ruksana-chaudhry", CARE);
    let derek = Caller::worker("derek-muirhead", HOUSING);
    for (fault, caller, way) in [
        (Fault::Read, ruksana, Way::Reading),
        (Fault::ReadVersion, ruksana, Way::Reading),
        (Fault::Search, ruksana, Way::Searching),
        (Fault::Total, ruksana, Way::Searching),
        (Fault::NextPage, ruksana, Way::Searching),
        (Fault::Everything, ruksana, Way::Paging),
        (Fault::Chronology, ruksana, Way::Pages),
        (Fault::Locate, ruksana, Way::Searching),
        (Fault::Labels, ruksana, Way::Finding),
        (Fault::Singles, ruksana, Way::Reading),
        (Fault::EmptiedClasses, derek, Way::Searching),
        (Fault::Evidence, ruksana, Way::Pages),
        (Fault::Classes, ruksana, Way::Paging),
        // Each way of asking notices something.
        (Fault::Search, ruksana, Way::LeaksOfOthers),
        (Fault::Labels, ruksana, Way::Writing),
    ] {
        let caught = pair.is_told_apart(&caller, way, fault).await;
        assert!(caught, "{fault:?} went unnoticed by {way:?}");
    }
}

#[tokio::test]
async fn each_feature_notices_often_that_its_mask_is_off() {
    let pair = Pair::kept().await;
    let ruksana = Caller::worker("ruksana-chaudhry", CARE);
    for (feature, fault) in [
        (Feature::Value, Fault::Search),
        (Feature::Together, Fault::Search),
        (Feature::Absent, Fault::Search),
        (Feature::Count, Fault::Total),
        (Feature::Sorted, Fault::Search),
        (Feature::Sorted, Fault::NextPage),
        (Feature::Compartment, Fault::Search),
        (Feature::Types, Fault::Search),
        (Feature::Types, Fault::Total),
        (Feature::TypesSorted, Fault::Search),
        (Feature::TypesSorted, Fault::NextPage),
        (Feature::Chain, Fault::Chain),
        (Feature::Reverse, Fault::Reverse),
        (Feature::Include, Fault::Included),
        (Feature::IncludeIterate, Fault::Iterated),
        (Feature::RevInclude, Fault::Referring),
        (Feature::RevIncludeIterate, Fault::Iterated),
        (Feature::History, Fault::History),
        (Feature::Everything, Fault::Everything),
        (Feature::Everything, Fault::EverythingTotal),
    ] {
        let asked = pair
            .until_noticed(&ruksana, feature, fault, noticed())
            .await;
        assert!(asked.is_some(), "{fault:?} went unnoticed by {feature:?}");
        println!(
            "{feature:?} with {fault:?}: {} of {} answers",
            noticed(),
            asked.unwrap_or_default()
        );
    }
}

#[tokio::test]
async fn finding_whom_one_may_not_know_of_is_caught() {
    let pair = Pair::iona().await;
    for (caller, way) in [
        (Caller::worker("kenneth-purdie", CARE), Way::Finding),
        (Caller::worker("ruksana-chaudhry", CARE), Way::Pages),
    ] {
        assert!(
            pair.is_told_apart(&caller, way, Fault::Find).await,
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn telling_a_person_what_others_said_in_confidence_is_caught() {
    let pair = Pair::told_by_others().await;
    let netta = Caller::person("netta-dunsmore");
    for way in [Way::Reading, Way::Searching, Way::Paging] {
        assert!(
            pair.is_told_apart(&netta, way, Fault::Classes).await,
            "{way:?}"
        );
    }
}
