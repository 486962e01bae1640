//! Entity types, complex types, enumerations and aliases of primitive types.

use crate::csdl::metadata::{
    Enumerated, Structured, Type, TypeKind, TypeMember, TypeProperty, TypeReference,
};
use crate::csdl::xml::Element;

use super::Reader;

impl Reader {
    pub(super) fn structured(&mut self, element: &Element, is_entity: bool) {
        let Some(name) = self.type_name(element) else {
            return;
        };
        let mut own = Structured {
            is_entity,
            base: element.attribute("BaseType").map(str::to_owned),
            is_abstract: self.flag(element, "Abstract", false, &name),
            is_open: self.flag(element, "OpenType", false, &name),
            has_stream: self.flag(element, "HasStream", false, &name),
            ..Structured::default()
        };
        for child in &element.children {
            match child.name.as_str() {
                "Key" => own.key.extend(self.key(child, &name)),
                "Property" => self.property(child, false, &name, &mut own.properties),
                "NavigationProperty" => self.property(child, true, &name, &mut own.properties),
                "Annotation" => self.annotate(name.clone(), child),
                other => self.left_out(other, child.position),
            }
        }
        self.add(element, name, TypeKind::Structured(own));
    }

    fn key(&mut self, element: &Element, path: &str) -> Vec<String> {
        element
            .children
            .iter()
            .filter(|child| child.name == "PropertyRef")
            .filter_map(|child| self.required(child, "Name", path))
            .collect()
    }

    fn property(
        &mut self,
        element: &Element,
        is_navigation: bool,
        type_name: &str,
        properties: &mut Vec<TypeProperty>,
    ) {
        let Some(name) = self.required(element, "Name", type_name) else {
            return;
        };
        let path = format!("{type_name}/{name}");
        let Some(type_) = self.required(element, "Type", &path) else {
            return;
        };
        if let Some(known) = properties.iter().find(|known| known.name == name) {
            let first = known.position;
            self.duplicate("property", &path, element.position, first);
            return;
        }
        // A collection of entities is empty and never null.
        let is_set = is_navigation && type_.trim().starts_with("Collection(");
        let nullable = self.flag(element, "Nullable", !is_set, &path);
        properties.push(TypeProperty {
            nullable,
            is_navigation,
            contains_target: self.flag(element, "ContainsTarget", false, &path),
            position: element.position,
            type_: TypeReference {
                name: type_,
                is_collection: false,
            },
            name,
        });
        self.annotate(path, element);
    }

    pub(super) fn enumeration(&mut self, element: &Element) {
        let Some(name) = self.type_name(element) else {
            return;
        };
        let mut own = Enumerated {
            is_flags: self.flag(element, "IsFlags", false, &name),
            members: Vec::new(),
        };
        // A member without a number has the number after that of the previous one.
        let mut next = 0;
        for child in &element.children {
            match child.name.as_str() {
                "Member" => {
                    if let Some(member) = self.member(child, &name, next, &own.members) {
                        next = member.value.saturating_add(1);
                        own.members.push(member);
                    }
                }
                "Annotation" => self.annotate(name.clone(), child),
                other => self.left_out(other, child.position),
            }
        }
        self.add(element, name, TypeKind::Enumeration(own));
    }

    fn member(
        &mut self,
        element: &Element,
        type_name: &str,
        next: i64,
        members: &[TypeMember],
    ) -> Option<TypeMember> {
        let name = self.required(element, "Name", type_name)?;
        let path = format!("{type_name}/{name}");
        if let Some(known) = members.iter().find(|known| known.name == name) {
            let first = known.position;
            self.duplicate("member", &path, element.position, first);
            return None;
        }
        let value = match element.attribute("Value") {
            None => next,
            Some(text) => match text.trim().parse() {
                Ok(value) => value,
                Err(_) => {
                    self.report(
                        "not-a-number",
                        element.position,
                        &path,
                        format!("`Value` is `{text}`, which is not a 64-bit integer"),
                        "write an integer",
                    );
                    return None;
                }
            },
        };
        self.annotate(path, element);
        Some(TypeMember {
            name,
            position: element.position,
            value,
        })
    }

    pub(super) fn type_definition(&mut self, element: &Element) {
        let Some(name) = self.type_name(element) else {
            return;
        };
        if let Some(underlying) = self.required(element, "UnderlyingType", &name) {
            self.add(element, name, TypeKind::Definition(underlying));
        }
    }

    fn type_name(&mut self, element: &Element) -> Option<String> {
        let namespace = self.namespace.clone();
        let name = self.required(element, "Name", &namespace)?;
        Some(format!("{namespace}.{name}"))
    }

    fn add(&mut self, element: &Element, name: String, kind: TypeKind) {
        self.types.push(Type {
            name,
            position: element.position,
            kind,
        });
    }
}
