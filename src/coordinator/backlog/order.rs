//! The order in which a backlog can be submitted: parents first.

use std::collections::HashMap;

use super::BacklogError;
use crate::id::TaskId;

/// What the order depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The task.
    pub id: TaskId,
    /// What it waits for; what is not in the backlog is somebody else's.
    pub depends_on: Box<[TaskId]>,
}

/// Sorts a backlog into levels, as indices: no task waits for another one of its level or of a later one. Within a
/// level the order of the backlog is kept.
///
/// # Errors
/// The task at this index stands there twice, or begins a circle.
pub fn levels(tasks: &[Outline]) -> Result<Vec<Vec<usize>>, (usize, BacklogError)> {
    let parents = parents(tasks)?;
    let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); tasks.len()];
    let mut unmet: Vec<usize> = parents.iter().map(Vec::len).collect();
    for (index, parents) in parents.iter().enumerate() {
        for &parent in parents {
            dependents[parent].push(index);
        }
    }
    let mut left = tasks.len();
    let mut levels = Vec::new();
    let mut level: Vec<usize> = (0..tasks.len()).filter(|&index| unmet[index] == 0).collect();
    while !level.is_empty() {
        left -= level.len();
        let mut next = Vec::new();
        for &dependent in level.iter().flat_map(|&index| &dependents[index]) {
            unmet[dependent] -= 1;
            if unmet[dependent] == 0 {
                next.push(dependent);
            }
        }
        next.sort_unstable();
        levels.push(std::mem::replace(&mut level, next));
    }
    if left > 0 {
        return Err(circle(tasks, &parents, &unmet));
    }
    Ok(levels)
}

/// The parents of each task that are in the backlog.
fn parents(tasks: &[Outline]) -> Result<Vec<Vec<usize>>, (usize, BacklogError)> {
    let mut places = HashMap::with_capacity(tasks.len());
    for (index, task) in tasks.iter().enumerate() {
        if places.insert(&task.id, index).is_some() {
            return Err((index, BacklogError::Twice { task: task.id.clone() }));
        }
    }
    let of = |task: &Outline| task.depends_on.iter().filter_map(|id| places.get(id).copied()).collect();
    Ok(tasks.iter().map(of).collect())
}

/// One circle among the tasks that are still waited for. Whoever waits leads to it: from parent to parent, until one
/// comes again.
fn circle(tasks: &[Outline], parents: &[Vec<usize>], unmet: &[usize]) -> (usize, BacklogError) {
    let mut path: Vec<usize> = Vec::new();
    let mut places = HashMap::new();
    let mut at = (0..tasks.len()).find(|&index| unmet[index] > 0);
    while let Some(index) = at {
        if let Some(&start) = places.get(&index) {
            path.drain(..start);
            break;
        }
        places.insert(index, path.len());
        path.push(index);
        at = parents[index].iter().copied().find(|&parent| unmet[parent] > 0);
    }
    let first = path.iter().copied().min().unwrap_or_default();
    let turn = path.iter().position(|&index| index == first).unwrap_or_default();
    path.rotate_left(turn);
    (first, BacklogError::Cycle { tasks: path.iter().map(|&index| tasks[index].id.clone()).collect() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn backlog(tasks: &[(&str, &[&str])]) -> Vec<Outline> {
        let id = |text: &&str| text.parse().unwrap();
        let outline = |(name, parents): &(&str, &[&str])| Outline {
            id: id(name),
            depends_on: parents.iter().map(id).collect(),
        };
        tasks.iter().map(outline).collect()
    }

    #[test]
    fn parents_are_in_earlier_levels_and_each_level_keeps_the_order_of_the_file() {
        let tasks =
            backlog(&[("c", &["b"]), ("b", &["a", "elsewhere"]), ("a", &[]), ("d", &["a"]), ("e", &[])]);
        assert_eq!(levels(&tasks).unwrap(), [vec![2, 4], vec![1, 3], vec![0]]);
    }

    #[test]
    fn a_circle_is_named_without_those_that_only_wait_for_it() {
        let tasks = backlog(&[("late", &["b"]), ("a", &["c"]), ("b", &["a"]), ("c", &["b"])]);
        let (index, error) = levels(&tasks).unwrap_err();
        assert_eq!((index, error.to_string().as_str()), (1, "the tasks a, c, b wait for each other"));
    }

    #[test]
    fn a_name_that_stands_there_twice_is_refused_where_it_comes_again() {
        let (index, error) = levels(&backlog(&[("a", &[]), ("b", &[]), ("a", &[])])).unwrap_err();
        assert_eq!((index, error.to_string().as_str()), (2, "task a stands in the backlog twice"));
    }

    proptest! {
        #[test]
        fn whatever_waits_for_whom_no_task_comes_before_what_it_waits_for(
            edges in proptest::collection::vec((0_usize..30, 0_usize..30), 0..60),
        ) {
            let name = |index: usize| format!("t{index}").parse::<TaskId>().unwrap();
            let waits = |index: usize| {
                let mut parents: Vec<_> = edges.iter().filter(|edge| edge.0 == index).map(|edge| edge.1).collect();
                parents.sort_unstable();
                parents.dedup();
                parents
            };
            let tasks: Vec<_> = (0..30)
                .map(|index| Outline { id: name(index), depends_on: waits(index).into_iter().map(name).collect() })
                .collect();
            match levels(&tasks) {
                Ok(levels) => {
                    let level = |wanted: usize| levels.iter().position(|level| level.contains(&wanted)).unwrap();
                    prop_assert_eq!(levels.iter().map(Vec::len).sum::<usize>(), 30);
                    for (task, parent) in &edges {
                        prop_assert!(level(*parent) < level(*task));
                    }
                }
                Err((_, BacklogError::Cycle { tasks })) => {
                    for (index, task) in tasks.iter().enumerate() {
                        let next = &tasks[(index + 1) % tasks.len()];
                        prop_assert!(edges.iter().any(|edge| name(edge.0) == *task && name(edge.1) == *next));
                    }
                    prop_assert!(!tasks.is_empty());
                }
                Err((_, error)) => prop_assert!(false, "{}", error),
            }
        }
    }
}
