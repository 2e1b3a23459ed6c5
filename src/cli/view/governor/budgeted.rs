//! What became of wishes for budgets.

use crate::cli::view::Table;
use crate::cli::view::words::or_dash;
use crate::governor::service::Budgeted;

pub(in crate::cli) fn budgeted(budgeted: &[Budgeted]) -> String {
    let mut table = Table::new(&["scope", "before", "after", "period", "result"]).right(&[1, 2]);
    for line in budgeted {
        table.row([
            line.scope.to_string(),
            or_dash(line.before),
            or_dash(line.after),
            or_dash(line.period),
            line.result.to_string(),
        ]);
    }
    table.render()
}
