import type { GetCommandMatrixRequest } from '@steward/model/generated/steward.ts'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'

export type MatrixInput = Omit<Wire<GetCommandMatrixRequest>, 'NextToken'>

/** Some nodes of a command, with its steps and how many nodes are in which state. */
export function useMatrix(input: MatrixInput) {
  return useRead('invocations', ['matrix', input], (signal) => steward('GetCommandMatrix', input, signal))
}

/** Only the steps and the counts. */
export function useMatrixCounts(id: string) {
  return useMatrix({ CommandId: id, MaxResults: 1 })
}
