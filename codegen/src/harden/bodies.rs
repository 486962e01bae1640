//! Bodies of requests: what must not be sent cannot be built, or is refused before it is sent.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use crate::model::{Object, Property, Schema, Shape};

use super::docs::{self, described, doc};
use super::objects::argument;
use super::{Module, Piece, Workshop, ident, table, type_of};

impl Workshop<'_> {
    pub(super) fn bodies(&mut self) -> Module {
        let (model, usage) = (self.model, self.usage);
        let mut pieces = Vec::new();
        for type_name in &usage.bodies {
            let (Some(schema), Some(object)) = (model.schema(type_name), model.object(type_name))
            else {
                continue;
            };
            let properties = model.struct_properties(type_name, object);
            let Some(fields) = self.fields(type_name, schema, &properties) else {
                continue;
            };
            let is_patch = usage.patches.contains(type_name);
            let body = RequestBody {
                workshop: self,
                schema,
                object,
                fields: &fields,
            };
            let items = if is_patch { body.patch() } else { body.post() };
            pieces.push(Piece::Items(items));
            pieces.push(body.json_schema(is_patch));
        }
        Module {
            name: "bodies".to_owned(),
            doc: "What requests carry: only what the service lets a caller write.".to_owned(),
            public: true,
            pieces,
        }
    }
}

struct RequestBody<'a> {
    workshop: &'a Workshop<'a>,
    schema: &'a Schema,
    object: &'a Object,
    fields: &'a [(&'a Property, Type)],
}

impl RequestBody<'_> {
    /// A body of which every property is left alone, cleared where it may be null, or set.
    fn patch(&self) -> TokenStream {
        let type_name = ident(&self.schema.type_name);
        let docs = doc([
            described(&self.schema.description, "schema", &self.schema.name).as_str(),
            "A property that is left out of the request keeps its value.",
        ]);
        let serde = self.serde_path();
        let fields = self.fields.iter().map(|(property, field_type)| {
            let (name, wire) = (ident(&property.field_name), &property.name);
            let docs = docs::property(property);
            let inner = argument(field_type, "Option").unwrap_or(field_type);
            match property.nullable {
                true => quote! {
                    #docs
                    #[serde(rename = #wire, skip_serializing_if = "Change::is_leave")]
                    pub #name: Change<#inner>,
                },
                false => quote! {
                    #docs
                    #[serde(
                        rename = #wire,
                        skip_serializing_if = "Option::is_none",
                        deserialize_with = "runtime::change::not_null"
                    )]
                    pub #name: Option<#inner>,
                },
            }
        });
        let setters = self
            .fields
            .iter()
            .map(|(property, _)| self.patch_setters(property));
        let guard_field = self.has_guards().then(|| {
            quote! {
                /// Whether members that are guarded may be sent; see [`Self::allow_guarded`].
                #[serde(skip)]
                allow_guarded: bool,
            }
        });
        let guard_setter = self.guard_setter();
        let untouched = self.fields.iter().map(|(property, _)| {
            let name = ident(&property.field_name);
            match property.nullable {
                true => quote!(self.#name.is_leave()),
                false => quote!(self.#name.is_none()),
            }
        });
        let checks = self.checks(true);
        quote! {
            #docs
            #[derive(Clone, Debug, Default, PartialEq, runtime::serde::Serialize, runtime::serde::Deserialize)]
            #[serde(crate = #serde, default, deny_unknown_fields)]
            #[non_exhaustive]
            pub struct #type_name { #(#fields)* #guard_field }

            impl #type_name {
                /// A body that changes nothing yet.
                #[must_use]
                pub fn new() -> Self {
                    Self::default()
                }

                #(#setters)*

                #guard_setter

                /// Whether it changes nothing; the client refuses to send it then.
                #[must_use]
                pub fn is_empty(&self) -> bool {
                    #(#untouched)&&*
                }
            }

            #checks
        }
    }

    fn patch_setters(&self, property: &Property) -> TokenStream {
        let name = ident(&property.field_name);
        let wire = &property.name;
        let (argument, value) = self.argument(property);
        let stored = match property.nullable {
            true => quote!(Change::Set(#value)),
            false => quote!(Some(#value)),
        };
        let set_docs = doc([format!("Sets `{wire}`.")]);
        let leave_docs = doc([format!(
            "Leaves `{wire}` as it is, whatever was asked for before."
        )]);
        let leave = ident(&format!(
            "leave_{}",
            property.field_name.trim_end_matches('_')
        ));
        let clear = property.nullable.then(|| {
            let clear = ident(&format!(
                "clear_{}",
                property.field_name.trim_end_matches('_')
            ));
            let docs = doc([format!("Clears `{wire}`: `null` on the wire.")]);
            quote! {
                #docs
                #[must_use]
                pub fn #clear(mut self) -> Self {
                    self.#name = Change::Clear;
                    self
                }
            }
        });
        let left = match property.nullable {
            true => quote!(Change::Leave),
            false => quote!(None),
        };
        quote! {
            #set_docs
            #[must_use]
            pub fn #name(mut self, #name: #argument) -> Self {
                self.#name = #stored;
                self
            }

            #clear

            #leave_docs
            #[must_use]
            pub fn #leave(mut self) -> Self {
                self.#name = #left;
                self
            }
        }
    }

    /// A body that is sent whole: what is required is an argument of `new`.
    fn post(&self) -> TokenStream {
        let type_name = ident(&self.schema.type_name);
        let docs = doc([described(
            &self.schema.description,
            "schema",
            &self.schema.name,
        )]);
        let serde = self.serde_path();
        let fields = self.fields.iter().map(|(property, field_type)| {
            let (name, wire) = (ident(&property.field_name), &property.name);
            let docs = docs::property(property);
            if property.constant.is_some() {
                return quote!(#docs #[serde(rename = #wire)] #name: &'static str,);
            }
            let skip =
                (!property.required).then(|| quote!(, skip_serializing_if = "Option::is_none"));
            quote!(#docs #[serde(rename = #wire #skip)] pub #name: #field_type,)
        });
        let (required, optional): (Vec<_>, Vec<_>) = self
            .fields
            .iter()
            .filter(|(property, _)| property.constant.is_none())
            .partition(|(property, _)| property.required);
        let arguments = required.iter().map(|(property, _)| {
            let (name, (argument, _)) = (ident(&property.field_name), self.argument(property));
            quote!(#name: #argument)
        });
        let initial = self.fields.iter().map(|(property, _)| {
            let name = ident(&property.field_name);
            match (&property.constant, property.required) {
                (Some(constant), _) => quote!(#name: #constant,),
                (None, true) => {
                    let (_, value) = self.argument(property);
                    quote!(#name: #value,)
                }
                (None, false) => quote!(#name: None,),
            }
        });
        let guard_initial = self.has_guards().then(|| quote!(allow_guarded: false,));
        let setters = optional.iter().map(|(property, _)| {
            let name = ident(&property.field_name);
            let (argument, value) = self.argument(property);
            let docs = doc([format!("Sets `{}`.", property.name)]);
            quote! {
                #docs
                #[must_use]
                pub fn #name(mut self, #name: #argument) -> Self {
                    self.#name = Some(#value);
                    self
                }
            }
        });
        let guard_field = self.has_guards().then(|| {
            quote! {
                /// Whether members that are guarded may be sent; see [`Self::allow_guarded`].
                #[serde(skip)]
                allow_guarded: bool,
            }
        });
        let guard_setter = self.guard_setter();
        let checks = self.checks(false);
        quote! {
            #docs
            #[derive(Clone, Debug, PartialEq, runtime::serde::Serialize)]
            #[serde(crate = #serde)]
            #[non_exhaustive]
            pub struct #type_name { #(#fields)* #guard_field }

            impl #type_name {
                /// A body with all that the service demands.
                #[must_use]
                pub fn new(#(#arguments),*) -> Self {
                    Self { #(#initial)* #guard_initial }
                }

                #(#setters)*

                #guard_setter
            }

            #checks
        }
    }

    /// The table from which the body's JSON schema is made.
    fn json_schema(&self, is_patch: bool) -> Piece {
        let minimum = self.object.minimum_properties.unwrap_or_default();
        let head = format!("body_schema!({}: at least {minimum}", self.schema.type_name);
        let entries = self.fields.iter().map(|(property, _)| {
            let (kind, value) = match &property.constant {
                Some(constant) if !is_patch => ("constant", format!(" = {constant:?}")),
                _ if is_patch && property.nullable => ("changed", String::new()),
                _ if is_patch || !property.required => ("optional", String::new()),
                _ => ("required", String::new()),
            };
            format!("{}: {kind} {:?}{value}", property.field_name, property.name)
        });
        table(&head, entries)
    }

    fn has_guards(&self) -> bool {
        self.fields
            .iter()
            .any(|(property, _)| self.workshop.is_guarded(&property.shape))
    }

    fn guard_setter(&self) -> Option<TokenStream> {
        self.has_guards().then(|| {
            quote! {
                /// Lets guarded members through: those that the service accepts and that do harm when they are
                /// written by accident. Each says why on its variant.
                #[must_use]
                pub fn allow_guarded(mut self) -> Self {
                    self.allow_guarded = true;
                    self
                }
            }
        })
    }

    /// What is refused before it is sent.
    fn checks(&self, is_patch: bool) -> TokenStream {
        let type_name = ident(&self.schema.type_name);
        let mut checks = Vec::new();
        if is_patch
            && self
                .object
                .minimum_properties
                .is_some_and(|count| count > 0)
        {
            checks.push(quote!(runtime::check::changes_something(!self.is_empty())?;));
        }
        for (property, _) in self.fields {
            let (name, wire) = (ident(&property.field_name), &property.name);
            let is_option = !(is_patch && property.nullable);
            let value = match (is_option, property.required && !is_patch) {
                (true, true) => quote!(Some(&self.#name)),
                (true, false) => quote!(self.#name.as_ref()),
                (false, _) => quote!(self.#name.set_value()),
            };
            if self.workshop.is_guarded(&property.shape) {
                checks.push(quote!(runtime::check::guarded(#wire, #value, self.allow_guarded)?;));
            }
            let is_always_there = is_option && property.required && !is_patch;
            if let Some(maximum) = property.maximum_length
                && property.shape == Shape::Text
            {
                let text = match is_always_there {
                    true => quote!(Some(self.#name.as_str())),
                    false => quote!(#value.map(String::as_str)),
                };
                checks.push(quote!(runtime::check::at_most_characters(#wire, #text, #maximum)?;));
            }
            if let Some(minimum) = property.minimum_items
                && matches!(property.shape, Shape::List(_))
            {
                let count = match is_always_there {
                    true => quote!(Some(self.#name.len())),
                    false => quote!(#value.map(Vec::len)),
                };
                checks.push(quote!(runtime::check::at_least_items(#wire, #count, #minimum)?;));
            }
        }
        quote! {
            impl runtime::Body for #type_name {
                fn check(&self) -> Result<(), runtime::Refusal> {
                    #(#checks)*
                    Ok(())
                }
            }
        }
    }

    /// The type of a setter's argument, and how it becomes the field's value.
    fn argument(&self, property: &Property) -> (TokenStream, TokenStream) {
        let name = ident(&property.field_name);
        match &property.shape {
            Shape::Text => (quote!(impl Into<String>), quote!(#name.into())),
            Shape::List(item) => {
                let item = match **item {
                    Shape::Text => quote!(impl Into<String>),
                    _ => {
                        let item = type_of(&crate::lower::rust_type(self.workshop.model, item));
                        quote!(impl Into<#item>)
                    }
                };
                (
                    quote!(impl IntoIterator<Item = #item>),
                    quote!(#name.into_iter().map(Into::into).collect()),
                )
            }
            Shape::Named(schema) if self.is_flags(schema) => {
                let member = ident(schema);
                (
                    quote!(impl IntoIterator<Item = #member>),
                    quote!(#name.into_iter().collect()),
                )
            }
            shape => (
                type_of(&crate::lower::rust_type(self.workshop.model, shape)),
                quote!(#name),
            ),
        }
    }

    fn is_flags(&self, type_name: &str) -> bool {
        use crate::model::Kind;
        self.workshop.model.schema(type_name).is_some_and(
            |schema| matches!(&schema.kind, Kind::Enumeration(enumeration) if enumeration.flags),
        )
    }

    /// Where the derives of serde find serde.
    fn serde_path(&self) -> String {
        format!("{}::serde", self.workshop.host.runtime_path())
    }
}
