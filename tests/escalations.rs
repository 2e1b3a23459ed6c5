//! Calls for a human: they arrive at least once and are not repeated needlessly, whatever fails meanwhile; who answers
//! is noted; what is over by itself bothers nobody; and no secret gets where everybody can read it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tempfile::TempDir;

use crate::support::command::Finished;
use crate::support::patience::eventually;
use crate::support::receivers::{MailServer, NOTHING, Request, Webhook};
use crate::support::secure::Certificates;
use crate::support::servers::{Backend, Coordinator, free_addresses};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_call_is_delivered_once_by_channels_that_were_down_slow_or_failing_at_first,
    what_was_delivered_is_not_repeated_and_nothing_is_lost_when_the_coordinator_is_killed,
    a_call_is_repeated_until_somebody_acknowledges_it,
    whoever_answers_a_call_is_noted,
    calls_whose_cause_ends_are_resolved_by_themselves,
    a_raw_client_that_goes_on_trying_does_not_undo_an_answer,
    what_nobody_can_read_keeps_no_call_from_arriving,
);

/// A policy with these channels.
fn policy(channels: &str) -> String {
    format!("escalation:\n  channels:\n    {}\n", channels.trim().replace('\n', "\n    "))
}

/// Has a swarm of its own fail at a task for good, which calls a human: the id of the call.
fn call(site: &Site, task: &str) -> String {
    site.run(&format!("coordinator submit {task}")).expect(0);
    let token = site.claim(task, &format!("s-{task}"));
    site.run(&format!("coordinator fail {task} --token {token} --message wires")).expect(0);
    let calls = site.json(&format!("governor escalations list --task {task}"));
    calls[0]["id"].as_str().unwrap().to_owned()
}

fn delivery(site: &Site, id: &str, channel: &str) -> Value {
    site.json(&format!("governor escalations show {id}"))["deliveries"][channel].take()
}

/// Waits until a channel has delivered a call.
#[track_caller]
fn delivered(site: &Site, id: &str, channel: &str) -> Value {
    eventually(&format!("{channel} delivers"), || {
        Some(delivery(site, id, channel)).filter(|delivery| delivery["of_this_call"].as_u64() > Some(0))
    })
}

/// Waits until a channel has failed; the error.
#[track_caller]
fn failed(site: &Site, id: &str, channel: &str) -> String {
    eventually(&format!("{channel} fails"), || {
        delivery(site, id, channel)["last_error"].as_str().map(str::to_owned)
    })
}

fn keys(requests: &[Request]) -> Vec<&str> {
    requests.iter().map(|request| request.header("idempotency-key")).collect()
}

fn a_call_is_delivered_once_by_channels_that_were_down_slow_or_failing_at_first(backend: Backend) {
    let [address, _] = free_addresses();
    let (slow, failing) = (Webhook::answering(NOTHING), Webhook::answering(500));
    let well = Webhook::answering(200);
    let site = Site::start_under(
        backend,
        &policy(&format!(
            "down: {{kind: webhook, url: 'http://{address}/'}}\n\
             slow: {{kind: webhook, url: 'http://{}/', timeout_seconds: 1}}\n\
             failing: {{kind: webhook, url: 'http://{}/x?y=z'}}\n\
             well: {{kind: webhook, url: 'http://{}/'}}\n\
             other: {{kind: webhook, url: 'http://{}/', kinds: [deadline]}}",
            slow.address, failing.address, well.address, well.address
        )),
    );
    let id = call(&site, "t");
    delivered(&site, &id, "well");
    assert_eq!(failed(&site, &id, "slow"), "no answer within 1 s");
    assert_eq!(failed(&site, &id, "failing"), "the server answered 500 Internal Server Error");
    let error = failed(&site, &id, "down");
    assert!(error.starts_with("cannot connect: "), "{error}");
    let listed = site.run("governor escalations").expect(0).stdout;
    assert!(listed.contains(&id) && listed.contains("well") && listed.contains("again at"), "{listed}");

    let down = Webhook::at(&address, 200, None);
    slow.answer(200);
    failing.answer(200);
    for (channel, webhook) in [("down", &down), ("slow", &slow), ("failing", &failing), ("well", &well)] {
        let delivery = delivered(&site, &id, channel);
        assert_eq!((&delivery["sent"], &delivery["attempts"]), (&1.into(), &0.into()), "{channel}");
        assert_eq!(webhook.taken().len(), 1, "{channel}");
        let requests = webhook.requests();
        assert!(keys(&requests).iter().all(|key| *key == format!("{id}.1")), "{channel}: {requests:?}");
    }
    let request = failing.taken().remove(0);
    assert_eq!(request.path, "/x?y=z");
    let document = request.json();
    assert_eq!(
        (&document["id"], &document["kind"], &document["task"], &document["swarm"]),
        (&id.as_str().into(), &"not-retryable".into(), &"t".into(), &"s-t".into())
    );
    let text = document["text"].as_str().unwrap();
    assert!(text.contains("System Escalation Required") && text.contains("/swarms/s-t"), "{text}");
    assert_eq!(delivery(&site, &id, "other"), Value::Null, "it is for deadlines");
}

fn what_was_delivered_is_not_repeated_and_nothing_is_lost_when_the_coordinator_is_killed(backend: Backend) {
    let [address, _] = free_addresses();
    let well = Webhook::answering(200);
    let mut site = Site::start_under(
        backend,
        &policy(&format!(
            "down: {{kind: webhook, url: 'http://{address}/'}}\n\
             well: {{kind: webhook, url: 'http://{}/'}}",
            well.address
        )),
    );
    let id = call(&site, "t");
    delivered(&site, &id, "well");
    failed(&site, &id, "down");
    if backend == Backend::Engine {
        site.server.kill();
    } else {
        site.coordinator.kill();
    }
    let down = Webhook::at(&address, 200, None);
    if backend == Backend::Engine {
        site.server.restart();
    } else {
        site.coordinator = Coordinator::start(&site.server);
    }
    delivered(&site, &id, "down");
    // A call of later has been delivered by both: whatever the new leader has to say about the first one is said.
    let later = call(&site, "later");
    delivered(&site, &later, "well");
    delivered(&site, &later, "down");
    let expected = [format!("{id}.1"), format!("{later}.1")];
    assert_eq!(keys(&well.taken()), expected);
    assert_eq!(keys(&down.taken()), expected);
}

fn a_call_is_repeated_until_somebody_acknowledges_it(backend: Backend) {
    let pager = Webhook::answering(200);
    let channel = format!("pager: {{kind: webhook, url: 'http://{}/'}}", pager.address);
    let policy = policy(&channel).replace("escalation:\n", "escalation:\n  resend_after_seconds: 1\n");
    let site = Site::start_under(backend, &policy);
    let id = call(&site, "t");
    let of = |id: &str| keys(&pager.taken()).into_iter().filter(|key| key.starts_with(id)).count();
    eventually("it is repeated", || (of(&id) >= 2).then_some(()));
    let requests = pager.taken();
    assert_eq!(keys(&requests)[..2], [format!("{id}.1"), format!("{id}.2")]);
    site.run(&format!("governor escalations ack {id}")).expect(0);
    let other = call(&site, "other");
    let before = eventually("another one is repeated", || (of(&other) >= 2).then(|| of(&id)));
    // The leader has seen the acknowledgement before it saw the other call: nothing of the first is on its way.
    eventually("another one is repeated again", || (of(&other) >= 3).then_some(()));
    assert_eq!(of(&id), before);
    assert_eq!(site.json(&format!("governor escalations show {id}"))["state"], "acknowledged");
}

fn whoever_answers_a_call_is_noted(backend: Backend) {
    let site = Site::start(backend);
    let id = call(&site, "t");
    let show = || site.json(&format!("governor escalations show {id}"));
    let act = |verb: &str, who: &str| {
        site.ifctl(&format!("governor escalations {verb} {id}"))
            .env("USER", who)
            .args(["--note", "mine"])
            .run()
    };
    let said = act("ack", "ann").expect(0);
    assert_eq!(said.stdout, format!("{id} acknowledged\n"));
    act("ack", "ben").expect(0);
    let answer = &show()["acknowledged"];
    assert_eq!((&answer["by"], &answer["note"]), (&"human:ann".into(), &"mine".into()));
    act("resolve", "ben").expect(0);
    act("resolve", "cid").expect(0);
    assert_eq!(show()["resolved"]["by"], "human:ben");
    let refused = act("ack", "cid").expect(4);
    assert!(refused.stderr.contains(&format!("escalation {id} is resolved")), "{}", refused.stderr);
    assert_eq!(show()["acknowledged"]["by"], "human:ann");
    let shown = site.run(&format!("governor escalations show {id}")).expect(0).stdout;
    assert!(shown.contains("human:ben: mine"), "{shown}");

    let ids = |line: &str| -> Vec<String> {
        let calls = site.json(&format!("governor escalations {line}"));
        calls.as_array().unwrap().iter().map(|call| call["task"].as_str().unwrap().to_owned()).collect()
    };
    call(&site, "open");
    assert_eq!(ids(""), ["open"]);
    assert_eq!(ids("list --all"), ["t", "open"], "the newest comes last");
    assert_eq!(ids("--state resolved"), ["t"]);
    assert_eq!(ids("list --swarm nobody --all"), <[&str; 0]>::default());
    for verb in ["show", "ack", "resolve"] {
        let missing = site.run(&format!("governor escalations {verb} nothing")).expect(3);
        assert!(missing.stderr.contains("there is no escalation nothing"), "{}", missing.stderr);
    }
}

/// Waits until a call is resolved; who has resolved it.
#[track_caller]
fn resolver(site: &Site, id: &str) -> String {
    eventually("it is resolved", || {
        let call = site.raw().json(&format!("/governor/escalations/{id}"))?;
        (call["state"] == "resolved").then(|| call["resolved"]["by"].as_str().unwrap().to_owned())
    })
}

/// Calls a human past `ifctl`.
fn put_call(site: &Site, id: &str, about: &Value) {
    let mut call = json!({
        "id": "anything", "issue": "i", "action_required": "a", "state": "triggered",
        "triggered_at": "2026-01-01T00:00:00Z", "by": "x", "op": "y",
    });
    call.as_object_mut().unwrap().extend(about.as_object().unwrap().clone());
    site.raw().put(&format!("/governor/escalations/{id}"), &call.to_string());
}

fn calls_whose_cause_ends_are_resolved_by_themselves(backend: Backend) {
    let site = Site::start(backend);
    let (retried, canceled) = (call(&site, "retried"), call(&site, "canceled"));
    let stays = call(&site, "stays");
    site.run(&format!("governor escalations ack {canceled}")).expect(0);
    site.run("coordinator retry retried").expect(0);
    site.run("coordinator cancel canceled").expect(0);
    for id in [retried, canceled] {
        let by = resolver(&site, &id);
        assert!(by.starts_with("coordinator-"), "{by}");
    }
    // Nobody can help.
    site.run("coordinator submit stuck").expect(0);
    let token = site.claim("stuck", "s1");
    site.run(&format!("coordinator block stuck --token {token} --needs a:b --description how?")).expect(0);
    let stuck = eventually("nobody can help", || {
        let calls = site.json("governor escalations --task stuck");
        calls[0]["id"].as_str().map(str::to_owned)
    });
    site.run("coordinator unblock stuck").expect(0);
    resolver(&site, &stuck);
    // A swarm that is dead, and back.
    site.raw().put("/swarms/lost/status", "dead");
    put_call(&site, "swarm-dead.lost.1", &json!({"kind": "swarm_dead", "swarm": "lost", "task": null}));
    site.raw().put("/swarms/lost/status", "active");
    resolver(&site, "swarm-dead.lost.1");
    let open = site.json("governor escalations");
    assert_eq!((open.as_array().unwrap().len(), &open[0]["id"]), (1, &stays.as_str().into()), "{open}");
}

fn a_raw_client_that_goes_on_trying_does_not_undo_an_answer(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit t --direct-to s1").expect(0);
    let try_it = || {
        site.raw().put("/tasks/t/owner", "stranger");
        eventually("it is undone", || {
            (site.raw().get("/tasks/t/owner").as_deref() == Some("unclaimed")).then_some(())
        });
    };
    try_it();
    let id = "claim-refused.t";
    site.run(&format!("governor escalations ack {id}")).expect(0);
    try_it();
    let state = || site.json(&format!("governor escalations show {id}"))["state"].take();
    assert_eq!(state(), "acknowledged");
    site.run(&format!("governor escalations resolve {id}")).expect(0);
    try_it();
    assert_eq!(state(), "triggered", "what was settled has come up again");
}

fn what_nobody_can_read_keeps_no_call_from_arriving(backend: Backend) {
    let pager = Webhook::answering(200);
    let channel = format!("pager: {{kind: webhook, url: 'http://{}/'}}", pager.address);
    let site = Site::start_under(backend, &policy(&channel));
    site.raw().put("/governor/escalations/garbage", "garbage");
    site.raw().put("/governor/deliveries/garbage/pager", "garbage");
    let id = call(&site, "t");
    delivered(&site, &id, "pager");
    site.raw().put("/governor/deliveries/known/pager", "garbage");
    put_call(&site, "known", &json!({"kind": "circuit_breaker", "swarm": null, "task": null}));
    assert_eq!(delivered(&site, "known", "pager")["sent"], 1);
    assert_eq!(site.json("governor escalations").as_array().unwrap().len(), 2);
}

/// A file that only this test knows.
fn secret(directory: &TempDir, name: &str, text: &str) -> String {
    let path = directory.path().join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn hmac(secret: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    format!("{:x}", Bytes::copy_from_slice(&mac.finalize().into_bytes()))
}

#[test]
fn a_webhook_can_check_who_has_sent_a_call() {
    let (directory, pager) = (TempDir::new().unwrap(), Webhook::answering(200));
    let file = secret(&directory, "secret", "correct horse\n");
    let channel = format!("pager: {{kind: webhook, url: 'http://{}/', secret_file: {file}}}", pager.address);
    let site = Site::start_under(Backend::Engine, &policy(&channel));
    let id = call(&site, "t");
    delivered(&site, &id, "pager");
    let request = pager.taken().remove(0);
    let timestamp = request.header("x-if-timestamp");
    let expected = hmac("correct horse", &format!("{timestamp}.{}", request.body));
    assert_eq!(request.header("x-if-signature"), format!("sha256={expected}"));
    assert_eq!(request.header("content-type"), "application/json");
}

#[test]
fn a_program_is_told_what_it_is_about_and_says_whether_it_has_done_its_part() {
    let directory = TempDir::new().unwrap();
    let at = |name: &str| directory.path().join(name);
    let script = format!(
        "#!/bin/sh\ncd {}\ncat >> stdin\necho >> stdin\n\
         echo \"$IF_ESCALATION_ID $IF_ESCALATION_KEY $IF_ESCALATION_KIND $IF_ESCALATION_TASK $1\" >> environment\n\
         test -e open\n",
        directory.path().display()
    );
    let program = secret(&directory, "notify", &script);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
    let channels = format!(
        "local: {{kind: command, command: [{program}, loudly]}}\n\
         missing: {{kind: command, command: [/no/such/program]}}\n\
         endless: {{kind: command, command: [sleep, '600'], timeout_seconds: 1}}"
    );
    let site = Site::start_under(Backend::Engine, &policy(&channels));
    let id = call(&site, "t");
    assert_eq!(failed(&site, &id, "local"), "it ended with exit status: 1");
    assert!(failed(&site, &id, "missing").starts_with("cannot run /no/such/program: "));
    assert_eq!(failed(&site, &id, "endless"), "no answer within 1 s");
    fs::write(at("open"), "").unwrap();
    delivered(&site, &id, "local");
    let environment = fs::read_to_string(at("environment")).unwrap();
    assert!(environment.lines().count() > 1, "{environment}");
    for line in environment.lines() {
        assert_eq!(line, format!("{id} {id}.1 not-retryable t loudly"));
    }
    let told = fs::read_to_string(at("stdin")).unwrap();
    let document: Value = serde_json::from_str(told.lines().next().unwrap()).unwrap();
    assert_eq!(document["id"], id);
}

#[test]
fn a_webhook_is_trusted_for_its_certificate_and_followed_nowhere_else() {
    let certificates = Certificates::new();
    let secure = Webhook::at("127.0.0.1:0", 200, Some(&certificates.server));
    let elsewhere = Webhook::at("127.0.0.1:0", 200, Some(&certificates.elsewhere));
    let (moved, authority) = (Webhook::answering(302), certificates.authority.display());
    let channels = format!(
        "secure: {{kind: webhook, url: 'https://{}/', ca_file: {authority}}}\n\
         stranger: {{kind: webhook, url: 'https://{}/'}}\n\
         elsewhere: {{kind: webhook, url: 'https://{}/', ca_file: {authority}}}\n\
         moved: {{kind: webhook, url: 'http://{}/'}}",
        secure.address, secure.address, elsewhere.address, moved.address
    );
    let site = Site::start_under(Backend::Engine, &policy(&channels));
    let id = call(&site, "t");
    delivered(&site, &id, "secure");
    assert_eq!(secure.taken().len(), 1);
    let error = failed(&site, &id, "stranger");
    assert!(error.contains("UnknownIssuer"), "{error}");
    let error = failed(&site, &id, "elsewhere");
    assert!(error.contains("not valid for name"), "{error}");
    assert!(elsewhere.requests().is_empty());
    let error = failed(&site, &id, "moved");
    assert_eq!(error, "the server answered 302 Found: redirects are not followed");
}

#[test]
fn mail_is_sent_only_where_nobody_can_read_along() {
    let certificates = Certificates::new();
    let (identity, authority) = (Some(&certificates.server), certificates.authority.display());
    let (wrapped, upgraded) = (MailServer::start(identity, true), MailServer::start(identity, false));
    let (plain, stripped) = (MailServer::start(None, false), MailServer::start(None, false));
    let password = secret(&certificates.directory, "password", "open sesame");
    let ends = "from: 'The Swarm <if@example.com>', to: [ann@example.com, ben@example.com]";
    let channels = format!(
        "wrapped: {{kind: smtp, server: 'smtps://{}', ca_file: {authority}, {ends}}}\n\
         upgraded: {{kind: smtp, server: 'smtp://{}', ca_file: {authority}, {ends}, user_env: PATH, password_file: {password}}}\n\
         here: {{kind: smtp, server: 'smtp://{}', {ends}}}\n\
         stripped: {{kind: smtp, server: 'smtp://{}', ca_file: {authority}, {ends}}}",
        wrapped.address, upgraded.address, plain.address, stripped.address
    );
    let site = Site::start_under(Backend::Engine, &policy(&channels));
    let id = call(&site, "t");
    for (channel, server, encrypted) in
        [("wrapped", &wrapped, true), ("upgraded", &upgraded, true), ("here", &plain, false)]
    {
        delivered(&site, &id, channel);
        let mail = server.mails().remove(0);
        assert_eq!((mail.encrypted, mail.to.len()), (encrypted, 2), "{channel}");
        for header in ["Subject: Escalation: not-retryable t", "To: ann@example.com, ben@example.com"] {
            assert!(mail.data.contains(header), "{channel}: {}", mail.data);
        }
        assert!(mail.data.contains(&format!("Message-ID: <{id}.1@ifctl>")), "{}", mail.data);
        assert_eq!(mail.login.is_some(), channel == "upgraded");
    }
    failed(&site, &id, "stripped");
    assert!(stripped.mails().is_empty(), "without STARTTLS nothing is sent");
}

#[test]
fn slack_gets_text_in_which_nothing_is_markup() {
    let (directory, slack) = (TempDir::new().unwrap(), Webhook::answering(200));
    let url = secret(&directory, "url", &format!("http://{}/services/T0/B0/hush\n", slack.address));
    let site = Site::start_under(Backend::Engine, &policy(&format!("ops: {{kind: slack, url_file: {url}}}")));
    site.run("coordinator submit t").expect(0);
    let token = site.claim("t", "s1");
    let fail = site.ifctl(&format!("coordinator fail t --token {token}"));
    fail.args(["--message", "<!channel> & \"quotes\"\nSwarm: other"]).run().expect(0);
    let request = eventually("slack is told", || slack.taken().into_iter().next());
    assert_eq!(request.path, "/services/T0/B0/hush");
    let text = request.json()["text"].as_str().unwrap().to_owned();
    assert!(text.contains("&lt;!channel&gt; &amp; \"quotes\""), "{text}");
    assert!(!text.contains("\nSwarm: other"), "{text}");
    assert_eq!(request.json().as_object().unwrap().len(), 1);
}

#[test]
fn no_secret_gets_into_the_store_or_the_log() {
    let directory = TempDir::new().unwrap();
    // It says what it was asked for, as many servers do.
    let telltale = Webhook::answering(404);
    let url = secret(&directory, "url", &format!("http://{}/hush-url\n", telltale.address));
    let (broken, key) = (secret(&directory, "broken", "hush-broken"), secret(&directory, "key", "hush-key"));
    let channels = format!(
        "telltale: {{kind: slack, url_file: {url}}}\n\
         broken: {{kind: slack, url_file: {broken}}}\n\
         signed: {{kind: webhook, url_file: {url}, secret_file: {key}}}\n\
         unset: {{kind: slack, url_env: NO_SUCH_VARIABLE}}\n\
         absent: {{kind: slack, url_file: /no/such/file}}"
    );
    let site = Site::start_under(Backend::Engine, &policy(&channels));
    let id = call(&site, "t");
    let errors = ["telltale", "broken", "signed", "unset", "absent"].map(|name| failed(&site, &id, name));
    assert_eq!(errors[0], "the server answered 404 Not Found");
    assert_eq!(errors[1], format!("what {broken} holds is of no use: this is no http:// or https:// URL"));
    assert_eq!(errors[3], "the variable NO_SUCH_VARIABLE is not set");
    assert!(errors[4].starts_with("cannot read /no/such/file: "), "{}", errors[4]);
    for (key, value) in site.raw().list("/") {
        assert!(!value.contains("hush"), "{key}: {value}");
    }
    assert!(!site.server.said().contains("hush"), "{}", site.server.said());
}

#[test]
fn whoever_can_write_the_policy_in_the_store_runs_no_program() {
    let site = Site::start(Backend::Engine);
    let mark = site.home.path().join("mark");
    let mut published = site.raw().json("/governor/policy").unwrap();
    published["policy"]["escalation"]["channels"] =
        serde_json::json!({"evil": {"kind": "command", "command": ["touch", mark.to_str().unwrap()]}});
    site.raw().put("/governor/policy", &published.to_string());
    let id = call(&site, "t1");
    let refused = eventually("the channel is refused", || {
        let told = delivery(&site, &id, "evil")["last_error"].as_str().map(str::to_owned);
        told.filter(|error| error.contains("must stand in the policy file here"))
    });
    assert!(!mark.exists(), "{refused}");
}

#[test]
fn channels_are_tried_out_with_the_secrets_of_the_shell() {
    let (pager, slack) = (Webhook::answering(200), Webhook::answering(200));
    let channels = format!(
        "pager: {{kind: webhook, url: 'http://{}/', kinds: [deadline]}}\n\
         ops: {{kind: slack, url_env: OPS_URL}}",
        pager.address
    );
    let site = Site::start_under(Backend::Engine, &policy(&channels));
    let untold = site.ifctl("governor escalations test --channel ops").env("OPS_URL", "x").run().expect(9);
    assert!(untold.stdout.contains("must stand in the policy file here"), "{}", untold.stdout);
    assert!(untold.stderr.contains("just as `ifctl governor policy show` has it"), "{}", untold.stderr);
    let file = site.home.path().join("tried.yaml");
    fs::write(&file, policy("later: {kind: command, command: ['true']}")).unwrap();
    let tried = site.ifctl("governor escalations test --policy").args([&file]).run().expect(0);
    assert!(tried.stdout.contains("later") && !tried.stdout.contains("ops"), "{}", tried.stdout);
    site.write_policy(&policy(&channels));
    let test = |more: &str| site.ifctl(&format!("governor escalations test {more}"));
    let outcome = |finished: &Finished| -> Vec<bool> {
        let tried = finished.json();
        tried.as_array().unwrap().iter().map(|tried| tried["delivered"].as_bool().unwrap()).collect()
    };
    let url = format!("http://{}/", slack.address);
    let all = test("-o json").env("OPS_URL", &url).run().expect(0);
    assert_eq!(outcome(&all), [true, true]);
    assert_eq!(pager.taken()[0].json()["kind"], "trial");
    assert!(slack.taken()[0].body.contains("human:tester tries out this channel"));
    let some = test("-o json").run().expect(9);
    assert_eq!(outcome(&some), [false, true]);
    let said = test("").run().expect(9);
    assert!(said.stdout.contains("failed: the variable OPS_URL is not set"), "{}", said.stdout);
    assert!(said.stderr.contains("1 of 2 channels failed"), "{}", said.stderr);
    assert_eq!(outcome(&test("--channel pager -o json").run().expect(0)), [true]);
    test("--channel nobody").run().expect(3);
    assert!(site.raw().list("/governor/deliveries/").is_empty() && site.escalations().is_empty());
    let bare = Site::start(Backend::Engine);
    let none = bare.run("governor escalations test").expect(3);
    assert!(none.stderr.contains("no channel is configured"), "{}", none.stderr);
}
