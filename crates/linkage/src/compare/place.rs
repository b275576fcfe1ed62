//! Where people live: the best pair of addresses over both sets.

use crate::people::{PackedAddress, Row};
use crate::postcode::{self, Agreement};

use super::name::{Alike, alike};
use super::plain::share_a_word;
use super::{Compared, Comparer, at};

/// Levels of the postcode.
pub(crate) mod code {
    pub(crate) const PROPERTY: u8 = 1;
    pub(crate) const SAME: u8 = 2;
    pub(crate) const ONE_SLIP: u8 = 3;
    pub(crate) const SECTOR: u8 = 4;
    pub(crate) const DISTRICT: u8 = 5;
    pub(crate) const DIFFERENT: u8 = 6;
}

/// Levels of a street, a building and a town.
pub(crate) mod line {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const NEAR: u8 = 2;
    pub(crate) const SOME: u8 = 3;
    pub(crate) const DIFFERENT: u8 = 4;
}

/// Levels of a house number.
pub(crate) mod house {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const ONE_SLIP: u8 = 2;
    pub(crate) const DIFFERENT: u8 = 3;
}

/// More records than this at one property are an institution, whatever the address is called.
const MOST_AT_HOME: u32 = 20;

impl Comparer<'_> {
    /// One address of each is compared, the two that agree best: whoever has moved agrees at the
    /// old one. Strangers share communal addresses, so these are compared with nothing.
    pub(super) fn places(&mut self, one: &Row<'_>, other: &Row<'_>, compared: &mut Compared) {
        if !one.has_addresses() || !other.has_addresses() {
            return;
        }
        let mut best: Option<(i32, Compared)> = None;
        for left in one.addresses() {
            for right in other.addresses() {
                if self.is_communal(&left) || self.is_communal(&right) {
                    continue;
                }
                let mut found = *compared;
                self.place(&left, &right, &mut found);
                let worth = worth(&found);
                let better =
                    |(known, other): &(i32, Compared)| (worth, found.tie()) > (*known, other.tie());
                if best.as_ref().is_none_or(better) {
                    best = Some((worth, found));
                }
            }
        }
        let Some((worth, found)) = best else { return };
        // A child who is looked after lives elsewhere than the family: that says nothing.
        let moved_by_care = one.facts().looked_after || other.facts().looked_after;
        if !(moved_by_care && worth <= 0) {
            *compared = found;
        }
    }

    fn is_communal(&self, address: &PackedAddress) -> bool {
        let crowded = |value: u32| self.lexicon.values().count(value) > MOST_AT_HOME;
        address.communal || address.uprn.is_some_and(crowded)
    }

    fn place(&mut self, one: &PackedAddress, other: &PackedAddress, found: &mut Compared) {
        let both = |mine: Option<u32>, theirs: Option<u32>| mine.zip(theirs);
        if let Some((left, right)) = both(one.postcode, other.postcode) {
            let (level, share) = self.postcode_level(left, right);
            found.put(at::POSTCODE, level, share);
        }
        if both(one.uprn, other.uprn).is_some_and(|(left, right)| left == right) {
            found.put(at::POSTCODE, code::PROPERTY, 0.0);
        }
        self.lines(one, other, found);
        if let Some((left, right)) = both(one.number, other.number) {
            let level = self.house_level(left, right);
            let share = if level == house::SAME {
                self.value_share(left)
            } else {
                0.0
            };
            found.put(at::HOUSE, level, share);
        }
        if let Some((left, right)) = both(one.locality, other.locality) {
            let (level, share) = self.line_level(left, right);
            found.put(at::LOCALITY, level, share);
        }
        if let Some((left, right)) = both(one.region, other.region) {
            let level = if left == right { 1 } else { 2 };
            let share = if left == right {
                self.value_share(left)
            } else {
                0.0
            };
            found.put(at::REGION, level, share);
        }
    }

    fn postcode_level(&self, one: u32, other: u32) -> (u8, f32) {
        let lexicon = self.lexicon;
        if one == other {
            // A postcode has fifteen households or so, however few of them are known yet.
            const HOUSEHOLDS: f32 = 1.0 / 100_000.0;
            let all = self.lexicon.people.counted();
            let share = self.share(lexicon.values().count(one), all, HOUSEHOLDS);
            return (code::SAME, share);
        }
        let level = match postcode::agreement(lexicon.value(one), lexicon.value(other)) {
            Agreement::Unit => code::SAME,
            Agreement::OneSlip => code::ONE_SLIP,
            Agreement::Sector => code::SECTOR,
            Agreement::District => code::DISTRICT,
            Agreement::Different => code::DIFFERENT,
        };
        (level, 0.0)
    }

    /// Clerks put the lines in any order: the street of one may be the second line of the other.
    fn lines(&mut self, one: &PackedAddress, other: &PackedAddress, found: &mut Compared) {
        let mut cross = |mine: Option<u32>, theirs: Option<u32>| {
            mine.zip(theirs)
                .map(|(left, right)| self.line_level(left, right))
        };
        let straight = cross(one.street, other.street);
        let building = cross(one.building, other.building);
        if straight.is_none_or(|(level, _)| level > line::NEAR) {
            let crossed = [
                cross(one.street, other.building),
                cross(one.building, other.street),
            ];
            let best = crossed
                .into_iter()
                .flatten()
                .min_by_key(|(level, _)| *level);
            if let Some((level, share)) = best.filter(|(level, _)| *level <= line::NEAR) {
                found.put(at::STREET, level, share);
                return;
            }
        }
        if let Some((level, share)) = straight {
            found.put(at::STREET, level, share);
        }
        if let Some((level, share)) = building {
            found.put(at::BUILDING, level, share);
        }
    }

    fn line_level(&mut self, one: u32, other: u32) -> (u8, f32) {
        if one == other {
            return (line::SAME, self.value_share(one));
        }
        let lexicon = self.lexicon;
        let share = self.value_share(one).max(self.value_share(other));
        match alike(
            lexicon.value(one).as_bytes(),
            lexicon.value(other).as_bytes(),
        ) {
            Alike::Nearly => (line::NEAR, share),
            Alike::Somewhat => (line::SOME, share),
            Alike::Different if share_a_word(lexicon.value(one), lexicon.value(other)) => {
                (line::SOME, share)
            }
            Alike::Different => (line::DIFFERENT, 0.0),
        }
    }

    fn house_level(&self, one: u32, other: u32) -> u8 {
        let lexicon = self.lexicon;
        let (mine, theirs) = (lexicon.value(one), lexicon.value(other));
        if one == other {
            house::SAME
        } else if mine.len().max(theirs.len()) > 1
            && crate::text::edits_within(mine.as_bytes(), theirs.as_bytes(), 1).is_some()
        {
            house::ONE_SLIP
        } else {
            house::DIFFERENT
        }
    }
}

/// A place's worth for choosing the best pair of addresses; positive if anything agrees.
fn worth(found: &Compared) -> i32 {
    const POSTCODE: [i32; 7] = [0, 20, 16, 9, 5, 3, -2];
    const LINE: [i32; 5] = [0, 9, 7, 1, -2];
    const HOUSE: [i32; 4] = [0, 4, 1, -1];
    let of = |table: &[i32], comparison: usize| {
        let level = usize::from(found.pattern.level(comparison));
        table.get(level).copied().unwrap_or(0)
    };
    of(&POSTCODE, at::POSTCODE)
        + of(&LINE, at::STREET)
        + of(&LINE, at::BUILDING)
        + of(&HOUSE, at::HOUSE)
        + of(&LINE, at::LOCALITY)
}
