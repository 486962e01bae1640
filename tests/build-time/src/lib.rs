//! A consumer whose build script generates a client from a fragment of its own.
