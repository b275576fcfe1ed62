//! Questions drawn by chance, feature by feature: what joins one resource to another is where masks are
//! forgotten.

use fhir::search::{ParamKind, SearchParam, param_of, params_of};

use crate::ask::Ask;
use crate::asks::{encoded, everything, search};
use crate::known::{Knowledge, Known};

/// Something that a question can ask for, with a place of its own where a mask is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// By one value.
    Value,
    /// By several conditions at once.
    Together,
    /// What has no such value, or another.
    Absent,
    /// How many there are.
    Count,
    /// In an order, page by page.
    Sorted,
    /// In a person's compartment.
    Compartment,
    /// Of several types at once.
    Types,
    /// Of several types, in an order and page by page.
    TypesSorted,
    /// By what a resource refers to.
    Chain,
    /// By what refers to it.
    Reverse,
    /// With what it refers to.
    Include,
    /// With what that refers to.
    IncludeIterate,
    /// With what refers to it.
    RevInclude,
    /// With what refers to it, and what refers to that.
    RevIncludeIterate,
    /// The versions of a type.
    History,
    /// The whole record, in part and page by page.
    Everything,
}

pub const EVERY_FEATURE: [Feature; 16] = [
    Feature::Value,
    Feature::Together,
    Feature::Absent,
    Feature::Count,
    Feature::Sorted,
    Feature::Compartment,
    Feature::Types,
    Feature::TypesSorted,
    Feature::Chain,
    Feature::Reverse,
    Feature::Include,
    Feature::IncludeIterate,
    Feature::RevInclude,
    Feature::RevIncludeIterate,
    Feature::History,
    Feature::Everything,
];

/// Chance that repeats.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides.max(1)
    }

    fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.roll(list.len())]
    }
}

/// Questions of some features in turn, without end.
pub fn generated<'k>(
    knowledge: &'k Knowledge,
    features: &'k [Feature],
    seed: u64,
) -> impl Iterator<Item = Ask> + 'k {
    let mut dice = Dice::new(seed);
    let records: Vec<&Known> = knowledge
        .all()
        .filter(|known| known.resource_type != "Patient")
        .collect();
    (0..).map(move |turn| {
        let feature = features[turn % features.len()];
        loop {
            let known = dice.pick(&records);
            if let Some(ask) = about(&mut dice, feature, known) {
                return ask;
            }
        }
    })
}

fn about(dice: &mut Dice, feature: Feature, known: &Known) -> Option<Ask> {
    let (rtype, patient) = (known.resource_type.as_str(), known.patient);
    let own = format!("patient={patient}");
    let query = match feature {
        Feature::Value => format!("{own}&{}", condition(dice, known)?),
        Feature::Together => {
            format!(
                "{own}&{}&{}",
                condition(dice, known)?,
                condition(dice, known)?
            )
        }
        Feature::Absent => {
            let param = any_param(dice, rtype)?;
            let value = ["true", "false"][dice.roll(2)];
            format!("{own}&{}:missing={value}", param.name)
        }
        Feature::Count => {
            let how = ["_summary=count", "_count=0", "_count=1&_total=accurate"];
            format!("{own}&{}&{}", condition(dice, known)?, dice.pick(&how))
        }
        Feature::Sorted => {
            let (param, sign) = (any_param(dice, rtype)?, ["", "-"][dice.roll(2)]);
            format!(
                "{own}&_sort={sign}{}&_count={}",
                param.name,
                1 + dice.roll(6)
            )
        }
        Feature::Compartment => {
            let condition = condition(dice, known)?;
            return Some(Ask::get(format!(
                "/fhir/Patient/{patient}/{rtype}?{condition}"
            )));
        }
        Feature::Types | Feature::TypesSorted => {
            return Some(of_types(dice, feature, known));
        }
        Feature::Chain => return chain(dice, known),
        Feature::Reverse => return reverse(dice, known),
        Feature::Include | Feature::IncludeIterate => return include(dice, known, feature),
        Feature::RevInclude | Feature::RevIncludeIterate => return referring(dice, known, feature),
        Feature::History => {
            let count = 1 + dice.roll(30);
            let since = 1 + dice.roll(11);
            let query =
                format!("patient={patient}&_count={count}&_since=2027-01-{since:02}T00:00:00Z");
            let whole = format!("patient={patient}&_count={count}");
            let both = [query, whole];
            let query = dice.pick(&both);
            return Some(Ask::get(format!("/fhir/{rtype}/_history?{query}")));
        }
        Feature::Everything => {
            let count = 1 + dice.roll(60);
            let day = 1 + dice.roll(28);
            let parts = [
                format!("_count={}", 40 + count),
                format!("_type={rtype}&_count={count}"),
                format!("_since=2026-12-{day:02}T00:00:00Z&_count={}", 20 + count),
                format!(
                    "start=2026-{:02}-{day:02}&_count={}",
                    1 + dice.roll(12),
                    20 + count
                ),
            ];
            return Some(everything(patient, dice.pick(&parts).as_str()));
        }
    };
    Some(search(rtype, &query))
}

/// A condition that the resource meets, or one that it does not.
fn condition(dice: &mut Dice, known: &Known) -> Option<String> {
    let valued: Vec<(&'static SearchParam, &str)> = params_of(&known.resource_type)
        .filter(|param| !matches!(param.name, "patient" | "subject" | "beneficiary"))
        .filter_map(|param| Some((param, known.value(param)?)))
        .collect();
    if valued.is_empty() {
        return None;
    }
    let (param, value) = *dice.pick(&valued);
    let (modifier, prefix) = match param.kind {
        ParamKind::Token => (["", "", ":not"][dice.roll(3)], ""),
        ParamKind::String => (["", ":contains", ":exact"][dice.roll(3)], ""),
        ParamKind::Date => ("", ["", "ge", "le", "ne", "sa", "ap"][dice.roll(6)]),
        ParamKind::Number | ParamKind::Quantity => ("", ["", "ge", "le", "ne"][dice.roll(4)]),
        ParamKind::Uri => (["", ":below"][dice.roll(2)], ""),
        _ => ("", ""),
    };
    let value = encoded(&format!("{prefix}{value}"));
    Some(format!("{}{modifier}={value}", param.name))
}

fn any_param(dice: &mut Dice, rtype: &str) -> Option<&'static SearchParam> {
    let all: Vec<&SearchParam> = params_of(rtype)
        .filter(|param| !param.paths.is_empty() && param.name != "_id")
        .collect();
    (!all.is_empty()).then(|| *dice.pick(&all))
}

/// A search of the whole interface, for a type and others beside it or for every type, by what all
/// types have or by what one of them says.
fn of_types(dice: &mut Dice, feature: Feature, known: &Known) -> Ask {
    let (rtype, patient) = (&known.resource_type, known.patient);
    let types = match dice.roll(4) {
        0 => String::new(),
        1 => format!("&_type={rtype}"),
        2 => format!("&_type={rtype},Patient,Encounter"),
        _ => format!("&_type=Observation,{rtype},Condition"),
    };
    let count = 1 + dice.roll(40);
    let day = 1 + dice.roll(28);
    let asked = match dice.roll(4) {
        0 => format!("_lastUpdated=ge2026-12-{day:02}"),
        1 => condition(dice, known).unwrap_or_default(),
        2 => format!("_id={}", known.id),
        _ => "_summary=count".to_owned(),
    };
    let how = match feature {
        Feature::TypesSorted => {
            let key = ["_lastUpdated", "-_lastUpdated", "_id", "_tag"][dice.roll(4)];
            format!("_sort={key}&_count={count}")
        }
        _ => format!("{asked}&_count={count}"),
    };
    match dice.roll(3) {
        0 => Ask::get(format!("/fhir/Patient/{patient}/*?{how}{types}")),
        _ => Ask::get(format!("/fhir?patient={patient}&{how}{types}")),
    }
}

/// From a finding that names something to what it says.
fn chain(dice: &mut Dice, known: &Known) -> Option<Ask> {
    let (rtype, patient) = (&known.resource_type, known.patient);
    let own = condition(dice, known)?;
    let query = match dice.roll(5) {
        0 => format!("focus:{rtype}._id={}", known.id),
        1 => format!("has-member:Observation.focus:{rtype}.{own}"),
        2 => format!("focus:{rtype}.{own}&_summary=count"),
        _ => format!("focus:{rtype}.{own}"),
    };
    let count = 1 + dice.roll(20);
    Some(search(
        "Observation",
        &format!("patient={patient}&{query}&_count={count}"),
    ))
}

/// The parameter by which a resource refers to something else of its person's, and to what.
fn link(dice: &mut Dice, known: &Known) -> Option<(&'static SearchParam, String)> {
    let links: Vec<(&'static SearchParam, String)> = params_of(&known.resource_type)
        .filter(|param| param.kind == ParamKind::Reference)
        .filter_map(|param| {
            let (to, _) = known.value(param)?.split_once('/')?;
            Some((param, to.to_owned()))
        })
        .collect();
    (!links.is_empty()).then(|| dice.pick(&links).clone())
}

/// The rows of a type in a person's record; Patients are named by id.
fn rows(to: &str, known: &Known) -> String {
    match to {
        "Patient" => format!("_id={}", known.patient),
        _ => format!("patient={}", known.patient),
    }
}

fn reverse(dice: &mut Dice, known: &Known) -> Option<Ask> {
    let (param, to) = link(dice, known)?;
    let own = condition(dice, known)?;
    let (rtype, rows) = (&known.resource_type, rows(&to, known));
    let has = format!("_has:{rtype}:{}:{own}", param.name);
    let suffix = ["", "&_summary=count", "&_count=2"][dice.roll(3)];
    Some(search(&to, &format!("{rows}&{has}{suffix}")))
}

fn include(dice: &mut Dice, known: &Known, feature: Feature) -> Option<Ask> {
    let patient = known.patient;
    let count = 1 + dice.roll(60);
    let day = 1 + dice.roll(9);
    let some = match dice.roll(3) {
        0 => format!("patient={patient}&date=2027-01-{day:02}"),
        1 => format!("patient={patient}&code:text=seen&_sort=-date"),
        _ => format!("patient={patient}"),
    };
    let all = ["Observation:focus", "Observation:*", "*"];
    let query = match feature {
        Feature::Include => format!("_include={}", dice.pick(&all)),
        _ => "_include=Observation:has-member&_include:iterate=Observation:focus".to_owned(),
    };
    Some(search(
        "Observation",
        &format!("{some}&{query}&_count={count}"),
    ))
}

fn referring(dice: &mut Dice, known: &Known, feature: Feature) -> Option<Ask> {
    let (param, to) = link(dice, known)?;
    param_of(&known.resource_type, param.name)?;
    let (rtype, rows) = (&known.resource_type, rows(&to, known));
    let name = [param.name, "*"][dice.roll(2)];
    let count = 1 + dice.roll(40);
    let query = match feature {
        Feature::RevInclude => format!("_revinclude={rtype}:{name}"),
        // The person, what is about them, and what refers to that.
        _ => format!("_revinclude=Encounter:patient&_revinclude:iterate={rtype}:{name}"),
    };
    match feature {
        Feature::RevInclude => Some(search(&to, &format!("{rows}&{query}&_count={count}"))),
        _ => {
            let patient = known.patient;
            Some(search(
                "Patient",
                &format!("_id={patient}&{query}&_count={count}"),
            ))
        }
    }
}
