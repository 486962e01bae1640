//! Rust names for the names of a fragment: short, readable, and never a keyword or a name that generated code needs.
//!
//! A name consists of the ASCII letters and digits of the original; [`crate::lint`] refuses a name without any, and two
//! names that become equal.

mod taken;

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

use taken::{KEYWORDS, TAKEN_FIELDS, TAKEN_METHODS, TAKEN_PARAMETERS, TAKEN_TYPES, TAKEN_VARIANTS};

/// Returns the Rust type of a schema: the last part of a dotted name.
///
/// ```
/// use graph_client_codegen::names::type_name;
///
/// assert_eq!(type_name("microsoft.graph.security.incident"), "Incident");
/// assert_eq!(type_name("ioTDeviceEvidence"), "IoTDeviceEvidence");
/// assert_eq!(type_name("result"), "ResultValue");
/// ```
#[must_use]
pub fn type_name(name: &str) -> String {
    type_name_of(name, 1)
}

/// Returns the Rust types of schemas: as short as [`type_name`], longer only if two would be equal.
///
/// ```
/// use graph_client_codegen::names::type_names;
///
/// let names = type_names(["microsoft.graph.alert", "microsoft.graph.security.alert", "microsoft.graph.user"]);
/// assert_eq!(names["microsoft.graph.security.alert"], "SecurityAlert");
/// assert_eq!(names["microsoft.graph.alert"], "GraphAlert");
/// assert_eq!(names["microsoft.graph.user"], "User");
/// ```
#[must_use]
pub fn type_names<'n>(names: impl IntoIterator<Item = &'n str>) -> BTreeMap<String, String> {
    shortest_that_differ(names, |name, parts| {
        (parts <= name.split('.').count()).then(|| type_name_of(name, parts))
    })
}

/// Returns the Rust method of an operation.
///
/// Microsoft's ids have the resource before the verb, as in `security.incident_ListAlert`. The method has the verb
/// first, and omits the module, which all operations share.
///
/// ```
/// use graph_client_codegen::names::method_name;
///
/// assert_eq!(method_name("updateIncident"), "update_incident");
/// assert_eq!(method_name("security_UpdateIncident"), "update_incident");
/// assert_eq!(method_name("security.incident_ListAlert"), "list_incident_alert");
/// assert_eq!(method_name("security.incident.alert_GetCount"), "get_incident_alert_count");
/// ```
#[must_use]
pub fn method_name(id: &str) -> String {
    method_name_of(id, 1).unwrap_or_default()
}

/// Returns the Rust methods of operations: as short as [`method_name`], longer only if two would be equal.
///
/// ```
/// use graph_client_codegen::names::method_names;
///
/// let names = method_names(["security_ListAlert", "print_ListAlert", "security_GetAlert"]);
/// assert_eq!(names["security_ListAlert"], "list_security_alert");
/// assert_eq!(names["print_ListAlert"], "list_print_alert");
/// assert_eq!(names["security_GetAlert"], "get_alert");
/// ```
#[must_use]
pub fn method_names<'n>(ids: impl IntoIterator<Item = &'n str>) -> BTreeMap<String, String> {
    shortest_that_differ(ids, method_name_of)
}

/// Returns the Rust field of a property: `@odata.type` → `odata_type`, `type` → `type_`.
#[must_use]
pub fn field_name(name: &str) -> String {
    let field = snake(name);
    match KEYWORDS.contains(&field.as_str()) || TAKEN_FIELDS.contains(&field.as_str()) {
        true => format!("{field}_"),
        false => field,
    }
}

/// Returns the Rust argument or method of a parameter: `$filter` → `filter`.
///
/// A name that the request itself uses gets an additional word, because progenitor drops a trailing underscore.
#[must_use]
pub fn parameter_name(name: &str) -> String {
    let parameter = snake(name);
    if TAKEN_PARAMETERS.contains(&parameter.as_str()) {
        return format!("{parameter}_value");
    }
    match KEYWORDS.contains(&parameter.as_str()) {
        true => format!("{parameter}_"),
        false => parameter,
    }
}

/// Returns the Rust variant of an enumeration's member: `truePositive` → `TruePositive`, `10.5` → `N10_5`, `-INF` →
/// `MinusInf`.
#[must_use]
pub fn variant_name(value: &str) -> String {
    let (sign, unsigned) = match (value.strip_prefix('-'), value.strip_prefix('+')) {
        (Some(rest), _) => ("minus ", rest),
        (_, Some(rest)) => ("plus ", rest),
        _ => ("", value),
    };
    let mut variant = String::new();
    let words = ascii(&format!("{sign}{unsigned}")).to_snake_case();
    for word in words.split('_') {
        let between_digits = variant.ends_with(|last: char| last.is_ascii_digit())
            && word.starts_with(|first: char| first.is_ascii_digit());
        if between_digits {
            variant.push('_');
        }
        variant.push_str(&word.to_upper_camel_case());
    }
    let variant = after_letter(variant, "N");
    match TAKEN_VARIANTS.contains(&variant.as_str()) {
        true => format!("{variant}Value"),
        false => variant,
    }
}

/// Whether a name contains a letter or digit for a Rust name.
#[must_use]
pub fn is_usable(name: &str) -> bool {
    name.contains(|c: char| c.is_ascii_alphanumeric())
}

/// The shortest unique name for each, among its candidates from short to long.
fn shortest_that_differ<'n>(
    names: impl IntoIterator<Item = &'n str>,
    candidate: impl Fn(&str, usize) -> Option<String>,
) -> BTreeMap<String, String> {
    let mut chosen: BTreeMap<String, (usize, String)> = names
        .into_iter()
        .map(|name| (name.to_owned(), (1, candidate(name, 1).unwrap_or_default())))
        .collect();
    loop {
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, short) in chosen.values() {
            *uses.entry(short).or_default() += 1;
        }
        let longer: Vec<(String, usize, String)> = chosen
            .iter()
            .filter(|(_, (_, short))| uses.get(short.as_str()).is_some_and(|uses| *uses > 1))
            .filter_map(|(name, (length, _))| {
                Some((name.clone(), length + 1, candidate(name, length + 1)?))
            })
            .collect();
        if longer.is_empty() {
            return numbered(chosen.into_iter().map(|(name, (_, short))| (name, short)));
        }
        for (name, length, short) in longer {
            chosen.insert(name, (length, short));
        }
    }
}

/// Appends a number to equal names, in their order.
fn numbered(names: impl Iterator<Item = (String, String)>) -> BTreeMap<String, String> {
    let names: Vec<(String, String)> = names.collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut all = BTreeMap::new();
    for (name, short) in names {
        let separator = if short.contains('_') || short.starts_with(|c: char| c.is_lowercase()) {
            "_"
        } else {
            ""
        };
        let candidates = (2..).map(|number| format!("{short}{separator}{number}"));
        let free = std::iter::once(short.clone())
            .chain(candidates)
            .find(|candidate| !taken.contains(candidate));
        let free = free.unwrap_or(short);
        taken.insert(free.clone());
        all.insert(name, free);
    }
    all
}

/// A type name from the last parts of a dotted name.
fn type_name_of(name: &str, parts: usize) -> String {
    let all: Vec<&str> = name.split('.').collect();
    let last = all.get(all.len().saturating_sub(parts)..).unwrap_or(&all);
    let mut camel = ascii(&last.join(" ")).to_upper_camel_case();
    // Beside digits and single letters, the conversion must be repeated until nothing changes.
    for _ in 0..4 {
        if is_settled(&camel) {
            break;
        }
        camel = camel.to_upper_camel_case();
    }
    let camel = after_letter(camel, "N");
    // Macros and generic functions use single letters for their types.
    match camel.len() == 1 || TAKEN_TYPES.contains(&camel.as_str()) {
        true => format!("{camel}Value"),
        false => camel,
    }
}

/// Whether a name consists of words that start with a capital and continue in lower case: no conversion changes such a
/// name, and nearly all names are like that.
fn is_settled(camel: &str) -> bool {
    let mut before = None;
    camel.bytes().all(|byte| match before.replace(byte) {
        None => byte.is_ascii_uppercase(),
        Some(b'A'..=b'Z') => byte.is_ascii_lowercase(),
        Some(_) => byte.is_ascii_alphabetic(),
    }) && !before.is_some_and(|last| last.is_ascii_uppercase())
}

/// A method name from some of the words of the id: first without its module, then with it, then with all words in
/// order.
fn method_name_of(id: &str, length: usize) -> Option<String> {
    let whole = snake(id);
    let short = match (length, place_and_deed(id)) {
        (1, Some((place, deed))) => {
            let rest = place.split_once('.').map_or("", |(_, rest)| rest);
            deed_first(rest, deed)
        }
        (2, Some((place, deed))) => deed_first(place, deed),
        (1, None) => whole,
        (3, Some(_)) => whole,
        _ => return None,
    };
    let short = after_letter(short, "n");
    Some(
        match KEYWORDS.contains(&short.as_str()) || TAKEN_METHODS.contains(&short.as_str()) {
            true => format!("{short}_operation"),
            false => short,
        },
    )
}

/// `security.incident` and `ListAlert` of `security.incident_ListAlert`, if the id has that form.
fn place_and_deed(id: &str) -> Option<(&str, &str)> {
    let (place, deed) = match id.split_once('_') {
        Some((place, deed)) => (place, deed),
        None => id.rsplit_once('.')?,
    };
    let is_form = place.contains('.') || deed.starts_with(|first: char| first.is_ascii_uppercase());
    (is_form && is_usable(deed)).then_some((place, deed))
}

/// `list_incident_alert` from `incident` and `ListAlert`.
fn deed_first(place: &str, deed: &str) -> String {
    let (place, deed) = (ascii(place).to_snake_case(), snake(deed));
    let (verb, object) = deed.split_once('_').unwrap_or((&deed, ""));
    // `alert_updateAlert` names the alert twice.
    let repeated = object.split('_').next().unwrap_or_default();
    let place = match place.strip_suffix(repeated) {
        Some(rest) if rest.is_empty() || rest.ends_with('_') => rest.trim_end_matches('_'),
        _ => &place,
    };
    [verb, place, object]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

fn snake(name: &str) -> String {
    after_letter(ascii(&whole_words(&signed(name))).to_snake_case(), "n")
}

/// `+1` and `-1` must become two names.
fn signed(name: &str) -> String {
    let is_number = |rest: &str| rest.starts_with(|first: char| first.is_ascii_digit());
    match (name.strip_prefix('+'), name.strip_prefix('-')) {
        (Some(rest), _) if is_number(rest) => format!("plus {rest}"),
        (_, Some(rest)) if is_number(rest) => format!("minus {rest}"),
        _ => name.to_owned(),
    }
}

/// Keeps words together that a case conversion would split: `externalIPs` means external IPs, `ioTHub` an IoT hub.
fn whole_words(name: &str) -> String {
    let letters: Vec<char> = name
        .replace("ioT", "iot")
        .replace("IoT", "Iot")
        .chars()
        .collect();
    let is_upper = |index: usize| letters.get(index).is_some_and(char::is_ascii_uppercase);
    let mut words = String::with_capacity(name.len());
    for (index, letter) in letters.iter().enumerate() {
        let next_is_plural = letters.get(index + 1) == Some(&'s')
            && letters
                .get(index + 2)
                .is_none_or(|after| !after.is_ascii_lowercase());
        let ends_acronym = index > 0 && is_upper(index - 1) && is_upper(index) && next_is_plural;
        match ends_acronym {
            true => words.push(letter.to_ascii_lowercase()),
            false => words.push(*letter),
        }
    }
    words
}

/// Characters other than ASCII letters and digits separate words.
fn ascii(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric(), " ")
}

/// A name must neither start with a digit nor be empty.
fn after_letter(name: String, letter: &str) -> String {
    match name.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => name,
        _ => format!("{letter}{name}"),
    }
}

#[cfg(test)]
mod tests;
