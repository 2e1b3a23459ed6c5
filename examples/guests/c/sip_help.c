/* Helps a swarm that is stuck on SIP, as sip_help.wat does; a core module without any library.
 *
 * The host asks alloc for room, writes the task there, and calls execute_task with the place. The answer is a place,
 * too: its pointer in the high 32 bits, its length in the low ones. */

typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(name)))

__attribute__((import_module("env"), import_name("log"))) void host_log(const char *line, u32 length);

static const char LINE[] = "sip: a question has come in";
static const char ANSWER[] = "{\"answer\":\"use SIP over TLS on port 5061\",\"input_bytes\":";

/* The answer, the digits of a length, and the brace. */
static char answer[sizeof ANSWER + 11];

/* Where the linker says that memory is free. */
extern char __heap_base;
static char *next = &__heap_base;

/* Hands out memory from below and never takes it back: an instance lives for one task. */
EXPORT("alloc") char *alloc(u32 length) {
    const u32 page = 65536;
    char *room = next;
    next += length;
    u32 pages = ((u32)next + page - 1) / page;
    u32 present = __builtin_wasm_memory_size(0);
    if (pages > present && __builtin_wasm_memory_grow(0, pages - present) == (u32)-1)
        __builtin_trap();
    return room;
}

static char *write_decimal(char *at, u32 number) {
    if (number >= 10)
        at = write_decimal(at, number / 10);
    *at = (char)('0' + number % 10);
    return at + 1;
}

EXPORT("execute_task") u64 execute_task(const char *task, u32 length) {
    (void)task;
    host_log(LINE, sizeof LINE - 1);
    char *at = answer;
    for (const char *from = ANSWER; *from; from++)
        *at++ = *from;
    at = write_decimal(at, length);
    *at++ = '}';
    return (u64)(u32)answer << 32 | (u32)(at - answer);
}
