//! `incidents --config`: the current settings, and the source of each.

use std::process::ExitCode;

use serde_json::json;

use crate::exit::Failure;
use crate::global::Global;
use crate::output::Output;
use crate::output::table::Column;
use crate::profile::{self, Settings};
use crate::profile_file;

static COLUMNS: [Column; 3] = [
    Column::text("SETTING", "setting"),
    Column::text("VALUE", "value"),
    Column::text("FROM", "from"),
];

/// Shows every setting.
pub(crate) fn run(global: &Global, output: &Output) -> Result<ExitCode, Failure> {
    let settings = Settings::load(global)?;
    let mut records: Vec<_> = settings
        .list()
        .into_iter()
        .map(|(name, setting)| {
            json!({
                "setting": name,
                "value": setting.map(|setting| &setting.value),
                "from": setting.map(|setting| setting.origin.to_string()),
            })
        })
        .collect();
    let name = profile::chosen(global);
    records.insert(
        0,
        json!({"setting": "profile", "value": name.value, "from": name.origin.to_string()}),
    );
    let path = profile_file::path().map(|path| path.display().to_string());
    records.push(json!({"setting": "file", "value": path, "from": profile::path_origin()}));
    output.list(&records, &COLUMNS)?;
    Ok(ExitCode::SUCCESS)
}
