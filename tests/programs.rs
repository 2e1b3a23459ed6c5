//! The program of a worker: looked for before any task is taken, no task's fault when it goes, and told no password that
//! it would not find by itself.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::command::Ifctl;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_program_that_goes_while_its_worker_runs_costs_no_task_anything,
    a_program_gets_the_user_whose_password_its_environment_has,
);

fn program(directory: &Path, mode: u32) -> PathBuf {
    let file = directory.join("program");
    fs::write(&file, "#!/bin/sh\necho done\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    file
}

#[test]
fn a_program_that_cannot_be_run_is_refused_before_anything_is_connected() {
    let home = tempfile::tempdir().unwrap();
    let plain = program(home.path(), 0o644);
    let directory = home.path().to_str().unwrap();
    for (given, says) in [
        (
            "no-such-program",
            "error: there is no program no-such-program in PATH\nhint: name an executable".to_owned(),
        ),
        (
            "/nowhere/at-all",
            "error: the program /nowhere/at-all cannot be run\ncause: No such file".to_owned(),
        ),
        (plain.to_str().unwrap(), format!("error: the program {} cannot be run\ncause: ", plain.display())),
        (directory, format!("error: the program {directory} cannot be run\ncause: ")),
    ] {
        // Nobody answers there, and nobody is asked.
        let call = Ifctl::new(home.path()).env("IF_ENDPOINTS", "127.0.0.1:1");
        let refused = call.args(["coordinator", "work", "--swarm", "s1", "--", given, "-x"]).run().expect(2);
        assert!(refused.stderr.starts_with(&says), "{}", refused.stderr);
    }
}

fn a_program_that_goes_while_its_worker_runs_costs_no_task_anything(backend: Backend) {
    let site = Site::start_under(backend, "resource_policy: {circuit_breaker_failure_threshold: 1}\n");
    let program = program(site.home.path(), 0o755);
    let mut worker = site.ifctl("coordinator work --swarm s1 --").args([&program]).spawn();
    let said = worker.stderr_lines();
    site.run("coordinator submit a").expect(0);
    said.next_with("a completed");
    fs::remove_file(&program).unwrap();
    site.run("coordinator submit b").expect(0);
    said.next_with("b not started and given back: the worker ends");
    said.next_with(&format!("error: the program {} cannot be started any more", program.display()));
    worker.finish().expect(1);

    let record = site.record("b");
    assert_eq!(site.state("b"), "submitted/ready");
    assert_eq!(
        (&record["attempt"], &record["lease_losses"], &record["spent"]),
        (&0.into(), &0.into(), &0.into())
    );
    assert!(site.escalations().is_empty(), "{:?}", site.escalations());
    site.run("coordinator work --swarm s1 --once -- true").expect(0);
    assert_eq!(site.state("b"), "completed");
}

fn a_program_gets_the_user_whose_password_its_environment_has(backend: Backend) {
    const TELL: &str = "echo ${IF_USER-nobody} ${IF_PASSWORD-nothing}";
    let site = Site::start(backend);
    let environment = [("IF_USER", "alice"), ("IF_PASSWORD", "sesame")];
    for (task, options, inherited, told) in [
        ("none", "", &environment[..0], "nobody nothing\n"),
        ("options", "--user alice --password sesame", &environment[..0], "nobody nothing\n"),
        ("environment", "", &environment[..], "alice sesame\n"),
        ("user", "--user bob", &environment[..], "bob sesame\n"),
        // Who the worker is, and not whom it might have been.
        ("both", "--user bob --password other", &environment[..], "nobody nothing\n"),
    ] {
        site.run(&format!("coordinator submit {task}")).expect(0);
        let call =
            site.ifctl(&format!("{options} coordinator work --swarm s1 --once --")).args(["sh", "-c", TELL]);
        let call = inherited.iter().fold(call, |call, (name, value)| call.env(name, value));
        let worked = call.run().expect(0);
        assert_eq!(site.show(task)["result"], told, "{task}");
        let warned = worked.stderr.contains("the program is not told the password");
        assert_eq!(warned, options.contains("--password"), "{}", worked.stderr);
        assert!(!worked.stderr.contains("sesame"), "{}", worked.stderr);
    }
}
