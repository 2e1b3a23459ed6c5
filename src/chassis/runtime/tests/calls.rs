//! Calls of outside services by core modules.

use std::future::pending;

use super::super::call::{Egress, Response};
use super::*;

/// A guest whose `alloc` hands out memory from 4096 on, and whose task is `body`; it may call `$http`.
fn calling(alloc: &str, body: &str) -> String {
    format!(
        r#"(module
          (import "env" "http_request" (func $http (param i32 i32) (result i64)))
          (memory (export "memory") 4)
          (global $next (mut i32) (i32.const 4096))
          (func $alloc (export "alloc") (param $n i32) (result i32) {alloc})
          (func $execute (export "execute_task") (param $p i32) (param $n i32) (result i64) {body}))"#
    )
}

const ROOM: &str = "(global.get $next) (global.set $next (i32.add (global.get $next) (local.get $n)))";
const CALL: &str = "(call $http (i32.const 0) (i32.const 2))";

/// Answers nothing, ever.
struct Silent;

impl Egress for Silent {
    fn call<'a>(&'a self, _request: &'a str) -> Response<'a> {
        Box::pin(pending())
    }
}

/// Answers the request.
struct Echo;

impl Egress for Echo {
    fn call<'a>(&'a self, request: &'a str) -> Response<'a> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(format!("{request:?}"))
        })
    }
}

async fn run_with(egress: impl Egress + 'static, text: &str, limits: &Limits) -> Execution {
    let sandbox = Sandbox { egress: Arc::new(egress), ..Sandbox::new().unwrap() };
    let module = sandbox.compile(text.as_bytes()).unwrap();
    sandbox.execute(&module, limits, &task("1"), |_: &str| ()).await.unwrap()
}

#[tokio::test]
async fn a_call_is_refused_and_counted() {
    let body = format!("(drop {CALL}) {CALL}");
    let execution = run(&calling(ROOM, &body), &generous()).await;
    assert_eq!(execution.outcome.unwrap(), r#"{"error":"refused: the contract allows no egress"}"#);
    assert_eq!(execution.calls, 2);
}

#[tokio::test]
async fn a_response_reaches_the_guest_that_asked() {
    let text = calling(ROOM, &format!("(i32.store16 (i32.const 0) (i32.const 0x6968)) {CALL}"));
    assert_eq!(run_with(Echo, &text, &generous()).await.outcome.unwrap(), "\"hi\"");
}

#[tokio::test]
async fn a_slow_call_is_stopped_by_the_wall_clock() {
    let execution = run_with(Silent, &calling(ROOM, CALL), &short()).await;
    assert_eq!(execution.outcome, Err(GuestFailure::TimedOut { after: short().execution_time }));
}

#[tokio::test]
async fn a_response_that_is_too_long_is_kept_from_the_guest() {
    let limits = Limits { response_bytes: 3, ..generous() };
    let execution = run_with(Echo, &calling(ROOM, CALL), &limits).await;
    let answer = r#"{"error":"refused: the response has 6 bytes, 3 are allowed"}"#;
    assert_eq!(execution.outcome.unwrap(), answer);
}

#[tokio::test]
async fn a_request_that_is_too_long_stops_the_guest() {
    let limits = Limits { request_bytes: 100, ..generous() };
    for (length, stopped) in [(100, false), (101, true)] {
        let text = calling(ROOM, &format!("(call $http (i32.const 0) (i32.const {length}))"));
        let execution = run(&text, &limits).await;
        let what = "a request of 101 bytes, 100 are allowed".to_owned();
        assert_eq!(execution.outcome.err(), stopped.then_some(GuestFailure::Hostcall { what }));
        assert_eq!(execution.calls, 1);
    }
}

#[tokio::test]
async fn a_request_outside_memory_or_that_is_no_text_stops_the_guest() {
    for (pointer, length) in [(-1, 2), (0x3ffff, 2), (-1, -1), (1, -1)] {
        let text = calling(ROOM, &format!("(call $http (i32.const {pointer}) (i32.const {length}))"));
        let GuestFailure::Trap { what } = failure(&text, &generous()).await else { panic!("{pointer}") };
        assert!(what.starts_with("env.http_request of"), "{what}");
    }
    let text = calling(ROOM, &format!("(i32.store8 (i32.const 0) (i32.const 255)) {CALL}"));
    let GuestFailure::Trap { what } = failure(&text, &generous()).await else { panic!() };
    assert!(what.starts_with("env.http_request of what is not UTF-8"), "{what}");
}

#[tokio::test]
async fn room_for_a_response_outside_memory_is_not_written() {
    // The first room, for the task, is good.
    let alloc = "(global.get $next) (global.set $next (i32.const 0x3ffff))";
    let GuestFailure::Trap { what } = failure(&calling(alloc, CALL), &generous()).await else { panic!() };
    assert!(what.starts_with("alloc(50) gave 262143, outside its memory"), "{what}");
}

#[tokio::test]
async fn a_call_from_within_a_call_cannot_pile_up_stacks_of_the_host() {
    let text = calling(&format!("(drop {CALL}) (i32.const 4096)"), CALL);
    let execution = run(&text, &generous()).await;
    let GuestFailure::Trap { what } = execution.outcome.unwrap_err() else { panic!() };
    assert!(what.starts_with("env.http_request from within alloc"), "{what}");
    assert_eq!(execution.calls, 2);
}
