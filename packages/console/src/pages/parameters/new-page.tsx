import { PutParameterCommand } from '@aws-sdk/client-ssm'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { newParameter, putCommand, toCreate } from './parameter-draft.ts'
import { ParameterForm } from './parameter-form.tsx'
import { folderPage, parameterPage } from './paths.ts'

export function NewPage() {
  const [search] = useSearchParams()
  const [, navigate] = useLocation()
  const path = search.get('path') ?? '/'
  const [draft, setDraft] = useState(() => newParameter(path))
  const act = useAct(['parameters'], () => ssm().send(new PutParameterCommand(toCreate(draft))))
  return (
    <PageFrame title={texts.create} above={[{ text: texts.title, to: '/parameters' }]} contentType="form">
      <ParameterForm
        draft={draft}
        onChange={setDraft}
        isNew
        submit={texts.create}
        command={putCommand(toCreate(draft))}
        busy={act.isPending}
        error={act.error}
        onCancel={() => navigate(folderPage(path))}
        onSubmit={async () => {
          await act.mutateAsync(undefined)
          notify({ type: 'success', header: texts.saved.created(draft.name) })
          navigate(parameterPage(draft.name))
        }}
      />
    </PageFrame>
  )
}
