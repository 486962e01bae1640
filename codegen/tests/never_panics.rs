//! The generator's answer to any text is code or problems with a place: never a panic, and nothing on the console.

#![allow(missing_docs, reason = "a test is documented by its name")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};

use graph_client_codegen::{Settings, generate};

const TICKETS: &str = include_str!("fragments/tickets.yaml");
const MICROSOFT: &str = include_str!("fragments/microsoft.yaml");
const INCIDENTS: &str = include_str!("../../spec/incidents.yaml");

/// How many mutations of each text are tried; `MUTATIONS=20000 cargo test --release --test never_panics` tries more.
fn mutations() -> u64 {
    let wanted = std::env::var("MUTATIONS").ok();
    wanted.and_then(|count| count.parse().ok()).unwrap_or(300)
}

/// Generates, and checks that what comes back is an answer. The text is shown if it is not.
fn answer(text: &str) -> Result<(), String> {
    let settings = Settings::for_description("cargo build");
    let answer = catch_unwind(AssertUnwindSafe(|| {
        generate("mutant.yaml", text, &settings)
    }))
    .map_err(|_| "it panicked".to_owned())?;
    let Err(problems) = answer else {
        return Ok(());
    };
    if problems.is_empty() {
        return Err("it failed without a problem".to_owned());
    }
    for problem in &problems {
        if problem.position.is_none() {
            return Err(format!("a problem has no place:\n{problems}"));
        }
        if problem.help.contains("defect of the generator") {
            return Err(format!("the generator blames itself:\n{problems}"));
        }
    }
    Ok(())
}

#[track_caller]
fn assert_answer(text: &str) {
    if let Err(reason) = answer(text) {
        panic!("{reason}\n--- in:\n{text}");
    }
}

/// A small generator of numbers that are the same on every machine (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        (mixed % sides.max(1) as u64) as usize
    }

    fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.roll(from.len())]
    }
}

/// What mutations put into a text: words of the grammar, and characters that have a meaning in YAML.
const TOKENS: [&str; 45] = [
    "type",
    "object",
    "string",
    "array",
    "integer",
    "null",
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
    "enum",
    "items",
    "properties",
    "required",
    "discriminator",
    "mapping",
    "nullable",
    "true",
    "false",
    "in",
    "path",
    "query",
    "header",
    "\"#/components/schemas/Ticket\"",
    "\"#/components/schemas/TicketCollection\"",
    "\"#/components/schemas/Attachment\"",
    "schema",
    "content",
    "responses",
    "parameters",
    "additionalProperties",
    "format",
    "int64",
    "value",
    "Self",
    "String",
    "[]",
    "{}",
    "~",
    "0",
    "-1",
    "1e999",
    "日本",
    "\"\"",
    "@odata.type",
];

fn mutate(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(lines.len());
        let other = dice.roll(lines.len());
        match dice.roll(11) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[other].clone()),
            2 => lines.swap(at, other),
            3 => {
                let line = lines.remove(at);
                lines.insert(other.min(lines.len()), line);
            }
            4 => lines[at] = format!("  {}", lines[at]),
            5 => {
                lines[at] = lines[at]
                    .strip_prefix("  ")
                    .unwrap_or(&lines[at])
                    .to_owned()
            }
            6 => lines[at] = replace_word(&lines[at], dice.pick(&TOKENS), dice),
            7 => {
                let word = words(&lines[other])
                    .first()
                    .map_or("type", |(_, word)| *word)
                    .to_owned();
                lines[at] = replace_word(&lines[at], &word, dice);
            }
            8 => lines[at] = change_character(&lines[at], dice),
            9 => {
                let indent: String = lines[at].chars().take_while(|c| *c == ' ').collect();
                let line = format!("{indent}{}: {}", dice.pick(&TOKENS), dice.pick(&TOKENS));
                lines.insert(at, line);
            }
            _ => {
                // A whole block goes elsewhere.
                let end = (at + 1 + dice.roll(8)).min(lines.len());
                let block: Vec<String> = lines.drain(at..end).collect();
                let place = dice.roll(lines.len() + 1);
                lines.splice(place..place, block);
            }
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
    }
    lines.join("\n")
}

fn words(line: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut rest = 0;
    for word in line.split(|c: char| c.is_whitespace() || "{}[],:".contains(c)) {
        if !word.is_empty() {
            words.push((rest, word));
        }
        rest += word.len()
            + line[rest + word.len()..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
    }
    words
}

fn replace_word(line: &str, by: &str, dice: &mut Dice) -> String {
    let words = words(line);
    if words.is_empty() {
        return format!("{line}{by}");
    }
    let (start, word) = words[dice.roll(words.len())];
    format!("{}{by}{}", &line[..start], &line[start + word.len()..])
}

fn change_character(line: &str, dice: &mut Dice) -> String {
    let mut characters: Vec<char> = line.chars().collect();
    let new = [
        'a', 'Z', '0', ' ', ':', '-', '{', '}', '[', ']', '"', '\'', '#', '&', '*', '!', '|', '>',
        '%', '@', '\t', '\\', 'é', '\u{0}', '\u{2028}',
    ];
    let new = new[dice.roll(new.len())];
    let at = dice.roll(characters.len() + 1);
    match dice.roll(3) {
        0 => characters.insert(at, new),
        1 if at < characters.len() => characters[at] = new,
        _ if at < characters.len() => drop(characters.remove(at)),
        _ => characters.push(new),
    }
    characters.into_iter().collect()
}

fn survives(text: &str, seed: u64, count: u64) {
    for number in 0..count {
        let mut dice = Dice(seed.wrapping_mul(1_000_003).wrapping_add(number));
        let mutant = mutate(text, &mut dice);
        if let Err(reason) = answer(&mutant) {
            let path = std::env::temp_dir().join(format!("mutant-{seed}-{number}.yaml"));
            let _ = std::fs::write(&path, &mutant);
            panic!(
                "mutation {number} of seed {seed}: {reason}\n--- the text is in {}",
                path.display()
            );
        }
    }
}

#[test]
fn mutations_of_a_small_fragment_are_answered() {
    survives(TICKETS, 1, mutations());
}

#[test]
fn mutations_of_microsofts_flavour_are_answered() {
    survives(MICROSOFT, 2, mutations());
}

#[test]
fn mutations_of_the_fragment_are_answered() {
    survives(INCIDENTS, 3, mutations() / 6);
}

#[test]
fn every_beginning_of_a_fragment_is_answered() {
    let step = 1 + TICKETS.len() / mutations() as usize;
    for end in (0..TICKETS.len())
        .step_by(step)
        .filter(|end| TICKETS.is_char_boundary(*end))
    {
        assert_answer(&TICKETS[..end]);
    }
}

/// Documents that have broken generators before: each has to be refused, by the rule that is about it.
#[test]
fn known_traps_are_refused_by_their_rule() {
    let traps = [
        (
            "cycle of aliases",
            "reference-cycle",
            "    ErrorResponse:\n",
            "    A: {$ref: \"#/components/schemas/B\"}\n    B: {$ref: \"#/components/schemas/A\"}\n    ErrorResponse:\n",
        ),
        (
            "list of itself",
            "reference-cycle",
            "    ErrorResponse:\n",
            "    A: {type: array, items: {$ref: \"#/components/schemas/A\"}}\n    ErrorResponse:\n",
        ),
        (
            "base of itself",
            "inheritance-cycle",
            "      description: Something that belongs to a ticket.\n",
            "      allOf: [{$ref: \"#/components/schemas/Attachment\"}]\n",
        ),
        (
            "two types of success",
            "several-successes",
            "        \"204\":\n",
            "        \"200\": {description: a, content: {application/json: {schema: {type: object}}}}\n        \"204\":\n",
        ),
        (
            "unknown type",
            "unknown-type",
            "url: {type: string}",
            "url: {type: strin}",
        ),
        (
            "dangling reference",
            "dangling-reference",
            "schemas/TicketUpdate\"",
            "schemas/TicketUpdat\"",
        ),
        (
            "optional path parameter",
            "optional-path-parameter",
            "        required: true\n        schema: {type: string}",
            "        required: false\n        schema: {type: string}",
        ),
        (
            "undeclared path parameter",
            "path-parameter",
            "- name: ticketId",
            "- name: other",
        ),
        (
            "two media types",
            "unsupported-media-type",
            "          application/json:\n            schema: {$ref: \"#/components/schemas/TicketUpdate\"}",
            "          application/json: {schema: {type: object}}\n          text/xml: {schema: {type: object}}",
        ),
        ("empty enum", "uninhabited", "[open, done, cancelled]", "[]"),
        (
            "text and object",
            "uninhabited",
            "        - type: object\n          properties:\n            url",
            "        - type: string\n          properties:\n            url",
        ),
        (
            "cookie",
            "unsupported-parameter",
            "          in: header",
            "          in: cookie",
        ),
        (
            "no id",
            "missing-operation-id",
            "      operationId: getTicket\n",
            "",
        ),
        (
            "another OpenAPI",
            "unsupported-version",
            "openapi: 3.0.3",
            "openapi: 4.0.0",
        ),
        (
            "header that is none",
            "header-name",
            "- name: If-Match",
            "- name: \"If Match\\n\"",
        ),
    ];
    for (name, rule, from, to) in traps {
        assert!(
            TICKETS.contains(from),
            "{name}: {from:?} is not in the fragment"
        );
        let text = TICKETS.replacen(from, to, 1);
        // In somebody else's description some of these are left out with a warning.
        let mut settings = Settings::for_description("cargo build");
        settings.leave_out = false;
        let problems = generate("trap.yaml", &text, &settings).map(drop);
        let problems = problems.expect_err(name);
        assert!(
            problems.iter().any(|problem| problem.rule == rule),
            "{name}: {problems}"
        );
        assert_answer(&text);
    }
}

/// Names, versions and texts that are unusual and allowed.
#[test]
fn unusual_names_and_texts_are_generated_from() {
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
        let answer = generate(
            "unusual.yaml",
            &text,
            &Settings::for_description("cargo build"),
        );
        if let Err(problems) = answer {
            panic!("{to:?}: {problems}");
        }
    }
}

/// Chains of schemas that are long, and chains that are too long.
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
    assert_answer(&used);
}

#[test]
fn names_that_become_one_get_a_second_one() {
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
