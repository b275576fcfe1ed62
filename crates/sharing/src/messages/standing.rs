//! Messages of which one stands at a time about the same matter. Their ids follow from the matter, so
//! that of two who write at once one finds what the other made.

use domain::ResourceId;
use domain::message::Message;
use policy::Internal;
use sha2::{Digest, Sha256};
use store::Snapshot;

use crate::{Context, Error};

/// How often there can be another about one matter: a bound for reading, not a limit.
const MOST: usize = 1_000;

/// The message that stands about a matter with its version, if one does; and its id or that of the
/// next one.
pub(super) async fn standing(
    cx: &Context,
    snapshot: &mut dyn Snapshot,
    matter: Sha256,
) -> Result<(ResourceId, Option<(Message, u32)>), Error> {
    let key: [u8; 32] = matter.finalize().into();
    for place in 0..MOST {
        let id = cx.ids.of_request(&key, place, b"");
        match snapshot.internal_message(Internal::Messages, &id).await? {
            None => return Ok((id, None)),
            Some((message, version)) if message.is_in_force() => {
                return Ok((id, Some((message, version))));
            }
            Some(_) => {}
        }
    }
    Ok((cx.ids.fresh(cx.chance.as_ref()), None))
}
