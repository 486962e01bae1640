//! The promises of the simulator, as a caller on a socket meets them.

mod basics;
#[cfg(test)]
mod support;
