//! A message: who says what about whom to which teams, and whether it still holds.

use serde::{Deserialize, Serialize};

use crate::message::{
    Attempts, Call, Challenge, Concern, Delivery, Discussion, FamilyWord, Harm, Illegal,
    InformationRequest, Kind, Recall, State, Terms, ToBeHeard,
};
use crate::{OrganisationId, PersonId, Purpose, ResourceId, TeamId, Timestamp, WorkerId};

/// Whether what a message says holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Written; nobody has it.
    Draft,
    /// Somebody who may stands behind it; nobody has it yet.
    Authorised(WorkerId),
    /// Sent, and in force.
    Sent,
    /// It was right, and is over.
    Closed(Ending),
    /// It was wrong: whoever saw it must say that they know.
    Retracted(Ending),
}

impl Stage {
    /// The word in rows and pages.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Authorised(_) => "authorised",
            Self::Sent => "sent",
            Self::Closed(_) => "closed",
            Self::Retracted(_) => "retracted",
        }
    }
}

/// How a message ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// When.
    pub at: Timestamp,
    /// Who ended it.
    pub by: WorkerId,
    /// Why, in their words.
    pub reason: String,
}

/// Who sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// The worker.
    pub worker: WorkerId,
    /// Their name.
    pub name: String,
    /// The team at which they wrote it: at night, a desk that stands in for others.
    pub desk: TeamId,
    /// The team that answers for the message, on whose list answers appear.
    pub team: TeamId,
    /// Its agency.
    pub organisation: OrganisationId,
}

impl Sender {
    /// Somebody who writes as a person, with no team behind them: what stands for the team is their
    /// own list, on which no worker's team can be.
    #[must_use]
    pub fn as_person(person: PersonId, name: &str) -> Self {
        let own = TeamId::new(format!("~{person}"));
        Self {
            worker: WorkerId::new(person.to_string()),
            name: name.to_owned(),
            desk: own.clone(),
            team: own,
            organisation: OrganisationId::new(""),
        }
    }

    /// What the exchange says by itself: nobody's team answers for it, so nobody can take it back.
    #[must_use]
    pub fn exchange() -> Self {
        let own = TeamId::new("~candour");
        Self {
            worker: WorkerId::new("candour"),
            name: "Candour".to_owned(),
            desk: own.clone(),
            team: own,
            organisation: OrganisationId::new(""),
        }
    }

    /// The teams that may say it anew, close it or take it back.
    #[must_use]
    pub fn teams(&self) -> Vec<TeamId> {
        let mut teams = vec![self.team.clone(), self.desk.clone()];
        teams.dedup();
        teams
    }
}

/// A message about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: ResourceId,
    /// The first message of its thread: itself, or the one that it answers.
    pub thread: ResourceId,
    /// The message that it stands and falls with: itself, unless it is linked.
    pub root: ResourceId,
    /// What sort it is.
    pub kind: Kind,
    /// Why it is sent.
    pub purpose: Purpose,
    /// What waiting may cost.
    pub harm: Harm,
    /// Whom it is about.
    pub person: PersonId,
    /// By which Patient the sender knows them.
    pub patient: ResourceId,
    /// Their name, as the sender knows it.
    pub name: String,
    /// Who sends it.
    pub sender: Sender,
    /// What it says.
    pub text: String,
    /// Whom to ring now, and at night: name and number.
    pub ring: Vec<(String, String)>,
    /// When it was sent, or written if it is a draft.
    pub at: Timestamp,
    /// How often it was said anew; the first is 1.
    pub revision: u32,
    /// Whether it holds.
    pub stage: Stage,
    /// Until when the person's account does not show it, and the recorded reason of safety.
    pub held: Option<(Timestamp, String)>,
    /// What the account will show once it is no longer held, as its writer reads it.
    pub later: Vec<String>,
    /// What is asked for, if it is a request for information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<InformationRequest>,
    /// What its sender did themselves, if it is a concern.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concern: Option<Concern>,
    /// What agencies say to each other, if it is a discussion between them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discussion: Option<Discussion>,
    /// Who wrote it, if it goes between a team and somebody close to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<FamilyWord>,
    /// Who is asked, if it asks somebody what they think of a planned decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_be_heard: Option<ToBeHeard>,
    /// What a worker tried to see, if it alerts a privacy officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<Attempts>,
    /// Who was told what, if it notes a call round or meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
    /// What is taken back from whom, if it asks them to give it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<Box<Recall>>,
    /// What is challenged and what came of it, if it is a challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<Box<Challenge>>,
    /// The records that it is from, if it is a reader's extract: type and id of each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// By when it must be done, where something else than its clock says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Timestamp>,
    /// One for each team addressed.
    pub deliveries: Vec<Delivery>,
}

impl Message {
    /// Lets somebody who may stand behind a draft.
    ///
    /// # Errors
    /// [`NotNow`] unless it is a draft.
    pub fn authorise(&mut self, by: WorkerId) -> Result<(), NotNow> {
        match self.stage {
            Stage::Draft => {
                self.stage = Stage::Authorised(by);
                Ok(())
            }
            _ => Err(self.not_now("authorised")),
        }
    }

    /// Sends what was authorised.
    ///
    /// # Errors
    /// [`NotNow`] unless it is authorised.
    pub fn send(&mut self, now: Timestamp) -> Result<(), NotNow> {
        match self.stage {
            Stage::Authorised(_) => {
                self.stage = Stage::Sent;
                self.at = now;
                Ok(())
            }
            _ => Err(self.not_now("sent")),
        }
    }

    /// Says it anew: the earlier text is superseded, never edited in place.
    ///
    /// # Errors
    /// [`NotNow`] unless it is in force.
    pub fn supersede(&mut self, text: String) -> Result<(), NotNow> {
        match self.stage {
            Stage::Sent => {
                self.text = text;
                self.revision = self.revision.saturating_add(1);
                Ok(())
            }
            _ => Err(self.not_now("updated")),
        }
    }

    /// Closes what was right and is over.
    ///
    /// # Errors
    /// [`NotNow`] unless it is in force.
    pub fn close(&mut self, ending: Ending) -> Result<(), NotNow> {
        match self.stage {
            Stage::Sent => {
                self.stage = Stage::Closed(ending);
                Ok(())
            }
            _ => Err(self.not_now("closed")),
        }
    }

    /// Takes back what was wrong; even after it was closed.
    ///
    /// # Errors
    /// [`NotNow`] if it was never sent, or is retracted already.
    pub fn retract(&mut self, ending: Ending) -> Result<(), NotNow> {
        match self.stage {
            Stage::Sent | Stage::Closed(_) => {
                self.stage = Stage::Retracted(ending);
                Ok(())
            }
            _ => Err(self.not_now("retracted")),
        }
    }

    /// Whether it stands.
    #[must_use]
    pub fn is_in_force(&self) -> bool {
        self.stage == Stage::Sent
    }

    /// Whether any delivery still owes an answer.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.deliveries.iter().any(|one| one.state.owes_answer())
    }

    /// Whether somebody said that it is not theirs.
    #[must_use]
    pub fn was_turned_away(&self) -> bool {
        self.deliveries
            .iter()
            .any(|one| one.state == State::NotMine)
    }

    /// Whether somebody needs to know more before they answer.
    #[must_use]
    pub fn needs_more(&self) -> bool {
        self.deliveries
            .iter()
            .any(|one| one.state == State::MoreNeeded)
    }

    /// What its clock goes by.
    #[must_use]
    pub fn terms(&self) -> Terms {
        Terms {
            kind: self.kind,
            purpose: self.purpose,
            harm: self.harm,
            by: (self.by).or_else(|| self.request.as_ref().and_then(|request| request.by)),
        }
    }

    fn not_now(&self, tried: &'static str) -> NotNow {
        NotNow {
            tried,
            stage: self.stage.code(),
        }
    }
}

/// A step that a message's stage does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotNow {
    /// What was tried.
    pub tried: &'static str,
    /// The stage it is at.
    pub stage: &'static str,
}

impl std::fmt::Display for NotNow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "it cannot be {}: it is {}", self.tried, self.stage)
    }
}

impl std::error::Error for NotNow {}

/// A delivery's refusal counts as the message's.
impl From<Illegal> for NotNow {
    fn from(illegal: Illegal) -> Self {
        Self {
            tried: illegal.tried,
            stage: illegal.state.words(),
        }
    }
}
