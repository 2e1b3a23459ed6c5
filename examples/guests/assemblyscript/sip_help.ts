// Helps a swarm that is stuck on SIP, as sip_help.wat does; a core module.
//
// Texts cross as UTF-8 in memory: the host asks alloc for room, writes the task there and calls execute_task with the
// place. The answer is a place, too: its pointer in the high 32 bits, its length in the low ones.

@external("env", "log")
declare function hostLog(pointer: usize, length: i32): void;

export function alloc(length: i32): usize {
  return heap.alloc(length);
}

export function execute_task(pointer: usize, length: i32): u64 {
  const task = String.UTF8.decodeUnsafe(pointer, length);
  log("sip: a question has come in");
  const bytes = String.UTF8.byteLength(task);
  return packed('{"answer":"use SIP over TLS on port 5061","input_bytes":' + bytes.toString() + "}");
}

function log(line: string): void {
  const text = String.UTF8.encode(line);
  hostLog(changetype<usize>(text), text.byteLength);
}

// An instance lives for one task, so nothing is ever collected and the text stays where it is.
function packed(answer: string): u64 {
  const text = String.UTF8.encode(answer);
  return ((<u64>changetype<usize>(text)) << 32) | (<u64>text.byteLength);
}

// What a failed assertion, a thrown error or an index out of range calls.
function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  if (message !== null) log(message);
  unreachable();
}
