//! Common illnesses as a practice records them, for story people and ordinary people alike.

use crate::town::chart::Chart;
use crate::town::codes;

/// An illness of later or earlier life and how a practice writes it down.
pub(in crate::town) struct Illness {
    /// What a person would call it.
    pub(in crate::town) words: &'static str,
    /// The youngest age at which the town gives it to anyone.
    pub(in crate::town) from_age: u32,
    /// Writes it down, as known since a year.
    pub(in crate::town) record: fn(&mut Chart<'_>, &str),
}

/// What ordinary people have.
pub(in crate::town) const ILLNESSES: &[Illness] = &[
    Illness {
        words: "high blood pressure",
        from_age: 40,
        record: high_blood_pressure,
    },
    Illness {
        words: "type 2 diabetes",
        from_age: 40,
        record: diabetes,
    },
    Illness {
        words: "asthma",
        from_age: 6,
        record: asthma,
    },
    Illness {
        words: "an underactive thyroid",
        from_age: 30,
        record: thyroid,
    },
    Illness {
        words: "worn knees",
        from_age: 55,
        record: worn_knees,
    },
    Illness {
        words: "hay fever",
        from_age: 6,
        record: hay_fever,
    },
    Illness {
        words: "migraine",
        from_age: 16,
        record: migraine,
    },
    Illness {
        words: "eczema",
        from_age: 2,
        record: eczema,
    },
    Illness {
        words: "an irregular heartbeat",
        from_age: 60,
        record: irregular_heartbeat,
    },
    Illness {
        words: "low mood",
        from_age: 18,
        record: low_mood,
    },
];

pub(super) fn high_blood_pressure(gp: &mut Chart<'_>, since: &str) {
    gp.problem(codes::HYPERTENSION, since);
    gp.medicine(
        codes::AMLODIPINE,
        "Amlodipine 5 mg tablets",
        "One each morning",
    );
    gp.blood_pressure(142.0, 84.0);
}

pub(super) fn diabetes(gp: &mut Chart<'_>, since: &str) {
    gp.problem(codes::DIABETES, since);
    gp.medicine(
        codes::METFORMIN,
        "Metformin 500 mg tablets",
        "One twice a day with meals",
    );
    gp.measure(codes::HBA1C, 54.0, "mmol/mol", "mmol/mol");
    gp.measure(codes::BODY_WEIGHT, 81.5, "kg", "kg");
}

pub(super) fn asthma(gp: &mut Chart<'_>, since: &str) {
    gp.problem(codes::ASTHMA, since);
    gp.medicine(
        codes::SALBUTAMOL,
        "Salbutamol 100 micrograms/dose inhaler",
        "Two puffs when wheezy",
    );
}

pub(super) fn thyroid(gp: &mut Chart<'_>, since: &str) {
    gp.problem(codes::HYPOTHYROIDISM, since);
    gp.medicine(
        codes::LEVOTHYROXINE,
        "Levothyroxine sodium 75 microgram tablets",
        "One before breakfast",
    );
}

pub(super) fn worn_knees(gp: &mut Chart<'_>, since: &str) {
    gp.problem(codes::KNEE_OSTEOARTHRITIS, since);
    gp.medicine(
        codes::PARACETAMOL,
        "Paracetamol 500 mg tablets",
        "Two up to four times a day",
    );
}

pub(super) fn hay_fever(gp: &mut Chart<'_>, since: &str) {
    gp.problem(codes::RHINITIS, since);
}

pub(super) fn migraine(gp: &mut Chart<'_>, since: &str) {
    gp.problem(codes::MIGRAINE, since);
}

pub(super) fn eczema(gp: &mut Chart<'_>, since: &str) {
    gp.problem(codes::ECZEMA, since);
}

pub(super) fn irregular_heartbeat(gp: &mut Chart<'_>, since: &str) {
    gp.problem(codes::ATRIAL_FIBRILLATION, since);
    gp.medicine(codes::APIXABAN, "Apixaban 5 mg tablets", "One twice a day");
    gp.medicine(
        codes::BISOPROLOL,
        "Bisoprolol 2.5 mg tablets",
        "One each morning",
    );
    gp.measure(codes::HEART_RATE, 76.0, "beats/min", "/min");
}

pub(super) fn low_mood(gp: &mut Chart<'_>, since: &str) {
    gp.problem(codes::DEPRESSION, since);
    gp.medicine(
        codes::SERTRALINE,
        "Sertraline 50 mg tablets",
        "One each morning",
    );
    gp.score(codes::PHQ9_TOTAL, 11);
}

/// The yearly check of someone past middle age.
pub(super) fn yearly_check(gp: &mut Chart<'_>, weight: f64, pressure: (f64, f64)) {
    gp.blood_pressure(pressure.0, pressure.1);
    gp.measure(codes::BODY_WEIGHT, weight, "kg", "kg");
    gp.measure(codes::HEART_RATE, 72.0, "beats/min", "/min");
    gp.vaccine(codes::INFLUENZA_VACCINE);
}

/// What a nurse measures when someone comes on to a ward.
pub(in crate::town) fn first_observations(
    ward: &mut Chart<'_>,
    temperature: f64,
    saturation: f64,
    rate: f64,
) {
    ward.measure(codes::TEMPERATURE, temperature, "°C", "Cel");
    ward.measure(codes::OXYGEN_SATURATION, saturation, "%", "%");
    ward.measure(codes::HEART_RATE, rate, "beats/min", "/min");
}
