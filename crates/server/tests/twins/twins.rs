//! Two worlds, asked the same; what they answer differently is kept.

use std::path::Path;

use server::tokens::Roster;
use sharing::town::{Contribution, Town};

use crate::ask::{Answer, Ask, parting};
use crate::world::{World, Wrap};

/// After so many requests, one world learns something more.
const EVERY: u64 = 40;

/// A settled pair, of which tests open copies.
pub struct Settled<'s> {
    pub with: &'s Path,
    pub without: &'s Path,
    pub town: &'s Town,
    pub roster: &'s Roster,
    pub later: &'s [Contribution],
}

/// Two worlds, asked the same.
pub struct Twins {
    with: World,
    without: World,
    later: Vec<Contribution>,
    asked: u64,
    enough: usize,
    given: u64,
    differences: Vec<String>,
}

impl Twins {
    /// Opens the pair; `wrap` stands between each world's routes and its store. So many
    /// differences are enough to see what is wrong.
    pub fn open(settled: &Settled<'_>, wrap: Wrap<'_>, enough: usize) -> Self {
        let open = |folder| World::open(folder, settled.town, settled.roster, wrap);
        Self {
            with: open(settled.with),
            without: open(settled.without),
            later: settled.later.to_vec(),
            asked: 0,
            enough,
            given: 0,
            differences: Vec::new(),
        }
    }

    /// How many requests both answered.
    pub fn asked(&self) -> u64 {
        self.asked
    }

    /// How many of them were answered with something.
    pub fn given(&self) -> u64 {
        self.given
    }

    /// Whether enough is known of what is wrong.
    pub fn is_enough(&self) -> bool {
        self.differences.len() >= self.enough
    }

    /// What they answered differently.
    pub fn differences(&self) -> String {
        self.differences.join("\n\n")
    }

    /// Puts one request to both.
    pub async fn ask(&mut self, ask: &Ask) -> [Answer; 2] {
        self.ask_each([ask, ask]).await
    }

    /// Puts to each its own spelling of one request: a link that it gave, or a form it served.
    pub async fn ask_each(&mut self, [with, without]: [&Ask; 2]) -> [Answer; 2] {
        self.asked += 1;
        if self.asked.is_multiple_of(EVERY)
            && let Some(more) = self.later.pop()
        {
            self.with.learn(&more).await;
        }
        let answers = [
            Answer::of(self.with.carry(self.asked, with.request()).await).await,
            Answer::of(self.without.carry(self.asked, without.request()).await).await,
        ];
        self.given += u64::from(answers[0].status == 200);
        let [one, other] = answers.each_ref().map(Answer::comparable);
        if one != other {
            let purpose = with
                .headers
                .iter()
                .find(|(name, _)| *name == "purpose-of-use");
            self.differences.push(format!(
                "{}: {} {} {}\n{}\n{}",
                self.asked,
                with.method,
                with.path,
                purpose.map_or("", |(_, code)| code),
                String::from_utf8_lossy(&with.body[..with.body.len().min(300)]),
                parting(&one, &other)
            ));
        }
        answers
    }

    /// Puts a request to both, and follows the links to further pages to the end.
    pub async fn follow(&mut self, ask: &Ask) {
        let mut answers = self.ask(ask).await;
        loop {
            let next = answers.each_ref().map(Answer::next);
            let [Some(with), Some(without)] = next else {
                return;
            };
            let [with, without] = [with, without].map(|path| Ask {
                path,
                ..ask.clone()
            });
            answers = self.ask_each([&with, &without]).await;
            if self.is_enough() {
                return;
            }
        }
    }
}
