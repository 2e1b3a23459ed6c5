//! Periods: how often a budget begins anew, and the name of each time.
//!
//! Pure: callers supply `now`. Periods are those of the calendar in UTC; weeks are ISO 8601's.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{DateTime, ISOWeekDate, Weekday};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// How often a budget begins anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Every hour.
    Hour,
    /// Every day.
    Day,
    /// Every Monday.
    Week,
    /// Every first of a month.
    Month,
}

/// Whether a budget begins anew, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// What is spent stays spent.
    Never,
    /// With every period.
    Every(Period),
}

/// The text names no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period: hour, day, week, month or never")]
pub struct PeriodError(String);

impl Renewal {
    /// The period; none for never.
    #[must_use]
    pub fn period(self) -> Option<Period> {
        match self {
            Self::Never => None,
            Self::Every(period) => Some(period),
        }
    }
}

impl FromStr for Renewal {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        if text == "never" { Ok(Self::Never) } else { text.parse().map(Self::Every) }
    }
}

impl Period {
    /// The period of this kind that `now` lies in.
    #[must_use]
    pub fn at(self, now: Timestamp) -> PeriodId {
        let limit = if now.as_micros() < 0 { jiff::Timestamp::MIN } else { jiff::Timestamp::MAX };
        let moment = jiff::Timestamp::from_microsecond(now.as_micros()).unwrap_or(limit);
        PeriodId { period: self, begin: self.begin(Offset::UTC.to_datetime(moment)) }
    }

    /// When the period began that `moment` lies in.
    fn begin(self, moment: DateTime) -> DateTime {
        let date = moment.date();
        match self {
            Self::Hour => date.at(moment.hour(), 0, 0, 0),
            Self::Day => date.at(0, 0, 0, 0),
            Self::Week => {
                let week = date.iso_week_date();
                let monday = ISOWeekDate::new(week.year(), week.week(), Weekday::Monday);
                monday.map_or(date, ISOWeekDate::date).at(0, 0, 0, 0)
            }
            Self::Month => date.first_of_month().at(0, 0, 0, 0),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        })
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        [Self::Hour, Self::Day, Self::Week, Self::Month]
            .into_iter()
            .find(|period| period.to_string() == text)
            .ok_or_else(|| PeriodError(text.to_owned()))
    }
}

/// One period: `hour/2026-11-30T17`, `day/2026-11-30`, `week/2026-W49`, `month/2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PeriodId {
    period: Period,
    begin: DateTime,
}

/// The text names no one period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period such as day/2026-11-30 or week/2026-W49")]
pub struct PeriodIdError(String);

impl PeriodId {
    /// Its kind.
    #[must_use]
    pub fn period(self) -> Period {
        self.period
    }

    /// Whether it began before another one.
    #[must_use]
    pub fn is_before(self, other: Self) -> bool {
        self.begin < other.begin
    }

    /// The period of the same kind that `now` lies in, if this one is over. A clock that is behind ends nothing.
    #[must_use]
    pub fn successor(self, now: Timestamp) -> Option<Self> {
        Some(self.period.at(now)).filter(|current| current.begin > self.begin)
    }
}

impl fmt::Display for PeriodId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { period, begin } = self;
        let date = begin.date();
        write!(f, "{period}/")?;
        match period {
            Period::Hour => write!(f, "{date}T{:02}", begin.hour()),
            Period::Day => write!(f, "{date}"),
            Period::Week => {
                let week = date.iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            Period::Month => write!(f, "{:04}-{:02}", date.year(), date.month()),
        }
    }
}

impl FromStr for PeriodId {
    type Err = PeriodIdError;

    fn from_str(text: &str) -> Result<Self, PeriodIdError> {
        let parse = || {
            let (period, label) = text.split_once('/')?;
            let period: Period = period.parse().ok()?;
            let begin: DateTime = match period {
                Period::Hour => format!("{label}:00:00").parse().ok()?,
                Period::Day => format!("{label}T00:00:00").parse().ok()?,
                Period::Month => format!("{label}-01T00:00:00").parse().ok()?,
                Period::Week => {
                    let (year, week) = label.split_once("-W")?;
                    let monday = ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, Weekday::Monday);
                    monday.ok()?.date().at(0, 0, 0, 0)
                }
            };
            // Only what is written back as it was read is a name.
            Some(Self { period, begin }).filter(|id| id.to_string() == text)
        };
        parse().ok_or_else(|| PeriodIdError(text.to_owned()))
    }
}

impl TryFrom<String> for PeriodId {
    type Error = PeriodIdError;

    fn try_from(text: String) -> Result<Self, PeriodIdError> {
        text.parse()
    }
}

impl From<PeriodId> for String {
    fn from(id: PeriodId) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_lies_in_one_period_of_each_kind() {
        for (now, ids) in [
            (
                "2026-11-30T17:59:59Z",
                ["hour/2026-11-30T17", "day/2026-11-30", "week/2026-W49", "month/2026-11"],
            ),
            (
                "2026-01-01T00:00:00Z",
                ["hour/2026-01-01T00", "day/2026-01-01", "week/2026-W01", "month/2026-01"],
            ),
            (
                "2027-01-03T23:00:00Z",
                ["hour/2027-01-03T23", "day/2027-01-03", "week/2026-W53", "month/2027-01"],
            ),
        ] {
            let kinds = [Period::Hour, Period::Day, Period::Week, Period::Month];
            for (period, id) in kinds.into_iter().zip(ids) {
                let found = period.at(moment(now));
                assert_eq!(found.to_string(), id, "{now}");
                assert_eq!(id.parse(), Ok(found));
            }
        }
    }

    #[test]
    fn what_names_no_period_is_refused() {
        for text in [
            "",
            "day",
            "day/",
            "year/2026",
            "day/2026-11-31",
            "day/2026-11-30T01",
            "week/2026-W60",
            "week/2026-W1",
            "month/2026-11-30",
            "hour/2026-11-30T24",
            "hour/2026-11-30T17:30",
        ] {
            assert!(text.parse::<PeriodId>().is_err(), "{text:?}");
        }
        assert!("Day".parse::<Period>().is_err());
    }

    #[test]
    fn a_period_ends_when_the_next_begins_and_not_by_a_clock_that_is_behind() {
        for period in [Period::Hour, Period::Day, Period::Week, Period::Month] {
            let now = moment("2026-11-30T17:59:59Z");
            let id = period.at(now);
            assert_eq!(id.successor(now), None);
            assert_eq!(id.successor(moment("2020-01-01T00:00:00Z")), None);
            let later = now.after(Duration::from_hours(24 * 31));
            assert_eq!(id.successor(later), Some(period.at(later)), "{period}");
        }
        let hour = Period::Hour.at(moment("2026-11-30T17:59:59Z"));
        assert!(hour.successor(moment("2026-11-30T18:00:00Z")).is_some());
    }
}
