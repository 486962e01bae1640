//! Plans updates of polymorphic values: an enum over the updates of all types.

use crate::model::{Discriminator, Kind, Schema};

use super::Planner;
use super::docs::{Docs, described};
use super::item::{BodyForm, FamilyUpdateItem, VariantItem};

impl Planner<'_> {
    pub(super) fn family_updates(&self) -> Vec<FamilyUpdateItem> {
        let families = self.roles.updated_families.iter().filter_map(|family| {
            let schema = self.model.schema(family)?;
            let Kind::Object(object) = &schema.kind else {
                return None;
            };
            Some(self.family_update(schema, object.discriminator.as_ref()?))
        });
        families.collect()
    }

    fn family_update(&self, schema: &Schema, discriminator: &Discriminator) -> FamilyUpdateItem {
        let of_type = |variant: VariantItem| {
            let body = self.body_name(&variant.type_name, BodyForm::Patch);
            let has_update = self
                .roles
                .bodies
                .get(&variant.type_name)
                .is_some_and(|forms| forms.contains(&BodyForm::Patch));
            has_update.then_some(VariantItem {
                type_name: body,
                ..variant
            })
        };
        let variants = self.variants(&schema.type_name, discriminator).into_iter();
        FamilyUpdateItem {
            name: self.body_name(&schema.type_name, BodyForm::Patch),
            discriminator: discriminator.property.clone(),
            variants: variants.filter_map(of_type).collect(),
            docs: Docs::texts([
                described(&schema.description, "schema", &schema.name).as_str(),
                &format!(
                    "An update of a value of any of these types, with whose `{}` it is sent unless the update sets it.",
                    discriminator.property
                ),
            ]),
            deprecated: schema.deprecated,
            origin: schema.origin.clone(),
        }
    }
}
