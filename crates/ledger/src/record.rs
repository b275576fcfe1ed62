//! The disclosure record: fields that can be opened one by one.
//!
//! Every field is hashed with its own salt into a leaf of a small Merkle tree. Whoever holds the
//! root can check any opened field, and learns nothing of the fields that stay closed except how
//! many there are. The salts all derive from one random seed kept (encrypted) with the record;
//! a seed never leaves the operator, because it opens every field whose value can be guessed.
//!
//! Binary form (integers big-endian), the only one that [`Record::decode`] accepts:
//!
//! ```text
//! 01                        version
//! seed        32 bytes      of the salts
//! count       u16           1 or more
//! then for each field, names strictly ascending by byte:
//!   length    u8            of the name, 1 or more
//!   name      ASCII         0x21 to 0x7e
//!   length    u32           of the value
//!   value     bytes
//! ```
//!
//! Salt, leaf and root:
//!
//! ```text
//! salt(name) = HMAC-SHA-256(seed, "salt/v1" || name)[..16]
//! leaf       = SHA-256(00 || "field/v1" || salt || u8 length of name || name || value)
//! node       = SHA-256(01 || left || right)                       shape as in RFC 9162
//! root       = SHA-256(03 || "record/v1" || u16 count || top)
//! ```
//!
//! The last step binds the number of fields: without it a whole subtree could pass for a single
//! closed field, and a record could be shown with fewer fields than it has.

use std::fmt;

use hmac::Mac;
use zeroize::Zeroizing;

use crate::bytes::Reader;
use crate::hash::{Hash, keyed, sha256};
use crate::proof::{ProofError, root_from_path};
use crate::tree::MemoryTree;

const VERSION: u8 = 1;

/// One named value of a record.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// 1 to 255 printable ASCII characters without spaces.
    pub name: String,
    /// Opaque bytes; by convention UTF-8 text or canonical JSON.
    pub value: Vec<u8>,
}

/// What one log entry says: uniquely named fields, kept in order of name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    fields: Vec<Field>,
}

/// The seed from which the salt of each field of one record derives.
#[derive(Clone, PartialEq, Eq)]
pub struct Salts {
    seed: Zeroizing<[u8; 32]>,
}

/// One field opened against the root of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProof {
    /// The opened field.
    pub field: Field,
    /// Its salt; those of the other fields cannot be derived from it.
    pub salt: [u8; 16],
    /// Its place among the fields in order of name, from 0.
    pub index: u16,
    /// How many fields the record has.
    pub count: u16,
    /// The Merkle path from the field's leaf to the top.
    pub path: Vec<Hash>,
}

/// Why fields or bytes are not a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// No field at all.
    #[error("a record has at least one field")]
    Empty,
    /// More fields than the count can say.
    #[error("a record has at most 65535 fields")]
    TooManyFields,
    /// Two fields of one name, or (decoding) names out of order.
    #[error("the names of a record's fields are unique and in order")]
    Order,
    /// A name that is empty, too long or not plain ASCII.
    #[error("the name of a field is 1 to 255 printable ASCII characters without spaces")]
    Name,
    /// A value longer than its length can say.
    #[error("the value of a field is shorter than 4 GiB")]
    ValueTooLong,
    /// A version that this program does not know.
    #[error("the record is of an unknown version")]
    Version,
    /// Bytes missing at the end, or left over.
    #[error("the record's length does not fit its content")]
    Length,
}

impl Record {
    /// Puts the fields in order; refuses names that are malformed or occur twice.
    pub fn new(mut fields: Vec<Field>) -> Result<Record, RecordError> {
        fields.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Record::in_order(fields)
    }

    fn in_order(fields: Vec<Field>) -> Result<Record, RecordError> {
        if fields.is_empty() {
            return Err(RecordError::Empty);
        }
        if u16::try_from(fields.len()).is_err() {
            return Err(RecordError::TooManyFields);
        }
        for field in &fields {
            if !is_name(&field.name) {
                return Err(RecordError::Name);
            }
            if u32::try_from(field.value.len()).is_err() {
                return Err(RecordError::ValueTooLong);
            }
        }
        if !fields.is_sorted_by(|a, b| a.name < b.name) {
            return Err(RecordError::Order);
        }
        Ok(Record { fields })
    }

    /// The value of the field called `name`.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.position(name).map(|(_, field)| field.value.as_slice())
    }

    /// All fields in order of name.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    fn position(&self, name: &str) -> Option<(usize, &Field)> {
        let index = self
            .fields
            .binary_search_by(|field| field.name.as_str().cmp(name))
            .ok()?;
        self.fields.get(index).map(|field| (index, field))
    }

    /// The record and its seed in the binary form of this module. Secret: to be sealed.
    pub fn encode(&self, salts: &Salts) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.encoded_len());
        self.encode_into(salts, &mut out);
        out
    }

    pub(crate) fn encoded_len(&self) -> usize {
        35 + self
            .fields
            .iter()
            .map(|f| 5 + f.name.len() + f.value.len())
            .sum::<usize>()
    }

    pub(crate) fn encode_into(&self, salts: &Salts, out: &mut Vec<u8>) {
        out.push(VERSION);
        out.extend_from_slice(&*salts.seed);
        out.extend_from_slice(&self.count().to_be_bytes());
        for field in &self.fields {
            // `in_order` has checked that both lengths fit.
            out.push(field.name.len() as u8);
            out.extend_from_slice(field.name.as_bytes());
            out.extend_from_slice(&(field.value.len() as u32).to_be_bytes());
            out.extend_from_slice(&field.value);
        }
    }

    /// Reads the binary form; whatever `encode` would write differently is refused.
    pub fn decode(bytes: &[u8]) -> Result<(Record, Salts), RecordError> {
        let mut reader = Reader::new(bytes);
        if reader.u8().ok_or(RecordError::Length)? != VERSION {
            return Err(RecordError::Version);
        }
        let salts = Salts::new(reader.array().ok_or(RecordError::Length)?);
        let count = reader.u16().ok_or(RecordError::Length)?;
        let fields = (0..count)
            .map(|_| Field::decode(&mut reader))
            .collect::<Result<_, _>>()?;
        if !reader.is_empty() {
            return Err(RecordError::Length);
        }
        Ok((Record::in_order(fields)?, salts))
    }

    /// The value that commits to every field, and from which no field can be guessed.
    pub fn root(&self, salts: &Salts) -> Hash {
        bind_count(self.count(), &self.tree(salts).root())
    }

    /// Opens the field called `name` for someone who holds the root.
    pub fn prove_field(&self, salts: &Salts, name: &str) -> Option<FieldProof> {
        let (index, field) = self.position(name)?;
        Some(FieldProof {
            field: field.clone(),
            salt: salts.salt(name),
            index: u16::try_from(index).ok()?,
            count: self.count(),
            path: self.tree(salts).path(index)?,
        })
    }

    fn tree(&self, salts: &Salts) -> MemoryTree {
        let salter = keyed(&salts.seed);
        let leaves = self.fields.iter().map(|field| {
            let salt = salt_from(salter.clone(), &field.name);
            leaf(&salt, field)
        });
        MemoryTree::new(leaves.collect())
    }

    fn count(&self) -> u16 {
        // `in_order` has checked that it fits.
        self.fields.len() as u16
    }
}

impl Field {
    fn decode(reader: &mut Reader<'_>) -> Result<Field, RecordError> {
        let length = reader.u8().ok_or(RecordError::Length)?;
        let name = reader
            .take(usize::from(length))
            .ok_or(RecordError::Length)?;
        let name = String::from_utf8(name.to_vec()).map_err(|_| RecordError::Name)?;
        let length = reader.u32().ok_or(RecordError::Length)?;
        let length = usize::try_from(length).map_err(|_| RecordError::Length)?;
        let value = reader.take(length).ok_or(RecordError::Length)?.to_vec();
        Ok(Field { name, value })
    }
}

/// The value is somebody's business and stays out of debug output.
impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} bytes", self.name, self.value.len())
    }
}

impl Salts {
    /// Salts from 32 random bytes, drawn anew for every record.
    pub fn new(seed: [u8; 32]) -> Salts {
        Salts {
            seed: Zeroizing::new(seed),
        }
    }

    /// The salt of the field called `name`: it opens that field and tells nothing of the others.
    pub fn salt(&self, name: &str) -> [u8; 16] {
        salt_from(keyed(&self.seed), name)
    }
}

impl fmt::Debug for Salts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salts(..)")
    }
}

/// Checks an opened field against the root of its record.
pub fn verify_field(root: &Hash, proof: &FieldProof) -> Result<(), ProofError> {
    if !is_name(&proof.field.name) {
        return Err(ProofError::Malformed);
    }
    let leaf = leaf(&proof.salt, &proof.field);
    let (index, count) = (u64::from(proof.index), u64::from(proof.count));
    let top = root_from_path(&leaf, index, count, &proof.path)?;
    if bind_count(proof.count, &top) == *root {
        Ok(())
    } else {
        Err(ProofError::Mismatch)
    }
}

pub(crate) fn is_name(name: &str) -> bool {
    (1..=255).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic())
}

fn salt_from(mut salter: hmac::Hmac<sha2::Sha256>, name: &str) -> [u8; 16] {
    salter.update(b"salt/v1");
    salter.update(name.as_bytes());
    let full: [u8; 32] = salter.finalize().into_bytes().into();
    let mut salt = [0; 16];
    salt.copy_from_slice(&full[..16]);
    salt
}

pub(crate) fn leaf(salt: &[u8; 16], field: &Field) -> Hash {
    // Only names that passed `is_name` come here, so the length fits its byte.
    let length = [field.name.len() as u8];
    sha256(&[
        &[0x00],
        b"field/v1",
        salt,
        &length,
        field.name.as_bytes(),
        &field.value,
    ])
}

pub(crate) fn bind_count(count: u16, top: &Hash) -> Hash {
    sha256(&[&[0x03], b"record/v1", &count.to_be_bytes(), &top.0])
}
