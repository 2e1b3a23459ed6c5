//! What may be spent, what is spent.

use crate::cli::view::Table;
use crate::cli::view::words::or_dash;
use crate::governor::service::{BudgetEntry, BudgetLine};
use crate::money::Money;
use crate::store::Scope;

/// How many signs a bar has.
const WIDTH: u8 = 10;

pub(in crate::cli) fn budgets(budgets: &[BudgetEntry]) -> String {
    let mut headings = vec![
        "scope", "cap", "spent", "reserved", "left", "share", "burn/h", "lasts", "period", "breaker",
        "reason",
    ];
    // Most have no overall budget.
    let shows_allotted =
        budgets.iter().any(|entry| matches!(entry, BudgetEntry::Legible(line) if line.allotted.is_some()));
    if shows_allotted {
        headings.push("allotted");
    }
    let mut table = Table::new(&headings).right(&[1, 2, 3, 4, 6, 7, 11][..6 + usize::from(shows_allotted)]);
    for entry in budgets {
        let (words, allotted) = match entry {
            BudgetEntry::Legible(line) => (cells(line), line.allotted),
            BudgetEntry::Illegible { scope, illegible } => (illegible_cells(scope, illegible), None),
        };
        table.row(words.into_iter().chain(shows_allotted.then(|| or_dash(allotted))));
    }
    table.render()
}

fn cells(line: &BudgetLine) -> [String; 11] {
    [
        line.scope.to_string(),
        line.cap.to_string(),
        line.spent.to_string(),
        line.reserved.to_string(),
        line.left.to_string(),
        bar(line.cap, line.spent, line.reserved),
        line.burn_per_hour.to_string(),
        or_dash(line.exhausted_in_seconds.map(rough)),
        or_dash(line.period),
        line.breaker.to_string(),
        or_dash(line.reason),
    ]
}

fn illegible_cells(scope: &Scope, key: &str) -> [String; 11] {
    let mut cells = [""; 11].map(|_| or_dash(None::<&str>));
    cells[0] = scope.to_string();
    cells[10] = format!("nobody can read {key}");
    cells
}

/// The parts of a cap: spent ▓, reserved ▒, the rest ░. A cap of nothing is spent.
fn bar(cap: Money, spent: Money, reserved: Money) -> String {
    let all = usize::from(WIDTH);
    // Twice as many, halved, so that it is rounded to the nearest.
    let upto = |sum: Money| {
        let signs = i128::from(sum.micros()) * 2 * i128::from(WIDTH) / i128::from(cap.micros().max(1));
        usize::try_from((signs + 1) / 2).map_or(all, |signs| signs.min(all))
    };
    let (spent, committed) =
        if cap == Money::ZERO { (all, all) } else { (upto(spent), upto(spent.plus(reserved))) };
    ["▓".repeat(spent), "▒".repeat(committed - spent), "░".repeat(all - committed)].concat()
}

/// A length of time as nobody needs it more exactly.
fn rough(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{minutes}m"),
        3600..172_800 => format!("{hours}h {}m", minutes % 60),
        172_800.. => format!("{days}d"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_shows_the_parts_of_the_cap() {
        let money = |micros: i64| micros.try_into().unwrap();
        for (cap, spent, reserved, shown) in [
            (100, 0, 0, "░░░░░░░░░░"),
            (100, 50, 20, "▓▓▓▓▓▒▒░░░"),
            (100, 4, 5, "▒░░░░░░░░░"),
            (100, 95, 0, "▓▓▓▓▓▓▓▓▓▓"),
            (100, 900, 900, "▓▓▓▓▓▓▓▓▓▓"),
            (0, 0, 0, "▓▓▓▓▓▓▓▓▓▓"),
        ] {
            assert_eq!(bar(money(cap), money(spent), money(reserved)), shown, "{cap} {spent} {reserved}");
        }
    }

    #[test]
    fn a_length_of_time_is_said_roughly() {
        for (seconds, said) in
            [(0, "0s"), (61, "1m"), (3661, "1h 1m"), (172_799, "47h 59m"), (900_000, "10d")]
        {
            assert_eq!(rough(seconds), said);
        }
    }
}
