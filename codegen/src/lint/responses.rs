//! Rules for responses: successes have one type, and readable media types.

use crate::load::Place;

use super::Linter;
use super::operations::OperationNode;

impl<'a> Linter<'a> {
    pub(super) fn check_responses(&mut self) {
        for operation in self.operations() {
            self.check_responses_of(&operation);
        }
    }

    fn check_responses_of(&mut self, operation: &OperationNode<'a>) {
        let Some(responses) = operation.place.get("responses") else {
            let message = "the operation has no `responses`".to_owned();
            self.report_key(
                &operation.place,
                "missing-keyword",
                message,
                "describe at least the response for success",
            );
            return;
        };
        let mut successes: Vec<(&str, Place<'a>)> = Vec::new();
        for (status, response) in responses.entries() {
            if status.starts_with("x-") {
                continue;
            }
            if !is_status(status) {
                let message = format!("`{status}` is not a status");
                self.report_key(
                    &response,
                    "status",
                    message,
                    "use a number such as `200`, a range such as `2XX`, or `default`",
                );
            } else if status.starts_with('2') {
                successes.push((status, response));
            }
        }
        if successes.is_empty() {
            successes.extend(responses.get("default").map(|only| ("default", only)));
        }
        let Some((first_status, first)) = successes.first() else {
            let message = "the operation has no response for success".to_owned();
            self.report_key(
                &responses,
                "no-success",
                message,
                "add `200`, `204` or `2XX`",
            );
            return;
        };
        let content = self.content_of(first);
        for (status, response) in successes.iter().skip(1) {
            if self.content_of(response) != content {
                let message = format!("the responses `{first_status}` and `{status}` differ");
                self.report_key(
                    response,
                    "several-successes",
                    message,
                    "keep one of them, or give both the same schema",
                );
            }
        }
    }

    /// The content of a response, for comparison.
    fn content_of(&self, response: &Place<'a>) -> Option<serde_json::Value> {
        let content = self.follow(response).get("content")?;
        let schemas = content.entries().into_iter();
        Some(
            schemas
                .map(|(media_type, media)| {
                    let schema = media.node.get("schema").map(crate::load::Node::to_json);
                    serde_json::json!([media_type, schema])
                })
                .collect(),
        )
    }
}

fn is_status(status: &str) -> bool {
    let mut characters = status.chars();
    let class = characters
        .next()
        .is_some_and(|first| ('1'..='5').contains(&first));
    let rest = characters.as_str();
    status == "default"
        || class
            && (rest == "XX" || (rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit())))
}
