//! Finding what a text speaks of, in one pass, with some understanding of "no".

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// How many bytes away a denial or an exception is still looked for.
const NEAR: usize = 120;

/// Every word of every rule, arranged so that a text is read once.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    automaton: Option<AhoCorasick>,
    meanings: Vec<Meaning>,
    until: Vec<String>,
    reach: usize,
    rules: usize,
}

/// What a pattern that was found means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The text may speak of what this rule looks for; the word may go on.
    Stem(usize),
    /// The same, if the word ends here.
    Word(usize),
    /// Here this rule's words mean something else.
    Exception(usize),
    /// What follows is denied.
    Negation,
}

/// Somewhere in a text.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
}

/// Collects words before the automaton is built.
#[derive(Debug, Default)]
pub(super) struct LexiconBuilder {
    patterns: Vec<String>,
    lexicon: Lexicon,
}

impl LexiconBuilder {
    pub fn stems(&mut self, rule: usize, stems: &[String]) {
        self.add(stems, rule, Meaning::Stem(rule));
    }

    pub fn words(&mut self, rule: usize, words: &[String]) {
        self.add(words, rule, Meaning::Word(rule));
    }

    pub fn exceptions(&mut self, rule: usize, phrases: &[String]) {
        self.add(phrases, rule, Meaning::Exception(rule));
    }

    pub fn negated_by(&mut self, phrases: &[String], until: &[String], reach: usize) {
        self.add(phrases, 0, Meaning::Negation);
        self.lexicon.until = until.to_vec();
        self.lexicon.reach = reach;
    }

    fn add(&mut self, patterns: &[String], rule: usize, meaning: Meaning) {
        self.lexicon.rules = self.lexicon.rules.max(rule + 1);
        for pattern in patterns {
            self.patterns.push(pattern.to_lowercase());
            self.lexicon.meanings.push(meaning);
        }
    }

    pub fn build(self) -> Result<Lexicon, aho_corasick::BuildError> {
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&self.patterns)?;
        Ok(Lexicon {
            automaton: Some(automaton),
            ..self.lexicon
        })
    }
}

impl Lexicon {
    /// The rules of whose words the text speaks, where it does not deny them.
    pub fn spoken_of(&self, text: &str) -> impl Iterator<Item = usize> + use<> {
        let mut found = Found::default();
        if let Some(automaton) = &self.automaton {
            for hit in automaton.find_overlapping_iter(text) {
                let meaning = self.meanings.get(hit.pattern().as_usize());
                let span = Span {
                    start: hit.start(),
                    end: hit.end(),
                };
                if let Some(meaning) = meaning {
                    found.note(*meaning, span, text);
                }
            }
        }
        let mut spoken = vec![false; self.rules];
        for (rule, span) in &found.mentions {
            if let Some(spoken) = spoken.get_mut(*rule) {
                *spoken = *spoken || self.is_meant(*rule, *span, &found, text);
            }
        }
        spoken
            .into_iter()
            .enumerate()
            .filter_map(|(rule, spoken)| spoken.then_some(rule))
    }

    /// Both lists are in order of their ends, and only what stands near is looked at, so that a long
    /// text made to be slow is not.
    fn is_meant(&self, rule: usize, span: Span, found: &Found, text: &str) -> bool {
        let means_something_else = found
            .exceptions_from(span.end)
            .take_while(|(_, whole)| whole.end <= span.end + NEAR)
            .any(|(excepted, whole)| *excepted == rule && whole.start <= span.start);
        let denied = found
            .negations_before(span.start)
            .take_while(|negation| span.start <= negation.end + NEAR)
            .any(|negation| self.reaches(*negation, span, text));
        !means_something_else && !denied
    }

    /// A denial reaches a few words within its clause: "no history of violence or self-harm", but
    /// not "no fever; drinks heavily" nor "denies pain but drinks heavily".
    fn reaches(&self, negation: Span, span: Span, text: &str) -> bool {
        let Some(between) = text.get(negation.end..span.start) else {
            return false;
        };
        let mut words = between.split_whitespace();
        let in_reach = words.by_ref().take(self.reach).count();
        let near = in_reach < self.reach || words.next().is_none();
        let same_clause = !between.contains(['.', ';', ':', '!', '?', '\n'])
            && !self.until.iter().any(|word| {
                between
                    .split_whitespace()
                    .any(|spoken| spoken.eq_ignore_ascii_case(word))
            });
        near && same_clause
    }
}

/// What the automaton found in one text.
#[derive(Debug, Default)]
struct Found {
    mentions: Vec<(usize, Span)>,
    exceptions: Vec<(usize, Span)>,
    negations: Vec<Span>,
}

impl Found {
    /// Exceptions that end here or later, nearest first.
    fn exceptions_from(&self, end: usize) -> impl Iterator<Item = &(usize, Span)> {
        let first = self
            .exceptions
            .partition_point(|(_, whole)| whole.end < end);
        self.exceptions.iter().skip(first)
    }

    /// Denials that end here or earlier, nearest first.
    fn negations_before(&self, start: usize) -> impl Iterator<Item = &Span> {
        let after = self
            .negations
            .partition_point(|negation| negation.end <= start);
        self.negations.iter().take(after).rev()
    }

    fn note(&mut self, meaning: Meaning, span: Span, text: &str) {
        if !begins_word(text, span.start) {
            return;
        }
        match meaning {
            Meaning::Stem(rule) => self.mentions.push((rule, span)),
            Meaning::Word(rule) if ends_word(text, span.end) => self.mentions.push((rule, span)),
            Meaning::Negation if ends_word(text, span.end) => self.negations.push(span),
            Meaning::Exception(rule) => self.exceptions.push((rule, span)),
            Meaning::Word(_) | Meaning::Negation => {}
        }
    }
}

fn begins_word(text: &str, at: usize) -> bool {
    text.get(..at)
        .and_then(|before| before.chars().next_back())
        .is_none_or(|before| !before.is_alphanumeric())
}

fn ends_word(text: &str, at: usize) -> bool {
    text.get(at..)
        .and_then(|after| after.chars().next())
        .is_none_or(|after| !after.is_alphanumeric())
}
