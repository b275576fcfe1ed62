//! The `candour` program: configuration, HTTP and pages over the use cases.

pub mod anchor;
pub mod api;
pub mod app;
pub mod chance;
pub mod cli;
pub mod clock;
pub mod config;
pub mod continuity;
pub mod http;
pub mod keys;
pub mod mail;
pub mod matching;
pub mod policies;
pub mod portal;
pub mod reports;
pub mod tasks;
pub mod telemetry;
pub mod tokens;
pub mod wiring;
pub mod witnesses;
