//! The locations of a finding on both sides: at the changed part, not at the part that contains it.

use graph_client_review::{Finding, Review, Source, review};

const DOCUMENT: &str = r##"openapi: 3.0.3
info: {title: Desk, version: "1"}
paths:
  /tickets:
    get:
      operationId: listTickets
      responses:
        "200":
          description: All.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/ticket"
components:
  schemas:
    ticket:
      type: object
      properties:
        room:
          description: The room.
          type: string
        urgency:
          $ref: "#/components/schemas/urgency"
    urgency:
      type: string
      enum:
        - low
        - middle
        - high
"##;

fn edited(from: &str, to: &str) -> (Review, String) {
    assert!(DOCUMENT.contains(from), "{from}");
    let head = DOCUMENT.replace(from, to);
    let source = |file, text| Source { file, text };
    let found = review(source("base.yaml", DOCUMENT), source("head.yaml", &head)).unwrap();
    (found, head)
}

/// The lines of the base and of the head that a finding shows.
fn lines(finding: &Finding, head: &str) -> (String, String) {
    let there = finding.nearest.as_ref().unwrap();
    let (old, new) = match finding.at.side {
        graph_client_review::Side::Base => (&finding.at, there),
        graph_client_review::Side::Head => (there, &finding.at),
    };
    let line = |text: &str, number: usize| text.lines().nth(number - 1).unwrap().trim().to_owned();
    (line(DOCUMENT, old.line), line(head, new.line))
}

#[test]
fn a_changed_type_is_located_on_both_sides() {
    let (found, head) = edited(
        "          description: The room.\n          type: string\n",
        "          description: The room.\n          type: integer\n",
    );
    assert_eq!(
        lines(&found.findings[0], &head),
        ("type: string".to_owned(), "type: integer".to_owned())
    );
}

#[test]
fn a_removed_member_is_located_at_the_member_before_it() {
    let (found, head) = edited("        - middle\n", "");
    assert_eq!(
        lines(&found.findings[0], &head),
        ("- middle".to_owned(), "- low".to_owned())
    );
    let (found, head) = edited("        - low\n", "");
    assert_eq!(
        lines(&found.findings[0], &head),
        ("- low".to_owned(), "- middle".to_owned())
    );
}

#[test]
fn a_new_member_is_located_at_the_member_before_it_in_the_base() {
    let (found, head) = edited("        - high\n", "        - high\n        - critical\n");
    assert_eq!(
        lines(&found.findings[0], &head),
        ("- high".to_owned(), "- critical".to_owned())
    );
}

#[test]
fn a_renamed_member_is_located_on_both_sides() {
    let (found, head) = edited("        - middle\n", "        - middling\n");
    assert_eq!(
        lines(&found.findings[0], &head),
        ("- middle".to_owned(), "- middling".to_owned())
    );
}

#[test]
fn keywords_without_effect_beside_content_are_reported_as_compatible() {
    let document = r#"openapi: 3.0.3
info: {title: Desk, version: "1"}
paths:
  /tickets:
    get:
      operationId: listTickets
      parameters:
        - {name: where, in: query, explode: true, content: {application/json: {schema: {type: object}}}}
      responses:
        "200": {description: All.}
"#;
    let head = document.replace("explode: true", "explode: false");
    let source = |file, text| Source { file, text };
    let found = review(source("base.yaml", document), source("head.yaml", &head)).unwrap();
    assert_eq!(found.findings.len(), 1, "{:?}", found.findings);
    assert_eq!(found.findings[0].detail, "explode");
    assert_eq!(found.findings[0].wire, graph_client_review::Wire::None);
}

#[test]
fn a_tag_for_a_missing_type_reads_the_same_in_both_directions() {
    let with = DOCUMENT.replace(
        "          $ref: \"#/components/schemas/urgency\"\n",
        "          $ref: \"#/components/schemas/urgency\"\n      discriminator:\n        propertyName: room\n        \
         mapping: {hall: nowhere}\n",
    );
    let without = with.replace("{hall: nowhere}", "{}");
    let source = |file, text| Source { file, text };
    let there = review(source("a", &without), source("b", &with)).unwrap();
    let back = review(source("b", &with), source("a", &without)).unwrap();
    assert!(there.findings[0].to.is_some());
    assert_eq!(there.findings[0].to, back.findings[0].from);
}
