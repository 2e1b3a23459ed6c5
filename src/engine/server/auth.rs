//! The Auth service, and who asks in all the others.

#![expect(clippy::unused_async, reason = "the methods of a service are called alike")]

mod dispatch;
mod message;

use std::sync::Arc;

use etcd_client::proto::{
    PbAuthDisableRequest, PbAuthDisableResponse, PbAuthEnableRequest, PbAuthEnableResponse,
    PbAuthRoleAddRequest, PbAuthRoleAddResponse, PbAuthRoleDeleteRequest, PbAuthRoleDeleteResponse,
    PbAuthRoleGetRequest, PbAuthRoleGrantPermissionRequest, PbAuthRoleGrantPermissionResponse,
    PbAuthRoleListRequest, PbAuthRoleListResponse, PbAuthRoleRevokePermissionRequest,
    PbAuthRoleRevokePermissionResponse, PbAuthUserAddRequest, PbAuthUserAddResponse,
    PbAuthUserChangePasswordRequest, PbAuthUserChangePasswordResponse, PbAuthUserDeleteRequest,
    PbAuthUserDeleteResponse, PbAuthUserGetRequest, PbAuthUserGetResponse, PbAuthUserGrantRoleRequest,
    PbAuthUserGrantRoleResponse, PbAuthUserListRequest, PbAuthUserListResponse, PbAuthUserRevokeRoleRequest,
    PbAuthUserRevokeRoleResponse, PbAuthenticateRequest, PbAuthenticateResponse, PbResponseHeader,
};
use tonic::Request;

pub(super) use self::dispatch::AuthServer;
use self::message::{AuthStatusRequest, AuthStatusResponse, RoleGetResponse};
use super::super::auth::{Caller, Change, Credentials, Directory, Login, Permission};
use super::super::command::Command;
use super::{Refusal, Service};

impl Service {
    /// Who asks, by the token of the request. The name in a client's certificate would be looked at here.
    pub(super) fn caller<T>(&self, request: &Request<T>) -> Result<Caller, Refusal> {
        self.identify(&Credentials::of(request.metadata()))
    }

    pub(super) fn identify(&self, credentials: &Credentials) -> Result<Caller, Refusal> {
        self.engine.published().identify(credentials)
    }

    /// Who asks, if they may administer the store.
    pub(super) fn administrator<T>(&self, request: &Request<T>) -> Result<Caller, Refusal> {
        let caller = self.caller(request)?;
        self.directory().may_administer(&caller)?;
        Ok(caller)
    }

    /// Refuses who does not say who they are.
    pub(super) fn known<T>(&self, request: &Request<T>) -> Result<Caller, Refusal> {
        let caller = self.caller(request)?;
        self.directory().must_be_known(&caller)?;
        Ok(caller)
    }

    fn directory(&self) -> Arc<Directory> {
        self.engine.published().directory()
    }

    /// Changes users and roles for whoever asks, if they may.
    async fn change<T>(&self, request: &Request<T>, change: Change) -> Result<PbResponseHeader, Refusal> {
        let caller = self.caller(request)?;
        self.change_as(caller, change).await
    }

    async fn change_as(&self, caller: Caller, change: Change) -> Result<PbResponseHeader, Refusal> {
        let revision = self.engine.ask(caller, |reply| Command::Auth(change, reply)).await?;
        Ok(self.header_at(revision))
    }
}

/// Turning auth on and off, and logging in.
impl Service {
    async fn auth_enable(
        &self,
        request: Request<PbAuthEnableRequest>,
    ) -> Result<PbAuthEnableResponse, Refusal> {
        let header = Some(self.change(&request, Change::Enable).await?);
        Ok(PbAuthEnableResponse { header })
    }

    async fn auth_disable(
        &self,
        request: Request<PbAuthDisableRequest>,
    ) -> Result<PbAuthDisableResponse, Refusal> {
        let header = Some(self.change(&request, Change::Disable).await?);
        Ok(PbAuthDisableResponse { header })
    }

    async fn auth_status(&self, request: Request<AuthStatusRequest>) -> Result<AuthStatusResponse, Refusal> {
        self.administrator(&request)?;
        let directory = self.directory();
        Ok(AuthStatusResponse {
            header: Some(self.header()),
            enabled: directory.is_enabled(),
            auth_revision: directory.revision(),
        })
    }

    async fn authenticate(
        &self,
        request: Request<PbAuthenticateRequest>,
    ) -> Result<PbAuthenticateResponse, Refusal> {
        let PbAuthenticateRequest { name, password } = request.into_inner();
        let published = self.engine.published();
        let token = published.authenticator.log_in(&name, &password, &published.directory()).await?;
        Ok(PbAuthenticateResponse { header: Some(self.header()), token })
    }
}

/// Users.
impl Service {
    async fn user_add(
        &self,
        request: Request<PbAuthUserAddRequest>,
    ) -> Result<PbAuthUserAddResponse, Refusal> {
        let caller = self.administrator(&request)?;
        let PbAuthUserAddRequest { name, password, options, .. } = request.into_inner();
        let login = match options {
            Some(options) if options.no_password => Login::Without,
            _ => Login::Password(Some(self.engine.published().authenticator.hash(password).await?)),
        };
        let header = Some(self.change_as(caller, Change::AddUser { name, login }).await?);
        Ok(PbAuthUserAddResponse { header })
    }

    async fn user_get(
        &self,
        request: Request<PbAuthUserGetRequest>,
    ) -> Result<PbAuthUserGetResponse, Refusal> {
        let caller = self.caller(&request)?;
        let name = request.into_inner().name;
        let directory = self.directory();
        // Everybody may look at themselves; etcd takes who says nothing for somebody without a name.
        let own = if let Caller::User { name, .. } = &caller { name } else { "" };
        if own != name {
            directory.may_administer(&caller)?;
        }
        let user = directory.user(&name).ok_or(Refusal::UserNotFound)?;
        let roles = user.roles.iter().cloned().collect();
        Ok(PbAuthUserGetResponse { header: Some(self.header()), roles })
    }

    async fn user_list(
        &self,
        request: Request<PbAuthUserListRequest>,
    ) -> Result<PbAuthUserListResponse, Refusal> {
        self.administrator(&request)?;
        let users = self.directory().user_names().cloned().collect();
        Ok(PbAuthUserListResponse { header: Some(self.header()), users })
    }

    async fn user_delete(
        &self,
        request: Request<PbAuthUserDeleteRequest>,
    ) -> Result<PbAuthUserDeleteResponse, Refusal> {
        let name = request.get_ref().name.clone();
        let header = Some(self.change(&request, Change::DeleteUser { name }).await?);
        Ok(PbAuthUserDeleteResponse { header })
    }

    async fn user_change_password(
        &self,
        request: Request<PbAuthUserChangePasswordRequest>,
    ) -> Result<PbAuthUserChangePasswordResponse, Refusal> {
        let caller = self.administrator(&request)?;
        let PbAuthUserChangePasswordRequest { name, password, .. } = request.into_inner();
        // As in etcd, an empty password locks the user out.
        let password = match password.as_str() {
            "" => None,
            _ => Some(self.engine.published().authenticator.hash(password).await?),
        };
        let header = Some(self.change_as(caller, Change::SetPassword { name, password }).await?);
        Ok(PbAuthUserChangePasswordResponse { header })
    }

    async fn user_grant_role(
        &self,
        request: Request<PbAuthUserGrantRoleRequest>,
    ) -> Result<PbAuthUserGrantRoleResponse, Refusal> {
        let PbAuthUserGrantRoleRequest { user, role } = request.get_ref().clone();
        let header = Some(self.change(&request, Change::GrantRole { user, role }).await?);
        Ok(PbAuthUserGrantRoleResponse { header })
    }

    async fn user_revoke_role(
        &self,
        request: Request<PbAuthUserRevokeRoleRequest>,
    ) -> Result<PbAuthUserRevokeRoleResponse, Refusal> {
        let PbAuthUserRevokeRoleRequest { name: user, role } = request.get_ref().clone();
        let header = Some(self.change(&request, Change::RevokeRole { user, role }).await?);
        Ok(PbAuthUserRevokeRoleResponse { header })
    }
}

/// Roles.
impl Service {
    async fn role_add(
        &self,
        request: Request<PbAuthRoleAddRequest>,
    ) -> Result<PbAuthRoleAddResponse, Refusal> {
        let name = request.get_ref().name.clone();
        let header = Some(self.change(&request, Change::AddRole { name }).await?);
        Ok(PbAuthRoleAddResponse { header })
    }

    async fn role_get(&self, request: Request<PbAuthRoleGetRequest>) -> Result<RoleGetResponse, Refusal> {
        let caller = self.caller(&request)?;
        let name = request.into_inner().role;
        let directory = self.directory();
        // Everybody may look at the roles they have.
        let held = |user: &str| directory.user(user).is_some_and(|user| user.roles.contains(&name));
        if !matches!(&caller, Caller::User { name: user, .. } if held(user)) {
            directory.may_administer(&caller)?;
        }
        let role = directory.role(&name).ok_or(Refusal::RoleNotFound)?;
        Ok(RoleGetResponse { header: Some(self.header()), permissions: role.permissions.clone() })
    }

    async fn role_list(
        &self,
        request: Request<PbAuthRoleListRequest>,
    ) -> Result<PbAuthRoleListResponse, Refusal> {
        self.administrator(&request)?;
        let roles = self.directory().role_names().cloned().collect();
        Ok(PbAuthRoleListResponse { header: Some(self.header()), roles })
    }

    async fn role_delete(
        &self,
        request: Request<PbAuthRoleDeleteRequest>,
    ) -> Result<PbAuthRoleDeleteResponse, Refusal> {
        let name = request.get_ref().role.clone();
        let header = Some(self.change(&request, Change::DeleteRole { name }).await?);
        Ok(PbAuthRoleDeleteResponse { header })
    }

    async fn role_grant_permission(
        &self,
        request: Request<PbAuthRoleGrantPermissionRequest>,
    ) -> Result<PbAuthRoleGrantPermissionResponse, Refusal> {
        let PbAuthRoleGrantPermissionRequest { name: role, perm } = request.get_ref().clone();
        let permission =
            perm.map(|perm| Permission { kind: perm.perm_type, key: perm.key, range_end: perm.range_end });
        let header = Some(self.change(&request, Change::GrantPermission { role, permission }).await?);
        Ok(PbAuthRoleGrantPermissionResponse { header })
    }

    async fn role_revoke_permission(
        &self,
        request: Request<PbAuthRoleRevokePermissionRequest>,
    ) -> Result<PbAuthRoleRevokePermissionResponse, Refusal> {
        let PbAuthRoleRevokePermissionRequest { role, key, range_end } = request.get_ref().clone();
        let change = Change::RevokePermission { role, key, range_end };
        let header = Some(self.change(&request, change).await?);
        Ok(PbAuthRoleRevokePermissionResponse { header })
    }
}
