//! The changes to progenitor's functions: a short list of rules, each with its reason.
//!
//! A rule that applies and finds nothing to change is an error: progenitor's output has changed.

use quote::{ToTokens as _, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ImplItemFn, LitStr, Local, Pat, Path, Stmt};

use crate::plan::{RequestItem, ResponseKind};

/// A change of every function that it applies to.
pub(super) struct Rule {
    /// Its name, in messages and counts.
    pub(super) name: &'static str,
    /// The reason for it.
    pub(super) reason: &'static str,
    /// Whether it applies to an operation.
    pub(super) is_due: fn(&RequestItem) -> bool,
    /// Applies it, and returns the number of changes.
    pub(super) apply: fn(&mut ImplItemFn) -> usize,
}

/// The rules, in the order of application.
pub(super) const RULES: [Rule; 3] = [
    Rule {
        name: "builds-only",
        reason: "the caller sends the request, alone or in a batch, so the function only returns it",
        is_due: |_| true,
        apply: builds_only,
    },
    Rule {
        name: "names-the-runtime",
        reason: "a generated client depends only on the runtime, which re-exports the HTTP library",
        is_due: |_| true,
        apply: names_the_runtime,
    },
    Rule {
        name: "accepts-text",
        reason: "a count is plain text, and a server may refuse to send it as JSON",
        is_due: |item| matches!(item.response_kind, ResponseKind::Number),
        apply: accepts_text,
    },
];

/// Ends the function with the finished request.
fn builds_only(function: &mut ImplItemFn) -> usize {
    let statements = &mut function.block.stmts;
    let Some(index) = statements.iter().position(finishes_request) else {
        return 0;
    };
    let Some(Stmt::Local(Local {
        pat: Pat::Ident(request),
        ..
    })) = statements.get(index)
    else {
        return 0;
    };
    let request = request.ident.clone();
    statements.truncate(index + 1);
    statements.push(Stmt::Expr(syn::parse_quote!(Ok(#request)), None));
    function.attrs.clear();
    function.vis = syn::parse_quote!(pub(super));
    function.sig.asyncness = None;
    function.sig.output = syn::parse_quote!(-> Result<runtime::Request, runtime::Error>);
    1
}

/// `let mut request = …​.build()?;`
pub(super) fn finishes_request(statement: &Stmt) -> bool {
    let Stmt::Local(Local {
        init: Some(init), ..
    }) = statement
    else {
        return false;
    };
    let Expr::Try(tried) = &*init.expr else {
        return false;
    };
    matches!(&*tried.expr, Expr::MethodCall(call) if call.method == "build")
}

/// `::reqwest::header::ACCEPT` is `reqwest::header::ACCEPT`, and `progenitor_client::QueryParam` the runtime's.
fn names_the_runtime(function: &mut ImplItemFn) -> usize {
    struct Names(usize);
    impl VisitMut for Names {
        fn visit_path_mut(&mut self, path: &mut Path) {
            visit_mut::visit_path_mut(self, path);
            let is_absolute = path.leading_colon.is_some();
            let Some(first) = path.segments.first_mut() else {
                return;
            };
            if first.ident == "reqwest" && is_absolute {
                path.leading_colon = None;
                self.0 += 1;
            } else if first.ident == "progenitor_client" {
                first.ident = syn::parse_quote!(runtime);
                self.0 += 1;
            }
        }
    }
    let mut names = Names(0);
    names.visit_block_mut(&mut function.block);
    names.0
}

/// `application/json` is `text/plain`.
fn accepts_text(function: &mut ImplItemFn) -> usize {
    struct Accepts(usize);
    impl VisitMut for Accepts {
        fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
            if literal.value() == "application/json" {
                *literal = LitStr::new("text/plain", literal.span());
                self.0 += 1;
            }
        }
    }
    let mut accepts = Accepts(0);
    accepts.visit_block_mut(&mut function.block);
    accepts.0
}

/// The number of a function's tokens up to the finished request, and how many of them the rules kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Tokens that progenitor wrote.
    pub came: usize,
    /// Those of them that are unchanged.
    pub stayed: usize,
}

impl Share {
    pub(super) fn add(&mut self, other: Self) {
        self.came += other.came;
        self.stayed += other.stayed;
    }

    /// Returns the share in percent, rounded down.
    #[must_use]
    pub fn percent(self) -> usize {
        match self.came {
            0 => 100,
            came => self.stayed * 100 / came,
        }
    }
}

/// Compares a function before and after a rule, both up to the finished request.
pub(super) fn share(before: &ImplItemFn, after: &ImplItemFn) -> Share {
    let (before, after) = (words(before), words(after));
    Share {
        came: before.len(),
        stayed: common(&before, &after),
    }
}

/// The tokens of arguments and statements up to the finished request. `::`, `->` and such are one token each.
fn words(function: &ImplItemFn) -> Vec<String> {
    let inputs = &function.sig.inputs;
    let statements = &function.block.stmts;
    let end = statements.iter().position(finishes_request);
    let kept = statements.iter().take(end.map_or(0, |end| end + 1));
    let tokens = quote!(#inputs #(#kept)*).to_token_stream();
    let mut words = Vec::new();
    flatten(tokens, &mut words);
    words
}

fn flatten(tokens: proc_macro2::TokenStream, words: &mut Vec<String>) {
    use proc_macro2::{Delimiter, Spacing, TokenTree};
    let mut joined = false;
    for token in tokens {
        let was_joined = std::mem::replace(&mut joined, false);
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                words.push(open.to_owned());
                flatten(group.stream(), words);
                words.push(close.to_owned());
            }
            TokenTree::Punct(punct) => {
                joined = punct.spacing() == Spacing::Joint && punct.as_char() != '\'';
                match words.last_mut().filter(|_| was_joined) {
                    Some(last) => last.push(punct.as_char()),
                    None => words.push(punct.as_char().to_string()),
                }
            }
            other => words.push(other.to_string()),
        }
    }
}

/// The length of the longest sequence that both have in this order.
fn common(left: &[String], right: &[String]) -> usize {
    let mut row = vec![0_usize; right.len() + 1];
    for word in left {
        let mut diagonal = 0;
        for (column, other) in right.iter().enumerate() {
            let above = row.get(column + 1).copied().unwrap_or_default();
            let best = match word == other {
                true => diagonal + 1,
                false => above.max(row.get(column).copied().unwrap_or_default()),
            };
            diagonal = above;
            if let Some(cell) = row.get_mut(column + 1) {
                *cell = best;
            }
        }
    }
    row.last().copied().unwrap_or_default()
}
