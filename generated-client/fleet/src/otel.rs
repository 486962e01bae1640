//! Exports metrics and traces by OTLP.

use std::sync::Arc;

use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{MetricExporter, SpanExporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::worker::{Board, TenantStatus};

/// The name of the instruments' scope.
const SCOPE: &str = "graph_incidents_fleet";

/// The name of an instrument, and how it reads a tenant's value.
type Instrument<T> = (&'static str, fn(&TenantStatus) -> T);

/// Exports metrics and traces by OTLP over HTTP to `OTEL_EXPORTER_OTLP_ENDPOINT`.
///
/// | metric | of | what |
/// |---|---|---|
/// | `fleet.tenant.lag` (s) | tenant | since the service's last response |
/// | `fleet.tenant.delay` (s) | tenant | between the last change and its entry in the stream |
/// | `fleet.tenant.requests`, `.throttles`, `.errors`, `.changes` | tenant | counts since the worker took it |
/// | `fleet.worker.tenants`, `fleet.worker.takeovers` | worker | tenants that it watches, and that it took over |
#[derive(Debug)]
pub struct Otel {
    metrics: SdkMeterProvider,
    traces: SdkTracerProvider,
}

impl Otel {
    /// Starts the export, under the name of a service.
    ///
    /// # Errors
    ///
    /// Returns the reason if the environment names no usable endpoint.
    pub fn start(service: &str) -> Result<Self, String> {
        let failed = |error: &dyn std::fmt::Display| format!("failed to prepare OTLP: {error}");
        let metrics = MetricExporter::builder()
            .with_http()
            .build()
            .map_err(|error| failed(&error))?;
        let spans = SpanExporter::builder()
            .with_http()
            .build()
            .map_err(|error| failed(&error))?;
        let resource = Resource::builder()
            .with_service_name(service.to_owned())
            .build();
        Ok(Self {
            metrics: SdkMeterProvider::builder()
                .with_periodic_exporter(metrics)
                .with_resource(resource.clone())
                .build(),
            traces: SdkTracerProvider::builder()
                .with_batch_exporter(spans)
                .with_resource(resource)
                .build(),
        })
    }

    /// Returns the layer that exports the spans of the client and of the fleet as traces.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    {
        tracing_opentelemetry::layer().with_tracer(self.traces.tracer(SCOPE))
    }

    /// Starts to observe a worker.
    pub fn observe(&self, board: Arc<Board>) {
        let meter = self.metrics.meter(SCOPE);
        let seconds: [Instrument<f64>; 2] = [
            ("fleet.tenant.lag", |tenant| tenant.lag_seconds),
            ("fleet.tenant.delay", |tenant| tenant.delay_seconds),
        ];
        for (name, read) in seconds {
            let board = Arc::clone(&board);
            meter
                .f64_observable_gauge(name)
                .with_unit("s")
                .with_callback(move |observer| {
                    for tenant in board.tenants() {
                        observer.observe(
                            read(&tenant),
                            &[KeyValue::new("tenant", tenant.tenant.clone())],
                        );
                    }
                })
                .build();
        }
        let counts: [Instrument<u64>; 4] = [
            ("fleet.tenant.requests", |tenant| tenant.requests),
            ("fleet.tenant.throttles", |tenant| tenant.throttles),
            ("fleet.tenant.errors", |tenant| tenant.errors),
            ("fleet.tenant.changes", |tenant| tenant.changes),
        ];
        for (name, read) in counts {
            let board = Arc::clone(&board);
            meter
                .u64_observable_counter(name)
                .with_callback(move |observer| {
                    for tenant in board.tenants() {
                        observer.observe(
                            read(&tenant),
                            &[KeyValue::new("tenant", tenant.tenant.clone())],
                        );
                    }
                })
                .build();
        }
        let of_worker = Arc::clone(&board);
        meter
            .u64_observable_gauge("fleet.worker.tenants")
            .with_callback(move |observer| observer.observe(of_worker.summary().tenants, &[]))
            .build();
        meter
            .u64_observable_counter("fleet.worker.takeovers")
            .with_callback(move |observer| observer.observe(board.summary().takeovers, &[]))
            .build();
    }

    /// Exports what is left, and stops.
    ///
    /// # Errors
    ///
    /// Returns the reason if it cannot be exported.
    pub fn end(self) -> Result<(), String> {
        let metrics = self.metrics.shutdown().map_err(|error| error.to_string());
        let traces = self.traces.shutdown().map_err(|error| error.to_string());
        metrics.and(traces)
    }
}
