// AWS lists the members that failed and the values of an enumeration in the order in which Java hash tables keep them. The
// order is part of the sentence a client sees, so it is reproduced here. Evidence: answers recorded from DynamoDB (queries
// and scans with nine failing members), API Gateway, EventBridge, Lambda for members; from Transcribe (42 values), KMS,
// API Gateway, CloudWatch Logs, Step Functions, CloudWatch, SSM for enumerations. Neither the model's order nor the
// alphabet explains them.

/** Java's `String.hashCode`. */
export function javaHash(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0
  return hash
}

/** The order of a `HashMap` with these keys, put in as given: buckets by the hash with its upper half mixed in. */
export function hashMapOrder(keys: readonly string[]): string[] {
  let buckets = 16
  while (keys.length > buckets * 0.75) buckets *= 2
  return byBucket(keys, (key) => (javaHash(key) ^ (javaHash(key) >>> 16)) & (buckets - 1))
}

/** The order in which AWS lists an enumeration: 32 buckets by the plain hash, later values before earlier ones in each. */
export function enumOrder(values: readonly string[]): string[] {
  return byBucket(values.toReversed(), (value) => javaHash(value) & 31)
}

function byBucket(keys: readonly string[], bucketOf: (key: string) => number): string[] {
  return [...keys].sort((a, b) => bucketOf(a) - bucketOf(b))
}
