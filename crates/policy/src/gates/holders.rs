//! What a holder decided by name (part of gate 7): a signed decision of whoever answers for the
//! information opens what it names, where nothing above has spoken.

use domain::arrangement::HolderDecision;
use domain::reach::Falls;

use crate::case::{Case, Piece};
use crate::gates::{Footing, Verdict};

/// Opens what its holder decided to share with whoever asks.
pub(crate) fn class(case: &Case<'_>, footing: &Footing, piece: &Piece<'_>) -> Option<Verdict> {
    if matches!(footing, Footing::Telling) {
        return None;
    }
    let (_, falls) = decision(case, piece)?;
    (falls == Falls::Under).then_some(Verdict::Open(None))
}

/// The holder's live decision that speaks of this class, for whoever asks and this purpose.
pub(crate) fn decision<'a>(
    case: &'a Case<'_>,
    piece: &Piece<'_>,
) -> Option<(&'a HolderDecision, Falls)> {
    let about = live(case).filter(|decision| decision.holder == piece.label.custodian);
    about
        .map(|decision| (decision, piece.falls(&decision.about)))
        .find(|(_, falls)| *falls == Falls::Under)
}

/// Whether any holder decided something for whoever asks.
pub(crate) fn any(case: &Case<'_>) -> bool {
    live(case).next().is_some()
}

/// Whether a signed decision in the public interest overrides the person's no about this class.
pub(crate) fn overrides_no(case: &Case<'_>, piece: &Piece<'_>) -> bool {
    live(case).any(|decision| {
        decision.public_interest
            && decision.holder == piece.label.custodian
            && piece.falls(&decision.about) == Falls::Under
    })
}

fn live<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a HolderDecision> {
    let purpose = case.request.purpose;
    case.known()
        .holder_decisions
        .iter()
        .filter(move |decision| {
            decision.is_live(case.now)
                && !decision.with.is_empty()
                && case.is_among(&decision.with)
                && (decision.purposes.is_empty()
                    || decision.purposes.iter().any(|named| purpose.is_a(*named)))
        })
}
