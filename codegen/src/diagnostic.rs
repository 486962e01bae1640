//! Temporary stand-in; being written by its owner.
use std::fmt;
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub rule: &'static str,
    pub message: String,
    pub file: String,
    pub position: Option<Position>,
    pub pointer: String,
    pub help: String,
}
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);
impl Problems {
    pub fn push(&mut self, p: Problem) {
        self.0.push(p)
    }
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    pub fn len(&self) -> usize {
        self.0.len()
    }
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.0.iter()
    }
    pub fn extend(&mut self, o: Problems) {
        self.0.extend(o.0)
    }
}
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for p in &self.0 {
            writeln!(
                f,
                "error[{}]: {}\n  at {}:{:?}\n  in {}\n  help: {}",
                p.rule, p.message, p.file, p.position, p.pointer, p.help
            )?;
        }
        Ok(())
    }
}
impl std::error::Error for Problems {}
