//! Tasks that are issued credentials of their own may be let out less than their contract allows.

use std::fs;

use serde_json::{Value, json};

use crate::support::command::Finished;
use crate::support::patience::eventually;
use crate::support::receivers::Webhook;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    exec_lets_a_task_out_no_further_than_it_is_told,
    a_served_task_is_issued_what_serve_was_told_and_nothing_more,
    a_task_lasts_no_longer_than_its_own_credential_also_if_it_calls_nobody,
);

struct Scene {
    site: Site,
    service: Webhook,
}

impl Scene {
    fn new(backend: Backend) -> Self {
        Self { site: Site::start(backend), service: Webhook::answering(200) }
    }

    fn load(&self, guest: &str, egress: &str) {
        let contract = self.site.home.path().join("given.yaml");
        let text = format!("swarm_id: s\nversion: 1.0.0\ncapabilities: [a:b]\n{egress}\n");
        fs::write(&contract, text).unwrap();
        let load = self.site.ifctl(&format!("chassis load s --replace --wasm {guest}"));
        load.arg_pair("--contract", contract).run().expect(0);
    }

    fn egress(&self) -> String {
        format!("egress: [{{url: '{}', methods: [GET, POST], allow_private: true}}]", self.url("/"))
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.service.address)
    }

    fn exec(&self, options: &str, path: &str, method: &str) -> Finished {
        let request = json!({"url": self.url(path), "method": method});
        self.site.ifctl(&format!("chassis exec s -o json {options}")).stdin(request.to_string()).run()
    }
}

fn exec_lets_a_task_out_no_further_than_it_is_told(backend: Backend) {
    let scene = Scene::new(backend);
    scene.load("examples/guests/courier.wat", &scene.egress());
    let narrow = format!("--allow-urls {},{} --methods post", scene.url("/a"), scene.url("/b"));
    for path in ["/a", "/b/c"] {
        assert_eq!(scene.exec(&narrow, path, "POST").expect(0).json()["status"], 200);
    }
    for (path, method, words) in
        [("/c", "POST", "does not cover this URL"), ("/a", "GET", "does not allow GET")]
    {
        let told = scene.exec(&narrow, path, method).expect(0).json();
        assert!(told["error"].as_str().unwrap().contains(words), "{told}");
    }
    assert_eq!(scene.exec("", "/c", "GET").expect(0).json()["status"], 200);
    assert_eq!(scene.service.requests().len(), 3);
    // A credential that is shown has its own limits.
    scene.exec(&format!("--credential x {narrow}"), "/a", "POST").expect(2);
}

/// The credentials of the swarm.
fn credentials(site: &Site) -> Value {
    site.json("chassis credentials s --list")
}

fn a_served_task_is_issued_what_serve_was_told_and_nothing_more(backend: Backend) {
    let scene = Scene::new(backend);
    scene.load("examples/guests/spin.wat", &scene.egress());
    let url = scene.url("/a");
    let line = format!("chassis serve s --allow-urls {url} --methods get,post --ttl 3600");
    let _served = scene.site.ifctl(&line).spawn();
    scene.site.run("coordinator submit t --direct-to s").expect(0);
    let credential = eventually("a credential is issued", || {
        credentials(&scene.site).as_array().and_then(|all| all.first().cloned())
    });
    assert_eq!(credential["task"], "t");
    assert_eq!(credential["endpoints"], json!([url]));
    assert_eq!(credential["methods"].as_array().unwrap().len(), 2, "{credential}");
}

fn a_task_lasts_no_longer_than_its_own_credential_also_if_it_calls_nobody(backend: Backend) {
    let scene = Scene::new(backend);
    scene.load("examples/guests/spin.wat", "");
    let finished = scene.site.ifctl("chassis exec s --ttl 1").stdin("{}").run().expect(6);
    assert!(finished.stderr.contains("by the task's deadline or credential"), "{}", finished.stderr);
    let _served = scene.site.ifctl("chassis serve s --ttl 1").spawn();
    scene.site.run("coordinator submit t --direct-to s").expect(0);
    eventually("it was stopped", || {
        let record = scene.site.record("t");
        (record["error"]["class"] == "deadline").then_some(())
    });
}
