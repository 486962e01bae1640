//! The data of a small tenant: the reference page's incident, and some dozens more with alerts and evidence.

use serde_json::{Value, json};

use crate::identity::TENANT;
use crate::object::Object;
use crate::store::Draft;
use crate::time::Ticks;

const OTHERS: u64 = 60;

/// The reference page's incident before its update, in our own words, and the others.
pub(crate) fn incidents() -> Vec<Draft> {
    let mut drafts = vec![Draft {
        incident: object(reference()),
        alerts: (1..=2).map(|number| alert(2_972_395, number)).collect(),
    }];
    drafts.extend((0..OTHERS).map(other));
    drafts
}

fn reference() -> Value {
    json!({
        "id": "2972395",
        "incidentWebUrl": "https://security.microsoft.com/incidents/2972395?tid=12f988bf-16f1-11af-11ab-1d7cd011db47",
        "redirectIncidentId": null,
        "displayName": "Multi-stage incident involving Initial access & Command and control on multiple endpoints reported by multiple sources",
        "tenantId": TENANT,
        "createdDateTime": "2021-08-13T08:43:35.5533333Z",
        "lastUpdateDateTime": "2021-09-30T09:35:45.1133333Z",
        "lastModifiedBy": "Microsoft 365 Defender-AlertCorrelation",
        "assignedTo": "KaiC@contoso.com",
        "classification": "unknown",
        "determination": "unknown",
        "status": "active",
        "severity": "medium",
        "priorityScore": 42,
        "customTags": [],
        "systemTags": ["Defender Experts"],
        "comments": [{
            "@odata.type": "#microsoft.graph.security.alertComment",
            "comment": "Demo incident",
            "createdByDisplayName": "DavidS@contoso.com",
            "createdDateTime": "2021-09-30T09:35:45.1133333Z",
        }],
        "description": "Somebody signed in from a place that was never seen before, and two devices then talked to a command server.",
        "recommendedActions": "Look at the timeline first.\n- Isolate both devices\n- Reset the passwords of the accounts that were used\n- Block the address of the command server\n",
        "recommendedHuntingQueries": [{"kqlText": "DeviceNetworkEvents\n| where RemoteIP == '203.0.113.7'\n| summarize count() by DeviceName"}],
        "resolvingComment": null,
        "summary": null,
    })
}

fn other(number: u64) -> Draft {
    let id = 2_972_300 - number * 7;
    let pick = |list: &[&'static str]| list[(number as usize * 7 + 3) % list.len()];
    let created = Ticks::parse("2021-08-12T00:00:00Z").unwrap_or(Ticks(0)).0
        - number as i64 * 5_431 * Ticks::PER_SECOND
        - number as i64 * 1_234_567;
    let status = pick(&["active", "resolved", "active", "inProgress", "resolved"]);
    let resolved = status == "resolved";
    let incident = json!({
        "id": id.to_string(),
        "incidentWebUrl": format!("https://security.microsoft.com/incident2/{id}/overview?tid={TENANT}"),
        "redirectIncidentId": null,
        "displayName": pick(&[
            "Suspicious sign-in from a new country involving one user",
            "Malware was prevented on one endpoint",
            "Phishing mail reported by users",
            "Credential access attempt on multiple endpoints",
        ]),
        "tenantId": TENANT,
        "createdDateTime": Ticks(created).to_string(),
        "lastUpdateDateTime": Ticks(created + 3_600 * Ticks::PER_SECOND + number as i64).to_string(),
        "lastModifiedBy": "Microsoft 365 Defender-IncidentCreation",
        "assignedTo": if number.is_multiple_of(3) { json!("AdeleV@contoso.com") } else { Value::Null },
        "classification": if resolved { pick(&["truePositive", "falsePositive", "informationalExpectedActivity"]) } else { "unknown" },
        "determination": if resolved { pick(&["malware", "phishing", "securityTesting", "notMalicious"]) } else { "unknown" },
        "status": status,
        "severity": pick(&["informational", "low", "medium", "high"]),
        "priorityScore": number % 100,
        "customTags": if number.is_multiple_of(4) { json!(["Demo"]) } else { json!([]) },
        "systemTags": [],
        "comments": [],
        "description": null,
        "recommendedActions": "",
        "recommendedHuntingQueries": [],
        "resolvingComment": if resolved { json!("Closed after review.") } else { Value::Null },
        "summary": null,
    });
    Draft {
        incident: object(incident),
        alerts: (1..=number % 3 + 1).map(|index| alert(id, index)).collect(),
    }
}

fn alert(incident: u64, number: u64) -> Object {
    let id = format!("da{incident:08}637659_{number}");
    object(json!({
        "id": id,
        "providerAlertId": id,
        "incidentId": incident.to_string(),
        "title": "Suspicious process on an endpoint",
        "category": "Execution",
        "status": "new",
        "severity": "medium",
        "classification": null,
        "determination": null,
        "serviceSource": "microsoftDefenderForEndpoint",
        "detectionSource": "antivirus",
        "detectorId": "e0da400f-affd-43ef-b1d5-afc2eb6f2756",
        "tenantId": TENANT,
        "description": "A program that attackers like was started.",
        "recommendedActions": "",
        "assignedTo": null,
        "createdDateTime": "2021-08-13T08:43:35.5533333Z",
        "lastUpdateDateTime": "2021-08-13T09:00:00Z",
        "firstActivityDateTime": "2021-08-13T08:40:00.1Z",
        "lastActivityDateTime": "2021-08-13T08:42:10.25Z",
        "resolvedDateTime": null,
        "mitreTechniques": ["T1059", "T1204.002"],
        "comments": [],
        "systemTags": [],
        "evidence": evidence(),
    }))
}

fn evidence() -> Value {
    json!([
        {
            "@odata.type": "#microsoft.graph.security.deviceEvidence",
            "createdDateTime": "2021-08-13T08:43:35.5533333Z",
            "verdict": "suspicious",
            "remediationStatus": "none",
            "remediationStatusDetails": null,
            "roles": ["compromised"],
            "detailedRoles": ["Main device"],
            "tags": [],
            "deviceDnsName": "tvm-endpoint-1.contoso.com",
            "mdeDeviceId": "73e7e2de709dff64ef64b1d0c30e67fab63279db",
            "azureAdDeviceId": null,
            "osPlatform": "Windows10",
            "osBuild": 22424,
            "version": "Other",
            "healthStatus": "active",
            "riskScore": "medium",
            "rbacGroupId": 75,
            "rbacGroupName": "UnassignedGroup",
            "onboardingStatus": "onboarded",
            "defenderAvStatus": "unknown",
            "loggedOnUsers": [{"accountName": "kaic", "domainName": "contoso"}],
            "vmMetadata": {"vmId": "ca1b0d41-5a3b-4d95-b48b-f220aed11d78", "cloudProvider": "azure", "resourceId": "/subscriptions/x/vm", "subscriptionId": "8700d3a3-3bb7-4fbe-a090-488a1ad04161"},
        },
        {
            "@odata.type": "#microsoft.graph.security.processEvidence",
            "createdDateTime": "2021-08-13T08:43:35.5533333Z",
            "verdict": "malicious",
            "remediationStatus": "active",
            "roles": [],
            "tags": [],
            "processId": 4780,
            "parentProcessId": 668,
            "processCommandLine": "\"MsSense.exe\" --demo",
            "processCreationDateTime": "2021-08-13T08:40:23Z",
            "detectionStatus": "detected",
            "imageFile": {"fileName": "MsSense.exe", "filePath": "C:\\Program Files\\temp", "fileSize": 6_136_392, "sha1": "5f1e8acedc065031aad553b710838eb366cfee9a"},
            "userAccount": {"accountName": "SYSTEM", "domainName": "NT AUTHORITY", "userSid": "S-1-5-18"},
        },
    ])
}

fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Others test their programs against these data, so they stay as they are.
    #[test]
    fn the_small_tenant_is_the_same_in_every_version() {
        let drafts = incidents();
        assert_eq!(drafts.len(), 61);
        let rows: Vec<String> = drafts
            .iter()
            .skip(1)
            .step_by(7)
            .map(|draft| {
                let value = |name: &str| draft.incident[name].to_string().replace('"', "");
                let names = [
                    "id",
                    "createdDateTime",
                    "lastUpdateDateTime",
                    "status",
                    "severity",
                    "classification",
                    "determination",
                    "assignedTo",
                    "priorityScore",
                    "customTags",
                    "resolvingComment",
                ];
                let alerts = draft.alerts.iter().map(|alert| alert["id"].to_string());
                let alerts = alerts.collect::<Vec<_>>().join(" ").replace('"', "");
                format!("{} {alerts}", names.map(value).join(" "))
            })
            .collect();
        assert_eq!(rows, SOME, "{rows:#?}");
        let titles: Vec<&Value> = drafts[1..5]
            .iter()
            .map(|draft| &draft.incident["displayName"])
            .collect();
        assert_eq!(
            titles,
            [
                "Credential access attempt on multiple endpoints",
                "Phishing mail reported by users",
                "Malware was prevented on one endpoint",
                "Suspicious sign-in from a new country involving one user",
            ]
        );
    }

    const SOME: [&str; 9] = [
        "2972300 2021-08-12T00:00:00Z 2021-08-12T01:00:00Z inProgress high unknown unknown AdeleV@contoso.com 0 [Demo] null da02972300637659_1",
        "2972251 2021-08-11T13:26:22.1358031Z 2021-08-11T14:26:22.1358038Z active informational unknown unknown null 7 [] null da02972251637659_1 da02972251637659_2",
        "2972202 2021-08-11T02:52:44.2716062Z 2021-08-11T03:52:44.2716076Z resolved low informationalExpectedActivity phishing null 14 [] Closed after review. da02972202637659_1 da02972202637659_2 da02972202637659_3",
        "2972153 2021-08-10T16:19:06.4074093Z 2021-08-10T17:19:06.4074114Z active medium unknown unknown AdeleV@contoso.com 21 [] null da02972153637659_1",
        "2972104 2021-08-10T05:45:28.5432124Z 2021-08-10T06:45:28.5432152Z resolved high falsePositive notMalicious null 28 [Demo] Closed after review. da02972104637659_1 da02972104637659_2",
        "2972055 2021-08-09T19:11:50.6790155Z 2021-08-09T20:11:50.679019Z inProgress informational unknown unknown null 35 [] null da02972055637659_1 da02972055637659_2 da02972055637659_3",
        "2972006 2021-08-09T08:38:12.8148186Z 2021-08-09T09:38:12.8148228Z active low unknown unknown AdeleV@contoso.com 42 [] null da02972006637659_1",
        "2971957 2021-08-08T22:04:34.9506217Z 2021-08-08T23:04:34.9506266Z resolved medium falsePositive securityTesting null 49 [] Closed after review. da02971957637659_1 da02971957637659_2",
        "2971908 2021-08-08T11:30:57.0864248Z 2021-08-08T12:30:57.0864304Z active high unknown unknown null 56 [Demo] null da02971908637659_1 da02971908637659_2 da02971908637659_3",
    ];
}
