//! TLS: nobody reads along, nobody comes in who was not let in, and what is wrong is said by name.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use insta::assert_snapshot;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::support::command::{Finished, Ifctl};
use crate::support::secure::{Certificates, Pair, SecureServer};
use crate::support::servers::{Backend, Server, fetched};

/// Runs etcdctl with these files; whether it succeeded, and what it said.
fn etcdctl(endpoint: &str, authority: &Path, shown: Option<&Pair>, args: &[&str]) -> (bool, String) {
    let mut command = Command::new(fetched("etcd-3.5/etcdctl"));
    command.env_clear().args(["--endpoints", endpoint, "--command-timeout", "2s", "--cacert"]).arg(authority);
    if let Some(Pair { certificate, key }) = shown {
        command.arg("--cert").arg(certificate).arg("--key").arg(key);
    }
    let output = command.args(args).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn etcdctl_speaks_tls_with_the_engine() {
    let files = Certificates::new();
    let server = SecureServer::start(Backend::Engine, &files.server, None);
    let run = |args: &[&str]| etcdctl(server.endpoint(), &files.authority, None, args);
    assert_eq!(run(&["put", "k", "v"]), (true, "OK\n".to_owned()));
    assert_eq!(run(&["get", "k", "--print-value-only"]), (true, "v\n".to_owned()));
    let (healthy, said) = run(&["endpoint", "health", "--cluster"]);
    assert!(healthy && said.contains(&format!("{} is healthy", server.endpoint())), "{said}");
    let (shown, said) = run(&["endpoint", "status", "--cluster"]);
    assert!(shown && said.contains("3.5."), "{said}");
    let (read, _) = etcdctl(server.endpoint(), &files.other_authority, None, &["get", "k"]);
    assert!(!read, "the client trusts somebody else");
    let plain = format!("http://{}", server.address());
    let (read, _) = etcdctl(&plain, &files.authority, None, &["get", "k"]);
    assert!(!read, "without TLS nothing is answered");
}

#[test]
fn with_an_authority_for_clients_only_those_come_in_whom_it_has_signed() {
    let files = Certificates::new();
    let server = SecureServer::start(Backend::Engine, &files.server, Some(&files.authority));
    let put = |shown| etcdctl(server.endpoint(), &files.authority, shown, &["put", "k", "v"]).0;
    assert!(put(Some(&files.client)));
    assert!(!put(None), "no certificate");
    assert!(!put(Some(&files.stranger)), "one of somebody else");
    assert!(!put(Some(&files.expired)), "one whose time is over");
}

/// `ifctl` at a home of its own, as somebody would call it who has these files.
struct Person<'f> {
    home: TempDir,
    files: &'f Certificates,
    server: &'f SecureServer,
}

impl<'f> Person<'f> {
    fn new(files: &'f Certificates, server: &'f SecureServer) -> Self {
        Self { home: TempDir::new().unwrap(), files, server }
    }

    fn bare(&self, line: &str) -> Ifctl {
        Ifctl::new(&self.home).args(line.split_whitespace())
    }

    /// With the files as flags.
    fn run(&self, line: &str) -> Finished {
        let Pair { certificate, key } = &self.files.client;
        let flags = ["--cacert".as_ref(), self.files.authority.as_os_str(), "--cert".as_ref()];
        let call = self.bare(line).args(flags).args([certificate]).args(["--key".as_ref(), key.as_os_str()]);
        call.args(["--endpoints", self.server.endpoint()]).run()
    }
}

#[test]
fn every_command_works_over_tls_with_engine_and_etcd() {
    let files = Certificates::new();
    for backend in Backend::ALL {
        let server = SecureServer::start(backend, &files.server, Some(&files.authority));
        let person = Person::new(&files, &server);
        let environment = |line: &str| {
            // Without a scheme, the certificates say that TLS is meant.
            let call = person.bare(line).env("IF_ENDPOINTS", server.address());
            call.env("IF_CACERT", &files.authority)
                .env("IF_CERT", &files.client.certificate)
                .env("IF_KEY", &files.client.key)
        };
        let mut beside = (backend != Backend::Engine).then(|| {
            let start = format!("coordinator start --backend etcd --host {}", server.endpoint());
            environment(&start).spawn()
        });
        if let Some(coordinator) = &mut beside {
            assert_eq!(coordinator.stdout_lines().next_json()["ready"], true, "{backend:?}");
        }
        person.run("governor register s1 --capabilities a:b --cost-per-hour 1 --budget 5").expect(0);
        person.run("coordinator submit T").expect(0);
        let token = environment("coordinator claim T --swarm s1").run().expect(0).stdout;
        person.run(&format!("coordinator complete T --token {}", token.trim())).expect(0);
        person.run("coordinator submit U").expect(0);
        // The worker's child calls `ifctl` in its turn, and must reach the same store.
        let child = format!("{} coordinator show $IF_TASK_ID -o json", env!("CARGO_BIN_EXE_ifctl"));
        let Pair { certificate, key } = &files.client;
        let worker = person.bare("--endpoints").args([server.endpoint()]);
        let worker = worker.args(["--cacert".as_ref(), files.authority.as_os_str(), "--cert".as_ref()]);
        let worker = worker.args([certificate]).args(["--key".as_ref(), key.as_os_str()]);
        let worker = worker.args("coordinator work --swarm s1 --once -- /bin/sh -c".split(' ')).args([child]);
        worker.run().expect(0);
        let shown = environment("coordinator show U -o json").run().expect(0).json();
        assert_eq!(shown["record"]["state"], "completed", "{backend:?}: {shown}");

        let config = format!(
            "endpoints: ['{}']\ncacert: {}\ncert: client.pem\nkey: client-key.pem\n",
            server.address(),
            files.authority.display()
        );
        fs::write(person.home.path().join("config.yaml"), config).unwrap();
        // Names without a directory are beside the file.
        fs::copy(&files.client.certificate, person.home.path().join("client.pem")).unwrap();
        fs::copy(&files.client.key, person.home.path().join("client-key.pem")).unwrap();
        person.bare("coordinator tasks").run().expect(0);
        person.bare("coordinator health").run().expect(0);
    }
}

/// What a client says that cannot agree with the store; the detail under `cause` is the library's.
fn refusal(call: Ifctl) -> String {
    let text = call.run().snapshot();
    let ours = |line: &&str| !line.starts_with("cause: ") && !line.starts_with("$ ");
    text.lines().filter(ours).collect::<Vec<_>>().join("\n")
}

#[test]
fn who_cannot_be_trusted_is_not_spoken_to() {
    let files = Certificates::new();
    for backend in [Backend::Engine, Backend::Etcd35] {
        let open = SecureServer::start(backend, &files.server, None);
        let person = Person::new(&files, &open);
        let tasks = |server: &SecureServer, authority: &Path| {
            let call = person.bare("coordinator tasks --endpoints").args([server.endpoint()]);
            call.arg_pair("--cacert", authority)
        };
        insta::allow_duplicates! {
            assert_snapshot!(refusal(tasks(&open, &files.other_authority)), @"
            status: 6
            --- stdout
            --- stderr
            error: https://127.0.0.1:PORT cannot be spoken to: nobody who is trusted here has signed its certificate
            hint: name the authority that has signed it with --cacert
            ");
            let closed = SecureServer::start(backend, &files.server, Some(&files.authority));
            assert_snapshot!(refusal(tasks(&closed, &files.authority)), @"
            status: 6
            --- stdout
            --- stderr
            error: https://127.0.0.1:PORT cannot be spoken to: it lets in only clients with a certificate that it trusts
            hint: show a certificate of its authority with --cert and --key
            ");
            let shown = tasks(&closed, &files.authority)
                .arg_pair("--cert", &files.stranger.certificate)
                .arg_pair("--key", &files.stranger.key);
            assert_snapshot!(refusal(shown), @"
            status: 6
            --- stdout
            --- stderr
            error: https://127.0.0.1:PORT cannot be spoken to: it lets in only clients with a certificate that it trusts
            hint: show a certificate of its authority with --cert and --key
            ");
            let elsewhere = SecureServer::start(backend, &files.elsewhere, None);
            assert_snapshot!(refusal(tasks(&elsewhere, &files.authority)), @"
            status: 6
            --- stdout
            --- stderr
            error: https://127.0.0.1:PORT cannot be spoken to: its certificate is for another name
            hint: call the store by a name that its certificate has
            ");
        }
    }
    let expired = SecureServer::start(Backend::Etcd35, &files.expired, None);
    let person = Person::new(&files, &expired);
    let call = person.bare("coordinator tasks --endpoints").args([expired.endpoint()]);
    assert_snapshot!(refusal(call.arg_pair("--cacert", &files.authority)), @"
    status: 6
    --- stdout
    --- stderr
    error: https://127.0.0.1:PORT cannot be spoken to: its certificate is not valid at this time
    hint: have the store's certificate renewed, or set this machine's clock right
    ");
    let plain = Server::start(Backend::Engine);
    let call = person.bare("coordinator tasks --endpoints").args([plain.endpoint()]);
    assert_snapshot!(refusal(call.arg_pair("--cacert", &files.authority)), @"
    status: 2
    --- stdout
    --- stderr
    error: 127.0.0.1:PORT cannot be spoken to: it does not speak TLS
    hint: leave out --cacert, --cert and --key, or write http:// before the endpoint
    ");
}

#[test]
fn a_client_without_tls_is_told_nothing() {
    let files = Certificates::new();
    let server = SecureServer::start(Backend::Engine, &files.server, None);
    let person = Person::new(&files, &server);
    let call = person.bare("coordinator tasks --endpoints").args([server.address()]);
    assert_snapshot!(refusal(call), @"
    status: 2
    --- stdout
    --- stderr
    error: 127.0.0.1:PORT cannot be spoken to: it speaks TLS
    hint: write https:// before the endpoint, and name its authority with --cacert
    ");
}

#[test]
fn files_that_a_server_cannot_use_are_named() {
    let files = Certificates::new();
    let noise = files.directory.path().join("noise.pem");
    fs::write(&noise, "certainly no certificate\n").unwrap();
    let nowhere = files.directory.path().join("nowhere.pem");
    let home = TempDir::new().unwrap();
    let start = |certificate: &Path, key: &Path, clients: Option<&Path>| {
        let call = Ifctl::new(&home).args(["coordinator", "start", "--listen", "127.0.0.1:0"]);
        let mut call = call.arg_pair("--cert-file", certificate).arg_pair("--key-file", key);
        if let Some(clients) = clients {
            call = call.arg_pair("--trusted-ca-file", clients);
        }
        call.run().snapshot()
    };
    let Pair { certificate, key } = &files.server;
    assert_snapshot!(start(&nowhere, key, None), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --cert-file TEMP/nowhere.pem --key-file TEMP/server-key.pem
    status: 2
    --- stdout
    --- stderr
    error: cannot read TEMP/nowhere.pem
    cause: No such file or directory (os error 2)
    hint: name a file that this user can read
    ");
    assert_snapshot!(start(&noise, key, None), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --cert-file TEMP/noise.pem --key-file TEMP/server-key.pem
    status: 2
    --- stdout
    --- stderr
    error: TEMP/noise.pem holds no certificate in PEM form
    hint: a certificate in PEM form begins with -----BEGIN CERTIFICATE-----
    ");
    assert_snapshot!(start(certificate, &noise, None), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --cert-file TEMP/server.pem --key-file TEMP/noise.pem
    status: 2
    --- stdout
    --- stderr
    error: TEMP/noise.pem holds no private key in PEM form
    hint: a key in PEM form begins with -----BEGIN PRIVATE KEY-----; it must not be encrypted
    ");
    assert_snapshot!(start(certificate, &files.client.key, None), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --cert-file TEMP/server.pem --key-file TEMP/client-key.pem
    status: 2
    --- stdout
    --- stderr
    error: the key in TEMP/client-key.pem does not belong to the certificate in TEMP/server.pem
    hint: name the key that the certificate was made for
    ");
    assert_snapshot!(start(&files.expired.certificate, &files.expired.key, None), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --cert-file TEMP/expired.pem --key-file TEMP/expired-key.pem
    status: 2
    --- stdout
    --- stderr
    error: the certificate in TEMP/expired.pem expired at TIME
    hint: have it renewed by whoever signed it
    ");
    assert_snapshot!(start(certificate, key, Some(&noise)), @"
    $ ifctl coordinator start --listen 127.0.0.1:PORT --cert-file TEMP/server.pem --key-file TEMP/server-key.pem --trusted-ca-file TEMP/noise.pem
    status: 2
    --- stdout
    --- stderr
    error: TEMP/noise.pem holds no certificate in PEM form
    hint: a certificate in PEM form begins with -----BEGIN CERTIFICATE-----
    ");
}

#[test]
fn files_that_a_client_cannot_use_are_named() {
    let files = Certificates::new();
    let home = TempDir::new().unwrap();
    let tasks = |flags: &[(&str, &Path)]| {
        let call = Ifctl::new(&home).args(["coordinator", "tasks", "--endpoints", "https://127.0.0.1:1"]);
        let call = flags.iter().fold(call, |call, (flag, file)| call.arg_pair(flag, file));
        call.run().snapshot()
    };
    let nowhere = files.directory.path().join("nowhere.pem");
    let Pair { certificate, .. } = &files.client;
    assert_snapshot!(tasks(&[("--cacert", &nowhere)]), @"
    $ ifctl coordinator tasks --endpoints https://127.0.0.1:PORT --cacert TEMP/nowhere.pem
    status: 2
    --- stdout
    --- stderr
    error: cannot read TEMP/nowhere.pem
    cause: No such file or directory (os error 2)
    hint: name a file that this user can read
    ");
    assert_snapshot!(tasks(&[("--cert", certificate)]), @"
    $ ifctl coordinator tasks --endpoints https://127.0.0.1:PORT --cert TEMP/client.pem
    status: 2
    --- stdout
    --- stderr
    error: TEMP/client.pem is of no use without --key
    hint: give --cert and --key, both in PEM form
    ");
    assert_snapshot!(tasks(&[("--cert", certificate), ("--key", &files.stranger.key)]), @"
    $ ifctl coordinator tasks --endpoints https://127.0.0.1:PORT --cert TEMP/client.pem --key TEMP/stranger-key.pem
    status: 2
    --- stdout
    --- stderr
    error: the key in TEMP/stranger-key.pem does not belong to the certificate in TEMP/client.pem
    hint: name the key that the certificate was made for
    ");
    assert_snapshot!(tasks(&[("--cert", &files.expired.certificate), ("--key", &files.expired.key)]), @"
    $ ifctl coordinator tasks --endpoints https://127.0.0.1:PORT --cert TEMP/expired.pem --key TEMP/expired-key.pem
    status: 2
    --- stdout
    --- stderr
    error: the certificate in TEMP/expired.pem expired at TIME
    hint: have it renewed by whoever signed it
    ");
    let mixed = Ifctl::new(&home).args(["coordinator", "tasks", "--endpoints", "https://a:1,http://b:1"]);
    assert_snapshot!(mixed.run().snapshot(), @"
    $ ifctl coordinator tasks --endpoints https://a:1,http://b:1
    status: 2
    --- stdout
    --- stderr
    error: of https://a:1,http://b:1, some speak TLS and some do not
    hint: ifctl --endpoints https://HOST:PORT,https://… …
    ");
}

/// What probes do that know HTTP/1.1 only.
#[test]
fn health_is_told_over_tls_in_both_versions_of_http() {
    let files = Certificates::new();
    let server = SecureServer::start(Backend::Engine, &files.server, None);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&files.authority).unwrap()).unwrap();
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    for protocols in [vec![], vec![b"http/1.1".to_vec()]] {
        config.alpn_protocols = protocols;
        let connector = TlsConnector::from(Arc::new(config.clone()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answer = runtime.block_on(async {
            let stream = TcpStream::connect(server.address()).await.unwrap();
            let name = ServerName::try_from("localhost").unwrap();
            let mut stream = connector.connect(name, stream).await.unwrap();
            let request = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        });
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.ends_with("\r\n\r\n{\"health\":\"true\",\"reason\":\"\"}"), "{answer}");
    }
}
