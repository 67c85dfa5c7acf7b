/**
 * XCCDF results, as `oscap xccdf eval --results` or `--results-arf` writes them. Only the results of rules and the titles of rules are
 * read, in the order in which they stand; the rest of these large files is passed over.
 */
import { dateOf, type Finding, NotSuchReport, type Severity, type ToolReport } from '../finding.ts'

const RESULT = /<(?:[\w-]+:)?rule-result\b([^>]*)>([\s\S]*?)<\/(?:[\w-]+:)?rule-result>/g
const RULE = /<(?:[\w-]+:)?Rule\b([^>]*)>([\s\S]*?)<\/(?:[\w-]+:)?Rule>/g
const TITLE = /<(?:[\w-]+:)?title\b[^>]*>([\s\S]*?)<\/(?:[\w-]+:)?title>/
const TEST = /<(?:[\w-]+:)?TestResult\b([^>]*)>/
const UNREAD = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g

const SEVERITIES: Readonly<Record<string, Severity>> = {
  high: 'HIGH',
  medium: 'MEDIUM',
  low: 'LOW',
  info: 'INFORMATIONAL',
}
const COMPLIANT = ['pass', 'fixed']
/** What ended in an error or in nothing is not known to be compliant. */
const NOT_COMPLIANT = ['fail', 'error', 'unknown']

export function fromXccdf(document: string): ToolReport {
  const text = document.replace(UNREAD, '')
  const test = TEST.exec(text)
  if (!test) throw new NotSuchReport('It has no TestResult.')
  const titles = new Map(
    [...text.matchAll(RULE)].map(([, attributes, content]) => [attribute(attributes, 'id'), titleIn(content)]),
  )
  const findings: Finding[] = []
  let leftOut = 0
  for (const [, attributes, content = ''] of text.matchAll(RESULT)) {
    const id = attribute(attributes, 'idref') ?? ''
    const result = /<(?:[\w-]+:)?result\b[^>]*>\s*(\w+)\s*</.exec(content)?.[1] ?? 'unknown'
    if (!COMPLIANT.includes(result) && !NOT_COMPLIANT.includes(result)) leftOut++
    else
      findings.push({
        id,
        title: titles.get(id) || id,
        compliant: COMPLIANT.includes(result),
        severity: SEVERITIES[attribute(attributes, 'severity') ?? ''],
        text: result === 'pass' ? undefined : result,
      })
  }
  return {
    type: 'Custom:Xccdf',
    at: dateOf(attribute(test[1], 'end-time') ?? attribute(test[1], 'start-time')),
    findings,
    leftOut,
  }
}

function attribute(attributes: string | undefined, name: string): string | undefined {
  return new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes ?? '')?.[1]
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function titleIn(rule: string | undefined): string {
  return (TITLE.exec(rule ?? '')?.[1] ?? '')
    .replace(/<[^>]*>/g, '')
    .replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole)
    .replace(/\s+/g, ' ')
    .trim()
}
