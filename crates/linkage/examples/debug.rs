//! debug
#[path = "../tests/measured/data.rs"]
#[expect(dead_code, reason = "x")]
mod data;
use linkage::*;
use std::collections::*;
fn main() {
    let name = std::env::args().nth(1).unwrap();
    let (l, mode) = match name.as_str() {
        "febrl3" => (data::febrl3(), Mode::Dedupe),
        "febrl4nossid" => (data::febrl4_without_number(), Mode::Link),
        "febrl4" => (data::febrl4(), Mode::Link),
        "h50k" => (data::historical(), Mode::Dedupe),
        _ => (data::fake(), Mode::Dedupe),
    };
    let l = l.unwrap();
    let o = resolve(
        &l.people,
        &Options {
            mode,
            ..Options::default()
        },
        &(),
    );
    let show = |a: u32, b: u32| {
        let e = explain(&l.people, &o.model, a, b);
        let Some(e) = e else {
            println!("sealed");
            return;
        };
        println!(
            "{} {} w {:.1}: {}",
            l.ids[a as usize],
            l.ids[b as usize],
            e.weight,
            e.steps
                .iter()
                .map(|s| format!("{}={}({:.1})", s.comparison, s.level, s.bits))
                .collect::<Vec<_>>()
                .join("; ")
        );
    };
    let mut by: HashMap<&str, Vec<u32>> = HashMap::new();
    for (i, t) in l.truth.iter().enumerate() {
        by.entry(t).or_default().push(i as u32);
    }
    let have: HashSet<(u32, u32)> = o.pairs.iter().map(|p| (p.left, p.right)).collect();
    let mut n = 0;
    let mut sig: HashMap<String, usize> = HashMap::new();
    let mut weights = vec![];
    for v in by.values() {
        for (i, a) in v.iter().enumerate() {
            for b in &v[i + 1..] {
                if !have.contains(&(*a, *b)) {
                    n += 1;
                    let e = explain(&l.people, &o.model, *a, *b).unwrap();
                    weights.push(e.weight);
                    let s = e
                        .steps
                        .iter()
                        .filter(|s| {
                            ["given", "family", "birth", "postcode"]
                                .contains(&s.comparison.as_str())
                        })
                        .map(|s| format!("{}={}", s.comparison, s.level))
                        .collect::<Vec<_>>()
                        .join("; ");
                    *sig.entry(s).or_default() += 1;
                    if n < 15 {
                        show(*a, *b);
                    }
                }
            }
        }
    }
    println!("missed {n}");
    let mut s: Vec<_> = sig.into_iter().collect();
    s.sort_by_key(|x| std::cmp::Reverse(x.1));
    for (k, c) in s.iter().take(40) {
        println!("{c} {k}");
    }
    weights.sort_by(f32::total_cmp);
    for q in [0.1, 0.25, 0.5, 0.75, 0.9] {
        if !weights.is_empty() {
            println!(
                "missed weight q{q} {:.1}",
                weights[(weights.len() as f64 * q) as usize]
            );
        }
    }
    println!("-- lowest true pairs in candidates below certain");
    let mut k = 0;
    for p in o.pairs.iter().filter(|p| {
        l.truth[p.left as usize] == l.truth[p.right as usize] && p.weight < o.model.certain
    }) {
        k += 1;
        if k % (1 + n.max(200) / 40) == 0 && k < 4000 {
            show(p.left, p.right);
        }
    }
    println!("-- highest false");
    for p in o
        .pairs
        .iter()
        .filter(|p| l.truth[p.left as usize] != l.truth[p.right as usize])
        .take(12)
    {
        show(p.left, p.right);
    }
}
