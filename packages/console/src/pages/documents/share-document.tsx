import { type AccountSharingInfo, ModifyDocumentPermissionCommand } from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { documents } from '#texts/documents.ts'

const texts = documents.sharing

const AT_ONCE = 20

interface ShareDocumentProps {
  readonly name: string
  readonly shares: readonly AccountSharingInfo[]
  readonly onClose: () => void
}

/** Asks with whom to share which versions, and does it. */
export function ShareDocument({ name, shares, onClose }: ShareDocumentProps) {
  const [everyone, setEveryone] = useState(false)
  const [typed, setTyped] = useState('')
  const [left, setLeft] = useState(false)
  const [versions, setVersions] = useState('$DEFAULT')
  const ids = typed.split(/[\s,;]+/).filter((id) => id !== '')
  const accounts = everyone ? ['All'] : ids
  const fault = everyone ? undefined : accountsFault(ids)
  // Everyone cannot stand beside named accounts, neither way.
  const replaced = shares.map(({ AccountId }) => AccountId!).filter((id) => isEveryone(id) !== everyone)
  const act = useAct(['documents'], async () => {
    const Name = name
    const PermissionType = 'Share'
    if (replaced.length > 0)
      await ssm().send(new ModifyDocumentPermissionCommand({ Name, PermissionType, AccountIdsToRemove: replaced }))
    const added = { AccountIdsToAdd: accounts, SharedDocumentVersion: everyone ? undefined : versions }
    await ssm().send(new ModifyDocumentPermissionCommand({ Name, PermissionType, ...added }))
  })
  return (
    <Confirm
      title={texts.shareTitle(name)}
      act={texts.share}
      disabled={accounts.length === 0 || fault !== undefined}
      command={shareCommands(name, replaced, accounts, everyone ? undefined : versions)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.shared })
      }}
      onClose={onClose}
    >
      <FormField label={texts.with}>
        <RadioGroup
          value={everyone ? 'everyone' : 'accounts'}
          items={[
            { value: 'accounts', label: texts.withAccounts, description: texts.withAccountsHint },
            { value: 'everyone', label: texts.withEveryone, description: texts.withEveryoneHint },
          ]}
          onChange={({ detail }) => setEveryone(detail.value === 'everyone')}
        />
      </FormField>
      {!everyone && (
        <SpaceBetween size="m">
          <FormField label={texts.accounts} description={texts.accountsHint} errorText={left && fault}>
            <Input
              value={typed}
              onChange={({ detail }) => setTyped(detail.value)}
              onBlur={() => setLeft(typed !== '')}
              autoFocus
              spellcheck={false}
            />
          </FormField>
          <FormField label={texts.whichVersions}>
            <RadioGroup
              value={versions}
              items={Object.entries(texts.opens).map(([value, label]) => ({ value, label }))}
              onChange={({ detail }) => setVersions(detail.value)}
            />
          </FormField>
        </SpaceBetween>
      )}
      {replaced.length > 0 && <Alert type="warning">{everyone ? texts.endsNamed : texts.endsEveryone}</Alert>}
    </Confirm>
  )
}

/** The API keeps the spelling in which it was shared. */
export function isEveryone(account: string): boolean {
  return account.toLowerCase() === 'all'
}

function accountsFault(ids: readonly string[]): string | undefined {
  const wrong = ids.find((id) => !/^\d{12}$/.test(id))
  if (wrong !== undefined) return texts.accountsWrong(wrong)
  return ids.length > AT_ONCE ? texts.accountsMany : undefined
}

function shareCommands(
  name: string,
  replaced: readonly string[],
  accounts: readonly string[],
  versions: string | undefined,
): string {
  const selector = versions === undefined ? [] : ['--shared-document-version', versions]
  const remove = replaced.length > 0 && permissionCommand(name, '--account-ids-to-remove', ...replaced)
  return [remove, permissionCommand(name, '--account-ids-to-add', ...accounts, ...selector)].filter(Boolean).join('\n')
}

/** `modify-document-permission` from a terminal. */
export function permissionCommand(name: string, ...more: readonly string[]): string {
  return shellWords('aws', 'ssm', 'modify-document-permission', '--name', name, '--permission-type', 'Share', ...more)
}
