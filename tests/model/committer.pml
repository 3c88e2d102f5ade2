/* The release rule of the committer (gateway/ledger/ledger.cpp), for spin: whoever was told "durable" is on the disk,
   whatever the disk does, and after a failed sync nobody is told so any more.

   Every step is an event, so that a recorded run of the real committer can be held against the model: the driver that
   tests/model/run makes of it (trace.inc) takes the events in the recorded order, and comes to its end only when the
   model allows every step.

   EARLY tells waiters before the sync; RETRY syncs again after a failure and believes it. Both must be found wrong. */
#ifndef N
#define N 3 /* records */
#endif

mtype = { enqueue, written, synced, failed, ack, refuse };
chan event = [0] of { mtype, byte };

bool queued[N], grouped[N], dirty[N], on_disk[N], told[N];
bool sealed = false;
byte group = 0; /* records in the group under way */

#define ready(i) (queued[i] && !grouped[i])

/* The disk: a sync makes durable what is dirty. When it fails, pages may be dropped and count as clean afterwards, so
   that a later sync that succeeds says nothing about them. */
inline sync_succeeds() {
  d_step {
    i = 0;
    do
    :: i < N -> if :: dirty[i] -> on_disk[i] = true; dirty[i] = false :: else fi; i++
    :: else -> break
    od
  }
}
inline sync_fails() {
  d_step {
    i = 0;
    do
    :: i < N -> dirty[i] = false; i++
    :: else -> break
    od;
    sealed = true
  }
}

proctype Exchange(byte me) {
  if
  :: sealed -> event!refuse, me
  :: event!enqueue, me -> queued[me] = true
  fi
}

inline tell_all() {
  i = 0;
  do
  :: i < N ->
     if
     :: grouped[i] && queued[i] ->
        queued[i] = false;
        if
        :: !good -> event!refuse, i
        :: good -> event!ack, i; told[i] = true; assert(on_disk[i])
        fi
     :: else
     fi;
     i++
  :: else -> break
  od
}

active proctype Committer() {
  byte i;
  bool good;
end:
  do
  :: atomic {
       (group == 0) ->
       i = 0;
       do /* some of what waits, in any mix: nothing below may depend on which */
       :: i < N -> if :: ready(i) -> grouped[i] = true; group++ :: true fi; i++
       :: else -> break
       od;
       if :: group == 0 -> goto end :: else fi
     };
     good = false;
     if
     :: sealed
     :: !sealed ->
        if
        :: event!written, group;
           d_step { i = 0; do :: i < N -> if :: grouped[i] && queued[i] -> dirty[i] = true :: else fi; i++ :: else -> break od };
#ifdef EARLY
           good = true; tell_all(); good = false;
#endif
           if
           :: event!synced, 0 -> sync_succeeds(); good = true
           :: event!failed, 0 -> sync_fails()
#ifdef RETRY
              ; if :: event!synced, 0 -> sync_succeeds(); good = true :: skip fi
#endif
           fi
        :: event!failed, 1 -> sealed = true /* the write itself failed */
        fi
     fi;
     tell_all();
     group = 0
  od
}

#ifdef TRACE
active proctype Driver() {
#include "trace.inc"
}
#else
active proctype Anybody() {
end:
  do
  :: event?_, _
  od
}
#endif

init {
  byte i = 0;
  atomic {
    do
    :: i < N -> run Exchange(i); i++
    :: else -> break
    od
  }
}
