//! Expectation maximisation.

use super::counts::{Counts, Patterns, Table};
use super::sample::Block;
use crate::compare::{at, spec};

/// Fewer pairs than this in a block teach nothing.
const FEWEST: f64 = 50.0;
/// One block counts for at most so many pairs of one person, so that none drowns the others.
const MOST: f64 = 20_000.0;
const PASSES: usize = 40;
/// One person's records differ in less than this part of their pairs, even in a poor file.
const SELDOM: f64 = 0.4;
/// What is a person's own, and not shared by a family.
const OWN: [usize; 3] = [at::GIVEN, at::BIRTH, at::SEX];
/// So many pairs of one person show how often those differ.
const ENOUGH: f64 = 100.0;

/// What the pairs of one block showed.
#[derive(Debug)]
pub(super) struct Session {
    patterns: Patterns,
    fields: &'static [usize],
}

impl Session {
    /// `None` if the block has too few pairs.
    pub(super) fn new(block: &Block, patterns: Patterns) -> Option<Self> {
        let pairs: f64 = patterns.iter().map(|(_, times)| times).sum();
        (pairs >= FEWEST).then_some(Self {
            patterns,
            fields: block.fields,
        })
    }
}

/// One round: pairs taken at random correct what two people have in common, the blocks what one
/// person's records have.
pub(super) fn round(table: &Table, random: &Patterns, sessions: &[Session]) -> Table {
    let comparisons = table.comparisons();
    let mut counts = Counts::none(comparisons);
    expect(
        table,
        random,
        &[],
        1e-4,
        &mut |place, pattern, times, one| {
            // Pairs of one person among those taken at random are not counted for two.
            counts.met_by_two(place, pattern, times * (1.0 - one));
        },
    );
    let fixed = counts.table(comparisons).with_m_of(table);
    let found: Vec<(Counts, f64)> = sessions
        .iter()
        .map(|session| maximise(&fixed, session))
        .filter(|(found, _)| is_of_people(found))
        .collect();
    let cleanest = OWN.map(|place| (place, cleanest(&found, place)));
    for (turn, (found, matches)) in found.iter().enumerate() {
        counts.add(found, (MOST / matches.max(1.0)).min(1.0), |place| {
            let best = cleanest.iter().find(|(own, _)| *own == place);
            best.and_then(|(_, best)| *best)
                .is_none_or(|best| best == turn)
        });
    }
    counts.table(comparisons)
}

/// The block that shows best what one person's records have in common in a comparison. Relatives who
/// were taken for one person make it look as if people changed their date of birth, never as if
/// they kept it: so the block in which fewest pairs differ has fewest of them.
fn cleanest(found: &[(Counts, f64)], place: usize) -> Option<usize> {
    let shares = found
        .iter()
        .enumerate()
        .filter_map(|(turn, (found, _))| Some((turn, found.differing(place, ENOUGH)?)));
    let best = shares.min_by(|(_, one), (_, other)| one.total_cmp(other));
    best.map(|(turn, _)| turn)
}

/// Whether what a block was parted into are people and strangers. Where a file has more families than
/// repeated records, the records of one address part as well into households and strangers; but
/// most pairs of a household differ in first name and in date of birth, as no one person's do.
fn is_of_people(found: &Counts) -> bool {
    let differing = [at::GIVEN, at::BIRTH].map(|place| found.differing(place, FEWEST));
    let known: Vec<f64> = differing.into_iter().flatten().collect();
    known.is_empty() || known.iter().any(|part| *part < SELDOM)
}

/// Expectation maximisation on one block: the odds within the block, and m, are free; u is fixed but
/// for what depends on the field of the block. Gives the counts of the last pass.
fn maximise(fixed: &Table, session: &Session) -> (Counts, f64) {
    let comparisons = fixed.comparisons();
    let mut table = fixed.clone();
    let mut share = 0.3;
    let mut last = Counts::none(comparisons);
    let mut matches = 0.0;
    let all: f64 = session.patterns.iter().map(|(_, times)| times).sum();
    for _ in 0..PASSES {
        let mut counts = Counts::none(comparisons);
        matches = expect(
            &table,
            &session.patterns,
            session.fields,
            share,
            &mut |place, pattern, times, one| {
                if session.fields.contains(&place) {
                    return;
                }
                counts.met(place, pattern, times * one);
                let depends = spec(place).depends_on;
                if depends.is_some_and(|on| session.fields.contains(&on)) {
                    counts.met_by_two(place, pattern, times * (1.0 - one));
                }
            },
        );
        let next = (matches / all).clamp(1e-6, 0.999_999);
        let settled = (next - share).abs() < 1e-5;
        share = next;
        table = counts.table(comparisons).with_u_of(fixed, session.fields);
        last = counts;
        if settled {
            break;
        }
    }
    (last, matches)
}

/// For each pattern, the probability that it is of one person, handed on for each comparison; gives
/// how many pairs of one person are expected.
fn expect(
    table: &Table,
    patterns: &Patterns,
    left_out: &[usize],
    share: f64,
    each: &mut impl FnMut(usize, crate::compare::Pattern, f64, f64),
) -> f64 {
    let prior = (share / (1.0 - share)).ln();
    let mut expected = 0.0;
    for (pattern, times) in patterns {
        let odds = (prior + table.log_odds(*pattern, left_out))
            .clamp(-60.0, 60.0)
            .exp();
        let one = odds / (1.0 + odds);
        expected += times * one;
        for place in 0..table.comparisons() {
            if pattern.level(place) != 0 {
                each(place, *pattern, *times, one);
            }
        }
    }
    expected
}
