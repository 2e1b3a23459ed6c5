//! A watch of the engine's own, for who waits for a key inside the server.

use std::sync::Arc;

use super::super::published::Published;
use super::super::state::{State, View};
use super::{Delivery, Mailbox, Selector, WatchKey};

/// One watch with a mailbox of its own. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Subscription {
    published: Arc<Published>,
    key: WatchKey,
    mailbox: Arc<Mailbox>,
}

impl Subscription {
    /// Watches what comes after `state`, which must be what is published and still be locked for reading: so nothing
    /// newer can have been handed out.
    pub(crate) fn after(state: &State, published: &Arc<Published>, selector: &Selector) -> Self {
        let mailbox = Arc::new(Mailbox::new(published.options.watch_backlog));
        let key = published.hub.name();
        let joined = published.hub.join(key, selector, state.revision() + 1, &mailbox);
        debug_assert!(joined, "nothing is handed out before it is published");
        Self { published: Arc::clone(published), key, mailbox }
    }

    /// Waits for news.
    pub(crate) async fn news(&self) -> Vec<Delivery> {
        self.mailbox.arrived().await;
        self.mailbox.take()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.published.hub.leave(self.key);
    }
}
