/** How messages are tried again over HTTP, in SNS's words. It is the same for all: delivery policies of one's own are refused. */
import { LONGEST_PAUSE_SECONDS, MOST_ATTEMPTS } from '#capabilities/events/index.ts'

const SHORTEST_PAUSE_SECONDS = 1

const RETRIES = {
  minDelayTarget: SHORTEST_PAUSE_SECONDS,
  maxDelayTarget: LONGEST_PAUSE_SECONDS,
  numRetries: MOST_ATTEMPTS,
  numMaxDelayRetries: MOST_ATTEMPTS - Math.ceil(Math.log2(LONGEST_PAUSE_SECONDS / SHORTEST_PAUSE_SECONDS)),
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'exponential',
}

const REQUEST = { headerContentType: 'text/plain; charset=UTF-8' }

export const DELIVERY_POLICY_OF_TOPICS = JSON.stringify({
  http: { defaultHealthyRetryPolicy: RETRIES, disableSubscriptionOverrides: false, defaultRequestPolicy: REQUEST },
})

export const DELIVERY_POLICY_OF_SUBSCRIPTIONS = JSON.stringify({
  healthyRetryPolicy: RETRIES,
  sicklyRetryPolicy: null,
  throttlePolicy: null,
  requestPolicy: REQUEST,
  guaranteed: false,
})
