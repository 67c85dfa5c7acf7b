import { capability } from '#kernel/declare.ts'
import { dataKeyAad } from './chunk.ts'
import { expireRecordings } from './expire-recordings.ts'
import { recordings0001 } from './migrations/0001-recordings.ts'
import { Recorder } from './recorder.ts'
import { sealCutRecordings } from './seal-cut.ts'

/** What sessions showed: taken down where no node can change it, chained and sealed, replayed and searched (SM-12). */
export const recordingsCapability = capability({
  name: 'recordings',
  url: import.meta.url,
  changeKinds: [{ kind: 'recordings', read: 'steward:ListSessionRecordings' }],
  migrations: { 'recordings-0001': recordings0001 },
  tasks: [sealCutRecordings, expireRecordings],
  sessionRecorder: (parts) => new Recorder(parts),
  sealedColumns: [
    {
      table: 'session_recording',
      column: 'data_key',
      key: ['session_id'],
      aad: ({ session_id }) => dataKeyAad(String(session_id)),
    },
  ],
})
