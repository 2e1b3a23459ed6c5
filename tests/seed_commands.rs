//! The command lines of the original design, as they stand there but for the program's name and the port.

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::support::command::{Finished, Ifctl};
use crate::support::servers::{Backend, Server};
use crate::support::site::on_engine_and_etcd;

on_engine_and_etcd!(the_original_command_lines_work_as_written);

/// Somebody at a shell who types what the design says.
struct Shell {
    home: TempDir,
    host: String,
}

impl Shell {
    fn ifctl(&self, line: &str) -> Ifctl {
        Ifctl::new(self.home.path()).env("IF_ENDPOINTS", &self.host).args(line.split_whitespace())
    }

    #[track_caller]
    fn run(&self, line: &str) -> Finished {
        self.ifctl(line).run().expect(0)
    }
}

fn the_original_command_lines_work_as_written(backend: Backend) {
    let server = Server::start(backend);
    let host = server.endpoint().replace("127.0.0.1", "localhost");
    let shell = Shell { home: TempDir::new().unwrap(), host };

    // The engine's own coordinator leads already; on it this one stands by.
    let start = format!("coordinator start --backend etcd --host {}", shell.host);
    let mut coordinator = Ifctl::new(shell.home.path()).args(start.split_whitespace()).spawn();
    let ready = coordinator.stdout_lines().next_json();
    assert_eq!((&ready["ready"], &ready["backend"]), (&true.into(), &"etcd".into()));
    assert_eq!(ready["endpoints"][0], shell.host.as_str());

    assert_the_governor_answers(&shell);
    assert_the_coordinator_answers(&shell);
    assert_the_chassis_answers(&shell);
    coordinator.terminate().expect(0);
}

fn assert_the_governor_answers(shell: &Shell) {
    assert_snapshot!(
        shell.run("governor register session-1-ndi --capabilities integration:ndi,streaming:video --cost-per-hour 2.0 --budget 10.0")
            .snapshot(),
        @"
        $ ifctl governor register session-1-ndi --capabilities integration:ndi,streaming:video --cost-per-hour 2.0 --budget 10.0
        status: 0
        --- stdout
        session-1-ndi updated: integration:ndi, streaming:video, 2.00 $/hour, budget 10.00
        --- stderr
        "
    );
    assert_snapshot!(
        shell.run("governor find-help --required integration:sip,telephony:protocols --max-cost 5.0").snapshot(),
        @"
        $ ifctl governor find-help --required integration:sip,telephony:protocols --max-cost 5.0
        status: 0
        --- stdout
         SWARM          MATCH  REPUTATION  $/HOUR  PRICE   LEFT  BREAKER  SCORE  VERDICT
         session-4-sip  100 %        50 %    2.00   2.00  60.00  closed   0.250  chosen
        --- stderr
        "
    );
    assert_snapshot!(shell.run("governor budgets").snapshot(), @"
    $ ifctl governor budgets
    status: 0
    --- stdout
     SCOPE                     CAP  SPENT  RESERVED   LEFT  SHARE       BURN/H  LASTS  PERIOD  BREAKER  REASON
     swarm/session-1-ndi     10.00   0.00      0.00  10.00  ░░░░░░░░░░    0.00      -  -       closed   -
     swarm/session-2-webrtc  60.00   0.00      0.00  60.00  ░░░░░░░░░░    0.00      -  -       closed   -
     swarm/session-3-h323    60.00   0.00      0.00  60.00  ░░░░░░░░░░    0.00      -  -       closed   -
     swarm/session-4-sip     60.00   0.00      0.00  60.00  ░░░░░░░░░░    0.00      -  -       closed   -
     swarm/session-5-cli     60.00   0.00      0.00  60.00  ░░░░░░░░░░    0.00      -  -       closed   -
     swarm/session-6-talent  10.00   0.00      0.00  10.00  ░░░░░░░░░░    0.00      -  -       closed   -
     swarm/session-7-ifbus   75.00   0.00      0.00  75.00  ░░░░░░░░░░    0.00      -  -       closed   -
    --- stderr
    ");
}

fn assert_the_coordinator_answers(shell: &Shell) {
    let status = shell.run("coordinator status").stdout;
    for part in ["endpoints", "leader", "revision", "sessions", "ready tasks"] {
        assert!(status.contains(part), "no {part} in:\n{status}");
    }
    assert!(shell.run("coordinator health").stdout.starts_with("healthy: revision "));
    assert_snapshot!(shell.run("coordinator swarms").snapshot(), @"
    $ ifctl coordinator swarms
    status: 0
    --- stdout
     SWARM             STATUS  WORKERS  HOLDING  $/HOUR  SPENT  RESERVED    CAP  CAPABILITIES
     session-1-ndi     active        0        0    2.00   0.00      0.00  10.00  integration:ndi, streaming:video
     session-2-webrtc  active        0        0    2.00   0.00      0.00  60.00  code-analysis:javascript, concurrency:transactions, documentation:technical, infrastructure:etcd, integration:http, integration:webrtc, messaging:pubsub, reliability:breakers, security:credentials
     session-3-h323    active        0        0    2.00   0.00      0.00  60.00  data:schemas, documentation:technical, governance:policies, integration:h323, operations:runbooks, security:audit, security:authorization, testing:performance, video:conferencing
     session-4-sip     active        0        0    2.00   0.00      0.00  60.00  integration:sip, reliability:limits, sandbox:wasm, security:audit, security:authorization, security:credentials, telephony:protocols, testing:integration
     session-5-cli     active        0        0    2.00   0.00      0.00  60.00  accounting:budgets, cli:design, code-analysis:python, data:hash-chains, data:schemas, documentation:technical, governance:policies, infrastructure:etcd, testing:integration
     session-6-talent  active        0        0    2.00   0.00      0.00  10.00  architecture:patterns, code-review:general, data:schemas, governance:policies, research:exploration, security:audit
     session-7-ifbus   active        0        0    3.00   0.00      0.00  75.00  accounting:budgets, cli:design, concurrency:transactions, governance:reputation, infrastructure:etcd, integration:http, integration:sip, observability:slo, operations:runbooks, reliability:limits, sandbox:wasm
    --- stderr
    ");
    assert_snapshot!(shell.run("coordinator tasks").snapshot(), @"
    $ ifctl coordinator tasks
    status: 0
    --- stdout
     TASK  STATE  OWNER  ATTEMPT  PRIORITY  SPENT  TITLE
    --- stderr
    ");
}

fn assert_the_chassis_answers(shell: &Shell) {
    assert_snapshot!(
        shell.run("chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract examples/contracts/session-4-sip.yaml")
            .snapshot(),
        @"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract examples/contracts/session-4-sip.yaml
    status: 0
    --- stdout
     SWARM          CONTRACT  CHANGE   MODULE        KIND  BYTES
     session-4-sip  1.0.0     created  8c04944f468a  core   2470

     IMPORTS  EXPORTS
     env.log  memory, alloc, execute_task

     GOVERNOR   COST/HOUR  BUDGET  OFFERED BY CONTRACT  BY HAND                                                                                                                                                    OFFERED NO MORE
     unchanged       2.00   60.00  -                    integration:sip, reliability:limits, sandbox:wasm, security:audit, security:authorization, security:credentials, telephony:protocols, testing:integration  -
    --- stderr
    "
    );
    assert_snapshot!(shell.run("chassis performance session-4-sip").snapshot(), @"
    $ ifctl chassis performance session-4-sip
    status: 0
    --- stdout
     SWARM          CONTRACT  TASKS  SUCCEEDED  FAILED  SINCE
     session-4-sip  1.0.0         0          0  -       -

     OBJECTIVE       PROMISED  MEASURED  VERDICT       BUDGET LEFT
     p99_latency_ms       500         -  not measured            -
     success_rate        0.95         -  not measured            -
     availability        0.99         -  not measured            -
    --- stderr
    ");

    let answer =
        shell.ifctl("chassis exec session-4-sip").stdin("{\"question\":\"which port?\"}").run().expect(0);
    assert_eq!(answer.json()["answer"], "use SIP over TLS on port 5061");
    let performance = shell.ifctl("chassis performance session-4-sip -o json").run().expect(0).json();
    assert_eq!((&performance["total"], &performance["succeeded"]), (&1.into(), &1.into()));
}
