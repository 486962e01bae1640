//! Plans operations: a method of the client for each, and its request.

use crate::model::{
    BodyContent, Content, Kind, Location, Operation, Parameter, ParameterKind, Shape,
};

use super::Planner;
use super::docs::{self, Docs};
use super::item::{
    Action, Conversion, FunctionItem, ParameterItem, ParameterText, Receiver, RequestBody,
    RequestItem, ResponseKind,
};
use super::roles::{direct_body, form_of, updated_family};
use super::rust_type::RustType;
use super::scope::Scope;

impl Planner<'_> {
    pub(super) fn requests(&self) -> Vec<RequestItem> {
        let mut methods = Scope::default();
        let operations = self.model.operations.iter();
        operations
            .map(|operation| self.request(operation, &mut methods))
            .collect()
    }

    fn request(&self, operation: &Operation, methods: &mut Scope) -> RequestItem {
        let method_name = methods.claim([operation.method_name.as_str()], "_");
        let name = self.request_name(operation);
        let mut names = Scope::default();
        let (path, options): (Vec<&Parameter>, Vec<&Parameter>) = operation
            .parameters
            .iter()
            .partition(|parameter| parameter.location == Location::Path);
        let mut items = |parameters: &[&Parameter]| -> Vec<ParameterItem> {
            let planned = parameters
                .iter()
                .map(|one| parameter(&operation.path, one, &mut names));
            planned.collect()
        };
        let path_parameters = items(&path);
        let option_items = items(&options);
        let body = self.request_body(operation);
        let (response_kind, response) = self.response(operation);
        let functions = option_items
            .iter()
            .zip(&options)
            .map(|(item, parameter)| setter(item, parameter))
            .chain(body.as_ref().filter(|body| !body.required).map(body_setter))
            .chain([send(&response)]);
        RequestItem {
            operation_id: operation.id.clone(),
            http_method: operation.method.clone(),
            path: operation.path.clone(),
            permissions: operation
                .access
                .application
                .least
                .iter()
                .chain(&operation.access.application.higher)
                .cloned()
                .collect(),
            functions: functions.collect(),
            method: method(
                operation,
                &method_name,
                &name,
                &path_parameters,
                body.as_ref(),
            ),
            checked_body: self.checked_body(operation).is_some(),
            page_of: self.page_of(operation),
            docs: Docs::own([format!(
                "The request of [`Client::{method_name}`], which is sent when it is awaited."
            )]),
            origin: operation.origin.clone(),
            path_parameters,
            options: option_items,
            body,
            response_kind,
            response,
            reads: operation.reads,
            patience: operation.patience,
            repeatable: operation.repeatable,
            promised: self.model.promised(operation),
            name,
        }
    }

    fn request_body(&self, operation: &Operation) -> Option<RequestBody> {
        let body = operation.body.as_ref()?;
        let (rust_type, bytes) = match (&body.content, self.checked_body(operation)) {
            (BodyContent::Bytes(media_type), _) => (RustType::UPLOAD, Some(media_type.clone())),
            (_, Some(name)) => {
                let name = self.body_name(name, form_of(operation));
                (RustType::Planned(name), None)
            }
            (BodyContent::Json(shape), None) => (self.value_type(shape), None),
        };
        Some(RequestBody {
            rust_type,
            bytes,
            required: body.required,
        })
    }

    /// The schema of a body that has a type of its own.
    fn checked_body<'o>(&'o self, operation: &'o Operation) -> Option<&'o str> {
        direct_body(self.model, operation).or_else(|| updated_family(self.model, operation))
    }

    fn response(&self, operation: &Operation) -> (ResponseKind, RustType) {
        match &operation.success.content {
            Content::Nothing => (ResponseKind::Nothing, RustType::UNIT),
            Content::Number => (ResponseKind::Number, RustType::Known("i64")),
            Content::Json(shape) => (ResponseKind::Json, self.value_type(shape)),
            Content::Bytes(_) => (ResponseKind::Bytes, RustType::Known("runtime::Download")),
        }
    }

    /// The items of a page that can be continued by its link: only those of `GET` requests.
    fn page_of(&self, operation: &Operation) -> Option<RustType> {
        let Content::Json(Shape::Named(name)) = &operation.success.content else {
            return None;
        };
        match &self.model.schema(name)?.kind {
            Kind::Page(item) if operation.method == "GET" => Some(self.value_type(item)),
            _ => None,
        }
    }
}

fn parameter(path: &str, parameter: &Parameter, names: &mut Scope) -> ParameterItem {
    let is_count = parameter.minimum.is_some_and(|minimum| minimum >= 0);
    let text = || RustType::Known("str").borrowed();
    let (stored, passed) = match &parameter.kind {
        ParameterKind::Text | ParameterKind::List if parameter.location == Location::Path => {
            (text(), text())
        }
        ParameterKind::Text => (RustType::TEXT, text()),
        ParameterKind::Member(name) => (RustType::Planned(name.clone()), text()),
        ParameterKind::DateTime => (RustType::date_time(), text()),
        ParameterKind::Date => (RustType::Known("runtime::NaiveDate"), text()),
        ParameterKind::List => (RustType::TEXT.list(), text()),
        ParameterKind::Integer64 => (RustType::Known("i64"), RustType::Known("i64")),
        ParameterKind::Number => (RustType::Known("f64"), RustType::Known("f64")),
        ParameterKind::Integer if is_count => (RustType::Known("u32"), RustType::Known("u32")),
        ParameterKind::Integer => (RustType::Known("i32"), RustType::Known("i32")),
        ParameterKind::Boolean => (RustType::Known("bool"), RustType::Known("bool")),
    };
    // The type includes a minimum of zero.
    let is_unsigned = stored == RustType::Known("u32");
    let minimum = parameter
        .minimum
        .filter(|minimum| *minimum != 0 || !is_unsigned);
    let is_whole = matches!(
        parameter.kind,
        ParameterKind::Integer | ParameterKind::Integer64
    );
    let has_bounds = minimum.is_some() || parameter.maximum.is_some();
    ParameterItem {
        name: names.claim([parameter.field_name.as_str()], "_"),
        wire: parameter.name.clone(),
        location: parameter.location,
        stored,
        passed,
        text: match &parameter.kind {
            _ if parameter.location == Location::Path => ParameterText::Itself,
            ParameterKind::List => ParameterText::Joined,
            ParameterKind::Member(_) => ParameterText::Member,
            ParameterKind::DateTime => ParameterText::DateTime,
            ParameterKind::Date => ParameterText::Date,
            _ => ParameterText::Itself,
        },
        quoted: parameter.location == Location::Path
            && path.contains(&format!("'{{{}}}'", parameter.name)),
        required: parameter.required,
        bounds: (has_bounds && is_whole).then_some((minimum, parameter.maximum)),
        origin: parameter.origin.clone(),
    }
}

fn method(
    operation: &Operation,
    name: &str,
    request: &str,
    path: &[ParameterItem],
    body: Option<&RequestBody>,
) -> FunctionItem {
    let mut arguments: Vec<(String, RustType)> = path
        .iter()
        .map(|parameter| (parameter.name.clone(), parameter.stored.clone()))
        .collect();
    let body = body.filter(|body| body.required);
    arguments.extend(body.map(|body| ("body".to_owned(), body.argument())));
    FunctionItem {
        name: name.to_owned(),
        receiver: Receiver::Borrowed,
        arguments,
        returns: RustType::Borrowing(request.to_owned()),
        action: Action::Begin,
        docs: docs::operation(operation),
        deprecated: operation.deprecated,
    }
}

fn setter(item: &ParameterItem, parameter: &Parameter) -> FunctionItem {
    let (argument, conversion) = match parameter.kind {
        ParameterKind::Text => (RustType::TEXT.into_it(), Conversion::Into),
        ParameterKind::List => (RustType::TEXT.into_it().items(), Conversion::EachInto),
        _ => (item.stored.clone(), Conversion::Keep),
    };
    FunctionItem {
        name: item.name.clone(),
        receiver: Receiver::Owned,
        arguments: vec![(item.name.clone(), argument)],
        returns: RustType::SELF,
        action: Action::Set(item.name.clone(), conversion),
        docs: docs::parameter(parameter),
        deprecated: false,
    }
}

fn body_setter(body: &RequestBody) -> FunctionItem {
    FunctionItem {
        name: "body".to_owned(),
        receiver: Receiver::Owned,
        arguments: vec![("body".to_owned(), body.argument())],
        returns: RustType::SELF,
        action: Action::SetBody,
        docs: Docs::own(["Sets the body, which is optional."]),
        deprecated: false,
    }
}

impl RequestBody {
    /// The type of the argument.
    #[must_use]
    pub fn argument(&self) -> RustType {
        match self.bytes {
            Some(_) => self.rust_type.clone().into_it(),
            None => self.rust_type.clone().borrowed(),
        }
    }

    /// The type of the request's field, without `Option`.
    #[must_use]
    pub fn stored(&self) -> RustType {
        match self.bytes {
            Some(_) => self.rust_type.clone(),
            None => self.rust_type.clone().borrowed(),
        }
    }
}

fn send(response: &RustType) -> FunctionItem {
    FunctionItem {
        name: "send".to_owned(),
        receiver: Receiver::Owned,
        arguments: Vec::new(),
        returns: response.clone().call(),
        action: Action::Send,
        docs: Docs::own([
            "Sends the request.",
            "# Errors",
            "Returns an error if the request is refused before it is sent, cannot be sent, or is refused by the\n\
             service, and if its response cannot be read.",
        ]),
        deprecated: false,
    }
}
