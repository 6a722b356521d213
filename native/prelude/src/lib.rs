//! The crate `tandem`, which every Rust cell is compiled against. It is built once for each compiler, as a dynamic library
//! where the platform finds those, so that all cells of a process share one.

#[doc(hidden)]
pub mod abi;
#[doc(hidden)]
pub mod callback;
#[doc(hidden)]
pub mod cancel;
#[doc(hidden)]
pub mod collections;
#[doc(hidden)]
pub mod display;
#[doc(hidden)]
pub mod guard;
#[doc(hidden)]
pub mod progress;
#[doc(hidden)]
pub mod spans;
#[doc(hidden)]
pub mod tasks;
#[doc(hidden)]
pub mod values;

pub use callback::CallbackError;
pub use cancel::{cancelled, CancellationToken};
pub use display::{display_html, display_markdown, display_mime, display_png, display_svg};
pub use progress::{progress, Progress};
pub use spans::{span, spanned, Span, Spanned};
