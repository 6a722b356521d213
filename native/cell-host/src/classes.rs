//! The classes of loaded cells, and the instances that the host holds handles to.
//!
//! A host holds a number, never an address: a handle that is stale, of another class or in use is found out here.
//! Instances belong to the thread whose host made them; `.async` lends them to a pool's thread for one call.

use std::cell::RefCell;
use std::sync::Mutex;

use crate::abi::Slot;
use crate::types::Access;

/// From an instance's address to the two words of a reference to a trait object.
pub type Words = unsafe extern "C" fn(u64) -> Slot;
/// Drops an instance; the status and the slot are those of a call.
pub type DropInstance = unsafe extern "C" fn(Slot, *mut Slot) -> i32;

pub struct Class {
    /// `cell_<hash>::cell::Counter`: one path is one Rust type in this process.
    pub path: String,
    /// As the user wrote it.
    pub name: String,
    pub drop: DropInstance,
    pub copy: bool,
    pub send: bool,
    pub sync: bool,
    /// By the trait's path.
    pub dynamic: Vec<(String, Words)>,
}

static CLASSES: Mutex<Vec<&'static Class>> = Mutex::new(Vec::new());

/// Remembers a class, once.
pub fn add(class: Class) {
    let mut classes = CLASSES.lock().unwrap_or_else(|broken| broken.into_inner());
    if !classes.iter().any(|one| one.path == class.path) {
        classes.push(Box::leak(Box::new(class)));
    }
}

pub fn find(path: &str) -> Option<&'static Class> {
    let classes = CLASSES.lock().unwrap_or_else(|broken| broken.into_inner());
    classes.iter().find(|class| class.path == path).copied()
}

/// Why an instance cannot be used now.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It was moved into a call or disposed of.
    Gone,
    /// A call that may write to it is under way, or one that reads while this one would write.
    InUse,
}

struct Instance {
    address: u64,
    class: &'static Class,
    /// How many calls read it; `WRITTEN` while one writes.
    users: u32,
    /// The host let go of it while a call used it.
    orphaned: bool,
    generation: u32,
}

const WRITTEN: u32 = u32::MAX;
/// Handles are whole numbers that a double holds: the place below, the generation above.
const PLACES: u64 = 1 << 26;

#[derive(Default)]
struct Instances {
    places: Vec<Option<Instance>>,
    /// Generations of the places, so that a handle never fits a later instance.
    generations: Vec<u32>,
    free: Vec<u32>,
}

thread_local! {
    static INSTANCES: RefCell<Instances> = RefCell::default();
}

/// Takes over an instance; the handle is a safe integer.
pub fn insert(class: &'static Class, address: u64) -> u64 {
    INSTANCES.with_borrow_mut(|all| {
        let place = all.free.pop().unwrap_or_else(|| {
            all.places.push(None);
            all.generations.push(0);
            all.places.len() as u32 - 1
        });
        let generation = &mut all.generations[place as usize];
        *generation = (*generation + 1) % PLACES as u32;
        let generation = *generation;
        all.places[place as usize] = Some(Instance {
            address,
            class,
            users: 0,
            orphaned: false,
            generation,
        });
        place as u64 + generation as u64 * PLACES
    })
}

impl Instances {
    fn find(&mut self, handle: u64) -> Option<&mut Instance> {
        let place = self.places.get_mut((handle % PLACES) as usize)?;
        place
            .as_mut()
            .filter(|one| one.generation as u64 == handle / PLACES)
    }

    fn remove(&mut self, handle: u64) -> Option<Instance> {
        self.find(handle)?;
        let place = handle % PLACES;
        self.free.push(place as u32);
        self.places[place as usize].take()
    }
}

/// The class of an instance that is still there.
pub fn class_of(handle: u64) -> Option<&'static Class> {
    INSTANCES.with_borrow_mut(|all| all.find(handle).map(|one| one.class))
}

/// Lends an instance to a call: its address, until `release`. What is owned stays where it is until `take`.
pub fn lend(handle: u64, access: Access) -> Result<u64, Refusal> {
    INSTANCES.with_borrow_mut(|all| {
        let one = all
            .find(handle)
            .filter(|one| !one.orphaned)
            .ok_or(Refusal::Gone)?;
        match access {
            Access::Shared if one.users == WRITTEN => return Err(Refusal::InUse),
            Access::Shared => one.users += 1,
            _ if one.users > 0 => return Err(Refusal::InUse),
            _ => one.users = WRITTEN,
        }
        Ok(one.address)
    })
}

/// As `lend`, of an instance of just this class; none where it is none or cannot be lent.
#[inline]
pub fn lend_of(handle: u64, class: &'static Class, access: Access) -> Option<u64> {
    INSTANCES.with_borrow_mut(|all| {
        let one = all
            .find(handle)
            .filter(|one| !one.orphaned && std::ptr::eq(one.class, class))?;
        match access {
            Access::Shared if one.users != WRITTEN => one.users += 1,
            Access::Mutable if one.users == 0 => one.users = WRITTEN,
            _ => return None,
        }
        Some(one.address)
    })
}

/// Ends a loan.
#[inline]
pub fn release(handle: u64) {
    let orphan = INSTANCES.with_borrow_mut(|all| {
        let one = all.find(handle)?;
        one.users = if one.users == WRITTEN {
            0
        } else {
            one.users.saturating_sub(1)
        };
        (one.orphaned && one.users == 0)
            .then(|| all.remove(handle))
            .flatten()
    });
    if let Some(instance) = orphan {
        drop_now(instance);
    }
}

/// Gives a lent instance away: the handle is empty from now on.
pub fn take(handle: u64) {
    INSTANCES.with_borrow_mut(|all| all.remove(handle));
}

/// The host lets go of an instance: it is dropped now, or when the call that uses it ends. `false` where it was gone
/// already. A panic in its `Drop` is told as text.
pub fn dispose(handle: u64) -> Result<bool, String> {
    let found = INSTANCES.with_borrow_mut(|all| {
        let one = all.find(handle)?;
        if one.users == 0 {
            return all.remove(handle).map(Some);
        }
        one.orphaned = true;
        Some(None)
    });
    match found {
        None => Ok(false),
        Some(None) => Ok(true),
        Some(Some(instance)) => drop_now(instance).map_or(Ok(true), Err),
    }
}

fn drop_now(instance: Instance) -> Option<String> {
    let slot = Slot {
        a: instance.address,
        b: 0,
    };
    let mut out = Slot::default();
    // SAFETY: the address is an instance of this class that nobody else holds; it is dropped once.
    let status = crate::panics::watched(|| unsafe { (instance.class.drop)(slot, &mut out) });
    (status != crate::abi::DONE).then(|| {
        // SAFETY: a panic comes with a text; it is left to the cell's allocator, which this rare case may lose.
        let bytes = unsafe { std::slice::from_raw_parts(out.a as *const u8, out.b as usize) };
        String::from_utf8_lossy(bytes).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    unsafe extern "C" fn drop_box(slot: Slot, _: *mut Slot) -> i32 {
        // SAFETY: the tests insert boxes of this type.
        drop(unsafe { Box::from_raw(slot.a as *mut String) });
        crate::abi::DONE
    }

    fn class() -> &'static Class {
        add(Class {
            path: "test::Text".into(),
            name: "Text".into(),
            drop: drop_box,
            copy: false,
            send: true,
            sync: true,
            dynamic: Vec::new(),
        });
        find("test::Text").expect("just added")
    }

    fn one() -> u64 {
        insert(class(), Box::into_raw(Box::new("x".to_string())) as u64)
    }

    #[test]
    fn readers_share_and_a_writer_is_alone() {
        let handle = one();
        assert!(lend(handle, Access::Shared).is_ok());
        assert!(lend(handle, Access::Shared).is_ok());
        assert_eq!(lend(handle, Access::Mutable), Err(Refusal::InUse));
        release(handle);
        release(handle);
        assert!(lend(handle, Access::Mutable).is_ok());
        assert_eq!(lend(handle, Access::Shared), Err(Refusal::InUse));
        release(handle);
        assert_eq!(dispose(handle), Ok(true));
    }

    #[test]
    fn a_handle_never_fits_a_later_instance() {
        let first = one();
        assert_eq!(dispose(first), Ok(true));
        let second = one();
        assert_ne!(first, second);
        assert_eq!(lend(first, Access::Shared), Err(Refusal::Gone));
        assert_eq!(dispose(first), Ok(false));
        assert!(class_of(second).is_some());
        assert_eq!(dispose(second), Ok(true));
    }

    #[test]
    fn what_is_let_go_in_mid_call_is_dropped_at_its_end() {
        let handle = one();
        assert!(lend(handle, Access::Shared).is_ok());
        assert_eq!(dispose(handle), Ok(true));
        assert_eq!(lend(handle, Access::Shared), Err(Refusal::Gone));
        release(handle);
        assert!(class_of(handle).is_none());
    }
}
