//! Reads operations: parameters, bodies, responses, and permissions.

use crate::load::{Node, Place};
use crate::names;

use super::Reader;
use crate::model::wire::{METHODS, media_type};
use crate::model::{
    Access, Body, BodyContent, Content, Location, Operation, Origin, Parameter, ParameterKind,
    Permissions, Shape, Success,
};

impl<'a> Reader<'a> {
    /// Reads every operation of every path, sorted by path, then by method.
    pub(super) fn read_operations(&mut self) -> Vec<Operation> {
        let Some(paths) = self.document.root.get("paths") else {
            return Vec::new();
        };
        let mut operations = Vec::new();
        for (path, item) in Place::new(paths, "#/paths").entries() {
            for (method, operation) in item.entries() {
                if METHODS.contains(&method) {
                    operations.push(self.operation(path, method, &item, &operation));
                }
            }
        }
        operations
            .sort_by(|left, right| (&left.path, &left.method).cmp(&(&right.path, &right.method)));
        operations
    }

    fn operation(
        &mut self,
        path: &str,
        method: &str,
        item: &Place<'a>,
        place: &Place<'a>,
    ) -> Operation {
        let id = place.text("operationId");
        let method_name = self
            .whole
            .method_names
            .get(&(path.to_owned(), method.to_owned()))
            .cloned()
            .unwrap_or_else(|| names::method_name(&id));
        let context = names::type_name(&method_name);
        Operation {
            parameters: self.parameters(&context, path, item, place),
            body: self.body(&context, place),
            success: self.success(&context, place),
            error: self.error_schema(place),
            id,
            method_name,
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: place.text("summary"),
            description: place.text("description"),
            reference: place
                .get("externalDocs")
                .and_then(|docs| docs.optional_text("url")),
            deprecated: place.flag("deprecated"),
            repeatable: place.flag("x-graph-repeatable"),
            access: access(place),
            reads: place.flag("x-graph-reads"),
            patience: place
                .count("x-graph-attempt-seconds")
                .zip(place.count("x-graph-total-seconds")),
            origin: Origin::of(place),
        }
    }

    fn parameters(
        &mut self,
        context: &str,
        path: &str,
        item: &Place<'a>,
        operation: &Place<'a>,
    ) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        // The operation's own come first, so that they override those of the path.
        for owner in [operation, item] {
            let Some(list) = owner.get("parameters") else {
                continue;
            };
            for place in list.items() {
                if let Some(parameter) = self.parameter(context, &place)
                    && !parameters.iter().any(|known| {
                        known.name == parameter.name && known.location == parameter.location
                    })
                {
                    parameters.push(parameter);
                }
            }
        }
        parameters.sort_by_key(|parameter| {
            let place = path
                .find(&format!("{{{}}}", parameter.name))
                .unwrap_or(usize::MAX);
            (parameter.location, place, parameter.name.clone())
        });
        parameters
    }

    /// The type of a parameter. A value in a path is a string, whatever its type.
    fn parameter_kind(
        &mut self,
        context: &str,
        location: Location,
        name: &str,
        typed: &Place<'a>,
        schema: &Place<'a>,
    ) -> ParameterKind {
        let format = schema.text("format");
        match schema.node.get("type").and_then(Node::as_str) {
            Some("integer") if format == "int64" => ParameterKind::Integer64,
            Some("integer") => ParameterKind::Integer,
            Some("number") if format == "int32" => ParameterKind::Integer,
            Some("number") if format == "int64" => ParameterKind::Integer64,
            Some("number") => ParameterKind::Number,
            Some("boolean") => ParameterKind::Boolean,
            Some("array") => ParameterKind::List,
            _ if location == Location::Path => ParameterKind::Text,
            Some("string") if format == "date-time" => ParameterKind::DateTime,
            Some("string") if format == "date" => ParameterKind::Date,
            _ if schema.node.get("enum").is_some() => {
                if let Some(known) = self.parameter_types.get(&schema.pointer) {
                    return ParameterKind::Member(known.clone());
                }
                // A parameter component has one type for all its operations.
                let owner = match schema.pointer.starts_with("#/components/") {
                    true => "",
                    false => context,
                };
                let context = format!("{owner}{}", names::type_name(name));
                match self.typed(&context, typed, 0).shape {
                    Shape::Named(member) => {
                        self.parameter_types
                            .insert(schema.pointer.clone(), member.clone());
                        ParameterKind::Member(member)
                    }
                    _ => ParameterKind::Text,
                }
            }
            _ => ParameterKind::Text,
        }
    }

    fn parameter(&mut self, context: &str, place: &Place<'a>) -> Option<Parameter> {
        let place = self.follow(place)?;
        let location = match place.text("in").as_str() {
            "path" => Location::Path,
            "query" => Location::Query,
            "header" => Location::Header,
            other => {
                self.report(
                    &place,
                    "unsupported-parameter",
                    format!("a parameter in `{other}` is not supported"),
                    "use `path`, `query` or `header`",
                );
                return None;
            }
        };
        let name = place.text("name");
        let typed = place.get("schema")?;
        let schema = self.follow(&typed)?;
        let kind = self.parameter_kind(context, location, &name, &typed, &schema);
        let members = match kind {
            ParameterKind::List => schema
                .get("items")
                .map(|items| items.texts("enum"))
                .unwrap_or_default(),
            _ => schema.texts("enum"),
        };
        Some(Parameter {
            field_name: names::parameter_name(&name),
            name,
            location,
            description: place.text("description"),
            required: place.flag("required"),
            kind,
            minimum: schema.integer("minimum"),
            maximum: schema.integer("maximum"),
            members,
            origin: Origin::of(&place),
        })
    }

    fn body(&mut self, context: &str, operation: &Place<'a>) -> Option<Body> {
        let body = operation.get("requestBody")?;
        let body = self.follow(&body)?;
        let content = body.get("content")?;
        let content = match of_media_type(&content, "application/json") {
            Some(json) => {
                let schema = json.get("schema")?;
                let typed = self.typed(&format!("{context}Request"), &schema, 0);
                BodyContent::Json(typed.shape)
            }
            None => BodyContent::Bytes(first_media_type(&content)?),
        };
        Some(Body {
            content,
            required: body.flag("required"),
        })
    }

    /// The first success with content; else the first success.
    fn success(&mut self, context: &str, operation: &Place<'a>) -> Success {
        let mut nothing = None;
        let responses = operation
            .get("responses")
            .map(|responses| responses.entries())
            .unwrap_or_default();
        let has_success = responses.iter().any(|(status, _)| status.starts_with('2'));
        for (status, response) in responses {
            let is_success = match has_success {
                true => status.starts_with('2'),
                false => status == "default",
            };
            if !is_success {
                continue;
            }
            let status = if has_success { status } else { "2XX" };
            let Some(response) = self.follow(&response) else {
                continue;
            };
            let content = self.content(context, &response);
            let success = Success {
                status: status.to_owned(),
                content,
            };
            if success.content == Content::Nothing {
                nothing.get_or_insert(success);
            } else {
                return success;
            }
        }
        nothing.unwrap_or_else(|| Success {
            status: "2XX".to_owned(),
            content: Content::Nothing,
        })
    }

    fn content(&mut self, context: &str, response: &Place<'a>) -> Content {
        let Some(content) = response.get("content") else {
            return Content::Nothing;
        };
        if let Some(json) = of_media_type(&content, "application/json") {
            return match json.get("schema") {
                Some(schema) => {
                    Content::Json(self.typed(&format!("{context}Response"), &schema, 0).shape)
                }
                None => Content::Json(Shape::Any),
            };
        }
        let plain = of_media_type(&content, "text/plain").and_then(|text| text.get("schema"));
        if let Some(schema) = plain.and_then(|schema| self.follow(&schema))
            && matches!(schema.text("type").as_str(), "integer" | "number")
        {
            return Content::Number;
        }
        first_media_type(&content).map_or(Content::Nothing, Content::Bytes)
    }

    fn error_schema(&mut self, operation: &Place<'a>) -> Option<String> {
        let responses = operation.get("responses")?;
        let has_success = responses
            .entries()
            .iter()
            .any(|(status, _)| status.starts_with('2'));
        let response = ["4XX", "5XX", "default"]
            .iter()
            .filter(|status| has_success || **status != "default")
            .find_map(|status| responses.get(status))?;
        let response = self.follow(&response)?;
        let schema = of_media_type(&response.get("content")?, "application/json")?.get("schema")?;
        self.typed("Error", &schema, 0)
            .shape
            .named()
            .map(str::to_owned)
    }
}

fn first_media_type(content: &Place<'_>) -> Option<String> {
    let entries = content.entries();
    entries.first().map(|(name, _)| (*name).to_owned())
}

/// The content of a media type, whatever its parameters.
fn of_media_type<'a>(content: &Place<'a>, name: &str) -> Option<Place<'a>> {
    let mut entries = content.entries().into_iter();
    let found = entries.find(|(known, _)| media_type(known) == name);
    found.map(|(_, place)| place)
}

fn access(place: &Place<'_>) -> Access {
    let permissions = |kind: &str| {
        let of_kind = place
            .get("x-graph-permissions")
            .and_then(|all| all.get(kind));
        of_kind.map_or_else(Permissions::default, |of_kind| Permissions {
            least: of_kind.texts("least"),
            higher: of_kind.texts("higher"),
        })
    };
    Access {
        delegated: permissions("delegated"),
        application: permissions("application"),
        roles: place.texts("x-graph-roles"),
        clouds: place.texts("x-graph-clouds"),
        undocumented: place.node.get("x-graph-documented").and_then(Node::as_bool) == Some(false),
    }
}
