import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { Loaded } from '#components/loaded.tsx'
import { commands } from '#texts/commands.ts'
import { ParameterFields } from './parameter-fields.tsx'
import type { RunForm } from './run-form.ts'
import type { useDocument } from './use-document.ts'

const words = commands.form

interface Props {
  readonly form: RunForm
  readonly document: ReturnType<typeof useDocument>
  readonly faults: Readonly<Record<string, string>>
  readonly onChange: (change: Partial<RunForm>) => void
}

/** What the document asks for, once it is known. */
export function ParametersPanel({ form, document, faults, onChange }: Props) {
  return (
    <Container header={<Header variant="h2">{words.parameters}</Header>}>
      <Loaded read={document}>
        {({ declarations }) =>
          declarations.length === 0 ? (
            <Box color="text-body-secondary">{words.noParameters}</Box>
          ) : (
            <ParameterFields
              declarations={declarations}
              texts={form.texts}
              faults={faults}
              onChange={(texts) => onChange({ texts })}
            />
          )
        }
      </Loaded>
    </Container>
  )
}
