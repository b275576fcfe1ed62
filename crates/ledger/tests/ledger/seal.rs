use crate::counting;
use ledger::{
    EntryKey, Field, HomeKey, Opening, Record, RootKey, Salts, SealError, open, open_entry, seal,
    seal_entry,
};

const REFUSED: SealError = SealError::NotOpened;

fn entry_key() -> EntryKey {
    EntryKey::new(counting(0x60))
}

fn record() -> Record {
    Record::new(vec![Field {
        name: "why".into(),
        value: b"referral".to_vec(),
    }])
    .unwrap()
}

#[test]
fn an_entry_comes_back_as_it_was_sealed() {
    let (opening, salts) = (Opening([5; 32]), Salts::new([6; 32]));
    let sealed = seal_entry(&entry_key(), counting(0), &opening, &record(), &salts).unwrap();
    assert_eq!(sealed.root, record().root(&salts));
    let opened = open_entry(&entry_key(), &sealed.root, &sealed.bytes).unwrap();
    assert_eq!(
        (opened.opening, opened.record, opened.salts),
        (opening, record(), salts)
    );
}

#[test]
fn an_entry_opens_only_under_its_own_key_and_root() {
    let sealed = seal_entry(
        &entry_key(),
        counting(0),
        &Opening([5; 32]),
        &record(),
        &Salts::new([6; 32]),
    );
    let sealed = sealed.unwrap();
    let other_root = record().root(&Salts::new([7; 32]));
    assert_eq!(
        open_entry(&entry_key(), &other_root, &sealed.bytes),
        Err(REFUSED)
    );
    assert_eq!(
        open_entry(&EntryKey::new([1; 32]), &sealed.root, &sealed.bytes),
        Err(REFUSED)
    );
}

#[test]
fn a_sealed_record_that_belies_its_root_is_refused() {
    // Whoever has the key can seal anything; the root decides what is believed.
    let claimed = record().root(&Salts::new([7; 32]));
    let aad = [b"entry/v1", &claimed.0[..]].concat();
    let plain = [&[5; 32][..], &record().encode(&Salts::new([6; 32]))].concat();
    let sealed = seal(&entry_key(), counting(0), &aad, &plain).unwrap();
    assert_eq!(open_entry(&entry_key(), &claimed, &sealed), Err(REFUSED));
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    let sealed = seal(&entry_key(), counting(0), b"use", b"some words").unwrap();
    assert_eq!(open(&entry_key(), b"use", &sealed).unwrap(), b"some words");
    for bit in 0..sealed.len() * 8 {
        let mut forged = sealed.clone();
        forged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            open(&entry_key(), b"use", &forged),
            Err(REFUSED),
            "bit {bit}"
        );
    }
    for length in 0..sealed.len() {
        assert_eq!(open(&entry_key(), b"use", &sealed[..length]), Err(REFUSED));
    }
    assert_eq!(open(&entry_key(), b"other use", &sealed), Err(REFUSED));
}

#[test]
fn keys_travel_down_from_the_root_key() {
    let root = RootKey::new(counting(0xa0)).unwrap();
    let home = HomeKey::new(counting(0x80)).unwrap();
    let kept_home = root.wrap(&home, counting(0)).unwrap();
    let kept_entry = home.wrap(&entry_key(), counting(1)).unwrap();
    let sealed = seal(&entry_key(), counting(2), b"use", b"some words").unwrap();

    let home = root.unwrap(&kept_home).unwrap();
    let key = home.unwrap(&kept_entry).unwrap();
    assert_eq!(open(&key, b"use", &sealed).unwrap(), b"some words");

    assert_eq!(home.unwrap(&kept_home).map(|_| ()), Err(REFUSED));
    assert_eq!(root.unwrap(&kept_entry).map(|_| ()), Err(REFUSED));
}

#[test]
fn what_a_home_key_sealed_as_data_never_opens_as_a_key() {
    let home = HomeKey::new(counting(0x80)).unwrap();
    let data = home.seal(counting(0), b"", &[1; 32]).unwrap();
    let key = home.wrap(&entry_key(), counting(1)).unwrap();
    assert_eq!(home.open(b"", &data).unwrap(), [1; 32]);
    assert_eq!(home.open(b"facts", &data), Err(REFUSED));
    assert_eq!(home.unwrap(&data).map(|_| ()), Err(REFUSED));
    assert_eq!(home.open(b"", &key), Err(REFUSED));
}

#[test]
fn keys_stay_out_of_debug_output_and_are_shared_between_threads() {
    fn shared<T: Send + Sync>(key: &T) -> &T {
        key
    }
    let home = HomeKey::new(counting(0x80)).unwrap();
    assert_eq!(
        format!("{:?} {:?}", shared(&entry_key()), shared(&home)),
        "EntryKey(..) HomeKey(..)"
    );
    assert_eq!(
        format!("{:?}", shared(&RootKey::new([0; 32]).unwrap())),
        "RootKey(..)"
    );
    assert_eq!(format!("{:?}", Opening([5; 32])), "Opening(..)");
}
