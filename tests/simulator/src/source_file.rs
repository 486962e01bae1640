//! The user's own incidents to start with: a JSON list, a response of the service, or one incident per line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

use serde_json::Value;

use crate::object::Object;
use crate::store::Draft;

/// Passes each incident of a file on, in order.
pub(crate) fn read(path: &Path, mut each: impl FnMut(Draft)) -> io::Result<()> {
    let invalid = |place: String, problem: String| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "{place} of {} is not an incident: {problem}",
                path.display()
            ),
        )
    };
    let mut lines = BufReader::new(File::open(path).map_err(|error| named(path, &error))?);
    let mut first = String::new();
    lines.read_line(&mut first)?;
    lines.rewind()?;
    // A file with one incident per line is read line by line, whatever its size.
    let by_line =
        serde_json::from_str::<Object>(&first).is_ok_and(|object| !object.contains_key("value"));
    if by_line {
        for (index, line) in lines.lines().enumerate() {
            let line = line?;
            if !line.trim().is_empty() {
                let place = || format!("line {}", index + 1);
                let value = serde_json::from_str(&line)
                    .map_err(|error| invalid(place(), error.to_string()))?;
                each(draft(value).map_err(|problem| invalid(place(), problem))?);
            }
        }
        return Ok(());
    }
    let mut text = String::new();
    lines.read_to_string(&mut text)?;
    let whole: Value = serde_json::from_str(&text)
        .map_err(|error| invalid("the text".to_owned(), error.to_string()))?;
    let incidents = match whole {
        Value::Array(incidents) => incidents,
        Value::Object(mut response) => match response.remove("value") {
            Some(Value::Array(incidents)) => incidents,
            Some(_) => {
                let problem = "its 'value' is not a list".to_owned();
                return Err(invalid("the text".to_owned(), problem));
            }
            None => vec![Value::Object(response)],
        },
        other => vec![other],
    };
    for (index, incident) in incidents.into_iter().enumerate() {
        each(draft(incident).map_err(|problem| invalid(format!("item {}", index + 1), problem))?);
    }
    Ok(())
}

/// A checksum of the whole file.
pub(crate) fn checksum(path: &Path) -> io::Result<u32> {
    let mut hasher = crc32fast::Hasher::new();
    let mut file = File::open(path).map_err(|error| named(path, &error))?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file
            .read(&mut buffer)
            .map_err(|error| named(path, &error))?
        {
            0 => return Ok(hasher.finalize()),
            length => hasher.update(buffer.get(..length).unwrap_or_default()),
        }
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("{} cannot be read: {error}", path.display()),
    )
}

/// An incident whose expanded alerts are put beside it.
fn draft(value: Value) -> Result<Draft, String> {
    let Value::Object(mut incident) = value else {
        return Err("it is not an object".to_owned());
    };
    if !incident.get("id").is_some_and(Value::is_string) {
        return Err("it has no string 'id'".to_owned());
    }
    crate::store::check_times(&incident)?;
    incident.retain(|name, _| !name.contains("@odata."));
    let alerts = match incident.remove("alerts") {
        Some(Value::Array(alerts)) => alerts,
        Some(Value::Null) | None => Vec::new(),
        Some(_) => return Err("its 'alerts' are not a list".to_owned()),
    };
    let alerts: Option<Vec<Object>> = alerts
        .into_iter()
        .map(|alert| match alert {
            Value::Object(alert) => Some(alert),
            _ => None,
        })
        .collect();
    let alerts = alerts.ok_or("one of its 'alerts' is not an object")?;
    for alert in &alerts {
        if !alert.get("id").is_some_and(Value::is_string) {
            return Err("one of its 'alerts' has no string 'id'".to_owned());
        }
        crate::store::check_times(alert).map_err(|problem| format!("in an alert, {problem}"))?;
    }
    Ok(Draft { incident, alerts })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Result<Vec<String>, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let mut ids = Vec::new();
        read(file.path(), |draft| {
            ids.push(format!(
                "{}+{}",
                draft.incident["id"].as_str().unwrap(),
                draft.alerts.len()
            ));
        })
        .map_err(|error| error.to_string())?;
        Ok(ids)
    }

    #[test]
    fn lists_responses_lines_and_single_incidents_are_read() {
        for text in [
            r#"[{"id": "1", "alerts": [{"id": "a"}]}, {"id": "2"}]"#,
            r#"{"@odata.nextLink": "x", "value": [{"id": "1", "alerts": [{"id": "a"}]}, {"id": "2"}]}"#,
            "{\"id\": \"1\", \"alerts\": [{\"id\": \"a\"}]}\n\n{\"id\": \"2\"}\n",
        ] {
            assert_eq!(ids(text).unwrap(), ["1+1", "2+0"], "{text}");
        }
        assert_eq!(ids("{\n \"id\": \"1\"\n}").unwrap(), ["1+0"]);
    }

    #[test]
    fn an_invalid_incident_is_reported_with_its_location() {
        assert!(
            ids(r#"[{"id": "1"}, {"name": "x"}]"#)
                .unwrap_err()
                .starts_with("item 2 of")
        );
        assert!(
            ids("{\"id\": \"1\"}\n{\"id\": 2}\n")
                .unwrap_err()
                .starts_with("line 2 of")
        );
        assert!(ids("not JSON").unwrap_err().starts_with("the text of"));
        for (text, problem) in [
            (
                r#"{"id": "1", "value": {"id": "2"}}"#,
                "its 'value' is not a list",
            ),
            (
                r#"[{"id": "1", "alerts": {"id": "a"}}]"#,
                "its 'alerts' are not a list",
            ),
            (
                r#"[{"id": "1", "alerts": ["a"]}]"#,
                "one of its 'alerts' is not an object",
            ),
            (
                r#"[{"id": "1", "alerts": [{"title": "a"}]}]"#,
                "has no string 'id'",
            ),
            (
                r#"[{"id": "1", "alerts": [{"id": "a", "createdDateTime": "soon"}]}]"#,
                "in an alert, 'createdDateTime' is 'soon'",
            ),
        ] {
            let error = ids(text).unwrap_err();
            assert!(error.contains(problem), "{text}: {error}");
        }
        assert_eq!(ids(r#"[{"id": "1", "alerts": null}]"#).unwrap(), ["1+0"]);
    }
}
