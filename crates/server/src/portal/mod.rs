//! The portals: pages for workers (`/care`) and for the people themselves (`/me`).

pub mod assets;
pub mod render;
pub mod views;
