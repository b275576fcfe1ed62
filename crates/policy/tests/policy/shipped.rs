//! What comes with the program is valid, so that building it in cannot fail later.

use domain::{
    Assurance, Category, Confidentiality, OrganisationKind, Purpose, RelationshipKind, Role,
    Sensitivity,
};
use policy::Policies;
use policy::labeller::{Labeller, Yardstick};

#[test]
fn the_shipped_policies_and_rules_load() {
    assert_eq!(Policies::shipped().unwrap().hash().len(), 64);
    assert_eq!(Labeller::shipped().unwrap().version(), "v1");
    Yardstick::shipped().unwrap();
}

/// Strict validation is worth as much as the schema's lists.
#[test]
fn the_schema_lists_exactly_what_the_domain_knows() {
    let schema = include_str!("../../../../policies/lanarkshire/candour.cedarschema");
    let listed = |entity: &str| -> Vec<String> {
        let (_, after) = schema
            .split_once(&format!("entity {entity} enum ["))
            .unwrap();
        let (list, _) = after.split_once(']').unwrap();
        list.split(',')
            .map(|item| item.trim().trim_matches('"').to_owned())
            .collect()
    };
    let codes = |codes: Vec<&str>| codes.into_iter().map(str::to_owned).collect::<Vec<_>>();

    assert_eq!(
        listed("Role"),
        codes(Role::ALL.iter().map(|role| role.code()).collect())
    );
    assert_eq!(
        listed("OrganisationKind"),
        codes(
            OrganisationKind::ALL
                .iter()
                .map(|kind| kind.code())
                .collect()
        )
    );
    let kinds = RelationshipKind::ALL
        .iter()
        .map(|kind| kind.code())
        .chain(["none"]);
    assert_eq!(listed("Relationship"), codes(kinds.collect()));
    let levels = [Assurance::Low, Assurance::Substantial, Assurance::High];
    assert_eq!(
        listed("Assurance"),
        codes(levels.iter().map(|level| level.code()).collect())
    );
    assert_eq!(
        listed("Confidentiality"),
        codes(
            Confidentiality::ALL
                .iter()
                .map(|level| level.code())
                .collect()
        )
    );
    assert_eq!(
        listed("Category"),
        codes(Category::ALL.iter().map(|it| it.code()).collect())
    );
    assert_eq!(
        listed("Sensitivity"),
        codes(Sensitivity::ALL.iter().map(|it| it.code()).collect())
    );

    for purpose in Purpose::ALL {
        let parent = purpose
            .parent()
            .map(|parent| format!(" in [\"{}\"]", parent.code()))
            .unwrap_or_default();
        let action = format!("action \"{}\"{parent} appliesTo", purpose.code());
        assert!(schema.contains(&action), "{action}");
    }
}
