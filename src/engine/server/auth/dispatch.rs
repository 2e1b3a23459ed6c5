//! From the path of a call to its method.
//!
//! Written by hand: the trait that `etcd_client` generates for the Auth service has a method whose types it does not
//! export (`AuthStatus`), so nobody else can implement it.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::codegen::{BoxFuture, Service as HttpService, http};
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;

use super::super::{Refusal, Service};

/// The Auth service.
#[derive(Debug, Clone)]
pub(in super::super) struct AuthServer(pub(in super::super) Service);

impl NamedService for AuthServer {
    const NAME: &'static str = "etcdserverpb.Auth";
}

impl HttpService<http::Request<Body>> for AuthServer {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let service = self.0.clone();
        Box::pin(async move { Ok(dispatch(service, request).await) })
    }
}

/// Calls the method of the service that the path names.
macro_rules! by_path {
    ($service:ident, $request:ident, { $($name:literal => $method:ident,)+ }) => {
        match $request.uri().path().strip_prefix("/etcdserverpb.Auth/") {
            $(Some($name) => {
                unary($request, move |request| async move { $service.$method(request).await }).await
            })+
            _ => Status::unimplemented("").into_http(),
        }
    };
}

async fn dispatch(service: Service, request: http::Request<Body>) -> http::Response<Body> {
    by_path!(service, request, {
        "AuthEnable" => auth_enable,
        "AuthDisable" => auth_disable,
        "AuthStatus" => auth_status,
        "Authenticate" => authenticate,
        "UserAdd" => user_add,
        "UserGet" => user_get,
        "UserList" => user_list,
        "UserDelete" => user_delete,
        "UserChangePassword" => user_change_password,
        "UserGrantRole" => user_grant_role,
        "UserRevokeRole" => user_revoke_role,
        "RoleAdd" => role_add,
        "RoleGet" => role_get,
        "RoleList" => role_list,
        "RoleDelete" => role_delete,
        "RoleGrantPermission" => role_grant_permission,
        "RoleRevokePermission" => role_revoke_permission,
    })
}

/// Answers one call with what `method` says.
async fn unary<Q, A, F, M>(request: http::Request<Body>, method: M) -> http::Response<Body>
where
    Q: prost::Message + Default + Send + 'static,
    A: prost::Message + Default + Send + 'static,
    F: Future<Output = Result<A, Refusal>> + Send + 'static,
    M: FnOnce(Request<Q>) -> F,
{
    Grpc::new(ProstCodec::<A, Q>::default()).unary(Method(Some(method), PhantomData), request).await
}

/// A method that is called once.
struct Method<M, F>(Option<M>, PhantomData<fn() -> F>);

impl<Q, A, F, M> UnaryService<Q> for Method<M, F>
where
    F: Future<Output = Result<A, Refusal>> + Send + 'static,
    M: FnOnce(Request<Q>) -> F,
{
    type Response = A;
    type Future = BoxFuture<Response<A>, Status>;

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let answer = self.0.take().map(|method| method(request));
        Box::pin(async move {
            let answer = answer.ok_or_else(|| Status::internal("called twice"))?;
            Ok(Response::new(answer.await?))
        })
    }
}
