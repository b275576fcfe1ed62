//! What came of looking into attempts.

use domain::ResourceId;
use domain::message::{Delivery, Ending, Finding, Move};

use crate::attempt::{Attempt, until_done};
use crate::messages::outgoing::Outgoing;
use crate::messages::read::{in_hand, own_place};
use crate::messages::{board, send};
use crate::{Asking, Context, Error};

/// Says what came of looking into attempts: that ends the alert, and what is tried later is a new one.
///
/// # Errors
/// [`Error::NotFound`] if the alert is not the caller's to answer; [`Error::Invalid`] if it is over,
/// or about the caller.
pub async fn resolve(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    (finding, text): (Finding, &str),
) -> Result<(), Error> {
    let operation = cx.draw();
    until_done(|| resolve_once(cx, asking, id, (finding, text), operation)).await
}

async fn resolve_once(
    cx: &Context,
    asking: &Asking,
    id: ResourceId,
    (finding, text): (Finding, &str),
    operation: [u8; 16],
) -> Result<(), Attempt> {
    let (snapshot, directory, own, mut found) = in_hand(cx, asking, id).await?;
    let place = own_place(&found.message, &own).ok_or(Error::NotFound)?;
    let worker = asking.caller.worker().cloned().ok_or(Error::NotFound)?;
    let message = &mut found.message;
    let Some(pattern) = &mut message.attempts else {
        return Err(
            send::not_now("only of attempts on a record is it said what came of them").into(),
        );
    };
    if pattern.worker == worker {
        let details = "these are your own attempts: somebody else looks into them";
        return Err(send::not_now(details).into());
    }
    pattern.finding = Some(finding);
    let ending = Ending {
        at: cx.now(),
        by: worker.clone(),
        reason: reason(finding, text)?,
    };
    let refused = |refused: String| send::not_now(&refused);
    message
        .close(ending)
        .map_err(|error| refused(error.to_string()))?;
    for step in [Move::See(worker), Move::End] {
        let delivery: &mut Delivery = &mut message.deliveries[place];
        delivery
            .make(step, cx.now())
            .map_err(|error| refused(error.to_string()))?;
    }
    let mut outgoing = Outgoing::new(cx, asking, operation);
    outgoing.rest_on_facts(&found.facts);
    outgoing.write(board::keep(found.message, found.version, &directory));
    drop(snapshot);
    outgoing.commit().await?;
    Ok(())
}

fn reason(finding: Finding, text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(finding.words().to_owned());
    }
    let text = send::text_of(text)?;
    Ok(format!("{}. {text}", finding.words()))
}
