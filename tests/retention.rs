//! Records that nobody needs any more are removed by whoever leads, and no others.

use infrafabric::clock::Clock;
use infrafabric::governor::service::Governor;
use infrafabric::store::Store;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::connected::connection_to;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    what_is_older_than_the_policy_says_is_removed,
    what_is_read_in_parts_is_removed_in_all_of_them,
    whoever_leads_no_more_removes_nothing,
);

const OLD: &str = "2026-01-01T00:00:00Z";
/// Long after every test.
const NEW: &str = "2100-01-01T00:00:00Z";

fn put_call(site: &Site, id: &str, state: &str, at: &str) {
    let answer = (state == "resolved").then(|| json!({"by": "ann", "at": at}));
    let call = json!({
        "id": id, "kind": "stalled", "swarm": null, "task": "t", "issue": "i", "action_required": "a",
        "state": state, "triggered_at": OLD, "resolved": answer, "by": "s1", "op": "governor.escalate",
    });
    site.raw().put(&format!("/governor/escalations/{id}"), &call.to_string());
    let delivery = json!({"sent": 1, "called_at": OLD, "delivered_at": OLD});
    site.raw().put(&format!("/governor/deliveries/{id}/pager"), &delivery.to_string());
}

fn keys(site: &Site, prefix: &str) -> Vec<String> {
    site.raw().list(prefix).into_iter().map(|(key, _)| key).collect()
}

/// Two charges, one of them long ago, and calls of all kinds.
fn put_records(site: &Site) {
    site.run("governor register s1 --capabilities a:b --cost-per-hour 1 --budget 20").expect(0);
    for key in ["old", "new"] {
        let line = format!("governor charge s1 --operation call --cost 1 --idempotency-key {key}");
        site.run(&line).expect(0);
    }
    let mut charge: Value = site.raw().json("/governor/charges/s1/old").unwrap();
    charge["at"] = OLD.into();
    site.raw().put("/governor/charges/s1/old", &charge.to_string());
    put_call(site, "stalled.old.1", "resolved", OLD);
    put_call(site, "stalled.new.1", "resolved", NEW);
    put_call(site, "stalled.open.1", "triggered", OLD);
    site.raw().put("/governor/deliveries/stalled.gone.1/pager", &json!({"called_at": OLD}).to_string());
    site.raw().put("/governor/escalations/garbage", "garbage");
    put_grades(site);
}

/// How far tasks were graded: one that ended long ago, one that ended just now, one that goes on, one that nobody can read
/// and one that is not there.
fn put_grades(site: &Site) {
    for task in ["over", "new", "open"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    for task in ["over", "new"] {
        site.run(&format!("coordinator cancel {task}")).expect(0);
    }
    let mut over = site.raw().json("/tasks/over/record").unwrap();
    over["ended_at"] = OLD.into();
    site.raw().put("/tasks/over/record", &over.to_string());
    site.raw().put("/tasks/garbage/record", "garbage");
    for task in ["over", "new", "open", "garbage", "gone"] {
        site.raw().put(&format!("/governor/grades/s1/{task}"), r#"{"attempt": 1}"#);
    }
}

fn what_is_older_than_the_policy_says_is_removed(backend: Backend) {
    let mut site = Site::start_under(backend, "retention: {resolved_days: 20, charge_days: 3}\n");
    put_records(&site);
    site.restart_leader("");
    eventually("the old ones are gone", || {
        let gone = [
            "escalations/stalled.old.1",
            "charges/s1/old",
            "deliveries/stalled.gone.1/pager",
            "grades/s1/over",
            "grades/s1/gone",
        ];
        gone.iter().all(|key| site.raw().get(&format!("/governor/{key}")).is_none()).then_some(())
    });
    assert_eq!(keys(&site, "/governor/charges/"), ["/governor/charges/s1/new"]);
    assert_eq!(
        keys(&site, "/governor/escalations/"),
        ["garbage", "stalled.new.1", "stalled.open.1"].map(|id| format!("/governor/escalations/{id}"))
    );
    assert_eq!(
        keys(&site, "/governor/deliveries/"),
        ["stalled.new.1", "stalled.open.1"].map(|id| format!("/governor/deliveries/{id}/pager"))
    );
    assert_eq!(
        keys(&site, "/governor/grades/"),
        ["garbage", "new", "open"].map(|task| format!("/governor/grades/s1/{task}"))
    );
    assert_eq!(site.budget("s1").0, 2_000_000, "what is spent stays spent");
}

/// More than are read at once, with one to be kept in each part.
fn what_is_read_in_parts_is_removed_in_all_of_them(backend: Backend) {
    const KEPT: [usize; 3] = [0, 600, 1050];
    let site = Site::start_under(backend, "retention: {resolved_days: 0, charge_days: 3}\n");
    site.run("governor register s1 --capabilities a:b --cost-per-hour 1 --budget 20").expect(0);
    site.run("governor charge s1 --operation call --cost 1 --idempotency-key new").expect(0);
    let new = site.raw().json("/governor/charges/s1/new").unwrap();
    let old = {
        let mut old = new.clone();
        old["at"] = OLD.into();
        old
    };
    site.raw().delete("/governor/charges/s1/new");
    let name = |number: usize| format!("/governor/charges/s1/c{number:04}");
    let raw = site.raw();
    for number in 0..1100 {
        let charge = if KEPT.contains(&number) { &new } else { &old };
        raw.put(&name(number), &charge.to_string());
    }
    let removed = Removing::of(&site).remove(site.raw().created("/coordinator/leader").unwrap());
    assert_eq!((removed, keys(&site, "/governor/charges/")), (1097, KEPT.map(name).to_vec()));
}

/// A governor of this process.
struct Removing(Runtime, Governor);

impl Removing {
    fn of(site: &Site) -> Self {
        let runtime = Runtime::new().unwrap();
        let store = runtime.block_on(Store::connect(&connection_to(site.server.endpoint()))).unwrap();
        Self(runtime, Governor::new(store, Clock::System))
    }

    fn remove(&self, leader: i64) -> usize {
        self.0.block_on(self.1.remove_outlived(leader)).unwrap()
    }
}

fn whoever_leads_no_more_removes_nothing(backend: Backend) {
    let site = Site::start_under(backend, "retention: {resolved_days: 0, charge_days: 0}\n");
    put_records(&site);
    let before = keys(&site, "/governor/");
    let removing = Removing::of(&site);
    let remove = |leader| removing.remove(leader);
    let leader = site.raw().created("/coordinator/leader").unwrap();
    assert_eq!(remove(leader), 0, "for ever means for ever");
    site.write_policy("retention: {resolved_days: 20, charge_days: 3}\n");
    site.run("governor policy apply").expect(0);
    assert_eq!(remove(leader - 1), 0);
    assert_eq!(keys(&site, "/governor/"), before);
    assert!(remove(leader) > 0);
}
