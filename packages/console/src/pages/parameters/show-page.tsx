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
import { folderPage, isPublic, nameOfPath, parameterPage, parentOf, pathsDownTo } from './paths.ts'
import { useShownParameter } from './read-parameter.ts'
import { ShowTabs } from './show-tabs.tsx'
import { ValuePanel } from './value-panel.tsx'

/** One parameter. */
export function ShowPage({ params: { name = '' } }: { params: Params }) {
  const [, navigate] = useLocation()
  const read = useShownParameter(name)
  const [asking, setAsking] = useState<string>()
  const close = () => setAsking(undefined)
  return (
    <PageFrame
      title={name}
      above={pathsDownTo(parentOf(name)).map((path) => ({
        text: nameOfPath(path),
        to: folderPage(path),
      }))}
      actions={
        read.data &&
        !isPublic(name) && (
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
                {!isPublic(name) && <ShowTabs parameter={parameter} />}
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
