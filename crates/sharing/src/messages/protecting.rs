//! For which purpose of protection a worker may open a record without typing why: a concern that is
//! open on their team's list is the reason.

use domain::message::Kind;
use domain::{Purpose, ResourceId, Role};

use super::read::inbox;
use crate::{Asking, Context, Error};

/// How many lines of a list are looked at: what protects somebody stands first.
const LOOKED_AT: u32 = 50;

/// The purpose of the most pressing concern, or discussion about one, that is open on the list of the
/// caller's team; `None` if none is, or the caller is not of social work, whose inquiry reaches the
/// others of a family.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn open_concern(cx: &Context, asking: &Asking) -> Result<Option<Purpose>, Error> {
    if !asking.caller.role().is_some_and(Role::is_social_work) {
        return Ok(None);
    }
    let listed = match inbox(cx, asking, LOOKED_AT, None).await {
        Ok(inbox) => inbox.lines,
        // Nobody of a team: no concern is open with them.
        Err(Error::Invalid(_) | Error::NotFound) => Vec::new(),
        Err(error) => return Err(error),
    };
    let mut concerns = listed.into_iter().filter(|line| {
        let message = &line.message;
        let is_concern = matches!(message.kind, Kind::Concern | Kind::Discussion);
        is_concern && message.is_in_force() && message.purpose.is_protection()
    });
    Ok(concerns.next().map(|line| line.message.purpose))
}

/// The purpose of protecting whoever this Patient is: a child's, below sixteen; an adult's, or where the
/// age is not known (Adult Support and Protection (Scotland) Act 2007, section 53).
///
/// # Errors
/// [`Error::Unavailable`] if the store does not answer.
pub async fn purpose_about(cx: &Context, patient: ResourceId) -> Result<Purpose, Error> {
    let mut snapshot = cx.store.snapshot().await?;
    let facts = match snapshot.person_of(&patient).await? {
        Some(person) => snapshot.facts(person).await?,
        None => None,
    };
    let is_adult = facts.and_then(|facts| facts.circumstances.person.is_at_least(16, cx.now()));
    Ok(match is_adult {
        Some(false) => Purpose::ChildConcern,
        Some(true) | None => Purpose::AdultProtection,
    })
}
