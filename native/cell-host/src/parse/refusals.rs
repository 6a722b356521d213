//! Each kind of signature that cannot cross: its place, and what is said.

use super::{parse, Earlier};

/// The one problem of a cell: where its text stands, and message and advice together.
fn refused(source: &str) -> (String, String) {
    let exports = parse(source, &Earlier::default());
    assert!(!exports.broken, "{source}");
    let [one] = exports.problems.as_slice() else {
        panic!("{source}: {:?}", exports.problems)
    };
    let line = source.lines().nth(one.line - 1).expect("its line");
    let place = &line[one.column - 1..if one.end_line == one.line {
        one.end_column - 1
    } else {
        line.len()
    }];
    (place.to_string(), format!("{} {}", one.message, one.instead))
}

#[test]
fn each_kind_is_refused_at_its_own_place_with_what_to_write_instead() {
    let cases = [
        (
            "pub fn f<T>(x: u8) {}",
            "T",
            "Write a function for the type you need",
        ),
        (
            "pub fn f<const N: usize>(x: u8) {}",
            "const N: usize",
            "Write a function for the type",
        ),
        (
            "pub fn f<'a>(x: &'a str) -> &'a str { x }",
            "&'a str",
            "String instead of &str",
        ),
        (
            "pub fn f(x: &[f64]) -> &[f64] { x }",
            "&[f64]",
            "Vec<T> instead of &[T]",
        ),
        (
            "pub struct C { n: u8 }\npub fn f(x: &mut C) -> &mut C { x }",
            "&mut C",
            "change it in place and return nothing",
        ),
        ("pub fn f(x: *const u8) {}", "*const u8", "Take a slice"),
        (
            "pub fn f() -> *mut f64 { todo!() }",
            "*mut f64",
            "return a Vec<T> or a class",
        ),
        (
            "pub fn f(g: fn(u8) -> u8) {}",
            "fn(u8) -> u8",
            "Take impl Fn(A) -> R",
        ),
        ("pub fn f(v: &mut Vec<f64>) {}", "&mut Vec<f64>", "&mut [f64]"),
        (
            "pub fn f(v: &mut String) {}",
            "&mut String",
            "return the changed one",
        ),
        (
            "pub struct P { pub x: u8 }\npub fn f(p: &mut P) {}",
            "&mut P",
            "give the struct methods",
        ),
        (
            "pub fn f(v: &mut [bool]) {}",
            "&mut [bool]",
            "Take a &mut slice of one of",
        ),
        ("pub fn f(v: Vec<&str>) {}", "&str", "Take the owned type"),
        (
            "pub fn f(v: std::sync::Arc<u8>) {}",
            "std::sync::Arc<u8>",
            "Take T or &T",
        ),
        (
            "pub fn f(v: std::path::PathBuf) {}",
            "std::path::PathBuf",
            "Take &str and return String",
        ),
        (
            "pub fn f() -> std::time::Duration { todo!() }",
            "std::time::Duration",
            "f64 for seconds",
        ),
        (
            "pub fn f(v: std::collections::VecDeque<u8>) {}",
            "std::collections::VecDeque<u8>",
            "Vec<T>",
        ),
        (
            "pub struct W<T> { pub x: T }\npub fn f(v: W<u8>) {}",
            "W<u8>",
            "Write a `pub struct` for the types you need",
        ),
        (
            "pub struct S<'a> { pub x: &'a str }\npub fn f<'a>(x: &'a str) -> S<'a> { S { x } }",
            "S<'a>",
            "without a lifetime",
        ),
        ("pub fn f() -> ! { loop {} }", "!", "tandem::cancelled()"),
        (
            "pub fn f() -> Box<dyn Send> { todo!() }",
            "Box<dyn Send>",
            "impl Iterator<Item = T>",
        ),
        (
            "pub fn f() -> impl Send { 1 }",
            "impl Send",
            "impl Iterator<Item = T>",
        ),
        (
            "pub fn f(x: Unheard) {}",
            "Unheard",
            "`pub struct` or `pub enum` of a cell",
        ),
        ("pub unsafe fn f() {}", "unsafe", "Write a safe `pub fn`"),
        ("pub fn f(g: impl Fn(&String)) {}", "&String", "Pass it by value"),
        ("pub fn f(g: impl Fn) {}", "Fn", "Fn(f64) -> f64"),
        (
            "pub fn f(g: impl Fn(u8, u8, u8, u8, u8, u8, u8)) {}",
            "Fn(u8, u8, u8, u8, u8, u8, u8)",
            "Pass a struct",
        ),
        (
            "pub fn f(g: Option<Box<dyn Fn()>>) {}",
            "Box<dyn Fn()>",
            "parameter of its own",
        ),
        (
            "pub fn f<'a>(x: &'a [u8]) -> impl Iterator<Item = u8> + 'a { x.iter().copied() }",
            "'a",
            "by value",
        ),
    ];
    for (source, place, advice) in cases {
        let (found, said) = refused(source);
        assert_eq!(found, place, "{source}");
        assert!(said.contains(advice), "{source}: {said}");
    }
}

#[test]
fn lazy_results_have_a_type_of_their_own_each() {
    let exports = parse(
        "pub fn a() -> impl Iterator<Item = u8> { 0.. } pub fn b() -> std::sync::mpsc::Receiver<u8> { todo!() }",
        &Earlier::default(),
    );
    let names: Vec<_> = exports
        .functions
        .iter()
        .map(|one| (one.owner.clone(), one.name.as_str()))
        .collect();
    let of = |owner: &str| Some(owner.to_string());
    assert_eq!(
        names,
        [
            (None, "a"),
            (None, "b"),
            (of("Lazy0"), "next"),
            (of("Lazy1"), "now"),
            (of("Lazy1"), "next")
        ]
    );
}
