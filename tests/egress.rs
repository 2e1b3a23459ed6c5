//! Guests call outside services as their contracts allow, at the cost of their swarm, and in no other way.

use std::fs;
use std::net::TcpListener;

use serde_json::{Value, json};

use crate::support::command::Finished;
use crate::support::patience::eventually;
use crate::support::receivers::Webhook;
use crate::support::secure::Certificates;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_guest_calls_what_its_contract_allows_and_nothing_else,
    a_call_is_booked_before_it_is_made_and_refused_when_nothing_is_left,
    a_call_within_a_claim_is_paid_from_what_was_set_aside_for_it,
    a_secret_reaches_the_service_and_nobody_else,
    a_credential_lets_one_task_out_for_a_while_and_no_further_than_its_contract,
    a_credential_that_is_taken_back_stops_a_task_in_the_middle,
);

const KINDS: [&str; 2] = ["courier", "courier_component"];

/// A site, and an outside service that speaks HTTPS.
struct Scene {
    site: Site,
    service: Webhook,
    certificates: Certificates,
}

impl Scene {
    fn new(backend: Backend) -> Self {
        let certificates = Certificates::new();
        let service = Webhook::at("127.0.0.1:0", 200, Some(&certificates.server));
        Self { site: Site::start(backend), service, certificates }
    }

    /// Puts a guest under a contract that allows to post to `/hook`, and whatever `more` says of that rule.
    fn load(&self, guest: &str, more: &str) {
        self.load_with(guest, more, "");
    }

    /// The same with further keys of the contract.
    fn load_with(&self, guest: &str, more: &str, keys: &str) {
        let contract = self.site.home.path().join(format!("{guest}.yaml"));
        let rule =
            format!("url: 'https://{}/hook', methods: [POST], allow_private: true", self.service.address);
        let text = format!(
            "swarm_id: courier\nversion: {}\ncapabilities: [errands:run]\nresource_requirements: \
             {{max_api_calls_per_second: 100000}}\negress: [{{{rule}{more}}}]\n{keys}\n",
            if guest == KINDS[0] { "1.0.0" } else { "2.0.0" }
        );
        fs::write(&contract, text).unwrap();
        let wasm = match guest {
            "insistent" => format!("tests/fixtures/{guest}.wat"),
            _ => format!("examples/guests/{guest}.wat"),
        };
        let load = self.site.ifctl(&format!("chassis load courier --replace --wasm {wasm}"));
        load.arg_pair("--contract", contract).run().expect(0);
    }

    fn exec(&self, more: &str, request: &Value) -> Finished {
        self.site
            .ifctl(&format!("chassis exec courier -o json {more}"))
            .env("SSL_CERT_FILE", &self.certificates.authority)
            .stdin(request.to_string())
            .run()
    }

    fn post(&self, path: &str) -> Value {
        json!({"method": "POST", "url": format!("https://{}{path}", self.service.address), "body": "parcel"})
    }
}

/// What a guest of either kind was told.
fn told(finished: Finished) -> String {
    if finished.code == 0 {
        return finished.json()["error"].as_str().expect("it is refused").to_owned();
    }
    finished.expect(9).stderr
}

fn a_guest_calls_what_its_contract_allows_and_nothing_else(backend: Backend) {
    let scene = Scene::new(backend);
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let proxy_url = format!("http://{}", proxy.local_addr().unwrap());
    for (done, guest) in KINDS.into_iter().enumerate() {
        scene.load(guest, "");
        let answered = scene
            .site
            .ifctl("chassis exec courier -o json")
            .env("SSL_CERT_FILE", &scene.certificates.authority)
            .env("HTTPS_PROXY", &proxy_url)
            .env("ALL_PROXY", &proxy_url)
            .stdin(scene.post("/hook/parcels?urgent=yes").to_string())
            .run()
            .expect(0)
            .json();
        assert_eq!(answered["status"], 200, "{answered}");
        let requests = scene.service.requests();
        assert_eq!(requests.len(), done + 1);
        assert_eq!(
            (requests[done].path.as_str(), requests[done].body.as_str()),
            ("/hook/parcels?urgent=yes", "parcel")
        );
        for (request, words) in [
            (scene.post("/elsewhere"), "no egress rule of the contract covers this path"),
            (scene.post("/hook/../elsewhere"), "normal form"),
            (json!({"url": scene.post("/hook")["url"]}), "does not allow GET"),
            (json!({"url": "https://example.org/hook"}), "names the host `example.org`"),
            (json!({"url": "nonsense"}), "`nonsense` is no URL"),
            (json!("nonsense"), "the request is not understood"),
        ] {
            let told = told(scene.exec("", &request));
            assert!(told.contains(words), "{guest}: {request}: {told}");
        }
    }
    assert_eq!(scene.service.requests().len(), KINDS.len());
    assert!(proxy.accept().is_err(), "proxies are ignored");
    let stranger = scene.site.ifctl("chassis exec courier").stdin(scene.post("/hook").to_string()).run();
    assert!(told(stranger).contains("UnknownIssuer"), "only known authorities are trusted");
}

fn a_call_is_booked_before_it_is_made_and_refused_when_nothing_is_left(backend: Backend) {
    let scene = Scene::new(backend);
    let register = "governor register courier --capabilities errands:run --cost-per-hour 1 --budget 1.0";
    scene.site.run(register).expect(0);
    scene.load(KINDS[0], ", cost_per_call: 0.4");
    for _ in 0..2 {
        assert_eq!(scene.exec("", &scene.post("/hook")).expect(0).json()["status"], 200);
    }
    let told = told(scene.exec("", &scene.post("/hook")));
    assert!(told.starts_with("refused: ") && told.contains("0.20"), "{told}");
    assert_eq!(scene.service.requests().len(), 2);
    assert_eq!(scene.site.budget("courier"), (800_000, 0, 1_000_000));
}

fn a_call_within_a_claim_is_paid_from_what_was_set_aside_for_it(backend: Backend) {
    let scene = Scene::new(backend);
    let register = "governor register courier --capabilities errands:run --cost-per-hour 1 --budget 1.0";
    scene.site.run(register).expect(0);
    scene.load(KINDS[0], ", cost_per_call: 0.4");
    scene.site.run("coordinator submit errand --max-cost 1.0").expect(0);
    let token = scene.site.claim("errand", "courier");
    assert_eq!(scene.site.budget("courier"), (0, 1_000_000, 1_000_000));
    let claim = format!("--task-id errand --token {token}");
    assert_eq!(scene.exec(&claim, &scene.post("/hook")).expect(0).json()["status"], 200);
    assert_eq!(scene.site.budget("courier"), (400_000, 600_000, 1_000_000));
    scene.site.run(&format!("coordinator release errand --token {token}")).expect(0);
    let stale = told(scene.exec(&claim, &scene.post("/hook")));
    assert!(stale.starts_with("refused: "), "{stale}");
    assert_eq!(scene.service.requests().len(), 1);
}

fn a_secret_reaches_the_service_and_nobody_else(backend: Backend) {
    const VALUE: &str = "sk-0123456789/abcdef+ghijkl";
    let scene = Scene::new(backend);
    let uses = |header: &str| {
        format!("secrets: [{{name: PARCEL_KEY, url: 'https://{}/hook/open'{header}}}]", scene.service.address)
    };
    scene.load_with(KINDS[0], "", &uses(""));
    let missing = told(scene.exec("", &scene.post("/hook/open")));
    assert!(
        missing.contains("PARCEL_KEY of the contract is not to be had: the secret PARCEL_KEY is not set"),
        "{missing}"
    );
    let set = scene.site.ifctl("chassis secrets set PARCEL_KEY").stdin(format!("{VALUE}\n")).run().expect(0);
    assert_eq!(set.stdout, "");

    let mut asking = scene.post("/hook/open");
    asking["headers"] = json!({"X-Echo": "1", "Accept-Encoding": "gzip", "Range": "bytes=0-14"});
    let finished = scene.exec("--task-id parcel-1", &asking).expect(0);
    let request = scene.service.requests().remove(0);
    assert_eq!(request.header("authorization"), format!("Bearer {VALUE}"));
    assert_eq!(request.header("accept-encoding"), "identity");
    assert!(!request.headers.contains_key("range"), "a piece of a secret is not known as one");
    let body = finished.json()["body"].as_str().unwrap().to_owned();
    assert!(body.contains(r#""authorization": "[secret PARCEL_KEY]""#) && !body.contains(VALUE), "{body}");
    // Elsewhere it does not go, and a guest cannot say how it is sent.
    scene.exec("", &scene.post("/hook/closed")).expect(0);
    assert!(!scene.service.requests()[1].headers.contains_key("authorization"));
    asking["headers"] = json!({"Authorization": "Bearer mine"});
    assert!(
        told(scene.exec("", &asking)).contains("in the header `authorization`, which a guest may not set")
    );
    scene.load_with(KINDS[1], "", &uses(", header: X-Key, format: 'key={}'"));
    scene.exec("", &scene.post("/hook/open")).expect(0);
    assert_eq!(scene.service.requests()[2].header("x-key"), format!("key={VALUE}"));

    let listed = scene.site.run("chassis secrets list").expect(0);
    assert!(listed.stdout.contains("PARCEL_KEY") && listed.stdout.contains("kept here"), "{}", listed.stdout);
    let everything = scene.site.raw().list("/");
    assert!(everything.iter().any(|(key, _)| key == "/chassis/contracts/courier"), "the store is searched");
    let shown = [finished.stdout, finished.stderr, listed.stdout, format!("{everything:?}")];
    for said in shown {
        assert!(!said.contains(VALUE) && !said.contains("0123456789"), "{said}");
    }
    scene.site.run("chassis secrets remove PARCEL_KEY").expect(0);
    scene.site.run("chassis secrets remove PARCEL_KEY").expect(3);
    let words = "chassis secrets set PARCEL_KEY --from-command printf fetched-%s by-pass";
    scene.site.run(words).expect(0);
    scene.exec("", &scene.post("/hook/open")).expect(0);
    assert_eq!(scene.service.requests()[3].header("x-key"), "key=fetched-by-pass");
}

impl Scene {
    /// A credential for the task `parcel-1`.
    fn credential(&self, more: &str) -> String {
        let issued =
            self.site.run(&format!("chassis credentials courier --task-id parcel-1 {more}")).expect(0);
        assert!(issued.stderr.contains("it is shown this once"), "{}", issued.stderr);
        issued.stdout.trim().to_owned()
    }

    /// Another swarm under the same contract.
    fn load_stranger(&self) {
        let home = self.site.home.path();
        let contract = fs::read_to_string(home.join(format!("{}.yaml", KINDS[0]))).unwrap();
        let file = home.join("stranger.yaml");
        fs::write(&file, contract.replace("swarm_id: courier", "swarm_id: stranger")).unwrap();
        let load = self.site.ifctl("chassis load stranger --wasm examples/guests/courier.wat");
        load.arg_pair("--contract", file).run().expect(0);
    }

    fn exec_with(&self, credential: &str, task: &str, request: &Value) -> Finished {
        self.site
            .ifctl(&format!("chassis exec courier -o json --task-id {task}"))
            .env("SSL_CERT_FILE", &self.certificates.authority)
            .env("IF_CREDENTIAL", credential)
            .stdin(request.to_string())
            .run()
    }
}

fn a_credential_lets_one_task_out_for_a_while_and_no_further_than_its_contract(backend: Backend) {
    let scene = Scene::new(backend);
    scene.site.run("chassis credentials courier --task-id parcel-1").expect(3);
    scene.load(KINDS[0], "");
    let open = format!("https://{}/hook/open", scene.service.address);
    // A credential for more than the contract allows is worth no more than the contract.
    let narrow =
        scene.credential(&format!("--ttl 300 --endpoints {open},https://api.openai.com/v1 --methods post"));
    let answered = scene.exec_with(&narrow, "parcel-1", &scene.post("/hook/open")).expect(0).json();
    assert_eq!(answered["status"], 200, "{answered}");
    for (request, words) in [
        (scene.post("/hook/closed"), "does not cover this URL"),
        (
            json!({"url": "https://api.openai.com/v1", "method": "POST"}),
            "no egress rule of the contract names the host",
        ),
    ] {
        let told = told(scene.exec_with(&narrow, "parcel-1", &request));
        assert!(told.contains(words), "{told}");
    }
    let reading = scene.credential("--methods get");
    assert!(
        told(scene.exec_with(&reading, "parcel-1", &scene.post("/hook"))).contains("does not allow POST")
    );

    // Whoever has no right to it is told before anything runs.
    let forged = format!("{}{}", &narrow[..narrow.len() - 4], "AAAA");
    for (handle, task, words) in [
        (narrow.as_str(), "parcel-2", "is for another task"),
        (forged.as_str(), "parcel-1", "nobody knows this credential"),
    ] {
        let refused = scene.exec_with(handle, task, &scene.post("/hook/open")).expect(6);
        assert!(refused.stderr.contains(words), "{}", refused.stderr);
    }
    scene.load_stranger();
    let stranger = scene
        .site
        .ifctl("chassis exec stranger --task-id parcel-1")
        .env("IF_CREDENTIAL", &narrow)
        .stdin(scene.post("/hook/open").to_string())
        .run()
        .expect(6);
    assert!(stranger.stderr.contains("is of another swarm"), "{}", stranger.stderr);
    let torn = scene.exec_with(&narrow[..narrow.len() - 4], "parcel-1", &scene.post("/hook/open")).expect(2);
    assert!(!torn.stderr.contains(&narrow[..20]), "{}", torn.stderr);
    assert_eq!(scene.service.requests().len(), 1);

    let listed = scene.site.json("chassis credentials courier --list");
    assert_eq!(listed.as_array().unwrap().len(), 2, "a task's own credential ends with it: {listed}");
    let of = |task: &str| scene.site.json(&format!("chassis credentials courier --list --task-id {task}"));
    assert_eq!((of("parcel-1"), of("parcel-2")), (listed.clone(), json!([])));
    let secret = narrow.splitn(3, '_').nth(2).unwrap();
    assert!(
        !format!("{:?}", scene.site.raw().list("/")).contains(secret),
        "the store does not know the handle"
    );
    scene.site.run("chassis credentials courier --all").expect(0);
    let refused = scene.exec_with(&narrow, "parcel-1", &scene.post("/hook/open")).expect(6);
    assert!(refused.stderr.contains("was revoked"), "{}", refused.stderr);
    let id = listed[0]["id"].as_str().unwrap();
    let shown = scene.site.run("chassis credentials courier --list").expect(0).stdout;
    assert!(shown.contains(id) && shown.contains("revoked") && !shown.contains("valid"), "{shown}");
    scene.site.run("chassis credentials courier --revoke nonesuch").expect(3);
}

fn a_credential_that_is_taken_back_stops_a_task_in_the_middle(backend: Backend) {
    let scene = Scene::new(backend);
    scene.load("insistent", "");
    let start = |handle: &str| {
        scene
            .site
            .ifctl("chassis exec courier -o json --task-id parcel-1")
            .env("SSL_CERT_FILE", &scene.certificates.authority)
            .env("IF_CREDENTIAL", handle)
            .stdin(scene.post("/hook").to_string())
            .spawn()
    };
    let handle = scene.credential("");
    let running = start(&handle);
    eventually("it calls", || (scene.service.requests().len() > 1).then_some(()));
    let id = handle.split('_').nth(1).unwrap();
    scene.site.run(&format!("chassis credentials courier --revoke {id}")).expect(0);
    let told = told(running.finish());
    assert_eq!(told, format!("refused: the credential {id} was revoked"));

    // At the end of its time it is stopped, whichever notices first.
    let short = scene.credential("--ttl 1");
    let finished = start(&short).finish();
    match finished.code {
        0 => assert!(
            finished.json()["error"].as_str().unwrap().ends_with("has expired"),
            "{}",
            finished.stdout
        ),
        code => assert_eq!(code, 6, "{}", finished.stderr),
    }
    start(&short).finish().expect(6);
}
