import json
import wit_world


class WitWorld(wit_world.WitWorld):
    def execute_task(self, task: str) -> str:
        wit_world.log("sip: " + json.loads(task)["question"])
        return json.dumps({"answer": "use SIP over TLS on port 5061", "input_bytes": len(task.encode())})
