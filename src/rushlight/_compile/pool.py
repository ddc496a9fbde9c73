"""Threads that share the loops of compiled code.

A job is a function of a range of parts. The caller publishes it and takes parts like everybody else, so a helper that
comes late, or never, costs nothing but its help. A helper looks for the next job for some 0.1 ms before it sleeps: a
step has many jobs, and waking a sleeper costs more than most of them.

Everything that says which piece is next is one word (the ticket: the job's number, how many pieces there are, how many
were taken from the front and from the back), and a piece is taken by exchanging that word: so nobody takes a piece of one
job for that of another. What else describes a job is written only while no piece is left to take. The caller takes from
the front and the helpers from the back: from one job to the next they meet the same memory in their own caches.

Python's lock is held during a call of compiled code, so there is one job at a time. A forked child has no helpers until
it compiles something itself.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import threading
from typing import Any

from .._core import large
from . import cache, llvm
from .host import host, is_arm, is_x86

SPINS = 2000  # how often to look for a job before sleeping; a look takes some 50 ns
FIELD = 12  # bits of each number of pieces in a ticket; the rest is the job's
STACK = 1 << 20  # bytes of a helper's stack, whatever threads have by default: products copy their operands there
PIECES = 1 << 10  # into how many pieces a job may be cut

_PAUSE = {
    "x86": ("call void @llvm.x86.sse2.pause()", "declare void @llvm.x86.sse2.pause()"),
    "arm": ("call void @llvm.aarch64.hint(i32 1)", "declare void @llvm.aarch64.hint(i32)"),
    "other": ("fence seq_cst", ""),
}


def written() -> str:
    """The IR of the pool."""
    kind = "x86" if is_x86() else "arm" if is_arm() else "other"
    pause, declared = _PAUSE[kind]
    mask = (1 << FIELD) - 1
    return f"""
@ticket = global i64 0, align 64     ; job << 3 FIELD | taken from the back << 2 FIELD | from the front << FIELD | pieces
@done = global i64 0, align 64       ; pieces done
@function = global ptr null, align 64
@parts = global i64 0
@size = global i64 0                 ; parts in a piece
@helpers = global i64 0              ; that were started
@sleeping = global i64 0
@ending = global i64 0
@threads = global ptr null           ; where the number of threads that are wanted is
@lock = global [16 x i64] zeroinitializer, align 64
@wake = global [16 x i64] zeroinitializer, align 64
{declared}
declare i32 @pthread_mutex_init(ptr, ptr)
declare i32 @pthread_cond_init(ptr, ptr)
declare i32 @pthread_mutex_lock(ptr)
declare i32 @pthread_mutex_unlock(ptr)
declare i32 @pthread_cond_wait(ptr, ptr)
declare i32 @pthread_cond_broadcast(ptr)
declare i32 @sched_yield()

define void @prepare() {{
  %a = call i32 @pthread_mutex_init(ptr @lock, ptr null)
  %b = call i32 @pthread_cond_init(ptr @wake, ptr null)
  store atomic i64 0, ptr @helpers seq_cst, align 8
  store atomic i64 0, ptr @sleeping seq_cst, align 8
  store atomic i64 0, ptr @ending seq_cst, align 8
  ret void
}}

define internal i1 @room(i64 %t) {{
  %pieces = and i64 %t, {mask}
  %high = lshr i64 %t, {FIELD}
  %front = and i64 %high, {mask}
  %higher = lshr i64 %t, {2 * FIELD}
  %back = and i64 %higher, {mask}
  %taken = add i64 %front, %back
  %some = icmp ult i64 %taken, %pieces
  ret i1 %some
}}

; Take pieces while there are any, from the front (%unit {1 << FIELD}) or from the back (%unit {1 << 2 * FIELD}).
define internal void @take(i64 %unit) {{
entry:
  %forward = icmp eq i64 %unit, {1 << FIELD}
  br label %look
look:
  %t = load atomic i64, ptr @ticket acquire, align 8
  %some = call i1 @room(i64 %t)
  br i1 %some, label %try, label %none
try:
  %f = load atomic ptr, ptr @function monotonic, align 8
  %size = load atomic i64, ptr @size monotonic, align 8
  %parts = load atomic i64, ptr @parts monotonic, align 8
  %next = add i64 %t, %unit
  %pair = cmpxchg ptr @ticket, i64 %t, i64 %next acq_rel acquire, align 8
  %mine = extractvalue {{ i64, i1 }} %pair, 1
  br i1 %mine, label %do, label %look
do:
  %shifted = udiv i64 %t, %unit
  %taken = and i64 %shifted, {mask}
  %pieces = and i64 %t, {mask}
  %last = sub i64 %pieces, 1
  %behind = sub i64 %last, %taken
  %piece = select i1 %forward, i64 %taken, i64 %behind
  %begin = mul i64 %piece, %size
  %far = add i64 %begin, %size
  %less = icmp slt i64 %far, %parts
  %end = select i1 %less, i64 %far, i64 %parts
  call void %f(i64 %begin, i64 %end)
  %before = atomicrmw add ptr @done, i64 1 acq_rel, align 8
  br label %look
none:
  ret void
}}

; Whether helper number %i may take parts: those above the number of threads that are wanted may not.
define internal i1 @wanted(i64 %i) {{
  %at = load ptr, ptr @threads, align 8
  %n = load atomic i64, ptr %at monotonic, align 8
  %others = sub i64 %n, 1
  %yes = icmp slt i64 %i, %others
  ret i1 %yes
}}

define internal i1 @call(i64 %i) {{
  %t = load atomic i64, ptr @ticket seq_cst, align 8
  %some = call i1 @room(i64 %t)
  %may = call i1 @wanted(i64 %i)
  %both = and i1 %some, %may
  ret i1 %both
}}

define void @help(i64 %i) {{
entry:
  br label %again
again:
  %called = call i1 @call(i64 %i)
  br i1 %called, label %work, label %wait
work:
  call void @take(i64 {1 << 2 * FIELD})
  br label %wait
wait:
  %spins = phi i64 [ 0, %again ], [ 0, %work ], [ %more, %idle ]
  %now = call i1 @call(i64 %i)
  br i1 %now, label %again, label %idle
idle:
  {pause}
  %more = add i64 %spins, 1
  %long = icmp ugt i64 %more, {SPINS}
  br i1 %long, label %tired, label %wait
tired:
  %a = call i32 @pthread_mutex_lock(ptr @lock)
  %b = atomicrmw add ptr @sleeping, i64 1 seq_cst, align 8
  %late = call i1 @call(i64 %i)
  %stop = load atomic i64, ptr @ending seq_cst, align 8
  %over = icmp ne i64 %stop, 0
  %awake = or i1 %late, %over
  br i1 %awake, label %up, label %sleep
sleep:
  %c = call i32 @pthread_cond_wait(ptr @wake, ptr @lock)
  br label %up
up:
  %d = atomicrmw sub ptr @sleeping, i64 1 seq_cst, align 8
  %e = call i32 @pthread_mutex_unlock(ptr @lock)
  %last = load atomic i64, ptr @ending seq_cst, align 8
  %finish = icmp ne i64 %last, 0
  br i1 %finish, label %end, label %again
end:
  ret void
}}

define void @end() {{
  store atomic i64 1, ptr @ending seq_cst, align 8
  %a = call i32 @pthread_mutex_lock(ptr @lock)
  %b = call i32 @pthread_cond_broadcast(ptr @wake)
  %c = call i32 @pthread_mutex_unlock(ptr @lock)
  ret void
}}

; Have %f called for all of %parts parts, %size at a time.
define void @share(ptr %f, i64 %parts, i64 %size) {{
entry:
  %helpers = load atomic i64, ptr @helpers acquire, align 8
  %nobody = icmp eq i64 %helpers, 0
  %may = call i1 @wanted(i64 0)
  %not = xor i1 %may, true
  %alone = or i1 %nobody, %not
  br i1 %alone, label %single, label %publish
single:
  call void %f(i64 0, i64 %parts)
  ret void
publish:
  %over = add i64 %parts, %size
  %minus = sub i64 %over, 1
  %pieces = udiv i64 %minus, %size
  store atomic ptr %f, ptr @function monotonic, align 8
  store atomic i64 %size, ptr @size monotonic, align 8
  store atomic i64 %parts, ptr @parts monotonic, align 8
  store atomic i64 0, ptr @done monotonic, align 8
  %t = load atomic i64, ptr @ticket monotonic, align 8
  %number = lshr i64 %t, {3 * FIELD}
  %new = add i64 %number, 1
  %high = shl i64 %new, {3 * FIELD}
  %word = or i64 %high, %pieces
  store atomic i64 %word, ptr @ticket seq_cst, align 8
  %asleep = load atomic i64, ptr @sleeping seq_cst, align 8
  %some = icmp ne i64 %asleep, 0
  br i1 %some, label %rouse, label %work
rouse:
  %a = call i32 @pthread_mutex_lock(ptr @lock)
  %b = call i32 @pthread_cond_broadcast(ptr @wake)
  %c = call i32 @pthread_mutex_unlock(ptr @lock)
  br label %work
work:
  call void @take(i64 {1 << FIELD})
  br label %wait
wait:
  %spins = phi i64 [ 0, %work ], [ %more, %idle ], [ 0, %yield ]
  %done = load atomic i64, ptr @done acquire, align 8
  %all = icmp eq i64 %done, %pieces
  br i1 %all, label %end, label %idle
idle:
  {pause}
  %more = add i64 %spins, 1
  %long = icmp ugt i64 %more, {SPINS}
  br i1 %long, label %yield, label %wait
yield:                                ; who has the last part may not have a core
  %y = call i32 @sched_yield()
  br label %wait
end:
  ret void
}}
"""


class Pool:
    """The pool of this process."""

    def __init__(self) -> None:
        ir = written()
        key = cache.key_of(ir, repr(host()), llvm.version(), "pool")
        found = cache.load(key)
        if found is None:
            found = llvm.compile_object(ir, host())
            cache.store(key, found)
        self.library = llvm.link(found, ["prepare", "help", "end", "share", "helpers", "threads"])
        self.share = self.library.address("share")
        self.prepare = ctypes.CFUNCTYPE(None)(self.library.address("prepare"))
        self.help = ctypes.CFUNCTYPE(None, ctypes.c_int64)(self.library.address("help"))
        self.end = ctypes.CFUNCTYPE(None)(self.library.address("end"))
        self.helpers = ctypes.c_int64.from_address(self.library.address("helpers"))
        ctypes.c_void_p.from_address(self.library.address("threads")).value = ctypes.addressof(large.threads)
        self.started: list[threading.Thread] = []
        self.prepare()
        # The helpers run code that is unloaded with the process.
        atexit.register(self.stop)
        large.told.append(self.grow)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.forget)

    def grow(self) -> None:
        """Start helpers, so that there is one fewer than threads are wanted."""
        while len(self.started) < large.get_num_threads() - 1:
            number = len(self.started)
            thread = threading.Thread(target=self.help, args=(number,), name=f"rushlight-{number + 1}", daemon=True)
            before = threading.stack_size(STACK)
            try:
                thread.start()
            finally:
                threading.stack_size(before)
            self.started.append(thread)
        self.helpers.value = len(self.started)

    def stop(self) -> None:
        """End the helpers; jobs are done by the caller alone from here on."""
        self.helpers.value = 0
        self.end()
        for thread in self.started:
            thread.join()
        self.forget()

    def forget(self) -> None:
        """There are no helpers: of all threads only the one that forked is in a child."""
        self.started = []
        self.prepare()


_pool: Any = None


def pool() -> Pool:
    """The pool, made when it is first needed."""
    global _pool
    if _pool is None:
        _pool = Pool()
    _pool.grow()
    return _pool
