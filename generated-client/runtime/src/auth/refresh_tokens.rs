//! A store for sign-ins.

use super::BoxError;

/// A store that keeps a person signed in after the end of this process.
///
/// A refresh token is as powerful as a password: keep it where only its owner can read it, such as the system's
/// keyring.
pub trait RefreshTokens: Send + Sync {
    /// Returns the stored refresh token, if there is one.
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be read.
    fn load(&self) -> Result<Option<String>, BoxError>;

    /// Stores a refresh token, instead of the one before.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be stored. The new access token is used anyway.
    fn save(&self, refresh_token: &str) -> Result<(), BoxError>;
}
