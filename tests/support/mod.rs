//! What the tests stand on: real servers, the real binary, and texts made comparable.

#![allow(dead_code, reason = "each promise uses its part")]

pub(crate) mod bare;
pub(crate) mod command;
pub(crate) mod connected;
pub(crate) mod containers;
pub(crate) mod guests;
pub(crate) mod line;
pub(crate) mod masks;
pub(crate) mod patience;
pub(crate) mod process;
pub(crate) mod provider;
pub(crate) mod providers;
pub(crate) mod raw;
pub(crate) mod receivers;
pub(crate) mod requests;
pub(crate) mod secure;
pub(crate) mod servers;
pub(crate) mod site;
pub(crate) mod terminal;
pub(crate) mod wire;
