import {
  DeleteRolePermissionsBoundaryCommand,
  DeleteUserPermissionsBoundaryCommand,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useAct } from '#api/queries.ts'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'
import type { Holder } from './holder.ts'
import { usePolicies } from './reads.ts'

const texts = access.setBoundary

export type Bounded = Holder & { readonly kind: 'user' | 'role' }

/** Sets how far the permissions of a user or role can go at most, or takes that limit away. */
export function BoundaryDialog({ holder, onClose }: { holder: Bounded; onClose: () => void }) {
  const policies = usePolicies()
  const [chosen, setChosen] = useState<string>()
  const save = useAct(['iam'], (arn: string) => (arn ? put(holder, arn) : remove(holder)))
  const options = [
    { value: '', label: common.none },
    ...(policies.data ?? []).map(({ Arn, PolicyName }) => ({ value: Arn!, label: PolicyName!, description: Arn! })),
  ]
  return (
    <FormDialog
      title={texts.title(holder.name)}
      act={access.save}
      disabled={chosen === undefined}
      command={commandOf(holder, chosen)}
      onSubmit={() => save.mutateAsync(chosen ?? '')}
      onClose={onClose}
    >
      <FormField label={access.boundary} description={texts.hint}>
        <Select
          selectedOption={options.find(({ value }) => value === chosen) ?? null}
          options={options}
          onChange={({ detail }) => setChosen(detail.selectedOption.value)}
          filteringType="auto"
          placeholder={texts.choose}
          statusType={policies.isPending ? 'loading' : 'finished'}
          expandToViewport
        />
      </FormField>
    </FormDialog>
  )
}

async function put({ kind, name }: Bounded, PermissionsBoundary: string): Promise<void> {
  if (kind === 'user') await iam().send(new PutUserPermissionsBoundaryCommand({ UserName: name, PermissionsBoundary }))
  else await iam().send(new PutRolePermissionsBoundaryCommand({ RoleName: name, PermissionsBoundary }))
}

async function remove({ kind, name }: Bounded): Promise<void> {
  if (kind === 'user') await iam().send(new DeleteUserPermissionsBoundaryCommand({ UserName: name }))
  else await iam().send(new DeleteRolePermissionsBoundaryCommand({ RoleName: name }))
}

function commandOf({ kind, name }: Bounded, arn: string | undefined): string {
  const verb = arn === '' ? 'delete' : 'put'
  const words = ['aws', 'iam', `${verb}-${kind}-permissions-boundary`, `--${kind}-name`, name]
  return shellWords(...words, ...(arn === '' ? [] : ['--permissions-boundary', arn ?? 'ARN']))
}
