//! A guest's way out: the broker, under the rules of a contract.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use infrafabric::chassis::egress::{Method, Secret, SecretName, Target};
use infrafabric::chassis::runtime::Egress;
use infrafabric::chassis::runtime::broker::{
    Backed, Backing, Broker, Ended, Gate, Pass, Passage, Price, Receipt, Resolve, SystemResolver,
};
use infrafabric::governor::Rates;
use infrafabric::id::{ProviderId, RateName};
use infrafabric::money::Money;
use serde_json::json;

use super::service::Service;

/// More than anybody can call in a second.
const MANY: u32 = 1_000_000_000;

/// Lets everything out, at no cost: what a host keeps in its store is measured elsewhere.
struct Open;

/// A call of a provider whose breaker nobody keeps.
struct Free;

impl Passage for Free {
    fn ended<'a>(self: Box<Self>, _: Ended) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>
    where
        Self: 'a,
    {
        Box::pin(async {})
    }
}

impl Backing for Open {
    fn permit(&self, _: Method, _: &Target) -> Result<(), String> {
        Ok(())
    }

    fn admit<'a>(&'a self, _: &'a ProviderId, _: Duration) -> Backed<'a, Box<dyn Passage + 'a>> {
        Box::pin(async { Ok(Box::new(Free) as Box<dyn Passage>) })
    }

    fn rates(&self, name: &RateName) -> Result<Arc<Rates>, String> {
        Err(format!("there are no {name}"))
    }

    fn pay<'a>(&'a self, _: Price, _: &'a str) -> Backed<'a, Receipt> {
        Box::pin(async { Ok(Receipt::default()) })
    }

    fn settle<'a>(&'a self, _: &'a Receipt, _: Money) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async {})
    }

    fn secret<'a>(&'a self, name: &'a SecretName) -> Backed<'a, Secret> {
        Box::pin(async move { Err(format!("there is no {name}")) })
    }
}

/// The way out of one swarm to the service, and what it asks for there.
pub(super) struct Way {
    pub(super) gate: Arc<Gate>,
    pub(super) request: String,
}

impl Way {
    pub(super) fn new(service: &Service, swarm: &str) -> Self {
        Self::through(&broker(), service, swarm, MANY)
    }

    /// By a broker that others use too, and so many calls a second.
    pub(super) fn through(
        broker: &Arc<Broker>,
        service: &Service,
        swarm: &str,
        calls_per_second: u32,
    ) -> Self {
        let url = format!("http://{}/v1", service.address);
        let rules = json!([{"url": "https://api.example.org/"}, {"url": url, "allow_private": true}]);
        let pass = Pass {
            swarm: swarm.parse().unwrap(),
            rules: Arc::new(serde_json::from_value(rules).unwrap()),
            secrets: Arc::default(),
            calls_per_second,
        };
        let gate = Arc::new(Gate { broker: Arc::clone(broker), pass, backing: Box::new(Open) });
        Self { gate, request: json!({"url": service.url()}).to_string() }
    }

    /// One request, and its whole answer as the guest gets it.
    pub(super) async fn call(&self) {
        let answer = self.gate.call(&self.request).await.unwrap();
        assert!(answer.starts_with(r#"{"status":200"#), "{answer}");
    }
}

pub(super) fn broker() -> Arc<Broker> {
    let resolver: Arc<dyn Resolve> = Arc::new(SystemResolver);
    Arc::new(Broker::new(&resolver).unwrap())
}
