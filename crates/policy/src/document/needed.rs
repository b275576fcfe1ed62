//! What a document lacks, found by holding it against the schema, so that everything that is missing
//! in any of its lists is said at once, with its path and what to write there.

use serde_json::Value;

/// Every needed field that is not there: its path and what it is.
pub(super) fn missing(document: &Value, schema: &Value) -> Vec<(String, String)> {
    let mut walk = Walk {
        definitions: at(schema, "$defs"),
        missing: Vec::new(),
    };
    walk.value("", document, schema);
    walk.missing
}

struct Walk<'a> {
    definitions: &'a Value,
    missing: Vec<(String, String)>,
}

impl<'a> Walk<'a> {
    fn value(&mut self, path: &str, value: &Value, schema: &'a Value) {
        match value {
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    self.value(&format!("{path}[{place}]"), item, at(schema, "items"));
                }
            }
            Value::Object(_) => self.object(path, value, self.shape(schema)),
            _ => {}
        }
    }

    fn object(&mut self, path: &str, value: &Value, schema: &'a Value) {
        let inner = |field: &str| match path {
            "" => field.to_owned(),
            path => format!("{path}.{field}"),
        };
        for field in required(value, schema) {
            if at(value, field).is_null() {
                let words = self.words(at(at(schema, "properties"), field));
                self.missing.push((inner(field), words));
            }
        }
        for (field, value) in value.as_object().into_iter().flatten() {
            let named = at(schema, "properties").get(field);
            let schema = named.unwrap_or_else(|| at(schema, "additionalProperties"));
            self.value(&inner(field), value, schema);
        }
    }

    /// The definition that a schema refers to, if it does.
    fn shape(&self, schema: &'a Value) -> &'a Value {
        let alternatives = at(schema, "anyOf").as_array().into_iter().flatten();
        let mut places = alternatives.chain([schema]);
        let name = places.find_map(|it| at(it, "$ref").as_str()?.strip_prefix("#/$defs/"));
        name.map_or(schema, |name| at(self.definitions, name))
    }

    /// What a field is, and which codes it may have.
    fn words(&self, schema: &'a Value) -> String {
        let shape = self.shape(schema);
        let described = [schema, shape]
            .into_iter()
            .find_map(|it| at(it, "description").as_str());
        let words: Vec<_> = described.unwrap_or_default().split_whitespace().collect();
        let words = words.join(" ");
        let words = words.trim_end_matches('.');
        match codes(shape) {
            codes if codes.is_empty() => words.to_owned(),
            codes => format!("{words}; one of `{}`", codes.join("`, `")),
        }
    }
}

/// The fields that a schema asks for, also where it asks for more of one kind of thing.
fn required<'a>(value: &Value, schema: &'a Value) -> Vec<&'a str> {
    let condition = at(at(schema, "if"), "properties").as_object();
    let holds = condition.is_some_and(|fields| {
        let mut fields = fields.iter();
        fields.all(|(field, it)| at(value, field) == at(it, "const"))
    });
    let more = holds.then(|| at(at(schema, "then"), "required"));
    [Some(at(schema, "required")), more]
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn codes(shape: &Value) -> Vec<&str> {
    let alternatives = at(shape, "oneOf").as_array().into_iter().flatten();
    [shape]
        .into_iter()
        .chain(alternatives)
        .flat_map(|it| {
            let listed = at(it, "enum").as_array().into_iter().flatten();
            listed.chain([at(it, "const")])
        })
        .filter_map(Value::as_str)
        .collect()
}

/// What stands under a name, or nothing.
fn at<'v>(value: &'v Value, name: &str) -> &'v Value {
    value.get(name).unwrap_or(&Value::Null)
}
