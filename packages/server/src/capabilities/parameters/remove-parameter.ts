import type { WriteCall } from '#kernel/declare.ts'
import { tellChange } from './parameter-events.ts'
import { deleteParameter, latestOf } from './store.ts'

/** Deletes a parameter with all that belongs to it, and says so. False if there is none of that key. */
export async function removeParameter(call: WriteCall, key: string): Promise<boolean> {
  const parameter = await latestOf(call.db, call.scope, key)
  if (!parameter) return false
  await deleteParameter(call.db, parameter)
  await tellChange(call, parameter, 'Delete')
  return true
}
