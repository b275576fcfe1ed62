//! Agencies, teams, duties and workers.

use std::sync::Arc;

use domain::{Duty, HomeId, Organisation, OrganisationKind, Team};
use store::Write;

use crate::Shared;
use crate::world::amina;

fn team(phone: &str) -> Write {
    Write::Team(Team {
        id: "out-of-hours".into(),
        organisation: "practice".into(),
        name: "Out of hours".to_owned(),
        phone: phone.to_owned(),
        remits: [].into(),
    })
}

pub async fn the_directory_is_read_whole_and_shared_until_it_changes(world: Shared) {
    let duty = Duty {
        serves: "practice".into(),
        team: "out-of-hours".into(),
        name: "out-of-hours doctor".to_owned(),
        phone: "01632 960 190".to_owned(),
        from_minute: 1080,
        to_minute: 480,
    };
    world
        .write(vec![
            team("01632 960 191"),
            Write::Duty(duty.clone()),
            amina(None),
        ])
        .await
        .unwrap();
    let first = world.snapshot().await.directory().await.unwrap();
    let organisations: Vec<_> = first
        .organisations
        .keys()
        .map(domain::OrganisationId::as_str)
        .collect();
    assert_eq!(organisations, ["hospital", "practice"]);
    assert_eq!(first.duties, [duty]);
    assert_eq!(first.workers[&"amina".into()].name, "Dr Amina Rahman");

    world.person("Nowak", "Marta").await;
    let same = world.snapshot().await.directory().await.unwrap();
    assert!(Arc::ptr_eq(&first, &same));

    let mut before = world.snapshot().await;
    world.write(vec![team("01632 960 192")]).await.unwrap();
    let after = world.snapshot().await.directory().await.unwrap();
    let phone =
        |directory: &store::Directory| directory.teams[&"out-of-hours".into()].phone.clone();
    assert_eq!(phone(&after), "01632 960 192");
    assert_eq!(phone(&before.directory().await.unwrap()), "01632 960 191");
}

pub async fn an_agency_keeps_its_home(world: Shared) {
    let mut snapshot = world.snapshot().await;
    let home = snapshot
        .organisation_home(&"hospital".into())
        .await
        .unwrap();
    assert!(home.is_some());
    assert_eq!(
        snapshot.organisation_home(&"nobody".into()).await.unwrap(),
        None
    );
    drop(snapshot);

    let (other, resource) = (HomeId(world.draw()), world.id());
    let renamed = Organisation {
        id: "hospital".into(),
        name: "The General".to_owned(),
        kind: OrganisationKind::Hospital,
        phone: "01632 960 100".to_owned(),
    };
    world
        .write(vec![
            Write::Home {
                home: other,
                wrapped_key: vec![1],
            },
            Write::Organisation {
                organisation: renamed,
                home: other,
                resource: Some(resource),
            },
        ])
        .await
        .unwrap();
    let mut snapshot = world.snapshot().await;
    assert_eq!(
        snapshot
            .organisation_home(&"hospital".into())
            .await
            .unwrap(),
        home
    );
    let directory = snapshot.directory().await.unwrap();
    assert_eq!(
        directory.organisations[&"hospital".into()].name,
        "The General"
    );
    assert_eq!(
        directory.organization_resources[&resource],
        "hospital".into()
    );
}
