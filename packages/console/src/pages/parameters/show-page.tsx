import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Params } from '#app/area.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { CopyParameter } from './copy-parameter.tsx'
import { DeleteParameters } from './delete-parameters.tsx'
import { DetailsPanel } from './details-panel.tsx'
import { Missing } from './missing.tsx'
import {
  folderPage,
  isPublic,
  isSecretReference,
  isShared,
  nameInArn,
  nameOfPath,
  parameterPage,
  parentOf,
  pathsDownTo,
  SHARED_PAGE,
} from './paths.ts'
import { useShownParameter } from './read-parameter.ts'
import { SecretPage } from './secret-page.tsx'
import { ShowTabs } from './show-tabs.tsx'
import { ValuePanel } from './value-panel.tsx'

export function ShowPage({ params: { name = '' } }: { params: Params }) {
  return isSecretReference(name) ? <SecretPage name={name} /> : <ParameterPage name={name} />
}

/** One parameter: of the account, a public one, or one that another account shares, which is only to be read. */
function ParameterPage({ name }: { name: string }) {
  const [, navigate] = useLocation()
  const read = useShownParameter(name)
  const [asking, setAsking] = useState<string>()
  const close = () => setAsking(undefined)
  const isOwn = !isPublic(name) && !isShared(name)
  return (
    <PageFrame
      title={isShared(name) ? nameInArn(name) : name}
      above={isShared(name) ? ABOVE_SHARED : pathsDownTo(parentOf(name)).map(pageOfPath)}
      actions={
        read.data &&
        isOwn && (
          <SpaceBetween direction="horizontal" size="xs">
            <ButtonDropdown
              items={[
                { id: 'copy', text: texts.copying.act },
                { id: 'rename', text: texts.copying.rename },
                { id: 'delete', text: texts.delete },
              ]}
              onItemClick={({ detail }) => setAsking(detail.id)}
            >
              {texts.actions}
            </ButtonDropdown>
            <ButtonLink to={parameterPage(name, 'edit')} variant="primary">
              {texts.edit}
            </ButtonLink>
          </SpaceBetween>
        )
      }
    >
      <SpaceBetween size="l">
        <Loaded read={read}>
          {(parameter) =>
            parameter ? (
              <SpaceBetween size="l">
                <DetailsPanel parameter={parameter} />
                <ValuePanel parameter={parameter} />
                {isOwn && <ShowTabs parameter={parameter} />}
                {(asking === 'copy' || asking === 'rename') && (
                  <CopyParameter parameter={parameter} isMove={asking === 'rename'} onClose={close} />
                )}
              </SpaceBetween>
            ) : (
              <Missing name={name} />
            )
          }
        </Loaded>
      </SpaceBetween>
      {asking === 'delete' && (
        <DeleteParameters names={[name]} onClose={close} onDone={() => navigate(folderPage(parentOf(name)))} />
      )}
    </PageFrame>
  )
}

const ABOVE_SHARED = [
  { text: texts.title, to: '/parameters' },
  { text: texts.sharedWithUs.title, to: SHARED_PAGE },
]

function pageOfPath(path: string): { text: string; to: string } {
  return { text: nameOfPath(path), to: folderPage(path) }
}
