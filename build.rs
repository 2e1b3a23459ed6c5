//! Generates the services of Lock and Election: the client library exports their messages, but no server.

use tonic_build::manual::{Builder, Method, MethodBuilder, Service};

/// Where the messages are, for the generated code.
const MESSAGES: &str = "crate::engine::server::protocol";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let lock = Service::builder()
        .name("Lock")
        .package("v3lockpb")
        .method(method("Lock", "LockRequest", "PbLockResponse"))
        .method(method("Unlock", "UnlockRequest", "PbUnlockResponse"))
        .build();
    let election = Service::builder()
        .name("Election")
        .package("v3electionpb")
        .method(method("Campaign", "CampaignRequest", "PbCampaignResponse"))
        .method(method("Proclaim", "ProclaimRequest", "PbProclaimResponse"))
        .method(method("Leader", "LeaderRequest", "PbLeaderResponse"))
        .method(stream("Observe", "LeaderRequest", "PbLeaderResponse"))
        .method(method("Resign", "ResignRequest", "PbResignResponse"))
        .build();
    Builder::new().build_client(false).compile(&[lock, election]);
}

fn method(name: &str, input: &str, output: &str) -> Method {
    described(name, input, output).build()
}

/// A call that is answered by a stream.
fn stream(name: &str, input: &str, output: &str) -> Method {
    described(name, input, output).server_streaming().build()
}

fn described(name: &str, input: &str, output: &str) -> MethodBuilder {
    Method::builder()
        .name(name.to_lowercase())
        .route_name(name)
        .input_type(format!("{MESSAGES}::{input}"))
        .output_type(format!("{MESSAGES}::{output}"))
        .codec_path("tonic_prost::ProstCodec")
}
