//! `ifctl governor set-budgets`: what many swarms may spend, at once.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{ArgGroup, Args};

use crate::cli::{Context, Exit, Failure, view};
use crate::governor::Renewal;
use crate::governor::policy::Caps;
use crate::governor::service::{BudgetResult, Budgeting, OverallWish};
use crate::id::{IdError, TaskId};
use crate::money::{Money, MoneyError};

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("wish").required(true).multiple(true).args(["default_budget", "per_swarm", "overall", "no_overall", "task", "period"]))]
pub(in crate::cli) struct SetBudgets {
    /// For every registered swarm that FILE does not name, and for newcomers, in dollars
    #[arg(long, value_name = "DOLLARS", allow_negative_numbers = true)]
    default_budget: Option<Money>,
    /// A YAML file of swarms with their dollars, such as `builder: 25.0`
    #[arg(long, value_name = "FILE")]
    per_swarm: Option<PathBuf>,
    /// For all swarms with a budget together, from now on, in dollars
    #[arg(long, value_name = "DOLLARS", allow_negative_numbers = true)]
    overall: Option<Money>,
    /// All swarms together may spend what each of them may
    #[arg(long, conflicts_with = "overall")]
    no_overall: bool,
    /// For one task and the help for it, whoever works on it; may be given again
    #[arg(long, value_name = "TASK=DOLLARS")]
    task: Vec<TaskCap>,
    /// How often these budgets begin anew, by the calendar in UTC: hour, day, week, month, or never; alone, those of all swarms
    #[arg(long)]
    period: Option<Renewal>,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
}

/// What one task may cost.
#[derive(Debug, Clone)]
struct TaskCap {
    task: TaskId,
    cap: Money,
}

impl FromStr for TaskCap {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (task, cap) = text.split_once('=').ok_or("it is not of the form TASK=DOLLARS")?;
        let task = task.parse().map_err(|error: IdError| error.to_string())?;
        Ok(Self { task, cap: cap.parse().map_err(|error: MoneyError| error.to_string())? })
    }
}

impl SetBudgets {
    /// Whether nothing is left that could begin anew.
    fn has_a_period_for_nobody(&self) -> bool {
        let gives_none = self.default_budget.is_none() && self.per_swarm.is_none() && self.task.is_empty();
        self.period.is_some() && self.no_overall && gives_none
    }
}

pub(super) async fn set_budgets(arguments: SetBudgets, context: &Context) -> Result<Exit, Failure> {
    if arguments.has_a_period_for_nobody() {
        let message = "--no-overall leaves no budget that could begin anew by --period";
        return Err(Failure::message(Exit::Usage, message).hint(
            "ifctl governor set-budgets --no-overall, then: ifctl governor set-budgets --period PERIOD",
        ));
    }
    let caps = match arguments.per_swarm.as_deref() {
        Some(file) => named_in(file)?,
        None => Caps::default(),
    };
    let budgeting = Budgeting {
        default: arguments.default_budget,
        swarms: caps.into_iter().collect(),
        overall: match arguments.overall {
            Some(cap) => Some(OverallWish::Cap(cap)),
            None => arguments.no_overall.then_some(OverallWish::Gone),
        },
        tasks: arguments.task.into_iter().map(|TaskCap { task, cap }| (task, cap)).collect(),
        period: arguments.period,
        dry_run: arguments.dry_run,
        by: context.person(),
    };
    let budgeted = context.governor().await?.set_budgets(&budgeting).await?;
    context.output.answer(&budgeted, |budgeted| view::governor::budgeted(budgeted))?;
    if budgeting.dry_run {
        eprintln!("nothing was changed: this was a dry run");
    }
    let stays = |result: &BudgetResult| {
        matches!(result, BudgetResult::Refused { .. } | BudgetResult::Illegible { .. })
    };
    match budgeted.iter().filter(|budgeted| stays(&budgeted.result)).count() {
        0 => Ok(Exit::Done),
        count => {
            let of = budgeted.len();
            let message = format!("{count} of {of} budgets stay as they are");
            Err(Failure::message(Exit::Refused, message).hint("ifctl governor budgets"))
        }
    }
}

/// What a file says of swarms; one that names nobody is a mistake.
fn named_in(file: &Path) -> Result<Caps, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(error).context(format!("cannot read {}", file.display())))?;
    let hint = "a line for each swarm, with dollars: builder: 25.0";
    let caps = Caps::parse(&text, file).map_err(|error| Failure::usage(error).hint(hint))?;
    if caps.names_overall() {
        let message = format!("{} names overall, which is no swarm", file.display());
        return Err(
            Failure::message(Exit::Usage, message).hint("ifctl governor set-budgets --overall DOLLARS")
        );
    }
    if caps == Caps::default() {
        return Err(Failure::message(Exit::Usage, format!("{} names no swarm", file.display())).hint(hint));
    }
    Ok(caps)
}
