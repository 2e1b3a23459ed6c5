//! Of providers that serve the same purpose the one is used that does well, none whose breaker is open, and what is
//! reported of them is counted, each report once.

use serde_json::{Value, json};

use insta::assert_snapshot;

use crate::support::command::{Finished, Running};
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    what_fails_is_chosen_less_and_once_its_breaker_is_open_never,
    when_every_breaker_is_open_the_choice_is_refused_and_says_when_a_trial_is_due,
    a_trial_that_is_due_is_given_to_one_and_its_success_closes_the_breaker,
    a_trial_that_nobody_reports_is_free_again,
    reports_at_once_lose_nothing_and_the_same_report_counts_once,
    what_a_use_costs_counts_where_an_amount_is_moved,
    what_nobody_can_read_stops_nobody_else,
    what_is_unknown_is_named_with_what_was_meant,
    what_is_known_is_shown_with_the_parts_of_the_score,
    what_makes_no_sense_is_refused_and_what_nothing_names_is_warned_about,
);

/// Breakers stay open for an hour.
const POLICY: &str = "
resource_policy: {circuit_breaker_open_seconds: 3600}
rails:
  llm: [openai, anthropic]
  payout: {providers: [paypal, bank, payoneer], strategy: best}
";

fn record(site: &Site, provider: &str, how: &str) -> Finished {
    site.run(&format!("governor rails record llm {provider} --{how} --time 1.5s")).expect(0)
}

fn statistics(site: &Site, provider: &str) -> Value {
    site.raw().json(&format!("/governor/rails/llm/{provider}")).unwrap()
}

fn breaker(site: &Site, provider: &str) -> Option<Value> {
    site.raw().json(&format!("/governor/breakers/provider/{provider}"))
}

/// Three failures in a row.
fn breaks(site: &Site, provider: &str) {
    for _ in 0..3 {
        record(site, provider, "failure");
    }
    assert_eq!(breaker(site, provider).unwrap()["state"], "open");
}

/// Its trial is due, without anybody having waited for it.
fn is_due_now(site: &Site, provider: &str) {
    let mut breaker = breaker(site, provider).unwrap();
    breaker["open_until"] = json!("2026-01-01T00:00:00Z");
    site.raw().put(&format!("/governor/breakers/provider/{provider}"), &breaker.to_string());
}

fn what_fails_is_chosen_less_and_once_its_breaker_is_open_never(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    let choose = |seed: usize| {
        let chosen = site.run(&format!("governor rails choose llm --seed {seed}")).expect(0);
        assert_eq!(chosen.stderr, "");
        chosen.stdout
    };
    let count = || (500..512).filter(|seed| choose(*seed) == "openai\n").count();
    assert_eq!(choose(1), choose(1), "a seed repeats the choice");
    let unknown = count();
    record(&site, "anthropic", "success");
    record(&site, "openai", "failure");
    record(&site, "openai", "failure");
    let failing = count();
    assert!(unknown > failing, "{unknown} {failing}");
    record(&site, "openai", "failure");
    assert_eq!(count(), 0);
}

fn when_every_breaker_is_open_the_choice_is_refused_and_says_when_a_trial_is_due(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    breaks(&site, "openai");
    assert_eq!(site.run("governor rails choose llm").expect(0).stdout, "anthropic\n");
    breaks(&site, "anthropic");
    let refused = site.run("governor rails choose llm").expect(6);
    assert_eq!(refused.stdout, "");
    let due = breaker(&site, "openai").unwrap()["open_until"].as_str().unwrap().to_owned();
    let later = breaker(&site, "anthropic").unwrap()["open_until"].as_str().unwrap().to_owned();
    let first = due.min(later);
    assert!(refused.stderr.contains(&format!("the next trial is due at {first}")), "{}", refused.stderr);
    // What only a person closes has no trial.
    for provider in ["openai", "anthropic"] {
        let mut breaker = breaker(&site, provider).unwrap();
        breaker["reason"] = json!("manual");
        breaker["open_until"] = Value::Null;
        site.raw().put(&format!("/governor/breakers/provider/{provider}"), &breaker.to_string());
    }
    let refused = site.run("governor rails choose llm").expect(6);
    assert!(refused.stderr.contains("only a person closes it"), "{}", refused.stderr);
    assert!(!refused.stderr.contains("trial is due"), "{}", refused.stderr);
}

fn a_trial_that_is_due_is_given_to_one_and_its_success_closes_the_breaker(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    breaks(&site, "openai");
    breaks(&site, "anthropic");
    is_due_now(&site, "openai");
    let racers: Vec<Running> = (0..8).map(|_| site.ifctl("governor rails choose llm").spawn()).collect();
    let (won, refused): (Vec<_>, Vec<_>) =
        racers.into_iter().map(Running::finish).partition(|finished| finished.code == 0);
    assert_eq!(won.len(), 1, "{won:?}");
    assert_eq!(won[0].stdout, "openai\n");
    for finished in refused {
        let finished = finished.expect(6);
        assert!(finished.stderr.contains("openai (its trial is under way)"), "{}", finished.stderr);
    }
    record(&site, "openai", "success");
    assert_eq!(breaker(&site, "openai").unwrap()["state"], "closed");
    assert!(site.raw().list("/governor/probes/").is_empty());
    for _ in 0..2 {
        assert_eq!(site.run("governor rails choose llm").expect(0).stdout, "openai\n");
    }
    // A trial that fails leaves the breaker open for longer.
    is_due_now(&site, "anthropic");
    breaks(&site, "openai");
    assert_eq!(site.run("governor rails choose llm").expect(0).stdout, "anthropic\n");
    record(&site, "anthropic", "failure");
    let open = breaker(&site, "anthropic").unwrap();
    assert_eq!((&open["state"], &open["failed_probes"]), (&"open".into(), &1.into()));
    site.run("governor rails choose llm").expect(6);
}

fn a_trial_that_nobody_reports_is_free_again(backend: Backend) {
    let policy = "resource_policy: {circuit_breaker_open_seconds: 1}\nrails: {llm: [openai]}\n";
    let site = Site::start_under(backend, policy);
    breaks(&site, "openai");
    for what in ["the trial is due", "it is given to the next"] {
        eventually(what, || (site.run("governor rails choose llm").code == 0).then_some(()));
        assert_eq!(breaker(&site, "openai").unwrap()["state"], "half_open");
    }
}

fn reports_at_once_lose_nothing_and_the_same_report_counts_once(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    let line = |number: usize| {
        let how = if number.is_multiple_of(2) { "success" } else { "failure" };
        let name = if number < 12 { format!("use-{number}") } else { "use-again".to_owned() };
        format!("governor rails record llm openai --{how} --time 250ms --cost 0.5 --idempotency-key {name}")
    };
    // The last four are the same one.
    let reports: Vec<Running> = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18]
        .map(|number| site.ifctl(&line(number)).spawn())
        .into();
    let again = reports
        .into_iter()
        .map(|report| report.finish().expect(0))
        .filter(|finished| finished.stdout.contains("counted before"));
    assert_eq!(again.count(), 3);
    let known = statistics(&site, "openai");
    assert_eq!((&known["success"], &known["failure"]), (&7.into(), &6.into()));
    assert_eq!((&known["micros"], &known["cost"]), (&(13 * 250_000).into(), &(13 * 500_000).into()));
    assert_eq!((&known["by"], &known["op"]), (&"human:tester".into(), &"governor.rails.record".into()));
}

fn what_a_use_costs_counts_where_an_amount_is_moved(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    let choose = |line: &str| site.run(&format!("governor rails choose payout {line}")).expect(0).stdout;
    assert_eq!(choose(""), "paypal\n", "of equals the first");
    assert_eq!(choose("--amount 100 --cost paypal=5,bank=1,payoneer=3"), "bank\n");
    // Without an amount there is nothing to hold a cost against.
    assert_eq!(choose("--cost paypal=5,bank=1"), "paypal\n");
    // What it has cost so far is what it will cost.
    for (provider, cost) in [("paypal", 9), ("bank", 9), ("payoneer", 1)] {
        let line = format!("governor rails record payout {provider} --success --time 2s --cost {cost}");
        site.run(&line).expect(0);
    }
    assert_eq!(choose("--amount 10"), "payoneer\n");
    assert_eq!(choose("--amount 10 --cost bank=0.5"), "bank\n");
    site.run("governor rails choose payout --cost bank").expect(2);
    site.run("governor rails choose payout --amount -1").expect(2);
}

fn what_nobody_can_read_stops_nobody_else(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    site.raw().put("/governor/rails/llm/openai", "garbage");
    site.raw().put("/governor/breakers/provider/openai", "garbage");
    for seed in 1..=4 {
        let chosen = site.run(&format!("governor rails choose llm --seed {seed}")).expect(0);
        assert_eq!(chosen.stdout, "anthropic\n");
    }
    let shown = site.run("governor rails show llm --explain").expect(0);
    assert!(shown.stdout.contains("nobody can read its breaker"), "{}", shown.stdout);
    let refused = site.run("governor rails record llm openai --success --time 1s").expect(1);
    assert!(refused.stderr.contains("/governor/rails/llm/openai"), "{}", refused.stderr);
    record(&site, "anthropic", "success");
}

fn what_is_unknown_is_named_with_what_was_meant(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    assert_snapshot!(site.run("governor rails choose payuot").snapshot(), @"
    $ ifctl governor rails choose payuot
    status: 3
    --- stdout
    --- stderr
    error: the policy has no rails for `payuot`, did you mean `payout`?
    hint: ifctl governor rails; the policy's section rails names them
    ");
    assert_snapshot!(site.run("governor rails record llm bedrock --success --time 1s").snapshot(), @"
    $ ifctl governor rails record llm bedrock --success --time 1s
    status: 3
    --- stdout
    --- stderr
    error: `bedrock` is no provider of llm; known here: openai, anthropic
    hint: ifctl governor rails show llm
    ");
    assert_snapshot!(site.run("governor rails choose llm --cost opnai=1").snapshot(), @"
    $ ifctl governor rails choose llm --cost opnai=1
    status: 3
    --- stdout
    --- stderr
    error: `opnai` is no provider of llm, did you mean `openai`?
    hint: ifctl governor rails show llm
    ");
    site.run("governor rails show nothing").expect(3);
    site.run("governor rails record llm openai --time 1s").expect(2);
    site.run("governor rails record llm openai --success --failure --time 1s").expect(2);
}

fn what_is_known_is_shown_with_the_parts_of_the_score(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    for how in ["success", "success", "success", "failure"] {
        site.run(&format!("governor rails record llm openai --{how} --time 4s --cost 0.25")).expect(0);
    }
    let reports = site.json("governor rails");
    assert_eq!((&reports[0]["purpose"], &reports[1]["purpose"]), (&"llm".into(), &"payout".into()));
    let line = &reports[0]["providers"][0];
    assert_eq!((&line["provider"], &line["success_rate"]), (&"openai".into(), &0.75.into()));
    assert_eq!((&line["average_micros"], &line["cost"]), (&4_000_000.into(), &250_000.into()));
    assert_eq!((&line["parts"]["speed"], &line["parts"]["cost"]), (&0.25.into(), &0.5.into()));
    assert_eq!((&line["breaker"], &line["standing"]), (&"closed".into(), &"free".into()));
    assert_eq!(reports[0]["providers"][1]["score"], 0.5);

    // `show` may be left out.
    let shown = site.run("governor rails llm").expect(0).stdout;
    assert_eq!(shown, site.run("governor rails show llm").expect(0).stdout);
    assert!(shown.contains("75 %") && shown.contains("4.000 s") && !shown.contains("payout"), "{shown}");
    let explained = site.run("governor rails show llm --explain").expect(0).stdout;
    for part in ["SUCCEEDS", "0.750", "0.250", "0.500", "free"] {
        assert!(explained.contains(part), "{part}:\n{explained}");
    }
}

fn what_makes_no_sense_is_refused_and_what_nothing_names_is_warned_about(backend: Backend) {
    let site = Site::start_under(backend, POLICY);
    let twice = site.run("governor rails choose llm --amount 5 --cost openai=1,openai=2").expect(2);
    assert!(twice.stderr.contains("--cost names openai twice"), "{}", twice.stderr);
    let negative = site.run("governor find-help --hours -1").expect(2);
    assert!(negative.stderr.contains("`-1` is no number of hours"), "{}", negative.stderr);
    for line in ["governor find-help --limit -1", "governor rails choose llm --seed -1"] {
        let negative = site.run(line).expect(2);
        assert!(negative.stderr.contains("invalid value '-1'"), "{}", negative.stderr);
    }
    let known = site.run("governor trip-circuit-breaker provider/openai --reason why").expect(0);
    assert_eq!(known.stderr, "");
    let unknown = site.run("governor trip-circuit-breaker provider/opnai --reason why").expect(0);
    assert!(unknown.stderr.contains("no rail of the policy names opnai"), "{}", unknown.stderr);
}
