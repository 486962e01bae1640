//! The real history of the description: every change is named once, and nothing is missed or invented.
//!
//! The expectations were written manually from the differences of the texts. The texts are not part of the project;
//! without them, these tests report that they were skipped.

use std::fs;
use std::path::{Path, PathBuf};

use graph_client_review::{FindingKind, Review, RustBasis, Source, Verdict, review};

use crate::support::line;

fn history() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/upstream/history");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: ../shared/upstream/history is not there");
    None
}

/// The text of a revision by its number.
pub(crate) fn revision(number: &str) -> Option<String> {
    let entries = fs::read_dir(history()?).unwrap();
    let path = entries
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with(number)
        })
        .unwrap();
    Some(fs::read_to_string(path).unwrap())
}

fn compare(base: &str, head: &str) -> Option<Review> {
    let (old, new) = (revision(base)?, revision(head)?);
    let source = |file, text| Source { file, text };
    Some(review(source(base, &old), source(head, &new)).unwrap())
}

/// Compares two revisions; changes of texts for readers are omitted here.
fn expect(base: &str, head: &str, verdict: Verdict, expected: &[&str]) {
    let Some(review) = compare(base, head) else {
        return;
    };
    let found: Vec<String> = review.findings.iter().map(line).collect();
    let (mut missed, mut invented) = (Vec::new(), Vec::new());
    for line in expected {
        if found.iter().filter(|found| found == line).count() != 1 {
            missed.push(*line);
        }
    }
    for line in &found {
        if !expected.contains(&line.as_str()) {
            invented.push(line);
        }
    }
    assert!(
        missed.is_empty() && invented.is_empty(),
        "missed or repeated: {missed:#?}\ninvented: {invented:#?}"
    );
    assert_eq!(found.len(), expected.len());
    assert_eq!(review.verdict(), verdict);
    assert_eq!(review.rust.basis, RustBasis::Generated);
}

/// Alerts are added: three operations, their responses, and four types that get the suffix `_v2`.
#[test]
fn from_001_to_002() {
    expect(
        "001",
        "002",
        Verdict::Major,
        &[
            "none/breaking schema-renamed AlertClassificationV2: microsoft.graph.m365AlertClassification -> microsoft.graph.alertClassification_v2",
            "none/breaking schema-renamed AlertCommentV2: microsoft.graph.m365AlertComment -> microsoft.graph.alertComment_v2",
            "none/breaking schema-renamed AlertDeterminationV2: microsoft.graph.m365AlertDetermination -> microsoft.graph.alertDetermination_v2",
            "none/breaking schema-renamed AlertSeverityV2: microsoft.graph.m365AlertSeverity -> microsoft.graph.alertSeverity_v2",
            "compatible/additive operation-added GET /security/incidents/{incident-id}/alerts: +security.incidents_ListAlerts",
            "compatible/additive operation-added GET /security/incidents/{incident-id}/alerts/$ref: +security.incidents_ListGraphRefAlerts",
            "compatible/additive operation-added POST /security/incidents/{incident-id}/alerts/$ref: +security.incidents_CreateGraphRefAlerts",
            "compatible/additive property-added Incident.alerts: +[AlertV2]",
            "compatible/none parameter-enum-changed $expand: +alerts",
            "compatible/none parameter-enum-changed $select: +alerts",
            "none/additive schema-added AlertStatusV2: +unknown|new|inProgress|resolved|…",
            "none/additive schema-added AlertV2: +{aadTenantId, actorDisplayName, alertWebUrl, assignedTo, …}",
            "none/additive schema-added ServiceSource: +unknown|microsoftDefenderForEndpoint|microsoftDefenderForIdentity|microsoftDefenderForCloudApps|…",
            "none/none response-link-added GET /security/incidents/{incident-id} (alerts): +alerts",
        ],
    );
}

/// Everything moves into the namespace `security`, and names of the verdicts change.
#[test]
fn from_002_to_003() {
    expect(
        "002",
        "003",
        Verdict::Major,
        &[
            "breaking/breaking property-renamed Alert.tenantId: aadTenantId -> tenantId",
            "breaking/breaking enum-member-renamed AlertClassification.informationalExpectedActivity: benignPositive -> informationalExpectedActivity",
            "breaking/breaking enum-member-renamed AlertDetermination.compromisedAccount: compromisedUser -> compromisedAccount",
            "breaking/breaking enum-member-renamed AlertDetermination.confirmedActivity: confirmedUserActivity -> confirmedActivity",
            "breaking/breaking enum-member-renamed AlertDetermination.notEnoughDataToValidate: insufficientData -> notEnoughDataToValidate",
            "breaking/breaking enum-member-renamed AlertDetermination.notMalicious: clean -> notMalicious",
            "breaking/none parameter-enum-changed $orderby: aadTenantId, aadTenantId desc -> detectionSource, detectionSource desc, recommendedActions, recommendedActions desc, tenantId, tenantId desc",
            "breaking/none parameter-enum-changed GET /security/incidents/{incident-id}/alerts $select: aadTenantId -> detectionSource, recommendedActions, tenantId",
            "none/breaking schema-renamed Alert: microsoft.graph.alert_v2 -> microsoft.graph.security.alert",
            "none/breaking schema-renamed AlertClassification: microsoft.graph.alertClassification_v2 -> microsoft.graph.security.alertClassification",
            "none/breaking schema-renamed AlertComment: microsoft.graph.alertComment_v2 -> microsoft.graph.security.alertComment",
            "none/breaking schema-renamed AlertDetermination: microsoft.graph.alertDetermination_v2 -> microsoft.graph.security.alertDetermination",
            "none/breaking schema-renamed AlertSeverity: microsoft.graph.alertSeverity_v2 -> microsoft.graph.security.alertSeverity",
            "none/breaking schema-renamed AlertStatus: microsoft.graph.alertStatus_v2 -> microsoft.graph.security.alertStatus",
            "compatible/additive property-added Alert.detectionSource: +DetectionSource",
            "compatible/additive property-added Alert.recommendedActions: +string?",
            "compatible/additive property-added Incident.tenantId: +string?",
            "compatible/none parameter-enum-changed $select: +tenantId",
            "compatible/none parameter-enum-changed GET /security/incidents $orderby: +tenantId, tenantId desc",
            "none/additive schema-added DetectionSource: +unknown|microsoftDefenderForEndpoint|antivirus|smartScreen|…",
            "none/none schema-renamed Incident: microsoft.graph.incident -> microsoft.graph.security.incident",
            "none/none schema-renamed IncidentStatus: microsoft.graph.incidentStatus -> microsoft.graph.security.incidentStatus",
            "none/none schema-renamed ServiceSource: microsoft.graph.serviceSource -> microsoft.graph.security.serviceSource",
        ],
    );
}

/// Evidence is added; links between alerts and incidents are replaced by one alert by its id; errors get a namespace.
/// Responses become shared parts, which only changes their descriptions.
#[test]
fn from_003_to_004() {
    expect(
        "003",
        "004",
        Verdict::Major,
        &[
            "breaking/breaking operation-removed GET /security/incidents/{incident-id}/alerts/$ref: -security.incidents_ListGraphRefAlerts",
            "breaking/breaking operation-removed POST /security/incidents/{incident-id}/alerts/$ref: -security.incidents_CreateGraphRefAlerts",
            "breaking/breaking enum-member-renamed DetectionSource.azureAdIdentityProtection: aadIdentityProtection -> azureAdIdentityProtection",
            "breaking/breaking enum-member-renamed ServiceSource.azureAdIdentityProtection: aadIdentityProtection -> azureAdIdentityProtection",
            "breaking/none property-nullable-changed ErrorDetails.target: string -> string?",
            "breaking/none property-nullable-changed MainError.target: string -> string?",
            "compatible/additive operation-added GET /security/incidents/{incident-id}/alerts/{alert-id}: +security.incidents_GetAlerts",
            "compatible/additive property-added Alert.evidence: +[AlertEvidence]",
            "compatible/none parameter-enum-changed GET /security/incidents/{incident-id}/alerts $orderby: +evidence, evidence desc",
            "compatible/none parameter-enum-changed GET /security/incidents/{incident-id}/alerts $select: +evidence",
            "none/additive schema-added AlertEvidence: +{createdDateTime, remediationStatus, remediationStatusDetails, roles, …}",
            "none/additive schema-added EvidenceRemediationStatus: +none|remediated|prevented|blocked|…",
            "none/additive schema-added EvidenceRole: +unknown|contextual|scanned|source|…",
            "none/additive schema-added EvidenceVerdict: +unknown|suspicious|malicious|noThreatsFound|…",
            "none/none schema-renamed ErrorDetails: odata.error.detail -> microsoft.graph.ODataErrors.ErrorDetails",
            "none/none schema-renamed MainError: odata.error.main -> microsoft.graph.ODataErrors.MainError",
            "none/none schema-renamed ODataError: odata.error -> microsoft.graph.ODataErrors.ODataError",
            "none/none docs-changed Entity.id (description)",
            "none/none docs-changed GET /security/incidents response (description)",
            "none/none docs-changed GET /security/incidents/{incident-id}/alerts response (description)",
        ],
    );
}

/// Only texts: `style` and `explode` are written explicitly with their default values.
#[test]
fn from_004_to_005() {
    expect(
        "004",
        "005",
        Verdict::Patch,
        &[
            "none/none docs-changed Alert.actorDisplayName (description)",
            "none/none docs-changed Alert.alertWebUrl (description)",
            "none/none docs-changed Alert.assignedTo (description)",
            "none/none docs-changed Alert.category (description)",
            "none/none docs-changed Alert.comments (description)",
            "none/none docs-changed Alert.createdDateTime (description)",
            "none/none docs-changed Alert.description (description)",
            "none/none docs-changed Alert.detectorId (description)",
            "none/none docs-changed Alert.evidence (description)",
            "none/none docs-changed Alert.firstActivityDateTime (description)",
            "none/none docs-changed Alert.incidentId (description)",
            "none/none docs-changed Alert.incidentWebUrl (description)",
            "none/none docs-changed Alert.lastActivityDateTime (description)",
            "none/none docs-changed Alert.lastUpdateDateTime (description)",
            "none/none docs-changed Alert.mitreTechniques (description)",
            "none/none docs-changed Alert.providerAlertId (description)",
            "none/none docs-changed Alert.recommendedActions (description)",
            "none/none docs-changed Alert.resolvedDateTime (description)",
            "none/none docs-changed Alert.tenantId (description)",
            "none/none docs-changed Alert.threatDisplayName (description)",
            "none/none docs-changed Alert.threatFamilyName (description)",
            "none/none docs-changed Alert.title (description)",
            "none/none docs-changed AlertComment.comment (description)",
            "none/none docs-changed AlertComment.createdByDisplayName (description)",
            "none/none docs-changed AlertComment.createdDateTime (description)",
            "none/none docs-changed AlertEvidence.createdDateTime (description)",
            "none/none docs-changed AlertEvidence.remediationStatusDetails (description)",
            "none/none docs-changed AlertEvidence.roles (description)",
            "none/none docs-changed AlertEvidence.tags (description)",
            "none/none docs-changed GET /security/incidents (description)",
            "none/none docs-changed GET /security/incidents/{incident-id} (description)",
            "none/none docs-changed GET /security/incidents/{incident-id}/alerts (description)",
            "none/none docs-changed GET /security/incidents/{incident-id}/alerts/{alert-id} (description)",
            "none/none docs-changed Incident.alerts (description)",
            "none/none docs-changed Incident.assignedTo (description)",
            "none/none docs-changed Incident.comments (description)",
            "none/none docs-changed Incident.createdDateTime (description)",
            "none/none docs-changed Incident.displayName (description)",
            "none/none docs-changed Incident.incidentWebUrl (description)",
            "none/none docs-changed Incident.lastUpdateDateTime (description)",
            "none/none docs-changed Incident.redirectIncidentId (description)",
            "none/none docs-changed Incident.tags (description)",
            "none/none docs-changed Incident.tenantId (description)",
        ],
    );
}

/// The pages get a base, in which the link to the next page is nullable.
#[test]
fn from_005_to_006() {
    expect(
        "005",
        "006",
        Verdict::Major,
        &[
            "breaking/none property-nullable-changed AlertCollectionResponse.@odata.nextLink: string -> string?",
            "breaking/none property-nullable-changed IncidentCollectionResponse.@odata.nextLink: string -> string?",
            "none/breaking extension-changed Incident.alerts (x-ms-navigationProperty): +true",
            "none/none docs-changed GET /security/incidents (description, externalDocs, summary)",
        ],
    );
}

/// A jump over half a year.
#[test]
fn from_006_to_015() {
    expect(
        "006",
        "015",
        Verdict::Major,
        &[
            "breaking/breaking property-renamed Incident.customTags: tags -> customTags",
            "breaking/breaking enum-member-removed EvidenceRemediationStatus.active: -active",
            "breaking/breaking enum-member-removed EvidenceRemediationStatus.declined: -declined",
            "breaking/breaking enum-member-removed EvidenceRemediationStatus.notRemediated: -notRemediated",
            "breaking/breaking enum-member-removed EvidenceRemediationStatus.pendingApproval: -pendingApproval",
            "breaking/breaking enum-member-removed EvidenceRemediationStatus.running: -running",
            "breaking/none parameter-enum-changed $select: tags -> customTags, description, recommendedActions, recommendedHuntingQueries, systemTags",
            "breaking/none parameter-enum-changed GET /security/incidents $orderby: tags, tags desc -> customTags, customTags desc, description, description desc, recommendedActions, recommendedActions desc, recommendedHuntingQueries, recommendedHuntingQueries desc, systemTags, systemTags desc",
            "compatible/additive property-added Alert.systemTags: +[string?]",
            "compatible/additive property-added Incident.description: +string?",
            "compatible/additive property-added Incident.recommendedActions: +string?",
            "compatible/additive property-added Incident.recommendedHuntingQueries: +[RecommendedHuntingQuery]",
            "compatible/additive property-added Incident.systemTags: +[string?]",
            "compatible/additive enum-member-added IncidentStatus.inProgress: +inProgress",
            "compatible/none parameter-enum-changed $select: +systemTags",
            "compatible/none parameter-enum-changed GET /security/incidents/{incident-id}/alerts $orderby: +systemTags, systemTags desc",
            "none/additive schema-added RecommendedHuntingQuery: +{kqlText}",
            "none/none response-link-removed GET /security/incidents/{incident-id} (alerts): -alerts",
            "none/none docs-changed Entity.id (description)",
            "none/none docs-changed GET /security/incidents (description, externalDocs, summary)",
            "none/none docs-changed GET /security/incidents/{incident-id}/alerts/{alert-id} alert-id (description)",
            "none/none docs-changed incident-id (description)",
        ],
    );
}

/// Plurals are removed, statuses become ranges, and the update returns the updated resource.
#[test]
fn from_015_to_016() {
    expect(
        "015",
        "016",
        Verdict::Major,
        &[
            "compatible/breaking response-body-added PATCH /security/incidents/{incident-id}: +Incident",
            "none/breaking operation-renamed DELETE /security/incidents/{incident-id}: security_DeleteIncidents -> security_DeleteIncident",
            "none/breaking operation-renamed GET /security/incidents: security_ListIncidents -> security_ListIncident",
            "none/breaking operation-renamed GET /security/incidents/{incident-id}: security_GetIncidents -> security_GetIncident",
            "none/breaking operation-renamed GET /security/incidents/{incident-id}/alerts: security.incidents_ListAlerts -> security.incident_ListAlert",
            "none/breaking operation-renamed GET /security/incidents/{incident-id}/alerts/{alert-id}: security.incidents_GetAlerts -> security.incident_GetAlert",
            "none/breaking operation-renamed PATCH /security/incidents/{incident-id}: security_UpdateIncidents -> security_UpdateIncident",
            "none/breaking operation-renamed POST /security/incidents: security_CreateIncidents -> security_CreateIncident",
            "compatible/additive operation-added GET /security/incidents/$count: +security.incident_GetCount",
            "compatible/additive operation-added GET /security/incidents/{incident-id}/alerts/$count: +security.incident.alert_GetCount",
            "compatible/additive property-added AlertEvidence.detailedRoles: +[string?]",
            "compatible/additive enum-member-added DetectionSource.microsoftDefenderForCloud: +microsoftDefenderForCloud",
            "compatible/additive enum-member-added IncidentStatus.awaitingAction: +awaitingAction",
            "compatible/additive enum-member-added ServiceSource.microsoftDefenderForCloud: +microsoftDefenderForCloud",
            "none/none schema-added ODataCountResponse: +int32",
            "none/none docs-changed AlertEvidence.createdDateTime (description)",
            "none/none docs-changed AlertEvidence.roles (description)",
            "none/none docs-changed AlertEvidence.tags (description)",
            "none/none docs-changed GET /security/incidents (description, externalDocs, summary)",
            "none/none docs-changed GET /security/incidents/{incident-id} (description, externalDocs, summary)",
            "none/none docs-changed PATCH /security/incidents/{incident-id} (description, externalDocs, summary)",
        ],
    );
}

/// A rename is reported with its certainty, and shows the items that users must change.
#[test]
fn renames_state_their_certainty_and_their_effect_on_code() {
    let Some(review) = compare("015", "016") else {
        return;
    };
    let list = review
        .findings
        .iter()
        .find(|finding| {
            finding.kind == FindingKind::OperationRenamed
                && finding.subject == "GET /security/incidents"
        })
        .unwrap();
    assert_eq!(
        list.rust_items,
        ["- pub fn list_incidents", "+ pub fn list_incident"]
    );
    let Some(review) = compare("006", "015") else {
        return;
    };
    let tags = review
        .findings
        .iter()
        .find(|finding| finding.subject == "Incident.customTags")
        .unwrap();
    assert!(
        tags.certainty > 0.9 && tags.certainty < 1.0,
        "{}",
        tags.certainty
    );
    assert!(
        tags.used_by
            .contains(&"PATCH /security/incidents/{incident-id}".to_owned()),
        "{:?}",
        tags.used_by
    );
}

/// Each revision is equivalent to itself.
#[test]
fn a_revision_equals_itself() {
    for number in ["001", "002", "003", "004", "005", "006", "015", "016"] {
        let Some(review) = compare(number, number) else {
            return;
        };
        assert!(review.findings.is_empty(), "{number}");
        assert_eq!(review.verdict(), Verdict::None);
    }
}
