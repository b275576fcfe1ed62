use ledger::{Hash, Head, Link, Opening, ViewId};
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
