//! The codes that the town's records use: SNOMED CT, LOINC and CVX, with their published displays.

use serde_json::{Value, json};

/// A coded idea.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code {
    system: &'static str,
    code: &'static str,
    display: &'static str,
}

impl Code {
    /// As a FHIR `Coding`.
    pub(super) fn coding(self) -> Value {
        json!({ "system": self.system, "code": self.code, "display": self.display })
    }

    /// As a `CodeableConcept` in the words of the code.
    pub(super) fn concept(self) -> Value {
        self.concept_as(self.display)
    }

    /// As a `CodeableConcept` in the author's words.
    pub(super) fn concept_as(self, text: &str) -> Value {
        json!({ "coding": [self.coding()], "text": text })
    }
}

const fn snomed(code: &'static str, display: &'static str) -> Code {
    Code {
        system: "http://snomed.info/sct",
        code,
        display,
    }
}

const fn loinc(code: &'static str, display: &'static str) -> Code {
    Code {
        system: "http://loinc.org",
        code,
        display,
    }
}

const fn cvx(code: &'static str, display: &'static str) -> Code {
    Code {
        system: "http://hl7.org/fhir/sid/cvx",
        code,
        display,
    }
}

macro_rules! codes {
    ($of:ident: $( $name:ident = $code:literal, $display:literal; )*) => {
        $( pub(super) const $name: Code = $of($code, $display); )*
    };
}

// Problems.
codes! { snomed:
    ALCOHOL_DEPENDENCE = "66590003", "Alcohol dependence";
    ALZHEIMERS = "26929004", "Alzheimer's disease";
    ANKLE_FRACTURE = "16114001", "Fracture of ankle";
    ANXIETY = "197480006", "Anxiety disorder";
    ASTHMA = "195967001", "Asthma";
    ATRIAL_FIBRILLATION = "49436004", "Atrial fibrillation";
    CHEST_PAIN = "29857009", "Chest pain";
    CHLAMYDIA = "105629000", "Chlamydial infection";
    CHRONIC_KIDNEY_DISEASE = "433144002", "Chronic kidney disease stage 3";
    CONCUSSION = "62106007", "Concussion with no loss of consciousness";
    COPD = "13645005", "Chronic obstructive lung disease";
    DELIRIUM = "2776000", "Delirium";
    DEMENTIA = "52448006", "Dementia";
    DEPRESSION = "35489007", "Depressive disorder";
    DIABETES = "44054006", "Diabetes mellitus type 2";
    ECZEMA = "24079001", "Atopic dermatitis";
    FOREARM_FRACTURE = "65966004", "Fracture of forearm";
    GENDER_DYSPHORIA = "93461009", "Gender dysphoria";
    HEARING_LOSS = "15188001", "Hearing loss";
    HEART_FAILURE = "84114007", "Heart failure";
    HIV = "86406008", "Human immunodeficiency virus infection";
    HYPERTENSION = "59621000", "Essential hypertension";
    HYPOTHYROIDISM = "40930008", "Hypothyroidism";
    INTELLECTUAL_DISABILITY = "110359009", "Intellectual disability";
    ISCHAEMIC_HEART_DISEASE = "414545008", "Ischemic heart disease";
    KNEE_OSTEOARTHRITIS = "239873007", "Osteoarthritis of knee";
    MIGRAINE = "37796009", "Migraine";
    NORMAL_PREGNANCY = "72892002", "Normal pregnancy";
    OPIOID_DEPENDENCE = "75544000", "Opioid dependence";
    OSTEOPOROSIS = "64859006", "Osteoporosis";
    PARTNER_ABUSE = "706893006", "Victim of intimate partner abuse";
    PTSD = "47505003", "Posttraumatic stress disorder";
    RHINITIS = "367498001", "Seasonal allergic rhinitis";
    SEIZURE_DISORDER = "128613002", "Seizure disorder";
    STROKE = "230690007", "Cerebrovascular accident";
    URINARY_INFECTION = "68566005", "Urinary tract infectious disease";
}

// Substances: what a medicine contains, and what someone is allergic to.
codes! { snomed:
    ALENDRONIC_ACID = "391730008", "Alendronic acid";
    AMLODIPINE = "386864001", "Amlodipine";
    APIXABAN = "698090000", "Apixaban";
    ASPIRIN = "387458008", "Aspirin";
    ATORVASTATIN = "373444002", "Atorvastatin";
    BISOPROLOL = "386868003", "Bisoprolol";
    DONEPEZIL = "386855006", "Donepezil";
    DOXYCYCLINE = "372478003", "Doxycycline";
    FLUOXETINE = "372767007", "Fluoxetine";
    FUROSEMIDE = "387475002", "Furosemide";
    LEVETIRACETAM = "387000003", "Levetiracetam";
    LEVOTHYROXINE = "710809001", "Levothyroxine";
    METFORMIN = "372567009", "Metformin";
    METHADONE = "387286002", "Methadone";
    MIRTAZAPINE = "386847004", "Mirtazapine";
    OMEPRAZOLE = "387137007", "Omeprazole";
    PARACETAMOL = "387517004", "Paracetamol";
    RAMIPRIL = "386872004", "Ramipril";
    SALBUTAMOL = "372897005", "Salbutamol";
    SERTRALINE = "372594008", "Sertraline";
    TRIMETHOPRIM = "387170002", "Trimethoprim";
    LATEX = "111088007", "Latex";
    PENICILLIN_ALLERGY = "91936005", "Allergy to penicillin";
    PEANUT_ALLERGY = "91935009", "Allergy to peanut";
}

// What was done.
codes! { snomed:
    CARE_NEEDS_ASSESSED = "710824005", "Assessment of health and social care needs";
    HOME_HEALTH_REFERRAL = "417511005", "Referral to home health care service";
    OCCUPATIONAL_THERAPY = "84478008", "Occupational therapy";
    CARE_PLAN_MADE = "370789001", "Development of individualized plan of care";
}

// Measurements and documents.
codes! { loinc:
    BLOOD_PRESSURE = "85354-9", "Blood pressure panel with all children optional";
    SYSTOLIC = "8480-6", "Systolic blood pressure";
    DIASTOLIC = "8462-4", "Diastolic blood pressure";
    BODY_WEIGHT = "29463-7", "Body weight";
    HBA1C = "4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood";
    HEART_RATE = "8867-4", "Heart rate";
    OXYGEN_SATURATION = "2708-6", "Oxygen saturation in Arterial blood";
    TEMPERATURE = "8310-5", "Body temperature";
    PHQ9_TOTAL = "44261-6", "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]";
    EXPECTED_DELIVERY = "11778-8", "Delivery date Estimated";
    CONSULT_NOTE = "11488-4", "Consult note";
    DISCHARGE_SUMMARY = "18842-5", "Discharge summary";
    EMERGENCY_NOTE = "34111-5", "Emergency department Note";
    NOTE = "34109-9", "Note";
    PROGRESS_NOTE = "11506-3", "Progress note";
    REFERRAL_NOTE = "57133-1", "Referral note";
    PRIVACY_CONSENT = "59284-0", "Consent Document";
}

// Vaccines, by CVX because its codes are free to everyone.
codes! { cvx:
    INFLUENZA_VACCINE = "140", "Influenza, split virus, trivalent, PF";
    MMR_VACCINE = "03", "MMR";
    PNEUMOCOCCAL_VACCINE = "33", "pneumococcal polysaccharide PPV23";
    ZOSTER_VACCINE = "187", "zoster recombinant";
}
