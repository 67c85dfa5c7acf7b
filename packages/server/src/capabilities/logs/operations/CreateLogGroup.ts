import { keyForGroup, makeDataKey } from '../data-key.ts'
import { groupExists } from '../errors.ts'
import { addGroup, findGroup } from '../group-store.ts'
import { putTags, tagConditions } from '../log-tags.ts'
import { logs } from '../logs.ts'
import { checkGroupName, groupResource } from '../names.ts'

export const CreateLogGroup = logs.write('CreateLogGroup', {
  access: ({ logGroupName, tags }, call) => {
    const resources = [groupResource(call.scope, logGroupName)]
    const create = { action: 'logs:CreateLogGroup', resources, context: tagConditions(tags) }
    return tags ? [create, { ...create, action: 'logs:TagResource' }] : create
  },

  async handle({ logGroupName: name, kmsKeyId, tags = {}, logGroupClass, deletionProtectionEnabled }, call) {
    checkGroupName(name)
    if (await findGroup(call.db, call.scope, name)) throw groupExists()
    const { account, region } = call.scope
    const row = {
      account,
      region,
      name,
      class: logGroupClass ?? 'STANDARD',
      created_at: call.now.getTime(),
      retention_days: null,
      stored_bytes: 0,
      deletion_protected: deletionProtectionEnabled ? 1 : 0,
      kms_key: kmsKeyId ? (await keyForGroup(call.db, call.scope, name, kmsKeyId)).arn : null,
      key_number: 1,
    }
    const id = await addGroup(call.db, row)
    await makeDataKey(call, { ...row, id })
    await putTags(call.db, id, tags)
    return {}
  },
})
