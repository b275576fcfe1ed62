//! Reading one JSON object a line: flat objects, objects within objects, and FHIR `Patient`s.

use std::io::{BufRead, Read as _};

use serde_json::{Map, Value};

use super::table::Table;
use super::text::is_cut;

/// A longer line is put aside.
const LONGEST: u64 = 4 * 1024 * 1024;

/// Reads all lines into the table; a column appears with the first object that has it.
///
/// # Errors
/// If the file cannot be read, or a column grows too large.
pub fn read(mut text: impl BufRead, table: &mut Table) -> anyhow::Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        match text.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            Ok(0) => break,
            Ok(_) => take(table, number, &line)?,
            Err(error) if is_cut(&error) => {
                table.cut = true;
                table.reject(number, format!("the file cannot be read further: {error}"));
                break;
            }
            Err(error) => return Err(error.into()),
        }
        if line.len() as u64 == LONGEST && line.last() != Some(&b'\n') {
            text.skip_until(b'\n')?;
        }
    }
    Ok(())
}

fn take(table: &mut Table, number: u64, line: &[u8]) -> anyhow::Result<()> {
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(());
    }
    match serde_json::from_slice::<Value>(line) {
        Ok(Value::Object(object)) => {
            let named = if object.get("resourceType").and_then(Value::as_str) == Some("Patient") {
                patient(&object)
            } else {
                let mut named = Vec::new();
                flatten("", &Value::Object(object), &mut named);
                named
            };
            table.push_named(number, &named)?;
        }
        Ok(_) => table.reject(number, "not a JSON object: each line is one, in { and }"),
        Err(error) if error.is_eof() && line.last() != Some(&b'\n') => {
            table.cut = true;
            table.reject(number, "the file ends in the middle of this line");
        }
        Err(error) => table.reject(number, format!("not JSON: {error}")),
    }
    Ok(())
}

/// Names what is within by its way: `address.postcode`, `names.1`.
fn flatten(way: &str, value: &Value, named: &mut Vec<(String, String)>) {
    let within = |name: &str| match way {
        "" => name.to_owned(),
        way => format!("{way}.{name}"),
    };
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                flatten(&within(name), value, named);
            }
        }
        Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                flatten(&within(&(place + 1).to_string()), value, named);
            }
        }
        value => named.push((way.to_owned(), scalar(value))),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What of a FHIR `Patient` tells who it is (<https://hl7.org/fhir/R4/patient.html>).
fn patient(object: &Map<String, Value>) -> Vec<(String, String)> {
    let mut named = Vec::new();
    let mut add = |name: &str, value: String| {
        if !value.is_empty() && !named.iter().any(|(taken, _)| taken == name) {
            named.push((name.to_owned(), value));
        }
    };
    add("id", text(object, "id"));
    for identifier in objects(object, "identifier") {
        let name = identifier_column(&text(identifier, "system"));
        add(&name, text(identifier, "value"));
    }
    names(object, &mut add);
    add("birth_date", text(object, "birthDate"));
    add("gender", text(object, "gender"));
    if let Some(address) = objects(object, "address").find(|address| text(address, "use") != "old")
    {
        add("address", strings(address, "line").join(", "));
        add("town", text(address, "city"));
        add("postcode", text(address, "postalCode"));
    }
    for telecom in objects(object, "telecom") {
        match text(telecom, "system").as_str() {
            "phone" | "sms" => add("phone", text(telecom, "value")),
            "email" => add("email", text(telecom, "value")),
            _ => {}
        }
    }
    named
}

/// The name in use, with earlier surnames and a nickname beside it.
fn names(object: &Map<String, Value>, add: &mut impl FnMut(&str, String)) {
    for name in objects(object, "name") {
        let used_as = text(name, "use");
        let given = strings(name, "given");
        match used_as.as_str() {
            "old" | "maiden" => add("previous_family_name", text(name, "family")),
            "nickname" => add("known_as", given.join(" ")),
            "anonymous" | "temp" => {}
            _ if given.is_empty() && text(name, "family").is_empty() => {
                add("full_name", text(name, "text"));
            }
            _ => {
                add("given_name", given.first().cloned().unwrap_or_default());
                add("middle_name", given.get(1..).unwrap_or_default().join(" "));
                add("family_name", text(name, "family"));
            }
        }
    }
}

/// A column for each system of identifiers, by what its address says.
fn identifier_column(system: &str) -> String {
    let lower = system.to_ascii_lowercase();
    let has = |word: &str| lower.contains(word);
    if has("chi-number") || has("chinumber") || lower.ends_with("/chi") {
        "chi".to_owned()
    } else if has("nhs-number") {
        "nhs_number".to_owned()
    } else if has("h-c-number") || has("hcn") {
        "hc_number".to_owned()
    } else {
        format!("identifier {system}").trim_end().to_owned()
    }
}

fn text(object: &Map<String, Value>, name: &str) -> String {
    object.get(name).map(scalar).unwrap_or_default()
}

fn objects<'a>(
    object: &'a Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'a Map<String, Value>> {
    let list = object.get(name).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_object)
}

fn strings(object: &Map<String, Value>, name: &str) -> Vec<String> {
    let list = object.get(name).and_then(Value::as_array);
    list.into_iter().flatten().map(scalar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        let mut table = Table::default();
        read(text.as_bytes(), &mut table).unwrap();
        table
    }

    fn row(table: &Table, row: usize) -> Vec<(String, String)> {
        let columns = table.columns.iter();
        columns
            .map(|column| (column.name.clone(), column.value(row).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    fn named(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        pairs.iter().map(owned).collect()
    }

    #[test]
    fn what_is_within_is_named_by_its_way() {
        let table = table(
            "{\"id\":7,\"name\":{\"first\":\"Ann\"},\"phones\":[\"0141\",\"0131\"]}\n{\"id\":8,\"town\":\"Northburn\"}\n",
        );
        assert_eq!(
            row(&table, 0),
            named(&[
                ("id", "7"),
                ("name.first", "Ann"),
                ("phones.1", "0141"),
                ("phones.2", "0131")
            ])
        );
        assert_eq!(row(&table, 1), named(&[("id", "8"), ("town", "Northburn")]));
    }

    #[test]
    fn a_patient_gives_what_tells_who_it_is() {
        let patient = r#"{"resourceType":"Patient","id":"p1","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"},{"system":"urn:ward","value":"W7"}],
            "name":[{"use":"maiden","family":"Reid"},{"use":"official","family":"Campbell","given":["Eilidh","Morven"]},{"use":"nickname","given":["Ellie"]}],
            "gender":"female","birthDate":"1990-07-02","telecom":[{"system":"phone","value":"0141 496 0000"}],
            "address":[{"use":"old","city":"Southbrae"},{"line":["Flat 2","4 High Street"],"city":"Northburn","postalCode":"ZY1 2AB"}]}"#
            .replace('\n', " ");
        let table = table(&patient);
        assert_eq!(
            row(&table, 0),
            named(&[
                ("id", "p1"),
                ("nhs_number", "9990000018"),
                ("identifier urn:ward", "W7"),
                ("previous_family_name", "Reid"),
                ("given_name", "Eilidh"),
                ("middle_name", "Morven"),
                ("family_name", "Campbell"),
                ("known_as", "Ellie"),
                ("birth_date", "1990-07-02"),
                ("gender", "female"),
                ("address", "Flat 2, 4 High Street"),
                ("town", "Northburn"),
                ("postcode", "ZY1 2AB"),
                ("phone", "0141 496 0000"),
            ])
        );
    }

    #[test]
    fn a_bad_line_is_put_aside_and_a_cut_one_is_told() {
        let table = table("{\"id\":1}\n[2]\n{\"id\":,}\n{\"id\":4}\n{\"id\":5,\"na");
        assert_eq!(table.lines, [1, 4]);
        assert!(table.cut);
        let told: Vec<(u64, &str)> = table
            .rejects
            .iter()
            .map(|reject| (reject.line, reject.reason.get(..11).unwrap()))
            .collect();
        assert_eq!(
            told,
            [(2, "not a JSON "), (3, "not JSON: e"), (5, "the file en")]
        );
    }
}
