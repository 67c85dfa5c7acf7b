import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { askTexts as texts } from '#texts/inventory-ask.ts'
import { Preview } from '../../commands/run/preview.tsx'
import { hasTargets, targetsOf } from '../../commands/run/run-form.ts'
import { TargetFields } from '../../commands/run/target-fields.tsx'
import { useSettled } from '../../commands/run/use-settled.ts'
import { DOCUMENT, FACTS, type Fact, type Faults, type Question } from './question.ts'

interface Props {
  readonly question: Question
  readonly faults: Faults
  readonly busy: boolean
  readonly onChange: (change: Partial<Question>) => void
  readonly onSubmit: () => void
}

/** What to ask, and whom. */
export function QuestionForm({ question, faults, busy, onChange, onSubmit }: Props) {
  const { fact, path, whom } = question
  const of = useSettled({ ...targetsOf(whom), DocumentName: DOCUMENT })
  const hasAny = hasTargets(whom)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <Container
        header={<Header variant="h2">{texts.question}</Header>}
        footer={
          <Button variant="primary" loading={busy}>
            {texts.ask}
          </Button>
        }
      >
        <SpaceBetween size="l">
          <FormField label={texts.fact}>
            <Select
              selectedOption={optionOf(fact)}
              options={FACTS.map(optionOf)}
              onChange={({ detail }) => onChange({ fact: detail.selectedOption.value as Fact })}
            />
          </FormField>
          {fact === 'file-hash' && (
            <FormField label={texts.path} description={texts.pathHint} errorText={faults.path}>
              <Input
                value={path}
                placeholder="/etc/hosts"
                onChange={({ detail }) => onChange({ path: detail.value })}
              />
            </FormField>
          )}
          <TargetFields
            form={whom}
            error={faults.whom}
            onChange={(change) => onChange({ whom: { ...whom, ...change } })}
          />
          <div>
            <Box variant="awsui-key-label">{texts.preview}</Box>
            <Preview of={of} enabled={hasAny} />
          </div>
        </SpaceBetween>
      </Container>
    </form>
  )
}

function optionOf(fact: Fact) {
  const { label, hint } = texts.facts[fact]
  return { value: fact, label, description: hint }
}
