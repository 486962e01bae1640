//! The effect of a difference on generated code by names alone, for descriptions that cannot be generated.

use graph_client_codegen::names;

use super::super::compare::{Difference, Touched};
use super::super::finding::{Finding, FindingKind, Rust};
use super::super::wire::Direction;
use super::add_item;

/// Judges each finding by its kind and by the names that the generator would choose.
pub(in super::super) fn by_name(
    differences: &[Difference<'_>],
    directions: &[Direction],
    findings: &mut [Finding],
) {
    for ((difference, direction), finding) in differences.iter().zip(directions).zip(findings) {
        let rust = judge(difference, *direction);
        let (before, after) = shown(difference);
        match rust {
            Rust::None => {}
            Rust::Additive => finding.rust = Rust::Additive,
            Rust::Breaking => finding.rust = Rust::Breaking,
        }
        if rust == Rust::None || before == after {
            continue;
        }
        for (sign, item) in [("-", before), ("+", after)] {
            if let Some(item) = item {
                add_item(finding, format!("{sign} {item}"), rust);
            }
        }
    }
}

fn judge(difference: &Difference<'_>, direction: Direction) -> Rust {
    use FindingKind::{
        AdditionalPropertiesChanged, DiscriminatorAdded, DiscriminatorChanged,
        DiscriminatorMappingAdded, DiscriminatorMappingChanged, DiscriminatorMappingRemoved,
        DiscriminatorRemoved, EnumMemberAdded, EnumMemberRemoved, EnumMemberRenamed,
        OperationAdded, OperationMoved, OperationRemoved, OperationRenamed, ParameterAdded,
        ParameterRemoved, ParameterRenamed, ParameterTypeChanged, PropertyAdded,
        PropertyFormatChanged, PropertyNullableChanged, PropertyRemoved, PropertyRenamed,
        PropertyRequiredChanged, PropertyTypeChanged, RequestBodyAdded, RequestBodyRemoved,
        RequestBodyTypeChanged, ResponseBodyAdded, ResponseBodyRemoved, ResponseTypeChanged,
        SchemaAdded, SchemaBaseChanged, SchemaRemoved, SchemaRenamed, SchemaTypeChanged,
    };
    let has_other_name = || {
        let (before, after) = shown(difference);
        if before == after {
            Rust::None
        } else {
            Rust::Breaking
        }
    };
    match difference.kind {
        OperationAdded
        | ParameterAdded
        | SchemaAdded
        | PropertyAdded
        | EnumMemberAdded
        | DiscriminatorMappingAdded => Rust::Additive,
        OperationRemoved
        | ParameterRemoved
        | SchemaRemoved
        | PropertyRemoved
        | EnumMemberRemoved
        | DiscriminatorMappingRemoved
        | DiscriminatorMappingChanged
        | DiscriminatorAdded
        | DiscriminatorRemoved
        | DiscriminatorChanged
        | ParameterTypeChanged
        | PropertyTypeChanged
        | PropertyFormatChanged
        | RequestBodyAdded
        | RequestBodyRemoved
        | RequestBodyTypeChanged
        | ResponseBodyAdded
        | ResponseBodyRemoved
        | ResponseTypeChanged
        | SchemaBaseChanged
        | SchemaTypeChanged => Rust::Breaking,
        // The operation has the same name, but its path may have other parameters.
        OperationMoved => has_other_name(),
        OperationRenamed | ParameterRenamed | SchemaRenamed | PropertyRenamed
        | EnumMemberRenamed => has_other_name(),
        // Responses are read leniently in both respects; requests are built as the service requires.
        PropertyRequiredChanged | PropertyNullableChanged if direction == Direction::REQUEST => {
            Rust::Breaking
        }
        AdditionalPropertiesChanged if direction == Direction::REQUEST => Rust::Breaking,
        _ => Rust::None,
    }
}

/// The items on both sides, by the names that the generator would choose.
fn shown(difference: &Difference<'_>) -> (Option<String>, Option<String>) {
    let Some(touch) = difference.touches.first() else {
        return (None, None);
    };
    let text = |touched: &Option<Touched>| {
        touched.as_ref().map(|touched| match touched {
            Touched::Type(name) => format!("pub struct {name}"),
            Touched::Field(name, property) => {
                format!("pub {name}::{}", names::field_name(property))
            }
            Touched::Variant(name, member) => {
                // The tag of a subtype ends with its name.
                let last = match member.strip_prefix('#') {
                    Some(tag) => tag.rsplit('.').next().unwrap_or(tag),
                    None => member,
                };
                format!("{name}::{}", names::variant_name(last))
            }
            Touched::Method(name) => format!("pub fn {name}"),
            Touched::Option(method, parameter) => {
                format!(
                    "pub fn {}::{}",
                    names::type_name(method),
                    names::parameter_name(parameter)
                )
            }
        })
    };
    (text(&touch.base), text(&touch.head))
}
