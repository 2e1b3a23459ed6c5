//! What swarms have called outside.

use crate::chassis::CallLine;
use crate::cli::view::Table;
use crate::cli::view::words::or_dash;

pub(in crate::cli) fn calls(lines: &[CallLine]) -> String {
    let headings = [
        "swarm",
        "provider",
        "calls",
        "failed",
        "bytes out",
        "bytes in",
        "mean ms",
        "longest ms",
        "dollars",
        "last",
    ];
    let mut table = Table::new(&headings).right(&[2, 3, 4, 5, 6, 7, 8]);
    for CallLine { swarm, provider, tally } in lines {
        table.row([
            swarm.to_string(),
            provider.to_string(),
            tally.calls.to_string(),
            tally.failed.to_string(),
            tally.bytes_out.to_string(),
            tally.bytes_in.to_string(),
            or_dash(tally.mean_micros().map(millis)),
            millis(tally.longest_micros),
            dollars(tally.cost),
            or_dash(tally.last_at),
        ]);
    }
    table.render()
}

fn millis(micros: u64) -> String {
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

/// As sums of money are written, of which this may be more than any.
fn dollars(micros: u64) -> String {
    let fraction = format!("{:06}", micros % 1_000_000);
    let shown = fraction.trim_end_matches('0').len().max(2);
    format!("{}.{}", micros / 1_000_000, &fraction[..shown])
}
