import { ListRolesCommand, type Role } from '@aws-sdk/client-iam'
import { ListTopicsCommand, type Topic } from '@aws-sdk/client-sns'
import type { NotificationEvent } from '@aws-sdk/client-ssm'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Grid from '@cloudscape-design/components/grid'
import Multiselect from '@cloudscape-design/components/multiselect'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { iam } from '#api/clients/iam.ts'
import { sns } from '#api/clients/sns.ts'
import { allPages, useRead } from '#api/queries.ts'
import { commands } from '#texts/commands.ts'
import { chosenEvents, type Notifications, type RunForm } from './run-form.ts'

const words = commands.form.notifications
const HALVES = [{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]
const EVENTS = Object.keys(words.event) as NotificationEvent[]
const TYPES = ['Command', 'Invocation'] as const

interface Props {
  readonly form: RunForm
  readonly faults: Readonly<Record<string, string>>
  readonly onChange: (change: Partial<RunForm>) => void
}

/** Who hears of the command without looking. */
export function NotificationFields({ form, faults, onChange }: Props) {
  return (
    <SpaceBetween size="l">
      <Checkbox
        checked={form.notifies}
        description={words.onHint}
        onChange={({ detail }) => onChange({ notifies: detail.checked })}
      >
        {words.on}
      </Checkbox>
      {form.notifies && (
        <Chosen
          notifications={form.notifications}
          faults={faults}
          onChange={(part) => onChange({ notifications: { ...form.notifications, ...part } })}
        />
      )}
    </SpaceBetween>
  )
}

interface ChosenProps {
  readonly notifications: Notifications
  readonly faults: Readonly<Record<string, string>>
  readonly onChange: (part: Partial<Notifications>) => void
}

function Chosen({ notifications: { topic, role, type, events }, faults, onChange }: ChosenProps) {
  const topics = useTopics()
  const roles = useRoles()
  return (
    <SpaceBetween size="l">
      <Grid gridDefinition={HALVES}>
        <FormField label={words.topic} description={words.topicHint} errorText={faults.topic} stretch>
          <ArnInput
            arn={topic}
            arns={topics.data ?? []}
            empty={words.noTopics}
            onChange={(arn) => onChange({ topic: arn })}
          />
        </FormField>
        <FormField label={words.role} description={words.roleHint} errorText={faults.role} stretch>
          <ArnInput
            arn={role}
            arns={roles.data ?? []}
            empty={words.noRoles}
            onChange={(arn) => onChange({ role: arn })}
          />
        </FormField>
      </Grid>
      <Grid gridDefinition={HALVES}>
        <FormField label={words.type} stretch>
          <RadioGroup
            value={type}
            items={TYPES.map((value) => ({ value, label: words.types[value], description: words.typeHints[value] }))}
            onChange={({ detail }) => onChange({ type: TYPES.find((one) => one === detail.value) ?? 'Command' })}
          />
        </FormField>
        <FormField label={words.events} description={words.eventsHint} errorText={faults.events} stretch>
          <Multiselect
            selectedOptions={EVENTS.filter((event) => events.includes(event)).map(eventOption)}
            options={EVENTS.map(eventOption)}
            placeholder={words.chooseEvents}
            deselectAriaLabel={({ label = '' }) => words.remove(label)}
            expandToViewport
            onChange={({ detail }) => {
              const next = EVENTS.filter((event) => detail.selectedOptions.some(({ value }) => value === event))
              onChange({ events: chosenEvents(events, next) })
            }}
          />
        </FormField>
      </Grid>
    </SpaceBetween>
  )
}

function eventOption(value: NotificationEvent) {
  return { value, label: words.event[value] }
}

interface ArnInputProps {
  readonly arn: string
  readonly arns: readonly string[]
  readonly empty: string
  readonly onChange: (arn: string) => void
}

/** Offers what there is; whoever may not list it, types. */
function ArnInput({ arn, arns, empty, onChange }: ArnInputProps) {
  return (
    <Autosuggest
      value={arn}
      options={arns.map((value) => ({ value }))}
      enteredTextLabel={words.use}
      empty={empty}
      expandToViewport
      onChange={({ detail }) => onChange(detail.value.trim())}
    />
  )
}

function useTopics() {
  return useRead('topics', ['to-notify'], async (abortSignal) => {
    const topics = await allPages<Topic>(async (NextToken) => {
      const { Topics: items = [], NextToken: next } = await sns().send(new ListTopicsCommand({ NextToken }), {
        abortSignal,
      })
      return { items, next }
    })
    return topics.flatMap(({ TopicArn }) => TopicArn ?? [])
  })
}

/** Those that name Systems Manager in their trust policies. */
function useRoles() {
  return useRead('iam', ['roles-that-notify'], async (abortSignal) => {
    const roles = await allPages<Role>(async (Marker) => {
      const { Roles: items = [], Marker: next } = await iam().send(new ListRolesCommand({ Marker }), { abortSignal })
      return { items, next }
    })
    return roles
      .filter(({ AssumeRolePolicyDocument: trust = '' }) => decodeURIComponent(trust).includes('ssm.amazonaws.com'))
      .flatMap(({ Arn }) => Arn ?? [])
  })
}
