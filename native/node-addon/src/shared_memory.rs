//! Memory that other processes map too: anonymous files, on Linux. Others open them as `/proc/<pid>/fd/<fd>`, so nothing
//! of them is ever in a folder, and the last process that has one lets it go.

use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::RawValue;

/// A new anonymous file of so many bytes, all zero: its descriptor, which the caller closes or hands to `map_shared`.
/// -1 where this system has none.
#[napi]
pub fn create_shared(bytes: f64) -> Result<i32> {
    system::create(bytes as u64).map_err(|error| Error::from_reason(error.to_string()))
}

/// The file of a descriptor as an ArrayBuffer of `bytes` bytes, which is its length; more than none. The buffer closes the
/// descriptor in the end. Throws where this runtime allows no such buffers; the descriptor is then the caller's.
#[napi]
pub fn map_shared(env: Env, fd: i32, bytes: f64) -> Result<RawValue> {
    system::map(env.raw(), fd, bytes as usize).map(RawValue)
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::*;
    use napi::sys;

    pub fn create(_bytes: u64) -> std::io::Result<i32> {
        Ok(-1)
    }

    pub fn map(_env: sys::napi_env, _fd: i32, _bytes: usize) -> Result<sys::napi_value> {
        Err(Error::from_reason(
            "this system shares no memory between Node and other programs",
        ))
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::ffi::c_void;
    use std::io;
    use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
    use std::ptr;

    use super::*;
    use napi::sys;

    pub fn create(bytes: u64) -> io::Result<i32> {
        // SAFETY: the name is a C string; the descriptor is this function's alone until it is returned.
        let fd = unsafe {
            let fd = libc::memfd_create(c"tandem".as_ptr(), libc::MFD_CLOEXEC);
            if fd < 0 {
                return Err(io::Error::last_os_error());
            }
            OwnedFd::from_raw_fd(fd)
        };
        // SAFETY: the descriptor is open.
        if unsafe { libc::ftruncate64(fd.as_raw_fd(), bytes as i64) } != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(fd.into_raw_fd())
    }

    /// What a mapped buffer lets go of.
    struct Mapped {
        address: *mut c_void,
        bytes: usize,
        fd: i32,
    }

    pub fn map(env: sys::napi_env, fd: i32, bytes: usize) -> Result<sys::napi_value> {
        let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED);
        // SAFETY: a new mapping at an address that the system chooses.
        let address = unsafe { libc::mmap(ptr::null_mut(), bytes, access, kind, fd, 0) };
        if address == libc::MAP_FAILED {
            return Err(Error::from_reason(io::Error::last_os_error().to_string()));
        }
        let mapped = Box::into_raw(Box::new(Mapped { address, bytes, fd }));
        let mut value = ptr::null_mut();
        // SAFETY: the memory stays mapped until the finalizer runs, once; on failure it never does.
        let status = unsafe {
            sys::napi_create_external_arraybuffer(env, address, bytes, Some(unmap), mapped.cast(), &mut value)
        };
        if status != sys::Status::napi_ok {
            // SAFETY: made above and handed to nobody.
            let Mapped { address, bytes, .. } = *unsafe { Box::from_raw(mapped) };
            // SAFETY: the mapping made above, which nobody uses.
            unsafe { libc::munmap(address, bytes) };
            return Err(Error::from_status(Status::from(status)));
        }
        Ok(value)
    }

    unsafe extern "C" fn unmap(_env: sys::napi_env, _data: *mut c_void, mapped: *mut c_void) {
        // SAFETY: made by `map`, whose buffer nobody can reach any more.
        let Mapped { address, bytes, fd } = *unsafe { Box::from_raw(mapped.cast::<Mapped>()) };
        // SAFETY: the mapping and the descriptor are this buffer's alone.
        unsafe {
            libc::munmap(address, bytes);
            libc::close(fd);
        }
    }
}
