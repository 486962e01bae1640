//! `incidents fleet read`: the stream, one line of JSON for each change.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use graph_incidents_fleet::{Delivery, FileReader, RedisReader, Secrets, Storage};
use std::io::Write as _;

use super::{SettingsOptions, asked_to_stop, failure};
use crate::exit::Failure;

/// The time between two checks of a folder without new changes.
const LOOK: Duration = Duration::from_millis(500);

#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(flatten)]
    settings: SettingsOptions,
    /// The consumer group; each group gets every change, and unacknowledged changes are kept
    #[arg(long, value_name = "NAME", default_value = "read")]
    group: String,
    /// The name of this reader within the group, in Redis
    #[arg(long, value_name = "NAME", default_value = "one")]
    consumer: String,
    /// The tenant to read, if each tenant has its own stream
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Stop at the end of the stream instead of waiting for more
    #[arg(long)]
    once: bool,
}

enum Reader {
    Files(FileReader),
    Redis(Box<RedisReader>),
}

impl Reader {
    async fn open(options: &Options) -> Result<Self, Failure> {
        let settings = options.settings.load()?;
        let storage = settings
            .storage(&Secrets::default())
            .await
            .map_err(failure)?;
        Ok(match storage {
            Storage::Redis(link) => {
                if settings.stream_per_tenant != options.tenant.is_some() {
                    return Err(Failure::usage(match settings.stream_per_tenant {
                        true => "each tenant has its own stream: pass one with --tenant",
                        false => {
                            "all tenants have one stream: --tenant needs `stream-per-tenant` in the settings"
                        }
                    }));
                }
                let reader = RedisReader::new(link, &options.group, &options.consumer);
                Self::Redis(Box::new(match &options.tenant {
                    Some(tenant) => reader.of_tenant(tenant),
                    None => reader,
                }))
            }
            Storage::Folder(folder) => {
                Self::Files(FileReader::open(&folder, &options.group).map_err(failure)?)
            }
            _ => return Err(Failure::other("the stream of this storage cannot be read")),
        })
    }

    async fn read(&mut self) -> Result<Vec<Delivery>, Failure> {
        match self {
            Self::Redis(reader) => reader.read(LOOK).await.map_err(failure),
            Self::Files(reader) => {
                let read = reader.read().map_err(failure)?;
                if read.is_empty() {
                    tokio::time::sleep(LOOK).await;
                }
                Ok(read)
            }
        }
    }

    async fn acknowledge(&self, delivery: &Delivery) -> Result<(), Failure> {
        match self {
            Self::Redis(reader) => reader.acknowledge(delivery).await.map_err(failure),
            Self::Files(reader) => reader.acknowledge(delivery).map_err(failure),
        }
    }
}

pub(super) async fn run(options: &Options) -> Result<ExitCode, Failure> {
    let mut reader = Reader::open(options).await?;
    let stop = asked_to_stop();
    tokio::pin!(stop);
    loop {
        let deliveries = tokio::select! {
            () = &mut stop => return Ok(ExitCode::SUCCESS),
            read = reader.read() => read?,
        };
        if deliveries.is_empty() && options.once {
            return Ok(ExitCode::SUCCESS);
        }
        for delivery in deliveries {
            let line = serde_json::to_string(&delivery.change)
                .map_err(|error| Failure::other(format!("failed to write JSON: {error}")))?;
            {
                let mut out = std::io::stdout().lock();
                writeln!(out, "{line}")?;
                out.flush()?;
            }
            // It was written, so the reader of our output has it.
            reader.acknowledge(&delivery).await?;
        }
    }
}
