import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  /** Counts one API request; `code` is empty for a success. */
  countRequest(service: string, operation: string, code: string, seconds: number): void
}

/** The metrics of one server; `gauges` are read when somebody asks. */
export function createMetrics(gauges: {
  connectedNodes: () => number
  openSessions: () => number
  taskFailures: () => number
  readingThreads: () => number
  readingThreadRequests: () => number
}): Metrics {
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
    name: 'steward_open_sessions',
    help: 'Sessions whose data channel is relayed.',
    registers: [registry],
    collect() {
      this.set(gauges.openSessions())
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
  new Gauge({
    name: 'steward_reading_threads',
    help: 'Threads that answer reads beside the first one.',
    registers: [registry],
    collect() {
      this.set(gauges.readingThreads())
    },
  })
  new Counter({
    name: 'steward_reading_thread_requests_total',
    help: 'API requests given to those threads.',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(gauges.readingThreadRequests())
    },
  })
  const requests = new Counter({
    name: 'steward_requests_total',
    help: 'API requests by service, operation and error code (empty: success).',
    labelNames: ['service', 'operation', 'code'],
    registers: [registry],
  })
  const requestSeconds = new Histogram({
    name: 'steward_request_seconds',
    help: 'Time to answer an API request, in seconds.',
    labelNames: ['service'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers: [registry],
  })
  // Looking a series up by its labels costs more than counting, so the series are remembered.
  const series = new Map<string, { count: Counter.Internal; time: Histogram.Internal<'service'> }>()
  return {
    registry,
    countRequest(service, operation, code, seconds) {
      const key = `${service} ${operation} ${code}`
      let known = series.get(key)
      if (!known) {
        known = { count: requests.labels({ service, operation, code }), time: requestSeconds.labels({ service }) }
        series.set(key, known)
      }
      known.count.inc()
      known.time.observe(seconds)
    },
  }
}
