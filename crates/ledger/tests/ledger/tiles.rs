use crate::commitments;
use ledger::tiles::{
    NotATile, TilePath, decode_bundle, decode_tile, encode_bundle, encode_tile, grow, new_tiles,
    node_in_tiles,
};
use ledger::{NodeId, SourceError, Tile, node_hash};

fn paths(old: u64, new: u64) -> Vec<String> {
    new_tiles(old, new).iter().map(Tile::path).collect()
}

#[test]
fn a_log_of_seventy_thousand_has_the_tiles_of_the_specification() {
    let tiles = new_tiles(0, 70_000);
    let count = |level, full| {
        tiles
            .iter()
            .filter(|t| t.level == level && (t.width == 256) == full)
            .count()
    };
    assert_eq!((count(0, true), count(0, false)), (273, 1));
    assert_eq!((count(1, true), count(1, false)), (1, 1));
    assert_eq!((count(2, true), count(2, false)), (0, 1));
    let partial: Vec<String> = tiles
        .iter()
        .filter(|t| t.width < 256)
        .map(Tile::path)
        .collect();
    assert_eq!(
        partial,
        ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
    );
}

#[test]
fn growth_names_only_what_changes() {
    assert_eq!(paths(0, 0), [""; 0]);
    assert_eq!(paths(5, 5), [""; 0]);
    assert_eq!(paths(0, 1), ["tile/0/000.p/1"]);
    assert_eq!(paths(255, 256), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(paths(256, 257), ["tile/0/001.p/1"]);
    assert_eq!(
        paths(250, 260),
        ["tile/0/000", "tile/0/001.p/4", "tile/1/000.p/1"]
    );
}

#[test]
fn addresses_are_read_back_only_as_they_are_written() {
    let tile = Tile {
        level: 0,
        index: 1_234_067,
        width: 256,
    };
    assert_eq!(tile.path(), "tile/0/x001/x234/067");
    assert_eq!(tile.entries_path(), "tile/entries/x001/x234/067");
    assert_eq!("tile/0/x001/x234/067".parse(), Ok(TilePath::Hashes(tile)));
    let partial = Tile {
        level: 0,
        index: 7,
        width: 12,
    };
    assert_eq!(
        "tile/entries/007.p/12".parse(),
        Ok(TilePath::Entries(partial))
    );
    for wrong in [
        "",
        "tile/0/",
        "tile/0/7",
        "tile/0/0007",
        "tile/0/x000/007",
        "tile/0/001/234",
        "tile/0/x001/x234",
        "tile/00/007",
        "tile/64/007",
        "tile/-1/007",
        "tile/0/007.p/0",
        "tile/0/007.p/256",
        "tile/0/007.p/01",
        "tile/0/007.p/1/",
        "tile/0/+07",
        "tile/data/007",
        "/tile/0/007",
        "tile/0/../007",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
    ] {
        assert_eq!(wrong.parse::<TilePath>(), Err(NotATile), "{wrong}");
    }
}

#[test]
fn a_bundle_gives_back_its_commitments_and_nothing_else_is_a_bundle() {
    let commitments = commitments(3);
    let bytes = encode_bundle(&commitments);
    assert_eq!(bytes.len(), 3 * 34);
    assert_eq!(decode_bundle(&bytes), Some(commitments));
    assert_eq!(decode_bundle(&bytes[..bytes.len() - 1]), None);
    assert_eq!(decode_bundle(&[&[0, 31], &bytes[2..]].concat()), None);
    assert_eq!(decode_bundle(&[]), None);
    assert_eq!(
        decode_bundle(&encode_bundle(&crate::commitments(257))),
        None
    );
}

#[test]
fn a_damaged_tile_is_noticed_and_a_missing_one_is_reported() {
    let node = NodeId { level: 0, index: 1 };
    let cut = node_in_tiles(node, 2, |_| Ok::<_, &str>(vec![0; 63]));
    assert_eq!(cut, Err(SourceError::Damaged));
    let short = node_in_tiles(node, 2, |_| Ok::<_, &str>(vec![0; 32]));
    assert_eq!(short, Err(SourceError::Damaged));
    let missing = node_in_tiles(node, 2, |_| Err("no such tile"));
    assert_eq!(missing, Err(SourceError::Source("no such tile")));
    let beyond = node_in_tiles(node, 1, |_| Ok::<_, &str>(vec![0; 32]));
    assert_eq!(beyond, Err(SourceError::OutOfRange));

    let leaves = commitments(1);
    assert_eq!(
        grow(1, &leaves, |_| Ok::<_, &str>(vec![0; 64])),
        Err(SourceError::Damaged)
    );
    assert_eq!(decode_tile(&[0; 257 * 32]), None);
}

#[test]
fn a_wider_tile_serves_for_a_narrower_one() {
    let wide = encode_tile(&commitments(5));
    let node = |id| node_in_tiles(id, 3, |_| Ok::<_, ()>(wide.clone()));
    let c = commitments(3);
    assert_eq!(node(NodeId { level: 0, index: 2 }), Ok(c[2]));
    assert_eq!(
        node(NodeId { level: 1, index: 0 }),
        Ok(node_hash(&c[0], &c[1]))
    );
    assert_eq!(
        node(NodeId { level: 0, index: 3 }),
        Err(SourceError::OutOfRange)
    );
}

#[test]
fn sizes_at_the_edge_of_u64_are_answered() {
    let end = u64::MAX;
    assert_eq!(paths(end - 1, end).len(), 1);
    assert_eq!(
        Tile::of_node(
            NodeId {
                level: 64,
                index: 0
            },
            end
        ),
        None
    );
    assert_eq!(
        Tile::of_node(
            NodeId {
                level: 255,
                index: end
            },
            end
        ),
        None
    );
    assert_eq!(Tile::in_tree(0, end, end), None);
}
