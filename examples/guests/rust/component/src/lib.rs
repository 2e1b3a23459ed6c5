//! Helps a swarm that is stuck on SIP, as sip_help.wat does; a component.

wit_bindgen::generate!({ path: "../../../../src/chassis/wit", world: "swarm" });

struct SipHelp;

impl Guest for SipHelp {
    fn execute_task(task: String) -> Result<String, String> {
        log("sip: a question has come in");
        Ok(format!(r#"{{"answer":"use SIP over TLS on port 5061","input_bytes":{}}}"#, task.len()))
    }
}

export!(SipHelp);
