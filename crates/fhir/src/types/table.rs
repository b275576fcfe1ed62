//! The 146 concrete resource types of R4 (<https://hl7.org/fhir/R4/resourcelist.html>) and where
//! each names the person it is about, after the Patient compartment
//! (<https://hl7.org/fhir/R4/compartmentdefinition-patient.html>).
//!
//! The compartment also lists authors, recorders and payers; they do not make a record someone's.

use super::{Kind, TypeFacts};

const fn definition(name: &'static str) -> TypeFacts {
    TypeFacts {
        name,
        kind: Kind::Definition,
    }
}

const fn directory(name: &'static str) -> TypeFacts {
    TypeFacts {
        name,
        kind: Kind::Directory,
    }
}

const fn person(
    name: &'static str,
    subject_paths: &'static [&'static str],
    through_paths: &'static [&'static str],
) -> TypeFacts {
    TypeFacts {
        name,
        kind: Kind::Person {
            subject_paths,
            through_paths,
        },
    }
}

const fn either(name: &'static str, subject_paths: &'static [&'static str]) -> TypeFacts {
    TypeFacts {
        name,
        kind: Kind::Either { subject_paths },
    }
}

const fn other(name: &'static str) -> TypeFacts {
    TypeFacts {
        name,
        kind: Kind::Other,
    }
}

/// Every type, in order of name.
pub static TYPES: &[TypeFacts] = &[
    person("Account", &["subject"], &[]),
    definition("ActivityDefinition"),
    person("AdverseEvent", &["subject"], &[]),
    person("AllergyIntolerance", &["patient"], &[]),
    person(
        "Appointment",
        &["participant.actor"],
        &["basedOn", "supportingInformation"],
    ),
    person("AppointmentResponse", &["actor"], &["appointment"]),
    person(
        "AuditEvent",
        &["entity.what", "agent.who"],
        &["entity.what"],
    ),
    person("Basic", &["subject"], &[]),
    person("Binary", &["securityContext"], &["securityContext"]),
    person("BiologicallyDerivedProduct", &["collection.source"], &[]),
    person("BodyStructure", &["patient"], &[]),
    other("Bundle"),
    definition("CapabilityStatement"),
    person("CarePlan", &["subject"], &[]),
    person("CareTeam", &["subject"], &["encounter"]),
    directory("CatalogEntry"),
    person("ChargeItem", &["subject"], &[]),
    definition("ChargeItemDefinition"),
    person("Claim", &["patient"], &[]),
    person("ClaimResponse", &["patient"], &[]),
    person("ClinicalImpression", &["subject"], &[]),
    definition("CodeSystem"),
    person(
        "Communication",
        &["subject", "recipient", "sender"],
        &["encounter", "about"],
    ),
    person(
        "CommunicationRequest",
        &["subject", "recipient", "sender"],
        &["encounter", "about"],
    ),
    definition("CompartmentDefinition"),
    person("Composition", &["subject"], &["encounter"]),
    definition("ConceptMap"),
    person("Condition", &["subject"], &[]),
    person("Consent", &["patient"], &[]),
    either("Contract", &["subject"]),
    person("Coverage", &["beneficiary"], &[]),
    person("CoverageEligibilityRequest", &["patient"], &[]),
    person("CoverageEligibilityResponse", &["patient"], &[]),
    person("DetectedIssue", &["patient"], &["implicated"]),
    either("Device", &["patient"]),
    definition("DeviceDefinition"),
    directory("DeviceMetric"),
    person("DeviceRequest", &["subject"], &[]),
    person("DeviceUseStatement", &["subject"], &[]),
    person("DiagnosticReport", &["subject"], &["encounter"]),
    person("DocumentManifest", &["subject"], &["content"]),
    person(
        "DocumentReference",
        &["subject", "context.sourcePatientInfo"],
        &["context.encounter"],
    ),
    definition("EffectEvidenceSynthesis"),
    person("Encounter", &["subject"], &["episodeOfCare", "partOf"]),
    directory("Endpoint"),
    person("EnrollmentRequest", &["candidate"], &[]),
    person("EnrollmentResponse", &[], &["request"]),
    person("EpisodeOfCare", &["patient"], &[]),
    definition("EventDefinition"),
    definition("Evidence"),
    definition("EvidenceVariable"),
    definition("ExampleScenario"),
    person("ExplanationOfBenefit", &["patient"], &[]),
    person("FamilyMemberHistory", &["patient"], &[]),
    person("Flag", &["subject"], &["encounter"]),
    person("Goal", &["subject"], &[]),
    definition("GraphDefinition"),
    other("Group"),
    person("GuidanceResponse", &["subject"], &["encounter"]),
    directory("HealthcareService"),
    person("ImagingStudy", &["subject"], &[]),
    person("Immunization", &["patient"], &[]),
    person("ImmunizationEvaluation", &["patient"], &[]),
    person("ImmunizationRecommendation", &["patient"], &[]),
    definition("ImplementationGuide"),
    directory("InsurancePlan"),
    person("Invoice", &["subject", "recipient"], &["account"]),
    definition("Library"),
    person("Linkage", &["item.resource"], &["item.resource"]),
    person("List", &["subject"], &["encounter"]),
    directory("Location"),
    definition("Measure"),
    person("MeasureReport", &["subject"], &[]),
    person("Media", &["subject"], &["encounter"]),
    directory("Medication"),
    person("MedicationAdministration", &["subject"], &[]),
    person(
        "MedicationDispense",
        &["subject", "receiver"],
        &["context", "authorizingPrescription"],
    ),
    definition("MedicationKnowledge"),
    person("MedicationRequest", &["subject"], &[]),
    person("MedicationStatement", &["subject"], &[]),
    definition("MedicinalProduct"),
    definition("MedicinalProductAuthorization"),
    definition("MedicinalProductContraindication"),
    definition("MedicinalProductIndication"),
    definition("MedicinalProductIngredient"),
    definition("MedicinalProductInteraction"),
    definition("MedicinalProductManufactured"),
    definition("MedicinalProductPackaged"),
    definition("MedicinalProductPharmaceutical"),
    definition("MedicinalProductUndesirableEffect"),
    definition("MessageDefinition"),
    person("MessageHeader", &["focus"], &["focus"]),
    person("MolecularSequence", &["patient"], &["specimen"]),
    definition("NamingSystem"),
    person("NutritionOrder", &["patient"], &[]),
    person("Observation", &["subject"], &["encounter", "specimen"]),
    definition("ObservationDefinition"),
    definition("OperationDefinition"),
    other("OperationOutcome"),
    directory("Organization"),
    directory("OrganizationAffiliation"),
    other("Parameters"),
    other("Patient"),
    person("PaymentNotice", &[], &["request", "response"]),
    person("PaymentReconciliation", &[], &["request", "detail.request"]),
    person("Person", &["link.target"], &["link.target"]),
    definition("PlanDefinition"),
    directory("Practitioner"),
    directory("PractitionerRole"),
    person("Procedure", &["subject"], &[]),
    person("Provenance", &["target"], &["target"]),
    definition("Questionnaire"),
    person(
        "QuestionnaireResponse",
        &["subject", "source", "author"],
        &["encounter"],
    ),
    person("RelatedPerson", &["patient"], &[]),
    person("RequestGroup", &["subject"], &["encounter"]),
    definition("ResearchDefinition"),
    definition("ResearchElementDefinition"),
    directory("ResearchStudy"),
    person("ResearchSubject", &["individual"], &[]),
    person("RiskAssessment", &["subject"], &[]),
    definition("RiskEvidenceSynthesis"),
    either("Schedule", &["actor"]),
    definition("SearchParameter"),
    person("ServiceRequest", &["subject"], &[]),
    directory("Slot"),
    person("Specimen", &["subject"], &[]),
    definition("SpecimenDefinition"),
    definition("StructureDefinition"),
    definition("StructureMap"),
    directory("Subscription"),
    directory("Substance"),
    definition("SubstanceNucleicAcid"),
    definition("SubstancePolymer"),
    definition("SubstanceProtein"),
    definition("SubstanceReferenceInformation"),
    definition("SubstanceSourceMaterial"),
    definition("SubstanceSpecification"),
    person("SupplyDelivery", &["patient"], &["basedOn"]),
    person("SupplyRequest", &["deliverTo", "requester"], &[]),
    person(
        "Task",
        &["for", "focus"],
        &["focus", "basedOn", "encounter"],
    ),
    definition("TerminologyCapabilities"),
    definition("TestReport"),
    definition("TestScript"),
    definition("ValueSet"),
    either("VerificationResult", &["target"]),
    person("VisionPrescription", &["patient"], &[]),
];
