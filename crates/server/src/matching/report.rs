//! The report of a run as one page that needs nothing else: it can be kept beside the files it is
//! about, opened without a network, and read with a keyboard, a screen reader or on paper.
//!
//! It runs no script and loads nothing. Its own style sheet is allowed by its digest, so that it
//! keeps its looks under the strictest policy a site may have.

use std::fmt;
use std::io::{self, Write};

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use linkage::{Grade, Mode, Pair, Scope};
use sha2::{Digest as _, Sha256};

use super::job::{Beside, Clusters, Loaded, Matched};
use super::measure::{Band, Measured, Score, bands, measure};
use super::waterfall::{Step, steps};

/// The page's style sheet.
const STYLE: &str = include_str!("report.css");
/// Waterfalls shown for pairs that a rule decided.
const RULES_SHOWN: usize = 4;

#[derive(Template)]
#[template(path = "matching/report.html")]
struct Page<'a> {
    style: &'static str,
    style_digest: String,
    title: String,
    files: &'a [Loaded],
    linked: bool,
    counts: [(&'static str, usize, &'static str); 3],
    judged: usize,
    forbidden: usize,
    clusters: Clusters,
    histogram: Histogram,
    bands: Vec<Band>,
    expected: f64,
    scores: Vec<(&'static str, Score)>,
    reach: f64,
    examples: Vec<Example>,
    model: &'a linkage::Model,
    trained: bool,
    found_by: Vec<(&'static str, Grouped)>,
}

/// Writes the report.
///
/// # Errors
/// If it cannot be written.
pub fn write(matched: &Matched, out: &mut dyn Write) -> io::Result<()> {
    let page = page(matched).render().map_err(io::Error::other)?;
    out.write_all(page.as_bytes())
}

fn page(matched: &Matched) -> Page<'_> {
    let files = matched.ready.files.as_slice();
    let names = files.iter().filter_map(|file| file.table.path.file_name());
    let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
    let model = &matched.outcome.model;
    let measured = measure(matched);
    let found_by = matched.outcome.figures.found_by.iter();
    Page {
        style: STYLE,
        style_digest: STANDARD.encode(Sha256::digest(STYLE)),
        title: names.join(" and "),
        files,
        linked: matched.mode == Mode::Link,
        counts: [
            (
                "certain",
                matched.count(Grade::Certain),
                "one person: joined",
            ),
            (
                "probable",
                matched.count(Grade::Probable),
                "for somebody to decide",
            ),
            (
                "possible",
                matched.count(Grade::Possible),
                "worth a look if nothing better is found",
            ),
        ],
        judged: matched.outcome.pairs.len(),
        forbidden: matched
            .outcome
            .pairs
            .iter()
            .filter(|pair| pair.rule.is_some())
            .count(),
        clusters: matched.clusters(),
        histogram: Histogram::of(matched),
        bands: bands(matched),
        expected: matched.outcome.figures.expected_true,
        reach: measured.as_ref().map_or(0.0, |told| told.reach),
        scores: measured.as_ref().map_or_else(Vec::new, scores),
        examples: examples(matched),
        model,
        trained: model.scope == Scope::File,
        found_by: found_by
            .map(|(key, pairs)| (*key, Grouped(*pairs)))
            .collect(),
    }
}

fn scores(told: &Measured) -> Vec<(&'static str, Score)> {
    vec![
        ("certain", told.certain),
        ("probable or better", told.probable),
        ("within clusters", told.clusters),
    ]
}

/// How many pairs there are of each weight, as a picture.
struct Histogram {
    columns: Vec<Column>,
    marks: Vec<Mark>,
    width: usize,
}

/// The pairs of one bit.
struct Column {
    /// The least weight.
    bits: i32,
    pairs: usize,
    x: usize,
    y: usize,
    height: usize,
    class: &'static str,
}

/// A threshold in the picture.
struct Mark {
    x: f32,
    name: &'static str,
    bits: f32,
}

/// Weights beyond these stand in the outermost columns.
const BITS: std::ops::RangeInclusive<i32> = -30..=50;
/// Units of the picture.
const COLUMN: usize = 10;
const HIGH: usize = 180;

impl Histogram {
    fn of(matched: &Matched) -> Self {
        let model = &matched.outcome.model;
        let mut counts = vec![0usize; BITS.count()];
        for pair in &matched.outcome.pairs {
            let place = pair
                .weight
                .floor()
                .clamp(*BITS.start() as f32, *BITS.end() as f32) as i32;
            let place = usize::try_from(place - BITS.start()).unwrap_or_default();
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
        // Few pairs must be seen beside very many.
        let tall = |count: usize| (count as f64 + 1.0).ln();
        let most = counts.iter().copied().map(tall).fold(1.0, f64::max);
        let columns = BITS
            .zip(&counts)
            .enumerate()
            .map(|(place, (bits, &pairs))| {
                let height = (tall(pairs) / most * HIGH as f64).round() as usize;
                Column {
                    bits,
                    pairs,
                    x: place * COLUMN,
                    y: HIGH - height,
                    height,
                    class: model.grade(bits as f32 + 0.5).as_str(),
                }
            });
        let thresholds = [
            ("possible", model.possible),
            ("probable", model.probable),
            ("certain", model.certain),
        ];
        Self {
            columns: columns.collect(),
            marks: thresholds
                .into_iter()
                .map(|(name, bits)| Mark {
                    x: (bits - *BITS.start() as f32) * COLUMN as f32,
                    name,
                    bits,
                })
                .collect(),
            width: BITS.count() * COLUMN,
        }
    }
}

/// One pair with its waterfall.
struct Example {
    why: String,
    ids: [String; 2],
    beside: Vec<Beside>,
    steps: Vec<Bar>,
    weight: f32,
    probability: f32,
    grade: Grade,
    rule: Option<&'static str>,
}

/// A step of a waterfall as a picture: from the sum before to the sum after.
struct Bar {
    step: Step,
    x: f32,
    width: f32,
    class: &'static str,
}

/// Units of a waterfall's width.
const WIDE: f32 = 240.0;

/// Pairs from which one sees where the thresholds lie: the heaviest, those on either side of each
/// threshold, and one for each rule.
fn examples(matched: &Matched) -> Vec<Example> {
    let pairs = &matched.outcome.pairs;
    let of = |grade: Grade| pairs.iter().filter(move |pair| pair.grade == grade);
    let mut chosen: Vec<(&Pair, String)> = Vec::new();
    let mut add = |pair: Option<&'_ Pair>, why: &str| {
        if let Some(pair) = pair.and_then(|pair| pairs.iter().find(|one| *one == pair))
            && !chosen.iter().any(|(one, _)| *one == pair)
        {
            chosen.push((pair, why.to_owned()));
        }
    };
    add(of(Grade::Certain).next(), "The heaviest of all");
    add(
        of(Grade::Certain).next_back(),
        "The lightest that is certain",
    );
    add(of(Grade::Probable).next(), "The heaviest that is probable");
    add(
        of(Grade::Probable).next_back(),
        "The lightest that is probable",
    );
    add(
        of(Grade::Possible).next(),
        "The heaviest that is only possible",
    );
    let mut rules = Vec::new();
    for pair in pairs {
        if let Some(rule) = pair.rule.filter(|rule| !rules.contains(rule))
            && rules.len() < RULES_SHOWN
        {
            rules.push(rule);
            add(Some(pair), "Decided by a rule");
        }
    }
    let examples = chosen.into_iter();
    examples
        .filter_map(|(pair, why)| example(matched, pair, why))
        .collect()
}

fn example(matched: &Matched, pair: &Pair, why: String) -> Option<Example> {
    let ready = &matched.ready;
    let told = ready.explain(&matched.outcome.model, pair.left, pair.right)?;
    let steps = steps(&told);
    let sums = steps.iter().map(|step| step.sum);
    let least = sums.clone().fold(0.0, f32::min);
    let most = sums.fold(1.0, f32::max);
    let place = |bits: f32| (bits - least) / (most - least) * WIDE;
    let bars = steps.into_iter().map(|step| {
        let (one, other) = (place(step.sum - step.bits), place(step.sum));
        Bar {
            x: one.min(other),
            width: (one - other).abs().max(1.0),
            class: if step.bits < 0.0 { "against" } else { "for" },
            step,
        }
    });
    Some(Example {
        why,
        ids: [
            ready.id(pair.left).to_owned(),
            ready.id(pair.right).to_owned(),
        ],
        beside: ready.beside(pair.left, pair.right),
        steps: bars.collect(),
        weight: told.weight,
        probability: told.probability,
        grade: told.grade,
        rule: told.rule.map(linkage::Rule::reason),
    })
}

/// A number with its thousands apart: `1,204,118`.
#[derive(Debug, Clone, Copy)]
pub struct Grouped(pub u64);

impl From<usize> for Grouped {
    fn from(number: usize) -> Self {
        Self(number as u64)
    }
}

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut text = String::with_capacity(digits.len() + digits.len() / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        f.pad(&text)
    }
}

/// A count for the templates.
fn grouped(number: &usize) -> Grouped {
    Grouped::from(*number)
}

/// A share as the templates show it: `98.2 %`.
fn percent(part: &usize, whole: &usize) -> String {
    match whole {
        0 => "-".to_owned(),
        whole => format!("{:.1} %", *part as f64 / *whole as f64 * 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let shown: Vec<String> = [0, 999, 1_000, 1_204_118]
            .map(|number| Grouped(number).to_string())
            .to_vec();
        assert_eq!(shown, ["0", "999", "1,000", "1,204,118"]);
    }
}
