//! The types of properties: strings, numbers, lists and untyped JSON.

use std::borrow::Cow;

use serde_json::Value;
use uuid::Uuid;

use super::JsonMap;
use super::slot::{List, Scalar, Slot, Target};
use super::view::{View, ViewItems};
use super::wire::Wire;

impl Wire for String {
    const EXPECTED: &'static str = "a string";

    #[inline]
    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        scalar.take_text()
    }

    fn view(&self) -> View<'_> {
        View::Text(self)
    }
}

impl Wire for bool {
    const EXPECTED: &'static str = "a boolean";

    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    fn view(&self) -> View<'_> {
        View::Bool(*self)
    }
}

impl Wire for i64 {
    const EXPECTED: &'static str = "a 64-bit integer";

    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::I64(number) => Some(*number),
            Scalar::U64(number) => (*number).try_into().ok(),
            Scalar::F64(number) => whole(*number),
            _ => None,
        }
    }

    fn view(&self) -> View<'_> {
        View::I64(*self)
    }
}

impl Wire for i32 {
    const EXPECTED: &'static str = "a 32-bit integer";

    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        i64::from_scalar(scalar)?.try_into().ok()
    }

    fn view(&self) -> View<'_> {
        View::I64((*self).into())
    }
}

impl Wire for f64 {
    const EXPECTED: &'static str = "a number";

    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        let number = match scalar {
            Scalar::F64(number) => return Some(*number),
            Scalar::I64(number) => *number,
            Scalar::U64(number) => (*number).try_into().ok()?,
            _ => return None,
        };
        // Only without loss.
        (number.unsigned_abs() <= EXACT).then_some(number as f64)
    }

    fn view(&self) -> View<'_> {
        View::F64(*self)
    }
}

/// The largest integer up to which floating-point numbers represent every integer.
const EXACT: u64 = 1 << 53;

/// `12.0` is an integer; `12.5` and numbers that a floating-point number cannot represent exactly are not.
fn whole(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() <= EXACT as f64;
    is_whole.then_some(number as i64)
}

impl Wire for Uuid {
    const EXPECTED: &'static str = "a GUID";

    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        // Only the service's own form; others would not be written back unchanged.
        let text = scalar.text().filter(|text| text.len() == 36)?;
        Uuid::try_parse(text).ok()
    }

    fn view(&self) -> View<'_> {
        View::Displayed(self)
    }
}

impl Wire for Value {
    const EXPECTED: &'static str = "any value";

    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        Some(scalar.take_json())
    }

    fn open_map(slot: &mut Option<Self>) -> Target<'_> {
        Target::Json(slot)
    }

    fn open_list(slot: &mut Option<Self>) -> Target<'_> {
        Target::Json(slot)
    }

    fn view(&self) -> View<'_> {
        View::Json(self)
    }
}

impl Wire for JsonMap {
    const EXPECTED: &'static str = "an object";

    fn open_map(slot: &mut Option<Self>) -> Target<'_> {
        Target::JsonMap(slot)
    }

    fn view(&self) -> View<'_> {
        View::JsonMap(self)
    }
}

impl<T: Wire> Wire for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn whole() -> Cow<'static, str> {
        T::whole()
    }

    fn from_scalar(scalar: &mut Scalar<'_>) -> Option<Self> {
        T::from_scalar(scalar).map(Box::new)
    }

    fn from_null_item() -> Option<Self> {
        T::from_null_item().map(Box::new)
    }

    fn open_map(slot: &mut Option<Self>) -> Target<'_> {
        T::open_boxed_map(slot)
    }

    fn view(&self) -> View<'_> {
        T::view(self)
    }
}

impl<T: Wire> Wire for Vec<T> {
    const EXPECTED: &'static str = "a list whose items fit its type";

    fn open_list(slot: &mut Option<Self>) -> Target<'_> {
        Target::List(slot.insert(Self::new()))
    }

    fn view(&self) -> View<'_> {
        View::List(self)
    }
}

impl<T: Wire> List for Vec<T> {
    fn item_bytes(&self) -> usize {
        size_of::<T>()
    }

    fn item(&mut self, read: &mut dyn FnMut(&mut dyn Slot) -> bool) {
        let mut item = None;
        if read(&mut item) {
            self.extend(item);
        }
    }

    /// One invalid item makes the whole list invalid: the others would be taken for all of them.
    fn misfit(&mut self, item: Value) -> Option<Vec<Value>> {
        if item.is_null()
            && let Some(null) = T::from_null_item()
        {
            self.push(null);
            return None;
        }
        let items = std::mem::take(self);
        let mut list: Vec<Value> = items.iter().map(|item| item.view().into()).collect();
        list.push(item);
        Some(list)
    }
}

impl<T: Wire> ViewItems for Vec<T> {
    fn each(&self, put: &mut dyn FnMut(View<'_>) -> bool) {
        for item in self {
            if !put(item.view()) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_if_nothing_is_lost() {
        let read = |mut scalar: Scalar<'_>| f64::from_scalar(&mut scalar);
        assert_eq!(read(Scalar::F64(0.5)), Some(0.5));
        assert_eq!(read(Scalar::I64(-1)), Some(-1.0));
        assert_eq!(read(Scalar::U64(EXACT)), Some(EXACT as f64));
        assert_eq!(read(Scalar::U64(EXACT + 1)), None);
        assert_eq!(read(Scalar::U64(u64::MAX)), None);
        assert_eq!(read(Scalar::Bool(true)), None);
    }

    #[test]
    fn any_double_is_read_as_it_was_written() {
        let mut bits: u64 = 0x2545_f491_4f6c_dd1d;
        for _ in 0..20_000 {
            bits ^= bits << 13;
            bits ^= bits >> 7;
            bits ^= bits << 17;
            let number = f64::from_bits(bits);
            if number.is_finite() {
                let text = serde_json::to_string(&number).unwrap();
                let read: f64 = crate::json::decode(text.as_bytes()).unwrap();
                assert_eq!(read.to_bits(), number.to_bits(), "{text}");
            }
        }
    }

    #[test]
    fn a_boxed_value_is_read_like_the_value() {
        let read = |mut scalar: Scalar<'_>| Box::<bool>::from_scalar(&mut scalar);
        assert_eq!(read(Scalar::Bool(true)), Some(Box::new(true)));
        assert_eq!(read(Scalar::I64(1)), None);
    }
}
