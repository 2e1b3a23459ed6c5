//! Core modules that were checked: importing only what is offered, exporting what is called.

use wasmtime::{ExternType, InstancePre, Linker, Module, ValType};

use super::abi::{ALLOC, EXECUTE, HTTP_REQUEST, LOG, MEMORY};
use super::meter::MAX_TABLES;
use super::{ModuleRefused, TaskState};
use crate::chassis::inspection::{GuestKind, Inspection};
use crate::printable::excerpt;

/// Checks a module and resolves its imports.
pub(super) fn link(
    linker: &Linker<TaskState>,
    module: &Module,
) -> Result<InstancePre<TaskState>, ModuleRefused> {
    check_imports(module)?;
    check_exports(module)?;
    check_tables(module)?;
    linker.instantiate_pre(module).map_err(|error| ModuleRefused::invalid(&error))
}

/// What it is.
pub(super) fn describe(module: &Module) -> Inspection {
    Inspection {
        kind: GuestKind::Core,
        imports: module.imports().map(|import| full_name(import.module(), import.name())).collect(),
        exports: module.exports().map(|export| excerpt(export.name())).collect(),
    }
}

fn full_name(module: &str, name: &str) -> String {
    format!("{}.{}", excerpt(module), excerpt(name))
}

fn check_imports(module: &Module) -> Result<(), ModuleRefused> {
    let foreign: Vec<String> = module
        .imports()
        .filter(|import| ![LOG, HTTP_REQUEST].contains(&(import.module(), import.name())))
        .map(|import| full_name(import.module(), import.name()))
        .collect();
    if !foreign.is_empty() {
        return Err(ModuleRefused::Imports { names: foreign, kind: GuestKind::Core });
    }
    for import in module.imports() {
        let pair = [ValType::I32, ValType::I32];
        let (results, expected) = match (import.module(), import.name()) {
            LOG => (&[][..], "(i32, i32) -> ()"),
            _ => (&[ValType::I64][..], "(i32, i32) -> (i64)"),
        };
        let ty = import.ty();
        if !is_function(&ty, &pair, results) {
            let name = full_name(import.module(), import.name());
            return Err(ModuleRefused::ImportType { name, expected, found: type_name(&ty) });
        }
    }
    Ok(())
}

fn check_exports(module: &Module) -> Result<(), ModuleRefused> {
    let i32 = || ValType::I32;
    check_export(module, MEMORY, "a memory", |ty| matches!(ty, ExternType::Memory(_)))?;
    check_export(module, ALLOC, "(i32) -> (i32)", |ty| is_function(ty, &[i32()], &[i32()]))?;
    check_export(module, EXECUTE, "(i32, i32) -> (i64)", |ty| {
        is_function(ty, &[i32(), i32()], &[ValType::I64])
    })
}

fn check_tables(module: &Module) -> Result<(), ModuleRefused> {
    let found = module.resources_required().num_tables;
    if found > MAX_TABLES { Err(ModuleRefused::Tables { found }) } else { Ok(()) }
}

fn check_export(
    module: &Module,
    name: &'static str,
    expected: &'static str,
    fits: impl Fn(&ExternType) -> bool,
) -> Result<(), ModuleRefused> {
    match module.get_export(name) {
        None => Err(ModuleRefused::Missing { name, expected }),
        Some(ty) if fits(&ty) => Ok(()),
        Some(ty) => Err(ModuleRefused::ExportType { name, expected, found: type_name(&ty) }),
    }
}

fn is_function(ty: &ExternType, parameters: &[ValType], results: &[ValType]) -> bool {
    let same = |found: &[ValType], wanted: &[ValType]| {
        found.len() == wanted.len()
            && found.iter().zip(wanted).all(|(found, wanted)| ValType::eq(found, wanted))
    };
    let ExternType::Func(function) = ty else { return false };
    same(&function.params().collect::<Vec<_>>(), parameters)
        && same(&function.results().collect::<Vec<_>>(), results)
}

fn type_name(ty: &ExternType) -> String {
    let list = |types: Vec<ValType>| types.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match ty {
        ExternType::Func(function) => {
            format!("({}) -> ({})", list(function.params().collect()), list(function.results().collect()))
        }
        ExternType::Memory(_) => "a memory".to_owned(),
        ExternType::Table(_) => "a table".to_owned(),
        ExternType::Global(_) => "a global".to_owned(),
        ExternType::Tag(_) => "a tag".to_owned(),
    }
}
