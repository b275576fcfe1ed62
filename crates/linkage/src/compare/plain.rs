//! Birth dates, sex, numbers, contacts and further columns.

use crate::birth::{self, Agreement};
use crate::people::{PackedNumber, Row, Standing};
use crate::text::{edits_within, words};

use super::name::{Alike, alike};
use super::{Compared, Comparer, at};

/// Levels of the birth date.
pub(crate) mod born {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const SWAPPED: u8 = 2;
    pub(crate) const ONE_SLIP: u8 = 3;
    pub(crate) const TWO_PARTS: u8 = 4;
    pub(crate) const AS_KNOWN: u8 = 5;
    pub(crate) const YEAR: u8 = 6;
    pub(crate) const DIFFERENT: u8 = 7;
}

/// Levels of sex and gender.
pub(crate) mod sex {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const DIFFERENT: u8 = 2;
}

/// Levels of national numbers.
pub(crate) mod national {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const WEAKER: u8 = 2;
    pub(crate) const ONE_SLIP: u8 = 3;
    pub(crate) const DIFFERENT: u8 = 4;
}

/// Levels of other numbers.
pub(crate) mod number {
    pub(crate) const SAME: u8 = 1;
    pub(crate) const ONE_SLIP: u8 = 2;
    pub(crate) const TWO_SLIPS: u8 = 3;
    pub(crate) const DIFFERENT: u8 = 4;
}

/// Levels of e-mail addresses.
mod email {
    pub(super) const SAME: u8 = 1;
    pub(super) const PROVIDER: u8 = 2;
    pub(super) const NEAR: u8 = 3;
    pub(super) const ALIKE: u8 = 4;
    pub(super) const DIFFERENT: u8 = 5;
}

/// Levels of telephone numbers.
mod phone {
    pub(super) const SAME: u8 = 1;
    pub(super) const ONE_SLIP: u8 = 2;
    pub(super) const DIFFERENT: u8 = 3;
}

/// Levels of any further column.
mod other {
    pub(super) const SAME: u8 = 1;
    pub(super) const NEAR: u8 = 2;
    pub(super) const SOME: u8 = 3;
    pub(super) const DIFFERENT: u8 = 4;
}

impl Comparer<'_> {
    pub(super) fn births(&self, one: &Row<'_>, other: &Row<'_>, compared: &mut Compared) {
        for left in one.births() {
            for right in other.births() {
                let level = match birth::agreement(left, right) {
                    Agreement::Same => born::SAME,
                    Agreement::Swapped => born::SWAPPED,
                    Agreement::OneSlip => born::ONE_SLIP,
                    Agreement::TwoParts => born::TWO_PARTS,
                    Agreement::AsFarAsKnown => born::AS_KNOWN,
                    Agreement::Year => born::YEAR,
                    Agreement::Different => born::DIFFERENT,
                };
                let share = if level == born::SAME {
                    self.birth_share(left.pack())
                } else {
                    0.0
                };
                compared.put_best(at::BIRTH, level, share);
            }
        }
    }

    /// A date is one of some thirty thousand days on which the living were born.
    fn birth_share(&self, packed: u32) -> f32 {
        const DAYS: f32 = 1.0 / 30_000.0;
        let people = self.lexicon.people;
        let all = people.counted();
        self.share(people.birth_count(packed), all, DAYS)
    }

    pub(super) fn sexes(&self, one: &Row<'_>, other: &Row<'_>, compared: &mut Compared) {
        if let (Some(left), Some(right)) = (one.sex(), other.sex()) {
            let level = if left == right {
                sex::SAME
            } else {
                sex::DIFFERENT
            };
            compared.put(at::SEX, level, 0.0);
        }
    }

    pub(super) fn numbers(&self, one: &Row<'_>, other: &Row<'_>, compared: &mut Compared) {
        for left in one.numbers() {
            for right in other.numbers() {
                let level = national_level(&left, &right);
                if level != 0 {
                    compared.put_best(at::NATIONAL, level, 0.0);
                }
            }
        }
        for (system, left) in one.local_numbers() {
            for (_, right) in other
                .local_numbers()
                .filter(|(theirs, _)| *theirs == system)
            {
                let (level, share) = self.local_level(left, right);
                compared.put_best(at::NUMBER, level, share);
            }
        }
    }

    fn local_level(&self, one: u32, other: u32) -> (u8, f32) {
        if one == other {
            return (number::SAME, self.value_share(one));
        }
        let lexicon = self.lexicon;
        match edits_within(
            lexicon.value(one).as_bytes(),
            lexicon.value(other).as_bytes(),
            2,
        ) {
            Some(..=1) => (number::ONE_SLIP, 0.0),
            Some(_) => (number::TWO_SLIPS, 0.0),
            None => (number::DIFFERENT, 0.0),
        }
    }

    pub(super) fn contacts(&self, one: &Row<'_>, other: &Row<'_>, compared: &mut Compared) {
        for (left, is_email) in one.contacts() {
            for (right, theirs) in other.contacts() {
                if is_email != theirs {
                    continue;
                }
                let (place, level) = if is_email {
                    (at::EMAIL, self.email_level(left, right))
                } else {
                    (at::PHONE, self.phone_level(left, right))
                };
                let share = if level == 1 {
                    self.value_share(left)
                } else {
                    0.0
                };
                compared.put_best(place, level, share);
            }
        }
    }

    fn email_level(&self, one: u32, other: u32) -> u8 {
        if one == other {
            return email::SAME;
        }
        let lexicon = self.lexicon;
        let local = |number: u32| lexicon.value(number).split('@').next().unwrap_or_default();
        let (mine, theirs) = (local(one), local(other));
        if mine == theirs && mine.len() > 3 {
            return email::PROVIDER;
        }
        let near = edits_within(
            lexicon.value(one).as_bytes(),
            lexicon.value(other).as_bytes(),
            2,
        )
        .is_some();
        match alike(mine.as_bytes(), theirs.as_bytes()) {
            _ if near => email::NEAR,
            Alike::Nearly => email::NEAR,
            Alike::Somewhat => email::ALIKE,
            Alike::Different => email::DIFFERENT,
        }
    }

    fn phone_level(&self, one: u32, other: u32) -> u8 {
        let lexicon = self.lexicon;
        if one == other {
            phone::SAME
        } else if edits_within(
            lexicon.value(one).as_bytes(),
            lexicon.value(other).as_bytes(),
            1,
        )
        .is_some()
        {
            phone::ONE_SLIP
        } else {
            phone::DIFFERENT
        }
    }

    pub(super) fn others(&mut self, one: &Row<'_>, other: &Row<'_>, compared: &mut Compared) {
        for (column, left) in one.others() {
            for (_, right) in other.others().filter(|(theirs, _)| *theirs == column) {
                let place = at::OTHER + column as usize;
                if place < at::ALL {
                    let level = self.other_level(left, right);
                    let share = if level == other::SAME {
                        self.value_share(left)
                    } else {
                        self.value_share(left).max(self.value_share(right))
                    };
                    compared.put(place, level, share);
                }
            }
        }
    }

    fn other_level(&self, one: u32, other: u32) -> u8 {
        if one == other {
            return other::SAME;
        }
        let lexicon = self.lexicon;
        let (mine, theirs) = (lexicon.value(one), lexicon.value(other));
        let numeric = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b' ')
        };
        if numeric(mine) && numeric(theirs) {
            let near = edits_within(mine.as_bytes(), theirs.as_bytes(), 1).is_some();
            return if near && mine.len() > 3 {
                other::NEAR
            } else {
                other::DIFFERENT
            };
        }
        match alike(mine.as_bytes(), theirs.as_bytes()) {
            Alike::Nearly => other::NEAR,
            _ if share_a_word(mine, theirs) => other::SOME,
            _ => other::DIFFERENT,
        }
    }
}

/// Whether two texts have a word of four letters or more in common.
pub(super) fn share_a_word(one: &str, other: &str) -> bool {
    words(one)
        .filter(|word| word.len() > 3)
        .any(|word| words(other).any(|theirs| theirs == word))
}

/// Numbers of two numberings neither agree nor differ. One that fails its check is as good as
/// missing, but for the slip that made it so.
fn national_level(one: &PackedNumber, other: &PackedNumber) -> u8 {
    let invalid = |number: &PackedNumber| number.standing == Standing::Invalid;
    if one.digits == other.digits {
        let weak = one.standing != Standing::Strong || one.soft || other.soft;
        return match (invalid(one), weak) {
            (true, _) => 0,
            (false, true) => national::WEAKER,
            (false, false) => national::SAME,
        };
    }
    if one.national != other.national {
        return 0;
    }
    if invalid(one) != invalid(other) {
        let near = edits_within(
            format!("{:010}", one.digits).as_bytes(),
            format!("{:010}", other.digits).as_bytes(),
            1,
        );
        return if near.is_some() {
            national::ONE_SLIP
        } else {
            0
        };
    }
    if invalid(one) || one.soft || other.soft {
        return 0;
    }
    national::DIFFERENT
}
