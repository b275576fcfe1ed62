//! What is ready to leave but may not yet: bytes are let go only against the receipt of the entry
//! that tells the person about exactly these bytes.

use sha2::{Digest, Sha256};
use store::{EntryReceipt, NewEntry, StoredResource};

/// Resources gathered under a permit, waiting for their entry to be durable.
pub struct Held {
    resources: Vec<StoredResource>,
    content: [u8; 32],
}

/// The digest over type, id, version and bytes of resources.
pub(crate) fn digest<'r>(resources: impl IntoIterator<Item = &'r StoredResource>) -> [u8; 32] {
    let mut digest = Sha256::new();
    for resource in resources {
        digest.update(resource.resource_type.as_bytes());
        digest.update([0]);
        digest.update(resource.id.0);
        digest.update(resource.version.to_be_bytes());
        digest.update((resource.bytes.len() as u64).to_be_bytes());
        digest.update(&resource.bytes);
    }
    digest.finalize().into()
}

/// Resources that may leave: the only way to their bytes.
#[derive(Debug)]
pub struct Released {
    resources: Vec<StoredResource>,
    receipt: EntryReceipt,
}

/// The receipt is for something else than what is held: a defect that must never release.
#[derive(Debug, thiserror::Error)]
#[error("the receipt does not cover what is held")]
pub struct NotCovered;

impl Held {
    /// Takes what was gathered and fixes it by a digest over type, id, version and bytes.
    #[must_use]
    pub fn new(resources: Vec<StoredResource>) -> Self {
        Self {
            content: digest(&resources),
            resources,
        }
    }

    /// The digest that the entry must carry.
    #[must_use]
    pub fn content(&self) -> [u8; 32] {
        self.content
    }

    /// What is held, for naming its categories; the bytes stay here.
    pub(crate) fn resources(&self) -> &[StoredResource] {
        &self.resources
    }

    /// Seals the entry for this content. What is returned is the only key that opens the hold.
    #[must_use]
    pub fn under(self, entry: &NewEntry) -> Sealed {
        Sealed {
            held: self,
            root: entry.root,
        }
    }
}

/// Held content bound to the root of the entry that covers it.
pub struct Sealed {
    held: Held,
    root: ledger::Hash,
}

impl Sealed {
    /// Lets go of what is held, if the receipt is for the entry that covers exactly this.
    ///
    /// # Errors
    /// [`NotCovered`] if the receipt is for any other entry.
    pub fn release(self, receipt: EntryReceipt) -> Result<Released, NotCovered> {
        if receipt.root != self.root {
            return Err(NotCovered);
        }
        Ok(Released {
            resources: self.held.resources,
            receipt,
        })
    }
}

impl Released {
    /// The resources.
    #[must_use]
    pub fn resources(&self) -> &[StoredResource] {
        &self.resources
    }

    /// The receipt that goes with them.
    #[must_use]
    pub fn receipt(&self) -> &EntryReceipt {
        &self.receipt
    }
}

#[cfg(test)]
mod tests {
    use domain::{ClassId, ResourceId, RowKey, Timestamp};
    use ledger::{Hash, Receipt, ViewId};
    use proptest::prelude::*;

    use super::*;

    /// Ten thousand cases, or a million with `CANDOUR_LONG`.
    fn config() -> ProptestConfig {
        let long = std::env::var_os("CANDOUR_LONG").is_some();
        ProptestConfig::with_cases(if long { 1_000_000 } else { 10_000 })
    }

    fn note((id, version, bytes): (u8, u32, Vec<u8>)) -> StoredResource {
        StoredResource {
            row: RowKey(1),
            resource_type: "DocumentReference".to_owned(),
            id: ResourceId([id; 16]),
            version,
            updated_at: Timestamp(0),
            occurred_at: None,
            class: ClassId(1),
            custodian: "hospital".into(),
            mentions_others: false,
            bytes,
        }
    }

    fn notes() -> impl Strategy<Value = Vec<(u8, u32, Vec<u8>)>> {
        let note = (
            0_u8..3,
            0_u32..2,
            proptest::collection::vec(97_u8..99, 0..3),
        );
        proptest::collection::vec(note, 0..3)
    }

    fn receipt(root: Hash) -> EntryReceipt {
        EntryReceipt {
            view: ViewId([1; 32]),
            index: 0,
            time: Timestamp(0),
            root,
            receipt: Receipt {
                commitment: Hash([2; 32]),
                time_us: 0,
                origin: "candour.example/town".to_owned(),
                promise_s: 60,
                path: Vec::new(),
                index: 0,
                batch_size: 1,
                signature: [0; 64],
                key_id: [0; 4],
            },
        }
    }

    proptest! {
        #![proptest_config(config())]

        /// P5: nothing leaves without the receipt of its own entry, and an entry is about exactly
        /// these bytes of these versions.
        #[test]
        fn p5_nothing_leaves_without_its_entry(mine in notes(), other in notes(), root in 0_u8..3, shown in 0_u8..3) {
            let hold = |notes: &Vec<_>| Held::new(notes.iter().cloned().map(note).collect());
            let same = hold(&mine).content() == hold(&other).content();
            prop_assert_eq!(same, mine == other);
            let held = hold(&mine);
            let sealed = Sealed { held, root: Hash([root; 32]) };
            match sealed.release(receipt(Hash([shown; 32]))) {
                Ok(released) => {
                    prop_assert_eq!(root, shown);
                    prop_assert_eq!(released.resources().len(), mine.len());
                }
                Err(NotCovered) => prop_assert_ne!(root, shown),
            }
        }
    }
}
