//! `ifctl chassis …`: code under contracts, and how it does.

mod calls;
mod compile;
mod contract;
mod credentials;
mod exec;
mod failure;
mod list;
mod load;
mod logs;
mod narrowing;
mod performance;
mod reputation;
mod resources;
mod run;
mod secrets;
mod serve;
mod unload;

use std::ffi::OsString;

use clap::{Subcommand, ValueEnum};

pub(in crate::cli) use secrets::SecretLine;

use super::output::Format;
use super::{Context, Exit, Failure};
use crate::chassis::Chassis;

/// What the chassis can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Make a guest of a file in Python or C
    Compile(compile::Compile),
    /// Put a swarm's code under a contract
    Load(load::Load),
    /// End a swarm's contract: what it alone offers is taken back, its code leaves this host
    Unload(unload::Unload),
    /// List what is loaded, and whether its code is on this host
    List(list::List),
    /// Show the contract in force, and what was weakened since; as YAML unless told otherwise
    Contract(contract::Contract),
    /// Run one task in the sandbox: JSON from standard input, the answer to standard output
    Exec(exec::Exec),
    /// Run one task in a container, under the same contract: JSON from standard input, the answer to standard output
    Run(run::Run),
    /// Run the tasks that the coordinator pushes to swarms in the sandbox of this host
    Serve(serve::Serve),
    /// Show how a swarm's tasks went, held against the promises of its contract
    Performance(performance::Performance),
    /// Show what swarms may use, use now, and have used at most
    Resources(resources::Resources),
    /// Show what a swarm's guests have logged on this host
    Logs(logs::Logs),
    /// Show what swarms have called outside, provider by provider: how often, how much, how long, at what cost
    Calls(calls::Calls),
    /// Show what swarms are worth to the governor, and how that comes about
    Reputation(reputation::Reputation),
    /// Issue a credential, with which one task may call some of what its contract allows; list them, take them back
    Credentials(credentials::Credentials),
    /// Secrets of this host that contracts have sent to services, and that no guest ever sees
    #[command(subcommand)]
    Secrets(secrets::Verb),
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Compile(arguments) => compile::compile(arguments, context).await,
        Verb::Load(arguments) => load::load(arguments, context).await,
        Verb::Unload(arguments) => unload::unload(arguments, context).await,
        Verb::List(arguments) => list::list(arguments, context).await,
        Verb::Contract(arguments) => contract::contract(arguments, context).await,
        Verb::Exec(arguments) => exec::exec(arguments, context).await,
        Verb::Run(arguments) => run::run(arguments, context).await,
        Verb::Serve(arguments) => serve::serve(arguments, context).await,
        Verb::Performance(arguments) => performance::performance(arguments, context).await,
        Verb::Resources(arguments) => resources::resources(arguments, context).await,
        Verb::Logs(arguments) => logs::logs(arguments, context).await,
        Verb::Calls(arguments) => calls::calls(arguments, context).await,
        Verb::Reputation(arguments) => reputation::reputation(arguments, context).await,
        Verb::Credentials(arguments) => credentials::credentials(arguments, context).await,
        Verb::Secrets(verb) => secrets::run(verb, context),
    }
}

/// What the original design has under the name of an option that means something else everywhere: `chassis credentials …
/// --endpoints URL` is not where the store is, and `chassis compile … --output FILE` not how to print.
const SPELLED_OTHERWISE: [(&str, &str, &str); 2] =
    [("credentials", "--endpoints", "--urls"), ("compile", "--output", "--wasm")];

/// The arguments as they are meant.
pub(super) fn spelled_out(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.collect();
    let is_verb = |pair: &[OsString], verb: &str| pair[0] == "chassis" && pair[1] == verb;
    for (verb, typed, meant) in SPELLED_OTHERWISE {
        let Some(at) = arguments.windows(2).position(|pair| is_verb(pair, verb)) else { continue };
        for at in at + 2..arguments.len() {
            let next = arguments.get(at + 1).and_then(|next| next.to_str()).map(str::to_owned);
            let Some(text) = arguments[at].to_str() else { continue };
            match text.split_once('=') {
                None if text == typed && !next.is_some_and(|next| is_format(&next)) => {
                    arguments[at] = meant.into();
                }
                Some((option, value)) if option == typed && !is_format(value) => {
                    arguments[at] = format!("{meant}={value}").into();
                }
                _ => {}
            }
        }
    }
    arguments
}

fn is_format(value: &str) -> bool {
    Format::from_str(value, false).is_ok()
}

impl Context {
    /// The chassis of this host over the configured store.
    async fn chassis(&self) -> Result<Chassis, Failure> {
        let store = self.store().await?;
        Ok(Chassis::new(store, &self.home, self.clock.clone(), self.person())?)
    }
}

#[cfg(test)]
mod tests {
    use super::spelled_out;

    #[test]
    fn only_what_the_original_design_calls_otherwise_is_spelled_otherwise() {
        for (typed, meant) in [
            (
                "ifctl --endpoints s chassis credentials a --endpoints u --ttl 3",
                "ifctl --endpoints s chassis credentials a --urls u --ttl 3",
            ),
            ("ifctl chassis credentials a --endpoints=u=v", "ifctl chassis credentials a --urls=u=v"),
            ("ifctl chassis exec credentials --endpoints s", "ifctl chassis exec credentials --endpoints s"),
            ("ifctl chassis compile a.py --output a.wasm", "ifctl chassis compile a.py --wasm a.wasm"),
            ("ifctl chassis compile a.py --output=a.wasm", "ifctl chassis compile a.py --wasm=a.wasm"),
            ("ifctl chassis compile a.py --output json", "ifctl chassis compile a.py --output json"),
            ("ifctl chassis load a --output json", "ifctl chassis load a --output json"),
            ("ifctl", "ifctl"),
        ] {
            assert_eq!(spelled_out(typed.split(' ').map(Into::into)).join(" ".as_ref()), meant);
        }
    }
}
