//! The audit: who claims each leaf of the log, for whoever audits the exchange, and how much is held
//! back, for everyone.

use std::collections::HashSet;

use domain::{HomeId, Timestamp};
use ledger::audit::{
    Audience, Audit, AuditedChain, AuditedEntry, AuditedLink, AuditedRecord, Held, HeldCounts,
};
use ledger::tiles::{TILE_WIDTH, Tile, decode_bundle};
use ledger::{Checkpoint, Hash, LogPublicKey, SignedNote, ViewId};
use policy::Internal;
use store::{Claimed, Snapshot, StoredEntry};

use crate::log::not_whole;
use crate::pack::checkpoint;
use crate::{Context, Error};

/// How many entries are read at once.
const PAGE: u32 = 1000;

const DAY_US: i64 = 24 * 60 * 60 * 1_000_000;

/// Makes the audit of the whole log, as it was at its newest checkpoint that witnesses cosigned, or
/// at its newest where there are no witnesses. `key` is the log's.
///
/// # Errors
/// [`Error::Unavailable`] if the log is not whole.
pub async fn audit(cx: &Context, key: &LogPublicKey) -> Result<Audit, Error> {
    cx.store.sequence().await?;
    let note = checkpoint(cx, key).await?;
    let size = Checkpoint::verify(&note, key).map_err(broken)?.size;
    let mut snapshot = cx.store.snapshot().await?;
    let epochs = snapshot.epochs().await?;
    let statements = snapshot.statements().await?;
    let chains = chains(cx, snapshot.as_mut(), size).await?;
    Ok(Audit {
        log_key: key.clone(),
        checkpoint: SignedNote::parse(&note).map_err(broken)?,
        leaves: leaves(cx, size).await?,
        epochs: epochs
            .into_iter()
            .filter(|stored| stored.log_index < size)
            .map(|stored| (stored.log_index, stored.epoch))
            .collect(),
        chains,
        statements: statements
            .into_iter()
            .filter(|stated| stated.log_index < size)
            .map(|stated| (stated.log_index, stated.statement))
            .collect(),
    })
}

/// How much was held back at the last midnight (UTC): published once a day, so that nobody sees at
/// which moment something was held back or opened.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn held_back(cx: &Context) -> Result<HeldCounts, Error> {
    let midnight = Timestamp(cx.now().0.div_euclid(DAY_US) * DAY_US);
    let held = cx.store.snapshot().await?.held().await?;
    let then = held
        .into_iter()
        .filter(|one| one.since < midnight && one.opened.is_none_or(|opened| opened >= midnight));
    let then = then.map(|one| Held {
        organisation: one.organisation,
        ground: one.ground,
        since_us: one.since.0,
        until_us: one.until.0,
    });
    Ok(HeldCounts::of(then, midnight.0))
}

/// Every chain with its links; what is younger than the checkpoint waits.
async fn chains(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    size: u64,
) -> Result<Vec<AuditedChain>, Error> {
    let directory = snapshot.directory().await?;
    let agencies = directory.organisations.keys();
    let agencies: HashSet<ViewId> = agencies.map(|id| cx.keys.organisation_view(id)).collect();
    let mut chains: Vec<AuditedChain> = Vec::new();
    let mut after = None;
    loop {
        let claims = snapshot.claims(Internal::Auditing, after, PAGE).await?;
        let Some(last) = claims.last() else {
            return Ok(chains);
        };
        after = Some((last.chain, last.entry.index));
        for claim in claims {
            let link = link(cx, snapshot, &claim.entry, size).await?;
            match chains.last_mut() {
                Some(chain) if chain.view == claim.view => chain.links.push(link),
                _ => chains.push(AuditedChain {
                    audience: audience(&claim, &agencies),
                    view: claim.view,
                    links: vec![link],
                }),
            }
        }
    }
}

fn audience(claim: &Claimed, agencies: &HashSet<ViewId>) -> Audience {
    match claim {
        _ if claim.is_held => Audience::Held,
        _ if agencies.contains(&claim.view) => Audience::Organisation,
        _ => Audience::Person,
    }
}

async fn link(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    entry: &StoredEntry,
    size: u64,
) -> Result<AuditedLink, Error> {
    Ok(AuditedLink {
        commitment: entry.commitment,
        leaf: entry.log_index.filter(|leaf| *leaf < size),
        opened: opened(cx, snapshot, entry.home, entry).await?,
    })
}

/// What opens an entry. One that was altered on the disk does not open, and the auditor sees that.
async fn opened(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    home: HomeId,
    entry: &StoredEntry,
) -> Result<Option<AuditedEntry>, Error> {
    if entry.is_erased() {
        return Ok(None);
    }
    let home = cx.keys.home(snapshot, home).await?;
    let Ok(key) = home.unwrap(&entry.wrapped_key) else {
        return Ok(None);
    };
    let Ok(opened) = ledger::open_entry(&key, &entry.root, &entry.sealed) else {
        return Ok(None);
    };
    Ok(Some(AuditedEntry {
        time_us: entry.time.0,
        record: AuditedRecord::of(&opened.record, &opened.salts),
        opening: opened.opening,
    }))
}

/// The log's leaves, read through its bundles as anyone could.
async fn leaves(cx: &Context, size: u64) -> Result<Vec<Hash>, Error> {
    let mut leaves = Vec::new();
    for index in 0..size.div_ceil(TILE_WIDTH) {
        let tile = Tile::in_tree(0, index, size).ok_or_else(not_whole)?;
        let bundle = cx.store.tile(&tile.entries_path()).await?;
        let bundle = bundle.as_deref().and_then(decode_bundle);
        leaves.extend(bundle.ok_or_else(not_whole)?);
    }
    Ok(leaves)
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Unavailable(Box::new(error))
}
