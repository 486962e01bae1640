//! Starts a simulator: the service with its data, and the sockets in front of it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::RwLock;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio::net::TcpListener;
use tokio::sync::watch;
use uuid::Uuid;

use crate::action::{self, Action};
use crate::auth::endpoint::{Application, Endpoint, Settings};
use crate::auth::{Assertions, Caller, Grant, Tokens};
use crate::builder::Builder;
use crate::contract::Contract;
use crate::data;
use crate::entities::Catalogue;
use crate::exchange::Exchanges;
use crate::faults::Faults;
use crate::hunting::Spent;
use crate::identity::{APPLICATION, SECRET};
use crate::ledger::Ledger;
use crate::replay::Replay;
use crate::route::Routes;
use crate::schedule;
use crate::service::Service;
use crate::simulator::Simulator;
use crate::throttle::Throttle;
use crate::transport::{router, serve};

impl Builder {
    /// Starts on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if the port is in use, a file cannot be read or written, or a fault rule or certificate is
    /// invalid; the message says which, and where.
    pub async fn start(self) -> io::Result<Simulator> {
        start(self).await
    }
}

async fn start(builder: Builder) -> io::Result<Simulator> {
    let wanted = SocketAddr::from((builder.address, builder.port));
    let listener = TcpListener::bind(wanted).await.map_err(|error| {
        io::Error::new(error.kind(), format!("cannot listen on {wanted}: {error}"))
    })?;
    let address = listener.local_addr()?;
    let service = Arc::new(service(&builder)?);
    for scheduled in builder.scheduled {
        tokio::spawn(schedule::once(Arc::downgrade(&service), scheduled));
    }
    if let Some(interval) = builder.changes_every {
        tokio::spawn(schedule::again_and_again(
            Arc::downgrade(&service),
            interval,
            builder.seed,
        ));
    }
    let (stop, stopping) = watch::channel(false);
    let serving = tokio::spawn(serve(
        listener,
        router(Arc::clone(&service)),
        builder.read_timeout,
        stopping,
    ));
    Ok(Simulator {
        service,
        address,
        base_url: format!("http://{address}/beta"),
        stop,
        serving: Some(serving),
    })
}

fn service(builder: &Builder) -> io::Result<Service> {
    builder
        .profile
        .check()
        .map_err(|problem| invalid(format!("invalid profile: {problem}")))?;
    let contract = Arc::new(match &builder.contract {
        Some(path) => Contract::read(path)?,
        None => Contract::embedded()?,
    });
    check_handlers(builder, &contract)?;
    let permissions = permissions(&contract);
    let tokens = Tokens::default();
    let own = Grant {
        caller: Caller {
            application: APPLICATION.to_owned(),
            user: None,
            permissions: permissions.clone(),
        },
        lifetime: None,
        claims: None,
    };
    let own_token = tokens.issue(builder.token.clone(), own);
    let catalogue = Catalogue::new(&contract);
    let store = data::incidents(builder, &contract)?;
    let entities = data::entities(builder, &contract, &catalogue)?;
    let (journal, recovery) = data::keep(builder, &store, &entities, &catalogue)?;
    let routes = Routes::new(&contract, |operation| {
        match builder.handlers.get(&operation.id) {
            Some(handler) => Action::Handler(Arc::clone(handler)),
            None => action::of(&catalogue, operation),
        }
    });
    Ok(Service {
        store,
        recovery,
        routes,
        catalogue,
        entities,
        journal,
        epoch: Uuid::from_u128(fastrand::u128(..)).simple().to_string(),
        tokens,
        endpoint: Endpoint::new(settings(builder, permissions)?),
        profile: RwLock::new(Arc::new(builder.profile.clone())),
        throttle: Throttle::default(),
        hunting: Spent::default(),
        faults: faults(builder, &contract)?,
        released: Arc::new(contract.without_beta()),
        contract,
        ledger: Ledger::default(),
        exchanges: Exchanges::new(builder.remembered_bytes),
        replay: match &builder.replay {
            Some(path) => Some(Replay::read(path)?),
            None => None,
        },
        own_token,
        started: Instant::now(),
        observer: builder.observer.clone(),
        read_timeout: builder.read_timeout,
    })
}

/// A handler for an operation that there is not would never be called.
fn check_handlers(builder: &Builder, contract: &Contract) -> io::Result<()> {
    let known = |name: &String| contract.operations.iter().any(|known| known.id == *name);
    match builder.handlers.keys().find(|name| !known(name)) {
        Some(name) => {
            let mut names: Vec<&str> = contract
                .operations
                .iter()
                .map(|operation| operation.id.as_str())
                .collect();
            names.sort_unstable();
            Err(invalid(format!(
                "there is no operation '{name}' for the handler; known: {}",
                names.join(", ")
            )))
        }
        None => Ok(()),
    }
}

fn settings(builder: &Builder, all_permissions: Vec<String>) -> io::Result<Settings> {
    let mut certificates = Vec::new();
    for pem in &builder.certificates {
        let found = CertificateDer::from_pem_slice(pem)
            .map_err(|error| invalid(format!("the certificate cannot be read as PEM: {error}")))?;
        certificates.push(found);
    }
    let federated = format!("federated-{}", Uuid::from_u128(fastrand::u128(..)).simple());
    let permissions = builder.permissions.clone().unwrap_or(all_permissions);
    Ok(Settings {
        application: Application {
            id: APPLICATION.to_owned(),
            secret: SECRET.to_owned(),
            permissions: RwLock::new(permissions),
        },
        assertions: Assertions::new(certificates, federated),
        token_lifetime: builder.token_lifetime,
        refresh_token_lifetime: builder.refresh_token_lifetime,
        device_code_lifetime: builder.device_code_lifetime,
        interval: builder.device_code_interval,
        sign_in_after_polls: builder.sign_in_after_polls,
    })
}

fn faults(builder: &Builder, contract: &Contract) -> io::Result<Faults> {
    let names = contract.operations.iter();
    let names = names.map(|operation| operation.id.clone()).collect();
    let faults = Faults::seeded(builder.seed, names);
    for rule in &builder.faults {
        faults
            .add(rule.clone())
            .map_err(|error| invalid(error.to_string()))?;
    }
    Ok(faults)
}

fn invalid(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

/// Every permission that any operation asks for.
fn permissions(contract: &Contract) -> Vec<String> {
    let mut names: Vec<String> = contract
        .operations
        .iter()
        .flat_map(|operation| {
            operation
                .permissions
                .application
                .iter()
                .chain(&operation.permissions.delegated)
        })
        .cloned()
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
