//! What no weight may overrule: rules with names and reasons, from care and from law.
//!
//! A rule allows a pair no more than some grade. Where several speak, the strictest decides. Some
//! hold for every pair; those that guard against coincidence in a nation hold where the model is of
//! a population; those on twins and on father and son hold wherever the records can be trusted to
//! have first names and birth dates right.

use serde::Serialize;

use crate::compare::{Pattern, at, born, code, family, given, line, national, sex};
use crate::people::{Lexicon, Row};
use crate::{Grade, Model, Scope};

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// An identity is sealed or protected, and the same national number is not on both records.
    Sealed,
    /// The earlier history of one is closed, and first name, sex or number differ.
    RestrictedHistory,
    /// Two valid numbers of one numbering.
    TwoNumbers,
    /// Two places in the order of a multiple birth.
    BirthOrder,
    /// One is of a multiple birth, and the first names differ.
    MultipleBirth,
    /// One number on two who differ in first name and birth date.
    Overlay,
    /// Junior and senior.
    Generation,
    /// Two complete birth dates that have nothing to do with each other, and no number in common.
    TwoBirthDates,
    /// Another first name and another sex, and no number in common.
    NameAndSexDiffer,
    /// The same birth date, surname and address, and another first name: twins are like that.
    TwinLike,
    /// A birth date is not known.
    NoBirthDate,
    /// Nothing agrees but the name.
    NameOnly,
    /// What the model says was never held against records like these.
    NotCalibrated,
    /// Of the birth date only the year is known, and nothing else than the name agrees.
    YearOnly,
    /// A surname that is no evidence in its community, and nothing but the birth date beside it.
    CommunityName,
    /// The number is the same, and first name or birth date is not.
    NumberOnly,
    /// The first name differs.
    FirstNameDiffers,
    /// The surname differs.
    SurnameDiffers,
    /// Name and birth date agree and nothing else: another may have both.
    NameAndBirthOnly,
    /// The birth dates are near and not the same.
    BirthDateNear,
    /// A first name is not known, or only its letter.
    NoFirstName,
    /// Another form of the name, which an address, a number or a telephone must support.
    VariantAlone,
    /// The names are spelt in two ways.
    Spelling,
}

impl Rule {
    /// Whether the rule holds back because little is known, and not because something differs.
    #[must_use]
    pub fn is_for_lack(self) -> bool {
        matches!(
            self,
            Self::NoBirthDate
                | Self::NameOnly
                | Self::YearOnly
                | Self::CommunityName
                | Self::NameAndBirthOnly
                | Self::NoFirstName
                | Self::VariantAlone
        )
    }

    /// What the rule says, for a reader who knows nothing of matching.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Sealed => "an identity is kept apart",
            Self::RestrictedHistory => {
                "an earlier history is closed: only the person or an authorised steward links it"
            }
            Self::TwoNumbers => "two valid national numbers of one kind are two people",
            Self::BirthOrder => "two places in the order of a multiple birth are two people",
            Self::MultipleBirth => "a sibling of the same birth has another first name",
            Self::Overlay => {
                "one number stands on two people: somebody's number was typed for another"
            }
            Self::Generation => "junior and senior are two people",
            Self::TwoBirthDates => "the birth dates have nothing to do with each other",
            Self::NameAndSexDiffer => "first name and sex both differ",
            Self::TwinLike => "twins share birth date, surname and address, and not the first name",
            Self::NoBirthDate => "without a birth date, father and son cannot be told apart",
            Self::NotCalibrated => {
                "the model was made elsewhere, and there are too few records here to calibrate it"
            }
            Self::NameOnly => "nothing agrees but the name, which others may bear",
            Self::YearOnly => "of the birth date no more than the year is known",
            Self::CommunityName => "the surname is too common where it is used to prove anything",
            Self::NumberOnly => "the number agrees, and the first name or the birth date does not",
            Self::FirstNameDiffers => "the first names differ",
            Self::SurnameDiffers => "the surnames differ",
            Self::NameAndBirthOnly => {
                "somebody else may have the same name and birth date: an address or a number is needed"
            }
            Self::BirthDateNear => "the birth dates are near and not the same",
            Self::NoFirstName => "the first name is not known in full",
            Self::VariantAlone => {
                "another form of the name needs the support of an address, a number or a telephone"
            }
            Self::Spelling => "the names are spelt in two ways",
        }
    }
}

/// What the records that a model was made from can be trusted for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trust {
    scope: Scope,
    births: bool,
    /// So many pairs of one person seem to have two dates of birth that the training took fathers
    /// and sons of one address for one.
    learnt_fathers: bool,
    first_names: bool,
    /// People of one home are among the records.
    homes: bool,
    /// Weights are known to be the odds of pairs like these.
    calibrated: bool,
}

impl Trust {
    /// A file in which one person's birth dates differ often, or first names do, cannot tell father
    /// from son by them, or twins.
    pub(crate) fn in_model(model: &Model) -> Self {
        let differ = |place: usize| {
            let levels = model
                .comparisons
                .get(place)
                .map(|comparison| &comparison.levels);
            levels
                .and_then(|levels| levels.last())
                .map_or(1.0, |level| level.m)
        };
        Self {
            scope: model.scope,
            births: differ(at::BIRTH) <= 0.02,
            learnt_fathers: differ(at::BIRTH) >= LEARNT_FATHERS,
            first_names: differ(at::GIVEN) <= 0.06 || differ(at::GIVEN) >= LEARNT_TWINS,
            homes: model.homes.is_some_and(|homes| homes < SEEN_HOMES),
            calibrated: model.homes.is_some(),
        }
    }
}

/// In no list, however poor, do one person's records differ in the first name as often as this:
/// the training took twins for one.
const LEARNT_TWINS: f32 = 0.25;
/// Where dates of birth differ as often as this, fathers and sons may have been taken for one.
const LEARNT_FATHERS: f32 = 0.12;

/// There are people of one home where one pair of them comes for each sixteen of one person: a list
/// of patients has more of the first than of the second.
const SEEN_HOMES: f32 = 4.0;

/// What may be said of a pair, and by which rule. `None` if no rule speaks.
pub(crate) fn verdict(
    trust: Trust,
    lexicon: Lexicon<'_>,
    one: &Row<'_>,
    other: &Row<'_>,
    pattern: Pattern,
) -> Option<(Rule, Grade)> {
    let seen = Seen::of(lexicon, one, other, pattern);
    let mut strictest: Option<(Rule, Grade)> = None;
    let mut allow = |rule: Rule, most: Grade, speaks: bool| {
        if speaks && strictest.is_none_or(|(_, known)| most < known) {
            strictest = Some((rule, most));
        }
    };
    always(&seen, one, other, &mut allow);
    where_trusted(&seen, trust, &mut allow);
    where_little_agrees(&seen, trust, &mut allow);
    if trust.scope == Scope::Population {
        in_a_nation(&seen, &mut allow);
    }
    strictest
}

fn always(seen: &Seen, one: &Row<'_>, other: &Row<'_>, allow: &mut impl FnMut(Rule, Grade, bool)) {
    let (mine, theirs) = (one.facts(), other.facts());
    let apart = mine.sealed || theirs.sealed || mine.protected || theirs.protected;
    allow(Rule::Sealed, Grade::CertainlyNot, apart && !seen.number);

    let closed = mine.restricted_history || theirs.restricted_history;
    let changed = seen.first_name_differs() || seen.sex_differs || seen.two_numbers;
    allow(
        Rule::RestrictedHistory,
        Grade::CertainlyNot,
        closed && changed,
    );

    allow(Rule::TwoNumbers, Grade::CertainlyNot, seen.two_numbers);

    let orders = (mine.birth_order, theirs.birth_order);
    let two = orders.0 != 0 && orders.1 != 0 && orders.0 != orders.1;
    allow(Rule::BirthOrder, Grade::CertainlyNot, two);

    let sibling = (mine.multiple_birth || theirs.multiple_birth) && !seen.number;
    let named = matches!(
        seen.given,
        given::NEAR | given::ALIKE | given::DIFFERENT | given::SOUND
    );
    allow(Rule::MultipleBirth, Grade::CertainlyNot, sibling && named);
    allow(
        Rule::MultipleBirth,
        Grade::Possible,
        sibling && seen.given == 0,
    );

    let other_name = matches!(seen.given, given::DIFFERENT | given::ALIKE);
    let other_birth = matches!(seen.birth, born::DIFFERENT | born::YEAR);
    let overlay = seen.national && other_name && other_birth;
    allow(Rule::Overlay, Grade::CertainlyNot, overlay);
    let doubt = seen.national && (other_name || other_birth);
    allow(Rule::NumberOnly, Grade::Probable, doubt);

    let generation = |row: &Row<'_>| {
        row.names()
            .map(|name| name.generation)
            .find(|said| *said != 0)
    };
    let generations = generation(one).zip(generation(other));
    let parted = generations.is_some_and(|(mine, theirs)| mine != theirs);
    allow(
        Rule::Generation,
        Grade::CertainlyNot,
        parted && !seen.number,
    );
}

/// Whether no more than birth dates and numbers, of all that a pattern has, forbids a pair: then no
/// other comparison can change that, for the strictest rule decides.
pub(crate) fn part_at_once(trust: Trust, one: &Row<'_>, other: &Row<'_>, pattern: Pattern) -> bool {
    let numbered = pattern.level(at::NATIONAL);
    if numbered == national::DIFFERENT {
        return true;
    }
    let number = is_national(numbered) || pattern.level(at::NUMBER) == 1;
    let (complete, years_apart) = first_births(one, other);
    !number && trust.births && born_apart(trust, pattern.level(at::BIRTH), complete, years_apart)
}

fn is_national(level: u8) -> bool {
    matches!(level, national::SAME | national::WEAKER)
}

/// Whether the first birth dates of both are complete, and how many years lie between them.
fn first_births(one: &Row<'_>, other: &Row<'_>) -> (bool, u16) {
    let births = one.births().next().zip(other.births().next());
    births.map_or((false, 0), |(mine, theirs)| {
        let complete = mine.is_complete() && theirs.is_complete();
        (complete, mine.year.abs_diff(theirs.year))
    })
}

/// Whether two birth dates are of two people where dates can be trusted.
fn born_apart(trust: Trust, level: u8, complete: bool, years_apart: u16) -> bool {
    let unrelated = level == born::DIFFERENT && complete;
    let nation = trust.scope == Scope::Population;
    unrelated && (years_apart >= GENERATION || nation) || nation && level == born::YEAR
}

/// Twins, and father and son of one name.
fn where_trusted(seen: &Seen, trust: Trust, allow: &mut impl FnMut(Rule, Grade, bool)) {
    if trust.births && !seen.number {
        let unrelated = seen.birth == born::DIFFERENT && seen.births_complete;
        let parted = born_apart(trust, seen.birth, seen.births_complete, seen.years_apart);
        allow(Rule::TwoBirthDates, Grade::CertainlyNot, parted);
        // Brothers share address and surname, cousins first name and surname.
        allow(Rule::TwoBirthDates, Grade::Probable, unrelated);
    }
    if trust.learnt_fathers && !seen.number && seen.place {
        let unrelated = seen.birth == born::DIFFERENT && seen.births_complete;
        let parted = unrelated && seen.years_apart >= GENERATION;
        allow(Rule::TwoBirthDates, Grade::Possible, parted);
    }
    if trust.first_names && !seen.number {
        let most = match seen.given {
            given::DIFFERENT | given::ALIKE => Grade::Possible,
            // A name beside a slip of it is one name; a name beside another name is two.
            given::NEAR if seen.both_listed => Grade::Possible,
            given::SOUND if seen.both_listed => Grade::Probable,
            _ => Grade::Certain,
        };
        let surname = matches!(
            seen.family,
            family::SAME | family::MAC | family::PART | family::SOUND | family::NEAR
        );
        let born_together = matches!(seen.birth, born::SAME | born::AS_KNOWN);
        allow(Rule::TwinLike, most, born_together && surname && seen.place);
    }
}

/// To be certain something must agree that relatives and namesakes do not share.
fn where_little_agrees(seen: &Seen, trust: Trust, allow: &mut impl FnMut(Rule, Grade, bool)) {
    let no_birth = seen.birth == 0 && !seen.number;
    allow(Rule::NoBirthDate, Grade::Probable, no_birth && trust.homes);
    let alone = no_birth && !seen.supported() && !seen.other;
    allow(Rule::NameOnly, Grade::Probable, alone);
    allow(Rule::NotCalibrated, Grade::Probable, !trust.calibrated);
}

/// Years between parent and child, at least.
const GENERATION: u16 = 13;

/// What coincides by chance among millions.
fn in_a_nation(seen: &Seen, allow: &mut impl FnMut(Rule, Grade, bool)) {
    if seen.number {
        return;
    }
    let differs = matches!(seen.given, given::DIFFERENT);
    allow(
        Rule::NameAndSexDiffer,
        Grade::CertainlyNot,
        differs && seen.sex_differs,
    );
    allow(Rule::NoBirthDate, Grade::Possible, seen.birth == 0);
    allow(
        Rule::FirstNameDiffers,
        Grade::Possible,
        differs || seen.given == given::ALIKE,
    );

    let year = seen.birth == born::AS_KNOWN;
    allow(Rule::YearOnly, Grade::Possible, year && !seen.supported());
    allow(Rule::YearOnly, Grade::Probable, year && !seen.home);
    allow(
        Rule::CommunityName,
        Grade::Possible,
        seen.community && !seen.supported(),
    );
    allow(
        Rule::CommunityName,
        Grade::Probable,
        seen.community && !seen.home,
    );

    let surname = matches!(seen.family, family::DIFFERENT | family::ALIKE);
    allow(Rule::SurnameDiffers, Grade::Probable, surname);
    allow(Rule::NameAndBirthOnly, Grade::Probable, !seen.supported());
    let near = matches!(seen.birth, born::TWO_PARTS) || seen.decade;
    allow(Rule::BirthDateNear, Grade::Probable, near);
    let slip = seen.birth == born::ONE_SLIP && !seen.supported();
    allow(Rule::BirthDateNear, Grade::Possible, slip);
    allow(
        Rule::NoFirstName,
        Grade::Probable,
        matches!(seen.given, 0 | given::INITIAL),
    );
    allow(
        Rule::NoFirstName,
        Grade::Probable,
        seen.family == 0 && seen.given != given::SWAPPED,
    );

    let variant = matches!(seen.given, given::CALLED | given::MIDDLE | given::SWAPPED)
        || matches!(seen.family, family::MAC | family::PART | family::GENDERED);
    allow(Rule::VariantAlone, Grade::Probable, variant && !seen.home);
    let spelling = matches!(seen.given, given::SOUND | given::NEAR)
        || matches!(seen.family, family::SOUND | family::NEAR);
    allow(Rule::Spelling, Grade::Probable, spelling);
}

/// Whether a pair is worth a look however common its name is: name and birth date agree as far as
/// they are known, and no rule speaks against it.
pub(crate) fn is_worth_a_look(scope: Scope, pattern: Pattern) -> bool {
    let level = |place: usize| pattern.level(place);
    let named = matches!(
        level(at::GIVEN),
        given::SAME | given::CALLED | given::SOUND | given::MIDDLE | given::SWAPPED
    );
    let surname = matches!(
        level(at::FAMILY),
        family::SAME | family::MAC | family::PART | family::SOUND
    ) || level(at::GIVEN) == given::SWAPPED;
    let born = matches!(
        level(at::BIRTH),
        born::SAME | born::SWAPPED | born::AS_KNOWN
    );
    scope == Scope::Population && named && surname && born
}

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
struct Seen {
    given: u8,
    family: u8,
    birth: u8,
    births_complete: bool,
    /// Between the nearest birth dates.
    years_apart: u16,
    /// The same day and month, and the tens of the year differ.
    decade: bool,
    sex_differs: bool,
    /// The same valid national number.
    national: bool,
    /// The same national number, or the same other number.
    number: bool,
    two_numbers: bool,
    /// The same postcode, property or street.
    place: bool,
    /// The same home: property, or street within the postcode; or the same telephone or e-mail.
    home: bool,
    /// Something else that was written of both agrees.
    other: bool,
    /// The surname is one that says nothing.
    community: bool,
    /// Both first names are known to be names.
    both_listed: bool,
}

impl Seen {
    fn of(lexicon: Lexicon<'_>, one: &Row<'_>, other: &Row<'_>, pattern: Pattern) -> Self {
        let level = |place: usize| pattern.level(place);
        let (postcode, street) = (level(at::POSTCODE), level(at::STREET));
        let property = postcode == code::PROPERTY;
        let same_street = matches!(street, line::SAME | line::NEAR);
        let other_house = level(at::HOUSE) == 3;
        let contact = level(at::EMAIL) == 1 || level(at::PHONE) == 1;
        let in_town = matches!(level(at::LOCALITY), 1 | 2) || postcode == code::SAME;
        let national = is_national(level(at::NATIONAL));
        let (births_complete, years_apart) = first_births(one, other);
        Self {
            given: level(at::GIVEN),
            family: level(at::FAMILY),
            birth: level(at::BIRTH),
            births_complete,
            years_apart,
            decade: level(at::BIRTH) == born::ONE_SLIP && years_apart >= 10,
            sex_differs: level(at::SEX) == sex::DIFFERENT,
            national,
            number: national || level(at::NUMBER) == 1,
            two_numbers: level(at::NATIONAL) == national::DIFFERENT,
            place: property || postcode == code::SAME || same_street && in_town,
            home: property || same_street && !other_house && in_town || contact,
            other: (at::OTHER..at::ALL).any(|place| level(place) == 1),
            community: rests_on_community(lexicon, one, other),
            both_listed: listed(lexicon, one) && listed(lexicon, other),
        }
    }

    fn first_name_differs(&self) -> bool {
        matches!(self.given, given::DIFFERENT | given::ALIKE)
    }

    /// Something besides name and birth date agrees.
    fn supported(&self) -> bool {
        self.place || self.home
    }
}

/// Whether every surname word that two records share is one that says nothing.
fn rests_on_community(lexicon: Lexicon<'_>, one: &Row<'_>, other: &Row<'_>) -> bool {
    let mut shared = one
        .names()
        .flat_map(|name| name.family.iter())
        .filter(|word| other.names().any(|name| name.family.contains(word)))
        .peekable();
    shared.peek().is_some() && shared.all(|word| lexicon.about(*word).community)
}

fn listed(lexicon: Lexicon<'_>, row: &Row<'_>) -> bool {
    row.names()
        .filter_map(|name| name.given.first())
        .all(|word| lexicon.about(*word).listed)
}
