//! Random numbers for other purposes than security: identifiers of requests, and jitter.

use std::hash::{BuildHasher as _, RandomState};

use uuid::Uuid;

/// 64 bits from the keys of the standard library's hash maps.
fn bits() -> u64 {
    RandomState::new().hash_one(0_u8)
}

/// A number in `0.0..1.0`.
pub(crate) fn fraction() -> f64 {
    // A floating-point number represents 53 bits exactly.
    (bits() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A random GUID.
pub(crate) fn guid() -> Uuid {
    let bytes = (u128::from(bits()) << 64 | u128::from(bits())).to_be_bytes();
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    #[test]
    fn identifiers_differ() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|_| super::guid()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.get_version_num() == 4));
    }

    #[test]
    fn fractions_are_below_one_and_spread() {
        let fractions: Vec<f64> = (0..1000).map(|_| super::fraction()).collect();
        assert!(
            fractions
                .iter()
                .all(|fraction| (0.0..1.0).contains(fraction))
        );
        assert!(fractions.iter().any(|fraction| *fraction < 0.2));
        assert!(fractions.iter().any(|fraction| *fraction > 0.8));
    }
}
