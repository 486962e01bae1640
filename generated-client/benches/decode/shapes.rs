// The types of the payload, written once and included by every hand-written peer: the same fields for all.

peer!(Incident {
    odata_type: Option<String> = "@odata.type",
    id: String = "id",
    alerts: Option<Vec<Alert>> = "alerts",
    assigned_to: Option<String> = "assignedTo",
    classification: Option<Classification> = "classification",
    comments: Option<Vec<Comment>> = "comments",
    created_date_time: Option<DateTime<Utc>> = "createdDateTime",
    custom_tags: Option<Vec<String>> = "customTags",
    description: Option<String> = "description",
    determination: Option<Determination> = "determination",
    display_name: Option<String> = "displayName",
    incident_web_url: Option<String> = "incidentWebUrl",
    last_modified_by: Option<String> = "lastModifiedBy",
    last_update_date_time: Option<DateTime<Utc>> = "lastUpdateDateTime",
    priority_score: Option<i32> = "priorityScore",
    recommended_actions: Option<String> = "recommendedActions",
    recommended_hunting_queries: Option<Vec<HuntingQuery>> = "recommendedHuntingQueries",
    redirect_incident_id: Option<String> = "redirectIncidentId",
    resolving_comment: Option<String> = "resolvingComment",
    severity: Option<Severity> = "severity",
    status: Option<IncidentStatus> = "status",
    summary: Option<String> = "summary",
    system_tags: Option<Vec<String>> = "systemTags",
    tenant_id: Option<String> = "tenantId",
});

peer!(Alert {
    odata_type: Option<String> = "@odata.type",
    id: String = "id",
    actor_display_name: Option<String> = "actorDisplayName",
    additional_data: Option<Map<String, Value>> = "additionalData",
    alert_policy_id: Option<String> = "alertPolicyId",
    alert_web_url: Option<String> = "alertWebUrl",
    assigned_to: Option<String> = "assignedTo",
    categories: Option<Vec<String>> = "categories",
    category: Option<String> = "category",
    classification: Option<Classification> = "classification",
    comments: Option<Vec<Comment>> = "comments",
    created_date_time: Option<DateTime<Utc>> = "createdDateTime",
    custom_details: Option<Map<String, Value>> = "customDetails",
    description: Option<String> = "description",
    detection_source: Option<DetectionSource> = "detectionSource",
    detector_id: Option<String> = "detectorId",
    determination: Option<Determination> = "determination",
    evidence: Option<Vec<Evidence>> = "evidence",
    first_activity_date_time: Option<DateTime<Utc>> = "firstActivityDateTime",
    incident_id: Option<String> = "incidentId",
    incident_web_url: Option<String> = "incidentWebUrl",
    investigation_state: Option<InvestigationState> = "investigationState",
    last_activity_date_time: Option<DateTime<Utc>> = "lastActivityDateTime",
    last_update_date_time: Option<DateTime<Utc>> = "lastUpdateDateTime",
    mitre_techniques: Option<Vec<String>> = "mitreTechniques",
    product_name: Option<String> = "productName",
    provider_alert_id: Option<String> = "providerAlertId",
    recommended_actions: Option<String> = "recommendedActions",
    resolved_date_time: Option<DateTime<Utc>> = "resolvedDateTime",
    service_source: Option<ServiceSource> = "serviceSource",
    severity: Option<Severity> = "severity",
    status: Option<AlertStatus> = "status",
    system_tags: Option<Vec<String>> = "systemTags",
    tenant_id: Option<String> = "tenantId",
    threat_display_name: Option<String> = "threatDisplayName",
    threat_family_name: Option<String> = "threatFamilyName",
    title: Option<String> = "title",
});

peer!(Comment {
    odata_type: Option<String> = "@odata.type",
    comment: Option<String> = "comment",
    created_by_display_name: Option<String> = "createdByDisplayName",
    created_date_time: Option<DateTime<Utc>> = "createdDateTime",
});

peer!(HuntingQuery {
    kql_text: Option<String> = "kqlText",
});

evidence!(DeviceEvidence {
    azure_ad_device_id: Option<String> = "azureAdDeviceId",
    defender_av_status: Option<AvStatus> = "defenderAvStatus",
    device_dns_name: Option<String> = "deviceDnsName",
    dns_domain: Option<String> = "dnsDomain",
    first_seen_date_time: Option<DateTime<Utc>> = "firstSeenDateTime",
    health_status: Option<HealthStatus> = "healthStatus",
    host_name: Option<String> = "hostName",
    ip_interfaces: Option<Vec<String>> = "ipInterfaces",
    last_external_ip_address: Option<String> = "lastExternalIpAddress",
    last_ip_address: Option<String> = "lastIpAddress",
    logged_on_users: Option<Vec<LoggedOnUser>> = "loggedOnUsers",
    mde_device_id: Option<String> = "mdeDeviceId",
    nt_domain: Option<String> = "ntDomain",
    onboarding_status: Option<Onboarding> = "onboardingStatus",
    os_build: Option<i64> = "osBuild",
    os_platform: Option<String> = "osPlatform",
    rbac_group_id: Option<i32> = "rbacGroupId",
    rbac_group_name: Option<String> = "rbacGroupName",
    resource_access_events: Option<Vec<AccessEvent>> = "resourceAccessEvents",
    risk_score: Option<RiskScore> = "riskScore",
    version: Option<String> = "version",
    vm_metadata: Option<VmMetadata> = "vmMetadata",
});

evidence!(FileEvidence {
    detection_status: Option<DetectionStatus> = "detectionStatus",
    file_details: Option<FileDetails> = "fileDetails",
    mde_device_id: Option<String> = "mdeDeviceId",
});

evidence!(ProcessEvidence {
    detection_status: Option<DetectionStatus> = "detectionStatus",
    image_file: Option<FileDetails> = "imageFile",
    mde_device_id: Option<String> = "mdeDeviceId",
    parent_process_creation_date_time: Option<DateTime<Utc>> = "parentProcessCreationDateTime",
    parent_process_id: Option<i64> = "parentProcessId",
    parent_process_image_file: Option<FileDetails> = "parentProcessImageFile",
    process_command_line: Option<String> = "processCommandLine",
    process_creation_date_time: Option<DateTime<Utc>> = "processCreationDateTime",
    process_id: Option<i64> = "processId",
    user_account: Option<UserAccount> = "userAccount",
});

peer!(LoggedOnUser {
    account_name: Option<String> = "accountName",
    domain_name: Option<String> = "domainName",
});

peer!(AccessEvent {
    access_date_time: Option<DateTime<Utc>> = "accessDateTime",
    account_id: Option<String> = "accountId",
    ip_address: Option<String> = "ipAddress",
    resource_identifier: Option<String> = "resourceIdentifier",
});

peer!(VmMetadata {
    cloud_provider: Option<CloudProvider> = "cloudProvider",
    resource_id: Option<String> = "resourceId",
    subscription_id: Option<String> = "subscriptionId",
    vm_id: Option<String> = "vmId",
});

peer!(FileDetails {
    file_name: Option<String> = "fileName",
    file_path: Option<String> = "filePath",
    file_publisher: Option<String> = "filePublisher",
    file_size: Option<i64> = "fileSize",
    issuer: Option<String> = "issuer",
    md5: Option<String> = "md5",
    sha1: Option<String> = "sha1",
    sha256: Option<String> = "sha256",
    sha256_ac: Option<String> = "sha256Ac",
    signer: Option<String> = "signer",
});

peer!(UserAccount {
    account_name: Option<String> = "accountName",
    active_directory_object_guid: Option<Uuid> = "activeDirectoryObjectGuid",
    azure_ad_user_id: Option<String> = "azureAdUserId",
    display_name: Option<String> = "displayName",
    domain_name: Option<String> = "domainName",
    resource_access_events: Option<Vec<AccessEvent>> = "resourceAccessEvents",
    tenant_id: Option<String> = "tenantId",
    user_principal_name: Option<String> = "userPrincipalName",
    user_sid: Option<String> = "userSid",
});
