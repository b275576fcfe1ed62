//! The verification of a pack, step by step. No step is passed over: what a pack does not bring is
//! reported as not shown.

use super::report::{Finding, Outcome, Report, Step};
use super::stated::handed_on;
use super::trust::Trust;
use super::words::{Faults, count, entries};
use super::{Content, ERASES, EpochProof, LogPlace, Pack, PackLink, record_root};
use crate::chain::{Head, Link};
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::head_code::HeadCode;
use crate::key::LogPublicKey;
use crate::map::{Position, map_leaf, map_root};
use crate::proof::{verify_consistency, verify_inclusion};
use crate::tree::leaf_hash;

/// Checks everything that a pack claims.
pub fn verify(pack: &Pack, trust: &Trust<'_>) -> Report {
    let handed_to = trust.log.map(|trusted| handed_on(pack, trusted));
    let key = handed_to.as_ref().unwrap_or(&pack.log_key);
    let checkpoint = Checkpoint::verify(&pack.checkpoint.to_string(), key);
    let checking = Checking {
        pack,
        trust,
        key,
        checkpoint: checkpoint.as_ref().ok(),
        heads: pack.heads(),
    };
    let signed = match &checkpoint {
        Ok(found) => Outcome::Holds(format!("signed by the log, {} leaves", found.size)),
        Err(error) => Outcome::Fails(error.to_string()),
    };
    let mut steps = vec![
        (Step::Key, trust.names(&pack.log_key, handed_to.as_ref())),
        (Step::Checkpoint, signed),
        (Step::Witnesses, trust.cosigned(&pack.checkpoint)),
        (Step::History, checking.history()),
        (Step::Entries, checking.entries()),
        (Step::Erasures, checking.erasures()),
        (Step::Held, checking.held()),
        (Step::Log, checking.log()),
        (Step::Order, checking.order()),
        (Step::Times, checking.times()),
        (Step::Completeness, checking.completeness()),
    ];
    if !pack.statements.is_empty() {
        steps.push((Step::Statements, checking.statements()));
    }
    steps.extend(trust.code.map(|code| (Step::Code, checking.code(code))));
    Report {
        findings: steps
            .into_iter()
            .map(|(step, outcome)| Finding { step, outcome })
            .collect(),
        origin: key.name().to_owned(),
        log_size: checking.checkpoint.map(|checkpoint| checkpoint.size),
        view: pack.view,
        entries: pack.links.len(),
        code: HeadCode::of(&pack.view, &pack.head()),
    }
}

pub(super) struct Checking<'a> {
    pub(super) pack: &'a Pack,
    pub(super) trust: &'a Trust<'a>,
    /// The log's key at the pack's checkpoint.
    pub(super) key: &'a LogPublicKey,
    /// The pack's checkpoint, if the log signed it.
    pub(super) checkpoint: Option<&'a Checkpoint>,
    /// The chain's state before each link, and after the last.
    heads: Vec<Head>,
}

impl Checking<'_> {
    fn history(&self) -> Outcome {
        let Some(newest) = self.checkpoint else {
            return no_checkpoint();
        };
        if self.pack.earlier.is_empty() {
            return Outcome::NotShown("no earlier checkpoint is in the pack".to_owned());
        }
        let mut faults = Faults::default();
        for (number, earlier) in self.pack.earlier.iter().enumerate() {
            match self.signed_then(&earlier.checkpoint) {
                Err(error) => faults.add(format!("earlier checkpoint {number}: {error}")),
                Ok(old) => {
                    let (proof, root) = (&earlier.consistency, &newest.root);
                    if verify_consistency(old.size, &old.root, newest.size, root, proof).is_err() {
                        faults.add(format!(
                            "the log of {} leaves is not the beginning of that of {}: it was \
                             rewritten, or shown differently to different people",
                            old.size, newest.size
                        ));
                    }
                }
            }
        }
        let shown = self.pack.earlier.len();
        faults.or(|| Outcome::Holds(format!("only grew since {}", count(shown, "checkpoint"))))
    }

    fn entries(&self) -> Outcome {
        let mut faults = Faults::default();
        for (place, (link, head)) in self.links() {
            if !opens(self.pack, link, head) {
                faults.add(format!(
                    "entry {place} is not what was committed: it was altered, or one before it \
                     was left out"
                ));
            }
        }
        faults.or(|| {
            Outcome::Holds(format!(
                "{} without gaps, each as it was committed",
                entries(self.pack.links.len())
            ))
        })
    }

    /// An erased entry shows nothing, so a later entry must say that it was erased, and by whom.
    fn erasures(&self) -> Outcome {
        let mut faults = Faults::default();
        let mut erased = 0;
        for (place, (link, _)) in self.links() {
            if link.content != Content::Erased {
                continue;
            }
            erased += 1;
            let commitment = link.commitment.to_string();
            let mut later = self.pack.links.iter().skip(place + 1);
            if !later.any(|later| later.content.shown(ERASES) == Some(commitment.as_bytes())) {
                faults.add(format!(
                    "entry {place} cannot be opened, and no later entry says that it was erased"
                ));
            }
        }
        faults.or(|| {
            Outcome::Holds(match erased {
                0 => "no entry was erased".to_owned(),
                _ => format!("{} erased, and a later entry says so", entries(erased)),
            })
        })
    }

    fn log(&self) -> Outcome {
        let Some(checkpoint) = self.checkpoint else {
            return no_checkpoint();
        };
        let mut faults = Faults::default();
        let mut waiting = 0;
        for (number, (link, _)) in self.links() {
            match &link.place {
                Some(place) if is_in(checkpoint, &link.commitment, place) => {}
                Some(place) => faults.add(format!(
                    "the log does not hold entry {number} at leaf {}",
                    place.index
                )),
                None => waiting += 1,
            }
        }
        faults.or(|| match waiting {
            0 => Outcome::Holds(format!("all {} in the log", entries(self.pack.links.len()))),
            _ => Outcome::NotShown(format!(
                "the newest {} younger than the checkpoint: ask for the pack again in a minute",
                entries(waiting)
            )),
        })
    }

    fn order(&self) -> Outcome {
        let mut faults = Faults::default();
        let mut last_leaf = None;
        let mut last_time = None;
        let mut waits = false;
        for (place, (link, _)) in self.links() {
            match &link.place {
                Some(_) if waits => faults.add(format!(
                    "entry {place} is in the log although one before it waits"
                )),
                Some(at) if last_leaf.is_some_and(|last| at.index <= last) => {
                    faults.add(format!(
                        "entry {place} is in the log before the one that it follows"
                    ));
                }
                Some(_) => {}
                None => waits = true,
            }
            last_leaf = link.place.as_ref().map(|at| at.index).or(last_leaf);
            if let Content::Open { time_us, .. } = link.content {
                if last_time.is_some_and(|last| time_us < last) {
                    faults.add(format!(
                        "entry {place} claims an earlier time than the one that it follows"
                    ));
                }
                last_time = Some(time_us);
            }
        }
        faults.or(|| Outcome::Holds("the log took them in the order of the list".to_owned()))
    }

    fn completeness(&self) -> Outcome {
        if self.checkpoint.is_none() {
            return no_checkpoint();
        }
        let Some(newest) = self.pack.epochs.last() else {
            return Outcome::NotShown(
                "no epoch is in the pack: the newest entries could have been left out".to_owned(),
            );
        };
        let mut faults = Faults::default();
        for proof in &self.pack.epochs {
            if let Err(fault) = self.stood(proof) {
                faults.add(format!("epoch {}: {fault}", proof.epoch.number));
            }
        }
        if !(self.pack.epochs).is_sorted_by(|before, after| self.follows(before, after)) {
            faults.add("the epochs do not follow one another".to_owned());
        }
        let length = newest.head.next_index as usize;
        let younger = self.pack.links.len().saturating_sub(length);
        faults.or(|| {
            let complete = format!(
                "complete at epoch {}, with {}",
                newest.epoch.number,
                entries(length)
            );
            Outcome::Holds(match younger {
                0 => complete,
                _ => format!("{complete}; {} younger", entries(younger)),
            })
        })
    }

    /// Whether the view stood at an epoch as this list did.
    fn stood(&self, proof: &EpochProof) -> Result<(), String> {
        let epoch = &proof.epoch;
        if !self.has(proof) {
            return Err("the log does not hold it".to_owned());
        }
        let hash = epoch.vrf_key.verify(&self.pack.view.0, &proof.position);
        let position = Position::of(&hash.map_err(|error| error.to_string())?);
        let leaf = map_leaf(epoch.number, &position, &proof.head, &proof.opening);
        if map_root(&position, &leaf, &proof.path) != Some(epoch.root) {
            return Err("its map does not say this of the view".to_owned());
        }
        let length = proof.head.next_index;
        let head = usize::try_from(length).ok();
        let Some(head) = head.and_then(|length| self.heads.get(length)) else {
            return Err(format!(
                "there were {length} entries and the list has {}: the newest were left out",
                self.pack.links.len()
            ));
        };
        if *head != proof.head {
            return Err("the list was another one then".to_owned());
        }
        let places = self
            .pack
            .links
            .iter()
            .filter_map(|link| link.place.as_ref());
        let held = places.filter(|place| place.index < epoch.size).count();
        if held as u64 != length {
            return Err(format!(
                "it counts {length} of this view's entries among the first {} leaves, and the \
                 list has {held} there",
                epoch.size
            ));
        }
        Ok(())
    }

    /// Whether the log holds an epoch, after the leaves that it speaks of.
    pub(super) fn has(&self, proof: &EpochProof) -> bool {
        let commitment = proof.epoch.commitment();
        proof.epoch.size <= proof.place.index
            && self
                .checkpoint
                .is_some_and(|checkpoint| is_in(checkpoint, &commitment, &proof.place))
    }

    /// Whether one epoch can come after another of the same map.
    fn follows(&self, before: &EpochProof, after: &EpochProof) -> bool {
        let (a, b) = (&before.epoch, &after.epoch);
        a.number < b.number
            && a.time_us <= b.time_us
            && a.size <= b.size
            && self.positions_key_after(before, after.place.index) == *b.vrf_key.as_bytes()
            && before.place.index < after.place.index
    }

    fn code(&self, wanted: HeadCode) -> Outcome {
        let mut heads = self.heads.iter();
        match heads.position(|head| HeadCode::of(&self.pack.view, head) == wanted) {
            Some(length) => Outcome::Holds(format!(
                "the code is that of the first {} of this list",
                entries(length)
            )),
            None if self.has_lost() => Outcome::NotShown(format!(
                "this list never had the code {wanted}; it may be of the time from which entries \
                 were lost"
            )),
            None => Outcome::Fails(format!(
                "this list never had the code {wanted}: it was changed since, or is another's"
            )),
        }
    }

    /// The links, each with its place and the chain's state before it.
    pub(super) fn links(&self) -> impl Iterator<Item = (usize, (&PackLink, &Head))> {
        self.pack.links.iter().zip(&self.heads).enumerate()
    }
}

/// Whether a link's content is what its commitment commits to, at its place in the chain.
fn opens(pack: &Pack, link: &PackLink, head: &Head) -> bool {
    let Content::Open {
        time_us,
        opening,
        fields,
    } = &link.content
    else {
        return true;
    };
    let stated = Link {
        index: head.next_index,
        time_us: *time_us,
        record_root: record_root(fields),
        previous: head.hash,
    };
    stated.commitment(&pack.view, opening) == link.commitment
}

pub(super) fn is_in(checkpoint: &Checkpoint, commitment: &Hash, place: &LogPlace) -> bool {
    let leaf = leaf_hash(&commitment.0);
    let (size, root) = (checkpoint.size, &checkpoint.root);
    verify_inclusion(&leaf, place.index, size, root, &place.path).is_ok()
}

pub(super) fn no_checkpoint() -> Outcome {
    Outcome::NotShown("there is no checkpoint to hold it against".to_owned())
}
