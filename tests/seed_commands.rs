//! The command lines of the original design, as they stand there but for the program's name and the port.

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::support::command::{Finished, Ifctl};
use crate::support::servers::{Backend, Server};
use crate::support::site::on_engine_and_etcd;

on_engine_and_etcd!(the_original_command_lines_work_as_written);

fn the_original_command_lines_work_as_written(backend: Backend) {
    let server = Server::start(backend);
    let home = TempDir::new().unwrap();
    let host = server.endpoint().replace("127.0.0.1", "localhost");
    let ifctl = |line: &str| Ifctl::new(home.path()).env("IF_ENDPOINTS", &host).args(line.split_whitespace());
    let run = |line: &str| -> Finished { ifctl(line).run().expect(0) };

    // The engine's own coordinator leads already; on it this one stands by.
    let start = format!("coordinator start --backend etcd --host {host}");
    let mut coordinator = Ifctl::new(home.path()).args(start.split_whitespace()).spawn();
    let ready = coordinator.stdout_lines().next_json();
    assert_eq!((&ready["ready"], &ready["backend"]), (&true.into(), &"etcd".into()));
    assert_eq!(ready["endpoints"][0], host.as_str());

    let status = run("coordinator status").stdout;
    for part in ["endpoints", "leader", "revision", "sessions", "ready tasks"] {
        assert!(status.contains(part), "no {part} in:\n{status}");
    }
    assert!(run("coordinator health").stdout.starts_with("healthy: revision "));
    assert_snapshot!(
        run("governor register session-1-ndi --capabilities integration:ndi,streaming:video --cost-per-hour 2.0 --budget 10.0")
            .snapshot(),
        @""
    );
    assert_snapshot!(run("coordinator swarms").snapshot(), @"");
    assert_snapshot!(run("coordinator tasks").snapshot(), @"");
    assert_snapshot!(
        run("governor find-help --required integration:sip,telephony:protocols --max-cost 5.0").snapshot(),
        @""
    );
    assert_snapshot!(run("governor budgets").snapshot(), @"");
    assert_snapshot!(
        run("chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract examples/contracts/session-4-sip.yaml")
            .snapshot(),
        @""
    );
    assert_snapshot!(run("chassis performance session-4-sip").snapshot(), @"");

    let answer = ifctl("chassis exec session-4-sip").stdin("{\"question\":\"which port?\"}").run().expect(0);
    assert_eq!(answer.json()["answer"], "use SIP over TLS on port 5061");
    let performance = ifctl("chassis performance session-4-sip -o json").run().expect(0).json();
    assert_eq!((&performance["total"], &performance["succeeded"]), (&1.into(), &1.into()));
    coordinator.terminate().expect(0);
}
