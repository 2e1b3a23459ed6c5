//! The original design's story: a swarm is stuck, others are idle. Those are asked who can help, no more of them than
//! are of use, for no more than the policy allows; nobody is asked because nothing else is to be done.

use serde_json::Value;

use crate::budgets::assert_never_above_cap;
use crate::support::command::{Lines, Running};
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    an_idle_swarm_of_lawyers_is_never_asked_about_rust_though_it_is_free_of_charge,
    a_pile_on_of_six_idle_sessions_ends_with_three_that_can_help_and_ten_dollars,
    when_nobody_qualifies_one_human_learns_why,
);

/// An idle swarm that takes whatever it is given.
struct Idle {
    swarm: &'static str,
    pushes: Lines,
    listener: Running,
}

impl Idle {
    fn start(site: &Site, swarm: &'static str) -> Self {
        let mut listener = site.ifctl(&format!("coordinator listen --swarm {swarm}")).spawn();
        let pushes = listener.stdout_lines();
        assert_eq!(pushes.next_json()["type"], "connected");
        Self { swarm, pushes, listener }
    }

    /// Ends it. It was never given anything: what it is given now comes first.
    fn assert_never_asked(self, site: &Site) {
        site.run(&format!("coordinator submit for-{0} --direct-to {0}", self.swarm)).expect(0);
        assert_eq!(self.pushes.next_json()["task"]["id"], format!("for-{}", self.swarm));
        self.listener.terminate().expect(0);
    }
}

/// `swarm` is stuck with `task`.
fn block(site: &Site, task: &str, swarm: &str, needs: &str, question: &str) {
    // The idle ones would take it otherwise.
    site.run(&format!("coordinator submit {task} --direct-to {swarm}")).expect(0);
    let token = site.claim(task, swarm);
    let block = format!("coordinator block {task} --token {token} --needs {needs} --description");
    site.ifctl(&block).args([question]).run().expect(0);
}

fn is_answered(site: &Site, task: &str) {
    eventually("help was looked for", || {
        site.record(task)["blocker"]["requested"].as_bool().filter(|requested| *requested)
    });
}

/// The most that was set aside at the same time, in micro-dollars, and for how many.
fn most_reserved(site: &Site) -> (i64, usize) {
    let mut reserved = std::collections::BTreeMap::new();
    let (mut micros, mut count) = (0, 0);
    for change in site.raw().history("/governor/reservations/") {
        if change.deleted {
            reserved.remove(&change.key);
        } else {
            reserved.insert(change.key.clone(), change.json()["amount"].as_i64().unwrap());
        }
        (micros, count) = (micros.max(reserved.values().sum()), count.max(reserved.len()));
    }
    (micros, count)
}

fn an_idle_swarm_of_lawyers_is_never_asked_about_rust_though_it_is_free_of_charge(backend: Backend) {
    let site = Site::start_under(backend, "capability_registry: {}\n");
    site.run("governor register CodeSwarm --capabilities code:python --cost-per-hour 2").expect(0);
    site.run("governor register LegalSwarm --capabilities contract-review:nda --cost-per-hour 0").expect(0);
    let lawyers = Idle::start(&site, "LegalSwarm");
    block(&site, "crate", "CodeSwarm", "code:rust", "why is this future not Send?");
    is_answered(&site, "crate");
    let calls = site.escalations();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(calls[0]["issue"].as_str().unwrap().contains("nobody offers code:rust"), "{calls:?}");

    // Even with somebody who can, who costs money, the lawyers are not considered.
    site.run("governor register RustSwarm --capabilities code:rust --cost-per-hour 5").expect(0);
    let asked = site.json("governor request-help crate");
    assert_eq!(asked["helpers"].as_array().unwrap().len(), 1);
    assert_eq!(asked["helpers"][0]["swarm"], "RustSwarm");
    assert!(!asked.to_string().contains("LegalSwarm"), "{asked}");
    assert_eq!(site.budget("LegalSwarm"), (0, 0, 10_000_000));
    lawyers.assert_never_asked(&site);
}

fn a_pile_on_of_six_idle_sessions_ends_with_three_that_can_help_and_ten_dollars(backend: Backend) {
    let site = Site::start(backend);
    // A fair price for what it knows of SIP.
    site.run("governor register session-7-ifbus --capabilities integration:sip,integration:http --cost-per-hour 2.5")
        .expect(0);
    let sessions =
        ["session-1-ndi", "session-2-webrtc", "session-3-h323", "session-5-cli", "session-6-talent"];
    let mut idle: Vec<Idle> = sessions.into_iter().map(|swarm| Idle::start(&site, swarm)).collect();
    idle.push(Idle::start(&site, "session-7-ifbus"));

    let needs = "integration:sip,integration:webrtc,integration:ndi,cli:design";
    block(&site, "sip-adapters", "session-4-sip", needs, "who has written SIP adapters?");
    is_answered(&site, "sip-adapters");
    let asked = [
        ("session-7-ifbus", "integration:sip"),
        ("session-2-webrtc", "integration:webrtc"),
        ("session-1-ndi", "integration:ndi"),
    ];
    for (swarm, need) in asked {
        let at = idle.iter().position(|idle| idle.swarm == swarm).unwrap();
        let helper = idle.remove(at);
        let push = helper.pushes.next_json();
        let task = &push["task"];
        assert_eq!((&task["helps"], &task["directed_to"]), (&"sip-adapters".into(), &swarm.into()));
        assert_eq!(task["required_capabilities"], serde_json::json!([need]));
        let (id, token) = (task["id"].as_str().unwrap(), push["token"].as_str().unwrap());
        site.run(&format!("coordinator complete {id} --token {token} --result done --cost 2")).expect(0);
        helper.listener.terminate().expect(0);
    }
    // Three, for ten dollars at most, though a fourth could have helped and two more were idle.
    let help = site.json("coordinator tasks");
    let help = help.as_array().unwrap().iter().filter(|task| task["helps"] == "sip-adapters");
    assert_eq!(help.count(), 3);
    assert_eq!(site.state("sip-adapters"), "submitted/ready");
    let (micros, helpers) = most_reserved(&site);
    assert!(micros <= 10_000_000 && helpers <= 3, "{micros} {helpers}");
    for idle in idle {
        assert!(["session-3-h323", "session-5-cli", "session-6-talent"].contains(&idle.swarm));
        assert_eq!(site.budget(idle.swarm).0, 0);
        idle.assert_never_asked(&site);
    }
    assert!(site.escalations().is_empty(), "{:?}", site.escalations());
    assert_never_above_cap(&site.raw());
}

fn when_nobody_qualifies_one_human_learns_why(backend: Backend) {
    let site = Site::start(backend);
    site.run("governor register session-7-ifbus --capabilities integration:sip --cost-per-hour 50").expect(0);
    block(&site, "call", "session-4-sip", "integration:sip,magic:wands", "which spell?");
    is_answered(&site, "call");
    let calls = site.escalations();
    assert_eq!(calls.len(), 1, "{calls:?}");
    let call = &calls[0];
    let about: [&Value; 3] = [&call["kind"], &call["task"], &call["swarm"]];
    assert_eq!(about, ["no_help", "call", "session-4-sip"]);
    let issue = call["issue"].as_str().unwrap();
    for reason in [
        "nobody offers magic:wands",
        "session-7-ifbus would cost 50.00 dollars, at most 5.00 are allowed",
        "session-4-sip needs the help itself",
        "which spell?",
    ] {
        assert!(issue.contains(reason), "{reason}: {issue}");
    }
    assert!(call["action_required"].as_str().unwrap().contains("ifctl coordinator unblock call"), "{call}");
    assert!(site.raw().list("/governor/reservations/").is_empty());
    assert_eq!(site.state("call"), "input-required/blocked");
}
