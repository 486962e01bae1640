//! The chapters of the book, whose programs run as tests.

macro_rules! chapters {
    ($($name:ident: $file:literal,)*) => {
        $(
            #[doc = include_str!(concat!("../../../generated-client/book/src/", $file))]
            pub struct $name;
        )*
    };
}

chapters! {
    FirstCall: "tutorial/first-call.md",
    FirstWrite: "tutorial/first-write.md",
    Watcher: "tutorial/watcher.md",
    Throttling: "tutorial/throttling.md",
    Testing: "tutorial/testing.md",
    SignIn: "how-to/sign-in.md",
    Proxy: "how-to/proxy.md",
    Evidence: "how-to/evidence.md",
    Many: "how-to/many.md",
    AnyPath: "how-to/any-path.md",
    Logging: "how-to/logging.md",
}
