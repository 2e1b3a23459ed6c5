//! `etcdctl watch`: the same lines, until it is ended from outside.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::session::{Session, Version, compare};

#[test]
fn etcdctl_3_4_watches_the_same_on_both() {
    compare(Version::V34, script);
}

#[test]
fn etcdctl_3_5_watches_the_same_on_both() {
    compare(Version::V35, script);
}

fn script(session: &mut Session) {
    for line in ["put k 1", "put k 2", "put k/a 1", "put other 1", "del k", "put k 3", "lease grant 600"] {
        session.say(line);
    }
    session.say("put k/b 1 --lease={lease}");
    session.say("lease revoke {lease}");
    // The last value of every watched range ends what is read.
    for key in ["k", "k/z", "z"] {
        session.run(&["put", key, "END"]);
    }
    for line in [
        "watch k --rev=2",
        "watch k --rev=2 --prev-kv",
        "watch --prefix k/ --rev=1",
        "watch --prefix k --rev=2 --prev-kv",
        "watch k k0 --rev=5",
        "watch k z --rev=5 --prev-kv",
        "watch --rev=2 k -w json",
        "watch --prefix k/ --rev=2 -w fields --prev-kv",
    ] {
        watch(session, line);
    }
    session.say("compact 5");
    session.say("watch k --rev=3");
    session.say("watch k --rev=3 -w json");
    watch(session, "watch k --rev=5 --prev-kv");
}

/// Reads what a watch prints up to the event that ends it, and ends it.
fn watch(session: &mut Session, line: &str) {
    let args: Vec<&str> = line.split(' ').collect();
    let mut command = session.command(&args);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut printed = String::new();
    for next in BufReader::new(child.stdout.take().unwrap()).lines() {
        let next = next.unwrap();
        printed.push_str(&next);
        printed.push('\n');
        // In base64 it is RU5E.
        if ["END", "RU5E"].iter().any(|end| next.contains(end)) {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    session.note_masked(line, &printed);
}
