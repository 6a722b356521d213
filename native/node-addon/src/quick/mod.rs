//! Calls whose arguments and result need one step each. The steps are chosen when a cell is loaded, so that a call reads no
//! types, allocates nothing, and asks Node-API as little as a hand-written addon would. Whatever does not fit (another
//! type of value, out of range, overlapping arrays) is left to the full way, which says what is wrong.

mod plan;

use std::mem::MaybeUninit;
use std::ptr::null_mut;

use napi::sys;
use tandem_cell_host::abi::{Slot, DONE};
use tandem_cell_host::classes;
use tandem_cell_host::library::Loaded;

use crate::arguments::SAFE;
use crate::handles;
pub use plan::{plan, Plan};
use plan::{Back, Step};

/// What a quick call came to.
pub enum Quick {
    Value(sys::napi_value),
    /// Nothing was called: the arguments are for the full way.
    Unread,
    /// Called, and the status and slot are for the full way.
    Ended(i32, Slot),
}

/// Bytes of texts in the arguments of a quick call.
const TEXT: usize = 256;

/// Instances that are lent to a call; given back when it ends.
struct Loans<const WANTED: usize> {
    handles: [u64; WANTED],
    count: usize,
}

impl<const WANTED: usize> Drop for Loans<WANTED> {
    #[inline]
    fn drop(&mut self) {
        for &handle in &self.handles[..self.count] {
            classes::release(handle);
        }
    }
}

/// Reads, calls and writes back. `WANTED` is the number of parameters, and so many values are here. `KNOWN`: each slice's
/// argument is a typed array of its kind, which JavaScript finds out in a fraction of the time that Node-API takes.
#[inline(always)]
pub fn run<const WANTED: usize, const KNOWN: bool>(
    env: sys::napi_env,
    loaded: &Loaded,
    plan: &Plan,
    values: &[sys::napi_value; WANTED],
) -> Quick {
    let mut slots = [Slot::default(); WANTED];
    let mut text = MaybeUninit::<[u8; TEXT]>::uninit();
    let mut written = 0;
    let mut loans = Loans {
        handles: [0; WANTED],
        count: 0,
    };
    for index in 0..WANTED {
        let Some(step) = plan.steps.get(index) else {
            return Quick::Unread;
        };
        let (value, slot) = (values[index], &mut slots[index]);
        let done = match *step {
            Step::Text => {
                // SAFETY: the rest of the buffer.
                let room = unsafe { text.as_mut_ptr().cast::<u8>().add(written) };
                let read = short_text(env, value, room, TEXT - written, slot);
                written += slot.b as usize + 1;
                read
            }
            Step::Instance {
                class,
                access,
                receiver,
            } => match handle_of(env, value, receiver)
                .and_then(|handle| Some((handle, classes::lend_of(handle, class, access)?)))
            {
                Some((handle, address)) => {
                    loans.handles[loans.count] = handle;
                    loans.count += 1;
                    slot.a = address;
                    true
                }
                None => false,
            },
            step => read::<KNOWN>(env, value, step, slot),
        };
        if !done {
            return Quick::Unread;
        }
    }
    if plan.may_overlap && overlap(&plan.steps, &slots) {
        return Quick::Unread;
    }
    let mut out = Slot::default();
    // SAFETY: a slot for each parameter, of its type; arrays lie where JavaScript keeps them, which does not run meanwhile,
    // and those that are written overlap no other; texts lie in the buffer above; instances are lent until below.
    let status = unsafe { loaded.call_bare(&slots, &mut out) };
    drop(loans);
    if status != DONE {
        return Quick::Ended(status, out);
    }
    write(env, loaded, plan.back, &out)
}

/// The receiver of a method comes as its handle; a number is no instance elsewhere.
#[inline]
fn handle_of(env: sys::napi_env, value: sys::napi_value, receiver: bool) -> Option<u64> {
    match receiver {
        true => handles::number(env, value),
        false => handles::of(env, value),
    }
}

/// Fills the words of a slot one by one, here and below: the cell reads them so, and a processor is slow to read as a whole
/// what was written in parts.
#[inline(always)]
fn read<const KNOWN: bool>(env: sys::napi_env, value: sys::napi_value, step: Step, slot: &mut Slot) -> bool {
    let mut double = 0f64;
    match step {
        Step::Bool => {
            let mut truth = false;
            // SAFETY: a value of this environment; results go to locals, here and below.
            let status = unsafe { sys::napi_get_value_bool(env, value, &mut truth) };
            slot.a = truth as u64;
            status == sys::Status::napi_ok
        }
        Step::Slice { kind, .. } => slice::<KNOWN>(env, value, kind, slot),
        step => {
            // SAFETY: as above.
            if unsafe { sys::napi_get_value_double(env, value, &mut double) } != sys::Status::napi_ok {
                return false;
            }
            slot.a = match step {
                Step::F64 => double.to_bits(),
                Step::F32 => (double as f32).to_bits() as u64,
                Step::Whole { low, high } => {
                    let whole = double as i64;
                    // What is no whole number differs from what it was cut to; NaN from everything.
                    if !(double >= low && double <= high && whole as f64 == double) {
                        return false;
                    }
                    whole as u64
                }
                _ => return false,
            };
            true
        }
    }
}

#[inline(always)]
fn slice<const KNOWN: bool>(
    env: sys::napi_env,
    value: sys::napi_value,
    wanted: i32,
    slot: &mut Slot,
) -> bool {
    let (mut kind, mut length, mut data, mut buffer) = (wanted, 0usize, null_mut(), null_mut());
    let mut owned = false;
    // SAFETY: as above. A SharedArrayBuffer is no ArrayBuffer to the second question.
    let status = unsafe {
        sys::napi_get_typedarray_info(
            env,
            value,
            if KNOWN { null_mut() } else { &mut kind },
            &mut length,
            &mut data,
            &mut buffer,
            null_mut(),
        )
    };
    if status != sys::Status::napi_ok || kind != wanted {
        return false;
    }
    // SAFETY: as above.
    let status = unsafe { sys::napi_is_arraybuffer(env, buffer, &mut owned) };
    slot.a = data as u64;
    slot.b = length as u64;
    status == sys::Status::napi_ok && owned
}

/// A text that fits the room with its closing 0.
fn short_text(
    env: sys::napi_env,
    value: sys::napi_value,
    room: *mut u8,
    size: usize,
    slot: &mut Slot,
) -> bool {
    let mut length = 0usize;
    // SAFETY: the caller's room has this size.
    let status = unsafe { sys::napi_get_value_string_utf8(env, value, room.cast(), size, &mut length) };
    slot.a = room as u64;
    slot.b = length as u64;
    // A longer text is cut at a character of up to 4 bytes.
    status == sys::Status::napi_ok && length + 4 < size
}

fn overlap(steps: &[Step], slots: &[Slot]) -> bool {
    let ranges = || {
        steps
            .iter()
            .zip(slots)
            .enumerate()
            .filter_map(|(index, (step, slot))| match step {
                Step::Slice { width, mutable, .. } => {
                    Some((index, slot.a, slot.a + slot.b * *width as u64, *mutable))
                }
                _ => None,
            })
    };
    ranges().any(|(index, start, end, mutable)| {
        ranges().any(|(other, from, to, written)| {
            other < index && (mutable || written) && start < to && from < end
        })
    })
}

#[inline(always)]
fn write(env: sys::napi_env, loaded: &Loaded, back: Back, out: &Slot) -> Quick {
    let mut value = null_mut();
    // SAFETY: `env` is the running one and the result goes to a local.
    let status = unsafe {
        match back {
            // No value is undefined.
            Back::Nothing => return Quick::Value(null_mut()),
            Back::Bool => sys::napi_get_boolean(env, out.a != 0, &mut value),
            Back::F64 => sys::napi_create_double(env, f64::from_bits(out.a), &mut value),
            Back::F32 => sys::napi_create_double(env, f32::from_bits(out.a as u32) as f64, &mut value),
            Back::I32 => sys::napi_create_int32(env, out.a as i32, &mut value),
            Back::U32 => sys::napi_create_uint32(env, out.a as u32, &mut value),
            Back::I64 => sys::napi_create_bigint_int64(env, out.a as i64, &mut value),
            Back::U64 => sys::napi_create_bigint_uint64(env, out.a, &mut value),
            Back::SafeSigned if (out.a as i64).unsigned_abs() <= SAFE as u64 => {
                sys::napi_create_double(env, out.a as i64 as f64, &mut value)
            }
            Back::SafeUnsigned if out.a <= SAFE as u64 => {
                sys::napi_create_double(env, out.a as f64, &mut value)
            }
            Back::SafeSigned | Back::SafeUnsigned => return Quick::Ended(DONE, *out),
            Back::Text => {
                let bytes = out.a as *const std::ffi::c_char;
                let status = sys::napi_create_string_utf8(env, bytes, out.b as isize, &mut value);
                if status == sys::Status::napi_ok {
                    loaded.free(*out);
                }
                status
            }
        }
    };
    if status == sys::Status::napi_ok {
        Quick::Value(value)
    } else {
        Quick::Ended(DONE, *out)
    }
}
