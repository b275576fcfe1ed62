//! Every bit of everything that a verifier believes, flipped: none may be believed.

use crate::{commitments, counting, flip, log_key};
use ledger::{
    Batch, Checkpoint, Field, FieldProof, Frontier, Hash, Receipt, Record, Salts, SourceError,
    consistency_proof, inclusion_proof, leaf_hash, verify_consistency, verify_field,
    verify_inclusion,
};

const SIZE: u64 = 11;

#[test]
fn no_flipped_bit_of_a_receipt_is_believed() {
    let batch = Batch::new(commitments(6))
        .sign(&log_key(), 1_767_605_400_250_000, 60)
        .unwrap();
    let text = batch.receipt(4).unwrap().encode();
    for bit in 0..text.len() * 8 {
        let Some(forged) = flip(&text, bit) else {
            continue;
        };
        let believed = Receipt::decode(&forged).is_ok_and(|r| r.verify(log_key().public()).is_ok());
        assert!(!believed, "bit {bit}");
    }
}

#[test]
fn no_flipped_bit_of_a_checkpoint_is_believed() {
    let checkpoint = Checkpoint {
        origin: "log.example/candour".into(),
        size: 70_000,
        root: Hash(counting(1)),
    };
    let text = checkpoint.sign(&log_key()).unwrap();
    for bit in 0..text.len() * 8 {
        let Some(forged) = flip(&text, bit) else {
            continue;
        };
        assert!(
            Checkpoint::verify(&forged, log_key().public()).is_err(),
            "bit {bit}"
        );
    }
}

#[test]
fn no_flipped_bit_of_an_inclusion_proof_is_believed() {
    let root = root_of(SIZE);
    for index in 0..SIZE {
        let leaf = leaf_hash(&commitments(SIZE)[index as usize].0);
        let path = inclusion_proof(index, SIZE, node).unwrap();
        let verify = |leaf: &Hash, index, size, root: &Hash, path: &[Hash]| {
            verify_inclusion(leaf, index, size, root, path).is_ok()
        };
        assert!(verify(&leaf, index, SIZE, &root, &path));
        for forged in flipped(&path) {
            assert!(!verify(&leaf, index, SIZE, &root, &forged));
        }
        for forged in flipped(&[leaf]) {
            assert!(!verify(&forged[0], index, SIZE, &root, &path));
        }
        for forged in flipped(&[root]) {
            assert!(!verify(&leaf, index, SIZE, &forged[0], &path));
        }
        for other in (0..SIZE + 2).filter(|other| *other != index) {
            assert!(
                !verify(&leaf, other, SIZE, &root, &path),
                "{index} passed for {other}"
            );
        }
        for cut in [&path[1..], &path[..path.len() - 1]] {
            assert!(!verify(&leaf, index, SIZE, &root, cut));
        }
    }
}

#[test]
fn nothing_is_in_an_empty_tree_or_after_the_last_leaf() {
    let only = Hash([1; 32]);
    assert!(verify_inclusion(&only, 0, 1, &only, &[]).is_ok());
    assert!(verify_inclusion(&only, 1, 1, &only, &[]).is_err());
    assert!(verify_inclusion(&only, 0, 0, &only, &[]).is_err());
    assert!(verify_inclusion(&only, u64::MAX, u64::MAX, &only, &[only; 64]).is_err());
}

#[test]
fn no_flipped_bit_of_a_consistency_proof_is_believed() {
    let new_root = root_of(SIZE);
    for old in 1..SIZE {
        let old_root = root_of(old);
        let proof = consistency_proof(old, SIZE, node).unwrap();
        let verify = |old, old_root: &Hash, new_root: &Hash, proof: &[Hash]| {
            verify_consistency(old, old_root, SIZE, new_root, proof).is_ok()
        };
        assert!(verify(old, &old_root, &new_root, &proof));
        for forged in flipped(&proof) {
            assert!(!verify(old, &old_root, &new_root, &forged));
        }
        for forged in flipped(&[old_root]) {
            assert!(!verify(old, &forged[0], &new_root, &proof));
        }
        for forged in flipped(&[new_root]) {
            assert!(!verify(old, &old_root, &forged[0], &proof));
        }
        for other in (0..SIZE + 2).filter(|other| *other != old) {
            assert!(
                !verify(other, &old_root, &new_root, &proof),
                "{old} passed for {other}"
            );
        }
        for cut in [&proof[1..], &proof[..proof.len() - 1]] {
            assert!(!verify(old, &old_root, &new_root, cut));
        }
    }
}

#[test]
fn trees_of_equal_size_or_none_are_consistent_only_if_they_are_the_same() {
    let (empty, three, other) = (root_of(0), root_of(3), Hash([1; 32]));
    assert!(verify_consistency(0, &empty, 0, &empty, &[]).is_ok());
    assert!(verify_consistency(0, &empty, 3, &three, &[]).is_ok());
    assert!(verify_consistency(3, &three, 3, &three, &[]).is_ok());
    assert!(verify_consistency(0, &other, 3, &three, &[]).is_err());
    assert!(verify_consistency(0, &other, 0, &other, &[]).is_err());
    assert!(verify_consistency(3, &other, 3, &three, &[]).is_err());
    assert!(verify_consistency(3, &three, 3, &three, &[other]).is_err());
    assert!(verify_consistency(0, &empty, 3, &three, &[other]).is_err());
    assert!(verify_consistency(4, &root_of(4), 3, &three, &[]).is_err());
    assert_eq!(consistency_proof(4, 3, node), Err(SourceError::OutOfRange));
    assert_eq!(inclusion_proof(3, 3, node), Err(SourceError::OutOfRange));
}

#[test]
fn no_flipped_bit_of_an_opened_field_is_believed() {
    let salts = Salts::new(counting(0));
    let field = |name: &str| Field {
        name: name.into(),
        value: b"value".to_vec(),
    };
    let record = Record::new(["a", "b", "c", "d", "e"].map(field).to_vec()).unwrap();
    let root = record.root(&salts);
    let proof = record.prove_field(&salts, "c").unwrap();
    let believed = |change: &dyn Fn(&mut FieldProof)| {
        let mut forged = proof.clone();
        change(&mut forged);
        verify_field(&root, &forged).is_ok()
    };
    assert!(believed(&|_| {}));
    for bit in 0..8 {
        for byte in 0..5 {
            assert!(!believed(&|p| p.field.value[byte] ^= 1 << bit));
        }
        for byte in 0..16 {
            assert!(!believed(&|p| p.salt[byte] ^= 1 << bit));
        }
        assert!(!believed(
            &|p| p.field.name = char::from(b'c' ^ 1 << bit).to_string()
        ));
    }
    for bit in 0..16 {
        assert!(!believed(&|p| p.index ^= 1 << bit));
        assert!(!believed(&|p| p.count ^= 1 << bit));
    }
    for path in flipped(&proof.path) {
        assert!(!believed(&|p| p.path = path.clone()));
    }
}

/// The hashes once for each of their bits, with that bit flipped.
fn flipped(hashes: &[Hash]) -> impl Iterator<Item = Vec<Hash>> {
    let hashes = hashes.to_vec();
    (0..hashes.len() * 256).map(move |bit| {
        let mut forged = hashes.clone();
        forged[bit / 256].0[bit % 256 / 8] ^= 1 << (bit % 8);
        forged
    })
}

fn root_of(size: u64) -> Hash {
    let mut frontier = Frontier::new();
    commitments(size)
        .iter()
        .for_each(|c| frontier.push(leaf_hash(&c.0)));
    frontier.root()
}

/// The root of a complete subtree, by building that subtree alone.
fn node(id: ledger::NodeId) -> Result<Hash, SourceError<()>> {
    let mut frontier = Frontier::new();
    let start = (id.index << id.level) as usize;
    let leaves = &commitments(SIZE)[start..start + (1 << id.level)];
    leaves.iter().for_each(|c| frontier.push(leaf_hash(&c.0)));
    Ok(frontier.root())
}
