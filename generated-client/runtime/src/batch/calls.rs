//! Requests of any operations, sent together, each with its own result.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Part, exchange};
use serde_json::Value;

use crate::call::{Call, Read, responses};
use crate::core::{Core, Request, Response};
use crate::error::Error;
use crate::operation::Operation;
use crate::raw::RawRequest;

/// Requests that are sent together, up to 20 in each round trip.
///
/// Each request is the same as when it is sent alone, counts in the rate budget, is retried separately within the total
/// time of the retry policy, and has its own result.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let simulator = graph_incidents_simulator::Simulator::builder().start().await?;
/// # let core = graph_client_runtime::Core::builder().base_url(simulator.base_url()).token(simulator.token()).build()?;
/// let mut batch = core.batch();
/// let incident = batch.add_raw(core.get("/security/incidents/2972395"));
/// let nobody = batch.add_raw(core.get("/security/incidents/404404"));
/// batch.send().await;
/// assert_eq!(incident.take()?["id"], "2972395");
/// assert!(nobody.take().unwrap_err().is_not_found());
/// # Ok(())
/// # }
/// ```
#[must_use = "a batch is sent by `send`"]
pub struct Batch<'a> {
    core: &'a Core,
    entries: Vec<Entry>,
}

type Reading = Box<dyn FnMut(&Response) -> Result<(), Error> + Send>;

struct Entry {
    operation: Operation,
    request: Request,
    read: Reading,
    fail: Box<dyn FnOnce(Error) + Send>,
}

/// The result that a request will have after the batch was sent.
#[derive(Debug)]
#[must_use = "it has the result"]
pub struct Ticket<T>(Arc<Mutex<Option<Result<T, Error>>>>);

impl<T> Ticket<T> {
    /// Takes the result.
    ///
    /// # Errors
    ///
    /// Returns the error of this request, and an error if the batch was not sent completely.
    pub fn take(self) -> Result<T, Error> {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let result = place.take();
        result.unwrap_or_else(|| Err(Error::refused("the batch was not sent")))
    }
}

impl Core {
    /// Starts a batch of requests of any operations.
    pub fn batch(&self) -> Batch<'_> {
        Batch {
            core: self,
            entries: Vec::new(),
        }
    }
}

impl Batch<'_> {
    /// Adds the request of an operation, such as `client.get_incident("2972395")`. If it is refused before it is sent,
    /// its ticket has the error.
    pub fn add<C>(&mut self, call: C) -> Ticket<C::Response>
    where
        C: Call,
        C::Response: 'static,
    {
        self.place(*call.parts().1, call.request(), C::READ)
    }

    /// Adds a request to any path, such as `core.get("/security/secureScores")`.
    pub fn add_raw(&mut self, request: RawRequest<'_>) -> Ticket<Value> {
        let (operation, request) = request.into_parts();
        self.place(operation, request, responses::json)
    }

    fn place<T: Send + 'static>(
        &mut self,
        operation: Operation,
        request: Result<Request, Error>,
        reader: Read<T>,
    ) -> Ticket<T> {
        let place = Arc::new(Mutex::new(None));
        match request {
            Ok(request) => {
                let (read, fail) = (Arc::clone(&place), Arc::clone(&place));
                let limits = self.core.limits().clone();
                self.entries.push(Entry {
                    operation,
                    request,
                    read: Box::new(move |response| {
                        let value = reader(response, &operation, &limits)?;
                        *read.lock().unwrap_or_else(PoisonError::into_inner) = Some(Ok(value));
                        Ok(())
                    }),
                    fail: Box::new(move |error| {
                        *fail.lock().unwrap_or_else(PoisonError::into_inner) = Some(Err(error));
                    }),
                });
            }
            Err(error) => {
                *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(Err(error));
            }
        }
        Ticket(place)
    }

    /// Sends all requests; afterwards, every ticket has its result.
    pub async fn send(self) {
        let (mut parts, mut readers, mut fails) = (Vec::new(), Vec::new(), Vec::new());
        let entries: Vec<(Operation, Request)> = self
            .entries
            .into_iter()
            .map(|entry| {
                readers.push(entry.read);
                fails.push(entry.fail);
                (entry.operation, entry.request)
            })
            .collect();
        parts.extend(
            entries
                .iter()
                .map(|(operation, request)| Part { operation, request }),
        );
        let mut read = |place: usize, response: &Response| (readers[place])(response);
        let results = exchange(self.core, &parts, &mut read).await;
        for (result, fail) in results.into_iter().zip(fails) {
            if let Err(error) = result {
                fail(error);
            }
        }
    }
}

impl std::fmt::Debug for Batch<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Batch")
            .field("requests", &self.entries.len())
            .finish_non_exhaustive()
    }
}
