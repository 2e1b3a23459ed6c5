//! Auth: the engine asks who somebody is and what they may do, as etcd 3.5 does.

mod cli;
mod conformance;
mod etcdctl;
mod keys;
mod restart;
mod store;
mod wire;
