import { type AccountSharingInfo, ModifyDocumentPermissionCommand } from '@aws-sdk/client-ssm'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { documents } from '#texts/documents.ts'
import type { DocumentTabProps } from './document-tabs.tsx'
import { useShares } from './documents-data.ts'
import { isEveryone, permissionCommand, ShareDocument } from './share-document.tsx'

const texts = documents.sharing

/** Who else may use the document. */
export function SharingTab({ name }: DocumentTabProps) {
  const read = useShares(name)
  const { selected, ...selection } = useSelection(read.data, accountOf)
  const [asking, setAsking] = useState<'share' | 'stop'>()
  const share = <Button onClick={() => setAsking('share')}>{texts.share}</Button>
  return (
    <>
      <ListPanel
        name="document-shares"
        prefix="a."
        title={texts.title}
        columns={COLUMNS}
        idOf={accountOf}
        read={read}
        searchable={(read.data?.length ?? 0) > 10}
        selection={{ selected, ...selection }}
        command={shellWords('aws', 'ssm', 'describe-document-permission', '--name', name, '--permission-type', 'Share')}
        empty={
          <Empty title={texts.none} action={share}>
            {texts.noneHint}
          </Empty>
        }
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selected.length === 0} onClick={() => setAsking('stop')}>
              {texts.stop}
            </Button>
            {share}
          </SpaceBetween>
        }
      />
      {asking === 'share' && (
        <ShareDocument name={name} shares={read.data ?? []} onClose={() => setAsking(undefined)} />
      )}
      {asking === 'stop' && (
        <StopSharing name={name} accounts={selected.map(accountOf)} onClose={() => setAsking(undefined)} />
      )}
    </>
  )
}

const COLUMNS: readonly Column<AccountSharingInfo>[] = [
  { id: 'account', header: texts.account, cell: whoText, text: whoText, rowHeader: true, width: 260 },
  { id: 'versions', header: texts.versions, cell: opensText, text: opensText, choices: true, width: 260 },
]

function StopSharing({ name, accounts, onClose }: { name: string; accounts: readonly string[]; onClose: () => void }) {
  const wanted = { Name: name, PermissionType: 'Share' as const, AccountIdsToRemove: [...accounts] }
  const act = useAct(['documents'], () => ssm().send(new ModifyDocumentPermissionCommand(wanted)))
  return (
    <Confirm
      title={texts.stopTitle}
      act={texts.stop}
      command={permissionCommand(name, '--account-ids-to-remove', ...accounts)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.stopped })
      }}
      onClose={onClose}
    >
      {texts.stopBody(name, accounts.map(accountText).join(', '))}
    </Confirm>
  )
}

function whoText({ AccountId = '' }: AccountSharingInfo): string {
  return accountText(AccountId)
}

function accountText(account: string): string {
  return isEveryone(account) ? texts.everyone : account
}

function opensText({ SharedDocumentVersion = '$DEFAULT' }: AccountSharingInfo): string {
  return texts.opens[SharedDocumentVersion] ?? SharedDocumentVersion
}

function accountOf({ AccountId }: AccountSharingInfo): string {
  return AccountId!
}
