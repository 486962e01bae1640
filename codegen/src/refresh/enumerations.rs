//! Enumerations: their members, and whether a value can be several of them.

use crate::csdl::schemas::{boolean, integer, mapping, text};
use crate::csdl::{Enumerated, Type, TypeMember};
use crate::edit::Edit;
use crate::load::Node;

use super::fragment::SchemaView;
use super::{Comparison, Difference, Refresh};

impl<'a> Refresh<'a> {
    pub(super) fn enumeration(
        &self,
        view: &SchemaView<'a>,
        type_: &Type,
        own: &Enumerated,
        found: &mut Comparison,
    ) {
        let short = self.short(&view.name);
        let known = view.members();
        for (index, member) in own.members.iter().enumerate() {
            let target = format!("{}/{}", type_.name, member.name);
            if let Some(at) = known.iter().position(|name| *name == member.name) {
                let told = self.told_member(view, &member.name);
                if let Some((pointer, node)) = told {
                    let subject = format!("{short}.{}", known[at]);
                    let deprecation = self.metadata.deprecation(&target);
                    let place = (target.as_str(), member.position);
                    found.differences.extend(self.number(
                        &subject,
                        member,
                        &target,
                        (&pointer, node),
                    ));
                    self.deprecation(&subject, deprecation, place, (&pointer, node), found);
                }
                continue;
            }
            found.differences.push(Difference {
                kind: "enum-member-added",
                subject: format!("{short}.{}", member.name),
                from: None,
                to: Some(member.name.clone()),
                upstream: self.place(&target, member.position),
                pointer: format!("{}/enum", view.pointer),
                edits: self.member_edits(view, type_, own, index),
                remark: String::new(),
            });
        }
        for (index, name) in known.iter().enumerate() {
            if !own.members.iter().any(|member| member.name == *name) {
                found
                    .differences
                    .push(self.removed_member(view, type_, index, name));
            }
        }
        if view.is_flags() != own.is_flags {
            found.differences.push(self.flags(view, type_, own));
        }
        let deprecation = self.metadata.deprecation(&type_.name);
        let place = (type_.name.as_str(), type_.position);
        self.deprecation(
            &short,
            deprecation,
            place,
            (&view.pointer, view.node),
            found,
        );
    }

    /// Reports that a member has another number than in the fragment, if that has one: flags that are sent as a number
    /// then mean other members.
    fn number(
        &self,
        subject: &str,
        member: &TypeMember,
        target: &str,
        (pointer, node): (&str, &Node),
    ) -> Option<Difference> {
        let told = node.get("x-graph-number")?;
        let number = told.to_json().as_i64();
        if number == Some(member.value) {
            return None;
        }
        let pointer = format!("{pointer}/x-graph-number");
        Some(Difference {
            kind: "extension-changed",
            subject: subject.to_owned(),
            from: number.map(|number| format!("number {number}")),
            to: Some(format!("number {}", member.value)),
            upstream: self.place(target, member.position),
            edits: vec![Edit::Replace {
                pointer: pointer.clone(),
                node: integer(member.position, member.value),
            }],
            pointer,
            remark: String::new(),
        })
    }

    /// The entry of `x-ms-enum` for a member.
    fn told_member(&self, view: &SchemaView<'a>, name: &str) -> Option<(String, &'a Node)> {
        let values = told_values(view)?;
        let index = index_of(values, name)?;
        let pointer = format!("{}/x-ms-enum/values/{index}", view.pointer);
        Some((pointer, values.get(index)?))
    }

    fn member_edits(
        &self,
        view: &SchemaView<'a>,
        type_: &Type,
        own: &Enumerated,
        index: usize,
    ) -> Vec<Edit> {
        let Some(member) = own.members.get(index) else {
            return Vec::new();
        };
        let known = view.members();
        // After the nearest preceding member that the fragment has.
        let before = own.members.get(..index).unwrap_or_default().iter().rev();
        let after = before
            .map(|member| member.name.as_str())
            .find(|name| known.contains(name));
        let mut edits = vec![Edit::InsertItem {
            list: format!("{}/enum", view.pointer),
            node: text(member.position, &member.name),
            after: after.and_then(|after| known.iter().position(|name| *name == after)),
        }];
        if let (Some(values), Some(node)) =
            (told_values(view), self.schemas.member(type_, own, index))
        {
            edits.push(Edit::InsertItem {
                list: format!("{}/x-ms-enum/values", view.pointer),
                node,
                after: after.and_then(|after| index_of(values, after)),
            });
        }
        edits
    }

    fn removed_member(
        &self,
        view: &SchemaView<'a>,
        type_: &Type,
        index: usize,
        name: &str,
    ) -> Difference {
        let pointer = format!("{}/enum/{index}", view.pointer);
        let mut edits = vec![Edit::Remove {
            pointer: pointer.clone(),
        }];
        if let Some((pointer, _)) = self.told_member(view, name) {
            edits.push(Edit::Remove { pointer });
        }
        Difference {
            kind: "enum-member-removed",
            subject: format!("{}.{name}", self.short(&view.name)),
            from: Some(name.to_owned()),
            to: None,
            upstream: self.place(&type_.name, type_.position),
            pointer,
            edits,
            remark: String::new(),
        }
    }

    fn flags(&self, view: &SchemaView<'a>, type_: &Type, own: &Enumerated) -> Difference {
        let at = type_.position;
        let said = |flags: bool| {
            Some(
                if flags {
                    "several members"
                } else {
                    "one member"
                }
                .to_owned(),
            )
        };
        let edit = match own.is_flags {
            true => Edit::Insert {
                parent: view.pointer.clone(),
                key: "x-ms-enum-flags".to_owned(),
                node: mapping(at, vec![("isFlags", boolean(at, true))]),
                after: view.node.entries().last().map(|entry| entry.key.clone()),
            },
            false => Edit::Remove {
                pointer: format!("{}/x-ms-enum-flags", view.pointer),
            },
        };
        Difference {
            kind: "extension-changed",
            subject: self.short(&view.name),
            from: said(view.is_flags()),
            to: said(own.is_flags),
            upstream: self.place(&type_.name, at),
            pointer: view.pointer.clone(),
            edits: vec![edit],
            remark: String::new(),
        }
    }
}

fn told_values<'a>(view: &SchemaView<'a>) -> Option<&'a [Node]> {
    view.node.get("x-ms-enum")?.get("values")?.as_sequence()
}

fn index_of(values: &[Node], name: &str) -> Option<usize> {
    values
        .iter()
        .position(|value| value.get("value").and_then(Node::as_str) == Some(name))
}
