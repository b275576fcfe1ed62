use crate::{counting, log_key};
use ledger::{
    Checkpoint, CheckpointError, Hash, KeyError, LogKey, LogPublicKey, NoteError, NoteSignature,
    SignedNote,
};

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: "log.example/candour".into(),
        size: 2,
        root: Hash(counting(1)),
    }
}

#[test]
fn a_checkpoint_is_believed_under_the_logs_key_alone() {
    let note = checkpoint().sign(&log_key()).unwrap();
    assert_eq!(
        Checkpoint::verify(&note, log_key().public()),
        Ok(checkpoint())
    );

    let rotated = LogKey::from_seed("log.example/candour", &[1; 32]).unwrap();
    let unsigned = Err(CheckpointError::Note(NoteError::Unsigned));
    assert_eq!(Checkpoint::verify(&note, rotated.public()), unsigned);
}

#[test]
fn a_log_signs_for_itself_only() {
    let other = LogKey::from_seed("log.example/other", &counting(0xc0)).unwrap();
    assert_eq!(checkpoint().sign(&other), Err(CheckpointError::OtherLog));

    let mut note = SignedNote::new(checkpoint().encode()).unwrap();
    note.sign(&other).unwrap();
    let refused = Checkpoint::verify(&note.to_string(), other.public());
    assert_eq!(refused, Err(CheckpointError::OtherLog));
}

#[test]
fn the_text_of_a_checkpoint_has_one_form() {
    let root = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
    let good = format!("log.example/candour\n2\n{root}\n");
    assert_eq!(Checkpoint::parse(&good), Ok(checkpoint()));
    for wrong in [
        format!("log.example/candour\n02\n{root}\n"),
        format!("log.example/candour\n+2\n{root}\n"),
        format!("log.example/candour\n2\n{root}"),
        format!("log.example/candour\n2\n{root}\nextension\n"),
        format!("log.example/candour\r\n2\n{root}\n"),
        format!("\n2\n{root}\n"),
        format!("log.example/candour\n18446744073709551616\n{root}\n"),
        "log.example/candour\n2\nAQID\n".into(),
        // The same 32 bytes with a stray bit after the last.
        format!("log.example/candour\n2\n{}B=\n", &root[..42]),
        String::new(),
    ] {
        assert_eq!(
            Checkpoint::parse(&wrong),
            Err(CheckpointError::Malformed),
            "{wrong:?}"
        );
    }
}

#[test]
fn signatures_of_others_are_kept_and_do_not_disturb() {
    let mut note = SignedNote::parse(&checkpoint().sign(&log_key()).unwrap()).unwrap();
    note.add(NoteSignature {
        name: "witness.example".into(),
        key_id: [1, 2, 3, 4],
        signature: vec![5; 72],
    });
    let text = note.to_string();
    assert_eq!(
        Checkpoint::verify(&text, log_key().public()),
        Ok(checkpoint())
    );
    assert_eq!(SignedNote::parse(&text).unwrap().signatures().len(), 2);
}

#[test]
fn one_false_signature_under_a_known_key_spoils_the_note() {
    let mut note = SignedNote::parse(&checkpoint().sign(&log_key()).unwrap()).unwrap();
    note.add(NoteSignature {
        signature: vec![5; 64],
        ..note.signatures()[0].clone()
    });
    assert_eq!(note.verify(log_key().public()), Err(NoteError::False));
}

#[test]
fn a_note_without_its_parts_is_refused() {
    let sign = "\u{2014} log.example/candour AAAAAAAA\n";
    for wrong in [
        String::new(),
        "text\n".into(),
        "text\n\n".into(),
        format!("text\n{sign}"),
        format!("text\n\n{}", sign.trim_end()),
        format!("text\n\n{sign}\n"),
        format!("te\txt\n\n{sign}"),
        format!("te\0xt\n\n{sign}"),
        "text\n\n\u{2014} log.example/candour AAAA\n".into(),
        "text\n\n\u{2014} log+example AAAAAAAA\n".into(),
        "text\n\n- log.example/candour AAAAAAAA\n".into(),
        format!("text\n\n{}", sign.repeat(65)),
    ] {
        assert_eq!(
            SignedNote::parse(&wrong),
            Err(NoteError::Malformed),
            "{wrong:?}"
        );
    }
    assert!(SignedNote::parse(&format!("text\n\n{}", sign.repeat(64))).is_ok());
}

#[test]
fn bytes_that_are_no_point_of_the_curve_are_no_key() {
    // No x has the square that y = 2 asks for; y = p is another way to write y = 0.
    let mut no_point = [0; 32];
    no_point[0] = 2;
    let mut other_form = [0xff; 32];
    (other_form[0], other_form[31]) = (0xed, 0x7f);
    for bytes in [no_point, other_form] {
        let key = ledger::LogPublicKey::new("log.example", bytes);
        assert_eq!(key.err(), Some(ledger::KeyError::PublicKey));
    }
}

#[test]
fn a_published_key_is_read_back_and_a_wrong_one_refused() {
    let vkey = "log.example/candour+8ae31bef+Ad3jvM7H86ZqERX0XXIPTcE1w658TiLco4/bHv1qSV/4";
    assert_eq!(log_key().public().vkey(), vkey);
    assert_eq!(
        LogPublicKey::from_vkey(vkey).as_ref(),
        Ok(log_key().public())
    );
    for wrong in [
        vkey.replace("8ae31bef", "8ae31bee"),
        vkey.replace("8ae31bef", "8AE31BEF"),
        vkey.replace("+Ad3", "+Bd3"),
        vkey.replace("SV/4", "SV/5"),
        vkey.replace("candour", "candor"),
        "log.example/candour+8ae31bef".into(),
    ] {
        assert_eq!(
            LogPublicKey::from_vkey(&wrong),
            Err(KeyError::PublicKey),
            "{wrong}"
        );
    }
    for name in ["", "two words", "a+b", "line\n"] {
        assert_eq!(
            LogKey::from_seed(name, &[0; 32]).map(|_| ()),
            Err(KeyError::Name),
            "{name:?}"
        );
    }
}
