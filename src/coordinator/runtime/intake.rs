//! Taking in a file of tasks, however large: looked through first, then read again in the order in which it can be
//! submitted. Of one JSON document a line, only names and places stay in memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::Path;

use serde::Serialize;

use crate::coordinator::backlog::{BacklogError, NewTask, Outline, levels, parse, parse_line, parse_list};
use crate::coordinator::service::{Authority, Coordinator, CoordinatorError};
use crate::id::TaskId;
use crate::store::MAX_BATCH;

/// How many bytes go in one batch, roughly; etcd refuses requests above 1.5 MiB.
const BATCH_BYTES: usize = 512 * 1024;

/// With this some programs begin a file to say that it is UTF-8.
const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// A file of tasks that nothing is wrong with.
#[derive(Debug)]
pub struct Intake {
    source: Source,
    levels: Vec<Vec<usize>>,
}

#[derive(Debug)]
enum Source {
    /// One JSON document a line.
    Lines { file: File, places: Vec<Place> },
    /// YAML or a JSON array, which is read as a whole.
    Whole(Vec<NewTask>),
}

/// Where a task stands in its file.
#[derive(Debug, Clone, Copy)]
struct Place {
    line: usize,
    offset: u64,
    length: usize,
}

/// How far the intake is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How many tasks were submitted.
    pub submitted: usize,
    /// How many had been submitted before.
    pub known: usize,
    /// How many of all these may be claimed now.
    pub ready: usize,
}

/// Why a file of tasks is not taken in, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// It cannot be read.
    #[error("it cannot be read")]
    Unreadable(#[from] io::Error),
    /// It is not written in UTF-8. Nothing was submitted.
    #[error("line {line} is not UTF-8")]
    NotText {
        /// The first line that is not.
        line: usize,
    },
    /// It is not what it should be. Nothing was submitted.
    #[error("it is no file of tasks")]
    Backlog {
        /// The line, where tasks have lines.
        line: Option<usize>,
        /// What is wrong.
        source: BacklogError,
    },
    /// It is another file than when it was looked through.
    #[error("line {line} has changed while it was read")]
    Changed {
        /// The line.
        line: usize,
    },
    /// One task is refused. What came before it in the order of submission is submitted.
    #[error("task {task} is refused")]
    Task {
        /// The line, where tasks have lines.
        line: Option<usize>,
        /// The task.
        task: TaskId,
        /// Why.
        source: Box<CoordinatorError>,
    },
    /// The store does not go on.
    #[error(transparent)]
    Store(#[from] CoordinatorError),
}

impl IntakeError {
    /// The line that it is about, where it is about one that is known.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Backlog { line, .. } | Self::Task { line, .. } => *line,
            Self::Changed { line } | Self::NotText { line } => Some(*line),
            Self::Unreadable(_) | Self::Store(_) => None,
        }
    }

    /// Whether the same again may get further, although nobody has changed anything.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Changed { .. } => true,
            Self::Store(error) => error.is_retryable(),
            Self::Unreadable(_) | Self::NotText { .. } | Self::Backlog { .. } | Self::Task { .. } => false,
        }
    }
}

/// A file as a whole is wrong.
impl From<BacklogError> for IntakeError {
    fn from(source: BacklogError) -> Self {
        Self::Backlog { line: source.line(), source }
    }
}

impl Intake {
    /// Looks through a file, or through standard input for `-`: YAML or JSON that is a list or has one under the key `tasks`,
    /// or one JSON document a line.
    ///
    /// # Errors
    /// [`IntakeError::Backlog`] names what is wrong and where.
    pub fn open(path: &Path) -> Result<Self, IntakeError> {
        if path == Path::new("-") {
            return Self::look_through(spooled(io::stdin().lock())?);
        }
        let file = File::open(path)?;
        // A pipe can be read once only.
        let is_file = file.metadata()?.is_file();
        Self::look_through(if is_file { file } else { spooled(file)? })
    }

    fn look_through(mut file: File) -> Result<Self, IntakeError> {
        let start = start(&file);
        match first(&mut file, start)? {
            None => Err(BacklogError::Empty.into()),
            Some(b'{') if !has_key_of_tasks(&mut file, start)? => Self::of_lines(file, start),
            Some(b'{') => {
                let text = text(&mut file)?;
                // What is no JSON may be YAML in one line.
                Self::of_tasks(parse_list(&text).or_else(|error| parse(&text).map_err(|_| error))?)
            }
            Some(b'[') => Self::of_tasks(parse_list(&text(&mut file)?)?),
            Some(_) => Self::of_tasks(parse(&text(&mut file)?)?),
        }
    }

    fn of_tasks(tasks: Vec<NewTask>) -> Result<Self, IntakeError> {
        let outlines: Vec<_> = tasks.iter().map(NewTask::outline).collect();
        let levels = levels(&outlines).map_err(|(_, error)| error)?;
        Ok(Self { source: Source::Whole(tasks), levels })
    }

    fn of_lines(mut file: File, start: u64) -> Result<Self, IntakeError> {
        let (places, outlines) = lines(&mut file, start)?;
        let levels = levels(&outlines).map_err(|(index, source)| {
            let line = places.get(index).map(|place| place.line);
            IntakeError::Backlog { line, source }
        })?;
        Ok(Self { source: Source::Lines { file, places }, levels })
    }

    /// How many tasks there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.levels.iter().map(Vec::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// Submits what has not been submitted before; `progress` is told after every batch.
    ///
    /// # Errors
    /// [`IntakeError`] where it stopped; doing it again goes on there.
    pub async fn submit(
        &self,
        coordinator: &Coordinator,
        authority: &Authority,
        mut progress: impl FnMut(Tally),
    ) -> Result<Tally, IntakeError> {
        let mut tally = Tally::default();
        for level in &self.levels {
            let mut rest = level.as_slice();
            while !rest.is_empty() {
                let batch = self.batch(rest)?;
                let outcomes = coordinator.submit_each(&batch, authority).await?;
                let mut refused = None;
                for ((&index, task), outcome) in rest.iter().zip(&batch).zip(outcomes) {
                    match outcome {
                        Ok(submitted) => tally.count(submitted.created, submitted.task.is_ready()),
                        Err(source) => refused = refused.or(Some((index, task.id.clone(), source))),
                    }
                }
                progress(tally);
                if let Some((index, task, source)) = refused {
                    return Err(self.refused(index, task, source));
                }
                rest = &rest[batch.len()..];
            }
        }
        Ok(tally)
    }

    fn refused(&self, index: usize, task: TaskId, source: CoordinatorError) -> IntakeError {
        if source.is_retryable() {
            return source.into();
        }
        let line = match &self.source {
            Source::Lines { places, .. } => places.get(index).map(|place| place.line),
            Source::Whole(_) => None,
        };
        IntakeError::Task { line, task, source: Box::new(source) }
    }

    /// As many tasks as go in one batch, at least one.
    fn batch(&self, indices: &[usize]) -> Result<Vec<NewTask>, IntakeError> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        for &index in indices.iter().take(MAX_BATCH) {
            let task = self.task(index)?;
            bytes += weight(&task);
            if bytes > BATCH_BYTES && !batch.is_empty() {
                break;
            }
            batch.push(task.keyed());
        }
        Ok(batch)
    }

    fn task(&self, index: usize) -> Result<NewTask, IntakeError> {
        match &self.source {
            Source::Whole(tasks) => Ok(tasks[index].clone()),
            Source::Lines { file, places } => {
                let Place { line, offset, length } = places[index];
                let mut bytes = vec![0; length];
                let changed = || IntakeError::Changed { line };
                file.read_exact_at(&mut bytes, offset).map_err(|_| changed())?;
                let text = std::str::from_utf8(&bytes).map_err(|_| changed())?;
                parse_line(text).map_err(|_| changed())
            }
        }
    }
}

impl Tally {
    fn count(&mut self, created: bool, ready: bool) {
        self.submitted += usize::from(created);
        self.known += usize::from(!created);
        self.ready += usize::from(ready);
    }

    /// How many tasks of the file are in the store.
    #[must_use]
    pub fn total(self) -> usize {
        self.submitted + self.known
    }
}

/// How many bytes a task takes on its way, as far as they depend on what it says.
fn weight(task: &NewTask) -> usize {
    let capabilities: usize = task.required_capabilities.iter().map(|name| name.as_str().len()).sum();
    let parents: usize = task.depends_on.iter().map(|id| id.as_str().len() + task.id.as_str().len()).sum();
    task.payload.as_ref().map_or(0, String::len) + task.title.len() + capabilities + 3 * parents
}

/// What comes once is kept in a file that has no name.
fn spooled(mut input: impl Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut input, &mut file)?;
    file.rewind()?;
    Ok(file)
}

/// Where the text begins.
fn start(file: &File) -> u64 {
    let mut mark = [0; MARK.len()];
    // A file that is shorter has no mark.
    if file.read_exact_at(&mut mark, 0).is_ok() && mark == MARK { MARK.len() as u64 } else { 0 }
}

/// What the text begins with, apart from space. Leaves the file there where the text begins.
fn first(file: &mut File, start: u64) -> io::Result<Option<u8>> {
    file.seek(SeekFrom::Start(start))?;
    let mut reader = BufReader::new(&mut *file);
    let first = loop {
        let buffer = reader.fill_buf()?;
        match buffer.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(first) => break Some(*first),
            None if buffer.is_empty() => break None,
            None => {
                let length = buffer.len();
                reader.consume(length);
            }
        }
    };
    file.seek(SeekFrom::Start(start))?;
    Ok(first)
}

/// Whether the object that the text begins with has the list of all tasks, and is not one of them on a line. Leaves the file
/// there where the text begins.
fn has_key_of_tasks(file: &mut File, start: u64) -> io::Result<bool> {
    /// Nobody puts more space before it.
    const LOOKED_AT: u64 = 4096;
    let mut bytes = Vec::new();
    Read::by_ref(file).take(LOOKED_AT).read_to_end(&mut bytes)?;
    file.seek(SeekFrom::Start(start))?;
    let text = bytes.trim_ascii_start().strip_prefix(b"{").unwrap_or_default().trim_ascii_start();
    let named = [&b"\"tasks\""[..], b"'tasks'", b"tasks"].iter().find_map(|name| text.strip_prefix(*name));
    Ok(named.is_some_and(|rest| rest.trim_ascii_start().starts_with(b":")))
}

/// The rest of a file.
fn text(file: &mut File) -> Result<String, IntakeError> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|error| {
        let legible = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        IntakeError::NotText { line: legible.split(|byte| *byte == b'\n').count() }
    })
}

/// Where the tasks stand, and in what order they can come.
fn lines(file: &mut File, start: u64) -> Result<(Vec<Place>, Vec<Outline>), IntakeError> {
    let mut reader = BufReader::new(file);
    let (mut places, mut outlines) = (Vec::new(), Vec::new());
    let mut bytes = Vec::new();
    let (mut line, mut offset) = (0, start);
    loop {
        bytes.clear();
        let length = reader.read_until(b'\n', &mut bytes)?;
        if length == 0 {
            return Ok((places, outlines));
        }
        line += 1;
        let text = std::str::from_utf8(&bytes).map_err(|_| IntakeError::NotText { line })?;
        if !text.trim().is_empty() {
            let wrong = |source| IntakeError::Backlog { line: Some(line), source };
            outlines.push(parse_line(text).map_err(wrong)?.outline());
            places.push(Place { line, offset, length });
        }
        offset += length as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look_through(text: &str) -> Result<Intake, IntakeError> {
        Intake::look_through(spooled(text.as_bytes()).unwrap())
    }

    fn ids(intake: &Intake) -> Vec<String> {
        intake.levels.iter().flatten().map(|&index| intake.task(index).unwrap().id.to_string()).collect()
    }

    #[test]
    fn lines_and_yaml_are_read_parents_first() {
        let lines = "\n{\"id\":\"b\",\"depends_on\":[\"a\"]}\n\n{\"id\":\"a\"}\r\n{\"id\":\"c\"}";
        let yaml = "# a comment\ntasks:\n- {id: b, depends_on: [a]}\n- {id: a}\n- {id: c}\n";
        let list = "[\n\t{\"id\":\"b\",\"depends_on\":[\"a\"]}, {\"id\":\"a\"},\n{\"id\":\"c\",\"title\":\"\\ud83d\\ude00\"}]";
        for text in [lines, yaml, list] {
            for mark in ["", "\u{feff}"] {
                assert_eq!(ids(&look_through(&format!("{mark}{text}")).unwrap()), ["a", "c", "b"]);
            }
        }
        assert!(look_through("tasks: []").unwrap().is_empty(), "somebody says that there are none");
    }

    #[test]
    fn what_is_no_text_or_empty_is_refused_where_it_is_so() {
        let refused = |bytes: &[u8]| Intake::look_through(spooled(bytes).unwrap()).unwrap_err().to_string();
        for (bytes, line) in [
            (&b"{\"id\":\"a\"}\n{\"id\":\"\xff\"}\n"[..], 2),
            (&b"tasks:\n- {id: a}\n- {id: b, title: \xe4}\n"[..], 3),
            (&b"\xff\xfe{\0"[..], 1),
        ] {
            assert_eq!(refused(bytes), format!("line {line} is not UTF-8"));
        }
        for text in ["", "\n \n", "\u{feff}"] {
            let error = look_through(text).unwrap_err();
            assert!(matches!(error, IntakeError::Backlog { source: BacklogError::Empty, .. }), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, says) in [
            ("{\"id\":\"a\"}\n\n{\"id\":\"a\"}", "line 3: task a stands in the backlog twice"),
            (
                "{\"id\":\"a\"}\n{\"id\":\"b\",\"priority\":10}",
                "line 2: task b: priority 10 is not from 0 to 9",
            ),
            ("{\"id\":\"a\"}\n{\"id\":", "line 2: the task is malformed"),
            (
                "{\"id\":\"x\"}\n{\"id\":\"a\",\"depends_on\":[\"b\"]}\n{\"id\":\"b\",\"depends_on\":[\"a\"]}",
                "line 2: the tasks a, b wait for each other",
            ),
            (
                "tasks:\n- {id: a, depends_on: [b]}\n- {id: b, depends_on: [a]}\n",
                "the tasks a, b wait for each other",
            ),
            ("tasks:\n- {id: a}\n- {id: b, prio: 1}\n", "line 3: the backlog is malformed"),
            ("[{\"id\":\"a\"},\n{\"id\":\"b\",\"prio\":1}]", "line 2: the list of tasks is malformed"),
        ] {
            let error = look_through(text).unwrap_err();
            let line = error.line().map_or_else(String::new, |line| format!("line {line}: "));
            let IntakeError::Backlog { source, .. } = error else { panic!("{error}") };
            assert_eq!(format!("{line}{source}"), says);
        }
    }

    #[test]
    fn a_file_that_changes_under_the_reader_is_refused() {
        let file = spooled("{\"id\":\"a\"}\n".as_bytes()).unwrap();
        let writing = file.try_clone().unwrap();
        let intake = Intake::look_through(file).unwrap();
        writing.write_all_at(b"######", 0).unwrap();
        assert!(matches!(intake.task(0), Err(IntakeError::Changed { line: 1 })));
    }

    #[test]
    fn a_batch_ends_before_it_is_too_large() {
        let payload = "x".repeat(200 * 1024);
        let line = |index| format!("{{\"id\":\"t{index}\",\"payload\":\"{payload}\"}}");
        let text = (0..5).map(line).collect::<Vec<_>>().join("\n");
        let intake = look_through(&text).unwrap();
        assert_eq!(intake.batch(&[0, 1, 2, 3, 4]).unwrap().len(), 2);
        let line = |index| format!("{{\"id\":\"t{index}\"}}");
        let many = (0..250).map(line).collect::<Vec<_>>().join("\n");
        let intake = look_through(&many).unwrap();
        assert_eq!(intake.batch(&intake.levels[0]).unwrap().len(), MAX_BATCH);
    }
}
