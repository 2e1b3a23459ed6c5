//! Strays: containers whose caller was killed. Whoever comes next on their host removes them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{ContainerError, ContainerHost, place};

/// The label with the host whose caller a container has.
pub(super) const HOST: &str = "infrafabric.host";
/// The label with the file that its caller holds.
pub(super) const LOCK: &str = "infrafabric.lock";

/// As much of a container as matters here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Labelled {
    id: String,
    config: Config,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Config {
    labels: Option<BTreeMap<String, String>>,
}

impl Labelled {
    /// Whether nobody holds it any more, as far as this host can tell.
    fn is_stray(&self, host: &str) -> bool {
        let label = |name| self.config.labels.as_ref().and_then(|labels| labels.get(name));
        // Of another host's nothing is known, even if it has the same daemon.
        label(HOST).is_some_and(|found| found == host)
            && label(LOCK).is_some_and(|lock| !place::is_held(Path::new(lock)))
    }
}

impl ContainerHost {
    /// Removes the containers of this host that nobody waits for any more, and their places; how many.
    ///
    /// # Errors
    /// [`ContainerError`] when the container runtime does not do as asked.
    pub async fn remove_strays(&self) -> Result<usize, ContainerError> {
        let mut removed = 0;
        for container in self.labelled().await? {
            if container.is_stray(&self.name) {
                let command = self.program.command(&["rm", "--force", "--volumes", &container.id]);
                self.program.call("remove a container", command).await?;
                removed += 1;
            }
        }
        place::tidy(&self.directory)
            .map_err(|source| ContainerError::Place { path: self.directory.clone(), source })?;
        Ok(removed)
    }

    async fn labelled(&self) -> Result<Vec<Labelled>, ContainerError> {
        let doing = "list containers";
        let filter = format!("label={HOST}={}", self.name);
        let listing = self.program.command(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &filter]);
        let listed = self.program.call(doing, listing).await?;
        let mut found = Vec::new();
        for id in String::from_utf8_lossy(&listed).split_whitespace() {
            let inspecting = self.program.command(&["inspect", "--format", "{{json .}}", id]);
            match self.program.call(doing, inspecting).await {
                Ok(said) => found.push(
                    serde_json::from_slice(&said)
                        .map_err(|error| self.program.failed(doing, error.to_string()))?,
                ),
                // It has ended meanwhile.
                Err(error) => tracing::debug!(%error, id, "a container is passed over"),
            }
        }
        Ok(found)
    }
}
