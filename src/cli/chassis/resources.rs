//! `ifctl chassis resources`: what swarms may use, use now, and have used at most.

use std::collections::BTreeMap;

use clap::Args;

use crate::chassis::{History, ResourcesLook, ResourcesReport};
use crate::cli::coordinator::stop_signal;
use crate::cli::redraw::Screen;
use crate::cli::{Context, Exit, Failure, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Resources {
    /// Only this swarm
    swarm: Option<SwarmId>,
    /// Go on showing it until interrupted: on a terminal with the last minute, elsewhere a line of JSON for each change
    #[arg(short, long)]
    watch: bool,
}

pub(super) async fn resources(arguments: Resources, context: &Context) -> Result<Exit, Failure> {
    let chassis = context.chassis().await?;
    let swarm = arguments.swarm.as_ref();
    if !arguments.watch {
        let reports = chassis.resources(swarm).await?;
        let table = |reports: &[ResourcesReport]| view::resources::resources(reports, None);
        match reports.as_slice() {
            [report] if swarm.is_some() => {
                context.output.answer(report, |report| table(std::slice::from_ref(report)))?;
            }
            reports => context.output.answer(&reports, |reports| table(reports))?,
        }
        return Ok(Exit::Done);
    }
    let mut watching = Watching::new(context);
    chassis.watch_resources(swarm, stop_signal()?, |look| watching.show(look)).await?;
    Ok(Exit::Done)
}

/// What was shown before.
struct Watching<'a> {
    context: &'a Context,
    /// Where people look on; else every change is a document of a stream.
    screen: Option<Screen>,
    shown: BTreeMap<SwarmId, ResourcesReport>,
    histories: BTreeMap<SwarmId, History>,
}

impl<'a> Watching<'a> {
    fn new(context: &'a Context) -> Self {
        Self { context, screen: context.output.screen(), shown: BTreeMap::new(), histories: BTreeMap::new() }
    }

    /// Shows what is new; false when nobody looks any more.
    fn show(&mut self, look: ResourcesLook) -> Result<bool, Failure> {
        if !look.is_news {
            for report in &look.reports {
                self.histories.entry(report.swarm.clone()).or_default().add(report);
            }
        }
        match &mut self.screen {
            Some(screen) => screen.show(&view::resources::resources(&look.reports, Some(&self.histories))),
            None => self.tell(look),
        }
    }

    fn tell(&mut self, look: ResourcesLook) -> Result<bool, Failure> {
        for report in look.reports {
            let is_told = self.shown.get(&report.swarm).is_some_and(|shown| !report.differs_from(shown));
            if is_told {
                continue;
            }
            if !self.context.output.stream(&report, |_| String::new())? {
                return Ok(false);
            }
            self.shown.insert(report.swarm.clone(), report);
        }
        Ok(true)
    }
}
