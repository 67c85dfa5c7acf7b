import { quoteForSh } from './node-script.ts'

/** What a machine needs to become a node. */
export interface Enrolment {
  readonly url: string
  readonly publicKeyPin: string
  readonly caPem: string
  readonly region: string
  readonly activationId: string
  readonly activationCode: string
}

/**
 * One line for a shell. `-k` is safe here: curl still refuses every server that does not prove to have the pinned key, and the
 * script that comes from the right one carries the certificate authority for everything after it.
 */
export function stewardAgentLine({ url, publicKeyPin, activationId, activationCode }: Enrolment): string {
  const fetch = `curl -fsS -k --pinnedpubkey ${quote(publicKeyPin)} ${quoteForSh(`${url}/install/agent.sh`)}`
  return `${fetch} | sudo sh -s -- --activation-id ${quoteForSh(activationId)} --activation-code ${quoteForSh(activationCode)}`
}

/**
 * Lines for amazon-ssm-agent from its package. Its channel wants https with a scheme, and the role token's client reads
 * AWS_CA_BUNDLE where everything else reads SSL_CERT_FILE, so both name the same file.
 */
export function amazonAgentLines(enrolment: Enrolment): string {
  const { url, region, caPem, activationId, activationCode } = enrolment
  const configuration = {
    Ssm: { Endpoint: url },
    Mds: { Endpoint: url },
    Mgs: { Endpoint: url, Region: region },
    // Or sessions with a kmsKeyId would have it open their keys at Amazon's KMS.
    Kms: { Endpoint: url },
    Agent: { Region: region },
    Identity: { ConsumptionOrder: ['OnPrem'] },
  }
  return `mkdir -p /etc/amazon/ssm /etc/systemd/system/amazon-ssm-agent.service.d
cat >/etc/amazon/ssm/steward-ca.pem <<'END'
${caPem.trim()}
END
cat >/etc/amazon/ssm/amazon-ssm-agent.json <<'END'
${JSON.stringify(configuration, null, 2)}
END
cat >/etc/systemd/system/amazon-ssm-agent.service.d/steward.conf <<'END'
[Service]
Environment=SSL_CERT_FILE=/etc/amazon/ssm/steward-ca.pem
Environment=AWS_CA_BUNDLE=/etc/amazon/ssm/steward-ca.pem
END
export SSL_CERT_FILE=/etc/amazon/ssm/steward-ca.pem AWS_CA_BUNDLE=/etc/amazon/ssm/steward-ca.pem
amazon-ssm-agent -register -y -id ${quoteForSh(activationId)} -code ${quoteForSh(activationCode)} -region ${quoteForSh(region)}
systemctl daemon-reload && systemctl restart amazon-ssm-agent    # without systemd, in this shell: amazon-ssm-agent
`
}

function quote(text: string): string {
  return `'${text}'`
}
