//! What opens one-time links.

use domain::ResourceId;
use store::{Error, NewInvitation, Write};

use crate::Shared;
use crate::world::{MORNING, Person};

const ID: ResourceId = ResourceId([0x51; 16]);

pub fn link(of: Person, id: ResourceId) -> Write {
    Write::Invitation(NewInvitation {
        id,
        subject: of.patient,
        link: [id.0[0]; 32],
        code: [2; 32],
    })
}

fn tried() -> Vec<Write> {
    vec![Write::TryInvitation { id: ID, most: 2 }]
}

fn opened(session: u8) -> Vec<Write> {
    vec![Write::OpenInvitation {
        id: ID,
        session: [session; 32],
        at: MORNING,
    }]
}

pub async fn each_code_that_is_tried_is_counted_and_no_more_than_may_be(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    world.write(vec![link(marta, ID)]).await.unwrap();
    let one = tokio::join!(
        world.write(tried()),
        world.write(tried()),
        world.write(tried())
    );
    let refused = [one.0, one.1, one.2]
        .into_iter()
        .filter(|it| matches!(it, Err(Error::Conflict)))
        .count();
    assert_eq!(refused, 1);
    let mut snapshot = world.snapshot().await;
    let stored = snapshot.invitation(&ID).await.unwrap().unwrap();
    assert_eq!((stored.tries, stored.opened), (2, None));
    assert_eq!(stored.subject, marta.patient);
}

pub async fn of_two_who_open_one_link_one_is_told(world: Shared) {
    let marta = world.person("Nowak", "Marta").await;
    world.write(vec![link(marta, ID)]).await.unwrap();
    world.write(tried()).await.unwrap();
    let (first, second) = tokio::join!(world.write(opened(7)), world.write(opened(8)));
    assert!(first.is_ok() != second.is_ok());
    let lost = if first.is_ok() { second } else { first };
    assert!(matches!(lost, Err(Error::Conflict)));
    let mut snapshot = world.snapshot().await;
    let stored = snapshot.invitation_at(&[0x51; 32]).await.unwrap().unwrap();
    let (session, at) = stored.opened.expect("it is open");
    assert!(session == [7; 32] || session == [8; 32]);
    assert_eq!((at, stored.tries), (MORNING, 0));
    assert_eq!(snapshot.invitation_at(&[9; 32]).await.unwrap(), None);
}
