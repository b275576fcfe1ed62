use crate::commitments;
use ledger::{Frontier, Hash, NotAHash, leaf_hash};

fn frontier(size: u64) -> Frontier {
    let mut frontier = Frontier::new();
    commitments(size)
        .iter()
        .for_each(|c| frontier.push(leaf_hash(&c.0)));
    frontier
}

#[test]
fn a_frontier_that_was_put_away_goes_on_growing() {
    for size in 0..40 {
        let mut kept = Frontier::decode(&frontier(size).encode()).unwrap();
        assert_eq!((kept.size(), kept.root()), (size, frontier(size).root()));
        kept.push(leaf_hash(&commitments(size + 1)[size as usize].0));
        assert_eq!(kept, frontier(size + 1));
    }
}

#[test]
fn a_frontier_has_one_peak_for_each_bit_of_its_size() {
    let bytes = frontier(11).encode();
    assert_eq!(bytes.len(), 8 + 3 * 32);
    assert_eq!(Frontier::decode(&bytes[..bytes.len() - 1]), None);
    assert_eq!(Frontier::decode(&[&bytes[..], &[0]].concat()), None);
    let mut other_size = bytes.clone();
    other_size[7] = 15;
    assert_eq!(Frontier::decode(&other_size), None);
    assert_eq!(Frontier::decode(&[]), None);
}

#[test]
fn a_hash_is_written_and_read_in_one_way() {
    let hex = "00ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e";
    let hash = Hash::from_hex(hex).unwrap();
    assert_eq!(
        (hash.0[0], hash.0[1], hash.to_string().as_str()),
        (0, 255, hex)
    );
    for wrong in [
        "",
        &hex[1..],
        &hex[2..],
        &hex.to_uppercase(),
        &format!("{hex}0"),
        &format!("{hex}00"),
        &format!("g{}", &hex[1..]),
    ] {
        assert_eq!(Hash::from_hex(wrong), Err(NotAHash), "{wrong}");
    }
}
