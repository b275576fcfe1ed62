//! The public log: what anybody can hold the exchange to.

use ledger::tiles::{Tile, decode_bundle, decode_tile};
use ledger::{Checkpoint, Frontier, Hash, LogPublicKey, leaf_hash};

use crate::hall::Hall;

#[tokio::test]
async fn every_answer_is_promised_to_the_log_and_found_in_it() {
    let hall = Hall::open().await;
    let anybody = hall.anybody();
    let netta = hall.patient("netta-dunsmore");
    let answers = [
        hall.fraser().reads("Patient", netta).await.is(200),
        hall.fraser().everything(netta).await.is(200),
        hall.fraser()
            .gets(&format!("Condition?patient={netta}"))
            .await
            .is(200),
        hall.fraser()
            .gets("Patient?identifier=1907459901")
            .await
            .is(200),
        hall.derek().everything(netta).await.is(403),
    ];
    let receipts = answers.map(|answer| answer.receipt());
    let vkey = anybody.gets("/log/vkey").await.is(200).text();
    let key = LogPublicKey::from_vkey(vkey.trim_end()).expect("a key");
    for receipt in &receipts {
        receipt.verify(&key).expect("the log's own promise");
        assert_eq!(receipt.origin, "exchange.example/log");
        assert_eq!(receipt.time_us, hall.town.now.0);
    }
    let mut forged = receipts[0].clone();
    forged.commitment = receipts[1].commitment;
    forged
        .verify(&key)
        .expect_err("a receipt is for its own commitment");

    let size = hall.cx.store.sequence().await.expect("the log grows");
    assert_eq!(size, 5);
    let note = anybody.gets("/log/checkpoint").await.is(200).text();
    let checkpoint = Checkpoint::verify(&note, &key).expect("a checkpoint");
    assert_eq!(
        (checkpoint.origin.as_str(), checkpoint.size),
        ("exchange.example/log", 5)
    );

    let tile = Tile::in_tree(0, 0, size).expect("the only tile");
    let tile_answer = anybody.gets(&format!("/log/{}", tile.path())).await.is(200);
    assert_eq!(
        tile_answer.header("content-type"),
        "application/octet-stream"
    );
    assert_eq!(
        tile_answer.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let leaves = decode_tile(&tile_answer.body).expect("a tile");
    let mut tree = Frontier::new();
    leaves.iter().for_each(|leaf| tree.push(*leaf));
    assert_eq!(tree.root(), checkpoint.root);

    let entries = anybody
        .gets(&format!("/log/{}", tile.entries_path()))
        .await
        .is(200);
    let commitments: Vec<Hash> = decode_bundle(&entries.body).expect("a bundle");
    let hashes: Vec<Hash> = commitments
        .iter()
        .map(|commitment| leaf_hash(&commitment.0))
        .collect();
    assert_eq!(hashes, leaves);
    for receipt in &receipts {
        assert!(commitments.contains(&receipt.commitment));
    }
    let verified = hall.verified().await;
    assert_eq!((verified.entries, verified.leaves), (5, 5));
}

#[tokio::test]
async fn what_the_log_does_not_have_is_404() {
    let hall = Hall::open().await;
    let anybody = hall.anybody();
    let nothing = "there is nothing here of that id that you may see";
    anybody
        .gets("/log/checkpoint")
        .await
        .says(404, "not-found", nothing);
    for path in [
        "/log/tile/0/000",
        "/log/tile/0/000.p/1",
        "/log/tile/9/000",
        "/log/tile/0/../../candour.db",
        "/log/tile/0/%2e%2e",
        "/log/x",
    ] {
        anybody.gets(path).await.says(404, "not-found", nothing);
    }
}

#[tokio::test]
async fn what_is_offered_is_published_for_anybody() {
    let hall = Hall::open().await;
    let answer = hall.anybody().gets("metadata").await.is(200);
    assert_eq!(answer.at("/resourceType"), "CapabilityStatement");
    assert_eq!(answer.at("/fhirVersion"), "4.0.1");
    assert_eq!(
        answer.at("/implementation/url"),
        "http://exchange.example/fhir"
    );
    assert_eq!(
        answer.json()["rest"][0]["resource"]
            .as_array()
            .expect("types")
            .len(),
        144
    );
}

#[tokio::test]
async fn how_much_is_held_back_is_published_for_anybody() {
    let hall = Hall::open().await;
    let answer = hall.anybody().gets("/log/held").await.is(200);
    assert_eq!(answer.text(), "");
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
}
