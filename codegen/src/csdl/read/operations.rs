//! Actions and functions.

use crate::csdl::annotation;
use crate::csdl::metadata::{ServiceOperation, ServiceParameter, TypeReference};
use crate::csdl::xml::Element;

use super::Reader;

/// Marks an optional parameter.
const OPTIONAL: &str = "Org.OData.Core.V1.OptionalParameter";

impl Reader {
    pub(super) fn operation(&mut self, element: &Element, is_function: bool) {
        let namespace = self.namespace.clone();
        let Some(name) = self.required(element, "Name", &namespace) else {
            return;
        };
        let name = format!("{namespace}.{name}");
        let is_bound = self.flag(element, "IsBound", false, &name);
        let mut parameters: Vec<ServiceParameter> = Vec::new();
        let mut returns = None;
        for child in &element.children {
            match child.name.as_str() {
                "Parameter" => self.parameter(child, &name, &mut parameters),
                "ReturnType" => {
                    let nullable = self.flag(child, "Nullable", true, &name);
                    returns = self
                        .required(child, "Type", &name)
                        .map(|type_| (as_written(type_), nullable));
                }
                "Annotation" => self.annotate(name.clone(), child),
                other => self.left_out(other, child.position),
            }
        }
        let binding = match (is_bound, parameters.is_empty()) {
            (false, _) => None,
            (true, false) => Some(parameters.remove(0).type_),
            (true, true) => {
                self.report(
                    "bound-to-nothing",
                    element.position,
                    &name,
                    format!("`{name}` is bound, but has no binding parameter"),
                    "add the binding parameter as its first one, or write `IsBound=\"false\"`",
                );
                return;
            }
        };
        self.operations.push(ServiceOperation {
            name,
            position: element.position,
            is_function,
            binding,
            parameters,
            returns,
        });
    }

    fn parameter(
        &mut self,
        element: &Element,
        operation: &str,
        parameters: &mut Vec<ServiceParameter>,
    ) {
        let Some(name) = self.required(element, "Name", operation) else {
            return;
        };
        let path = format!("{operation}/{name}");
        let Some(type_) = self.required(element, "Type", &path) else {
            return;
        };
        if let Some(known) = parameters.iter().find(|known| known.name == name) {
            let first = known.position;
            self.duplicate("parameter", &path, element.position, first);
            return;
        }
        let optional = element
            .children
            .iter()
            .filter(|child| child.name == "Annotation")
            .any(|child| annotation::read(child).term == OPTIONAL);
        parameters.push(ServiceParameter {
            nullable: self.flag(element, "Nullable", true, &path),
            position: element.position,
            type_: as_written(type_),
            optional,
            name,
        });
    }
}

/// A type before its name is expanded.
fn as_written(name: String) -> TypeReference {
    TypeReference {
        name,
        is_collection: false,
    }
}
