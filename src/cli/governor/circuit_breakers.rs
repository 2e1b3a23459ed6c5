//! `ifctl governor circuit-breakers`: who gets no work for now, why, and until when.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::governor::BreakerState;
use crate::store::Scope;

#[derive(Debug, Args)]
pub(in crate::cli) struct CircuitBreakers {
    /// One breaker only: SWARM, swarm/SWARM, provider/PROVIDER or provider/PROVIDER/SWARM [default: all that have ever opened]
    #[arg(value_name = "SCOPE", value_parser = parse_scope)]
    scope: Option<Scope>,
    /// Leave out those that are closed
    #[arg(long)]
    open: bool,
}

/// A breaker's scope; a bare name is a swarm's. Whoever wants to stop everything must not stop a swarm of that name.
pub(super) fn parse_scope(text: &str) -> Result<Scope, String> {
    const ALLOWED: &str = "SWARM, swarm/SWARM, provider/PROVIDER or provider/PROVIDER/SWARM";
    let is_name = !text.contains('/') && text != Scope::Overall.to_string();
    let qualified = if is_name { format!("swarm/{text}") } else { text.to_owned() };
    match qualified.parse() {
        Ok(scope @ (Scope::Swarm(_) | Scope::Provider(_) | Scope::Caller(..))) => Ok(scope),
        Ok(Scope::Task(_) | Scope::Overall) => {
            Err(format!("only swarms and providers have circuit breakers: {ALLOWED}"))
        }
        Err(_) => Err(format!("name a {ALLOWED}")),
    }
}

pub(super) async fn circuit_breakers(arguments: CircuitBreakers, context: &Context) -> Result<Exit, Failure> {
    let governor = context.governor().await?;
    let mut breakers = match &arguments.scope {
        Some(scope) => vec![governor.breaker(scope).await?],
        None => governor.breakers().await?,
    };
    breakers.retain(|breaker| !arguments.open || breaker.state != BreakerState::Closed);
    let now = context.clock.now();
    context.output.answer(&breakers, |breakers| view::governor::breakers(breakers, now))?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::parse_scope;

    #[test]
    fn a_bare_name_is_a_swarm_and_only_swarms_and_providers_have_breakers() {
        for (text, scope) in [
            ("s1", "swarm/s1"),
            ("swarm/overall", "swarm/overall"),
            ("provider/openai", "provider/openai"),
            ("provider/openai/s1", "provider/openai/s1"),
        ] {
            assert_eq!(parse_scope(text).unwrap().to_string(), scope);
        }
        for text in ["task/t1", "overall", "swarm/", "provider/a/b/c", "provider/a/", "a b", "", "unclaimed"]
        {
            assert!(parse_scope(text).is_err(), "{text}");
        }
    }
}
