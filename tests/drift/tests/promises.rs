//! Every test that the README names for a promise exists.

#![allow(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::PathBuf;

use graph_incidents_drift::root;

/// The files of a module of the consumer's tests: the folder and `production` can have one of the same name.
fn modules(name: &str) -> Vec<PathBuf> {
    let folder = root().join("tests/consumer/tests");
    [format!("{name}.rs"), format!("production/{name}.rs")]
        .into_iter()
        .map(|path| folder.join(path))
        .filter(|path| path.is_file())
        .collect()
}

/// `module::test`, from the second column of the table of promises.
fn named_tests() -> Vec<(String, String)> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let table = readme.split_once("\n## Promises").unwrap().1;
    let rows = table.lines().filter_map(|line| line.split(" | ").nth(1));
    // What follows "units" is a module, not a test.
    rows.map(|cell| cell.split("units ").next().unwrap_or_default())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter_map(|name| name.split_once("::"))
        .map(|(module, test)| (module.to_owned(), test.to_owned()))
        .collect()
}

#[test]
fn every_named_test_exists() {
    let named = named_tests();
    assert!(named.len() > 40, "the table was not understood: {named:?}");
    let missing: Vec<_> = named
        .iter()
        .filter(|(name, test)| {
            let mut texts = modules(name)
                .into_iter()
                .map(|path| fs::read_to_string(path).unwrap());
            let wanted = format!("fn {test}(");
            !texts.any(|text| test == "*" || text.contains(&wanted))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The modules after "units", from the second column of the table of promises.
fn named_modules() -> Vec<String> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let table = readme.split_once("\n## Promises").unwrap().1;
    let cells = table.lines().filter_map(|line| line.split(" | ").nth(1));
    cells
        .filter_map(|cell| cell.split_once("units "))
        .flat_map(|(_, names)| names.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_named_module_has_unit_tests() {
    let named = named_modules();
    assert!(named.len() > 10, "the table was not understood: {named:?}");
    let has_tests = |module: &String| {
        let path = module.replace("::", "/");
        let mut all = String::new();
        for crate_folder in ["generated-client/src", "generated-client/runtime/src"] {
            let module = root().join(crate_folder).join(&path);
            all.extend(fs::read_to_string(module.with_extension("rs")));
            if module.is_dir() {
                sources(&module, &mut all);
            }
        }
        all.contains("#[test]") || all.contains("#[tokio::test")
    };
    let missing: Vec<_> = named.iter().filter(|name| !has_tests(name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Every Rust source of the workspace, concatenated.
fn sources(folder: &std::path::Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            sources(&path, all);
        } else if name.ends_with(".rs") {
            all.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_bound_names_an_existing_test() {
    let text = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let table = text.split_once("\n## Bounds").unwrap().1;
    let rows = table.lines().filter(|line| line.starts_with("| "));
    let mut all = String::new();
    sources(&root(), &mut all);
    let mut bounds = 0;
    for row in rows.skip(1) {
        let tests = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let mut tests = tests.split('`').skip(1).step_by(2).peekable();
        assert!(tests.peek().is_some(), "no test: {row}");
        for test in tests {
            assert!(all.contains(&format!("fn {test}(")), "{test}");
        }
        bounds += 1;
    }
    assert!(bounds > 12, "the table was not understood");
}
