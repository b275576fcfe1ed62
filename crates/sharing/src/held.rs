//! What is ready to leave but may not yet: bytes are let go only against the receipt of the entry
//! that tells the person about exactly these bytes.

use sha2::{Digest, Sha256};
use store::{EntryReceipt, NewEntry, StoredResource};

/// Resources gathered under a permit, waiting for their entry to be durable.
pub struct Held {
    resources: Vec<StoredResource>,
    content: [u8; 32],
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
        let mut digest = Sha256::new();
        for resource in &resources {
            digest.update(resource.resource_type.as_bytes());
            digest.update([0]);
            digest.update(resource.id.0);
            digest.update(resource.version.to_be_bytes());
            digest.update((resource.bytes.len() as u64).to_be_bytes());
            digest.update(&resource.bytes);
        }
        Self {
            resources,
            content: digest.finalize().into(),
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
