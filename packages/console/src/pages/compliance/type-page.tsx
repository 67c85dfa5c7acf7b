import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useSearchParams } from 'wouter'
import type { Params } from '#app/area.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { PageTabs } from '#components/page-tabs.tsx'
import { compliance } from '#texts/compliance.ts'
import { Choice } from './narrow-bar.tsx'
import { SEVERITIES, severityText } from './standing.tsx'
import { TypeItems } from './type-items.tsx'
import { TypeNodes } from './type-nodes.tsx'

const { type: texts } = compliance

/** One type of compliance: which nodes are not compliant, and with what. */
export function TypePage({ params: { type = '' } }: { params: Params }) {
  const [search, setSearch] = useSearchParams()
  const asked = {
    type,
    status: search.get('status') ?? '',
    severity: search.get('severity') ?? '',
    item: search.get('item') ?? '',
  }
  const choose = (name: string, value: string) =>
    setSearch(
      (last) => {
        const next = new URLSearchParams(last)
        if (value) next.set(name, value)
        else next.delete(name)
        return next
      },
      { replace: true },
    )
  return (
    <PageFrame title={type || texts.asked} above={[{ text: compliance.title, to: '/compliance' }]}>
      {type ? (
        <SpaceBetween size="l">
          <div className="st-actions st-actions-fields">
            <Choice
              label={texts.status}
              value={asked.status}
              options={[
                ['', texts.anyStatus],
                ['COMPLIANT', compliance.statuses.COMPLIANT],
                ['NON_COMPLIANT', compliance.statuses.NON_COMPLIANT],
              ]}
              onChange={(value) => choose('status', value)}
            />
            <Choice
              label={texts.severity}
              value={asked.severity}
              options={[
                ['', texts.anySeverity],
                ...SEVERITIES.map((severity) => [severity, severityText(severity)] as const),
              ]}
              onChange={(value) => choose('severity', value)}
            />
            {asked.item && (
              <span>
                {texts.item(asked.item)}{' '}
                <Button variant="inline-link" onClick={() => choose('item', '')}>
                  {texts.allItems}
                </Button>
              </span>
            )}
          </div>
          <PageTabs
            tabs={[
              { id: 'nodes', label: texts.tabs.nodes, content: <TypeNodes asked={asked} /> },
              { id: 'items', label: texts.tabs.items, content: <TypeItems asked={asked} /> },
            ]}
          />
        </SpaceBetween>
      ) : (
        <Empty title={texts.asked} action={<ButtonLink to="/compliance">{texts.back}</ButtonLink>} />
      )}
    </PageFrame>
  )
}
