//! How a caller sees an object: by profile, preferences, selection and faults.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::contract::{Contract, Enumeration};
use crate::faults::{Fault, bodies};
use crate::object::{Object, parsed, serialised};
use crate::profile::{Casing, Profile, TypeName};
use crate::store::Seen;
use crate::walk::{Visitor, walk};

const UNKNOWN: &str = "unknownFutureValue";

/// How objects are shown in one response.
pub(crate) struct View<'a> {
    pub(crate) contract: &'a Contract,
    /// The whole contract, if the called version lacks a part of it.
    pub(crate) beta: Option<&'a Contract>,
    pub(crate) profile: &'a Profile,
    pub(crate) faults: &'a [Fault],
    /// D: whether the caller requested members that are newer than its contract.
    pub(crate) shows_unknown_members: bool,
    pub(crate) select: Option<Vec<String>>,
    /// Properties that are returned besides the selected ones: those of `$expand`.
    pub(crate) expanded: Vec<String>,
}

impl View<'_> {
    /// Incidents are shown as they are stored: the common case, and the fast one.
    fn is_plain(&self) -> bool {
        self.profile.casing == Casing::Camel
            && self.profile.type_name == TypeName::Absent
            && !self.profile.older_names
            && self.profile.missing_properties.is_empty()
            && self.select.is_none()
            && self.beta.is_none()
            && !bodies::concern(self.faults)
    }

    /// The text of an incident in the response.
    pub(crate) fn incident(&self, seen: &Seen) -> Bytes {
        if self.is_plain() && (self.shows_unknown_members || !seen.evolvable) {
            return seen.text.clone();
        }
        let mut incident = parsed(&seen.text);
        self.apply("Incident", &mut incident);
        serialised(&incident)
    }

    /// The same for an object that must be assembled first.
    pub(crate) fn apply(&self, schema: &str, object: &mut Object) {
        if schema == "Incident" {
            match self.profile.type_name {
                TypeName::Absent => {}
                TypeName::Full => type_name(object, "#microsoft.graph.security.incident"),
                TypeName::Short => type_name(object, "#microsoft.graph.incident"),
            }
        }
        if let Some(beta) = self.beta {
            walk(beta, schema, object, &mut Released(beta));
        }
        if !self.shows_unknown_members {
            walk(self.contract, schema, object, &mut Masked);
        }
        if self.profile.casing == Casing::Pascal || self.faults.contains(&Fault::PascalCase) {
            walk(self.contract, schema, object, &mut Pascal);
        }
        bodies::spoil(self.contract, self.faults, schema, object);
        if self.profile.older_names {
            walk(self.contract, schema, object, &mut OlderNames);
        }
        if !self.profile.missing_properties.is_empty() {
            walk(
                self.contract,
                schema,
                object,
                &mut MissingProperties(&self.profile.missing_properties),
            );
        }
        if let Some(select) = &self.select {
            object.retain(|name, _| {
                name.contains('@')
                    || self.expanded.contains(name)
                    || select.iter().any(|selected| selected == name)
            });
        }
    }
}

fn type_name(object: &mut Object, name: &str) {
    object.insert("@odata.type".to_owned(), json!(name));
}

/// D: members after `unknownFutureValue` are shown as that.
struct Masked;

impl Visitor for Masked {
    fn member(&mut self, enumeration: &Enumeration, value: &mut Value) {
        let evolvable = value
            .as_str()
            .and_then(|text| enumeration.member(text))
            .is_some_and(|member| member.evolvable);
        if evolvable {
            *value = json!(UNKNOWN);
        }
    }
}

struct Pascal;

impl Visitor for Pascal {
    fn member(&mut self, _: &Enumeration, value: &mut Value) {
        if let Value::String(text) = value
            && let Some(first) = text.get(..1).map(str::to_ascii_uppercase)
        {
            text.replace_range(..1, &first);
        }
    }
}

/// D: v1.0 returns no property that only beta has, and `unknownFutureValue` instead of members that only beta has.
/// Values outside of the contract are kept: a fault or a person put them there.
struct Released<'a>(&'a Contract);

impl Visitor for Released<'_> {
    fn member(&mut self, enumeration: &Enumeration, value: &mut Value) {
        let member = value.as_str().and_then(|text| enumeration.member(text));
        if member.is_some_and(|member| member.beta_only) {
            *value = json!(UNKNOWN);
        }
    }

    fn object(&mut self, schema: &str, object: &mut Object) {
        let Some(shape) = self.0.shape_of(schema, object) else {
            return;
        };
        object.retain(|name, _| {
            let property = shape.properties.get(name);
            property.is_none_or(|property| !property.beta_only)
        });
    }
}

/// D: older examples have other names.
struct OlderNames;

impl Visitor for OlderNames {
    fn object(&mut self, _: &str, object: &mut Object) {
        for (name, older) in [
            ("createdByDisplayName", "createdBy"),
            ("customTags", "tags"),
        ] {
            if let Some(value) = object.get(name).cloned() {
                object.insert(older.to_owned(), value);
                if name == "createdByDisplayName" {
                    object.remove(name);
                    let time = object.remove("createdDateTime").unwrap_or_default();
                    object.insert("createdTime".to_owned(), time);
                }
            }
        }
    }
}

struct MissingProperties<'a>(&'a [String]);

impl Visitor for MissingProperties<'_> {
    fn object(&mut self, _: &str, object: &mut Object) {
        object.retain(|name, _| !self.0.contains(name));
    }
}
