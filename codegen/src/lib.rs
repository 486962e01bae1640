//! Turns an OpenAPI fragment of Microsoft Graph into the source of a Rust client. Input and output are text.
//!
//! The stages are listed in the order of the data flow; each can be read, called and tested separately.
//!
//! | stage | from | to |
//! |---|---|---|
//! | [`load`] | text (YAML or JSON) | a tree whose nodes have a line and a column |
//! | [`overlay`] | that tree | the same, with a user's corrections |
//! | [`corrections`] | the tree | the same, with known upstream defects corrected |
//! | [`newer`] | a tree of OpenAPI 3.1 or 3.2 | one of 3.0 |
//! | [`marks`], [`subtypes`] | that tree | the same, with facts from the user and from the service's data model |
//! | [`select`] | that tree | the selected parts, and everything that they need |
//! | [`lint`] | the tree | all problems, with line, pointer and remedy |
//! | [`model`] | the tree | the fragment in normal form |
//! | [`plan`] | the model | every Rust item to generate, as data |
//! | [`emit`] | the plan | the modules of the client |
//! | [`render`] | modules | formatted files |
//!
//! [`csdl`] reads the service's own data model, while [`load`] reads descriptions. progenitor generates the functions
//! that build requests, with a short list of changes; see [`emit::Origins`].
//!
//! [`resources`] puts the code of each resource behind a Cargo feature, for crates that want it.
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
