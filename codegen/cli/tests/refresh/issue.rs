//! One issue has the report: it is opened, updated, left alone, closed.

use serde_json::{Value, json};

use crate::support::{Asked, Library, serve};

const PAGES: &str = r#"<Property Name="pages" Type="Edm.Int32" />"#;

/// Runs it with recorded responses of the tracker; returns exit code, output, errors and requests.
fn run(
    library: &Library,
    responses: Vec<(&'static str, Value)>,
) -> (i32, String, String, Vec<Asked>) {
    let responses = responses
        .into_iter()
        .map(|(status, body)| (status, body.to_string()))
        .collect();
    let (address, asked) = serve(responses);
    let (code, out, errors) = library.run_with(
        &["--metadata", "library.csdl", "--issue", "ours/library"],
        &[("GITHUB_TOKEN", "secret"), ("GITHUB_API_URL", &address)],
    );
    let asked = asked.lock().unwrap().clone();
    (code, out, errors, asked)
}

fn issue(body: &str) -> Value {
    json!({
        "number": 7,
        "title": "The fragment differs from beta of the worldwide cloud",
        "body": body,
        "html_url": "https://tracker.example/7",
    })
}

#[test]
fn the_first_difference_opens_an_issue() {
    let library = Library::with(&[(PAGES, "")]);
    let (code, out, errors, asked) = run(
        &library,
        vec![("200 OK", json!([])), ("201 Created", issue(""))],
    );
    assert_eq!(code, 0, "{errors}");
    assert!(out.contains("Opened https://tracker.example/7"), "{out}");
    assert!(
        asked[0]
            .line
            .starts_with("GET /repos/ours/library/issues?state=open&labels=refresh")
    );
    assert!(asked[0].headers.contains("authorization: bearer secret"));
    assert_eq!(asked[1].line, "POST /repos/ours/library/issues HTTP/1.1");
    let sent: Value = serde_json::from_str(&asked[1].body).unwrap();
    let body = sent["body"].as_str().unwrap();
    assert!(body.starts_with("<!-- spec-refresh -->\n"), "{body}");
    assert!(body.contains("Book.pages"), "{body}");
    assert_eq!(sent["labels"], json!(["refresh"]));
}

#[test]
fn the_open_issue_is_updated_or_left_alone() {
    let library = Library::with(&[(PAGES, "")]);
    let other = json!({"number": 3, "title": "Something else", "body": "<!-- spec-refresh -->"});
    let known = issue("<!-- spec-refresh -->\nold");
    let (code, out, errors, asked) = run(
        &library,
        vec![("200 OK", json!([other, known])), ("200 OK", known.clone())],
    );
    assert_eq!(code, 0, "{errors}");
    assert!(out.contains("Updated"), "{out}");
    assert_eq!(asked[1].line, "PATCH /repos/ours/library/issues/7 HTTP/1.1");
    let sent: Value = serde_json::from_str(&asked[1].body).unwrap();
    let known = issue(sent["body"].as_str().unwrap());
    let (_, out, _, asked) = run(&library, vec![("200 OK", json!([known]))]);
    assert!(out.contains("Unchanged") && asked.len() == 1, "{out}");
}

#[test]
fn the_issue_is_closed_when_nothing_differs() {
    let library = Library::new();
    let known = issue("<!-- spec-refresh -->\nold");
    let (code, out, _, asked) = run(
        &library,
        vec![("200 OK", json!([known])), ("200 OK", known.clone())],
    );
    assert_eq!(code, 0);
    assert!(
        out.contains("Closed") && asked[1].body.contains("closed"),
        "{out}"
    );
    let (code, out, _, asked) = run(&library, vec![("200 OK", json!([]))]);
    assert!(
        code == 0 && out.contains("Unchanged") && asked.len() == 1,
        "{out}"
    );
}

#[test]
fn an_error_of_the_issue_tracker_is_shown() {
    let library = Library::with(&[(PAGES, "")]);
    let refusal = json!({"message": "Resource not accessible by integration"});
    let (code, _, errors, _) = run(&library, vec![("403 Forbidden", refusal)]);
    assert_eq!(code, 100);
    assert!(
        errors.contains("403 Forbidden Resource not accessible by integration"),
        "{errors}"
    );
    assert!(!errors.contains("secret"));
    let (code, _, errors) = library.run(&["--metadata", "library.csdl", "--issue", "a/b"]);
    assert_eq!(code, 100);
    assert!(errors.contains("GITHUB_TOKEN is not set"), "{errors}");
}

#[test]
fn an_invalid_list_of_issues_opens_no_second_issue() {
    let library = Library::with(&[(PAGES, "")]);
    let (code, _, errors, asked) = run(&library, vec![("200 OK", json!({"items": []}))]);
    assert_eq!(code, 100);
    assert!(errors.contains("it is not a list of issues"), "{errors}");
    assert_eq!(asked.len(), 1);
    let mut known = issue("<!-- spec-refresh -->\nold");
    known["number"] = Value::Null;
    let (code, _, errors, asked) = run(&library, vec![("200 OK", json!([known]))]);
    assert_eq!(code, 100);
    assert!(errors.contains("an issue has no number"), "{errors}");
    assert_eq!(asked.len(), 1);
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_unicode_is_refused_by_its_name() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let library = Library::with(&[(PAGES, "")]);
    let unreadable = OsStr::from_bytes(b"caf\xe9");
    for name in ["GITHUB_TOKEN", "GITHUB_API_URL"] {
        let mut variables = vec![("GITHUB_TOKEN", OsStr::new("secret"))];
        variables.push((name, unreadable));
        let arguments = ["--metadata", "library.csdl", "--issue", "a/b"];
        let (code, _, errors) = library.run_with(&arguments, &variables);
        assert_eq!(code, 100);
        assert!(
            errors.contains(&format!("{name} is not valid Unicode")),
            "{errors}"
        );
    }
}
