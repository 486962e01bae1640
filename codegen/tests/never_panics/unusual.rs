//! Unusual but valid documents, and chains of schemas.

use graph_client_codegen::{Settings, generate};

use super::{TICKETS, assert_outcome};

/// Unusual but valid names, versions and texts.
#[test]
fn unusual_names_and_texts_are_supported() {
    for (from, to) in [
        ("version: \"1\"", "version: \"ü 1\\n\""),
        ("title: Tickets", "title: \"\\\" \\\\ */ //! 日本\""),
        (
            "title: {type: string, nullable: true, description: What it is about.}",
            "type: {type: string, description: \"```\\n<b> [x] https://example.com\"}",
        ),
        (
            "title: {type: string, nullable: true, description: What it is about.}",
            "self: {type: object, properties: {a: {$ref: \"#/components/schemas/Ticket\"}}}",
        ),
        (
            "title: {type: string, nullable: true, description: What it is about.}",
            "mother: {$ref: \"#/components/schemas/Ticket\"}",
        ),
        (
            "size: {type: integer, format: int64}",
            "base: {type: integer, format: int64}",
        ),
        ("name: $filter", "name: url"),
        ("name: $filter", "name: request"),
        ("name: $filter", "name: client"),
        ("name: $filter", "name: \"größe[]\""),
        ("operationId: countTickets", "operationId: self"),
        ("operationId: countTickets", "operationId: \"1\""),
        (
            "    ErrorResponse:\n",
            "    Option: {type: object, properties: {a: {type: string}}}\n    ErrorResponse:\n",
        ),
        ("        - $ref: \"#/components/parameters/Filter\"\n", ""),
        (
            "            url: {type: string}\n",
            "            url: {type: array, items: {type: array, items: {type: array, items: {}}}}\n",
        ),
        ("            url: {type: string}\n", "            url: {}\n"),
    ] {
        assert!(TICKETS.contains(from), "{from:?} is not in the fragment");
        let text = TICKETS.replacen(from, to, 1);
        let generated = generate(
            "unusual.yaml",
            &text,
            &Settings::for_description("cargo build"),
        );
        if let Err(problems) = generated {
            panic!("{to:?}: {problems}");
        }
    }
}

/// Chains of schemas, some of them too long.
#[test]
fn long_chains_neither_overflow_nor_stall() {
    let chain = |count: usize, link: fn(usize) -> String| {
        let links: String = (1..=count)
            .map(|index| format!("    A{index}: {}\n", link(index)))
            .collect();
        let last = format!(
            "    A{}: {{type: object, properties: {{a: {{type: string}}}}}}\n",
            count + 1
        );
        TICKETS.replacen(
            "    ErrorResponse:\n",
            &format!("{links}{last}    ErrorResponse:\n"),
            1,
        )
    };
    let property = |index| {
        format!(
            "{{type: object, properties: {{b: {{$ref: \"#/components/schemas/A{}\"}}}}}}",
            index + 1
        )
    };
    let list = |index| {
        format!(
            "{{type: array, items: {{$ref: \"#/components/schemas/A{}\"}}}}",
            index + 1
        )
    };
    let base = |index| {
        let base = format!("$ref: \"#/components/schemas/A{}\"", index + 1);
        format!(
            "{{allOf: [{{{base}}}, {{type: object, properties: {{a{index}: {{type: string}}}}}}]}}"
        )
    };
    let generated = |text: &str| {
        generate(
            "chain.yaml",
            text,
            &Settings::for_description("cargo build"),
        )
        .map(drop)
    };
    assert!(generated(&chain(40, property)).is_ok());
    assert!(generated(&chain(10, base)).is_ok());
    assert!(generated(&chain(500, base)).is_err());
    assert!(generated(&chain(500, list)).is_ok(), "nobody uses them");
    let used = chain(500, list).replacen(
        "url: {type: string}",
        "url: {$ref: \"#/components/schemas/A1\"}",
        1,
    );
    assert!(generated(&used).is_err());
    assert_outcome(&used);
}

#[test]
fn names_that_become_equal_are_numbered() {
    let text = TICKETS
        .replacen("[open, done, cancelled]", "[open, done, Done, cancelled]", 1)
        .replacen(
            "    ErrorResponse:\n",
            "    fooBar: {type: object, properties: {a: {type: string}}}\n    foo_bar: {type: object, properties: {a: {type: string}}}\n    ErrorResponse:\n",
            1,
        );
    let settings = Settings::for_description("cargo build");
    let generated = generate("names.yaml", &text, &settings).unwrap();
    let surface = generated.plan().surface();
    for line in [
        "TicketStatus::Done",
        "TicketStatus::Done2",
        "pub struct FooBar",
        "pub struct FooBar2",
    ] {
        assert!(
            surface.lines().any(|known| known == line),
            "{line} is not in:\n{surface}"
        );
    }
}

/// Each type is composed of all four types of the next level, so that 4^12 paths lead to the last one.
#[test]
fn many_paths_to_one_type_are_walked_once() {
    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: Ways, version: \"1\"}\npaths:\n  /x: {get: {operationId: getX, responses: {\"200\": {description: d, content: {application/json: {schema: {$ref: \"#/components/schemas/S0x0\"}}}}}}}\ncomponents:\n  schemas:\n",
    );
    for level in 0..12 {
        for place in 0..4 {
            let next = (0..4)
                .map(|next| format!("{{$ref: \"#/components/schemas/S{}x{next}\"}}", level + 1));
            let parts = match level {
                11 => "{properties: {a: {type: string}}}".to_owned(),
                _ => next.collect::<Vec<_>>().join(", "),
            };
            text.push_str(&format!("    S{level}x{place}: {{allOf: [{parts}]}}\n"));
        }
    }
    let started = std::time::Instant::now();
    assert_outcome(&text);
    assert!(
        started.elapsed() < std::time::Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
}
