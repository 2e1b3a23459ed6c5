//! Several teams share a store, each under a namespace of its own, and none sees the others.

use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(teams_with_namespaces_of_their_own_do_not_see_each_other);

fn teams_with_namespaces_of_their_own_do_not_see_each_other(backend: Backend) {
    let site = Site::start(backend);
    let everybodys = site.server.endpoint().to_owned();
    let mut coordinator =
        site.ifctl("--namespace team/ coordinator start --backend etcd --host").args([everybodys]).spawn();
    assert_eq!(coordinator.stdout_lines().next_json()["role"], "leader", "each namespace has its leader");

    site.run("coordinator submit T --title outside").expect(0);
    site.run("--namespace team/ coordinator submit T --title inside").expect(0);
    let title =
        |namespace: &str| site.json(&format!("{namespace} coordinator show T"))["record"]["title"].take();
    assert_eq!((title(""), title("--namespace team/")), ("outside".into(), "inside".into()));

    let outside = site.claim("T", "s1");
    let inside = site.run("--namespace team/ coordinator claim T --swarm s1").expect(0);
    let inside = inside.stdout.trim();
    site.run(&format!("coordinator complete T --token {inside}")).expect(5);
    site.run(&format!("--namespace team/ coordinator complete T --token {outside}")).expect(5);
    site.run(&format!("coordinator complete T --token {outside}")).expect(0);
    site.run(&format!("--namespace team/ coordinator complete T --token {inside}")).expect(0);

    // A worker gets what its own team submits, and so does what it runs.
    site.run("coordinator submit U").expect(0);
    let work = site.ifctl("--namespace team/ coordinator work --swarm s2 --once --").args([
        "sh",
        "-c",
        "echo $IF_TASK_ID in $IF_NAMESPACE",
    ]);
    let work = work.spawn();
    site.run("--namespace team/ coordinator submit V").expect(0);
    work.finish().expect(0);
    assert_eq!(site.json("--namespace team/ coordinator show V")["result"], "V in team/\n");
    assert_eq!(site.state("U"), "submitted/ready");
    let keys = site.raw().list("team/").into_iter().map(|(key, _)| key);
    assert!(keys.into_iter().any(|key| key == "team//tasks/V/result"));
    coordinator.terminate().expect(0);
}
