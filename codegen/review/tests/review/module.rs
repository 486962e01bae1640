//! A whole module of the description, with thousands of parts: nine edits are nine findings.

use std::fs;
use std::path::Path;

use graph_client_review::{Source, review};

use crate::support::line;

/// The line before the edit, the old and the new text, and the expected finding.
const EDITS: [(&str, &str, &str, &str); 9] = [
    (
        "servers:\n",
        "/beta/",
        "/v2/",
        "breaking/none server-changed server https://graph.microsoft.com/v2",
    ),
    (
        "paths:\n",
        "operationId: security_ListIncident\n",
        "operationId: security_ListAllIncidents\n",
        "none/breaking operation-renamed GET /security/incidents",
    ),
    (
        "paths:\n",
        "  /security/incidents/$count:\n    get:\n",
        "  /security/incidents/$count:\n    head:\n",
        "breaking/none operation-moved HEAD /security/incidents/$count",
    ),
    (
        "    microsoft.graph.security.alertDetermination:\n",
        "        - malware\n",
        "        - malware\n        - ransomware\n",
        "compatible/additive enum-member-added AlertDetermination.ransomware",
    ),
    (
        "    microsoft.graph.security.incident:\n",
        "            displayName:\n",
        "            displayTitle:\n",
        "breaking/breaking property-renamed Incident.displayTitle",
    ),
    (
        "    microsoft.graph.security.alertComment:\n",
        "        comment:\n          type: string\n",
        "        comment:\n          type: integer\n",
        "breaking/breaking property-type-changed AlertComment.comment",
    ),
    (
        "\n    top:\n",
        "        minimum: 0\n",
        "        minimum: 1\n",
        "breaking/none bounds-changed $top (minimum)",
    ),
    (
        "    microsoft.graph.security.recommendedHuntingQuery:\n",
        "          nullable: true\n",
        "",
        "breaking/none property-nullable-changed RecommendedHuntingQuery.kqlText",
    ),
    (
        "    microsoft.graph.security.alert:\n",
        "            tenantId:\n",
        "            tenancyState:\n              type: boolean\n            tenantId:\n",
        "compatible/additive property-added SecurityAlert.tenancyState",
    ),
];

#[test]
fn nine_edits_of_a_whole_module_give_nine_findings() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/upstream/security-module-beta.yml");
    let Ok(text) = fs::read_to_string(path) else {
        eprintln!("skipped: ../shared/upstream/security-module-beta.yml is not there");
        return;
    };
    let mut edited = text.clone();
    for (behind, from, to, _) in EDITS {
        let start = edited
            .find(behind)
            .unwrap_or_else(|| panic!("{behind} is not there"));
        let (before, after) = edited.split_at(start);
        assert!(after.contains(from), "{from} is not behind {behind}");
        edited = format!("{before}{}", after.replacen(from, to, 1));
    }
    let source = |file, text| Source { file, text };
    let review = review(source("base", &text), source("head", &edited)).unwrap();
    let found: Vec<String> = review.findings.iter().map(line).collect();
    for (.., expected) in EDITS {
        let count = found
            .iter()
            .filter(|line| line.starts_with(expected))
            .count();
        assert_eq!(count, 1, "{expected}\n{found:#?}");
    }
    assert_eq!(found.len(), EDITS.len(), "{found:#?}");
}
