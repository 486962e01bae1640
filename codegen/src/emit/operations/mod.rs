//! The functions that build requests: progenitor's, with the changes of [`rules`].

mod check;
mod lowered;
mod own;
mod progenitor;
mod rules;

use std::collections::BTreeMap;

use quote::quote;
use syn::ImplItemFn;

use crate::diagnostic::{Problem, Problems};
use crate::plan::{Plan, RequestBody, RequestItem};

use self::progenitor::{Functions, functions};
use super::{Module, Piece};

pub(super) use check::Argument;
pub use rules::Share;

/// How the functions that build requests were made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins {
    /// How much of progenitor's functions the rules kept, up to the finished request: first for all rules together,
    /// without a name, then for each rule.
    pub shares: Vec<(String, Share)>,
    /// Operations with a function of our own, with the reason.
    pub own: Vec<(String, String)>,
}

/// The module of the functions, and what the requests must know about it.
pub(super) struct Operations {
    pub(super) module: Module,
    /// The arguments of each function, by method name.
    pub(super) arguments: BTreeMap<String, Vec<Argument>>,
    pub(super) origins: Origins,
}

/// Generates the functions of all operations. `file` is the document's name in messages.
///
/// # Errors
///
/// Returns a rule that found nothing to change, with operation and location.
pub(super) fn operations(plan: &Plan, file: &str) -> Result<Operations, Problems> {
    let (mut written, mut refused) = written(&plan.requests);
    let mut made = Made::default();
    let mut problems = Problems::default();
    let mut pieces = Vec::new();
    let mut kept = Vec::new();
    for item in &plan.requests {
        let name = &item.method.name;
        let taken = written.remove(name).ok_or_else(|| {
            let reason = refused.remove(name);
            reason.unwrap_or_else(|| "no function of that name was generated".to_owned())
        });
        let checked = taken.and_then(|function| {
            let arguments = check::arguments(&function, item)?;
            Ok((function, arguments))
        });
        let (function, arguments) = match checked {
            Ok((function, arguments)) => match made.ruled(function, item) {
                Ok(function) => (function, arguments),
                Err(rule) => {
                    problems.push(idle(rule, item, file));
                    continue;
                }
            },
            Err(reason) => match own::function(item) {
                Some(made_by_us) => {
                    made.origins.own.push((item.operation_id.clone(), reason));
                    made_by_us
                }
                None => continue,
            },
        };
        kept.push(function);
        made.arguments.insert(name.clone(), arguments);
    }
    if !kept.is_empty() {
        pieces.push(Piece::Items(builder(&kept)));
    }
    made.origins.shares = made.shares();
    let module = Module {
        name: "operations".to_owned(),
        doc: "One function for each operation, which builds the request and does not send it."
            .to_owned(),
        public: false,
        pieces,
    };
    problems.into_result().map(|()| Operations {
        module,
        arguments: made.arguments,
        origins: made.origins,
    })
}

/// progenitor's functions, and the operations that it refuses with the reason. A refused operation does not affect the
/// others.
fn written(requests: &[RequestItem]) -> (Functions, BTreeMap<String, String>) {
    let (mut written, mut refused) = (Functions::new(), BTreeMap::new());
    let mut described: Vec<&RequestItem> = Vec::new();
    for item in requests {
        match item.body.as_ref().and_then(beyond_progenitor) {
            Some(reason) => drop(refused.insert(item.method.name.clone(), reason.to_owned())),
            None => described.push(item),
        }
    }
    // Bisecting finds the refused operations faster than trying one by one.
    let mut open = vec![described.as_slice()];
    while let Some(part) = open.pop() {
        match (functions(&lowered::lower(part.iter().copied())), part) {
            (Ok(of_part), _) => written.extend(of_part),
            (Err(_), []) => {}
            (Err(reason), [item]) => {
                refused.insert(item.method.name.clone(), reason);
            }
            (Err(_), _) => {
                let (left, right) = part.split_at(part.len() / 2);
                open.extend([left, right]);
            }
        }
    }
    (written, refused)
}

/// Why progenitor cannot write the function of a body, if it cannot.
fn beyond_progenitor(body: &RequestBody) -> Option<&'static str> {
    match (&body.bytes, body.required) {
        (Some(_), _) => Some("its body is a stream of bytes"),
        (None, false) => Some("its body is optional"),
        (None, true) => None,
    }
}

#[derive(Default)]
struct Made {
    arguments: BTreeMap<String, Vec<Argument>>,
    origins: Origins,
    total: Share,
    by_rule: BTreeMap<&'static str, Share>,
}

impl Made {
    /// A function after the rules; or the name of a rule that found nothing to change.
    fn ruled(
        &mut self,
        written: ImplItemFn,
        item: &RequestItem,
    ) -> Result<ImplItemFn, &'static rules::Rule> {
        let mut function = written.clone();
        for rule in rules::RULES.iter().filter(|rule| (rule.is_due)(item)) {
            let before = function.clone();
            if (rule.apply)(&mut function) == 0 {
                return Err(rule);
            }
            let share = rules::share(&before, &function);
            self.by_rule.entry(rule.name).or_default().add(share);
        }
        self.total.add(rules::share(&written, &function));
        Ok(function)
    }

    fn shares(&self) -> Vec<(String, Share)> {
        let by_rule = self.by_rule.iter();
        let by_rule = by_rule.map(|(name, share)| ((*name).to_owned(), *share));
        std::iter::once((String::new(), self.total))
            .chain(by_rule)
            .collect()
    }
}

fn idle(rule: &rules::Rule, item: &RequestItem, file: &str) -> Problem {
    Problem {
        rule: "idle-rule",
        message: format!(
            "the rule `{}` did not apply to the function of `{}`, although {}",
            rule.name, item.operation_id, rule.reason
        ),
        file: file.to_owned(),
        position: Some(item.origin.position),
        pointer: item.origin.pointer.clone(),
        help: "this is a bug in the generator: please report it together with the description"
            .to_owned(),
    }
}

/// The type that the functions belong to.
fn builder(functions: &[ImplItemFn]) -> proc_macro2::TokenStream {
    // Functions of our own writing do not ask for it, and a client may have no others.
    let functions = quote!(#(#functions)*);
    let api_version = functions.to_string().contains("api_version").then(|| {
        quote! {
            /// The version for a header, which the runtime does not send: the version is part of the path.
            fn api_version() -> &'static str {
                ""
            }
        }
    });
    quote! {
        /// Builds requests.
        pub(super) struct Builder<'c> {
            baseurl: &'c str,
            client: runtime::Requests<'c>,
        }

        impl<'c> Builder<'c> {
            /// Builds requests that a core can send.
            pub(super) fn of(core: &'c runtime::Core) -> Self {
                Self { baseurl: core.base_url(), client: core.http() }
            }

            #api_version
        }

        #[allow(clippy::all, reason = "as progenitor writes them")]
        impl Builder<'_> { #functions }
    }
}
