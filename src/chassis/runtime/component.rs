//! The interface between host and components: the world `swarm` in `wit/swarm.wit`, and WASI for those that need it.

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentExportIndex, Instance, InstancePre, Linker};
use wasmtime::{Store, StoreContextMut};

use super::error::{Stop, Violation};
use super::{ModuleRefused, TaskState, answer, call, wasi};
use crate::chassis::inspection::{GuestKind, Inspection};
use crate::printable::excerpt;

const LOG: &str = "log";
const HTTP_REQUEST: &str = "http-request";
const EXECUTE: &str = "execute-task";
const EXECUTE_TYPE: &str = "func(task: string) -> result<string, string>";

/// The answer of a task, or the guest's own word on why there is none.
type Answer = (Result<String, String>,);

/// Offers components what the world imports.
pub(super) fn offer(linker: &mut Linker<TaskState>) -> wasmtime::Result<()> {
    let mut root = linker.root();
    root.func_wrap(LOG, |store: StoreContextMut<'_, TaskState>, (line,): (String,)| {
        Ok(store.data().log.lock().line(line.as_bytes())?)
    })?;
    root.func_wrap_async(HTTP_REQUEST, |store, (request,): (String,)| Box::new(http_request(store, request)))
}

async fn http_request(
    mut store: StoreContextMut<'_, TaskState>,
    request: String,
) -> wasmtime::Result<Answer> {
    let state = store.data_mut();
    let call = state.begin_call()?;
    if request.len() > state.limits.request_bytes {
        return Err(Violation::request_too_long(request.len(), &state.limits).into());
    }
    let answer = call::carry(&call, &request).await;
    state.end_call();
    Ok((answer.map_err(|refused| refused.to_string()),))
}

/// A component that was checked: importing only what is offered, exporting what is called.
#[derive(Clone)]
pub(super) struct PreparedComponent {
    prepared: InstancePre<TaskState>,
    execute: ComponentExportIndex,
}

impl PreparedComponent {
    pub(super) fn link(linker: &Linker<TaskState>, component: &Component) -> Result<Self, ModuleRefused> {
        check_imports(component)?;
        let execute = find_execute(component)?;
        let prepared = linker.instantiate_pre(component).map_err(|error| ModuleRefused::mismatch(&error))?;
        Ok(Self { prepared, execute })
    }

    pub(super) fn compiled(&self) -> &Component {
        self.prepared.component()
    }

    pub(super) fn describe(&self) -> Inspection {
        let (component, ty) = (self.compiled(), self.compiled().component_type());
        Inspection {
            kind: GuestKind::Component,
            imports: ty.imports(component.engine()).map(|(name, _)| excerpt(name)).collect(),
            exports: ty.exports(component.engine()).map(|(name, _)| excerpt(name)).collect(),
        }
    }

    /// Starts an instance.
    pub(super) async fn start(&self, store: &mut Store<TaskState>) -> Result<Instance, Stop> {
        store.set_hostcall_fuel(store.data().limits.hostcall_bytes);
        store.set_max_component_handles(store.data().limits.handles);
        Ok(self.prepared.instantiate_async(store).await?)
    }

    /// Starts an instance, gives it the task and takes its answer.
    pub(super) async fn run(
        &self,
        store: &mut Store<TaskState>,
        task: &[u8],
        answer_limit: usize,
    ) -> Result<String, Stop> {
        let task = std::str::from_utf8(task).map_err(|_| answer::broken("the task is not UTF-8"))?;
        let instance = self.start(store).await?;
        let execute = instance.get_typed_func::<(&str,), Answer>(&mut *store, &self.execute)?;
        let (answered,) = execute.call_async(&mut *store, (task,)).await.map_err(Stop::in_call)?;
        match answered {
            Ok(text) => answer::accept(text.as_bytes(), answer_limit),
            Err(message) => Err(Stop::Refused(message)),
        }
    }
}

fn check_imports(component: &Component) -> Result<(), ModuleRefused> {
    let ty = component.component_type();
    let foreign: Vec<String> = ty
        .imports(component.engine())
        .map(|(name, _)| name)
        .filter(|name| ![LOG, HTTP_REQUEST].contains(name) && !wasi::is_offered(name))
        .map(excerpt)
        .collect();
    if foreign.is_empty() {
        Ok(())
    } else {
        Err(ModuleRefused::Imports { names: foreign, kind: GuestKind::Component })
    }
}

fn find_execute(component: &Component) -> Result<ComponentExportIndex, ModuleRefused> {
    let (name, expected) = (EXECUTE, EXECUTE_TYPE);
    let missing = ModuleRefused::Missing { name, expected };
    let Some((item, index)) = component.get_export(None, EXECUTE) else { return Err(missing) };
    let found = match item {
        ComponentItem::ComponentFunc(function) => {
            let ty = component.component_type();
            if !function.async_() && function.typecheck::<(&str,), Answer>(&ty.instance_type()).is_ok() {
                return Ok(index);
            }
            "a function of another type"
        }
        ComponentItem::ComponentInstance(_) => "an instance",
        _ => "something else",
    };
    Err(ModuleRefused::ExportType { name, expected, found: found.to_owned() })
}
