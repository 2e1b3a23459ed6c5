//! The connection: endpoints, namespace, time limits.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use etcd_client::{Client, ConnectOptions, GetOptions, KvClient, ResponseHeader, TxnOp, TxnOpResponse};

use super::tls::Handshake;
use super::transaction::{answers, reads_into_wire};
use super::{Certificates, Commit, Entry, Key, Prefix, Query, Snapshot, StoreError, Transaction};

/// Ranges are read in pages of this many keys.
const PAGE: i64 = 500;

/// The largest answer that is accepted, in bytes: a hundred records of any size that the rules allow.
pub(super) const MAX_MESSAGE: usize = 256 << 20;

/// How long an explanation of a failure may take.
const EXPLANATION: Duration = Duration::from_secs(1);

/// How many transactions one round trip carries at most.
pub const MAX_BATCH: usize = 100;

/// How many bytes one request writes at most, unless a single transaction needs more: stores refuse what is too large.
const MAX_WRITTEN: usize = 1024 * 1024;

/// How to reach the store.
#[derive(Clone)]
pub struct Connection {
    /// `host:port` or a URL, at least one.
    pub endpoints: Vec<String>,
    /// Put before every key; empty for none.
    pub namespace: String,
    /// How long one call may take.
    pub timeout: Duration,
    /// User and password, where the store asks for them.
    pub user: Option<(String, String)>,
    /// For endpoints that speak TLS.
    pub certificates: Certificates,
}

/// A connected store; clones share the connection.
#[derive(Clone)]
pub struct Store {
    pub(super) client: Client,
    pub(super) namespace: Arc<str>,
    pub(super) endpoints: Arc<str>,
    timeout: Duration,
    user: Option<(String, String)>,
    certificates: Arc<Certificates>,
    /// None inside this process.
    handshake: Option<Arc<Handshake>>,
}

impl fmt::Debug for Connection {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("endpoints", &self.endpoints)
            .field("namespace", &self.namespace)
            .field("timeout", &self.timeout)
            .field("user", &self.user.as_ref().map(|(name, _)| name))
            .field("certificates", &self.certificates)
            .finish()
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("endpoints", &self.endpoints).finish_non_exhaustive()
    }
}

/// What the store says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The version of etcd it speaks.
    pub version: String,
    /// Its current revision.
    pub revision: i64,
    /// The size of its database in bytes.
    pub db_size: i64,
    /// How much of that is in use.
    pub db_size_in_use: i64,
    /// What it says is wrong, such as an alarm that its space is used up.
    pub errors: Vec<String>,
}

impl Store {
    /// Connects; the first call finds out whether anybody answers.
    ///
    /// # Errors
    /// [`StoreError::Endpoint`] for an address that is none, [`StoreError::Certificate`] for a file that cannot be
    /// used; when a user is given, [`StoreError::Unavailable`] when nobody answers and
    /// [`StoreError::WrongCredentials`] when the store does not know it.
    pub async fn connect(connection: &Connection) -> Result<Self, StoreError> {
        let mut options = options()
            .with_connect_timeout(connection.timeout)
            .with_keep_alive(Duration::from_secs(10), Duration::from_secs(5))
            .with_keep_alive_while_idle(true);
        let mut handshake = Handshake::plain();
        if speak_tls(connection)? {
            options = options.with_tls(connection.certificates.options()?);
            handshake = connection.certificates.handshake()?;
        }
        let connecting = Client::connect(&connection.endpoints, Some(options));
        Self::once(connecting, connection, Some(Arc::new(handshake))).await
    }

    /// A store in this process, that `channel` leads to; the endpoints are how others reach it.
    ///
    /// # Errors
    /// [`StoreError`] when a user is given and the store refuses it.
    pub async fn within(channel: etcd_client::Channel, connection: &Connection) -> Result<Self, StoreError> {
        Self::once(Client::from_channel(channel, Some(options())), connection, None).await
    }

    async fn once(
        connecting: impl Future<Output = Result<Client, etcd_client::Error>>,
        connection: &Connection,
        handshake: Option<Arc<Handshake>>,
    ) -> Result<Self, StoreError> {
        let endpoints = connection.endpoints.join(",");
        let connecting = limited(connection.timeout, &endpoints, connecting);
        let store = Self {
            client: explained(connecting, handshake.as_deref()).await?,
            namespace: connection.namespace.as_str().into(),
            endpoints: endpoints.into(),
            timeout: connection.timeout,
            user: connection.user.clone(),
            certificates: Arc::new(connection.certificates.clone()),
            handshake,
        };
        if store.user.is_some() {
            store.log_in().await?;
        }
        Ok(store)
    }

    /// Shows user and password, and keeps the token. A store that asks for neither is content without.
    async fn log_in(&self) -> Result<(), StoreError> {
        let mut client = self.client.clone();
        let call = limited(self.timeout, &self.endpoints, client.update_user(self.user.clone()));
        match explained(call, self.handshake.as_deref()).await {
            Err(StoreError::Rejected(error)) if asks_for_nobody(&error) => Ok(()),
            outcome => outcome,
        }
    }

    /// The files that were given for TLS.
    #[must_use]
    pub fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// The addresses of the store, joined by commas.
    #[must_use]
    pub fn endpoints(&self) -> &str {
        &self.endpoints
    }

    pub(super) async fn call<T>(
        &self,
        call: impl Future<Output = Result<T, etcd_client::Error>>,
    ) -> Result<T, StoreError> {
        match explained(limited(self.timeout, &self.endpoints, call), self.handshake.as_deref()).await {
            // Auth was turned on after the connection was made.
            Err(StoreError::CredentialsNeeded { endpoints }) if self.user.is_some() => {
                self.log_in().await?;
                Err(StoreError::AuthChanged { endpoints })
            }
            outcome => outcome,
        }
    }

    fn kv(&self) -> KvClient {
        self.client.kv_client().max_decoding_message_size(MAX_MESSAGE)
    }

    /// Whether a key, or a family of keys, may be read.
    ///
    /// # Errors
    /// Why not.
    pub(super) async fn may_read(&self, target: &str, prefix: bool) -> Result<(), StoreError> {
        let mut options = GetOptions::new().with_count_only();
        if prefix {
            options = options.with_prefix();
        }
        let mut client = self.kv();
        self.call(client.get(self.full_key(&target), Some(options))).await.map(drop)
    }

    pub(super) fn full_key(&self, key: &impl fmt::Display) -> String {
        format!("{}{key}", self.namespace)
    }

    /// Reads one key.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn get(&self, key: &Key) -> Result<Option<Entry>, StoreError> {
        let mut client = self.kv();
        let response = self.call(client.get(self.full_key(key), None)).await?;
        Ok(response.kvs().first().map(|pair| Entry::from_wire(pair, &self.namespace)))
    }

    /// Reads several keys and families at one revision, in one round trip.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn read(&self, queries: Vec<Query>) -> Result<Snapshot, StoreError> {
        let mut client = self.kv();
        let response = self.call(client.txn(reads_into_wire(queries, &self.namespace))).await?;
        let revision = revision_of(response.header());
        Ok(Snapshot { revision, answers: answers(&response, &self.namespace) })
    }

    /// Reads a whole family at one revision, page by page.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn range(&self, prefix: &Prefix) -> Result<(Vec<Entry>, i64), StoreError> {
        self.pages(prefix, false).await
    }

    /// Makes sure that the history from `revision` on is still there; the newest revision.
    ///
    /// # Errors
    /// [`StoreError::Compacted`] tells the oldest revision that is.
    pub async fn remembers(&self, revision: i64) -> Result<i64, StoreError> {
        let newest = self.read(vec![Query::One(Key::Epoch)]).await?.revision;
        if revision > newest {
            return Ok(newest);
        }
        let options = GetOptions::new().with_count_only().with_revision(revision);
        let mut client = self.kv();
        match self.call(client.get(self.full_key(&Key::Epoch), Some(options))).await {
            // Only a watch is told the oldest.
            Err(StoreError::Compacted { .. }) => drop(self.watch(&Prefix::All, revision).next().await?),
            answer => answer.map(drop)?,
        }
        Ok(newest)
    }

    /// Reads which keys a family has, at one revision, and no values.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn keys(&self, prefix: &Prefix) -> Result<(Vec<Key>, i64), StoreError> {
        let (entries, revision) = self.pages(prefix, true).await?;
        Ok((entries.iter().filter_map(|entry| Key::parse(&entry.key)).collect(), revision))
    }

    /// The first few keys of a family, in one round trip.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn first_keys(&self, prefix: &Prefix, most: i64) -> Result<Vec<Key>, StoreError> {
        let options = GetOptions::new().with_prefix().with_keys_only().with_limit(most);
        let mut client = self.kv();
        let found = self.call(client.get(self.full_key(prefix), Some(options))).await?;
        let entries = found.kvs().iter().map(|pair| Entry::from_wire(pair, &self.namespace));
        Ok(entries.filter_map(|entry| Key::parse(&entry.key)).collect())
    }

    async fn pages(&self, prefix: &Prefix, keys_only: bool) -> Result<(Vec<Entry>, i64), StoreError> {
        let mut client = self.kv();
        let start = self.full_key(prefix);
        let end = end_of_prefix(&start);
        let mut from = start.into_bytes();
        let mut entries = Vec::new();
        let mut revision = 0;
        loop {
            let mut options =
                GetOptions::new().with_range(end.clone()).with_limit(PAGE).with_revision(revision);
            if keys_only {
                options = options.with_keys_only();
            }
            let page = self.call(client.get(from, Some(options))).await?;
            if revision == 0 {
                revision = revision_of(page.header());
            }
            entries.extend(page.kvs().iter().map(|pair| Entry::from_wire(pair, &self.namespace)));
            match page.kvs().last() {
                Some(last) if page.more() => from = [last.key(), b"\0"].concat(),
                _ => return Ok((entries, revision)),
            }
        }
    }

    /// Reads those keys of a family that `keep` wants, at one revision. Values of others are not fetched,
    /// so that large ones beside them cost nothing.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn range_where(
        &self,
        prefix: &Prefix,
        keep: impl Fn(&Key) -> bool,
    ) -> Result<(Vec<Entry>, i64), StoreError> {
        let (keys, revision) = self.pages(prefix, true).await?;
        let wanted: Vec<_> = keys
            .into_iter()
            .map(|entry| entry.key)
            .filter(|key| Key::parse(key).is_some_and(|key| keep(&key)))
            .collect();
        let mut entries = Vec::with_capacity(wanted.len());
        let mut client = self.kv();
        for keys in wanted.chunks(MAX_BATCH) {
            let at = || Some(GetOptions::new().with_revision(revision));
            let gets: Vec<_> = keys.iter().map(|key| TxnOp::get(self.full_key(key), at())).collect();
            let response = self.call(client.txn(etcd_client::Txn::new().and_then(gets))).await?;
            entries.extend(answers(&response, &self.namespace).into_iter().flatten());
        }
        Ok((entries, revision))
    }

    /// Commits a transaction.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer or refuses; after [`StoreError::TimedOut`] and
    /// [`StoreError::Unavailable`] it is unknown whether it was committed.
    pub async fn commit(&self, transaction: Transaction) -> Result<Commit, StoreError> {
        let mut client = self.kv();
        let response = self.call(client.txn(transaction.into_wire(&self.namespace))).await?;
        Ok(Commit::from_wire(&response, revision_of(response.header()), &self.namespace))
    }

    /// Commits several transactions in as few round trips as their number and size allow; each stands or falls alone.
    /// No key may be written by two of them, or written by one and compared by another.
    ///
    /// # Errors
    /// As [`Store::commit`]; a lease that has ended fails them all. Of several round trips, those before the one that
    /// failed were made.
    pub async fn commit_each(&self, transactions: Vec<Transaction>) -> Result<Vec<Commit>, StoreError> {
        let mut commits = Vec::with_capacity(transactions.len());
        for batch in batches(transactions, Transaction::bytes_written) {
            commits.extend(self.commit_batch(batch).await?);
        }
        Ok(commits)
    }

    async fn commit_batch(&self, transactions: Vec<Transaction>) -> Result<Vec<Commit>, StoreError> {
        let nested: Vec<_> = transactions
            .into_iter()
            .map(|transaction| TxnOp::txn(transaction.into_wire(&self.namespace)))
            .collect();
        let mut client = self.kv();
        let response = self.call(client.txn(etcd_client::Txn::new().and_then(nested))).await?;
        let revision = revision_of(response.header());
        let commit = |op| match op {
            TxnOpResponse::Txn(inner) => Some(Commit::from_wire(&inner, revision, &self.namespace)),
            _ => None,
        };
        Ok(response.op_responses().into_iter().filter_map(commit).collect())
    }

    /// Asks the store about itself.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn status(&self) -> Result<Status, StoreError> {
        let mut client = self.client.maintenance_client();
        let response = self.call(client.status()).await?;
        Ok(Status {
            version: response.version().to_owned(),
            revision: revision_of(response.header()),
            db_size: response.db_size(),
            db_size_in_use: response.raft_used_db_size(),
            errors: response.errors().iter().map(|error| error.trim().to_owned()).collect(),
        })
    }
}

/// Cuts what is to be committed into requests that are neither too many nor too large.
pub fn batches<T>(items: Vec<T>, bytes: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut batches: Vec<Vec<T>> = Vec::new();
    let mut size = 0;
    for item in items {
        let more = bytes(&item);
        match batches.last_mut() {
            Some(batch) if batch.len() < MAX_BATCH && size + more <= MAX_WRITTEN => {
                size += more;
                batch.push(item);
            }
            _ => {
                size = more;
                batches.push(vec![item]);
            }
        }
    }
    batches
}

pub(super) fn revision_of(header: Option<&ResponseHeader>) -> i64 {
    header.map_or(0, ResponseHeader::revision)
}

async fn limited<T>(
    limit: Duration,
    endpoints: &str,
    call: impl Future<Output = Result<T, etcd_client::Error>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(limit, call).await {
        Ok(answer) => answer.map_err(|error| StoreError::from_wire(error, endpoints)),
        Err(_) => Err(StoreError::TimedOut { endpoints: endpoints.to_owned(), limit }),
    }
}

/// Whether the store has auth turned off.
fn asks_for_nobody(error: &etcd_client::Error) -> bool {
    matches!(error, etcd_client::Error::GRpcStatus(status) if status.message().contains("authentication is not enabled"))
}

/// Where a server hangs up, finds out whether TLS is why.
async fn explained<T>(
    call: impl Future<Output = Result<T, StoreError>>,
    handshake: Option<&Handshake>,
) -> Result<T, StoreError> {
    match (call.await, handshake) {
        (Err(StoreError::Unavailable { endpoints, source }), Some(handshake)) => {
            let distrust = tokio::time::timeout(EXPLANATION, handshake.distrust(&endpoints)).await;
            Err(match distrust {
                Ok(Some(reason)) => StoreError::Distrusted { endpoints, reason, source },
                Ok(None) | Err(_) => StoreError::Unavailable { endpoints, source },
            })
        }
        (outcome, _) => outcome,
    }
}

pub(super) fn end_of_prefix(prefix: &str) -> Vec<u8> {
    let mut end = prefix.as_bytes().to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            return end;
        }
    }
    vec![0]
}

/// A token that runs out is renewed.
fn options() -> ConnectOptions {
    ConnectOptions::new().with_auto_token_refresh(true)
}

/// Whether the endpoints speak TLS: as in etcdctl the scheme says so, and where there is none, that certificates are
/// given.
fn speak_tls(connection: &Connection) -> Result<bool, StoreError> {
    let mut answer = None;
    for endpoint in &connection.endpoints {
        check_endpoint(endpoint)?;
        let scheme = endpoint.split_once("://").map(|(scheme, _)| scheme == "https");
        let tls = scheme.unwrap_or(connection.certificates.are_given());
        if *answer.get_or_insert(tls) != tls {
            return Err(StoreError::Mixed { endpoints: connection.endpoints.join(",") });
        }
    }
    Ok(answer.unwrap_or(false))
}

fn check_endpoint(endpoint: &str) -> Result<(), StoreError> {
    let bare = ["http://", "https://"].iter().find_map(|scheme| endpoint.strip_prefix(scheme));
    let bare = bare.unwrap_or(endpoint).trim_end_matches('/');
    let valid = bare.rsplit_once(':').is_some_and(|(host, port)| {
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
        !host.is_empty() && host.chars().all(known) && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    if valid { Ok(()) } else { Err(StoreError::Endpoint { endpoint: endpoint.to_owned() }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_printed_without_its_password() {
        let connection = Connection {
            endpoints: vec!["localhost:2379".to_owned()],
            namespace: String::new(),
            timeout: Duration::from_secs(1),
            user: Some(("root".to_owned(), "sesame".to_owned())),
            certificates: Certificates::default(),
        };
        let printed = format!("{connection:?}");
        assert!(printed.contains("root") && !printed.contains("sesame"), "{printed}");
    }

    #[test]
    fn a_request_is_neither_too_large_nor_too_many_at_once() {
        let lengths =
            |items: &[usize]| batches(items.to_vec(), |size| *size).iter().map(Vec::len).collect::<Vec<_>>();
        let half = MAX_WRITTEN / 2;
        assert_eq!(lengths(&[]), [0; 0]);
        assert_eq!(lengths(&[1; 2 * MAX_BATCH + 1]), [MAX_BATCH, MAX_BATCH, 1]);
        assert_eq!(lengths(&[half, half, 1, half, half]), [2, 2, 1]);
        assert_eq!(lengths(&[2 * MAX_WRITTEN, 1]), [1, 1], "what is too large alone is tried alone");
    }

    #[test]
    fn an_endpoint_is_a_host_and_a_port() {
        for good in ["localhost:2379", "http://127.0.0.1:2379", "[::1]:2379", "https://etcd-0.etcd:2379/"] {
            assert!(check_endpoint(good).is_ok(), "{good}");
        }
        for bad in ["", "localhost", ":2379", "localhost:0", "localhost:99999", "ftp://a:1", "a b:1", "a/b:1"]
        {
            assert!(check_endpoint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_scheme_says_whether_tls_is_spoken_and_without_one_the_certificates_do() {
        for (endpoints, with_certificates, tls) in [
            ("a:1", false, Some(false)),
            ("a:1", true, Some(true)),
            ("http://a:1", true, Some(false)),
            ("https://a:1", false, Some(true)),
            ("https://a:1,b:1", true, Some(true)),
            ("https://a:1,b:1", false, None),
            ("http://a:1,https://b:1", true, None),
        ] {
            let authorities = with_certificates.then(|| "ca.pem".into());
            let connection = Connection {
                endpoints: endpoints.split(',').map(str::to_owned).collect(),
                namespace: String::new(),
                timeout: Duration::from_secs(1),
                user: None,
                certificates: Certificates { authorities, identity: None },
            };
            assert_eq!(speak_tls(&connection).ok(), tls, "{endpoints} {with_certificates}");
        }
    }

    #[test]
    fn a_prefix_ends_before_its_successor() {
        assert_eq!(end_of_prefix("/tasks/"), b"/tasks0");
        assert_eq!(end_of_prefix(""), b"\0");
    }
}
