//! A token counts outside the store too: as long as its holder is the present one, and not a moment longer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_token_counts_until_somebody_else_holds_the_task,
    a_token_whose_lease_has_ended_counts_no_more,
    a_stale_holder_cannot_push,
);

fn check(site: &Site, token: &str, code: i32) -> String {
    let checked = site.run(&format!("fence check T --token {token}")).expect(code);
    checked.stdout + &checked.stderr
}

fn a_token_counts_until_somebody_else_holds_the_task(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let first = site.claim("T", "s1");
    assert_eq!(check(&site, &first, 0), "T is held by s1\n");
    check(&site, "0.1", 5);
    site.run(&format!("coordinator release T --token {first}")).expect(0);
    assert!(check(&site, &first, 5).contains("nobody holds the task now"));

    let second = site.claim("T", "s2");
    assert!(check(&site, &first, 5).contains("s2 holds the task now"));
    let held = site.json(&format!("fence check T --token {second}"));
    assert_eq!((&held["swarm"], &held["token"]), (&"s2".into(), &second.as_str().into()));
    site.run(&format!("coordinator complete T --token {second}")).expect(0);
    check(&site, &second, 5);
    site.run("fence check nothing --token 0.1").expect(3);
}

fn a_token_whose_lease_has_ended_counts_no_more(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let won = site.run("coordinator claim T --swarm s1 --ttl 2s").expect(0);
    let token = won.stdout.trim();
    eventually("the lease has ended", || {
        let checked = site.run(&format!("fence check T --token {token}"));
        (checked.code == 5).then_some(())
    });
}

/// A repository, and an agent's clone of it.
struct Repositories {
    shared: PathBuf,
    clone: PathBuf,
}

impl Repositories {
    fn create(root: &Path) -> Self {
        let (shared, clone) = (root.join("shared.git"), root.join("clone"));
        let hook = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/hooks/pre-push");
        let made = Self { shared, clone };
        let place = |path: &Path| path.to_str().unwrap().to_owned();
        done(root, &["init", "--quiet", "--bare", &place(&made.shared)]);
        done(root, &["clone", "--quiet", &place(&made.shared), &place(&made.clone)]);
        fs::copy(hook, made.clone.join(".git/hooks/pre-push")).unwrap();
        made
    }

    fn commit(&self, message: &str) {
        done(&self.clone, &["commit", "--quiet", "--allow-empty", "--message", message]);
    }

    /// Pushes as the holder of a task does.
    fn push(&self, site: &Site, token: &str) -> Output {
        let mut push = git(&self.clone);
        push.args(["push", "--quiet", "origin", "HEAD:refs/heads/main"])
            .env("IFCTL", env!("CARGO_BIN_EXE_ifctl"))
            .env("IF_HOME", site.home.path())
            .env("IF_ENDPOINTS", site.server.endpoint())
            .env("IF_TASK_ID", "T")
            .env("IF_TASK_TOKEN", token);
        push.output().unwrap()
    }

    fn pushed(&self) -> String {
        let log = git(&self.shared).args(["log", "--format=%s", "main"]).output().unwrap();
        String::from_utf8(log.stdout).unwrap()
    }
}

/// Git with nothing of this machine's or its user's settings.
fn git(directory: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(directory).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "agent").env(format!("GIT_{role}_EMAIL"), "agent@localhost");
    }
    command
}

fn done(directory: &Path, arguments: &[&str]) {
    let done = git(directory).args(arguments).output().unwrap();
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn a_stale_holder_cannot_push(backend: Backend) {
    let site = Site::start(backend);
    let repositories = Repositories::create(site.home.path());
    site.run("coordinator submit T").expect(0);
    let first = site.claim("T", "s1");
    repositories.commit("by the holder");
    let pushed = repositories.push(&site, &first);
    assert!(pushed.status.success(), "{}", String::from_utf8_lossy(&pushed.stderr));
    assert_eq!(repositories.pushed(), "by the holder\n");

    // Its hold vanishes, another takes the task, and the first one does not know.
    site.raw().delete("/tasks/T/hold");
    eventually("the task is ready again", || (site.state("T") == "submitted/ready").then_some(()));
    let second = site.claim("T", "s2");
    repositories.commit("by the stale one");
    let refused = repositories.push(&site, &first);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("s2 holds the task now"), "{said}");
    assert!(!repositories.push(&site, "").status.success(), "without a token nothing is pushed");
    assert_eq!(repositories.pushed(), "by the holder\n");

    assert!(repositories.push(&site, &second).status.success());
    assert_eq!(repositories.pushed(), "by the stale one\nby the holder\n");
}
