//! Samples of the page on which somebody chooses mail.

use askama::Template;

use super::*;

fn off() -> SettingsPage {
    SettingsPage {
        page: as_oneself(),
        done: None,
        sends: true,
        state: MailState::Off,
        address: String::new(),
        errors: Errors::default(),
    }
}

fn wrong_code() -> SettingsPage {
    let mut errors = Errors::default();
    let wrong = "This code does not work. Look again, or ask for a new one";
    errors.add("code", wrong);
    SettingsPage {
        state: MailState::Waits("agnieszka@example.com".into()),
        errors,
        ..off()
    }
}

fn on() -> SettingsPage {
    SettingsPage {
        done: Some("We will mail you when there is something to read.".into()),
        state: MailState::On("agnieszka@example.com".into()),
        ..off()
    }
}

fn refused() -> SettingsPage {
    SettingsPage {
        state: MailState::Refused("agnieszka@example.com".into()),
        ..off()
    }
}

fn no_mail() -> SettingsPage {
    SettingsPage {
        sends: false,
        ..off()
    }
}

pub(super) fn pages() -> Vec<Sample> {
    vec![
        ("me-settings", off().render()),
        ("me-settings-errors", wrong_code().render()),
        ("me-settings-on", on().render()),
        ("me-settings-refused", refused().render()),
        ("me-settings-no-mail", no_mail().render()),
    ]
}
