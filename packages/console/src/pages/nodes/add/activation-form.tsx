import { CreateActivationCommand } from '@aws-sdk/client-ssm'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TagEditor, { type TagEditorProps } from '@cloudscape-design/components/tag-editor'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { OptionalLabel } from '#components/optional-label.tsx'
import { shellWords } from '#components/shell-words.ts'
import { common } from '#texts/common.ts'
import { nodes } from '#texts/nodes.ts'

const { adding: texts } = nodes

/** The role that `steward node add` gives too. */
const USUAL_ROLE = 'StewardManagedNode'
const HOURS = [1, 24, 168, 720]

interface Wanted {
  readonly name: string
  readonly count: string
  readonly hours: number
  readonly role: string
  readonly memo: string
  readonly tags: readonly TagEditorProps.Tag[]
}

/** Asks what is added and makes the activation. */
export function ActivationForm({ onMade }: { onMade: (id: string, code: string) => void }) {
  const [wanted, setWanted] = useState<Wanted>({
    name: '',
    count: '1',
    hours: 24,
    role: USUAL_ROLE,
    memo: '',
    tags: [],
  })
  const [tagsAreGood, setTagsAreGood] = useState(true)
  const set = (change: Partial<Wanted>) => setWanted((last) => ({ ...last, ...change }))
  const make = useAct(['activations'], async () => {
    const made = await ssm().send(new CreateActivationCommand(toInput(wanted)))
    onMade(made.ActivationId ?? '', made.ActivationCode ?? '')
  })
  const countIsGood = isCount(wanted.count)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (countIsGood && tagsAreGood) make.mutate(undefined)
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <CliCommand command={toCommand(wanted)} />
            <ButtonLink to="/nodes" variant="link">
              {common.cancel}
            </ButtonLink>
            <Button
              variant="primary"
              formAction="submit"
              loading={make.isPending}
              disabled={!countIsGood || !tagsAreGood}
            >
              {texts.make}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          {make.error && <Failed error={make.error} />}
          <Container header={<Header variant="h2">{texts.what}</Header>}>
            <SpaceBetween size="m">
              <FormField label={<OptionalLabel>{texts.name}</OptionalLabel>} description={texts.nameHint}>
                <Input value={wanted.name} onChange={({ detail }) => set({ name: detail.value })} autoFocus />
              </FormField>
              <FormField
                label={texts.count}
                constraintText={texts.countHint}
                errorText={countIsGood ? undefined : texts.countWrong}
              >
                <Input
                  type="number"
                  inputMode="numeric"
                  value={wanted.count}
                  onChange={({ detail }) => set({ count: detail.value })}
                />
              </FormField>
              <FormField label={texts.hours}>
                <Select
                  selectedOption={hourOption(wanted.hours)}
                  options={HOURS.map(hourOption)}
                  onChange={({ detail }) => set({ hours: Number(detail.selectedOption.value) })}
                />
              </FormField>
              <ExpandableSection headerText={texts.more}>
                <SpaceBetween size="m">
                  <FormField label={texts.role} description={texts.roleHint}>
                    <Input
                      value={wanted.role}
                      onChange={({ detail }) => set({ role: detail.value })}
                      spellcheck={false}
                    />
                  </FormField>
                  <FormField label={<OptionalLabel>{texts.memo}</OptionalLabel>} description={texts.memoHint}>
                    <Input value={wanted.memo} onChange={({ detail }) => set({ memo: detail.value })} />
                  </FormField>
                  <FormField label={<OptionalLabel>{texts.tags}</OptionalLabel>} description={texts.tagsHint} stretch>
                    <TagEditor
                      tags={wanted.tags}
                      onChange={({ detail }) => {
                        set({ tags: detail.tags })
                        setTagsAreGood(detail.valid)
                      }}
                    />
                  </FormField>
                </SpaceBetween>
              </ExpandableSection>
            </SpaceBetween>
          </Container>
        </SpaceBetween>
      </Form>
    </form>
  )
}

function hourOption(hours: number) {
  return { value: String(hours), label: texts.hourOptions[hours] ?? String(hours) }
}

function isCount(text: string): boolean {
  const count = Number(text)
  return Number.isInteger(count) && count >= 1 && count <= 1000
}

function toInput({ name, count, hours, role, memo, tags }: Wanted) {
  const given = tags.filter(({ key }) => key !== '')
  return {
    IamRole: role,
    RegistrationLimit: Number(count),
    ExpirationDate: new Date(Date.now() + hours * 3_600_000),
    ...(name && { DefaultInstanceName: name }),
    ...(memo && { Description: memo }),
    ...(given.length > 0 && { Tags: given.map(({ key, value }) => ({ Key: key, Value: value })) }),
  }
}

/** Our own command line prints the line to run as well. */
function toCommand({ name, count, hours, role, tags }: Wanted): string {
  return shellWords(
    ...['npx', 'steward', 'node', 'add', '--limit', count, '--hours', hours],
    ...(name ? ['--name', name] : []),
    ...(role === USUAL_ROLE ? [] : ['--role', role]),
    ...tags.filter(({ key }) => key !== '').flatMap(({ key, value }) => ['--tag', `${key}=${value}`]),
  )
}
