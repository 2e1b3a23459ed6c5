//! `ifctl governor request-help`: who helps a blocked task.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::service::{Authority, HelpOutcome, HelpWish};
use crate::id::{Capability, TaskId};

#[derive(Debug, Args)]
pub(in crate::cli) struct RequestHelp {
    /// The blocked task
    task: TaskId,
    /// What a helper must be able to do, domain:skill[,domain:skill] [default: what the blocked swarm has said]
    #[arg(long, value_delimiter = ',')]
    needs: Vec<Capability>,
    /// The question [default: as the blocked swarm has put it]
    #[arg(long)]
    description: Option<String>,
    /// Only say who would be asked
    #[arg(long)]
    dry_run: bool,
    /// Show everybody who offers what is needed, and why it is asked or not
    #[arg(long)]
    explain: bool,
}

pub(super) async fn request_help(arguments: RequestHelp, context: &Context) -> Result<Exit, Failure> {
    let RequestHelp { task, needs, description, dry_run, explain } = arguments;
    let is_put_otherwise = !needs.is_empty() || description.is_some();
    let wish = HelpWish { needs, description, again: true, dry_run };
    let authority = Authority::of(context.person());
    let outcome = context.coordinator().await?.request_help(&task, &wish, &authority).await?;
    if let HelpOutcome::NotBlocked { state, reason } = outcome {
        return Err(Failure::not_blocked(&task, state, reason));
    }
    if matches!(outcome, HelpOutcome::UnderWay { .. }) {
        eprintln!("help for {task} was asked for before");
    }
    context.output.answer(&outcome, |outcome| view::governor::requested_help(outcome, explain))?;
    match &outcome {
        HelpOutcome::UnderWay { .. } if is_put_otherwise => Err(Failure::question_stays(&task)),
        HelpOutcome::Escalated { escalation, uncovered, .. } => {
            Err(Failure::nobody_helps(&task, uncovered, escalation.as_deref()))
        }
        _ => Ok(Exit::Done),
    }
}
