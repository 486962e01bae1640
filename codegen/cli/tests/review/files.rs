//! Descriptions in several files, and folders of descriptions.

use crate::checkout::Checkout;

const MAIN: &str = "openapi: 3.0.3
info: {title: Trains, version: '1'}
paths:
  /trains:
    get:
      operationId: list_trains
      responses:
        '200':
          description: The trains
          content:
            application/json:
              schema: {$ref: 'parts/train.yaml#/Train'}
";

const PART: &str = "Train:
  type: object
  properties:
    seats: {type: integer}
    wagon: {$ref: './wagon.yaml#/Wagon'}
";

const WAGON: &str = "Wagon: {type: object, properties: {weight: {type: number}}}\n";

fn trains(checkout: &Checkout, folder: &str, part: &str) -> String {
    checkout.write(&format!("{folder}/main.yaml"), MAIN);
    checkout.write(&format!("{folder}/parts/train.yaml"), part);
    checkout.write(&format!("{folder}/parts/wagon.yaml"), WAGON);
    let path = checkout.path(&format!("{folder}/main.yaml"));
    path.to_str().unwrap().to_owned()
}

#[test]
fn parts_in_other_files_are_compared_and_located_there() {
    let checkout = Checkout::new();
    let base = trains(&checkout, "old", PART);
    let head = trains(&checkout, "new", &PART.replace("integer", "string"));
    let document = checkout.json(&["--base", &base, "--head", &head]);
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0]["kind"], "property-type-changed");
    assert_eq!(findings[0]["at"]["line"], 4);
    let file = findings[0]["at"]["file"].as_str().unwrap();
    assert!(file.ends_with("new/parts/train.yaml"), "{file}");
    assert_eq!(
        findings[0]["at"]["pointer"],
        "#/Train/properties/seats/type"
    );
    let same = checkout.json(&["--base", &base, "--head", &base]);
    assert_eq!(same["findings"], serde_json::json!([]));
}

#[test]
fn both_sides_can_be_revisions_with_several_files() {
    let checkout = Checkout::new();
    checkout.write("spec/incidents.yaml", MAIN);
    checkout.write("spec/parts/train.yaml", PART);
    checkout.write("spec/parts/wagon.yaml", WAGON);
    checkout.commit("in files");
    checkout.write("spec/parts/wagon.yaml", &WAGON.replace("number", "string"));
    checkout.commit("another weight");
    let document = checkout.json(&["--base", "HEAD~1", "--head", "HEAD"]);
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let file = findings[0]["at"]["file"].as_str().unwrap();
    assert!(file.ends_with("spec/parts/wagon.yaml"), "{file}");
}

#[test]
fn a_missing_file_is_reported_at_its_reference() {
    let checkout = Checkout::new();
    let base = trains(&checkout, "old", PART);
    checkout.write("new/main.yaml", MAIN);
    let head = checkout.path("new/main.yaml");
    let message = checkout
        .review(&["--base", &base, "--head", head.to_str().unwrap()])
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("parts/train.yaml#/Train` cannot be read"),
        "{message}"
    );
    assert!(message.contains("main.yaml:12:"), "{message}");
}

#[test]
fn folders_are_compared_file_by_file() {
    let checkout = Checkout::new();
    trains(&checkout, "old", PART);
    trains(&checkout, "new", &PART.replace("integer", "string"));
    checkout.write(
        "new/second.yaml",
        &MAIN
            .replace("parts/train.yaml#/Train", "#/components/schemas/A")
            .replace(
                "paths:",
                "components: {schemas: {A: {type: object}}}\npaths:",
            ),
    );
    let (old, new) = (checkout.path("old"), checkout.path("new"));
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let document = checkout.json(&["--base", old, "--head", new]);
    assert_eq!(document["verdict"], "major");
    let documents = document["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 2, "{documents:#?}");
    assert_eq!(
        documents[0]["review"]["findings"].as_array().unwrap().len(),
        1
    );
    assert_eq!(documents[1]["status"], "added");
    let text = checkout.report(&["--base", old, "--head", new]);
    assert!(text.ends_with("2 descriptions in all: major\n"), "{text}");
}
