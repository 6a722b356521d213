//! The sources of the crate that shims are compiled against.

macro_rules! sources {
    ($($name:literal),*) => {
        /// The crate `tandem`: file name and text. `lib.rs` is its root.
        pub const PRELUDE_SOURCES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../prelude/src/", $name)))),*];
    };
}
sources!(
    "lib.rs",
    "abi.rs",
    "callback.rs",
    "cancel.rs",
    "collections.rs",
    "display.rs",
    "guard.rs",
    "progress.rs",
    "spans.rs",
    "tasks.rs",
    "values.rs"
);
