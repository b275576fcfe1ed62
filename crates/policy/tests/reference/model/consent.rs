//! What recorded consents say (decisions.md 1.1, and what its flaws under 1.3 forbid).

use domain::consent::{Consent, ConsentScope, ConsentStatus, Provision, ProvisionType};
use domain::{Audience, Matter, MentalCapacity, Moment, Timestamp};

use super::asker::Hit;
use super::powers::Power;
use super::{Model, Piece};
use crate::slip::Slip;

/// What consents come to, from the weakest word to the strongest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    Nothing,
    /// Yes, to everyone.
    Yes,
    /// Yes, to whoever asks by name.
    YesByName,
    /// No to what was written at some time, and nobody recorded when this was.
    Undated,
    /// A person must read it.
    Unread,
    /// No, by whoever acts for the person.
    NoForThem,
    No,
}

/// How far a giver's word goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Giver {
    Counts,
    /// Their no is heard, their yes opens nothing.
    RefusesOnly,
    /// Whether they may act is not known: a no must be read.
    Unsure,
    Nobody,
}

impl<'a> Model<'a> {
    /// Any refusal beats every permission, however new.
    pub fn consents_say(&self, piece: Piece<'_>) -> Word {
        let spared = |consent: &Consent, word| {
            let own = self.is_own(&piece.label.custodian) && !names_somebody(&consent.provision);
            if matches!(word, Word::No | Word::NoForThem | Word::Undated) && own {
                Word::Nothing
            } else {
                word
            }
        };
        let mut words: Vec<(Moment, Word)> = self
            .counting()
            .map(|consent| (consent.given, spared(consent, self.of_one(consent, piece))))
            .filter(|(_, word)| *word != Word::Nothing)
            .collect();
        if self.slips(Slip::NewestConsentWins) {
            let newest = words.iter().map(|(given, _)| *given).max();
            words.retain(|(given, _)| Some(*given) == newest);
        }
        let words = words.into_iter().map(|(_, word)| word);
        words.max().unwrap_or(Word::Nothing)
    }

    /// In force, about who is told what, and not replaced.
    fn counting(&self) -> impl Iterator<Item = &'a Consent> {
        let all = &self.known().consents;
        all.iter().filter(move |consent| {
            let replaced = all.iter().any(|other| {
                self.is_in_force(other)
                    && replaces(other, consent)
                    && !leads_to(all, consent, other)
            });
            self.is_in_force(consent) && (!replaced || self.slips(Slip::ReplacedConsentCounts))
        })
    }

    fn is_in_force(&self, consent: &Consent) -> bool {
        consent.status == ConsentStatus::Active
            && consent.scope != ConsentScope::Other
            && consent.given.0 <= self.now
    }

    fn is_taken_back(&self, consent: &Consent) -> bool {
        consent.withdrawn.is_some_and(|at| at.0 <= self.now)
    }

    fn giver(&self, consent: &Consent) -> Giver {
        let Some(by) = &consent.by else {
            return if self.could_agree(consent.given.0) {
                Giver::Counts
            } else {
                Giver::RefusesOnly
            };
        };
        if self.is_child() && self.understands() {
            return Giver::Nobody;
        }
        let held = self
            .known()
            .authorities
            .iter()
            .filter(|it| it.holder == *by);
        match held.map(|it| self.power(it, Matter::Information)).min() {
            Some(Power::Acts | Power::Believes) => Giver::Counts,
            Some(Power::Open) => Giver::Unsure,
            _ => Giver::Nobody,
        }
    }

    /// Whether the person could agree to anything then.
    fn could_agree(&self, then: Timestamp) -> bool {
        let before = Model { now: then, ..*self };
        self.capacity(Matter::Information, then) != MentalCapacity::Incapable
            && (before.has_turned(16) != Some(false) || self.understood(then))
    }

    fn of_one(&self, consent: &Consent, piece: Piece<'_>) -> Word {
        let mut found = Vec::new();
        self.collect(&consent.provision, piece, 0, false, &mut found);
        let deepest = found.iter().map(|(depth, _)| *depth).max();
        let deciding = found.iter().filter(|(depth, _)| Some(*depth) == deepest);
        let words = deciding.map(|(_, word)| *word);
        let word = if self.slips(Slip::SiblingsPermit) {
            words.min()
        } else {
            words.max()
        };
        let word = match (word.unwrap_or(Word::Nothing), self.is_taken_back(consent)) {
            (Word::YesByName, true) => Word::No,
            (_, true) => Word::Nothing,
            (word, false) => word,
        };
        match (self.giver(consent), word) {
            (Giver::Counts, Word::No) if consent.by.is_some() => Word::NoForThem,
            (Giver::Counts, word) => word,
            (Giver::RefusesOnly, Word::No | Word::Undated | Word::Unread) => word,
            (Giver::Unsure, Word::No | Word::Undated | Word::Unread) => Word::Unread,
            _ => Word::Nothing,
        }
    }

    /// Every provision that matches, with its depth.
    fn collect(
        &self,
        provision: &Provision,
        piece: Piece<'_>,
        depth: u8,
        named_above: bool,
        found: &mut Vec<(u8, Word)>,
    ) {
        if !self.concerns_request(provision, depth) || !self.concerns_piece(provision, piece) {
            return;
        }
        let named = named_above || names_here(provision);
        let unread = !provision.not_understood.is_empty();
        let word = match provision.kind {
            ProvisionType::Permit if unread => return,
            ProvisionType::Deny if unread && self.slips(Slip::UnreadDenyIsDropped) => return,
            ProvisionType::Deny if unread => Word::Unread,
            // When it was written is what the refusal turns on, and nobody recorded that.
            ProvisionType::Deny
                if self.written_in(provision.written_from, provision.written_before, piece)
                    == Hit::Unknown =>
            {
                Word::Undated
            }
            ProvisionType::Deny => Word::No,
            ProvisionType::Permit if named => Word::YesByName,
            ProvisionType::Permit => Word::Yes,
        };
        if depth >= 8 {
            found.push((depth, Word::Unread));
            return;
        }
        found.push((depth, word));
        if depth >= 1 && self.slips(Slip::OneNestingLevel) {
            return;
        }
        for exception in &provision.provisions {
            self.collect(exception, piece, depth + 1, named, found);
        }
    }

    fn concerns_request(&self, provision: &Provision, depth: u8) -> bool {
        let ignored = depth > 0 && self.slips(Slip::NestedPeriodIgnored);
        let begun = provision.from.is_none_or(|from| from.0 <= self.now);
        let running = provision.until.is_none_or(|until| self.now < until.0);
        ((begun && running) || ignored)
            && self.covers_purpose(&provision.purposes)
            && self.is_among(&provision.actors)
    }

    fn concerns_piece(&self, provision: &Provision, piece: Piece<'_>) -> bool {
        let label = piece.label;
        let deny = provision.kind == ProvisionType::Deny;
        let held_as = provision
            .confidentiality
            .is_none_or(|named| match provision.kind {
                _ if self.slips(Slip::LabelIsExact) => label.confidentiality == named,
                ProvisionType::Deny => label.confidentiality >= named,
                ProvisionType::Permit => label.confidentiality <= named,
            });
        let item =
            |empty: bool,
             meets: &dyn Fn(&domain::restriction::ItemFacts, &domain::ItemId) -> bool| {
                empty || piece.item.is_some_and(|(id, facts)| meets(facts, id))
            };
        let written = match self.written_in(provision.written_from, provision.written_before, piece)
        {
            Hit::Yes => true,
            Hit::No => self.slips(Slip::WhenWrittenIsIgnored),
            Hit::Unknown => deny,
        };
        held_as
            && written
            && (provision.sensitivities.is_empty()
                || provision
                    .sensitivities
                    .iter()
                    .any(|it| label.sensitivities.contains(it)))
            && (provision.categories.is_empty()
                || provision
                    .categories
                    .iter()
                    .any(|it| label.categories.contains(it)))
            && (provision.authors.is_empty() || provision.authors.contains(&label.custodian))
            && item(provision.codes.is_empty(), &|facts, _| {
                facts
                    .codes
                    .iter()
                    .any(|code| provision.codes.contains(code))
            })
            && item(provision.items.is_empty(), &|facts, id| {
                provision.items.contains(id)
                    || facts.related.iter().any(|it| provision.items.contains(it))
            })
    }

    /// A no to the request as such: a whole refusal, or an agreement with the asker taken back.
    pub fn consents_refuse(&self) -> bool {
        self.counting().any(|consent| {
            let root = &consent.provision;
            let whole = Provision {
                from: None,
                until: None,
                actors: Vec::new(),
                purposes: root.purposes.clone(),
                ..root.clone()
            };
            let bare = Provision {
                purposes: whole.purposes.clone(),
                ..bare(root.kind)
            };
            let refuses = root.kind == ProvisionType::Deny && whole == bare;
            let taken_back = root.kind == ProvisionType::Permit && names_here(root);
            let hears = matches!(self.giver(consent), Giver::Counts | Giver::RefusesOnly);
            let says_no = if self.is_taken_back(consent) {
                taken_back && self.giver(consent) == Giver::Counts
            } else {
                refuses && hears
            };
            says_no && self.concerns_request(root, 0)
        })
    }

    /// Whether some permission names whoever asks.
    pub fn consents_name_asker(&self) -> bool {
        self.some_permission(&|path| path.iter().any(|it| names_here(it)))
    }

    /// Whether some permission names the use.
    pub fn consents_name_use(&self) -> bool {
        self.some_permission(&|path| path.last().is_some_and(|it| !it.purposes.is_empty()))
    }

    fn some_permission(&self, wanted: &dyn Fn(&[&Provision]) -> bool) -> bool {
        self.counting().any(|consent| {
            !self.is_taken_back(consent)
                && self.giver(consent) == Giver::Counts
                && self.permits_on(&[&consent.provision], wanted)
        })
    }

    fn permits_on(&self, path: &[&Provision], wanted: &dyn Fn(&[&Provision]) -> bool) -> bool {
        let Some(last) = path.last() else {
            return false;
        };
        let permit = last.kind == ProvisionType::Permit;
        if !self.concerns_request(last, 0) || (permit && !last.not_understood.is_empty()) {
            return false;
        }
        (permit && wanted(path))
            || last.provisions.iter().any(|exception| {
                let mut deeper = path.to_vec();
                deeper.push(exception);
                self.permits_on(&deeper, wanted)
            })
    }
}

fn names_here(provision: &Provision) -> bool {
    provision.actors.iter().any(|it| *it != Audience::Everyone)
}

fn names_somebody(provision: &Provision) -> bool {
    names_here(provision) || provision.provisions.iter().any(names_somebody)
}

fn replaces(newer: &Consent, older: &Consent) -> bool {
    newer.supersedes.as_ref() == Some(&older.id)
}

/// Whether one replaces the other by some chain: then neither takes the other's place.
fn leads_to(all: &[Consent], from: &Consent, to: &Consent) -> bool {
    let mut step = vec![from];
    for _ in 0..all.len() {
        let next: Vec<_> = step
            .iter()
            .flat_map(|it| all.iter().filter(|older| replaces(it, older)))
            .collect();
        if next.iter().any(|it| it.id == to.id) {
            return true;
        }
        step = next;
    }
    false
}

fn bare(kind: ProvisionType) -> Provision {
    Provision {
        kind,
        from: None,
        until: None,
        actors: Vec::new(),
        purposes: std::collections::BTreeSet::new(),
        confidentiality: None,
        sensitivities: std::collections::BTreeSet::new(),
        categories: std::collections::BTreeSet::new(),
        codes: std::collections::BTreeSet::new(),
        items: std::collections::BTreeSet::new(),
        authors: std::collections::BTreeSet::new(),
        written_from: None,
        written_before: None,
        not_understood: Vec::new(),
        provisions: Vec::new(),
    }
}
