//! The least that an embedding of our wasmtime does: no limits, no interruption, no log, and nothing is checked but what
//! wasmtime checks itself.

use std::fs;

use infrafabric::clock::stopwatch;
use wasmtime::component::{self, Component, ResourceTable};
use wasmtime::{Engine, InstancePre, Linker, Module, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use super::{Contender, Kind, TASK, check};
use crate::marks::median;

/// A guest that is ready to be instantiated.
pub(super) struct Bare {
    engine: Engine,
    guest: Guest,
}

enum Guest {
    Core(InstancePre<()>),
    Component(component::InstancePre<()>),
    Wasi(component::InstancePre<Wasi>),
}

/// An empty WASI.
struct Wasi {
    context: WasiCtx,
    table: ResourceTable,
}

impl WasiView for Wasi {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.context, table: &mut self.table }
    }
}

impl Bare {
    pub(super) fn new(kind: Kind, guest: &str) -> Self {
        let engine = Engine::default();
        let bytes = fs::read(guest).unwrap();
        let guest = match kind {
            Kind::Core => Guest::Core(core(&engine, &bytes)),
            Kind::Component => {
                let mut linker = component::Linker::new(&engine);
                offer_log(&mut linker);
                Guest::Component(linker.instantiate_pre(&Component::new(&engine, bytes).unwrap()).unwrap())
            }
            Kind::Wasi => {
                let mut linker = component::Linker::new(&engine);
                offer_log(&mut linker);
                offer_http_request(&mut linker);
                wasmtime_wasi::p2::add_to_linker_sync(&mut linker).unwrap();
                Guest::Wasi(linker.instantiate_pre(&Component::new(&engine, bytes).unwrap()).unwrap())
            }
        };
        Self { engine, guest }
    }

    fn task(&self) -> String {
        match &self.guest {
            Guest::Core(prepared) => run_core(&self.engine, prepared),
            Guest::Component(prepared) => run_component(Store::new(&self.engine, ()), prepared),
            Guest::Wasi(prepared) => {
                let (context, table) = (WasiCtx::builder().build(), ResourceTable::new());
                run_component(Store::new(&self.engine, Wasi { context, table }), prepared)
            }
        }
    }
}

impl Contender for Bare {
    fn p50(&mut self, tasks: usize) -> f64 {
        median((0..tasks).map(|_| {
            let watch = stopwatch();
            let answer = self.task();
            let taken = watch.elapsed().as_secs_f64() * 1e6;
            check(&answer);
            taken
        }))
    }
}

fn core(engine: &Engine, bytes: &[u8]) -> InstancePre<()> {
    let mut linker = Linker::new(engine);
    linker.func_wrap("env", "log", |_: u32, _: u32| ()).unwrap();
    linker.instantiate_pre(&Module::new(engine, bytes).unwrap()).unwrap()
}

fn offer_log<T: 'static>(linker: &mut component::Linker<T>) {
    linker.root().func_wrap("log", |_, (_,): (String,)| Ok(())).unwrap();
}

fn offer_http_request<T: 'static>(linker: &mut component::Linker<T>) {
    let refuse =
        |_: wasmtime::StoreContextMut<'_, T>, (request,): (String,)| Ok((Err::<String, _>(request),));
    linker.root().func_wrap("http-request", refuse).unwrap();
}

fn run_core(engine: &Engine, prepared: &InstancePre<()>) -> String {
    let mut store = Store::new(engine, ());
    let instance = prepared.instantiate(&mut store).unwrap();
    let alloc = instance.get_typed_func::<u32, u32>(&mut store, "alloc").unwrap();
    let execute = instance.get_typed_func::<(u32, u32), u64>(&mut store, "execute_task").unwrap();
    let memory = instance.get_memory(&mut store, "memory").unwrap();
    let length = u32::try_from(TASK.len()).unwrap();
    let pointer = alloc.call(&mut store, length).unwrap();
    memory.write(&mut store, usize::try_from(pointer).unwrap(), TASK.as_bytes()).unwrap();
    let packed = execute.call(&mut store, (pointer, length)).unwrap();
    let mut answer = vec![0; usize::try_from(packed & u64::from(u32::MAX)).unwrap()];
    memory.read(&store, usize::try_from(packed >> 32).unwrap(), &mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

fn run_component<T: 'static>(mut store: Store<T>, prepared: &component::InstancePre<T>) -> String {
    let instance = prepared.instantiate(&mut store).unwrap();
    let execute =
        instance.get_typed_func::<(&str,), (Result<String, String>,)>(&mut store, "execute-task").unwrap();
    execute.call(&mut store, (TASK,)).unwrap().0.unwrap()
}
