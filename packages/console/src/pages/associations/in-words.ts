/** Schedules and targets of associations as people say them. */
import type { Target } from '@aws-sdk/client-ssm'
import { scheduleInWords as inWords } from '#components/schedule-in-words.ts'
import { associations } from '#texts/associations.ts'

const { targetsInWords: words } = associations

/** Such as `Every 30 minutes`; a calendar that has no short words as it is written. */
export function scheduleInWords(expression: string | undefined): string {
  if (!expression) return associations.once
  const words = inWords(expression)
  return words === expression ? words : words.charAt(0).toUpperCase() + words.slice(1)
}

export function targetsInWords(targets: readonly Target[] | undefined, node: string | undefined): string {
  if (node) return node
  return (targets ?? []).map(targetInWords).join(', ') || '–'
}

function targetInWords({ Key = '', Values = [] }: Target): string {
  if (Key === 'InstanceIds')
    return Values.includes('*') ? words.every : Values.length === 1 ? Values[0]! : words.nodes(Values.length)
  if (Key === 'resource-groups:Name') return words.group(Values.join(', '))
  if (Key === 'tag-key') return words.tag(Values.join(', '), '')
  return words.tag(Key.replace(/^tag:/, ''), Values.join(', '))
}
