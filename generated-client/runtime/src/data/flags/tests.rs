//! Flags are a set: their order says nothing, and none is there twice.

use super::Flags;

fn flags(members: &[u8]) -> Flags<u8> {
    members.iter().copied().collect()
}

#[test]
fn flags_with_the_same_members_are_equal() {
    assert_eq!(flags(&[1, 2]), flags(&[2, 1, 2]));
    assert_ne!(flags(&[1]), flags(&[1, 2]));
    assert_ne!(flags(&[1, 2]), flags(&[1]));
    assert_ne!(flags(&[1, 2]), flags(&[1, 3]));
}

#[test]
fn flags_are_counted_and_iterated_once_each() {
    let some = flags(&[3, 4, 5, 4]);
    assert_eq!((some.len(), some.is_empty()), (3, false));
    assert_eq!((flags(&[]).len(), flags(&[]).is_empty()), (0, true));
    assert_eq!((&some).into_iter().copied().collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(some.into_iter().collect::<Vec<_>>(), [3, 4, 5]);
}
