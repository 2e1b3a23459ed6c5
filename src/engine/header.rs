//! Response headers: the revision an answer speaks of, and who answers.

use etcd_client::proto::PbResponseHeader;
use serde::Serialize;

/// The term of a store that always leads itself. etcd's own first election ends in term 2.
const RAFT_TERM: u64 = 2;

/// A header as it stands inside a transaction's answer: the revision alone.
pub(crate) fn at(revision: i64) -> PbResponseHeader {
    PbResponseHeader { revision, ..Default::default() }
}

/// Who answers: drawn when the store is made, and kept in its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Names the cluster.
    pub cluster_id: u64,
    /// Names its one member.
    pub member_id: u64,
}

impl Identity {
    /// Draws a new identity; never 0, which clients take for absent.
    pub(crate) fn draw() -> Self {
        Self { cluster_id: rand::random::<u64>().max(1), member_id: rand::random::<u64>().max(1) }
    }

    /// A full header.
    pub(crate) fn header(self, revision: i64) -> PbResponseHeader {
        let Self { cluster_id, member_id } = self;
        PbResponseHeader { cluster_id, member_id, revision, raft_term: RAFT_TERM }
    }

    /// Completes a header that knows its revision only.
    pub(crate) fn sign(self, header: &mut Option<PbResponseHeader>) {
        *header = Some(self.header(header.as_ref().map_or(0, |header| header.revision)));
    }
}
