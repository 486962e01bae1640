//! Turns differences into findings: with the operations that each affects, its effect on the wire, and its location.

use std::collections::{BTreeMap, BTreeSet};

use graph_client_codegen::load;

use super::compare::{Comparison, Difference, Owner};
use super::document::{self, Description, Spot, pointers};
use super::finding::{Finding, FindingKind, Location, Rust, Side, Wire, identifier};
use super::reach::{Reach, Reached};
use super::wire::Direction;

/// Determines what each difference affects, and from that its effect on the wire.
pub(super) fn findings(comparison: &Comparison<'_>) -> (Vec<Finding>, Vec<Direction>) {
    if comparison.differences.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let (base, head) = (comparison.base, comparison.head);
    let reaches = Reaches {
        base: (base, Reach::of(base, comparison.base_operations)),
        head: (head, Reach::of(head, comparison.head_operations)),
    };
    let spots = |side: Side| {
        let nodes = comparison.differences.iter().flat_map(move |difference| {
            let own = (difference.side == side).then_some(difference.spot);
            let nearest = difference.nearest.filter(|_| difference.side != side);
            [own, nearest].into_iter().flatten().map(|spot| spot.node)
        });
        match side {
            Side::Base => pointers(base.document, nodes),
            Side::Head => pointers(head.document, nodes),
        }
    };
    let (in_base, in_head) = (spots(Side::Base), spots(Side::Head));
    let locate = |side: Side, spot: Spot<'_>| {
        let (description, pointers) = match side {
            Side::Base => (base, &in_base),
            Side::Head => (head, &in_head),
        };
        let pointer = pointers.get(&spot.address());
        let pointer = pointer.map_or("#", String::as_str);
        let (file, pointer) = document::file_and_pointer(description.document, pointer);
        Location {
            side,
            file,
            line: spot.position.line,
            column: spot.position.column,
            pointer,
        }
    };
    comparison
        .differences
        .iter()
        .map(|difference| {
            let mut reached = reaches.of(&difference.owner);
            reached.direction = reached.direction.through(difference.travels);
            let direction = reached.direction;
            (finding(difference, reached, &locate), direction)
        })
        .unzip()
}

struct Reaches<'a, 'd> {
    base: (&'d Description<'a>, Reach<'a>),
    head: (&'d Description<'a>, Reach<'a>),
}

impl<'a> Reaches<'a, '_> {
    fn of(&self, owner: &Owner<'a>) -> Reached {
        match owner {
            Owner::Schema(base, head) => {
                let of = |(description, reach): &(&Description<'a>, Reach<'a>),
                          name: &Option<&str>| {
                    name.map_or_else(Reached::default, |name| {
                        reach.schema_reaches(name, description)
                    })
                };
                of(&self.base, base).and(of(&self.head, head))
            }
            Owner::Component(kind, name) => {
                let reference = format!("#/components/{kind}/{}", load::escape(name));
                self.base
                    .1
                    .component_reaches(&reference)
                    .and(self.head.1.component_reaches(&reference))
            }
            Owner::Operations(labels, direction) => Reached {
                operations: labels.clone(),
                types: BTreeSet::new(),
                direction: *direction,
            },
            Owner::Several(owners) => owners
                .iter()
                .map(|owner| self.of(owner))
                .fold(Reached::default(), Reached::and),
            Owner::Document => Reached {
                direction: Direction::BOTH,
                ..Reached::default()
            },
            Owner::Nobody => Reached::default(),
        }
    }
}

fn finding<'a>(
    difference: &Difference<'a>,
    reached: Reached,
    locate: &impl Fn(Side, Spot<'a>) -> Location,
) -> Finding {
    let (from, to) = (difference.from.clone(), difference.to.clone());
    let mut used_by: Vec<String> = reached.operations.into_iter().collect();
    used_by.extend(reached.types);
    let (request, response) = difference.effect.on_wire(reached.direction);
    Finding {
        id: identifier(
            difference.kind,
            &difference.subject,
            &difference.detail,
            from.as_deref(),
            to.as_deref(),
        ),
        kind: difference.kind,
        subject: difference.subject.clone(),
        detail: difference.detail.clone(),
        from,
        to,
        wire: worse(request, response),
        request,
        response,
        understood: difference.kind != FindingKind::NotUnderstood,
        rust: Rust::None,
        certainty: difference.certainty,
        at: locate(difference.side, difference.spot),
        nearest: difference
            .nearest
            .map(|spot| locate(difference.side.other(), spot)),
        used_by,
        rust_items: Vec::new(),
    }
}

fn worse(request: Option<Wire>, response: Option<Wire>) -> Wire {
    request.max(response).unwrap_or(Wire::None)
}

/// Returns every change once, the most severe first.
///
/// Changes that are equal in every respect are one change, found in two ways, and are merged. If references lead into
/// paths, several operations lead to one location.
pub(super) fn settled(findings: Vec<Finding>, has_pointers: bool) -> Vec<Finding> {
    let mut settled: Vec<Finding> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings {
        let id = match has_pointers {
            false => finding.id.clone(),
            true => format!(
                "{} {} {} {:?} {:?} {} {:?}",
                finding.kind,
                property(&finding),
                finding.detail,
                finding.from,
                finding.to,
                finding.at.pointer,
                finding.at.side
            ),
        };
        match known.get(&id) {
            Some(index) => settled[*index].take_in(finding),
            None => {
                known.insert(id, settled.len());
                settled.push(finding);
            }
        }
    }
    settled.sort_by(|left, right| {
        let gravity = |finding: &Finding| {
            (
                finding.wire.max_rust(finding.rust),
                finding.wire,
                finding.rust,
            )
        };
        gravity(right).cmp(&gravity(left)).then_with(|| {
            (left.kind, &left.subject, &left.detail).cmp(&(
                right.kind,
                &right.subject,
                &right.detail,
            ))
        })
    });
    settled
}

/// The name of the property that a finding is about: a location such as a `required` list is about several.
fn property(finding: &Finding) -> &str {
    let is_of_property = finding.kind.as_str().starts_with("property-");
    match finding.subject.rsplit_once('.') {
        Some((_, name)) if is_of_property => name,
        _ => "",
    }
}

impl Finding {
    /// Merges an equal change that was found in another way.
    fn take_in(&mut self, other: Self) {
        self.request = self.request.max(other.request);
        self.response = self.response.max(other.response);
        self.wire = worse(self.request, self.response);
        self.rust = self.rust.max(other.rust);
        for name in other.used_by {
            if !self.used_by.contains(&name) {
                self.used_by.push(name);
            }
        }
        for item in other.rust_items {
            if !self.rust_items.contains(&item) {
                self.rust_items.push(item);
            }
        }
    }
}
