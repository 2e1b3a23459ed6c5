//! The task of one watch stream.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use etcd_client::WatchFilterType;
use etcd_client::proto::{PbWatchRequest, PbWatchRequestUnion, PbWatchResponse};
use tokio::sync::mpsc;
use tonic::{Status, Streaming};

use super::super::super::auth::{Credentials, Right};
use super::super::super::error::Refusal;
use super::super::super::key_range::KeyRange;
use super::super::super::published::Published;
use super::super::super::record::Record;
use super::super::super::state::View;
use super::super::super::watch::{Delivery, Mailbox, Selector, WatchKey, history};
use super::Parcel;
use super::response::{Form, empty, pack};

/// etcd's id for "no watch in particular".
const NO_WATCH: i64 = -1;
const DUPLICATE_ID: &str = "mvcc: duplicate watch ID provided on the WatchStream";
const EMPTY_RANGE: &str = "mvcc: watcher range is empty";

/// The client is gone.
struct Gone;

type Step = Result<(), Gone>;

/// One watch of the stream.
struct Watch {
    selector: Selector,
    form: Form,
    progress_notify: bool,
    /// The first revision it has not been sent; only kept up to date while it catches up.
    next: i64,
    /// Whether nothing was sent since the last look.
    quiet: bool,
}

pub(super) struct WatchTask {
    published: Arc<Published>,
    /// Whoever opened the stream asks for all its watches.
    credentials: Credentials,
    mailbox: Arc<Mailbox>,
    responses: mpsc::Sender<Parcel>,
    watches: HashMap<WatchKey, Watch>,
    ids: BTreeMap<i64, WatchKey>,
    next_id: i64,
    /// Watches that still read the log.
    behind: VecDeque<WatchKey>,
    /// A progress request waits until no watch is behind.
    progress_asked: bool,
}

impl WatchTask {
    pub(super) fn new(
        published: Arc<Published>,
        credentials: Credentials,
        responses: mpsc::Sender<Parcel>,
    ) -> Self {
        Self {
            mailbox: Arc::new(Mailbox::new(published.options.watch_backlog)),
            published,
            credentials,
            responses,
            watches: HashMap::new(),
            ids: BTreeMap::new(),
            next_id: 0,
            behind: VecDeque::new(),
            progress_asked: false,
        }
    }

    /// Works until the client leaves.
    pub(super) async fn run(mut self, mut requests: Streaming<PbWatchRequest>) {
        let interval = self.published.options.progress_interval;
        let mut progress = tokio::time::interval_at(tokio::time::Instant::now() + interval, interval);
        let mailbox = Arc::clone(&self.mailbox);
        loop {
            let step = tokio::select! {
                request = requests.message() => match request {
                    Ok(Some(request)) => self.answer(request).await,
                    Ok(None) | Err(_) => return,
                },
                () = mailbox.arrived() => self.deliver(mailbox.take()).await,
                () = std::future::ready(()), if !self.behind.is_empty() => self.catch_up().await,
                _ = progress.tick() => self.report_quiet().await,
                () = self.responses.closed() => return,
            };
            if step.is_err() {
                return;
            }
        }
    }

    async fn answer(&mut self, request: PbWatchRequest) -> Step {
        match request.request_union {
            Some(PbWatchRequestUnion::CreateRequest(create)) => {
                let filtered = |filter: WatchFilterType| create.filters.contains(&(filter as i32));
                let (no_put, no_delete) =
                    (filtered(WatchFilterType::NoPut), filtered(WatchFilterType::NoDelete));
                let key = if create.key.is_empty() { vec![0] } else { create.key };
                let selector = Selector { key, range_end: create.range_end, no_put, no_delete };
                let form =
                    Form { watch_id: create.watch_id, prev_kv: create.prev_kv, fragment: create.fragment };
                let next = create.start_revision;
                let progress_notify = create.progress_notify;
                self.create(Watch { selector, form, progress_notify, next, quiet: true }).await
            }
            Some(PbWatchRequestUnion::CancelRequest(cancel)) => self.cancel(cancel.watch_id).await,
            Some(PbWatchRequestUnion::ProgressRequest(_)) => {
                self.progress_asked = true;
                self.report_asked().await
            }
            None => Ok(()),
        }
    }

    async fn create(&mut self, mut watch: Watch) -> Step {
        let revision = self.published.read().revision();
        if let Err(reason) = self.check(&watch) {
            let mut response = self.empty(NO_WATCH, revision);
            (response.created, response.canceled) = (true, true);
            response.cancel_reason = reason;
            return self.send(response).await;
        }
        if watch.form.watch_id == 0 {
            watch.form.watch_id = self.free_id();
        }
        let mut response = self.empty(watch.form.watch_id, revision);
        response.created = true;
        self.send(response).await?;
        if watch.next == 0 {
            watch.next = revision + 1;
        }
        self.start(watch);
        Ok(())
    }

    /// Why a watch cannot be, in etcd's words.
    fn check(&self, watch: &Watch) -> Result<(), String> {
        // etcd gives whole statuses here, as its language prints them.
        self.permit(watch).map_err(|refusal| printed(&refusal))?;
        match watch.selector.range() {
            KeyRange::Span(from, to) if from >= to => Err(EMPTY_RANGE.to_owned()),
            _ if self.ids.contains_key(&watch.form.watch_id) && watch.form.watch_id != 0 => {
                Err(DUPLICATE_ID.to_owned())
            }
            _ => Ok(()),
        }
    }

    fn permit(&self, watch: &Watch) -> Result<(), Refusal> {
        let caller = self.published.identify(&self.credentials)?;
        self.published.directory().may(&caller, Right::Read, watch.selector.range())
    }

    /// Lets a new watch join at once when nothing in the log concerns it.
    fn start(&mut self, watch: Watch) {
        let key = self.published.hub.name();
        if !self.published.hub.join(key, &watch.selector, watch.next, &self.mailbox) {
            self.behind.push_back(key);
        }
        self.ids.insert(watch.form.watch_id, key);
        self.watches.insert(key, watch);
    }

    fn free_id(&mut self) -> i64 {
        while self.ids.contains_key(&self.next_id) {
            self.next_id += 1;
        }
        self.next_id += 1;
        self.next_id - 1
    }

    async fn cancel(&mut self, watch_id: i64) -> Step {
        let Some(&key) = self.ids.get(&watch_id) else { return Ok(()) };
        self.published.hub.leave(key);
        self.forget(key);
        let mut response = self.empty(watch_id, self.published.read().revision());
        response.canceled = true;
        self.send(response).await?;
        self.report_asked().await
    }

    fn forget(&mut self, key: WatchKey) -> Option<Watch> {
        let watch = self.watches.remove(&key)?;
        self.ids.remove(&watch.form.watch_id);
        self.behind.retain(|&other| other != key);
        Some(watch)
    }

    /// Passes on what the mailbox held.
    async fn deliver(&mut self, deliveries: Vec<Delivery>) -> Step {
        for delivery in deliveries {
            match delivery {
                Delivery::Records(key, records) => self.send_records(key, &records, 0).await?,
                Delivery::Cut(key, revision) => self.cut(key, revision).await?,
            }
        }
        Ok(())
    }

    /// `newest` is the revision to name in the headers, when it is later than the records'.
    async fn send_records(&mut self, key: WatchKey, records: &[Arc<Record>], newest: i64) -> Step {
        let Some(watch) = self.watches.get_mut(&key) else { return Ok(()) };
        watch.quiet = false;
        let packed = pack(&self.published.read(), self.published.identity, watch.form, records, newest);
        for response in packed {
            self.send(response).await?;
        }
        Ok(())
    }

    /// Tells the client that it was too slow, and where to resume.
    async fn cut(&mut self, key: WatchKey, revision: i64) -> Step {
        let Some(watch) = self.forget(key) else { return Ok(()) };
        let mut response = self.empty(watch.form.watch_id, revision - 1);
        response.canceled = true;
        response.cancel_reason = format!(
            "etcdserver: watch canceled: the client is too slow, over {} bytes wait for it; resume from revision {revision}",
            self.published.options.watch_backlog
        );
        self.send(response).await
    }

    /// One step of the watch that has waited longest: reads a piece of history, and joins the hub after the last.
    async fn catch_up(&mut self) -> Step {
        let Some(key) = self.behind.pop_front() else { return Ok(()) };
        let Some(watch) = self.watches.get_mut(&key) else { return Ok(()) };
        let Some(piece) = history::read(&self.published.read(), &watch.selector, watch.next) else {
            return self.cancel_compacted(key).await;
        };
        watch.next = piece.next;
        if !self.published.hub.join(key, &watch.selector, piece.next, &self.mailbox) {
            self.behind.push_back(key);
        }
        // What the hub puts into the mailbox from now on is sent after this.
        if !piece.records.is_empty() {
            self.send_records(key, &piece.records, piece.newest).await?;
        }
        self.report_asked().await
    }

    async fn cancel_compacted(&mut self, key: WatchKey) -> Step {
        let Some(watch) = self.forget(key) else { return Ok(()) };
        // etcd gives no revision here.
        let mut response = self.empty(watch.form.watch_id, 0);
        response.canceled = true;
        response.compact_revision = self.published.read().compacted();
        self.send(response).await?;
        self.report_asked().await
    }

    /// Answers a progress request, once every watch has been sent everything up to the revision it names.
    async fn report_asked(&mut self) -> Step {
        if !self.progress_asked || !self.behind.is_empty() {
            return Ok(());
        }
        self.progress_asked = false;
        let (revision, deliveries) = self.published.hub.settle(&self.mailbox);
        self.deliver(deliveries).await?;
        self.send(self.empty(NO_WATCH, revision)).await
    }

    /// Tells the watches that asked for it, and were sent nothing for a while, how far they are.
    async fn report_quiet(&mut self) -> Step {
        let (revision, deliveries) = self.published.hub.settle(&self.mailbox);
        self.deliver(deliveries).await?;
        let mut quiet = Vec::new();
        for (key, watch) in &mut self.watches {
            if watch.progress_notify && watch.quiet && !self.behind.contains(key) {
                quiet.push(watch.form.watch_id);
            }
            watch.quiet = true;
        }
        for watch_id in quiet {
            self.send(self.empty(watch_id, revision)).await?;
        }
        Ok(())
    }

    fn empty(&self, watch_id: i64, revision: i64) -> PbWatchResponse {
        empty(self.published.identity, watch_id, revision)
    }

    async fn send(&self, response: PbWatchResponse) -> Step {
        self.responses.send(Box::new(Ok(response))).await.map_err(|_| Gone)
    }
}

impl Drop for WatchTask {
    fn drop(&mut self) {
        for &key in self.watches.keys() {
            self.published.hub.leave(key);
        }
    }
}

/// A refusal as etcd's language prints it.
fn printed(refusal: &Refusal) -> String {
    let status = Status::from(refusal.clone());
    format!("rpc error: code = {:?} desc = {}", status.code(), status.message())
}
