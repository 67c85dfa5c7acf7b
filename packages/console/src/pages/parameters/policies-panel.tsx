import type { ParameterInlinePolicy } from '@aws-sdk/client-ssm'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { ButtonLink } from '#components/button-link.tsx'
import { Empty } from '#components/empty.tsx'
import { Properties } from '#components/properties.tsx'
import { Time } from '#components/time.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { parameterPage } from './paths.ts'
import { draftsOf } from './policies.ts'

/** What happens to a parameter as time passes. */
export function PoliciesPanel({ name, policies }: { name: string; policies: readonly ParameterInlinePolicy[] }) {
  const change = <ButtonLink to={parameterPage(name, 'edit')}>{texts.policies.change}</ButtonLink>
  return (
    <Container header={<Header actions={change}>{texts.policies.title}</Header>}>
      {policies.length === 0 ? (
        <Empty title={texts.policies.none}>{texts.policies.hint}</Empty>
      ) : (
        <Properties
          columns={3}
          items={policies.map(({ PolicyText = '{}', PolicyType = '', PolicyStatus }) => ({
            type: 'group' as const,
            title: PolicyType,
            items: [
              { label: texts.policies.does, value: <Says text={PolicyText} /> },
              { label: texts.policies.status, value: <Status status={PolicyStatus} /> },
            ],
          }))}
        />
      )}
    </Container>
  )
}

function Says({ text }: { text: string }) {
  const draft = draftsOf(`[${text}]`)?.[0]
  if (!draft) return <code className="st-mono">{text}</code>
  if (draft.type === 'Expiration') {
    return (
      <>
        {texts.policies.says.Expiration} <Time at={new Date(draft.at)} />
      </>
    )
  }
  return <>{texts.policies.says[draft.type](draft.amount, draft.unit)}</>
}

function Status({ status }: { status: string | undefined }) {
  const type = status === 'Finished' ? 'success' : status === 'Failed' ? 'error' : 'pending'
  return <StatusIndicator type={type}>{status}</StatusIndicator>
}
