//! Changes an input at random: bytes, numbers, words, lines, and parts of another input.

use fastrand::Rng;

/// Words with a meaning in JSON, YAML, OpenAPI, HTTP or the service.
const TOKENS: [&str; 56] = [
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    "0",
    "-1",
    "1e400",
    "18446744073709551615",
    "-0.0",
    "1.5",
    "\\ud83d",
    "\\u0000",
    "\u{2028}",
    "日本",
    "id",
    "ID",
    "value",
    "status",
    "active",
    "@odata.type",
    "@odata.nextLink",
    "#microsoft.graph.security.deviceEvidence",
    "0000-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-14:00",
    "type",
    "object",
    "string",
    "array",
    "integer",
    "$ref",
    "allOf",
    "oneOf",
    "enum",
    "items",
    "properties",
    "required",
    "nullable",
    "discriminator",
    "additionalProperties",
    "\"#/components/schemas/Thing\"",
    "'",
    "''",
    "%2e%2e",
    "%00",
    "/",
    "..",
    "$filter",
    " eq ",
    "(",
    "\r\n",
    "\r\n\r\n",
    "Retry-After: 9300000000000000000",
    "Content-Length: 5",
    "Transfer-Encoding: chunked",
    "429",
];

/// The longest input that mutations produce.
const LONGEST: usize = 64 * 1024;

/// Returns an input that differs in up to four places.
pub(crate) fn mutate(input: &[u8], other: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..random.usize(1..=4) {
        step(&mut bytes, other, random);
        bytes.truncate(LONGEST);
    }
    bytes
}

fn step(bytes: &mut Vec<u8>, other: &[u8], random: &mut Rng) {
    let at = random.usize(..=bytes.len());
    let end = (at + random.usize(..16)).min(bytes.len());
    let token = TOKENS[random.usize(..TOKENS.len())].as_bytes();
    match random.u8(..10) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.u8(..8),
        1 if at < bytes.len() => bytes[at] = random.u8(..),
        2 => bytes.insert(at, b"{}[]:,\"'\\\0 \n#&*-/%"[random.usize(..18)]),
        3 => drop(bytes.drain(at..end)),
        4 => drop(bytes.splice(at..at, token.iter().copied())),
        5 => drop(bytes.splice(word(bytes, at), token.iter().copied())),
        6 => {
            let part = other[word(other, random.usize(..=other.len()))].to_vec();
            drop(bytes.splice(word(bytes, at), part));
        }
        7 => {
            let line = line(bytes, at);
            let copy = bytes[line.clone()].to_vec();
            let place = self::line(bytes, random.usize(..=bytes.len())).start;
            if random.bool() {
                bytes.splice(place..place, copy);
            } else {
                bytes.drain(line);
            }
        }
        8 => {
            let from = random.usize(..=other.len());
            let to = (from + random.usize(..64)).min(other.len());
            bytes.splice(at..end, other[from..to].iter().copied());
        }
        _ => bytes.truncate(at),
    }
}

/// The letters and digits around a place.
fn word(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    around(bytes, at, |byte| {
        byte.is_ascii_alphanumeric() || b"$@._-".contains(&byte)
    })
}

/// The line around a place, with the line feed at its end.
fn line(bytes: &[u8], at: usize) -> std::ops::Range<usize> {
    let range = around(bytes, at, |byte| byte != b'\n');
    range.start..(range.end + 1).min(bytes.len())
}

fn around(bytes: &[u8], at: usize, belongs: fn(u8) -> bool) -> std::ops::Range<usize> {
    let before = bytes[..at].iter().rev().take_while(|byte| belongs(**byte));
    let after = bytes[at..].iter().take_while(|byte| belongs(**byte));
    at - before.count()..at + after.count()
}
