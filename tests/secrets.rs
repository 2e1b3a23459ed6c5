//! A secret of the host reaches the service that it is for, and appears nowhere else: not in the store, not in a file but
//! its own, not in what any command says, not in the list of processes, and not in the memory of the guest.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::support::command::Finished;
use crate::support::patience::eventually;
use crate::support::receivers::{NOTHING, Webhook};
use crate::support::secure::Certificates;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_secret_is_found_nowhere_but_in_its_file_and_at_its_service,
    a_secret_is_not_in_the_memory_of_the_guest_that_it_was_sent_for,
);

const VALUE: &str = "sk-0123456789/abcdef+ghijkl";
const SWARM: &str = "courier";

/// A site, a service that speaks HTTPS and echoes what it is told, and all that was said so far.
struct Scene {
    site: Site,
    service: Webhook,
    certificates: Certificates,
    said: Vec<(String, Vec<u8>)>,
}

impl Scene {
    fn new(backend: Backend) -> Self {
        let certificates = Certificates::new();
        let service = Webhook::at("127.0.0.1:0", 200, Some(&certificates.server));
        Self { site: Site::start(backend), service, certificates, said: Vec::new() }
    }

    /// Puts code under a contract that sends the secret along; every call costs a little.
    fn load(&mut self, version: u32, wasm: &str) {
        let url = format!("https://{}/hook", self.service.address);
        let contract = self.site.home.path().join("contract.yaml");
        let text = format!(
            "swarm_id: {SWARM}\nversion: {version}.0.0\ncapabilities: [errands:run]\n\
             egress: [{{url: '{url}', methods: [POST], allow_private: true, cost_per_call: 0.01}}]\n\
             secrets: [{{name: PARCEL_KEY, url: '{url}/open'}}]\n"
        );
        fs::write(&contract, text).unwrap();
        let load = self.site.ifctl(&format!("chassis load {SWARM} --replace --wasm {wasm}"));
        self.note(load.arg_pair("--contract", contract).run().expect(0));
    }

    fn note(&mut self, finished: Finished) -> Finished {
        self.said
            .push((finished.snapshot(), [finished.stdout.as_bytes(), finished.stderr.as_bytes()].concat()));
        finished
    }

    fn run(&mut self, line: &str) -> Finished {
        let finished = self.site.run(line);
        self.note(finished)
    }

    /// A request, of which the body comes last.
    fn request(&self, path: &str, headers: &str, body: &str) -> String {
        let url = format!("https://{}{path}", self.service.address);
        format!(r#"{{"method":"POST","url":"{url}","headers":{headers},"body":"{body}"}}"#)
    }

    fn exec(&mut self, options: &str, request: &str) -> Finished {
        let finished = self
            .site
            .ifctl(&format!("chassis exec {SWARM} {options}"))
            .env("SSL_CERT_FILE", &self.certificates.authority)
            .stdin(request)
            .run();
        self.note(finished)
    }

    fn set_secret(&mut self) {
        let set = self.site.ifctl("chassis secrets set PARCEL_KEY").stdin(format!("{VALUE}\n")).run();
        self.note(set.expect(0));
    }

    /// What the system tells everybody about a process.
    fn look_at(&mut self, what: &str, pid: u32) {
        let mut pids = vec![pid.to_string()];
        let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        pids.extend(children.split_whitespace().map(str::to_owned));
        for pid in pids {
            for file in ["cmdline", "environ", "comm"] {
                // A child may be gone meanwhile.
                let read = fs::read(format!("/proc/{pid}/{file}")).unwrap_or_default();
                self.said.push((format!("{file} of {what}"), read));
            }
        }
    }

    /// All that is written and was said, and what each is.
    fn everything(&self) -> Vec<(String, Vec<u8>)> {
        let mut all = self.said.clone();
        // Also what was there for a moment only.
        for change in self.site.raw().history("/") {
            let what = format!("{} at revision {}", change.key, change.revision);
            all.push((what, [change.key.as_bytes(), change.value.as_bytes()].concat()));
        }
        let server = self.site.server.data();
        for directory in [self.site.home.path(), server.parent().unwrap()] {
            add_files(directory, &mut all);
        }
        all.push(("the server".to_owned(), self.site.server.said().into()));
        all.push(("the coordinator".to_owned(), self.site.coordinator.said().into()));
        all
    }
}

fn add_files(directory: &Path, all: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_files(&path, all);
        } else if let Ok(read) = fs::read(&path) {
            all.push((path.display().to_string(), read));
        }
    }
}

/// The secret as it is, and as it could be written otherwise.
fn forms() -> Vec<Vec<u8>> {
    let sent = format!("Bearer {VALUE}");
    let hex: String = VALUE.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let texts = [
        VALUE.to_owned(),
        // A part of it is as bad.
        "0123456789/abc".to_owned(),
        STANDARD.encode(VALUE),
        URL_SAFE_NO_PAD.encode(VALUE),
        STANDARD.encode(sent),
        url::form_urlencoded::byte_serialize(VALUE.as_bytes()).collect(),
        VALUE.replace('/', "\\/"),
        VALUE.chars().rev().collect(),
        hex.to_uppercase(),
        hex,
    ];
    texts.map(String::into_bytes).into()
}

/// What of all this holds the secret in any form.
fn holders(all: &[(String, Vec<u8>)]) -> Vec<&str> {
    let forms = forms();
    let holds = |said: &[u8]| forms.iter().any(|form| memchr::memmem::find(said, form).is_some());
    all.iter().filter(|(_, said)| holds(said)).map(|(what, _)| what.as_str()).collect()
}

fn a_secret_is_found_nowhere_but_in_its_file_and_at_its_service(backend: Backend) {
    let mut scene = Scene::new(backend);
    let register =
        format!("governor register {SWARM} --capabilities errands:run --cost-per-hour 0 --budget 1.0");
    scene.run(&register).expect(0);
    scene.load(1, "examples/guests/courier.wat");
    scene.set_secret();
    let echo = scene.request("/hook/open", r#"{"X-Echo":"1"}"#, "parcel");
    let answered = scene.exec("-o json", &echo).expect(0).json();
    assert!(answered["body"].as_str().unwrap().contains("[secret PARCEL_KEY]"), "{answered}");
    assert_eq!(scene.service.requests()[0].header("authorization"), format!("Bearer {VALUE}"));

    // What goes wrong is told in words that do not hold it either.
    let taken = scene.request("/hook/open", r#"{"Authorization":"Bearer mine"}"#, "parcel");
    scene.exec("", &taken).expect(0);
    let stranger = scene.site.ifctl(&format!("chassis exec {SWARM}")).stdin(echo.clone()).run();
    scene.note(stranger);
    scene.service.answer(500);
    scene.exec("", &echo).expect(0);
    scene.site.run("coordinator submit parcel-1").expect(0);
    let token = scene.site.claim("parcel-1", SWARM);
    let claim = format!("--task-id parcel-1 --token {token}");
    scene.exec(&claim, &echo).expect(0);
    scene.run(&format!("chassis credentials {SWARM} --task-id parcel-1 --secret PARCEL_KEY")).expect(0);

    // While a service keeps a guest waiting, everybody can look at the processes.
    scene.service.answer(NOTHING);
    let waiting = scene
        .site
        .ifctl(&format!("chassis exec {SWARM}"))
        .env("SSL_CERT_FILE", &scene.certificates.authority)
        .stdin(echo.clone())
        .spawn();
    eventually("it has called", || (scene.service.requests().len() == 4).then_some(()));
    scene.look_at("exec", waiting.pid());
    let killed = waiting.kill();
    scene.note(killed);
    scene.service.answer(200);

    // The same for a worker, whose guest is kept waiting too.
    scene.load(2, "tests/fixtures/errand.wat");
    scene.service.answer(NOTHING);
    let served = scene
        .site
        .ifctl(&format!("chassis serve {SWARM}"))
        .env("SSL_CERT_FILE", &scene.certificates.authority)
        .spawn();
    let submit = scene.site.ifctl(&format!("coordinator submit pushed --direct-to {SWARM} --payload"));
    submit.args([&echo]).run().expect(0);
    eventually("it has called", || (scene.service.requests().len() == 5).then_some(()));
    scene.look_at("serve", served.pid());
    scene.site.run("coordinator cancel pushed").expect(0);
    scene.service.answer(200);
    let submit = scene.site.ifctl(&format!("coordinator submit pushed-again --direct-to {SWARM} --payload"));
    submit.args([&echo]).run().expect(0);
    eventually("it is done", || (scene.site.state("pushed-again") == "completed").then_some(()));
    let ended = served.terminate().expect(0);
    scene.note(ended);

    for line in [
        "chassis secrets list",
        "chassis secrets list -o yaml",
        "chassis contract courier",
        "chassis list -o json",
        "chassis logs courier",
        "chassis performance courier -o json",
        "chassis resources courier -o json",
        "chassis credentials courier --list -o json",
        "governor show courier -o json",
        "governor budgets courier -o json",
        "governor escalations -o json",
        "coordinator show pushed-again -o json",
        "coordinator status -o json",
    ] {
        scene.run(line);
    }
    let result = scene.site.show("pushed-again")["result"].take();
    assert!(result.as_str().unwrap().contains("[secret PARCEL_KEY]"), "{result}");
    let all = scene.everything();
    for part in [
        "/governor/charges/",
        "/chassis/credentials/",
        "environ of serve",
        "cmdline of exec",
        "contract.yaml",
    ] {
        assert!(all.iter().any(|(what, _)| what.contains(part)), "{part} is searched");
    }
    let file = scene.site.home.path().join("chassis").join("secrets.json");
    let found = holders(&all);
    assert_eq!(found, [file.display().to_string()], "it is in its file, and nowhere else");
}

/// Each letter is the next one, so that whoever looks for the text does not find what it is told to look for.
fn shifted(text: &str) -> String {
    text.bytes().map(|byte| char::from(byte + 1)).collect()
}

fn a_secret_is_not_in_the_memory_of_the_guest_that_it_was_sent_for(backend: Backend) {
    let mut scene = Scene::new(backend);
    scene.set_secret();
    for (version, kind) in [(1, "searches"), (2, "searches_component")] {
        scene.load(version, &format!("tests/fixtures/{kind}.wat"));
        let mut found = |text: &str| {
            let request = scene.request("/hook/open", r#"{"X-Echo":"1"}"#, &shifted(text));
            scene.exec("-o json", &request).expect(0).json()["found"].as_u64().unwrap()
        };
        // It finds what it was told, whole as it came.
        assert!(found("secret PARCEL_KEY") > 1, "{kind}");
        for form in forms() {
            let form = String::from_utf8(form).unwrap();
            assert_eq!(found(&form), 0, "{kind}: {form}");
        }
        let sent = scene.service.requests();
        assert!(sent.iter().all(|request| request.header("authorization") == format!("Bearer {VALUE}")));
    }
}
