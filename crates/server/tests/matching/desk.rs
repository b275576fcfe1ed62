//! A desk with files on it, at which the program is called.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with files, in which the program is called.
pub struct Desk {
    folder: TempDir,
}

/// What a call came to.
pub struct Answer {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Desk {
    pub fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        Self { folder }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_candour"));
        command
            .arg("match")
            .args(arguments)
            .env_clear()
            .current_dir(self.folder.path());
        command
    }

    pub fn call(&self, arguments: &[&str]) -> Answer {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command(arguments).output().unwrap();
        Answer {
            code: status.code().expect("it ended by itself"),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        let answer = self.call(&[arguments, &["--json"]].concat());
        assert_eq!(answer.code, 0, "{}", answer.err);
        serde_json::from_str(&answer.out).unwrap()
    }
}

/// Kirsty Baird married and moved house numbers; Ann and Jean Mowat are twins.
pub const TOWN: &str = "\
no,first_name,surname,maiden_name,date_of_birth,sex,street,postcode
1,Kirsty,Baird,,12/03/1984,F,4 High Street,ZY1 2AB
2,Kirsty,Reid,Baird,12/03/1984,F,4 High St,ZY1 2AB
3,Ann,Mowat,,02/11/1990,F,7 Kirk Wynd,ZY3 1XY
4,Jean,Mowat,,02/11/1990,F,7 Kirk Wynd,ZY3 1XY
5,Peggy,Drummond,,31/01/1938,F,9 Mill Road,ZY2 4CD
6,Margaret,Drummond,,31/01/1938,F,9 Mill Road,ZY2 4CD
";
