//! Ordinary people: the seed chooses them. Each is registered with a practice, has an everyday
//! illness or none, and has perhaps been to the hospital or is known to a council.

use super::builder::{Builder, Person, Sex, Who};
use super::chart::Chart;
use super::codes;
use super::draw::Draw;
use super::names;
use super::people::{ILLNESSES, Illness, first_observations};

/// How many there are besides the story people.
pub(super) const COUNT: usize = 23;

/// Moves them in.
pub(super) fn settle(town: &mut Builder, seed: u64) {
    let mut draw = Draw::new(seed);
    let mut moved_in = 0;
    while moved_in < COUNT {
        if let Some(neighbour) = Neighbour::draw(&mut draw, town) {
            neighbour.move_in(town, &mut draw);
            moved_in += 1;
        }
    }
}

/// Someone ordinary, before they move in.
struct Neighbour {
    key: String,
    name: String,
    born: String,
    age: u32,
    sex: Sex,
    address: String,
    in_northburn: bool,
    practice: &'static str,
    illnesses: Vec<&'static Illness>,
}

impl Neighbour {
    /// Draws someone; `None` if the town already has somebody of that name.
    fn draw(draw: &mut Draw, town: &Builder) -> Option<Self> {
        let sex = if draw.happens(50) {
            Sex::Female
        } else {
            Sex::Male
        };
        let community = draw.one_of(names::COMMUNITIES);
        let given = match sex {
            Sex::Female => draw.one_of(community.women),
            Sex::Male => draw.one_of(community.men),
        };
        let name = format!("{given} {}", draw.one_of(community.families));
        let age = draw.between(3, 92);
        // Birthdays fall after the town's present, so the age is exact.
        let born = format!(
            "{}-{:02}-{:02}",
            2026 - age,
            draw.between(2, 12),
            draw.between(1, 28)
        );
        let (street, burgh, outward) = *draw.one_of(names::STREETS);
        let unit = draw.one_of(&["1AB", "2DE", "4HJ", "6LN", "8RS", "9WX"]);
        let address = format!(
            "{} {street}, {burgh}, {outward} {unit}",
            draw.between(1, 96)
        );
        let practice = *draw.one_of(&["braehead-practice", "millburn-practice"]);
        let mut illnesses: Vec<&'static Illness> = Vec::new();
        for _ in 0..draw.between(0, 3) {
            let illness = draw.one_of(ILLNESSES);
            let already = illnesses.iter().any(|known| known.words == illness.words);
            if age >= illness.from_age && !already {
                illnesses.push(illness);
            }
        }
        let key = names::key(&name);
        (!town.knows(&key)).then_some(Self {
            key,
            name,
            born,
            age,
            sex,
            address,
            in_northburn: burgh == "Northburn",
            practice,
            illnesses,
        })
    }

    fn situation(&self) -> String {
        let words: Vec<&str> = self.illnesses.iter().map(|illness| illness.words).collect();
        match words.as_slice() {
            [] => format!("{}, in good health", self.age),
            [one] => format!("{}, has {one}", self.age),
            [before @ .., last] => format!("{}, has {} and {last}", self.age, before.join(", ")),
        }
    }

    fn move_in(self, town: &mut Builder, draw: &mut Draw) {
        let person = town.person(Who {
            key: &self.key,
            name: &self.name,
            born: &self.born,
            sex: self.sex,
            situation: &self.situation(),
            home: self.practice,
            practice: self.practice,
            address: &self.address,
            signs_in: self.age >= 16,
            ..Who::default()
        });
        self.at_the_practice(&mut town.chart(&person, self.practice), draw);
        if draw.happens(40) {
            at_the_hospital(town, &person, draw);
        }
        if self.age >= 75 && draw.happens(50) {
            self.known_to_the_council(town, &person);
        }
    }

    fn at_the_practice(&self, gp: &mut Chart<'_>, draw: &mut Draw) {
        let doctor = match self.practice {
            "braehead-practice" => draw.one_of(&["catherine-rattray", "imran-yousaf"]),
            _ => draw.one_of(&["hamish-colquhoun", "sunita-krishnan"]),
        };
        gp.by(doctor, &past_morning(draw));
        for illness in &self.illnesses {
            let since = 2026 - draw.between(1, (self.age - illness.from_age).clamp(1, 20));
            (illness.record)(gp, &since.to_string());
        }
        if draw.happens(20) {
            gp.allergy(codes::PENICILLIN_ALLERGY, "Rash", false);
        }
        self.checked(gp, draw);
        for _ in 0..2 {
            gp.by(doctor, &past_morning(draw));
            let words: &str = draw.one_of::<&str>(self.complaints());
            gp.note("Consultation", words);
        }
        let next_of_kin = match self.age {
            0..16 => Some(("MTH", "mother")),
            40.. if draw.happens(50) => Some(("CHILD", "child")),
            _ => None,
        };
        if let Some(relation) = next_of_kin {
            let phone = format!("07700 900 {}", draw.between(850, 999));
            let kin = self.name.split(' ').skip(1).collect::<Vec<_>>().join(" ");
            let given = draw.one_of(&["Ann", "Fiona", "Maria", "Noor"]);
            gp.relative(&format!("{given} {kin}"), &[relation], &phone);
        }
    }

    /// What the practice measures and gives in an ordinary year.
    fn checked(&self, gp: &mut Chart<'_>, draw: &mut Draw) {
        let checks = match self.practice {
            "braehead-practice" => "deirdre-quigley",
            _ => "sunita-krishnan",
        };
        gp.by(checks, &past_morning(draw));
        let weight = match self.age {
            0..16 => self.age * 3 + draw.between(8, 14),
            _ => draw.between(52, 96),
        };
        gp.measure(codes::BODY_WEIGHT, f64::from(weight), "kg", "kg");
        if self.age < 6 {
            gp.vaccine(codes::MMR_VACCINE);
        }
        if self.age < 16 || self.age >= 65 {
            gp.vaccine(codes::INFLUENZA_VACCINE);
        }
        if self.age >= 16 {
            let systolic = f64::from(draw.between(112, 152));
            gp.blood_pressure(systolic, f64::from(draw.between(66, 90)));
            gp.measure(
                codes::HEART_RATE,
                f64::from(draw.between(60, 84)),
                "beats/min",
                "/min",
            );
        }
    }

    /// What brings someone of this age to their doctor.
    fn complaints(&self) -> &'static [&'static str] {
        match self.age {
            0..16 => &[
                "Ear ache since Sunday. Settling; paracetamol. Come back if fevered.",
                "Cough at night for a week. Chest clear. Parent reassured.",
                "Fell from a swing. Bruise, no fracture. May go back to school.",
            ],
            16..65 => &[
                "Sore throat for four days. No antibiotic needed. Come back if worse.",
                "Back pain after moving house. Keep active. Certificate for a week.",
                "Well. Asked about travel vaccines for the spring.",
                "Tired. Bloods taken; to ring for the result on Thursday.",
            ],
            _ => &[
                "Dizzy on standing. Tablets looked through; one halved.",
                "Cough after a cold. Chest clear. Come back in a fortnight if it stays.",
                "Came for the result of the blood test: all in order.",
            ],
        }
    }

    fn known_to_the_council(&self, town: &mut Builder, person: &Person) {
        let (council, team, worker) = if self.in_northburn {
            (
                "northburn-social-work",
                "northburn-adults",
                "fraser-abercrombie",
            )
        } else {
            (
                "southbrae-social-work",
                "southbrae-adults",
                "eilidh-crombie",
            )
        };
        let mut chart = town.chart(person, council);
        chart.by(worker, "2026-12-14 10:00");
        chart.episode("caseload", team, worker, "2026-09-07");
        chart.plan(
            "Support plan",
            "Stay at home, safely.",
            &["Community alarm", "Meals on weekdays"],
        );
    }
}

fn at_the_hospital(town: &mut Builder, person: &Person, draw: &mut Draw) {
    let mut chart = town.chart(person, "hospital");
    let date = draw.between(1, 20);
    let since = format!("2026-12-{date:02} 18:10");
    let until = format!("2026-12-{date:02} 21:45");
    chart.by("aniket-deshpande", &until);
    let why = *draw.one_of(&[
        codes::CONCUSSION,
        codes::CHEST_PAIN,
        codes::FOREARM_FRACTURE,
    ]);
    let visit = (since.as_str(), until.as_str());
    let visit = chart.seen("emergency-department", "aniket-deshpande", visit, why);
    first_observations(&mut chart, 36.8, 98.0, f64::from(draw.between(64, 98)));
    chart.note_of(
        &visit,
        "Emergency note",
        "Seen, examined and sent home with advice.",
    );
    chart.letter(
        codes::EMERGENCY_NOTE,
        "Letter to the practice",
        "Your patient was seen in the emergency department this evening and went home well. \
         Please see them in a week.",
    );
}

fn past_morning(draw: &mut Draw) -> String {
    format!(
        "2026-{:02}-{:02} {:02}:{:02}",
        draw.between(3, 11),
        draw.between(1, 28),
        draw.between(9, 11),
        draw.between(0, 5) * 10
    )
}
