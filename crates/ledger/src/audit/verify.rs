//! The verification of an audit, step by step, as an auditor does it alone.

use std::collections::{HashMap, HashSet};

use super::counts::{Held, HeldCounts};
use super::{Audience, Audit, AuditedChain, AuditedLink, GROUND, ORGANISATION, UNTIL};
use crate::chain::{Head, ViewId};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::pack::words::{Faults, count, entries};
use crate::pack::{ERASES, OPENS, Outcome, Trust, Verdict, held};
use crate::tree::{Frontier, leaf_hash};

/// A step of the verification of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditStep {
    /// The key is the one that the log publishes.
    Key,
    /// The log's key signed the checkpoint, and it is of the tree over these leaves.
    Checkpoint,
    /// Others saw the same log.
    Witnesses,
    /// Every leaf is claimed exactly once, by an entry, an epoch or a statement that commits to it,
    /// or by the statement that says that its entry is lost.
    Claims,
    /// Every entry opens its commitment, at its place in its chain, and the log took them in order.
    Chains,
    /// Every erased entry has a later one in its list that says so.
    Erasures,
    /// Whatever is held back stands alone with its ground and date, and is opened at most once.
    Held,
}

/// One step, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFinding {
    /// Which.
    pub step: AuditStep,
    /// What came of it.
    pub outcome: Outcome,
}

/// What an audit came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// The steps in their order.
    pub findings: Vec<AuditFinding>,
    /// What is held back now.
    pub held: HeldCounts,
}

impl AuditStep {
    /// The step's name, a word.
    pub fn code(self) -> &'static str {
        match self {
            AuditStep::Key => "key",
            AuditStep::Checkpoint => "checkpoint",
            AuditStep::Witnesses => "witnesses",
            AuditStep::Claims => "claims",
            AuditStep::Chains => "chains",
            AuditStep::Erasures => "erasures",
            AuditStep::Held => "held",
        }
    }
}

impl AuditReport {
    /// What the steps come to.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(self.findings.iter().map(|finding| &finding.outcome))
    }

    /// What came of a step.
    pub fn outcome(&self, step: AuditStep) -> Option<&Outcome> {
        let found = self.findings.iter().find(|finding| finding.step == step);
        found.map(|finding| &finding.outcome)
    }
}

/// Checks everything that an audit claims; `now_us` is when, for the age of what is held back.
pub fn verify(audit: &Audit, trust: &Trust<'_>, now_us: i64) -> AuditReport {
    let findings = [
        (AuditStep::Key, trust.names(&audit.log_key, None)),
        (AuditStep::Checkpoint, checkpoint(audit, trust)),
        (AuditStep::Witnesses, trust.cosigned(&audit.checkpoint)),
        (AuditStep::Claims, claims(audit)),
        (AuditStep::Chains, chains(audit)),
        (AuditStep::Erasures, erasures(audit)),
        (AuditStep::Held, register(audit)),
    ];
    AuditReport {
        findings: findings
            .into_iter()
            .map(|(step, outcome)| AuditFinding { step, outcome })
            .collect(),
        held: HeldCounts::of(still_held(audit), now_us),
    }
}

fn checkpoint(audit: &Audit, trust: &Trust<'_>) -> Outcome {
    let key = trust.log.unwrap_or(&audit.log_key);
    let signed = match Checkpoint::verify(&audit.checkpoint.to_string(), key) {
        Ok(signed) => signed,
        Err(error) => return Outcome::Fails(error.to_string()),
    };
    let mut tree = Frontier::new();
    let leaves = audit.leaves.iter();
    leaves.for_each(|leaf| tree.push(leaf_hash(&leaf.0)));
    if (tree.size(), tree.root()) != (signed.size, signed.root) {
        return Outcome::Fails(format!(
            "these {} leaves are not the log of {} that was signed",
            tree.size(),
            signed.size
        ));
    }
    Outcome::Holds(format!("signed by the log, {} leaves", signed.size))
}

/// Fills the leaves with what claims them.
fn claims(audit: &Audit) -> Outcome {
    let mut faults = Faults::default();
    let mut claimed = vec![0_u8; audit.leaves.len()];
    let mut claim = |leaf: u64, commitment: &Hash, who: &dyn Fn() -> String| {
        let place = usize::try_from(leaf).unwrap_or(usize::MAX);
        let (Some(held), Some(times)) = (audit.leaves.get(place), claimed.get_mut(place)) else {
            faults.add(format!("{} claims leaf {leaf}, which is not there", who()));
            return;
        };
        if held != commitment {
            faults.add(format!("leaf {leaf} is not what {} commits to", who()));
        }
        *times = times.saturating_add(1);
        if *times > 1 {
            faults.add(format!("leaf {leaf} is claimed twice, again by {}", who()));
        }
    };
    for (leaf, epoch) in &audit.epochs {
        claim(*leaf, &epoch.commitment(), &|| {
            format!("epoch {}", epoch.number)
        });
    }
    for (leaf, statement) in &audit.statements {
        claim(*leaf, &statement.commitment(), &|| "a statement".to_owned());
    }
    let (mut waiting, mut all) = (0, 0);
    for chain in &audit.chains {
        for (number, link) in chain.links.iter().enumerate() {
            all += 1;
            match link.leaf {
                Some(leaf) => claim(leaf, &link.commitment, &|| entry(chain, number)),
                None => waiting += 1,
            }
        }
    }
    let mut lost = 0;
    for (leaf, times) in (0..).zip(&claimed) {
        if *times == 0 && is_said_to_be_lost(audit, leaf) {
            lost += 1;
        } else if *times == 0 {
            faults.add(format!("leaf {leaf} is claimed by nobody"));
        }
    }
    faults.or(|| {
        let mut claimants = vec![entries(all - waiting), count(audit.epochs.len(), "epoch")];
        if !audit.statements.is_empty() {
            claimants.push(count(audit.statements.len(), "statement"));
        }
        let mut sound = format!("each leaf is claimed once, by {}", claimants.join(" and "));
        if lost > 0 {
            sound.push_str(&format!("; {} lost, as a statement says", entries(lost)));
        }
        if waiting > 0 {
            sound.push_str(&format!("; {} waiting", entries(waiting)));
        }
        Outcome::Holds(sound)
    })
}

fn is_said_to_be_lost(audit: &Audit, leaf: u64) -> bool {
    let mut statements = audit.statements.iter();
    statements.any(|(at, statement)| statement.lost(*at).contains(&leaf))
}

/// Replays every chain.
fn chains(audit: &Audit) -> Outcome {
    let mut faults = Faults::default();
    let mut views = HashSet::new();
    for chain in &audit.chains {
        if !views.insert(chain.view) {
            faults.add(format!("the {} is there twice", name(chain)));
        }
        let mut head = Head::EMPTY;
        let (mut last_leaf, mut last_time, mut waits) = (None, i64::MIN, false);
        for (number, link) in chain.links.iter().enumerate() {
            let mut fault = |what| faults.add(format!("{} {what}", entry(chain, number)));
            if let Some(opened) = &link.opened {
                let stated = head.link(opened.time_us, opened.record.root());
                if stated.commitment(&chain.view, &opened.opening) != link.commitment {
                    fault("does not open its commitment");
                }
                if opened.time_us < last_time {
                    fault("claims an earlier time than the one that it follows");
                }
                last_time = opened.time_us;
            }
            if link
                .leaf
                .is_some_and(|leaf| waits || Some(leaf) <= last_leaf)
            {
                fault("is in the log before the one that it follows");
            }
            waits |= link.leaf.is_none();
            last_leaf = link.leaf.or(last_leaf);
            head = head.append(&link.commitment);
        }
    }
    faults.or(|| {
        Outcome::Holds(format!(
            "{} without gaps",
            count(audit.chains.len(), "chain")
        ))
    })
}

fn erasures(audit: &Audit) -> Outcome {
    let mut faults = Faults::default();
    let mut erased = 0;
    for chain in &audit.chains {
        let mut said: HashSet<&[u8]> = HashSet::new();
        for (number, link) in chain.links.iter().enumerate().rev() {
            if link.opened.is_none() {
                erased += 1;
                if !said.contains(link.commitment.to_string().as_bytes()) {
                    faults.add(format!(
                        "{} cannot be opened, and no later entry says that it was erased",
                        entry(chain, number)
                    ));
                }
            }
            said.extend(link.seen(ERASES));
        }
    }
    faults.or(|| {
        Outcome::Holds(match erased {
            0 => "no entry was erased".to_owned(),
            _ => format!("{} erased, and a later entry says so", entries(erased)),
        })
    })
}

/// What is held back is in the register with its ground and date, and in a list once opened.
fn register(audit: &Audit) -> Outcome {
    let mut faults = Faults::default();
    let by_view: HashMap<String, &AuditedChain> = of(audit, Audience::Held)
        .map(|chain| (held::opens(&chain.view), chain))
        .collect();
    for chain in by_view.values() {
        match chain.links.as_slice() {
            [one] if one.opened.is_none() => {}
            [one] if held_in(one).is_some() => {}
            [_] => faults.add(format!("the {} has no ground or date", name(chain))),
            _ => faults.add(format!("the {} does not stand alone", name(chain))),
        }
    }
    let mut opened = HashSet::new();
    for chain in audit
        .chains
        .iter()
        .filter(|one| one.audience != Audience::Held)
    {
        for (number, link) in chain.links.iter().enumerate() {
            if link.seen(GROUND).is_some() {
                let who = entry(chain, number);
                faults.add(format!("{who} is held back and not in the register"));
            }
            let Some(opens) = link.seen(OPENS) else {
                continue;
            };
            let opens = String::from_utf8_lossy(opens).into_owned();
            if !by_view.contains_key(&opens) {
                faults.add(format!(
                    "{} opens what was never held",
                    entry(chain, number)
                ));
            }
            if !opened.insert(opens) {
                faults.add(format!("{} opens what is open", entry(chain, number)));
            }
        }
    }
    let (all, open) = (by_view.len(), opened.len());
    faults.or(|| Outcome::Holds(format!("{} held back, {open} of them opened", entries(all))))
}

/// What is held back and not opened.
fn still_held(audit: &Audit) -> impl Iterator<Item = Held> {
    let links = audit.chains.iter().flat_map(|chain| &chain.links);
    let opened: HashSet<&[u8]> = links.filter_map(|link| link.seen(OPENS)).collect();
    of(audit, Audience::Held)
        .filter(move |chain| !opened.contains(held::opens(&chain.view).as_bytes()))
        .filter_map(|chain| held_in(chain.links.first()?))
}

fn held_in(link: &AuditedLink) -> Option<Held> {
    let text = |name| Some(String::from_utf8_lossy(link.seen(name)?).into_owned());
    Some(Held {
        organisation: text(ORGANISATION).unwrap_or_else(|| "-".to_owned()),
        ground: text(GROUND)?,
        since_us: link.opened.as_ref()?.time_us,
        until_us: text(UNTIL)?.parse().ok()?,
    })
}

fn of(audit: &Audit, audience: Audience) -> impl Iterator<Item = &AuditedChain> {
    let chains = audit.chains.iter();
    chains.filter(move |chain| chain.audience == audience)
}

/// A chain in words. The auditor knows lists by the beginning of their view.
fn name(chain: &AuditedChain) -> String {
    let ViewId([a, b, c, d, ..]) = chain.view;
    format!("{} {a:02x}{b:02x}{c:02x}{d:02x}", chain.audience.words())
}

fn entry(chain: &AuditedChain, number: usize) -> String {
    format!("entry {number} of the {}", name(chain))
}
