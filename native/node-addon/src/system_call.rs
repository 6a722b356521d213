//! Ends a system call in which the main thread waits, for an interrupt that could not reach JavaScript.

use napi_derive::napi;

/// Sends the main thread a signal that does nothing but end the call in which it waits: `read` then fails with EINTR. False
/// where that cannot be: elsewhere than on Linux, or where the process uses the signal itself.
#[napi]
pub fn end_system_call() -> bool {
    end()
}

#[cfg(not(target_os = "linux"))]
fn end() -> bool {
    false
}

#[cfg(target_os = "linux")]
fn end() -> bool {
    /// A signal that is ignored where nobody handles it, so that it harms nothing.
    const SIGNAL: libc::c_int = libc::SIGURG;

    extern "C" fn nothing(_signal: libc::c_int) {}

    let ours = nothing as extern "C" fn(libc::c_int) as libc::sighandler_t;
    // SAFETY: `sigaction` is plain data, for which zeroes are valid: no flags, so no SA_RESTART, and an empty mask. The handler
    // does nothing, so it is safe in any state of the thread it runs on. `tgkill` takes numbers only; on Linux the main
    // thread's id is the process's.
    unsafe {
        let mut before: libc::sigaction = std::mem::zeroed();
        if libc::sigaction(SIGNAL, std::ptr::null(), &mut before) != 0 {
            return false;
        }
        let unused = before.sa_sigaction == libc::SIG_DFL || before.sa_sigaction == libc::SIG_IGN;
        if unused {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = ours;
            if libc::sigaction(SIGNAL, &action, std::ptr::null_mut()) != 0 {
                return false;
            }
        } else if before.sa_sigaction != ours {
            return false;
        }
        let process = libc::getpid();
        libc::syscall(libc::SYS_tgkill, process, process, SIGNAL) == 0
    }
}
