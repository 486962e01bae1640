//! Scalars without quotes, according to the core schema of YAML 1.2.

use serde_json::Number;

use super::Value;

/// Why a scalar cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoNumber;

/// The meaning of a plain scalar. Everything but the exact special forms is a string.
pub(super) fn resolve(text: &str) -> Result<Value, NoNumber> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "true" | "True" | "TRUE" => return Ok(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Value::Bool(false)),
        _ => {}
    }
    let may_be_number =
        text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'));
    if !may_be_number {
        return Ok(Value::String(text.to_owned()));
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err(NoNumber);
    }
    if let Some(number) = integer(text, unsigned)? {
        return Ok(Value::Number(number));
    }
    if is_float(unsigned) {
        let value: f64 = text.parse().map_err(|_| NoNumber)?;
        return Number::from_f64(value).map(Value::Number).ok_or(NoNumber);
    }
    Ok(Value::String(text.to_owned()))
}

/// An integer in decimal, octal or hexadecimal digits; one of more than 64 bits is read as a float.
fn integer(text: &str, unsigned: &str) -> Result<Option<Number>, NoNumber> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && !digits.is_empty()
            && digits.chars().all(|digit| digit.is_digit(radix))
        {
            let number = u64::from_str_radix(digits, radix).map_err(|_| NoNumber)?;
            return Ok(Some(number.into()));
        }
    }
    if unsigned.is_empty() || !unsigned.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(None);
    }
    if let Ok(number) = text.parse::<i64>() {
        return Ok(Some(number.into()));
    }
    Ok(text.parse::<u64>().ok().map(Number::from))
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(unsigned: &str) -> bool {
    let all_digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digits = !whole.is_empty() || !fraction.is_empty();
    let exponent_is_right = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && all_digits(digits)
    });
    has_digits && all_digits(whole) && all_digits(fraction) && exponent_is_right
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        match resolve(text) {
            Ok(Value::Null) => "null".to_owned(),
            Ok(Value::Bool(flag)) => flag.to_string(),
            Ok(Value::Number(number)) => number.to_string(),
            Ok(Value::String(text)) => format!("{text:?}"),
            Ok(other) => format!("{other:?}"),
            Err(NoNumber) => "refused".to_owned(),
        }
    }

    #[test]
    fn only_scalars_of_the_core_schema_are_not_strings() {
        let cases = [
            ("", "null"),
            ("~", "null"),
            ("null", "null"),
            ("nil", "\"nil\""),
            ("True", "true"),
            ("tRue", "\"tRue\""),
            ("Yes", "\"Yes\""),
            ("no", "\"no\""),
            ("on", "\"on\""),
            ("off", "\"off\""),
            ("y", "\"y\""),
            ("0", "0"),
            ("-12", "-12"),
            ("+7", "7"),
            ("007", "7"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("0b1", "\"0b1\""),
            ("1_000", "\"1_000\""),
            ("3.0", "3.0"),
            ("3.0.3", "\"3.0.3\""),
            (".5", "0.5"),
            ("5.", "5.0"),
            ("1e3", "1000.0"),
            ("-1.5E-1", "-0.15"),
            ("1e", "\"1e\""),
            (".", "\".\""),
            ("-", "\"-\""),
            ("-.inf", "refused"),
            (".nan", "refused"),
            ("1e999", "refused"),
            ("9007199254740993", "9007199254740993"),
            ("18446744073709551615", "18446744073709551615"),
            ("18446744073709551616", "1.8446744073709552e+19"),
            ("2024-10-01", "\"2024-10-01\""),
            ("12:30", "\"12:30\""),
            ("2XX", "\"2XX\""),
        ];
        for (text, expected) in cases {
            assert_eq!(json(text), expected, "{text}");
        }
    }
}
