//! A token that reaches nobody holds no task.

use std::fs::File;

use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_claim_whose_token_cannot_be_printed_is_given_back,
    a_claim_whose_token_can_be_asked_for_again_is_kept,
);

/// What cannot be written to: it is full.
fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

fn a_claim_whose_token_cannot_be_printed_is_given_back(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    for claim in ["coordinator claim T --swarm s1", "coordinator claim --next --swarm s1 --wait 60s"] {
        let (reader, nobody_reads) = std::io::pipe().unwrap();
        drop(reader);
        for call in [site.ifctl(claim).stdout(full()), site.ifctl(claim).stdout(nobody_reads)] {
            let untold = call.run().expect(1);
            assert!(
                untold.stderr.starts_with("error: cannot write to standard output\n"),
                "{}",
                untold.stderr
            );
            assert!(untold.stderr.contains("hint: T was given back"), "{}", untold.stderr);
            assert_eq!(site.state("T"), "submitted/ready");
            let record = site.record("T");
            assert_eq!((&record["attempt"], &record["lease_losses"]), (&0.into(), &0.into()));
        }
    }
    let token = site.claim("T", "s2");
    site.run(&format!("coordinator complete T --token {token}")).expect(0);
}

fn a_claim_whose_token_can_be_asked_for_again_is_kept(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let claim = "coordinator claim T --swarm s1 --idempotency-key c1";
    let untold = site.ifctl(claim).stdout(full()).run().expect(1);
    assert!(untold.stderr.contains("the same command prints the token again"), "{}", untold.stderr);
    let token = site.run(claim).expect(0).stdout;
    site.run(&format!("coordinator complete T --token {}", token.trim())).expect(0);
}
