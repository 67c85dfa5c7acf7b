import { DeleteDocumentCommand } from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import { ssm } from '#api/clients/ssm.ts'
import { Failure, failureOf } from '#api/failure.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { documents } from '#texts/documents.ts'
import { useRuns, useShares, useVersions } from './documents-data.ts'

const texts = documents.remove

export interface DeleteDocumentsProps {
  /** Own documents. */
  readonly names: readonly string[]
  readonly onClose: () => void
  readonly onDeleted?: () => void
}

/** Asks, and deletes documents with all their versions. */
export function DeleteDocuments({ names, onClose, onDeleted }: DeleteDocumentsProps) {
  const act = useAct(['documents'], deleteEach)
  const shares = useShares(names[0]!, names.length === 1)
  const shared = shares.data !== undefined && shares.data.length > 0
  return (
    <Confirm
      title={texts.title(names.length)}
      act={documents.delete}
      disabled={shared}
      word={names.length === 1 ? names[0] : texts.word}
      command={names.map((name) => shellWords('aws', 'ssm', 'delete-document', '--name', name)).join('\n')}
      onConfirm={async () => {
        await act.mutateAsync(names)
        notify({ type: 'success', header: texts.done(names.length, names[0]!) })
        onDeleted?.()
      }}
      onClose={onClose}
    >
      <Box>{texts.body}</Box>
      <ul className="st-list">
        {names.map((name) => (
          <li key={name}>
            <strong>{name}</strong>
            <Use name={name} />
          </li>
        ))}
      </ul>
      {shared && <Alert type="warning">{texts.shared}</Alert>}
    </Confirm>
  )
}

/** How much there is of a document, and whether it was used, as far as the caller may know. */
function Use({ name }: { name: string }) {
  const versions = useVersions(name)
  const runs = useRuns(name)
  const said = [
    versions.data && texts.versions(versions.data.length),
    runs.data && texts.runs(runs.data.commands.length, runs.data.more),
  ].filter(Boolean)
  return said.length === 0 ? null : <Box color="text-body-secondary">{said.join(', ')}</Box>
}

async function deleteEach(names: readonly string[]): Promise<void> {
  for (const [index, Name] of names.entries()) {
    await ssm()
      .send(new DeleteDocumentCommand({ Name }))
      .catch((error: unknown) => {
        const { code, status, requestId, message } = failureOf(error)
        const said = index === 0 ? message : `${texts.some(index, Name)}: ${message}`
        throw new Failure({ code, status, requestId, message: said })
      })
  }
}
