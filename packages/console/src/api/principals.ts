/** Whom policies, grants and groups can name. */
import {
  type Group,
  ListGroupsCommand,
  ListRolesCommand,
  ListUsersCommand,
  type Role,
  type User,
} from '@aws-sdk/client-iam'
import { iam } from './clients/iam.ts'
import { allPages, useRead } from './queries.ts'

const MaxItems = 1000

export function useUsers() {
  return useRead<User[]>('iam', ['users'], () =>
    allPages(async (Marker) => {
      const { Users = [], Marker: next } = await iam().send(new ListUsersCommand({ Marker, MaxItems }))
      return { items: Users, next }
    }),
  )
}

export function useGroups() {
  return useRead<Group[]>('iam', ['groups'], () =>
    allPages(async (Marker) => {
      const { Groups = [], Marker: next } = await iam().send(new ListGroupsCommand({ Marker, MaxItems }))
      return { items: Groups, next }
    }),
  )
}

export function useRoles() {
  return useRead<Role[]>('iam', ['roles'], () =>
    allPages(async (Marker) => {
      const { Roles = [], Marker: next } = await iam().send(new ListRolesCommand({ Marker, MaxItems }))
      return { items: Roles, next }
    }),
  )
}
