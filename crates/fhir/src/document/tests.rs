//! What is read, and what is refused with what words.

use super::*;

fn refusal(bytes: &[u8]) -> String {
    parse(bytes, &Limits::default())
        .expect_err("must be refused")
        .to_string()
}

#[test]
fn a_resource_is_read_in_place() {
    let text = r#"{"resourceType":"Observation","id":"o1","meta":{"versionId":"4"},
        "code":{"coding":[{"code":"a"},{"system":"http://loinc.org","code":"8867-4"}]},
        "valueQuantity":{"value":107.50},"note":[{"text":"caf\u00e9"}]}"#;
    let document = parse(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(document.resource_type(), "Observation");
    assert_eq!(document.id(), Some("o1"));
    assert_eq!(document.version_id().as_deref(), Some("4"));
    assert_eq!(
        document.text_at("code.coding.system").as_deref(),
        Some("http://loinc.org")
    );
    assert_eq!(document.get("valueQuantity.value").unwrap().raw(), "107.50");
    assert_eq!(document.text_at("note.text").as_deref(), Some("café"));
    let codes: Vec<_> = document
        .all("code.coding.code")
        .iter()
        .map(Node::raw)
        .collect();
    assert_eq!(codes, ["\"a\"", "\"8867-4\""]);
    assert_eq!(
        &text[document.get("note").unwrap().member_span()],
        r#"{"text":"caf\u00e9"}"#
    );
}

#[test]
fn malformed_json_says_line_column_what_is_there_and_what_should_be() {
    for (text, expected) in [
        (
            "{\"resourceType\": \"Flag\",\n  \"status\" \"active\"}",
            "malformed JSON: found '\"', expected ':' (line 2, column 12)",
        ),
        (
            "{\"resourceType\":\"Flag\"",
            "malformed JSON: found the end, expected ',' or '}' (line 1, column 23)",
        ),
        (
            "[1]",
            "malformed JSON: found '[', expected an object (line 1, column 1)",
        ),
        (
            "",
            "malformed JSON: found the end, expected an object (line 1, column 1)",
        ),
        (
            "{\"é\":01}",
            "malformed JSON: found '1', expected ',' or '}' (line 1, column 7)",
        ),
        (
            "{\"a\":[1,]}",
            "malformed JSON: found ']', expected a value (line 1, column 9)",
        ),
        (
            "{\"a\":\"x\ty\"}",
            "malformed JSON: found '\\t', expected a control character written as an escape (line 1, column 8)",
        ),
        (
            "{\"a\":\"\\x\"}",
            "malformed JSON: found '\\\\', expected an escape such as \\n or \\u00eb (line 1, column 7)",
        ),
        (
            "{\"a\":\"x}",
            "malformed JSON: found '\"', expected a closing quote for this text (line 1, column 6)",
        ),
        (
            "{\"a\":1} x",
            "malformed JSON: found 'x', expected nothing after the object (line 1, column 9)",
        ),
        (
            "{\"a\":1.}",
            "malformed JSON: found '}', expected a digit (line 1, column 8)",
        ),
    ] {
        assert_eq!(refusal(text.as_bytes()), expected);
    }
}

#[test]
fn what_fhir_forbids_is_refused_where_it_stands() {
    for (member, what) in [
        (
            r#""a":1,"b":2,"a":3"#,
            "the same element twice in one object (line 1, column 37)",
        ),
        (r#""a":{}"#, "an empty object (line 1, column 29)"),
        (r#""a":[]"#, "an empty list (line 1, column 29)"),
        (r#""a":"""#, "an empty string (line 1, column 28)"),
        (
            r#""a":null"#,
            "null as the value of an element (line 1, column 28)",
        ),
        (
            r#""given":["x",null]"#,
            "null in a list (line 1, column 32)",
        ),
        (
            r#""_given":[null]"#,
            "a list of nothing but null (line 1, column 38)",
        ),
        (r#""a":[[1]]"#, "a list inside a list (line 1, column 29)"),
        (r#""":1"#, "an element without a name (line 1, column 26)"),
        (
            r#""\u0061":1"#,
            "an escape in an element name (line 1, column 24)",
        ),
        (
            r#""a":"\u0000""#,
            "the character U+0000 (line 1, column 29)",
        ),
        (
            r#""a":"\ud83dx""#,
            "half of a surrogate pair (line 1, column 29)",
        ),
        (
            r#""a":"\ude00""#,
            "half of a surrogate pair (line 1, column 29)",
        ),
    ] {
        let text = format!(r#"{{"resourceType":"Flag",{member}}}"#);
        assert_eq!(
            refusal(text.as_bytes()),
            format!("FHIR does not allow {what}")
        );
    }
}

#[test]
fn a_gap_is_allowed_beside_its_twin() {
    let text = br#"{"resourceType":"Patient","given":["x",null],"_given":[null,{"id":"a"}]}"#;
    assert!(parse(text, &Limits::default()).is_ok());
}

#[test]
fn a_name_repeated_among_many_is_found() {
    let many: Vec<_> = (0..5_000)
        .map(|place| format!("\"e{}\":1", place % 4_999))
        .collect();
    let text = format!("{{\"resourceType\":\"Flag\",{}}}", many.join(","));
    assert!(refusal(text.as_bytes()).starts_with("FHIR does not allow the same element twice"));
}

#[test]
fn limits_hold() {
    let nested = |depth: usize| {
        let open = "{\"a\":".repeat(depth - 1);
        format!(
            "{{\"resourceType\":\"Flag\",\"a\":{open}1{}",
            "}".repeat(depth)
        )
    };
    assert!(parse(nested(64).as_bytes(), &Limits::default()).is_ok());
    assert_eq!(
        refusal(nested(65).as_bytes()),
        "nested deeper than 64 levels (line 1, column 343)"
    );
    assert!(refusal("[".repeat(1_000_000).as_bytes()).starts_with("malformed JSON"));

    let limits = Limits {
        bytes: 30,
        ..Limits::default()
    };
    let text = br#"{"resourceType":"Flag","id":"f"}"#;
    let issue = parse(text, &limits).unwrap_err();
    assert_eq!(issue.code, IssueCode::TooLong);
    assert_eq!(
        issue.to_string(),
        "the resource has 32 bytes, at most 30 are allowed"
    );
}

#[test]
fn bytes_that_are_not_utf8_are_refused_with_their_place() {
    assert_eq!(
        refusal(b"{\"resourceType\":\"Flag\",\"a\":\"caf\xe9\"}"),
        "not UTF-8: byte 31 is 0xe9, which cannot stand there"
    );
}

#[test]
fn type_id_and_meta_must_be_well_formed() {
    for (text, expected) in [
        (
            r#"{"id":"a"}"#,
            "resourceType: resourceType is missing: name an R4 resource type such as Observation",
        ),
        (
            r#"{"resourceType":"Flagg"}"#,
            "resourceType: not an R4 resource type",
        ),
        (
            r#"{"resourceType":7}"#,
            "resourceType: not an R4 resource type",
        ),
        (
            r#"{"resourceType":"Flag","id":"a b"}"#,
            "id: an id is 1 to 64 characters out of A-Z, a-z, 0-9, '-' and '.'",
        ),
        (
            r#"{"resourceType":"Flag","meta":[{"versionId":"1"}]}"#,
            "meta: expected an object",
        ),
        (
            r#"{"resourceType":"Flag","meta":{"tag":{"code":"x"}}}"#,
            "meta.tag: expected a list of codings",
        ),
        (
            r#"{"resourceType":"Flag","contained":[{"id":"x"}]}"#,
            "contained[0]: resourceType is missing: name an R4 resource type such as Observation",
        ),
    ] {
        assert_eq!(refusal(text.as_bytes()), expected);
    }
}

#[test]
fn printing_a_document_does_not_print_what_it_holds() {
    let text = br#"{"resourceType":"Patient","name":[{"family":"Nowak"}]}"#;
    let document = parse(text, &Limits::default()).unwrap();
    assert_eq!(format!("{document:?}"), "Patient of 54 bytes");
}
