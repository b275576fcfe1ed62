//! A contributed Patient: whose subject it is, and where the rows about it live.

use domain::{HomeId, PersonId, ResourceId};
use fhir::Document;
use linkage::{Identity, certainly_same, is_national_number};
use policy::Internal;
use store::{FindKeys, SubjectKeys, Write};

use super::arriving::{Described, Fit, Known, arrive};
use super::changing::look_again;
use super::draft::{Draft, Place};
use crate::Error;
use crate::identity::describe;

/// More people than this sharing one national number is a broken number, not a person.
const CANDIDATES: u32 = 10;

/// Places a Patient: with the person it already is, with the one it certainly matches, or with a
/// new one. A doubt makes a new person; joining is a steward's decision.
pub(super) async fn place(
    draft: &mut Draft<'_>,
    document: &Document<'_>,
    id: ResourceId,
) -> Result<Place, Error> {
    let known = draft.person_of(id).await?;
    let described = described(draft, document).await?;
    let (arrival, (person, home), rule) = match known {
        Some((person, home)) => {
            let arrival = look_again(draft, &described, Known { id, person }).await?;
            (arrival, (person, home), "same")
        }
        None => {
            let arrival = arrive(draft, &described, None).await?;
            match arrival.certain {
                Some(fit) => (arrival, (fit.person, fit.home), "certain"),
                None => (arrival, new_person(draft)?, "new"),
            }
        }
    };
    let keys = described.keys;
    draft.people.insert(id, (person, home));
    draft.patients.push((id, keys.clone()));
    let custodian = draft.custodian.clone();
    draft.write_row(Write::Subject {
        subject: id,
        home,
        person,
        origin: match arrival.certain {
            Some(_) => PersonId(draft.cx.draw()),
            None => person,
        },
        custodian: custodian.clone(),
        rule: rule.to_owned(),
        keys,
    });
    arrival.write(draft, (id, person, home), &custodian).await?;
    Ok(Place {
        home,
        subject: Some(id),
        person: Some(person),
    })
}

async fn described(draft: &mut Draft<'_>, document: &Document<'_>) -> Result<Described, Error> {
    let keys = keys(document)?;
    Ok(Described {
        record: describe(document),
        certain: certain_matches(draft, &keys).await?,
        keys,
    })
}

/// Everybody whom these details certainly fit by a national number, those of the same change among
/// them. More than one is a doubt.
async fn certain_matches(draft: &mut Draft<'_>, keys: &SubjectKeys) -> Result<Vec<Fit>, Error> {
    let national: Vec<(String, String)> = keys
        .identifiers
        .iter()
        .filter(|(system, value)| is_national_number(system, value))
        .cloned()
        .collect();
    if national.is_empty() {
        return Ok(Vec::new());
    }
    let sought = FindKeys {
        identifiers: national,
        ..FindKeys::default()
    };
    let identity = identity(keys);
    let mut matches = Vec::new();
    for found in draft
        .snapshot
        .find(Internal::MatchIndex, &sought, CANDIDATES)
        .await?
    {
        if let Some((subject, _)) = found
            .subjects
            .iter()
            .find(|(_, theirs)| certainly_same(&identity, &self::identity(theirs)))
        {
            matches.push(Fit {
                person: found.person,
                home: subject.home,
                subject: subject.id,
            });
        }
    }
    for (subject, theirs) in &draft.patients {
        if certainly_same(&identity, &self::identity(theirs)) {
            matches.extend(draft.people.get(subject).map(|(person, home)| Fit {
                person: *person,
                home: *home,
                subject: *subject,
            }));
        }
    }
    Ok(matches)
}

fn new_person(draft: &mut Draft<'_>) -> Result<(PersonId, HomeId), Error> {
    let cx = draft.cx;
    let (person, home) = (PersonId(cx.draw()), HomeId(cx.draw()));
    let wrapped_key = cx.keys.new_home(cx.draw(), cx.draw())?;
    draft.write_row(Write::Home { home, wrapped_key });
    Ok((person, home))
}

/// What a Patient can be found by; nothing yet for a newborn, or for somebody brought in who cannot
/// say who they are.
fn keys(document: &Document<'_>) -> Result<SubjectKeys, Error> {
    let patient = fhir::patient::read(document).map_err(Error::invalid)?;
    let mut names: Vec<String> = patient
        .names
        .iter()
        .flat_map(fhir::patient::PersonName::parts)
        .flat_map(|part| name_parts(&part))
        .collect();
    names.sort_unstable();
    names.dedup();
    Ok(SubjectKeys {
        names,
        birth_date: patient.birth_date,
        identifiers: patient
            .identifiers
            .into_iter()
            .map(|(system, value)| (system, compact(&value)))
            .collect(),
        postcode: patient
            .postcode
            .map(|postcode| compact(&fhir::search::fold(&postcode))),
    })
}

/// A name part whole and in its pieces: "McNeil-Reid" is found as "mcneil-reid", "mcneil", "reid".
pub(crate) fn name_parts(text: &str) -> Vec<String> {
    let whole = fhir::search::fold(text);
    let mut parts: Vec<String> = whole
        .split(|letter: char| !letter.is_alphanumeric() && letter != '\'')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    parts.push(whole);
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// An identifier or postcode without the separators that people put in for reading.
pub(crate) fn compact(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .collect()
}

fn identity(keys: &SubjectKeys) -> Identity {
    Identity {
        names: keys.names.clone(),
        birth_date: keys.birth_date.clone(),
        identifiers: keys.identifiers.clone(),
    }
}
