//! The same questions put to other people's code: ct-merkle, tlog_tiles and signed_note.

use crate::{commitments, counting, log_key};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::tiles::{TilePath, grow, new_tiles, node_in_tiles};
use ledger::{
    Checkpoint, Frontier, Hash, Tile, consistency_proof, inclusion_proof, leaf_hash,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2::Sha256;
use signed_note::{Note, StandardVerifier, VerifierList};
use std::collections::BTreeMap;

/// A log kept as its tiles, and the same log kept by ct-merkle.
struct TwoLogs {
    ours: BTreeMap<String, Vec<u8>>,
    theirs: MemoryBackedTree<Sha256, [u8; 32]>,
    roots: Vec<Hash>,
}

impl TwoLogs {
    fn of_size(size: u64, step: usize) -> TwoLogs {
        let mut logs = TwoLogs {
            ours: BTreeMap::new(),
            theirs: MemoryBackedTree::new(),
            roots: Vec::new(),
        };
        let mut frontier = Frontier::new();
        logs.roots.push(frontier.root());
        for batch in commitments(size).chunks(step) {
            let leaves: Vec<Hash> = batch.iter().map(|c| leaf_hash(&c.0)).collect();
            let grown = grow(frontier.size(), &leaves, |tile| logs.read(tile)).unwrap();
            let named: Vec<Tile> = grown.iter().map(|(tile, _)| *tile).collect();
            assert_eq!(
                named,
                new_tiles(frontier.size(), frontier.size() + batch.len() as u64)
            );
            logs.ours
                .extend(grown.into_iter().map(|(tile, bytes)| (tile.path(), bytes)));
            for (commitment, leaf) in batch.iter().zip(leaves) {
                logs.theirs.push(commitment.0);
                frontier.push(leaf);
                logs.roots.push(frontier.root());
            }
        }
        logs
    }

    fn read(&self, tile: &Tile) -> Result<Vec<u8>, String> {
        self.ours
            .get(&tile.path())
            .cloned()
            .ok_or_else(|| tile.path())
    }
}

fn joined(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

#[test]
fn ct_merkle_agrees_on_every_small_root_and_proof() {
    for size in 1..=66 {
        let logs = TwoLogs::of_size(size, 1);
        let root = logs.roots[size as usize];
        assert_eq!(root.0[..], logs.theirs.root().as_bytes()[..]);
        for index in 0..size {
            let path = inclusion_proof(index, size, |node| {
                node_in_tiles(node, size, |tile| logs.read(tile))
            })
            .unwrap();
            assert_eq!(
                joined(&path),
                logs.theirs.prove_inclusion(index as usize).as_bytes()
            );
            let leaf = leaf_hash(&logs.theirs.items()[index as usize]);
            assert_eq!(verify_inclusion(&leaf, index, size, &root, &path), Ok(()));

            let old = index + 1;
            let proof = consistency_proof(old, size, |node| {
                node_in_tiles(node, size, |tile| logs.read(tile))
            })
            .unwrap();
            if old < size {
                let theirs = logs.theirs.prove_consistency((size - old) as usize);
                assert_eq!(joined(&proof), theirs.as_bytes());
            }
            let old_root = logs.roots[old as usize];
            assert_eq!(
                verify_consistency(old, &old_root, size, &root, &proof),
                Ok(())
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn ct_merkle_agrees_across_tiles(size in 1..1500_u64, step in 1..700_usize, at in any::<u64>()) {
        let logs = TwoLogs::of_size(size, step);
        // Tiles exist at the sizes where a batch ended, so proofs are asked at the last of them.
        let root = logs.roots[size as usize];
        let theirs = logs.theirs.root();
        prop_assert_eq!(&root.0[..], &theirs.as_bytes()[..]);
        let index = at % size;
        let read = |node| node_in_tiles(node, size, |tile| logs.read(tile));
        let path = inclusion_proof(index, size, read).unwrap();
        let theirs = logs.theirs.prove_inclusion(index as usize);
        prop_assert_eq!(joined(&path), theirs.as_bytes());
        let proof = consistency_proof(index + 1, size, read).unwrap();
        let old_root = logs.roots[index as usize + 1];
        prop_assert_eq!(verify_consistency(index + 1, &old_root, size, &root, &proof), Ok(()));
    }

    #[test]
    fn tlog_tiles_agrees_on_which_tiles_change(old in 0..200_000_u64, more in 0..70_000_u64) {
        let theirs = tlog_tiles::Tile::new_tiles(8, old, old + more);
        let theirs: Vec<String> = theirs.iter().map(their_path).collect();
        let ours: Vec<String> = new_tiles(old, old + more).iter().map(Tile::path).collect();
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn tlog_tiles_agrees_on_addresses(index in any::<u64>(), level in 0..64_u8, width in 1..=256_u16) {
        let tile = Tile { level, index, width };
        let theirs = tlog_tiles::Tile::new(8, level, index, width.into(), false);
        prop_assert_eq!(tile.path(), their_path(&theirs));
        prop_assert_eq!(tile.path().parse(), Ok(TilePath::Hashes(tile)));
    }
}

/// Their addresses carry the tile height, which C2SP fixes at 8 and leaves out.
fn their_path(tile: &tlog_tiles::Tile) -> String {
    tile.path().replacen("tile/8/", "tile/", 1)
}

#[test]
fn signed_note_and_tlog_tiles_accept_our_checkpoint() {
    let key = log_key();
    let checkpoint = Checkpoint {
        origin: "log.example/candour".into(),
        size: 20_852_163,
        root: Hash(counting(7)),
    };
    let text = checkpoint.sign(&key).unwrap();

    let verifier = StandardVerifier::new(&key.public().vkey()).unwrap();
    let note = Note::from_bytes(text.as_bytes()).unwrap();
    let (verified, unknown) = note
        .verify(&VerifierList::new(vec![Box::new(verifier)]))
        .unwrap();
    assert_eq!((verified.len(), unknown.len()), (1, 0));

    let theirs = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    assert_eq!(theirs.origin(), "log.example/candour");
    assert_eq!(theirs.size(), 20_852_163);
    assert_eq!(theirs.hash().0, counting(7));
}
