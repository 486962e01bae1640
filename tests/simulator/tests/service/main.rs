//! The promises of the simulator, as a caller on a socket meets them.

mod access;
mod batches;
mod faults;
mod lists;
mod profiles;
#[cfg(test)]
mod support;
mod throttling;
mod writes;
