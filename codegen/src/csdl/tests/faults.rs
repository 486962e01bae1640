//! Every fault of a document is reported with its location and a remedy.

use super::*;

#[test]
fn text_that_is_not_metadata_is_refused_with_a_remedy() {
    assert_eq!(rules(""), [("empty", 1, 1)]);
    assert_eq!(rules("\u{feff}<?xml version=\"1.0\"?>"), [("empty", 1, 1)]);
    assert_eq!(rules("{\"$Version\": \"4.0\"}"), [("not-metadata", 1, 1)]);
    assert_eq!(rules("<html><body/></html>"), [("not-metadata", 1, 1)]);
    assert_eq!(rules("<Edmx/>"), [("unsupported-version", 1, 1)]);
    let old = document("").replace(
        "docs.oasis-open.org/odata/ns/edmx",
        "schemas.microsoft.com/ado/2007/06/edmx",
    );
    assert_eq!(rules(&old), [("unsupported-version", 2, 1)]);
    assert_eq!(
        rules("<?xml version=\"1.0\" encoding=\"utf-16\"?><a/>"),
        [("encoding", 1, 1)]
    );
    assert_eq!(
        rules("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>"),
        [("doctype", 1, 1)]
    );
    assert_eq!(
        rules(&(document("") + "<more/>")),
        [("several-documents", 4, 33)]
    );
}

#[test]
fn invalid_xml_is_refused_at_its_location() {
    let whole = schema(BOOK);
    let cut = &whole[..whole.find("<Action").unwrap()];
    assert_eq!(rules(cut).len(), 1);
    assert_eq!(rules(cut)[0].0, "unexpected-end");
    assert_eq!(
        rules(&whole.replace("</EnumType>", "</EnumTipe>"))[0].0,
        "syntax"
    );
    assert_eq!(
        rules(&whole.replace("Name=\"mood\"", "Name=\"mood\" Name=\"x\"")),
        [("syntax", 18, 1)]
    );
    assert_eq!(rules(&whole.replace("&amp;", "&unknown;"))[0].0, "syntax");
    assert_eq!(rules(&document("  hello")), [("unexpected-text", 3, 3)]);
    assert_eq!(
        rules(&document("<edmx:Oddity/>")),
        [("unexpected-element", 3, 1)]
    );
}

#[test]
fn an_incomplete_definition_is_refused_with_its_location() {
    let rule = |definitions: &str| {
        let rules = rules(&schema(definitions));
        assert_eq!(rules.len(), 1, "{rules:?}");
        (rules[0].0, rules[0].1)
    };
    assert_eq!(rule("<EntityType/>"), ("missing-attribute", 4));
    assert_eq!(
        rule("<ComplexType Name='a'>\n<Property Name='b'/></ComplexType>"),
        ("missing-attribute", 5)
    );
    assert_eq!(
        rule("<ComplexType Name='a' OpenType='maybe'/>"),
        ("not-a-boolean", 4)
    );
    assert_eq!(
        rule("<EnumType Name='a'><Member Name='b' Value='c'/></EnumType>"),
        ("not-a-number", 4)
    );
    assert_eq!(
        rule("<EnumType Name='a'><Member Name='b' Value='99999999999999999999'/></EnumType>"),
        ("not-a-number", 4)
    );
    assert_eq!(
        rule("<EnumType Name='a'><Member Name='b'/><Member Name='b'/></EnumType>"),
        ("duplicate-definition", 4)
    );
    assert_eq!(
        rule("<ComplexType Name='a'/>\n<EnumType Name='a'/>"),
        ("duplicate-definition", 5)
    );
    assert_eq!(
        rule(
            "<ComplexType Name='a'><Property Name='b' Type='Edm.String'/><Property Name='b' Type='Edm.Int32'/></ComplexType>"
        ),
        ("duplicate-definition", 4)
    );
    assert_eq!(
        rule("<ComplexType Name='a'><Property Name='b' Type='String'/></ComplexType>"),
        ("unqualified-name", 4)
    );
    assert_eq!(
        rule("<ComplexType Name='a'><Property Name='b' Type='slef.c'/></ComplexType>"),
        ("unknown-alias", 4)
    );
    assert_eq!(
        rule("<ComplexType Name='a'><Property Name='b' Type='Collection(self.c'/></ComplexType>"),
        ("malformed-name", 4)
    );
    assert_eq!(
        rule("<ComplexType Name='a' BaseType='self.a'/>"),
        ("base-cycle", 4)
    );
    assert_eq!(
        rule("<EntityType Name='a'/><ComplexType Name='b' BaseType='self.a'/>"),
        ("base-of-another-kind", 4)
    );
    assert_eq!(
        rule("<Action Name='a' IsBound='true'/>"),
        ("bound-to-nothing", 4)
    );
    assert_eq!(
        rule("<Annotations Target='nowhere'><Annotation Term='a.b'/></Annotations>"),
        ("unqualified-name", 4)
    );
}

#[test]
fn all_faults_of_a_document_are_reported_at_once() {
    let text = schema(
        "<ComplexType/>\n<EnumType/>\n<ComplexType Name='a'><Property Name='b' Type='c'/></ComplexType>",
    );
    assert_eq!(
        rules(&text),
        [
            ("missing-attribute", 4, 1),
            ("missing-attribute", 5, 1),
            ("unqualified-name", 6, 23)
        ]
    );
}

#[test]
fn depth_and_length_are_bounded() {
    let nested = |count: usize| {
        schema(&format!(
            "<Annotations Target='self.a'><Annotation Term='a.b'>{}{}</Annotation></Annotations>",
            "<Collection>".repeat(count),
            "</Collection>".repeat(count)
        ))
    };
    assert!(parse("a.xml", &nested(DEEPEST - 5)).is_ok());
    assert_eq!(rules(&nested(DEEPEST - 4))[0].0, "too-deep");
    assert_eq!(rules(&nested(200_000))[0].0, "too-deep");
    let unknown = schema(&format!(
        "{}{}",
        "<a xmlns='urn:a'>".repeat(200_000),
        "</a>".repeat(200_000)
    ));
    assert_eq!(rules(&unknown)[0].0, "too-deep");
    assert_eq!(rules(&" ".repeat(LONGEST + 1)), [("too-long", 1, 1)]);
    let chain: String = (0..100)
        .map(|index| {
            format!(
                "<ComplexType Name='t{index}' BaseType='self.t{}'/>",
                index + 1
            )
        })
        .collect();
    assert!(
        rules(&schema(&chain))
            .iter()
            .any(|(rule, ..)| *rule == "too-deep")
    );
}

#[test]
fn columns_count_characters_in_a_document_of_one_line() {
    let text = schema("<!-- ééé --><ComplexType Name='a' Abstract='?'/>").replace('\n', "");
    let (_, line, column) = rules(&text)[0];
    let start = text.find("<ComplexType").unwrap();
    assert_eq!((line, column), (1, text[..start].chars().count() + 1));
}

#[test]
fn no_mutation_of_a_document_makes_the_reader_panic() {
    let whole = schema(BOOK);
    let mut seed = 7_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap_or(0) % below
    };
    let pieces = [
        "<",
        ">",
        "\"",
        "/",
        "&",
        "self.",
        "Collection(",
        ")",
        "<![CDATA[",
        "]]>",
        "<!--",
        "\u{0}",
        "é",
        "Name=\"\"",
    ];
    for _ in 0..3000 {
        let mut text: Vec<char> = whole.chars().collect();
        for _ in 0..=next(3) {
            let at = next(text.len());
            match next(3) {
                0 => drop(text.splice(at..(at + next(40)).min(text.len()), [])),
                1 => drop(text.splice(at..at, pieces[next(pieces.len())].chars())),
                _ => {
                    let from = next(text.len());
                    let piece: Vec<char> = text.iter().skip(from).take(next(60)).copied().collect();
                    drop(text.splice(at..at, piece));
                }
            }
        }
        let text: String = text.into_iter().collect();
        if let Err(problems) = parse("a.xml", &text) {
            assert!(!problems.to_string().is_empty());
        }
    }
}
