-- Resources and their versions.

-- Words that many rows repeat: resource types, search parameters, code systems.
CREATE TABLE symbol (
    no   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

-- The types have the first numbers, Patient before the others by name: a list is ordered by them,
-- and numbers given as types arrive would let it tell of one that arrived hidden.
INSERT INTO symbol (text) VALUES
    ('Patient'),
    ('Account'), ('ActivityDefinition'), ('AdverseEvent'), ('AllergyIntolerance'), ('Appointment'),
    ('AppointmentResponse'), ('AuditEvent'), ('Basic'), ('Binary'), ('BiologicallyDerivedProduct'),
    ('BodyStructure'), ('Bundle'), ('CapabilityStatement'), ('CarePlan'), ('CareTeam'),
    ('CatalogEntry'), ('ChargeItem'), ('ChargeItemDefinition'), ('Claim'), ('ClaimResponse'),
    ('ClinicalImpression'), ('CodeSystem'), ('Communication'), ('CommunicationRequest'),
    ('CompartmentDefinition'), ('Composition'), ('ConceptMap'), ('Condition'), ('Consent'),
    ('Contract'), ('Coverage'), ('CoverageEligibilityRequest'), ('CoverageEligibilityResponse'),
    ('DetectedIssue'), ('Device'), ('DeviceDefinition'), ('DeviceMetric'), ('DeviceRequest'),
    ('DeviceUseStatement'), ('DiagnosticReport'), ('DocumentManifest'), ('DocumentReference'),
    ('EffectEvidenceSynthesis'), ('Encounter'), ('Endpoint'), ('EnrollmentRequest'),
    ('EnrollmentResponse'), ('EpisodeOfCare'), ('EventDefinition'), ('Evidence'),
    ('EvidenceVariable'), ('ExampleScenario'), ('ExplanationOfBenefit'), ('FamilyMemberHistory'),
    ('Flag'), ('Goal'), ('GraphDefinition'), ('Group'), ('GuidanceResponse'), ('HealthcareService'),
    ('ImagingStudy'), ('Immunization'), ('ImmunizationEvaluation'), ('ImmunizationRecommendation'),
    ('ImplementationGuide'), ('InsurancePlan'), ('Invoice'), ('Library'), ('Linkage'), ('List'),
    ('Location'), ('Measure'), ('MeasureReport'), ('Media'), ('Medication'),
    ('MedicationAdministration'), ('MedicationDispense'), ('MedicationKnowledge'),
    ('MedicationRequest'), ('MedicationStatement'), ('MedicinalProduct'),
    ('MedicinalProductAuthorization'), ('MedicinalProductContraindication'),
    ('MedicinalProductIndication'), ('MedicinalProductIngredient'), ('MedicinalProductInteraction'),
    ('MedicinalProductManufactured'), ('MedicinalProductPackaged'),
    ('MedicinalProductPharmaceutical'), ('MedicinalProductUndesirableEffect'),
    ('MessageDefinition'), ('MessageHeader'), ('MolecularSequence'), ('NamingSystem'),
    ('NutritionOrder'), ('Observation'), ('ObservationDefinition'), ('OperationDefinition'),
    ('OperationOutcome'), ('Organization'), ('OrganizationAffiliation'), ('Parameters'),
    ('PaymentNotice'), ('PaymentReconciliation'), ('Person'), ('PlanDefinition'),
    ('Practitioner'), ('PractitionerRole'), ('Procedure'), ('Provenance'), ('Questionnaire'),
    ('QuestionnaireResponse'), ('RelatedPerson'), ('RequestGroup'), ('ResearchDefinition'),
    ('ResearchElementDefinition'), ('ResearchStudy'), ('ResearchSubject'), ('RiskAssessment'),
    ('RiskEvidenceSynthesis'), ('Schedule'), ('SearchParameter'), ('ServiceRequest'), ('Slot'),
    ('Specimen'), ('SpecimenDefinition'), ('StructureDefinition'), ('StructureMap'),
    ('Subscription'), ('Substance'), ('SubstanceNucleicAcid'), ('SubstancePolymer'),
    ('SubstanceProtein'), ('SubstanceReferenceInformation'), ('SubstanceSourceMaterial'),
    ('SubstanceSpecification'), ('SupplyDelivery'), ('SupplyRequest'), ('Task'),
    ('TerminologyCapabilities'), ('TestReport'), ('TestScript'), ('ValueSet'),
    ('VerificationResult'), ('VisionPrescription');

CREATE TABLE label_class (
    no   INTEGER PRIMARY KEY,
    body TEXT NOT NULL UNIQUE
) STRICT;

-- What is true of a resource now. Small, so that a whole person fits on few pages; the row key
-- follows the order of arrival and never leaves the database.
CREATE TABLE resource (
    row          INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    home_no      INTEGER NOT NULL,
    type_no      INTEGER NOT NULL,
    subject_no   INTEGER,           -- absent: a directory or definition resource
    custodian_no INTEGER NOT NULL,
    class_no     INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    version_no   INTEGER NOT NULL,  -- the version's own row
    updated_at   INTEGER NOT NULL,
    occurred_at  INTEGER,
    deleted      INTEGER NOT NULL,
    mentions     INTEGER NOT NULL   -- whether it names other people
) STRICT;

CREATE INDEX resource_of_type ON resource (home_no, type_no);
CREATE INDEX resource_in_time ON resource (home_no, occurred_at);

-- Every version, the current one included: history is never moved, only added to.
CREATE TABLE version (
    no            INTEGER PRIMARY KEY,
    row           INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    class_no      INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    occurred_at   INTEGER,
    deleted       INTEGER NOT NULL,
    mentions      INTEGER NOT NULL,
    original_hash BLOB NOT NULL,
    undo          BLOB NOT NULL,
    bytes         BLOB NOT NULL,
    UNIQUE (row, version)
) STRICT;

-- Other people's Patients that a resource names.
CREATE TABLE mention (
    row     INTEGER NOT NULL,
    patient BLOB NOT NULL,
    PRIMARY KEY (row, patient)
) STRICT, WITHOUT ROWID;

-- How many rows of a subject carry each label class. A class that comes or goes moves the facts.
CREATE TABLE subject_class (
    home_no    INTEGER NOT NULL,
    subject_no INTEGER NOT NULL,
    class_no   INTEGER NOT NULL,
    rows       INTEGER NOT NULL,
    PRIMARY KEY (home_no, subject_no, class_no)
) STRICT, WITHOUT ROWID;

-- An agency's own identifiers across all homes, for its conditional references only.
CREATE TABLE own_identifier (
    custodian_no INTEGER NOT NULL,
    type_no      INTEGER NOT NULL,
    value        TEXT NOT NULL,
    system_no    INTEGER NOT NULL,
    row          INTEGER NOT NULL,
    PRIMARY KEY (custodian_no, type_no, value, system_no, row)
) STRICT, WITHOUT ROWID;
