//! What the policy crate promises, told as stories about people in a small place.

mod cases;
mod circumstances;
mod emergency;
mod explain;
mod fields;
mod invited;
mod labeller;
mod loading;
mod outside;
mod people;
mod properties;
mod protection;
mod relationships;
mod scenarios;
mod shipped;
mod table;
mod vectors;
