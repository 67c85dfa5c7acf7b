import { entityArn } from '../entity.ts'
import { invalidInput, serviceRoleTaken } from '../errors.ts'
import { iam } from '../iam.ts'
import { toNewRole } from '../role.ts'
import { findRole } from '../role-store.ts'
import { createLinkedRole, linkedService, servicePath } from '../service-linked.ts'

export const CreateServiceLinkedRole = iam.write('CreateServiceLinkedRole', {
  access: ({ AWSServiceName }, call) => ({
    action: 'iam:CreateServiceLinkedRole',
    resources: [
      entityArn(
        call.scope.account,
        'role',
        servicePath(AWSServiceName),
        linkedService(AWSServiceName)?.roleName ?? '*',
      ),
    ],
    context: { 'iam:AWSServiceName': AWSServiceName },
  }),

  async handle({ AWSServiceName, Description, CustomSuffix }, { db, scope, now, ids }) {
    const service = linkedService(AWSServiceName)
    if (!service) throw invalidInput(`Service-linked role template is not found for ${AWSServiceName}`)
    if (CustomSuffix !== undefined) throw invalidInput(`Custom suffix is not allowed for ${AWSServiceName}`)
    if (await findRole(db, scope.account, service.roleName)) throw serviceRoleTaken(service.roleName)
    const made = { account: scope.account, now, ids, description: Description }
    return { Role: toNewRole(await createLinkedRole(db, AWSServiceName, service, made)) }
  },
})
