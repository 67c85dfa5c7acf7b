import { compileFilter } from '../filter-pattern/filter-pattern.ts'
import { logs } from '../logs.ts'

/** Which messages a pattern matches. */
export const TestMetricFilter = logs.read('TestMetricFilter', {
  access: () => ({ action: 'logs:TestMetricFilter', resources: ['*'] }),

  async handle({ filterPattern, logEventMessages }) {
    const filter = compileFilter(filterPattern)
    const matches = logEventMessages.flatMap((eventMessage, index) => {
      const extractedValues = filter.extract(eventMessage)
      return extractedValues ? [{ eventNumber: index + 1, eventMessage, extractedValues }] : []
    })
    return { matches }
  },
})
