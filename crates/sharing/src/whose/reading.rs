//! What of an event each reader is told, and from when: the event as it stands in their list.

use std::collections::BTreeSet;

use domain::restriction::Delay;
use domain::{Category, ClassId, Confidentiality, LabelClass, Sensitivity};
use policy::{Reader, ReadsAs, When};
use store::{DueHeld, StoredResource};

use super::{Since, Told, Whose, view_of};
use crate::disclose::request;
use crate::event::{Event, Operation};
use crate::messages::flag;
use crate::{Context, held};

impl Whose {
    /// What becomes of what was held back to a date that has come: when it is told, as it stands now.
    /// [`When::Never`] if it is for somebody who no longer acts for the person, or may not read it.
    pub(crate) fn when_due(&self, cx: &Context, due: &DueHeld, event: &Event) -> When {
        let person = due.told.person;
        let own = [ReadsAs::Person, ReadsAs::OnSafeChannel].into_iter();
        let acting = self.acting.iter().map(Reader::reads_as);
        let mut readers = own.chain(acting);
        let into = readers.find(|it| view_of(cx, person, *it) == due.told.into);
        let when = into.and_then(|reads_as| self.when_read(reads_as, event));
        match when.unwrap_or(When::Never) {
            When::Now => self.renewed(due).unwrap_or(When::Now),
            later => later,
        }
    }

    /// A delay of before that a reviewer renewed still holds back what it held. Single items are not
    /// named in an entry, so the delay is known by its ground and its first date.
    fn renewed(&self, due: &DueHeld) -> Option<When> {
        let now = self.now;
        let held = |delay: &&Delay| {
            delay.holds(now)
                && delay.ground.code() == due.ground
                && delay.since.0 <= due.entry.time
                && delay.until.0 <= due.until
        };
        let latest = self
            .delays
            .iter()
            .filter(held)
            .max_by_key(|it| it.opens_at())?;
        Some(When::From(latest.opens_at().0, latest.ground))
    }

    /// When somebody reads of what an event names; `None` if they do not read anything here.
    pub(super) fn when_read(&self, reads_as: ReadsAs, event: &Event) -> Option<When> {
        let is_it = |reader: &&Reader| reader.reads_as() == reads_as;
        let found = self.own.iter().chain(&self.acting).find(is_it);
        match (found, reads_as) {
            (Some(reader), _) => Some(self.when_named(reader, event)),
            (None, ReadsAs::Representative(..)) => None,
            // All of it, as nothing is kept from the person.
            (None, ReadsAs::Person | ReadsAs::OnSafeChannel) => Some(When::Now),
        }
    }

    /// When a reader is told of what an event names. What protects somebody may tell of abuse.
    pub(super) fn when_named(&self, reader: &Reader, event: &Event) -> When {
        let named = event
            .what
            .iter()
            .filter_map(|code| Category::from_code(code));
        let mut label = label(event, named);
        let acts = matches!(reader.reads_as(), ReadsAs::Representative(..));
        if !acts && label.categories.contains(&Category::Protection) {
            label.sensitivities.insert(Sensitivity::DomesticViolence);
        }
        reader.when_labelled(&self.policies, &label)
    }

    /// When a reader is told of a row.
    fn when_row(&self, reader: &Reader, row: &StoredResource) -> When {
        match flag::is_flag(row) {
            true => reader.when_labelled(&self.policies, &flag::label(&row.custodian)),
            false => reader.when(row.class, &row.id),
        }
    }

    /// The event as it stands in a list of the person, once for each date on which more of it is told.
    pub(super) fn as_read_by_the_person(
        &self,
        cx: &Context,
        reader: &Reader,
        told: &Told<'_>,
    ) -> Vec<(Since, Event)> {
        let shown = self.as_shown(cx, reader, told);
        let Some(rows) = told.rows() else {
            let when = self.when_named(reader, told.event);
            let since = since(when);
            return since.map(|since| (since, shown)).into_iter().collect();
        };
        let steps = steps(rows, |row| self.when_row(reader, row));
        let part = |(since, open): (Since, Vec<&StoredResource>)| {
            let is_whole = open.len() == rows.len();
            let mut event = match is_whole && since.is_some() {
                true => self.in_words_for(reader, told.event),
                false => shown.clone(),
            };
            if !is_whole {
                // The words may speak of what is not told yet.
                event.reason.clear();
                self.name_only(&mut event, open);
            }
            (since, event)
        };
        steps.into_iter().map(part).collect()
    }

    /// The event as it was if there were nothing of which this reader is not told now: what was
    /// withheld from the asker must not tell of it.
    fn as_shown(&self, cx: &Context, reader: &Reader, told: &Told<'_>) -> Event {
        let event = self.in_words_for(reader, told.event);
        let Some((asking, _)) = told.decided.filter(|(_, made)| event.says(made)) else {
            return event;
        };
        let facts = reader.as_shown();
        let otherwise = policy::decide(&request(asking, &facts), &facts, &self.policies, cx.now());
        event.answered(&otherwise)
    }

    /// The event without the asker's own words, where somebody may look over the person's shoulder:
    /// they may tell of abuse.
    pub(super) fn in_words_for(&self, reader: &Reader, event: &Event) -> Event {
        let mut event = event.clone();
        if self.is_watched && reader.reads_as() == ReadsAs::Person {
            event.reason.clear();
        }
        event
    }

    /// The event as it stands in the chain of somebody who acts for the person, once for each date on
    /// which more of it is told. What they did themself stands in it at once: were it missing, they
    /// would know that something is kept from them.
    pub(super) fn as_read_by(&self, reader: &Reader, told: &Told<'_>) -> Vec<(Since, Event)> {
        let line = |event: &Event| match told.is_own_of(reader) {
            true => When::Now,
            false => self.when_named(reader, event),
        };
        let Some(rows) = told.rows() else {
            let told = since(line(told.event)).map(|since| (since, told.event.bare()));
            return told.into_iter().collect();
        };
        let steps = steps(rows, |row| self.when_row(reader, row));
        let part = |(of_rows, open): (Since, Vec<&StoredResource>)| {
            let mut event = told.event.bare();
            self.name_only(&mut event, open);
            let of_line = since(line(&event))?;
            Some((of_rows.max(of_line), event))
        };
        steps.into_iter().filter_map(part).collect()
    }

    /// Says that these resources and no others were released.
    fn name_only(&self, event: &mut Event, open: Vec<&StoredResource>) {
        let what: Vec<Category> = self.categories(&open).into_iter().collect();
        event.released(&what, open.len(), held::digest(open));
    }

    fn categories(&self, resources: &[&StoredResource]) -> BTreeSet<Category> {
        let mut what = BTreeSet::new();
        for resource in resources {
            if flag::is_flag(resource) {
                what.insert(Category::Alerts);
            }
            let of_class = |(class, _): &&(ClassId, LabelClass)| *class == resource.class;
            if let Some((_, label)) = self.labels.iter().find(of_class) {
                what.extend(&label.categories);
            }
        }
        what
    }
}

/// `None` for what is never told.
fn since(when: When) -> Option<Since> {
    match when {
        When::Now => Some(None),
        When::From(date, ground) => Some(Some((date, ground))),
        When::Never => None,
    }
}

/// What is told by each of the dates on which more is told; the last names everything that ever is.
fn steps(
    rows: &[StoredResource],
    when: impl Fn(&StoredResource) -> When,
) -> Vec<(Since, Vec<&StoredResource>)> {
    let told: Vec<(Since, &StoredResource)> = rows
        .iter()
        .filter_map(|row| Some((since(when(row))?, row)))
        .collect();
    let dates: BTreeSet<Since> = told.iter().map(|(since, _)| *since).collect();
    let by = |date: Since| {
        let until_then = told.iter().filter(|(since, _)| *since <= date);
        (date, until_then.map(|(_, row)| *row).collect())
    };
    dates.into_iter().map(by).collect()
}

/// The labels of a line about these categories.
fn label(event: &Event, what: impl Iterator<Item = Category>) -> LabelClass {
    LabelClass {
        custodian: event.organisation.as_str().into(),
        author_role: None,
        confidentiality: Confidentiality::Normal,
        categories: what.chain([Category::Account]).collect(),
        sensitivities: BTreeSet::new(),
    }
}

impl Event {
    /// The event without what may speak of something that its reader may not see: words of the
    /// asker's own, what was withheld from the asker and on which ground, what followed from that, and
    /// the facts that it rested on.
    pub(crate) fn bare(&self) -> Self {
        let answers = [Operation::Response, Operation::Call]
            .iter()
            .any(|one| self.operation == one.code());
        let answer = match self.answer.as_str() {
            "PERMIT" | "PERMIT_PART" => "PERMIT",
            // That somebody answered no, or was not sent it, is what happened; why is not said.
            other if answers => other,
            _ => "NOTHING",
        };
        Self {
            answer: answer.to_owned(),
            grounds: Vec::new(),
            reason: String::new(),
            obligations: Vec::new(),
            rules: String::new(),
            ..self.clone()
        }
    }
}
