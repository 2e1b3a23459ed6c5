//! `ifctl governor reset-circuit-breaker`: a person lets work pass again.

use std::io::{self, BufRead, IsTerminal, Write};

use clap::Args;

use super::circuit_breakers::parse_scope;
use crate::cli::{Context, Exit, Failure, view};
use crate::governor::Remark;
use crate::governor::service::{BreakerLine, Governor, Reset};
use crate::money::Money;
use crate::store::Scope;

#[derive(Debug, Args)]
pub(in crate::cli) struct ResetCircuitBreaker {
    /// Whose breaker: SWARM, swarm/SWARM, provider/PROVIDER or provider/PROVIDER/SWARM
    #[arg(value_name = "SCOPE", value_parser = parse_scope)]
    scope: Scope,
    /// Who approves it; needed where nobody can be asked [default: you, once you have said yes]
    #[arg(long, value_name = "NAME")]
    approved_by: Option<Remark>,
    /// Why; needed where nobody can be asked
    #[arg(long, value_name = "TEXT")]
    reason: Option<Remark>,
    /// What the swarm may spend in all from now on, in dollars; needed when its money is spent
    #[arg(long, value_name = "DOLLARS", allow_negative_numbers = true)]
    new_budget: Option<Money>,
}

/// What a person has approved.
#[derive(Debug, PartialEq, Eq)]
struct Consent {
    approved_by: Remark,
    reason: Remark,
    /// The revision of the breaker that was shown.
    shown: Option<i64>,
}

pub(super) async fn reset_circuit_breaker(
    arguments: ResetCircuitBreaker,
    context: &Context,
) -> Result<Exit, Failure> {
    let governor = context.governor().await?;
    let consent = consent(&arguments, &governor, context).await?;
    let reset = Reset {
        scope: arguments.scope,
        approved_by: consent.approved_by,
        reason: consent.reason,
        new_budget: arguments.new_budget,
        shown: consent.shown,
        by: context.person(),
    };
    let closed = governor.reset(&reset).await?;
    context.output.answer(&closed, view::governor::breaker_changed)?;
    Ok(Exit::Done)
}

/// What the options say; where they say too little, what somebody at the terminal says.
async fn consent(
    arguments: &ResetCircuitBreaker,
    governor: &Governor,
    context: &Context,
) -> Result<Consent, Failure> {
    let ResetCircuitBreaker { scope, approved_by, reason, new_budget } = arguments;
    if let (Some(approved_by), Some(reason)) = (approved_by, reason) {
        return Ok(Consent { approved_by: approved_by.clone(), reason: reason.clone(), shown: None });
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(unapproved(scope));
    }
    let line = governor.resettable(scope, *new_budget).await?;
    let approved_by = match approved_by {
        Some(name) => name.clone(),
        None => context.person().parse().map_err(Failure::usage)?,
    };
    ask(&line, approved_by, reason.clone(), &mut io::stdin().lock(), &mut io::stderr())
        .map_err(|error| Failure::internal(error).context("cannot ask"))?
        .ok_or_else(|| {
            Failure::message(Exit::Refused, format!("{scope} stays as it is: nobody has approved a reset"))
        })
}

/// A reset is for people to decide.
fn unapproved(scope: &Scope) -> Failure {
    Failure::message(
        Exit::Usage,
        "a person must approve the reset: --approved-by and --reason are needed where nobody can be asked",
    )
    .hint(format!("ifctl governor reset-circuit-breaker {scope} --approved-by NAME --reason TEXT"))
}

/// Shows the breaker and asks whether to reset it, and why; none when it is not to be.
fn ask(
    line: &BreakerLine,
    approved_by: Remark,
    reason: Option<Remark>,
    answers: &mut impl BufRead,
    questions: &mut impl Write,
) -> io::Result<Option<Consent>> {
    let mut answer = |question: &str, questions: &mut dyn Write| {
        write!(questions, "{question} ")?;
        questions.flush()?;
        let mut answer = String::new();
        answers.read_line(&mut answer)?;
        Ok::<_, io::Error>(answer)
    };
    writeln!(questions, "{}", view::governor::breaker(line))?;
    let agreed = answer("Reset? [y/N]", questions)?;
    if !matches!(agreed.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
        return Ok(None);
    }
    let mut reason = reason;
    while reason.is_none() {
        let text = answer("Reason:", questions)?;
        if text.is_empty() {
            // The end of the input.
            return Ok(None);
        }
        match text.parse() {
            Ok(remark) => reason = Some(remark),
            Err(error) => writeln!(questions, "{error}")?,
        }
    }
    Ok(reason.map(|reason| Consent { approved_by, reason, shown: Some(line.revision) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::governor::{BreakerState, TripReason};

    fn line() -> BreakerLine {
        BreakerLine {
            scope: "swarm/s1".parse().unwrap(),
            state: BreakerState::Open,
            reason: Some(TripReason::ConsecutiveFailures),
            since: Some(Timestamp::from_micros(0)),
            trial_due: Some(Timestamp::from_micros(60_000_000)),
            trial: None,
            failures: 3,
            failed_trials: 0,
            trips: 1,
            opened_by: None,
            approval: None,
            budget: None,
            illegible: None,
            revision: 7,
        }
    }

    fn asked(reason: Option<&str>, answers: &str) -> (Option<Consent>, String) {
        let mut questions = Vec::new();
        let reason = reason.map(|text| text.parse().unwrap());
        let consent =
            ask(&line(), "human:tester".parse().unwrap(), reason, &mut answers.as_bytes(), &mut questions)
                .unwrap();
        (consent, String::from_utf8(questions).unwrap())
    }

    #[test]
    fn whoever_says_yes_and_why_has_approved_what_was_shown() {
        let (consent, said) = asked(None, "y\n \nit is mended\n");
        let consent = consent.unwrap();
        assert_eq!((consent.reason.to_string().as_str(), consent.shown), ("it is mended", Some(7)));
        assert!(said.contains("consecutive failures"), "{said}");
        assert_eq!(said.matches("Reason:").count(), 2, "a blank is none: {said}");
        let (consent, said) = asked(Some("known"), "YES\n");
        assert_eq!(consent.unwrap().reason.to_string(), "known");
        assert!(!said.contains("Reason:"), "{said}");
    }

    #[test]
    fn anything_but_yes_is_no() {
        for answers in ["", "\n", "n\n", "yesterday\n", "y\n", "y\n\n"] {
            assert_eq!(asked(None, answers).0, None, "{answers:?}");
        }
    }
}
