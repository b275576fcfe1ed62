//! How clerks write people down: what they leave out, mishear, shorten, turn round and mistype,
//! more in some offices than in others, and what has changed since.

use rand::Rng;
use rand::seq::IndexedRandom as _;

use super::household::{Home, Person};
use super::names::{Origin, called, otherwise};

/// An office that keeps records.
#[derive(Debug, Clone, Copy)]
pub struct Office {
    /// What stands in the column `source`.
    pub name: &'static str,
    /// How often an entry has a slip, in a thousand.
    slips: u32,
    /// How often the CHI number is there, in a hundred.
    knows_chi: u32,
    /// How often the record is from an earlier time, in a hundred.
    is_old: u32,
}

/// The offices, the most careful first.
pub const OFFICES: [Office; 5] = [
    Office {
        name: "gp",
        slips: 10,
        knows_chi: 100,
        is_old: 6,
    },
    Office {
        name: "hospital",
        slips: 25,
        knows_chi: 93,
        is_old: 14,
    },
    Office {
        name: "social-work",
        slips: 40,
        knows_chi: 45,
        is_old: 18,
    },
    Office {
        name: "housing",
        slips: 55,
        knows_chi: 3,
        is_old: 12,
    },
    Office {
        name: "police",
        slips: 70,
        knows_chi: 2,
        is_old: 20,
    },
];

/// The columns of the file.
pub const COLUMNS: [&str; 14] = [
    "id",
    "source",
    "given_name",
    "middle_name",
    "family_name",
    "previous_family_name",
    "birth_date",
    "sex",
    "chi",
    "address",
    "town",
    "postcode",
    "email",
    "origin",
];

/// One row but for its id, as [`COLUMNS`] has them, and whose it is.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The fields after the id.
    pub fields: Vec<String>,
    /// The person's number: the truth.
    pub person: u32,
}

/// What an office has of somebody.
pub fn entry(person: &Person, office: Office, chance: &mut impl Rng) -> Entry {
    let old = chance.random_ratio(office.is_old, 100);
    let mut clerk = Clerk { office, chance };
    let home = if old && clerk.sometimes(700) {
        Home::any(clerk.chance)
    } else {
        person.home.clone()
    };
    let (mut given, mut middle) = clerk.first_names(person);
    let mut family = if old && !person.maiden.is_empty() {
        person.maiden.clone()
    } else {
        clerk.surname(person)
    };
    if person.origin == Origin::Chinese && clerk.sometimes(120) {
        std::mem::swap(&mut given, &mut family);
    }
    if clerk.slip() {
        given = clerk.mistyped(&given);
    }
    if clerk.slip() {
        family = clerk.mistyped(&family);
    }
    if clerk.sometimes(250) {
        middle.clear();
    }
    let knows_maiden = !person.maiden.is_empty() && !old && clerk.sometimes(350);
    let previous = if knows_maiden {
        person.maiden.clone()
    } else {
        String::new()
    };
    let address = clerk.address(&home);
    let postcode = clerk.postcode(&home.postcode);
    let email = if clerk.sometimes(600) {
        person.email.clone()
    } else {
        String::new()
    };
    let fields = vec![
        office.name.to_owned(),
        given,
        middle,
        family,
        previous,
        clerk.birth_date(person),
        clerk.sex(person),
        clerk.chi(person),
        address,
        home.town.to_owned(),
        postcode,
        email,
        person.origin.word().to_owned(),
    ];
    Entry {
        fields,
        person: person.number,
    }
}

struct Clerk<'a, R> {
    office: Office,
    chance: &'a mut R,
}

impl<R: Rng> Clerk<'_, R> {
    fn sometimes(&mut self, in_a_thousand: u32) -> bool {
        self.chance.random_ratio(in_a_thousand, 1000)
    }

    fn slip(&mut self) -> bool {
        self.sometimes(self.office.slips)
    }

    /// What the person is called: by a short form, a second name, another spelling, a letter.
    fn first_names(&mut self, person: &Person) -> (String, String) {
        let (given, middle) = (person.given.clone(), person.middle.clone());
        if self.sometimes(self.office.slips * 2)
            && let Some(name) = called(&given, self.chance)
        {
            return (name.to_owned(), middle);
        }
        if self.sometimes(self.office.slips * 6)
            && let Some(name) = otherwise(&given, self.chance)
        {
            return (name.to_owned(), middle);
        }
        if !middle.is_empty() && self.sometimes(12) {
            return (middle, String::new());
        }
        if self.sometimes(self.office.slips / 3) {
            return (given.chars().take(1).collect(), middle);
        }
        let initial: String = middle.chars().take(1).collect();
        let plain = self.plain(&given);
        (plain, if self.sometimes(200) { initial } else { middle })
    }

    fn surname(&mut self, person: &Person) -> String {
        let family = &person.family;
        if self.sometimes(self.office.slips * 6)
            && let Some(name) = otherwise(family, self.chance)
        {
            return name.to_owned();
        }
        if self.sometimes(250) {
            if let Some((one, other)) = family.split_once([' ', '-'])
                && family.len() > 8
            {
                let kept = if self.chance.random_bool(0.7) {
                    one
                } else {
                    other
                };
                return kept.to_owned();
            }
            if let Some(clan) = family.strip_prefix("Mac") {
                return format!("Mc{clan}");
            }
            if let Some(name) = family.strip_prefix("O'") {
                return format!("O{}", name.to_lowercase());
            }
        }
        let family = family.clone();
        let plain = self.plain(&family);
        if self.sometimes(40) {
            plain.to_uppercase()
        } else {
            plain
        }
    }

    /// Without accents, as many systems have it.
    fn plain(&mut self, name: &str) -> String {
        if !self.sometimes(500) {
            return name.to_owned();
        }
        let bare = |letter| match letter {
            'á' | 'à' => 'a',
            'é' | 'è' => 'e',
            'í' | 'ì' => 'i',
            'ó' | 'ò' => 'o',
            'ú' | 'ù' => 'u',
            'ñ' | 'ń' => 'n',
            'ł' => 'l',
            'Ł' => 'L',
            'ś' => 's',
            'ż' | 'ź' => 'z',
            'ą' => 'a',
            'ę' => 'e',
            'Á' => 'A',
            'Ì' => 'I',
            other => other,
        };
        name.chars().map(bare).collect()
    }

    /// One letter dropped, doubled, changed or turned round with its neighbour.
    fn mistyped(&mut self, word: &str) -> String {
        let mut letters: Vec<char> = word.chars().collect();
        if letters.len() < 3 {
            return word.to_owned();
        }
        let place = self.chance.random_range(1..letters.len() - 1);
        match self.chance.random_range(0..4) {
            0 => {
                letters.remove(place);
            }
            1 => letters.swap(place, place + 1),
            2 => {
                let letter = letters.get(place).copied().unwrap_or('e');
                letters.insert(place, letter);
            }
            _ => {
                let typed = *b"aeiourstnlmdc".choose(self.chance).unwrap_or(&b'e');
                if let Some(letter) = letters.get_mut(place) {
                    *letter = char::from(typed);
                }
            }
        }
        letters.into_iter().collect()
    }

    fn birth_date(&mut self, person: &Person) -> String {
        let (year, month, day) = (person.born.year(), person.born.month(), person.born.day());
        let came_without = matches!(
            person.origin,
            Origin::Arabic | Origin::Nigerian | Origin::Pakistani
        );
        if came_without && person.born.year() < 1990 && self.sometimes(40) {
            return format!("{year}-01-01");
        }
        if self.sometimes(8) {
            return String::new();
        }
        if !self.slip() {
            return person.born.to_string();
        }
        match self.chance.random_range(0..4) {
            0 if day <= 12 => format!("{year}-{day:02}-{month:02}"),
            1 => format!(
                "{}-{month:02}-{day:02}",
                year + self.chance.random_range(-1..2) * 10
            ),
            2 => format!("{}-{month:02}-{day:02}", year - 1),
            _ => {
                let other = self.chance.random_range(1..29);
                format!("{year}-{month:02}-{other:02}")
            }
        }
    }

    fn sex(&mut self, person: &Person) -> String {
        if self.sometimes(15) {
            return String::new();
        }
        let woman = person.woman != self.sometimes(3);
        if woman { "F" } else { "M" }.to_owned()
    }

    fn chi(&mut self, person: &Person) -> String {
        if !self.chance.random_ratio(self.office.knows_chi, 100) {
            return String::new();
        }
        if self.sometimes(self.office.slips / 8) {
            let mut digits: Vec<char> = person.chi.chars().collect();
            let place = self.chance.random_range(0..digits.len() - 1);
            digits.swap(place, place + 1);
            return digits.into_iter().collect();
        }
        person.chi.clone()
    }

    fn address(&mut self, home: &Home) -> String {
        if self.sometimes(20) {
            return String::new();
        }
        let street = if self.sometimes(200) {
            home.street
                .replace("Street", "St")
                .replace("Road", "Rd")
                .replace("Avenue", "Ave")
        } else {
            home.street.clone()
        };
        let street = if self.slip() {
            self.mistyped(&street)
        } else {
            street
        };
        match (home.flat.as_str(), self.sometimes(300)) {
            ("", _) => format!("{} {street}", home.number),
            (flat, true) => format!("{} {street}, Flat {flat}", home.number),
            (flat, false) => format!("{flat}, {} {street}", home.number),
        }
    }

    fn postcode(&mut self, postcode: &str) -> String {
        if self.sometimes(15) {
            return String::new();
        }
        if self.slip() {
            return self.mistyped(postcode).to_uppercase();
        }
        if self.sometimes(100) {
            return postcode.replace(' ', "");
        }
        postcode.to_owned()
    }
}
