import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Share } from '#components/share.tsx'
import { home } from '#texts/home.ts'
import { nodes as nodeTexts } from '#texts/nodes.ts'
import type { FleetSummary } from './use-fleet-summary.ts'

const { platforms: texts } = home
const SHOWN = 5

/** How many nodes there are of the most frequent platforms. */
export function Platforms({ summary }: { summary: NonNullable<FleetSummary['Nodes']> }) {
  const { Platforms: all, Total } = summary
  const rest = all.length - SHOWN
  return (
    <Container
      header={
        <Header variant="h2" actions={<ButtonLink to="/nodes?group=PlatformName">{texts.show}</ButtonLink>}>
          {texts.title}
        </Header>
      }
      fitHeight
    >
      <ul className="st-matters">
        {all.slice(0, SHOWN).map(({ Value, Count }) => (
          <li key={Value ?? ''} className="st-row">
            <ConsoleLink to={`/nodes?${new URLSearchParams({ f: `PlatformName~=~${Value ?? nodeTexts.noValue}` })}`}>
              {Value ?? texts.unknown}
            </ConsoleLink>
            <Share part={Count} whole={Total} />
          </li>
        ))}
        {rest > 0 && <li>{texts.more(rest)}</li>}
      </ul>
    </Container>
  )
}
