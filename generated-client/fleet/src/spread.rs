//! Assigns tenants to workers by rendezvous hashing, so that few tenants move when a worker joins or leaves.

/// Returns the worker of a tenant; none if there is no worker.
pub(crate) fn owner<'a>(tenant: &str, workers: &'a [String]) -> Option<&'a str> {
    let weighed = workers
        .iter()
        .map(|worker| (weight(worker, tenant), worker));
    weighed.max().map(|(_, worker)| worker.as_str())
}

/// FNV-1a of both names, mixed (the finalizer of SplitMix64) so that similar names are assigned independently.
fn weight(worker: &str, tenant: &str) -> u64 {
    let bytes = worker.bytes().chain([0]).chain(tenant.bytes());
    let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workers(count: usize) -> Vec<String> {
        (0..count)
            .map(|number| format!("worker-{number}"))
            .collect()
    }

    #[test]
    fn tenants_are_spread_evenly_and_move_only_from_a_leaving_worker() {
        let (all, tenants) = (
            workers(8),
            (0..8_000).map(|number| format!("tenant-{number}")),
        );
        let tenants: Vec<String> = tenants.collect();
        let fewer: Vec<String> = all
            .iter()
            .filter(|name| *name != "worker-3")
            .cloned()
            .collect();
        let mut counts = std::collections::BTreeMap::new();
        for tenant in &tenants {
            let before = owner(tenant, &all).unwrap();
            *counts.entry(before).or_insert(0) += 1;
            if before != "worker-3" {
                assert_eq!(owner(tenant, &fewer), Some(before));
            }
        }
        assert!(
            counts.values().all(|count| (850..1_150).contains(count)),
            "{counts:?}"
        );
        assert_eq!(owner("tenant", &[]), None);
    }

    #[test]
    fn the_order_of_workers_does_not_matter() {
        let (mut all, tenant) = (workers(5), "contoso");
        let first = owner(tenant, &all).unwrap().to_owned();
        all.reverse();
        assert_eq!(owner(tenant, &all), Some(first.as_str()));
    }
}
