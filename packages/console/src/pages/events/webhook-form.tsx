import {
  ApiDestinationHttpMethod,
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  type CreateConnectionRequest,
} from '@aws-sdk/client-eventbridge'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import Select from '@cloudscape-design/components/select'
import { type ReactNode, useState } from 'react'
import { events as client } from '#api/clients/events.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { events } from '#texts/events.ts'

const { webhookForm: texts } = events

interface Webhook {
  readonly name: string
  readonly url: string
  readonly method: ApiDestinationHttpMethod
  readonly kind: 'API_KEY' | 'BASIC'
  /** The header's name and its value, or user name and password. */
  readonly user: string
  readonly secret: string
}

const NEW: Webhook = { name: '', url: 'https://', method: 'POST', kind: 'API_KEY', user: 'X-Api-Key', secret: '' }

/** Makes an API destination, with a connection of the same name for its credentials. `onClose` gets its ARN if it was made. */
export function WebhookForm({ onClose }: { onClose: (arn?: string) => void }) {
  const [webhook, setWebhook] = useState(NEW)
  const create = useAct(['rules'], createWebhook)
  const set = (change: Partial<Webhook>) => setWebhook({ ...webhook, ...change })
  const isBasic = webhook.kind === 'BASIC'
  const ready = webhook.name !== '' && URL.canParse(webhook.url) && webhook.user !== '' && webhook.secret !== ''
  return (
    <FormDialog
      title={texts.title}
      act={texts.create}
      disabled={!ready}
      command={createCommand(webhook)}
      onSubmit={async () => {
        const arn = await create.mutateAsync(webhook)
        notify({ type: 'success', header: events.done.webhook(webhook.name) })
        onClose(arn)
      }}
      onDone={() => {}}
      onClose={() => onClose()}
    >
      <Text label={texts.name} value={webhook.name} onChange={(name) => set({ name })} autoFocus />
      <Text label={texts.url} hint={texts.urlHint} value={webhook.url} onChange={(url) => set({ url })} type="url" />
      <FormField label={texts.method}>
        <Select
          selectedOption={{ value: webhook.method }}
          options={Object.values(ApiDestinationHttpMethod).map((value) => ({ value }))}
          onChange={({ detail }) => set({ method: detail.selectedOption.value as ApiDestinationHttpMethod })}
        />
      </FormField>
      <FormField label={texts.credentials}>
        <SegmentedControl
          selectedId={webhook.kind}
          label={texts.credentials}
          options={[
            { id: 'API_KEY', text: texts.apiKey },
            { id: 'BASIC', text: texts.basic },
          ]}
          onChange={({ detail }) =>
            set(detail.selectedId === 'BASIC' ? { kind: 'BASIC', user: '' } : { kind: 'API_KEY', user: NEW.user })
          }
        />
      </FormField>
      <Text label={isBasic ? texts.user : texts.header} value={webhook.user} onChange={(user) => set({ user })} />
      <Text
        label={isBasic ? texts.password : texts.key}
        hint={texts.sealed}
        value={webhook.secret}
        onChange={(secret) => set({ secret })}
        type="password"
      />
    </FormDialog>
  )
}

function Text(props: {
  label: string
  hint?: ReactNode
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'url' | 'password'
  autoFocus?: boolean
}) {
  return (
    <FormField label={props.label} description={props.hint}>
      <Input
        value={props.value}
        type={props.type ?? 'text'}
        autoFocus={props.autoFocus ?? false}
        autoComplete={false}
        spellcheck={false}
        onChange={({ detail }) => props.onChange(detail.value)}
      />
    </FormField>
  )
}

/** How an API destination presents itself. */
function credentialsOf({ kind, user, secret }: Webhook): CreateConnectionRequest['AuthParameters'] {
  return kind === 'BASIC'
    ? { BasicAuthParameters: { Username: user, Password: secret } }
    : { ApiKeyAuthParameters: { ApiKeyName: user, ApiKeyValue: secret } }
}

async function createWebhook(webhook: Webhook): Promise<string | undefined> {
  const { name, url, method, kind } = webhook
  const { ConnectionArn } = await client().send(
    new CreateConnectionCommand({ Name: name, AuthorizationType: kind, AuthParameters: credentialsOf(webhook) }),
  )
  const made = await client().send(
    new CreateApiDestinationCommand({ Name: name, ConnectionArn, InvocationEndpoint: url, HttpMethod: method }),
  )
  return made.ApiDestinationArn
}

/** The same from a terminal, without the secret. */
function createCommand(webhook: Webhook): string {
  const { name, url, method, kind } = webhook
  const credentials = JSON.stringify(credentialsOf({ ...webhook, secret: '…' }))
  const connection = shellWords(
    ...['aws', 'events', 'create-connection', '--name', name, '--authorization-type', kind],
    ...['--auth-parameters', credentials, '--query', 'ConnectionArn', '--output', 'text'],
  )
  const destination = shellWords(
    ...['aws', 'events', 'create-api-destination', '--name', name, '--invocation-endpoint', url],
    ...['--http-method', method, '--connection-arn'],
  )
  return `${destination} "$(${connection})"`
}
