//! How a command fails: in words, and with a code that scripts can rely on.

use std::process::ExitCode;

use serde_json::json;

use crate::config::ConfigErrors;
use crate::tokens::UnknownName;

/// Why a command failed, as its exit code tells. Clap itself uses 2 for what cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Something failed: the disk, the network, a fault of ours.
    Failure = 1,
    /// The command line cannot be understood.
    Usage = 2,
    /// What was named is not there.
    NotFound = 3,
    /// Something else stands in the way: another process, two of one name.
    Conflict = 4,
    /// What was given is not valid.
    Invalid = 5,
    /// Everything was done, and something is not as it was expected to be.
    Differs = 6,
    /// What was to be proven is not shown, and not false either.
    NotShown = 7,
}

impl Exit {
    fn code(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Usage => "usage",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::Invalid => "invalid",
            Self::Differs => "differs",
            Self::NotShown => "not-shown",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// A command that could not do its job.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    message: String,
    details: Vec<String>,
}

impl Failure {
    /// A failure in one sentence.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            details: Vec::new(),
        }
    }

    /// The same failure with its particulars, one a line.
    #[must_use]
    pub fn with(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }

    /// What goes to standard error.
    #[must_use]
    pub fn print(&self, as_json: bool) -> String {
        if as_json {
            return json!({
                "code": self.exit.code(),
                "message": self.message,
                "details": self.details,
            })
            .to_string();
        }
        let mut text = format!("candour: {}", self.message);
        for detail in &self.details {
            text.push_str("\n  ");
            text.push_str(detail);
        }
        text
    }
}

impl From<ConfigErrors> for Failure {
    fn from(errors: ConfigErrors) -> Self {
        let message = format!("{} cannot be used", errors.file.display());
        Self::new(Exit::Invalid, message).with(errors.problems)
    }
}

impl From<UnknownName> for Failure {
    fn from(error: UnknownName) -> Self {
        let exit = match error {
            UnknownName::Nobody { .. } => Exit::NotFound,
            UnknownName::Several { .. } => Exit::Conflict,
        };
        Self::new(exit, error.to_string())
    }
}

/// The error with its causes in one line; a folder that is in use is a conflict.
impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        let in_use = matches!(error.downcast_ref(), Some(store::OpenError::InUse { .. }));
        let exit = if in_use {
            Exit::Conflict
        } else {
            Exit::Failure
        };
        Self::new(exit, format!("{error:#}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_reads_the_same_for_people_and_for_scripts() {
        let failure = Failure::new(Exit::Invalid, "candour.toml cannot be used")
            .with(vec!["listen: missing".to_owned()]);
        assert_eq!(
            failure.print(false),
            "candour: candour.toml cannot be used\n  listen: missing"
        );
        assert_eq!(
            failure.print(true),
            r#"{"code":"invalid","message":"candour.toml cannot be used","details":["listen: missing"]}"#
        );
    }
}
