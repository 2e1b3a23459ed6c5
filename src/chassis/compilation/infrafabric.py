"""What the host does for a swarm: importable in the file that is compiled."""

import json

import componentize_py_types
import wit_world

# Set once the file is compiled: while it is, there is no task, and so nobody to log or to call for.
is_serving = False


class RequestError(OSError):
    """The host refused a call, or it failed; the text says which and why."""


def log(line):
    """Logs one line."""
    _serving("log")
    wit_world.log(str(line))


def http_request(request):
    """Calls an outside service, as far as the contract allows.

    The request is a dict: method, url, headers, and body or body_base64. So is the answer: status, headers, and body or
    body_base64.
    """
    _serving("http_request")
    try:
        answer = wit_world.http_request(request if isinstance(request, str) else json.dumps(request))
    except componentize_py_types.Err as refused:
        raise RequestError(refused.value) from None
    return json.loads(answer)


def _serving(name):
    if not is_serving:
        raise RuntimeError(name + " is there for a task: call it in execute_task")
