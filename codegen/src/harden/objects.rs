//! Structs for the objects that the service sends.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use crate::model::{Kind, Property, Schema, Shape};

use super::docs::{self, described, doc};
use super::{Module, Piece, Workshop, ident, table};

/// How a struct shares the properties of its family.
#[derive(Clone, Copy)]
pub(super) enum Family<'a> {
    /// It stands alone.
    None,
    /// It holds the properties of a polymorphic base.
    Base,
    /// It extends a polymorphic base, whose properties it holds in the field `base`.
    Subtype(&'a str),
}

impl Workshop<'_> {
    pub(super) fn objects(&mut self) -> Module {
        let mut pieces = Vec::new();
        for type_name in self.plain_objects() {
            if let Some(schema) = self.model.schema(&type_name) {
                pieces.extend(self.structure(
                    &type_name,
                    schema,
                    &schema.description,
                    Family::None,
                ));
                pieces.extend(self.narrowing(schema));
            }
        }
        Module {
            name: "objects".to_owned(),
            doc: "The objects that the service sends.".to_owned(),
            public: true,
            pieces,
        }
    }

    /// A struct, its table of properties, and an accessor for each of its lists.
    pub(super) fn structure(
        &mut self,
        rust_name: &str,
        schema: &Schema,
        description: &str,
        family: Family<'_>,
    ) -> Vec<Piece> {
        let model = self.model;
        let Some(object) = model.object(&schema.type_name) else {
            return Vec::new();
        };
        let properties = model.struct_properties(&schema.type_name, object);
        let Some(fields) = self.fields(rust_name, schema, &properties) else {
            return Vec::new();
        };
        let table_head = match family {
            Family::None => format!("object!({rust_name}"),
            Family::Base => format!("object_base!({rust_name}"),
            Family::Subtype(base) => format!("object!({rust_name}: base {base}"),
        };
        let mut pieces = vec![
            Piece::Items(definition(rust_name, description, &fields, family)),
            table(
                &table_head,
                fields.iter().map(|(property, _)| table_entry(property)),
            ),
        ];
        pieces.extend(list_accessors(rust_name, &fields));
        pieces
    }

    /// A field for each property; a difference between the two is an error.
    pub(super) fn fields<'p>(
        &mut self,
        rust_name: &str,
        schema: &Schema,
        properties: &[&'p Property],
    ) -> Option<Vec<(&'p Property, Type)>> {
        // For an object without properties typify writes no struct, but another name for a map.
        if properties.is_empty() {
            return Some(Vec::new());
        }
        let Some(mut types) = self.skeleton.take_struct(rust_name) else {
            self.report(
                &schema.origin,
                "count-mismatch",
                format!("no struct was generated for schema `{}`", schema.name),
            );
            return None;
        };
        let mut fields = Vec::new();
        for property in properties {
            match types.remove(&property.name) {
                Some(field_type) => fields.push((*property, field_type)),
                None => self.report(
                    &property.origin,
                    "count-mismatch",
                    format!(
                        "no field was generated for property `{}.{}`",
                        schema.name, property.name
                    ),
                ),
            }
        }
        self.refuse_invented(schema, &types);
        fields.sort_by(|left, right| left.0.field_name.cmp(&right.0.field_name));
        Some(fields)
    }

    fn refuse_invented(&mut self, schema: &Schema, types: &BTreeMap<String, Type>) {
        for name in types.keys() {
            self.report(
                &schema.origin,
                "count-mismatch",
                format!(
                    "field `{name}` of `{}` was generated, but the schema has no such property",
                    schema.name
                ),
            );
        }
    }

    /// Ways from a base that is complete by itself to its subtypes.
    fn narrowing(&self, schema: &Schema) -> Option<Piece> {
        let Kind::Object(object) = &schema.kind else {
            return None;
        };
        let discriminator = object.discriminator.as_ref()?;
        let field = object
            .properties
            .iter()
            .find(|property| property.name == discriminator.property)
            .map(|property| ident(&property.field_name))?;
        let subtypes: Vec<TokenStream> = discriminator
            .mapping
            .iter()
            .filter(|(_, target)| {
                **target != schema.type_name && self.model.object(target).is_some()
            })
            .map(|(tag, target)| {
                let method = ident(&format!("to_{}", crate::names::method_name(target)));
                let target_type = ident(target);
                let subject = format!(
                    "Reads it as [`{target}`], where `{}` says that it is one.",
                    discriminator.property
                );
                let docs = docs::own_doc([subject.as_str()]);
                quote! {
                    #docs
                    #[must_use]
                    pub fn #method(&self) -> Option<#target_type> {
                        runtime::narrow(self, self.#field.as_deref(), #tag)
                    }
                }
            })
            .collect();
        if subtypes.is_empty() {
            return None;
        }
        let type_name = ident(&schema.type_name);
        Some(Piece::Items(quote!(impl #type_name { #(#subtypes)* })))
    }
}

fn definition(
    rust_name: &str,
    description: &str,
    fields: &[(&Property, Type)],
    family: Family<'_>,
) -> TokenStream {
    let type_name = ident(rust_name);
    let docs = doc([described(description, "schema", rust_name)]);
    let words = fields.len().div_ceil(64);
    let fields = fields.iter().map(|(property, field_type)| {
        let (name, docs) = (ident(&property.field_name), docs::property(property));
        quote!(#docs pub #name: #field_type,)
    });
    let base = match family {
        Family::Subtype(base) => {
            let base = ident(base);
            quote! {
                /// The properties that all of its family have.
                pub base: #base,
            }
        }
        _ => TokenStream::new(),
    };
    let rest = match family {
        Family::Base => TokenStream::new(),
        _ => quote! {
            /// Properties that this version does not know, and values that do not fit the type of their
            /// property, as they came. They are written back.
            pub additional_properties: JsonMap,
        },
    };
    quote! {
        #docs
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #type_name { #base #(#fields)* #rest nulls: runtime::Nulls<#words>, }
    }
}

/// A line of a struct's table. The Rust type takes null everywhere; the fragment may know better.
fn table_entry(property: &Property) -> String {
    let nullable = if property.nullable { " nullable" } else { "" };
    format!("{}: {:?}{nullable}", property.field_name, property.name)
}

/// A list is read the same whether it is absent, null or empty.
fn list_accessors(rust_name: &str, fields: &[(&Property, Type)]) -> Option<Piece> {
    let accessors: Vec<TokenStream> = fields
        .iter()
        .filter(|(property, _)| matches!(property.shape, Shape::List(_)))
        .filter_map(|(property, field_type)| {
            let item = item_type(field_type)?;
            let name = ident(&property.field_name);
            let docs = doc([format!(
                "The items of `{}`; none where it is absent or null.",
                property.name
            )]);
            Some(quote! {
                #docs
                #[must_use]
                pub fn #name(&self) -> &[#item] {
                    self.#name.as_deref().unwrap_or_default()
                }
            })
        })
        .collect();
    if accessors.is_empty() {
        return None;
    }
    let type_name = ident(rust_name);
    Some(Piece::Items(quote!(impl #type_name { #(#accessors)* })))
}

/// `T` of `Option<Vec<T>>`.
fn item_type(field_type: &Type) -> Option<&Type> {
    argument(argument(field_type, "Option")?, "Vec")
}

/// `T` of `name<T>`.
pub(super) fn argument<'t>(outer: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = outer else {
        return None;
    };
    let last = path.path.segments.last()?;
    if last.ident != name {
        return None;
    }
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}
