//! Inside: what the process that holds the engine does with it before anybody can connect.

use bytes::Bytes;
use etcd_client::CompareOp;
use etcd_client::proto::{
    PbCompare, PbCompareTarget, PbPutRequest, PbTargetUnion, PbTxnOpRequest, PbTxnRequest, PbTxnRequestOp,
};

use super::auth::Caller;
use super::command::Command;
use super::error::Refusal;
use super::key_range::KeyRange;
use super::state::View;
use super::{Engine, request};

impl Engine {
    /// Every key that exists now, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<Bytes> {
        let state = self.published().read();
        state.scan(KeyRange::From(b""), state.revision()).map(|record| record.key.clone()).collect()
    }

    /// The value of a key that exists now.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Bytes> {
        let state = self.published().read();
        state.get(key.as_bytes(), state.revision()).map(|record| record.value.clone())
    }

    /// Puts `new` if the value is still `old`, where none says that there is no such key. Whether it was put.
    ///
    /// # Errors
    /// [`Refusal`] as a client would get it.
    pub async fn swap(&self, key: &str, old: Option<&[u8]>, new: &str) -> Result<bool, Refusal> {
        let put = PbPutRequest { key: key.into(), value: new.into(), ..PbPutRequest::default() };
        let request = PbTxnRequest {
            compare: vec![still(key, old)],
            success: vec![PbTxnRequestOp { request: Some(PbTxnOpRequest::RequestPut(put)) }],
            failure: Vec::new(),
        };
        request::check_size(&request)?;
        let answer = self.ask(Caller::Engine, |reply| Command::Transact(request, reply)).await?;
        Ok(answer.succeeded)
    }

    /// Takes back what a client has said about a full disk.
    ///
    /// # Errors
    /// [`Refusal`] when it cannot be made durable.
    pub async fn disarm(&self) -> Result<(), Refusal> {
        self.ask(Caller::Engine, |reply| Command::Alarm { raised: false, reply }).await.map(drop)
    }
}

fn still(key: &str, old: Option<&[u8]>) -> PbCompare {
    let (target, union) = match old {
        Some(old) => (PbCompareTarget::Value, PbTargetUnion::Value(old.to_vec())),
        None => (PbCompareTarget::Create, PbTargetUnion::CreateRevision(0)),
    };
    PbCompare {
        result: CompareOp::Equal as i32,
        target: target as i32,
        key: key.into(),
        target_union: Some(union),
        ..PbCompare::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Options;

    #[tokio::test]
    async fn a_value_is_replaced_only_while_it_is_the_old_one() {
        let directory = tempfile::tempdir().unwrap();
        let engine = Engine::open(directory.path(), Options::default()).unwrap();
        assert!(!engine.swap("k", Some(b"0"), "1").await.unwrap());
        assert!(engine.swap("k", None, "1").await.unwrap());
        assert!(!engine.swap("k", None, "2").await.unwrap());
        assert!(engine.swap("k", Some(b"1"), "2").await.unwrap());
        assert_eq!(engine.get("k").as_deref(), Some(&b"2"[..]));
        assert_eq!(engine.keys(), ["k"]);
    }
}
