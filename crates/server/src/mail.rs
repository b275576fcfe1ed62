//! Handing mail to the relay. Every mail says the same to everybody: that there is something to read on
//! signing in. It holds no name, nothing about anybody, and no link that would let in whoever has it.

use std::fmt;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, Error as SmtpError};
use lettre::{Address, AsyncTransport, Message, Tokio1Executor};
use sharing::Context;
use sharing::notices::{self, Mail, Outcome};
use tracing::{error, warn};
use zeroize::Zeroizing;

/// A relay that has not answered by then is tried again later.
const ANSWERS_WITHIN: std::time::Duration = std::time::Duration::from_secs(20);
/// What a relay says that knows no such mailbox (RFC 5321, 4.2.3). Others that are for good are about the
/// relay's settings, and no fault of the address.
const NO_SUCH_MAILBOX: [u16; 3] = [550, 551, 553];

/// How mail is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// In the clear until both agree to encrypt; nothing is sent if the relay cannot.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not encrypted: only to this machine itself.
    Nothing,
}

/// How mail is sent.
#[derive(Clone)]
pub struct MailTerms {
    /// The relay's name.
    pub relay: String,
    /// Its port.
    pub port: u16,
    /// Whom to sign in as, with which password; nobody if the relay asks for none.
    pub login: Option<(String, Zeroizing<String>)>,
    /// Who the mail is from.
    pub from: String,
    /// How it is handed over.
    pub guard: Guard,
}

/// Without the password.
impl fmt::Debug for MailTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "mail through {}:{} {:?}",
            self.relay, self.port, self.guard
        )
    }
}

/// Hands mail to the relay.
pub struct Mailer {
    relay: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    words: String,
}

/// Why mail cannot be sent at all.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The sender's address is none.
    #[error("`mail.from` is no address")]
    From(#[from] lettre::address::AddressError),
    /// The relay cannot be spoken to.
    #[error("the mail relay cannot be used")]
    Relay(#[from] SmtpError),
    /// The relay was reached and says nothing.
    #[error("the mail relay does not answer")]
    Silent,
}

impl Mailer {
    /// A mailer that names the exchange by its address, and whom to ring.
    ///
    /// # Errors
    /// [`MailError`] if the settings cannot be used.
    pub fn new(terms: &MailTerms, site: &str, help: (&str, &str)) -> Result<Self, MailError> {
        let parameters = || TlsParameters::new(terms.relay.clone());
        let tls = match terms.guard {
            Guard::StartTls => Tls::Required(parameters()?),
            Guard::Tls => Tls::Wrapper(parameters()?),
            Guard::Nothing => Tls::None,
        };
        let mut relay = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&terms.relay)
            .port(terms.port)
            .timeout(Some(ANSWERS_WITHIN))
            .tls(tls);
        if let Some((user, password)) = &terms.login {
            relay = relay.credentials(Credentials::new(user.clone(), password.to_string()));
        }
        let (name, phone) = help;
        Ok(Self {
            relay: relay.build(),
            from: Mailbox::new(None, terms.from.parse::<Address>()?),
            words: format!(
                "There is something for you to read.\r\n\r\nSign in to read it: {site}\r\n\r\nIf you need help, ring {name} on \
                 {phone}.\r\n\r\nYou chose to get this mail. You can stop it under \"Your choices\" when you are signed in.\r\n"
            ),
        })
    }

    /// Whether the relay answers and lets us in.
    ///
    /// # Errors
    /// What it said.
    pub async fn check(&self) -> Result<(), MailError> {
        match self.relay.test_connection().await? {
            true => Ok(()),
            false => Err(MailError::Silent),
        }
    }

    async fn send(&self, mail: &Mail) -> Outcome {
        let Ok(to) = mail.to.parse::<Address>() else {
            return Outcome::Refused;
        };
        let (subject, words) = match &mail.code {
            Some(code) => ("Your code", code_words(code)),
            None => ("There is something for you to read", self.words.clone()),
        };
        // The same mail sent twice bears the same id: a mailbox that looks at it shows one.
        let id = format!("<{}@{}>", mail.id(), self.from.email.domain());
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .message_id(Some(id))
            .header(ContentType::TEXT_PLAIN)
            .body(words);
        let message = match message {
            Ok(message) => message,
            Err(error) => {
                error!(%error, "a mail could not be written");
                return Outcome::Refused;
            }
        };
        match self.relay.send(message).await {
            Ok(_) => Outcome::Sent,
            Err(error) => after(&error),
        }
    }
}

/// What to do after a relay did not take a mail. What it said may hold the address and is not logged.
fn after(error: &SmtpError) -> Outcome {
    let code = error.status().map(u16::from);
    if code.is_some_and(|code| NO_SUCH_MAILBOX.contains(&code)) {
        return Outcome::Refused;
    }
    warn!(?code, "the mail relay did not take a mail; trying again");
    Outcome::Later
}

fn code_words(code: &str) -> String {
    format!(
        "Your code is {code}\r\n\r\nType it on the page on which you gave this address, within 30 minutes.\r\n\r\nIf you did not \
         ask for a code, do nothing.\r\n"
    )
}

/// Sends whatever is due. Without a mailer nothing is sent, and what is too old is forgotten.
///
/// # Errors
/// [`sharing::Error::Unavailable`] if the store does not answer.
pub async fn turn(cx: &Context, mailer: Option<&Mailer>) -> Result<usize, sharing::Error> {
    let due = notices::due(cx).await?;
    let Some(mailer) = mailer else { return Ok(0) };
    let mut sent = 0;
    for mail in &due {
        let outcome = mailer.send(mail).await;
        notices::served(cx, mail, outcome).await?;
        sent += usize::from(outcome == Outcome::Sent);
    }
    Ok(sent)
}
