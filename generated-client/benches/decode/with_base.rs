// Evidence has the properties of its base, too.
macro_rules! evidence {
    ($name:ident { $($field:ident: $type:ty = $wire:literal,)* }) => {
        peer!($name {
            created_date_time: Option<DateTime<Utc>> = "createdDateTime",
            detailed_roles: Option<Vec<String>> = "detailedRoles",
            remediation_status: Option<RemediationStatus> = "remediationStatus",
            remediation_status_details: Option<String> = "remediationStatusDetails",
            roles: Option<Vec<Role>> = "roles",
            tags: Option<Vec<String>> = "tags",
            verdict: Option<Verdict> = "verdict",
            $($field: $type = $wire,)*
        });
    };
}
