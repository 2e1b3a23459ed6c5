//! What a browser, `curl` and a probe are told on the port of the API: as etcd tells it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use etcd_client::Client;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::support::patience::eventually;
use crate::support::process::Process;
use crate::support::servers::{Backend, Server, start_ifctl};

/// Status line, the headers that matter, body.
fn answer(endpoint: &str, request: &str) -> Vec<String> {
    let mut stream = TcpStream::connect(endpoint).unwrap();
    write!(stream, "{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n");
    let mut told = vec![lines.next().unwrap().to_owned()];
    let told_headers = ["content-type", "allow", "x-content-type-options"];
    let mut headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_lowercase()))
        .filter(|(name, _)| told_headers.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    headers.sort();
    told.extend(headers);
    told.push(body.to_owned());
    told
}

#[test]
fn version_and_health_are_answered_as_etcd_answers() {
    let [engine, etcd] = [Backend::Engine, Backend::Etcd35].map(Server::start);
    for request in [
        "GET /version",
        "POST /version",
        "GET /health",
        "HEAD /health",
        "POST /health",
        "GET /health?serializable=true",
        "GET /health?exclude=NOSPACE&serializable=false",
        "GET /nowhere",
    ] {
        let told = |server: &Server| {
            // The tests' etcd is 3.5.1, the engine behaves as 3.5.21.
            let told = answer(server.endpoint(), request).join("\n");
            told.replace("\"3.5.1\"", "VERSION").replace("\"3.5.21\"", "VERSION")
        };
        assert_eq!(told(&engine), told(&etcd), "{request}");
    }
    let told = answer(engine.endpoint(), "GET /version");
    assert_eq!(told.last().unwrap(), r#"{"etcdserver":"3.5.21","etcdcluster":"3.5.0"}"#);
}

/// An engine whose files may not grow beyond 1 MiB (2 in some shells): a disk that is full, as far as it can tell.
fn start_on_a_small_disk(home: &TempDir) -> (Process, String) {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_ifctl")])
        .args(["coordinator", "start", "--listen", "127.0.0.1:0"])
        .env_clear()
        .env("IF_HOME", home.path());
    let (process, ready) = start_ifctl(&mut command, home.path());
    (process, ready["endpoints"][0].as_str().unwrap().to_owned())
}

#[test]
fn an_engine_that_cannot_write_says_so_and_one_that_only_reads_does_not_mind() {
    let home = TempDir::new().unwrap();
    let (_process, endpoint) = start_on_a_small_disk(&home);
    assert_eq!(answer(&endpoint, "GET /health")[0], "HTTP/1.1 200 OK");
    let runtime = Runtime::new().unwrap();
    let mut client = runtime.block_on(Client::connect([&endpoint], None)).unwrap();
    runtime.block_on(async {
        client.put("first", "kept", None).await.unwrap();
        // Smaller and smaller, until not even a little fits.
        for size in [1 << 20, 1 << 16, 1 << 12, 1 << 8, 0] {
            let mut written = 0;
            while client.put(format!("{size}-{written}"), vec![b'v'; size], None).await.is_ok() {
                written += 1;
                assert!(written < 10_000, "there is no limit for {size} bytes");
            }
        }
        let first = client.get("first", None).await.unwrap();
        assert_eq!(first.kvs()[0].value(), b"kept", "reading goes on");
    });
    // Health is what the last write came to, and a leader's own may be smaller than any that was tried.
    let told = eventually("it says so", || {
        let refused = runtime.block_on(client.put("0", "", None)).is_err();
        let told = answer(&endpoint, "GET /health");
        (refused && told[0] == "HTTP/1.1 503 Service Unavailable").then_some(told)
    });
    let body = told.last().unwrap();
    assert!(body.starts_with(r#"{"health":"false","reason":"etcdserver: "#), "{body}");
    assert_eq!(answer(&endpoint, "GET /health?serializable=true")[0], "HTTP/1.1 200 OK");
}
