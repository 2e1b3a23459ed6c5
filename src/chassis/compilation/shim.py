"""Makes a file with `def execute_task(task)` a component of the world `swarm`.

The file's top level runs here, while it is compiled; its memory is what every task begins with. There are no files later:
what may be imported by then is imported now.
"""

import ast
import importlib
import importlib.util
import inspect
import json
import linecache
import os
import sys
import traceback
import types

import componentize_py_types
import infrafabric
import wit_world

HERE = os.path.dirname(__file__)
# What Python imports by itself as late as possible.
LATE = ["_strptime", "calendar", "decimal", "locale", "random", "tokenize", "unicodedata", "uuid"]
CODECS = ["ascii", "cp1252", "idna", "latin-1", "punycode", "utf-8-sig", "utf-16", "utf-32", "base64", "hex"]
MODULE = "swarm_file"


def _read(name):
    with open(os.path.join(HERE, name), "rb") as file:
        return file.read()


NAME = _read("source.name").decode()


def _complain(line, message):
    """Says what is wrong with the file, in the one line that the host looks for, and ends."""
    complaint = {"line": line, "message": message}
    sys.stderr.write("\n@complaint " + json.dumps(complaint) + "\n")
    sys.stderr.flush()
    raise SystemExit(1)


def _line_of(error):
    """The innermost line of the file that had a part in an exception."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == NAME]
    return lines[-1] if lines else None


def _summary(error):
    return "".join(traceback.format_exception_only(error)).strip().splitlines()[-1]


def _traceback(error):
    """The traceback without the frames of this file and its neighbour."""
    told = part = traceback.TracebackException.from_exception(error)
    while part is not None:
        frames = [frame for frame in part.stack if os.path.dirname(frame.filename) != HERE]
        part.stack = traceback.StackSummary.from_list(frames)
        part = part.__cause__ or part.__context__
    return "".join(told.format())


def _load(source):
    """Runs the top level of the file."""
    module = types.ModuleType(MODULE)
    module.__file__ = NAME
    sys.modules[MODULE] = module
    try:
        text = importlib.util.decode_source(source)
        linecache.cache[NAME] = (len(text), None, text.splitlines(keepends=True), NAME)
        exec(compile(source, NAME, "exec", dont_inherit=True), module.__dict__)
    except SyntaxError as error:
        # One that the file itself meets while it runs, in what it compiles, is an exception like others.
        line = error.lineno if error.filename == NAME else _line_of(error)
        _complain(line, type(error).__name__ + ": " + str(error.msg))
    except BaseException as error:
        _complain(_line_of(error), _summary(error))
    return module, text


def _entry(module):
    """The function that does a task."""
    function = getattr(module, "execute_task", None)
    if function is None:
        _complain(None, "there is no execute_task: it needs `def execute_task(task)`")
    line = getattr(getattr(function, "__code__", None), "co_firstlineno", None)
    if not callable(function):
        _complain(line, "execute_task is no function: it needs `def execute_task(task)`")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        _complain(line, "execute_task yields: it is to return its answer")
    if inspect.iscoroutinefunction(function):
        _complain(line, "execute_task is async: it needs a plain `def execute_task(task)`")
    try:
        inspect.signature(function).bind("")
    except TypeError:
        _complain(line, "execute_task" + str(inspect.signature(function)) + " does not take the task and nothing else")
    except ValueError:
        pass
    return function


def _import_ahead(text):
    """Imports what functions of the file, and Python itself, import only when they run."""
    names = list(LATE)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names += [node.module] + [node.module + "." + alias.name for alias in node.names]
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:
            # Whoever gets there is told.
            pass
    for codec in CODECS:
        try:
            "".encode(codec)
        except LookupError:
            pass


def _rehearse():
    """Raises and formats an exception, for that imports as well."""
    try:
        exec(compile("1 // 0", NAME, "exec"), {})
    except ZeroDivisionError as error:
        _traceback(error)


class Task(str):
    """The task: the JSON text, and a look into it where it is an object."""

    @property
    def json(self):
        """All of it, parsed."""
        return json.loads(str(self))

    def __getitem__(self, key):
        return self.json[key] if isinstance(key, str) else super().__getitem__(key)

    def get(self, key, default=None):
        """One of its fields."""
        return self.json.get(key, default)

    def keys(self):
        """The names of its fields."""
        return self.json.keys()

    def items(self):
        """Its fields."""
        return self.json.items()


def _answer(value):
    """What a task is answered: text that is JSON as it is, everything else as JSON."""
    if isinstance(value, str):
        try:
            json.loads(value)
            return str(value)
        except ValueError:
            pass
    return json.dumps(value, allow_nan=False)


_module, _text = _load(_read("source"))
_execute_task = _entry(_module)
_import_ahead(_text)
_rehearse()


class WitWorld(wit_world.WitWorld):
    def execute_task(self, task):
        try:
            return _answer(_execute_task(Task(task)))
        except componentize_py_types.Err:
            raise
        except BaseException as error:
            raise componentize_py_types.Err(_traceback(error)) from None


infrafabric.is_serving = True
