//! The public items of a plan, one by one, for reviews and snapshots.

use std::fmt::Write as _;

use crate::model::Origin;

use super::item::{
    BodyField, BodyItem, EnumItem, FamilyUpdateItem, FieldItem, FunctionItem, QueryItem, Receiver,
    RequestItem, ResponseKind, Sharing, StructItem, UnionItem, VariantItem,
};
use super::{Plan, Presence};

/// A public item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The type that it belongs to, or `Client`.
    pub container: String,
    /// Its kind.
    pub member: ItemMember,
    /// Its declaration: `pub Tag::name: Option<String>`.
    pub text: String,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its location in the document.
    pub origin: Option<Origin>,
}

/// The kind of an item within its type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemMember {
    /// The type itself.
    Itself,
    /// A field.
    Field(String),
    /// A variant.
    Variant(String),
    /// A function, method or constant.
    Function(String),
    /// A trait that the type implements.
    Trait(String),
}

impl Plan {
    /// Returns every public item, type by type. The generated types are `#[non_exhaustive]`, so that they
    /// can grow.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        let mut list = List::default();
        list.client();
        self.enumerations
            .iter()
            .for_each(|item| list.enumeration(item));
        self.objects.iter().for_each(|item| list.structure(item));
        self.unions.iter().for_each(|item| list.union(item));
        self.bodies.iter().for_each(|item| list.body(item));
        let updates = self.family_updates.iter();
        updates.for_each(|item| list.family_update(item));
        self.requests.iter().for_each(|item| list.request(item));
        self.queries.iter().for_each(|item| list.query(item));
        list.items
    }

    /// Returns the texts of all public items, one per line, sorted.
    #[must_use]
    pub fn surface(&self) -> String {
        let mut lines: Vec<String> = self
            .items()
            .into_iter()
            .map(|item| item.text + "\n")
            .collect();
        lines.sort();
        lines.dedup();
        lines.concat()
    }
}

#[derive(Default)]
struct List {
    items: Vec<Item>,
}

impl List {
    fn add(&mut self, container: &str, member: ItemMember, text: String, deprecated: bool) {
        self.items.push(Item {
            container: container.to_owned(),
            member,
            text,
            deprecated,
            origin: None,
        });
    }

    fn placed(&mut self, origin: &Origin) {
        if let Some(item) = self.items.last_mut() {
            item.origin = Some(origin.clone());
        }
    }

    fn type_itself(&mut self, keyword: &str, name: &str, deprecated: bool, origin: &Origin) {
        let text = format!("pub {keyword} {name}");
        self.add(name, ItemMember::Itself, text, deprecated);
        self.placed(origin);
    }

    fn implements(&mut self, name: &str, traits: &[&str]) {
        for one in traits {
            let text = format!("impl {one} for {name}");
            self.add(name, ItemMember::Trait((*one).to_owned()), text, false);
        }
    }

    /// The items that the runtime's macro of that name adds to a type.
    fn table(&mut self, name: &str, table: &str, rest: &str) {
        let text = format!("runtime::{table}!({name}){rest}");
        self.add(
            name,
            ItemMember::Trait(format!("runtime::{table}")),
            text,
            false,
        );
    }

    fn field(&mut self, owner: &str, field: &FieldItem) {
        let text = format!("pub {owner}::{}: {}", field.name, field.rust_type);
        self.add(owner, ItemMember::Field(field.name.clone()), text, false);
        self.placed(&field.origin);
    }

    fn function(&mut self, owner: &str, function: &FunctionItem) {
        let text = format!("pub {}", signature(owner, function));
        let member = ItemMember::Function(function.name.clone());
        self.add(owner, member, text, function.deprecated);
    }

    fn functions(&mut self, owner: &str, functions: &[FunctionItem], origin: &Origin) {
        for function in functions {
            self.function(owner, function);
            self.placed(origin);
        }
    }

    fn client(&mut self) {
        let text = "pub struct Client".to_owned();
        self.add("Client", ItemMember::Itself, text, false);
        self.implements("Client", &["Clone"]);
        self.table("Client", "client", "");
    }

    fn enumeration(&mut self, item: &EnumItem) {
        let name = &item.name;
        self.type_itself("enum", name, item.deprecated, &item.origin);
        self.implements(name, &["Clone", "Debug", "PartialEq", "Eq", "Hash"]);
        for member in &item.members {
            let variant = ItemMember::Variant(member.name.clone());
            self.add(name, variant, format!("{name}::{}", member.name), false);
            self.placed(&item.origin);
        }
        let open = format!("{name}::Unrecognized(runtime::Unrecognized<{name}>)");
        self.add(
            name,
            ItemMember::Variant("Unrecognized".to_owned()),
            open,
            false,
        );
        self.table(name, "open_enum", "");
        match item.members.iter().any(|member| member.rank.is_some()) {
            true => self.table(name, "ranked", ""),
            false => self.table(name, "sorted_by_text", ""),
        }
        if item.members.iter().any(|member| member.guarded.is_some()) {
            self.table(name, "guarded", "");
        }
        self.functions(name, &item.functions, &item.origin);
    }

    fn structure(&mut self, item: &StructItem) {
        let name = &item.name;
        self.type_itself("struct", name, item.deprecated, &item.origin);
        self.implements(name, &["Clone", "Default", "PartialEq"]);
        for field in &item.fields {
            self.field(name, field);
        }
        if let Sharing::Extends(base) = &item.sharing {
            let text = format!("pub {name}::base: {base}");
            self.add(name, ItemMember::Field("base".to_owned()), text, false);
        }
        let table = match item.sharing {
            Sharing::Base => "object_base",
            _ => {
                let text = format!("pub {name}::additional_properties: JsonMap");
                let member = ItemMember::Field("additional_properties".to_owned());
                self.add(name, member, text, false);
                "object"
            }
        };
        self.table(name, table, "");
        self.functions(name, &item.functions, &item.origin);
    }

    fn union(&mut self, item: &UnionItem) {
        let name = &item.name;
        self.type_itself("enum", name, item.deprecated, &item.origin);
        self.family(name, &item.variants, &item.origin);
        let other = format!("{name}::Other(Box<runtime::Other<{}>>)", item.base.name);
        self.add(name, ItemMember::Variant("Other".to_owned()), other, false);
        self.table(name, "polymorphic", "");
        self.functions(name, &item.functions, &item.origin);
        if !item.is_inner {
            self.structure(&item.base);
        }
        item.subtypes
            .iter()
            .for_each(|subtype| self.structure(subtype));
    }

    /// The traits of an enum over several types, and a variant for each of them.
    fn family(&mut self, name: &str, variants: &[VariantItem], origin: &Origin) {
        self.implements(name, &["Clone", "Debug", "PartialEq"]);
        for variant in variants {
            let text = format!("{name}::{}(Box<{}>)", variant.name, variant.type_name);
            self.add(name, ItemMember::Variant(variant.name.clone()), text, false);
            self.placed(origin);
        }
    }

    fn body(&mut self, item: &BodyItem) {
        let name = &item.name;
        self.type_itself("struct", name, item.deprecated, &item.origin);
        self.implements(name, item.derives());
        for BodyField { field, presence } in &item.fields {
            if !matches!(presence, Presence::Constant(_)) {
                self.field(name, field);
            }
        }
        self.implements(name, &["runtime::Body"]);
        self.table(name, "body", "");
        self.functions(name, &item.functions, &item.origin);
    }

    fn family_update(&mut self, item: &FamilyUpdateItem) {
        let name = &item.name;
        self.type_itself("enum", name, item.deprecated, &item.origin);
        self.family(name, &item.variants, &item.origin);
        let other = format!("{name}::Other(JsonMap)");
        self.add(name, ItemMember::Variant("Other".to_owned()), other, false);
        self.table(name, "family_update", "");
    }

    fn query(&mut self, item: &QueryItem) {
        let name = &item.properties;
        self.type_itself("enum", name, false, &item.origin);
        self.implements(
            name,
            &[
                "Clone",
                "Copy",
                "Debug",
                "PartialEq",
                "Eq",
                "Hash",
                "PartialOrd",
                "Ord",
            ],
        );
        for one in &item.names {
            let variant = ItemMember::Variant(one.variant.clone());
            self.add(name, variant, format!("{name}::{}", one.variant), false);
            self.placed(&one.origin);
        }
        let lists = [
            ("FILTERABLE", item.filterable()),
            ("ORDERABLE", item.orderable()),
        ];
        for (list, _) in lists.iter().filter(|(_, members)| !members.is_empty()) {
            let text = format!("pub const {name}::{list}: &'static [Self]");
            self.add(name, ItemMember::Function((*list).to_owned()), text, false);
        }
        self.table(name, "properties_of", "");
        if !item.functions.is_empty() {
            self.type_itself("struct", &item.filter, false, &item.origin);
            self.implements(&item.filter, &["Clone", "Copy", "Debug"]);
            self.functions(&item.filter, &item.functions, &item.origin);
        }
    }

    fn request(&mut self, item: &RequestItem) {
        let name = &item.name;
        self.function("Client", &item.method);
        self.placed(&item.origin);
        self.type_itself("struct", name, false, &item.origin);
        let (sent, table) = match item.response_kind {
            ResponseKind::Bytes => ("runtime::Open", "downloadable"),
            _ => ("runtime::Call", "request"),
        };
        self.implements(name, &["Clone", "Debug", sent]);
        self.table(name, table, "");
        let constant = format!("pub const {name}::OPERATION: runtime::Operation");
        self.add(
            name,
            ItemMember::Function("OPERATION".to_owned()),
            constant,
            false,
        );
        self.functions(name, &item.functions, &item.origin);
        if let Some(page_item) = &item.page_of {
            self.table(name, "pageable", &format!(" of {page_item}"));
        }
    }
}

impl BodyItem {
    /// The traits of a body: those of its table, then those that it derives, in the order in which they are written.
    pub(crate) fn derives(&self) -> &'static [&'static str] {
        match self.form {
            super::BodyForm::Patch => &[
                "Clone",
                "Debug",
                "Default",
                "PartialEq",
                "Serialize",
                "Deserialize",
            ],
            _ if self.can_be_empty() => &["Clone", "Debug", "Default", "PartialEq", "Serialize"],
            super::BodyForm::Whole | super::BodyForm::Replacement => {
                &["Clone", "Debug", "PartialEq", "Serialize"]
            }
        }
    }

    /// Whether the service requires nothing of a body.
    pub(crate) fn can_be_empty(&self) -> bool {
        let mut fields = self.fields.iter();
        fields.all(|field| matches!(field.presence, Presence::Optional | Presence::Changed))
    }
}

/// A function as in rustdoc, with its type before its name unless that is the client.
fn signature(owner: &str, function: &FunctionItem) -> String {
    let mut text = String::new();
    if function.is_const() {
        text.push_str("const ");
    }
    let qualified = match owner {
        "Client" => function.name.clone(),
        owner => format!("{owner}::{}", function.name),
    };
    let lifetime = match function.receiver {
        Receiver::Borrowed => "<'a>",
        _ => "",
    };
    // Writing to a `String` cannot fail.
    let _ = write!(text, "fn {qualified}{lifetime}(");
    let receiver = match function.receiver {
        Receiver::None => None,
        Receiver::Reference => Some("&self".to_owned()),
        Receiver::Borrowed => Some("&'a self".to_owned()),
        Receiver::Owned => Some("self".to_owned()),
    };
    let arguments = function
        .arguments
        .iter()
        .map(|(name, rust_type)| format!("{name}: {rust_type}"));
    let all: Vec<String> = receiver.into_iter().chain(arguments).collect();
    let _ = write!(text, "{})", all.join(", "));
    let _ = write!(text, " -> {}", function.returns);
    text
}

impl FunctionItem {
    /// Whether it can be called in a constant.
    #[must_use]
    pub fn is_const(&self) -> bool {
        matches!(self.action, super::Action::FilterBy(_))
    }
}
