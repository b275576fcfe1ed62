//! What somebody said about their life in their own words, for whoever acts for them or decides about them: it
//! stands before everything else (Adults with Incapacity (Scotland) Act 2000 s.1(4)(a)).

use domain::Timestamp;
use domain::own_words::{OwnWords, OwnWordsKind};
use policy::Facts;

use super::flag::day;

/// Each as a sentence, what was said last first.
pub(super) fn sentences(facts: &Facts, now: Timestamp) -> Vec<String> {
    let all = facts.circumstances.own_words.iter();
    let mut live: Vec<&OwnWords> = all.filter(|it| it.is_live(now)).collect();
    live.sort_by_key(|it| std::cmp::Reverse(it.at));
    live.into_iter().map(sentence).collect()
}

fn sentence(own: &OwnWords) -> String {
    let (on, words) = (day(own.at.0), own.words.trim());
    match own.kind {
        OwnWordsKind::AdvanceStatement => format!("In an advance statement of {on}: “{words}”"),
        OwnWordsKind::Past => format!("On {on}: “{words}”"),
        OwnWordsKind::Present => format!("On {on}, of how they feel now: “{words}”"),
    }
}
