//! How far two texts are apart. Both measures work on bytes: folded names are ASCII but for scripts
//! without a Latin form, where a letter then counts as the two or three bytes it has.

/// Longer text is cut for comparison: nobody is told apart by the sixty-fifth letter.
const LONGEST: usize = 64;

/// Jaro-Winkler similarity (Winkler 1990) from 0 to 1, with his prefix weight of 0.1.
pub(crate) fn jaro_winkler(one: &[u8], other: &[u8]) -> f32 {
    let one = one.get(..LONGEST).unwrap_or(one);
    let other = other.get(..LONGEST).unwrap_or(other);
    if one == other {
        return 1.0;
    }
    let jaro = jaro(one, other);
    let prefix = one
        .iter()
        .zip(other)
        .take(4)
        .take_while(|(left, right)| left == right)
        .count();
    jaro + prefix as f32 * 0.1 * (1.0 - jaro)
}

fn jaro(one: &[u8], other: &[u8]) -> f32 {
    let longest = one.len().max(other.len());
    let window = (longest / 2).saturating_sub(1);
    let (mut taken_one, mut taken_other) = (0_u64, 0_u64);
    for (at, letter) in one.iter().enumerate() {
        let from = at.saturating_sub(window);
        let found = other
            .iter()
            .enumerate()
            .skip(from)
            .take(at + window + 1 - from)
            .find(|(place, theirs)| *theirs == letter && taken_other & (1 << place) == 0);
        if let Some((place, _)) = found {
            taken_one |= 1 << at;
            taken_other |= 1 << place;
        }
    }
    let matches = taken_one.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let moved = taken(one, taken_one)
        .zip(taken(other, taken_other))
        .filter(|(left, right)| left != right)
        .count();
    let matches = matches as f32;
    let transposed = (moved / 2) as f32;
    (matches / one.len() as f32 + matches / other.len() as f32 + (matches - transposed) / matches)
        / 3.0
}

fn taken(letters: &[u8], mask: u64) -> impl Iterator<Item = u8> {
    letters
        .iter()
        .enumerate()
        .filter(move |(at, _)| mask & (1 << at) != 0)
        .map(|(_, letter)| *letter)
}

/// Whether at most `most` insertions, deletions, changes or swaps of neighbours (the optimal string
/// alignment distance) make one text the other; gives the number.
pub(crate) fn edits_within(one: &[u8], other: &[u8], most: usize) -> Option<usize> {
    let (one, other) = without_common_ends(one, other);
    if one.len().abs_diff(other.len()) > most || one.len() > LONGEST || other.len() > LONGEST {
        return None;
    }
    if one.is_empty() || other.is_empty() {
        return Some(one.len().max(other.len()));
    }
    if most == 1 {
        // With equal ends cut off, one slip leaves one letter, or two that changed places.
        let slip = match (one, other) {
            ([_], [_]) => true,
            ([first, second], [third, fourth]) => first == fourth && second == third,
            _ => false,
        };
        return slip.then_some(1);
    }
    let distance = alignment(one, other);
    (distance <= most).then_some(distance)
}

fn without_common_ends<'a>(one: &'a [u8], other: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let same = |(left, right): &(&u8, &u8)| left == right;
    let prefix = one.iter().zip(other).take_while(same).count();
    let (one, other) = (
        one.get(prefix..).unwrap_or_default(),
        other.get(prefix..).unwrap_or_default(),
    );
    let suffix = one
        .iter()
        .rev()
        .zip(other.iter().rev())
        .take_while(same)
        .count();
    (
        one.get(..one.len() - suffix).unwrap_or_default(),
        other.get(..other.len() - suffix).unwrap_or_default(),
    )
}

/// Three rows of the table are enough: a swap looks two rows up.
fn alignment(one: &[u8], other: &[u8]) -> usize {
    // Nothing is allocated: a search for one person aligns hundreds of texts.
    let mut above = [usize::MAX / 2; LONGEST + 1];
    let mut row: [usize; LONGEST + 1] = std::array::from_fn(|place| place);
    let mut previous = None;
    for (line, letter) in one.iter().enumerate() {
        let mut next = [usize::MAX / 2; LONGEST + 1];
        set(&mut next, 0, line + 1);
        let mut left = line + 1;
        for (column, theirs) in other.iter().enumerate() {
            let at =
                |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&row, column) + usize::from(letter != theirs);
            let mut best = changed.min(left + 1).min(at(&row, column + 1) + 1);
            let before = column.checked_sub(1).and_then(|place| other.get(place));
            if before == Some(letter) && previous == Some(theirs) {
                best = best.min(at(&above, column - 1) + 1);
            }
            set(&mut next, column + 1, best);
            left = best;
        }
        above = std::mem::replace(&mut row, next);
        previous = Some(letter);
    }
    row.get(other.len()).copied().unwrap_or(0)
}

fn set(row: &mut [usize], place: usize, value: usize) {
    if let Some(cell) = row.get_mut(place) {
        *cell = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similar(one: &str, other: &str) -> f32 {
        (jaro_winkler(one.as_bytes(), other.as_bytes()) * 1000.0).round() / 1000.0
    }

    #[test]
    fn jaro_winkler_gives_the_published_values() {
        // Winkler's own examples.
        assert_eq!(similar("martha", "marhta"), 0.961);
        assert_eq!(similar("dwayne", "duane"), 0.84);
        assert_eq!(similar("dixon", "dicksonx"), 0.813);
        assert_eq!(similar("anne", "xyz"), 0.0);
        assert_eq!(similar("", ""), 1.0);
        assert_eq!(similar("", "anne"), 0.0);
    }

    #[test]
    fn slips_of_the_hand_are_counted() {
        let edits = |one: &str, other: &str| edits_within(one.as_bytes(), other.as_bytes(), 2);
        assert_eq!(edits("19530823", "19530823"), Some(0));
        assert_eq!(edits("2308531959", "2308539159"), Some(1));
        assert_eq!(edits("4804974", "480494"), Some(1));
        assert_eq!(edits("1804974", "8104947"), Some(2));
        assert_eq!(edits("1804974", "5218822"), None);
    }

    #[test]
    fn one_slip_is_found_without_an_alignment() {
        let letters = [
            "", "a", "b", "ab", "ba", "aab", "aba", "bab", "abba", "baba", "babab",
        ];
        for one in letters {
            for other in letters {
                let (one, other) = (one.as_bytes(), other.as_bytes());
                let aligned = alignment(one, other);
                let within = (aligned <= 1).then_some(aligned);
                assert_eq!(edits_within(one, other, 1), within, "{one:?} {other:?}");
            }
        }
    }
}
