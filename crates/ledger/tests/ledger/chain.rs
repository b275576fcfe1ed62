use crate::{commitments, counting};
use ledger::{Hash, Head, Link, Opening, ViewId, mix};
use std::collections::BTreeSet;

const VIEW: ViewId = ViewId([7; 32]);
const OPENING: Opening = Opening([9; 32]);

fn link() -> Link {
    Link {
        index: 4,
        time_us: 1_767_605_400_000_000,
        record_root: Hash([1; 32]),
        previous: Hash([2; 32]),
    }
}

#[test]
fn a_commitment_depends_on_all_that_it_commits_to() {
    let moved = |change: fn(&mut Link)| {
        let mut link = link();
        change(&mut link);
        link.commitment(&VIEW, &OPENING)
    };
    let all = [
        link().commitment(&VIEW, &OPENING),
        moved(|l| l.index = 5),
        moved(|l| l.time_us += 1),
        moved(|l| l.time_us = -l.time_us),
        moved(|l| l.record_root = Hash([3; 32])),
        moved(|l| l.previous = Hash([3; 32])),
        link().commitment(&ViewId([8; 32]), &OPENING),
        link().commitment(&VIEW, &Opening([10; 32])),
    ];
    assert_eq!(BTreeSet::from(all).len(), all.len());
}

#[test]
fn a_head_tells_length_content_and_order() {
    let [a, b] = [Hash([1; 32]), Hash([2; 32])];
    let head = Head::EMPTY.append(&a).append(&b);
    assert_eq!(head.next_index, 2);
    assert_ne!(head.hash, Head::EMPTY.append(&b).append(&a).hash);
    assert_ne!(head.hash, Head::EMPTY.append(&b).hash);
    let next = head.link(5, Hash([3; 32]));
    assert_eq!(
        next,
        Link {
            index: 2,
            time_us: 5,
            record_root: Hash([3; 32]),
            previous: head.hash
        }
    );
}

#[test]
fn mixing_loses_nothing_and_keeps_the_order_of_each_chain() {
    let [marta, ivo, ines] = [ViewId([1; 32]), ViewId([2; 32]), ViewId([3; 32])];
    let c = commitments(6);
    let waiting = [
        (marta, c[0]),
        (ivo, c[1]),
        (marta, c[2]),
        (ines, c[3]),
        (marta, c[4]),
        (ivo, c[5]),
    ];
    let mixed: Vec<usize> = mix(&waiting, &counting(0))
        .iter()
        .map(|commitment| c.iter().position(|known| known == commitment).unwrap())
        .collect();
    let of = |chain: &[usize]| -> Vec<usize> {
        mixed
            .iter()
            .copied()
            .filter(|i| chain.contains(i))
            .collect()
    };
    assert_eq!(
        (of(&[0, 2, 4]), of(&[1, 5]), of(&[3])),
        (vec![0, 2, 4], vec![1, 5], vec![3])
    );
    assert_eq!(mixed.len(), 6);
}

#[test]
fn every_order_that_keeps_the_chains_is_about_equally_likely() {
    // Two of Marta's and one of Ivo's: his may come first, second or third.
    let [marta, ivo] = [ViewId([1; 32]), ViewId([2; 32])];
    let c = commitments(3);
    let waiting = [(marta, c[0]), (ivo, c[1]), (marta, c[2])];
    let mut places = [0; 3];
    for seed in 0..3000_u16 {
        let mut bytes = [0; 32];
        bytes[..2].copy_from_slice(&seed.to_be_bytes());
        let mixed = mix(&waiting, &bytes);
        places[mixed
            .iter()
            .position(|commitment| *commitment == c[1])
            .unwrap()] += 1;
    }
    assert!(
        places.iter().all(|count| (900..1100).contains(count)),
        "{places:?}"
    );
}
