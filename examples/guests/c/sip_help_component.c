/* Helps a swarm that is stuck on SIP, as sip_help.c does, but as a component of the world in src/chassis/wit/swarm.wit.
 *
 * What is exported and imported here is the canonical ABI of that world, written by hand: a text is a pointer and a
 * length, and the answer lies in memory as a tag and a text. For worlds with more than texts, wit-bindgen writes it. */

typedef unsigned int u32;

#define EXPORT(name) __attribute__((export_name(name)))

__attribute__((import_module("$root"), import_name("log"))) void host_log(const char *line, u32 length);

static const char LINE[] = "sip: a question has come in";
static const char ANSWER[] = "{\"answer\":\"use SIP over TLS on port 5061\",\"input_bytes\":";

/* The answer, the digits of a length, and the brace. */
static char answer[sizeof ANSWER + 11];

/* A result<string, string>. */
static struct {
    unsigned char is_error;
    const char *text;
    u32 length;
} result;

/* Where the linker says that memory is free. */
extern char __heap_base;
static char *next = &__heap_base;

/* The host asks for room for what it passes in. Memory is handed out from below and never taken back: an instance
 * lives for one task, and nothing that it is given grows. */
EXPORT("cabi_realloc") char *cabi_realloc(char *old, u32 old_length, u32 alignment, u32 length) {
    (void)old, (void)old_length;
    const u32 page = 65536;
    char *room = (char *)(((u32)next + alignment - 1) & -alignment);
    next = room + length;
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

EXPORT("execute-task") void *execute_task(const char *task, u32 length) {
    (void)task;
    host_log(LINE, sizeof LINE - 1);
    char *at = answer;
    for (const char *from = ANSWER; *from; from++)
        *at++ = *from;
    at = write_decimal(at, length);
    *at++ = '}';
    result.text = answer;
    result.length = (u32)(at - answer);
    return &result;
}
