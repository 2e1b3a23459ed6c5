//! Tables of contracts and their code.

use std::collections::BTreeSet;

use crate::chassis::{
    Compiled, ContractLine, ContractSummary, FilesAfter, Inspection, Loaded, LoadedContract, ModuleInfo,
    Unloaded,
};
use crate::cli::view::Table;
use crate::governor::service::Contracted;
use crate::id::Capability;

/// The kind of code that is no module.
const CONTAINER: &str = "container";

/// What is in force now, what the code is, and how the governor knows the swarm.
pub(in crate::cli) fn loaded(loaded: &Loaded) -> String {
    let contract = &loaded.loaded.contract;
    let mut table = Table::new(&["swarm", "contract", "change", "module", "kind", "bytes"]).right(&[5]);
    let module = loaded.loaded.module.as_ref();
    table.row([
        contract.swarm_id().to_string(),
        contract.version().to_owned(),
        loaded.change.to_string(),
        module.map_or_else(none, |module| module.sha256.short().to_owned()),
        module.map_or_else(|| CONTAINER.to_owned(), kind),
        module.map_or_else(none, |module| module.bytes.to_string()),
    ]);
    let container = contract.container().map(|container| format!("container: {container}"));
    let interface = module.and_then(interface);
    let parts = [Some(table.render()), interface, container, Some(registered(&loaded.registered))];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

/// What was made, and with what.
pub(in crate::cli) fn compiled(compiled: &Compiled) -> String {
    let mut table = Table::new(&["guest", "kind", "module", "bytes", "made with"]).right(&[3]);
    table.row([
        compiled.path.display().to_string(),
        compiled.kind.to_string(),
        compiled.sha256.short().to_owned(),
        compiled.size.to_string(),
        format!("{} {}", compiled.tool, compiled.version),
    ]);
    table.render()
}

/// What is offered no more, and what stays.
pub(in crate::cli) fn unloaded(unloaded: &Unloaded) -> String {
    let mut table =
        Table::new(&["swarm", "contract", "module", "files here", "offered no more", "still offered"]);
    let registered = unloaded.registered.as_ref();
    table.row([
        unloaded.swarm.to_string(),
        unloaded.version.clone().unwrap_or_else(|| "illegible".to_owned()),
        unloaded.module.as_ref().map_or("-", |module| module.short()).to_owned(),
        match unloaded.files {
            FilesAfter::Removed => "removed",
            FilesAfter::Used => "kept, another swarm uses them",
            FilesAfter::Absent => "none",
        }
        .to_owned(),
        registered.map_or_else(none, |registered| list(&registered.withdrawn)),
        registered.map_or_else(none, |registered| list(&registered.capabilities)),
    ]);
    table.render()
}

/// One contract a line.
pub(in crate::cli) fn contracts(contracts: &[ContractLine]) -> String {
    let mut table =
        Table::new(&["swarm", "contract", "kind", "module", "bytes", "here", "loaded", "by", "capabilities"])
            .right(&[4]);
    for line in contracts {
        if let Some(summary) = &line.summary {
            table.row(row(line, summary));
        } else {
            let problem = line.problem.as_deref().unwrap_or_default();
            table.row([line.swarm.as_str(), "illegible", "", "", "", "", "", "", problem]);
        }
    }
    table.render()
}

fn row(line: &ContractLine, summary: &ContractSummary) -> [String; 9] {
    let here = match (summary.here, summary.compiled) {
        // Whether an image is on a host, its container runtime knows.
        _ if summary.sha256.is_none() => "-",
        (true, true) => "compiled",
        (true, false) => "yes",
        (false, true) => "compiled only",
        (false, false) => "no",
    };
    [
        line.swarm.to_string(),
        summary.version.clone(),
        match (summary.kind, &summary.image) {
            (Some(kind), _) => kind.to_string(),
            (None, Some(_)) if summary.sha256.is_none() => CONTAINER.to_owned(),
            (None, _) => none(),
        },
        summary.sha256.as_ref().map_or_else(none, |module| module.short().to_owned()),
        summary.bytes.map_or_else(none, |bytes| bytes.to_string()),
        here.to_owned(),
        summary.loaded_at.to_string(),
        summary.by.clone(),
        list(&summary.capabilities),
    ]
}

/// The terms in force, one a line, then what was weakened.
pub(in crate::cli) fn contract(loaded: &LoadedContract) -> String {
    let mut terms = Table::new(&["term", "value"]);
    for (term, value) in rows(loaded) {
        terms.row([term.to_owned(), value]);
    }
    if loaded.replaced.is_empty() {
        return terms.render();
    }
    let mut replaced = Table::new(&["replaced", "by", "contract", "module", "what", "was", "became"]);
    for replacement in &loaded.replaced {
        for difference in &replacement.differences {
            replaced.row([
                replacement.at.to_string(),
                replacement.by.clone(),
                replacement.version.clone(),
                replacement.sha256.as_ref().map_or("-", |module| module.short()).to_owned(),
                difference.what.clone(),
                difference.was.clone(),
                difference.now.clone(),
            ]);
        }
    }
    format!("{}\n\n{}", terms.render(), replaced.render())
}

/// What a module imports; the many parts of WASI, behind which there is nothing, are only counted.
fn imports(inspection: &Inspection) -> String {
    let (wasi, ours): (Vec<&String>, Vec<&String>) =
        inspection.imports.iter().partition(|name| name.starts_with("wasi:"));
    let mut named: Vec<String> = ours.into_iter().cloned().collect();
    if !wasi.is_empty() {
        named.push(format!("wasi ({})", wasi.len()));
    }
    list(&named)
}

fn rows(loaded: &LoadedContract) -> Vec<(&'static str, String)> {
    let (contract, module) = (&loaded.contract, loaded.module.as_ref());
    let (resources, slos) = (contract.resource_requirements(), contract.slos());
    let promised = |value: Option<String>| value.unwrap_or_else(|| "not promised".to_owned());
    let mut rows = vec![
        ("swarm_id", contract.swarm_id().to_string()),
        ("version", contract.version().to_owned()),
        ("capabilities", list(contract.capabilities())),
        ("max_memory_mb", resources.max_memory_mb.get().to_string()),
        ("max_cpu_percent", resources.max_cpu_percent.get().to_string()),
        ("max_api_calls_per_second", resources.max_api_calls_per_second.get().to_string()),
        ("max_execution_time_seconds", resources.max_execution_time_seconds.get().to_string()),
        ("p99_latency_ms", promised(slos.p99_latency_ms.map(|limit| limit.get().to_string()))),
        ("success_rate", promised(slos.success_rate.map(|share| share.get().to_string()))),
        ("availability", promised(slos.availability.map(|share| share.get().to_string()))),
        ("dependencies", list(contract.dependencies())),
        ("egress", list(contract.egress().as_slice())),
        ("secrets", list(contract.secrets().as_slice())),
    ];
    rows.extend(
        module.map(|module| {
            ("module", format!("{} ({}, {} bytes)", module.sha256, kind(module), module.bytes))
        }),
    );
    rows.extend(contract.container().map(|container| ("container", container.to_string())));
    rows.push(("loaded", format!("{} by {}", loaded.loaded_at, loaded.by)));
    rows
}

fn interface(module: &ModuleInfo) -> Option<String> {
    let inspection = module.inspection.as_ref()?;
    let mut table = Table::new(&["imports", "exports"]);
    table.row([imports(inspection), list(&inspection.exports)]);
    Some(table.render())
}

fn registered(registered: &Contracted) -> String {
    let by_hand: BTreeSet<Capability> = &registered.capabilities - &registered.by_contract;
    let mut table =
        Table::new(&["governor", "cost/hour", "budget", "offered by contract", "by hand", "offered no more"])
            .right(&[1, 2]);
    table.row([
        registered.change.to_string(),
        registered.cost_per_hour.to_string(),
        registered.budget.to_string(),
        list(&registered.by_contract),
        list(&by_hand),
        list(&registered.withdrawn),
    ]);
    table.render()
}

fn kind(module: &ModuleInfo) -> String {
    module.inspection.as_ref().map_or_else(none, |inspection| inspection.kind.to_string())
}

fn list<'a, T: ToString + 'a>(items: impl IntoIterator<Item = &'a T>) -> String {
    let items: Vec<String> = items.into_iter().map(ToString::to_string).collect();
    if items.is_empty() { none() } else { items.join(", ") }
}

fn none() -> String {
    "-".to_owned()
}
