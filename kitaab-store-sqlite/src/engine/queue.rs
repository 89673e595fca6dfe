//! Who waits for the writer, in the order in which they came.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

use kitaab_core::store::StoreError;
use tokio::sync::{Notify, oneshot};

use super::lease::Lease;

/// Who asks: a task, or the thread on which the runtime's root future runs, which is no task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    Task(tokio::task::Id),
    Root(ThreadId),
}

impl Caller {
    pub(super) fn current() -> Self {
        tokio::task::try_id().map_or_else(|| Self::Root(std::thread::current().id()), Self::Task)
    }
}

/// Why somebody who waited gets nothing.
pub(super) enum Refused {
    Store(StoreError),
    /// They hold the unit that they wait for.
    WaitsForItself,
}

pub(super) struct Waiter {
    pub(super) caller: Caller,
    pub(super) reply: oneshot::Sender<Result<Lease, Refused>>,
}

#[derive(Default)]
pub(super) struct Queue {
    inner: Mutex<Inner>,
    arrived: Notify,
}

#[derive(Default)]
struct Inner {
    waiting: VecDeque<Waiter>,
    closed: bool,
}

impl Queue {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the waiter back if the queue is closed.
    pub(super) fn push(&self, waiter: Waiter) -> Result<(), Waiter> {
        let mut inner = self.inner();
        if inner.closed {
            return Err(waiter);
        }
        inner.waiting.push_back(waiter);
        drop(inner);
        self.arrived.notify_one();
        Ok(())
    }

    /// The next who still waits, if somebody does now.
    pub(super) fn pop(&self) -> Option<Waiter> {
        let mut inner = self.inner();
        while let Some(waiter) = inner.waiting.pop_front() {
            if !waiter.reply.is_closed() {
                return Some(waiter);
            }
        }
        None
    }

    /// The next who waits; none once the queue is closed and empty.
    pub(super) async fn next(&self) -> Option<Waiter> {
        loop {
            let arrived = self.arrived.notified();
            if let Some(waiter) = self.pop() {
                return Some(waiter);
            }
            if self.inner().closed {
                return None;
            }
            arrived.await;
        }
    }

    /// Refuses those who wait for a unit that they hold themselves.
    pub(super) fn refuse(&self, caller: Caller) {
        let mut inner = self.inner();
        let (own, others): (VecDeque<_>, VecDeque<_>) = inner.waiting.drain(..).partition(|waiter| waiter.caller == caller);
        inner.waiting = others;
        drop(inner);
        for waiter in own {
            waiter.reply.send(Err(Refused::WaitsForItself)).ok();
        }
    }

    /// Nobody else is let in; who waits is still served.
    pub(super) fn close(&self) {
        self.inner().closed = true;
        self.arrived.notify_one();
    }
}
