//! The evidence pack: a person's whole account with everything that proves it, in one file that
//! they, or whoever they give it to, can check without us (`candour verify`).

use domain::{Capacity, ResourceId};
use ledger::pack::{
    Content, EarlierCheckpoint, EpochProof, HeldEntry, OPENS, PackField, PackLink, Reason,
    StatementProof,
};
use ledger::{Checkpoint, Hash, LogPublicKey, Pack, SignedNote, ViewId};
use policy::Permit;
use store::{PageRequest, Snapshot, StoredEntry, StoredEpoch};

use crate::account::{Lists, Opened, open};
use crate::epoch;
use crate::event::Event;
use crate::log::{Log, not_whole};
use crate::screened::Screen;
use crate::{Asking, Context, Error};

/// How many entries are read at once.
const PAGE: u32 = 1000;

/// How many epochs a pack shows besides the newest, evenly over the life of the list. Each is a
/// moment to which the operator is held; one map is made anew for each.
const EARLIER_EPOCHS: usize = 4;

/// What a pack is wanted of.
#[derive(Debug, Clone)]
pub struct PackAsk {
    /// Which of the lists that the account is made of, from 1: that in which new lines stand.
    pub list: usize,
    /// Names of fields that are withheld at the person's wish.
    pub leave_out: Vec<String>,
    /// Any Patient that is the person, where somebody asks who acts for them.
    pub of: Option<ResourceId>,
}

/// What is withheld from a pack, field by field; the rest verifies.
struct LeftOut<'a> {
    /// Names of fields that are withheld at the person's wish.
    chosen: &'a [String],
    /// What is not told in the account either.
    screen: Screen,
}

impl Default for PackAsk {
    fn default() -> Self {
        Self {
            list: 1,
            leave_out: Vec::new(),
            of: None,
        }
    }
}

/// Makes the evidence pack of one list of the caller's own account, or of their own view of the account
/// of somebody for whom they act; `None` if it is neither, or there is no such list. `key` is the log's.
///
/// # Errors
/// [`Error::Unavailable`] if an entry does not open, or the log is not whole.
pub async fn pack(
    cx: &Context,
    asking: &Asking,
    key: &LogPublicKey,
    ask: &PackAsk,
) -> Result<Option<Vec<u8>>, Error> {
    let Some(opened) = open(cx, asking, ask.of).await? else {
        return Ok(None);
    };
    let Opened {
        facts,
        permit,
        readers,
        ..
    } = opened;
    if matches!(asking.caller.capacity, Capacity::Outsider { .. }) {
        // A pack is for keeping, and proves a whole list: it is the person's to pass on.
        return Ok(None);
    }
    // What was written until now is proven, and not promised only.
    cx.store.sequence().await?;
    let mut snapshot = cx.store.snapshot().await?;
    let lists = Lists::of(cx, snapshot.as_mut(), &permit, &facts, &readers).await?;
    let Some(view) = lists.view(ask.list) else {
        return Ok(None);
    };
    let leave_out = &LeftOut {
        chosen: &ask.leave_out,
        screen: Screen::of(cx, snapshot.as_mut(), asking, &facts).await?,
    };
    let entries = all_entries(snapshot.as_mut(), &permit, &view).await?;
    let epochs = chosen(snapshot.epochs().await?, &entries);
    let statements = snapshot.statements().await?;
    let note = checkpoint(cx, key).await?;
    let newest = Checkpoint::verify(&note, key).map_err(broken)?;
    let mut log = Log::new(cx.store.as_ref(), newest.size);

    let mut links = Vec::with_capacity(entries.len());
    let mut held = Vec::new();
    for (number, entry) in (0..).zip(&entries) {
        let content = content(cx, snapshot.as_mut(), entry, leave_out).await?;
        if let Some(view) = opened_by(&content) {
            let was = was_held(cx, snapshot.as_mut(), &permit, view, &mut log, leave_out).await?;
            held.extend(was.map(|was| HeldEntry {
                link: number,
                ..was
            }));
        }
        links.push(PackLink {
            commitment: entry.commitment,
            content,
            place: log.place(entry.log_index).await?,
        });
    }
    let mut pack = Pack {
        log_key: key.clone(),
        view,
        checkpoint: SignedNote::parse(&note).map_err(broken)?,
        earlier: Vec::new(),
        epochs: Vec::new(),
        links,
        held,
        statements: Vec::new(),
    };
    let heads = pack.heads();
    let mut covering = Vec::new();
    for stored in epochs {
        let Some(place) = log.place(Some(stored.log_index)).await? else {
            continue;
        };
        let stood = epoch::stood(cx, snapshot.as_mut(), &stored.epoch, &view).await?;
        let before = entries
            .iter()
            .filter(|entry| is_among(entry, stored.epoch.size));
        let Some(head) = heads.get(before.count()) else {
            continue;
        };
        pack.epochs.push(EpochProof {
            position: stood.position,
            opening: stood.opening,
            path: stood.path,
            head: *head,
            epoch: stored.epoch,
            place,
        });
        covering.push((stored.log_index, stored.checkpoint));
    }
    for stated in statements {
        let Some(place) = log.place(Some(stated.log_index)).await? else {
            continue;
        };
        pack.statements.push(StatementProof {
            statement: stated.statement,
            place,
        });
        covering.push((stated.log_index, stated.checkpoint));
    }
    covering.sort_by_key(|(leaf, _)| *leaf);
    for (_, note) in covering {
        let earlier = earlier(&mut log, &note, newest.size).await?;
        pack.earlier.extend(earlier);
    }
    pack.encode().map(Some).map_err(broken)
}

/// The checkpoint that all proofs lead to: the newest that witnesses cosigned, where there are any,
/// since what only we have signed we could have signed for one person alone. A log without any
/// gets its first epoch, and with it a checkpoint. What they cosigned under a key of before is passed
/// over.
pub(crate) async fn checkpoint(cx: &Context, key: &LogPublicKey) -> Result<String, Error> {
    let cosigned = cx.store.cosigned().await?;
    if let Some(note) = cosigned.filter(|note| Checkpoint::verify(note, key).is_ok()) {
        return Ok(note);
    }
    if let Some(note) = cx.store.checkpoint().await? {
        return Ok(note);
    }
    epoch::make(cx).await?;
    cx.store.checkpoint().await?.ok_or_else(not_whole)
}

/// All entries of a view, oldest first.
async fn all_entries(
    snapshot: &mut dyn Snapshot,
    permit: &Permit,
    view: &ViewId,
) -> Result<Vec<StoredEntry>, Error> {
    let mut entries = Vec::new();
    let mut page = PageRequest {
        limit: PAGE,
        after: None,
        with_total: false,
    };
    loop {
        let (more, next) = snapshot.entries(permit, view, &page).await?;
        entries.extend(more);
        if next.is_none() {
            entries.reverse();
            return Ok(entries);
        }
        page.after = next;
    }
}

/// The newest epoch, and a few before it, of those that already knew the view.
fn chosen(epochs: Vec<StoredEpoch>, entries: &[StoredEntry]) -> Vec<StoredEpoch> {
    let knew = |epoch: &StoredEpoch| {
        let first = entries.first();
        first.is_some_and(|first| is_among(first, epoch.epoch.size))
    };
    let knowing: Vec<StoredEpoch> = epochs.into_iter().filter(knew).collect();
    let last = knowing.len().saturating_sub(1);
    let step = last.div_ceil(EARLIER_EPOCHS).max(1);
    let spread = knowing.into_iter().enumerate();
    spread
        .filter(|(place, _)| (last - place).is_multiple_of(step))
        .map(|(_, epoch)| epoch)
        .collect()
}

/// Whether an entry is among the first leaves of the log.
fn is_among(entry: &StoredEntry, size: u64) -> bool {
    entry.log_index.is_some_and(|index| index < size)
}

async fn content(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    entry: &StoredEntry,
    leave_out: &LeftOut<'_>,
) -> Result<Content, Error> {
    if entry.is_erased() {
        return Ok(Content::Erased);
    }
    let home = cx.keys.home(snapshot, entry.home).await?;
    let key = home.unwrap(&entry.wrapped_key).map_err(broken)?;
    let opened = ledger::open_entry(&key, &entry.root, &entry.sealed).map_err(broken)?;
    let event = Event::of_record(&opened.record);
    let withhold = |field: &ledger::Field| {
        let screened = leave_out.screen.withholds(entry, &event, &field.name);
        if screened.is_some() {
            return screened;
        }
        let left_out = leave_out.chosen.contains(&field.name);
        left_out.then_some(Reason::Choice)
    };
    Ok(Content::Open {
        time_us: entry.time.0,
        fields: PackField::of_record(&opened.record, &opened.salts, withhold),
        opening: opened.opening,
    })
}

/// The chain in which an entry stood while it was held back.
fn opened_by(content: &Content) -> Option<ViewId> {
    let text = std::str::from_utf8(content.shown(OPENS)?).ok()?;
    Some(ViewId(Hash::from_hex(text).ok()?.0))
}

/// What was held back there, once the log has it; `None` if it was erased since.
async fn was_held(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    permit: &Permit,
    view: ViewId,
    log: &mut Log<'_>,
    leave_out: &LeftOut<'_>,
) -> Result<Option<HeldEntry>, Error> {
    let entries = all_entries(snapshot, permit, &view).await?;
    let Some(entry) = entries.first() else {
        return Ok(None);
    };
    let place = log.place(entry.log_index).await?;
    let (
        Content::Open {
            time_us,
            opening,
            fields,
        },
        Some(place),
    ) = (content(cx, snapshot, entry, leave_out).await?, place)
    else {
        return Ok(None);
    };
    Ok(Some(HeldEntry {
        link: 0,
        view,
        time_us,
        opening,
        fields,
        place,
    }))
}

/// A checkpoint of before, and that the log only grew since. One that is younger than the pack's is
/// left out.
async fn earlier(
    log: &mut Log<'_>,
    note: &str,
    size: u64,
) -> Result<Option<EarlierCheckpoint>, Error> {
    let checkpoint = SignedNote::parse(note).map_err(broken)?;
    let then = Checkpoint::parse(checkpoint.text()).map_err(broken)?;
    if then.size > size {
        return Ok(None);
    }
    Ok(Some(EarlierCheckpoint {
        checkpoint,
        consistency: log.consistency(then.size).await?,
    }))
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Unavailable(Box::new(error))
}
