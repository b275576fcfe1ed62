//! The audit as a file: sealed under the auditor's key, and one way to write what is in it.

use super::{Audience, Audit, AuditedChain, AuditedEntry, AuditedLink, AuditedRecord};
use crate::bytes::Reader;
use crate::chain::{Opening, ViewId};
use crate::epoch::Epoch;
use crate::hash::Hash;
use crate::key::LogPublicKey;
use crate::pack::PackError;
use crate::pack::encoding::{Out, fields, note};
use crate::seal::{EntryKey, open, seal};
use crate::statement::Statement;

/// What a file begins with; also what the seal is for.
const MAGIC: &[u8; 17] = b"candour-audit/v1\n";

/// What a file begins with that ends with statements.
const MAGIC_WITH_STATEMENTS: &[u8; 17] = b"candour-audit/v2\n";

const ERASED: u8 = 0;
const CLOSED: u8 = 1;
const FIELDS: u8 = 2;

/// Why bytes are not an audit, or none can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// The file begins with something else.
    #[error("this is not an audit, or one of another version")]
    NotAnAudit,
    /// It was altered, or is for another auditor.
    #[error("the audit was altered, or is sealed for another key")]
    NotOpened,
    /// What is in it is not as it must be.
    #[error("the audit is damaged")]
    Damaged,
    /// It cannot be sealed or written.
    #[error("the audit is too large to be written")]
    TooLarge,
}

impl From<PackError> for AuditError {
    fn from(_: PackError) -> Self {
        Self::TooLarge
    }
}

impl Audit {
    /// Writes the file, for the eyes of whoever has the key; `nonce` is drawn anew each time.
    pub fn seal(&self, key: &EntryKey, nonce: [u8; 12]) -> Result<Vec<u8>, AuditError> {
        let plain = self.encode()?;
        let magic = self.magic();
        let sealed = seal(key, nonce, magic, &plain).map_err(|_| AuditError::TooLarge)?;
        Ok([magic, &sealed].concat())
    }

    /// Opens a file.
    pub fn open(key: &EntryKey, file: &[u8]) -> Result<Audit, AuditError> {
        let (magic, sealed) = file
            .split_at_checked(MAGIC.len())
            .ok_or(AuditError::NotAnAudit)?;
        if magic != MAGIC && magic != MAGIC_WITH_STATEMENTS {
            return Err(AuditError::NotAnAudit);
        }
        let plain = open(key, magic, sealed).map_err(|_| AuditError::NotOpened)?;
        let audit = Audit::decode(&plain).filter(|audit| audit.magic() == magic);
        audit.ok_or(AuditError::Damaged)
    }

    fn magic(&self) -> &'static [u8] {
        match self.statements.is_empty() {
            true => MAGIC,
            false => MAGIC_WITH_STATEMENTS,
        }
    }

    /// Writes what the file holds.
    pub fn encode(&self) -> Result<Vec<u8>, AuditError> {
        let mut out = Out(Vec::new());
        out.short_text(self.log_key.name())?;
        out.raw(self.log_key.as_bytes());
        out.note(&self.checkpoint)?;
        out.number(self.leaves.len() as u64);
        self.leaves.iter().for_each(|leaf| out.raw(&leaf.0));
        out.number(self.epochs.len() as u64);
        for (leaf, epoch) in &self.epochs {
            out.number(*leaf);
            out.raw(&epoch.encode());
        }
        out.number(self.chains.len() as u64);
        for chain in &self.chains {
            out.raw(&[chain.audience as u8]);
            out.raw(&chain.view.0);
            out.number(chain.links.len() as u64);
            chain.links.iter().try_for_each(|one| link(&mut out, one))?;
        }
        if !self.statements.is_empty() {
            out.number(self.statements.len() as u64);
        }
        for (leaf, statement) in &self.statements {
            out.number(*leaf);
            out.raw(&statement.encode());
        }
        Ok(out.0)
    }

    /// Reads what `encode` wrote; `None` for anything else.
    pub fn decode(bytes: &[u8]) -> Option<Audit> {
        let mut reader = Reader::new(bytes);
        let audit = read(&mut reader)?;
        reader.is_empty().then_some(audit)
    }
}

fn link(out: &mut Out, link: &AuditedLink) -> Result<(), AuditError> {
    out.raw(&link.commitment.0);
    // One more than the leaf, so that 0 says that there is none yet.
    out.number(link.leaf.map_or(0, |leaf| leaf.saturating_add(1)));
    let Some(entry) = &link.opened else {
        out.raw(&[ERASED]);
        return Ok(());
    };
    match &entry.record {
        AuditedRecord::Closed(root) => {
            out.raw(&[CLOSED]);
            out.raw(&root.0);
        }
        AuditedRecord::Fields(fields) => {
            out.raw(&[FIELDS]);
            out.fields(fields)?;
        }
    }
    out.raw(&entry.time_us.to_be_bytes());
    out.raw(&entry.opening.0);
    Ok(())
}

fn read(reader: &mut Reader<'_>) -> Option<Audit> {
    let length = reader.u8()?;
    let origin = std::str::from_utf8(reader.take(length.into())?).ok()?;
    Some(Audit {
        log_key: LogPublicKey::new(origin, reader.array()?).ok()?,
        checkpoint: note(reader)?,
        leaves: many(reader, |reader| reader.array().map(Hash))?,
        epochs: many(reader, |reader| Some((reader.u64()?, Epoch::read(reader)?)))?,
        chains: many(reader, chain)?,
        statements: match reader.is_empty() {
            true => Vec::new(),
            false => statements(reader)?,
        },
    })
}

/// At least one.
fn statements(reader: &mut Reader<'_>) -> Option<Vec<(u64, Statement)>> {
    let read = |reader: &mut Reader<'_>| Some((reader.u64()?, Statement::read(reader)?));
    let statements = many(reader, read)?;
    (!statements.is_empty()).then_some(statements)
}

/// As many as a count of eight bytes says; each takes at least a byte, so a false count ends soon.
fn many<T>(
    reader: &mut Reader<'_>,
    mut one: impl FnMut(&mut Reader<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    (0..reader.u64()?).map(|_| one(reader)).collect()
}

fn chain(reader: &mut Reader<'_>) -> Option<AuditedChain> {
    let kind = reader.u8()?;
    Some(AuditedChain {
        audience: Audience::ALL.into_iter().find(|one| *one as u8 == kind)?,
        view: ViewId(reader.array()?),
        links: many(reader, read_link)?,
    })
}

fn read_link(reader: &mut Reader<'_>) -> Option<AuditedLink> {
    let commitment = Hash(reader.array()?);
    let leaf = reader.u64()?.checked_sub(1);
    let record = match reader.u8()? {
        ERASED => None,
        CLOSED => Some(AuditedRecord::Closed(Hash(reader.array()?))),
        FIELDS => Some(AuditedRecord::Fields(fields(reader)?)),
        _ => return None,
    };
    let opened = match record {
        None => None,
        Some(record) => Some(AuditedEntry {
            time_us: reader.i64()?,
            opening: Opening(reader.array()?),
            record,
        }),
    };
    Some(AuditedLink {
        commitment,
        leaf,
        opened,
    })
}
