//! Names: the best pair of names over both sets, part by part.

use crate::names::related;
use crate::people::{About, PackedName, Row};
use crate::text::{edits_within, jaro_winkler};

use super::{Compared, Comparer, at};

/// Levels of the first name, as [`super::spec`] names them.
pub(crate) mod given {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const CALLED: u8 = 2;
    pub(crate) const SOUND: u8 = 3;
    pub(crate) const INITIAL: u8 = 4;
    pub(crate) const MIDDLE: u8 = 5;
    pub(crate) const NEAR: u8 = 6;
    pub(crate) const ALIKE: u8 = 7;
    pub(crate) const SWAPPED: u8 = 8;
    pub(crate) const DIFFERENT: u8 = 9;
}

/// Levels of the surname.
pub(crate) mod family {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const MAC: u8 = 2;
    pub(crate) const GENDERED: u8 = 3;
    pub(crate) const PART: u8 = 4;
    pub(crate) const SOUND: u8 = 5;
    pub(crate) const NEAR: u8 = 6;
    pub(crate) const ALIKE: u8 = 7;
    pub(crate) const DIFFERENT: u8 = 8;
}

/// Levels of the other names.
mod middle {
    pub(super) const SAME: u8 = 1;
    pub(super) const SOME: u8 = 2;
    pub(super) const INITIALS: u8 = 3;
    pub(super) const DIFFERENT: u8 = 4;
}

/// How alike two texts are, in the steps that levels need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Alike {
    Different,
    Somewhat,
    Nearly,
}

const SLOTS: usize = 1 << 14;

/// Remembers how alike two words are: the same pairs of names come up again and again.
#[derive(Debug)]
pub(crate) struct Likeness {
    /// The two words, and what was found; a later pair of the same slot replaces an earlier one.
    slots: Vec<(u32, u32, u8)>,
}

impl Likeness {
    pub(crate) fn new() -> Self {
        Self {
            slots: vec![(u32::MAX, u32::MAX, 0); SLOTS],
        }
    }

    /// Remembers nothing: for one search, filling the memory would cost more than it saves.
    pub(crate) fn none() -> Self {
        Self { slots: Vec::new() }
    }

    fn of(&mut self, one: u32, other: u32, measure: impl FnOnce() -> Alike) -> Alike {
        let (one, other) = (one.min(other), one.max(other));
        let mixed = (one ^ other.rotate_left(16)).wrapping_mul(0x9e37_79b1);
        let slot = self.slots.get_mut((mixed >> 18) as usize);
        let Some(slot) = slot else { return measure() };
        if (slot.0, slot.1) != (one, other) {
            *slot = (one, other, measure() as u8);
        }
        match slot.2 {
            2 => Alike::Nearly,
            1 => Alike::Somewhat,
            _ => Alike::Different,
        }
    }
}

/// What all bear counts for so many bearers of a first name.
const BEARERS: f32 = 10.0;

/// Two words are nearly the same at a Jaro-Winkler similarity of 0.92, or with one slip in at least
/// four letters; somewhat alike at 0.8. The steps are those in common use since Winkler.
pub(crate) fn alike(one: &[u8], other: &[u8]) -> Alike {
    let similarity = jaro_winkler(one, other);
    if similarity >= 0.92 {
        return Alike::Nearly;
    }
    let short = one.len().min(other.len());
    if short >= 4 && edits_within(one, other, 1).is_some() {
        Alike::Nearly
    } else if similarity >= 0.8 {
        Alike::Somewhat
    } else {
        Alike::Different
    }
}

/// What was found of one pair of names; the level's worth decides which pair is the best.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    given: (u8, f32),
    family: (u8, f32),
    middle: (u8, f32),
    worth: i32,
    hidden: bool,
}

impl Found {
    /// The better pair of names ranks higher; among equals it does not matter which comes first.
    fn rank(&self) -> (i32, [u8; 3], [u32; 3], bool) {
        let bits = |share: f32| u32::MAX - share.to_bits();
        (
            self.worth,
            [self.given.0, self.family.0, self.middle.0],
            [bits(self.given.1), bits(self.family.1), bits(self.middle.1)],
            !self.hidden,
        )
    }
}

impl<'a> Comparer<'a> {
    pub(super) fn names(&mut self, one: &Row<'_>, other: &Row<'_>, compared: &mut Compared) {
        let mut best: Option<Found> = None;
        for left in one.names() {
            for right in other.names() {
                let found = self.name(&left, &right);
                if best.is_none_or(|best| found.rank() > best.rank()) {
                    best = Some(found);
                }
            }
        }
        if let Some(best) = best {
            compared.put(at::GIVEN, best.given.0, best.given.1);
            compared.put(at::FAMILY, best.family.0, best.family.1);
            compared.put(at::MIDDLE, best.middle.0, best.middle.1);
            compared.hidden_name = best.hidden;
        }
    }

    fn name(&mut self, one: &PackedName<'_>, other: &PackedName<'_>) -> Found {
        let mut found = Found {
            given: self.given(one, other),
            family: self.family(one, other),
            middle: self.middle(one, other),
            worth: 0,
            hidden: one.hidden || other.hidden,
        };
        if found.given.0 != given::SAME || found.family.0 != family::SAME {
            self.rearranged(one, other, &mut found);
        }
        found.worth = worth(&found, one.former || other.former);
        found
    }

    fn given(&mut self, one: &PackedName<'_>, other: &PackedName<'_>) -> (u8, f32) {
        let (Some(left), Some(right)) = (one.given.first(), other.given.first()) else {
            return (0, 0.0);
        };
        if left == right {
            return (given::SAME, self.given_share(*left));
        }
        // "Mary Ann" and "Maryann" are one name.
        if let Some(both) = one.given.iter().find(|word| other.given.contains(word)) {
            return (given::SAME, self.given_share(*both));
        }
        let (mine, theirs) = (self.about(*left), self.about(*right));
        if mine.initial || theirs.initial {
            let agree = self.first_letter(*left) == self.first_letter(*right);
            return (
                if agree {
                    given::INITIAL
                } else {
                    given::DIFFERENT
                },
                0.0,
            );
        }
        let share = self.given_share(*left).max(self.given_share(*right));
        if related(&mine.forms.called, &theirs.forms.called) {
            return (given::CALLED, share);
        }
        if one.rest.contains(right) || other.rest.contains(left) {
            return (given::MIDDLE, share);
        }
        if mine.forms.skeleton == theirs.forms.skeleton {
            return (given::SOUND, share);
        }
        match self.likeness(*left, *right) {
            Alike::Nearly => (given::NEAR, share),
            Alike::Somewhat => (given::ALIKE, share),
            Alike::Different => (given::DIFFERENT, 0.0),
        }
    }

    fn family(&mut self, one: &PackedName<'_>, other: &PackedName<'_>) -> (u8, f32) {
        let (Some(left), Some(right)) = (one.family.first(), other.family.first()) else {
            return (0, 0.0);
        };
        let (mine, theirs) = (surnames(one), surnames(other));
        let firsts = [one.given.first().copied(), other.given.first().copied()];
        if left == right || same_words(mine, theirs) {
            let share = mine
                .iter()
                .map(|word| self.family_share(*word, firsts))
                .fold(1.0, f32::min);
            return (family::SAME, share);
        }
        let shared = mine
            .iter()
            .filter(|word| theirs.contains(word))
            .map(|word| self.family_share(*word, firsts))
            .fold(1.0, f32::min);
        if shared < 1.0 {
            return (family::PART, shared);
        }
        let mut best = (family::DIFFERENT, 0.0);
        for mine in mine {
            for theirs in theirs {
                let level = self.surname(*mine, *theirs);
                let share = self
                    .family_share(*mine, firsts)
                    .max(self.family_share(*theirs, firsts));
                if level < best.0 || level == best.0 && share < best.1 {
                    best = (level, share);
                }
            }
        }
        // Two whole surnames may be alike where no two words are: "desilva" and "de silva".
        let whole = self.surname(*left, *right);
        if whole < best.0 {
            let share = self
                .family_share(*left, firsts)
                .max(self.family_share(*right, firsts));
            best = (whole, share);
        }
        best
    }

    fn surname(&mut self, one: u32, other: u32) -> u8 {
        let (mine, theirs) = (self.about(one), self.about(other));
        let both = |mine: u32, theirs: u32| mine != 0 && mine == theirs;
        if both(mine.forms.mac, theirs.forms.mac) {
            return family::MAC;
        }
        if both(mine.forms.gendered, theirs.forms.gendered) {
            return family::GENDERED;
        }
        if both(mine.forms.skeleton, theirs.forms.skeleton) {
            return family::SOUND;
        }
        match self.likeness(one, other) {
            Alike::Nearly => family::NEAR,
            Alike::Somewhat => family::ALIKE,
            Alike::Different => family::DIFFERENT,
        }
    }

    fn middle(&mut self, one: &PackedName<'_>, other: &PackedName<'_>) -> (u8, f32) {
        if one.rest.is_empty() || other.rest.is_empty() {
            return (0, 0.0);
        }
        let rarest = one
            .rest
            .iter()
            .filter(|word| other.rest.contains(word))
            .map(|word| self.rest_share(*word))
            .fold(1.0, f32::min);
        if rarest < 1.0 {
            let all = one.rest.len() == other.rest.len()
                && one.rest.iter().all(|word| other.rest.contains(word));
            return (if all { middle::SAME } else { middle::SOME }, rarest);
        }
        let initials = one.rest.iter().zip(other.rest).all(|(mine, theirs)| {
            let initial = self.about(*mine).initial || self.about(*theirs).initial;
            initial && self.first_letter(*mine) == self.first_letter(*theirs)
        });
        if initials {
            return (middle::INITIALS, 0.0);
        }
        (middle::DIFFERENT, 0.0)
    }

    /// Words that changed places: given and surname exchanged, or all the same words divided in
    /// another way ("Maria Jose Garcia" "Lopez" and "Maria Jose" "Garcia Lopez").
    fn rearranged(&self, one: &PackedName<'_>, other: &PackedName<'_>, found: &mut Found) {
        let crosses = |one: &PackedName<'_>, other: &PackedName<'_>| {
            one.given
                .first()
                .is_some_and(|word| surnames(other).contains(word))
        };
        let (mine, theirs) = (crosses(one, other), crosses(other, one));
        let lone = |name: &PackedName<'_>| name.given.is_empty() || name.family.is_empty();
        if mine && theirs || (mine || theirs) && lone(one) && lone(other) {
            let share = |name: &PackedName<'_>| {
                name.given
                    .first()
                    .map_or(1.0, |word| self.family_share_of_all(*word))
            };
            // Two lone words are one word that agrees.
            let both = if mine && theirs && !(lone(one) && lone(other)) {
                share(one) * share(other)
            } else {
                share(one).min(share(other))
            };
            found.given = (given::SWAPPED, both);
            found.family = (0, 0.0);
            return;
        }
        let (mut mine, mut theirs) = (every_word(one), every_word(other));
        mine.sort_unstable();
        theirs.sort_unstable();
        if mine.len() > 2 && mine == theirs && one.given.first() == other.given.first() {
            let share = surnames(one)
                .iter()
                .map(|word| self.family_share(*word, [one.given.first().copied(), None]))
                .fold(1.0, f32::min);
            found.family = (family::SAME, share);
            found.middle = (0, 0.0);
        }
    }

    fn likeness(&mut self, one: u32, other: u32) -> Alike {
        let lexicon = self.lexicon;
        self.likeness.of(one, other, || {
            alike(lexicon.name(one).as_bytes(), lexicon.name(other).as_bytes())
        })
    }

    fn about(&self, word: u32) -> &'a About {
        self.lexicon.about(word)
    }

    fn first_letter(&self, word: u32) -> Option<char> {
        self.lexicon.name(word).chars().next()
    }

    fn given_share(&self, word: u32) -> f32 {
        let about = self.about(word);
        let total = self.lexicon.people.names.given_total;
        self.share(about.given_count, total, about.given_share)
    }

    /// How many bear a surname, of those who bear these first names. Names of one community come
    /// together, so among the bearers of the first name the surname may be far more common than
    /// among all: that is counted in the records, whoever they are. In a nation, of which no
    /// records are counted, a community's surname is worth nothing.
    fn family_share(&self, word: u32, firsts: [Option<u32>; 2]) -> f32 {
        let about = self.about(word);
        let among_all = self.family_share_of_all(word);
        if self.pseudo > 0.0 {
            return if about.community {
                about.family_share
            } else {
                among_all
            };
        }
        let together = self.lexicon.people.together();
        let among = |given: u32| {
            let (both, bearers) = together.others(given, word, self.own);
            (both + BEARERS * among_all) / (bearers + BEARERS)
        };
        let shares = firsts.into_iter().flatten().map(among);
        shares.fold(among_all, f32::max).min(1.0)
    }

    fn family_share_of_all(&self, word: u32) -> f32 {
        let about = self.about(word);
        let total = self.lexicon.people.names.family_total;
        self.share(about.family_count, total, about.family_share)
    }

    fn rest_share(&self, word: u32) -> f32 {
        let people = self.lexicon.people;
        let total = people.counted();
        let known = self.about(word).given_share;
        self.share(people.names.words.count(word), total, known)
    }
}

/// A level's worth for choosing the best pair of names: roughly its bits.
fn worth(found: &Found, former: bool) -> i32 {
    const GIVEN: [i32; 10] = [0, 16, 10, 9, 0, 6, 8, -3, 30, -9];
    const FAMILY: [i32; 9] = [0, 18, 13, 9, 11, 9, 9, -3, -8];
    const MIDDLE: [i32; 5] = [0, 8, 4, 1, -4];
    let of = |table: &[i32], level: u8| table.get(usize::from(level)).copied().unwrap_or(0);
    of(&GIVEN, found.given.0) + of(&FAMILY, found.family.0) + of(&MIDDLE, found.middle.0)
        - i32::from(former)
}

/// The words of a surname: all but the first unit, which is the whole, unless there is one only.
fn surnames<'a>(name: &PackedName<'a>) -> &'a [u32] {
    match name.family {
        [_, words @ ..] if !words.is_empty() => words,
        one => one,
    }
}

fn same_words(one: &[u32], other: &[u32]) -> bool {
    one.len() == other.len() && one.iter().all(|word| other.contains(word))
}

fn every_word(name: &PackedName<'_>) -> Vec<u32> {
    name.given
        .iter()
        .take(1)
        .chain(name.rest)
        .chain(surnames(name))
        .copied()
        .collect()
}
