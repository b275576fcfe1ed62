use crate::{counting, log_key};
use ledger::{Checkpoint, Hash, KeyError, LogPublicKey, SignedNote, WitnessKey, WitnessPublicKey};

fn witness() -> WitnessKey {
    WitnessKey::from_seed("council.example/witness", &counting(0x51)).unwrap()
}

fn note() -> SignedNote {
    let checkpoint = Checkpoint {
        origin: "log.example/candour".into(),
        size: 20_852_163,
        root: Hash(counting(1)),
    };
    SignedNote::parse(&checkpoint.sign(&log_key()).unwrap()).unwrap()
}

#[test]
fn a_cosignature_says_who_saw_the_checkpoint_and_when() {
    let mut note = note();
    assert_eq!(witness().public().seen(&note), None);
    note.add(witness().cosign(note.text(), 1_799_658_000).unwrap());
    assert_eq!(witness().public().seen(&note), Some(1_799_658_000));
    // The log's own signature is as good as before.
    assert!(Checkpoint::verify(&note.to_string(), log_key().public()).is_ok());

    let other = WitnessKey::from_seed("council.example/witness", &[1; 32]).unwrap();
    assert_eq!(other.public().seen(&note), None);
}

#[test]
fn the_latest_of_two_cosignatures_counts() {
    let mut note = note();
    note.add(witness().cosign(note.text(), 1_799_658_000).unwrap());
    note.add(witness().cosign(note.text(), 1_799_650_000).unwrap());
    assert_eq!(witness().public().seen(&note), Some(1_799_658_000));
}

#[test]
fn no_flipped_bit_of_a_cosignature_is_believed() {
    let honest = witness().cosign(note().text(), 1_799_658_000).unwrap();
    for bit in 0..honest.signature.len() * 8 {
        let mut forged = honest.clone();
        forged.signature[bit / 8] ^= 1 << (bit % 8);
        let mut note = note();
        note.add(forged);
        assert_eq!(witness().public().seen(&note), None, "bit {bit}");
    }
    let mut short = honest;
    short.signature.truncate(7);
    let mut note = note();
    note.add(short);
    assert_eq!(witness().public().seen(&note), None);
}

#[test]
fn the_keys_of_logs_and_witnesses_never_pass_for_each_other() {
    let vkey = witness().public().vkey();
    assert_eq!(
        WitnessPublicKey::from_vkey(&vkey),
        Ok(witness().public().clone())
    );
    assert_eq!(LogPublicKey::from_vkey(&vkey), Err(KeyError::PublicKey));
    let log = log_key().public().vkey();
    assert_eq!(WitnessPublicKey::from_vkey(&log), Err(KeyError::PublicKey));
}
