//! A Docker daemon for the tests, and an image in it. It takes root, as Docker does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use super::patience::eventually;
use super::servers::fetched;

/// The image of the tests: busybox, dash, nc and Python.
pub(crate) const IMAGE: &str = "if-tests:tools";

/// Runs the daemon until nobody holds its standard input any more, however the tests end, and cleans up.
const KEEPER: &str = r#"
"$1" --iptables=false --ip6tables=false --bridge=none --data-root "$2/data" --exec-root "$2/exec" \
    --pidfile "$2/pid" -H "unix://$2/socket" >"$2/log" 2>&1 &
daemon=$!
cat >/dev/null
kill "$daemon"
wait "$daemon"
rm -rf "$2"
"#;

/// A Docker daemon of these tests.
pub(crate) struct Docker {
    directory: PathBuf,
    /// Its end is the daemon's.
    _keeper: Child,
}

/// The daemon of this process, which ends with it.
pub(crate) fn docker() -> &'static Docker {
    static DOCKER: OnceLock<Docker> = OnceLock::new();
    DOCKER.get_or_init(Docker::start)
}

impl Docker {
    fn start() -> Self {
        assert!(
            nix::unistd::geteuid().is_root(),
            "a Docker daemon takes root: run these tests as root, or in a machine of their own"
        );
        let directory = TempDir::new().unwrap().keep();
        let keeper = Command::new("setsid")
            .args(["sh", "-c", KEEPER, "keeper"])
            .args([fetched("docker/dockerd"), directory.clone()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let docker = Self { directory, _keeper: keeper };
        eventually("Docker answers", || docker.ask(&["version"]).ok());
        docker.call(&["import", fetched("docker/image.tar").to_str().unwrap(), IMAGE]);
        docker
    }

    /// Where it listens, for `DOCKER_HOST`.
    pub(crate) fn host(&self) -> String {
        format!("unix://{}/socket", self.directory.display())
    }

    /// What the `docker` of a person says.
    #[track_caller]
    pub(crate) fn call(&self, args: &[&str]) -> String {
        self.ask(args).unwrap_or_else(|said| panic!("{args:?}: {said}\n{}", self.log()))
    }

    fn ask(&self, args: &[&str]) -> Result<String, String> {
        let output = Command::new(fetched("docker/docker"))
            .args(args)
            .env("DOCKER_HOST", self.host())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.directory.join("log")).unwrap_or_default()
    }

    /// The containers of a swarm, running ones only.
    pub(crate) fn running(&self, swarm: &str) -> Vec<String> {
        let filter = format!("label=infrafabric.swarm={swarm}");
        let listed = self.call(&["ps", "--quiet", "--filter", &filter]);
        listed.split_whitespace().map(str::to_owned).collect()
    }

    /// All containers of a swarm.
    pub(crate) fn all(&self, swarm: &str) -> Vec<String> {
        let filter = format!("label=infrafabric.swarm={swarm}");
        let listed = self.call(&["ps", "--all", "--quiet", "--filter", &filter]);
        listed.split_whitespace().map(str::to_owned).collect()
    }
}

/// The directories of programs in which a shell finds `docker`.
pub(crate) fn docker_path() -> String {
    let docker = fetched("docker/docker");
    format!("{}:/usr/bin:/bin", docker.parent().unwrap().display())
}

/// Podman with the image of the tests, its storage in a directory of its own.
pub(crate) struct Podman {
    pub(crate) directory: TempDir,
}

impl Podman {
    pub(crate) fn new() -> Self {
        let podman = Self { directory: TempDir::new().unwrap() };
        let place = podman.directory.path().display();
        let storage =
            format!("[storage]\ndriver = \"vfs\"\ngraphroot = \"{place}/root\"\nrunroot = \"{place}/run\"\n");
        fs::write(podman.settings(), storage).unwrap();
        let bin = podman.directory.path().join("bin");
        fs::create_dir(&bin).unwrap();
        std::os::unix::fs::symlink(fetched("podman/podman"), bin.join("podman")).unwrap();
        let imported = Command::new(fetched("podman/podman"))
            .arg("import")
            .arg(fetched("docker/image.tar"))
            .arg(IMAGE)
            .env("CONTAINERS_STORAGE_CONF", podman.settings())
            .output()
            .unwrap();
        assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stderr));
        podman
    }

    /// Where it keeps images and containers, for `CONTAINERS_STORAGE_CONF`.
    pub(crate) fn settings(&self) -> PathBuf {
        self.directory.path().join("storage.conf")
    }

    /// The directories of programs in which a shell finds `podman` and no `docker`.
    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("bin")
    }
}

/// The directories of programs in which a shell finds neither.
pub(crate) fn nothing(home: &Path) -> PathBuf {
    home.join("no-programs")
}
