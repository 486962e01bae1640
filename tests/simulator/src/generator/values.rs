//! Values for any schema of the contract, plausible for the names of their properties.

use serde_json::{Value, json};
use uuid::Uuid;

use super::words;
use crate::contract::{Contract, Property, Schema, Shape};
use crate::object::Object;
use crate::time::Ticks;

/// The schemas of people.
const PEOPLE: [&str; 5] = [
    "User",
    "LoggedOnUser",
    "Mailbox",
    "EmailSender",
    "GitHubUser",
];

/// The maximum depth of evidence within evidence.
const DEEPEST: u32 = 2;

pub(super) struct Values<'a> {
    contract: &'a Contract,
    pub(super) random: &'a mut fastrand::Rng,
    /// All times are shortly before this one.
    around: Ticks,
}

impl<'a> Values<'a> {
    pub(super) fn new(
        contract: &'a Contract,
        random: &'a mut fastrand::Rng,
        around: Ticks,
    ) -> Self {
        Self {
            contract,
            random,
            around,
        }
    }

    /// An object of a schema, with all its properties.
    pub(super) fn object(&mut self, schema: &str, depth: u32) -> Object {
        let mut object = Object::new();
        let contract = self.contract;
        let Some(shape) = contract.object(schema) else {
            return object;
        };
        let mut properties: Vec<(&String, &Property)> = shape.properties.iter().collect();
        // Maps have no order, and a seed must mean the same everywhere.
        properties.sort_unstable_by_key(|(name, _)| *name);
        let is_person = PEOPLE.iter().any(|people| schema.starts_with(people));
        for (name, property) in properties {
            if name == "@odata.type" {
                continue;
            }
            let value = match name.as_str() {
                "displayName" | "accountName" if is_person => {
                    json!(words::person(self.random, name == "displayName"))
                }
                _ => self.property(name, property, depth),
            };
            object.insert(name.clone(), value);
        }
        self.hash(&mut object);
        if let Some(tag) = &shape.odata_type {
            object.insert("@odata.type".to_owned(), json!(tag));
        }
        object
    }

    /// A hash has the length of its algorithm.
    fn hash(&mut self, object: &mut Object) {
        let digits = match object.get("algorithm").and_then(Value::as_str) {
            Some("md5") => 32,
            Some("sha1") => 40,
            Some(_) => 64,
            None => return,
        };
        if object.contains_key("value") {
            object.insert("value".to_owned(), json!(words::hex(self.random, digits)));
        }
    }

    fn property(&mut self, name: &str, property: &Property, depth: u32) -> Value {
        let empty = property.nullable && self.random.u8(..) < 50;
        match &property.shape {
            Shape::Array { items } => {
                let count = if empty || depth >= DEEPEST {
                    0
                } else {
                    self.random.usize(0..3)
                };
                (0..count)
                    .map(|_| self.value(name, items, depth + 1))
                    .collect()
            }
            Shape::Ref { .. } if property.nullable && depth >= DEEPEST => Value::Null,
            _ if empty => Value::Null,
            shape => self.value(name, shape, depth),
        }
    }

    fn value(&mut self, name: &str, shape: &Shape, depth: u32) -> Value {
        match shape {
            Shape::String { format } => match format.as_deref() {
                Some("date-time") => {
                    let before = self.random.i64(0..86_400 * Ticks::PER_SECOND);
                    json!(Ticks(self.around.0 - before).to_string())
                }
                Some("uuid") => json!(self.guid()),
                _ => json!(self.text(name)),
            },
            Shape::Boolean => json!(self.random.bool()),
            // Ids and sizes sometimes exceed the precision of a double.
            Shape::Integer { format } if format.as_deref() == Some("int64") => {
                match self.random.u8(..) {
                    0..30 => json!(9_007_199_254_740_993_i64 + self.random.i64(0..1_000)),
                    _ => json!(self.random.i64(1..10_000_000)),
                }
            }
            Shape::Integer { .. } => json!(self.random.i32(1..65_536)),
            Shape::Number => json!(f64::from(self.random.i32(-8_000..8_000)) / 100.0),
            Shape::Any => json!({"source": "simulator"}),
            Shape::Array { items } => json!([self.value(name, items, depth + 1)]),
            Shape::Ref { r#ref } => self.reference(r#ref, depth),
        }
    }

    fn reference(&mut self, name: &str, depth: u32) -> Value {
        let contract = self.contract;
        match contract.schemas.get(name) {
            Some(Schema::Enum(enumeration)) => {
                let members: Vec<&str> = enumeration
                    .members
                    .iter()
                    .map(|member| member.value.as_str())
                    .filter(|member| *member != "unknownFutureValue")
                    .collect();
                json!(words::pick(self.random, &members))
            }
            Some(Schema::Object(_)) => Value::Object(self.object(name, depth + 1)),
            Some(Schema::Polymorphic(_)) => {
                let tag = "#microsoft.graph.security.azureResourceEvidence";
                let mut object = self.object("AzureResourceEvidence", depth + 1);
                object.insert("@odata.type".to_owned(), json!(tag));
                Value::Object(object)
            }
            Some(Schema::Open) => {
                json!({"environment": "production", "weight": self.random.u8(..)})
            }
            _ => Value::Null,
        }
    }

    fn text(&mut self, name: &str) -> String {
        let lower = name.to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
        let random = &mut *self.random;
        match lower.as_str() {
            _ if ends(&[
                "ipaddress",
                "senderip",
                "ipaddresses",
                "externalips",
                "clusterip",
                "ipinterfaces",
            ]) =>
            {
                format!("203.0.113.{}", random.u8(1..))
            }
            "md5" => words::hex(random, 32),
            "sha1" => words::hex(random, 40),
            "sha256" | "sha256ac" | "signaturehash" => words::hex(random, 64),
            "filename" => words::pick(random, words::FILES).to_owned(),
            "filepath" => words::pick(random, words::FOLDERS).to_owned(),
            "processcommandline" => format!(
                "{} /quiet /id {}",
                words::pick(random, words::FILES),
                random.u16(..)
            ),
            "countryletercode" | "countrylettercode" => {
                words::pick(random, &["NL", "DE", "US", "BR", "JP"]).to_owned()
            }
            _ if ends(&[
                "email",
                "address",
                "upn",
                "principalname",
                "sender",
                "recipient",
                "submitter",
                "recipients",
            ]) =>
            {
                words::analyst(random)
            }
            _ if ends(&["url", "urls", "link"]) => {
                format!("https://files.example/{}", words::hex(random, 8))
            }
            _ if ends(&[
                "dnsname",
                "hostname",
                "devicename",
                "domainname",
                "dnsdomain",
                "ntdomain",
            ]) =>
            {
                format!("host-{:03}.contoso.example", random.u16(0..400))
            }
            _ if ends(&["macaddress"]) => format!("00-53-00-00-00-{:02X}", random.u8(..)),
            _ if ends(&["sid"]) => format!("S-1-5-21-{}-{}", random.u32(..), random.u16(..)),
            "mitretechniques" => words::pick(random, words::TECHNIQUES).to_owned(),
            "category" | "categories" => words::pick(random, words::CATEGORIES).to_owned(),
            "description" | "instructions" | "recommendedactions" => words::description(random),
            "title" | "displayname" | "subject" => words::title(random),
            _ if ends(&["id", "guid"]) => self.guid(),
            _ => words::pick(random, words::NAMES).to_owned(),
        }
    }

    fn guid(&mut self) -> String {
        Uuid::from_u128(self.random.u128(..)).to_string()
    }
}
