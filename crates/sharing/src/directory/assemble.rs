//! Agencies, teams, duties and staff put together from what was brought; all that is wrong is told.

use std::collections::BTreeSet;

use domain::message::Rota;
use domain::{
    Duty, Organisation, OrganisationId, OrganisationKind, Team, TeamId, Worker, WorkerId,
};
use store::Directory;

use super::Fault;
use super::names::{Named, Names};
use super::read::{
    self, Agency, Content, HealthcareService, KIND_SYSTEM, Practitioner, PractitionerRole,
    ROLE_SYSTEM, Reference, Resource, SERVES,
};

/// A directory in our own terms.
#[derive(Default)]
pub(super) struct Assembled {
    pub organisations: Vec<Organisation>,
    pub teams: Vec<Team>,
    pub duties: Vec<Duty>,
    pub workers: Vec<Worker>,
    pub rotas: Vec<Rota>,
}

/// Puts the resources together.
pub(super) fn assemble(resources: &[Resource], known: &Directory) -> Result<Assembled, Vec<Fault>> {
    let mut faults = Vec::new();
    let names = Names::of(resources, known, &mut faults);
    let mut assembly = Assembly {
        resources,
        known,
        names,
        assembled: Assembled::default(),
        employed: BTreeSet::new(),
    };
    // Staff and duties are reached through agencies and teams, which therefore come first.
    for stage in [Stage::Agencies, Stage::Teams, Stage::People] {
        for resource in resources {
            if let Err(what) = assembly.add(stage, resource) {
                faults.push(Fault {
                    place: resource.place.clone(),
                    what,
                });
            }
        }
    }
    if faults.is_empty() {
        Ok(assembly.assembled)
    } else {
        Err(faults)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Agencies,
    Teams,
    People,
}

struct Assembly<'a> {
    resources: &'a [Resource],
    known: &'a Directory,
    names: Names<'a>,
    assembled: Assembled,
    /// Whoever has their role already.
    employed: BTreeSet<WorkerId>,
}

impl Assembly<'_> {
    fn add(&mut self, stage: Stage, resource: &Resource) -> Result<(), String> {
        match (stage, &resource.content) {
            (Stage::Agencies, Content::Agency(one)) => {
                self.assembled.organisations.push(agency(one)?);
            }
            (Stage::Teams, Content::Team(one)) => {
                let team = self.team(one)?;
                self.assembled.teams.push(team);
            }
            (Stage::People, Content::Role(one)) => {
                let worker = self.worker(one)?;
                if !self.employed.insert(worker.id.clone()) {
                    return Err(
                        "PractitionerRole.practitioner: has a second role: whoever works \
                                in two has an id for each"
                            .to_owned(),
                    );
                }
                self.assembled.workers.push(worker);
            }
            (
                Stage::People,
                Content::Team(read::Team {
                    id,
                    rota: Some(rota),
                    ..
                }),
            ) => {
                let rota = rota.of(id, &self.names)?;
                self.assembled.rotas.push(rota);
            }
            (Stage::People, Content::Practitioner(one)) => self.has_role(one)?,
            (Stage::People, Content::Duty(one)) => {
                let duty = self.duty(one)?;
                self.assembled.duties.push(duty);
            }
            _ => {}
        }
        Ok(())
    }

    fn team(&self, team: &read::Team) -> Result<Team, String> {
        let organisation = match self.find(team.part_of.as_ref(), "Organization.partOf")? {
            Named::Agency(id) => id,
            _ => return Err("Organization.partOf: must be the team's agency".to_owned()),
        };
        let phone = match &team.phone {
            Some(phone) => phone.clone(),
            None => self.organisation(&organisation)?.phone.clone(),
        };
        Ok(Team {
            id: TeamId::new(team.id.clone()),
            organisation,
            name: needed(
                &team.name,
                "Organization.name: give the name that people know it by",
            )?,
            phone,
            remits: team.remits.clone(),
        })
    }

    fn worker(&self, role: &PractitionerRole) -> Result<Worker, String> {
        let named = self.find(role.practitioner.as_ref(), "PractitionerRole.practitioner")?;
        let Named::Worker(id) = named else {
            return Err("PractitionerRole.practitioner: must be a Practitioner".to_owned());
        };
        let workplace = self.find(role.organization.as_ref(), "PractitionerRole.organization")?;
        let (organisation, team, their_phone) = self.workplace(workplace)?;
        let (name, phone) = self.who(&id)?;
        if !role.is_active && role.until.is_none() {
            return Err(
                "PractitionerRole.period.end: give the day on which they left, since they are not \
                 active"
                    .to_owned(),
            );
        }
        Ok(Worker {
            id,
            name,
            role: role.role.ok_or_else(|| {
                format!("PractitionerRole.code: give a role known here, under {ROLE_SYSTEM}")
            })?,
            organisation,
            team,
            phone: role.phone.clone().or(phone).unwrap_or(their_phone),
            until: role.until,
        })
    }

    /// The agency, the team if they have one, and the number that reaches them there.
    fn workplace(&self, named: Named) -> Result<(OrganisationId, Option<TeamId>, String), String> {
        match named {
            Named::Agency(id) => {
                let phone = self.organisation(&id)?.phone.clone();
                Ok((id, None, phone))
            }
            Named::Team(id) => {
                let team = self.team_of(&id)?;
                Ok((team.organisation.clone(), Some(id), team.phone.clone()))
            }
            Named::Worker(_) => {
                Err("PractitionerRole.organization: must be an agency or a team".to_owned())
            }
        }
    }

    /// Their name, and the number of their own.
    fn who(&self, id: &WorkerId) -> Result<(String, Option<String>), String> {
        let brought = self.resources.iter().find_map(|it| match &it.content {
            Content::Practitioner(one) if one.id == id.as_str() => Some(one),
            _ => None,
        });
        if let Some(one) = brought {
            let what = "Practitioner.name: give the name that colleagues know them by";
            return Ok((needed(&one.name, what)?, one.phone.clone()));
        }
        let worker = self.known.workers.get(id);
        let worker =
            worker.ok_or_else(|| "PractitionerRole.practitioner: is not known".to_owned())?;
        Ok((worker.name.clone(), Some(worker.phone.clone())))
    }

    /// Nobody can ask for an agency without a role in it.
    fn has_role(&self, practitioner: &Practitioner) -> Result<(), String> {
        let is_theirs = |reference: &Reference| matches!(self.names.find(reference), Some(Named::Worker(id)) if id.as_str() == practitioner.id);
        let mut roles = self.resources.iter().filter_map(|it| match &it.content {
            Content::Role(role) => role.practitioner.as_ref(),
            _ => None,
        });
        match roles.any(is_theirs) {
            true => Ok(()),
            false => {
                Err("no PractitionerRole names them: say where they work and as what".to_owned())
            }
        }
    }

    fn duty(&self, service: &HealthcareService) -> Result<Duty, String> {
        let named = self.find(service.provided_by.as_ref(), "HealthcareService.providedBy")?;
        let Named::Team(team) = named else {
            return Err("HealthcareService.providedBy: must be the team that answers".to_owned());
        };
        let serves = match &service.serves {
            None => self.team_of(&team)?.organisation.clone(),
            some => match self.find(some.as_ref(), SERVES)? {
                Named::Agency(id) => id,
                _ => return Err(format!("{SERVES}: must be an agency")),
            },
        };
        let [(from_minute, to_minute)] = service.hours[..] else {
            return Err(
                "HealthcareService.availableTime: give its hours, the same on every day, such as \
                 17:00:00 to 08:45:00"
                    .to_owned(),
            );
        };
        Ok(Duty {
            serves,
            team,
            name: needed(
                &service.name,
                "HealthcareService.name: say what the duty is called",
            )?,
            phone: needed(
                &service.phone,
                "HealthcareService.telecom: give the number that answers",
            )?,
            from_minute,
            to_minute,
        })
    }

    fn find(&self, reference: Option<&Reference>, path: &str) -> Result<Named, String> {
        let reference = reference.ok_or_else(|| {
            format!("{path}: give a reference to something brought, or an identifier known here")
        })?;
        let named = self.names.find(reference);
        named.ok_or_else(|| format!("{path}: is neither brought nor in the directory"))
    }

    fn organisation(&self, id: &OrganisationId) -> Result<&Organisation, String> {
        let mut brought = self.assembled.organisations.iter();
        brought
            .find(|it| it.id == *id)
            .or_else(|| self.known.organisations.get(id))
            .ok_or_else(|| "its agency cannot be taken in".to_owned())
    }

    fn team_of(&self, id: &TeamId) -> Result<&Team, String> {
        let mut brought = self.assembled.teams.iter();
        brought
            .find(|it| it.id == *id)
            .or_else(|| self.known.teams.get(id))
            .ok_or_else(|| "its team cannot be taken in".to_owned())
    }
}

fn agency(agency: &Agency) -> Result<Organisation, String> {
    let kind = agency.kind.ok_or_else(|| {
        format!("Organization.type: give a kind of agency known here, under {KIND_SYSTEM}")
    })?;
    if kind == OrganisationKind::Exchange || agency.id == crate::contribute::THE_PERSON {
        return Err("Organization.identifier: this is the exchange itself".to_owned());
    }
    Ok(Organisation {
        id: OrganisationId::new(agency.id.clone()),
        name: needed(
            &agency.name,
            "Organization.name: give the name that people know it by",
        )?,
        kind,
        phone: needed(
            &agency.phone,
            "Organization.telecom: give the number to ring in office hours",
        )?,
    })
}

fn needed(value: &Option<String>, what: &str) -> Result<String, String> {
    value.clone().ok_or_else(|| what.to_owned())
}
