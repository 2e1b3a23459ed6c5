//! The file: rows of a redb database, each with a CRC32C, and their way into memory.
//!
//! Owns the row formats and nothing else: what a row means is decided by [`State`]. A row that does not match its
//! checksum is never handed out.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use redb::{
    Database, DatabaseError, Durability, ReadableDatabase, ReadableTable, TableDefinition, TableError,
};

use super::header::Identity;
use super::record::Record;
use super::state::{Batch, NEVER_COMPACTED, State, View};

/// Main and sub revision, big-endian → checksum, record.
const RECORDS: TableDefinition<'_, [u8; 12], &[u8]> = TableDefinition::new("records");
/// Lease id → checksum, granted TTL.
const LEASES: TableDefinition<'_, [u8; 8], &[u8]> = TableDefinition::new("leases");
/// Name → checksum, value: what is durable beside the keys.
const NOTES: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("notes");
/// One of the names below → checksum, eight bytes.
const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");

const FORMAT: &str = "format";
const CLUSTER: &str = "cluster";
const MEMBER: &str = "member";
const COMPACTED: &str = "compacted";

/// The layout of the rows.
const FORMAT_VERSION: u64 = 2;
/// Reads come from memory, so the database needs little of its own.
const CACHE_BYTES: usize = 32 << 20;

/// Why the engine could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process (or another engine of this one) has the file open.
    #[error("{} is in use by another process", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file is not what was written.
    #[error("{} is corrupt ({what}); restore it from a snapshot, or move it away to start empty", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What does not match.
        what: String,
    },
    /// The file was written by a newer version.
    #[error("{} has format {found}, this version reads format {FORMAT_VERSION}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The format it has.
        found: u64,
    },
    /// The file could not be read or written.
    #[error("cannot open {}", path.display())]
    Storage {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: redb::Error,
    },
    /// The system gave no thread.
    #[error("cannot start the writer thread")]
    Thread(#[source] std::io::Error),
}

/// Why rows could not be read.
#[derive(Debug)]
enum ReadError {
    Corrupt(String),
    Format(u64),
    Storage(redb::Error),
}

impl<E: Into<redb::Error>> From<E> for ReadError {
    fn from(error: E) -> Self {
        match error.into() {
            redb::Error::Corrupted(what) => Self::Corrupt(what),
            redb::Error::Io(error) if error.kind() == ErrorKind::InvalidData => {
                Self::Corrupt(error.to_string())
            }
            error => Self::Storage(error),
        }
    }
}

impl ReadError {
    fn at(self, path: &Path) -> OpenError {
        let path = path.to_owned();
        match self {
            Self::Corrupt(what) => OpenError::Corrupt { path, what },
            Self::Format(found) => OpenError::Format { path, found },
            Self::Storage(source) => OpenError::Storage { path, source },
        }
    }
}

/// The open file.
#[derive(Debug)]
pub(crate) struct File {
    database: Database,
}

impl File {
    /// Opens or creates the file, checks every page and every row, and reads it into memory.
    pub(crate) fn open(path: &Path) -> Result<(Self, Identity, State), OpenError> {
        let mut builder = Database::builder();
        builder.set_cache_size(CACHE_BYTES).set_check_integrity_on_open(true);
        let database = builder.create(path).map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => OpenError::Locked { path: path.to_owned() },
            error => ReadError::from(error).at(path),
        })?;
        let file = Self { database };
        let identity = file.identify().map_err(|error| error.at(path))?;
        let state = file.load().map_err(|error| error.at(path))?;
        Ok((file, identity, state))
    }

    /// Reads who the file belongs to; a new file is given an identity. Writes nothing to a file that has one, so that
    /// it can be opened on a full disk.
    fn identify(&self) -> Result<Identity, ReadError> {
        let transaction = self.database.begin_read()?;
        let meta = match transaction.open_table(META) {
            Ok(meta) => meta,
            Err(TableError::TableDoesNotExist(_)) => return self.initialise(),
            Err(error) => return Err(error.into()),
        };
        match read_meta(&meta, FORMAT)? {
            Some(FORMAT_VERSION) => read_identity(&meta),
            Some(newer) => Err(ReadError::Format(newer)),
            None => Err(ReadError::Corrupt("its format is missing".to_owned())),
        }
    }

    fn initialise(&self) -> Result<Identity, ReadError> {
        let identity = Identity::draw();
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        transaction.open_table(RECORDS)?;
        transaction.open_table(LEASES)?;
        transaction.open_table(NOTES)?;
        for (name, value) in
            [(FORMAT, FORMAT_VERSION), (CLUSTER, identity.cluster_id), (MEMBER, identity.member_id)]
        {
            let row = sealed(name.as_bytes(), &value.to_be_bytes());
            transaction.open_table(META)?.insert(name, row.as_slice())?;
        }
        transaction.commit()?;
        Ok(identity)
    }

    fn load(&self) -> Result<State, ReadError> {
        let transaction = self.database.begin_read()?;
        let mut state = State::default();
        let mut granted = Batch::default();
        for row in transaction.open_table(LEASES)?.iter()? {
            let (id, row) = row?;
            let body = opened(&id.value(), row.value(), "lease")?;
            granted.leases.insert(i64::from_be_bytes(id.value()), Some(number(body)?));
        }
        for row in transaction.open_table(NOTES)?.iter()? {
            let (name, row) = row?;
            let body = opened(name.value(), row.value(), "note")?;
            granted.notes.insert(Bytes::copy_from_slice(name.value()), Some(Bytes::copy_from_slice(body)));
        }
        state.apply(granted);
        let meta = transaction.open_table(META)?;
        let compacted = read_meta(&meta, COMPACTED)?
            .map_or(Ok(NEVER_COMPACTED), |n| i64::try_from(n).map_err(|_| absurd()))?;
        for row in transaction.open_table(RECORDS)?.iter()? {
            let (place, row) = row?;
            let record = read_record(place.value(), row.value())?;
            check_order(&state, &record, compacted)?;
            state.append(Arc::new(record));
        }
        state.apply(Batch { compacted: Some(compacted), ..Batch::default() });
        Ok(state)
    }

    /// Writes a batch; when this returns, it is on disk.
    pub(crate) fn commit(&self, batch: &Batch) -> Result<(), redb::Error> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        write_records(&transaction, batch)?;
        if !batch.leases.is_empty() {
            write_leases(&transaction, batch)?;
        }
        if !batch.notes.is_empty() {
            write_notes(&transaction, batch)?;
        }
        if let Some(compacted) = batch.compacted {
            let row = sealed(COMPACTED.as_bytes(), &compacted.to_be_bytes());
            transaction.open_table(META)?.insert(COMPACTED, row.as_slice())?;
        }
        transaction.commit()?;
        Ok(())
    }
}

fn write_records(transaction: &redb::WriteTransaction, batch: &Batch) -> Result<(), redb::Error> {
    let mut table = transaction.open_table(RECORDS)?;
    for record in &batch.records {
        let place = place(record);
        table.insert(place, sealed(&place, &body(record)).as_slice())?;
    }
    for record in &batch.sweep.removed {
        table.remove(place(record))?;
    }
    Ok(())
}

fn write_leases(transaction: &redb::WriteTransaction, batch: &Batch) -> Result<(), redb::Error> {
    let mut table = transaction.open_table(LEASES)?;
    for (id, granted) in &batch.leases {
        let id = id.to_be_bytes();
        match granted {
            Some(ttl) => table.insert(id, sealed(&id, &ttl.to_be_bytes()).as_slice())?,
            None => table.remove(id)?,
        };
    }
    Ok(())
}

fn write_notes(transaction: &redb::WriteTransaction, batch: &Batch) -> Result<(), redb::Error> {
    let mut table = transaction.open_table(NOTES)?;
    for (name, value) in &batch.notes {
        match value {
            Some(value) => table.insert(&name[..], sealed(name, value).as_slice())?,
            None => table.remove(&name[..])?,
        };
    }
    Ok(())
}

/// Revisions follow each other without a gap, except where compaction removed some.
fn check_order(state: &State, record: &Record, compacted: i64) -> Result<(), ReadError> {
    let newest = state.revision();
    let follows = record.main == newest || record.main == newest.max(compacted) + 1;
    if follows || (record.main > newest && record.main <= compacted) {
        return Ok(());
    }
    Err(ReadError::Corrupt(format!("revision {} follows revision {newest}", record.main)))
}

fn read_identity(meta: &impl ReadableTable<&'static str, &'static [u8]>) -> Result<Identity, ReadError> {
    match (read_meta(meta, CLUSTER)?, read_meta(meta, MEMBER)?) {
        (Some(cluster_id), Some(member_id)) => Ok(Identity { cluster_id, member_id }),
        _ => Err(ReadError::Corrupt("its identity is missing".to_owned())),
    }
}

fn read_meta(
    meta: &impl ReadableTable<&'static str, &'static [u8]>,
    name: &'static str,
) -> Result<Option<u64>, ReadError> {
    let Some(row) = meta.get(name)? else { return Ok(None) };
    let body = opened(name.as_bytes(), row.value(), name)?;
    Ok(Some(u64::from_be_bytes(body.try_into().map_err(|_| absurd())?)))
}

fn number(body: &[u8]) -> Result<i64, ReadError> {
    Ok(i64::from_be_bytes(body.try_into().map_err(|_| absurd())?))
}

fn absurd() -> ReadError {
    ReadError::Corrupt("a row has a shape that was never written".to_owned())
}

/// A row: the checksum of its place and body, then the body.
fn sealed(place: &[u8], body: &[u8]) -> Vec<u8> {
    let checksum = crc32c::crc32c_append(crc32c::crc32c(place), body);
    [&checksum.to_be_bytes(), body].concat()
}

/// The body of a row whose checksum holds.
fn opened<'r>(place: &[u8], row: &'r [u8], what: &str) -> Result<&'r [u8], ReadError> {
    let corrupt = || ReadError::Corrupt(format!("a checksum in {what} does not match"));
    let (checksum, body) = row.split_first_chunk::<4>().ok_or_else(corrupt)?;
    let matches = u32::from_be_bytes(*checksum) == crc32c::crc32c_append(crc32c::crc32c(place), body);
    if matches { Ok(body) } else { Err(corrupt()) }
}

fn place(record: &Record) -> [u8; 12] {
    let mut place = [0; 12];
    place[..8].copy_from_slice(&record.main.to_be_bytes());
    place[8..].copy_from_slice(&record.sub.to_be_bytes());
    place
}

/// Deleted, created, version, lease, length of the key, key, value.
fn body(record: &Record) -> Vec<u8> {
    let mut body = Vec::with_capacity(29 + record.key.len() + record.value.len());
    body.push(u8::from(record.deleted));
    for number in [record.created, record.version, record.lease] {
        body.extend(number.to_be_bytes());
    }
    body.extend(u32::try_from(record.key.len()).unwrap_or(u32::MAX).to_be_bytes());
    body.extend(&record.key);
    body.extend(&record.value);
    body
}

fn read_record(place: [u8; 12], row: &[u8]) -> Result<Record, ReadError> {
    let (main, rest) = place.split_first_chunk::<8>().ok_or_else(absurd)?;
    let (main, sub) = (i64::from_be_bytes(*main), u32::from_be_bytes(rest.try_into().map_err(|_| absurd())?));
    let body = opened(&place, row, &format!("revision {main}"))?;
    parse_record(main, sub, body).ok_or_else(absurd)
}

fn parse_record(main: i64, sub: u32, body: &[u8]) -> Option<Record> {
    let (&deleted, rest) = body.split_first()?;
    let (created, rest) = rest.split_first_chunk::<8>()?;
    let (version, rest) = rest.split_first_chunk::<8>()?;
    let (lease, rest) = rest.split_first_chunk::<8>()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (key, value) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    Some(Record {
        key: Bytes::copy_from_slice(key),
        value: Bytes::copy_from_slice(value),
        created: i64::from_be_bytes(*created),
        main,
        sub,
        version: i64::from_be_bytes(*version),
        lease: i64::from_be_bytes(*lease),
        deleted: deleted != 0,
    })
}
