//! Turns an OpenAPI fragment of Microsoft Graph into the source of a Rust client: text in, texts out.
//!
//! The stages stand in the order in which the data flows; each can be read, called and tested by itself.
//!
//! | stage | from | to |
//! |---|---|---|
//! | [`load`] | text (YAML or JSON) | a tree in which every node knows its line and column |
//! | [`overlay`] | that tree | the same, with a user's corrections |
//! | [`corrections`] | the tree | the same, with known defects of upstream mended |
//! | [`newer`] | a tree of OpenAPI 3.1 or 3.2 | one of 3.0 |
//! | [`marks`], [`subtypes`] | that tree | the same, with what a user and the service's own data model know beside it |
//! | [`select`] | that tree | what is asked for, and all that it needs |
//! | [`lint`] | the tree | problems, all of them, with line, pointer and remedy |
//! | [`model`] | the tree | the fragment in normal form |
//! | [`plan`] | the model | every Rust item that there will be, as data |
//! | [`emit`] | the plan | the modules that we publish |
//! | [`render`] | modules | formatted files |
//!
//! [`csdl`] reads the service's own data model, beside [`load`], which reads descriptions.
//! The functions that build requests are progenitor's, but for a short list of changes; see [`emit::Origins`].
//!
//! [`resources`] puts what each resource needs behind a Cargo feature, where a crate wants that.
//!
//! [`surface`](mod@surface) and [`contract`](mod@contract) project the model for reviewers and for the simulator.
//! Nothing here touches the disk or the network.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod contract;
pub mod corrections;
pub mod csdl;
pub mod diagnostic;
pub mod edit;
pub mod emit;
pub mod generate;
pub mod leave_out;
pub mod lint;
pub mod load;
pub mod marks;
pub mod model;
pub mod names;
pub mod newer;
pub mod overlay;
pub mod plan;
pub mod prepare;
pub mod refresh;
pub mod render;
pub mod report;
pub mod resources;
pub mod select;
pub mod settings;
pub mod settings_file;
pub mod stats;
pub mod subtypes;
pub mod surface;
pub mod tell_apart;
pub mod weaken;

pub use diagnostic::{Problem, Problems};
pub use generate::{Generated, generate, generate_document, read};
pub use settings::Settings;
pub use stats::Stats;

/// The README's program runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
