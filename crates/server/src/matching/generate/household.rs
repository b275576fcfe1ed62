//! Invented people in their homes: couples, children, twins, father and son of one name, three
//! generations, strangers who share a flat.

use jiff::civil::Date;
use rand::Rng;
use rand::seq::IndexedRandom as _;

use super::names::{Origin, Register, borne};

/// The year in which the town is looked at.
pub const PRESENT: i16 = 2027;

/// Somebody, as they are.
#[derive(Debug, Clone)]
pub struct Person {
    /// Number among all, which is the truth.
    pub number: u32,
    /// Where the name is at home.
    pub origin: Origin,
    /// Registered as a woman.
    pub woman: bool,
    /// First name.
    pub given: String,
    /// Second name, or nothing.
    pub middle: String,
    /// Surname today.
    pub family: String,
    /// Surname before marriage, if it was another.
    pub maiden: String,
    /// Date of birth.
    pub born: Date,
    /// Community Health Index number.
    pub chi: String,
    /// E-mail address, or nothing.
    pub email: String,
    /// Where they live.
    pub home: Home,
}

/// Where somebody lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Flat within the building, as Scots write it: `2/1`.
    pub flat: String,
    /// Number in the street.
    pub number: u32,
    /// Street.
    pub street: String,
    /// Town.
    pub town: &'static str,
    /// Postcode of an area that was never allocated.
    pub postcode: String,
}

const STREETS: [&str; 36] = [
    "High Street",
    "Main Street",
    "Station Road",
    "Church Road",
    "Mill Road",
    "Kirk Wynd",
    "Manse Road",
    "Castle Street",
    "Bridge Street",
    "George Street",
    "Queen Street",
    "King Street",
    "Victoria Road",
    "Albert Place",
    "Braehead Avenue",
    "Burnside Terrace",
    "Glebe Street",
    "Harbour Road",
    "Loanhead Drive",
    "Muirfield Crescent",
    "Northgate",
    "Orchard Lane",
    "Park Road",
    "Quarry Brae",
    "Rosebank",
    "School Lane",
    "Tannery Row",
    "Union Street",
    "Viewforth",
    "Woodside",
    "Ashgrove Road",
    "Birch Avenue",
    "Cedar Court",
    "Drummond Place",
    "Elm Row",
    "Fleming Drive",
];
const TOWNS: [&str; 24] = [
    "Northburn",
    "Southbrae",
    "Eastmuir",
    "Westerloan",
    "Abercorrie",
    "Balmerran",
    "Craigellan",
    "Dunlorne",
    "Ecclesvale",
    "Fernhaugh",
    "Glenmarrow",
    "Hallowkirk",
    "Inverlossie",
    "Kilmarran",
    "Lochardie",
    "Monkshiel",
    "Newtoun",
    "Ormlaw",
    "Pitlarnie",
    "Rathcairn",
    "Strathbarr",
    "Torphinlea",
    "Ulvermuir",
    "Whinbank",
];
/// Areas that the post never allocated.
const AREAS: [&str; 8] = ["ZA", "ZB", "ZC", "ZD", "ZF", "ZG", "ZH", "ZK"];
const LETTERS: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";

impl Home {
    /// Any home. Some fifteen share a postcode.
    pub fn any(chance: &mut impl Rng) -> Self {
        let town = chance.random_range(0..TOWNS.len());
        let street = chance.random_range(0..STREETS.len() * 40);
        let number = chance.random_range(1..140);
        let area = AREAS.get(town % AREAS.len()).unwrap_or(&"ZA");
        let district = 1 + town / AREAS.len() * 5 + street % 5;
        let unit = street / 5 * 5 + number as usize / 30;
        let letter =
            |place: usize| char::from(LETTERS.get(place % LETTERS.len()).copied().unwrap_or(b'A'));
        // The same street name in another part of the town is another street.
        let part = [
            "", "North ", "South ", "East ", "West ", "Upper ", "Nether ", "Old ",
        ];
        let name = STREETS.get(street % STREETS.len()).unwrap_or(&"");
        let before = part.get(street / STREETS.len() % part.len()).unwrap_or(&"");
        Self {
            flat: if chance.random_bool(0.35) {
                format!(
                    "{}/{}",
                    chance.random_range(0..4),
                    chance.random_range(1..4)
                )
            } else {
                String::new()
            },
            number,
            street: format!("{before}{name}"),
            town: TOWNS.get(town).unwrap_or(&""),
            postcode: format!(
                "{area}{district} {}{}{}",
                unit / 400 % 10,
                letter(unit / 20),
                letter(unit)
            ),
        }
    }
}

/// Makes households, one after the other.
pub struct Settler<'a, R> {
    register: &'a Register,
    chance: R,
    next: u32,
}

impl<'a, R: Rng> Settler<'a, R> {
    /// A settler that draws from the register.
    pub fn new(register: &'a Register, chance: R) -> Self {
        Self {
            register,
            chance,
            next: 1,
        }
    }

    /// The source of chance, for what becomes of the people.
    pub fn chance(&mut self) -> &mut R {
        &mut self.chance
    }

    /// The next household.
    pub fn household(&mut self) -> Vec<Person> {
        let home = Home::any(&mut self.chance);
        let origin = Origin::any(&mut self.chance);
        match self.chance.random_range(0..100) {
            0..32 => vec![self.adult(origin, &home, 19..97)],
            32..37 => self.flat_share(&home),
            37..60 => self.couple(origin, &home, 25..95).to_vec(),
            60..70 => {
                let parent = self.adult(origin, &home, 20..55);
                self.with_children(vec![parent])
            }
            70..97 => {
                let couple = self.couple(origin, &home, 22..60);
                self.with_children(couple.to_vec())
            }
            _ => {
                let couple = self.couple(origin, &home, 30..50);
                let mut family = self.with_children(couple.to_vec());
                family.push(self.adult(origin, &home, 62..90));
                family
            }
        }
    }

    fn adult(&mut self, origin: Origin, home: &Home, ages: std::ops::Range<i16>) -> Person {
        let family = self.register.family(origin, &mut self.chance);
        let woman = self.chance.random_bool(0.51);
        let born = self.born(ages);
        self.person(origin, woman, &family, born, home)
    }

    fn flat_share(&mut self, home: &Home) -> Vec<Person> {
        let count = self.chance.random_range(2..6);
        let mut people = Vec::new();
        for _ in 0..count {
            let origin = Origin::any(&mut self.chance);
            people.push(self.adult(origin, home, 18..30));
        }
        people
    }

    /// A couple: she took his name, kept hers or joined both.
    fn couple(&mut self, origin: Origin, home: &Home, ages: std::ops::Range<i16>) -> [Person; 2] {
        let theirs = self.register.family(origin, &mut self.chance);
        let hers = self.register.family(origin, &mut self.chance);
        let born = self.born(ages);
        let apart = self.chance.random_range(-2000..2000);
        let born_too = born
            .checked_add(jiff::Span::new().days(apart))
            .unwrap_or(born);
        let him = self.person(origin, false, &theirs, born, home);
        let mut her = self.person(origin, true, &hers, born_too, home);
        let marries = !matches!(
            origin,
            Origin::Sikh | Origin::Spanish | Origin::Chinese | Origin::Arabic
        );
        match self.chance.random_range(0..100) {
            0..62 if marries => {
                her.maiden = std::mem::replace(&mut her.family, borne(&theirs, origin, true));
            }
            62..67 if marries => {
                her.maiden = her.family.clone();
                her.family = format!("{}-{theirs}", her.maiden);
            }
            _ => {}
        }
        [him, her]
    }

    /// The same with one to four children; of some births there are twins.
    fn with_children(&mut self, mut family: Vec<Person>) -> Vec<Person> {
        let Some(parent) = family.last().cloned() else {
            return family;
        };
        let father = family.iter().find(|person| !person.woman).cloned();
        let base = match &father {
            Some(father) => father.family.clone(),
            None => parent.family.clone(),
        };
        let mut age = PRESENT - parent.born.year() - self.chance.random_range(18..34);
        for _ in 0..self.chance.random_range(1..5) {
            if age < 0 {
                break;
            }
            let born = self.born(age.max(0)..age + 1);
            family.push(self.child(&parent, father.as_ref(), &base, born));
            if self.chance.random_bool(0.016) {
                family.push(self.child(&parent, None, &base, born));
            }
            age -= self.chance.random_range(1..5);
        }
        family
    }

    fn child(
        &mut self,
        parent: &Person,
        father: Option<&Person>,
        family: &str,
        born: Date,
    ) -> Person {
        let woman = self.chance.random_bool(0.49);
        let mut child = self.person(parent.origin, woman, family, born, &parent.home);
        if let Some(father) = father.filter(|_| !woman)
            && self.chance.random_bool(0.04)
        {
            child.given = father.given.clone();
            child.middle = father.middle.clone();
        }
        child.email.clear();
        child
    }

    fn born(&mut self, ages: std::ops::Range<i16>) -> Date {
        let year = PRESENT - 1 - self.chance.random_range(ages);
        let day = self.chance.random_range(1..=365);
        let first = Date::constant(year, 1, 1);
        first
            .checked_add(jiff::Span::new().days(day - 1))
            .unwrap_or(first)
    }

    fn person(
        &mut self,
        origin: Origin,
        woman: bool,
        family: &str,
        born: Date,
        home: &Home,
    ) -> Person {
        let given = self
            .register
            .given(origin, woman, born.year(), &mut self.chance);
        let middle = match self.chance.random_bool(0.55) {
            true => self
                .register
                .given(origin, woman, born.year() - 40, &mut self.chance),
            false => String::new(),
        };
        // A Sikh's family name stands between, if it is used at all.
        let middle = match origin {
            Origin::Sikh if !middle.is_empty() => family.to_owned(),
            _ => middle,
        };
        let number = self.next;
        self.next += 1;
        let family = borne(family, origin, woman);
        let email = self.email(&given, &family);
        Person {
            number,
            origin,
            woman,
            chi: chi(born, woman, &mut self.chance),
            given,
            middle,
            family,
            maiden: String::new(),
            born,
            email,
            home: home.clone(),
        }
    }

    fn email(&mut self, given: &str, family: &str) -> String {
        if self.chance.random_bool(0.4) {
            return String::new();
        }
        let plain = |name: &str| -> String {
            let letters = name.chars().filter(char::is_ascii_alphabetic);
            letters.collect::<String>().to_lowercase()
        };
        let places = ["example.org", "example.com", "example.net"];
        let place = places.choose(&mut self.chance).unwrap_or(&"example.org");
        let number = self.chance.random_range(1..10_000);
        format!("{}.{}{number}@{place}", plain(given), plain(family))
    }
}

/// A number that checks (modulus 11) and belongs to the date and sex.
fn chi(born: Date, woman: bool, chance: &mut impl Rng) -> String {
    loop {
        let sex = chance.random_range(0..5) * 2 + u32::from(!woman);
        let nine = format!(
            "{:02}{:02}{:02}{:02}{sex}",
            born.day(),
            born.month(),
            born.year() % 100,
            chance.random_range(0..100)
        );
        let figures = nine.chars().filter_map(|digit| digit.to_digit(10));
        let sum: u32 = figures
            .zip((2..=10).rev())
            .map(|(figure, weight)| figure * weight)
            .sum();
        match 11 - sum % 11 {
            10 => {}
            11 => return format!("{nine}0"),
            check => return format!("{nine}{check}"),
        }
    }
}
