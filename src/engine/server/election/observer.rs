//! Observing an election: who leads, whenever that changes or the leader says something new.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::super::super::record::Record;
use super::super::super::state::View;
use super::super::super::watch::{Delivery, Subscription};
use super::super::Service;
use super::super::line::Line;
use super::super::protocol::PbLeaderResponse;

/// One observer of one election.
pub(super) struct Observer {
    service: Service,
    line: Line,
    /// None when it has to be looked anew who leads.
    sight: Option<Sight>,
}

/// What has been seen since the last look.
struct Sight {
    subscription: Subscription,
    leader: Option<Bytes>,
    unread: VecDeque<Arc<Record>>,
}

impl Observer {
    pub(super) fn new(service: Service, line: Line) -> Self {
        Self { service, line, sight: None }
    }

    pub(super) async fn next(&mut self) -> PbLeaderResponse {
        loop {
            if let Some(sight) = &mut self.sight {
                match sight.next().await {
                    Some(record) => return answer(&self.service, record.main, &record),
                    None => self.sight = None,
                }
            } else if let Some(leader) = self.look() {
                return leader;
            }
        }
    }

    /// Looks who leads now, and watches from there on.
    fn look(&mut self) -> Option<PbLeaderResponse> {
        let published = self.service.engine.published();
        let state = published.read();
        let first = self.line.first(&state);
        let subscription = Subscription::after(&state, published, &self.line.selector());
        let leader = first.map(|record| record.key.clone());
        self.sight = Some(Sight { subscription, leader, unread: VecDeque::new() });
        first.map(|record| answer(&self.service, state.revision(), record))
    }
}

impl Sight {
    /// What the leader says next; where there was none, the first to come leads. None when it has gone, and when
    /// news was lost.
    async fn next(&mut self) -> Option<Arc<Record>> {
        loop {
            while let Some(record) = self.unread.pop_front() {
                match &self.leader {
                    Some(leader) if *leader != record.key => {}
                    Some(_) => return Some(record).filter(|record| !record.deleted),
                    None if record.deleted => {}
                    None => {
                        self.leader = Some(record.key.clone());
                        return Some(record);
                    }
                }
            }
            for delivery in self.subscription.news().await {
                match delivery {
                    Delivery::Records(_, records) => self.unread.extend(records),
                    Delivery::Cut(..) => return None,
                }
            }
        }
    }
}

fn answer(service: &Service, revision: i64, leader: &Record) -> PbLeaderResponse {
    PbLeaderResponse { header: Some(service.header_at(revision)), kv: Some(leader.to_key_value()) }
}
