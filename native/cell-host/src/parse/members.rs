//! What can be called on a cell's types: methods, associated functions and constants, traits' methods, fields.

use crate::exports::{Definition, Function, Parameter, Problem, Role, Shape, TraitDefinition};
use crate::parse::attributes::{doc_comment, is_public};
use crate::parse::functions::{plain, read_function, Around};
use crate::parse::items::{path_of, At, Items};
use crate::parse::names::{qualified, type_of, Named, Names};
use crate::parse::types::{segments, Context, Place};
use crate::types::{Access, Type};

/// What the members of a type are read with.
pub struct Reader<'a> {
    pub items: &'a Items<'a>,
    pub names: &'a Names,
    pub own: &'a [Definition],
    pub earlier: &'a [TraitDefinition],
}

type Found = (Vec<Function>, Vec<Problem>);

impl Reader<'_> {
    /// All that is callable on a type of this cell.
    pub fn members(&self, definition: &Definition) -> Found {
        let (mut functions, mut problems) = (Vec::new(), Vec::new());
        let mut keep = |read: Result<Function, Vec<Problem>>| match read {
            Ok(function) => functions.push(function),
            Err(found) => problems.extend(found),
        };
        for at in self.items.impls_of(&definition.name) {
            match &at.item.trait_ {
                None => self.inherent(definition, at).into_iter().for_each(&mut keep),
                Some((_, path, _)) => self
                    .of_trait(definition, at, path)
                    .into_iter()
                    .for_each(&mut keep),
            }
        }
        if let Shape::Class { display, .. } = definition.shape {
            functions.extend(display.then(|| self.display(definition)).flatten());
            let structs = self.items.structs.iter();
            let found =
                structs.filter(|at| qualified(&at.module, &at.item.ident.to_string()) == definition.name);
            found.for_each(|at| functions.extend(self.fields(definition, at)));
        }
        (functions, problems)
    }

    fn around<'b>(&'b self, definition: &Definition, module: &'b [String], prefix: String) -> Around<'b> {
        Around {
            context: Context {
                names: self.names,
                module,
                this: Some(definition.name.clone()),
                generics: Default::default(),
            },
            owner: Some(definition.name.clone()),
            prefix,
        }
    }

    fn inherent(
        &self,
        definition: &Definition,
        at: &At<syn::ItemImpl>,
    ) -> Vec<Result<Function, Vec<Problem>>> {
        let mut around = self.around(definition, &at.module, format!("<{}>::", definition.path));
        let read = at.item.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(function) if is_public(&function.vis) => {
                Some(read_function(&function.sig, &function.attrs, &mut around))
            }
            syn::ImplItem::Const(constant) if is_public(&constant.vis) => {
                let read = around.context.read(&constant.ty, Place::Result);
                Some(read.map_err(|problem| vec![*problem]).map(|returns| Function {
                    name: plain(&constant.ident),
                    module: at.module.clone(),
                    role: Role::Constant,
                    owner: Some(definition.name.clone()),
                    callee: format!("<{}>::{}", definition.path, constant.ident),
                    doc: doc_comment(&constant.attrs),
                    parameters: Vec::new(),
                    returns,
                    error: None,
                    is_async: false,
                    line: constant.ident.span().start().line,
                }))
            }
            _ => None,
        });
        read.collect()
    }

    fn of_trait(
        &self,
        definition: &Definition,
        at: &At<syn::ItemImpl>,
        path: &syn::Path,
    ) -> Vec<Result<Function, Vec<Problem>>> {
        let written = segments(path);
        if written.last().is_some_and(|last| last == "Iterator") {
            return self.iterator(definition, at);
        }
        let Some((name, Named::Trait { path, .. })) = self.names.find(&written, &at.module) else {
            return Vec::new();
        };
        let own = self.items.traits.iter();
        let mut own = own.filter(|one| qualified(&one.module, &one.item.ident.to_string()) == name);
        let prefix = format!("<{} as {path}>::", definition.path);
        if let Some(own) = own.next() {
            return self.trait_functions(own.item, self.around(definition, &own.module, prefix), at);
        }
        let earlier = self.earlier.iter().find(|one| one.path == *path);
        match earlier.and_then(|one| syn::parse_str::<syn::ItemTrait>(&one.source).ok()) {
            Some(item) => self.trait_functions(&item, self.around(definition, &at.module, prefix), at),
            None => Vec::new(),
        }
    }

    /// The methods that a trait gives: what it asks for, and what it has a body for.
    fn trait_functions(
        &self,
        item: &syn::ItemTrait,
        mut around: Around,
        at: &At<syn::ItemImpl>,
    ) -> Vec<Result<Function, Vec<Problem>>> {
        let functions = item.items.iter().filter_map(|one| match one {
            syn::TraitItem::Fn(function) => {
                let read = read_function(&function.sig, &function.attrs, &mut around);
                // A trait may have functions that the notebook cannot call: Rust code can.
                let mut read = read.ok()?;
                read.line = at.item.impl_token.span.start().line;
                Some(Ok(read))
            }
            _ => None,
        });
        functions.collect()
    }

    fn iterator(
        &self,
        definition: &Definition,
        at: &At<syn::ItemImpl>,
    ) -> Vec<Result<Function, Vec<Problem>>> {
        let item = at.item.items.iter().find_map(|one| match one {
            syn::ImplItem::Type(one) if one.ident == "Item" => Some(&one.ty),
            _ => None,
        });
        let context = self.around(definition, &at.module, String::new()).context;
        let Some(Ok(item)) = item.map(|item| context.read(item, Place::Result)) else {
            return Vec::new();
        };
        let Some(this) = self.receiver(definition, Access::Mutable) else {
            return Vec::new();
        };
        vec![Ok(Function {
            name: "next".into(),
            module: at.module.clone(),
            role: Role::Method,
            owner: Some(definition.name.clone()),
            callee: format!("<{} as ::std::iter::Iterator>::next", definition.path),
            doc: String::new(),
            parameters: vec![this],
            returns: Type::Option {
                inner: Box::new(item),
            },
            error: None,
            is_async: false,
            line: at.item.impl_token.span.start().line,
        })]
    }

    /// What Display writes is what JavaScript's `toString` gives.
    fn display(&self, definition: &Definition) -> Option<Function> {
        Some(Function {
            name: "toString".into(),
            module: Vec::new(),
            role: Role::Method,
            owner: Some(definition.name.clone()),
            callee: format!("<{} as ::std::string::ToString>::to_string", definition.path),
            doc: String::new(),
            parameters: vec![self.receiver(definition, Access::Shared)?],
            returns: Type::String,
            error: None,
            is_async: false,
            line: definition.line,
        })
    }

    fn receiver(&self, definition: &Definition, access: Access) -> Option<Parameter> {
        let named = self.names.get(&definition.name)?;
        Some(Parameter {
            name: "self".into(),
            ty: type_of(&definition.name, named, access)?,
        })
    }

    /// Pub fields of a class, to be read where they can be cloned, and written.
    fn fields(&self, definition: &Definition, at: &At<syn::ItemStruct>) -> Vec<Function> {
        let context = self.around(definition, &at.module, String::new()).context;
        let mut found = Vec::new();
        for field in at.item.fields.iter().filter(|field| is_public(&field.vis)) {
            let (Some(ident), Ok(ty)) = (&field.ident, context.read(&field.ty, Place::Field)) else {
                continue;
            };
            let member = |role, parameters: Vec<Option<Parameter>>, returns| {
                Some(Function {
                    name: plain(ident),
                    module: at.module.clone(),
                    role,
                    owner: Some(definition.name.clone()),
                    callee: ident.to_string(),
                    doc: doc_comment(&field.attrs),
                    parameters: parameters.into_iter().collect::<Option<Vec<_>>>()?,
                    returns,
                    error: None,
                    is_async: false,
                    line: ident.span().start().line,
                })
            };
            if self.can_be_cloned(&ty) {
                found.extend(member(
                    Role::Getter,
                    vec![self.receiver(definition, Access::Shared)],
                    ty.clone(),
                ));
            }
            if ty != Type::Str {
                let value = Parameter {
                    name: "value".into(),
                    ty,
                };
                let this = self.receiver(definition, Access::Mutable);
                found.extend(member(Role::Setter, vec![this, Some(value)], Type::Unit));
            }
        }
        found
    }

    fn can_be_cloned(&self, ty: &Type) -> bool {
        let mut all = true;
        ty.walk(&mut |one| {
            if let Type::Data { path, .. } | Type::Instance { path, .. } = one {
                all &= self
                    .own
                    .iter()
                    .any(|definition| definition.path == *path && definition.clone);
            }
        });
        all
    }
}

/// The pub constants and statics of a cell.
pub fn constants(items: &Items, names: &Names) -> Vec<Function> {
    let constants = items
        .constants
        .iter()
        .map(|at| (&at.item.ident, &at.item.ty, &at.item.attrs, &at.module));
    let statics = items
        .statics
        .iter()
        .map(|at| (&at.item.ident, &at.item.ty, &at.item.attrs, &at.module));
    let read = constants
        .chain(statics)
        .filter_map(|(ident, ty, attributes, module)| {
            let context = Context {
                names,
                module,
                this: None,
                generics: Default::default(),
            };
            // What cannot cross stays Rust's: a later cell may use it.
            let returns = context.read(&constant_type(ty), Place::Result).ok()?;
            Some(Function {
                name: plain(ident),
                module: module.clone(),
                role: Role::Constant,
                owner: None,
                callee: format!("{}.clone()", path_of(module, ident)),
                doc: doc_comment(attributes),
                parameters: Vec::new(),
                returns,
                error: None,
                is_async: false,
                line: ident.span().start().line,
            })
        });
    read.collect()
}

/// In constants `&str` means `&'static str`.
fn constant_type(ty: &syn::Type) -> syn::Type {
    match ty {
        syn::Type::Reference(reference) if reference.lifetime.is_none() => {
            let mut reference = reference.clone();
            reference.lifetime = Some(syn::Lifetime::new("'static", proc_macro2::Span::call_site()));
            syn::Type::Reference(reference)
        }
        other => other.clone(),
    }
}
