//! Promises of the evidence: one enum over all types, and an invalid item loses neither itself nor others.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::collections::HashSet;

use graph_incidents::runtime::{OtherReason, Page};
use graph_incidents::types::{Alert, AlertEvidence, EvidenceVerdict, IpEvidence, UserEvidence};
use serde_json::{Value, from_str, from_value, json, to_value};

fn every_kind() -> Vec<Value> {
    from_str(include_str!("../fixtures/every_evidence.json")).unwrap()
}

#[test]
fn each_of_the_48_types_has_its_variant() {
    let mut seen = HashSet::new();
    for json in every_kind() {
        let evidence: AlertEvidence = from_value(json.clone()).unwrap();
        assert!(!matches!(evidence, AlertEvidence::Other(_)), "{json}");
        assert_eq!(evidence.type_name(), json["@odata.type"].as_str());
        seen.insert(std::mem::discriminant(&evidence));
    }
    assert_eq!(seen.len(), 48);
    assert_eq!(AlertEvidence::TYPES.len(), 48);
}

#[test]
fn every_documented_property_of_every_type_is_read_into_a_field() {
    for json in every_kind() {
        let evidence: AlertEvidence = from_value(json.clone()).unwrap();
        assert_eq!(evidence.unreadable(), [], "{json}");
        let unknown = evidence.additional_properties().unwrap();
        assert!(unknown.is_empty(), "{json}: {unknown:?}");
    }
}

#[test]
fn base_properties_are_accessible_without_matching() {
    for json in every_kind() {
        let evidence: AlertEvidence = from_value(json.clone()).unwrap();
        assert_eq!(
            evidence.verdict().map(EvidenceVerdict::as_str),
            json["verdict"].as_str()
        );
        assert_eq!(evidence.roles().len(), 1);
        assert_eq!(evidence.tags(), [json["tags"][0].as_str().unwrap()]);
        assert!(evidence.created_date_time().is_some());
    }
}

#[test]
fn an_unknown_type_keeps_everything_and_its_base_can_be_read() {
    let json = json!({
        "@odata.type": "#microsoft.graph.security.quantumEvidence",
        "verdict": "Malicious",
        "roles": ["attacker"],
        "createdDateTime": "not a date",
        "qubits": {"count": 12345678901234567890_u64, "spin": [1.5, null]},
    });
    let evidence: AlertEvidence = from_value(json.clone()).unwrap();
    let AlertEvidence::Other(other) = &evidence else {
        panic!("{evidence:?}");
    };
    assert_eq!(other.reason(), OtherReason::UnknownType);
    assert_eq!(other.json(), &json);
    assert_eq!(other.clone().into_json(), json);
    let base = format!("{:?}", other.base());
    assert!(base.contains("verdict: Malicious"), "{base}");
    assert_eq!(evidence.verdict(), Some(&EvidenceVerdict::Malicious));
    assert_eq!(evidence.roles().len(), 1);
    assert_eq!(evidence.created_date_time(), None);
    assert_eq!(
        evidence.type_name(),
        Some("#microsoft.graph.security.quantumEvidence")
    );
    assert_eq!(to_value(&evidence).unwrap(), json);
}

#[test]
fn invalid_evidence_has_its_reason_and_does_not_affect_the_others() {
    let items = json!([
        {"@odata.type": "#microsoft.graph.security.userEvidence", "userAccount": {"accountName": "jonaw"}},
        null,
        "text",
        17,
        -1.5,
        true,
        [1, {"a": null}],
        {"verdict": "suspicious"},
        {"@odata.type": null, "verdict": "suspicious"},
        {"@odata.type": ["#microsoft.graph.security.userEvidence"]},
        {"@odata.type": {"a": 1}},
        {},
    ]);
    let alert: Alert = from_value(json!({"id": "a", "evidence": items})).unwrap();
    let reasons: Vec<Option<OtherReason>> = alert
        .evidence()
        .iter()
        .map(|item| match item {
            AlertEvidence::Other(other) => Some(other.reason()),
            _ => None,
        })
        .collect();
    use OtherReason::{NoObject, NoType, TypeIsNoString};
    assert_eq!(reasons[0], None);
    assert_eq!(reasons[1..7], [Some(NoObject); 6]);
    assert_eq!(
        reasons[7..],
        [
            Some(NoType),
            Some(TypeIsNoString),
            Some(TypeIsNoString),
            Some(TypeIsNoString),
            Some(NoType)
        ]
    );
    assert_eq!(
        alert.evidence()[7].verdict(),
        Some(&EvidenceVerdict::Suspicious)
    );
    assert_eq!(NoObject.to_string(), "it is not an object");
    assert_eq!(to_value(&alert).unwrap()["evidence"], items);
}

#[test]
fn the_tag_can_be_at_any_position() {
    let first = r##"{"@odata.type":"#microsoft.graph.security.ipEvidence","ipAddress":"192.0.2.1","verdict":"malicious","new":{"x":1}}"##;
    let middle = r##"{"ipAddress":"192.0.2.1","new":{"x":1},"@odata.type":"#microsoft.graph.security.ipEvidence","verdict":"malicious"}"##;
    let last = r##"{"ipAddress":"192.0.2.1","verdict":"malicious","new":{"x":1},"@odata.type":"#microsoft.graph.security.ipEvidence"}"##;
    let expected: AlertEvidence = from_str(first).unwrap();
    let AlertEvidence::Ip(ip) = &expected else {
        panic!("{expected:?}");
    };
    assert_eq!(ip.ip_address.as_deref(), Some("192.0.2.1"));
    assert_eq!(ip.additional_properties["new"], json!({"x": 1}));
    for text in [middle, last] {
        let evidence: AlertEvidence = from_str(text).unwrap();
        assert_eq!(evidence, expected);
    }
    assert_eq!(
        to_value(&expected).unwrap(),
        from_str::<Value>(first).unwrap()
    );
}

#[test]
fn another_spelling_of_a_known_tag_is_recognized_and_kept() {
    for tag in [
        "microsoft.graph.security.ioTDeviceEvidence",
        "#microsoft.graph.security.iotDeviceEvidence",
        "#Microsoft.Graph.Security.IoTDeviceEvidence",
    ] {
        let json = json!({"@odata.type": tag, "deviceName": "pump 7"});
        let evidence: AlertEvidence = from_value(json.clone()).unwrap();
        let AlertEvidence::IoTDevice(device) = &evidence else {
            panic!("{evidence:?}");
        };
        assert_eq!(device.device_name.as_deref(), Some("pump 7"));
        assert_eq!(evidence.type_name(), Some(tag));
        assert_eq!(to_value(&evidence).unwrap(), json);
    }
}

#[test]
fn the_last_of_two_tags_counts() {
    let ip = "#microsoft.graph.security.ipEvidence";
    let user = "#microsoft.graph.security.userEvidence";
    let read = |first: &str, last: &str| -> AlertEvidence {
        let text = format!(
            r#"{{"@odata.type":"{first}","ipAddress":"192.0.2.1","verdict":"malicious","@odata.type":"{last}","new":1}}"#
        );
        from_str(&text).unwrap()
    };
    let kept = json!({"ipAddress": "192.0.2.1", "verdict": "malicious", "new": 1});
    for (first, last) in [
        (user, ip),
        (ip, "x"),
        ("x", ip),
        (ip, ip),
        (ip, user),
        ("##Microsoft.graph.Security.ipevidence", "x"),
    ] {
        let evidence = read(first, last);
        assert_eq!(evidence.type_name(), Some(last), "{first} {last}");
        assert_eq!(matches!(evidence, AlertEvidence::Ip(_)), last == ip);
        assert_eq!(evidence.base().verdict, Some(EvidenceVerdict::Malicious));
        let mut json = kept.clone();
        json["@odata.type"] = last.into();
        assert_eq!(to_value(&evidence).unwrap(), json);
        assert_eq!(from_value::<AlertEvidence>(json).unwrap(), evidence);
    }
    let no_text: AlertEvidence =
        from_str(&format!(r#"{{"@odata.type":"{ip}","@odata.type":null}}"#)).unwrap();
    assert_eq!(to_value(&no_text).unwrap(), json!({"@odata.type": null}));
}

#[test]
fn evidence_can_be_constructed() {
    let mut ip = IpEvidence::default();
    ip.ip_address = Some("192.0.2.1".to_owned());
    ip.base.verdict = Some(EvidenceVerdict::Malicious);
    let evidence = AlertEvidence::from(ip);
    assert_eq!(
        to_value(&evidence).unwrap(),
        json!({"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "192.0.2.1", "verdict": "malicious"})
    );
    assert_eq!(to_value(UserEvidence::default()).unwrap(), json!({}));
}

#[test]
fn nested_evidence_is_typed_too() {
    let json = json!({
        "@odata.type": "#microsoft.graph.security.kubernetesClusterEvidence",
        "cloudResource": {"@odata.type": "#microsoft.graph.security.azureResourceEvidence", "resourceName": "aks-1"},
    });
    let evidence: AlertEvidence = from_value(json.clone()).unwrap();
    let AlertEvidence::KubernetesCluster(cluster) = &evidence else {
        panic!("{evidence:?}");
    };
    let Some(AlertEvidence::AzureResource(resource)) = &cluster.cloud_resource else {
        panic!("{cluster:?}");
    };
    assert_eq!(resource.resource_name.as_deref(), Some("aks-1"));
    assert_eq!(to_value(&evidence).unwrap(), json);
}

#[test]
fn endlessly_nested_evidence_is_an_error_and_not_a_crash() {
    let depth = 100_000;
    let open =
        r##"{"@odata.type":"#microsoft.graph.security.containerImageEvidence","digestImage":"##;
    let text = format!("{}null{}", open.repeat(depth), "}".repeat(depth));
    let error = from_str::<AlertEvidence>(&text).unwrap_err();
    assert!(error.to_string().contains("recursion limit"), "{error}");

    let reasonable = 40;
    let text = format!("{}null{}", open.repeat(reasonable), "}".repeat(reasonable));
    let evidence: AlertEvidence = from_str(&text).unwrap();
    assert_eq!(
        to_value(&evidence).unwrap(),
        from_str::<Value>(&text).unwrap()
    );
}

#[test]
fn debug_output_shows_only_present_properties() {
    let evidence: AlertEvidence = from_value(json!({
        "@odata.type": "#microsoft.graph.security.ipEvidence",
        "ipAddress": "192.0.2.1",
        "verdict": "malicious",
        "new": 1,
    }))
    .unwrap();
    assert_eq!(
        format!("{evidence:?}"),
        r#"Ip(IpEvidence { ip_address: "192.0.2.1", verdict: Malicious, new: Number(1) })"#
    );
}

#[test]
fn a_value_is_written_with_the_tag_of_its_type() {
    let mut address = IpEvidence::default();
    let other = json!("#microsoft.graph.security.urlEvidence");
    address
        .additional_properties
        .insert("@odata.type".to_owned(), other);
    let evidence = AlertEvidence::from(address);
    let ip = "#microsoft.graph.security.ipEvidence";
    assert_eq!(evidence.type_name(), Some(ip));
    assert_eq!(to_value(&evidence).unwrap()["@odata.type"], ip);
}

#[test]
fn a_boxed_value_is_read_and_written_like_the_value_itself() {
    let items = json!([
        {"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "192.0.2.7", "new": [1]},
        null,
        {"@odata.type": "#x"},
    ]);
    let page = json!({"value": [items]});
    let plain: Page<Vec<AlertEvidence>> = from_value(page.clone()).unwrap();
    let boxed: Page<Vec<Box<AlertEvidence>>> = from_value(page.clone()).unwrap();
    assert_eq!(boxed.value[0].len(), 3);
    for (boxed, plain) in boxed.value[0].iter().zip(&plain.value[0]) {
        assert_eq!(**boxed, *plain);
    }
    assert!(matches!(*boxed.value[0][0], AlertEvidence::Ip(_)));
    assert_eq!(to_value(&boxed).unwrap(), page);
}
