//! Points in time, in the service's format and every other form of RFC 3339.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::slot::Scalar;
use super::view::View;
use super::wire::Wire;

impl Wire for DateTime<Utc> {
    const EXPECTED: &'static str = "a date-time";

    /// Fractions below a nanosecond are truncated. A time whose offset moves it out of the years 0 to 9999 does not
    /// fit, because it could not be written and read back.
    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        let text = scalar.text()?;
        usual_form(text.as_bytes()).or_else(|| {
            let time = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
            (0..=9999).contains(&time.year()).then_some(time)
        })
    }

    fn view(&self) -> View<'_> {
        View::Time(*self)
    }
}

/// Parses `2021-08-13T08:43:35.5533333Z`, with up to nine fraction digits: the service's format, several times faster
/// than RFC 3339 in general. Other forms are left to a general parser.
fn usual_form(text: &[u8]) -> Option<DateTime<Utc>> {
    let (date, time) = text.split_at_checked(11)?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T'] = *date else {
        return None;
    };
    let [h1, h2, b':', n1, n2, b':', s1, s2, fraction @ .., b'Z'] = time else {
        return None;
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)?;
    let (hour, minute, second) = (
        number(&[*h1, *h2])?,
        number(&[*n1, *n2])?,
        number(&[*s1, *s2])?,
    );
    let nanosecond = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
            let missing = u32::try_from(9 - digits.len()).ok()?;
            number(digits)? * 10_u32.pow(missing)
        }
        _ => return None,
    };
    let time = date.and_hms_nano_opt(hour, minute, second, nanosecond)?;
    Some(time.and_utc())
}

/// The number of up to nine digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        let digit = digit.wrapping_sub(b'0');
        (digit < 10).then(|| number * 10 + u32::from(digit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_parser_agrees_with_the_general_one() {
        for text in [
            "2021-08-13T08:43:35.5533333Z",
            "2021-08-13T08:43:35Z",
            "2024-02-29T23:59:59.1Z",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999Z",
        ] {
            let general = DateTime::parse_from_rfc3339(text).unwrap().to_utc();
            assert_eq!(usual_form(text.as_bytes()), Some(general));
        }
    }

    #[test]
    fn every_one_byte_change_is_refused_or_parsed_like_the_general_parser() {
        let usual = b"2024-02-29T23:59:59.1234567Z";
        for place in 0..usual.len() {
            for byte in 0..=127 {
                let mut changed = usual.to_vec();
                changed[place] = byte;
                let Some(time) = usual_form(&changed) else {
                    continue;
                };
                let text = String::from_utf8(changed).unwrap();
                assert_eq!(DateTime::parse_from_rfc3339(&text).unwrap(), time, "{text}");
            }
        }
    }
}
