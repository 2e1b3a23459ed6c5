//! What is loaded is what was checked: no contract is weakened by accident, no machine code is run that this user did not
//! make, and whoever is killed in between can go on.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::command::{Finished, Ifctl, Running};
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};
use crate::support::terminal::Terminal;

on_engine_and_etcd!(
    loading_tells_what_the_code_is_and_offers_what_the_contract_says,
    what_a_person_registered_stays_beside_what_the_contract_offers,
    what_would_weaken_a_contract_is_named_and_needs_a_word_that_is_recorded,
    loading_the_very_same_changes_nothing_and_mends_what_is_missing,
    code_that_cannot_be_started_under_its_contract_is_refused,
    machine_code_that_this_user_did_not_make_is_not_run,
    whoever_is_killed_while_loading_leaves_what_was_in_force_or_all_of_the_new,
    whoever_is_killed_while_unloading_can_unload_again,
    of_loaders_that_race_the_newest_version_stays,
    unloading_takes_back_what_the_contract_brought_and_nothing_else,
    what_is_loaded_after_an_unload_is_compared_with_what_was_last_in_force,
    a_list_shows_every_contract_and_where_its_code_is,
);

/// A site whose policy declares nobody.
fn start(backend: Backend) -> Site {
    Site::start_under(backend, "capability_registry: {}\n")
}

/// The directory of a site's modules.
fn modules(site: &Site) -> PathBuf {
    site.home.path().join("chassis/modules")
}

/// Names in the directory of modules that end so.
fn files(site: &Site, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(modules(site)).map(|entries| entries.map(|entry| entry.unwrap().path()));
    let mut files: Vec<PathBuf> = entries.into_iter().flatten().collect();
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}

/// Writes a contract of `swarm` and gives its path.
fn contract(site: &Site, swarm: &str, version: &str, rest: &str) -> String {
    let path = site.home.path().join(format!("{swarm}-{version}.yaml"));
    fs::write(&path, format!("swarm_id: {swarm}\nversion: {version}\n{rest}\n")).unwrap();
    path.display().to_string()
}

/// Loads a guest of the examples under a contract at this path.
fn load(site: &Site, swarm: &str, guest: &str, contract: &str) -> Ifctl {
    site.ifctl(&format!("chassis load {swarm} --wasm examples/guests/{guest}.wat --contract {contract}"))
}

fn exec(site: &Site, swarm: &str) -> Finished {
    site.ifctl(&format!("chassis exec {swarm}")).stdin("{}").run()
}

/// Who offers what, by the index.
fn offers(site: &Site) -> BTreeSet<String> {
    let keys = site.raw().list("/capabilities/").into_iter();
    keys.map(|(key, _)| key.trim_start_matches("/capabilities/").to_owned()).collect()
}

fn stored(site: &Site, swarm: &str) -> Option<Value> {
    site.raw().json(&format!("/chassis/contracts/{swarm}"))
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn loading_tells_what_the_code_is_and_offers_what_the_contract_says(backend: Backend) {
    let site = start(backend);
    let line = "chassis load session-4-sip --contract examples/contracts/session-4-sip.yaml";
    assert_snapshot!(site.run(line).snapshot(), @"
    $ ifctl chassis load session-4-sip --contract examples/contracts/session-4-sip.yaml
    status: 0
    --- stdout
     SWARM          CONTRACT  CHANGE   MODULE        KIND  BYTES
     session-4-sip  1.0.0     created  8c04944f468a  core   2470

     IMPORTS  EXPORTS
     env.log  memory, alloc, execute_task

     GOVERNOR  COST/HOUR  BUDGET  OFFERED BY CONTRACT                   BY HAND  OFFERED NO MORE
     created        0.00   10.00  integration:sip, telephony:protocols  -        -
    --- stderr
    note: an hour of session-4-sip costs nothing, so that it goes before all that cost something, until you say otherwise: ifctl governor register session-4-sip --capabilities integration:sip,telephony:protocols --cost-per-hour DOLLARS
    ");
    assert_eq!(offers(&site), set(&["integration:sip/session-4-sip", "telephony:protocols/session-4-sip"]));
    let found = site.run("governor find-help --required integration:sip").expect(0);
    assert!(found.stdout.contains("session-4-sip"), "{}", found.stdout);
    let loaded = site.json(line);
    let module = &loaded["module"]["inspection"];
    assert_eq!(module["kind"], "core");
    assert_eq!(module["imports"], json!(["env.log"]));
    assert_eq!(module["exports"], json!(["memory", "alloc", "execute_task"]));
    assert_eq!(loaded["registered"]["by_contract"], loaded["contract"]["capabilities"]);
}

fn what_a_person_registered_stays_beside_what_the_contract_offers(backend: Backend) {
    let site = start(backend);
    site.run("governor register s1 --capabilities a:hand,b:both --cost-per-hour 2 --budget 50").expect(0);
    let first = contract(&site, "s1", "1.0.0", "capabilities: [b:both, c:first]");
    assert_snapshot!(load(&site, "s1", "echo", &first).run().snapshot(), @"
    $ ifctl chassis load s1 --wasm examples/guests/echo.wat --contract HOME/s1-1.0.0.yaml
    status: 0
    --- stdout
     SWARM  CONTRACT  CHANGE   MODULE        KIND  BYTES
     s1     1.0.0     created  27220c3ca079  core   1551

     IMPORTS  EXPORTS
     -        memory, alloc, execute_task

     GOVERNOR  COST/HOUR  BUDGET  OFFERED BY CONTRACT  BY HAND         OFFERED NO MORE
     updated        2.00   50.00  c:first              a:hand, b:both  -
    --- stderr
    ");
    let profile = site.raw().json("/swarms/s1/profile").unwrap();
    assert_eq!((&profile["cost_per_hour"], &profile["contracted"]), (&json!(2.0), &json!(["c:first"])));
    assert_eq!(site.budget("s1").2, 50_000_000);
    // Another contract brings other capabilities.
    let second = contract(&site, "s1", "2.0.0", "capabilities: [d:second]");
    let loaded = load(&site, "s1", "echo", &second).args(["-o", "json"]).run().expect(0).json();
    assert_eq!(loaded["change"], "updated");
    assert_eq!(loaded["registered"]["withdrawn"], json!(["c:first"]));
    assert_eq!(offers(&site), set(&["a:hand/s1", "b:both/s1", "d:second/s1"]));
    // Whoever registers it anew says what it can do by hand, and the contract stays in force.
    site.run("governor register s1 --capabilities e:new --cost-per-hour 3").expect(0);
    assert_eq!(offers(&site), set(&["d:second/s1", "e:new/s1"]));
    let capabilities = site.raw().json("/swarms/s1/capabilities").unwrap();
    assert_eq!(capabilities, json!(["d:second", "e:new"]));
}

fn what_would_weaken_a_contract_is_named_and_needs_a_word_that_is_recorded(backend: Backend) {
    const TERMS: &str =
        "capabilities: [a:b]\nresource_requirements: {max_memory_mb: 64}\nslos: {success_rate: 0.9}";
    let site = start(backend);
    let good = contract(&site, "s1", "1.2.0", TERMS);
    load(&site, "s1", "echo", &good).run().expect(0);
    let before = stored(&site, "s1");

    let older = contract(&site, "s1", "1.1.9", TERMS);
    assert_snapshot!(load(&site, "s1", "echo", &older).run().snapshot(), @"
    $ ifctl chassis load s1 --wasm examples/guests/echo.wat --contract HOME/s1-1.1.9.yaml
    status: 6
    --- stdout
    --- stderr
    error: s1 has a contract that this would weaken: version was 1.2.0, would be 1.1.9
    hint: --replace does it all the same, and is recorded
    ");
    assert_snapshot!(load(&site, "s1", "trap", &good).run().snapshot(), @"
    $ ifctl chassis load s1 --wasm examples/guests/trap.wat --contract HOME/s1-1.2.0.yaml
    status: 6
    --- stdout
    --- stderr
    error: s1 has a contract that this would weaken: module was 27220c3ca079, would be adc2615ae320
    hint: --replace does it all the same, and is recorded
    ");
    // What is no module is no other code either.
    let no_module = site.run(&format!("chassis load s1 --wasm {good} --contract {good}")).expect(6).stderr;
    assert!(
        no_module.contains("1.2.0.yaml is refused\ncause: the file is no valid WebAssembly"),
        "{no_module}"
    );
    let weaker =
        contract(&site, "s1", "1.3.0", "capabilities: [a:b]\nresource_requirements: {max_memory_mb: 128}");
    assert_snapshot!(load(&site, "s1", "echo", &weaker).run().snapshot(), @"
    $ ifctl chassis load s1 --wasm examples/guests/echo.wat --contract HOME/s1-1.3.0.yaml
    status: 6
    --- stdout
    --- stderr
    error: s1 has a contract that this would weaken: max_memory_mb was 64, would be 128; success_rate was 0.9, would be not promised
    hint: --replace does it all the same, and is recorded
    ");
    assert_eq!(stored(&site, "s1"), before);
    assert_eq!(files(&site, "wasm").len(), 1, "what was refused leaves nothing");

    load(&site, "s1", "trap", &weaker).args(["--replace"]).run().expect(0);
    let stronger =
        contract(&site, "s1", "1.4.0", "capabilities: [a:b]\nresource_requirements: {max_memory_mb: 32}");
    load(&site, "s1", "echo", &stronger).run().expect(0);
    load(&site, "s1", "echo", &older).args(["--replace"]).run().expect(0);
    let table = site.run("chassis contract s1 -o table").expect(0).stdout;
    let lines: Vec<String> =
        table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let has = |line: &str| lines.iter().any(|found| found == line);
    assert!(has("version 1.1.9") && has("max_memory_mb 64") && has("availability not promised"), "{table}");
    let heading = lines.iter().position(|line| line.starts_with("REPLACED ")).unwrap();
    let replaced: Vec<&str> =
        lines[heading + 1..].iter().map(|line| line.split_once(' ').unwrap().1).collect();
    assert_eq!(
        replaced,
        [
            "human:tester 1.2.0 27220c3ca079 max_memory_mb 64 128",
            "human:tester 1.2.0 27220c3ca079 success_rate 0.9 not promised",
            "human:tester 1.4.0 27220c3ca079 version 1.4.0 1.1.9",
            "human:tester 1.4.0 27220c3ca079 max_memory_mb 32 64",
        ]
    );
    assert_eq!(files(&site, "wasm").len(), 1, "what is replaced leaves this host");
    assert_eq!(files(&site, "code").len(), 1);
    let yaml: Value = serde_yaml::from_str(&site.run("chassis contract s1").expect(0).stdout).unwrap();
    assert_eq!(yaml, site.json("chassis contract s1"));
    assert_eq!(yaml["contract"]["version"], "1.1.9");
    assert_eq!(yaml["replaced"][0]["by"], "human:tester");
    assert_eq!(exec(&site, "s1").expect(0).stdout, "{}\n");
    // What nobody can read is replaced on a person's word only.
    site.raw().put("/chassis/contracts/s1", "{\"contract\":");
    assert_snapshot!(load(&site, "s1", "echo", &good).run().snapshot(), @"
    $ ifctl chassis load s1 --wasm examples/guests/echo.wat --contract HOME/s1-1.2.0.yaml
    status: 6
    --- stdout
    --- stderr
    error: s1 has a contract that this would weaken: record was illegible, would be 1.2.0
    hint: --replace does it all the same, and is recorded
    ");
    load(&site, "s1", "echo", &good).args(["--replace"]).run().expect(0);
    assert_eq!(exec(&site, "s1").expect(0).stdout, "{}\n");
}

fn loading_the_very_same_changes_nothing_and_mends_what_is_missing(backend: Backend) {
    let site = start(backend);
    let terms = contract(&site, "s1", "1.0.0", "capabilities: [a:b]");
    let again = || load(&site, "s1", "echo", &terms).args(["-o", "json"]).run().expect(0).json();
    assert_eq!((&again()["change"], &again()["change"]), (&json!("created"), &json!("unchanged")));
    let before = stored(&site, "s1");
    let revision = site.raw().revision();
    assert_eq!(
        (&again()["change"], &again()["registered"]["change"]),
        (&json!("unchanged"), &json!("unchanged"))
    );
    assert_eq!(stored(&site, "s1"), before);
    assert_eq!(site.raw().revision(), revision, "nothing is written");

    for lost in ["wasm", "code"] {
        fs::remove_file(&files(&site, lost)[0]).unwrap();
        assert_eq!(again()["change"], "unchanged");
        assert_eq!(files(&site, lost).len(), 1, "{lost}");
    }
    site.run("governor unregister s1").expect(0);
    assert!(offers(&site).is_empty());
    let mended = again();
    assert_eq!(
        (&mended["change"], &mended["registered"]["change"]),
        (&json!("unchanged"), &json!("created"))
    );
    assert_eq!(offers(&site), set(&["a:b/s1"]));

    // What is of no use goes: machine code for another engine, a draft of a process that was killed.
    let code = files(&site, "code")[0].display().to_string();
    let foreign = code.replace(code.rsplit('.').nth(1).unwrap(), "0123456789ab");
    let draft = modules(&site).join(".draft-of-the-dead");
    fs::copy(&code, &foreign).unwrap();
    fs::write(&draft, "half").unwrap();
    again();
    assert!(!Path::new(&foreign).exists() && !draft.exists() && Path::new(&code).exists());
    assert_eq!(exec(&site, "s1").expect(0).stdout, "{}\n");
    // Somebody who looks on is shown what takes so long.
    fs::remove_file(&code).unwrap();
    let line = format!("chassis load s1 --wasm examples/guests/echo.wat --contract {terms}");
    let (status, stdout, shown) = Terminal::start_on("xterm", site.home.path(), &site.server, &line).finish();
    assert!(status == 0 && stdout.contains("unchanged") && shown.contains("compiling 2 KiB"), "{shown}");
}

fn code_that_cannot_be_started_under_its_contract_is_refused(backend: Backend) {
    let site = start(backend);
    let confined = "examples/contracts/confined.yaml";
    load(&site, "confined", "echo", confined).run().expect(0);
    assert_snapshot!(load(&site, "confined", "spin_in_start", confined).args(["--replace"]).run().snapshot(), @"
    $ ifctl chassis load confined --wasm examples/guests/spin_in_start.wat --contract examples/contracts/confined.yaml --replace
    status: 6
    --- stdout
    --- stderr
    error: examples/guests/spin_in_start.wat cannot be started under its contract
    cause: the guest did not end within 1000 ms
    hint: its contract can allow it more: max_execution_time_seconds, max_cpu_percent
    ");
    let component =
        load(&site, "confined", "component_spin_in_start", confined).args(["--replace"]).run().expect(6);
    assert!(component.stderr.contains("the guest did not end within 1000 ms"), "{}", component.stderr);
    let traps = load(&site, "confined", "trap_in_start", confined).args(["--replace"]).run();
    assert_snapshot!(traps.snapshot(), @"
    $ ifctl chassis load confined --wasm examples/guests/trap_in_start.wat --contract examples/contracts/confined.yaml --replace
    status: 6
    --- stdout
    --- stderr
    error: examples/guests/trap_in_start.wat cannot be started under its contract
    cause: the guest trapped: wasm `unreachable` instruction executed in `begin`
    ");
    assert_eq!(exec(&site, "confined").expect(0).stdout, "{}\n");
    assert_eq!((files(&site, "wasm").len(), files(&site, "code").len()), (1, 1));
}

fn machine_code_that_this_user_did_not_make_is_not_run(backend: Backend) {
    let site = start(backend);
    for (swarm, guest) in [("s1", "echo"), ("s2", "sip_help")] {
        let terms = contract(&site, swarm, "1.0.0", "capabilities: [a:b]");
        load(&site, swarm, guest, &terms).run().expect(0);
    }
    let sha256 = stored(&site, "s1").unwrap()["module"]["sha256"].as_str().unwrap().to_owned();
    let codes = files(&site, "code");
    let is_first = |path: &&PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(&sha256);
    let (code, other) =
        (codes.iter().find(is_first).unwrap(), codes.iter().find(|path| !is_first(path)).unwrap());
    let good = fs::read(code).unwrap();
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    let elsewhere = Site { home: TempDir::new().unwrap(), ..start(backend) };
    let terms = contract(&elsewhere, "s1", "1.0.0", "capabilities: [a:b]");
    load(&elsewhere, "s1", "echo", &terms).run().expect(0);
    let foreign = fs::read(&files(&elsewhere, "code")[0]).unwrap();
    let forgeries = [flipped, good[..100].to_vec(), Vec::new(), fs::read(other).unwrap(), foreign];
    for (number, forged) in forgeries.into_iter().enumerate() {
        fs::write(code, &forged).unwrap();
        let answered = exec(&site, "s1").expect(0);
        assert_eq!(answered.stdout, "{}\n", "{number}");
        assert!(answered.stderr.contains("it is compiled again"), "{number}: {}", answered.stderr);
        assert_ne!(fs::read(code).unwrap(), forged, "{number}");
        // It is in order again.
        assert_eq!(exec(&site, "s1").expect(0).stderr, "", "{number}");
    }
    // Nor is a module run that is not the one that was loaded.
    fs::remove_file(code).unwrap();
    fs::copy("examples/guests/trap.wat", code.with_file_name(format!("{sha256}.wasm"))).unwrap();
    exec(&site, "s1").expect(6);

    let key = site.home.path().join("chassis/cache.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    assert_snapshot!(exec(&site, "s2").snapshot(), @"
    $ ifctl chassis exec s2
    status: 6
    --- stdout
    --- stderr
    error: HOME/chassis/cache.key is open to others, its mode is 0644: they could have machine code of theirs run
    hint: rm HOME/chassis/cache.key: a new one is made, and modules are compiled again
    ");
    fs::remove_file(&key).unwrap();
    assert_eq!(exec(&site, "s2").expect(0).json()["input_bytes"], 2);
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(modules(&site), fs::Permissions::from_mode(0o755)).unwrap();
    assert_snapshot!(exec(&site, "s2").snapshot(), @"
    $ ifctl chassis exec s2
    status: 6
    --- stdout
    --- stderr
    error: HOME/chassis/modules is open to others, its mode is 0755: they could have machine code of theirs run
    hint: chmod 700 HOME/chassis/modules
    ");
}

fn whoever_is_killed_while_loading_leaves_what_was_in_force_or_all_of_the_new(backend: Backend) {
    let site = start(backend);
    let contract = |number: usize| {
        contract(&site, "s1", &format!("{number}.0.0"), &format!("capabilities: [x:v{number}]"))
    };
    load(&site, "s1", "echo", &contract(1)).run().expect(0);
    for (number, step) in ["load-kept", "load-decided", "load-committed"].into_iter().enumerate() {
        let (before, next) = (number + 1, number + 2);
        let guest = if number % 2 == 0 { "sip_help" } else { "echo" };
        let new = contract(next);
        let killed = load(&site, "s1", guest, &new).env("FAILPOINTS", format!("{step}=return")).run();
        assert_eq!(killed.expect(128 + 9).stdout, "");
        let in_force = if step == "load-committed" { next } else { before };
        assert_eq!(stored(&site, "s1").unwrap()["contract"]["version"], format!("{in_force}.0.0"), "{step}");
        assert_eq!(offers(&site), set(&[&format!("x:v{in_force}/s1")]), "{step}");
        exec(&site, "s1").expect(0);
        load(&site, "s1", guest, &new).run().expect(0);
        assert_eq!(offers(&site), set(&[&format!("x:v{next}/s1")]), "{step}");
        exec(&site, "s1").expect(0);
    }
}

fn whoever_is_killed_while_unloading_can_unload_again(backend: Backend) {
    let site = start(backend);
    let terms = contract(&site, "s1", "1.0.0", "capabilities: [a:b]");
    for (step, again) in [("unload-removed", 0), ("unload-committed", 3)] {
        load(&site, "s1", "echo", &terms).run().expect(0);
        let killed = site.ifctl("chassis unload s1").env("FAILPOINTS", format!("{step}=return")).run();
        killed.expect(128 + 9);
        site.run("chassis unload s1").expect(again);
        assert_eq!((stored(&site, "s1"), offers(&site)), (None, BTreeSet::new()), "{step}");
        assert_eq!((files(&site, "wasm").len(), files(&site, "code").len()), (0, 0), "{step}");
    }
}

fn of_loaders_that_race_the_newest_version_stays(backend: Backend) {
    const RACERS: usize = 6;
    let site = start(backend);
    let racers: Vec<_> = (1..=RACERS)
        .map(|number| {
            let capabilities = format!("capabilities: [x:v{number}, y:all]");
            let terms = contract(&site, "s1", &format!("{number}.0.0"), &capabilities);
            let guest = if number % 2 == 0 { "echo" } else { "sip_help" };
            load(&site, "s1", guest, &terms).spawn()
        })
        .collect();
    let ended: Vec<Finished> = racers.into_iter().map(Running::finish).collect();
    for (index, ended) in ended.iter().enumerate() {
        let newest = index + 1 == RACERS;
        assert!(ended.code == 0 || (!newest && ended.code == 6), "{}: {}", index + 1, ended.stderr);
    }
    assert_eq!(stored(&site, "s1").unwrap()["contract"]["version"], format!("{RACERS}.0.0"));
    assert_eq!(offers(&site), set(&[&format!("x:v{RACERS}/s1"), "y:all/s1"]));
    assert_eq!(exec(&site, "s1").expect(0).stdout, "{}\n");
    assert_eq!(files(&site, "wasm").len(), 1, "{:?}", files(&site, "wasm"));
}

/// What is said of s1 when it has no contract.
const NOT_LOADED: &str = "error: no contract is loaded for s1
hint: ifctl chassis load s1 --wasm FILE --contract FILE
";

fn unloading_takes_back_what_the_contract_brought_and_nothing_else(backend: Backend) {
    let site = start(backend);
    site.run("governor register s1 --capabilities a:hand --cost-per-hour 2 --budget 50").expect(0);
    for swarm in ["s1", "s2"] {
        let terms = contract(&site, swarm, "1.0.0", "capabilities: [a:hand, b:contract]");
        load(&site, swarm, "echo", &terms).run().expect(0);
        exec(&site, swarm).expect(0);
    }
    assert_snapshot!(site.run("chassis unload s1").snapshot(), @"
    $ ifctl chassis unload s1
    status: 0
    --- stdout
     SWARM  CONTRACT  MODULE        FILES HERE                     OFFERED NO MORE  STILL OFFERED
     s1     1.0.0     27220c3ca079  kept, another swarm uses them  b:contract       a:hand
    --- stderr
    note: what s1 has spent, how it did and its reputation stay
    note: it stays registered; ifctl governor unregister s1 takes that back
    ");
    assert_eq!(offers(&site), set(&["a:hand/s1", "a:hand/s2", "b:contract/s2"]));
    assert_eq!(site.raw().json("/swarms/s1/profile").unwrap()["cost_per_hour"], 2.0);
    assert_eq!(site.budget("s1").2, 50_000_000);
    assert!(site.raw().get("/chassis/metrics/s1/summary").is_some());
    // The other swarm has the same code.
    assert_eq!(exec(&site, "s2").expect(0).stdout, "{}\n");
    for refused in [exec(&site, "s1"), site.run("chassis unload s1")] {
        assert_eq!(refused.expect(3).stderr, NOT_LOADED);
    }
    assert_snapshot!(site.run("chassis unload s2").snapshot(), @"
    $ ifctl chassis unload s2
    status: 0
    --- stdout
     SWARM  CONTRACT  MODULE        FILES HERE  OFFERED NO MORE     STILL OFFERED
     s2     1.0.0     27220c3ca079  removed     a:hand, b:contract  -
    --- stderr
    note: what s2 has spent, how it did and its reputation stay
    note: it stays registered; ifctl governor unregister s2 takes that back
    ");
    assert_eq!((files(&site, "wasm").len(), files(&site, "code").len()), (0, 0));
    // A swarm that is registered no more, and one whose record nobody can read.
    let terms = contract(&site, "s3", "1.0.0", "capabilities: [a:b]");
    load(&site, "s3", "echo", &terms).run().expect(0);
    site.run("governor unregister s3").expect(0);
    site.raw().put("/chassis/contracts/s3", "{}");
    let unloaded = site.json("chassis unload s3");
    assert_eq!((&unloaded["version"], &unloaded["registered"]), (&Value::Null, &Value::Null));
    assert_eq!(stored(&site, "s3"), None);
}

fn what_is_loaded_after_an_unload_is_compared_with_what_was_last_in_force(backend: Backend) {
    let site = start(backend);
    let terms = contract(&site, "s1", "1.0.0", "capabilities: [a:b]");
    let weaker =
        contract(&site, "s1", "1.0.1", "capabilities: [a:b]\nresource_requirements: {max_memory_mb: 512}");
    load(&site, "s1", "echo", &terms).run().expect(0);
    load(&site, "s1", "echo", &weaker).args(["--replace"]).run().expect(0);
    exec(&site, "s1").expect(0);
    site.run("chassis unload s1").expect(0);
    assert_snapshot!(load(&site, "s1", "trap", &weaker).run().snapshot(), @"
    $ ifctl chassis load s1 --wasm examples/guests/trap.wat --contract HOME/s1-1.0.1.yaml
    status: 6
    --- stdout
    --- stderr
    error: s1 had a contract that this would weaken: module was 27220c3ca079, would be adc2615ae320
    hint: --replace does it all the same, and is recorded
    ");
    assert_eq!(files(&site, "wasm").len(), 0, "what was refused leaves nothing");
    load(&site, "s1", "echo", &weaker).run().expect(0);
    let replaced = |version: &str| {
        let stored = stored(&site, "s1").unwrap();
        let replaced = stored["replaced"].as_array().unwrap().clone();
        replaced.iter().filter(|replaced| replaced["version"] == version).count()
    };
    assert_eq!((replaced("1.0.0"), replaced("1.0.1")), (1, 0), "what was weakened before stays on record");
    assert_eq!(site.json("chassis performance s1")["total"], 1);
    site.run("chassis unload s1").expect(0);
    load(&site, "s1", "trap", &weaker).args(["--replace"]).run().expect(0);
    assert_eq!((replaced("1.0.0"), replaced("1.0.1")), (1, 1));
    assert_eq!(
        site.raw().get("/chassis/ended/s1"),
        None,
        "once there is a contract, it is what is compared with"
    );
}

fn a_list_shows_every_contract_and_where_its_code_is(backend: Backend) {
    let site = start(backend);
    assert_eq!(site.json("chassis list"), json!([]));
    load(&site, "confined", "echo", "examples/contracts/confined.yaml").run().expect(0);
    let sip = "examples/contracts/session-4-sip.yaml";
    load(&site, "session-4-sip", "sip_help", sip).run().expect(0);
    site.raw().put("/chassis/contracts/broken", "{\"contract\": \"\\u001b[2J\"}");
    fs::remove_file(&files(&site, "code")[0]).unwrap();
    let listed = site.json("chassis list");
    assert_eq!(listed[0]["swarm"], "broken");
    assert!(listed[0]["problem"].is_string());
    assert_eq!(
        (&listed[1]["swarm"], &listed[1]["here"], &listed[1]["kind"]),
        (&json!("confined"), &json!(true), &json!("core"))
    );
    let compiled = listed.as_array().unwrap().iter().filter(|line| line["compiled"] == true).count();
    assert_eq!(compiled, 1);
    let table = site.run("chassis list").expect(0).stdout;
    for word in
        ["illegible", "core", "compiled", "yes", "integration:sip, telephony:protocols", "human:tester"]
    {
        assert!(table.contains(word), "{word}: {table}");
    }
    assert!(!table.contains('\u{1b}'));
    let elsewhere = TempDir::new().unwrap();
    let list = Ifctl::new(elsewhere.path()).endpoints(&site.server).args(["chassis", "list", "-o", "json"]);
    assert_eq!(list.run().expect(0).json()[1]["here"], false);
    // The same load brings it there, and changes nothing else.
    let load = Ifctl::new(elsewhere.path()).endpoints(&site.server).args([
        "chassis",
        "load",
        "confined",
        "--contract",
        "examples/contracts/confined.yaml",
        "-o",
        "json",
    ]);
    assert_eq!(load.run().expect(0).json()["change"], "unchanged");
    let exec = Ifctl::new(elsewhere.path()).endpoints(&site.server).args(["chassis", "exec", "confined"]);
    assert_eq!(exec.stdin("{}").run().expect(0).stdout, "{}\n");
}
