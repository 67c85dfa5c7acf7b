/**
 * The segments of a name that is to be a path. Undefined where one is empty, `.` or `..`: no two names may mean one secret, or what is
 * denied under one could be had under the other, and none may lead out of its place.
 */
export function segmentsOf(name: string): string[] | undefined {
  const segments = name.split('/')
  return segments.some((segment) => ['', '.', '..'].includes(segment)) ? undefined : segments
}
