//! Two people of one home: whom strangers are the wrong alternative for.
//!
//! Surname, address and telephone agree because people live together, so between two of a household
//! they are one piece of evidence, and one that says nothing of who is who. A pair is therefore held
//! against two alternatives, strangers and people of one home, and is worth what the likelier of
//! them leaves. Only what is a person's own tells people of one home apart: first name, birth date,
//! sex, number. Source: Fellegi and Sunter assume that fields are independent among pairs of two
//! people; mixtures of more than two classes are how that is mended since Larsen and Rubin 2001.

use crate::compare::{Pattern, at, born, given};
use crate::model::Comparison;

/// How many pairs of one person there are, in bits, for each pair of two who live together, where
/// one person is sought in a nation: as many as people have others at home, two or three.
pub(crate) const IN_A_NATION: f32 = -1.0;

/// The same where nobody lives with anybody.
pub(crate) const NOBODY: f32 = 100.0;

/// Of two people of one home, how many bear one first name: a son his father's, mostly.
const NAMESAKES: f32 = 0.01;
/// How many are called by forms of one name, or by names that sound or look alike.
const ALIKE: f32 = 0.002;
/// How many have the other's first name as middle name.
const NAMED_AFTER: f32 = 0.02;
/// How many are of one birth: one birth in sixty is of twins, and most pairs of a home are no siblings.
const TWINS: f32 = 0.004;
/// How many were born in one year.
const SAME_YEAR: f32 = 0.02;
/// How many bear one surname.
const ONE_SURNAME: f32 = 0.75;
/// How many give one telephone, and one e-mail address.
const ONE_PHONE: f32 = 0.4;
const ONE_EMAIL: f32 = 0.1;

/// What the levels of one comparison are worth against two people of one home.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Worth {
    /// Bits of each level.
    pub bits: [f32; 16],
    /// Where the agreed value is as rare as it is counted to be: m of the fullest agreement, and how
    /// many agree on it because they live together.
    pub own: Option<(f32, f32)>,
}

impl Worth {
    /// Of a comparison as a model has it.
    pub(crate) fn of(place: usize, comparison: &Comparison) -> Self {
        let mut worth = Self::default();
        for (number, level) in comparison.levels.iter().enumerate() {
            let at = u8::try_from(number + 1).unwrap_or(u8::MAX);
            let together = together(place, at, level.m, level.u);
            if let Some(cell) = worth.bits.get_mut(number + 1) {
                *cell = (level.m.max(1e-9) / together.max(1e-9)).log2();
            }
        }
        let floor = match place {
            at::GIVEN => Some(NAMESAKES),
            at::BIRTH => Some(TWINS),
            _ => None,
        };
        worth.own = floor
            .zip(comparison.levels.first())
            .map(|(floor, level)| (level.m, floor));
        worth
    }

    /// The bits of a level, where the agreed value is shared by so many.
    pub(crate) fn bits(&self, level: u8, share: f32) -> f32 {
        match self.own {
            Some((m, floor)) if level == 1 && share > 0.0 => (m.max(1e-9) / (floor + share)).log2(),
            _ => self.bits.get(usize::from(level)).copied().unwrap_or(0.0),
        }
    }
}

/// How probable a level is for two people of one home, where it is m for one person and u for
/// strangers.
fn together(place: usize, level: u8, m: f32, u: f32) -> f32 {
    let mixed = |share: f32| share * m + (1.0 - share) * u;
    match place {
        at::GIVEN => match level {
            given::SAME => u + NAMESAKES,
            given::MIDDLE => u + NAMED_AFTER,
            given::CALLED | given::SOUND | given::NEAR => u + ALIKE,
            _ => u,
        },
        at::BIRTH => match level {
            born::SAME => u + TWINS,
            born::YEAR | born::AS_KNOWN => u + SAME_YEAR,
            _ => u,
        },
        at::FAMILY => mixed(ONE_SURNAME),
        at::PHONE => mixed(ONE_PHONE),
        at::EMAIL => mixed(ONE_EMAIL),
        at::SEX | at::NATIONAL | at::NUMBER | at::MIDDLE => u,
        // Where somebody lives, and what else is written of a family.
        at::OTHER.. => mixed(0.5),
        _ => m,
    }
}

/// Whether a comparison says something of two people of one home as of strangers: how they depend
/// on another comparison is the same.
pub(crate) fn is_as_for_strangers(place: usize, settled: bool) -> bool {
    matches!(place, at::SEX | at::BIRTH | at::EMAIL) && settled
}

/// A son who bears his father's first name bears his middle name too: that the middle names agree
/// says nothing more.
pub(crate) fn is_settled_by_name(place: usize, pattern: Pattern) -> bool {
    place == at::MIDDLE && matches!(pattern.level(at::GIVEN), given::SAME | given::CALLED)
}

/// The weight against both alternatives, each with its weight: their odds add up.
pub(crate) fn against_both(strangers: f32, together: f32) -> f32 {
    let least = strangers.min(together);
    least - (1.0 + (-(strangers - together).abs()).exp2()).log2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Address, BirthDate, CHI_SYSTEM, Explanation, Grade, Identifier, Model, Name, People,
        Record, explain,
    };

    /// One of the Kinways of 114 Old Northgate.
    fn kinway(given: &str, born: &str) -> Record {
        Record {
            names: vec![Name {
                given: given.to_owned(),
                family: "Kinway".to_owned(),
                ..Name::default()
            }],
            births: BirthDate::parse(born).into_iter().collect(),
            addresses: vec![Address {
                lines: vec!["114 Old Northgate".to_owned()],
                locality: "Eastmuir".to_owned(),
                postcode: "KY5 3QE".to_owned(),
                ..Address::default()
            }],
            ..Record::default()
        }
    }

    /// A model of a file in which there are as many pairs of one home as of one person.
    fn of_families() -> Model {
        Model {
            scope: crate::Scope::File,
            prior: -16.0,
            homes: Some(0.0),
            certain: 6.6,
            possible: -6.0,
            ..Model::population()
        }
    }

    fn told(one: &Record, other: &Record, model: &Model) -> Explanation {
        let mut people = People::new();
        people.add(one);
        people.add(other);
        explain(&people, model, 0, 1).unwrap()
    }

    #[test]
    fn sisters_of_a_rare_surname_are_not_made_one_by_the_home_they_share() {
        let (ailsa, rebecca) = (kinway("Ailsa", "2012-10-15"), kinway("Rebecca", ""));
        let strangers_only = Model {
            homes: Some(NOBODY),
            ..of_families()
        };
        let before = told(&ailsa, &rebecca, &strangers_only);
        assert!(before.weight > 6.6, "{before:?}");
        let now = told(&ailsa, &rebecca, &of_families());
        assert!(now.weight < 0.0, "{now:?}");
        assert!(now.grade <= Grade::Possible);
    }

    #[test]
    fn a_son_may_bear_the_whole_name_of_his_father() {
        let mut william = kinway("William", "1958-03-15");
        let mut his_son = kinway("William", "");
        for record in [&mut william, &mut his_son] {
            record.names[0].middle = "Tavish".to_owned();
        }
        let doubtful = told(&william, &his_son, &of_families());
        assert_eq!(doubtful.grade, Grade::Probable, "{doubtful:?}");
        let himself = told(&william, &william, &of_families());
        assert_eq!(himself.grade, Grade::Certain, "{himself:?}");
    }

    #[test]
    fn a_number_that_checks_tells_people_of_one_home_apart_without_a_birth_date() {
        let mut known = kinway("William", "1958-03-15");
        let mut sought = kinway("William", "");
        for record in [&mut known, &mut sought] {
            record.identifiers.push(Identifier {
                system: CHI_SYSTEM.to_owned(),
                value: "9434765919".to_owned(),
                ..Identifier::default()
            });
        }
        assert_eq!(told(&known, &sought, &of_families()).grade, Grade::Certain);
    }

    #[test]
    fn odds_against_two_alternatives_add_up() {
        assert_eq!(against_both(4.0, 4.0), 3.0);
        assert!((against_both(20.0, 3.0) - 3.0).abs() < 0.001);
        assert_eq!(against_both(7.0, NOBODY), 7.0);
    }

    #[test]
    fn by_a_model_from_elsewhere_nothing_is_certain_before_it_is_calibrated() {
        let elsewhere = Model {
            homes: None,
            ..of_families()
        };
        let agnes = kinway("Agnes", "1941-03-02");
        let told = told(&agnes, &agnes, &elsewhere);
        assert_eq!(told.rule, Some(crate::Rule::NotCalibrated));
        assert_eq!(told.grade, Grade::Probable);
    }
}
