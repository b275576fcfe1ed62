//! A second verifier, written in another language from the documents alone, finds the same of every
//! pack: honest, attacked, and with bits flipped.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use ledger::pack::{Content, PackField, Reason, held, verify};
use ledger::{Hash, LogKey, Opening, Pack, Trust, ViewId, VrfKey, WitnessKey, WitnessPublicKey};

use crate::keeper::{CALLUM, HOUR, Keeper, MINUTE, MONDAY, NETTA, morning};

const NOON: i64 = MONDAY + 3 * HOUR;

/// Each in one line: its name, and the outcome of each step or that it is no pack.
type Found = BTreeMap<String, String>;

/// What a change makes of an honest pack.
type Attack = (&'static str, fn(&mut Pack));

const ATTACKS: [Attack; 22] = [
    ("nothing", |_| {}),
    ("altered", |pack| {
        change(pack, |fields| fields[0].value = b"nothing much".to_vec());
    }),
    ("removed", |pack| drop(pack.links.remove(1))),
    ("truncated", |pack| pack.links.truncate(3)),
    ("without epochs", |pack| pack.epochs.clear()),
    ("without history", |pack| pack.earlier.clear()),
    ("erased", |pack| pack.links[1].content = Content::Erased),
    ("waiting", |pack| pack.links[3].place = None),
    ("waiting before", |pack| pack.links[1].place = None),
    ("swapped", |pack| {
        let place = pack.links[1].place.take();
        pack.links[1].place = std::mem::replace(&mut pack.links[2].place, place);
    }),
    ("another view", |pack| pack.view = CALLUM),
    ("another key", |pack| {
        let key = LogKey::from_seed("log.example/candour", &[1; 32]).unwrap();
        pack.log_key = key.public().clone();
    }),
    ("another position", |pack| {
        pack.epochs[1].position = VrfKey::from_seed(&[1; 32]).prove(&NETTA.0);
    }),
    ("another epoch", |pack| pack.epochs[0].epoch.time_us += 1),
    ("epochs turned", |pack| pack.epochs.reverse()),
    ("another opening", |pack| {
        pack.epochs[0].opening = Opening([3; 32]);
    }),
    ("shorter head", |pack| pack.epochs[1].head = pack.heads()[2]),
    ("consistency", |pack| {
        pack.earlier[0].consistency[0] = Hash([0; 32]);
    }),
    ("dated", |pack| {
        if let Content::Open { time_us, .. } = &mut pack.links[0].content {
            *time_us += 2 * HOUR;
        }
    }),
    ("withheld", |pack| {
        if let Content::Open { fields, .. } = &mut pack.links[0].content {
            let leaf = fields[1].leaf();
            let reason = Reason::Law;
            fields[1] = PackField::Withheld { leaf, reason };
        }
    }),
    ("held without proof", |pack| pack.held.clear()),
    ("held otherwise", |pack| pack.held[0].time_us += 1),
];

fn change(pack: &mut Pack, change: impl Fn(&mut [&mut ledger::Field])) {
    if let Content::Open { fields, .. } = &mut pack.links[0].content {
        let shown = fields.iter_mut().filter_map(|field| match field {
            PackField::Shown { field, .. } => Some(field),
            PackField::Withheld { .. } => None,
        });
        change(&mut shown.collect::<Vec<_>>());
    }
}

/// The morning, and at noon something that was held back from Netta is opened.
fn honest() -> (Keeper, Pack) {
    let mut log = morning();
    let alone = log.hold(MONDAY + 125 * MINUTE, &[("what", "a concern")]);
    let opens = held::opens(&alone);
    log.write(
        NETTA,
        MONDAY + 130 * MINUTE,
        &[("opens", &opens), ("what", "a concern")],
    );
    log.epoch(NOON);
    let pack = log.pack(NETTA, NOON + MINUTE);
    (log, pack)
}

/// A witness's keys, as the two verifiers take them.
fn witnesses(log: &Keeper) -> Vec<WitnessPublicKey> {
    log.witnesses.iter().map(WitnessKey::public).collect()
}

fn by_us(log: &Keeper, files: &BTreeMap<String, Vec<u8>>) -> Found {
    let witnesses = witnesses(log);
    let trust = Trust {
        log: Some(log.key.public()),
        witnesses: &witnesses,
        quorum: 2,
        code: None,
    };
    let found = |bytes: &[u8]| {
        let Ok(pack) = Pack::decode(bytes) else {
            return "no pack".to_owned();
        };
        let report = verify(&pack, &trust);
        let steps = report.findings.iter().map(|finding| {
            let (step, outcome) = (finding.step.code(), finding.outcome.code());
            format!("{step}={outcome}")
        });
        steps.collect::<Vec<_>>().join(" ")
    };
    files
        .iter()
        .map(|(name, bytes)| (name.clone(), found(bytes)))
        .collect()
}

/// What the second verifier finds; `None` where there is no Python to run it.
fn by_the_second(log: &Keeper, files: &BTreeMap<String, Vec<u8>>) -> Option<Found> {
    let folder = tempfile::tempdir().unwrap();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_verifier.py");
    let mut python = Command::new("python3");
    python
        .arg(program)
        .args(["--key", &log.key.public().vkey()]);
    for witness in witnesses(log) {
        python.args(["--witness", &witness.vkey()]);
    }
    for (name, bytes) in files {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        python.arg(file);
    }
    let output = match python.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        output => output.unwrap(),
    };
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let found = String::from_utf8(output.stdout).unwrap();
    let lines = found.lines().map(|line| {
        let (file, found) = line.split_once(": ").unwrap();
        let name = Path::new(file)
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let found = if found.contains('=') {
            found
        } else {
            "no pack"
        };
        (name, found.to_owned())
    });
    Some(lines.collect())
}

fn assert_both_find_the_same(log: &Keeper, files: &BTreeMap<String, Vec<u8>>) -> Option<Found> {
    let Some(theirs) = by_the_second(log, files) else {
        println!("SKIPPED: ledger::second: there is no python3");
        return None;
    };
    let ours = by_us(log, files);
    for (name, found) in &ours {
        assert_eq!(theirs.get(name), Some(found), "{name}");
    }
    Some(ours)
}

#[test]
fn both_verifiers_find_the_same_of_honest_and_attacked_packs() {
    let (log, pack) = honest();
    let attacked = ATTACKS.iter().map(|(name, attack)| {
        let mut pack = pack.clone();
        attack(&mut pack);
        ((*name).to_owned(), pack.encode().unwrap())
    });
    let Some(found) = assert_both_find_the_same(&log, &attacked.collect()) else {
        return;
    };
    assert_eq!(
        found["nothing"],
        "key=holds checkpoint=holds witnesses=holds history=holds entries=holds erasures=holds \
         held=holds log=holds order=holds times=holds completeness=holds"
    );
    assert_eq!(
        found["removed"],
        "key=holds checkpoint=holds witnesses=holds history=holds entries=false erasures=holds \
         held=false log=holds order=holds times=holds completeness=false"
    );
    let is_found_out = |name: &&str| found[*name].contains("=false");
    let names: Vec<&str> = ATTACKS.iter().map(|(name, _)| *name).collect();
    let believed: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !is_found_out(name))
        .collect();
    assert_eq!(
        believed,
        [
            "nothing",
            "without epochs",
            "without history",
            "withheld",
            "held without proof"
        ]
    );
}

#[test]
fn both_verifiers_follow_keys_from_hand_to_hand_and_know_what_was_lost() {
    let (mut log, _) = honest();
    log.change_positions(NOON + MINUTE, VrfKey::from_seed(&[1; 32]));
    log.epoch(NOON + 2 * MINUTE);
    log.hand_on(NOON + 3 * MINUTE, next_key());
    let kept = log.leaves.len() as u64;
    log.write(CALLUM, NOON + 4 * MINUTE, &[("what", "tenancy")]);
    log.recover(NOON + 5 * MINUTE, kept);
    let pack = log.pack(NETTA, NOON + 6 * MINUTE);
    let changed = |change: fn(&mut Pack)| {
        let mut pack = pack.clone();
        change(&mut pack);
        pack.encode().unwrap()
    };
    let files = [
        ("honest", changed(|_| {})),
        (
            "without a statement",
            changed(|pack| drop(pack.statements.remove(0))),
        ),
        (
            "without statements",
            changed(|pack| pack.statements.clear()),
        ),
        ("not covered", changed(|pack| drop(pack.earlier.remove(5)))),
        (
            "dated",
            changed(|pack| pack.statements[2].statement.time_us += 1),
        ),
        (
            "elsewhere",
            changed(|pack| pack.statements[1].place.index += 1),
        ),
    ];
    let files = BTreeMap::from(files.map(|(name, bytes)| (name.to_owned(), bytes)));
    // First by whoever knows the key of now, then by whoever knows that of before.
    for key in [next_key(), crate::log_key()] {
        log.key = key;
        assert_both_find_the_same(&log, &files);
    }
    let found = by_us(&log, &files);
    let is_believed = |name| !found[name].contains("=false");
    assert!(is_believed("honest"), "{}", found["honest"]);
    let others = files.keys().filter(|name| *name != "honest");
    others.for_each(|name| assert!(!is_believed(name.as_str()), "{name}"));
}

fn next_key() -> LogKey {
    LogKey::from_seed("log.example/candour", &[2; 32]).unwrap()
}

#[test]
fn both_verifiers_find_the_same_wherever_a_bit_is_flipped() {
    let mut log = Keeper::new();
    log.write(NETTA, MONDAY, &[("what", "allergies")]);
    log.epoch(MONDAY + MINUTE);
    log.hand_on(MONDAY + 2 * MINUTE, next_key());
    let bytes = log.pack(NETTA, NOON).encode().unwrap();
    log.key = crate::log_key();
    // Spread over the whole file; every bit is flipped for the first verifier elsewhere.
    let is_long = std::env::var_os("CANDOUR_LONG").is_some();
    let step = if is_long { 7 } else { 223 };
    let flipped = (0..bytes.len() * 8).step_by(step).map(|bit| {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        (format!("bit {bit}"), flipped)
    });
    assert_both_find_the_same(&log, &flipped.collect());
}

#[test]
fn both_verifiers_find_the_same_without_trust_in_anybody() {
    let (mut log, pack) = honest();
    log.witnesses.clear();
    let unwitnessed = log.pack(NETTA, NOON + MINUTE).encode().unwrap();
    let stranger = log
        .pack(ViewId([0x55; 32]), NOON + MINUTE)
        .encode()
        .unwrap();
    let files = [
        ("witnessed", pack.encode().unwrap()),
        ("unwitnessed", unwitnessed),
        ("empty", stranger),
    ];
    let files = files.map(|(name, bytes)| (name.to_owned(), bytes));
    assert_both_find_the_same(&log, &BTreeMap::from(files));
}
