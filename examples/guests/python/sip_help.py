from infrafabric import log


def execute_task(task):
    log("sip: " + task["question"])
    return {"answer": "use SIP over TLS on port 5061", "input_bytes": len(task.encode())}
