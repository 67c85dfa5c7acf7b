import { DeleteDocumentCommand, UpdateDocumentDefaultVersionCommand } from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { documents } from '#texts/documents.ts'

const texts = documents.versions

interface VersionActProps {
  readonly name: string
  readonly version: string
  readonly onClose: () => void
}

/** Asks, and makes a version the one that runs when none is named. */
export function SetDefaultVersion({ name, version, last, onClose }: VersionActProps & { last: string }) {
  const wanted = { Name: name, DocumentVersion: version }
  const act = useAct(['documents'], () => ssm().send(new UpdateDocumentDefaultVersionCommand(wanted)))
  return (
    <Confirm
      title={texts.setDefaultTitle(version)}
      act={texts.setDefault}
      command={versionCommand('update-document-default-version', name, version)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.defaultSet(version) })
      }}
      onClose={onClose}
    >
      {texts.setDefaultBody(name, version, last)}
    </Confirm>
  )
}

/** Asks, and deletes one version. */
export function DeleteVersion({ name, version, onClose }: VersionActProps) {
  const wanted = { Name: name, DocumentVersion: version }
  const act = useAct(['documents'], () => ssm().send(new DeleteDocumentCommand(wanted)))
  return (
    <Confirm
      title={texts.deleteTitle(version)}
      act={texts.delete}
      command={versionCommand('delete-document', name, version)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.deleted(version) })
      }}
      onClose={onClose}
    >
      {texts.deleteBody(name, version)}
    </Confirm>
  )
}

function versionCommand(operation: string, name: string, version: string): string {
  return shellWords('aws', 'ssm', operation, '--name', name, '--document-version', version)
}
