//! debug scenarios
#[path = "../tests/measured/data.rs"]
#[expect(dead_code, reason = "x")]
mod data;
use linkage::*;
fn main() {
    let model = Model::population();
    let (mut ok, mut n) = (0, 0);
    for s in data::scenarios().unwrap() {
        let mut people = People::new();
        people.add(&s.sides[0]);
        people.add(&s.sides[1]);
        let e = explain(&people, &model, 0, 1);
        n += 1;
        match e {
            None => {
                if s.grade == "certainly-not" {
                    ok += 1
                } else {
                    println!("{} expected {} got sealed", s.name, s.grade)
                }
            }
            Some(e) => {
                let good = e.grade.as_str() == s.grade;
                ok += usize::from(good);
                if !good || std::env::args().nth(1).is_some() {
                    println!(
                        "{} {} expected {} got {} {:?} w {:.1}: {}",
                        if good { "ok " } else { "BAD" },
                        s.name,
                        s.grade,
                        e.grade.as_str(),
                        e.rule,
                        e.weight,
                        e.steps
                            .iter()
                            .map(|s| format!("{}={}({:.1})", s.comparison, s.level, s.bits))
                            .collect::<Vec<_>>()
                            .join("; ")
                    );
                }
            }
        }
    }
    println!("{ok}/{n}");
}
