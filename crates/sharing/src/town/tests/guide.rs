//! What is said of the town elsewhere: its guide is complete, and its people are its own.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::Role;
use serde_json::Value;

use super::{json, objects, town};
use crate::town::{Town, directory};

const GUIDE: &str = include_str!("../../../../../docs/guide/town.md");

/// Every word of a name in the acceptance stories, whose people live somewhere else.
const NAMES_OF_STORIES: &str = "Ishbel Drummond Euan Okafor Lorna Pauline Heggie Sadia Mirza \
    Gregor Tulloch Rae Tendai Moyo Halina Wójcik Morven Gillespie Piotr Zając Colin Amara Eze \
    Tegan McAuslan Jude Demi Scott Rennie Femi Bello Isa Aileen Fyfe Bilal Hussain Ross Imrie \
    Nuala Devine Reilly Desmond Achebe Laird Rhona Cairns Ewan Lockhart Jacqui Todd Natalia Kerr \
    Craig Mutch Priyanka Rao Joel Adeyemi Effie McSween Rab Zofia Nowak Iain Lusk Ruth Adair \
    Bernadette Coyle Skye Paterson Imogen Vance Donna Gail Ure";

/// Every text of a resource, attachments read.
fn texts(value: &Value, found: &mut Vec<String>) {
    objects(value, &mut |fields| {
        for (field, value) in fields {
            let Value::String(text) = value else { continue };
            match field.as_str() {
                "data" => found.push(String::from_utf8(STANDARD.decode(text).unwrap()).unwrap()),
                _ => found.push(text.clone()),
            }
        }
    });
}

fn assert_told_of_nobody_else(texts: &[String]) {
    let elsewhere: BTreeSet<&str> = NAMES_OF_STORIES.split_whitespace().collect();
    for text in texts {
        for word in text.split(|letter: char| !letter.is_alphabetic()) {
            assert!(!elsewhere.contains(word), "{word} in {text}");
        }
    }
}

#[test]
fn the_people_of_the_acceptance_stories_live_elsewhere() {
    let demo = town();
    let mut words: Vec<String> = demo
        .workers
        .iter()
        .map(|worker| worker.name.clone())
        .collect();
    for contribution in &demo.contributions {
        texts(&json(contribution), &mut words);
    }
    assert_told_of_nobody_else(&words);
    for seed in 2..6 {
        let names = Town::generate(seed)
            .people
            .into_iter()
            .map(|person| person.name);
        assert_told_of_nobody_else(&names.collect::<Vec<_>>());
    }
}

#[test]
fn the_guide_lists_everyone_of_the_demo_town() {
    let town = town();
    for person in &town.people {
        let signs_in = if person.can_sign_in { "yes" } else { "no" };
        let row = format!(
            "| `{}` | {} | {} | {signs_in} |",
            person.key, person.name, person.situation
        );
        assert!(
            GUIDE.contains(&row),
            "docs/guide/town.md lacks this row:\n{row}"
        );
    }
    for worker in town
        .workers
        .iter()
        .filter(|worker| worker.role != Role::System)
    {
        let title = directory::job_title(worker.id.as_str());
        let row = format!(
            "| `{}` | {} | {title} | {} |",
            worker.id,
            worker.name,
            worker.role.words()
        );
        assert!(
            GUIDE.contains(&row),
            "docs/guide/town.md lacks this row:\n{row}"
        );
    }
}
