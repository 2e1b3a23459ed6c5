//! Code that is no WebAssembly yet runs in a container, under the same contract, and out of it only as that says.
//!
//! With a real Docker daemon, which takes root.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::command::{Finished, Ifctl};
use crate::support::containers::{Docker, IMAGE, Podman, docker, docker_path, nothing};
use crate::support::patience::eventually;
use crate::support::receivers::Webhook;
use crate::support::secure::Certificates;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_task_in_a_container_is_answered_and_on_the_record,
    a_credential_lets_a_container_out_for_a_while_and_no_longer_than_it_counts,
    a_container_ends_with_the_claim_of_its_task,
);

/// A store, a Docker daemon, and swarms of which each has its name from its test.
struct Scene {
    site: Site,
    docker: &'static Docker,
    swarm: String,
}

const LIMITS: &str = "{max_memory_mb: 64, max_cpu_percent: 100, max_execution_time_seconds: 50}";

impl Scene {
    fn new(backend: Backend, swarm: &str) -> Self {
        let swarm = format!("{swarm}-{backend:?}-{}", std::process::id()).to_lowercase();
        Self { site: Site::start(backend), docker: docker(), swarm }
    }

    /// Puts the swarm under a contract with these limits and keys.
    fn load(&self, limits: &str, keys: &str) -> Finished {
        let contract = self.site.home.path().join("contract.yaml");
        let text = format!(
            "swarm_id: {}\nversion: 1.0.0\ncapabilities: [errands:run]\nresource_requirements: {limits}\n\
             container: {{image: '{IMAGE}'}}\n{keys}\n",
            self.swarm
        );
        fs::write(&contract, text).unwrap();
        let load = self.ifctl("load --replace");
        load.arg_pair("--contract", contract).args(["-o", "json"]).run().expect(0)
    }

    /// A call of a verb of the chassis, for the swarm.
    fn ifctl(&self, line: &str) -> Ifctl {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        self.site
            .ifctl(&format!("chassis {verb} {} {rest}", self.swarm))
            .env("DOCKER_HOST", self.docker.host())
            .env("PATH", docker_path())
    }

    /// Runs a program of the shell in a container.
    fn shell(&self, options: &str, program: &str) -> Ifctl {
        self.ifctl(&format!("run {options}")).args(["--", "sh", "-c", program]).stdin("{}")
    }

    /// What a program of the shell writes to standard output, as a text.
    #[track_caller]
    fn said(&self, program: &str) -> String {
        let quoted = format!("printf '\"'; {{ {program}; }} 2>&1 | tr '\\n\"' '  '; printf '\"'");
        self.shell("-o json", &quoted).run().expect(0).json().as_str().unwrap().to_owned()
    }

    #[track_caller]
    fn nothing_is_left(&self) {
        assert_eq!(self.docker.all(&self.swarm), Vec::<String>::new());
        let sockets = self.site.home.path().join("chassis/containers");
        let left = fs::read_dir(sockets).into_iter().flatten();
        assert_eq!(left.filter(|entry| entry.as_ref().unwrap().path().is_dir()).count(), 0);
    }
}

fn a_task_in_a_container_is_answered_and_on_the_record(backend: Backend) {
    let scene = Scene::new(backend, "answers");
    scene.ifctl("run").stdin("{}").run().expect(3);
    let loaded = scene.load(LIMITS, "").json();
    assert_eq!((&loaded["contract"]["container"]["image"], &loaded["module"]), (&json!(IMAGE), &Value::Null));
    let listed = scene.site.run("chassis list").expect(0).stdout;
    assert!(listed.contains("container"), "{listed}");
    let sandboxed = scene.ifctl("exec").stdin("{}").run().expect(3);
    assert!(sandboxed.stderr.contains("has a container and no module"), "{}", sandboxed.stderr);

    let task = json!({"text": "an ä and a \u{1f980}", "list": [1, null]});
    let cat =
        scene.ifctl("run -o json --task-id errand-1 -- sh -c").args(["echo one >&2; echo two >&2; cat"]);
    let answered = cat.stdin(task.to_string()).run().expect(0);
    assert_eq!(answered.json(), task);
    assert!(answered.stderr.contains(&format!("{}: one\n", scene.swarm)), "{}", answered.stderr);
    assert!(
        answered.stderr.contains("docker runs if-tests:tools"),
        "it says what it chose: {}",
        answered.stderr
    );
    let logged = scene.ifctl("logs").run().expect(0).stdout;
    assert!(logged.contains("errand-1 one\n") && logged.contains("errand-1 two\n"), "{logged}");

    for (program, code, words) in [
        ("exit 3", 9, "the guest failed: it ended with status 3"),
        ("echo nonsense", 9, "the guest's answer is unusable: it is no JSON"),
        ("exit 139", 9, "the guest trapped: it was killed by SIGSEGV"),
        ("while :; do echo 0123456789; done", 9, "unusable: more than the 1048576 bytes that are allowed"),
        ("while :; do echo 0123456789 >&2; done", 6, "the guest logs more than its 1048576 bytes"),
    ] {
        let failed = scene.shell("", program).run().expect(code);
        assert!(failed.stderr.contains(words), "{program}: {}", failed.stderr.lines().last().unwrap());
    }
    let missing = scene.ifctl("run -- nonesuch").stdin("{}").run().expect(9);
    assert!(
        missing.stderr.contains("it cannot be started") && missing.stderr.contains("nonesuch"),
        "{}",
        missing.stderr
    );
    // What begins like an option is a program's name where a program is to be.
    let option = scene.ifctl("run -- --privileged").stdin("{}").run().expect(9);
    assert!(option.stderr.contains("it cannot be started"), "{}", option.stderr);
    let performance = scene.ifctl("performance -o json").run().expect(0).json();
    assert_eq!((&performance["total"], &performance["succeeded"]), (&json!(8), &json!(1)), "{performance}");
    scene.nothing_is_left();
}

#[test]
fn a_container_gets_no_more_than_its_contract_and_no_more_than_is_asked_for() {
    let scene = Scene::new(Backend::Engine, "limits");
    scene.load("{max_memory_mb: 64, max_cpu_percent: 25}", "");
    for (options, words) in [
        ("--memory-limit 65m", "--memory-limit 65m is more than the 64m of the contract (max_memory_mb)"),
        ("--cpu-limit 0.5", "--cpu-limit 0.500 is more than the 0.250 of the contract (max_cpu_percent)"),
    ] {
        let refused = scene.shell(options, "echo 1").run().expect(6);
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
    for wrong in ["--memory-limit many", "--cpu-limit 0", "--image=-v", "--runtime lxc"] {
        scene.shell(wrong, "echo 1").run().expect(2);
    }
    let running = scene.shell("--memory-limit 16m --cpu-limit 0.1", "sleep 1000").spawn();
    let container = eventually("it runs", || scene.docker.running(&scene.swarm).pop());
    let asked = "{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}} \
                 {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.Config.User}}";
    assert_eq!(
        scene.docker.call(&["inspect", "--format", asked, &container]),
        "16777216 16777216 100000000 128 [ALL] [no-new-privileges] 65534:65534"
    );
    drop(running);
}

#[test]
fn a_container_that_takes_too_much_memory_is_ended_for_that() {
    let scene = Scene::new(Backend::Engine, "memory");
    scene.load("{max_memory_mb: 64, max_cpu_percent: 100}", "");
    let grow = "x=0123456789; while :; do x=$x$x; done";
    let ended = scene.shell("--memory-limit 16m", grow).run().expect(6);
    assert!(ended.stderr.contains("needs more than its 16 MiB of memory"), "{}", ended.stderr);
    // Also what is written to the only place that can be written to.
    let fill = scene.shell("--memory-limit 16m", "cat /dev/zero >/tmp/x && echo 1").run().expect(6);
    assert!(fill.stderr.contains("needs more than its 16 MiB of memory"), "{}", fill.stderr);
    let performance = scene.ifctl("performance -o json").run().expect(0).json();
    assert_eq!(performance["failures"]["memory"], 2, "{performance}");
    scene.nothing_is_left();
}

#[test]
fn a_fork_bomb_fills_its_container_and_nothing_else() {
    let scene = Scene::new(Backend::Engine, "bomb");
    scene.load(LIMITS, "");
    let many = "i=0; while [ $i -lt 300 ]; do sleep 100 & i=$((i+1)); done; echo $i";
    let refused = scene.shell("", many).run().expect(9);
    assert!(refused.stderr.contains("Cannot fork"), "{}", refused.stderr);
    scene.load("{max_memory_mb: 64, max_cpu_percent: 25, max_execution_time_seconds: 3}", "");
    let bomb = scene.shell("", "bomb() { bomb | bomb & }; bomb; sleep 100").run();
    assert!([6, 9].contains(&bomb.code), "{}", bomb.stderr);
    scene.nothing_is_left();
    scene.load(LIMITS, "");
    assert_eq!(scene.said("echo well"), "well ");
}

#[test]
fn a_container_has_its_share_of_a_core_and_not_more() {
    let scene = Scene::new(Backend::Engine, "cpu");
    scene.load("{max_memory_mb: 64, max_cpu_percent: 50, max_execution_time_seconds: 4}", "");
    let ended = scene.shell("--cpu-limit 0.2", "while :; do :; done").run().expect(6);
    assert!(ended.stderr.contains("did not end within 4000 ms"), "{}", ended.stderr);
    // As the kernel counts it, over the time of the task.
    let peaks = scene.site.raw().json(&format!("/chassis/metrics/{}/peaks", scene.swarm)).unwrap();
    let share = peaks["cpu_percent"].as_f64().unwrap();
    assert!((4.0..32.0).contains(&share), "{peaks}");
    assert!(peaks["memory_bytes"].as_u64().unwrap() > 0, "{peaks}");
    scene.nothing_is_left();
}

#[test]
fn a_container_has_no_network_no_rights_and_nothing_of_the_host() {
    let scene = Scene::new(Backend::Engine, "bare");
    scene.load(LIMITS, "");
    let config = scene.site.home.path().join("docker-config");
    fs::create_dir(&config).unwrap();
    let proxies = r#"{"proxies": {"default": {"httpProxy": "http://user:secret@proxy:1"}}}"#;
    fs::write(config.join("config.json"), proxies).unwrap();
    let environment = "env | cut -d= -f1 | sort | tr '\\n' ' ' | sed 's/.*/\"&\"/'";
    let told = scene
        .shell("-o json --task-id errand-2", environment)
        .env("DOCKER_CONFIG", config)
        .env("IF_CREDENTIALS_OF_SOMEBODY", "secret")
        .run()
        .expect(0)
        .json();
    assert_eq!(told, "HOME HOSTNAME IF_TASK_ID PATH PWD ");
    assert_eq!(scene.said("ls /sys/class/net"), "lo ");
    let refused = scene.said("nc -v -w 2 1.1.1.1 80");
    assert!(refused.contains("unreachable"), "{refused}");
    assert_eq!(
        scene.said("id -u; id -g; grep -E 'CapEff|CapBnd|NoNewPrivs' /proc/self/status | tr -s '\\t' ' '"),
        "65534 65534 CapEff: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1 "
    );
    for place in ["/", "/etc", "/run", "/usr"] {
        let refused = scene.said(&format!("touch {place}/x"));
        assert!(
            refused.contains("Read-only file system") || refused.contains("Permission denied"),
            "{refused}"
        );
    }
    assert_eq!(scene.said("echo kept >/tmp/x; cat /tmp/x"), "kept ");
    assert!(scene.said("cat /tmp/x").contains("No such file"), "nothing survives a task");
    scene.nothing_is_left();
}

impl Scene {
    /// Puts the swarm under a contract that allows to post to `/hook` of a service.
    fn load_calling(&self, service: &Webhook, keys: &str) {
        let rule = format!("url: 'https://{}/hook', methods: [POST], allow_private: true", service.address);
        let limits = "{max_memory_mb: 64, max_cpu_percent: 100, max_api_calls_per_second: 1000}";
        self.load(limits, &format!("egress: [{{{rule}}}]\n{keys}"));
    }
}

fn post(service: &Webhook, path: &str) -> Value {
    json!({"method": "POST", "url": format!("https://{}{path}", service.address), "body": "a 'parcel' of ä"})
}

fn example(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/containers").join(name)).unwrap()
}

#[test]
fn a_container_calls_through_its_socket_what_its_contract_allows_and_nothing_else() {
    const VALUE: &str = "sk-0123456789/abcdef+ghijkl";
    let certificates = Certificates::new();
    let service = Webhook::at("127.0.0.1:0", 200, Some(&certificates.server));
    let scene = Scene::new(Backend::Engine, "calls");
    let secret = format!("secrets: [{{name: PARCEL_KEY, url: 'https://{}/hook'}}]", service.address);
    scene.load_calling(&service, &secret);
    scene.site.ifctl("chassis secrets set PARCEL_KEY").stdin(VALUE).run().expect(0);
    let call = |request: &Value, words: &[&str]| {
        let run = scene.ifctl("run -o json --").args(words).env("SSL_CERT_FILE", &certificates.authority);
        run.stdin(request.to_string()).run().expect(0).json()
    };
    let (shell, python) = (example("call.sh"), example("call.py"));
    let from_shell = format!("request=$(cat); set -- \"$request\"\n{shell}");
    let clients: [&[&str]; 2] = [&["sh", "-c", &from_shell], &["python3", "-c", &python]];
    for (done, client) in clients.into_iter().enumerate() {
        let mut asking = post(&service, "/hook/parcels");
        asking["headers"] = json!({"X-Echo": "1"});
        let answered = call(&asking, client);
        assert_eq!(answered["status"], 200, "{answered}");
        assert!(!answered.to_string().contains(VALUE), "{answered}");
        let requests = service.requests();
        assert_eq!(requests.len(), done + 1);
        assert_eq!(requests[done].body, "a 'parcel' of ä");
        assert_eq!(requests[done].header("authorization"), format!("Bearer {VALUE}"));
        for (request, words) in [
            (post(&service, "/elsewhere"), "refused: no egress rule of the contract covers this path"),
            (json!({"url": "https://example.org/"}), "names the host `example.org`"),
            (json!("nonsense"), "the request is not understood"),
        ] {
            let refused = call(&request, client);
            assert!(refused["error"].as_str().unwrap().contains(words), "{refused}");
        }
    }
    assert_eq!(service.requests().len(), 2);
    let calls = scene.site.raw().json(&format!("/chassis/metrics/{}/peaks", scene.swarm)).unwrap();
    assert!(calls["calls_per_second"].as_f64().is_some(), "{calls}");
    scene.nothing_is_left();
}

/// Speaks to the socket as it likes.
const BARE: &str = r#"
import json, os, socket, sys
def say(text, end=True):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(30)
    s.connect(os.environ["IF_EGRESS"])
    try:
        s.sendall(text)
        if end: s.shutdown(socket.SHUT_WR)
        said = b""
        while True:
            more = s.recv(65536)
            if not more: break
            said += more
    except OSError as e:
        return type(e).__name__
    return int(said.split()[1]) if said else 0
handle = os.environ["IF_CREDENTIAL"].encode()
def ask(head, body=b"{}", handle=handle):
    return say(head + b"\r\nHost: h\r\nAuthorization: Bearer " + handle + b"\r\nContent-Length: "
        + str(len(body)).encode() + b"\r\n\r\n" + body)
"#;

#[test]
fn the_socket_of_a_container_knows_its_task_and_cuts_off_who_says_too_much() {
    let certificates = Certificates::new();
    let service = Webhook::at("127.0.0.1:0", 200, Some(&certificates.server));
    let scene = Scene::new(Backend::Engine, "socket");
    scene.load_calling(&service, "");
    let told = |program: &str| {
        let run = scene.ifctl("run -o json --").args(["python3", "-c", &format!("{BARE}\n{program}")]);
        run.stdin("{}").run().expect(0).json()
    };
    let foreign = scene.ifctl("credentials --task-id other").run().expect(0).stdout;
    let foreign = foreign.trim();
    let statuses = told(&format!(
        "print(json.dumps([ask(b'POST / HTTP/1.1'), ask(b'POST / HTTP/1.1', handle=b'{foreign}'),\
           ask(b'POST / HTTP/1.1', handle=b'nonsense'), say(b'POST / HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'),\
           ask(b'POST /other HTTP/1.1'), ask(b'GET / HTTP/1.1'), ask(b'POST / HTTP/1.1', b'\\xff'),\
           ask(b'POST / HTTP/1.1', b'x' * ((1 << 20) + 1)),\
           say(b'POST / HTTP/1.1\\r\\nX: ' + b'x' * 200000)]))"
    ));
    let list = statuses.as_array().unwrap();
    assert_eq!(list[..7], [200, 401, 401, 401, 404, 405, 400].map(Value::from), "{statuses}");
    // Who goes on sending is told, or cut off before he listens.
    for cut in &list[7..] {
        assert!(
            [json!(413), json!(431), json!(0), json!("BrokenPipeError"), json!("ConnectionResetError")]
                .contains(cut),
            "{statuses}"
        );
    }
    // Forty who say nothing do not keep the others waiting for ever.
    let slow = told(
        "idle = []\n\
         for _ in range(40):\n    s = socket.socket(socket.AF_UNIX); s.connect(os.environ['IF_EGRESS']); idle.append(s)\n\
         print(json.dumps([ask(b'POST / HTTP/1.1'), idle[0].recv(100) == b''])) ",
    );
    assert_eq!(slow[0], 200, "{slow}");
    assert!(service.requests().is_empty());

    // On the host, nobody but its owner comes near it.
    let running = scene.shell("", "sleep 1000").spawn();
    eventually("it runs", || scene.docker.running(&scene.swarm).pop());
    let sockets = scene.site.home.path().join("chassis/containers");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let places =
        fs::read_dir(&sockets).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let places: Vec<_> = places.collect();
    assert_eq!((mode(&sockets), places.len(), mode(&places[0])), (0o700, 1, 0o700));
    running.terminate().expect(8);
    scene.nothing_is_left();
}

fn a_credential_lets_a_container_out_for_a_while_and_no_longer_than_it_counts(backend: Backend) {
    let certificates = Certificates::new();
    let service = Webhook::at("127.0.0.1:0", 200, Some(&certificates.server));
    let scene = Scene::new(backend, "credential");
    scene.load_calling(&service, "");
    let credential = |more: &str| {
        let issued = scene.ifctl(&format!("credentials --task-id parcel-1 {more}")).run().expect(0);
        issued.stdout.trim().to_owned()
    };
    let insistent = format!(
        "{}\nanswer = {{}}\nwhile 'error' not in answer: answer = http_request({})\nprint(json.dumps(answer))",
        example("call.py").split("if __name__").next().unwrap(),
        post(&service, "/hook")
    );
    let start = |handle: &str, task: &str| {
        scene
            .ifctl(&format!("run -o json --task-id {task} --"))
            .args(["python3", "-c", &insistent])
            .env("IF_CREDENTIAL", handle)
            .env("SSL_CERT_FILE", &certificates.authority)
            .stdin("{}")
            .spawn()
    };
    let handle = credential("");
    let foreign = start(&handle, "parcel-2").finish().expect(6);
    assert!(foreign.stderr.contains("is for another task"), "{}", foreign.stderr);
    let running = start(&handle, "parcel-1");
    eventually("it calls", || (service.requests().len() > 1).then_some(()));
    let id = handle.split('_').nth(1).unwrap();
    scene.ifctl(&format!("credentials --revoke {id}")).run().expect(0);
    let told = running.finish().expect(0).json();
    assert_eq!(told["error"], format!("refused: the credential {id} was revoked"));
    start(&handle, "parcel-1").finish().expect(6);

    // At the end of its time it is stopped, whichever notices first.
    let short = credential("--ttl 4");
    let finished = start(&short, "parcel-1").finish();
    match finished.code {
        0 => assert!(
            finished.json()["error"].as_str().unwrap().ends_with("has expired"),
            "{}",
            finished.stdout
        ),
        code => assert_eq!(code, 6, "{}", finished.stderr),
    }
    scene.nothing_is_left();
    let listed = scene.ifctl("credentials --list -o json").run().expect(0).json();
    assert_eq!(listed.as_array().unwrap().len(), 2, "none was left behind: {listed}");
}

fn a_container_ends_with_the_claim_of_its_task(backend: Backend) {
    let scene = Scene::new(backend, "claim");
    scene.load(LIMITS, "");
    let register = format!("governor register {} --capabilities errands:run --cost-per-hour 1", scene.swarm);
    scene.site.run(&register).expect(0);
    scene.site.run("coordinator submit errand").expect(0);
    let token = scene.site.claim("errand", &scene.swarm);
    let claim = format!("--task-id errand --token {token}");
    let running = scene.shell(&claim, "sleep 1000").spawn();
    eventually("it runs", || scene.docker.running(&scene.swarm).pop());
    scene.site.run("coordinator cancel errand").expect(0);
    let ended = running.finish().expect(5);
    assert!(ended.stderr.contains("errand is not held any more under this token"), "{}", ended.stderr);
    scene.nothing_is_left();
    scene.shell(&claim, "sleep 1000").run().expect(5);
}

#[test]
fn a_container_does_not_outlive_its_time_nor_whoever_waits_for_it() {
    let scene = Scene::new(Backend::Engine, "outlives");
    scene.load("{max_memory_mb: 64, max_execution_time_seconds: 2}", "");
    let late = scene.shell("", "trap '' TERM; sleep 1000").run().expect(6);
    assert!(late.stderr.contains("did not end within 2000 ms"), "{}", late.stderr);
    scene.nothing_is_left();
    let performance = scene.ifctl("performance -o json").run().expect(0).json();
    assert_eq!(performance["failures"]["timeout"], 1, "{performance}");

    scene.load(LIMITS, "");
    let stubborn = || {
        let running = scene.shell("", "trap '' TERM; sleep 1000").spawn();
        eventually("it runs", || scene.docker.running(&scene.swarm).pop());
        running
    };
    let stopped = stubborn().terminate().expect(8);
    assert!(stopped.stderr.contains("interrupted"), "{}", stopped.stderr);
    scene.nothing_is_left();

    // Killed, it can remove nothing: whoever comes next does.
    stubborn().kill();
    assert_eq!(scene.said("echo well"), "well ");
    scene.nothing_is_left();
    // And who serves, though he runs none.
    stubborn().kill();
    let serving = scene
        .site
        .ifctl("chassis serve")
        .env("DOCKER_HOST", scene.docker.host())
        .env("PATH", docker_path())
        .spawn();
    eventually("nothing is left", || scene.docker.all(&scene.swarm).is_empty().then_some(()));
    drop(serving);
}

#[test]
fn what_a_host_lacks_for_containers_is_said() {
    let scene = Scene::new(Backend::Engine, "lacking");
    scene.load(LIMITS, "");
    let none = nothing(scene.site.home.path());
    let refused = scene.shell("", "echo 1").env("PATH", &none).run().expect(7);
    assert!(refused.stderr.contains("neither docker nor podman is installed"), "{}", refused.stderr);
    assert!(refused.stderr.contains("apt-get install docker.io"), "{}", refused.stderr);
    let refused = scene.shell("--runtime docker", "echo 1").env("PATH", &none).run().expect(7);
    assert!(refused.stderr.contains("docker is not installed"), "{}", refused.stderr);
    let nowhere = format!("unix://{}", none.join("socket").display());
    let refused = scene.shell("", "echo 1").env("DOCKER_HOST", nowhere).run().expect(7);
    assert!(refused.stderr.contains("Cannot connect to the Docker daemon"), "{}", refused.stderr);
    let refused = scene.shell("--image nonesuch:1", "echo 1").run().expect(3);
    assert!(refused.stderr.contains("docker has no image nonesuch:1 on this host"), "{}", refused.stderr);
    let layers = crate::support::servers::fetched("docker/image.tar");
    let example = "chassis load courier --contract examples/containers/courier.yaml";
    scene.site.run(example).expect(0);
    let courier = scene.site.ifctl("chassis run courier").stdin("{}").env("DOCKER_HOST", scene.docker.host());
    let refused = courier.env("PATH", docker_path()).run().expect(3);
    assert!(refused.stderr.contains("docker pull courier:1.0.0"), "{}", refused.stderr);
    scene.docker.call(&["import", "--change", "VOLUME /data", layers.to_str().unwrap(), "if-tests:volume"]);
    let refused = scene.shell("--image if-tests:volume", "echo 1").run().expect(6);
    assert!(
        refused.stderr.contains("declares the volumes /data, which no limit holds"),
        "{}",
        refused.stderr
    );
    scene.nothing_is_left();
}

#[test]
fn podman_runs_containers_where_docker_is_not_installed() {
    let certificates = Certificates::new();
    let service = Webhook::at("127.0.0.1:0", 200, Some(&certificates.server));
    let (scene, podman) = (Scene::new(Backend::Engine, "podman"), Podman::new());
    scene.load_calling(&service, "");
    let run = |run: Ifctl| {
        run.env("PATH", podman.path())
            .env("CONTAINERS_STORAGE_CONF", podman.settings())
            .env("SSL_CERT_FILE", &certificates.authority)
            .env("HTTP_PROXY", "http://user:secret@proxy:1")
    };
    let call = scene.ifctl("run -o json --").args(["python3", "-c", &example("call.py")]);
    let answered = run(call.stdin(post(&service, "/hook").to_string())).run().expect(0);
    assert_eq!(answered.json()["status"], 200, "{}", answered.stdout);
    assert!(answered.stderr.contains("podman runs if-tests:tools"), "{}", answered.stderr);
    let bare = "{ env | grep -i proxy; ls /sys/class/net; id -u; } | tr '\\n' ' ' | sed 's/.*/\"&\"/'";
    assert_eq!(run(scene.shell("-o json", bare)).run().expect(0).json(), "lo 65534 ");
    run(scene.shell("", "exit 3")).run().expect(9);
    run(scene.shell("--image nonesuch:1", "echo 1")).run().expect(3);
    let stuck = run(scene.shell("", "sleep 1000")).spawn();
    let place = scene.site.home.path().join("chassis/containers");
    let is_place = |entry: &fs::DirEntry| entry.path().is_dir();
    eventually("it runs", || {
        let places = fs::read_dir(&place).ok()?.map_while(Result::ok).filter(is_place);
        (places.count() > 0).then_some(())
    });
    stuck.terminate().expect(8);
    scene.nothing_is_left();
}
