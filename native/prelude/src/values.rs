//! How numbers, texts, vectors, options and tuples cross.

use crate::abi::{borrowed, borrowed_mut, give, owned, slots, FromSlot, IntoSlot, Slot};

macro_rules! number {
    ($($type:ty, $bits:ident => $read:expr, $write:expr;)*) => {$(
        impl<'a> FromSlot<'a> for $type {
            #[inline]
            unsafe fn from_slot($bits: &'a Slot) -> Self { $read }
            #[inline]
            unsafe fn vec_from_slot(slot: &'a Slot) -> Vec<Self> {
                // SAFETY: a vector of numbers is lent as one block.
                unsafe { borrowed::<$type>(slot) }.to_vec()
            }
        }
        impl IntoSlot for $type {
            #[inline]
            fn into_slot(self) -> Slot { let $bits = self; Slot { a: $write, b: 0 } }
            #[inline]
            unsafe fn free(_: Slot) {}
            // Compiled here and not in each cell, as what follows.
            #[inline(never)]
            fn vec_into_slot(values: Vec<Self>) -> Slot { give(values) }
            #[inline(never)]
            unsafe fn free_vec(slot: Slot) {
                // SAFETY: `give` gave it away.
                drop(unsafe { owned::<$type>(slot) });
            }
        }
        impl<'a> FromSlot<'a> for &'a [$type] {
            #[inline]
            unsafe fn from_slot(slot: &'a Slot) -> Self {
                // SAFETY: the caller's.
                unsafe { borrowed(slot) }
            }
        }
        impl<'a> FromSlot<'a> for &'a mut [$type] {
            #[inline]
            unsafe fn from_slot(slot: &'a Slot) -> Self {
                // SAFETY: the caller's.
                unsafe { borrowed_mut(slot) }
            }
        }
    )*};
}
number! {
    i8, x => x.a as i8, x as u64;
    i16, x => x.a as i16, x as u64;
    i32, x => x.a as i32, x as u64;
    i64, x => x.a as i64, x as u64;
    u8, x => x.a as u8, x as u64;
    u16, x => x.a as u16, x as u64;
    u32, x => x.a as u32, x as u64;
    u64, x => x.a, x;
    f32, x => f32::from_bits(x.a as u32), x.to_bits() as u64;
    f64, x => f64::from_bits(x.a), x.to_bits();
}

macro_rules! word {
    ($($type:ty, $slot:ident => $read:expr, $value:ident => $write:expr;)*) => {$(
        impl<'a> FromSlot<'a> for $type {
            #[inline]
            unsafe fn from_slot($slot: &'a Slot) -> Self { $read }
        }
        impl IntoSlot for $type {
            #[inline]
            fn into_slot(self) -> Slot { let $value = self; $write }
            #[inline]
            unsafe fn free(_: Slot) {}
        }
    )*};
}
word! {
    isize, s => s.a as isize, x => Slot { a: x as u64, b: 0 };
    usize, s => s.a as usize, x => Slot { a: x as u64, b: 0 };
    i128, s => (s.a as u128 | (s.b as u128) << 64) as i128, x => Slot { a: x as u64, b: (x >> 64) as u64 };
    u128, s => s.a as u128 | (s.b as u128) << 64, x => Slot { a: x as u64, b: (x >> 64) as u64 };
    bool, s => s.a != 0, x => Slot { a: x as u64, b: 0 };
    char, s => char::from_u32(s.a as u32).unwrap_or(char::REPLACEMENT_CHARACTER), x => Slot { a: x as u64, b: 0 };
    (), _s => (), _x => Slot::default();
}

impl<'a> FromSlot<'a> for &'a str {
    #[inline]
    unsafe fn from_slot(slot: &'a Slot) -> Self {
        // SAFETY: the host lends UTF-8.
        unsafe { std::str::from_utf8_unchecked(borrowed(slot)) }
    }
}

impl<'a> FromSlot<'a> for String {
    #[inline]
    unsafe fn from_slot(slot: &'a Slot) -> Self {
        // SAFETY: as for &str.
        unsafe { <&str>::from_slot(slot) }.to_string()
    }
}

impl IntoSlot for String {
    #[inline(never)]
    fn into_slot(self) -> Slot {
        give(self.into_bytes())
    }
    #[inline(never)]
    unsafe fn free(slot: Slot) {
        // SAFETY: `give` gave it away.
        drop(unsafe { owned::<u8>(slot) });
    }
}

impl<'a, T: FromSlot<'a>> FromSlot<'a> for Vec<T> {
    #[inline]
    unsafe fn from_slot(slot: &'a Slot) -> Self {
        // SAFETY: the caller's.
        unsafe { T::vec_from_slot(slot) }
    }
}

impl<T: IntoSlot> IntoSlot for Vec<T> {
    #[inline]
    fn into_slot(self) -> Slot {
        T::vec_into_slot(self)
    }
    #[inline]
    unsafe fn free(slot: Slot) {
        // SAFETY: the caller's.
        unsafe { T::free_vec(slot) }
    }
}

impl<'a, T: FromSlot<'a>> FromSlot<'a> for Option<T> {
    #[inline]
    unsafe fn from_slot(slot: &'a Slot) -> Self {
        // SAFETY: none is an address of 0; else it is that of one slot.
        unsafe { (slot.a as *const Slot).as_ref().map(|slot| T::from_slot(slot)) }
    }
}

impl<T: IntoSlot> IntoSlot for Option<T> {
    #[inline]
    fn into_slot(self) -> Slot {
        self.map_or(Slot::default(), |value| Slot {
            a: Box::into_raw(Box::new(value.into_slot())) as u64,
            b: 1,
        })
    }
    #[inline]
    unsafe fn free(slot: Slot) {
        if slot.a != 0 {
            // SAFETY: `into_slot` made this box.
            let inner = unsafe { Box::from_raw(slot.a as *mut Slot) };
            // SAFETY: and what is in it came from the value's `into_slot`.
            unsafe { T::free(*inner) }
        }
    }
}

macro_rules! tuple {
    ($($name:ident $index:tt),*) => {
        impl<'a, $($name: FromSlot<'a>),*> FromSlot<'a> for ($($name,)*) {
            #[inline]
            unsafe fn from_slot(slot: &'a Slot) -> Self {
                // SAFETY: a tuple lends one slot for each element.
                unsafe { let all = slots(slot); ($($name::from_slot(&all[$index]),)*) }
            }
        }
        impl<$($name: IntoSlot),*> IntoSlot for ($($name,)*) {
            #[inline]
            fn into_slot(self) -> Slot { give(vec![$(self.$index.into_slot()),*]) }
            #[inline]
            unsafe fn free(slot: Slot) {
                // SAFETY: `into_slot` gave one slot for each element.
                unsafe { let all = owned::<Slot>(slot); $($name::free(all[$index]);)* }
            }
        }
    };
}
tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);

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
    fn values_come_back_as_they_went() {
        round_trip(-5i8);
        round_trip(u64::MAX);
        round_trip(i128::MIN);
        round_trip(f32::MIN_POSITIVE);
        round_trip('é');
        round_trip("a — b".to_string());
        round_trip(vec![1.5, -0.0]);
        round_trip(Vec::<i64>::new());
        round_trip(Vec::<String>::new());
        round_trip(vec![Some("x".to_string()), None]);
        round_trip(Some(vec![(1u32, true, vec![3usize]), (2, false, vec![])]));
    }
}
