//! Every rule with its mirror: the effect of a change on the wire, and the effect of the reversed change.

use super::finding::{FindingKind, Wire};
use super::wire::Effect;

/// A rule: the effect of one kind of change on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// The kind of the finding.
    pub kind: FindingKind,
    /// Which changes of that kind it covers; empty if it covers all.
    pub when: &'static str,
    /// The effect on a request that contains the part.
    pub request: Wire,
    /// The effect on a response that contains the part.
    pub response: Wire,
    /// The kind of the reversed change.
    pub mirror: FindingKind,
    /// Which changes of that kind the mirror covers.
    pub mirror_when: &'static str,
    effect: Effect,
    mirror_effect: Effect,
}

/// One row: a kind, the changes that it covers, their effect; then the same of its mirror.
type Row = (
    FindingKind,
    &'static str,
    Effect,
    FindingKind,
    &'static str,
    Effect,
);

macro_rules! rows {
    ($($kind:ident $when:literal $effect:ident <-> $mirror:ident $mirror_when:literal $mirror_effect:ident;)*) => {
        const ROWS: &[Row] = &[$((
            FindingKind::$kind, $when, Effect::$effect, FindingKind::$mirror, $mirror_when, Effect::$mirror_effect,
        ),)*];
    };
}

rows! {
    OperationAdded "" Offers <-> OperationRemoved "" Withdraws;
    OperationRenamed "" Nothing <-> OperationRenamed "" Nothing;
    OperationMoved "" Withdraws <-> OperationMoved "" Withdraws;
    CallbackAdded "" Offers <-> CallbackRemoved "" Withdraws;
    ParameterAdded "optional" Offers <-> ParameterRemoved "optional" Withdraws;
    ParameterAdded "required" Tightens <-> ParameterRemoved "required" Withdraws;
    ParameterRenamed "in a path" Nothing <-> ParameterRenamed "in a path" Nothing;
    ParameterRenamed "elsewhere" Withdraws <-> ParameterRenamed "elsewhere" Withdraws;
    ParameterRequiredChanged "to required" Tightens <-> ParameterRequiredChanged "to optional" Loosens;
    ParameterTypeChanged "to string" Loosens <-> ParameterTypeChanged "from string" Tightens;
    ParameterTypeChanged "to a list that is written like a single value" Loosens <-> ParameterTypeChanged "back to a single value" Tightens;
    ParameterTypeChanged "the same values, described differently" Offers <-> ParameterTypeChanged "the same values, described differently" Offers;
    ParameterTypeChanged "any other" Swaps <-> ParameterTypeChanged "any other" Swaps;
    ParameterStyleChanged "`allowEmptyValue`, `allowReserved` on" Loosens <-> ParameterStyleChanged "off" Tightens;
    ParameterStyleChanged "any other" Swaps <-> ParameterStyleChanged "any other" Swaps;
    ParameterStyleChanged "beside `content`, where it has no effect" Nothing <-> ParameterStyleChanged "beside `content`, where it has no effect" Nothing;
    ParameterEnumDropped "" Loosens <-> ParameterEnumIntroduced "" Tightens;
    ParameterEnumDropped "with another type" Swaps <-> ParameterEnumIntroduced "with another type" Swaps;
    ParameterEnumChanged "more" Loosens <-> ParameterEnumChanged "fewer" Tightens;
    ParameterEnumChanged "other" Swaps <-> ParameterEnumChanged "other" Swaps;
    RequestBodyAdded "optional" Offers <-> RequestBodyRemoved "optional" Withdraws;
    RequestBodyAdded "required" Tightens <-> RequestBodyRemoved "required" Withdraws;
    RequestBodyRequiredChanged "to required" Tightens <-> RequestBodyRequiredChanged "to optional" Loosens;
    RequestBodyMediaTypeChanged "one more" Offers <-> RequestBodyMediaTypeChanged "one fewer" Withdraws;
    ResponseMediaTypeChanged "one more" Offers <-> ResponseMediaTypeChanged "one fewer" Withdraws;
    RequestBodyMediaTypeChanged "one replaced by another" Withdraws <-> RequestBodyMediaTypeChanged "one replaced by another" Withdraws;
    RequestBodyMediaTypeChanged "to a range of it" Loosens <-> RequestBodyMediaTypeChanged "to one of the range" Tightens;
    ResponseMediaTypeChanged "one replaced by another" Withdraws <-> ResponseMediaTypeChanged "one replaced by another" Withdraws;
    ResponseMediaTypeChanged "to a range of it" Loosens <-> ResponseMediaTypeChanged "to one of the range" Tightens;
    EncodingChanged "more media types" Loosens <-> EncodingChanged "fewer media types" Tightens;
    EncodingChanged "style, explode, allowReserved" Swaps <-> EncodingChanged "style, explode, allowReserved" Swaps;
    ResponseAdded "an error" Offers <-> ResponseRemoved "an error" Offers;
    ResponseAdded "a success" Offers <-> ResponseRemoved "a success" Withdraws;
    ResponseStatusChanged "a success" Swaps <-> ResponseStatusChanged "a success" Swaps;
    ResponseStatusChanged "an error" Offers <-> ResponseStatusChanged "an error" Offers;
    ResponseBodyAdded "" Offers <-> ResponseBodyRemoved "" Withdraws;
    ResponseHeaderAdded "optional" Offers <-> ResponseHeaderRemoved "optional" Withdraws;
    ResponseHeaderAdded "required" Tightens <-> ResponseHeaderRemoved "required" Withdraws;
    ResponseHeaderChanged "to required, fewer values" Tightens <-> ResponseHeaderChanged "to optional, more values" Loosens;
    ResponseHeaderChanged "the same values, described differently" Offers <-> ResponseHeaderChanged "the same values, described differently" Offers;
    ResponseHeaderChanged "other values, other style" Swaps <-> ResponseHeaderChanged "other values, other style" Swaps;
    ResponseHeaderChanged "style beside `content`, where it has no effect" Nothing <-> ResponseHeaderChanged "style beside `content`, where it has no effect" Nothing;
    ResponseLinkAdded "" Nothing <-> ResponseLinkRemoved "" Nothing;
    ResponseLinkChanged "" Nothing <-> ResponseLinkChanged "" Nothing;
    SchemaAdded "" Nothing <-> SchemaRemoved "" Nothing;
    SchemaRenamed "" Nothing <-> SchemaRenamed "" Nothing;
    ComponentAdded "" Nothing <-> ComponentRemoved "" Nothing;
    SchemaBaseChanged "with more properties" Offers <-> SchemaBaseChanged "with fewer properties" Forgets;
    SchemaBaseChanged "with more properties, where undeclared ones are refused" Offers <-> SchemaBaseChanged "with fewer properties, where undeclared ones are refused" Withdraws;
    SchemaBaseChanged "with different properties" Forgets <-> SchemaBaseChanged "with different properties" Forgets;
    SchemaBaseChanged "with different properties, one of them required" Withdraws <-> SchemaBaseChanged "with different properties, one of them required" Withdraws;
    SchemaBaseChanged "with fewer keywords beside its properties" Loosens <-> SchemaBaseChanged "with more keywords beside its properties" Tightens;
    SchemaBaseChanged "with another default, flag or description" Nothing <-> SchemaBaseChanged "with another default, flag or description" Nothing;
    SchemaBaseChanged "with one more required property" Tightens <-> SchemaBaseChanged "with one fewer required property" Withdraws;
    AdditionalPropertiesChanged "to refused, or to one type" Tightens <-> AdditionalPropertiesChanged "to accepted" Loosens;
    PropertyAdded "optional, where undeclared ones are accepted" Offers <-> PropertyRemoved "optional, where undeclared ones are accepted" Forgets;
    PropertyAdded "optional, where undeclared ones are refused" Offers <-> PropertyRemoved "optional, where undeclared ones are refused" Withdraws;
    PropertyAdded "required" Tightens <-> PropertyRemoved "required" Withdraws;
    PropertyRenamed "" Withdraws <-> PropertyRenamed "" Withdraws;
    PropertyTypeChanged "more values: integer to number, enumeration to string, one more alternative" Loosens <-> PropertyTypeChanged "fewer values" Tightens;
    PropertyTypeChanged "open enumeration to string" Grows <-> PropertyTypeChanged "string to open enumeration" Tightens;
    PropertyTypeChanged "the same values, described differently" Offers <-> PropertyTypeChanged "the same values, described differently" Offers;
    PropertyTypeChanged "any other" Swaps <-> PropertyTypeChanged "any other" Swaps;
    SchemaTypeChanged "more values" Loosens <-> SchemaTypeChanged "fewer values" Tightens;
    SchemaTypeChanged "the same values, described differently" Offers <-> SchemaTypeChanged "the same values, described differently" Offers;
    SchemaTypeChanged "any other" Swaps <-> SchemaTypeChanged "any other" Swaps;
    RequestBodyTypeChanged "more values" Loosens <-> RequestBodyTypeChanged "fewer values" Tightens;
    RequestBodyTypeChanged "the same values, described differently" Offers <-> RequestBodyTypeChanged "the same values, described differently" Offers;
    RequestBodyTypeChanged "any other" Swaps <-> RequestBodyTypeChanged "any other" Swaps;
    ResponseTypeChanged "more values" Loosens <-> ResponseTypeChanged "fewer values" Tightens;
    ResponseTypeChanged "the same values, described differently" Offers <-> ResponseTypeChanged "the same values, described differently" Offers;
    ResponseTypeChanged "any other" Swaps <-> ResponseTypeChanged "any other" Swaps;
    PropertyFormatChanged "removed, or to a wider one" Loosens <-> PropertyFormatChanged "added, or to a narrower one" Tightens;
    PropertyFormatChanged "any other" Swaps <-> PropertyFormatChanged "any other" Swaps;
    PropertyNullableChanged "null allowed" Loosens <-> PropertyNullableChanged "null no longer allowed" Tightens;
    PropertyRequiredChanged "to required" Tightens <-> PropertyRequiredChanged "to optional" Loosens;
    PropertyReadOnlyChanged "to read-only" Tightens <-> PropertyReadOnlyChanged "no longer read-only" Offers;
    PropertyReadOnlyChanged "to write-only" Loosens <-> PropertyReadOnlyChanged "no longer write-only" Offers;
    EnumMemberAdded "open" Grows <-> EnumMemberRemoved "open" Tightens;
    EnumMemberAdded "closed" Loosens <-> EnumMemberRemoved "closed" Tightens;
    EnumMemberRenamed "open" Tightens <-> EnumMemberRenamed "open" Tightens;
    EnumMemberRenamed "closed" Swaps <-> EnumMemberRenamed "closed" Swaps;
    EnumOpened "" Loosens <-> EnumClosed "" Tightens;
    DiscriminatorAdded "" Tightens <-> DiscriminatorRemoved "" Loosens;
    DiscriminatorChanged "" Swaps <-> DiscriminatorChanged "" Swaps;
    DiscriminatorMappingAdded "" Grows <-> DiscriminatorMappingRemoved "" Tightens;
    DiscriminatorMappingChanged "" Swaps <-> DiscriminatorMappingChanged "" Swaps;
    BoundsChanged "narrower" Tightens <-> BoundsChanged "wider" Loosens;
    BoundsChanged "a step that is not a multiple" Swaps <-> BoundsChanged "a step that is not a multiple" Swaps;
    PatternChanged "added" Tightens <-> PatternChanged "removed, or matches any string" Loosens;
    PatternChanged "matches any string, added or removed" Offers <-> PatternChanged "matches any string, added or removed" Offers;
    PatternChanged "replaced" Swaps <-> PatternChanged "replaced" Swaps;
    DefaultChanged "" Offers <-> DefaultChanged "" Offers;
    DeprecationChanged "" Nothing <-> DeprecationChanged "" Nothing;
    SecurityChanged "every caller stays authorized" Offers <-> SecurityChanged "some callers lose access" Withdraws;
    SecurityChanged "an unused scheme, or a hint" Nothing <-> SecurityChanged "an unused scheme, or a hint" Nothing;
    SecurityChanged "how a scheme authenticates" Withdraws <-> SecurityChanged "how a scheme authenticates" Withdraws;
    ScopesChanged "every caller stays authorized" Offers <-> ScopesChanged "some callers lose access" Withdraws;
    ScopesChanged "one replaced by another" Withdraws <-> ScopesChanged "one replaced by another" Withdraws;
    ScopesChanged "of an alternative that requires more than another one, or of an unused scheme" Nothing <-> ScopesChanged "of an alternative that requires more than another one, or of an unused scheme" Nothing;
    ServerAdded "" Offers <-> ServerRemoved "" Withdraws;
    ServerChanged "" Withdraws <-> ServerChanged "" Withdraws;
    ServerChanged "one more value of a variable" Offers <-> ServerChanged "one fewer value of a variable" Withdraws;
    ExtensionChanged "" Nothing <-> ExtensionChanged "" Nothing;
    ExtensionChanged "`x-ms-enum-flags`, `x-ms-discriminator-value`" Swaps <-> ExtensionChanged "`x-ms-enum-flags`, `x-ms-discriminator-value`" Swaps;
    FormatVersionChanged "" Nothing <-> FormatVersionChanged "" Nothing;
    DocsChanged "" Nothing <-> DocsChanged "" Nothing;
    SourcesDisagree "in a refresh" Nothing <-> SourcesDisagree "in a refresh" Nothing;
    DecisionExpired "in a refresh" Nothing <-> DecisionExpired "in a refresh" Nothing;
    NotUnderstood "" Swaps <-> NotUnderstood "" Swaps;
}

/// Lists every rule, grouped by kind.
#[must_use]
pub fn rules() -> Vec<Rule> {
    ROWS.iter()
        .flat_map(|(kind, when, effect, mirror, mirror_when, mirror_effect)| {
            let there = rule(
                (*kind, when, *effect),
                (*mirror, mirror_when, *mirror_effect),
            );
            let back = rule(
                (*mirror, mirror_when, *mirror_effect),
                (*kind, when, *effect),
            );
            match (there.kind, there.when) == (back.kind, back.when) {
                true => vec![there],
                false => vec![there, back],
            }
        })
        .collect()
}

fn rule(
    (kind, when, effect): (FindingKind, &'static str, Effect),
    (mirror, mirror_when, mirror_effect): (FindingKind, &'static str, Effect),
) -> Rule {
    let (request, response) = effect.sides();
    Rule {
        kind,
        when,
        request,
        response,
        mirror,
        mirror_when,
        effect,
        mirror_effect,
    }
}

/// Returns the table of all rules in Markdown, as in the README of this package.
#[must_use]
pub fn rules_table() -> String {
    let name = |kind: FindingKind, when: &str| match when {
        "" => format!("`{kind}`"),
        when => format!("`{kind}`: {when}"),
    };
    let mut table = String::from(
        "| a change | request | response | made backwards | request | response |\n|---|---|---|---|---|---|\n",
    );
    for (kind, when, effect, mirror, mirror_when, mirror_effect) in ROWS {
        let (there, back) = (effect.sides(), mirror_effect.sides());
        let backwards = match (kind, when) == (mirror, mirror_when) {
            true => "the same".to_owned(),
            false => name(*mirror, mirror_when),
        };
        table.push_str(&format!(
            "| {} | {} | {} | {backwards} | {} | {} |\n",
            name(*kind, when),
            there.0.as_str(),
            there.1.as_str(),
            back.0.as_str(),
            back.1.as_str(),
        ));
    }
    table
}

/// Whether a finding of a kind may have an effect.
#[cfg(test)]
pub(crate) fn is_known(kind: FindingKind, effect: Effect) -> bool {
    rules()
        .iter()
        .any(|rule| rule.kind == kind && rule.effect == effect)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_rule_and_every_rule_an_opposite_that_points_back() {
        let rules = rules();
        for kind in FindingKind::ALL {
            assert!(
                rules.iter().any(|rule| rule.kind == *kind),
                "{kind} has no rule"
            );
        }
        for rule in &rules {
            let same = |other: &&Rule| (other.kind, other.when) == (rule.kind, rule.when);
            assert_eq!(rules.iter().filter(same).count(), 1, "{rule:?}");
            let back = rules
                .iter()
                .find(|other| (other.kind, other.when) == (rule.mirror, rule.mirror_when));
            assert!(
                back.is_some_and(|back| back.effect == rule.mirror_effect),
                "{rule:?}"
            );
        }
    }

    #[test]
    fn a_kind_has_the_effects_of_its_rules() {
        assert!(is_known(FindingKind::BoundsChanged, Effect::Tightens));
        assert!(!is_known(FindingKind::DocsChanged, Effect::Swaps));
    }
}
