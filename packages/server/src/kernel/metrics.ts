import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  readonly requests: Counter<'service' | 'operation' | 'code'>
  readonly requestSeconds: Histogram<'service'>
}

/** The metrics of one server; `gauges` are read when somebody asks. */
export function createMetrics(gauges: { connectedNodes: () => number; taskFailures: () => number }): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'steward_connected_nodes',
    help: 'Nodes with an open control channel.',
    registers: [registry],
    collect() {
      this.set(gauges.connectedNodes())
    },
  })
  new Gauge({
    name: 'steward_task_failures',
    help: 'Failed runs of background tasks since the start.',
    registers: [registry],
    collect() {
      this.set(gauges.taskFailures())
    },
  })
  return {
    registry,
    requests: new Counter({
      name: 'steward_requests_total',
      help: 'API requests by service, operation and error code (empty: success).',
      labelNames: ['service', 'operation', 'code'],
      registers: [registry],
    }),
    requestSeconds: new Histogram({
      name: 'steward_request_seconds',
      help: 'Time to answer an API request, in seconds.',
      labelNames: ['service'],
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
      registers: [registry],
    }),
  }
}
