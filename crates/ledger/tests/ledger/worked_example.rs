//! The worked example of `docs/reference/entry-v1.md`, computed anew and compared.

use crate::{counting, log_key};
use ledger::tiles::{encode_bundle, encode_tile};
use ledger::{
    Batch, Checkpoint, EntryKey, Field, Frontier, Head, HomeKey, Opening, Record, RootKey, Salts,
    ViewId, leaf_hash, open_entry, seal_entry, verify_field,
};
use std::fmt::Write;

const PAGE: &str = include_str!("../../../../docs/reference/entry-v1.md");
const AT: i64 = 1_767_605_400_000_000;

#[test]
fn the_page_shows_the_numbers_that_the_code_computes() {
    assert_eq!(examples(PAGE), compute());
}

/// The content of the page's blocks marked `example`.
fn examples(page: &str) -> String {
    let blocks = page.split("```example\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap_or_default())
        .collect()
}

fn compute() -> String {
    let mut out = String::new();
    let (record, salts) = (record(), Salts::new(counting(0)));
    show(&mut out, "encoded record", &record.encode(&salts));
    for field in record.fields() {
        show(
            &mut out,
            &format!("salt of {}", field.name),
            &salts.salt(&field.name),
        );
    }
    let root = record.root(&salts);
    show(&mut out, "record_root", &root.0);
    let proof = record.prove_field(&salts, "when").unwrap();
    assert_eq!(verify_field(&root, &proof), Ok(()));
    proof
        .path
        .iter()
        .for_each(|hash| show(&mut out, "path of when", &hash.0));

    let (view, opening) = (ViewId(counting(0x40)), Opening(counting(0x20)));
    let c0 = Head::EMPTY.link(AT, root).commitment(&view, &opening);
    let h0 = Head::EMPTY.append(&c0);
    let c1 = h0
        .link(AT + 1, root)
        .commitment(&view, &Opening(counting(0xe0)));
    let h1 = h0.append(&c1);
    for (name, hash) in [("C_0", c0), ("h_0", h0.hash), ("C_1", c1), ("h_1", h1.hash)] {
        show(&mut out, name, &hash.0);
    }

    let key = EntryKey::new(counting(0x60));
    let home = HomeKey::new(counting(0x80)).unwrap();
    let root_key = RootKey::new(counting(0xa0)).unwrap();
    let sealed = seal_entry(&key, counting(0), &opening, &record, &salts).unwrap();
    assert_eq!(
        open_entry(&key, &root, &sealed.bytes).unwrap().record,
        record
    );
    show(&mut out, "sealed entry", &sealed.bytes);
    show(
        &mut out,
        "wrapped entry key",
        &home.wrap(&key, counting(0x10)).unwrap(),
    );
    show(
        &mut out,
        "wrapped home key",
        &root_key.wrap(&home, counting(0x20)).unwrap(),
    );
    let facts = home.seal(counting(0x30), b"facts", b"some facts").unwrap();
    show(&mut out, "sealed facts", &facts);

    let leaves = [leaf_hash(&c0.0), leaf_hash(&c1.0)];
    let mut log = Frontier::new();
    leaves.iter().for_each(|leaf| log.push(*leaf));
    show(&mut out, "tile/0/000.p/2", &encode_tile(&leaves));
    show(&mut out, "tile/entries/000.p/2", &encode_bundle(&[c0, c1]));
    show(&mut out, "root of the log", &log.root().0);

    let signer = log_key();
    let origin = "log.example/candour".to_owned();
    let checkpoint = Checkpoint {
        origin,
        size: 2,
        root: log.root(),
    };
    writeln!(out, "vkey\n  {}", signer.public().vkey()).unwrap();
    writeln!(out, "checkpoint").unwrap();
    for line in checkpoint.sign(&signer).unwrap().lines() {
        writeln!(out, "{}", format!("  {line}").trim_end()).unwrap();
    }
    let batch = Batch::new(vec![c0, c1])
        .sign(&signer, AT + 250_000, 60)
        .unwrap();
    let receipt = batch.receipt(0).unwrap().encode();
    writeln!(out, "receipt").unwrap();
    for line in receipt.as_bytes().chunks(64) {
        writeln!(out, "  {}", str::from_utf8(line).unwrap()).unwrap();
    }
    out
}

fn record() -> Record {
    let field = |(name, value): (&str, &str)| Field {
        name: name.into(),
        value: value.into(),
    };
    let fields = [
        ("with", "Northburn social work"),
        ("purpose", "direct care"),
        ("what", "allergies"),
        ("when", "2026-01-05T09:30:00Z"),
        ("why", "referral of 2 January"),
    ];
    Record::new(fields.map(field).to_vec()).unwrap()
}

/// A name, then the bytes in hexadecimal, 32 to a line.
fn show(out: &mut String, name: &str, bytes: &[u8]) {
    writeln!(out, "{name}").unwrap();
    for line in bytes.chunks(32) {
        let hex: String = line.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "  {hex}").unwrap();
    }
}
