//! The issuers that the exchange trusts, for whom each may speak, and their current keys.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::Assurance;
use tokio::time::Instant;
use tracing::warn;

use super::TokenError;
use super::jwks::{Key, KeySet};

/// An unknown key id makes us fetch at most this often, or tokens with invented key ids could
/// make us flood the issuer.
const FETCH_EVERY: Duration = Duration::from_secs(30);
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);
const LARGEST_SET: usize = 256 * 1024;

/// Where an issuer publishes its keys (a JWK set, RFC 7517).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// A file on this machine.
    File(PathBuf),
    /// An address, fetched over HTTPS (plain HTTP only on this machine).
    Url(String),
    /// Given in memory: the demo's own issuer.
    Given(String),
}

/// One issuer as the configuration describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerTerms {
    /// The `iss` of its tokens.
    pub name: String,
    /// Where its keys are.
    pub keys: KeySource,
    /// The `aud` that its tokens must bear.
    pub audience: String,
    /// The longest time from `iat` to `exp`, in seconds.
    pub longest_seconds: i64,
    /// The agencies whose staff it may name; `None` is any.
    pub organisations: Option<BTreeSet<String>>,
    /// Whether it may name people who ask for themselves.
    pub people: bool,
    /// Its words for the assurance levels, beside ours.
    pub assurance: BTreeMap<String, Assurance>,
}

impl IssuerTerms {
    /// The level that this issuer means by a word of its own, or by one of ours.
    #[must_use]
    pub fn assurance(&self, word: &str) -> Option<Assurance> {
        self.assurance
            .get(word)
            .copied()
            .or_else(|| Assurance::from_code(word))
    }

    /// Whether it may name this agency's staff.
    #[must_use]
    pub fn may_speak_for(&self, organisation: &str) -> bool {
        self.organisations
            .as_ref()
            .is_none_or(|named| named.contains(organisation))
    }
}

/// An issuer with its current keys.
pub struct Issuer {
    /// What the configuration says of it.
    pub terms: IssuerTerms,
    keys: RwLock<Arc<KeySet>>,
    /// Moves when the keys do, so that no token outlives the key that signed it.
    generation: AtomicU64,
    /// When keys were last fetched; the lock makes concurrent requests share one fetch.
    fetched: tokio::sync::Mutex<Option<Instant>>,
}

impl Issuer {
    /// An issuer whose keys are not fetched yet.
    #[must_use]
    pub fn new(terms: IssuerTerms) -> Self {
        Self {
            terms,
            keys: RwLock::default(),
            generation: AtomicU64::new(0),
            fetched: tokio::sync::Mutex::new(None),
        }
    }

    /// A number that changes whenever the keys do.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// The key of this id, fetching anew if it is unknown: issuers rotate their keys.
    ///
    /// # Errors
    /// [`TokenError::UnknownKey`], or [`TokenError::KeysUnavailable`] if none were ever had.
    pub async fn key(&self, kid: &str) -> Result<Arc<Key>, TokenError> {
        if let Some(key) = self.current().get(kid) {
            return Ok(key);
        }
        self.refresh_unless_recent().await;
        let keys = self.current();
        keys.get(kid).ok_or(if keys.is_empty() {
            TokenError::KeysUnavailable
        } else {
            TokenError::UnknownKey
        })
    }

    /// Fetches the keys now. On failure the last good ones stay.
    ///
    /// # Errors
    /// A sentence that says what could not be read.
    pub async fn refresh(&self) -> Result<(), String> {
        let mut fetched = self.fetched.lock().await;
        *fetched = Some(Instant::now());
        let text = match &self.terms.keys {
            KeySource::Given(text) => text.clone(),
            KeySource::File(path) => tokio::fs::read_to_string(path)
                .await
                .map_err(|error| format!("{} cannot be read: {error}", path.display()))?,
            KeySource::Url(url) => fetch(url).await?,
        };
        let new = KeySet::parse(&text)?;
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if **keys != new {
            *keys = Arc::new(new);
            self.generation.fetch_add(1, Ordering::Release);
        }
        Ok(())
    }

    async fn refresh_unless_recent(&self) {
        let recent = self
            .fetched
            .lock()
            .await
            .is_some_and(|at| at.elapsed() < FETCH_EVERY);
        if recent {
            return;
        }
        if let Err(reason) = self.refresh().await {
            warn!(
                issuer = self.terms.name,
                reason, "the issuer's keys were not refreshed"
            );
        }
    }

    fn current(&self) -> Arc<KeySet> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn fetch(url: &str) -> Result<String, String> {
    let failed =
        |error: reqwest::Error| format!("{url} cannot be fetched: {}", error.without_url());
    let mut response = reqwest::Client::builder()
        .timeout(FETCH_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(failed)?
        .get(url)
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .map_err(failed)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_SET {
            return Err(format!("{url} gave more than {LARGEST_SET} bytes"));
        }
    }
    String::from_utf8(body).map_err(|_| format!("{url} did not give text"))
}
