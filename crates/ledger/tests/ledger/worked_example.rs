//! The worked examples of `docs/reference/entry-v1.md` and `pack-v1.md`, computed anew and compared.

use crate::{counting, log_key};
use ledger::pack::{Content, EpochProof, LogPlace, PackField, PackLink, Reason, Step, verify};
use ledger::tiles::{encode_bundle, encode_tile};
use ledger::{
    Batch, Checkpoint, EntryKey, Epoch, Field, Frontier, Head, HeadCode, HomeKey, Map, Opening,
    Pack, Position, Record, RootKey, Salts, SignedNote, Trust, ViewId, VrfKey, WitnessKey,
    leaf_hash, map_leaf, open_entry, seal_entry, verify_field,
};
use std::fmt::Write;

const PAGE: &str = include_str!("../../../../docs/reference/entry-v1.md");
const AT: i64 = 1_767_605_400_000_000;

const PACK_PAGE: &str = include_str!("../../../../docs/reference/pack-v1.md");

#[test]
fn the_page_of_packs_shows_the_numbers_that_the_code_computes() {
    assert_eq!(examples(PACK_PAGE), compute_pack());
}

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

fn compute_pack() -> String {
    let mut out = String::new();
    let (record, salts) = (record(), Salts::new(counting(0)));
    let (view, opening) = (ViewId(counting(0x40)), Opening(counting(0x20)));
    let link = Head::EMPTY.link(AT, record.root(&salts));
    let commitment = link.commitment(&view, &opening);
    let head = Head::EMPTY.append(&commitment);

    let vrf = VrfKey::from_seed(&counting(0xe0));
    let position = Position::of(&vrf.hash(&view.0));
    let map_opening = Opening(counting(0x11));
    let leaf = map_leaf(0, &position, &head, &map_opening);
    let map = Map::new(vec![(position, leaf)]).unwrap();
    let epoch = Epoch {
        number: 0,
        time_us: AT + 60_000_000,
        size: 1,
        vrf_key: *vrf.public(),
        root: map.root(),
    };
    show(&mut out, "VRF key", vrf.public().as_bytes());
    show(&mut out, "VRF proof", &vrf.prove(&view.0).0);
    show(&mut out, "position", &position.0);
    show(&mut out, "leaf and root of the map", &map.root().0);
    show(
        &mut out,
        "leaf of the log for the epoch",
        &epoch.commitment().0,
    );

    let leaves = [commitment, epoch.commitment()].map(|one| leaf_hash(&one.0));
    let mut log = Frontier::new();
    leaves.iter().for_each(|leaf| log.push(*leaf));
    let checkpoint = Checkpoint {
        origin: "log.example/candour".to_owned(),
        size: 2,
        root: log.root(),
    };
    let mut note = SignedNote::parse(&checkpoint.sign(&log_key()).unwrap()).unwrap();
    let witness = WitnessKey::from_seed("council.example/witness", &counting(0x31)).unwrap();
    let seen = (AT / 1_000_000 + 61) as u64;
    note.add(witness.cosign(&checkpoint.encode(), seen).unwrap());
    writeln!(out, "vkey of the witness\n  {}", witness.public().vkey()).unwrap();
    writeln!(out, "checkpoint").unwrap();
    for line in note.to_string().lines() {
        writeln!(out, "{}", format!("  {line}").trim_end()).unwrap();
    }

    let withhold = |field: &Field| (field.name == "why").then_some(Reason::Choice);
    let pack = Pack {
        log_key: log_key().public().clone(),
        view,
        checkpoint: note,
        earlier: Vec::new(),
        epochs: vec![EpochProof {
            epoch,
            place: LogPlace {
                index: 1,
                path: vec![leaves[0]],
            },
            position: vrf.prove(&view.0),
            head,
            opening: map_opening,
            path: Vec::new(),
        }],
        links: vec![PackLink {
            commitment,
            content: Content::Open {
                time_us: AT,
                opening,
                fields: PackField::of_record(&record, &salts, withhold),
            },
            place: Some(LogPlace {
                index: 0,
                path: vec![leaves[1]],
            }),
        }],
        held: Vec::new(),
        statements: Vec::new(),
    };
    let report = verify(
        &pack,
        &Trust {
            log: Some(log_key().public()),
            witnesses: &[witness.public()],
            quorum: 1,
            code: Some(HeadCode::of(&view, &head)),
        },
    );
    for finding in &report.findings {
        let expected = match finding.step {
            Step::History => "not-shown",
            _ => "holds",
        };
        assert_eq!(finding.outcome.code(), expected, "{:?}", finding.step);
    }
    writeln!(out, "code\n  {}", report.code).unwrap();
    show(&mut out, "the file", &pack.encode().unwrap());
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
