//! The pack as a file. There is one way to write each pack, and nothing else is read.

use super::{
    Content, EarlierCheckpoint, EpochProof, HeldEntry, LogPlace, Pack, PackField, PackLink, Reason,
    StatementProof,
};
use crate::bytes::Reader;
use crate::chain::{Head, Opening, ViewId};
use crate::epoch::Epoch;
use crate::hash::Hash;
use crate::key::LogPublicKey;
use crate::note::SignedNote;
use crate::record::{Field, is_name};
use crate::statement::Statement;
use crate::vrf::VrfProof;

/// What a file begins with.
const MAGIC: &[u8; 16] = b"candour-pack/v1\n";

/// What a file begins with that ends with statements.
const MAGIC_WITH_STATEMENTS: &[u8; 16] = b"candour-pack/v2\n";

/// What files of other versions begin with.
const ANY_VERSION: &[u8] = b"candour-pack/v";

const OPEN: u8 = 1;
const ERASED: u8 = 2;
const SHOWN: u8 = 0;
const WAITING: u8 = 0;
const IN_LOG: u8 = 1;

/// Why bytes are not a pack, or a pack cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The file begins with something else.
    #[error("this is not an evidence pack")]
    NotAPack,
    /// A pack in a form that this program does not know.
    #[error("this evidence pack is of another version: check it with a newer program")]
    OtherVersion,
    /// Cut off, added to, or written differently from the one way.
    #[error("the evidence pack is damaged: what follows byte {at} is not as it must be")]
    Damaged {
        /// How many bytes could be read.
        at: usize,
    },
    /// More entries, fields or hashes than their counts can say.
    #[error("there is more than one evidence pack can hold")]
    TooLarge,
}

impl Pack {
    /// Writes the file.
    pub fn encode(&self) -> Result<Vec<u8>, PackError> {
        let magic = match self.statements.is_empty() {
            true => MAGIC,
            false => MAGIC_WITH_STATEMENTS,
        };
        let mut out = Out(magic.to_vec());
        out.short_text(self.log_key.name())?;
        out.raw(self.log_key.as_bytes());
        out.raw(&self.view.0);
        out.note(&self.checkpoint)?;
        out.count::<u16>(self.earlier.len())?;
        for earlier in &self.earlier {
            out.note(&earlier.checkpoint)?;
            out.hashes(&earlier.consistency)?;
        }
        out.count::<u16>(self.epochs.len())?;
        for epoch in &self.epochs {
            out.epoch(epoch)?;
        }
        out.count::<u32>(self.links.len())?;
        for link in &self.links {
            out.link(link)?;
        }
        out.count::<u16>(self.held.len())?;
        for held in &self.held {
            out.held(held)?;
        }
        if !self.statements.is_empty() {
            out.count::<u16>(self.statements.len())?;
        }
        for stated in &self.statements {
            out.raw(&stated.statement.encode());
            out.place(&stated.place)?;
        }
        Ok(out.0)
    }

    /// Reads a file; whatever `encode` would write differently is refused.
    pub fn decode(bytes: &[u8]) -> Result<Pack, PackError> {
        if !bytes.starts_with(ANY_VERSION) {
            return Err(PackError::NotAPack);
        }
        let (magic, rest) = bytes.split_at_checked(16).ok_or(PackError::OtherVersion)?;
        let with_statements = magic == MAGIC_WITH_STATEMENTS;
        if !with_statements && magic != MAGIC {
            return Err(PackError::OtherVersion);
        }
        let mut reader = Reader::new(rest);
        let pack = read(&mut reader, with_statements).filter(|_| reader.is_empty());
        pack.ok_or(PackError::Damaged {
            at: bytes.len() - reader.left(),
        })
    }
}

/// The file as it is written.
pub(crate) struct Out(pub(crate) Vec<u8>);

impl Out {
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.raw(&number.to_be_bytes());
    }

    /// A count in as many bytes as its type has.
    pub(crate) fn count<T: TryFrom<usize> + Into<u64>>(
        &mut self,
        count: usize,
    ) -> Result<(), PackError> {
        let count: u64 = T::try_from(count).map_err(|_| PackError::TooLarge)?.into();
        let bytes = count.to_be_bytes();
        self.raw(bytes.get(8 - size_of::<T>()..).unwrap_or_default());
        Ok(())
    }

    pub(crate) fn short_text(&mut self, text: &str) -> Result<(), PackError> {
        self.count::<u8>(text.len())?;
        self.raw(text.as_bytes());
        Ok(())
    }

    fn long(&mut self, bytes: &[u8]) -> Result<(), PackError> {
        self.count::<u32>(bytes.len())?;
        self.raw(bytes);
        Ok(())
    }

    pub(crate) fn note(&mut self, note: &SignedNote) -> Result<(), PackError> {
        self.long(note.to_string().as_bytes())
    }

    pub(crate) fn hashes(&mut self, hashes: &[Hash]) -> Result<(), PackError> {
        self.count::<u16>(hashes.len())?;
        hashes.iter().for_each(|hash| self.raw(&hash.0));
        Ok(())
    }

    fn place(&mut self, place: &LogPlace) -> Result<(), PackError> {
        self.number(place.index);
        self.hashes(&place.path)
    }

    fn epoch(&mut self, proof: &EpochProof) -> Result<(), PackError> {
        self.raw(&proof.epoch.encode());
        self.place(&proof.place)?;
        self.raw(&proof.position.0);
        self.number(proof.head.next_index);
        self.raw(&proof.head.hash.0);
        self.raw(&proof.opening.0);
        self.hashes(&proof.path)
    }

    fn link(&mut self, link: &PackLink) -> Result<(), PackError> {
        self.raw(&link.commitment.0);
        match &link.content {
            Content::Erased => self.raw(&[ERASED]),
            Content::Open {
                time_us,
                opening,
                fields,
            } => {
                self.raw(&[OPEN]);
                self.opened(*time_us, opening, fields)?;
            }
        }
        match &link.place {
            None => self.raw(&[WAITING]),
            Some(place) => {
                self.raw(&[IN_LOG]);
                self.place(place)?;
            }
        }
        Ok(())
    }

    fn held(&mut self, held: &HeldEntry) -> Result<(), PackError> {
        self.raw(&held.link.to_be_bytes());
        self.raw(&held.view.0);
        self.opened(held.time_us, &held.opening, &held.fields)?;
        self.place(&held.place)
    }

    fn opened(
        &mut self,
        time_us: i64,
        opening: &Opening,
        fields: &[PackField],
    ) -> Result<(), PackError> {
        self.raw(&time_us.to_be_bytes());
        self.raw(&opening.0);
        self.fields(fields)
    }

    pub(crate) fn fields(&mut self, fields: &[PackField]) -> Result<(), PackError> {
        self.count::<u16>(fields.len())?;
        fields.iter().try_for_each(|field| self.field(field))
    }

    pub(crate) fn field(&mut self, field: &PackField) -> Result<(), PackError> {
        match field {
            PackField::Shown { field, salt } => {
                self.raw(&[SHOWN]);
                self.raw(salt);
                self.short_text(&field.name)?;
                self.long(&field.value)?;
            }
            PackField::Withheld { leaf, reason } => {
                self.raw(&[*reason as u8]);
                self.raw(&leaf.0);
            }
        }
        Ok(())
    }
}

fn read(reader: &mut Reader<'_>, with_statements: bool) -> Option<Pack> {
    let length = reader.u8()?;
    let origin = std::str::from_utf8(reader.take(length.into())?).ok()?;
    let log_key = LogPublicKey::new(origin, reader.array()?).ok()?;
    let view = ViewId(reader.array()?);
    let checkpoint = note(reader)?;
    let earlier = (0..reader.u16()?)
        .map(|_| {
            Some(EarlierCheckpoint {
                checkpoint: note(reader)?,
                consistency: hashes(reader)?,
            })
        })
        .collect::<Option<_>>()?;
    let epochs = (0..reader.u16()?)
        .map(|_| epoch(reader))
        .collect::<Option<_>>()?;
    let links = (0..reader.u32()?)
        .map(|_| link(reader))
        .collect::<Option<_>>()?;
    let held = (0..reader.u16()?)
        .map(|_| held(reader))
        .collect::<Option<Vec<_>>>()?;
    if !held.is_sorted_by(|a, b| a.link < b.link) {
        return None;
    }
    let statements = match with_statements {
        true => statements(reader)?,
        false => Vec::new(),
    };
    Some(Pack {
        log_key,
        view,
        checkpoint,
        earlier,
        epochs,
        links,
        held,
        statements,
    })
}

/// At least one, in the order of the log.
fn statements(reader: &mut Reader<'_>) -> Option<Vec<StatementProof>> {
    let statements = (0..reader.u16()?)
        .map(|_| {
            Some(StatementProof {
                statement: Statement::read(reader)?,
                place: place(reader)?,
            })
        })
        .collect::<Option<Vec<_>>>()?;
    let in_order = statements.is_sorted_by(|a, b| a.place.index < b.place.index);
    (in_order && !statements.is_empty()).then_some(statements)
}

pub(crate) fn note(reader: &mut Reader<'_>) -> Option<SignedNote> {
    let length = usize::try_from(reader.u32()?).ok()?;
    let text = std::str::from_utf8(reader.take(length)?).ok()?;
    let note = SignedNote::parse(text).ok()?;
    (note.to_string() == text).then_some(note)
}

fn hashes(reader: &mut Reader<'_>) -> Option<Vec<Hash>> {
    (0..reader.u16()?)
        .map(|_| reader.array().map(Hash))
        .collect()
}

fn place(reader: &mut Reader<'_>) -> Option<LogPlace> {
    Some(LogPlace {
        index: reader.u64()?,
        path: hashes(reader)?,
    })
}

fn epoch(reader: &mut Reader<'_>) -> Option<EpochProof> {
    Some(EpochProof {
        epoch: Epoch::read(reader)?,
        place: place(reader)?,
        position: VrfProof(reader.array()?),
        head: Head {
            next_index: reader.u64()?,
            hash: Hash(reader.array()?),
        },
        opening: Opening(reader.array()?),
        path: hashes(reader)?,
    })
}

fn link(reader: &mut Reader<'_>) -> Option<PackLink> {
    let commitment = Hash(reader.array()?);
    let content = match reader.u8()? {
        OPEN => Content::Open {
            time_us: reader.i64()?,
            opening: Opening(reader.array()?),
            fields: fields(reader)?,
        },
        ERASED => Content::Erased,
        _ => return None,
    };
    let place = match reader.u8()? {
        WAITING => None,
        IN_LOG => Some(place(reader)?),
        _ => return None,
    };
    Some(PackLink {
        commitment,
        content,
        place,
    })
}

fn held(reader: &mut Reader<'_>) -> Option<HeldEntry> {
    Some(HeldEntry {
        link: reader.u32()?,
        view: ViewId(reader.array()?),
        time_us: reader.i64()?,
        opening: Opening(reader.array()?),
        fields: fields(reader)?,
        place: place(reader)?,
    })
}

/// At least one field; the names of those that are shown in order.
pub(crate) fn fields(reader: &mut Reader<'_>) -> Option<Vec<PackField>> {
    let fields = (0..reader.u16()?)
        .map(|_| field(reader))
        .collect::<Option<Vec<_>>>()?;
    let names = fields.iter().filter_map(|field| match field {
        PackField::Shown { field, .. } => Some(&field.name),
        PackField::Withheld { .. } => None,
    });
    let in_order = names.is_sorted_by(|a, b| a < b);
    (in_order && !fields.is_empty()).then_some(fields)
}

fn field(reader: &mut Reader<'_>) -> Option<PackField> {
    let kind = reader.u8()?;
    if kind == SHOWN {
        let salt = reader.array()?;
        let length = reader.u8()?;
        let name = String::from_utf8(reader.take(length.into())?.to_vec()).ok()?;
        let length = usize::try_from(reader.u32()?).ok()?;
        let value = reader.take(length)?.to_vec();
        let field = Field { name, value };
        return is_name(&field.name).then_some(PackField::Shown { field, salt });
    }
    let reason = Reason::ALL.into_iter().find(|one| *one as u8 == kind)?;
    Some(PackField::Withheld {
        leaf: Hash(reader.array()?),
        reason,
    })
}
