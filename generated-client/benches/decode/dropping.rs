//! A peer as most people write it: derived, and dropping what it does not know.

#![expect(dead_code, reason = "what is decoded is not read")]

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::members::*;

macro_rules! peer {
    ($name:ident { $($field:ident: $type:ty = $wire:literal,)* }) => {
        #[derive(Deserialize)]
        pub(crate) struct $name {
            $(
                #[serde(rename = $wire)]
                $field: $type,
            )*
        }
    };
}

#[derive(Deserialize)]
#[serde(tag = "@odata.type")]
pub(crate) enum Evidence {
    #[serde(rename = "#microsoft.graph.security.deviceEvidence")]
    Device(Box<DeviceEvidence>),
    #[serde(rename = "#microsoft.graph.security.fileEvidence")]
    File(Box<FileEvidence>),
    #[serde(rename = "#microsoft.graph.security.processEvidence")]
    Process(Box<ProcessEvidence>),
    #[serde(other)]
    Other,
}

include!("with_base.in");
include!("shapes.in");

#[derive(Deserialize)]
pub(crate) struct Page {
    pub(crate) value: Vec<Incident>,
}
