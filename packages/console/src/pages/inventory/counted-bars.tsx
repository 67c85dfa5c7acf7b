import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { ReactNode } from 'react'
import { ConsoleLink } from '#components/console-link.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { Share } from '#components/share.tsx'
import { inventory as texts } from '#texts/inventory.ts'

export interface Counted {
  readonly label: string
  readonly nodes: number
  readonly to: string
  readonly more?: string
}

interface CountedBarsProps {
  readonly title: string
  readonly action?: ReactNode
  readonly items: readonly Counted[]
  /** All nodes. */
  readonly total: number
}

const SHOWN = 8

/** On how many of the nodes something is, the most frequent first. */
export function CountedBars({ title, action, items, total }: CountedBarsProps) {
  const rest = items.length - SHOWN
  return (
    <Container
      header={
        <Header variant="h2" actions={action}>
          {title}
        </Header>
      }
      fitHeight
    >
      {items.length === 0 && <Box color="text-body-secondary">{texts.nothing}</Box>}
      <ul className="st-matters">
        {items.slice(0, SHOWN).map(({ label, nodes, to, more }) => (
          <li key={to} className="st-row">
            <span className="st-label">
              <ConsoleLink to={to}>{plainOutput(label)}</ConsoleLink>
              {more && (
                <Box variant="small" color="text-body-secondary">
                  {' '}
                  {more}
                </Box>
              )}
            </span>
            <Share part={nodes} whole={total} />
          </li>
        ))}
        {rest > 0 && <li>{texts.more(rest)}</li>}
      </ul>
    </Container>
  )
}
