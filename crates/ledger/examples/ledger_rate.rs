//! How fast the ledger proves and verifies, as JSON on standard output.
//!
//! ```text
//! cargo run --release --package ledger --example ledger_rate [-- LEAVES VIEWS]
//! ```
//!
//! LEAVES (10,000,000) is the size of the log of which proofs are made, from tiles held in memory;
//! VIEWS (1,000,000) is how many views the epoch map has. A pack of 500 entries in a log of a
//! tenth of LEAVES is verified whole, with two witnesses and an epoch.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use ledger::pack::{Content, EpochProof, LogPlace, PackField, PackLink, verify};
use ledger::tiles::{encode_tile, node_in_tiles};
use ledger::{
    Checkpoint, Epoch, Field, Frontier, Hash, Head, LogKey, Map, Opening, Pack, Position, Record,
    Salts, SignedNote, SourceError, Tile, Trust, Verdict, ViewId, VrfKey, WitnessKey,
    inclusion_proof, leaf_hash, map_leaf, map_opening, node_hash,
};

const ENTRIES: u64 = 500;

/// A log of numbered commitments, as its tiles.
struct Log {
    size: u64,
    tiles: HashMap<(u8, u64), Vec<u8>>,
    root: Hash,
}

impl Log {
    fn of(leaf: impl Fn(u64) -> Hash, size: u64) -> Log {
        let mut frontier = Frontier::new();
        let mut level: Vec<Hash> = Vec::with_capacity(size as usize);
        for index in 0..size {
            let hash = leaf_hash(&leaf(index).0);
            frontier.push(hash);
            level.push(hash);
        }
        let mut tiles = HashMap::new();
        for height in 0..8 {
            for (index, hashes) in level.chunks(256).enumerate() {
                tiles.insert((height, index as u64), encode_tile(hashes));
            }
            level = level.chunks_exact(256).map(top).collect();
        }
        Log {
            size,
            tiles,
            root: frontier.root(),
        }
    }

    fn place(&self, index: u64) -> LogPlace {
        let read = |tile: &Tile| self.tiles.get(&(tile.level, tile.index)).cloned().ok_or(());
        let node = |node| node_in_tiles(node, self.size, read);
        let path: Result<_, SourceError<()>> = inclusion_proof(index, self.size, node);
        LogPlace {
            index,
            path: path.unwrap_or_default(),
        }
    }
}

/// The root over 256 hashes.
fn top(hashes: &[Hash]) -> Hash {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        let pairs = level.chunks_exact(2);
        level = pairs.map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    level[0]
}

fn numbered(label: u8, index: u64) -> Hash {
    let mut bytes = [label; 9];
    bytes[1..].copy_from_slice(&index.to_be_bytes());
    leaf_hash(&bytes)
}

fn main() {
    let mut sizes = std::env::args().skip(1).map(|text| text.parse());
    let leaves = sizes.next().and_then(Result::ok).unwrap_or(10_000_000);
    let views = sizes.next().and_then(Result::ok).unwrap_or(1_000_000);
    let proof_us = proof(leaves);
    let (bytes, verify_ms) = pack(leaves / 10);
    let map_s = map(views);
    println!(
        "{{\"leaves\":{leaves},\"proof_us\":{proof_us:.1},\"pack_entries\":{ENTRIES},\
         \"pack_bytes\":{bytes},\"verify_ms\":{verify_ms:.1},\"views\":{views},\"map_s\":{map_s:.2}}}"
    );
}

/// Microseconds to prove one leaf of a log of this size.
fn proof(size: u64) -> f64 {
    const PROOFS: u64 = 1_000;
    let log = Log::of(|index| numbered(0, index), size);
    let begun = Instant::now();
    for turn in 0..PROOFS {
        black_box(log.place(turn * 7_919_993 % size));
    }
    begun.elapsed().as_secs_f64() * 1e6 / PROOFS as f64
}

/// Bytes of a pack of 500 entries, and milliseconds to read and verify it.
fn pack(size: u64) -> (usize, f64) {
    let (key, witnesses) = keys();
    let view = ViewId([7; 32]);
    let vrf = VrfKey::from_seed(&[8; 32]);
    let step = size / (ENTRIES + 1);
    let (written, head) = written(&view);
    let position = Position::of(&vrf.hash(&view.0));
    let opening = map_opening(&[9; 32], &position);
    let map = Map::new(vec![(position, map_leaf(0, &position, &head, &opening))]);
    let map = map.expect("one leaf");
    let epoch = Epoch {
        number: 0,
        time_us: ENTRIES as i64,
        size: size - 1,
        vrf_key: *vrf.public(),
        root: map.root(),
    };
    let log = Log::of(
        |index| match index {
            last if last == size - 1 => epoch.commitment(),
            _ if index % step == 0 && index / step < ENTRIES => written[(index / step) as usize].0,
            _ => numbered(1, index),
        },
        size,
    );
    let mut pack = Pack {
        log_key: key.public().clone(),
        view,
        checkpoint: checkpoint(&key, &witnesses, &log),
        earlier: Vec::new(),
        epochs: vec![EpochProof {
            place: log.place(size - 1),
            epoch,
            position: vrf.prove(&view.0),
            head,
            opening,
            path: map.path(&position).unwrap_or_default(),
        }],
        links: Vec::new(),
        held: Vec::new(),
        statements: Vec::new(),
    };
    for (number, (commitment, content)) in (0..).zip(written) {
        pack.links.push(PackLink {
            commitment,
            content,
            place: Some(log.place(number * step)),
        });
    }
    let bytes = pack.encode().expect("a pack");
    let known = witnesses.map(|witness| witness.public());
    let trust = Trust {
        log: Some(key.public()),
        witnesses: &known,
        quorum: 2,
        code: None,
    };
    let begun = Instant::now();
    let report = verify(&Pack::decode(&bytes).expect("its one form"), &trust);
    let took = begun.elapsed();
    assert_ne!(report.verdict(), Verdict::False, "{report:?}");
    (bytes.len(), took.as_secs_f64() * 1e3)
}

fn keys() -> (LogKey, [WitnessKey; 2]) {
    let key = LogKey::from_seed("log.example/candour", &[1; 32]).expect("a key");
    let witness = |name, seed| WitnessKey::from_seed(name, &[seed; 32]).expect("a key");
    (key, [witness("a.example/w", 2), witness("b.example/w", 3)])
}

/// Entries of the size that disclosures have: some twenty fields, a sentence's worth of text.
fn written(view: &ViewId) -> (Vec<(Hash, Content)>, Head) {
    let mut head = Head::EMPTY;
    let mut all = Vec::new();
    for number in 0..ENTRIES {
        let field = |place: u8| Field {
            name: format!("field-{place:02}"),
            value: b"a value of middling length".to_vec(),
        };
        let record = Record::new((0..21).map(field).collect()).expect("a record");
        let salts = Salts::new(numbered(2, number).0);
        let opening = Opening(numbered(3, number).0);
        let link = head.link(number as i64, record.root(&salts));
        let commitment = link.commitment(view, &opening);
        head = head.append(&commitment);
        let content = Content::Open {
            time_us: number as i64,
            opening,
            fields: PackField::of_record(&record, &salts, |_| None),
        };
        all.push((commitment, content));
    }
    (all, head)
}

fn checkpoint(key: &LogKey, witnesses: &[WitnessKey], log: &Log) -> SignedNote {
    let checkpoint = Checkpoint {
        origin: key.public().name().to_owned(),
        size: log.size,
        root: log.root,
    };
    let note = checkpoint.sign(key).expect("a signature");
    let mut note = SignedNote::parse(&note).expect("a note");
    for witness in witnesses {
        note.add(
            witness
                .cosign(&checkpoint.encode(), 1)
                .expect("a signature"),
        );
    }
    note
}

/// Seconds to make the map of one epoch, the positions at hand.
fn map(views: u64) -> f64 {
    let stands: Vec<(Position, Head)> = (0..views)
        .map(|view| {
            let head = Head {
                next_index: view % 100,
                hash: numbered(4, view),
            };
            (Position(numbered(5, view).0), head)
        })
        .collect();
    let begun = Instant::now();
    let leaves = stands.iter().map(|(position, head)| {
        let opening = map_opening(&[6; 32], position);
        (*position, map_leaf(1, position, head, &opening))
    });
    black_box(
        Map::new(leaves.collect())
            .expect("different positions")
            .root(),
    );
    begun.elapsed().as_secs_f64()
}
