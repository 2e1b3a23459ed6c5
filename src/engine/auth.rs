//! Auth: who may do what, by the rules of etcd 3.5 at its latest patch level.
//!
//! | file | owns |
//! |---|---|
//! | [`directory`], [`user`], [`role`] | who there is, which roles they have, what a role permits |
//! | [`change`] | what an administrator may do to the directory |
//! | [`note`] | how the directory is kept: as notes, durable and without a revision |
//! | [`access`] | the keys a user may read and write, all its roles taken together |
//! | [`caller`] | who asks |
//! | [`enforcement`] | what a request needs; asked again when it is applied |
//! | [`token`], [`password`] | how somebody proves who they are |
//! | [`authenticator`] | tokens and hashing at work |
//!
//! All but the last are pure. The directory is read from what is durable, so nothing is granted before it is; the writer
//! judges each request by what those before it in the queue have made of the directory.

mod access;
mod authenticator;
mod caller;
mod change;
mod directory;
mod enforcement;
mod note;
mod password;
mod role;
mod token;
mod user;

pub(crate) use self::access::Right;
pub(crate) use self::authenticator::Authenticator;
pub(crate) use self::caller::{Caller, Credentials};
pub(crate) use self::change::{Change, stage};
pub(crate) use self::directory::Directory;
pub(crate) use self::enforcement::{check, check_transaction};
pub(crate) use self::note::concerns;
pub(crate) use self::role::Permission;
pub(crate) use self::user::Login;
