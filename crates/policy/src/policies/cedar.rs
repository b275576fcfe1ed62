//! Asking Cedar: questions become its entities, built in code.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression,
};
use domain::{LabelClass, Purpose};

use super::{Ask, LocalAnswer};

/// Asks one set of policies one question.
pub(super) fn evaluate(bucket: &PolicySet, ask: Ask, class: &LabelClass) -> LocalAnswer {
    let Some((request, entities)) = question(ask, class) else {
        return LocalAnswer::Erred;
    };
    let response = Authorizer::new().is_authorized(&request, bucket, &entities);
    if response.diagnostics().errors().next().is_some() {
        return LocalAnswer::Erred;
    }
    match response.decision() {
        Decision::Deny => LocalAnswer::Closed,
        Decision::Allow => {
            let deciding: Option<Arc<str>> = response
                .diagnostics()
                .reason()
                .map(|id| Arc::from(id.to_string()))
                .min();
            deciding.map_or(LocalAnswer::Erred, LocalAnswer::Opens)
        }
    }
}

/// The action of a purpose, as policies name it: `Action::"SC-ASSESS"`.
pub(super) fn action(purpose: Purpose) -> Option<EntityUid> {
    uid("Action", purpose.code())
}

/// `None` only if one of the names below were no Cedar identifier.
fn question(ask: Ask, class: &LabelClass) -> Option<(Request, Entities)> {
    let principal = uid("Caller", "caller")?;
    let resource = uid("Label", "label")?;
    let action = action(ask.purpose)?;

    let mut entities = vec![
        caller(principal.clone(), ask)?,
        label(resource.clone(), ask, class)?,
    ];
    let mut next = Some(ask.purpose);
    while let Some(purpose) = next {
        entities.push(purpose_entity(purpose)?);
        next = purpose.parent();
    }
    let entities = Entities::from_entities(entities, None).ok()?;
    let request = Request::new(principal, action, resource, Context::empty(), None).ok()?;
    Some((request, entities))
}

fn caller(id: EntityUid, ask: Ask) -> Option<Entity> {
    let relationship = ask.relationship.map_or("none", |kind| kind.code());
    let attributes = HashMap::from([
        ("role".to_owned(), named("Role", ask.role.code())?),
        (
            "organisation".to_owned(),
            named("OrganisationKind", ask.organisation.code())?,
        ),
        (
            "relationship".to_owned(),
            named("Relationship", relationship)?,
        ),
        (
            "assurance".to_owned(),
            named("Assurance", ask.assurance.code())?,
        ),
    ]);
    Entity::new(id, attributes, HashSet::new()).ok()
}

fn label(id: EntityUid, ask: Ask, class: &LabelClass) -> Option<Entity> {
    let categories: Option<Vec<_>> = class
        .categories
        .iter()
        .map(|category| named("Category", category.code()))
        .collect();
    let sensitivities: Option<Vec<_>> = class
        .sensitivities
        .iter()
        .map(|sensitivity| named("Sensitivity", sensitivity.code()))
        .collect();
    let attributes = HashMap::from([
        (
            "categories".to_owned(),
            RestrictedExpression::new_set(categories?),
        ),
        (
            "sensitivities".to_owned(),
            RestrictedExpression::new_set(sensitivities?),
        ),
        (
            "confidentiality".to_owned(),
            named("Confidentiality", class.confidentiality.code())?,
        ),
        ("own".to_owned(), RestrictedExpression::new_bool(ask.own)),
    ]);
    Entity::new(id, attributes, HashSet::new()).ok()
}

fn purpose_entity(purpose: Purpose) -> Option<Entity> {
    let parents = match purpose.parent() {
        Some(parent) => HashSet::from([action(parent)?]),
        None => HashSet::new(),
    };
    Some(Entity::new_no_attrs(action(purpose)?, parents))
}

fn named(kind: &str, code: &str) -> Option<RestrictedExpression> {
    uid(kind, code).map(RestrictedExpression::new_entity_uid)
}

fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    let kind: EntityTypeName = kind.parse().ok()?;
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}
