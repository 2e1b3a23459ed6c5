//! Marks: what must hold, and whether it does.

use std::fmt;

/// One figure and its bound.
#[derive(Debug)]
struct Mark {
    what: String,
    measured: f64,
    bound: Bound,
}

/// Which side of the figure is good.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Bound {
    fn holds(self, measured: f64) -> bool {
        match self {
            Self::AtLeast(bound) => measured >= bound,
            Self::AtMost(bound) => measured <= bound,
        }
    }
}

/// All marks of a run.
#[derive(Debug, Default)]
pub(crate) struct Marks(Vec<Mark>);

impl Marks {
    pub(crate) fn check(&mut self, what: impl Into<String>, measured: f64, bound: Bound) {
        self.0.push(Mark { what: what.into(), measured, bound });
    }

    pub(crate) fn hold(&self) -> bool {
        self.0.iter().all(|mark| mark.bound.holds(mark.measured))
    }
}

impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Mark { what, measured, bound } in &self.0 {
            let verdict = if bound.holds(*measured) { "holds" } else { "FAILS" };
            let (relation, limit) = match bound {
                Bound::AtLeast(limit) => ("≥", limit),
                Bound::AtMost(limit) => ("≤", limit),
            };
            writeln!(f, "  {verdict}  {what}: {measured:.2} ({relation} {limit})")?;
        }
        Ok(())
    }
}

/// The median of some figures.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
