import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'

/** How the server is doing. */
export function useServerStatus() {
  return useRead('server', ['status'], (signal) => steward('GetServerStatus', {}, signal))
}
