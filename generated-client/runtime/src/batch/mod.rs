//! JSON batching: up to 20 requests in one, each with its own status and its own retries.

mod calls;
mod part;

use std::time::Duration;

pub use calls::{Batch, Ticket};

use tokio::time::{Instant, sleep, timeout};

use crate::core::{Core, Request, Response, promise, response};
use crate::data::wire::Wire;
use crate::error::{Effect, Error, Kind};
use crate::operation::{Operation, Patience};
use crate::random;
use crate::retry::Tried;

/// The maximum number of requests in a batch.
pub const LARGEST: usize = 20;

/// A request of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'r> {
    pub(crate) operation: &'r Operation,
    pub(crate) request: &'r Request,
}

/// Takes the response to a part by its index, or returns why it cannot.
pub(crate) type PartReader<'r> = dyn FnMut(usize, &Response) -> Result<(), Error> + Send + 'r;

/// Sends requests of one operation together; returns a result for each, in order.
pub async fn send_all<T: Wire + Send>(
    core: &Core,
    operation: &'static Operation,
    requests: &[Request],
) -> Vec<Result<T, Error>> {
    let parts: Vec<Part<'_>> = requests
        .iter()
        .map(|request| Part { operation, request })
        .collect();
    let mut values: Vec<Option<T>> = requests.iter().map(|_| None).collect();
    let mut read = |place: usize, response: &Response| {
        response::value(response, operation, core.limits(), &mut values[place])
    };
    let results = exchange(core, &parts, &mut read).await;
    let results = results.into_iter().zip(values);
    results
        .map(|(result, value)| result.and_then(|()| value.ok_or_else(|| no_response(operation))))
        .collect()
}

/// Sends requests together, in as many batches as needed; returns the outcome of each, in order.
pub(crate) async fn exchange(
    core: &Core,
    parts: &[Part<'_>],
    read: &mut PartReader<'_>,
) -> Vec<Result<(), Error>> {
    let way = Way {
        core,
        started: Instant::now(),
        patience: parts
            .iter()
            .filter_map(|part| part.operation.patience())
            .max(),
    };
    let mut exchange = Exchange {
        way,
        results: parts.iter().map(|_| None).collect(),
        read,
    };
    exchange.run(parts).await;
    let results = exchange.results.into_iter().zip(parts);
    results
        .map(|(result, part)| result.unwrap_or_else(|| Err(no_response(part.operation))))
        .collect()
}

fn no_response(operation: &Operation) -> Error {
    Error::new(Kind::Lost, "the batch has no response for this part")
        .with_effect(promise::possible(operation))
}

struct Exchange<'e> {
    way: Way<'e>,
    results: Vec<Option<Result<(), Error>>>,
    read: &'e mut PartReader<'e>,
}

/// The connection to the service, and the remaining time.
#[derive(Clone, Copy)]
struct Way<'e> {
    core: &'e Core,
    started: Instant,
    /// The longest time limit of the parts.
    patience: Option<Patience>,
}

/// A part that has no result yet.
struct Open<'r> {
    place: usize,
    part: Part<'r>,
    client_request_id: String,
    attempts: u32,
    timed: u32,
    effect: Effect,
}

/// Why a part has failed in one round.
enum Failure {
    /// It failed alone, and may be retried.
    Own(Error),
    /// The whole batch failed, after its retries.
    Whole(Error),
}

impl<'e> Exchange<'e> {
    async fn run<'r>(&mut self, parts: &[Part<'r>]) {
        let open = parts.iter().enumerate().map(|(place, part)| Open {
            place,
            part: *part,
            client_request_id: random::guid().to_string(),
            attempts: 0,
            timed: 0,
            effect: Effect::NotApplied,
        });
        let mut open: Vec<Open<'r>> = open.collect();
        while !open.is_empty() {
            let mut again = Vec::new();
            let mut delay = None;
            let mut rest = open.into_iter();
            loop {
                let mut batch: Vec<Open<'r>> = rest.by_ref().take(LARGEST).collect();
                if batch.is_empty() {
                    break;
                }
                let failures = self.round(&mut batch).await;
                for (part, failure) in batch.into_iter().zip(failures) {
                    if let Some((part, next)) = self.settle(part, failure) {
                        delay = delay.max(Some(next));
                        again.push(part);
                    }
                }
            }
            open = again;
            if let Some(delay) = delay {
                sleep(delay).await;
            }
        }
    }

    /// Records the outcome of a part; returns it with a delay if it must be sent again.
    fn settle<'r>(
        &mut self,
        mut part: Open<'r>,
        failure: Result<(), Failure>,
    ) -> Option<(Open<'r>, Duration)> {
        let operation = part.part.operation;
        let (error, is_own) = match failure {
            Ok(()) => {
                self.results[part.place] = Some(Ok(()));
                return None;
            }
            Err(Failure::Own(error)) => (error, true),
            Err(Failure::Whole(error)) => (error, false),
        };
        part.effect = part.effect.max(error.effect());
        part.timed += u32::from(error.retry_after().is_some());
        let tried = Tried {
            attempts: part.attempts,
            timed: part.timed,
            elapsed: self.way.started.elapsed(),
        };
        if is_own
            && part.attempts > 0
            && let Some(delay) = self.way.core.retry().next_delay(operation, &error, tried)
        {
            return Some((part, delay));
        }
        let error = match is_own {
            true => error.of_call(operation, &part.client_request_id, part.attempts),
            false => error,
        };
        // A batch is a write as a whole; a part that only reads has written nothing.
        let effect = match operation.is_write() {
            true => part.effect,
            false => Effect::NotApplied,
        };
        self.results[part.place] = Some(Err(error.with_effect(effect)));
        None
    }

    /// Sends one batch; returns the outcome of each part, in order.
    async fn round(&mut self, batch: &mut [Open<'_>]) -> Vec<Result<(), Failure>> {
        let mut outcomes: Vec<Option<Result<(), Failure>>> = Vec::new();
        let mut sent = Vec::new();
        let mut bodies = Vec::new();
        for (number, open) in batch.iter().enumerate() {
            let part = part::part(
                self.way.core,
                number,
                open.part.request,
                &open.client_request_id,
            );
            outcomes.push(match part {
                Ok(part) => {
                    sent.push(number);
                    bodies.push(part);
                    None
                }
                Err(error) => Some(Err(Failure::Own(error))),
            });
        }
        let responses = match self.way.send(batch, &sent, &bodies).await {
            Ok(responses) => responses,
            Err(error) => {
                let failed = outcomes.into_iter();
                return failed
                    .map(|outcome| outcome.unwrap_or_else(|| Err(Failure::Whole(error.again()))))
                    .collect();
            }
        };
        drop(bodies);
        let mut responses = part::by_part(responses);
        for number in sent {
            let open = &mut batch[number];
            open.attempts += 1;
            let result = match responses.remove(&number) {
                Some(Ok(response)) => self.take(open, response).await,
                Some(Err(error)) => Err(error.with_effect(promise::possible(open.part.operation))),
                None => Err(no_response(open.part.operation)),
            };
            match &result {
                Err(error) if error.status() == Some(429) => {
                    self.way.core.budget().throttled(error.retry_after());
                }
                _ => self.way.core.budget().responded(),
            }
            outcomes[number] = Some(result.map_err(Failure::Own));
        }
        let outcomes = outcomes.into_iter().zip(batch);
        outcomes
            .map(|(outcome, open)| {
                outcome.unwrap_or_else(|| Err(Failure::Own(no_response(open.part.operation))))
            })
            .collect()
    }

    /// Reads the response to a part like that of a single call.
    async fn take(&mut self, open: &Open<'_>, response: part::PartResponse) -> Result<(), Error> {
        let Part { operation, request } = open.part;
        let place = open.place;
        let mut read = |response: &Response| (self.read)(place, response);
        let error = match response.read(operation, request, &mut read) {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        if !response::is_updated_without_content(operation, &error) {
            return Err(error);
        }
        let reading = Request::follow(request.url.clone());
        let operation = operation.reading();
        let core = self.way.in_time();
        let response = core
            .call(&reading, &operation, |response, _| Ok(response.clone()))
            .await;
        response
            .and_then(|response| read(&response))
            .map_err(|error| error.with_effect(Effect::Applied))
    }
}

impl Way<'_> {
    fn left(self) -> Duration {
        let total = self.core.retry().longest_call(self.patience);
        total.saturating_sub(self.started.elapsed())
    }

    /// The same core, for a call within the remaining time.
    fn in_time(self) -> Core {
        let policy = self.core.retry().clone().total_time(self.left());
        self.core.with_retry(policy)
    }

    /// Sends the request with the parts, once the budget has granted each of them.
    async fn send(
        self,
        batch: &[Open<'_>],
        sent: &[usize],
        bodies: &[part::WirePart<'_>],
    ) -> Result<Vec<part::RawResponse>, Error> {
        let Some(first) = sent.first() else {
            return Ok(Vec::new());
        };
        let permissions = async {
            // The budget grants the batch request itself as well.
            for _ in 1..sent.len() {
                self.core.budget().permission().await;
            }
        };
        if timeout(self.left(), permissions).await.is_err() {
            let total = self.core.retry().longest_call(self.patience).as_secs_f64();
            return Err(Error::new(
                Kind::Budget,
                format!("timed out waiting for the rate limiter, within {total} s"),
            ));
        }
        let mut operations = sent.iter().map(|number| batch[*number].part.operation);
        let is_repeatable = operations.all(Operation::is_repeatable);
        let permissions = batch[*first].part.operation.permissions();
        let operation = part::operation(permissions, is_repeatable).with_patience(self.patience);
        let request = part::request(self.core, bodies)?;
        self.in_time()
            .call(&request, &operation, part::responses)
            .await
    }
}
