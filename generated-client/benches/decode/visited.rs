//! The strongest peer: handwritten visitors, which keep what they do not know and read the tag of evidence first.

#![expect(dead_code, reason = "what is decoded is not read")]

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::members::*;

macro_rules! peer {
    ($name:ident { $($field:ident: $type:ty = $wire:literal,)* }) => {
        #[derive(Default)]
        pub(crate) struct $name {
            $($field: $type,)*
            extra: Map<String, Value>,
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct ObjectVisitor;

                impl<'de> Visitor<'de> for ObjectVisitor {
                    type Value = $name;

                    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                        formatter.write_str(stringify!($name))
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        let mut object = $name::default();
                        while let Some(name) = map.next_key::<&'de str>()? {
                            match name {
                                $($wire => object.$field = map.next_value()?,)*
                                _ => {
                                    let value = map.next_value()?;
                                    object.extra.insert(name.to_owned(), value);
                                }
                            }
                        }
                        Ok(object)
                    }
                }

                deserializer.deserialize_map(ObjectVisitor)
            }
        }
    };
}

pub(crate) enum Evidence {
    Device(Box<DeviceEvidence>),
    File(Box<FileEvidence>),
    Process(Box<ProcessEvidence>),
    Other(Map<String, Value>),
}

impl<'de> Deserialize<'de> for Evidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EvidenceVisitor;

        impl<'de> Visitor<'de> for EvidenceVisitor {
            type Value = Evidence;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("evidence")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Evidence, A::Error> {
                let mut other = Map::new();
                while let Some(name) = map.next_key::<&'de str>()? {
                    if name != "@odata.type" || !other.is_empty() {
                        other.insert(name.to_owned(), map.next_value()?);
                        continue;
                    }
                    let tag = map.next_value::<&'de str>()?;
                    let rest = MapAccessDeserializer::new(&mut map);
                    match tag {
                        "#microsoft.graph.security.deviceEvidence" => {
                            return Deserialize::deserialize(rest).map(Evidence::Device);
                        }
                        "#microsoft.graph.security.fileEvidence" => {
                            return Deserialize::deserialize(rest).map(Evidence::File);
                        }
                        "#microsoft.graph.security.processEvidence" => {
                            return Deserialize::deserialize(rest).map(Evidence::Process);
                        }
                        _ => other.insert(name.to_owned(), tag.into()),
                    };
                }
                Ok(Evidence::Other(other))
            }
        }

        deserializer.deserialize_map(EvidenceVisitor)
    }
}

include!("with_base.in");
include!("shapes.in");

#[derive(Deserialize)]
pub(crate) struct Page {
    pub(crate) value: Vec<Incident>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}
