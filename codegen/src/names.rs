//! Temporary stand-in; being written by its owner.
use heck::*;
fn safe(s: String) -> String {
    if s.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("_{s}");
    }
    if matches!(
        s.as_str(),
        "type"
            | "self"
            | "Self"
            | "ref"
            | "in"
            | "match"
            | "use"
            | "mod"
            | "fn"
            | "new"
            | "none"
            | "static"
    ) && s != "new"
        && s != "none"
    {
        format!("{s}_")
    } else {
        s
    }
}
pub fn type_name(s: &str) -> String {
    safe(s.rsplit('.').next().unwrap_or(s).to_upper_camel_case())
}
pub fn field_name(s: &str) -> String {
    safe(s.to_snake_case())
}
pub fn method_name(s: &str) -> String {
    safe(s.replace('.', "_").to_snake_case())
}
pub fn variant_name(s: &str) -> String {
    safe(s.to_upper_camel_case())
}
