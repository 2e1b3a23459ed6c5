//! A task's own budget holds for whoever works on it and for the help it gets.

use crate::budgets::assert_never_above_cap;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    work_on_a_task_and_help_for_it_are_paid_from_its_budget,
    help_that_its_budget_cannot_pay_calls_a_human,
    a_task_without_money_keeps_no_worker_from_others,
    a_task_that_its_budget_cannot_pay_is_not_late,
    whoever_is_not_registered_is_bound_too,
    what_was_claimed_before_it_is_taken_in_and_so_is_the_help,
    a_claim_past_ifctl_of_a_task_without_a_record_is_paid_from_a_budget_that_is_set_meanwhile,
);

const POLICY: &str = "capability_registry: {}\nresource_policy:\n  max_cost_per_task: 2.0\n";

fn start(backend: Backend, cap: &str) -> Site {
    let site = Site::start_under(backend, POLICY);
    for swarm in ["s1", "s2"] {
        let line =
            format!("governor register {swarm} --capabilities a:{swarm} --cost-per-hour 2 --budget 50");
        site.run(&line).expect(0);
    }
    site.run("coordinator submit T").expect(0);
    site.run(&format!("governor set-budgets --task T={cap}")).expect(0);
    site
}

/// What the task has spent and reserved, and its cap.
fn budget(site: &Site) -> (i64, i64, i64) {
    let budget = site.raw().json("/governor/budgets/task/T").unwrap();
    let amount = |name: &str| budget[name].as_i64().unwrap();
    (amount("spent"), amount("reserved"), amount("cap"))
}

fn work_on_a_task_and_help_for_it_are_paid_from_its_budget(backend: Backend) {
    let site = start(backend, "3");
    let token = site.claim("T", "s1");
    assert_eq!(budget(&site), (0, 2_000_000, 3_000_000));
    site.run(&format!("coordinator block T --token {token} --needs a:s2 --description how? --cost 0.5"))
        .expect(0);
    let help = eventually("help is asked for", || {
        let pending = site.record("T")["blocker"]["pending"].take();
        pending.as_array()?.first()?.as_str().map(str::to_owned)
    });
    assert_eq!(budget(&site), (500_000, 2_000_000, 3_000_000));
    let token = site.claim(&help, "s2");
    site.run(&format!("governor charge s2 --operation call --cost 0.25 --task {help} --token {token}"))
        .expect(0);
    assert_eq!(budget(&site), (750_000, 1_750_000, 3_000_000));
    let more = format!("governor charge s2 --operation call --cost 2.5 --task {help} --token {token}");
    let refused = site.run(&more).expect(6);
    assert!(refused.stderr.contains("task T has 0.50 dollars left, 0.75 are needed"), "{}", refused.stderr);
    assert_eq!(site.raw().get("/swarms/s2/status").as_deref(), Some("active"));
    site.run(&format!("coordinator complete {help} --token {token} --result so --cost 1")).expect(0);
    assert_eq!((budget(&site), site.budget("s2").0), ((1_500_000, 0, 3_000_000), 1_000_000));

    let refused = site.run("coordinator claim T --swarm s1").expect(6);
    assert!(refused.stderr.contains("the budget of task T has 1.50 dollars left"), "{}", refused.stderr);
    site.run("governor set-budgets --task T=1").expect(6);
    site.run("governor set-budgets --task T=4").expect(0);
    let token = site.claim("T", "s1");
    site.run(&format!("coordinator complete T --token {token}")).expect(0);
    assert_eq!(budget(&site), (3_500_000, 0, 4_000_000));
    let late = format!("governor charge s1 --operation bill --cost 1.5 --task T --token {token} --total");
    site.run(&late).expect(0);
    assert_eq!((budget(&site), site.budget("s1").0), ((3_000_000, 0, 4_000_000), 2_000_000));
    assert_eq!(site.json("governor budgets task/T")[0]["left"], 1_000_000);
    assert_never_above_cap(&site.raw());
}

fn help_that_its_budget_cannot_pay_calls_a_human(backend: Backend) {
    let site = start(backend, "2.5");
    let token = site.claim("T", "s1");
    site.run(&format!("coordinator block T --token {token} --needs a:s2 --description how? --cost 1"))
        .expect(0);
    eventually("a human is called", || {
        site.escalations().iter().any(|call| call["kind"] == "no_help").then_some(())
    });
    assert_eq!((budget(&site), site.budget("s2").1), ((1_000_000, 0, 2_500_000), 0));
}

fn a_task_without_money_keeps_no_worker_from_others(backend: Backend) {
    let site = start(backend, "1");
    site.run("coordinator submit other --priority 1").expect(0);
    site.run("coordinator work --swarm s1 --once -- true").expect(0);
    assert_eq!((site.state("other").as_str(), site.state("T").as_str()), ("completed", "submitted/ready"));
    assert_eq!(budget(&site), (0, 0, 1_000_000));
}

fn a_task_that_its_budget_cannot_pay_is_not_late(backend: Backend) {
    let site = Site::start_under(backend, &format!("{POLICY}health:\n  overdue_after_seconds: 1\n"));
    site.run("governor register s1 --capabilities a:s1 --cost-per-hour 2 --budget 50").expect(0);
    site.run("coordinator submit T").expect(0);
    site.run("governor set-budgets --task T=1").expect(0);
    let mut worker = site.ifctl("coordinator work --swarm s1 -- true").spawn();
    let said = worker.stderr_lines();
    said.next_with("connected as");
    eventually("it has waited for long", || {
        let oldest = site.json("coordinator status")["oldest_ready"].take();
        (oldest["age_seconds"].as_u64()? >= 3).then_some(())
    });
    site.run("coordinator health").expect(0);
    worker.terminate().expect(0);
}

fn whoever_is_not_registered_is_bound_too(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    site.run("coordinator submit T --max-cost 1.5").expect(0);
    site.run("governor set-budgets --task T=1").expect(0);
    let refused = site.run("coordinator claim T --swarm stranger").expect(6);
    assert!(refused.stderr.contains("task T has 1.00 dollars left, 1.50 are needed"), "{}", refused.stderr);
    site.run("governor set-budgets --task T=2").expect(0);
    let token = site.claim("T", "stranger");
    assert_eq!(budget(&site), (0, 1_500_000, 2_000_000));
    let charge = |cost: &str| {
        site.run(&format!("governor charge stranger --operation call --cost {cost} --task T --token {token}"))
    };
    assert_eq!(charge("1.75").expect(0).stdout, "stranger charged 1.75 for call, 0.25 left\n");
    let refused = charge("0.5").expect(6);
    assert!(refused.stderr.contains("task T has 0.25 dollars left, 0.50 are needed"), "{}", refused.stderr);
    site.run(&format!("coordinator complete T --token {token} --cost 2")).expect(0);
    assert_eq!(budget(&site), (2_000_000, 0, 2_000_000));
    let late = format!("governor charge stranger --operation bill --cost 1 --task T --token {token} --total");
    site.run(&late).expect(0);
    assert_eq!(budget(&site), (1_000_000, 0, 2_000_000));
    assert_never_above_cap(&site.raw());
}

/// The leader sleeps between its look at the claim and its answer; where the budget comes later all the same, it takes the
/// claim in.
fn a_claim_past_ifctl_of_a_task_without_a_record_is_paid_from_a_budget_that_is_set_meanwhile(
    backend: Backend,
) {
    let mut site = Site::start_under(backend, POLICY);
    site.run("governor register s1 --capabilities a:s1 --cost-per-hour 2 --budget 50").expect(0);
    site.restart_leader("adopt-assessed=1*sleep(3000)");
    site.raw().put("/tasks/T/owner", "s1");
    site.run("governor set-budgets --task T=5").expect(0);
    eventually("the claim is taken for one", || site.raw().get("/tasks/T/hold"));
    assert_eq!(budget(&site), (0, 2_000_000, 5_000_000));
    assert_never_above_cap(&site.raw());
}

fn what_was_claimed_before_it_is_taken_in_and_so_is_the_help(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    for swarm in ["s1", "s2"] {
        let line =
            format!("governor register {swarm} --capabilities a:{swarm} --cost-per-hour 2 --budget 50");
        site.run(&line).expect(0);
    }
    site.run("coordinator submit T").expect(0);
    let token = site.claim("T", "s1");
    site.run(&format!("governor charge s1 --operation call --cost 0.5 --task T --token {token}")).expect(0);
    let refused = site.run("governor set-budgets --task T=1").expect(6);
    assert!(refused.stdout.contains("refused: 1.50 are spent or reserved"), "{}", refused.stdout);
    site.run("governor set-budgets --task T=4 --dry-run").expect(0);
    assert_eq!(site.raw().get("/governor/budgets/task/T"), None);
    site.run("governor set-budgets --task T=4").expect(0);
    assert_eq!(budget(&site), (0, 1_500_000, 4_000_000));
    site.run(&format!("governor charge s1 --operation call --cost 1 --task T --token {token}")).expect(0);
    assert_eq!(budget(&site), (1_000_000, 500_000, 4_000_000));
    site.run(&format!("coordinator complete T --token {token} --cost 1.75")).expect(0);
    assert_eq!((budget(&site), site.budget("s1").0), ((1_250_000, 0, 4_000_000), 1_750_000));

    // Help that is asked for and not taken up, and then is.
    site.run("coordinator submit U").expect(0);
    let token = site.claim("U", "s1");
    site.run(&format!("coordinator block U --token {token} --needs a:s2 --description how? --cost 0"))
        .expect(0);
    let help = eventually("help is asked for", || {
        let pending = site.record("U")["blocker"]["pending"].take();
        pending.as_array()?.first()?.as_str().map(str::to_owned)
    });
    site.run("governor set-budgets --task U=3").expect(0);
    let of_u = || site.json("governor budgets task/U")[0].take();
    assert_eq!(of_u()["reserved"], 2_000_000);
    let token = site.claim(&help, "s2");
    site.run(&format!("coordinator complete {help} --token {token} --result so --cost 1")).expect(0);
    assert_eq!((&of_u()["spent"], &of_u()["reserved"]), (&1_000_000.into(), &0.into()));
    assert_never_above_cap(&site.raw());
}
