//! Saves writes to a file: they are appended and synced before they are acknowledged, and read back after a kill.

mod format;
mod journal;
mod owner;
mod read;
mod recover;
mod rewrite;

pub(crate) use format::{EntityEntry, Entry, IncidentEntry, Kept, Origin};
pub(crate) use journal::Journal;
pub(crate) use owner::Owner;
pub(crate) use read::read;
pub use recover::Recovery;
pub(crate) use recover::recover;
pub(crate) use rewrite::rewrite;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use serde_json::json;

    use super::*;

    fn origin() -> Origin {
        Origin {
            seed: 1,
            incidents: 0,
            generator: None,
            from: None,
        }
    }

    fn kept(id: &str) -> Kept {
        let incident = json!({"id": id, "displayName": "née"}).to_string();
        let alerts = [json!({"id": "a"}).to_string().into()];
        Kept::incident(incident.as_bytes(), Some(&alerts))
    }

    fn entry(id: &str) -> Entry {
        Entry::Incident(IncidentEntry {
            incident: json!({"id": id}).as_object().unwrap().clone(),
            alerts: None,
        })
    }

    fn id_of(entry: &Entry) -> String {
        match entry {
            Entry::Incident(entry) => entry.incident["id"].as_str().unwrap().to_owned(),
            Entry::Entity(entry) => entry.id.clone(),
        }
    }

    fn ids(path: &Path) -> Result<Vec<String>, String> {
        let mut ids = Vec::new();
        read(path, &origin(), |entry| {
            ids.push(id_of(&entry));
        })
        .map_err(|error| error.to_string())?;
        Ok(ids)
    }

    fn recovered(path: &Path) -> (Vec<String>, Recovery) {
        let mut ids = Vec::new();
        let recovery = recover(path, &origin(), |entry| {
            ids.push(id_of(&entry));
        })
        .unwrap();
        (ids, recovery)
    }

    #[tokio::test]
    async fn acknowledged_writes_are_in_the_file_and_its_header() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let written = rewrite(&path, &origin(), [kept("1")].into_iter()).unwrap();
        let owner = Owner::take(&path).unwrap();
        let journal = Journal::start(owner, origin(), written, Box::new(Vec::new)).unwrap();
        for id in ["2", "3"] {
            journal.append(&[entry(id)]);
        }
        journal.receipt().durable().await.unwrap();
        assert_eq!(ids(&path).unwrap(), ["1", "2", "3"]);
        let text = fs::read_to_string(&path).unwrap();
        let header = text.lines().next().unwrap();
        assert!(header.contains(" 00000000000000000003 "), "{header}");
    }

    #[test]
    fn truncation_and_flipped_bits_are_errors_that_name_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let incidents = || ["1", "2", "3"].into_iter().map(kept);
        rewrite(&path, &origin(), incidents()).unwrap();
        let whole = fs::read(&path).unwrap();
        let read = |bytes: &[u8]| {
            let read = read::read_all(bytes, &path, &origin(), |_| {});
            read.map_err(|error| error.to_string())
        };
        for length in 0..whole.len() {
            let error = read(&whole[..length]).unwrap_err();
            assert!(error.starts_with("line "), "cut at {length}: {error}");
        }
        for place in 0..whole.len() {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[place] ^= 1 << bit;
                let error = read(&damaged).unwrap_err();
                assert!(error.starts_with("line "), "bit {bit} of {place}: {error}");
            }
        }
        assert_eq!(read(&whole), Ok(()));
    }

    #[test]
    fn truncation_and_flipped_bits_lose_at_most_one_further_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        rewrite(&path, &origin(), ["1", "2", "3"].into_iter().map(kept)).unwrap();
        let whole = fs::read(&path).unwrap();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for place in first..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 1;
            fs::write(&path, &damaged).unwrap();
            let (kept, recovery) = recovered(&path);
            // A flipped line feed makes one line of two.
            assert!(kept.len() > usize::from(whole[place] != b'\n'));
            assert_eq!(recovery.lost, Some(3 - kept.len() as u64));
            assert!(!recovery.damaged_lines.is_empty());
            assert_eq!(fs::read(&recovery.damaged_file).unwrap(), damaged);
            assert!(!path.exists());
        }
    }

    #[test]
    fn other_files_are_left_alone_even_by_recovery() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter");
        for text in [
            "my only copy",
            "my only copy\n",
            "{}\n[]",
            "[{\"incident\":1}]\n",
        ] {
            fs::write(&path, text).unwrap();
            assert!(ids(&path).unwrap_err().contains("letter"), "{text}");
            let error = recover(&path, &origin(), |_| {}).unwrap_err();
            assert!(error.to_string().contains("is not a state file"));
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_file_of_format_1_is_refused_and_can_be_recovered() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let text = "{\"format\":1,\"seed\":1,\"incidents\":0}\n[{\"incident\":{\"id\":\"1\"}}]\n[{\"incident\":{\"id\":\"2\"},\"alertr\":[]}]\n";
        fs::write(&path, text).unwrap();
        assert!(ids(&path).unwrap_err().contains("format 1"));
        let (ids, recovery) = recovered(&path);
        assert_eq!(
            (ids, recovery.damaged_lines),
            (vec!["1".to_owned()], vec![1, 3])
        );
    }

    #[test]
    fn an_unfinished_write_is_dropped_silently() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        rewrite(&path, &origin(), [kept("1")].into_iter()).unwrap();
        let whole = fs::read(&path).unwrap();
        for tail in [&b"0"[..], b"01234567 2 [{\"inc", b"01234567 2 []\n"] {
            fs::write(&path, [&whole, tail].concat()).unwrap();
            assert_eq!(ids(&path).unwrap(), ["1"]);
        }
    }

    #[test]
    fn a_file_has_one_owner_and_others_learn_its_pid() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let owner = Owner::take(&path).unwrap();
        let link = folder.path().join("link");
        fs::write(&path, "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&path, &link).unwrap();
        for name in [&path, &link] {
            let error = Owner::take(name).err().unwrap().to_string();
            let pid = format!("in use by process {}", std::process::id());
            assert!(error.contains(&pid), "{error}");
        }
        drop(owner);
        assert!(Owner::take(&path).is_ok());
    }

    #[test]
    fn other_files_beside_the_state_are_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        for ending in ["new", "lock"] {
            let precious = owner::beside(&path, ending);
            fs::write(&precious, "precious").unwrap();
            let failed = Owner::take(&path)
                .and_then(|_| rewrite(&path, &origin(), std::iter::empty()))
                .is_err();
            assert!(failed, "{ending}");
            assert_eq!(fs::read_to_string(&precious).unwrap(), "precious");
            fs::remove_file(&precious).unwrap();
        }
    }

    #[test]
    fn a_file_belongs_to_its_tenant() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let other = Origin {
            seed: 2,
            incidents: 5,
            ..origin()
        };
        rewrite(&path, &other, std::iter::empty()).unwrap();
        assert!(
            ids(&path)
                .unwrap_err()
                .contains("--seed 2 and --incidents 5")
        );
    }
}
