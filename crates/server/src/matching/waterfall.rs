//! Why two records are of one person or of two, as a waterfall: the odds of any two records, and
//! what each comparison adds or takes away, in bits. One bit doubles the odds.

use std::fmt::Write as _;

use linkage::Explanation;

use super::job::Beside;

/// One step of a waterfall.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What is compared.
    pub what: String,
    /// How it agreed.
    pub how: String,
    /// Bits that it adds.
    pub bits: f32,
    /// Bits until then, this step included.
    pub sum: f32,
}

/// The steps from the odds of any two records to the weight.
#[must_use]
pub fn steps(explanation: &Explanation) -> Vec<Step> {
    let mut sum = explanation.prior;
    let mut steps = vec![Step {
        what: "any two records".to_owned(),
        how: String::new(),
        bits: explanation.prior,
        sum,
    }];
    for step in &explanation.steps {
        sum += step.bits;
        let how = match step.rarity {
            more if more >= 0.05 => format!("{}, rare (+{more:.1})", step.level),
            less if less <= -0.05 => format!("{}, frequent ({less:.1})", step.level),
            _ => step.level.clone(),
        };
        steps.push(Step {
            what: step.comparison.clone(),
            how,
            bits: step.bits,
            sum,
        });
    }
    steps
}

/// Columns of a bar to each side of nothing.
const BAR: usize = 16;

/// The waterfall for a terminal.
#[must_use]
pub fn drawn(explanation: &Explanation, beside: &[Beside], ids: [&str; 2]) -> String {
    let mut text = String::new();
    let wide = |of: &dyn Fn(&Beside) -> usize, least: usize| {
        beside.iter().map(of).max().unwrap_or_default().max(least)
    };
    let count = |value: &str| value.chars().count();
    let [left, right] = ids;
    let names = wide(&|row| count(&row.column), 6);
    let width = wide(&|row| count(&row.left), count(left));
    let _ = writeln!(text, "{:names$}    {left:width$}    {right}", "");
    for row in beside {
        let sign = if row.agrees() { "=" } else { " " };
        let (column, one, other) = (&row.column, &row.left, &row.right);
        let _ = writeln!(text, "{column:names$}  {sign} {one:width$}  {sign} {other}");
    }
    text.push('\n');
    let steps = steps(explanation);
    let what = steps
        .iter()
        .map(|step| count(&step.what))
        .max()
        .unwrap_or_default();
    let how = steps
        .iter()
        .map(|step| count(&step.how))
        .max()
        .unwrap_or_default();
    let most = steps.iter().map(|step| step.bits.abs()).fold(1.0, f32::max);
    for step in &steps {
        let bar = bar(step.bits, most);
        let line = format!(
            "{:what$}  {:how$}  {:+6.1}  {bar}",
            step.what, step.how, step.bits
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let _ = write!(
        text,
        "{:what$}  {:how$}  {:+6.1}  probability {:.6}: {}",
        "together",
        "",
        explanation.weight,
        explanation.probability,
        explanation.grade.as_str()
    );
    if let Some(rule) = explanation.rule {
        let _ = write!(text, "\na rule decided: {}", rule.reason());
    }
    text
}

/// Bits against on the left of the line, bits for on its right.
fn bar(bits: f32, most: f32) -> String {
    let length = (bits.abs() / most * BAR as f32).round() as usize;
    let blocks = "█".repeat(length.min(BAR));
    if bits < 0.0 {
        format!("{blocks:>BAR$}│")
    } else {
        format!("{:BAR$}│{blocks}", "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_against_stand_left_and_bits_for_right() {
        assert_eq!(bar(-8.0, 8.0), "████████████████│");
        assert_eq!(bar(4.0, 8.0), "                │████████");
        assert_eq!(bar(0.0, 8.0), "                │");
    }
}
