//! The permissions that a refused caller lacks.

const REQUIRED: &str = "API required roles:";
const PRESENT: &str = "application roles:";

/// The roles that the service requires, each of which suffices: those it lists, or else the documented ones.
pub(super) fn missing(message: &str, documented: &[&str]) -> Vec<String> {
    named(message).unwrap_or_else(|| documented.iter().map(|&role| role.to_owned()).collect())
}

/// Whether the service refuses because of the token, and not because of the tenant.
pub(super) fn are_missing(code: Option<&str>, message: &str) -> bool {
    named(message).is_some()
        || code == Some("Authorization_RequestDenied")
        || [
            "Missing application roles",
            "Missing scope",
            "Missing role",
            "Insufficient privileges",
        ]
        .iter()
        .any(|words| message.contains(words))
}

/// `… API required roles: A,B, application roles: C.`
fn named(message: &str) -> Option<Vec<String>> {
    let (_, rest) = message.split_once(REQUIRED)?;
    let (required, present) = rest.split_once(PRESENT).unwrap_or((rest, ""));
    let present = list(present);
    let required: Vec<String> = list(required)
        .into_iter()
        .filter(|role| !present.contains(role))
        .collect();
    (!required.is_empty()).then_some(required)
}

fn list(text: &str) -> Vec<String> {
    text.split(',')
        .map(|role| role.trim().trim_end_matches('.').to_owned())
        .filter(|role| !role.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn the_service_s_roles_are_read_from_its_message() {
        let message = "Missing application roles. API required roles: SecurityIncident.Read.All,SecurityIncident.ReadWrite.All, application roles: User.Read.";
        assert_eq!(
            missing(message, &[]),
            [
                "SecurityIncident.Read.All",
                "SecurityIncident.ReadWrite.All"
            ]
        );
    }

    #[test]
    fn without_them_the_documented_roles_are_shown() {
        assert_eq!(
            missing(
                "Account is not provisioned",
                &["SecurityIncident.ReadWrite.All"]
            ),
            ["SecurityIncident.ReadWrite.All"]
        );
    }
}
