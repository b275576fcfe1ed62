//! Half a name beside the other half: "Name" beside "Vorname" is the surname, "nombre" beside
//! "apellidos" the first name.

use super::guess::Guess;
use super::roles::Role;
use super::table::{Column, Table};

/// So many rows are looked at.
const LOOKED_AT: usize = 500;
/// A whole name has the half that stands beside it in at least this part of its rows.
const SELDOM: usize = 5;

/// Says which half of a name a column holds that is called a name and no more, if the other half
/// stands beside it and is not in it.
pub(super) fn name_the_other(table: &Table, guesses: &mut [Guess]) {
    let only = |role: Role| {
        let mut of_role = (0..guesses.len()).filter(|at| has(guesses, *at, role));
        let (first, second) = (of_role.next(), of_role.next());
        first.filter(|_| second.is_none())
    };
    let has_any = |role: Role| (0..guesses.len()).any(|at| has(guesses, at, role));
    let halves = [
        (Role::GivenName, Role::FamilyName),
        (Role::FamilyName, Role::GivenName),
    ];
    let found = halves.into_iter().find_map(|(known, missing)| {
        let (whole, beside) = (only(Role::FullName)?, only(known)?);
        let (column, other) = (table.columns.get(whole)?, table.columns.get(beside)?);
        let is_half = !has_any(missing) && !repeats(table.len(), column, other);
        is_half.then(|| (whole, missing, other.name.clone()))
    });
    let Some((at, role, beside)) = found else {
        return;
    };
    if let Some(guess) = guesses.get_mut(at).filter(|guess| !guess.told) {
        guess.role = role;
        guess.because = format!("{}, and {beside} has the other half", guess.because);
    }
}

fn has(guesses: &[Guess], at: usize, role: Role) -> bool {
    guesses.get(at).is_some_and(|guess| guess.role == role)
}

/// Whether a column's values have those of another in them, more often than by chance.
fn repeats(rows: usize, column: &Column, other: &Column) -> bool {
    let step = rows.div_ceil(LOOKED_AT).max(1);
    let (mut both, mut repeated) = (0, 0);
    for row in (0..rows).step_by(step) {
        let (whole, half) = (
            column.value(row).to_lowercase(),
            other.value(row).to_lowercase(),
        );
        if !whole.is_empty() && !half.is_empty() {
            both += 1;
            repeated += usize::from(whole.contains(&half));
        }
    }
    repeated * SELDOM > both
}
