use crate::counting;
use ledger::{Field, Hash, ProofError, Record, RecordError, Salts, verify_field};
use proptest::prelude::*;

fn field(name: &str, value: &str) -> Field {
    Field {
        name: name.into(),
        value: value.into(),
    }
}

fn referral() -> Record {
    Record::new(vec![
        field("with", "Northburn social work"),
        field("purpose", "direct care"),
        field("what", "allergies"),
        field("when", "2026-01-05T09:30:00Z"),
        field("why", "referral of 2 January"),
    ])
    .unwrap()
}

fn salts() -> Salts {
    Salts::new(counting(0))
}

#[test]
fn fields_are_found_by_name_and_kept_in_order() {
    let record = referral();
    assert_eq!(record.get("why"), Some(&b"referral of 2 January"[..]));
    assert_eq!(record.get("whose"), None);
    let names: Vec<&str> = record.fields().iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["purpose", "what", "when", "why", "with"]);
}

#[test]
fn what_is_not_a_record_is_refused_with_its_reason() {
    let long = "n".repeat(256);
    let cases = [
        (vec![], RecordError::Empty),
        (vec![field("", "x")], RecordError::Name),
        (vec![field("two words", "x")], RecordError::Name),
        (vec![field("naïve", "x")], RecordError::Name),
        (vec![field(&long, "x")], RecordError::Name),
        (
            vec![field("why", "a"), field("why", "b")],
            RecordError::Order,
        ),
    ];
    for (fields, reason) in cases {
        assert_eq!(Record::new(fields), Err(reason));
    }
    let many = (0..=65_535).map(|i| field(&format!("f{i}"), ""));
    assert_eq!(Record::new(many.collect()), Err(RecordError::TooManyFields));
}

#[test]
fn bytes_that_are_not_the_one_encoding_are_refused() {
    let good = Record::new(vec![field("a", "1"), field("b", "2")])
        .unwrap()
        .encode(&salts());
    let (fields_at, second_at) = (35, 42);
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        Record::decode(&bytes).map(|_| ())
    };
    assert_eq!(with(&|_| {}), Ok(()));
    assert_eq!(with(&|b| b[0] = 2), Err(RecordError::Version));
    assert_eq!(with(&|b| b.push(0)), Err(RecordError::Length));
    assert_eq!(with(&|b| b.truncate(b.len() - 1)), Err(RecordError::Length));
    assert_eq!(with(&|b| b[34] = 3), Err(RecordError::Length));
    assert_eq!(with(&|b| b[34] = 1), Err(RecordError::Length));
    assert_eq!(with(&|b| b[second_at + 1] = b'a'), Err(RecordError::Order));
    assert_eq!(with(&|b| b[fields_at + 1] = b'c'), Err(RecordError::Order));
    assert_eq!(with(&|b| b[fields_at + 1] = b' '), Err(RecordError::Name));
    assert_eq!(with(&|b| b[fields_at + 1] = 0xff), Err(RecordError::Name));
    assert_eq!(Record::decode(&[]).map(|_| ()), Err(RecordError::Length));
}

#[test]
fn one_field_opens_while_the_others_stay_closed() {
    let record = referral();
    let root = record.root(&salts());
    let proof = record.prove_field(&salts(), "when").unwrap();
    assert_eq!(verify_field(&root, &proof), Ok(()));
    assert_eq!((proof.index, proof.count, proof.path.len()), (2, 5, 3));

    let mut other_value = proof.clone();
    other_value.field.value = b"2026-01-06T09:30:00Z".to_vec();
    assert_eq!(verify_field(&root, &other_value), Err(ProofError::Mismatch));
    assert_eq!(record.prove_field(&salts(), "whose"), None);
}

#[test]
fn a_subtree_cannot_pass_for_one_closed_field() {
    // Four fields shown as three: the parent of the last two stands in for a third leaf.
    let record = Record::new(["a", "b", "c", "d"].map(|n| field(n, "")).to_vec()).unwrap();
    let root = record.root(&salts());
    let mut proof = record.prove_field(&salts(), "a").unwrap();
    assert_eq!(proof.path.len(), 2);
    proof.count = 3;
    assert_eq!(verify_field(&root, &proof), Err(ProofError::Mismatch));
}

#[test]
fn a_name_cannot_borrow_bytes_from_its_value() {
    // The length of a name is one byte: 257 would look like 1 if it were let through.
    let value = "v".repeat(300);
    let record = Record::new(vec![field("n", &value)]).unwrap();
    let root = record.root(&salts());
    let mut proof = record.prove_field(&salts(), "n").unwrap();
    proof.field = field(&format!("n{}", &value[..256]), &value[256..]);
    assert_eq!(verify_field(&root, &proof), Err(ProofError::Malformed));
}

#[test]
fn the_root_depends_on_every_name_value_and_salt() {
    let root = |name: &str, value: &str, seed: u8| {
        let record = Record::new(vec![field(name, value), field("z", "")]).unwrap();
        record.root(&Salts::new(counting(seed)))
    };
    let roots = [
        root("a", "bc", 0),
        root("ab", "c", 0),
        root("a", "bd", 0),
        root("a", "bc", 1),
    ];
    let mut distinct = roots.to_vec();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), 4);
}

#[test]
fn values_and_seeds_stay_out_of_debug_output() {
    assert_eq!(format!("{:?}", field("why", "referral")), "why: 8 bytes");
    assert_eq!(format!("{:?}", salts()), "Salts(..)");
}

prop_compose! {
    fn any_record()(fields in prop::collection::btree_map(
        "[!-~]{1,12}",
        prop::collection::vec(any::<u8>(), 0..40),
        1..24,
    )) -> Record {
        let fields = fields.into_iter().map(|(name, value)| Field { name, value });
        Record::new(fields.collect()).unwrap()
    }
}

proptest! {
    #[test]
    fn decoding_gives_back_what_was_encoded(record in any_record(), seed in any::<[u8; 32]>()) {
        let salts = Salts::new(seed);
        let bytes = record.encode(&salts);
        prop_assert_eq!(Record::decode(&bytes), Ok((record, salts)));
    }

    #[test]
    fn whatever_decodes_is_encoded_the_same(
        record in any_record(), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = record.encode(&salts());
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok((record, salts)) = Record::decode(&bytes) {
            prop_assert_eq!(record.encode(&salts), bytes);
        }
    }

    #[test]
    fn noise_is_never_a_record(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok((record, salts)) = Record::decode(&bytes) {
            prop_assert_eq!(record.encode(&salts), bytes);
        }
    }

    #[test]
    fn every_field_of_every_record_can_be_proved(record in any_record()) {
        let root: Hash = record.root(&salts());
        for field in record.fields() {
            let proof = record.prove_field(&salts(), &field.name).unwrap();
            prop_assert_eq!(verify_field(&root, &proof), Ok(()));
        }
    }
}
