import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import { Editor } from '#components/editor/editor.tsx'
import { commands } from '#texts/commands.ts'
import type { Declaration } from './parameter-rules.ts'
import { parameterField } from './run-form.ts'

const words = commands.form

/** A longer pattern explains nothing; the description has to. */
const SHORT = 40

interface Props {
  readonly declarations: readonly Declaration[]
  readonly texts: Readonly<Record<string, string>>
  readonly faults: Readonly<Record<string, string>>
  readonly onChange: (texts: Readonly<Record<string, string>>) => void
}

/** A form made of what a document asks for; what must be given comes first. */
export function ParameterFields({ declarations, texts, faults, onChange }: Props) {
  const order = [...declarations].sort((one, other) => Number(isOptional(one)) - Number(isOptional(other)))
  return (
    <SpaceBetween size="l">
      {order.map((declaration) => (
        <div key={declaration.name} data-fault={parameterField(declaration.name) in faults}>
          <FormField
            stretch={declaration.isLong}
            label={
              <>
                {declaration.name}
                {isOptional(declaration) && <i> – {words.optional}</i>}
              </>
            }
            description={declaration.description?.replace(/^\((Optional|Required)\)\s*/i, '')}
            constraintText={constraint(declaration)}
            errorText={faults[parameterField(declaration.name)]}
          >
            <Control
              declaration={declaration}
              text={texts[declaration.name] ?? declaration.default ?? ''}
              onChange={(text) => onChange({ ...texts, [declaration.name]: text })}
            />
          </FormField>
        </div>
      ))}
    </SpaceBetween>
  )
}

function isOptional({ default: value }: Declaration): boolean {
  return value !== undefined
}

function constraint({ type, allowedValues, allowedPattern }: Declaration): string | undefined {
  if (allowedValues) return undefined
  if (type === 'StringList') return words.lines
  if (type === 'StringMap' || type === 'MapList') return words.json
  return allowedPattern && allowedPattern.length <= SHORT ? words.pattern(allowedPattern) : undefined
}

interface ControlProps {
  readonly declaration: Declaration
  readonly text: string
  readonly onChange: (text: string) => void
}

function Control({ declaration, text, onChange }: ControlProps) {
  const { name, type, allowedValues, isLong } = declaration
  const choices = allowedValues ?? (type === 'Boolean' ? ['true', 'false'] : undefined)
  if (choices && type !== 'StringList')
    return (
      <Select
        selectedOption={text ? { value: text, label: text } : null}
        options={choices.map((value) => ({ value, label: value }))}
        placeholder={words.allowed}
        expandToViewport
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    )
  if (type === 'StringList') return <Editor value={text} onChange={onChange} language="shell" label={name} />
  if (isLong || type === 'StringMap' || type === 'MapList')
    return <Textarea value={text} rows={4} spellcheck={false} onChange={({ detail }) => onChange(detail.value)} />
  return (
    <Input
      value={text}
      spellcheck={false}
      inputMode={type === 'Integer' ? 'numeric' : 'text'}
      onChange={({ detail }) => onChange(detail.value)}
    />
  )
}
