//! The addresses, with what each takes and answers.

use serde_json::{Map, Value, json};

use super::{content, reference};
use crate::capability::is_kept;
use crate::definitions::patient_compartment;
use crate::search::{ParamKind, SearchParam, params_of};
use crate::types::{Kind, TYPES, TypeFacts};

/// Every address of the FHIR interface.
pub(super) fn paths() -> Value {
    let mut paths = Map::new();
    let mut add = |path: String, item: Value| drop(paths.insert(path, item));
    add("/metadata".to_owned(), metadata());
    add("/".to_owned(), whole());
    add("/_search".to_owned(), json!({"post": form_of_types()}));
    for facts in TYPES.iter().filter(|facts| is_kept(facts)) {
        let name = facts.name;
        add(format!("/{name}"), of_type(facts));
        add(format!("/{name}/_search"), form(facts));
        add(format!("/{name}/_history"), history(facts));
        add(format!("/{name}/$validate"), validation(name));
        add(format!("/{name}/{{id}}"), instance(name));
        add(format!("/{name}/{{id}}/_history"), of_instance("Bundle"));
        add(
            format!("/{name}/{{id}}/_history/{{version}}"),
            version(name),
        );
        add(format!("/{name}/{{id}}/$meta"), of_instance("Parameters"));
    }
    add("/Patient/{id}/$everything".to_owned(), everything());
    add("/Patient/{id}/{type}".to_owned(), compartment());
    add(
        "/Patient/{id}/_search".to_owned(),
        json!({"parameters": parameters(&["id"]), "post": form_of_types()}),
    );
    add("/ValueSet/$expand".to_owned(), expansion());
    add("/ValueSet/$validate-code".to_owned(), membership());
    Value::Object(paths)
}

/// Parameters that many addresses share.
pub(super) fn shared() -> Value {
    let query = |name: &str, schema: Value| json!({"name": name, "in": "query", "schema": schema});
    let path = |name: &str| json!({"name": name, "in": "path", "required": true, "schema": reference("id")});
    let whole = |least: u32| json!({"type": "integer", "minimum": least, "maximum": u32::MAX});
    json!({
        "id": path("id"),
        "version": path("version"),
        "_count": query("_count", whole(0)),
        "_summary": query("_summary", json!({"enum": ["true", "text", "data", "count", "false"]})),
        "_elements": query("_elements", json!({"type": "string", "pattern": "^[a-zA-Z]+(,[a-zA-Z]+)*$"})),
        "_total": query("_total", json!({"enum": ["none", "estimate", "accurate"]})),
        "_sort": query("_sort", json!({"type": "string", "minLength": 1})),
        "_include": query("_include", json!({"type": "string", "minLength": 1})),
        "_revinclude": query("_revinclude", json!({"type": "string", "minLength": 1})),
        "_pretty": query("_pretty", json!({"type": "boolean"})),
        "_since": query("_since", reference("instant")),
        "start": query("start", reference("date")),
        "end": query("end", reference("date")),
        "_type": query("_type", types()),
    })
}

fn parameters(names: &[&str]) -> Vec<Value> {
    let to = |name: &&str| json!({"$ref": format!("#/components/parameters/{name}")});
    names.iter().map(to).collect()
}

/// Answers with a resource of a type, or with an outcome.
fn answers(schema: &str) -> Value {
    json!({
        "200": {"description": "What was asked for, as far as it is open", "content": content(schema)},
        "default": outcome(),
    })
}

fn outcome() -> Value {
    json!({"$ref": "#/components/responses/outcome"})
}

/// What an answer to a write is: a new resource, or a new version of one.
fn written(schema: &str) -> Value {
    json!({
        "200": {"description": "What is there now", "content": content(schema)},
        "201": {"description": "What was created", "content": content(schema)},
        "default": outcome(),
    })
}

fn body(schema: &str) -> Value {
    json!({"required": true, "content": content(schema)})
}

fn of_instance(schema: &str) -> Value {
    json!({"parameters": parameters(&["id"]), "get": {"responses": answers(schema)}})
}

fn metadata() -> Value {
    json!({"get": {"security": [], "responses": answers("CapabilityStatement")}})
}

fn whole() -> Value {
    let mut asked = vec![patient()];
    asked.extend(parameters(&["_type"]));
    asked.extend(searched("Resource"));
    json!({
        "get": {
            "summary": "Searches several types in the record of one named person, or in the directory",
            "parameters": asked,
            "responses": answers("Bundle"),
        },
        "post": {
            "summary": "Carries out a batch or a transaction",
            "requestBody": body("Bundle"),
            "responses": answers("Bundle"),
        },
    })
}

/// The person whose record is meant.
fn patient() -> Value {
    json!({"name": "patient", "in": "query", "schema": reference("id")})
}

fn form_of_types() -> Value {
    let mut properties = formed("Resource");
    properties.insert("patient".to_owned(), reference("id"));
    properties.insert("_type".to_owned(), types());
    json!({
        "summary": "Searches several types, with what is looked for out of the address",
        "requestBody": filled_in(&properties),
        "responses": answers("Bundle"),
    })
}

/// Types with commas between.
fn types() -> Value {
    let names: Vec<&str> = TYPES.iter().map(|facts| facts.name).collect();
    let one = format!("({})", names.join("|"));
    json!({"type": "string", "pattern": format!("^{one}(,{one})*$")})
}

fn of_type(facts: &TypeFacts) -> Value {
    json!({
        "get": {
            "summary": format!("Searches {}{}", facts.name, whose(facts)),
            "parameters": searched(facts.name),
            "responses": answers("Bundle"),
        },
        "post": {
            "summary": format!("Creates a {}", facts.name),
            "requestBody": body(facts.name),
            "responses": written(facts.name),
        },
    })
}

/// Whether a search must say whose record is meant.
fn whose(facts: &TypeFacts) -> &'static str {
    match facts.kind {
        Kind::Directory | Kind::Definition => "",
        _ => " in the record of one named person",
    }
}

/// The search parameters of a type, and what may be asked of the answer.
fn searched(rtype: &str) -> Vec<Value> {
    let own = params_of(rtype)
        .map(|param| json!({"name": param.name, "in": "query", "schema": asked(param)}));
    let common = [
        "_count",
        "_summary",
        "_elements",
        "_total",
        "_sort",
        "_include",
        "_revinclude",
        "_pretty",
    ];
    own.chain(parameters(&common)).collect()
}

/// What a parameter of each kind looks like, without its modifiers.
fn asked(param: &SearchParam) -> Value {
    const PREFIX: &str = "(eq|ne|gt|lt|ge|le|sa|eb|ap)?";
    let pattern = match param.kind {
        ParamKind::Date => {
            format!("^{PREFIX}[1-9][0-9]{{3}}(-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?)?$")
        }
        ParamKind::Number => format!("^{PREFIX}-?[0-9]{{1,9}}(\\.[0-9]{{1,6}})?$"),
        ParamKind::Quantity => {
            format!("^{PREFIX}-?[0-9]{{1,9}}(\\.[0-9]{{1,6}})?(\\|[^|]*\\|[^|]+)?$")
        }
        _ => return json!({"type": "string", "minLength": 1}),
    };
    json!({"type": "string", "pattern": pattern})
}

fn form(facts: &TypeFacts) -> Value {
    json!({"post": {
        "summary": format!("Searches {}, with what is looked for out of the address", facts.name),
        "requestBody": filled_in(&formed(facts.name)),
        "responses": answers("Bundle"),
    }})
}

/// The search parameters of a type as members of a form.
fn formed(rtype: &str) -> Map<String, Value> {
    params_of(rtype)
        .map(|param| (param.name.to_owned(), asked(param)))
        .collect()
}

fn filled_in(properties: &Map<String, Value>) -> Value {
    let schema = json!({"type": "object", "properties": properties});
    json!({"content": {"application/x-www-form-urlencoded": {"schema": schema}}})
}

fn history(facts: &TypeFacts) -> Value {
    let mut asked = parameters(&["_since", "_count"]);
    let is_nobodys = matches!(facts.kind, Kind::Directory | Kind::Definition);
    asked.extend((!is_nobodys).then(patient));
    json!({"get": {"parameters": asked, "responses": answers("Bundle")}})
}

fn validation(name: &str) -> Value {
    json!({"post": {
        "summary": "Says what would be said of a resource, and keeps nothing",
        "requestBody": body(name),
        "responses": answers("OperationOutcome"),
    }})
}

fn instance(name: &str) -> Value {
    let operation = json!({
        "type": "object",
        "required": ["op", "path"],
        "properties": {
            "op": {"enum": ["add", "remove", "replace", "move", "copy", "test"]},
            "path": {"type": "string"},
            "from": {"type": "string"},
            "value": {},
        },
    });
    let patch =
        json!({"application/json-patch+json": {"schema": {"type": "array", "items": operation}}});
    json!({
        "parameters": parameters(&["id"]),
        "get": {"parameters": parameters(&["_summary", "_elements", "_pretty"]), "responses": answers(name)},
        "put": {"requestBody": body(name), "responses": written(name)},
        "patch": {"requestBody": {"required": true, "content": patch}, "responses": answers(name)},
        "delete": {"responses": {"204": {"description": "It is deleted, or was already"}, "default": outcome()}},
    })
}

fn version(name: &str) -> Value {
    json!({
        "parameters": parameters(&["id", "version"]),
        "get": {"parameters": parameters(&["_summary", "_elements", "_pretty"]), "responses": answers(name)},
    })
}

fn everything() -> Value {
    json!({
        "parameters": parameters(&["id"]),
        "get": {
            "summary": "One person's record, as far as it is open",
            "parameters": parameters(&["_type", "_since", "start", "end", "_count"]),
            "responses": answers("Bundle"),
        },
    })
}

fn compartment() -> Value {
    let within = TYPES.iter().map(|facts| facts.name);
    let within = within.filter(|name| !patient_compartment(name).is_empty());
    let within: Vec<&str> = within.chain(["*"]).collect();
    let named = json!({"name": "type", "in": "path", "required": true, "schema": {"enum": within}});
    let mut path = parameters(&["id"]);
    path.push(named);
    json!({
        "parameters": path,
        "get": {"parameters": parameters(&["_type", "_count", "_summary", "_elements"]), "responses": answers("Bundle")},
    })
}

fn expansion() -> Value {
    let url = json!({"name": "url", "in": "query", "required": true, "schema": reference("uri")});
    json!({"get": {"parameters": [url], "responses": answers("ValueSet")}})
}

fn membership() -> Value {
    let query = |name: &str, schema: &str, required: bool| json!({"name": name, "in": "query", "required": required, "schema": reference(schema)});
    let asked = [
        query("url", "uri", true),
        query("code", "code", true),
        query("system", "uri", false),
    ];
    json!({"get": {"parameters": asked, "responses": answers("Parameters")}})
}
