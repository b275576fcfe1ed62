//! Nothing to be learnt from what is public: two worlds with the same times and counts, different
//! people, and nobody can tell which is which from the log and the paths of the map.

use crate::keeper::{HOUR, Keeper, MINUTE, MONDAY};
use ledger::ViewId;

const PAIRS: usize = 1000;
/// Guessing right by chance in 1,000 pairs gives 0.5 with a deviation of 0.0129.
const MOST: f64 = 0.55;

fn view(seed: usize, number: u8) -> ViewId {
    let mut view = ledger::leaf_hash(&(seed as u64).to_be_bytes()).0;
    view[0] = number;
    ViewId(view)
}

/// In one world all twelve entries are about one person, and eleven others have none but the first;
/// in the other each of twelve people has one more. The log and the number of views are alike.
fn world(seed: usize, one_person: bool) -> Keeper {
    let mut log = Keeper::seeded(seed as u64);
    log.witnesses.clear();
    for person in 0..12 {
        let time = MONDAY + i64::from(person) * MINUTE;
        log.write(view(seed, person), time, &[("what", "x")]);
    }
    log.epoch(MONDAY + HOUR);
    for turn in 0..12 {
        let person = if one_person { 0 } else { turn };
        let time = MONDAY + HOUR + i64::from(turn) * MINUTE;
        log.write(view(seed, person), time, &[("what", "x")]);
    }
    log.epoch(MONDAY + 2 * HOUR);
    log
}

/// What an outsider sees, as numbers: bits of the log's leaves and of the maps' roots and nodes, and
/// how many of them changed from one epoch to the next.
fn seen(log: &Keeper, seed: usize) -> Vec<f64> {
    let ones = |bytes: &[u8]| bytes.iter().map(|byte| byte.count_ones()).sum::<u32>();
    let leaves: Vec<u32> = log.leaves.iter().map(|leaf| ones(&leaf.0)).collect();
    let mut features: Vec<f64> = leaves.iter().map(|ones| f64::from(*ones)).collect();
    let neighbours = log.leaves.windows(2).map(|pair| {
        let differing = pair[0].0.iter().zip(pair[1].0).map(|(a, b)| a ^ b);
        f64::from(differing.map(u8::count_ones).sum::<u32>())
    });
    features.extend(neighbours);
    // What a holder of one path, somebody's who is not concerned, sees of the others.
    let position = log.position(view(seed, 11));
    let [first, second] = [0, 1].map(|epoch: usize| log.epochs[epoch].map.path(&position).unwrap());
    let changed = first.iter().zip(&second).filter(|(a, b)| a != b).count();
    features.push(changed as f64);
    features.push(first.len() as f64 - second.len() as f64);
    // Some paths are shorter than three, by chance.
    features.extend((0..3).map(|place| {
        let node = second.get(place);
        node.map_or(128.0, |hash| f64::from(ones(&hash.0)))
    }));
    features
}

/// How often a world of the first kind scores above one of the second: 0.5 if nothing can be told.
fn auc(first: &[f64], second: &[f64]) -> f64 {
    let wins = first.iter().flat_map(|a| {
        second.iter().map(move |b| match a.partial_cmp(b) {
            Some(std::cmp::Ordering::Greater) => 1.0,
            Some(std::cmp::Ordering::Equal) => 0.5,
            _ => 0.0,
        })
    });
    wins.sum::<f64>() / (first.len() * second.len()) as f64
}

#[test]
fn nobody_tells_from_log_and_map_whose_list_grew() {
    let worlds = |kind: bool| -> Vec<Vec<f64>> {
        (0..PAIRS)
            .map(|seed| {
                let seed = 2 * seed + usize::from(kind);
                seen(&world(seed, kind), seed)
            })
            .collect()
    };
    let (one, many) = (worlds(true), worlds(false));
    // The classifier is trained on half of the pairs (the direction and weight of each feature)
    // and asked about the other half.
    let features = one[0].len();
    let half = PAIRS / 2;
    let mean = |worlds: &[Vec<f64>], feature: usize| {
        worlds.iter().map(|world| world[feature]).sum::<f64>() / worlds.len() as f64
    };
    let weights: Vec<f64> = (0..features)
        .map(|feature| mean(&one[..half], feature) - mean(&many[..half], feature))
        .collect();
    let score = |world: &Vec<f64>| -> f64 {
        world
            .iter()
            .zip(&weights)
            .map(|(value, weight)| value * weight)
            .sum()
    };
    let told = auc(
        &one[half..].iter().map(score).collect::<Vec<_>>(),
        &many[half..].iter().map(score).collect::<Vec<_>>(),
    );
    println!("told apart with an AUC of {told:.4}; at most {MOST} is allowed");
    assert!(told <= MOST, "told apart with {told}");
}

#[test]
fn a_map_that_kept_its_openings_would_tell() {
    // The same classifier is not blind: were leaves not drawn anew, unchanged neighbours would show.
    let log = world(1, false);
    let position = log.position(view(1, 11));
    let [first, second] = [0, 1].map(|epoch: usize| log.epochs[epoch].map.path(&position).unwrap());
    let unchanged = first
        .iter()
        .zip(&second)
        .filter(|(a, b)| a == b && a.0 != [0; 32]);
    assert_eq!(unchanged.count(), 0);
}
