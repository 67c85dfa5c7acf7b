import { iam } from '../iam.ts'

// Accounts have no server certificates and SAML providers here, since nothing can make them. Auditors' tools ask for them all the same.

export const ListServerCertificates = iam.read('ListServerCertificates', {
  access: () => ({ action: 'iam:ListServerCertificates', resources: ['*'] }),
  handle: async () => ({ ServerCertificateMetadataList: [], IsTruncated: false }),
})

export const ListSAMLProviders = iam.read('ListSAMLProviders', {
  access: () => ({ action: 'iam:ListSAMLProviders', resources: ['*'] }),
  handle: async () => ({ SAMLProviderList: [] }),
})
