//! Why a container cannot be run.

use std::io;
use std::path::PathBuf;

use crate::chassis::container::ContainerRuntime;
use crate::chassis::contract::Image;

/// Why the host cannot run a container.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// There is nothing to run it.
    #[error("neither docker nor podman is installed")]
    NoRuntime,
    /// What was asked for is not there.
    #[error("{0} is not installed")]
    NotInstalled(ContainerRuntime),
    /// It does not do as asked.
    #[error("{runtime} cannot {doing}: {said}")]
    Failed {
        /// What runs containers here.
        runtime: ContainerRuntime,
        /// What it was to do.
        doing: &'static str,
        /// What it said.
        said: String,
    },
    /// It does not answer.
    #[error("{runtime} does not {doing} within {seconds} s")]
    Silent {
        /// What runs containers here.
        runtime: ContainerRuntime,
        /// What it was to do.
        doing: &'static str,
        /// How long it was waited for.
        seconds: u64,
    },
    /// Its program cannot be spoken to.
    #[error("{runtime} cannot {doing}")]
    Io {
        /// What runs containers here.
        runtime: ContainerRuntime,
        /// What it was to do.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The image is not on this host.
    #[error("{runtime} has no image {image} on this host")]
    NoImage {
        /// What runs containers here.
        runtime: ContainerRuntime,
        /// The image.
        image: Image,
    },
    /// The image would have files written to the host without bounds.
    #[error("the image {image} declares the volumes {}, which no limit holds", volumes.join(", "))]
    Volumes {
        /// The image.
        image: Image,
        /// What it declares, safe to show.
        volumes: Vec<String>,
    },
    /// Limits that are not held are none.
    #[error("{runtime} cannot hold a container to {} on this host", limits.join(", "))]
    Discarded {
        /// What runs containers here.
        runtime: ContainerRuntime,
        /// What it would not hold.
        limits: Vec<&'static str>,
    },
    /// There is no room for a socket.
    #[error("cannot keep the container's socket in {}", path.display())]
    Place {
        /// Where it was to be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl ContainerError {
    /// Whether the same call may go through later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Failed { .. } | Self::Silent { .. } | Self::Io { .. } => true,
            Self::NoRuntime
            | Self::NotInstalled(_)
            | Self::NoImage { .. }
            | Self::Volumes { .. }
            | Self::Discarded { .. }
            | Self::Place { .. } => false,
        }
    }
}
