//! Modules that were checked: of a known kind, importing only what is offered, exporting what is called.

use wasmtime::{Engine, ExternType, Instance, InstancePre, Linker, Module, Store, ValType};

use super::abi::{ALLOC, EXECUTE, LOG, MEMORY};
use super::meter::MAX_TABLES;
use super::{ModuleRefused, SandboxError, TaskState};
use crate::chassis::inspection::{GuestKind, Inspection};
use crate::printable::excerpt;

/// The largest module that is compiled, in bytes, as text or binary.
pub const MAX_MODULE_BYTES: usize = 64 << 20;

/// A compiled module that fits the sandbox. Clones share the code.
#[derive(Clone)]
pub struct GuestModule {
    prepared: InstancePre<TaskState>,
}

impl std::fmt::Debug for GuestModule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GuestModule").finish_non_exhaustive()
    }
}

impl GuestModule {
    pub(super) fn compile(
        engine: &Engine,
        linker: &Linker<TaskState>,
        bytes: &[u8],
    ) -> Result<Self, ModuleRefused> {
        check_kind(bytes)?;
        let module = Module::new(engine, bytes).map_err(|error| ModuleRefused::invalid(&error))?;
        Self::link(linker, &module)
    }

    /// Makes a guest of machine code.
    #[expect(unsafe_code, reason = "machine code cannot be checked, only vouched for; the caller does")]
    pub(super) fn restore(
        engine: &Engine,
        linker: &Linker<TaskState>,
        trusted: &[u8],
    ) -> Result<Self, ModuleRefused> {
        // SAFETY: the caller vouches for the bytes, see `Sandbox::restore`.
        let module = unsafe { Module::deserialize(engine, trusted) };
        Self::link(linker, &module.map_err(|error| ModuleRefused::invalid(&error))?)
    }

    /// Its machine code, for [`Sandbox::restore`](super::Sandbox::restore).
    ///
    /// # Errors
    /// [`SandboxError::Host`] when the host lacks the memory.
    pub fn machine_code(&self) -> Result<Vec<u8>, SandboxError> {
        let code = self.prepared.module().serialize();
        code.map_err(|error| SandboxError::Host(error.into_boxed_dyn_error()))
    }

    /// What it is: its kind, what it asks for and what it gives.
    #[must_use]
    pub fn describe(&self) -> Inspection {
        let module = self.prepared.module();
        let import = |module: &str, name: &str| format!("{}.{}", excerpt(module), excerpt(name));
        Inspection {
            kind: GuestKind::Core,
            imports: module.imports().map(|ty| import(ty.module(), ty.name())).collect(),
            exports: module.exports().map(|ty| excerpt(ty.name())).collect(),
        }
    }

    fn link(linker: &Linker<TaskState>, module: &Module) -> Result<Self, ModuleRefused> {
        check_imports(module)?;
        check_exports(module)?;
        check_tables(module)?;
        Ok(Self { prepared: linker.instantiate_pre(module).map_err(|error| ModuleRefused::invalid(&error))? })
    }

    pub(super) async fn instantiate(&self, store: &mut Store<TaskState>) -> wasmtime::Result<Instance> {
        self.prepared.instantiate_async(store).await
    }
}

/// Refuses by its first bytes what is not to be parsed at all.
fn check_kind(bytes: &[u8]) -> Result<(), ModuleRefused> {
    if bytes.len() > MAX_MODULE_BYTES {
        return Err(ModuleRefused::TooLarge);
    }
    if bytes.starts_with(b"\x7fELF") {
        return Err(ModuleRefused::MachineCode);
    }
    // After the magic come two bytes of version and two of layer; layer 1 is a component.
    let binary_component = bytes.starts_with(b"\0asm") && bytes.get(6..8) == Some(&[1, 0]);
    if binary_component || is_component_text(bytes) {
        return Err(ModuleRefused::Component);
    }
    Ok(())
}

/// Whether this is text whose first word, after spaces and comments, is `(component`.
fn is_component_text(bytes: &[u8]) -> bool {
    let Ok(mut text) = std::str::from_utf8(bytes) else { return false };
    loop {
        text = text.trim_start();
        let comment_end = match text.get(..2) {
            Some(";;") => text.find('\n'),
            Some("(;") => text.find(";)").map(|index| index + 1),
            _ => break,
        };
        let Some(end) = comment_end else { return false };
        text = &text[end + 1..];
    }
    text.strip_prefix('(').is_some_and(|rest| rest.trim_start().starts_with("component"))
}

fn check_imports(module: &Module) -> Result<(), ModuleRefused> {
    let foreign: Vec<String> = module
        .imports()
        .filter(|import| (import.module(), import.name()) != LOG)
        .map(|import| format!("{}.{}", excerpt(import.module()), excerpt(import.name())))
        .collect();
    if !foreign.is_empty() {
        return Err(ModuleRefused::Imports(foreign));
    }
    let mistyped = module
        .imports()
        .map(|import| import.ty())
        .find(|ty| !is_function(ty, &[ValType::I32, ValType::I32], &[]));
    mistyped.map_or(Ok(()), |ty| Err(ModuleRefused::ImportType { found: type_name(&ty) }))
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
