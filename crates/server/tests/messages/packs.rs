//! How each story ends: the pack of whoever it was about is proven, without asking the exchange.

use domain::{Assurance, Caller, Capacity, Purpose, TokenId};
use ledger::pack::verify;
use ledger::{HeadCode, Pack, Trust, Verdict};
use sharing::{Asking, Channel, PackAsk, pack};

use crate::hall::Hall;

/// The pack of somebody's own list, as they fetch it, is proven to be whole; gives how many entries it
/// has.
pub async fn proven(hall: &Hall, key: &str) -> usize {
    let pack = fetched(hall, key).await;
    assert_ne!(held_to(hall, &pack, None), Verdict::False, "{key}");
    pack.links.len()
}

/// What the verifier says of a pack, held to the code on a letter if there is one.
pub fn held_to(hall: &Hall, pack: &Pack, code: Option<HeadCode>) -> Verdict {
    let trust = Trust {
        log: Some(&hall.log_key),
        code,
        ..Trust::default()
    };
    verify(pack, &trust).verdict()
}

/// The pack of somebody's own list, as they fetch it.
pub async fn fetched(hall: &Hall, key: &str) -> Pack {
    sharing::epoch::make(&hall.cx).await.expect("an epoch");
    let mut snapshot = hall.cx.store.snapshot().await.expect("a snapshot");
    let person = snapshot.person_of(&hall.patient(key)).await;
    let asking = Asking {
        caller: Caller {
            name: key.to_owned(),
            capacity: Capacity::Person(person.expect("an answer").expect("somebody")),
            assurance: Assurance::Substantial,
        },
        token: TokenId::new("their own"),
        purpose: Purpose::PersonRequest,
        reason: None,
        channel: Channel::Export,
        idempotency: None,
    };
    drop(snapshot);
    let bytes = pack(&hall.cx, &asking, &hall.log_key, &PackAsk::default()).await;
    let bytes = bytes.expect("an answer").expect("a pack");
    Pack::decode(&bytes).expect("a pack that can be read")
}
