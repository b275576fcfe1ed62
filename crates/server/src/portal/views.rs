//! What each page of the portals shows, as plain data; the templates turn it into HTML.
//!
//! A handler fills one of these structs and answers with [`render::html`](super::render::html).
//! The structs know nothing of how a decision is made: every sentence about a decision arrives
//! ready to print. Titles are fixed in the templates, so that no name or number of a person
//! can reach a browser's history.
//!
//! # Routes, methods and form fields
//!
//! `{p}`, `{s}`, `{n}` are opaque ids. Every form is `application/x-www-form-urlencoded` and
//! carries `csrf`. A successful POST answers 303 to the address on the right; a form with
//! faults answers 422 with the same page, its `errors` filled.
//!
//! | Method | Path | Fields | View, or where it leads |
//! |---|---|---|---|
//! | GET | `/` | | [`HomePage`] |
//! | GET | `/sign-in` | | [`SignInPage`] |
//! | POST | `/sign-in` | `as` | 303 `/care` for a worker, `/me` for a person |
//! | POST | `/sign-out` | | 303 `/` |
//! | GET | `/help`, `/accessibility`, `/privacy` | | [`HelpPage`], [`AccessibilityPage`], [`PrivacyPage`] |
//! | GET | `/counts`, `/care/counts` | query `quarter` (`2027-Q1`) | [`CountsPage`] |
//! | GET | `/care/agreements` | | [`AgreementsPage`] |
//! | GET | `/care` | | [`FindPage`] |
//! | POST | `/care/people` | `name`, `born_day`, `born_month`, `born_year`, `chi` | 303 `/care/people/s/{s}`, or 422 [`FindPage`] |
//! | GET | `/care/people/s/{s}` | | [`ResultsPage`] |
//! | GET | `/care/people/{p}` | query `before` (cursor) | 200 [`RecordPage`]; 303 `/care/people/{p}/why`; 403 [`RefusalPage`]; 404 [`NoRecordPage`] |
//! | GET | `/care/people/{p}/why` | | [`WhyPage`] |
//! | POST | `/care/people/{p}/why` | `reason`, `words`, `confirmed` (`yes`, from [`EmergencyPage`] only) | 303 `/care/people/{p}`; 200 [`EmergencyPage`] if an emergency is not yet confirmed; 422 [`WhyPage`] |
//! | GET | `/care/people/{p}/calls/new` | query `with` (an [`Involved::key`]) | [`CallPage`] |
//! | POST | `/care/people/{p}/calls` | `spoke` (repeated), `other`, `is`, `told` (repeated), `why`, `next`, `way`, `identity` | 303 `/care/people/{p}/calls/{n}`, or 422 [`CallPage`] |
//! | GET | `/care/people/{p}/calls/{n}` | | [`CallSavedPage`] |
//! | GET | `/care/inbox/{m}/correct` | | [`CorrectPage`] |
//! | POST | `/care/inbox/{m}/correct` | `fault`, `who` (repeated), `text`, `other` | 303 `/care/inbox/{m}`, or 422 [`CorrectPage`] |
//! | GET | `/care/inbox` | query `after` (sealed place) | [`InboxPage`] |
//! | GET | `/care/inbox/{m}` | | [`MessagePage`] |
//! | POST | `/care/inbox/{m}/answer` | `reply` (`mine`, `not-mine`, `done`, `known`) | 303 `/care/inbox`, or 422 [`MessagePage`] |
//! | POST | `/care/inbox/{m}/reply` | `text` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | POST | `/care/inbox/{m}/update` | `anew` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | POST | `/care/inbox/{m}/end` | `how` (`close`, `retract`), `reason` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | GET | `/care/people/{p}/messages` | | [`MessagesPage`] |
//! | POST | `/care/people/{p}/messages` | `to` (repeated), `other`, `text`, `told` (repeated), `urgent` | 303 `/care/inbox/{m}`, or 422 [`MessagesPage`] |
//! | GET | `/care/people/{p}/words/new` | | [`HeardPage`] |
//! | POST | `/care/people/{p}/words/new` | `from`, `name`, `says_to_be`, `way`, `on`, `text`, `to`, `other_team`, `answer_to`, `unnamed` | 303 `/care/inbox/{m}`, or 422 [`HeardPage`] |
//! | GET | `/care/inbox/{m}/letter` | | [`LetterPage`] |
//! | GET | `/care/people/{p}/protection` | | [`ProtectionPage`] |
//! | POST | `/care/people/{p}/protection` | `to` (repeated), `answers_for`, `linked` (repeated; a kind, a colon and a person), `telling` (`hold`, `told`) | 303 `/care/inbox/{m}`, or 422 [`ProtectionPage`] |
//! | POST | `/care/inbox/{m}/told` | | 303 `/care/inbox/{m}` |
//! | GET | `/care/people/{p}/concerns/new` | | [`ConcernPage`] |
//! | POST | `/care/people/{p}/concerns/new` | `about`, `text`, `own_action`, `to` (repeated), `other`, `telling`, `name`, `reference` | 303 `/care/inbox/{m}`, or 422 [`ConcernPage`] |
//! | POST | `/care/inbox/{m}/triage` | `outcome`, `text`, `to` | 303 `/care/inbox`, or 422 [`MessagePage`] |
//! | GET | `/care/people/{p}/decisions` | | [`DecisionsPage`] |
//! | POST | `/care/people/{p}/decisions` | `step`; to plan: `name`, `matter`, `power`, `at`; `own-words`: `kind`, `own_words`, `said_at`; else `decision`, `party`, `way`, `words`, `asks`, `ground`, `review` | 303 `/care/people/{p}/decisions`, or 409 or 422 [`DecisionsPage`] |
//! | GET | `/care/people/{p}/discussions/new` | query `from` (a message) | [`DiscussionPage`] |
//! | POST | `/care/people/{p}/discussions/new` | `about`, `text`, `to` and `other` (repeated), `telling`, `name`, `from` | 303 `/care/inbox/{m}`, or 422 [`DiscussionPage`] |
//! | POST | `/care/inbox/{m}/block` | `block` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | GET | `/care/inbox/{m}/others` | | [`NamingPage`] |
//! | POST | `/care/inbox/{m}/others` | `is` (`child`, `adult`), `other`, `relationship`, `rights`, `patient` | 303 `/care/inbox/{m}`, or 422 [`NamingPage`] |
//! | POST | `/care/inbox/{m}/dissent` | `dissent` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | GET | `/care/inbox/{m}/conclude` | | [`ConcludePage`] |
//! | POST | `/care/inbox/{m}/conclude` | `decision`, `reasons`, `plan`, an answer for each prompt | 303 `/care/inbox/{m}`, or 422 [`ConcludePage`] |
//! | GET | `/care/inbox/{m}/require` | | [`RequirePage`] |
//! | POST | `/care/inbox/{m}/require` | `to` and `what` (repeated), `why`, `from`, `before`, `number`, `authority`, `reader`, `adult` (`agrees`, `objects`, `not-asked`), `because` | 303 `/care/inbox/{m}`, or 422 [`RequirePage`] |
//! | GET | `/care/inbox/{m}/extract` | | [`ExtractPage`] |
//! | POST | `/care/inbox/{m}/extract` | `source` and `told` (repeated), `text` | 303 `/care/inbox`, or 422 [`ExtractPage`] |
//! | GET | `/care/people/{p}/requests/new` | | [`AskPage`] |
//! | POST | `/care/people/{p}/requests/new` | `to` and `what` (repeated), `other`, `text`, `by`, `anyway` | 303 `/care/inbox/{m}`, or 422 [`AskPage`] |
//! | GET | `/care/requests` | query `after` (sealed place) | [`RequestsPage`] |
//! | POST | `/care/inbox/{m}/respond` | `response` (`shared`, `part`, `ring`, `more-needed`, `not-held`), `text`, `told` (repeated), `ground`, `ask` | 303 `/care/inbox`, or 422 [`MessagePage`] |
//! | GET | `/care/inbox/{m}/refuse` | | [`RefusePage`] |
//! | POST | `/care/inbox/{m}/refuse` | `ground`, `other`, `text`, `harm_if_shared`, `harm_if_not_shared`, `decider`, `review_on` | 303 `/care/inbox`, or 422 [`RefusePage`] |
//! | GET | `/care/inbox/{m}/on-behalf` | | [`OnBehalfPage`] |
//! | POST | `/care/inbox/{m}/on-behalf` | `for`, `by`, `on`, `way`, `response`, `text`, `told` (repeated), `ring_name`, `ring_phone`, `ground`, `other`, `harm_if_shared`, `harm_if_not_shared`, `decider`, `review_on` | 303 `/care/inbox/{m}`, or 422 [`OnBehalfPage`] |
//! | GET | `/me` | | [`MePage`] |
//! | GET | `/me/access` | query `organisation`, `outcome`, `before` (cursor) | [`AccountPage`] |
//! | GET | `/me/acting` | | [`ActingPage`] |
//! | GET | `/me/access.json` | | the same account as JSON |
//! | GET | `/me/settings` | | [`SettingsPage`] |
//! | POST | `/me/settings/mail` | `address` | 303 `/me/settings`, or 422 [`SettingsPage`] |
//! | POST | `/me/settings/code` | `code` | 303 `/me/settings`, or 422 [`SettingsPage`] |
//! | POST | `/me/settings/stop` | | 303 `/me/settings` |
//! | GET | `/me/sharing` | | [`SharingPage`] |
//! | POST | `/me/sharing/stop` | `organisation`, `what` | 303 `/me/sharing`, or 422 [`SharingPage`] |
//! | POST | `/me/sharing/start` | `objection` | 303 `/me/sharing`, or 422 [`SharingPage`] |
//! | GET | `/care/people/{p}/links`, `/me/links` | | [`LinksPage`] |
//! | POST | `/care/people/{p}/links`, `/me/links` | `name`, `kind`, `organisation`, `about` (repeated), `days`, `why` | 200 [`LinksPage`] with the link and its code, this once; or 422 |
//! | POST | `/care/people/{p}/links/{l}/end`, `/me/links/{l}/end` | | 303 to the links |
//! | POST | `/care/inbox/{m}/links/{l}/end` | | 303 `/care/inbox/{m}` |
//! | GET | `/care/people/{p}/hearings/{m}/link` | | [`HearingLinkPage`] |
//! | POST | `/care/people/{p}/hearings/{m}/link` | `name`, `days` | 200 [`HearingLinkPage`] with the link and its code, or 422 the same |
//! | GET | `/open/{s}` | | [`OpenLinkPage`], whatever the address; 303 `/link/{l}` in the browser that opened it |
//! | POST | `/open/{s}` | `code` | 303 `/link/{l}`; 422 [`OpenLinkPage`]; 410 [`EndedLinkPage`] |
//! | GET | `/link/{l}` | | [`LetInPage`], [`AnswerPage`] or [`HearingPage`] as the link is for; or 410 [`EndedLinkPage`] |
//! | POST | `/link/{l}/view` | `text` | 303 `/link/{l}`, or 422 [`HearingPage`] |
//! | GET | `/link/{l}/record` | | [`LinkRecordPage`] |
//! | GET | `/link/{l}/account` | query `before` (cursor) | [`LinkAccountPage`] |
//! | POST | `/link/{l}/end` | | 303 `/link/{l}` |
//! | GET | `/me/family` | | [`FamilyPage`] |
//! | POST | `/me/family` | `name`, `born_day`, `born_month`, `born_year`, `chi`, `says_to_be` | 303 `/me/family/asked/{s}`, or 422 [`FamilyPage`] |
//! | GET | `/me/family/asked/{s}` | | [`FamilyAnswerPage`] |
//! | POST | `/me/family/words` | `question` (sealed), `text`, `to`, `unnamed` | 303 `/me/family/words/{m}`, or 422 [`FamilyAnswerPage`] |
//! | GET | `/me/family/words/{m}` | | [`FamilyWordPage`] |
//! | GET | `/me/hearings/{m}` | | [`HearingPage`] |
//! | POST | `/me/hearings/{m}` | `text` | 303 `/me/hearings/{m}`, or 422 [`HearingPage`] |
//! | GET | `/me/representatives` | | [`RepresentativesPage`] |
//! | POST | `/me/representatives` | `name`, `born_day`, `born_month`, `born_year`, `chi`, `says_to_be`, `kind`, `number`, `from_day`, `from_month`, `from_year`, `power` (repeated), `jointly`, `on_belief`, `shown`, `to`, `text` | 303 `/me/representatives/{m}`, or 422 [`RepresentativesPage`] |
//! | GET | `/me/representatives/{m}` | | [`ClaimPage`] |
//! | POST | `/me/representatives/{m}/belief` | `about` (repeated) | 303 `/me/representatives/{m}`, or 422 [`ClaimPage`] |
//! | POST | `/care/inbox/{m}/advocacy` | `answer` (`accepted`, `declined`, `has`, `not-offered`), `advocate` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | POST | `/care/inbox/{m}/wrong-person` | `who` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | POST | `/care/inbox/{m}/stays-shut-out` | `why`, `days` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | POST | `/care/inbox/{m}/check` | `found-{power}` of each, `registered`, `seen`, `text` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | POST | `/care/inbox/{m}/family` | `text`, `told` (repeated) | 303 `/care/inbox`, or 422 [`MessagePage`] |
//! | POST | `/care/inbox/{m}/pass-on` | `to` | 303 `/care/inbox`, or 422 [`MessagePage`] |
//! | GET | `/me/lines/{l}/challenge`, `/link/{l}/lines/{l}/challenge` | query `patient` | [`DisagreePage`] |
//! | POST | `/me/lines/{l}/challenge`, `/link/{l}/lines/{l}/challenge` | `because`, `wanted`, `text`, `patient` | 303 to the challenge, or 422 [`DisagreePage`] |
//! | GET | `/me/challenges`, `/link/{l}/challenges` | | [`ChallengesPage`] |
//! | GET | `/me/challenges/{m}`, `/link/{l}/challenges/{m}` | | [`ChallengePage`] |
//! | POST | `/care/inbox/{m}/challenge` | `team` | 303 `/care/inbox/{m}` of the challenge, or 422 [`MessagePage`] |
//! | POST | `/care/inbox/{m}/rule` | `verdict`, `ground`, `text` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | POST | `/care/inbox/{m}/keep-sharing` | `anew` | 303 `/care/inbox/{m}`, or 422 [`MessagePage`] |
//! | any | anything else, and faults | | [`ErrorPage`] |

mod agreements;
mod answer_link;
mod calls;
mod care;
mod challenges;
mod common;
mod counts;
mod decisions;
mod discussion;
mod errors;
mod family;
mod front;
mod heard;
mod hearings;
mod link;
mod me;
mod messages;
mod on_behalf;
mod record;
mod representatives;
mod requirement;
mod settings;

pub use agreements::*;
pub use answer_link::*;
pub use calls::*;
pub use care::*;
pub use challenges::*;
pub use common::*;
pub use counts::*;
pub use decisions::*;
pub use discussion::*;
pub use errors::*;
pub use family::*;
pub use front::*;
pub use heard::*;
pub use hearings::*;
pub use link::*;
pub use me::*;
pub use messages::*;
pub use on_behalf::*;
pub use record::*;
pub use representatives::*;
pub use requirement::*;
pub use settings::*;

#[cfg(test)]
mod samples;
