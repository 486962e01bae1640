//! Reads the stream of a fleet in a folder.

use std::path::{Path, PathBuf};

use super::Delivery;
use crate::change::StreamedChange;
use crate::store::{Position, Segments, StoreError, changes};
use crate::tenants::check_name;

/// How many changes are read at once.
const AT_ONCE: usize = 100;

/// Reads the changes of a state folder in order, for a group: acknowledged changes are not returned again.
///
/// A group has one reader at a time.
#[derive(Debug)]
pub struct FileReader {
    folder: PathBuf,
    group: String,
    next: Position,
}

impl FileReader {
    /// Opens the stream of a state folder at the group's position; a new group begins with the oldest existing change.
    ///
    /// # Errors
    ///
    /// Returns an error if the name is not valid for a group, or the folder cannot be read.
    pub fn open(state: &Path, group: &str) -> Result<Self, StoreError> {
        check_name(group)
            .map_err(|reason| StoreError::Invalid(reason.replace("tenant", "group")))?;
        let folder = changes(state);
        let failed = |error| failed(&folder, &error);
        let next = Segments::position(&folder, group).map_err(failed)?;
        // From now on, unacknowledged changes are kept.
        Segments::acknowledge(&folder, group, next).map_err(failed)?;
        Ok(Self {
            folder,
            group: group.to_owned(),
            next,
        })
    }

    /// Returns the next changes; none if all were read.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read, or a line is not a change.
    pub fn read(&mut self) -> Result<Vec<Delivery>, StoreError> {
        let lines = Segments::read(&self.folder, self.next, AT_ONCE)
            .map_err(|error| failed(&self.folder, &error))?;
        let mut deliveries = Vec::new();
        for (line, end) in lines {
            let change: StreamedChange = serde_json::from_str(&line).map_err(|error| {
                StoreError::Invalid(format!(
                    "{}: {:08}.jsonl: the line before byte {} is not a change: {error}",
                    self.folder.display(),
                    end.segment,
                    end.offset
                ))
            })?;
            self.next = end;
            deliveries.push(Delivery {
                entry: format!("{}-{}", end.segment, end.offset),
                deliveries: 1,
                change,
            });
        }
        Ok(deliveries)
    }

    /// Acknowledges a change and all changes before it.
    ///
    /// # Errors
    ///
    /// Returns an error if the acknowledgement cannot be written.
    pub fn acknowledge(&self, delivery: &Delivery) -> Result<(), StoreError> {
        let position = delivery
            .entry
            .split_once('-')
            .and_then(|(segment, offset)| {
                Some(Position {
                    segment: segment.parse().ok()?,
                    offset: offset.parse().ok()?,
                })
            });
        let position = position.ok_or_else(|| {
            StoreError::Invalid(format!(
                "`{}` is not a position in this stream",
                delivery.entry
            ))
        })?;
        Segments::acknowledge(&self.folder, &self.group, position)
            .map_err(|error| failed(&self.folder, &error))
    }
}

fn failed(folder: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!(
        "failed to read the changes below {}: {error}",
        folder.display()
    ))
}
