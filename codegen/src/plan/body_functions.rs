//! Plans the functions of bodies: `new`, setters, and functions that keep or clear a property.

use crate::model::{Property, Shape};

use super::Planner;
use super::docs::Docs;
use super::item::{Action, BodyField, BodyForm, Conversion, FunctionItem, Presence, Receiver};
use super::rust_type::RustType;
use super::scope::Scope;

/// A body whose functions are planned.
pub(super) struct Draft<'d> {
    pub(super) planner: &'d Planner<'d>,
    pub(super) form: BodyForm,
    pub(super) fields: &'d [(BodyField, &'d Property)],
    pub(super) guarded: bool,
}

impl Draft<'_> {
    /// The functions; those that keep or clear a property take names that no setter has.
    pub(super) fn functions(&self, mut names: Scope) -> Vec<FunctionItem> {
        let mut functions = vec![self.constructor()];
        for (field, property) in self.fields {
            if !matches!(field.presence, Presence::Required | Presence::Constant(_)) {
                functions.push(self.setter(field, property));
            }
            if self.form == BodyForm::Patch {
                functions.extend(undoing(field, &mut names));
            }
        }
        functions.extend(self.guarded.then(allow_guarded));
        functions.extend((self.form == BodyForm::Patch).then(is_empty));
        functions
    }

    fn constructor(&self) -> FunctionItem {
        let required = self
            .fields
            .iter()
            .filter(|(field, _)| field.presence == Presence::Required);
        let (arguments, conversions) = required
            .map(|(field, property)| {
                let (argument, conversion) = match property.nullable {
                    true => (field.field.rust_type.clone(), Conversion::Keep),
                    false => self.planner.argument(&property.shape),
                };
                let name = &field.field.name;
                ((name.clone(), argument), (name.clone(), conversion))
            })
            .unzip();
        let subject = match self.form {
            BodyForm::Patch => "Creates a body that changes nothing yet.",
            BodyForm::Whole => "Creates a body with everything that the service requires.",
            BodyForm::Replacement => {
                "Creates a body with everything that the service requires. Properties that are not set are lost."
            }
        };
        FunctionItem {
            name: "new".to_owned(),
            receiver: Receiver::None,
            arguments,
            returns: RustType::SELF,
            action: Action::NewBody(conversions),
            docs: Docs::own([subject]),
            deprecated: false,
        }
    }

    fn setter(&self, field: &BodyField, property: &Property) -> FunctionItem {
        let (argument, conversion) = self.planner.argument(&property.shape);
        let name = &field.field.name;
        FunctionItem {
            name: name.clone(),
            receiver: Receiver::Owned,
            arguments: vec![(name.clone(), argument)],
            returns: RustType::SELF,
            action: Action::Set(name.clone(), conversion),
            docs: Docs::texts([format!("Sets `{}`.", field.field.wire)]),
            deprecated: false,
        }
    }
}

/// The function that undoes a setter: it clears the property if it is nullable, or keeps its value.
fn undoing(field: &BodyField, names: &mut Scope) -> Vec<FunctionItem> {
    let (name, wire) = (&field.field.name, &field.field.wire);
    let short = name.trim_end_matches('_');
    let mut undo = |verb: &str, action: Action, docs: String| {
        let function = format!("{verb}_{short}");
        FunctionItem {
            name: names.claim([function.as_str(), format!("{function}_").as_str()], "_"),
            receiver: Receiver::Owned,
            arguments: Vec::new(),
            returns: RustType::SELF,
            action,
            docs: Docs::texts([docs]),
            deprecated: false,
        }
    };
    let clear = (field.presence == Presence::Changed).then(|| {
        let docs = format!("Clears `{wire}` by sending `null`.");
        undo("clear", Action::Clear(name.clone()), docs)
    });
    let docs = format!("Leaves `{wire}` unchanged, even if it was set or cleared before.");
    let leave = undo("leave", Action::Leave(name.clone()), docs);
    clear.into_iter().chain([leave]).collect()
}

fn allow_guarded() -> FunctionItem {
    FunctionItem {
        name: "allow_guarded".to_owned(),
        receiver: Receiver::Owned,
        arguments: Vec::new(),
        returns: RustType::SELF,
        action: Action::AllowGuarded,
        docs: Docs::own([
            "Allows guarded members, which the service accepts but which do harm when they are written by\n\
             accident. The variant of each says why.",
        ]),
        deprecated: false,
    }
}

fn is_empty() -> FunctionItem {
    FunctionItem {
        name: "is_empty".to_owned(),
        receiver: Receiver::Reference,
        arguments: Vec::new(),
        returns: RustType::Known("bool"),
        action: Action::IsEmpty,
        docs: Docs::own([
            "Returns whether it changes nothing; the client refuses to send such a body.",
        ]),
        deprecated: false,
    }
}

impl Planner<'_> {
    /// The type of a setter's argument, and its conversion to the field's type.
    pub(super) fn argument(&self, shape: &Shape) -> (RustType, Conversion) {
        match shape {
            Shape::Text => (RustType::TEXT.into_it(), Conversion::Into),
            Shape::List(item) => (
                self.value_type(item).into_it().items(),
                Conversion::EachInto,
            ),
            Shape::Named(name) if self.is_flags(name) => {
                (RustType::Planned(name.clone()).items(), Conversion::Collect)
            }
            shape => (self.value_type(shape), Conversion::Keep),
        }
    }
}
