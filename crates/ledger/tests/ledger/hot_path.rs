//! What one disclosure costs. Run with `--ignored --nocapture` in an optimised build.

use crate::{counting, log_key};
use ledger::{Batch, EntryKey, Field, Head, HomeKey, Opening, Record, Salts, ViewId, seal_entry};
use std::hint::black_box;
use std::time::Instant;

#[test]
#[ignore = "a measurement, not a check"]
fn one_disclosure_in_a_batch_of_sixty_four() {
    let home = HomeKey::new(counting(0x80)).unwrap();
    let log = log_key();
    let field = |i: u8| Field {
        name: format!("field-{i}"),
        value: vec![i; 40],
    };
    let mut head = Head::EMPTY;
    let rounds = 200;
    let start = Instant::now();
    for _ in 0..rounds {
        let commit = |_| {
            let record = Record::new((0..20).map(field).collect()).unwrap();
            let (key, opening) = (EntryKey::new(counting(0x60)), Opening(counting(0x20)));
            let salts = Salts::new(counting(0));
            let sealed = seal_entry(&key, counting(0), &opening, &record, &salts).unwrap();
            black_box(home.wrap(&key, counting(1)).unwrap());
            let commitment = head
                .link(0, sealed.root)
                .commitment(&ViewId([0; 32]), &opening);
            head = head.append(&commitment);
            commitment
        };
        let batch = Batch::new((0..64).map(commit).collect());
        black_box(batch.sign(&log, 0, 60).unwrap().receipts());
    }
    println!("{:?} each", start.elapsed() / (rounds * 64));
}
