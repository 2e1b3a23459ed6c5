//! What goes wrong says what, why and what to type next, and ends with its documented exit code.

use std::fs;
use std::net::TcpListener;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::support::command::{Finished, Ifctl};
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(tasks_that_cannot_be, claims_that_cannot_be, money_that_cannot_be, code_that_cannot_be);

/// Runs the words of `line` in a home of their own, where nothing else is.
fn alone(home: &TempDir, line: &str) -> Finished {
    Ifctl::new(home.path()).args(line.split_whitespace()).run()
}

/// Writes a file into the home and runs `line` with its path in the place of `FILE`.
fn with_file(home: &TempDir, text: &str, line: &str) -> Finished {
    let file = home.path().join("given.yaml");
    fs::write(&file, text).unwrap();
    alone(home, &line.replace("FILE", file.to_str().unwrap()))
}

#[test]
fn a_policy_that_is_none() {
    let home = TempDir::new().unwrap();
    let start = "coordinator start --listen 127.0.0.1:0 --policy FILE";
    let given = |policy: &str| with_file(&home, policy, start).snapshot();
    assert_snapshot!(given("resource_policy:\n  max_cost_per_tusk: 5.0\n"), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --policy HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:2:3: unknown key `max_cost_per_tusk`, did you mean `max_cost_per_task`?
    hint: ifctl governor policy show --default lists every key with its meaning
    ");
    assert_snapshot!(given("resource_policy:\n  min_capability_match: 1.5\n"), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --policy HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:2:25: min_capability_match: 1.5 is not between 0 and 1 (allowed: a number from 0.0 to 1.0)
    hint: ifctl governor policy show --default lists every key with its meaning
    ");
    assert_snapshot!(given("coordination:\n  max_attempts: many\n"), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --policy HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:2:17: max_attempts: `many` is not a whole number (allowed: a whole number from 1 to 1000)
    hint: ifctl governor policy show --default lists every key with its meaning
    ");
    assert_snapshot!(alone(&home, "coordinator start --listen 127.0.0.1:0 --policy nowhere.yaml").snapshot(), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --policy nowhere.yaml
    status: 2
    --- stdout
    --- stderr
    error: cannot read the policy nowhere.yaml
    cause: No such file or directory (os error 2)
    hint: name a readable file with --policy
    ");
}

#[test]
fn a_name_that_is_none() {
    let home = TempDir::new().unwrap();
    assert_snapshot!(alone(&home, "coordinator show ../secrets").snapshot(), @"
    $ ifctl coordinator show ../secrets
    status: 2
    --- stdout
    --- stderr
    error: invalid value '../secrets' for '<TASK>': task id `../secrets` has '.' at position 1: letters and digits first, then also . _ : -

    For more information, try '--help'.
    ");
    assert_snapshot!(alone(&home, "coordinator claim T --swarm unclaimed").snapshot(), @"
    $ ifctl coordinator claim T --swarm unclaimed
    status: 2
    --- stdout
    --- stderr
    error: invalid value 'unclaimed' for '--swarm <SWARM>': swarm id `unclaimed` is reserved

    For more information, try '--help'.
    ");
    assert_snapshot!(alone(&home, "coordinator complete T --token seven").snapshot(), @"
    $ ifctl coordinator complete T --token seven
    status: 2
    --- stdout
    --- stderr
    error: invalid value 'seven' for '--token <TOKEN>': `seven` is no token: `ifctl coordinator claim` prints one, such as 0.42

    For more information, try '--help'.
    ");
    assert_snapshot!(alone(&home, "governor find-help --required sip").snapshot(), @"
    $ ifctl governor find-help --required sip
    status: 2
    --- stdout
    --- stderr
    error: invalid value 'sip' for '--required <REQUIRED>': capability `sip` is not of the form domain:skill

    For more information, try '--help'.
    ");
}

#[test]
fn an_address_that_is_none() {
    let home = TempDir::new().unwrap();
    assert_snapshot!(alone(&home, "--endpoints here coordinator tasks").snapshot(), @"
    $ ifctl --endpoints here coordinator tasks
    status: 2
    --- stdout
    --- stderr
    error: endpoint `here` is not of the form host:port, http://host:port or https://host:port
    hint: ifctl --endpoints 127.0.0.1:PORT …
    ");
    assert_snapshot!(alone(&home, "coordinator start --listen here").snapshot(), @"
    $ ifctl coordinator start --listen here
    status: 2
    --- stdout
    --- stderr
    error: invalid value 'here' for '--listen <ADDRESS>': invalid socket address syntax

    For more information, try '--help'.
    ");
    assert_snapshot!(alone(&home, "coordinator start --listen 0.0.0.0:0").snapshot(), @"
    $ ifctl coordinator start --listen 0.0.0.0:0
    status: 6
    --- stdout
    --- stderr
    error: 0.0.0.0:0 can be reached from elsewhere, and nothing asks who connects
    hint: listen on 127.0.0.1; or turn authentication on there (etcdctl auth enable) and give --cert-file and --key-file
    ");
    assert_snapshot!(alone(&home, "coordinator start --host 127.0.0.1:1").snapshot(), @"
    $ ifctl coordinator start --host 127.0.0.1:PORT
    status: 2
    --- stdout
    --- stderr
    error: --host names an etcd, but the backend is the engine
    hint: ifctl coordinator start --backend etcd --host HOST:PORT, or --listen for the engine
    ");
}

#[test]
fn a_coordinator_that_is_not_there() {
    let home = TempDir::new().unwrap();
    assert_snapshot!(alone(&home, "--endpoints 127.0.0.1:1 coordinator tasks").snapshot(), @r#"
    $ ifctl --endpoints 127.0.0.1:PORT coordinator tasks
    status: 7
    --- stdout
    --- stderr
    error: no coordinator answers at 127.0.0.1:PORT
    cause: grpc request error: code: 'The service is currently unavailable', message: "tcp connect error", source: tonic::transport::Error(Transport, ConnectError(ConnectError("tcp connect error", 127.0.0.1:PORT, Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })))
    hint: ifctl coordinator start, or name another with --endpoints
    "#);
    assert_snapshot!(alone(&home, "--endpoints 127.0.0.1:1 coordinator claim T --swarm s1").snapshot(), @r#"
    $ ifctl --endpoints 127.0.0.1:PORT coordinator claim T --swarm s1
    status: 7
    --- stdout
    --- stderr
    error: no coordinator answers at 127.0.0.1:PORT
    cause: grpc request error: code: 'The service is currently unavailable', message: "tcp connect error", source: tonic::transport::Error(Transport, ConnectError(ConnectError("tcp connect error", 127.0.0.1:PORT, Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })))
    hint: ifctl coordinator start, or name another with --endpoints
    "#);
    assert_snapshot!(alone(&home, "coordinator start --backend etcd --host 127.0.0.1:1").snapshot(), @r#"
    $ ifctl coordinator start --backend etcd --host 127.0.0.1:PORT
    status: 7
    --- stdout
    --- stderr
    error: no coordinator answers at 127.0.0.1:PORT
    cause: grpc request error: code: 'The service is currently unavailable', message: "tcp connect error", source: tonic::transport::Error(Transport, ConnectError(ConnectError("tcp connect error", 127.0.0.1:PORT, Os { code: 111, kind: ConnectionRefused, message: "Connection refused" })))
    hint: ifctl coordinator start, or name another with --endpoints
    "#);
}

#[test]
fn an_option_that_would_be_ignored() {
    let home = TempDir::new().unwrap();
    let etcd = "coordinator start --backend etcd --host 127.0.0.1:1";
    let credentials = "chassis credentials s1 --ttl 60";
    for (line, words) in [
        (format!("{etcd} --listen 127.0.0.1:0"), "--listen is for the engine"),
        (format!("{etcd} --data-dir here"), "--data-dir is for the engine"),
        (format!("{credentials} --list"), "'--ttl <SECONDS>'"),
        (format!("{credentials} --revoke c1"), "'--ttl <SECONDS>'"),
        (format!("{credentials} --all --task-id t1"), "'--ttl <SECONDS>'"),
        ("governor set-budgets --no-overall --period day".to_owned(), "--no-overall leaves no budget"),
    ] {
        let refused = alone(&home, &line).expect(2);
        assert!(refused.stderr.contains(words), "{line}: {}", refused.stderr);
    }
}

#[test]
fn a_port_that_is_taken() {
    let home = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    assert_snapshot!(alone(&home, &format!("coordinator start --listen {address}")).snapshot(), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT
    status: 4
    --- stdout
    --- stderr
    error: cannot listen on 127.0.0.1:PORT
    cause: Address already in use (os error 98)
    hint: ifctl coordinator status tells whether a coordinator runs there; --listen 127.0.0.1:PORT takes any free port
    ");
}

#[test]
fn a_data_directory_that_is_taken() {
    let home = TempDir::new().unwrap();
    let mut first = Ifctl::new(home.path()).args(["coordinator", "start", "--listen", "127.0.0.1:0"]).spawn();
    assert_eq!(first.stdout_lines().next_json()["ready"], true);
    assert_snapshot!(alone(&home, "coordinator start --listen 127.0.0.1:0").snapshot(), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT
    status: 4
    --- stdout
    --- stderr
    error: HOME/coordinator/engine is in use by another process
    hint: ifctl coordinator status finds the one that runs; --data-dir takes another directory
    ");
}

#[test]
fn a_configuration_that_is_none() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("config.yaml"), "endpoint: 127.0.0.1:2379\n").unwrap();
    assert_snapshot!(alone(&home, "coordinator tasks").snapshot(), @"
    $ ifctl coordinator tasks
    status: 2
    --- stdout
    --- stderr
    error: HOME/config.yaml is no valid configuration
    cause: unknown field `endpoint`, expected one of `endpoints`, `namespace`, `command_timeout_seconds`, `cacert`, `cert`, `key`
    hint: known keys of HOME/config.yaml: endpoints, namespace, command_timeout_seconds, cacert, cert, key
    ");
}

fn tasks_that_cannot_be(backend: Backend) {
    let site = Site::start(backend);
    let run = |line: &str| site.run(line).snapshot();
    let submit = |backlog: &str| site.ifctl("coordinator submit --file -").stdin(backlog).run().snapshot();
    site.run("coordinator submit T").expect(0);
    assert_snapshot!(run("coordinator show nothing"), @"
    $ ifctl coordinator show nothing
    status: 3
    --- stdout
    --- stderr
    error: there is no task nothing
    hint: ifctl coordinator tasks
    ");
    assert_snapshot!(run("coordinator submit U --depends-on nothing"), @"
    $ ifctl coordinator submit U --depends-on nothing
    status: 3
    --- stdout
    --- stderr
    error: task U depends on nothing, which does not exist
    hint: submit nothing first
    ");
    assert_snapshot!(run("coordinator submit T --priority 9"), @"
    $ ifctl coordinator submit T --priority 9
    status: 4
    --- stdout
    --- stderr
    error: task T exists already
    hint: ifctl coordinator show T, or choose another name
    ");
    assert_snapshot!(submit("tasks:\n- {id: a, depends_on: [b]}\n- {id: b, depends_on: [a]}\n"), @"
    $ ifctl coordinator submit --file -
    status: 2
    --- stdout
    --- stderr
    error: cannot submit -
    cause: the tasks a, b wait for each other
    hint: ifctl coordinator submit --help shows the form
    ");
    assert_snapshot!(submit("tasks:\n- {id: a, prio: 1}\n"), @"
    $ ifctl coordinator submit --file -
    status: 2
    --- stdout
    --- stderr
    error: cannot submit -:2
    cause: the backlog is malformed
    cause: tasks[0]: unknown field `prio`, expected one of `id`, `title`, `required_capabilities`, `priority`, `depends_on`, `on_dependency_failure`, `not_before`, `deadline`, `stall_after`, `estimated_hours`, `max_cost`, `max_attempts`, `payload`, `directed_to`, `idempotency_key` at line 2 column 11
    hint: ifctl coordinator submit --help shows the form
    ");
    assert_snapshot!(run("coordinator unblock T"), @"
    $ ifctl coordinator unblock T
    status: 4
    --- stdout
    --- stderr
    error: task T is submitted (ready), so it cannot be unblocked
    hint: ifctl coordinator show T
    ");
}

fn claims_that_cannot_be(backend: Backend) {
    let site = Site::start(backend);
    let run = |line: &str| site.run(line).snapshot();
    site.run("coordinator submit held").expect(0);
    site.run("coordinator submit waiting --depends-on held").expect(0);
    site.run("coordinator submit skilled --capabilities integration:sip,telephony:protocols").expect(0);
    site.run("coordinator submit directed --direct-to s1").expect(0);
    site.claim("held", "s1");
    for task in ["given-up", "stuck"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    let token = site.claim("given-up", "s1");
    site.run(&format!("coordinator fail given-up --token {token} --message broken")).expect(0);
    let token = site.claim("stuck", "s1");
    site.run(&format!("coordinator block stuck --token {token} --needs magic:wands --description how?"))
        .expect(0);
    for verb in ["claim --swarm s2", "unblock"] {
        let refused = run(&format!("coordinator {verb} given-up"));
        assert!(
            refused.ends_with("hint: ifctl coordinator retry given-up has it tried again\n"),
            "{refused}"
        );
    }
    for verb in ["claim --swarm s2", "retry"] {
        let refused = run(&format!("coordinator {verb} stuck"));
        assert!(
            refused.ends_with("hint: ifctl coordinator unblock stuck lets it go on as it is\n"),
            "{refused}"
        );
    }
    assert_snapshot!(run("coordinator claim nothing --swarm s2"), @"
    $ ifctl coordinator claim nothing --swarm s2
    status: 3
    --- stdout
    --- stderr
    error: there is no task nothing
    hint: ifctl coordinator tasks
    ");
    assert_snapshot!(run("coordinator claim held --swarm s2"), @"
    $ ifctl coordinator claim held --swarm s2
    status: 4
    --- stdout
    --- stderr
    error: task held is claimed by s1
    hint: ifctl coordinator show held
    ");
    assert_snapshot!(run("coordinator claim waiting --swarm s2"), @"
    $ ifctl coordinator claim waiting --swarm s2
    status: 4
    --- stdout
    --- stderr
    error: task waiting is submitted (waiting), waiting for held
    hint: ifctl coordinator show waiting
    ");
    assert_snapshot!(run("coordinator claim skilled --swarm session-1-ndi"), @"
    $ ifctl coordinator claim skilled --swarm session-1-ndi
    status: 6
    --- stdout
    --- stderr
    error: session-1-ndi covers 0 % of the needed capabilities, 70 % are required: it lacks integration:sip, telephony:protocols
    hint: ifctl governor find-help --required …, or register session-1-ndi with what it lacks
    ");
    assert_snapshot!(run("coordinator claim directed --swarm s2"), @"
    $ ifctl coordinator claim directed --swarm s2
    status: 6
    --- stdout
    --- stderr
    error: task directed is meant for s1, not for s2
    hint: ifctl coordinator show directed
    ");
    assert_snapshot!(run("coordinator complete held --token 0.1"), @"
    $ ifctl coordinator complete held --token 0.1
    status: 5
    --- stdout
    --- stderr
    error: token 0.1 of task held is stale: s1 holds the task now
    hint: stop working on it; ifctl coordinator show held
    ");
    assert_snapshot!(run("coordinator heartbeat waiting --token 0.1"), @"
    $ ifctl coordinator heartbeat waiting --token 0.1
    status: 5
    --- stdout
    --- stderr
    error: token 0.1 of task waiting is stale: nobody holds the task now
    hint: stop working on it; ifctl coordinator show waiting
    ");
}

fn money_that_cannot_be(backend: Backend) {
    let site = Site::start(backend);
    let run = |line: &str| site.run(line).snapshot();
    site.run("governor register poor --capabilities a:b --cost-per-hour 2.0 --budget 1.0").expect(0);
    site.run("coordinator submit T").expect(0);
    site.run("coordinator submit cheap --max-cost 0.5").expect(0);
    assert_snapshot!(run("coordinator claim T --swarm poor"), @"
    $ ifctl coordinator claim T --swarm poor
    status: 6
    --- stdout
    --- stderr
    error: the budget of poor has 1.00 dollars left, 2.00 are needed
    hint: ifctl governor budgets
    ");
    assert_snapshot!(run("coordinator claim cheap --swarm poor"), @"
    $ ifctl coordinator claim cheap --swarm poor
    status: 6
    --- stdout
    --- stderr
    error: poor would cost 2.00 dollars, at most 0.50 are allowed
    hint: ifctl governor budgets
    ");
    assert_snapshot!(run("governor register rich --capabilities a:b --cost-per-hour -1"), @"
    $ ifctl governor register rich --capabilities a:b --cost-per-hour -1
    status: 2
    --- stdout
    --- stderr
    error: invalid value '-1' for '--cost-per-hour <COST_PER_HOUR>': `-1` is negative

    For more information, try '--help'.
    ");
    assert_snapshot!(run("coordinator complete T --token 0.1 --cost -1"), @"
    $ ifctl coordinator complete T --token 0.1 --cost -1
    status: 2
    --- stdout
    --- stderr
    error: invalid value '-1' for '--cost <COST>': `-1` is negative

    For more information, try '--help'.
    ");
    assert_snapshot!(run("coordinator complete T --token 0.1 --cost NaN"), @"
    $ ifctl coordinator complete T --token 0.1 --cost NaN
    status: 2
    --- stdout
    --- stderr
    error: invalid value 'NaN' for '--cost <COST>': `NaN` is not an amount in dollars such as 2.0 or 0.000125

    For more information, try '--help'.
    ");
    assert_snapshot!(run("governor find-help --required magic:wands"), @"
    $ ifctl governor find-help --required magic:wands
    status: 3
    --- stdout
     SWARM  MATCH  REPUTATION  $/HOUR  PRICE  LEFT  BREAKER  SCORE  VERDICT
    --- stderr
    error: nobody qualifies for magic:wands
    hint: nobody offers any of it; ifctl governor register adds a swarm
    ");
    assert_snapshot!(run("governor find-help --required integration:sip,telephony:protocols --max-cost 1.5"), @"
    $ ifctl governor find-help --required integration:sip,telephony:protocols --max-cost 1.5
    status: 3
    --- stdout
     SWARM            MATCH  REPUTATION  $/HOUR  PRICE   LEFT  BREAKER  SCORE  VERDICT
     session-4-sip    100 %        50 %    2.00   2.00  60.00  closed   0.250  session-4-sip would cost 2.00 dollars, at most 1.50 are allowed
     session-7-ifbus   50 %        50 %    3.00   3.00  75.00  closed   0.083  session-7-ifbus covers 50 % of the needed capabilities, 70 % are required: it lacks telephony:protocols, session-7-ifbus would cost 3.00 dollars, at most 1.50 are allowed
    --- stderr
    error: nobody qualifies for integration:sip, telephony:protocols
    hint: the table says what spoke against each; ifctl governor register adds a swarm
    ");
    site.run("coordinator submit paid --max-cost 10").expect(0);
    site.claim("paid", "session-4-sip");
    assert_snapshot!(run("governor register session-4-sip --capabilities a:b --cost-per-hour 1 --budget 5"), @"
    $ ifctl governor register session-4-sip --capabilities a:b --cost-per-hour 1 --budget 5
    status: 6
    --- stdout
    --- stderr
    error: a budget of 5.00 dollars for session-4-sip is below the 10.00 that are spent or reserved
    hint: ifctl governor budgets
    ");
}

fn code_that_cannot_be(backend: Backend) {
    let site = Site::start(backend);
    let run = |line: &str| site.run(line).snapshot();
    let good = fs::read_to_string("examples/contracts/session-4-sip.yaml").unwrap();
    let contract = site.home.path().join("given.yaml");
    let load = |contract_text: String| {
        fs::write(&contract, contract_text).unwrap();
        let wasm = "--wasm examples/guests/sip_help.wat";
        run(&format!("chassis load session-4-sip {wasm} --contract {}", contract.display()))
    };
    assert_snapshot!(load(good.replace("max_memory_mb", "max_memory_gb")), @"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:16:3: unknown key `max_memory_gb`, did you mean `max_memory_mb`?
    hint: every key with its default is in examples/contracts/session-4-sip.yaml
    ");
    assert_snapshot!(load(good.replace("success_rate: 0.95", "success_rate: 95")), @"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:24:17: slos.success_rate: must be from 0 to 1, not 95
    hint: every key with its default is in examples/contracts/session-4-sip.yaml
    ");
    assert_snapshot!(load(good.replace("swarm_id: session-4-sip", "swarm_id: session-7-ifbus")), @"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml is the contract of session-7-ifbus, not of session-4-sip
    hint: ifctl chassis load session-7-ifbus --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    ");
    assert_snapshot!(run("chassis load session-4-sip --contract nowhere.yaml"), @"
    $ ifctl chassis load session-4-sip --contract nowhere.yaml
    status: 2
    --- stdout
    --- stderr
    error: cannot read nowhere.yaml
    cause: No such file or directory (os error 2)
    hint: name readable files with --contract and --wasm
    ");
    assert_snapshot!(
        run("chassis load confined --wasm examples/guests/undeclared_import.wat --contract examples/contracts/confined.yaml"),
        @"
        $ ifctl chassis load confined --wasm examples/guests/undeclared_import.wat --contract examples/contracts/confined.yaml
        status: 6
        --- stdout
        --- stderr
        error: examples/guests/undeclared_import.wat is refused
        cause: the module imports env.read_file; only env.log and env.http_request are offered
        hint: build it without WASI, for wasm32-unknown-unknown
        "
    );
    assert_snapshot!(run("chassis performance session-4-sip"), @"
    $ ifctl chassis performance session-4-sip
    status: 3
    --- stdout
    --- stderr
    error: no contract is loaded for session-4-sip
    hint: ifctl chassis load session-4-sip --wasm FILE --contract FILE
    ");
    assert_snapshot!(run("chassis exec session-4-sip"), @"
    $ ifctl chassis exec session-4-sip
    status: 2
    --- stdout
    --- stderr
    error: the task is no JSON
    cause: EOF while parsing a value at line 1 column 0
    hint: give the task as JSON on standard input: echo '{}' | ifctl chassis exec …
    ");
}
