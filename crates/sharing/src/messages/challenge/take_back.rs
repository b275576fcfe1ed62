//! What is found to have been shared wrongly is taken back from whoever has it.

use domain::TeamId;
use domain::message::challenge::{Shared, Verdict};
use domain::message::{Challenge, Message, Recall};
use store::{Directory, Snapshot};

use crate::messages::board;
use crate::messages::outgoing::Outgoing;
use crate::messages::recall::{self, Holder};
use crate::messages::send::is_outside_care;
use crate::messages::standing::known_to;
use crate::whose::Whose;
use crate::{Asking, Error};

/// Whoever is told of somebody whom they do not know here is given no name.
const UNNAMED: &str = "somebody whose record you have no part in";

/// By what name whoever rings them knows who was told: the account names nobody outside care, and says
/// "you" to the person.
fn name(shared: &Shared, directory: &Directory) -> String {
    let teller = shared.teller.as_ref();
    let team = shared.team.as_ref().filter(|_| teller.is_some());
    let outside = team.filter(|team| is_outside_care(team, directory));
    match outside.and_then(|team| directory.teams.get(team)) {
        Some(team) => {
            let agency = directory.organisations.get(&team.organisation);
            let agency = agency.map_or_else(String::new, |agency| format!(", {}", agency.name));
            format!("{}{agency}", team.name)
        }
        None => shared.told.replace("close to you", "close to them"),
    }
}

/// Asks whoever was told to destroy it or give it back, if what is challenged is found to be wrong; the
/// account says that they were asked.
pub(super) async fn take_back(
    snapshot: &mut dyn Snapshot,
    asking: &Asking,
    (message, challenge): (&Message, &Challenge),
    (own, agency): (&TeamId, &str),
    directory: &Directory,
    outgoing: &mut Outgoing<'_>,
) -> Result<(), Error> {
    let ruling = challenge.ruling.as_ref();
    let falls = ruling.is_some_and(|ruling| ruling.verdict == Verdict::Overturned);
    let Some((shared, how)) = challenge.takes_back().filter(|_| falls) else {
        return Ok(());
    };
    let cx = outgoing.cx();
    let name = name(shared, directory);
    // Whoever is outside care has no list here that somebody reads: whoever told them rings.
    let within = |team: &&TeamId| shared.teller.is_none() || !is_outside_care(team, directory);
    let holder = Holder {
        name: &name,
        team: shared.team.as_ref().filter(within),
        rings: shared.teller.as_ref().unwrap_or(own),
    };
    let recall = Recall {
        of: message.id,
        told: shared.told.clone(),
        told_at: shared.at,
        what: recall::categories(&challenge.what),
        how,
        found: true,
    };
    let facts = snapshot.facts(message.person).await?;
    let facts = facts.ok_or(Error::NotFound)?;
    let reads = holder.team.unwrap_or(holder.rings);
    let mut rests_on = message.clone();
    match known_to(snapshot, &facts, reads, directory).await? {
        Some((_, patient, name)) => (rests_on.patient, rests_on.name) = (patient, name),
        None => UNNAMED.clone_into(&mut rests_on.name),
    }
    let event = recall::asked(asking, agency, &recall, cx.now());
    let mut asks = recall::ask(cx, asking, &rests_on, (&holder, recall, ""), directory)?;
    let whose = Whose::of(cx, snapshot, &facts).await?;
    outgoing.tell(&whose, &mut asks, &event)?;
    outgoing.write(board::keep(asks, 0, directory));
    Ok(())
}
