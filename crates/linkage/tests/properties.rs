//! What holds whatever the records say.

use std::collections::HashSet;

use linkage::{
    Address, BirthDate, CHI_SYSTEM, Constraints, Explanation, Flags, Grade, Identifier, Index,
    Mode, Model, Name, Options, People, Record, Sex, cluster, explain, resolve, score,
};
use proptest::prelude::*;

/// A small town: few names, few dates, few addresses, so that everybody is easily mistaken.
fn somebody() -> impl Strategy<Value = Record> {
    let given = prop::sample::select(vec![
        "Agnes", "Senga", "Ava", "Eva", "William", "Wullie", "Twin 1", "Twin 2", "",
    ]);
    let family = prop::sample::select(vec![
        "Ross",
        "McNeil",
        "MacNeil",
        "Kaur",
        "Smith-Jones",
        "Jones",
        "",
    ]);
    let birth = prop::sample::select(vec![
        "1941-03-02",
        "1941-02-03",
        "1958-03-15",
        "1987-06-20",
        "2015-05-20",
        "1990-01-01",
        "1941",
        "",
    ]);
    let postcode = prop::sample::select(vec!["KY1 2AB", "IV30 1AA", "ZZ99 3VZ", ""]);
    let chi = prop::sample::select(vec![
        "",
        "",
        "1203842147",
        "2005154148",
        "405625081",
        "1111111111",
    ]);
    let flags = prop::sample::select(vec!["", "", "", "sealed", "protected", "multiple-birth"]);
    let sex = prop::sample::select(vec!["F", "M", ""]);
    (given, family, birth, postcode, chi, flags, sex).prop_map(
        |(given, family, birth, postcode, chi, flags, sex)| Record {
            source: "gp".to_owned(),
            names: vec![Name {
                given: given.to_owned(),
                family: family.to_owned(),
                ..Name::default()
            }],
            births: BirthDate::parse(birth).into_iter().collect(),
            sex: Sex::parse(sex),
            identifiers: vec![Identifier {
                system: CHI_SYSTEM.to_owned(),
                value: chi.to_owned(),
                ..Identifier::default()
            }],
            addresses: vec![Address {
                postcode: postcode.to_owned(),
                lines: vec!["3 Moss Street".to_owned()],
                ..Address::default()
            }],
            flags: Flags::parse(flags),
            ..Record::default()
        },
    )
}

/// Somebody of whom more is known: a second date of birth, a number of a hospital.
fn somebody_known_twice() -> impl Strategy<Value = Record> {
    let number = prop::sample::select(vec!["", "", "H100231", "H100232", "H200777"]);
    (somebody(), somebody(), number).prop_map(|(mut record, other, number)| {
        record.births.extend(other.births);
        record.identifiers.extend(other.identifiers);
        record.identifiers.push(Identifier {
            system: "hospital".to_owned(),
            value: number.to_owned(),
            ..Identifier::default()
        });
        record
    })
}

fn all_pairs(count: usize) -> Vec<(u32, u32)> {
    let count = count as u32;
    (0..count)
        .flat_map(|left| (left + 1..count).map(move |right| (left, right)))
        .collect()
}

fn people(records: &[Record]) -> People {
    let mut people = People::new();
    for record in records {
        people.add(record);
    }
    people
}

/// Which records are together, by their places in the original order.
fn together(clusters: &[u32], order: &[usize]) -> HashSet<(usize, usize)> {
    all_pairs(order.len())
        .into_iter()
        .map(|(left, right)| (left as usize, right as usize))
        .filter(|(left, right)| clusters[*left] == clusters[*right])
        .map(|(left, right)| (order[left].min(order[right]), order[left].max(order[right])))
        .collect()
}

fn forbids(told: &Option<Explanation>) -> bool {
    told.as_ref()
        .is_none_or(|told| told.rule.is_some() && told.grade <= Grade::Possible)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_does_not_matter_who_is_compared_with_whom(one in somebody(), other in somebody()) {
        let model = Model::population();
        let forth = explain(&people(&[one.clone(), other.clone()]), &model, 0, 1);
        let back = explain(&people(&[other, one]), &model, 0, 1);
        prop_assert_eq!(forth, back);
    }

    #[test]
    fn prior_and_steps_make_the_weight(one in somebody(), other in somebody()) {
        if let Some(told) = explain(&people(&[one, other]), &Model::population(), 0, 1) {
            let steps: f32 = told.steps.iter().map(|step| step.bits).sum();
            prop_assert!((told.prior + steps - told.weight).abs() < 0.01);
        }
    }

    #[test]
    fn nobody_is_joined_against_a_rule_or_a_steward_not_even_by_a_detour(
        records in prop::collection::vec(somebody(), 2..14),
        cannot in prop::collection::vec((0_u32..14, 0_u32..14), 0..4),
        at in -30.0_f32..20.0,
    ) {
        let (model, people) = (Model::population(), people(&records));
        let constraints = Constraints { cannot: cannot.clone(), must: Vec::new() };
        let pairs = score(&people, &model, &all_pairs(records.len()), &());
        let made = cluster(&people, &model, &pairs, Mode::Dedupe, &constraints, at);
        for (left, right) in all_pairs(records.len()) {
            if made[left as usize] == made[right as usize] {
                prop_assert!(!cannot.contains(&(left, right)) && !cannot.contains(&(right, left)));
                prop_assert!(!forbids(&explain(&people, &model, left, right)));
            }
        }
    }

    #[test]
    fn the_order_of_the_records_does_not_matter(
        records in prop::collection::vec(somebody(), 2..12),
        shuffle in Just((0..12_usize).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let order: Vec<usize> = shuffle.into_iter().filter(|at| *at < records.len()).collect();
        let shuffled: Vec<Record> = order.iter().map(|at| records[*at].clone()).collect();
        let straight: Vec<usize> = (0..records.len()).collect();
        let joined = |records: &[Record], order: &[usize]| {
            let outcome = resolve(&people(records), &Options::default(), &());
            together(&outcome.clusters, order)
        };
        prop_assert_eq!(joined(&records, &straight), joined(&shuffled, &order));
    }

    #[test]
    fn settling_an_index_changes_nothing(
        records in prop::collection::vec(somebody(), 1..20),
        removed in prop::collection::vec(0_u64..20, 0..8),
        sought in somebody(),
    ) {
        let mut index = Index::new(Model::population());
        for (key, record) in records.iter().enumerate() {
            index.add(key as u64, record);
        }
        for key in removed {
            index.remove(key);
        }
        let before = index.find(&sought, 50);
        index.settle();
        prop_assert_eq!(before, index.find(&sought, 50));
    }

    #[test]
    fn a_search_finds_exactly_whom_a_comparison_of_everything_would(
        records in prop::collection::vec(somebody_known_twice(), 1..30),
        sought in somebody_known_twice(),
    ) {
        let known = records.iter().enumerate().map(|(key, record)| (key as u64, record.clone()));
        let index = Index::of(Model::population(), known);
        let mut compared: Vec<_> = index
            .near(&sought)
            .into_iter()
            .filter_map(|key| Some((key, index.explain(&sought, key)?)))
            .filter(|(_, told)| told.grade > Grade::CertainlyNot)
            .map(|(key, told)| (key, told.weight.to_bits(), told.grade, told.rule))
            .collect();
        let mut found: Vec<_> = index
            .find(&sought, 50)
            .into_iter()
            .map(|hit| (hit.key, hit.weight.to_bits(), hit.grade, hit.rule))
            .collect();
        compared.sort_unstable();
        found.sort_unstable();
        prop_assert_eq!(found, compared);
    }

    #[test]
    fn whoever_came_and_went_left_no_trace(
        stay in prop::collection::vec(somebody(), 1..12),
        pass in prop::collection::vec(somebody(), 1..12),
        sought in somebody(),
    ) {
        let known = stay.iter().enumerate().map(|(key, record)| (key as u64, record.clone()));
        let straight = Index::of(Model::population(), known);
        let mut index = Index::new(Model::population());
        for (key, record) in pass.iter().enumerate() {
            index.add(key as u64, record);
        }
        for (key, record) in stay.iter().enumerate() {
            index.add(key as u64, record);
        }
        for key in stay.len()..pass.len() {
            index.remove(key as u64);
        }
        prop_assert_eq!(straight.find(&sought, 50), index.find(&sought, 50));
        index.settle();
        prop_assert_eq!(straight.find(&sought, 50), index.find(&sought, 50));
    }
}
