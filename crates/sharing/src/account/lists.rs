//! The lists that an account is made of. Each person that a Patient is by itself has a list of its
//! own, and lists are never spliced: while Patients are joined they are read together, by time.

use std::fmt;
use std::str::FromStr;

use fhir::{Issue, IssueCode};
use ledger::{Head, HeadCode, ViewId};
use policy::{Facts, Internal, Permit, ReadsAs};
use store::{Cursor, PageRequest, Snapshot, StoredEntry};

use super::AccountAsk;
use crate::whose::view_of;
use crate::{Context, Error};

/// How far each list of an account was read. It is written as numbers between dots: `40`, or `40.7`
/// where two lists are read together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Vec<i64>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(i64::to_string).collect();
        f.write_str(&numbers.join("."))
    }
}

impl FromStr for Place {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split('.').map(str::parse);
        numbers.collect::<Result<_, _>>().map(Self)
    }
}

/// The lists of a reader of somebody's account: of the person, and then of whoever was joined with them.
pub(crate) struct Lists {
    lists: Vec<(ViewId, Head)>,
    /// Those of them that are read on a safe channel: they hold the whole of what others hold in part.
    safe: Vec<ViewId>,
}

impl Lists {
    /// Lists in which something stands; the first always counts.
    pub(crate) async fn of(
        cx: &Context,
        snapshot: &mut dyn Snapshot,
        permit: &Permit,
        facts: &Facts,
        readers: &[ReadsAs],
    ) -> Result<Self, Error> {
        let (mut lists, mut safe) = (Vec::new(), Vec::new());
        for reads_as in readers {
            for view in views(cx, facts, *reads_as) {
                let head = snapshot.head(permit, &view).await?;
                if head.next_index > 0 || lists.is_empty() {
                    lists.push((view, head));
                    safe.extend((*reads_as == ReadsAs::OnSafeChannel).then_some(view));
                }
            }
        }
        Ok(Self { lists, safe })
    }

    /// The code of each as it stands.
    pub(super) fn codes(&self) -> Vec<HeadCode> {
        let lists = self.lists.iter();
        lists.map(|(view, head)| HeadCode::of(view, head)).collect()
    }

    /// How many entries they have together.
    pub(super) fn entries(&self) -> u64 {
        self.lists.iter().map(|(_, head)| head.next_index).sum()
    }

    /// The chain of one of them, counted from 1.
    pub(crate) fn view(&self, number: usize) -> Option<ViewId> {
        let (view, _) = self.lists.get(number.checked_sub(1)?)?;
        Some(*view)
    }

    /// One page of all of them together, newest first.
    pub(super) async fn page(
        &self,
        snapshot: &mut dyn Snapshot,
        permit: &Permit,
        page: &AccountAsk,
    ) -> Result<(Vec<StoredEntry>, Option<Place>), Error> {
        let mut places = match &page.after {
            Some(Place(places)) if places.len() != self.lists.len() => {
                return Err(another_account());
            }
            Some(Place(places)) => places.clone(),
            None => vec![i64::MAX; self.lists.len()],
        };
        let mut found: Vec<(usize, StoredEntry)> = Vec::new();
        let mut has_more = false;
        for (list, ((view, _), place)) in self.lists.iter().zip(&places).enumerate() {
            let wanted = PageRequest {
                limit: u32::try_from(page.limit).unwrap_or(u32::MAX),
                after: Some(Cursor::at(*place, 0)),
                with_total: false,
            };
            let (entries, next) = snapshot.entries(permit, view, &wanted).await?;
            has_more |= next.is_some();
            found.extend(entries.into_iter().map(|entry| (list, entry)));
        }
        found.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.time));
        has_more |= found.len() > page.limit;
        found.truncate(page.limit);
        for (list, entry) in &found {
            if let Some(place) = places.get_mut(*list) {
                *place = i64::try_from(entry.index).unwrap_or(i64::MAX);
            }
        }
        let mut entries = Vec::with_capacity(found.len());
        for (list, entry) in found {
            if !self.is_in_part(snapshot, list, &entry).await? {
                entries.push(entry);
            }
        }
        Ok((entries, has_more.then_some(Place(places))))
    }

    /// Whether a list that is read on a safe channel holds the whole of this.
    async fn is_in_part(
        &self,
        snapshot: &mut dyn Snapshot,
        list: usize,
        entry: &StoredEntry,
    ) -> Result<bool, Error> {
        let is_safe = |view: &ViewId| self.safe.contains(view);
        let own = self.lists.get(list).map(|(view, _)| view);
        if self.safe.is_empty() || own.is_none_or(is_safe) {
            return Ok(false);
        }
        let copies = snapshot
            .internal_copies(Internal::Merging, entry.home, &entry.operation)
            .await?;
        Ok(copies.iter().any(|copy| is_safe(&copy.view)))
    }
}

/// The chains in which something may stand that was told of a person, for one reader.
pub(crate) fn views(
    cx: &Context,
    facts: &Facts,
    reads_as: ReadsAs,
) -> impl Iterator<Item = ViewId> {
    let persons = std::iter::once(facts.person).chain(facts.joined.iter().copied());
    persons.map(move |person| view_of(cx, person, reads_as))
}

fn another_account() -> Error {
    let details = "this is no page of this account: begin at its first";
    Error::invalid(Issue::error(IssueCode::Value, details))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_it_is_read() {
        for text in ["40", "40.7", "0.9223372036854775807.2"] {
            let place: Place = text.parse().expect("a place");
            assert_eq!(place.to_string(), text);
        }
        for text in ["", "soon", "40.", "4,0"] {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }
}
