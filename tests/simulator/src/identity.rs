//! The simulated tenant, and the application that can sign in.

/// The tenant's id.
pub(crate) const TENANT: &str = "b3c1b5fc-828c-45fa-a1e1-10d74f6d6e9c";

/// The application of the simulator's own token, which can also sign in.
pub(crate) const APPLICATION: &str = "0f3e8f5c-6d1b-4f0e-9f57-5f3c1f7f2a11";

/// Its secret, which protects nothing.
pub(crate) const SECRET: &str = "simulator-secret";
