//! One change: its rows written and its entries appended, or no trace of it.

use domain::Timestamp;

use super::entries::Placed;
use super::people::{Moved, NewSubject};
use super::session::Session;
use crate::sqlite::convert::incoherent;
use crate::{Change, Error, Write};

/// What became of a change that could be tried: written, or refused without a trace.
pub(super) type Applied = Result<Vec<Placed>, Error>;

impl Session {
    /// Writes a change within the open transaction. A change that is refused is taken back alone;
    /// the others of its batch stay.
    ///
    /// # Errors
    /// The outer error spoils the whole transaction.
    pub(super) fn apply(&mut self, change: &Change, now: Timestamp) -> Result<Applied, Error> {
        // Looked up first, so that entries can only fail together with the whole batch.
        for entry in &change.entries {
            if self.find_home(entry.home)?.is_none() && !makes_home(change, entry.home) {
                return Ok(Err(incoherent("home")));
            }
        }
        if change.writes.iter().all(cannot_be_refused) {
            return self.write(change, now).map(Ok);
        }
        self.db.prepare_cached("SAVEPOINT change")?.execute([])?;
        let applied = self.write(change, now);
        if applied.is_err() {
            // What was learnt from rows of this change is no longer true.
            self.known.forget();
            self.db.prepare_cached("ROLLBACK TO change")?.execute([])?;
        }
        self.db.prepare_cached("RELEASE change")?.execute([])?;
        Ok(applied)
    }

    fn write(&mut self, change: &Change, now: Timestamp) -> Result<Vec<Placed>, Error> {
        let mut moved = Moved::new();
        for write in &change.writes {
            self.write_one(write, &mut moved)?;
        }
        for home_no in moved {
            self.move_facts(home_no)?;
        }
        let entries = change.entries.iter();
        entries.map(|entry| self.append(entry, now)).collect()
    }

    fn write_one(&mut self, write: &Write, moved: &mut Moved) -> Result<(), Error> {
        match write {
            Write::Organisation {
                organisation,
                home,
                resource,
            } => self.put_organisation(organisation, *home, *resource),
            Write::Team(team) => self.put_team(team),
            Write::Duty(duty) => self.put_duty(duty),
            Write::Worker { worker, resource } => self.put_worker(worker, *resource),
            Write::Home { home, wrapped_key } => self.put_home(*home, wrapped_key),
            Write::Subject {
                subject,
                home,
                person,
                origin,
                custodian,
                rule,
                keys,
            } => {
                let new = NewSubject {
                    subject: *subject,
                    home: *home,
                    person: *person,
                    origin: *origin,
                    custodian,
                    rule,
                    keys,
                };
                self.put_subject(&new, moved)
            }
            Write::Link(link) => self.put_link(link),
            Write::Person { subject, person } => self.put_person(*subject, *person, moved),
            Write::Review { review, replaces } => self.put_review(review, *replaces),
            Write::Version(version) => self.put_version(version, moved),
            Write::Evidenced {
                home,
                evidence,
                relationships,
                objections,
            } => self.put_evidenced(*home, *evidence, relationships, objections, moved),
            Write::Facts(new) => self.put_facts(new, moved),
            Write::Invitation(new) => self.put_invitation(new),
            Write::TryInvitation { id, most } => self.try_invitation(*id, *most),
            Write::OpenInvitation { id, session, at } => self.open_invitation(*id, *session, *at),
            Write::NoticeAddress(new) => self.put_notice_address(new),
            Write::Notice(new) => self.put_notice(new),
            Write::NoticeServed(id) => self.notice_served(*id),
            Write::Bar { home, bar } => self.put_bar(*home, bar, moved),
            Write::Lock { home, lock } => self.put_lock(*home, lock, moved),
            Write::Protect { home, protection } => self.protect(*home, *protection, moved),
            Write::Revoke { token, expires } => self.revoke(token, *expires),
            Write::Policy { hash } => self.put_policy(hash),
            Write::Message(new) => self.put_message(new),
            Write::Attempt(attempt) => self.put_attempt(attempt),
            Write::AttemptsTold(rows) => self.attempts_told(rows),
            Write::Rota(rota) => self.put_rota(rota),
            Write::LookAgain { subject, body, at } => self.look_again(*subject, body, *at),
            Write::LeaseDue {
                holder,
                now,
                until,
                limit,
            } => self.lease_due(*holder, *now, *until, *limit),
            Write::Opened { view, at } => self.open_held(*view, *at),
            Write::HoldUntil { view, until } => self.hold_until(*view, *until),
            Write::Erase { view, index } => self.erase(*view, *index),
            Write::LegalHold { home, rule } => self.put_legal_hold(*home, rule.as_deref()),
            Write::DecisionFacts {
                home,
                digest,
                sealed,
            } => self.keep_decision_facts(*home, digest, sealed),
        }
    }
}

/// What every disclosure or refusal writes besides its entries. Its home is that of an entry.
fn cannot_be_refused(write: &Write) -> bool {
    matches!(write, Write::DecisionFacts { .. } | Write::Attempt(_))
}

fn makes_home(change: &Change, home: domain::HomeId) -> bool {
    let mut writes = change.writes.iter();
    writes.any(|write| matches!(write, Write::Home { home: made, .. } if *made == home))
}
