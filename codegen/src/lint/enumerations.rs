//! Rules for enumerations: they have members without duplicates, and the details belong to members.

use std::collections::BTreeSet;

use crate::load::{Place, Value};
use crate::names;

use super::Linter;
use super::did_you_mean;

impl<'a> Linter<'a> {
    pub(super) fn check_enumerations(&mut self) {
        for place in self.schemas() {
            let Some(list) = place.get("enum") else {
                for extension in ["x-ms-enum", "x-ms-enum-flags"] {
                    if let Some(details) = place.get(extension) {
                        let message = format!("`{extension}` without `enum` has no effect");
                        self.report_key(&details, "enum-details", message, "add `enum`");
                    }
                }
                continue;
            };
            if list.node.as_sequence().is_some_and(<[_]>::is_empty) {
                let message = "an `enum` without members allows no value".to_owned();
                self.report_key(
                    &list,
                    "uninhabited",
                    message,
                    "add members, or remove `enum`",
                );
            }
            // Names of properties in the parameters of a request are strings, not variants.
            let is_text = matches!(place.text("type").as_str(), "string" | "");
            if is_text {
                let is_parameter = place.pointer.contains("/parameters/");
                self.check_members(&place, &list, is_parameter);
                self.check_details(&place, &list);
            }
        }
    }

    fn check_members(&mut self, place: &Place<'a>, list: &Place<'a>, is_parameter: bool) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for item in list.items() {
            let Some(member) = item.node.as_str() else {
                let is_null = item.node.value == Value::Null && place.flag("nullable");
                if !is_null {
                    let message =
                        format!("a member of a string enumeration is {}", item.node.kind());
                    self.report(
                        &item,
                        "member-is-no-text",
                        message,
                        "quote it, or remove it",
                    );
                }
                continue;
            };
            if !seen.insert(member) {
                self.report(
                    &item,
                    "member-collision",
                    format!("`{member}` is listed twice"),
                    "remove one of the two",
                );
                continue;
            }
            if is_parameter {
                continue;
            }
            if !names::is_usable(member) {
                let message = format!("`{member}` cannot be turned into a Rust name");
                self.report(
                    &item,
                    "unusable-name",
                    message,
                    "use a member with ASCII letters or digits",
                );
                continue;
            }
        }
    }

    /// Details of missing members would be lost silently.
    fn check_details(&mut self, place: &Place<'a>, list: &Place<'a>) {
        let items = list.items();
        let members: BTreeSet<&str> = items.iter().filter_map(|item| item.node.as_str()).collect();
        let details = place
            .get("x-ms-enum")
            .and_then(|details| details.get("values"));
        let mut described = BTreeSet::new();
        for detail in details.map(|details| details.items()).unwrap_or_default() {
            if let Some(value) = detail.get("value")
                && let Some(name) = value.node.as_str()
            {
                if !members.contains(name) {
                    self.refuse_member(&value, name, &members, "`x-ms-enum` describes");
                }
                if !described.insert(name.to_owned()) {
                    let message = format!("`x-ms-enum` describes `{name}` twice");
                    self.report(&value, "enum-details", message, "remove one of the two");
                }
            }
            if let Some(target) = detail.get("x-graph-page-only")
                && let Some(name) = target.node.as_str()
                && !members.contains(name)
            {
                self.refuse_member(&target, name, &members, "`x-graph-page-only` names");
            }
        }
    }

    fn refuse_member(
        &mut self,
        place: &Place<'a>,
        name: &str,
        members: &BTreeSet<&str>,
        who: &str,
    ) {
        let help = match did_you_mean(name, members.iter().copied()) {
            Some(known) => format!("did you mean `{known}`?"),
            None => "add it to `enum`, or correct the name".to_owned(),
        };
        self.report(
            place,
            "enum-details",
            format!("{who} `{name}`, which is not a member"),
            &help,
        );
    }
}
