//! A process that ends with the one that started it.

#[cfg(unix)]
use std::fs::File;

use napi_derive::napi;

/// Ends this process at once, whatever it runs, when the other end of the pipe `fd` closes. The thread that waits for that is none of
/// V8's: such a one could crash a process that just exits. False where there is no such pipe, on Windows.
#[napi]
pub fn end_with_pipe(fd: i32) -> bool {
    #[cfg(unix)]
    {
        use std::os::fd::FromRawFd;
        // SAFETY: the caller says that it is a pipe of which nobody else reads.
        let pipe = unsafe { File::from_raw_fd(fd) };
        let wait = move || {
            until_closed(pipe);
            // SAFETY: numbers only.
            unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
        };
        std::thread::Builder::new()
            .name("guard".into())
            .spawn(wait)
            .is_ok()
    }
    #[cfg(not(unix))]
    {
        let _ = fd;
        false
    }
}

#[cfg(unix)]
fn until_closed(mut pipe: File) {
    use std::io::{ErrorKind, Read};
    let mut byte = [0];
    loop {
        match pipe.read(&mut byte) {
            Ok(1..) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            _ => return,
        }
    }
}
