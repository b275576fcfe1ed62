//! Who works in which care area, and so sees what is held closely because of it.

use domain::{Confidentiality, LabelClass, Role, Sensitivity, TeamId};
use serde::Deserialize;

use super::coded;

/// The care areas of one locality, read from `care-areas.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CareAreas {
    #[serde(rename = "area", default)]
    areas: Vec<CareArea>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct CareArea {
    /// What people call it: for whoever reads the file.
    name: String,
    /// The reasons for holding closely that this area answers to.
    sensitivities: coded::List<Sensitivity>,
    /// The most closely held that it opens.
    #[serde(deserialize_with = "coded::confidentiality")]
    up_to: Confidentiality,
    /// Roles that work in it, whatever their team.
    #[serde(default)]
    roles: coded::List<Role>,
    /// Words in the short name of teams that work in it, whatever the role.
    #[serde(default)]
    teams: Vec<String>,
}

impl CareAreas {
    /// Whether someone of this role and team works in the areas of all that makes these labels
    /// closely held. A label without a reason belongs to no area.
    #[must_use]
    pub fn open(&self, role: Role, team: Option<&TeamId>, class: &LabelClass) -> bool {
        let mine =
            |area: &&CareArea| area.up_to >= class.confidentiality && area.employs(role, team);
        !class.sensitivities.is_empty()
            && class.sensitivities.iter().all(|sensitivity| {
                self.areas
                    .iter()
                    .filter(mine)
                    .any(|area| area.sensitivities.0.contains(sensitivity))
            })
    }
}

impl CareArea {
    fn employs(&self, role: Role, team: Option<&TeamId>) -> bool {
        let by_team = team.is_some_and(|team| {
            self.teams
                .iter()
                .any(|named| speaks_of(team.as_str(), named))
        });
        self.roles.0.contains(&role) || by_team
    }
}

/// Whether a short name such as `northburn-mental-health-team` contains the words `mental-health`.
fn speaks_of(team: &str, words: &str) -> bool {
    let from_each_word = std::iter::successors(Some(team), |rest| {
        rest.split_once('-').map(|(_, after)| after)
    });
    from_each_word
        .filter_map(|rest| rest.strip_prefix(words))
        .any(|after| after.is_empty() || after.starts_with('-'))
}
