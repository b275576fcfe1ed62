//! Stories that only a store in a folder can tell: who has it open, what is found after a crash,
//! after loss of power, after damage.

mod cascade;
mod damage;
mod failing;
mod folder;
mod killed;
mod log_length;
mod opened;
mod power;
mod power_vfs;

use std::path::Path;

use domain::{HomeId, PersonId, ResourceId};
use store::{Options, Synchronous};

use crate::world::{ORIGIN, Opened, Person, Setting, World};

/// Someone with ids known beforehand, who can be spoken of after a restart.
const MARTA: Person = Person {
    id: PersonId([1; 16]),
    home: HomeId([2; 16]),
    patient: ResourceId([3; 16]),
};

pub fn options(
    dir: &Path,
    setting: Setting,
    vfs: Option<&str>,
    synchronous: Synchronous,
) -> Options {
    Options {
        dir: dir.to_owned(),
        log_keys: setting.log_keys,
        origin: ORIGIN.to_owned(),
        clock: setting.clock,
        chance: setting.chance,
        vfs: vfs.map(str::to_owned),
        synchronous,
    }
}

/// A world in a folder that outlives it.
async fn world_in(dir: &Path, vfs: Option<&str>, synchronous: Synchronous) -> World {
    World::new(|setting| Opened {
        store: store::open(options(dir, setting, vfs, synchronous)).unwrap(),
        keep: Box::new(()),
    })
    .await
}
