use super::*;
use crate::exports::{Function, Role, Thrown, VariantFields};
use crate::number::Number;
use crate::types::Access;

fn exports(source: &str) -> Exports {
    let exports = parse(source, &Earlier::default());
    assert!(exports.problems.is_empty(), "{:?}", exports.problems);
    exports
}

fn one(source: &str) -> Function {
    exports(source).functions.into_iter().next().expect("a function")
}

#[test]
fn reads_a_signature_with_its_doc_comment() {
    let function = one(
        "//\n/// Adds.\n/// Wraps never.\npub fn add(a: i32, _b: &mut [f64]) -> Option<Vec<String>> { None }",
    );
    assert_eq!(function.doc, "Adds.\nWraps never.");
    assert_eq!(function.line, 4);
    let names: Vec<_> = function.parameters.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(
        function.parameters[1].ty,
        Type::Slice {
            element: Number::F64,
            mutable: true
        }
    );
    assert_eq!(function.returns.shown(), "Option<Vec<String>>");
}

#[test]
fn takes_the_value_out_of_a_result() {
    let function = one("pub fn f() -> std::io::Result<u64> { Ok(1) }");
    assert_eq!(function.error, Some(Thrown::Text));
    assert_eq!(function.returns, Type::Number { name: Number::U64 });
}

#[test]
fn keeps_the_fields_of_an_error_of_the_cell() {
    let source = "pub struct Bad { pub at: u32 } pub fn f() -> Result<(), Bad> { Ok(()) }";
    assert!(matches!(one(source).error, Some(Thrown::Data { .. })));
}

#[test]
fn leaves_private_items_alone() {
    let source =
        "fn hidden<T>(x: T) {} pub(crate) fn half() {} struct S; mod inner { pub fn unreachable() {} }";
    let exports = exports(source);
    assert!(exports.functions.is_empty() && exports.types.is_empty());
}

#[test]
fn says_where_and_what_instead() {
    let source = "pub fn f<T>(x: T) {}\npub fn g(x: &str) -> &str { x }\npub fn h(x: &mut [usize]) {}";
    let exports = parse(source, &Earlier::default());
    let places: Vec<_> = exports.problems.iter().map(|p| (p.line, p.column)).collect();
    assert_eq!(places, [(1, 10), (1, 16), (2, 22), (3, 13)]);
    assert!(exports.problems.iter().all(|p| !p.instead.is_empty()));
}

#[test]
fn leaves_broken_text_to_the_compiler() {
    assert!(parse("pub fn f( {", &Earlier::default()).broken);
}

#[test]
fn a_struct_of_pub_fields_is_data_and_one_with_methods_a_class() {
    let exports = exports(
        "pub struct Point { pub x: f64, pub y: f64 }
         pub struct Counter { count: u32 }
         impl Counter { pub fn new() -> Self { Counter { count: 0 } } pub fn add(&mut self, by: u32) -> u32 { 0 } fn hidden(&self) {} }
         pub struct Holder { pub inner: std::rc::Rc<u32> }",
    );
    assert!(matches!(exports.types[0].shape, Shape::Struct { .. }));
    assert!(matches!(exports.types[1].shape, Shape::Class { .. }));
    assert!(matches!(exports.types[2].shape, Shape::Class { .. }));
    let members: Vec<_> = exports
        .functions
        .iter()
        .map(|f| (f.name.as_str(), f.role))
        .collect();
    assert_eq!(members, [("new", Role::Static), ("add", Role::Method)]);
    assert_eq!(exports.functions[1].parameters[0].ty.shown(), "&mut Counter");
    assert_eq!(exports.functions[0].returns.shown(), "Counter");
}

#[test]
fn an_enum_keeps_what_its_variants_hold() {
    let exports = exports("pub enum Shape { Empty, Circle(f64), Box { w: f64, h: f64 } }\npub fn area(s: &Shape) -> f64 { 0.0 }");
    let Shape::Enum { variants } = &exports.types[0].shape else {
        panic!("an enum")
    };
    assert!(matches!(variants[0].fields, VariantFields::Unit));
    assert!(matches!(&variants[1].fields, VariantFields::Tuple { elements } if elements.len() == 1));
    assert!(matches!(&variants[2].fields, VariantFields::Named { fields } if fields[1].name == "h"));
    assert_eq!(exports.functions[0].parameters[0].ty.shown(), "&Shape");
}

#[test]
fn a_type_may_hold_itself_and_what_is_declared_below_it() {
    let exports =
        exports("pub struct Tree { pub label: Name, pub children: Vec<Tree> } pub struct Name(pub String);");
    assert!(matches!(&exports.types[0].shape, Shape::Struct { fields } if fields.len() == 2));
    assert!(matches!(&exports.types[1].shape, Shape::Tuple { elements } if elements.len() == 1));
}

#[test]
fn what_holds_a_class_by_value_is_data_that_owns_it() {
    let exports = exports("pub struct A { x: u8 } pub struct B { pub a: A }");
    let Shape::Struct { fields } = &exports.types[1].shape else {
        panic!("data")
    };
    assert!(matches!(
        fields[0].ty,
        Type::Instance {
            access: Access::Owned,
            ..
        }
    ));
}

#[test]
fn a_trait_gives_its_methods_to_each_class() {
    let source = "pub trait Speak { fn name(&self) -> String; fn speak(&self) -> String { self.name() } }
        pub struct Dog; impl Speak for Dog { fn name(&self) -> String { String::new() } }
        pub struct Cat; impl Speak for Cat { fn name(&self) -> String { String::new() } }
        pub fn one(x: &dyn Speak) {} pub fn two(x: &impl Speak) {} pub fn three<T: Speak>(x: &T) {}";
    let exports = exports(source);
    let of = |name: &str| {
        let all = exports
            .functions
            .iter()
            .filter(|f| f.owner.as_deref() == Some(name));
        all.map(|f| f.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of("Dog"), ["name", "speak"]);
    assert_eq!(of("Cat"), ["name", "speak"]);
    assert!(matches!(exports.functions[0].parameters[0].ty, Type::Dyn { .. }));
    for function in &exports.functions[1..3] {
        let Type::Impl { implementors, .. } = &function.parameters[0].ty else {
            panic!("impl")
        };
        assert_eq!(implementors, &["crate::cell::Dog", "crate::cell::Cat"]);
    }
}

#[test]
fn names_in_modules_are_found_from_inside_and_outside() {
    let exports = exports(
        "pub mod orders { pub struct Order { pub id: u32 } pub fn place(id: u32) -> Order { Order { id } } mod deep { pub fn no() {} } }
         pub fn id(order: orders::Order) -> u32 { 0 }",
    );
    assert_eq!(exports.types[0].name, "orders::Order");
    let place = exports
        .functions
        .iter()
        .find(|f| f.name == "place")
        .expect("place");
    assert_eq!(place.module, ["orders"]);
    assert_eq!(place.callee, "crate::cell::orders::place");
    assert!(exports.functions.iter().all(|f| f.name != "no"));
}

#[test]
fn pub_fields_of_a_class_are_read_and_written() {
    let exports = exports(
        "#[derive(Clone)] pub struct C { pub n: u32, hidden: u8 } impl C { pub const MAX: u32 = 9; }",
    );
    let roles: Vec<_> = exports.functions.iter().map(|f| f.role).collect();
    assert_eq!(roles, [Role::Constant, Role::Getter, Role::Setter]);
}

#[test]
fn constants_and_aliases_are_read() {
    let exports = exports("type Grid = Vec<Vec<f64>>; pub const NAME: &str = \"x\"; pub static N: [u8; 3] = [1, 2, 3]; pub fn f(g: Grid) {}");
    let shown: Vec<_> = exports.functions.iter().map(|f| f.returns.shown()).collect();
    assert_eq!(shown, ["()", "&str", "[u8; 3]"]);
    assert_eq!(exports.functions[0].parameters[0].ty.shown(), "Vec<Vec<f64>>");
}

#[test]
fn a_method_that_writes_to_an_enum_is_refused_at_its_self() {
    let exports = parse(
        "pub enum E { A } impl E {\n pub fn set(&mut self) {} }",
        &Earlier::default(),
    );
    assert_eq!((exports.problems[0].line, exports.problems[0].column), (2, 13));
}

#[test]
fn types_of_earlier_cells_come_with_what_they_hold() {
    let above = exports("pub struct Inner { pub x: u8 } pub struct Outer { pub inner: Inner } pub struct Unused { pub x: u8 }");
    let earlier = Earlier {
        types: above.types,
        traits: above.traits,
    };
    let exports = parse("pub fn f(o: Outer) -> u8 { o.inner.x }", &earlier);
    let names: Vec<_> = exports.types.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Outer", "Inner"]);
}
