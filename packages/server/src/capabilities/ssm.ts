import type { Operations } from '@steward/model/generated/ssm.ts'
import { service } from '#kernel/declare.ts'
import { arn, type Scope } from '#kernel/scope.ts'

/** Declares the operations of `ssm`: `export const GetThing = ssm.read('GetThing', { … })`. */
export const ssm = service<Operations>('ssm')

/** What operations that are about no resource in particular are authorised on; AWS's refusals name it so. */
export function noResource(scope: Scope): readonly string[] {
  return [arn(scope, 'ssm', '*')]
}
