//! The world of one case after another, made in a running exchange.

use std::collections::BTreeMap;

use axum::body::Body;
use domain::restriction::ItemFacts;
use domain::{
    Circumstances, Fact, ItemId, LabelClass, Lock, Objection, OrganisationId, OrganisationKind,
    Purpose, ResourceId, Scope, Timestamp,
};
use http::{Method, Request};
use policy::Facts;
use serde_json::{Value, json};
use sharing::written::{Document, RequesterKind};
use store::{NewFacts, NewVersion, Protection, Write};

use crate::answer::Answer;
use crate::world::{REGISTRY, Subject, World, account_of, worker};

impl World {
    /// Makes whoever and whatever a case speaks of.
    pub async fn make(&mut self, case: &Document, facts: &Facts) -> Subject {
        self.directory(case).await;
        let mut subject = self.subject(case).await;
        self.file(&mut subject, facts).await;
        let said = said(&facts.circumstances);
        for fact in &said {
            self.say_in_case(&subject, case, fact).await;
        }
        subject
    }

    /// The agencies of the case, each with its record system, and whoever asks.
    async fn directory(&self, case: &Document) {
        let mut agencies: BTreeMap<OrganisationId, (String, OrganisationKind)> = BTreeMap::new();
        let mut agency = |id: &OrganisationId, kind| {
            let named = case.agencies.get(id.as_str());
            let name = named.map_or_else(|| id.to_string(), |agency| agency.name.clone());
            agencies.insert(id.clone(), (name, kind));
        };
        agency(&REGISTRY.into(), OrganisationKind::Hospital);
        let record = case.record.iter().flatten();
        for holder in record.filter_map(|item| item.holder.as_ref()) {
            agency(holder, OrganisationKind::Hospital);
        }
        for decision in &case.holder_decisions {
            agency(&decision.holder, OrganisationKind::Hospital);
        }
        let asks = case.request.as_ref().and_then(|it| it.requester.as_ref());
        let asks = asks.expect("somebody asks");
        if let (Some(organisation), Some(kind)) = (&asks.organisation, asks.organisation_kind) {
            agency(organisation, kind);
        }
        self.agencies(&agencies).await;
        if let (Some(id), Some(role), Some(organisation)) =
            (&asks.id, asks.role, &asks.organisation)
        {
            let name = asks.name.clone().unwrap_or_else(|| id.clone());
            let asker = worker(id, &name, role, organisation, asks.team.clone());
            self.write(vec![asker]).await;
        }
    }

    /// The person of the case.
    async fn subject(&mut self, case: &Document) -> Subject {
        let person = case.person.as_ref().expect("a person");
        let mut patient = json!({"resourceType": "Patient"});
        if let Some(born) = &person.born {
            patient["birthDate"] = json!(born);
        }
        if let Some(died) = &person.died {
            patient["deceasedDateTime"] = json!(died.0.to_string());
        }
        let subject = self.register(&patient).await;
        if person.protected {
            let protection = Protection::Protected;
            let home = subject.home;
            self.write(vec![Write::Protect { home, protection }]).await;
        }
        subject
    }

    /// The record under the very labels of the case, who is involved, and what is objected to. They are
    /// put into the store itself: which labels a contribution gets is told elsewhere.
    async fn file(&mut self, subject: &mut Subject, facts: &Facts) {
        let mut writes = Vec::new();
        let mut resources = BTreeMap::new();
        for (class, item, known) in &facts.circumstances.items {
            let label = facts.classes.iter().find(|(it, _)| it == class);
            let (_, label) = label.expect("the class of an item");
            let id = ResourceId(self.cx.draw());
            subject.items.insert(item.clone(), id);
            let named = facts.named.iter().find(|(_, of)| of == class);
            resources.insert(named.expect("an item").0, id);
            writes.push(version(subject, id, label, known, self.clock_now()));
        }
        let live = |id: &ResourceId| resources[id];
        for lock in &facts.locks {
            let lock = Lock {
                resource: live(&lock.resource),
                ..lock.clone()
            };
            let home = subject.home;
            writes.push(Write::Lock { home, lock });
        }
        let objections = facts.objections.iter().map(|it| Objection {
            scope: match &it.scope {
                Scope::Resource(id) => Scope::Resource(live(id)),
                scope => scope.clone(),
            },
            ..it.clone()
        });
        writes.push(Write::Evidenced {
            home: subject.home,
            evidence: ResourceId(self.cx.draw()),
            relationships: facts.relationships.clone(),
            objections: objections.collect(),
        });
        // Nobody says that sharing waits: the exchange writes it with a challenge.
        for pause in &facts.circumstances.pauses {
            writes.push(Write::Facts(NewFacts {
                subject: subject.patient,
                evidence: ResourceId(self.cx.draw()),
                organisation: pause.decides.clone(),
                said_by: String::new(),
                said_at: self.clock_now(),
                facts: vec![Fact::Pause(pause.clone())],
            }));
        }
        self.write(writes).await;
    }

    /// Says a fact over HTTP, as the agency whose it is to say.
    async fn say_in_case(&mut self, subject: &Subject, case: &Document, fact: &Fact) {
        let by = match fact {
            Fact::HolderDecision(it) => it.holder.clone(),
            Fact::Item { id, .. } => {
                let mut record = case.record.iter().flatten();
                let item = record.find(|item| item.id.as_ref() == Some(id));
                item.and_then(|it| it.holder.clone()).expect("its holder")
            }
            _ => REGISTRY.into(),
        };
        let mut said = json!(fact);
        in_our_ids(&mut said, false, subject, case);
        let token = match fact {
            Fact::Approval(_) => self.privacy_officer_token(&by).await,
            _ => self.system_token(&by),
        };
        self.says_with(&token, subject, &said).await;
    }

    /// Asks for the whole record as whoever asks in the case.
    pub async fn ask(&mut self, subject: &Subject, case: &Document) -> Answer {
        let request = case.request.as_ref().expect("a request");
        let purposes: Vec<Purpose> = request.purpose.into_iter().collect();
        let token = self.token_of_asker(subject, case, &purposes);
        let path = format!("/fhir/Patient/{}/$everything?_count=1000", subject.patient);
        let mut asked = Request::get(path).header("authorization", format!("Bearer {token}"));
        if let Some(reason) = &request.reason {
            asked = asked.header("reason", reason);
        }
        self.carry(asked.body(Body::empty()).expect("a request"))
            .await
    }

    fn token_of_asker(&mut self, subject: &Subject, case: &Document, why: &[Purpose]) -> String {
        use RequesterKind::{Other, Person, Worker};
        let request = case.request.as_ref().expect("a request");
        let asks = request.requester.as_ref().expect("somebody asks");
        let name = asks.name.clone().unwrap_or_default();
        let acr = asks.assurance.map_or("substantial", |level| level.code());
        let iua = match asks.kind.expect("in some capacity") {
            Worker => json!({
                "subject_name": name,
                "subject_role": [{"code": asks.role.expect("a role").code()}],
                "subject_organization_id": asks.organisation,
            }),
            Person | Other => json!({"subject_name": name, "subject_role": [{"code": "patient"}]}),
        };
        let sub = match asks.kind.expect("in some capacity") {
            Worker => asks.id.clone().expect("an id"),
            Person => subject.person.to_string(),
            Other => account_of(asks.id.as_deref().expect("an id")).to_string(),
        };
        self.token(&sub, acr, iua, why)
    }

    /// The lines of the person's own account, which waits while it is in doubt whose it is.
    pub async fn account(&mut self, subject: &Subject) -> Vec<String> {
        let token = self.account_token(subject.person, Purpose::PersonRequest);
        let answer = self
            .asks(Method::GET, "/fhir/AuditEvent", &token, None)
            .await;
        if answer.status == 403 {
            return vec!["403".to_owned()];
        }
        let account = answer.is(200).json();
        let lines = account["entry"].as_array().cloned().unwrap_or_default();
        let said = |line: &Value| line["resource"]["outcomeDesc"].as_str().map(str::to_owned);
        // How the scene was set stands there too; it is told of elsewhere.
        let asked = |line: &String| !line.contains(" recorded ");
        lines.iter().filter_map(said).filter(asked).collect()
    }
}

/// Everything that circumstances hold, fact by fact.
fn said(known: &Circumstances) -> Vec<Fact> {
    let mut said: Vec<Fact> = Vec::new();
    said.extend(known.person.identity.map(Fact::Identity));
    said.extend(known.person.capacity.iter().cloned().map(Fact::Capacity));
    said.extend(known.authorities.iter().cloned().map(Fact::Authority));
    said.extend(known.ties.iter().cloned().map(Fact::Tie));
    let consents = known.consents.iter().cloned();
    said.extend(consents.map(Box::new).map(Fact::Consent));
    said.extend(known.wishes.iter().cloned().map(Fact::Wish));
    said.extend(known.orders.iter().cloned().map(Fact::Order));
    said.extend(known.bars.iter().cloned().map(Fact::Bar));
    said.extend(known.delays.iter().cloned().map(Fact::Delay));
    said.extend(known.harm_opinions.iter().cloned().map(Fact::HarmOpinion));
    said.extend(known.allegations.iter().cloned().map(Fact::Allegation));
    said.extend(known.risks.iter().cloned().map(Fact::Risk));
    said.extend(known.requirements.iter().cloned().map(Fact::Requirement));
    said.extend(known.approvals.iter().cloned().map(Fact::Approval));
    let decisions = known.holder_decisions.iter().cloned();
    said.extend(decisions.map(Fact::HolderDecision));
    said.extend(known.elsewhere.iter().cloned().map(Fact::Elsewhere));
    said.extend(known.told.iter().cloned().map(Fact::Told));
    // A decision about a life is no fact to be said: it is planned, and no request turns on it.
    for (_, id, facts) in &known.items {
        let facts = ItemFacts {
            written: None,
            ..facts.clone()
        };
        if facts != ItemFacts::default() {
            said.push(Fact::Item {
                id: id.clone(),
                facts,
            });
        }
    }
    said
}

/// Says items and whoever asks by the ids that the exchange has for them.
fn in_our_ids(value: &mut Value, names_items: bool, subject: &Subject, case: &Document) {
    match value {
        Value::String(text) => {
            let asks = case.request.as_ref().and_then(|it| it.requester.as_ref());
            let asks = asks.expect("somebody asks");
            let item = subject.items.get(&ItemId::new(text.clone()));
            if let Some(resource) = item.filter(|_| names_items) {
                *text = resource.to_string();
            } else if asks.id.as_deref() == Some(text) && asks.role.is_none() {
                *text = account_of(text).to_string();
            }
        }
        Value::Array(values) => {
            for value in values {
                in_our_ids(value, names_items, subject, case);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                let names_items = matches!(name.as_str(), "items" | "id" | "related");
                in_our_ids(value, names_items, subject, case);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn version(
    subject: &Subject,
    id: ResourceId,
    label: &LabelClass,
    known: &ItemFacts,
    now: Timestamp,
) -> Write {
    let resource = json!({"resourceType": "Basic", "id": id.to_string(),
        "subject": {"reference": format!("Patient/{}", subject.patient)}});
    Write::Version(Box::new(NewVersion {
        home: subject.home,
        id,
        resource_type: "Basic",
        version: 1,
        replaces: 0,
        custodian: label.custodian.clone(),
        subject: Some(subject.patient),
        class: label.clone(),
        updated_at: now,
        occurred_at: known.written.map(Timestamp::from),
        bytes: resource.to_string().into_bytes(),
        undo: Vec::new(),
        original_hash: [0; 32],
        index: Vec::new(),
        mentions: Vec::new(),
        deleted: false,
    }))
}
