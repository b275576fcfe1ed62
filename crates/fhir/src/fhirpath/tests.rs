//! What expressions give, literal by literal.

use proptest::prelude::*;

use super::*;
use crate::document::{Limits, parse};

/// Netta Dunsmore, with a birthday that is not known to the day and a practice within.
const NETTA: &str = r##"{"resourceType":"Patient","id":"netta","active":true,
    "contained":[{"resourceType":"Organization","id":"gp","name":"Harbour Practice"}],
    "name":[{"use":"official","family":"Dunsmore","given":["Netta","Ada"]},{"family":"Ó Dálaigh"}],
    "birthDate":"1947-03","_birthDate":{"extension":[{"url":"urn:source","valueString":"said"}]},
    "deceasedDateTime":"2027-01-11T09:30:00+01:00","multipleBirthInteger":2,
    "contact":[{"period":{"start":"2027-01-11T08:30:00Z"}}],
    "managingOrganization":{"reference":"#gp"}}"##;

/// What an expression gives on Netta, as text.
fn gives(expression: &str) -> String {
    let document = parse(NETTA.as_bytes(), &Limits::default()).unwrap();
    let netta = Element::resource(document.root()).unwrap();
    let environment = Environment {
        resource: netta,
        root: netta,
        bundle: None,
    };
    let read = match Expression::parse(expression) {
        Ok(read) => read,
        Err(error) => return format!("unreadable: {error}"),
    };
    match read.evaluate(&netta, &environment, &mut Steps::new(100_000)) {
        Ok(values) => {
            let texts: Vec<String> = values.iter().map(shown).collect();
            texts.join(", ")
        }
        Err(fault) => format!("fault: {fault}"),
    }
}

fn shown(value: &Value<'_>) -> String {
    match value.plain().as_ref() {
        Value::Element(element) => element.of().to_owned(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Integer(whole) => whole.to_string(),
        Value::Decimal(number) => format!("{number:?}"),
        Value::Text(text) => text.to_string(),
        Value::Temporal(_) => "a moment".to_owned(),
        Value::Quantity(quantity) => format!("{} {}", quantity.value, quantity.unit),
    }
}

/// Each line: an expression, two arrows, what it gives.
fn all(table: &str) {
    for line in table.trim().lines() {
        let (expression, expected) = line.split_once("=>>").unwrap();
        assert_eq!(gives(expression.trim()), expected.trim(), "{expression}");
    }
}

#[test]
fn elements_are_found_by_name_type_and_place() {
    all("
        name.given =>> Netta, Ada
        Patient.name[1].family =>> Ó Dálaigh
        name[7].family =>>
        Practitioner.name =>>
        deceased is dateTime =>> true
        deceased.ofType(boolean) =>>
        (multipleBirth as integer) + 1 =>> 3
        contained.ofType(Organization).name =>> Harbour Practice
        managingOrganization.resolve().name =>> Harbour Practice
        birthDate.extension('urn:source').value =>> said
        id is string =>> true
        active is boolean and (true is Boolean) =>> true
        is(DomainResource) and $this is Resource =>> true
        name.first() is Dragon =>> fault: the type Dragon is not at hand
        name.`given`.first() =>> Netta
    ");
}

#[test]
fn conditions_know_true_false_and_nothing() {
    all("
        {} and false =>> false
        {} and true =>>
        {} or true =>> true
        {} or false =>>
        {} implies true =>> true
        false implies {} =>> true
        true implies {} =>>
        true xor {} =>>
        {}.not() =>>
        maritalStatus = 'x' =>>
        name.given = 'Netta' =>> false
        name and true =>> fault: and needs one value and there are several
        name.first() and true =>> true
        iif(active, 'here', 'gone') =>> here
    ");
}

#[test]
fn values_are_counted_chosen_and_joined() {
    all("
        name.given.count() + name.count() =>> 4
        name.where(use = 'official').given.last() =>> Ada
        name.given.tail() =>> Ada
        name.given.skip(1).take(1) =>> Ada
        name.select(family & '!') =>> Dunsmore!, Ó Dálaigh!
        name.all(family.exists()) =>> true
        name.exists(given.count() > 1) =>> true
        (1 | 2 | 2 | 1.0).count() =>> 2
        (1).combine(1).isDistinct() =>> false
        (1 | 2).subsetOf(1 | 2 | 3) =>> true
        (1 | 2 | 3).intersect(2 | 4) =>> 2
        (1 | 2 | 3).exclude(2) =>> 1, 3
        2 in (1 | 2) =>> true
        (1 | 2) contains 5 =>> false
        descendants().where($this is Organization).id =>> gp
        name.given.aggregate($total + $this.length(), 0) =>> 8
        name.given.select($index) =>> 0, 1
        repeat(contained).name =>> Harbour Practice
        (true | false).anyFalse() =>> true
        name.single() =>> fault: single needs one value and there are several
    ");
}

#[test]
fn texts_are_compared_cut_and_changed() {
    all(r"
        'Dunsmore'.startsWith('Dun') =>> true
        'Dálaigh'.length() =>> 7
        'Dálaigh'.substring(1, 2) =>> ál
        'x'.substring(1) =>>
        'Dálaigh'.indexOf('aigh') =>> 3
        'a.b'.replace('.', '-') =>> a-b
        'a.b.c'.replaceMatches('\\..*', '') =>> a
        'Name 1'.matches('[A-Z]([A-Za-z0-9_]){0,3}') =>> true
        'Name 1'.matchesFull('[A-Z]([A-Za-z0-9_]){0,3}') =>> false
        'a,b'.split(',').join('+') =>> a+b
        'It\'s'.upper() =>> IT'S
        '5'.toInteger() + 1 =>> 6
        '*'.toInteger() =>>
        'x'.matches('(') =>> unreadable: the regular expression cannot be read (at 17)
        name.given.startsWith('N') =>> fault: a question about a text needs one value and there are several
        'Dun' ~ ' dun ' =>> true
    ");
}

#[test]
fn dates_tell_as_much_as_they_are_given() {
    all("
        birthDate < @1948 =>> true
        birthDate < @1947-03-15 =>>
        birthDate = @1947-03 =>> true
        birthDate = @1947-03-15 =>>
        deceased = contact.period.start =>> true
        deceased > @2027-01-11 =>>
        @2027-01-31 + 1 month = @2027-02-28 =>> true
        @T09:30 < @T10:00 =>> true
        @2027-02-30 + 1 day =>>
    ");
}

#[test]
fn numbers_and_quantities_are_reckoned_with() {
    all("
        1 + 2 * 3 - -4 =>> 11
        7 div 2 =>> 3
        7 mod 2 =>> 1
        1 / 0 =>>
        9223372036854775807 + 1 =>>
        2.5.floor() =>> 2
        3 'mg' < 4 'mg' =>> true
        3 'mg' < 4 'g' =>>
        'x' > 1 =>> fault: a comparison cannot be used on such a value
    ");
}

#[test]
fn what_is_no_expression_is_told_with_its_place() {
    all("
        name. =>> unreadable: expected a name or a value (at 6)
        name given =>> unreadable: nothing is expected after the expression (at 6)
        now() =>> unreadable: the function now is not known here (at 1)
        name.where() =>> unreadable: where takes another number of arguments (at 6)
        'x =>> unreadable: a text has no end (at 2)
        name # 1 =>> unreadable: no expression has such a sign (at 6)
        %other =>> fault: nothing is called %other
        %ucum =>> http://unitsofmeasure.org
        %`vs-name-use` =>> http://hl7.org/fhir/ValueSet/name-use
        name.first().use.memberOf(%vs-name-use) =>> true
        id.memberOf('urn:far') =>> fault: the value set urn:far is not at hand
    ");
    let deep = format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(gives(&deep).starts_with("unreadable: too many expressions"));
    assert!(gives(&"-".repeat(50_000)).starts_with("unreadable: too many expressions"));
}

#[test]
fn work_without_end_is_given_up() {
    let squared = "descendants().select(%resource.descendants()).select(%resource.descendants())";
    let doubled = format!("{squared}.select(%resource.descendants())");
    assert_eq!(
        gives(&doubled),
        "fault: it takes too many steps on a resource of this size"
    );
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_fall(text in r"[a-z$%@'`().\[\]|&=<>!~+*/, 0-9T:{}-]{0,60}") {
        gives(&text);
    }

    #[test]
    fn no_order_of_known_words_makes_the_evaluator_fall(words in proptest::collection::vec(0..WORDS.len(), 0..12)) {
        let text: Vec<&str> = words.iter().filter_map(|at| WORDS.get(*at).copied()).collect();
        gives(&text.join(" "));
    }
}

const WORDS: [&str; 40] = [
    "name",
    ".given",
    ".where(",
    ")",
    "(",
    "=",
    "<",
    "and",
    "or",
    "in",
    "|",
    "+",
    "-",
    "'x'",
    "1",
    "2.5",
    "@2027-01",
    "$this",
    "%resource",
    ".descendants()",
    ".first()",
    ".count()",
    ".not()",
    ".resolve()",
    "[0]",
    "{}",
    ".substring(",
    ",",
    ".matches('(x')",
    ".toInteger()",
    "is",
    "as",
    "string",
    "birthDate",
    "3 'mg'",
    "4 days",
    ".select(",
    ".repeat(",
    ".all(",
    "div",
];
