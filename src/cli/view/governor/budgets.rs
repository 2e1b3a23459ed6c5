//! What may be spent, what is spent.

use crate::cli::view::Table;
use crate::cli::view::words::or_dash;
use crate::governor::service::BudgetLine;

pub(in crate::cli) fn budgets(budgets: &[BudgetLine]) -> String {
    let mut table =
        Table::new(&["scope", "cap", "spent", "reserved", "left", "breaker", "reason"]).right(&[1, 2, 3, 4]);
    for line in budgets {
        table.row([
            line.scope.to_string(),
            line.cap.to_string(),
            line.spent.to_string(),
            line.reserved.to_string(),
            line.left.to_string(),
            line.breaker.to_string(),
            or_dash(line.reason),
        ]);
    }
    table.render()
}
