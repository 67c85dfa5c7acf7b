import Box from '@cloudscape-design/components/box'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { isForbidden } from '#api/failure.ts'
import { documents } from '#texts/documents.ts'
import { platformsText } from '../document-columns.tsx'
import type { Problem, Verdict } from './problem.ts'

const texts = documents.form

/** How a text was judged; undefined: not yet. */
export type Judgement = { readonly verdict: Verdict } | { readonly failure: unknown } | undefined

/** Everything that is wrong with a text, each with the way to it. */
export function Problems({ judgement, onGo }: { judgement: Judgement; onGo: (problem: Problem) => void }) {
  if (!judgement || 'failure' in judgement || judgement.verdict.problems.length === 0) return null
  return (
    <section aria-label={texts.problems}>
      <ul className="st-list">
        {judgement.verdict.problems.map((problem, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two problems may be the same in all they say.
          <li key={index}>
            <Said problem={problem} onGo={onGo} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** How the text is, at a glance. */
export function Summary({ judgement }: { judgement: Judgement }) {
  return (
    <div role="status">
      <InWords judgement={judgement} />
    </div>
  )
}

function InWords({ judgement }: { judgement: Judgement }) {
  if (!judgement) return <StatusIndicator type="loading">{texts.checking}</StatusIndicator>
  if ('failure' in judgement) {
    const said = isForbidden(judgement.failure) ? texts.unchecked : texts.away
    return <StatusIndicator type="info">{said}</StatusIndicator>
  }
  const { problems, platforms } = judgement.verdict
  const errors = problems.filter(({ severity }) => severity === 'Error').length
  const warnings = problems.length - errors
  const type = errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'success'
  const said = [errors > 0 && texts.errors(errors), warnings > 0 && texts.warnings(warnings)].filter(Boolean)
  return (
    <SpaceBetween direction="horizontal" size="m">
      <StatusIndicator type={type}>{said.join(', ') || texts.fine}</StatusIndicator>
      {platforms.length > 0 && <Box color="text-body-secondary">{texts.platforms(platformsText(platforms))}</Box>}
    </SpaceBetween>
  )
}

function Said({ problem, onGo }: { problem: Problem; onGo: (problem: Problem) => void }) {
  const { severity, message, line } = problem
  return (
    <StatusIndicator type={severity === 'Error' ? 'error' : 'warning'} wrapText>
      {line !== undefined && (
        <>
          <Link onFollow={() => onGo(problem)}>{texts.line(line)}</Link>{' '}
        </>
      )}
      {message}
    </StatusIndicator>
  )
}
