//! Proof that the fragment, the generated code and the files on disk agree.
