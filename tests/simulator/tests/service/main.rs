//! The promises of the simulator, tested over its socket.

#[cfg(test)]
mod access;
#[cfg(test)]
mod administration;
#[cfg(test)]
mod alerts;
#[cfg(test)]
mod bad_responses;
#[cfg(test)]
mod batches;
#[cfg(test)]
mod contracts;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hunting;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod page;
#[cfg(test)]
mod persistence;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod recordings;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tenants;
#[cfg(test)]
mod throttling;
#[cfg(test)]
mod writes;
