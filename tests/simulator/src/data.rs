//! The initial data of a simulator, and its state file.

use std::io;
use std::sync::Arc;

use crate::builder::Builder;
use crate::contract::Contract;
use crate::entities::{Catalogue, Entities, Item};
use crate::generator::{self, Generator};
use crate::hunting::RECORDED;
use crate::object::text_of;
use crate::reference;
use crate::source_file;
use crate::state::{self, Entry, Journal, Origin, Owner, Recovery};
use crate::store::Store;

/// The initial incidents; none if the contract has none.
pub(crate) fn incidents(builder: &Builder, contract: &Arc<Contract>) -> io::Result<Store> {
    let store = Store::new(Arc::clone(contract));
    let has_incidents = contract.object("Incident").is_some();
    if !has_incidents && (builder.incidents > 0 || builder.from_file.is_some()) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the contract has no incidents, so they cannot be generated or read from a file",
        ));
    }
    if let Some(path) = &builder.from_file {
        source_file::read(path, |draft| store.add([draft]))?;
    } else if builder.incidents > 0 {
        store.seed(Generator::new(
            Arc::clone(contract),
            builder.seed,
            builder.incidents,
        ));
        store.add(reference::incidents().into_iter().take(1));
    } else if has_incidents {
        store.add(reference::incidents());
    }
    Ok(store)
}

/// Generated entities, in each top-level collection.
pub(crate) fn entities(
    builder: &Builder,
    contract: &Contract,
    catalogue: &Catalogue,
) -> io::Result<Entities> {
    let entities = Entities::default();
    let mut collections: Vec<(&str, &str)> = catalogue.top_level().collect();
    // The order is fixed, so that a seed means the same everywhere.
    collections.sort_unstable();
    let mut random = fastrand::Rng::with_seed(builder.seed ^ 0x656e_7469_7469_6573);
    for (path, schema) in collections {
        if catalogue.is_of_incidents(path) {
            continue;
        }
        for number in 1..=builder.entities {
            let object = generator::entity(contract, schema, number, &mut random);
            let id = text_of(&object, "id").unwrap_or_default().to_owned();
            entities
                .write(path, &id, |_| Ok(Some(Item::new(object))))
                .map_err(|refusal| io::Error::other(refusal.message))?;
        }
    }
    Ok(entities)
}

/// Restores a state file, if there is one, and saves all later writes to it.
pub(crate) fn keep(
    builder: &Builder,
    store: &Store,
    entities: &Entities,
    catalogue: &Catalogue,
) -> io::Result<(Option<Arc<Journal>>, Option<Recovery>)> {
    let Some(path) = &builder.state else {
        return Ok((None, None));
    };
    let origin = origin(builder)?;
    let owner = Owner::take(path)?;
    let mut entries = Vec::new();
    let read = state::read(owner.path(), &origin, |entry| entries.push(entry));
    let recovery = match read {
        Err(error) if builder.recover && error.kind() == io::ErrorKind::InvalidData => {
            entries.clear();
            Some(state::recover(owner.path(), &origin, |entry| {
                entries.push(entry);
            })?)
        }
        Err(error) => return Err(error),
        Ok(_) => None,
    };
    for entry in entries {
        match entry {
            Entry::Incident(entry) => store.load(&entry),
            Entry::Entity(entry)
                if catalogue.knows(&entry.collection) || entry.collection == RECORDED =>
            {
                entities.load(entry);
            }
            Entry::Entity(entry) => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!(
                        "{} has entities of '{}', which the contract does not have",
                        owner.path().display(),
                        entry.collection
                    ),
                ));
            }
        }
    }
    let (ours, others) = (store.snapshot(), entities.snapshot());
    let snapshot = move || {
        let mut kept = ours();
        kept.extend(others());
        kept
    };
    // Every start also compacts: one line for each difference.
    let written = state::rewrite(owner.path(), &origin, snapshot().into_iter())?;
    let journal = Arc::new(Journal::start(owner, origin, written, Box::new(snapshot))?);
    store.keep_in(Arc::clone(&journal));
    entities.keep_in(Arc::clone(&journal));
    Ok((Some(journal), recovery))
}

/// The identity of the tenant that a state file belongs to.
fn origin(builder: &Builder) -> io::Result<Origin> {
    let made = builder.incidents > 0 && builder.from_file.is_none();
    Ok(Origin {
        seed: builder.seed,
        incidents: builder.incidents,
        generator: made.then_some(generator::VERSION),
        from: match &builder.from_file {
            Some(path) => Some(source_file::checksum(path)?),
            None => None,
        },
    })
}
