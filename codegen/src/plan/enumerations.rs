//! Plans enumerations: a variant for each member, and the functions that the runtime does not add.

use crate::model::{Enumeration, Kind, Schema};

use super::Planner;
use super::docs::{Docs, described};
use super::item::{Action, EnumItem, FunctionItem, MemberItem, Receiver};
use super::rust_type::RustType;
use super::scope::Scope;

impl Planner<'_> {
    pub(super) fn enumerations(&self) -> Vec<EnumItem> {
        let schemas = self.model.schemas.values();
        let planned = schemas.filter_map(|schema| match &schema.kind {
            Kind::Enumeration(enumeration) if !self.roles.errors.contains(&schema.type_name) => {
                Some(enumeration_item(schema, enumeration))
            }
            _ => None,
        });
        planned.collect()
    }
}

fn enumeration_item(schema: &Schema, enumeration: &Enumeration) -> EnumItem {
    let members = members(enumeration);
    let named = |wire: &String| {
        let member = members.iter().find(|member| member.wire == *wire);
        member.map(|member| member.name.clone())
    };
    let synonyms: Vec<(String, String)> = enumeration
        .members
        .iter()
        .filter_map(|member| Some((named(&member.value)?, named(member.page_only.as_ref()?)?)))
        .collect();
    let described_as = FunctionItem {
        name: "described_as".to_owned(),
        receiver: Receiver::Reference,
        arguments: Vec::new(),
        returns: RustType::SELF.option(),
        action: Action::DescribedAs,
        docs: Docs::own([
            "Returns the name that the service's description has for a member that only the reference page names.",
        ]),
        deprecated: false,
    };
    EnumItem {
        name: schema.type_name.clone(),
        functions: if synonyms.is_empty() {
            Vec::new()
        } else {
            vec![described_as]
        },
        members,
        synonyms,
        docs: Docs::texts([described(&schema.description, "schema", &schema.name)]),
        deprecated: schema.deprecated,
        origin: schema.origin.clone(),
    }
}

fn members(enumeration: &Enumeration) -> Vec<MemberItem> {
    let mut names = Scope::default();
    let members = enumeration.members.iter().map(|member| MemberItem {
        name: names.claim([member.variant_name.as_str()], ""),
        wire: member.value.clone(),
        rank: member.rank,
        guarded: member.guarded.clone(),
        docs: Docs::texts([
            described(&member.description, "member", &member.value),
            match &member.page_only {
                Some(name) => format!(
                    "Only the reference page has this name; the service's description says `{name}`."
                ),
                None => String::new(),
            },
            match &member.guarded {
                Some(reason) => {
                    format!("Refused in a request unless the caller allows it: {reason}.")
                }
                None => String::new(),
            },
        ]),
    });
    members.collect()
}
