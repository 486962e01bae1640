//! Promises of the client, proved as a user would call it.
