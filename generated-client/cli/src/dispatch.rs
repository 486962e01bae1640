//! Runs each command with its options, output and connection.

use std::process::ExitCode;

use crate::arguments::{self, Arguments, Command};
use crate::commands::alerts::AlertsCommand;
use crate::commands::{
    alerts, api, comment, completions, configuration, doctor, evidence, export, hunt, list, login,
    man, merge, schema, show, update, watch,
};
use crate::connect::connect;
use crate::environment;
use crate::exit::Failure;
use crate::output::Output;

/// Runs the command.
pub(crate) async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments { global, command } = arguments;
    #[cfg(feature = "fleet")]
    if let Some(Command::Fleet(command)) = &command {
        return crate::commands::fleet::execute(command, &global).await;
    }
    trace(global.verbose)?;
    let output = Output::new(&global);
    if global.config {
        check_output(&output, &Records::Of("setting"), false)?;
        return configuration::run(&global, &output);
    }
    let Some(command) = command else {
        return Err(Failure::usage("no command was given").help("`incidents --help` lists them"));
    };
    check_output(&output, &command.records(), command.has_raw())?;
    match command {
        Command::Schema(options) => return schema::run(&options),
        Command::Completions(options) => return completions::run(&options),
        Command::Man { folder } => return man::run(arguments::command(), &folder),
        Command::Login(options) => return login::login(&global, &options).await,
        Command::Logout => return login::logout(&global),
        Command::Doctor => return doctor::run(&global, &output).await,
        _ => {}
    }
    let connection = connect(&global).await?;
    match command {
        Command::List(options) => list::run(&connection, &options, &output).await,
        Command::Show(options) => show::run(&connection, &options, &output).await,
        Command::Update(options) => update::run(&connection, &options, &output).await,
        Command::Resolve(options) => update::resolve(&connection, &options, &output).await,
        Command::Assign(options) => update::assign(&connection, &options, &output).await,
        Command::Comment(options) => comment::run(&connection, &options).await,
        Command::Merge(options) => merge::run(&connection, &options).await,
        Command::Alerts(command) => alerts::run(&connection, &command, &output).await,
        Command::Evidence(options) => evidence::run(&connection, &options, &output).await,
        Command::Hunt(options) => hunt::run(&connection, &options, &output).await,
        Command::Watch(options) => watch::run(&connection, &options, &output).await,
        Command::Export(options) => export::run(&connection, &options, &output).await,
        Command::Api(options) => api::run(&connection, &options, &output).await,
        Command::Doctor
        | Command::Login(_)
        | Command::Logout
        | Command::Schema(_)
        | Command::Completions(_)
        | Command::Man { .. } => Ok(ExitCode::SUCCESS),
        #[cfg(feature = "fleet")]
        Command::Fleet(_) => Ok(ExitCode::SUCCESS),
    }
}

/// The records of a command.
enum Records {
    /// Of a type that `incidents schema` describes.
    Of(&'static str),
    /// Any response.
    Any,
    /// It has no records.
    None,
}

/// Refuses output options that a command does not support, so that no option is silently ignored.
fn check_output(output: &Output, records: &Records, has_raw: bool) -> Result<(), Failure> {
    if output.is_raw() && !has_raw {
        return Err(Failure::usage("this command does not support --raw")
            .help("--raw is for list, show, hunt, api, alerts list and alerts show"));
    }
    output.check_flags()?;
    match records {
        Records::Of(name) => output.check_fields(|| schema::properties(name)),
        Records::None if output.asks_for_records() => {
            Err(Failure::usage("this command writes no records")
                .help("--format, --json and --columns are for commands that do"))
        }
        Records::Any | Records::None => Ok(()),
    }
}

impl Command {
    fn records(&self) -> Records {
        match self {
            Self::List(_)
            | Self::Show(_)
            | Self::Export(_)
            | Self::Update(_)
            | Self::Resolve(_)
            | Self::Assign(_) => Records::Of("incident"),
            Self::Alerts(
                AlertsCommand::List(_) | AlertsCommand::Show { .. } | AlertsCommand::Update(_),
            ) => Records::Of("alert"),
            Self::Evidence(_) => Records::Of("indicator"),
            Self::Watch(_) => Records::Of("change"),
            Self::Doctor => Records::Of("finding"),
            Self::Hunt(_) | Self::Api(_) => Records::Any,
            _ => Records::None,
        }
    }

    /// Whether it can write the service's response unchanged.
    fn has_raw(&self) -> bool {
        matches!(
            self,
            Self::List(_)
                | Self::Show(_)
                | Self::Hunt(_)
                | Self::Api(_)
                | Self::Alerts(AlertsCommand::List(_) | AlertsCommand::Show { .. })
        )
    }
}

/// Logs the client's events to standard error: by `RUST_LOG`, or else by the number of `-v`.
fn trace(verbose: u8) -> Result<(), Failure> {
    let level = match verbose {
        0 => "off",
        1 => "graph_client=debug,graph_incidents=debug",
        _ => "debug",
    };
    let filter = environment::log_filter(level)?;
    // A second subscriber would be refused, but there is none.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_span_events(match verbose {
            0 => tracing_subscriber::fmt::format::FmtSpan::NONE,
            _ => tracing_subscriber::fmt::format::FmtSpan::CLOSE,
        })
        .try_init();
    Ok(())
}
