//! Names that read well, differ, and are identifiers whatever they are made from.

use super::*;

#[test]
fn acronyms_stay_whole() {
    for (name, field) in [
        ("externalIPs", "external_ips"),
        ("ioTHub", "iot_hub"),
        ("ioTSecurityAgentId", "iot_security_agent_id"),
        ("clusterIP", "cluster_ip"),
        ("isGPSEnabled", "is_gps_enabled"),
    ] {
        assert_eq!(field_name(name), field);
    }
}

/// Names that have broken generators before.
const CURSED: [&str; 34] = [
    "",
    " ",
    "_",
    "__",
    "1",
    "1.0",
    "10",
    "2XX",
    "+1",
    "-1",
    "$",
    "$filter",
    "@odata.type",
    "If-Match",
    "type",
    "self",
    "Self",
    "crate",
    "gen",
    "async",
    "r#type",
    "größe",
    "日本",
    "²",
    "a_1_b",
    "A1B",
    "IoTDevice",
    "HTTPServer",
    "url2.x",
    "x.y.z",
    "..",
    "a'b",
    "\u{0}",
    "emoji 🎉 party",
];

fn is_identifier(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
}

#[test]
fn every_name_becomes_an_identifier() {
    let taken = TAKEN_TYPES
        .iter()
        .chain(&TAKEN_FIELDS)
        .chain(&TAKEN_PARAMETERS)
        .chain(&KEYWORDS);
    for name in CURSED.iter().chain(taken) {
        for made in [
            type_name(name),
            field_name(name),
            parameter_name(name),
            method_name(name),
            variant_name(name),
        ] {
            assert!(is_identifier(&made), "{name:?} became {made:?}");
        }
    }
}

#[test]
fn converting_a_name_twice_changes_nothing() {
    for name in CURSED {
        let made = type_name(name);
        assert_eq!(made.to_upper_camel_case(), made, "{name:?}");
        let made = parameter_name(name);
        assert_eq!(
            made.trim_end_matches('_').to_snake_case(),
            made.trim_end_matches('_'),
            "{name:?}"
        );
        let made = method_name(name);
        assert_eq!(made.to_snake_case(), made, "{name:?}");
    }
}

#[test]
fn names_read_well() {
    let shown = |make: fn(&str) -> String, names: &[&str]| {
        names
            .iter()
            .map(|name| format!("{name} → {}", make(name)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!(
        shown(type_name, &["microsoft.graph.ODataErrors.ODataError", "alert_v2", "odata.error.detail", "Vec", "365Group"]),
        @r"
    microsoft.graph.ODataErrors.ODataError → ODataError
    alert_v2 → AlertV2
    odata.error.detail → Detail
    Vec → VecValue
    365Group → N365group
    "
    );
    insta::assert_snapshot!(
        shown(field_name, &["displayName", "@odata.nextLink", "type", "base", "2faEnabled", "größe"]),
        @r"
    displayName → display_name
    @odata.nextLink → odata_next_link
    type → type_
    base → base_
    2faEnabled → n2fa_enabled
    größe → gr_e
    "
    );
    insta::assert_snapshot!(shown(parameter_name, &["$filter", "If-Match", "incident-id", "url", "in"]), @r"
    $filter → filter
    If-Match → if_match
    incident-id → incident_id
    url → url_value
    in → in_
    ");
    insta::assert_snapshot!(
        shown(method_name, &[
            "security.Incidents.ListAlerts", "security.incidents_CreateGraphRefAlerts", "security.alert_updateAlert",
            "security_ListAlerts_v2", "list_incidents", "listIncidents", "security.incident.alert_SetComment", "new",
        ]),
        @r"
    security.Incidents.ListAlerts → list_incidents_alerts
    security.incidents_CreateGraphRefAlerts → create_incidents_graph_ref_alerts
    security.alert_updateAlert → update_alert
    security_ListAlerts_v2 → list_alerts_v2
    list_incidents → list_incidents
    listIncidents → list_incidents
    security.incident.alert_SetComment → set_incident_alert_comment
    new → new_operation
    "
    );
    insta::assert_snapshot!(
        shown(variant_name, &["truePositive", "Yes", "1.0", "10", "self", "unrecognized", "MicrosoftDefenderForOffice365", "a+b"]),
        @r"
    truePositive → TruePositive
    Yes → Yes
    1.0 → N1_0
    10 → N10
    self → SelfValue
    unrecognized → UnrecognizedValue
    MicrosoftDefenderForOffice365 → MicrosoftDefenderForOffice365
    a+b → AB
    "
    );
}

#[test]
fn settled_names_are_those_that_no_conversion_changes() {
    use heck::ToUpperCamelCase as _;
    for name in [
        "Incident",
        "A",
        "ABc",
        "Ab1c",
        "IoT2",
        "Ab_c",
        "SecurityAlert",
        "FooA",
        "X509Key",
        "",
    ] {
        if super::is_settled(name) {
            assert_eq!(name.to_upper_camel_case(), name);
        }
    }
    assert!(super::is_settled("SecurityAlert"));
    assert!(!super::is_settled("IoT"));
}
