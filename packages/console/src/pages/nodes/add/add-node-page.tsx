import Alert from '@cloudscape-design/components/alert'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useSearchParams } from 'wouter'
import { ButtonLink } from '#components/button-link.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { nodes } from '#texts/nodes.ts'
import { ActivationForm } from './activation-form.tsx'
import { useInstallation } from './installation.ts'
import { Lines } from './lines.tsx'
import { Watch } from './watch.tsx'

const { adding: texts } = nodes

/** Codes of activations that this tab made; they are in no storage. */
const codes = new Map<string, string>()

/** First what is added, then the line to run and who has come; the activation is in the address, so one can leave and come back. */
export function AddNodePage() {
  const [search, setSearch] = useSearchParams()
  const installation = useInstallation()
  const activation = search.get('activation') ?? undefined
  return (
    <PageFrame
      title={texts.title}
      description={texts.description}
      above={[{ text: nodes.title, to: '/nodes' }]}
      contentType="form"
      actions={<ButtonLink to="/nodes/activations">{nodes.activations.link}</ButtonLink>}
    >
      <Loaded read={installation}>
        {(found) =>
          found === 'none' ? (
            <Alert type="warning" header={texts.noTls}>
              {texts.noTlsHint}
            </Alert>
          ) : activation ? (
            <SpaceBetween size="l">
              <Lines installation={found} id={activation} code={codes.get(activation)} />
              <Watch activation={activation} />
            </SpaceBetween>
          ) : (
            <ActivationForm
              onMade={(id, code) => {
                codes.set(id, code)
                setSearch({ activation: id })
              }}
            />
          )
        }
      </Loaded>
    </PageFrame>
  )
}
