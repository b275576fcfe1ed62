//! Somebody judged as if nobody else were known.

use crate::compare::Comparer;
use crate::explain::explanation;
use crate::people::Row;
use crate::score::Scorer;
use crate::{Explanation, Model, People, Record};

/// Holds a record against one other, by a model and nothing else: how common a value is among other
/// records changes nothing. So can people be judged whose very presence must not show. `None` if
/// nobody may learn that the two were compared.
#[must_use]
pub fn judge_alone(model: &Model, sought: &Record, theirs: &Record) -> Option<Explanation> {
    let mut people = People::new();
    let row = people.add(theirs);
    let (units, guest) = people.visit(sought);
    let scorer = Scorer::new(model);
    let mut comparer = Comparer::with_guest(&people, &guest, model);
    let judged = scorer.judge(&mut comparer, &Row::read(&units), &people.row(row))?;
    Some(explanation(&scorer, &judged))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BirthDate, Grade, Identifier, NHS_SYSTEM, Name};

    fn iona(number: &str, protected: bool) -> Record {
        let mut record = Record {
            names: vec![Name {
                given: "Iona".to_owned(),
                family: "Dalgleish".to_owned(),
                ..Name::default()
            }],
            births: vec![BirthDate::parse("1988-02-11").unwrap()],
            identifiers: vec![Identifier {
                system: NHS_SYSTEM.to_owned(),
                value: number.to_owned(),
                ..Identifier::default()
            }],
            ..Record::default()
        };
        record.flags.protected = protected;
        record
    }

    #[test]
    fn a_protected_woman_is_found_by_her_number_and_by_nothing_else() {
        let model = Model::population();
        let kept = iona("9990000018", true);
        let by_number = judge_alone(&model, &iona("999 000 0018", false), &kept);
        assert_eq!(by_number.unwrap().grade, Grade::Certain);
        assert_eq!(judge_alone(&model, &iona("9990000026", false), &kept), None);
        assert_eq!(judge_alone(&model, &iona("", false), &kept), None);
    }
}
