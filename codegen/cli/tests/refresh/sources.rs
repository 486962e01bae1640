//! If Microsoft's description and the metadata disagree, both are reported.

use crate::support::Library;

const DESCRIPTION: &str = r##"openapi: 3.0.1
info: {title: Library, version: v1.0}
paths:
  /books:
    get: {operationId: b_ListBooks, responses: {default: {description: x}}}
    post: {operationId: b_CreateBooks, responses: {default: {description: x}}}
  /books/{book-id}:
    get: {operationId: b_GetBooks, responses: {default: {description: x}}}
    patch: {operationId: b_UpdateBooks, responses: {default: {description: x}}}
  /shelves:
    get: {operationId: s_ListShelves, responses: {default: {description: x}}}
components:
  schemas:
    library.thing: {type: object, properties: {id: {type: string}}}
    library.book:
      allOf:
        - $ref: "#/components/schemas/library.thing"
        - type: object
          properties:
            pages: {type: number, format: int64, nullable: true}
            parts: {type: array, items: {$ref: "#/components/schemas/library.part"}}
            mood: {$ref: "#/components/schemas/library.mood"}
            smell: {type: string}
    library.part: {type: object, properties: {title: {type: string}}}
    library.mood: {type: string, enum: [glad, unknownFutureValue, angry]}
"##;

fn library() -> Library {
    let library = Library::new();
    library.write("library.yml", DESCRIPTION);
    library
}

#[test]
fn each_contradiction_is_reported_with_both_sources() {
    let mut found = library().findings(&["--description", "library.yml"]);
    found.sort();
    assert_eq!(
        found,
        [
            "operation-added POST /books: - -> -",
            "operation-removed POST /books/library.lend: - -> -",
            "sources-disagree library.book/pages: metadata: integer (int32) -> description: integer (int64)",
            "sources-disagree library.book/smell: metadata: lacks it -> description: has it",
            "sources-disagree library.mood/angry: metadata: lacks it -> description: has it",
            "sources-disagree library.mood/sad: metadata: has it -> description: lacks it",
            "sources-disagree library.part/title: metadata: may be null -> description: never null",
        ]
    );
}

#[test]
fn a_decision_about_the_description_is_kept_until_both_agree() {
    let library = library();
    library.keep(&[
        "{what: sources-disagree library.book/smell, source: description}",
        "{what: operation-added POST /books, source: description}",
        "{what: sources-disagree library.book/mood, source: description}",
    ]);
    let found = library.findings(&["--description", "library.yml"]);
    assert_eq!(found.len(), 6, "{found:#?}");
    assert!(found.iter().any(|line| {
        line.starts_with("decision-expired one-name: sources-disagree library.book/mood")
    }));
    // Without the description nothing is known about it.
    assert_eq!(library.findings(&[]), Vec::<String>::new());
}
