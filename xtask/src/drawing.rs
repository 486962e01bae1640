//! `cargo xtask drawing`: draws the packages of the workspace and their dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;

use serde_json::Value;

use crate::workspace::Workspace;
use crate::{Failure, Outcome, cargo};

/// The file in the book.
pub const DRAWING: &str = "generated-client/book/src/architecture.svg";

const WIDTH: usize = 210;
const HEIGHT: usize = 34;
const GAP: usize = 24;
const RISE: usize = 86;

/// The options of `cargo xtask drawing`.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Options {
    /// Write nothing; exit with 4 if the drawing is out of date
    #[arg(long)]
    check: bool,
}

/// Draws the packages and writes the file in the book.
///
/// # Errors
///
/// Returns an error if cargo cannot list the packages, or the file cannot be written.
pub fn run(
    workspace: &Workspace,
    options: Options,
    out: &mut dyn io::Write,
) -> Result<Outcome, Failure> {
    let arrows = arrows(&cargo::metadata(workspace, &["--no-deps"])?);
    let drawing = svg(&arrows);
    let path = workspace.root().join(DRAWING);
    if fs::read_to_string(&path).is_ok_and(|there| there == drawing) {
        writeln!(out, "{:>12} {DRAWING}", "Fresh")?;
        return Ok(Outcome::Fine);
    }
    if options.check {
        writeln!(
            out,
            "{:>12} {DRAWING}\n  help: cargo xtask drawing",
            "Stale"
        )?;
        return Ok(Outcome::OutOfDate);
    }
    fs::write(&path, drawing).map_err(|error| Failure::at(&path, &error))?;
    writeln!(out, "{:>12} {DRAWING}", "Drawn")?;
    Ok(Outcome::Fine)
}

/// The dependencies of each package; test crates are left out.
type Arrows = BTreeMap<String, BTreeSet<String>>;

fn arrows(metadata: &Value) -> Arrows {
    let packages = || metadata["packages"].as_array().into_iter().flatten();
    let is_shown = |package: &&Value| package["publish"].is_null() || package["name"] == "xtask";
    let shown: BTreeSet<&str> = packages()
        .filter(is_shown)
        .filter_map(|package| package["name"].as_str())
        .collect();
    let needs = |package: &Value| {
        let all = package["dependencies"].as_array().into_iter().flatten();
        let all = all.filter(|one| one["kind"] != "dev");
        let names = all.filter_map(|one| one["name"].as_str());
        names
            .filter(|name| shown.contains(name))
            .map(str::to_owned)
            .collect()
    };
    let shown = packages().filter(is_shown);
    let rows =
        shown.filter_map(|package| Some((package["name"].as_str()?.to_owned(), needs(package))));
    rows.collect()
}

/// The length of the longest chain of dependencies of a package.
fn level(name: &str, arrows: &Arrows) -> usize {
    let needed = arrows.get(name).into_iter().flatten();
    needed.map(|one| level(one, arrows) + 1).max().unwrap_or(0)
}

/// The middle of a box: x and y.
type Middle = (usize, usize);

fn places(arrows: &Arrows) -> (BTreeMap<&str, Middle>, usize, usize) {
    let mut rows: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for name in arrows.keys() {
        rows.entry(level(name, arrows)).or_default().push(name);
    }
    let most = rows.values().map(Vec::len).max().unwrap_or(1);
    let width = most * (WIDTH + GAP) + GAP;
    let height = rows.len() * RISE + GAP;
    let mut places = BTreeMap::new();
    for (level, names) in &rows {
        let step = width / names.len();
        for (index, name) in names.iter().enumerate() {
            let x = step * index + step / 2;
            let y = height - level * RISE - RISE / 2 - GAP / 2;
            places.insert(*name, (x, y));
        }
    }
    (places, width, height)
}

fn svg(arrows: &Arrows) -> String {
    let (places, width, height) = places(arrows);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"14\" role=\"img\">\n<title>The packages of the workspace, each above its dependencies</title>\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#777\"/></marker></defs>\n"
    );
    // Writing to a string cannot fail.
    for (name, needed) in arrows {
        for one in needed {
            let ((x, y), (to_x, to_y)) = (places[name.as_str()], places[one.as_str()]);
            let (y, to_y) = (y + HEIGHT / 2, to_y - HEIGHT / 2);
            let _ = writeln!(
                svg,
                "<path d=\"M{x} {y}L{to_x} {to_y}\" stroke=\"#777\" fill=\"none\" marker-end=\"url(#tip)\"/>"
            );
        }
    }
    for (name, (x, y)) in &places {
        let (left, top) = (x - WIDTH / 2, y - HEIGHT / 2);
        let _ = writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"6\" fill=\"#eef3fb\" stroke=\"#36598f\"/>"
        );
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" fill=\"#1d2b3f\">{name}</text>",
            y + 5
        );
    }
    svg.push_str("</svg>\n");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_in_the_book_matches_the_workspace() {
        let workspace = Workspace::find().unwrap();
        let mut said = Vec::new();
        let outcome = run(&workspace, Options { check: true }, &mut said).unwrap();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(outcome, Outcome::Fine, "{said}");
    }

    #[test]
    fn a_package_is_above_its_dependencies() {
        let mut arrows = Arrows::new();
        arrows.insert("client".to_owned(), BTreeSet::from(["runtime".to_owned()]));
        arrows.insert("command".to_owned(), BTreeSet::from(["client".to_owned()]));
        arrows.insert("runtime".to_owned(), BTreeSet::new());
        let (places, _, _) = places(&arrows);
        assert!(places["command"].1 < places["client"].1);
        assert!(places["client"].1 < places["runtime"].1);
        assert_eq!(svg(&arrows).matches("marker-end").count(), 2);
    }
}
