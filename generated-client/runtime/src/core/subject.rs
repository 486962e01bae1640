//! The subject of a call: the identifiers in its path, for errors and traces.

use url::Url;

use super::Address;
use crate::operation::Operation;

/// The values of the template's parameters, as written in the URL; for a raw request, its path.
pub(crate) fn of(operation: &Operation, url: &Url, address: &Address) -> Option<String> {
    let path = address.below(url)?;
    if operation.path() == "{path}" {
        return Some(path.to_owned());
    }
    let template: Vec<&str> = operation
        .path()
        .trim_start_matches('/')
        .split('/')
        .collect();
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    // A link of the service may have another path.
    if template.len() != segments.len() {
        return None;
    }
    let pairs = template.iter().zip(segments);
    let ids: Vec<&str> = pairs
        .filter(|(name, _)| name.contains('{'))
        .map(|(_, id)| id)
        .collect();
    (!ids.is_empty()).then(|| ids.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(template: &'static str, path: &str) -> Option<String> {
        let address = Address::parse("https://graph.microsoft.com/beta", false).unwrap();
        let url = format!("https://graph.microsoft.com/beta{path}?$top=1");
        of(
            &Operation::new("x", "GET", template, &[]),
            &url.parse().unwrap(),
            &address,
        )
    }

    #[test]
    fn the_subject_is_the_identifiers_of_the_path() {
        assert_eq!(
            subject("/security/incidents/{id}", "/security/incidents/29%2F1").unwrap(),
            "29%2F1"
        );
        assert_eq!(subject("/a/{id}/b/{other}", "/a/1/b/2").unwrap(), "1/2");
        assert_eq!(subject("/security/incidents", "/security/incidents"), None);
        assert_eq!(subject("/security/incidents/{id}", "/elsewhere"), None);
        assert_eq!(
            subject("{path}", "/security/secureScores").unwrap(),
            "/security/secureScores"
        );
    }
}
