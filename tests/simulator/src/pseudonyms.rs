//! Replaces the names of people consistently: a person has the same replacement everywhere.

use std::collections::BTreeMap;

use serde_json::Value;

/// The properties that name a person, whatever they contain.
const PERSONAL: [&str; 14] = [
    "assignedTo",
    "accountName",
    "createdByDisplayName",
    "createdBy",
    "userPrincipalName",
    "upn",
    "emailAddress",
    "email",
    "primaryAddress",
    "mailboxPrimaryAddress",
    "recipientEmailAddress",
    "submitter",
    "login",
    "mail",
];

/// The replacement of each person.
#[derive(Default)]
pub(crate) struct Pseudonyms {
    names: BTreeMap<String, String>,
}

impl Pseudonyms {
    /// Records the people in a JSON value.
    pub(crate) fn learn(&mut self, value: &Value) {
        match value {
            Value::Object(object) => {
                let is_account = object.contains_key("accountName")
                    || object.contains_key("userPrincipalName")
                    || object.contains_key("upn");
                for (name, value) in object {
                    match value {
                        Value::String(text)
                            if PERSONAL.contains(&name.as_str())
                                || (is_account && name == "displayName") =>
                        {
                            self.add(text);
                        }
                        other => self.learn(other),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::String(text) => self.learn_text(text),
            _ => {}
        }
    }

    /// Records the mail addresses in a text.
    pub(crate) fn learn_text(&mut self, text: &str) {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        let is_end = |letter: char| !(letter.is_alphanumeric() || ".-_+@".contains(letter));
        for word in decoded.split(is_end) {
            let word = word.trim_matches('.');
            if let Some((name, host)) = word.split_once('@')
                && !name.is_empty()
                && host.contains('.')
            {
                self.add(word);
            }
        }
    }

    fn add(&mut self, name: &str) {
        // An application is not a person.
        if name.trim().is_empty() || name.starts_with("API-App:") || self.names.contains_key(name) {
            return;
        }
        let number = self.names.len() + 1;
        let stands_in = if name.contains('@') {
            format!("person{number}@example.com")
        } else {
            format!("person{number}")
        };
        self.names.insert(name.to_owned(), stands_in);
    }

    /// Replaces the people in a text; the longest names first, so that names within other names are handled.
    pub(crate) fn replaced(&self, text: &str) -> String {
        let mut names: Vec<(&String, &String)> = self.names.iter().collect();
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let mut replaced = text.to_owned();
        for (name, stands_in) in names {
            replaced = whole_words(&replaced, name, stands_in);
            if name.contains('@') {
                replaced = whole_words(&replaced, &name.replace('@', "%40"), stands_in);
            }
        }
        replaced
    }

    pub(crate) fn replace(&self, value: &mut Value) {
        match value {
            Value::Object(object) => object.values_mut().for_each(|value| self.replace(value)),
            Value::Array(items) => items.iter_mut().for_each(|item| self.replace(item)),
            Value::String(text) => *text = self.replaced(text),
            _ => {}
        }
    }
}

/// Replaces a name as a whole word only.
fn whole_words(text: &str, name: &str, stands_in: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find(name) {
        let (before, found) = rest.split_at(place);
        let after = &found[name.len()..];
        let touches = before
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric)
            || after.chars().next().is_some_and(char::is_alphanumeric);
        replaced.push_str(before);
        replaced.push_str(if touches { name } else { stands_in });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_person_has_the_same_pseudonym_everywhere() {
        let mut value = json!({
            "assignedTo": "mira.okafor@contoso.example",
            "subject": "Mail of mira.okafor@contoso.example, twice",
            "lastModifiedBy": "API-App:7",
            "userAccount": {"accountName": "kai", "displayName": "Kai Carter", "userSid": "S-1"},
            "displayName": "Malware",
            "title": "kaiconic",
        });
        let mut pseudonyms = Pseudonyms::default();
        pseudonyms.learn(&value);
        pseudonyms.learn_text("/x?$filter=assignedTo%20eq%20'lee%40contoso.example'");
        pseudonyms.replace(&mut value);
        let text = value.to_string();
        for gone in ["mira", "\"kai\"", "Kai Carter"] {
            assert!(!text.contains(gone), "{text}");
        }
        for kept in ["API-App:7", "S-1", "Malware", ", twice", "kaiconic"] {
            assert!(text.contains(kept), "{text}");
        }
        let person = value["assignedTo"].as_str().unwrap();
        assert!(value["subject"].as_str().unwrap().contains(person));
        let target = pseudonyms.replaced("/x?$filter=assignedTo%20eq%20'lee%40contoso.example'");
        assert!(!target.contains("lee"), "{target}");
    }
}
