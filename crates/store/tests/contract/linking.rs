//! Chains, reverse chains and includes: what is hidden can neither be named nor included.

use domain::{Category, ResourceId};
use fhir::search::Query;
use policy::Permit;
use store::{Page, Write};

use crate::Shared;
use crate::world::{Person, World, about_another, all, ask, ids, ordinary};

/// Marta's stay on the ward, with two findings of it; one more finding is about somebody else.
struct Stay {
    marta: Person,
    permit: Permit,
    ward: ResourceId,
    stay: ResourceId,
    pulse: ResourceId,
    hidden_stay: ResourceId,
    hidden_finding: ResourceId,
}

async fn stay(world: &World) -> Stay {
    let marta = world.person("Nowak", "Marta").await;
    let ward = world.id();
    let json = r#"{"resourceType":"Location","name":"Ward 7","status":"active"}"#;
    let place = world.directory_version(ward, 1, json, ordinary(Category::Network));
    let written = world.write(vec![Write::Version(Box::new(place))]).await;
    written.unwrap();
    let contribute = async |json: String, class| world.contribute(marta, &json, class).await;
    let encounter = |class: &str| {
        format!(
            r#"{{"resourceType":"Encounter","class":{{"code":"{class}"}},"location":[{{"location":{{"reference":"Location/{ward}"}}}}]}}"#
        )
    };
    let finding = |of: ResourceId, code: &str| {
        format!(
            r#"{{"resourceType":"Observation","code":{{"coding":[{{"code":"{code}"}}]}},"encounter":{{"reference":"Encounter/{of}"}}}}"#
        )
    };
    let open = || ordinary(Category::Documents);
    let held = || about_another(Category::Documents);
    let stay = contribute(encounter("IMP"), open()).await;
    let hidden_stay = contribute(encounter("PSYCH"), held()).await;
    let pulse = contribute(finding(stay, "pulse"), open()).await;
    contribute(finding(hidden_stay, "mood"), open()).await;
    let hidden_finding = contribute(finding(stay, "secret"), held()).await;
    Stay {
        permit: world.own_permit(marta.id).await,
        marta,
        ward,
        stay,
        pulse,
        hidden_stay,
        hidden_finding,
    }
}

impl Stay {
    async fn page(&self, world: &World, rtype: &str, query: &str) -> Page {
        let query: Query = ask(rtype, query);
        let mut snapshot = world.snapshot().await;
        let page = snapshot.search(&self.permit, &query, &all()).await;
        page.unwrap()
    }

    async fn included(&self, world: &World, rtype: &str, query: &str) -> Vec<ResourceId> {
        let page = self.page(world, rtype, query).await;
        page.included.iter().map(|one| one.id).collect()
    }
}

pub async fn a_chain_follows_what_is_open_and_the_directory(world: Shared) {
    let told = stay(&world).await;
    let find = async |query: &str| ids(&told.page(&world, "Observation", query).await);
    assert_eq!(find("encounter:Encounter.class=IMP").await, [told.pulse]);
    assert_eq!(find("encounter.class=IMP").await, [told.pulse]);
    assert_eq!(find("encounter:Encounter.class=AMB").await, []);
    let two_deep = "encounter:Encounter.location:Location.name=ward";
    assert_eq!(find(two_deep).await, [told.pulse]);
    assert_eq!(find("encounter:Encounter.location.name=garden").await, []);
    assert_eq!(
        find(&format!("encounter:Encounter._id={}", told.stay)).await,
        [told.pulse]
    );
}

pub async fn a_chain_through_what_is_hidden_finds_nothing(world: Shared) {
    let told = stay(&world).await;
    let find = async |query: &str| ids(&told.page(&world, "Observation", query).await);
    // The finding is open, and what it refers to is not.
    assert_eq!(find("code=mood").await.len(), 1);
    assert_eq!(find("encounter:Encounter.class=PSYCH").await, []);
    assert_eq!(
        find(&format!("encounter:Encounter._id={}", told.hidden_stay)).await,
        []
    );
}

pub async fn a_reverse_chain_asks_only_what_is_open(world: Shared) {
    let told = stay(&world).await;
    let find = async |rtype: &str, query: &str| ids(&told.page(&world, rtype, query).await);
    assert_eq!(
        find("Encounter", "_has:Observation:encounter:code=pulse").await,
        [told.stay]
    );
    assert_eq!(
        find("Encounter", "_has:Observation:encounter:code=secret").await,
        [],
        "the finding is hidden"
    );
    assert_eq!(
        find("Encounter", "_has:Observation:encounter:code=mood").await,
        [],
        "the stay is hidden"
    );
    let missing = "_has:Observation:encounter:code:missing=false";
    assert_eq!(find("Encounter", missing).await, [told.stay]);
}

pub async fn what_goes_with_an_answer_is_open_too(world: Shared) {
    let told = stay(&world).await;
    let included = async |rtype: &str, query: &str| told.included(&world, rtype, query).await;
    assert_eq!(
        included("Observation", "_include=Observation:encounter").await,
        [told.stay],
        "the hidden stay is not there"
    );
    assert_eq!(
        included(
            "Observation",
            "_include=Observation:encounter&_include:iterate=Encounter:location"
        )
        .await,
        [told.stay, told.ward]
    );
    assert_eq!(
        included("Encounter", "_revinclude=Observation:encounter").await,
        [told.pulse],
        "neither the hidden finding nor that of the hidden stay"
    );
    assert_eq!(
        included("Encounter", "_include=Encounter:location:Location").await,
        [told.ward]
    );
    assert_eq!(
        included("Encounter", "_include=Encounter:location:Patient").await,
        []
    );
    assert_eq!(
        included("Observation", "code=pulse&_include=*").await,
        [told.stay]
    );
}

pub async fn nothing_of_somebody_else_comes_along(world: Shared) {
    let told = stay(&world).await;
    let jo = world.person("Reid", "Jo").await;
    let theirs = format!(
        r#"{{"resourceType":"Observation","code":{{"coding":[{{"code":"theirs"}}]}},"encounter":{{"reference":"Encounter/{}"}},"performer":[{{"reference":"Patient/{}"}}]}}"#,
        told.stay, told.marta.patient
    );
    world
        .contribute(jo, &theirs, ordinary(Category::Documents))
        .await;
    let query = "_has:Observation:encounter:code=theirs";
    assert_eq!(ids(&told.page(&world, "Encounter", query).await), []);
    let rev = "_revinclude=Observation:encounter&_revinclude=Observation:performer";
    assert_eq!(told.included(&world, "Encounter", rev).await, [told.pulse]);
    assert_eq!(
        told.included(&world, "Patient", rev).await,
        [],
        "Jo's finding stays Jo's"
    );

    let permit = world.own_permit(jo.id).await;
    let query = ask(
        "Observation",
        "_include=Observation:encounter&_include=Observation:performer",
    );
    let mut snapshot = world.snapshot().await;
    let page = snapshot.search(&permit, &query, &all()).await;
    assert_eq!(page.unwrap().included.len(), 0);
}

pub async fn orders_and_totals_are_those_of_what_is_open(world: Shared) {
    let told = stay(&world).await;
    let query = ask("Observation", "_sort=code");
    let mut snapshot = world.snapshot().await;
    let page = store::PageRequest {
        with_total: true,
        ..all()
    };
    let found = snapshot.search(&told.permit, &query, &page).await;
    let found = found.unwrap();
    assert_eq!(found.total, Some(2));
    assert!(!ids(&found).contains(&told.hidden_finding));
    let none = store::PageRequest { limit: 0, ..page };
    let counted = snapshot.search(&told.permit, &query, &none).await;
    let counted = counted.unwrap();
    assert_eq!((counted.total, counted.resources.len()), (Some(2), 0));
}

pub async fn a_directory_search_follows_the_directory_only(world: Shared) {
    let told = stay(&world).await;
    let mut snapshot = world.snapshot().await;
    let mut find = async |query: &str| {
        let query = ask("Location", query);
        let found = snapshot.directory_search(&query, &all()).await;
        found.unwrap()
    };
    let named = find("name=ward&_revinclude=Encounter:location").await;
    assert_eq!(ids(&named), [told.ward]);
    assert_eq!(named.included.len(), 0, "stays are somebody's");
    let has = find("_has:Encounter:location:class=IMP").await;
    assert_eq!(ids(&has), [], "whether somebody lies there is not told");
}
