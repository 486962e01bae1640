//! Random changes of texts, the same on every machine.

/// A small random number generator (SplitMix64), the same on every machine.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed)
    }

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

/// Text that mutations insert: words of the grammar, and characters with a meaning in YAML.
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

pub(crate) fn mutate(text: &str, dice: &mut Dice) -> String {
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
                // A whole block moves.
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
