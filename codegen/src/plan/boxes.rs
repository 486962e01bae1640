//! The fields that must be boxed because their type would otherwise contain itself.

use std::collections::BTreeMap;

use crate::model::{Model, Shape};

/// The structs of a client in groups that contain each other.
///
/// A field is boxed if its type is in the same group as its struct. Lists, pages and the variants of a union keep their
/// contents on the heap and need no box.
#[derive(Debug, Clone, Default)]
pub(super) struct Boxes {
    groups: BTreeMap<String, usize>,
}

impl Boxes {
    pub(super) fn of(model: &Model) -> Self {
        let edges: BTreeMap<&str, Vec<&str>> = model
            .schemas
            .keys()
            .map(|name| (name.as_str(), contained(model, name)))
            .collect();
        let mut search = Search {
            edges: &edges,
            states: BTreeMap::new(),
            stack: Vec::new(),
            next: 0,
            groups: BTreeMap::new(),
        };
        for name in edges.keys() {
            search.visit(name);
        }
        Self {
            groups: search.groups,
        }
    }

    /// Whether a field of one struct must be boxed if it holds another one.
    pub(super) fn is_boxed(&self, owner: &str, held: &str) -> bool {
        let group = |name: &str| self.groups.get(name);
        group(owner).is_some() && group(owner) == group(held)
    }
}

/// The structs that a struct contains directly.
fn contained<'m>(model: &'m Model, name: &str) -> Vec<&'m str> {
    let Some(object) = model.object(name) else {
        return Vec::new();
    };
    let shared = model.polymorphic_base(object);
    let shared = shared.and_then(|base| model.object(base));
    [Some(object), shared]
        .into_iter()
        .flatten()
        .flat_map(|object| model.flattened(object))
        .filter_map(|property| match &property.shape {
            Shape::Named(held) if model.object(held).is_some() && !model.is_polymorphic(held) => {
                Some(held.as_str())
            }
            _ => None,
        })
        .collect()
}

/// Tarjan's algorithm for strongly connected components, without recursion.
struct Search<'e, 'm> {
    edges: &'e BTreeMap<&'m str, Vec<&'m str>>,
    states: BTreeMap<&'m str, State>,
    stack: Vec<&'m str>,
    next: usize,
    groups: BTreeMap<String, usize>,
}

#[derive(Clone, Copy)]
struct State {
    index: usize,
    lowest: usize,
    is_open: bool,
}

impl<'m> Search<'_, 'm> {
    fn visit(&mut self, root: &'m str) {
        if self.states.contains_key(root) {
            return;
        }
        let mut path: Vec<(&'m str, usize)> = Vec::new();
        self.enter(root, &mut path);
        while let Some((name, position)) = path.last().copied() {
            let target = self.edges.get(name).and_then(|edges| edges.get(position));
            match target {
                Some(target) => {
                    if let Some(last) = path.last_mut() {
                        last.1 += 1;
                    }
                    match self.states.get(target).copied() {
                        None => self.enter(target, &mut path),
                        Some(state) if state.is_open => self.lower(name, state.index),
                        Some(_) => {}
                    }
                }
                None => {
                    path.pop();
                    let lowest = self.leave(name);
                    if let Some((parent, _)) = path.last() {
                        self.lower(parent, lowest);
                    }
                }
            }
        }
    }

    fn enter(&mut self, name: &'m str, path: &mut Vec<(&'m str, usize)>) {
        let state = State {
            index: self.next,
            lowest: self.next,
            is_open: true,
        };
        self.next += 1;
        self.states.insert(name, state);
        self.stack.push(name);
        path.push((name, 0));
    }

    fn lower(&mut self, name: &str, index: usize) {
        if let Some(state) = self.states.get_mut(name) {
            state.lowest = state.lowest.min(index);
        }
    }

    /// Closes the group that begins with a struct, if there is one, and returns how far back the struct leads.
    fn leave(&mut self, name: &'m str) -> usize {
        let Some(state) = self.states.get(name).copied() else {
            return usize::MAX;
        };
        if state.lowest == state.index {
            while let Some(member) = self.stack.pop() {
                if let Some(state) = self.states.get_mut(member) {
                    state.is_open = false;
                }
                self.groups.insert(member.to_owned(), state.index);
                if member == name {
                    break;
                }
            }
        }
        state.lowest
    }
}
