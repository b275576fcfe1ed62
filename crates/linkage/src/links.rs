//! Who was linked with whom, as events: nothing is overwritten, so anything can be taken back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Something decided about two subjects. Subjects are named by the caller's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum LinkEvent {
    /// Two subjects are of one person.
    Linked {
        /// One.
        left: u64,
        /// The other.
        right: u64,
    },
    /// Two subjects are not of one person, whatever links them by a detour.
    Parted {
        /// One.
        left: u64,
        /// The other.
        right: u64,
    },
    /// An earlier event does not hold. An event of this kind may itself be undone.
    Undone {
        /// The place of the earlier event, from 0.
        event: u64,
    },
}

/// All events, in order. Only [`Links::append`] changes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Links {
    events: Vec<LinkEvent>,
}

/// Who is whom when all events are replayed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Persons {
    /// For each subject that is linked with another, the smallest subject of its person.
    pub person_of: BTreeMap<u64, u64>,
    /// Pairs that are parted, the smaller subject first.
    pub parted: BTreeSet<(u64, u64)>,
    /// Places of links that do not hold, because they would join parted subjects: for a steward.
    pub held: Vec<u64>,
}

/// Why an event was not appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// There is no such event yet.
    #[error("event {0} is not there to be undone")]
    NothingToUndo(u64),
    /// A subject cannot be linked with or parted from itself.
    #[error("a subject is linked with another, not with itself")]
    Itself,
}

impl Links {
    /// Adds an event and gives its place.
    ///
    /// # Errors
    /// If it undoes what is not there, or names one subject twice.
    pub fn append(&mut self, event: LinkEvent) -> Result<u64, LinkError> {
        let place = self.events.len() as u64;
        match event {
            LinkEvent::Undone { event } if event >= place => {
                return Err(LinkError::NothingToUndo(event));
            }
            LinkEvent::Linked { left, right } | LinkEvent::Parted { left, right }
                if left == right =>
            {
                return Err(LinkError::Itself);
            }
            _ => {}
        }
        self.events.push(event);
        Ok(place)
    }

    /// Replays all events that hold: partings first, so that no order of events gets round one, then
    /// links in the order in which they were made.
    #[must_use]
    pub fn persons(&self) -> Persons {
        let standing = self.standing();
        let mut persons = Persons::default();
        for (_, event) in &standing {
            if let LinkEvent::Parted { left, right } = event {
                persons.parted.insert((*left.min(right), *left.max(right)));
            }
        }
        for (place, event) in standing {
            if let LinkEvent::Linked { left, right } = event
                && !persons.join(left, right)
            {
                persons.held.push(place);
            }
        }
        persons
    }

    /// The events that no later one undoes, with their places.
    fn standing(&self) -> Vec<(u64, LinkEvent)> {
        let mut undone: BTreeSet<u64> = BTreeSet::new();
        let mut standing: Vec<(u64, LinkEvent)> = Vec::new();
        for (place, event) in (0..)
            .zip(&self.events)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
        {
            if undone.contains(&place) {
                continue;
            }
            if let LinkEvent::Undone { event } = event {
                undone.insert(*event);
            }
            standing.push((place, *event));
        }
        standing.reverse();
        standing
    }
}

impl Persons {
    /// The person of a subject: the smallest subject linked with it.
    #[must_use]
    pub fn person(&self, subject: u64) -> u64 {
        self.person_of.get(&subject).copied().unwrap_or(subject)
    }

    /// Joins two persons unless any of their subjects are parted; says whether they are one now.
    fn join(&mut self, left: u64, right: u64) -> bool {
        let (one, other) = (self.person(left), self.person(right));
        let parted = self.parted.iter().any(|(left, right)| {
            let pair = (self.person(*left), self.person(*right));
            pair == (one, other) || pair == (other, one)
        });
        if parted {
            return false;
        }
        let (smallest, larger) = (one.min(other), one.max(other));
        self.person_of.entry(left).or_insert(one);
        self.person_of.entry(right).or_insert(other);
        // Whoever stands for a person is one of its subjects.
        for subject in [one, other] {
            self.person_of.entry(subject).or_insert(subject);
        }
        for person in self.person_of.values_mut() {
            if *person == larger {
                *person = smallest;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NETTA_AT_THE_PRACTICE: u64 = 1;
    const NETTA_AT_THE_COUNCIL: u64 = 2;
    const NETTA_OF_THE_SAME_NAME: u64 = 3;

    fn linked(left: u64, right: u64) -> LinkEvent {
        LinkEvent::Linked { left, right }
    }

    #[test]
    fn a_mistaken_link_is_taken_back_and_all_is_as_it_was() {
        let mut links = Links::default();
        links
            .append(linked(NETTA_AT_THE_PRACTICE, NETTA_AT_THE_COUNCIL))
            .unwrap();
        let before = serde_json::to_vec(&links.persons()).unwrap();
        let mistake = links
            .append(linked(NETTA_AT_THE_COUNCIL, NETTA_OF_THE_SAME_NAME))
            .unwrap();
        assert_eq!(
            links.persons().person(NETTA_OF_THE_SAME_NAME),
            NETTA_AT_THE_PRACTICE
        );
        links.append(LinkEvent::Undone { event: mistake }).unwrap();
        assert_eq!(serde_json::to_vec(&links.persons()).unwrap(), before);
    }

    #[test]
    fn parted_people_are_not_joined_by_a_detour_and_the_link_is_held() {
        let mut links = Links::default();
        let parted = LinkEvent::Parted {
            left: NETTA_OF_THE_SAME_NAME,
            right: NETTA_AT_THE_PRACTICE,
        };
        for event in [
            linked(NETTA_AT_THE_PRACTICE, NETTA_AT_THE_COUNCIL),
            linked(NETTA_AT_THE_COUNCIL, NETTA_OF_THE_SAME_NAME),
            parted,
        ] {
            links.append(event).unwrap();
        }
        let persons = links.persons();
        assert_eq!(persons.held, [1]);
        assert_eq!(
            persons.person(NETTA_OF_THE_SAME_NAME),
            NETTA_OF_THE_SAME_NAME
        );
    }

    #[test]
    fn nothing_that_is_not_there_is_undone() {
        let mut links = Links::default();
        let nothing = LinkEvent::Undone { event: 0 };
        assert_eq!(links.append(nothing), Err(LinkError::NothingToUndo(0)));
        assert_eq!(links.append(linked(1, 1)), Err(LinkError::Itself));
    }

    fn decided() -> impl Strategy<Value = LinkEvent> {
        let subjects = (0_u64..8, 0_u64..8).prop_filter("two", |(left, right)| left != right);
        (subjects, 0..4).prop_map(|((left, right), kind)| match kind {
            0 => LinkEvent::Parted { left, right },
            _ => linked(left, right),
        })
    }

    fn replayed(events: &[LinkEvent]) -> Links {
        let mut links = Links::default();
        for event in events {
            links.append(*event).unwrap();
        }
        links
    }

    /// The persons, in bytes; places of held links move when an event is left out, and are compared
    /// by their number.
    fn state(links: &Links) -> (Vec<u8>, usize) {
        let mut persons = links.persons();
        let held = std::mem::take(&mut persons.held).len();
        (serde_json::to_vec(&persons).unwrap(), held)
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 10_000,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn undoing_is_as_if_it_had_never_been_and_can_itself_be_undone(
            events in prop::collection::vec(decided(), 1..24),
            place in any::<prop::sample::Index>(),
        ) {
            let place = place.index(events.len());
            let mut without = events.clone();
            without.remove(place);
            let mut links = replayed(&events);
            let before = serde_json::to_vec(&links.persons()).unwrap();

            let undo = links.append(LinkEvent::Undone { event: place as u64 }).unwrap();
            prop_assert_eq!(state(&links), state(&replayed(&without)));

            links.append(LinkEvent::Undone { event: undo }).unwrap();
            prop_assert_eq!(serde_json::to_vec(&links.persons()).unwrap(), before);
        }

        #[test]
        fn no_sequence_joins_who_is_parted(events in prop::collection::vec(decided(), 1..24)) {
            let persons = replayed(&events).persons();
            for (left, right) in &persons.parted {
                prop_assert_ne!(persons.person(*left), persons.person(*right));
            }
        }
    }
}
