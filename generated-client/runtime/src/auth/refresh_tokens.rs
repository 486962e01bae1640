//! Where a sign-in is remembered.

use super::BoxError;

/// A place that remembers that a person is signed in, longer than this process runs.
///
/// A refresh token is as good as a password: keep it where only its owner can read it, such as the system's keyring.
pub trait RefreshTokens: Send + Sync {
    /// Returns the refresh token, where one is remembered.
    ///
    /// # Errors
    ///
    /// Returns an error where that cannot be told.
    fn load(&self) -> Result<Option<String>, BoxError>;

    /// Remembers a refresh token, in the place of the one before.
    ///
    /// # Errors
    ///
    /// Returns an error where it cannot be kept. The token that was asked for is used all the same.
    fn save(&self, refresh_token: &str) -> Result<(), BoxError>;
}
