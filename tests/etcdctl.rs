//! `etcdctl` cannot tell the engine from etcd: every command prints the same on both.

mod session;
mod watch;

use self::session::{Session, Version, compare};

#[test]
fn etcdctl_3_4_prints_the_same_on_both() {
    both(Version::V34);
}

#[test]
fn etcdctl_3_5_prints_the_same_on_both() {
    both(Version::V35);
}

fn both(version: Version) {
    compare(version, |session| {
        keys(session);
        transactions(session);
        leases(session);
        compaction(session);
        endpoints(session);
    });
}

fn keys(session: &mut Session) {
    for (key, value) in [("a", "3"), ("b", "1"), ("c/1", "2"), ("c/2", ""), ("a", "0"), ("x", "two\nlines")] {
        session.run(&["put", key, value]);
    }
    session.run_with("put piped", "from stdin");
    for line in [
        "put a 4 --prev-kv",
        "put new 1 --prev-kv",
        "put a --ignore-value",
        "put a 5 --ignore-value",
        "put absent --ignore-value",
        "put a 6 --lease=123abc",
        "put a 7 -w json",
        "put a 8 -w fields",
        "put a 8 -w json --prev-kv",
        "get a",
        "get absent",
        "get a b",
        "get b a",
        "get --prefix c/",
        "get --prefix c/ --keys-only",
        "get --prefix c/ --print-value-only",
        "get --prefix c/ --limit=1",
        "get --prefix c/ --limit=1 -w json",
        "get --prefix c/ --count-only -w fields",
        "get --prefix c/ --count-only",
        "get --from-key b",
        "get --from-key b --limit=2 -w fields",
        "get --prefix --sort-by=VALUE --order=ASCEND a",
        "get --from-key a --sort-by=CREATE --order=DESCEND",
        "get --from-key a --sort-by=MODIFY --order=ASCEND",
        "get --from-key a --sort-by=VERSION --order=DESCEND",
        "get --from-key a --sort-by=KEY --order=DESCEND --limit=2",
        "get --from-key a --sort-by=VALUE",
        "get --from-key a --sort-by=NONSENSE",
        "get --from-key a --rev=4",
        "get a --rev=2",
        "get a --rev=1",
        "get a --rev=99999",
        "get a --consistency=s",
        "get a -w json",
        "get --from-key a -w json --keys-only",
        "get x --hex",
        "get a --prefix --from-key",
        "del b --prev-kv",
        "del b --prev-kv",
        "del b -w json",
        "del --prefix c/ --prev-kv",
        "del new -w fields",
        "del --from-key x",
        "del a b -w json --prev-kv",
        "get --from-key a -w json",
    ] {
        session.say(line);
    }
}

fn transactions(session: &mut Session) {
    session.say("put t/a 1");
    for text in [
        "value(\"t/a\") = \"1\"\n\nput t/a 2\nget t/a\ndel t/b\n\nget t/a\n\n",
        "value(\"t/a\") = \"1\"\nmod(\"t/b\") = \"0\"\n\nput t/a 3\n\nget t/a\nget t/ --prefix\n\n",
        "create(\"t/a\") > \"1\"\nver(\"t/a\") < \"9\"\n\nput t/c x\n\nput t/d x\n\n",
        "\nput t/a 1\nput t/a 2\n\n\n",
        "\nput t/a 1\ndel t/ --prefix\n\n\n",
        "mod(\"t/a\") > \"0\"\n\nget t/a --rev=99999\n\n\n",
        "\n\n\n",
    ] {
        session.run_with("txn", text);
        session.run_with("txn --interactive", text);
        session.run_with("txn -w json", text);
        session.run_with("txn -w fields", text);
    }
    session.say("get --from-key t -w json");
}

fn leases(session: &mut Session) {
    for line in [
        "lease list",
        "lease grant 600",
        "put l/b 1 --lease={lease}",
        "put l/a 2 --lease={lease}",
        "put l/a 3 --ignore-lease",
        "lease keep-alive --once {lease}",
        "lease keep-alive --once {lease} -w json",
        "lease timetolive {lease}",
        "lease timetolive {lease} --keys",
        "lease list",
        "lease list -w json",
        "get l/a -w fields",
        "lease revoke {lease}",
        "lease revoke {lease}",
        "lease timetolive {lease}",
        "lease timetolive {lease} --keys -w json",
        "lease keep-alive --once {lease}",
        "get l/ --prefix -w json",
        "lease grant 1",
        "lease grant 1 -w json",
        "lease grant 0",
        "lease grant -- -1",
        "lease grant 9000000001",
        "lease grant soon",
        "lease list -w fields",
    ] {
        session.say(line);
    }
}

fn compaction(session: &mut Session) {
    for line in [
        "put z 1",
        "put z 2",
        "compact 5",
        "compact 5",
        "compact 4",
        "compact 99999",
        "compact 8 --physical",
        "get z --rev=7",
        "compact",
        "compact much",
        "get --from-key a --rev=8",
        "get --from-key a -w json",
    ] {
        session.say(line);
    }
}

fn endpoints(session: &mut Session) {
    session.say("endpoint health");
    session.shape("endpoint health -w json");
    session.shape("endpoint status -w json");
    session.shape("endpoint hashkv -w json");
    session.shape("endpoint hashkv --rev=9 -w json");
    session.say("endpoint hashkv --rev=2");
    session.say("endpoint hashkv --rev=99999");
    // The engine has no peers, and says so.
    session.shape_without("member list -w json", "peerURLs");
    session.say("alarm list");
    session.say("endpoint nonsense");
}
