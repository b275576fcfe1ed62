//! Who is whom, by replaying what was decided of Patients.

use std::collections::HashMap;

use domain::{PersonId, ResourceId, Timestamp};
use linkage::{LinkEvent, Links, Persons};
use store::{LinkAct, Linked, LinkedSubject};

/// Who decided what was certain.
pub(crate) const THE_EXCHANGE: &str = "exchange";

/// Some Patients, and who is whom among them.
pub(crate) struct Replayed<'l> {
    linked: &'l Linked,
    persons: Persons,
}

impl<'l> Replayed<'l> {
    /// As the events stand.
    pub(crate) fn of(linked: &'l Linked) -> Self {
        Self::with(linked, linked.events.len(), None)
    }

    /// As if this were decided next.
    pub(crate) fn after(linked: &'l Linked, act: LinkAct<u64>) -> Self {
        Self::with(linked, linked.events.len(), Some(act))
    }

    fn with(linked: &'l Linked, first: usize, next: Option<LinkAct<u64>>) -> Self {
        let mut links = Links::default();
        let mut places: HashMap<u64, u64> = HashMap::new();
        let known = linked.events.iter().take(first);
        let acts = known.map(|event| (Some(event.number), event.act));
        for (number, act) in acts.chain(next.map(|act| (None, act))) {
            let event = match act {
                LinkAct::Linked(left, right) => LinkEvent::Linked { left, right },
                LinkAct::Parted(left, right) | LinkAct::Sealed(left, right) => {
                    LinkEvent::Parted { left, right }
                }
                LinkAct::Undone(event) => match places.get(&event) {
                    Some(event) => LinkEvent::Undone { event: *event },
                    None => continue,
                },
            };
            if let (Ok(place), Some(number)) = (links.append(event), number) {
                places.insert(number, place);
            }
        }
        Self {
            linked,
            persons: links.persons(),
        }
    }

    /// Whose subject one of the Patients is: the person that the oldest of theirs is by itself.
    pub(crate) fn person(&self, subject: &LinkedSubject) -> PersonId {
        let oldest = self.persons.person(subject.place);
        let mut subjects = self.linked.subjects.iter();
        subjects
            .find(|known| known.place == oldest)
            .map_or(subject.origin, |known| known.origin)
    }

    /// Whether two Patients are of one person.
    pub(crate) fn are_one(&self, left: ResourceId, right: ResourceId) -> bool {
        match (find(self.linked, left), find(self.linked, right)) {
            (Some(left), Some(right)) => self.person(left) == self.person(right),
            _ => false,
        }
    }

    /// The Patients that change hands, and whose they become.
    pub(crate) fn moves(&self) -> impl Iterator<Item = (ResourceId, PersonId)> {
        self.linked.subjects.iter().filter_map(|subject| {
            let person = self.person(subject);
            (person != subject.person).then_some((subject.id, person))
        })
    }
}

/// A Patient among those that events speak of.
pub(crate) fn find(linked: &Linked, id: ResourceId) -> Option<&LinkedSubject> {
    linked.subjects.iter().find(|subject| subject.id == id)
}

/// Who is whom if two Patients were decided to be of one person; `None` if they, or others of the
/// same people, were parted before, so that they would not be one.
pub(crate) fn joining(linked: &Linked, one: ResourceId, other: ResourceId) -> Option<Replayed<'_>> {
    let (left, right) = (find(linked, one)?.place, find(linked, other)?.place);
    let after = Replayed::after(linked, LinkAct::Linked(left, right));
    after.are_one(one, other).then_some(after)
}

/// The Patients that are of one person with this one because the exchange itself linked the two, and
/// no steward said so since.
pub(crate) fn linked_by_itself(linked: &Linked, id: ResourceId) -> Vec<ResourceId> {
    let Some(own) = find(linked, id) else {
        return Vec::new();
    };
    let decided_by = |other: &LinkedSubject| {
        let pair = [own.place.min(other.place), own.place.max(other.place)];
        let events = linked.events.iter();
        let last = events.rev().find_map(|event| match event.act {
            LinkAct::Linked(one, other) if [one.min(other), one.max(other)] == pair => {
                Some(event.by.as_str())
            }
            _ => None,
        });
        last.unwrap_or_default()
    };
    let others = linked.subjects.iter().filter(|it| it.person == own.person);
    others
        .filter(|other| decided_by(other) == THE_EXCHANGE)
        .map(|other| other.id)
        .collect()
}

/// Since when two Patients that are of one person have been so, without a break.
pub(crate) fn joined_since(
    linked: &Linked,
    left: ResourceId,
    right: ResourceId,
) -> Option<Timestamp> {
    let mut since = None;
    for first in (1..=linked.events.len()).rev() {
        if !Replayed::with(linked, first, None).are_one(left, right) {
            break;
        }
        since = linked.events.get(first - 1).map(|event| event.at);
    }
    since
}

/// The last decision of two Patients themselves that stands, and is not a seal.
pub(crate) fn last_between(linked: &Linked, left: ResourceId, right: ResourceId) -> Option<u64> {
    let (left, right) = (find(linked, left)?.place, find(linked, right)?.place);
    let pair = |one: u64, other: u64| {
        one.min(other) == left.min(right) && one.max(other) == left.max(right)
    };
    let is_undone = |number: u64| {
        let mut standing = false;
        for event in linked.events.iter().rev() {
            if event.act == LinkAct::Undone(number) {
                standing = !linked
                    .events
                    .iter()
                    .any(|it| it.act == LinkAct::Undone(event.number));
                break;
            }
        }
        standing
    };
    let mut events = linked.events.iter().rev();
    events
        .find(|event| match event.act {
            LinkAct::Linked(one, other) | LinkAct::Parted(one, other) => {
                pair(one, other) && !is_undone(event.number)
            }
            LinkAct::Sealed(..) | LinkAct::Undone(_) => false,
        })
        .map(|event| event.number)
}

/// Whether a Patient is an identity that is held apart from a later one.
pub(crate) fn is_sealed(linked: &Linked, id: ResourceId) -> bool {
    let place = find(linked, id).map(|subject| subject.place);
    let mut events = linked.events.iter();
    events.any(|event| matches!(event.act, LinkAct::Sealed(_, earlier) if Some(earlier) == place))
}
