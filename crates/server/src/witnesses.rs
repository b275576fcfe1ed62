//! Asking witnesses to cosign the log (<https://c2sp.org/tlog-witness>): each by itself, so that one
//! that is down holds up nobody, and what they sign is published once enough have.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ledger::witness::AddCheckpoint;
use ledger::{Checkpoint, SignedNote, WitnessPublicKey};
use sharing::log::Log;
use store::Store;
use tracing::{info, warn};

/// How long a witness may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// A cosignature is a line; whatever is longer is none.
const LONGEST_ANSWER: usize = 4096;

/// A witness that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessTerms {
    /// Where it is, without a slash at the end.
    pub url: String,
    /// Its key.
    pub key: WitnessPublicKey,
}

/// The witnesses of this exchange's log.
pub struct Witnesses {
    terms: Vec<WitnessTerms>,
    quorum: usize,
    /// What each is believed to have seen last, by its name.
    seen: Mutex<BTreeMap<String, u64>>,
    /// Who did not cosign last time, so that it is told once and not each time.
    missing: Mutex<Vec<String>>,
}

impl Witnesses {
    /// These witnesses, of whom so many must cosign.
    #[must_use]
    pub fn new(terms: Vec<WitnessTerms>, quorum: usize) -> Self {
        Self {
            terms,
            quorum,
            seen: Mutex::default(),
            missing: Mutex::default(),
        }
    }

    /// Asks every witness to cosign the newest checkpoint, unless the one that is published with
    /// their cosignatures is as new. Returns how many did.
    ///
    /// # Errors
    /// If the store does not answer, or its log is not whole.
    pub async fn ask(&self, store: &dyn Store) -> Result<usize, sharing::Error> {
        let Some(note) = store.checkpoint().await? else {
            return Ok(0);
        };
        let published = store.cosigned().await?;
        if self.terms.is_empty() || published.as_deref().is_some_and(|one| is_of(one, &note)) {
            return Ok(self.terms.len());
        }
        let (Ok(mut cosigned), Some(checkpoint)) = (SignedNote::parse(&note), parsed(&note)) else {
            return Ok(0);
        };
        let plain = cosigned.clone();
        let (mut signed, mut missing) = (0, Vec::new());
        for witness in &self.terms {
            match self
                .cosigned_by(store, witness, &plain, &checkpoint)
                .await?
            {
                Ok(lines) => {
                    cosigned = cosigned.with_lines(&lines).unwrap_or(cosigned);
                    signed += 1;
                }
                Err(why) => missing.push(format!("{}: {why}", witness.key.name())),
            }
        }
        self.tell(missing, signed);
        if signed >= self.quorum {
            store.keep_cosigned(cosigned.to_string()).await?;
        }
        Ok(signed)
    }

    /// The witness's line under the note, or in words why there is none. A witness that saw
    /// another size than we believe is asked once more from there.
    async fn cosigned_by(
        &self,
        store: &dyn Store,
        witness: &WitnessTerms,
        note: &SignedNote,
        checkpoint: &Checkpoint,
    ) -> Result<Result<String, String>, sharing::Error> {
        for _ in 0..2 {
            let old_size = self.believed(witness.key.name());
            if old_size > checkpoint.size {
                return Ok(Err(format!(
                    "it saw a log of {old_size} leaves, more than are here: this is an older copy"
                )));
            }
            let request = AddCheckpoint {
                old_size,
                consistency: Log::new(store, checkpoint.size)
                    .consistency(old_size)
                    .await?,
                checkpoint: note.clone(),
            };
            match send(witness, request.encode()).await {
                Ok(Answer::Lines(lines)) => {
                    let cosigned = note.with_lines(&lines);
                    if cosigned.is_none_or(|note| witness.key.seen(&note).is_none()) {
                        return Ok(Err("what it answers is not its cosignature".to_owned()));
                    }
                    self.believe(witness.key.name(), checkpoint.size);
                    return Ok(Ok(lines));
                }
                Ok(Answer::Size(size)) => self.believe(witness.key.name(), size),
                Err(why) => return Ok(Err(why)),
            }
        }
        Ok(Err("it does not say what it saw last".to_owned()))
    }

    /// The largest log that a witness saw, with its name: of those who answer. Each is asked as if
    /// nothing were known of it, since what is kept here may be of before a restore.
    ///
    /// # Errors
    /// If the store does not answer, or its log is not whole.
    pub async fn largest_seen(
        &self,
        store: &dyn Store,
    ) -> Result<Option<(String, u64)>, sharing::Error> {
        let Some(note) = store.checkpoint().await? else {
            return Ok(None);
        };
        if let (Ok(plain), Some(checkpoint)) = (SignedNote::parse(&note), parsed(&note)) {
            for witness in &self.terms {
                // Whether it cosigns does not matter here: what it saw last is remembered.
                let _ = self
                    .cosigned_by(store, witness, &plain, &checkpoint)
                    .await?;
            }
        }
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let largest = seen.iter().max_by_key(|(_, size)| **size);
        Ok(largest.map(|(name, size)| (name.clone(), *size)))
    }

    fn believed(&self, name: &str) -> u64 {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.get(name).copied().unwrap_or_default()
    }

    fn believe(&self, name: &str, size: u64) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(name.to_owned(), size);
    }

    /// Says who does not cosign when that changes.
    fn tell(&self, missing: Vec<String>, signed: usize) {
        let quorum = self.quorum;
        let mut before = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if *before == missing {
            return;
        }
        if missing.is_empty() {
            info!(signed, quorum, "all witnesses cosign the log");
        } else {
            let missing = missing.join("; ");
            warn!(signed, quorum, missing, "not all witnesses cosign the log");
        }
        *before = missing;
    }
}

enum Answer {
    Lines(String),
    Size(u64),
}

async fn send(witness: &WitnessTerms, request: String) -> Result<Answer, String> {
    let words = |error: reqwest::Error| format!("it cannot be reached: {}", error.without_url());
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(words)?;
    let address = format!("{}/add-checkpoint", witness.url);
    let response = client.post(address).body(request).send().await;
    let mut response = response.map_err(words)?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(words)? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            return Err("its answer is too long".to_owned());
        }
    }
    let text = String::from_utf8_lossy(&body).into_owned();
    match status.as_u16() {
        200 => Ok(Answer::Lines(text)),
        409 => match text.trim().parse() {
            Ok(size) => Ok(Answer::Size(size)),
            Err(_) => Err("it does not say what it saw last".to_owned()),
        },
        // The one answer that must never pass unread: it says that the log was rewritten.
        422 => Err("it says that the log does not go on from what it saw".to_owned()),
        status => Err(format!("it answers {status}")),
    }
}

/// What a note says of the log, whoever signed it.
pub(crate) fn parsed(note: &str) -> Option<Checkpoint> {
    Checkpoint::parse(SignedNote::parse(note).ok()?.text()).ok()
}

/// Whether a cosigned note is of the same checkpoint.
fn is_of(cosigned: &str, note: &str) -> bool {
    let text = |note: &str| {
        SignedNote::parse(note)
            .ok()
            .map(|note| note.text().to_owned())
    };
    text(cosigned) == text(note)
}
