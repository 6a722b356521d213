//! How maps, sets, boxes and arrays cross.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use crate::abi::{give, owned, slots, FromSlot, IntoSlot, Slot};

macro_rules! collection {
    ($($name:ident<$($part:ident),*>, $item:ty, $($bound:path),+;)*) => {$(
        impl<'a, $($part: FromSlot<'a>),*> FromSlot<'a> for $name<$($part),*>
        where
            collection!(@first $($part),*): $($bound +)+ ,
        {
            #[inline]
            unsafe fn from_slot(slot: &'a Slot) -> Self {
                // SAFETY: a collection is lent as the slots of its items.
                unsafe { slots(slot).iter().map(|slot| <$item>::from_slot(slot)).collect() }
            }
        }
        impl<$($part: IntoSlot),*> IntoSlot for $name<$($part),*> {
            #[inline]
            fn into_slot(self) -> Slot {
                give(self.into_iter().map(|item| item.into_slot()).collect::<Vec<Slot>>())
            }
            #[inline]
            unsafe fn free(slot: Slot) {
                // SAFETY: `into_slot` gave a slot for each item.
                unsafe {
                    for slot in owned::<Slot>(slot).iter() {
                        <$item>::free(*slot);
                    }
                }
            }
        }
    )*};
    (@first $first:ident $(, $rest:ident)*) => { $first };
}
collection! {
    HashMap<K, V>, (K, V), Eq, Hash;
    BTreeMap<K, V>, (K, V), Ord;
    HashSet<T>, T, Eq, Hash;
    BTreeSet<T>, T, Ord;
}

impl<'a, T: FromSlot<'a>> FromSlot<'a> for Box<T> {
    #[inline]
    unsafe fn from_slot(slot: &'a Slot) -> Self {
        // SAFETY: the caller's.
        Box::new(unsafe { T::from_slot(slot) })
    }
}

impl<T: IntoSlot> IntoSlot for Box<T> {
    #[inline]
    fn into_slot(self) -> Slot {
        (*self).into_slot()
    }
    #[inline]
    unsafe fn free(slot: Slot) {
        // SAFETY: the caller's.
        unsafe { T::free(slot) }
    }
}

/// As a vector; the host made sure of the length.
impl<'a, T: FromSlot<'a>, const N: usize> FromSlot<'a> for [T; N] {
    #[inline]
    unsafe fn from_slot(slot: &'a Slot) -> Self {
        // SAFETY: the caller's.
        let values = unsafe { T::vec_from_slot(slot) };
        values
            .try_into()
            .unwrap_or_else(|_| panic!("an array of another length"))
    }
}

impl<T: IntoSlot, const N: usize> IntoSlot for [T; N] {
    #[inline]
    fn into_slot(self) -> Slot {
        T::vec_into_slot(Vec::from(self))
    }
    #[inline]
    unsafe fn free(slot: Slot) {
        // SAFETY: the caller's.
        unsafe { T::free_vec(slot) }
    }
}

/// A text of the program itself.
impl IntoSlot for &'static str {
    #[inline]
    fn into_slot(self) -> Slot {
        self.to_string().into_slot()
    }
    #[inline]
    unsafe fn free(slot: Slot) {
        // SAFETY: `into_slot` made it a String.
        unsafe { String::free(slot) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T: IntoSlot + for<'a> FromSlot<'a> + Clone + PartialEq + std::fmt::Debug>(value: T) {
        let slot = value.clone().into_slot();
        // SAFETY: the slot was just made of this type; arguments and results have one layout.
        assert_eq!(unsafe { T::from_slot(&*(&slot as *const Slot)) }, value);
        // SAFETY: it is freed once and not used again.
        unsafe { T::free(slot) };
    }

    #[test]
    fn collections_come_back_as_they_went() {
        round_trip(HashMap::from([
            ("a".to_string(), vec![1.5]),
            ("b".to_string(), vec![]),
        ]));
        round_trip(BTreeMap::from([((1u8, 'x'), Some("y".to_string()))]));
        round_trip(HashSet::from([1i64, -1]));
        round_trip(BTreeSet::<String>::new());
        round_trip(Box::new([[1u8, 2], [3, 4]]));
        round_trip(["a".to_string(), "b".to_string()]);
    }
}
