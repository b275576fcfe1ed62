//! A file of very many twins, and of fathers and sons of one name: whatever the training makes of
//! them, nobody is joined with a sibling or a parent.

use std::collections::HashSet;

use linkage::{Address, BirthDate, Grade, Name, Options, Outcome, People, Record, resolve};

const GIVEN: [&str; 24] = [
    "Agnes", "Brian", "Catriona", "Douglas", "Eilidh", "Fergus", "Grace", "Hamish", "Isla", "Jack",
    "Kirsty", "Lewis", "Morag", "Neil", "Olivia", "Patrick", "Rona", "Stuart", "Tariq", "Una",
    "Victor", "Wanda", "Yusuf", "Zofia",
];
const FAMILY: [&str; 25] = [
    "Abercrombie",
    "Baird",
    "Cruickshank",
    "Drummond",
    "Elphinstone",
    "Farquhar",
    "Galbraith",
    "Haldane",
    "Imrie",
    "Jardine",
    "Kinnaird",
    "Lockhart",
    "Mowat",
    "Nairn",
    "Ogilvie",
    "Pringle",
    "Quigley",
    "Rankine",
    "Strachan",
    "Tulloch",
    "Urquhart",
    "Veitch",
    "Wardlaw",
    "Yuill",
    "Zielinski",
];
const STREETS: [&str; 6] = [
    "Moss Street",
    "Kirk Wynd",
    "Mill Lane",
    "Harbour Row",
    "Elm Grove",
    "Manse Road",
];

/// What somebody's records say.
#[derive(Clone)]
struct Told {
    person: usize,
    given: &'static str,
    family: String,
    year: u16,
    day: usize,
    house: usize,
}

impl Told {
    fn record(&self) -> Record {
        let street = STREETS[self.house % STREETS.len()];
        Record {
            names: vec![Name {
                given: self.given.to_owned(),
                family: self.family.clone(),
                ..Name::default()
            }],
            births: vec![BirthDate {
                year: self.year,
                month: u8::try_from(self.day % 12 + 1).unwrap(),
                day: u8::try_from(self.day % 27 + 2).unwrap(),
            }],
            addresses: vec![Address {
                lines: vec![format!("{} {street}", self.house / 7 + 1)],
                postcode: format!("ZY{} {}AB", self.house % 40 + 1, self.house % 9 + 1),
                ..Address::default()
            }],
            ..Record::default()
        }
    }

    /// What another clerk wrote.
    fn again(&self) -> Self {
        let mut again = self.clone();
        if self.house.is_multiple_of(3) {
            again.family.remove(2);
        }
        again
    }
}

/// A thousand homes. One in so many has twins, one in so many a father of the son's name.
fn town(twins: usize, fathers: usize) -> Vec<Told> {
    let mut town = Vec::new();
    let mut add = |told: Told, twice: bool| {
        if twice {
            town.push(told.again());
        }
        town.push(told);
    };
    for home in 0..1_000 {
        let somebody = Told {
            person: home * 3,
            given: GIVEN[home * 7 % GIVEN.len()],
            family: FAMILY[home * 11 % FAMILY.len()].to_owned(),
            year: 1940 + u16::try_from(home * 13 % 70).unwrap(),
            day: home * 17,
            house: home,
        };
        add(somebody.clone(), home % 5 < 2);
        if home % twins == 0 {
            let twin = Told {
                person: home * 3 + 1,
                given: GIVEN[(home * 7 + 5) % GIVEN.len()],
                ..somebody.clone()
            };
            add(twin, home % 4 == 0);
        }
        if home % fathers == 1 {
            let father = Told {
                person: home * 3 + 2,
                year: somebody.year - 29,
                day: home * 19 + 5,
                ..somebody
            };
            add(father, false);
        }
    }
    town
}

fn resolved(town: &[Told]) -> Outcome {
    let mut people = People::new();
    for told in town {
        people.add(&told.record());
    }
    resolve(&people, &Options::default(), &())
}

/// Pairs graded certain: of one person, and of two. Then clusters that hold two people.
fn counted(town: &[Told], outcome: &Outcome) -> [usize; 3] {
    let certain = || {
        outcome
            .pairs
            .iter()
            .filter(|pair| pair.grade == Grade::Certain)
    };
    let is_one = |left: u32, right: u32| town[left as usize].person == town[right as usize].person;
    let right = certain()
        .filter(|pair| is_one(pair.left, pair.right))
        .count();
    let mixed: HashSet<u32> = (0..)
        .zip(&outcome.clusters)
        .filter(|(row, head)| !is_one(*row, **head))
        .map(|(_, head)| *head)
        .collect();
    [right, certain().count() - right, mixed.len()]
}

#[test]
fn nobody_is_joined_with_a_twin_where_half_the_file_are_twins() {
    for twins in [2, 3] {
        let town = town(twins, 5_000);
        let [right, wrong, mixed] = counted(&town, &resolved(&town));
        println!(
            "one home in {twins} has twins: {right} right, {wrong} wrong, {mixed} clusters of two people"
        );
        assert_eq!((wrong, mixed), (0, 0));
        assert!(right >= 350);
    }
}

#[test]
fn nobody_is_joined_with_a_father_of_the_same_name() {
    for fathers in [2, 4] {
        let town = town(5_000, fathers);
        let [right, wrong, mixed] = counted(&town, &resolved(&town));
        println!(
            "one home in {fathers} has a father of one name: {right} right, {wrong} wrong, {mixed} clusters of two people"
        );
        assert_eq!((wrong, mixed), (0, 0));
        assert!(right >= 350);
    }
}
