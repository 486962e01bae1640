//! Rules for Rust names: two things that become one name would overwrite each other.

use std::collections::BTreeMap;

use crate::load::Place;
use crate::model;
use crate::names;
use crate::plan::base_type_name;

use super::Linter;
use super::compositions::own_properties;

impl<'a> Linter<'a> {
    pub(super) fn check_names(&mut self) {
        let type_names = model::type_names(self.document);
        let mut types: BTreeMap<String, String> = BTreeMap::new();
        for (name, place) in self.named_schemas() {
            if !names::is_usable(name) {
                let message = format!("no Rust name can be made of `{name}`");
                self.report_key(
                    &place,
                    "unusable-name",
                    message,
                    "use ASCII letters and digits",
                );
                continue;
            }
            let Some(type_name) = type_names.get(name) else {
                continue;
            };
            self.take_type(&mut types, &place, type_name, &format!("schema `{name}`"));
            let has_base = place.node.get("discriminator").is_some();
            if has_base {
                let base = base_type_name(type_name);
                self.take_type(&mut types, &place, &base, &format!("the base of `{name}`"));
            }
            self.check_fields(name, &place);
        }
        self.check_methods(&mut types);
    }

    fn take_type(
        &mut self,
        types: &mut BTreeMap<String, String>,
        place: &Place<'a>,
        type_name: &str,
        who: &str,
    ) {
        match types.get(type_name) {
            Some(earlier) => {
                let message =
                    format!("{who} becomes the Rust type `{type_name}`, as {earlier} does");
                self.report_key(
                    place,
                    "type-name-collision",
                    message,
                    "rename one of the two",
                );
            }
            None => {
                types.insert(type_name.to_owned(), who.to_owned());
            }
        }
    }

    fn check_fields(&mut self, schema: &str, place: &Place<'a>) {
        let mut fields: BTreeMap<String, &str> = BTreeMap::new();
        let mut found: Vec<(&str, Place<'a>)> = own_properties(place);
        let mut base = model::base_reference(place.node);
        // Longer chains are cycles, which have been reported.
        for _ in 0..32 {
            let Some(node) = base.and_then(|base| self.schema(&base)) else {
                break;
            };
            let inherited = own_properties(&Place::new(node, place.pointer.clone()));
            for (name, property) in inherited {
                if !found.iter().any(|(known, _)| *known == name) {
                    found.push((name, property));
                }
            }
            base = model::base_reference(node);
        }
        for (name, property) in found {
            if !names::is_usable(name) {
                let message = format!("no Rust name can be made of `{name}`");
                self.report_key(
                    &property,
                    "unusable-name",
                    message,
                    "use ASCII letters and digits",
                );
                continue;
            }
            let field = names::field_name(name);
            if let Some(earlier) = fields.insert(field.clone(), name) {
                let message = match earlier == name {
                    true => {
                        format!("property `{name}` of `{schema}` is declared in two parts of it")
                    }
                    false => format!(
                        "the properties `{earlier}` and `{name}` of `{schema}` both become the Rust field `{field}`"
                    ),
                };
                self.report_key(
                    &property,
                    "property-collision",
                    message,
                    "keep one of the two",
                );
            }
        }
    }

    fn check_methods(&mut self, types: &mut BTreeMap<String, String>) {
        let method_names = model::method_names(self.document);
        let mut methods: BTreeMap<&str, String> = BTreeMap::new();
        for operation in self.operations() {
            let Some(id) = operation.place.get("operationId") else {
                continue;
            };
            let Some((id_text, method)) = id
                .node
                .as_str()
                .and_then(|id| method_names.get_key_value(id))
            else {
                continue;
            };
            match methods.get(method.as_str()) {
                // The same id twice has been reported.
                Some(earlier) if earlier == id_text => continue,
                Some(earlier) => {
                    let message = format!(
                        "the operations `{earlier}` and `{id_text}` both become the Rust method `{method}`"
                    );
                    self.report(
                        &id,
                        "method-name-collision",
                        message,
                        "give one of the two another id",
                    );
                    continue;
                }
                None => {
                    methods.insert(method, id_text.clone());
                }
            }
            let request = names::type_name(method);
            self.take_type(types, &id, &request, &format!("the request of `{id_text}`"));
        }
        self.check_setters();
    }

    /// `clearTags` beside a `tags` that can be cleared would be two methods of one name.
    fn check_setters(&mut self) {
        for operation in self.operations() {
            let body = operation
                .place
                .get("requestBody")
                .map(|body| self.follow(&body))
                .and_then(|body| body.get("content")?.get("application/json")?.get("schema"))
                .map(|schema| self.follow(&schema));
            let Some(body) = body.filter(|_| operation.method == "patch") else {
                continue;
            };
            let properties = own_properties(&body);
            let fields: Vec<String> = properties
                .iter()
                .map(|(name, _)| names::field_name(name))
                .collect();
            for (name, property) in &properties {
                let field = names::field_name(name);
                let setter_of = ["clear_", "leave_"]
                    .iter()
                    .filter_map(|prefix| field.strip_prefix(prefix))
                    .find(|rest| {
                        fields
                            .iter()
                            .any(|other| other.trim_end_matches('_') == *rest)
                    });
                if let Some(other) = setter_of {
                    let message = format!(
                        "the setter of `{name}` would be the method `{field}` of `{other}` as well"
                    );
                    self.report_key(
                        property,
                        "property-collision",
                        message,
                        "leave one of the two out of the body",
                    );
                }
            }
        }
    }
}
