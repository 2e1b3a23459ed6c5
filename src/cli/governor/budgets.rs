//! `ifctl governor budgets`: what may be spent, what is spent, what is set aside.

use crate::cli::{Context, Exit, Failure, view};

pub(super) async fn budgets(context: &Context) -> Result<Exit, Failure> {
    let budgets = context.governor().await?.budgets().await?;
    context.output.answer(&budgets, |budgets| view::governor::budgets(budgets))?;
    Ok(Exit::Done)
}
