use ledger::{Hash, Head, Map, Opening, Position, TwoLeaves, leaf_hash, map_leaf, map_root};
use proptest::prelude::*;

/// Positions and values as if drawn; `first` in common makes long paths.
fn leaves(count: u64, first: &[u8]) -> Vec<(Position, Hash)> {
    let leaf = |i: u64| {
        let mut position = leaf_hash(&i.to_be_bytes()).0;
        position[..first.len()].copy_from_slice(first);
        (
            Position(position),
            leaf_hash(&(i + 1_000_000).to_be_bytes()),
        )
    };
    (0..count).map(leaf).collect()
}

#[test]
fn a_map_of_none_and_of_one_is_as_small_as_can_be() {
    assert_eq!(Map::new(Vec::new()).unwrap().root(), Hash([0; 32]));
    let (position, value) = leaves(1, &[])[0];
    let map = Map::new(vec![(position, value)]).unwrap();
    assert_eq!(map.root(), value);
    assert_eq!(map.path(&position), Some(vec![]));
    assert_eq!(map.path(&Position([7; 32])), None);
}

#[test]
fn two_leaves_at_one_position_are_refused() {
    let (position, value) = leaves(1, &[])[0];
    let twice = Map::new(vec![(position, value), (position, Hash([9; 32]))]);
    assert_eq!(twice.err(), Some(TwoLeaves));
}

#[test]
fn every_leaf_of_a_large_map_has_its_path_and_no_other_value_passes() {
    let leaves = leaves(20_000, &[]);
    let map = Map::new(leaves.clone()).unwrap();
    for (position, value) in leaves.iter().step_by(997) {
        let path = map.path(position).unwrap();
        // 2^14 is 16,384: a path is about fourteen long, and longer by chance.
        assert!((12..45).contains(&path.len()), "{}", path.len());
        assert_eq!(map_root(position, value, &path), Some(map.root()));
        for bit in 0..256 {
            let mut forged = *value;
            forged.0[bit / 8] ^= 1 << (bit % 8);
            assert_ne!(map_root(position, &forged, &path), Some(map.root()));
        }
        for sibling in 0..path.len() {
            let mut forged = path.clone();
            forged[sibling].0[31] ^= 1;
            assert_ne!(map_root(position, value, &forged), Some(map.root()));
        }
        assert_ne!(map_root(position, value, &path[1..]), Some(map.root()));
    }
}

#[test]
fn a_path_longer_than_a_position_leads_nowhere() {
    let (position, value) = leaves(1, &[])[0];
    assert_eq!(map_root(&position, &value, &[Hash([0; 32]); 257]), None);
    assert!(map_root(&position, &value, &[Hash([0; 32]); 256]).is_some());
}

#[test]
fn a_leaf_depends_on_all_that_it_says() {
    let [a, b] = [Position([1; 32]), Position([2; 32])];
    let head = Head::EMPTY.append(&Hash([3; 32]));
    let opening = Opening([4; 32]);
    let longer = head.append(&Hash([3; 32]));
    let all = [
        map_leaf(1, &a, &head, &opening),
        map_leaf(2, &a, &head, &opening),
        map_leaf(1, &b, &head, &opening),
        map_leaf(1, &a, &longer, &opening),
        map_leaf(1, &a, &head, &Opening([5; 32])),
    ];
    let different: std::collections::BTreeSet<Hash> = all.into();
    assert_eq!(different.len(), all.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn paths_lead_to_the_root_however_crowded(count in 1..60_u64, shared in 0..6_usize) {
        let leaves = leaves(count, &[0xa5; 6][..shared]);
        let map = Map::new(leaves.clone()).unwrap();
        for (position, value) in &leaves {
            let path = map.path(position).unwrap();
            prop_assert!(count == 1 || path.len() > 8 * shared);
            prop_assert_eq!(map_root(position, value, &path), Some(map.root()));
        }
    }

    #[test]
    fn the_order_in_which_views_come_changes_nothing(count in 2..40_u64, turn in 0..40_usize) {
        let leaves = leaves(count, &[]);
        let mut turned = leaves.clone();
        turned.rotate_left(turn % leaves.len());
        prop_assert_eq!(Map::new(leaves).unwrap().root(), Map::new(turned).unwrap().root());
    }
}
