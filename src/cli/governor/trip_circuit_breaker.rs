//! `ifctl governor trip-circuit-breaker`: no more work until a person says so.

use clap::Args;

use super::circuit_breakers::parse_scope;
use crate::cli::{Context, Exit, Failure, view};
use crate::governor::Remark;
use crate::governor::service::Trip;
use crate::store::Scope;

#[derive(Debug, Args)]
pub(in crate::cli) struct TripCircuitBreaker {
    /// Whose breaker: SWARM, swarm/SWARM, provider/PROVIDER or provider/PROVIDER/SWARM
    #[arg(value_name = "SCOPE", value_parser = parse_scope)]
    scope: Scope,
    /// Why, for whoever is to reset it
    #[arg(long, value_name = "TEXT")]
    reason: Remark,
}

pub(super) async fn trip_circuit_breaker(
    arguments: TripCircuitBreaker,
    context: &Context,
) -> Result<Exit, Failure> {
    let trip = Trip { scope: arguments.scope, reason: arguments.reason, by: context.person() };
    let governor = context.governor().await?;
    let tripped = governor.trip(&trip).await?;
    if let Scope::Swarm(swarm) = &trip.scope
        && governor.account(swarm).await.is_ok_and(|account| account.profile.is_none())
    {
        eprintln!("{swarm} has never registered: see that its name is right");
    }
    if let Scope::Provider(provider) = &trip.scope
        && governor.policy().await.is_ok_and(|policy| !policy.names_provider(provider))
    {
        eprintln!("no rail of the policy names {provider}: see that its name is right");
    }
    context.output.answer(&tripped, view::governor::breaker_changed)?;
    Ok(Exit::Done)
}
