//! What the lint promises: see each test.
