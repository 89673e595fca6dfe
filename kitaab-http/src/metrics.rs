//! Counts for Prometheus.

use std::time::Duration;

use kitaab_core::job::JobCounts;
use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

const REQUESTS: &str = "kitaab_http_requests_total";
const SECONDS: &str = "kitaab_http_request_seconds";
const IN_FLIGHT: &str = "kitaab_http_requests_in_flight";

const JOBS: &str = "kitaab_jobs";

/// Where requests fall: from what a cache answers to what a person gives up on.
const BOUNDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Collects the counts of this process.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Collects from now on. A process can do this once.
    pub fn install() -> Result<Self, BuildError> {
        let handle = PrometheusBuilder::new().set_buckets(&BOUNDS)?.install_recorder()?;
        metrics::describe_counter!(REQUESTS, "Requests answered, by method, route and status");
        metrics::describe_histogram!(SECONDS, "Time to the head of the answer, by method and route");
        metrics::describe_gauge!(IN_FLIGHT, "Requests that are being answered");
        metrics::describe_gauge!(JOBS, "Jobs of the whole database, by state; dead ones were given up");
        Ok(Self(handle))
    }

    /// What was counted, as Prometheus reads it.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

/// Counts an answered request.
pub(crate) fn request(method: &'static str, path: String, status: u16, took: Duration) {
    histogram!(SECONDS, "method" => method, "path" => path.clone()).record(took.as_secs_f64());
    counter!(REQUESTS, "method" => method, "path" => path, "status" => status.to_string()).increment(1);
}

/// Notes how many jobs there are.
pub(crate) fn jobs(counts: JobCounts) {
    let JobCounts { waiting, running, dead } = counts;
    for (state, count) in [("waiting", waiting), ("running", running), ("dead", dead)] {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        gauge!(JOBS, "state" => state).set(count as f64);
    }
}

/// Counts a request as being answered until it is dropped, however it ends.
pub(crate) struct InFlight;

impl InFlight {
    pub(crate) fn begin() -> Self {
        gauge!(IN_FLIGHT).increment(1.0);
        Self
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        gauge!(IN_FLIGHT).decrement(1.0);
    }
}
