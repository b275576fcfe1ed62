//! Issues: what is wrong with something we were sent, and the OperationOutcome that says so.

use std::fmt;

use serde_json::{Value, json};

/// How bad an issue is (<https://hl7.org/fhir/R4/valueset-issue-severity.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The server could not go on at all.
    Fatal,
    /// The request was refused.
    Error,
    /// The request was carried out, but something about it is odd.
    Warning,
    /// For the reader's interest.
    Information,
}

impl Severity {
    /// The FHIR code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fatal => "fatal",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }
}

/// What kind of issue it is (<https://hl7.org/fhir/R4/valueset-issue-type.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssueCode {
    /// Content is wrong in general.
    Invalid,
    /// The shape of the content is wrong: malformed JSON, unknown element.
    Structure,
    /// A required element is missing.
    Required,
    /// A value has the wrong format.
    Value,
    /// A rule of the content is broken.
    Invariant,
    /// The content is too long.
    TooLong,
    /// Several things match where one is needed.
    MultipleMatches,
    /// Nothing matches.
    NotFound,
    /// It was here and is gone.
    Deleted,
    /// The server does not do this.
    NotSupported,
    /// It breaks a rule of the business.
    BusinessRule,
    /// It clashes with another change.
    Conflict,
    /// The same thing exists already.
    Duplicate,
    /// The caller must sign in.
    Login,
    /// The token is unknown to us.
    Unknown,
    /// The session has ended.
    Expired,
    /// The caller may not do this.
    Forbidden,
    /// Some content is not shown.
    Suppressed,
    /// Too many requests.
    Throttled,
    /// Try again later.
    Transient,
    /// Something failed on our side.
    Exception,
    /// Storage did not answer.
    NoStore,
    /// It took too long.
    Timeout,
    /// An ordinary message.
    Informational,
}

impl IssueCode {
    /// The FHIR code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Structure => "structure",
            Self::Required => "required",
            Self::Value => "value",
            Self::Invariant => "invariant",
            Self::TooLong => "too-long",
            Self::MultipleMatches => "multiple-matches",
            Self::NotFound => "not-found",
            Self::Deleted => "deleted",
            Self::NotSupported => "not-supported",
            Self::BusinessRule => "business-rule",
            Self::Conflict => "conflict",
            Self::Duplicate => "duplicate",
            Self::Login => "login",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::Forbidden => "forbidden",
            Self::Suppressed => "suppressed",
            Self::Throttled => "throttled",
            Self::Transient => "transient",
            Self::Exception => "exception",
            Self::NoStore => "no-store",
            Self::Timeout => "timeout",
            Self::Informational => "informational",
        }
    }
}

/// One thing to tell the sender about what was sent
/// (<https://hl7.org/fhir/R4/operationoutcome.html>).
///
/// `details` never quotes content and may be logged; `diagnostics` may quote what was found, so it
/// goes to the sender alone. `Display` prints only what may be logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// How bad it is.
    pub severity: Severity,
    /// What kind it is.
    pub code: IssueCode,
    /// What is wrong, in words that quote no content.
    pub details: String,
    /// What was found, for the sender only.
    pub diagnostics: Option<String>,
    /// Where, as FHIRPath-like element paths such as `Patient.birthDate`.
    pub expression: Vec<String>,
    /// Where, as line and column counted from 1 in characters.
    pub position: Option<(u32, u32)>,
}

impl Issue {
    /// An error of this kind.
    #[must_use]
    pub fn error(code: IssueCode, details: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            details: details.into(),
            diagnostics: None,
            expression: Vec::new(),
            position: None,
        }
    }

    /// An error about an element that is missing.
    #[must_use]
    pub fn required(element: impl Into<String>, details: impl Into<String>) -> Self {
        Self::error(IssueCode::Required, details).at(element)
    }

    /// The same issue with another severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same issue, naming the element it is about.
    #[must_use]
    pub fn at(mut self, expression: impl Into<String>) -> Self {
        self.expression.push(expression.into());
        self
    }

    /// The same issue, quoting what was found (cut at 80 characters).
    #[must_use]
    pub fn found(mut self, found: &str) -> Self {
        let mut quoted: String = found.chars().take(80).collect();
        if quoted.len() < found.len() {
            quoted.push('…');
        }
        self.diagnostics = Some(format!("found {quoted:?}"));
        self
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(element) = self.expression.first() {
            write!(f, "{element}: ")?;
        }
        f.write_str(&self.details)?;
        match self.position {
            Some((line, column)) => write!(f, " (line {line}, column {column})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Issue {}

/// Writes an OperationOutcome that carries these issues.
#[must_use]
pub fn operation_outcome(issues: &[Issue]) -> Vec<u8> {
    let issues: Vec<Value> = issues.iter().map(issue_json).collect();
    json!({"resourceType": "OperationOutcome", "issue": issues})
        .to_string()
        .into_bytes()
}

fn issue_json(issue: &Issue) -> Value {
    let mut value = json!({
        "severity": issue.severity.code(),
        "code": issue.code.code(),
        "details": {"text": issue.details},
    });
    let Some(members) = value.as_object_mut() else {
        return value;
    };
    if let Some(diagnostics) = &issue.diagnostics {
        members.insert("diagnostics".into(), json!(diagnostics));
    }
    if let Some((line, column)) = issue.position {
        let place = format!("line {line}, column {column}");
        members.insert("location".into(), json!([place]));
    }
    if !issue.expression.is_empty() {
        members.insert("expression".into(), json!(issue.expression));
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_says_where_and_what_was_found() {
        let issue = Issue::error(IssueCode::Value, "expected a date such as 1947-03-09")
            .at("Patient.birthDate")
            .found("1947-13-09");

        insta::assert_snapshot!(String::from_utf8(operation_outcome(&[issue])).unwrap(), @r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"value","details":{"text":"expected a date such as 1947-03-09"},"diagnostics":"found \"1947-13-09\"","expression":["Patient.birthDate"]}]}"#);
    }

    #[test]
    fn what_was_found_stays_out_of_the_log() {
        let issue = Issue::error(IssueCode::Value, "expected a date such as 1947-03-09")
            .at("Patient.birthDate")
            .found("9 March, the day she was born");
        assert_eq!(
            issue.to_string(),
            "Patient.birthDate: expected a date such as 1947-03-09"
        );
    }
}
