//! Types that a discriminator tells apart: an enum over all subtypes, the base that they share, a struct for each.

use proc_macro2::TokenStream;
use quote::quote;

use crate::lower::base_type_name;
use crate::model::{Discriminator, Kind, Schema, Shape};
use crate::names;

use super::docs::{self, described, doc};
use super::objects::Family;
use super::{Module, Piece, Workshop, ident, table};

/// A subtype: tag, type, variant.
struct Variant<'a> {
    tag: &'a str,
    type_name: &'a str,
    variant: String,
    description: &'a str,
}

impl Workshop<'_> {
    /// A module for each polymorphic type.
    pub(super) fn polymorphic(&mut self) -> Vec<Module> {
        let model = self.model;
        let mut modules = Vec::new();
        for (type_name, schema) in &model.schemas {
            if let Kind::Object(object) = &schema.kind
                && let Some(discriminator) = &object.discriminator
                && model.is_polymorphic(type_name)
                && !self.usage.errors.contains(type_name)
            {
                modules.push(self.family(schema, discriminator));
            }
        }
        modules
    }

    fn family(&mut self, schema: &Schema, discriminator: &Discriminator) -> Module {
        let type_name = schema.type_name.as_str();
        let base = base_type_name(type_name);
        let variants = self.variants(type_name, discriminator);
        let mut pieces = vec![
            Piece::Items(definition(schema, &base, &variants)),
            table(
                &format!(
                    "polymorphic!({type_name}: base {base}, discriminator {:?}",
                    discriminator.property
                ),
                variants.iter().map(|variant| {
                    format!(
                        "{}({}) = {:?}",
                        variant.variant, variant.type_name, variant.tag
                    )
                }),
            ),
        ];
        let base_description = format!("The properties that every kind of `{type_name}` has.");
        pieces.extend(self.structure(&base, schema, &base_description, Family::Base));
        pieces.extend(self.delegates(schema));
        let model = self.model;
        for (subtype_name, subtype) in &model.schemas {
            if let Kind::Object(object) = &subtype.kind
                && model.polymorphic_base(object) == Some(type_name)
                && !model.is_polymorphic(subtype_name)
            {
                pieces.extend(self.structure(
                    subtype_name,
                    subtype,
                    &subtype.description,
                    Family::Subtype(&base),
                ));
            }
        }
        Module {
            name: names::method_name(type_name),
            doc: format!(
                "`{type_name}`: one type over all of its kinds, told apart by `{}`.",
                discriminator.property
            ),
            public: true,
            pieces,
        }
    }

    /// The subtypes in the order of their names, each under the first of its tags.
    fn variants<'a>(&'a self, base: &str, discriminator: &'a Discriminator) -> Vec<Variant<'a>> {
        let mut variants: Vec<Variant<'a>> = Vec::new();
        for (tag, target) in &discriminator.mapping {
            let Some(schema) = self.model.schema(target) else {
                continue;
            };
            variants.push(Variant {
                tag,
                type_name: &schema.type_name,
                variant: variant_name(base, target),
                description: &schema.description,
            });
        }
        variants.sort_by_key(|variant| variant.type_name);
        variants.dedup_by_key(|variant| variant.type_name);
        variants
    }

    /// Accessors on the enum for every property of the base.
    fn delegates(&self, schema: &Schema) -> Option<Piece> {
        let object = self.model.object(&schema.type_name)?;
        let methods: Vec<TokenStream> = self
            .model
            .struct_properties(&schema.type_name, object)
            .into_iter()
            .map(|property| {
                let name = ident(&property.field_name);
                let docs = docs::property(property);
                let rust_type = crate::lower::rust_type(self.model, &property.shape);
                let (returned, body) = match &property.shape {
                    Shape::List(item) => {
                        let item = super::type_of(&crate::lower::rust_type(self.model, item));
                        (quote!(&[#item]), quote!(self.base().#name()))
                    }
                    Shape::Text => (quote!(Option<&str>), quote!(self.base().#name.as_deref())),
                    Shape::Boolean
                    | Shape::Integer32
                    | Shape::Integer64
                    | Shape::Number
                    | Shape::DateTime
                    | Shape::Uuid => {
                        let rust_type = super::type_of(&rust_type);
                        (quote!(Option<#rust_type>), quote!(self.base().#name))
                    }
                    Shape::Named(_) | Shape::Any => {
                        let rust_type = super::type_of(&rust_type);
                        (
                            quote!(Option<&#rust_type>),
                            quote!(self.base().#name.as_ref()),
                        )
                    }
                };
                quote! {
                    #docs
                    #[must_use]
                    pub fn #name(&self) -> #returned { #body }
                }
            })
            .collect();
        if methods.is_empty() {
            return None;
        }
        let type_name = ident(&schema.type_name);
        Some(Piece::Items(quote!(impl #type_name { #(#methods)* })))
    }
}

fn definition(schema: &Schema, base: &str, variants: &[Variant<'_>]) -> TokenStream {
    let type_name = ident(&schema.type_name);
    let base = ident(base);
    let docs = doc([described(&schema.description, "schema", &schema.name)]);
    let variants = variants.iter().map(|variant| {
        let (name, content) = (ident(&variant.variant), ident(variant.type_name));
        let docs = doc([described(variant.description, "schema", variant.type_name)]);
        quote!(#docs #name(Box<#content>),)
    });
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #type_name {
            #(#variants)*
            /// One of a type that this version does not know, or that could not be read as its type: kept whole.
            Other(Box<runtime::Other<#base>>),
        }
    }
}

/// `UserEvidence` of `AlertEvidence` is `User`.
fn variant_name(base: &str, type_name: &str) -> String {
    use heck::ToSnakeCase as _;
    let snake = base.to_snake_case();
    let last_word = names::type_name(snake.rsplit('_').next().unwrap_or_default());
    match type_name.strip_suffix(&last_word) {
        Some(short) if !short.is_empty() && short != "Other" => short.to_owned(),
        _ => type_name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::variant_name;

    #[test]
    fn a_variant_does_not_repeat_the_word_that_the_family_shares() {
        assert_eq!(
            variant_name("AlertEvidence", "IoTDeviceEvidence"),
            "IoTDevice"
        );
        assert_eq!(variant_name("AlertEvidence", "Evidence"), "Evidence");
        assert_eq!(
            variant_name("AlertEvidence", "SomethingElse"),
            "SomethingElse"
        );
    }
}
