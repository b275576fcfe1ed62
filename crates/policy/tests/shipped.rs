//! What comes with the program is valid, so that building it in cannot fail later.

use policy::Policies;
use policy::labeller::{Labeller, Yardstick};

#[test]
fn the_shipped_policies_and_rules_load() {
    let policies = Policies::shipped()
        .map_err(|error| error.to_string())
        .unwrap();
    assert_eq!(policies.hash().len(), 64);
    let labeller = Labeller::shipped()
        .map_err(|error| error.to_string())
        .unwrap();
    assert_eq!(labeller.version(), "v1");
    Yardstick::shipped()
        .map_err(|error| error.to_string())
        .unwrap();
}
