//! Consents as other systems write them, read from FHIR and decided.
//!
//! `examples` follows the example cards of IHE's Privacy Consent on FHIR (basic, intermediate,
//! advanced; <https://profiles.ihe.net/ITI/PCF>), each written anew about Effie McSween. `flaws` are faults
//! that were seen in other evaluators of consents, one test each.

mod examples;
mod flaws;
mod reading;
