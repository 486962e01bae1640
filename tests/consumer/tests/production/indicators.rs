//! Evidence as rows of a table.

use graph_incidents::types::{Alert, EvidenceVerdict};
use graph_incidents::{Indicator, IndicatorKind};
use serde_json::json;

fn alert() -> Alert {
    let evidence = json!([
        {"@odata.type": "#microsoft.graph.security.deviceEvidence", "verdict": "suspicious",
         "deviceDnsName": "desk-7.contoso.example", "hostName": "desk-7", "lastIpAddress": "10.0.0.7",
         "ipInterfaces": ["10.0.0.7", "fe80::7"]},
        {"@odata.type": "#microsoft.graph.security.deviceEvidence", "verdict": "malicious",
         "deviceDnsName": "DESK-7.contoso.example"},
        {"@odata.type": "#microsoft.graph.security.userEvidence", "verdict": "suspicious",
         "userAccount": {"accountName": "eve", "domainName": "contoso", "userPrincipalName": "eve@contoso.example"}},
        {"@odata.type": "#microsoft.graph.security.processEvidence",
         "processId": 7, "processCommandLine": "x.exe -enc QQ==",
         "imageFile": {"sha1": "a1", "sha256": "b2", "fileName": "x.exe", "filePath": "C:\\Temp\\"},
         "parentProcessImageFile": {"fileName": "winword.exe", "filePath": "C:\\Office\\WinWord.exe"},
         "userAccount": {"accountName": "svc", "domainName": "contoso"}},
        {"@odata.type": "#microsoft.graph.security.networkConnectionEvidence", "verdict": "malicious",
         "destinationAddress": {"@odata.type": "#microsoft.graph.security.ipEvidence", "ipAddress": "203.0.113.9"}},
        {"@odata.type": "#microsoft.graph.security.analyzedMessageEvidence", "urls": ["https://evil.example/a"],
         "recipientEmailAddress": "eve@contoso.example", "senderIp": "198.51.100.1",
         "p2Sender": {"emailAddress": "mallory@evil.example"}},
        {"@odata.type": "#microsoft.graph.security.processEvidence", "verdict": "malicious", "processId": 8,
         "processCommandLine": "x.exe -enc qq=="},
        {"@odata.type": "#microsoft.graph.security.processEvidence", "processId": 9,
         "imageFile": {"fileName": "sh", "filePath": "/usr/bin"}},
        {"@odata.type": "#microsoft.graph.security.fileEvidence", "fileDetails": {"fileName": "note.txt"}},
        {"@odata.type": "#microsoft.graph.security.fileEvidence", "fileDetails": {"filePath": "/tmp/Note.txt"}},
        {"@odata.type": "#microsoft.graph.security.urlEvidence", "url": "https://evil.example/A"},
        {"@odata.type": "#microsoft.graph.security.fileHashEvidence", "algorithm": "md5", "value": "c3"},
        {"@odata.type": "#microsoft.graph.security.somethingNewEvidence", "verdict": "malicious",
         "ipAddress": "192.0.2.44"},
    ]);
    let alert = json!({"id": "a-1", "title": "t", "evidence": evidence});
    serde_json::from_value(alert).unwrap()
}

fn values(rows: &[Indicator], kind: IndicatorKind) -> Vec<&str> {
    let rows = rows.iter().filter(|row| row.kind == kind);
    rows.map(|row| row.value.as_str()).collect()
}

#[test]
fn hosts_users_addresses_hashes_urls_and_mailboxes_are_listed_once() {
    let rows = alert().indicators();
    let values = |kind| values(&rows, kind);
    assert_eq!(values(IndicatorKind::Host), ["desk-7.contoso.example"]);
    assert_eq!(
        values(IndicatorKind::User),
        ["eve@contoso.example", "contoso\\svc"]
    );
    let mut addresses = values(IndicatorKind::Address);
    addresses.sort_unstable();
    let expected = [
        "10.0.0.7",
        "192.0.2.44",
        "198.51.100.1",
        "203.0.113.9",
        "fe80::7",
    ];
    assert_eq!(addresses, expected);
    assert_eq!(values(IndicatorKind::Hash), ["a1", "b2", "c3"]);
    let expected = ["https://evil.example/a", "https://evil.example/A"];
    assert_eq!(values(IndicatorKind::Url), expected);
    let mut mailboxes = values(IndicatorKind::Mailbox);
    mailboxes.sort_unstable();
    assert_eq!(mailboxes, ["eve@contoso.example", "mallory@evil.example"]);
}

#[test]
fn files_and_processes_are_listed_by_path_and_command_line() {
    let rows = alert().indicators();
    let expected = ["x.exe -enc QQ==", "x.exe -enc qq==", "/usr/bin/sh"];
    assert_eq!(values(&rows, IndicatorKind::Process), expected);
    let expected = [
        "C:\\Temp\\x.exe",
        "C:\\Office\\WinWord.exe",
        "/usr/bin/sh",
        "note.txt",
        "/tmp/Note.txt",
    ];
    assert_eq!(values(&rows, IndicatorKind::File), expected);
    let source = |value: &str| {
        let row = rows.iter().find(|row| row.value == value);
        row.map(|row| row.source.as_str())
    };
    let image = source("C:\\Temp\\x.exe");
    assert_eq!(image, Some("processEvidence/imageFile/fileName"));
    let line = source("x.exe -enc QQ==");
    assert_eq!(line, Some("processEvidence/processCommandLine"));
}

#[test]
fn a_row_has_the_worst_verdict_its_alert_and_its_source() {
    let rows = alert().indicators();
    let host = rows
        .iter()
        .find(|row| row.kind == IndicatorKind::Host)
        .unwrap();
    assert_eq!(host.verdict, Some(EvidenceVerdict::Malicious));
    assert_eq!(host.alert_id, "a-1");
    assert_eq!(host.source, "deviceEvidence/deviceDnsName");
    let remote = rows.iter().find(|row| row.value == "203.0.113.9").unwrap();
    assert_eq!(remote.verdict, Some(EvidenceVerdict::Malicious));
    let source = "networkConnectionEvidence/destinationAddress/ipAddress";
    assert_eq!(remote.source, source);
}

#[test]
fn rows_are_flat() {
    for row in alert().indicators() {
        let json = serde_json::to_value(&row).unwrap();
        assert_eq!(json["type"], row.kind.as_str());
        let columns = json.as_object().unwrap();
        assert_eq!(columns.len(), 5);
        assert!(
            columns
                .values()
                .all(|value| value.is_string() || value.is_null()),
            "{json}"
        );
    }
}
