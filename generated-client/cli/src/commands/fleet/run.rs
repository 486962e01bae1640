//! `incidents fleet run`: a worker, its endpoints and its log.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum};
use graph_incidents_fleet::{Secrets, serve_health};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::simulated::SimulatedTenants;
use super::{SettingsOptions, asked_to_stop, failure};
use crate::environment;
use crate::exit::Failure;
use crate::global::Global;

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    settings: SettingsOptions,
    /// The seconds between two checks of a tenant
    #[arg(long, value_name = "SECONDS")]
    every: Option<u64>,
    /// The worker's unique name [default: generated]
    #[arg(long, value_name = "NAME")]
    worker: Option<String>,
    /// The address of the endpoints /health/live, /health/ready, /status, /tenants
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9464")]
    listen: SocketAddr,
    /// Serve no endpoints
    #[arg(long, conflicts_with = "listen")]
    no_listen: bool,
    /// The format of the log [default: text on a terminal, else JSON]
    #[arg(long, value_name = "FORMAT", value_enum)]
    log: Option<Log>,
}

/// The format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Log {
    /// A line of text for people
    Text,
    /// A JSON object per line
    Json,
}

pub(super) async fn run(options: &Options, global: &Global) -> Result<ExitCode, Failure> {
    let telemetry = log(options.log)?;
    let mut settings = options.settings.load()?;
    settings.every = options.every.unwrap_or(settings.every);
    settings.worker = options.worker.clone().or(settings.worker);
    // They run until the worker has released its tenants.
    let _simulated = SimulatedTenants::start(global, &mut settings, options.every).await?;
    let worker = settings.worker(Secrets::default()).await.map_err(failure)?;
    let board = worker.board();
    telemetry.observe(std::sync::Arc::clone(&board));
    let (stop, stopping) = watch::channel(false);
    let mut endpoints = None;
    if !options.no_listen {
        let listener = TcpListener::bind(options.listen).await.map_err(|error| {
            Failure::usage(format!("failed to listen on {}: {error}", options.listen))
                .help("pass another address with `--listen`, or use `--no-listen`")
        })?;
        let mut stopping = stopping.clone();
        let stopped = async move {
            // The sender that would stop it is gone, so it stops.
            let _ = stopping.wait_for(|stop| *stop).await;
        };
        let lease = Duration::from_secs(settings.lease);
        endpoints = Some(tokio::spawn(serve_health(listener, board, lease, stopped)));
    }
    tracing::info!(target: "graph_incidents_fleet", listen = %options.listen, "the worker starts; stop it with Ctrl-C");
    let result = worker.run(asked_to_stop()).await;
    stop.send_replace(true);
    if let Some(endpoints) = endpoints
        && let Ok(Err(error)) = endpoints.await
    {
        tracing::warn!(target: "graph_incidents_fleet", %error, "the endpoints stopped");
    }
    telemetry.end();
    result.map_err(failure)?;
    tracing::info!(target: "graph_incidents_fleet", "the worker has released its tenants");
    Ok(ExitCode::SUCCESS)
}

/// Writes a log to standard error; `RUST_LOG` sets its content.
fn log(format: Option<Log>) -> Result<Telemetry, Failure> {
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;
    use tracing_subscriber::{EnvFilter, Layer as _};

    let chosen = environment::log_filter("graph_incidents_fleet=info,graph_incidents=warn")?;
    let is_terminal = std::io::stderr().is_terminal();
    let format = format.unwrap_or(if is_terminal { Log::Text } else { Log::Json });
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(is_terminal);
    let telemetry = Telemetry::start()?;
    // Traces include every request, whatever the log omits.
    let traced = EnvFilter::new("graph_client=info,graph_incidents_fleet=info");
    let subscriber = tracing_subscriber::registry().with(telemetry.layer().with_filter(traced));
    // A second subscriber would be refused, but there is none.
    let _ = match format {
        Log::Text => subscriber.with(lines.with_filter(chosen)).try_init(),
        Log::Json => {
            let lines = lines.json().flatten_event(true);
            subscriber.with(lines.with_filter(chosen)).try_init()
        }
    };
    Ok(telemetry)
}

#[cfg(feature = "fleet-otel")]
use otel::Telemetry;

#[cfg(feature = "fleet-otel")]
mod otel {
    //! Metrics and traces by OTLP, where `OTEL_EXPORTER_OTLP_ENDPOINT` says where to.

    use std::sync::Arc;

    use graph_incidents_fleet::{Board, Otel};

    use crate::exit::Failure;

    pub(super) struct Telemetry(Option<Otel>);

    impl Telemetry {
        pub(super) fn start() -> Result<Self, Failure> {
            match std::env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT") {
                Some(_) => Otel::start("incidents-fleet")
                    .map(|otel| Self(Some(otel)))
                    .map_err(Failure::usage),
                None => Ok(Self(None)),
            }
        }

        pub(super) fn layer<S>(&self) -> Option<impl tracing_subscriber::Layer<S> + use<S>>
        where
            S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
        {
            self.0.as_ref().map(Otel::layer)
        }

        pub(super) fn observe(&self, board: Arc<Board>) {
            if let Some(otel) = &self.0 {
                otel.observe(board);
            }
        }

        pub(super) fn end(self) {
            if let Some(Err(error)) = self.0.map(Otel::end) {
                tracing::warn!(target: "graph_incidents_fleet", error, "the last metrics and traces could not be sent");
            }
        }
    }
}

/// Does nothing: this build has no OTLP.
#[cfg(not(feature = "fleet-otel"))]
struct Telemetry;

#[cfg(not(feature = "fleet-otel"))]
impl Telemetry {
    fn start() -> Result<Self, Failure> {
        match std::env::var_os("OTEL_EXPORTER_OTLP_ENDPOINT") {
            Some(_) => Err(Failure::usage(
                "OTEL_EXPORTER_OTLP_ENDPOINT is set, but this build cannot send metrics and traces",
            )
            .help("build it with the feature `fleet-otel`, or unset the variable")),
            None => Ok(Self),
        }
    }

    fn layer(&self) -> tracing_subscriber::layer::Identity {
        tracing_subscriber::layer::Identity::new()
    }

    fn observe(&self, _: std::sync::Arc<graph_incidents_fleet::Board>) {}

    fn end(self) {}
}
