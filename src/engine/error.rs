//! Refusals: every error a client of the engine can see, in etcd's words.
//!
//! Clients match on these texts and codes, so they are etcd 3.5's to the letter.

use tonic::{Code, Status};

/// Why a request was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A request without a key.
    #[error("etcdserver: key is not provided")]
    EmptyKey,
    /// `ignore_value` or `ignore_lease` on a key that does not exist, or an empty operation.
    #[error("etcdserver: key not found")]
    KeyNotFound,
    /// A value together with `ignore_value`.
    #[error("etcdserver: value is provided")]
    ValueProvided,
    /// A lease together with `ignore_lease`.
    #[error("etcdserver: lease is provided")]
    LeaseProvided,
    /// More operations in one transaction than are allowed.
    #[error("etcdserver: too many operations in txn request")]
    TooManyOps,
    /// Two writes of one transaction touch the same key.
    #[error("etcdserver: duplicate key given in txn request")]
    DuplicateKey,
    /// A sort order or target that does not exist.
    #[error("etcdserver: invalid sort option")]
    InvalidSortOption,
    /// The revision has been compacted.
    #[error("etcdserver: mvcc: required revision has been compacted")]
    Compacted,
    /// The revision does not exist yet.
    #[error("etcdserver: mvcc: required revision is a future revision")]
    FutureRevision,
    /// The disk is full.
    #[error("etcdserver: mvcc: database space exceeded")]
    NoSpace,
    /// No lease has this id.
    #[error("etcdserver: requested lease not found")]
    LeaseNotFound,
    /// A lease with this id exists.
    #[error("etcdserver: lease already exists")]
    LeaseExists,
    /// A time to live beyond all bounds.
    #[error("etcdserver: too large lease TTL")]
    LeaseTtlTooLarge,
    /// A request above 1.5 MiB.
    #[error("etcdserver: request is too large")]
    RequestTooLarge,
    /// Auth is to be turned on, but there is no user root.
    #[error("etcdserver: root user does not exist")]
    RootUserNotExist,
    /// Auth is to be turned on, but the user root lacks the role root.
    #[error("etcdserver: root user does not have root role")]
    RootRoleNotExist,
    /// A user of this name exists.
    #[error("etcdserver: user name already exists")]
    UserAlreadyExist,
    /// No name was given: of a user to add, or of whoever asks.
    #[error("etcdserver: user name is empty")]
    UserEmpty,
    /// No user has this name.
    #[error("etcdserver: user name not found")]
    UserNotFound,
    /// A role of this name exists.
    #[error("etcdserver: role name already exists")]
    RoleAlreadyExist,
    /// No role has this name.
    #[error("etcdserver: role name not found")]
    RoleNotFound,
    /// A role without a name.
    #[error("etcdserver: role name is empty")]
    RoleEmpty,
    /// No such user, or not its password.
    #[error("etcdserver: authentication failed, invalid user ID or password")]
    AuthFailed,
    /// A user that does not log in with passwords.
    #[error("auth: authentication failed, password was given for no password user")]
    NoPasswordUser,
    /// A permission is to be granted, but none is named.
    #[error("etcdserver: permission not given")]
    PermissionNotGiven,
    /// Whoever asks may not do this.
    #[error("etcdserver: permission denied")]
    PermissionDenied,
    /// The user does not have the role.
    #[error("etcdserver: role is not granted to the user")]
    RoleNotGranted,
    /// The role does not have the permission.
    #[error("etcdserver: permission is not granted to the role")]
    PermissionNotGranted,
    /// Logging in while auth is off.
    #[error("etcdserver: authentication is not enabled")]
    AuthNotEnabled,
    /// A token that was never given out, has run out, or was withdrawn.
    #[error("etcdserver: invalid auth token")]
    InvalidAuthToken,
    /// A change that would lock everybody out, or a permission for no key at all.
    #[error("etcdserver: invalid auth management")]
    InvalidAuthMgmt,
    /// Users or roles were changed while the request waited.
    #[error("etcdserver: revision of auth store is old")]
    AuthOldRevision,
    /// The engine has been closed.
    #[error("etcdserver: server stopped")]
    Stopped,
    /// The file could not be written; whether the request took effect is unknown.
    #[error("etcdserver: storage failed: {0}")]
    Storage(String),
}

impl Refusal {
    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::NoSpace | Self::Stopped | Self::Storage(_) | Self::AuthOldRevision)
    }

    fn code(&self) -> Code {
        match self {
            Self::EmptyKey
            | Self::KeyNotFound
            | Self::ValueProvided
            | Self::LeaseProvided
            | Self::TooManyOps
            | Self::DuplicateKey
            | Self::InvalidSortOption
            | Self::RequestTooLarge
            | Self::UserEmpty
            | Self::RoleEmpty
            | Self::AuthFailed
            | Self::PermissionNotGiven
            | Self::InvalidAuthMgmt
            | Self::AuthOldRevision => Code::InvalidArgument,
            Self::Compacted | Self::FutureRevision | Self::LeaseTtlTooLarge => Code::OutOfRange,
            Self::LeaseNotFound => Code::NotFound,
            Self::LeaseExists
            | Self::RootUserNotExist
            | Self::RootRoleNotExist
            | Self::UserAlreadyExist
            | Self::UserNotFound
            | Self::RoleAlreadyExist
            | Self::RoleNotFound
            | Self::RoleNotGranted
            | Self::PermissionNotGranted
            | Self::AuthNotEnabled => Code::FailedPrecondition,
            Self::PermissionDenied => Code::PermissionDenied,
            Self::InvalidAuthToken => Code::Unauthenticated,
            // etcd has no status of its own for this.
            Self::NoPasswordUser => Code::Unknown,
            Self::NoSpace => Code::ResourceExhausted,
            Self::Stopped | Self::Storage(_) => Code::Unavailable,
        }
    }
}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.code(), refusal.to_string())
    }
}
